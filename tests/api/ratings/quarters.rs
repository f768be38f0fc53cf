//! 星级分布 (F12): 山阳区 with six projects of three stars and above (S1-28), and which results stand.

use oversight::ratings::dto::{
    RatingCampaignId, RatingCampaignStatus, RatingProjectId, RatingResultId, RatingSchemeId, SchemeTerms,
    StarFiguresOut,
};
use oversight::ratings::final_results;
use oversight::ratings::past::{self, PastCampaign, PastProject, PastScheme, PastScores};
use platform::auth::Role;
use registry::territory::dto::{CompoundOut, DivisionLevel};
use registry::territory::store::divisions::{DivisionRow, insert_row};
use roster::organisations::OrganisationId;

use crate::organisations::body;
use crate::support::{Client, TestApp};
use crate::territory::{by, compound, day, town};

const SHANYANG: &str = "410811";
const COMMUNITY: &str = "410811001001";

/// The district, with one community.
async fn shanyang() -> (TestApp, Client) {
    let app = town().await;
    let by = by(&app);
    let planted = app.app.db.write(move |c| {
        for (code, name) in [
            ("41", "河南省"),
            ("4108", "焦作市"),
            (SHANYANG, "山阳区"),
            ("410811001", "东方红街道"),
            (COMMUNITY, "文化巷社区居民委员会"),
        ] {
            let level = DivisionLevel::of_code(code).expect("a level");
            insert_row(c, &DivisionRow::fresh(code, level, name, day("2020-01-01"), by.at), &by)?;
        }
        Ok(())
    });
    planted.await.expect("planted");
    let district = app.actor(Role::DistrictCoord, SHANYANG).await;
    (app, district)
}

/// Eight projects: six of three stars and above.
const SCORES: [i32; 8] = [9100, 8500, 8400, 7900, 7300, 7000, 6900, 4100];

async fn rated(app: &TestApp, district: &Client) -> Vec<CompoundOut> {
    let worker = app.community_worker(COMMUNITY).await;
    let company = body(district, "property_company", "测试·山阳物业", SHANYANG).await.id;
    let mut compounds = Vec::new();
    for at in 1..=SCORES.len() {
        compounds.push(compound(&worker, COMMUNITY, &format!("测试{at}号小区")).await);
    }
    let (by, written) = (by(app), compounds.clone());
    let done = app.app.db.write(move |c| write(c, &written, company, &by));
    done.await.expect("written");
    compounds
}

fn write(
    c: &mut platform::db::Conn,
    compounds: &[CompoundOut],
    company: OrganisationId,
    by: &platform::history::By,
) -> platform::Result<()> {
    let scheme = PastScheme {
        id: RatingSchemeId::fresh(),
        area_code: SHANYANG,
        title: "星级红色物业评选活动方案(试行)",
        source: "本地规则",
        terms: SchemeTerms::usual(),
        indicators: Vec::new(),
        at: by.at,
    };
    past::scheme(c, &scheme, by)?;
    let project = |(compound, score): (&CompoundOut, i32)| PastProject {
        id: RatingProjectId::fresh(),
        result: RatingResultId::fresh(),
        compound: compound.id,
        company,
        area_code: compound.area_code.clone(),
        scores: PastScores::Recorded([score; 4]),
        facts: Vec::new(),
    };
    let campaign = PastCampaign {
        id: RatingCampaignId::fresh(),
        scheme: scheme.id,
        area_code: SHANYANG,
        year: 2023,
        quarter: 4,
        title: "2023年第四季度",
        status: RatingCampaignStatus::Monitoring,
        opened_at: by.at,
        confirmed_at: by.at,
        projects: compounds.iter().zip(SCORES).map(project).collect(),
    };
    past::campaign(c, &campaign, true, by)
}

#[actix_web::test]
async fn shanyang_has_six_projects_of_three_stars_and_above() {
    let (app, district) = shanyang().await;
    let compounds = rated(&app, &district).await;
    let path = format!("/v1/star-figures?area={SHANYANG}&year=2023&quarter=4");
    let figures: StarFiguresOut = district.get(&path).await.expect(200).json();
    let good = &figures.three_and_above;
    assert_eq!((good.numerator, good.denominator, good.percent.as_deref()), (6, 8, Some("75.00")));
    let counts: Vec<(i16, i64)> = figures.stars.iter().map(|count| (count.star, count.projects.numerator)).collect();
    assert_eq!(counts, [(5, 1), (4, 2), (3, 3), (2, 1), (1, 0), (0, 1)]);
    let best: CompoundOut = district.get(&format!("/v1/compounds/{}", compounds[0].id)).await.expect(200).json();
    assert_eq!(best.confirmed_star, Some(5));
    let all = app.app.db.read(|c| final_results(c, SHANYANG, 2023, 4)).await.expect("read");
    let told: Vec<(&str, i32, i16)> = all.iter().map(|row| (row.compound_name.as_str(), row.score, row.star)).collect();
    assert_eq!(told.len(), 8);
    assert_eq!(told[0], ("测试1号小区", 9100, 5));
    assert!(all.iter().all(|row| row.company_name.as_deref() == Some("测试·山阳物业")));
    let none = app.app.db.read(|c| final_results(c, "620902", 2023, 4)).await.expect("read");
    assert!(none.is_empty());
}

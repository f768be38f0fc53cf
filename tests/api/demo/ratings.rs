//! The ratings of the demo: domain D4 and F12, each counted from the rows.

use oversight::ratings::dto::{
    RatingCampaignPage, RatingCampaignStatus, RatingResultOut, RatingResultPage, StarFiguresOut,
};
use oversight::ratings::final_results;
use registry::territory::dto::CompoundOut;
use serde_json::Value;

use super::{demo_app, log_in};
use crate::ratings::explanation::computed_again;
use crate::support::Client;
use crate::support::actors::DISTRICT;

async fn stars(who: &Client, quarter: i16) -> Vec<i64> {
    let path = format!("/v1/star-figures?area={DISTRICT}&year=2023&quarter={quarter}");
    let figures: StarFiguresOut = who.get(&path).await.expect(200).json();
    assert_eq!((figures.rated, figures.three_and_above.denominator), (225, 225));
    figures.stars.iter().map(|count| count.projects.numerator).collect()
}

async fn results(who: &Client, query: &str) -> Vec<RatingResultOut> {
    let page: RatingResultPage =
        who.get(&format!("/v1/rating-results?year=2023&limit=100&{query}")).await.expect(200).json();
    page.items
}

#[actix_web::test]
async fn the_stars_of_2023() {
    let app = demo_app().await;
    let who = app.district().await;
    assert_eq!(stars(&who, 4).await, [12, 48, 96, 54, 12, 3], "domain D4");
    let mut quarters = Vec::new();
    for quarter in 1..=3 {
        quarters.push(stars(&who, quarter).await);
    }
    assert!(quarters.windows(2).all(|two| two[0] != two[1]), "{quarters:?}");
    let path = format!("/v1/star-figures?area={DISTRICT}&year=2023&quarter=4");
    let figures: StarFiguresOut = who.get(&path).await.expect(200).json();
    let good = &figures.three_and_above;
    assert_eq!((good.numerator, good.percent.as_deref()), (156, Some("69.33")));
    let campaigns: RatingCampaignPage = who.get("/v1/rating-campaigns").await.expect(200).json();
    let states: Vec<(i16, RatingCampaignStatus)> =
        campaigns.items.iter().map(|campaign| (campaign.quarter, campaign.status)).collect();
    use RatingCampaignStatus::{Closed, Monitoring};
    assert_eq!(states, [(4, Monitoring), (3, Closed), (2, Closed), (1, Closed)]);
}

#[actix_web::test]
async fn ranks_move_from_quarter_to_quarter() {
    let app = demo_app().await;
    let order = |quarter: i16| {
        app.app.db.read(move |c| {
            let mut all = final_results(c, DISTRICT, 2023, quarter)?;
            all.sort_by_key(|row| std::cmp::Reverse(row.score));
            Ok(all.into_iter().map(|row| row.compound_id).collect::<Vec<_>>())
        })
    };
    let (third, fourth) = (order(3).await.expect("read"), order(4).await.expect("read"));
    assert_eq!((third.len(), fourth.len()), (225, 225));
    let moved = third.iter().zip(&fourth).filter(|(before, after)| before != after).count();
    assert!(moved > 50, "{moved}");
}

#[actix_web::test]
async fn six_results_can_be_explained_and_one_was_capped() {
    let app = demo_app().await;
    let who = app.district().await;
    let mut explained = 0;
    for result in results(&who, "quarter=4&star=4").await {
        if result.recorded {
            continue;
        }
        let path = format!("/v1/rating-results/{}/explanation", result.id);
        let told: Value = who.get(&path).await.expect(200).value();
        assert_eq!(told["sheets"].as_array().expect("sheets").len(), 3);
        assert_eq!(computed_again(&told), (i64::from(result.score), i64::from(result.star)));
        explained += 1;
    }
    assert_eq!(explained, 6);
    let one_star = results(&who, "quarter=4&star=1").await;
    let capped: Vec<&RatingResultOut> = one_star.iter().filter(|result| result.earned_star == 5).collect();
    assert_eq!((one_star.len(), capped.len()), (12, 1));
    assert_eq!((capped[0].score, capped[0].caps[0].reason.as_str()), (9300, "red_line"));
}

/// The star is that of the last quarter, and the people of the company read it.
#[actix_web::test]
async fn kangsheng_has_its_star_and_its_company_reads_why() {
    let app = demo_app().await;
    let manager = log_in(&app, "company.manager").await;
    let mine = results(&manager, "quarter=4").await;
    assert_eq!(mine.len(), 3, "the company serves three compounds");
    let kangsheng = mine.iter().find(|result| result.compound_name == "康盛花园").expect("康盛花园");
    assert_eq!((kangsheng.star, kangsheng.recorded), (4, false));
    let compound: CompoundOut =
        manager.get(&format!("/v1/compounds/{}", kangsheng.compound_id)).await.expect(200).json();
    assert_eq!(
        (compound.confirmed_star, compound.star_as_of.map(|day| day.to_string())),
        (Some(4), Some("2024-01-12".to_owned()))
    );
    manager.get(&format!("/v1/rating-results/{}/explanation", kangsheng.id)).await.expect(200);
}

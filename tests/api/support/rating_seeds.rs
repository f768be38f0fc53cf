//! One row of each kind of the context `ratings`: a quarter that was rated, with a claim, a sheet, a fact and an appeal.

use diesel::prelude::*;
use oversight::ratings::dto::{
    IndicatorEvidence, IndicatorIn, RatingAppealId, RatingAppealStatus, RatingAssessorId, RatingCampaignId,
    RatingCampaignStatus, RatingClaimFileId, RatingClaimId, RatingClaimStatus, RatingDimension, RatingFactId,
    RatingProjectId, RatingResultId, RatingSchemeId, RatingScorer, RatingSheetId, SchemeTerms,
};
use oversight::ratings::past::{self, PastAssessor, PastCampaign, PastProject, PastScheme, PastScores, PastSheet};
use oversight::schema::{rating_appeals as appeals, rating_claim_files as files, rating_claims as claims};
use platform::auth::Role;
use platform::db::{Conn, Json, Ts};
use platform::history::{By, Event, record_first};
use platform::storage::Key;
use registry::identity::AccountId;
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde_json::json;

use super::TestApp;
use super::actors::{DISTRICT, TONGDEXIANG};
use super::photos::photo;

/// Ids, as they stand in paths.
pub struct RatingSeeds {
    pub scheme: String,
    pub campaign: String,
    pub project: String,
    pub claim: String,
    /// A photo that it rests on.
    pub claim_file: String,
    pub sheet: String,
    pub fact: String,
    pub result: String,
    pub appeal: String,
}

/// What is rated, and who gave the points.
#[derive(Clone, Copy)]
struct Rated {
    compound: CompoundId,
    company: OrganisationId,
    assessors: [AccountId; 3],
}

fn id(text: &str) -> uuid::Uuid {
    text.parse().expect("an id")
}

impl RatingSeeds {
    pub async fn plant(app: &TestApp, compound: &str, company: &str) -> Self {
        let mut assessors = Vec::new();
        for _ in RatingScorer::ALL {
            let assessor = app.actor(Role::Assessor, TONGDEXIANG).await;
            let me = assessor.get("/v1/me").await.expect(200).value();
            let account = me["id"].as_str().or(me["account"]["id"].as_str()).expect("an id").to_owned();
            assessors.push(AccountId(id(&account)));
        }
        let rated = Rated {
            compound: CompoundId(id(compound)),
            company: OrganisationId(id(company)),
            assessors: assessors.try_into().expect("three"),
        };
        let by = By { actor: None, at: app.clock.now(), today: app.clock.today() };
        let keys = [Key::fresh("jpg").expect("a key"), Key::fresh("jpg").expect("a key")];
        for key in &keys {
            app.app.storage.put(key, photo(5)).await.expect("stored");
        }
        let keys = keys.map(|key| key.as_str().to_owned());
        app.app.db.write(move |c| plant(c, (rated, &keys), &by)).await.expect("a rating")
    }
}

fn plant(c: &mut Conn, (rated, keys): (Rated, &[String; 2]), by: &By) -> platform::Result<RatingSeeds> {
    let scheme = PastScheme {
        id: RatingSchemeId::fresh(),
        area_code: DISTRICT,
        title: "测试·评定办法",
        source: "本地规则",
        terms: SchemeTerms::usual(),
        indicators: vec![IndicatorIn {
            code: "FW-01".into(),
            dimension: RatingDimension::Service,
            words: "每日清扫".into(),
            max_points: 10,
            evidence: IndicatorEvidence::Visit,
            veto: None,
            scorers: RatingScorer::ALL.to_vec(),
        }],
        at: by.at,
    };
    past::scheme(c, &scheme, by)?;
    let (project, fact) = (RatingProjectId::fresh(), RatingFactId::fresh());
    let sheets: Vec<PastSheet> = rated.assessors.iter().zip(RatingScorer::ALL).map(sheet).collect();
    let sheet = sheets[0].id;
    let area_code: String = registry::schema::compounds::table
        .find(rated.compound)
        .select(registry::schema::compounds::area_code)
        .first(c)?;
    let campaign = PastCampaign {
        id: RatingCampaignId::fresh(),
        scheme: scheme.id,
        area_code: DISTRICT,
        year: 2023,
        quarter: 4,
        title: "2023年第四季度",
        status: RatingCampaignStatus::Monitoring,
        opened_at: by.at,
        confirmed_at: by.at,
        projects: vec![PastProject {
            id: project,
            result: RatingResultId::fresh(),
            compound: rated.compound,
            company: rated.company,
            area_code: area_code.clone(),
            scores: PastScores::Sheets(sheets),
            facts: vec![(fact, past::satisfaction(by.today, 8000, 40, "测评"))],
        }],
    };
    past::campaign(c, &campaign, false, by)?;
    let result = campaign.projects[0].result;
    let about = (project, campaign.id, area_code.as_str(), by.at);
    let claim = claim(c, about, rated.company)?;
    Ok(RatingSeeds {
        scheme: scheme.id.to_string(),
        campaign: campaign.id.to_string(),
        project: project.to_string(),
        claim_file: claim_file(c, RatingClaimId(id(&claim)), keys, by.at)?,
        claim,
        sheet: sheet.to_string(),
        fact: fact.to_string(),
        result: result.to_string(),
        appeal: appeal(c, about, result)?,
    })
}

fn sheet((account, panel): (&AccountId, &RatingScorer)) -> PastSheet {
    let assessor = PastAssessor { id: RatingAssessorId::fresh(), account: *account, panel: *panel };
    PastSheet { id: RatingSheetId::fresh(), assessor, points: vec![Some(8)] }
}

type About<'a> = (RatingProjectId, RatingCampaignId, &'a str, Ts);

fn claim(c: &mut Conn, (project, campaign, area, at): About<'_>, company: OrganisationId) -> platform::Result<String> {
    let id = RatingClaimId::fresh();
    let row = (
        claims::id.eq(id),
        claims::project_id.eq(project),
        claims::campaign_id.eq(campaign),
        claims::company_id.eq(company),
        claims::area_code.eq(area),
        claims::target_star.eq(4_i16),
        claims::charged_fen.eq(150_i64),
        claims::self_points.eq(Json(json!([]))),
        claims::evidence.eq(Json(json!([]))),
        claims::status.eq(RatingClaimStatus::Submitted),
        claims::version.eq(1),
        claims::created_at.eq(at),
        claims::updated_at.eq(at),
    );
    diesel::insert_into(claims::table).values(row).execute(c)?;
    recorded(c, ("rating_claim", id.to_string()), area, at)
}

fn claim_file(c: &mut Conn, claim: RatingClaimId, keys: &[String; 2], at: Ts) -> platform::Result<String> {
    let id = RatingClaimFileId::fresh();
    let row = (
        files::id.eq(id),
        files::claim_id.eq(claim),
        files::indicator_code.eq("FW-01"),
        files::media.eq("jpeg"),
        files::storage_key.eq(&keys[0]),
        files::thumbnail_key.eq(Some(&keys[1])),
        files::bytes.eq(1000),
        files::sha256.eq("0".repeat(64)),
        files::created_at.eq(at),
    );
    diesel::insert_into(files::table).values(row).execute(c)?;
    Ok(id.to_string())
}

fn appeal(c: &mut Conn, (project, campaign, area, at): About<'_>, result: RatingResultId) -> platform::Result<String> {
    let id = RatingAppealId::fresh();
    let row = (
        appeals::id.eq(id),
        appeals::result_id.eq(result),
        appeals::project_id.eq(project),
        appeals::campaign_id.eq(campaign),
        appeals::area_code.eq(area),
        appeals::grounds.eq("与事实不符"),
        appeals::ex_officio.eq(false),
        appeals::status.eq(RatingAppealStatus::Raised),
        appeals::raised_at.eq(at),
        appeals::contested.eq(Json(json!({ "score": 8000, "star": 4 }))),
        appeals::version.eq(1),
        appeals::created_at.eq(at),
        appeals::updated_at.eq(at),
    );
    diesel::insert_into(appeals::table).values(row).execute(c)?;
    recorded(c, ("rating_appeal", id.to_string()), area, at)
}

/// That a row was made, as the feed knows its kind by.
fn recorded(c: &mut Conn, (entity, id): (&'static str, String), area_code: &str, at: Ts) -> platform::Result<String> {
    let (area_code, name) = (area_code.to_owned(), "seeds.planted");
    let event = Event { entity, entity_id: id.clone(), seq: 1, name, area_code, actor: None, at, data: json!({}) };
    record_first(c, event)?;
    Ok(id)
}

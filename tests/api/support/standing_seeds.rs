//! One row of each kind of the context `standings`: a company that was told that it is to be listed, with a photo of why; a
//! credit event of its; and a ranking.

use oversight::ratings::FinalResult;
use oversight::ratings::dto::{RatingCampaignId, RatingResultId};
use oversight::standings::dto::RankingId;
use oversight::standings::past;
use platform::auth::{Role, Visible};
use platform::history::By;
use registry::territory::dto::CompoundId;
use registry::territory::store::compounds;
use serde_json::{Value, json};

use super::actors::DISTRICT;
use super::photos::photo;
use super::{Client, SentFile, TestApp};

/// Ids, as they stand in paths.
pub struct StandingSeeds {
    pub company: String,
    pub listing: String,
    pub evidence: String,
    pub credit_event: String,
    pub ranking: String,
}

async fn made(client: &Client, path: &str, body: Value) -> String {
    client.post(path, body).await.expect(201).value()["id"].as_str().expect("an id").to_owned()
}

impl StandingSeeds {
    pub async fn plant(app: &TestApp, district: &Client, compound: &str) -> Self {
        let authority = app.actor(Role::PropertyAuthority, DISTRICT).await;
        let company = json!({ "kind": "property_company", "name": "测试·在榜物业", "area_code": DISTRICT,
            "founded_on": "2020-01-01" });
        let company = made(district, "/v1/organisations", company).await;
        let listing = json!({ "area_code": DISTRICT, "organisation_id": company, "list": "watch",
            "ground_code": "finding_unrectified", "evidence": "逾期未整改" });
        let listing = made(&authority, "/v1/listings", listing).await;
        let bytes = photo(4);
        let file = SentFile { part: "file", name: "photo.jpg", kind: "image/jpeg", bytes: &bytes };
        let evidence = authority.post_file(&format!("/v1/listings/{listing}/photos"), file, &[]).await;
        let evidence = evidence.expect(201).value()["id"].as_str().expect("an id").to_owned();
        let event = json!({ "area_code": DISTRICT, "organisation_id": company, "kind": "bad", "points": 5,
            "title": "逾期未整改", "source_doc": "整改通知书", "occurred_on": "2024-01-10" });
        let credit_event = made(&authority, "/v1/credit-events", event).await;
        let ranking = ranked(app, compound).await.to_string();
        Self { company, listing, evidence, credit_event, ranking }
    }
}

/// The quarter's one project, ranked as it was; how a star comes about is for ratings to test.
async fn ranked(app: &TestApp, compound: &str) -> RankingId {
    let compound = CompoundId(compound.parse().expect("an id"));
    let by = By { actor: None, at: app.clock.now(), today: app.clock.today() };
    let frozen = app.app.db.write(move |c| {
        let compound = compounds::find(c, &Visible::everything(), compound)?;
        let result = FinalResult {
            result_id: RatingResultId::fresh(),
            campaign_id: RatingCampaignId::fresh(),
            compound_id: compound.id,
            compound_name: compound.name,
            company_id: None,
            company_name: None,
            area_code: compound.area_code,
            year: 2023,
            quarter: 4,
            score: 8000,
            star: 4,
        };
        past::freeze(c, (RankingId::fresh(), DISTRICT), (2023, 4), vec![result], &by)
    });
    frozen.await.expect("frozen").id
}

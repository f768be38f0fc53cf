//! standings over HTTP: who is listed, after what, and for how long; who is ranked; and what everybody reads of it.

mod access;
mod boards;
mod credit;
mod deadlines;
mod facts;
mod listing;
mod proofs;
mod public;
mod rankings;

use oversight::ratings::FinalResult;
use oversight::ratings::dto::{RatingCampaignId, RatingResultId};
use oversight::standings::dto::{ListingOut, RankingId};
use oversight::standings::past;
use platform::auth::Role;
use registry::territory::dto::CompoundOut;
use roster::organisations::dto::OrganisationOut;
use serde_json::{Value, json};

use crate::appointments::{account_id, log_in};
use crate::organisations::{self, CONTRACTS, Town, company, contract_in, filing};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, Reply, TestApp};
use crate::territory::{by, compound, made};

pub const LISTINGS: &str = "/v1/listings";

/// Those who keep a list, a company that serves, and its people.
pub struct Office {
    pub town: Town,
    /// 住建部门: proposes, and keeps the list.
    pub proposer: Client,
    /// 区级统筹: decides.
    pub decider: Client,
    pub company: Client,
}

impl Office {
    pub async fn new() -> Self {
        let town = Town::new().await;
        town.filed().await;
        let proposer = town.app.actor(Role::PropertyAuthority, DISTRICT).await;
        let decider = town.app.district().await;
        let company = town.app.actor_for(Role::CompanyAdmin, town.company.id.0).await;
        Self { town, proposer, decider, company }
    }

    /// Somebody of another company, which serves nearby.
    pub async fn rival(&self) -> Client {
        let town = &self.town;
        let rival = company(&town.district, "测试·第二物业").await;
        let compound = compound(&town.worker, TONGDEXIANG, "第二小区").await;
        let contract = town.submitted(contract_in(&rival, &compound)).await;
        let path = format!("{CONTRACTS}/{}/file", contract.id);
        let mut filing = filing();
        filing["filing_no"] = json!("肃房备〔2024〕13号");
        organisations::step(&town.authority, &path, filing).await.expect(200);
        town.app.actor_for(Role::CompanyAdmin, rival.id.0).await
    }

    pub fn app(&self) -> &TestApp {
        &self.town.app
    }

    /// Later, and everybody is still who they were: tokens are minutes old at the most.
    pub async fn days_later(&mut self, days: i64) {
        self.town.app.clock.advance(chrono::Duration::days(days));
        for who in [&mut self.proposer, &mut self.decider, &mut self.company] {
            *who = log_in(&self.town.app, account_id(who)).await;
        }
    }

    pub fn listing_in(&self, list: &str, ground: &str) -> Value {
        listing_in(&self.town.company, list, ground)
    }

    pub async fn proposed(&self, list: &str, ground: &str) -> ListingOut {
        made(self.proposer.post(LISTINGS, self.listing_in(list, ground)).await)
    }

    /// Told on the 15th, so that it can be heard up to the 22nd.
    pub async fn notified(&self) -> ListingOut {
        let row = self.proposed("black", "handover_refused").await;
        taken(&self.proposer, &row, "notify", json!({ "notice_no": "肃住建告〔2024〕3号" })).await
    }

    /// Decided on the 23rd.
    pub async fn decided(&mut self) -> ListingOut {
        let row = self.notified().await;
        self.days_later(8).await;
        taken(&self.decider, &row, "decide", listed()).await
    }

    /// Published on the 23rd, to be objected to up to the 30th.
    pub async fn published(&mut self) -> ListingOut {
        let row = self.decided().await;
        taken(&self.proposer, &row, "publish", publication()).await
    }

    pub async fn now(&self, row: &ListingOut) -> ListingOut {
        self.decider.get(&format!("{LISTINGS}/{}", row.id)).await.expect(200).json()
    }
}

pub fn listing_in(company: &OrganisationOut, list: &str, ground: &str) -> Value {
    json!({ "area_code": DISTRICT, "organisation_id": company.id, "list": list, "ground_code": ground,
        "evidence": "合同终止后三十日未移交资料, 联系人测试·李四 13800138000。" })
}

pub fn listed() -> Value {
    json!({ "outcome": "listed", "note": "事实清楚, 陈述意见不成立。" })
}

pub fn publication() -> Value {
    json!({ "public_reason": "物业服务合同终止后拒不移交资料。", "decision_no": "肃住建决〔2024〕3号" })
}

/// A step on the version that was read.
pub async fn step(who: &Client, row: &ListingOut, verb: &str, body: Value) -> Reply {
    let tag = format!("\"v{}\"", row.version);
    who.post_with(&format!("{LISTINGS}/{}/{verb}", row.id), &[("If-Match", &tag)], body).await
}

pub async fn taken(who: &Client, row: &ListingOut, verb: &str, body: Value) -> ListingOut {
    step(who, row, verb, body).await.expect(200).json()
}

/// Compounds of the community, each with a confirmed result of so many points.
pub async fn rated(town: &Town, scores: &[(&str, i32, i16)]) -> Vec<(CompoundOut, FinalResult)> {
    let mut all = Vec::new();
    for (name, score, star) in scores {
        let compound = compound(&town.worker, TONGDEXIANG, name).await;
        let result = result_of(&compound, &town.company, *score, *star);
        all.push((compound, result));
    }
    all
}

pub fn result_of(compound: &CompoundOut, company: &OrganisationOut, score: i32, star: i16) -> FinalResult {
    FinalResult {
        result_id: RatingResultId::fresh(),
        campaign_id: RatingCampaignId::fresh(),
        compound_id: compound.id,
        compound_name: compound.name.clone(),
        company_id: Some(company.id),
        company_name: Some(company.name.clone()),
        area_code: compound.area_code.clone(),
        year: 2023,
        quarter: 4,
        score,
        star,
    }
}

/// A ranking of these results, frozen as the system would.
pub async fn frozen(app: &TestApp, quarter: i32, results: Vec<FinalResult>) -> RankingId {
    let (id, by) = (RankingId::fresh(), by(app));
    let made = app.app.db.write(move |c| {
        past::freeze(c, (id, DISTRICT), (2023, quarter), results.clone(), &by)?;
        Ok(id)
    });
    made.await.expect("frozen")
}

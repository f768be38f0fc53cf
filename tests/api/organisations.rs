//! organisations over HTTP: bodies as one tree, committees, contracts from the draft to the handover, how the Party
//! reaches them, and the figures counted from all that.

mod bodies;
mod committees;
mod concurrency;
mod contracts;
mod coverage;
mod figures;
mod handover;
mod registers;
mod statements;
mod tree;
mod visibility;

use platform::auth::Role;
use registry::territory::dto::CompoundOut;
use roster::organisations::dto::{ContractOut, OrganisationOut};
use roster::organisations::uscc;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, Reply, TestApp};
use crate::territory::{compound, made, town};

pub const ORGANISATIONS: &str = "/v1/organisations";
pub const CONTRACTS: &str = "/v1/service-contracts";

/// A step that names the version it was decided on; here, whatever stands.
pub async fn step(who: &Client, path: &str, body: Value) -> Reply {
    who.post_with(path, &[("If-Match", "*")], body).await
}

pub async fn taken<T: DeserializeOwned>(who: &Client, path: &str, body: Value) -> T {
    step(who, path, body).await.expect(200).json()
}

/// A code with the right check character.
pub fn credit_code(serial: u32) -> String {
    let body = format!("91620902MA{serial:07}");
    let check = uscc::check_character(&body).expect("a check character");
    format!("{body}{check}")
}

pub fn body_in(kind: &str, name: &str, area: &str) -> Value {
    json!({ "kind": kind, "name": name, "area_code": area, "founded_on": "2023-01-01" })
}

pub async fn body(who: &Client, kind: &str, name: &str, area: &str) -> OrganisationOut {
    made(who.post(ORGANISATIONS, body_in(kind, name, area)).await)
}

/// Somebody on the community's register.
pub async fn person(app: &TestApp) -> String {
    let worker = app.community_worker(TONGDEXIANG).await;
    let body = json!({ "area_code": TONGDEXIANG, "name": "测试·指导员" });
    let reply = worker.post("/v1/persons", body).await.expect(201);
    reply.value()["id"].as_str().expect("an id").to_owned()
}

pub async fn party_org(who: &Client, kind: &str, name: &str, area: &str) -> OrganisationOut {
    let mut body = body_in("party_org", name, area);
    body["party_kind"] = json!(kind);
    made(who.post(ORGANISATIONS, body).await)
}

pub fn committee_in(of: &CompoundOut, seats: i32) -> Value {
    let mut body = body_in("owners_committee", &format!("{}业委会", of.name), &of.area_code);
    body["committee"] = json!({ "compound_id": of.id, "seats": seats, "elected_on": "2023-12-20",
        "term_from": "2024-01-01", "term_to": "2028-12-31" });
    body
}

pub fn to_status(status: &str) -> Value {
    json!({ "status": status, "on": "2024-01-10", "reason": "测试" })
}

/// A company of the district, in business.
pub async fn company(district: &Client, name: &str) -> OrganisationOut {
    let row = body(district, "property_company", name, DISTRICT).await;
    taken(district, &format!("{ORGANISATIONS}/{}/status", row.id), to_status("active")).await
}

pub fn contract_in(company: &OrganisationOut, compound: &CompoundOut) -> Value {
    json!({ "company_id": company.id, "compound_id": compound.id, "term_kind": "fixed", "starts_on": "2023-01-01",
        "ends_on": "2025-12-31", "price_fen": 85, "star_tier": 3,
        "commitments": [{ "text": "路灯报修 24 小时内修复", "measurable": true, "due": "2024-06-30" }] })
}

/// A local rule from today on.
pub fn rule_in(key: &str, area: &str, params: Value) -> Value {
    json!({ "key": key, "area_code": area, "params": params, "legal_basis": "肃州区物业管理实施细则 (2024) 第 12 条",
        "effective_from": "2024-01-15" })
}

pub fn filing() -> Value {
    json!({ "on": "2024-01-12", "filing_no": "肃房备〔2024〕12号" })
}

/// A company, a compound, and those who deal with the contract between the two.
pub struct Town {
    pub app: TestApp,
    pub district: Client,
    pub worker: Client,
    pub authority: Client,
    pub company: OrganisationOut,
    pub compound: CompoundOut,
}

impl Town {
    pub async fn new() -> Self {
        Self::on(town().await).await
    }

    pub async fn on(app: TestApp) -> Self {
        let district = app.district().await;
        let worker = app.community_worker(TONGDEXIANG).await;
        let authority = app.actor(Role::PropertyAuthority, DISTRICT).await;
        let company = company(&district, "测试·第一物业").await;
        let compound = compound(&worker, TONGDEXIANG, "康盛花园").await;
        Self { app, district, worker, authority, company, compound }
    }

    pub async fn draft(&self) -> ContractOut {
        made(self.worker.post(CONTRACTS, contract_in(&self.company, &self.compound)).await)
    }

    pub async fn submitted(&self, body: Value) -> ContractOut {
        let draft: ContractOut = made(self.worker.post(CONTRACTS, body).await);
        taken(&self.worker, &format!("{CONTRACTS}/{}/submit", draft.id), json!({})).await
    }

    /// A contract in force.
    pub async fn filed(&self) -> ContractOut {
        let row = self.submitted(contract_in(&self.company, &self.compound)).await;
        taken(&self.authority, &format!("{CONTRACTS}/{}/file", row.id), filing()).await
    }

    /// Later: tokens are minutes old at the most, so everybody logs in anew.
    pub async fn days_later(&mut self, days: i64) {
        self.app.clock.advance(chrono::Duration::days(days));
        self.district = self.app.district().await;
        self.worker = self.app.community_worker(TONGDEXIANG).await;
        self.authority = self.app.actor(Role::PropertyAuthority, DISTRICT).await;
    }

    pub async fn compound_now(&self) -> CompoundOut {
        self.worker.get(&format!("/v1/compounds/{}", self.compound.id)).await.expect(200).json()
    }
}

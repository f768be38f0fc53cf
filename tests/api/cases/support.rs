//! A compound with a company that serves it, everybody who deals with a case there, and cases in each state.

use delivery::cases::dto::{CaseOut, Status};
use platform::auth::Role;
use serde_json::{Value, json};

use crate::organisations::{Town, step};
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::support::{Client, Reply, TestApp};

pub const CASES: &str = "/v1/cases";
pub const MINE: &str = "/v1/me/cases";

pub struct Desk {
    pub town: Town,
    /// Compound branch, the lowest desk.
    pub branch: Client,
    pub street: Client,
    pub district: Client,
    /// Of the company that serves the compound.
    pub company: Client,
    pub resident: Client,
}

/// What somebody at the desk writes down about a leaking pipe.
pub fn leak(place: &str) -> Value {
    json!({ "area_code": place, "kind": "repair", "category": "pipe_leak", "channel": "alliance", "title": "管道漏水",
        "body": "二楼与三楼之间的管道漏水,楼道有积水。", "fields": { "floor": 2, "indoors": false } })
}

/// What a resident reports.
pub fn report(place: &str) -> Value {
    let mut body = leak(place);
    body.as_object_mut().expect("an object").remove("channel");
    body
}

impl Desk {
    pub async fn new() -> Self {
        Self::on(crate::territory::town().await).await
    }

    pub async fn on(app: TestApp) -> Self {
        let town = Town::on(app).await;
        town.filed().await;
        let place = town.compound.area_code.clone();
        let branch = town.app.actor(Role::BranchOfficer, &place).await;
        let resident = town.app.actor(Role::Resident, &place).await;
        let street = town.app.actor(Role::StreetOfficer, STREET).await;
        let district = town.app.actor(Role::DistrictCoord, DISTRICT).await;
        let company = town.app.actor_for(Role::ProjectManager, town.company.id.0).await;
        Self { town, branch, street, district, company, resident }
    }

    pub fn app(&self) -> &TestApp {
        &self.town.app
    }

    pub fn place(&self) -> &str {
        &self.town.compound.area_code
    }

    pub fn worker(&self) -> &Client {
        &self.town.worker
    }

    /// Minutes later, with everybody logged in anew: tokens are minutes old at the most.
    pub async fn minutes_later(&mut self, minutes: i64) {
        self.town.app.clock.advance(chrono::Duration::minutes(minutes));
        let place = self.place().to_owned();
        let app = &self.town.app;
        self.town.worker = app.community_worker(TONGDEXIANG).await;
        self.branch = app.actor(Role::BranchOfficer, &place).await;
        self.street = app.actor(Role::StreetOfficer, STREET).await;
        self.district = app.actor(Role::DistrictCoord, DISTRICT).await;
        self.company = app.actor_for(Role::ProjectManager, self.town.company.id.0).await;
    }

    /// A case that the community wrote down.
    pub async fn reported(&self) -> CaseOut {
        self.worker().post(CASES, leak(self.place())).await.expect(201).json()
    }

    pub async fn accepted(&self) -> CaseOut {
        taken(self.worker(), &self.reported().await, "accept", json!({})).await
    }

    /// Given to the company that serves the compound.
    pub async fn dispatched(&self) -> CaseOut {
        taken(self.worker(), &self.accepted().await, "dispatch", json!({})).await
    }

    pub async fn signed(&self) -> CaseOut {
        taken(&self.company, &self.dispatched().await, "sign", json!({})).await
    }

    pub async fn in_progress(&self) -> CaseOut {
        taken(&self.company, &self.signed().await, "start", contact()).await
    }

    pub async fn done(&self) -> CaseOut {
        taken(&self.company, &self.in_progress().await, "finish", finish()).await
    }

    pub async fn now(&self, case: &CaseOut) -> CaseOut {
        self.district.get(&format!("{CASES}/{}", case.id)).await.expect(200).json()
    }
}

pub fn contact() -> Value {
    json!({ "contact_note": "已与住户联系,今日上门" })
}

pub fn finish() -> Value {
    json!({ "outcome": "fixed", "resolution": "已更换三通接头。", "evidence_waiver": "住户不同意拍照" })
}

pub fn visit(outcome: &str) -> Value {
    let mut body = json!({ "channel": "phone", "outcome": outcome });
    if outcome == "dissatisfied" {
        body["reason"] = json!("not_fixed");
    }
    body
}

/// A step on the version that was read. Steps without a body are sent none.
pub async fn take(who: &Client, case: &CaseOut, verb: &str, body: Value) -> Reply {
    let path = format!("{CASES}/{}/{verb}", case.id);
    let tag = format!("\"v{}\"", case.version);
    who.post_with(&path, &[("If-Match", &tag)], body).await
}

pub async fn taken(who: &Client, case: &CaseOut, verb: &str, body: Value) -> CaseOut {
    take(who, case, verb, body).await.expect(200).json()
}

/// Whatever version stands.
pub async fn taken_now(who: &Client, case: &CaseOut, verb: &str, body: Value) -> CaseOut {
    step(who, &format!("{CASES}/{}/{verb}", case.id), body).await.expect(200).json()
}

pub fn is(case: &CaseOut, status: Status) {
    assert_eq!(case.status, status, "{case:?}");
}

/// The account that a client is logged in as.
pub async fn account_of(who: &Client) -> String {
    let me = who.get("/v1/me").await.expect(200).value();
    me["id"].as_str().or(me["account"]["id"].as_str()).expect("an id").to_owned()
}

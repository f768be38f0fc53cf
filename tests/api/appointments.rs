//! appointments over HTTP: posts, who holds them, cross-appointments from the proposal to the end of the base post, and
//! what is counted of all that.

mod checks;
mod concurrency;
mod figures;
mod follow;
mod grants;
mod posts;
mod privacy;
mod queries;
mod steps;

use diesel::prelude::*;
use platform::auth::Role;
use platform::publicity::dto::PublicityOut;
use registry::identity::{self, AccountId};
use roster::appointments::dto::{AppointmentOut, ElectionOut, PostOut};
use roster::organisations::dto::{ContractOut, OrganisationOut};
use roster::people::PersonId;
use roster::schema::persons;
use serde_json::{Value, json};

use crate::organisations::{CONTRACTS, ORGANISATIONS, committee_in, company, contract_in, filing, taken};
use crate::people::{Village, village};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, Reply, TestApp};
use crate::territory::made;

pub const APPOINTMENTS: &str = "/v1/appointments";
pub const CROSS: &str = "/v1/cross-appointments";

/// A community with a compound that a company serves under a filed contract, its residents' committee, its owners'
/// committee of five and that one's Party branch.
pub struct World {
    pub v: Village,
    pub district: Client,
    pub street: Client,
    pub company: OrganisationOut,
    pub residents: OrganisationOut,
    pub owners: OrganisationOut,
    pub branch: OrganisationOut,
}

impl World {
    pub async fn new() -> Self {
        let v = village().await;
        let (district, street) = (v.app.district().await, v.app.street().await);
        let authority = v.app.actor(Role::PropertyAuthority, DISTRICT).await;
        let company = company(&district, "测试·第一物业").await;
        let contract: ContractOut = made(v.worker.post(CONTRACTS, contract_in(&company, &v.home.compound)).await);
        let _: ContractOut = taken(&v.worker, &format!("{CONTRACTS}/{}/submit", contract.id), json!({})).await;
        let _: ContractOut = taken(&authority, &format!("{CONTRACTS}/{}/file", contract.id), filing()).await;
        let residents = crate::organisations::body(&v.worker, "residents_committee", "同德巷居委会", TONGDEXIANG).await;
        let owners = made(v.worker.post(ORGANISATIONS, committee_in(&v.home.compound, 5)).await);
        let place = &v.home.compound.area_code;
        let branch = crate::organisations::party_org(&district, "oc_branch", "康盛花园业委会党支部", place).await;
        Self { v, district, street, company, residents, owners, branch }
    }

    pub fn app(&self) -> &TestApp {
        &self.v.app
    }

    /// Later: tokens are minutes old at the most, so everybody logs in anew, as the same people.
    pub async fn days_later(&mut self, days: i64) {
        let ids = [&self.district, &self.street, &self.v.worker, &self.v.secretary].map(account_id);
        let mut again = Vec::new();
        self.v.app.clock.advance(chrono::Duration::days(days));
        for id in ids {
            again.push(log_in(&self.v.app, id).await);
        }
        let mut again = again.into_iter();
        self.district = again.next().expect("one");
        self.street = again.next().expect("one");
        self.v.worker = again.next().expect("one");
        self.v.secretary = again.next().expect("one");
    }

    /// A person with an account and no power; a Party member where `party`.
    pub async fn somebody(&self, name: &str, party: bool) -> (Client, Value) {
        let (client, row) = self.v.member(name, crate::people::person_in(name)).await;
        if party {
            self.join_party(person_id(&row)).await;
        }
        (client, row)
    }

    /// An owner in the compound.
    pub async fn owner(&self, name: &str, party: bool) -> (Client, Value) {
        let (client, row) = self.somebody(name, party).await;
        self.v.settle(&row, "owner").await;
        (client, row)
    }

    async fn join_party(&self, id: PersonId) {
        let joined = self.v.app.app.db.write(move |c| {
            let row = diesel::update(persons::table.find(id));
            Ok(row.set(persons::party_status.eq(roster::people::PartyStatus::Formal)).execute(c)?)
        });
        joined.await.expect("joined");
    }

    pub async fn seat(&self, of: &OrganisationOut, kind: &str, no: i32) -> PostOut {
        made(self.district.post("/v1/posts", post_in(of, kind, no)).await)
    }

    pub async fn elect(&self, of: &OrganisationOut, person: &Value, post: &PostOut) -> ElectionOut {
        made(self.v.secretary.post("/v1/election-records", election_in(of, person, post)).await)
    }

    /// An ordinary appointment in force.
    pub async fn appoint(&self, person: &Value, post: &PostOut, route: &str) -> AppointmentOut {
        let body = appointment_in(person, post, route);
        let recorded: AppointmentOut = made(self.district.post(APPOINTMENTS, body).await);
        let activate = format!("{APPOINTMENTS}/{}/activate", recorded.id);
        if post.area_code == DISTRICT {
            // Hired by the company's own district: the recorder may put a hiring in force.
            step(&self.district, &activate, note()).await.expect(200).json()
        } else {
            step(&self.street, &activate, note()).await.expect(200).json()
        }
    }

    /// The deputy director of the residents' committee, elected, a Party member.
    pub async fn deputy(&self, name: &str) -> (Client, Value, AppointmentOut) {
        let (client, person) = self.somebody(name, true).await;
        let post = self.seat(&self.residents, "deputy_director", 1).await;
        self.elect(&self.residents, &person, &post).await;
        let appointment = self.appoint(&person, &post, "elected").await;
        (client, person, appointment)
    }

    /// Proposed by the secretary, consented to by the street, checked and posted.
    pub async fn posted(&self, body: Value) -> (AppointmentOut, PublicityOut) {
        let proposed: AppointmentOut = made(self.v.secretary.post(CROSS, body).await);
        let path = |verb: &str| format!("{APPOINTMENTS}/{}/{verb}", proposed.id);
        let consent = json!({ "consents": true, "note": "经班子研究同意" });
        self.street.post(&path("consent"), consent).await.expect(200);
        self.v.secretary.post(&path("check"), json!({})).await.expect(200);
        let posted = self.v.secretary.post(&path("publicity"), posting()).await.expect(200);
        let posted: AppointmentOut = posted.json();
        let id = posted.publicity_id.expect("a posting");
        let publicity = self.v.worker.get(&format!("/v1/publicities/{id}")).await.expect(200).json();
        (posted, publicity)
    }

    /// The whole way to the office.
    pub async fn approved(&mut self, body: Value) -> AppointmentOut {
        let (posted, _) = self.posted(body).await;
        self.days_later(8).await;
        step(&self.street, &format!("{APPOINTMENTS}/{}/approve", posted.id), note()).await.expect(200).json()
    }

    pub async fn get(&self, id: impl std::fmt::Display) -> AppointmentOut {
        self.district.get(&format!("{APPOINTMENTS}/{id}")).await.expect(200).json()
    }

    /// The standing roles of an account, but for what everybody in these tests is anyway.
    pub async fn roles(&self, of: &Value) -> Vec<String> {
        let path = format!("/v1/grants?status=active&account_id={}", of["account_id"].as_str().expect("an account"));
        let page = self.district.get(&path).await.expect(200).value();
        let mut roles: Vec<String> = page["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|g| g["role"].as_str().expect("a role").into())
            .collect();
        roles.retain(|role| role != "volunteer" && role != "resident");
        roles.sort();
        roles
    }
}

pub fn person_id(row: &Value) -> PersonId {
    PersonId(row["id"].as_str().and_then(|id| id.parse().ok()).expect("an id"))
}

/// The account behind a token.
pub fn account_id(client: &Client) -> AccountId {
    use base64::Engine;
    let token = client.token.as_deref().expect("a token");
    let body = token.split('.').nth(1).expect("a body");
    let body = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(body).expect("base64");
    let claims: Value = serde_json::from_slice(&body).expect("claims");
    AccountId(claims["sub"].as_str().and_then(|id| id.parse().ok()).expect("a subject"))
}

/// The same person again, with a token of now.
pub async fn log_in(app: &TestApp, id: AccountId) -> Client {
    let (now, today) = (app.clock.now(), app.clock.today());
    let opened = app.app.db.write(move |c| {
        let (session, _) = identity::open_session(c, id, "test", "127.0.0.1", now)?;
        identity::subject_of(c, id, session, today)
    });
    let subject = opened.await.expect("a session");
    app.with_token(&app.app.tokens.issue(id.0, subject).expect("a token").token)
}

/// A step that names the version it was decided on; here, whatever stands.
pub async fn step(who: &Client, path: &str, body: Value) -> Reply {
    who.post_with(path, &[("If-Match", "*")], body).await
}

pub fn note() -> Value {
    json!({ "note": "材料齐全,程序合规" })
}

pub fn posting() -> Value {
    json!({ "places": ["社区公告栏", "小区北门"] })
}

pub fn ending(on: &str, cause: &str) -> Value {
    json!({ "on": on, "cause": cause, "note": "测试" })
}

pub fn post_in(of: &OrganisationOut, kind: &str, no: i32) -> Value {
    json!({ "organisation_id": of.id, "seat_kind": kind, "seat_no": no, "title": format!("测试岗位 {kind} {no}"),
        "opened_on": "2023-12-01" })
}

pub fn election_in(of: &OrganisationOut, person: &Value, post: &PostOut) -> Value {
    json!({ "organisation_id": of.id, "held_on": "2023-12-20", "document": "选举结果公告",
        "electees": [{ "person_id": person["id"], "post_id": post.id }] })
}

pub fn appointment_in(person: &Value, post: &PostOut, route: &str) -> Value {
    json!({ "person_id": person["id"], "post_id": post.id, "route": route, "legal_basis": "测试依据",
        "term_from": "2024-01-01", "term_to": "2026-12-31" })
}

pub fn cross_in(person: &Value, post: &PostOut, home: &AppointmentOut, route: &str) -> Value {
    json!({ "person_id": person["id"], "post_id": post.id, "home_appointment_id": home.id, "route": route,
        "legal_basis": "社区党委关于双向进入的决定", "term_from": "2024-01-15", "term_to": "2026-12-31" })
}

pub fn check_in(person: &Value, post: &PostOut, home: Option<&AppointmentOut>, route: &str) -> Value {
    let mut body = json!({ "person_id": person["id"], "post_id": post.id, "route": route,
        "term_from": "2024-01-15", "term_to": "2026-12-31" });
    if let Some(home) = home {
        body["home_appointment_id"] = json!(home.id);
    }
    body
}

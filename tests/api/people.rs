//! people over HTTP: persons, residencies, what is published of them, and who looked.

mod checkins;
mod consents;
mod me;
mod moves;
mod persons;
mod privacy;
mod residencies;
mod stages;
mod statements;
mod unmask;

use platform::auth::Role;
use serde_json::{Value, json};

use crate::support::actors::TONGDEXIANG;
use crate::support::{Client, Reply, TestApp};
use crate::territory::{Home, home, town};

pub const PHONE: &str = "19909371234";
pub const MASKED: &str = "199****1234";

/// A community with one room, and the two people of the community who act in most tests.
pub struct Village {
    pub app: TestApp,
    pub worker: Client,
    pub secretary: Client,
    pub home: Home,
}

pub async fn village() -> Village {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let secretary = app.actor(Role::CommunitySecretary, TONGDEXIANG).await;
    let home = home(&worker, TONGDEXIANG, None).await;
    Village { app, worker, secretary, home }
}

pub fn person_in(name: &str) -> Value {
    json!({ "area_code": TONGDEXIANG, "name": name, "phone": PHONE, "skills": ["水电维修"] })
}

pub async fn person(who: &Client, body: Value) -> Value {
    who.post("/v1/persons", body).await.expect(201).value()
}

/// The id of a row, as it stands in paths.
pub fn id(row: &Value) -> &str {
    row["id"].as_str().expect("an id")
}

pub async fn account_of(client: &Client) -> String {
    client.get("/v1/me").await.expect(200).value()["account"]["id"].as_str().expect("an id").to_owned()
}

/// Somebody with an account that the community looks after, and no power.
pub async fn resident(app: &TestApp) -> Client {
    app.actor(Role::Volunteer, TONGDEXIANG).await
}

impl Village {
    /// A person with an account, and the account's client.
    pub async fn member(&self, name: &str, mut body: Value) -> (Client, Value) {
        let client = resident(&self.app).await;
        body["name"] = json!(name);
        body["account_id"] = json!(account_of(&client).await);
        let row = person(&self.worker, body).await;
        (client, row)
    }

    pub async fn file(&self, person: &Value, kind: &str) -> Value {
        let body =
            json!({ "person_id": id(person), "room_id": self.home.room.id, "kind": kind, "since": "2020-06-01" });
        self.worker.post("/v1/residencies", body).await.expect(201).value()
    }

    /// A verified residency: an owner's by a document and the secretary, another by the worker alone.
    pub async fn settle(&self, person: &Value, kind: &str) -> Value {
        let filed = self.file(person, kind).await;
        if matches!(kind, "owner" | "co_owner") {
            check(&self.worker, &filed).await.expect(200);
        }
        let confirmer = if kind.ends_with("owner") { &self.secretary } else { &self.worker };
        let settled = confirm(confirmer, &filed).await.expect(200).value();
        assert_eq!(settled["status"], "verified");
        settled
    }
}

/// A step of a residency, with whatever version stands.
pub async fn step(who: &Client, residency: &Value, verb: &str, body: Value) -> Reply {
    who.post_with(&format!("/v1/residencies/{}/{verb}", id(residency)), &[("If-Match", "*")], body).await
}

pub async fn check(who: &Client, residency: &Value) -> Reply {
    step(who, residency, "check-document", json!({ "kind": "deed", "reference": "甘(2020)肃州区不动产权第0001号" }))
        .await
}

pub async fn confirm(who: &Client, residency: &Value) -> Reply {
    step(who, residency, "confirm", json!({ "note": "入户走访核实" })).await
}

pub async fn end(who: &Client, residency: &Value, on: &str, reason: &str) -> Reply {
    step(who, residency, "end", json!({ "on": on, "reason": reason })).await
}

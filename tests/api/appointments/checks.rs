//! The check endpoint and each guard over HTTP.

use std::sync::atomic::Ordering;

use diesel::prelude::*;
use platform::schema::history;
use roster::appointments::dto::{AppointmentOut, CheckOut, PostOut};
use serde_json::{Value, json};

use super::{APPOINTMENTS, CROSS, World, appointment_in, check_in, cross_in, post_in};
use crate::support::TestApp;
use crate::territory::made;

const CHECK: &str = "/v1/appointments/check";

fn failing(out: &CheckOut) -> Vec<&str> {
    out.guards.iter().filter(|guard| !guard.passed).map(|guard| guard.code.as_str()).collect()
}

async fn check(w: &World, body: Value) -> CheckOut {
    w.v.secretary.post(CHECK, body).await.expect(200).json()
}

async fn events(app: &TestApp) -> i64 {
    app.app.db.read(|c| Ok(history::table.count().get_result(c)?)).await.expect("a count")
}

#[actix_web::test]
async fn every_guard_is_answered_with_its_facts_and_nothing_is_written() {
    let w = World::new().await;
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    let (_, nobody) = w.somebody("测试·路人", false).await;
    let member = w.seat(&w.owners, "member", 1).await;
    let before = events(w.app()).await;
    let out = check(&w, check_in(&deputy, &seat, Some(&base), "co_opted")).await;
    assert!(out.passed, "{:?}", failing(&out));
    assert_eq!(out.direction.as_deref(), Some("community_to_committee_branch"));
    assert!(out.guards.len() >= 17);
    for guard in &out.guards {
        assert!(guard.code.starts_with("appointments.") && !guard.zh.is_empty() && !guard.en.is_empty(), "{guard:?}");
        assert!(!guard.source.is_empty() && guard.facts.is_object(), "{guard:?}");
    }
    // All that is wrong is told at once.
    let mut body = check_in(&nobody, &member, None, "assigned");
    body["term_to"] = json!("2029-01-15");
    let out = check(&w, body).await;
    assert!(!out.passed);
    assert_eq!(failing(&out), ["appointments.elected_only", "appointments.term_too_long", "appointments.not_an_owner"]);
    assert_eq!(events(w.app()).await, before, "nothing is written");
}

#[actix_web::test]
async fn the_check_asks_the_database_four_times_whatever_there_is() {
    let w = World::new().await;
    let (_, deputy, base) = w.deputy("测试·副主任").await;
    let seat = w.seat(&w.branch, "committee_member", 1).await;
    for no in 2..8 {
        let post = w.seat(&w.residents, "staff", no).await;
        w.appoint(&deputy, &post, "hired").await;
        let company = crate::organisations::company(&w.district, &format!("测试·物业{no}")).await;
        let declared = json!({ "person_id": deputy["id"], "organisation_id": company.id, "relation": "shareholder",
            "declared_on": "2024-01-10" });
        w.v.worker.post("/v1/interest-declarations", declared).await.expect(201);
    }
    let statements = w.app().watch_statements().await;
    let out = check(&w, check_in(&deputy, &seat, Some(&base), "co_opted")).await;
    assert!(out.passed);
    assert_eq!(statements.load(Ordering::Relaxed), 4);
    for path in [
        format!("{APPOINTMENTS}?include=total"),
        "/v1/posts?include=total".to_owned(),
        "/v1/vacancies?include=total".to_owned(),
        "/v1/election-records?include=total".to_owned(),
        "/v1/interest-declarations?include=total".to_owned(),
        format!("{APPOINTMENTS}/recusals?organisation={}", w.residents.id),
        format!("/v1/areas/{}/cross-appointments", crate::support::actors::TONGDEXIANG),
        "/v1/publicities?include=total".to_owned(),
        "/v1/rule-sets?include=total".to_owned(),
        "/v1/rules-in-force".to_owned(),
    ] {
        statements.store(0, Ordering::Relaxed);
        w.v.secretary.get(&path).await.expect(200);
        let asked = statements.load(Ordering::Relaxed);
        assert!(asked <= 4, "{path}: {asked} statements");
    }
}

/// What the issue lists: each is 422 with the rule's code, and nothing is written.
#[actix_web::test]
async fn each_rule_refuses_with_its_code_and_writes_nothing() {
    let w = World::new().await;
    let (_, owner) = w.owner("测试·业主", false).await;
    let (_, stranger) = w.somebody("测试·非业主", false).await;
    let seat = w.seat(&w.owners, "member", 1).await;
    w.elect(&w.owners, &owner, &seat).await;
    let refuse = async |body: Value, code: &str| {
        let before = events(w.app()).await;
        w.v.worker.post(APPOINTMENTS, body).await.refused(422, code);
        assert_eq!(events(w.app()).await, before, "{code} left an event");
    };
    let with = |member: &str, value: Value| {
        let mut body = appointment_in(&owner, &seat, "elected");
        body[member] = value;
        body
    };
    refuse(with("term_to", json!("2029-01-01")), "appointments.term_too_long").await;
    refuse(with("term_to", json!("2024-01-01")), "appointments.term_order").await;
    refuse(with("route", json!("assigned")), "appointments.elected_only").await;
    refuse(appointment_in(&stranger, &seat, "elected"), "appointments.no_election").await;
    let other = w.seat(&w.owners, "member", 2).await;
    w.elect(&w.owners, &stranger, &other).await;
    refuse(appointment_in(&stranger, &other, "elected"), "appointments.not_an_owner").await;
    let secretary = w.seat(&w.branch, "secretary", 1).await;
    refuse(appointment_in(&owner, &secretary, "co_opted"), "appointments.party_member").await;
    let mut head = post_in(&w.residents, "unit_head", 1);
    head["area_code"] = json!(w.v.home.unit.area_code);
    let head: PostOut = made(w.v.worker.post("/v1/posts", head).await);
    refuse(appointment_in(&stranger, &head, "assigned"), "appointments.not_a_resident").await;
    let staff = w.seat(&w.residents, "staff", 9).await;
    refuse(appointment_in(&stranger, &staff, "co_opted"), "appointments.route_not_allowed").await;
    let mut endless = appointment_in(&stranger, &staff, "assigned");
    endless.as_object_mut().expect("an object").remove("term_to");
    refuse(endless, "appointments.term_missing").await;
}

/// 近亲属、股东、供应商: by declaration, until it ends.
#[actix_web::test]
async fn declared_interests_keep_people_off_the_committee() {
    let w = World::new().await;
    let (_, owner) = w.owner("测试·业主", false).await;
    let seat = w.seat(&w.owners, "member", 1).await;
    w.elect(&w.owners, &owner, &seat).await;
    let declared = json!({ "person_id": owner["id"], "organisation_id": w.company.id,
        "relation": "close_kin_of_employee", "declared_on": "2024-01-10" });
    let declaration = w.v.worker.post("/v1/interest-declarations", declared.clone()).await.expect(201).value();
    w.v.worker.post("/v1/interest-declarations", declared).await.refused(409, "appointments.declaration_taken");
    w.v.worker
        .post(APPOINTMENTS, appointment_in(&owner, &seat, "elected"))
        .await
        .refused(422, "appointments.company_conflict");
    let out = check(&w, check_in(&owner, &seat, None, "elected")).await;
    let guard = out.guards.iter().find(|guard| guard.code == "appointments.company_conflict").expect("the guard");
    assert_eq!(guard.facts["relation"], "close_kin_of_employee");
    let end = format!("/v1/interest-declarations/{}/end", declaration["id"].as_str().unwrap());
    let body = json!({ "on": "2024-01-15", "reason": "已离职" });
    w.v.worker.post(&end, body.clone()).await.expect(200);
    w.v.worker.post(&end, body).await.refused(409, "appointments.declaration_ended");
    made::<AppointmentOut>(w.v.worker.post(APPOINTMENTS, appointment_in(&owner, &seat, "elected")).await);
}

#[actix_web::test]
async fn directions_are_a_rule_set_of_the_place() {
    let w = World::new().await;
    let (_, person) = w.somebody("测试·职工", true).await;
    let post = w.seat(&w.company, "staff", 1).await;
    let base = w.appoint(&person, &post, "hired").await;
    let seat = w.seat(&w.residents, "part_time_member", 1).await;
    let body = cross_in(&person, &seat, &base, "co_opted");
    w.v.secretary.post(CROSS, body.clone()).await.refused(422, "appointments.no_direction");
    let in_force = w.district.get("/v1/rules-in-force?area=620902005003").await.expect(200).value();
    let rule = in_force["items"].as_array().unwrap().iter().find(|r| r["key"] == "appointments.directions").unwrap();
    let mut params = rule["params"].clone();
    params["directions"].as_array_mut().unwrap().push(json!({
        "name": "company_staff_to_community", "from": [{ "org": "property_company", "seats": ["staff"] }],
        "to": [{ "org": "residents_committee", "seats": ["part_time_member"] }],
    }));
    let rule = |params: &Value| {
        json!({ "key": "appointments.directions", "area_code": "620902", "params": params,
            "legal_basis": "区委组织部文件 2024-1", "effective_from": "2024-01-15" })
    };
    let set = w.district.post("/v1/rule-sets", rule(&params)).await.expect(201).value();
    let proposed: AppointmentOut = made(w.v.secretary.post(CROSS, body).await);
    assert_eq!(proposed.direction.as_deref(), Some("company_staff_to_community"));
    assert_eq!(json!(proposed.rule_set_id), set["id"], "the version is pinned");
    // No place may open an owners' committee to a company's people.
    params["directions"].as_array_mut().unwrap().push(json!({
        "name": "x", "from": [{ "org": "property_company" }], "to": [{ "org": "owners_committee" }],
    }));
    let refused = w.district.post("/v1/rule-sets", rule(&params)).await.refused(422, "rule_sets.params");
    assert_eq!(refused.errors[0].pointer.as_deref(), Some("#/params/directions"));
}

//! 规则集 over HTTP: local rules, versioned and dated, for an area and all below it.

use platform::auth::{AreaCode, Role};
use platform::publicity::{DAYS, Days};
use platform::rule_sets::dto::{RuleInForce, RuleSetOut, RuleSetPage, RulesInForceOut};
use platform::rule_sets::{in_force, pinned};
use serde_json::{Value, json};

use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::support::{Client, TestApp};

const PATH: &str = "/v1/rule-sets";

fn days(area: &str, days: i32, from: &str) -> Value {
    json!({ "key": "publicity.days", "area_code": area, "params": { "days": days, "by_kind": {} },
        "legal_basis": "肃州区公示办法 (2024)", "effective_from": from })
}

async fn set(who: &Client, body: Value) -> RuleSetOut {
    who.post(PATH, body).await.expect(201).json()
}

async fn holds(who: &Client, area: &str, on: &str) -> RuleInForce {
    let out: RulesInForceOut = who.get(&format!("/v1/rules-in-force?area={area}&on={on}")).await.expect(200).json();
    out.items.into_iter().find(|rule| rule.key == "publicity.days").expect("the rule")
}

#[actix_web::test]
async fn a_rule_is_set_for_an_area_and_all_below_it_until_its_next_version() {
    let app = TestApp::spawn().await;
    let district = app.district().await;
    let before = holds(&district, TONGDEXIANG, "2024-01-15").await;
    assert_eq!((before.rule_set_id, before.params["days"].as_i64()), (None, Some(5)), "the default");

    let reply = district.post(PATH, days(DISTRICT, 7, "2024-01-15")).await.expect(201);
    let first: RuleSetOut = reply.json();
    assert_eq!(reply.header("location"), Some(format!("{PATH}/{}", first.id)));
    assert_eq!((first.number, first.effective_to), (1, None));
    let here = holds(&district, TONGDEXIANG, "2024-01-15").await;
    assert_eq!((here.rule_set_id, here.params["days"].as_i64()), (Some(first.id), Some(7)));

    let second = set(&district, days(DISTRICT, 9, "2024-02-01")).await;
    assert_eq!(second.number, 2);
    let ended: RuleSetOut = district.get(&format!("{PATH}/{}", first.id)).await.expect(200).json();
    assert_eq!(ended.effective_to.map(|day| day.to_string()).as_deref(), Some("2024-02-01"));
    assert_eq!((ended.params, ended.version), (first.params, 2), "a version is ended, never edited");
    assert_eq!(holds(&district, TONGDEXIANG, "2024-01-31").await.params["days"], 7);
    assert_eq!(holds(&district, TONGDEXIANG, "2024-02-01").await.params["days"], 9);
}

#[actix_web::test]
async fn the_nearest_area_that_has_a_version_rules() {
    let app = TestApp::spawn().await;
    let district = app.district().await;
    set(&district, days(DISTRICT, 7, "2024-01-15")).await;
    let street = set(&district, days(STREET, 10, "2024-01-15")).await;
    let here = holds(&district, TONGDEXIANG, "2024-01-15").await;
    assert_eq!((here.rule_set_id, here.area_code.as_deref()), (Some(street.id), Some(STREET)));
    assert_eq!(here.legal_basis, "肃州区公示办法 (2024)");
    assert_eq!(holds(&district, "620902001", "2024-01-15").await.params["days"], 7);
    let yard: AreaCode = "620902005003-0001".parse().expect("a code");
    let day = app.clock.today();
    let (id, params) = app.app.db.read(move |c| in_force(c, &[&DAYS], &yard, day)?.get::<Days>(&DAYS)).await.unwrap();
    assert_eq!((id, params.days), (Some(street.id), 10), "what is opened pins the version");
    let pinned: Days = app.app.db.read(move |c| pinned(c, id)).await.unwrap();
    assert_eq!(pinned.days, 10);
}

#[actix_web::test]
async fn rules_do_not_reach_back_and_versions_keep_their_order() {
    let app = TestApp::spawn().await;
    let district = app.district().await;
    let refused = district.post(PATH, days(DISTRICT, 7, "2024-01-14")).await.refused(422, "rule_sets.retroactive");
    assert_eq!(refused.errors[0].pointer.as_deref(), Some("#/effective_from"));
    set(&district, days(DISTRICT, 7, "2024-03-01")).await;
    for day in ["2024-02-01", "2024-03-01"] {
        district.post(PATH, days(DISTRICT, 8, day)).await.refused(409, "rule_sets.later_exists");
    }
    let page: RuleSetPage = district.get(&format!("{PATH}?key=publicity.days&include=total")).await.json();
    assert_eq!(page.total, Some(1), "a refusal writes nothing");
}

#[actix_web::test]
async fn parameters_are_checked_by_the_rules_owner_and_the_fault_is_named() {
    let app = TestApp::spawn().await;
    let district = app.district().await;
    let with = |params: Value| {
        let mut body = days(DISTRICT, 7, "2024-01-15");
        body["params"] = params;
        body
    };
    for (params, place) in [
        (json!({ "days": 0 }), "#/params/days"),
        (json!({ "days": 91 }), "#/params/days"),
        (json!({ "days": "7" }), "#/params/days"),
        (json!({}), "#/params/days"),
        (json!({ "days": 7, "hours": 3 }), "#/params/hours"),
        (json!({ "days": 7, "by_kind": { "x": 0 } }), "#/params/by_kind"),
        (json!([7]), "#/params"),
    ] {
        let problem = district.post(PATH, with(params.clone())).await.refused(422, "rule_sets.params");
        assert_eq!(problem.errors[0].pointer.as_deref(), Some(place), "{params}");
    }
    let mut unknown = days(DISTRICT, 7, "2024-01-15");
    unknown["key"] = json!("no.such_rule");
    let problem = district.post(PATH, unknown).await.refused(422, "rule_sets.unknown_key");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/key"));
}

#[actix_web::test]
async fn rules_are_set_within_ones_area_and_read_by_all_whom_they_bind() {
    let app = TestApp::spawn().await;
    let district = app.district().await;
    let rule = set(&district, days(STREET, 7, "2024-01-15")).await;
    let above = set(&district, days(DISTRICT, 6, "2024-01-15")).await;
    district.post(PATH, days("130402", 7, "2024-01-15")).await.refused(404, "not_found");
    let authority = app.actor(Role::PropertyAuthority, DISTRICT).await;
    set(&authority, days(TONGDEXIANG, 8, "2024-01-15")).await;
    app.street().await.post(PATH, days(STREET, 3, "2024-02-01")).await.refused(403, "forbidden");

    let resident = app.actor(Role::Resident, "620902005003-0001-001-01-0101").await;
    for id in [rule.id, above.id] {
        resident.get(&format!("{PATH}/{id}")).await.expect(200);
    }
    let page: RuleSetPage = resident.get(PATH).await.expect(200).json();
    assert_eq!(page.items.len(), 3, "those of the areas above");
    let only: RuleSetPage = resident.get(&format!("{PATH}?area={STREET}&on=2024-01-15")).await.json();
    assert_eq!(only.items.iter().map(|row| row.id).collect::<Vec<_>>(), [rule.id]);
    let neighbour = app.actor(Role::StreetOfficer, "620902001").await;
    neighbour.get(&format!("{PATH}/{}", rule.id)).await.refused(404, "not_found");
    neighbour.get(&format!("/v1/rules-in-force?area={STREET}")).await.refused(404, "not_found");
}

#[actix_web::test]
async fn of_two_versions_at_once_one_is_made() {
    let app = TestApp::spawn().await;
    let district = app.district().await;
    set(&district, days(DISTRICT, 7, "2024-01-15")).await;
    let replies =
        futures_util::future::join_all((0..6).map(|n| district.post(PATH, days(DISTRICT, 8 + n, "2024-02-01")))).await;
    let made = replies.iter().filter(|reply| reply.status() == 201).count();
    assert_eq!(made, 1);
    assert!(replies.iter().all(|reply| matches!(reply.status(), 201 | 409 | 412)));
}

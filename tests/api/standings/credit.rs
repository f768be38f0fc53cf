//! Credit events: of companies and stations, with their source, and what they come to on a day.

use oversight::standings::dto::{CreditBalanceOut, CreditEventOut, CreditEventPage, CreditKind};
use platform::auth::Role;
use serde_json::{Value, json};

use super::Office;
use crate::organisations::{body, rule_in};
use crate::support::Client;
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::territory::{made, refused_at};

const EVENTS: &str = "/v1/credit-events";

fn event_in(organisation: &impl serde::Serialize, kind: &str, points: i32, on: &str) -> Value {
    json!({ "area_code": DISTRICT, "organisation_id": organisation, "kind": kind, "points": points,
        "title": "测试事件", "source_doc": "酒住建〔2023〕88号", "occurred_on": on })
}

async fn balance(who: &Client, organisation: &impl std::fmt::Display, as_of: &str) -> CreditBalanceOut {
    who.get(&format!("/v1/organisations/{organisation}/credit-balance?as_of={as_of}")).await.expect(200).json()
}

#[actix_web::test]
async fn a_balance_is_counted_as_of_a_day_with_every_event() {
    let mut o = Office::new().await;
    let id = o.town.company.id;
    for (kind, points, on) in
        [("good", 20, "2023-06-01"), ("good", 20, "2023-07-01"), ("good", 15, "2023-08-01"), ("bad", 12, "2024-01-10")]
    {
        made::<CreditEventOut>(o.proposer.post(EVENTS, event_in(&id, kind, points, on)).await);
    }
    let out = balance(&o.decider, &id, "2024-01-15").await;
    assert_eq!((out.base, out.good, out.good_cap, out.bad, out.balance), (80, 55, 40, 12, 108));
    assert_eq!((out.events.len(), out.events.iter().all(|shown| shown.counts)), (4, true));
    assert_eq!(out.rule.rule_set_id, None);
    let before = balance(&o.decider, &id, "2023-06-30").await;
    assert_eq!((before.good, before.bad, before.balance), (20, 0, 100));
    // A year later, by the rule, they count no longer.
    let last = balance(&o.decider, &id, "2024-06-01").await;
    let over = balance(&o.decider, &id, "2024-06-02").await;
    assert_eq!((last.good, over.good), (55, 35));
    let bad: CreditEventPage = o.decider.get(&format!("{EVENTS}?kind=bad")).await.expect(200).json();
    let path = format!("{EVENTS}/{}", bad.items[0].id);
    let reason = json!({ "reason": "依据文件已撤销" });
    let revoked: CreditEventOut = o
        .proposer
        .post_with(&format!("{path}/revoke"), &[("If-Match", "\"v1\"")], reason.clone())
        .await
        .expect(200)
        .json();
    assert_eq!((revoked.kind, revoked.version), (CreditKind::Bad, 2));
    let again = o.proposer.post_with(&format!("{path}/revoke"), &[("If-Match", "*")], reason).await;
    again.refused(409, "standings.event_revoked");
    assert_eq!(balance(&o.decider, &id, "2024-01-14").await.bad, 12, "it did count");
    assert_eq!(balance(&o.decider, &id, "2024-01-15").await.bad, 0);
    o.days_later(0).await;
    assert_eq!(balance(&o.company, &id, "2024-01-15").await.balance, 120, "its own people read it as well");
}

#[actix_web::test]
async fn nobody_but_companies_and_stations_is_scored() {
    let o = Office::new().await;
    let unit = body(&o.town.worker, "co_located_unit", "测试·小学", TONGDEXIANG).await;
    let refused = o.proposer.post(EVENTS, event_in(&unit.id, "bad", 5, "2024-01-10")).await;
    refused.refused(422, "standings.not_a_subject");
    o.decider.get(&format!("/v1/organisations/{}/credit-balance", unit.id)).await.refused(404, "not_found");
    let person = crate::organisations::person(o.app()).await;
    o.proposer.post(EVENTS, event_in(&person, "bad", 5, "2024-01-10")).await.refused(404, "not_found");
    o.decider.get(&format!("/v1/organisations/{person}/credit-balance")).await.refused(404, "not_found");
    let good = event_in(&o.town.company.id, "bad", 5, "2024-01-10");
    let faults = [
        ("points", json!(21)),
        ("points", json!(0)),
        ("occurred_on", json!("2024-01-16")),
        ("valid_to", json!("2024-01-09")),
        ("valid_to", json!("2029-01-11")),
        ("area_code", json!(TONGDEXIANG)),
        ("source_doc", json!("")),
    ];
    refused_at(&o.proposer, EVENTS, &good, &faults).await;
}

#[actix_web::test]
async fn a_company_reads_its_own_and_another_area_reads_nothing() {
    let o = Office::new().await;
    let id = o.town.company.id;
    let event: CreditEventOut = made(o.proposer.post(EVENTS, event_in(&id, "bad", 5, "2024-01-10")).await);
    let rival = o.rival().await;
    let elsewhere = o.app().actor(Role::PropertyAuthority, "130402").await;
    for stranger in [&rival, &elsewhere] {
        stranger.get(&format!("{EVENTS}/{}", event.id)).await.refused(404, "not_found");
        stranger.get(&format!("/v1/organisations/{id}/credit-balance")).await.refused(404, "not_found");
        let page: CreditEventPage = stranger.get(EVENTS).await.expect(200).json();
        assert!(page.items.is_empty());
    }
    o.company.get(&format!("{EVENTS}/{}", event.id)).await.expect(200);
    let path = format!("{EVENTS}/{}/revoke", event.id);
    let reason = json!({ "reason": "撤" });
    elsewhere.post_with(&path, &[("If-Match", "*")], reason.clone()).await.refused(404, "not_found");
    o.company.post_with(&path, &[("If-Match", "*")], reason).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn a_place_sets_its_own_points() {
    let o = Office::new().await;
    let params = json!({ "base": 90, "good_cap": 10, "most_points": 5, "valid_months": 6, "longest_months": 12 });
    let rule =
        o.town.district.post("/v1/rule-sets", rule_in("standings.credit", DISTRICT, params)).await.expect(201).value();
    let id = o.town.company.id;
    o.proposer.post(EVENTS, event_in(&id, "good", 6, "2024-01-10")).await.refused(422, "standings.points_many");
    let event: CreditEventOut = made(o.proposer.post(EVENTS, event_in(&id, "good", 5, "2024-01-10")).await);
    assert_eq!((json!(event.rule_set_id), event.valid_to.to_string().as_str()), (rule["id"].clone(), "2024-07-10"));
    let out = balance(&o.decider, &id, "2024-01-15").await;
    assert_eq!((out.balance, json!(out.rule.rule_set_id)), (95, rule["id"].clone()));
}

//! What may be reported at a place, and what its rules would decide.

use delivery::cases::dto::{CategoriesOut, ClockKind, PolicyMatchOut, RoutingMatchOut, Urgency};
use platform::auth::Role;
use serde_json::{Value, json};

use super::support::Desk;
use crate::support::actors::{DISTRICT, TONGDEXIANG};

fn at(place: &str, what: &str) -> String {
    format!("/v1/areas/{place}/{what}")
}

#[actix_web::test]
async fn a_resident_reads_what_can_be_reported_where_they_may_report() {
    let desk = Desk::new().await;
    let read: CategoriesOut = desk.resident.get(&at(desk.place(), "case-categories")).await.expect(200).json();
    let leak = read.items.iter().find(|category| category.code == "pipe_leak").expect("in the dictionary");
    assert_eq!((leak.urgency, leak.fields.len(), read.rule.rule_set_id), (Urgency::Urgent, 2, None));
    desk.resident.get(&at(TONGDEXIANG, "case-categories")).await.expect(200);
    desk.resident.get(&at("130402001", "case-categories")).await.expect(404);
}

#[actix_web::test]
async fn a_place_has_its_own_dictionary() {
    let desk = Desk::new().await;
    let own = json!([{ "code": "pipe_leak", "kind": "repair", "zh": "漏水", "en": "Leak", "urgency": "normal" }]);
    let rule = json!({ "key": "cases.categories", "area_code": TONGDEXIANG, "params": { "categories": own },
        "legal_basis": "本社区约定", "effective_from": "2024-01-15" });
    desk.app().actor(Role::DistrictCoord, DISTRICT).await.post("/v1/rule-sets", rule).await.expect(201);
    let read: CategoriesOut = desk.resident.get(&at(desk.place(), "case-categories")).await.expect(200).json();
    assert_eq!((read.items.len(), read.rule.area_code.as_deref()), (1, Some(TONGDEXIANG)));
    let above: CategoriesOut = desk.district.get(&at(DISTRICT, "case-categories")).await.expect(200).json();
    assert!(above.items.len() > 1 && above.rule.rule_set_id.is_none());
}

#[actix_web::test]
async fn a_policy_is_tried_before_anything_is_reported() {
    let desk = Desk::new().await;
    let ask = json!({ "kind": "repair", "category": "road_damage", "start_at": "2024-01-19T09:30:00Z" });
    let path = at(TONGDEXIANG, "case-policies/match");
    let told: PolicyMatchOut = desk.worker().post(&path, ask).await.expect(200).json();
    assert_eq!((told.urgency, told.index, told.policy.resolve.amount), (Urgency::Normal, 4, 3));
    let due = |clock: ClockKind| told.dues.iter().find(|due| due.clock == clock).expect("a due date");
    // Friday 17:30 and three working days of 420 minutes.
    let resolve = due(ClockKind::Resolve);
    let expected = chrono::DateTime::parse_from_rfc3339("2024-01-24T17:30:00+08:00").expect("a time").to_utc();
    assert_eq!((resolve.budget_minutes, resolve.due_at), (3 * 420, platform::db::Ts::from(expected)));
    let case = desk.reported().await;
    let same = json!({ "kind": "repair", "category": "pipe_leak" });
    let told: PolicyMatchOut = desk.worker().post(&path, same).await.expect(200).json();
    let resolve = told.dues.iter().find(|due| due.clock == ClockKind::Resolve).expect("a due date");
    assert_eq!(Some(resolve.due_at), case.due_at, "what was tried is what is held to");
    desk.worker()
        .post(&path, json!({ "kind": "praise", "category": "pipe_leak" }))
        .await
        .refused(422, "cases.unknown_category");
    desk.worker()
        .post(&at("130402001", "case-policies/match"), json!({ "kind": "praise", "category": "thanks" }))
        .await
        .expect(404);
    desk.resident.post(&path, json!({ "kind": "praise", "category": "thanks" })).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn a_dispatch_is_tried_before_there_is_a_case() {
    let desk = Desk::new().await;
    let ask = json!({ "kind": "repair", "category": "pipe_leak", "channel": "phone" });
    let told: RoutingMatchOut =
        desk.worker().post(&at(desk.place(), "case-routing/match"), ask.clone()).await.expect(200).json();
    assert_eq!((told.index, told.handler_org_id, told.automatic), (Some(0), Some(desk.town.company.id), false));
    assert_eq!(Some(desk.town.company.id), desk.dispatched().await.handler_org_id, "as it is then given");
    // No company serves a community as such.
    let told: RoutingMatchOut =
        desk.worker().post(&at(TONGDEXIANG, "case-routing/match"), ask.clone()).await.expect(200).json();
    assert_ne!(told.handler_org_id, Some(desk.town.company.id));
    let praise = json!({ "kind": "praise", "category": "thanks", "channel": "app" });
    let nobody: Value = desk.worker().post(&at(desk.place(), "case-routing/match"), praise).await.expect(200).value();
    assert_eq!((&nobody["index"], &nobody["handler_org_id"]), (&Value::Null, &Value::Null));
    desk.worker().post(&at("130402001001", "case-routing/match"), ask.clone()).await.expect(404);
    desk.district.post(&at(DISTRICT, "case-routing/match"), ask).await.refused(422, "cases.place_too_wide");
}

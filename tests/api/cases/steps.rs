//! Who may take which step, and what bad use answers.

use delivery::cases::dto::{CaseOut, Status, Tier};
use platform::auth::Role;
use serde_json::{Value, json};

use super::support::{CASES, Desk, account_of, contact, finish, is, leak, take, taken, visit};
use crate::support::actors::TONGDEXIANG;

#[actix_web::test]
async fn a_step_that_is_not_in_the_table_says_what_is() {
    let desk = Desk::new().await;
    let case = desk.reported().await;
    let problem = take(&desk.company, &case, "sign", Value::Null).await;
    problem.refused(404, "not_found");
    let problem = take(desk.worker(), &case, "sign", Value::Null).await.refused(409, "cases.wrong_state");
    let told = serde_json::to_string(&problem).expect("json");
    assert!(told.contains("accept") && told.contains("reject") && told.contains("allowed_steps"), "{told}");
    let closed = taken(desk.worker(), &desk.done().await, "visits", visit("satisfied")).await;
    for (verb, body) in [("accept", Value::Null), ("dispatch", json!({})), ("verify", Value::Null)] {
        take(desk.worker(), &closed, verb, body).await.refused(409, "cases.wrong_state");
    }
}

#[actix_web::test]
async fn the_handler_neither_verifies_nor_visits() {
    let desk = Desk::new().await;
    let case = desk.accepted().await;
    let account = account_of(desk.worker()).await;
    let case = taken(desk.worker(), &case, "dispatch", json!({ "account_id": account })).await;
    let case = taken(desk.worker(), &case, "sign", Value::Null).await;
    let case = taken(desk.worker(), &case, "start", contact()).await;
    let case = taken(desk.worker(), &case, "finish", finish()).await;
    take(desk.worker(), &case, "verify", Value::Null).await.refused(403, "cases.handler_visits");
    take(desk.worker(), &case, "visits", visit("satisfied")).await.refused(403, "cases.handler_visits");
    let colleague = desk.app().actor(Role::CommunitySecretary, TONGDEXIANG).await;
    is(&taken(&colleague, &case, "visits", visit("satisfied")).await, Status::Closed);
}

#[actix_web::test]
async fn a_case_is_returned_at_most_twice_and_never_by_the_same() {
    let desk = Desk::new().await;
    let case = desk.dispatched().await;
    let objection = json!({ "reason": "not_ours", "note": "属供热公司" });
    let case = taken(&desk.company, &case, "return", objection.clone()).await;
    assert_eq!((case.status, case.returns, case.handler_org_id), (Status::Returned, 1, None));
    take(desk.worker(), &case, "dispatch", json!({})).await.refused(422, "cases.returned_before");
    let person = desk.app().actor(Role::GridWorker, TONGDEXIANG).await;
    let account = account_of(&person).await;
    let case = taken(desk.worker(), &case, "dispatch", json!({ "account_id": account })).await;
    let case = taken(&person, &case, "return", objection.clone()).await;
    assert_eq!(
        (case.status, case.returns, case.tier),
        (Status::Returned, 2, Tier::Community),
        "the tier above decides"
    );
    take(&desk.branch, &case, "dispatch", json!({})).await.refused(403, "cases.not_your_tier");
}

#[actix_web::test]
async fn each_desk_acts_on_its_tier_and_below() {
    let desk = Desk::new().await;
    let case = desk.accepted().await;
    let case = taken(desk.worker(), &case, "escalate", json!({ "reason": "需街道协调" })).await;
    let case = taken(desk.worker(), &case, "escalate", json!({ "reason": "需街道协调" })).await;
    assert_eq!((case.tier, case.status), (Tier::Street, Status::Accepted));
    take(desk.worker(), &case, "dispatch", json!({})).await.refused(403, "cases.not_your_tier");
    let lower = json!({ "tier": "district", "reason": "x" });
    take(&desk.street, &case, "redelegate", lower).await.refused(422, "cases.bottom_tier");
    let case = taken(&desk.street, &case, "redelegate", json!({ "tier": "community", "reason": "已协调" })).await;
    assert_eq!(case.tier, Tier::Community);
    taken(desk.worker(), &case, "dispatch", json!({})).await;
}

#[actix_web::test]
async fn finishing_needs_evidence_and_an_outcome_of_the_handlers() {
    let desk = Desk::new().await;
    let case = desk.in_progress().await;
    let mut body = finish();
    body["outcome"] = json!("duplicate");
    take(&desk.company, &case, "finish", body).await.refused(422, "cases.outcome_not_yours");
    let mut body = finish();
    body.as_object_mut().expect("an object").remove("evidence_waiver");
    take(&desk.company, &case, "finish", body).await.refused(422, "cases.no_evidence");
}

#[actix_web::test]
async fn the_version_that_was_read_must_stand() {
    let desk = Desk::new().await;
    let case = desk.reported().await;
    taken(desk.worker(), &case, "accept", Value::Null).await;
    take(desk.worker(), &case, "accept", Value::Null).await.refused(412, "version_stale");
    let path = format!("{CASES}/{}/accept", case.id);
    desk.worker().post_with(&path, &[], Value::Null).await.refused(428, "version_required");
}

#[actix_web::test]
async fn two_at_once_and_one_signs() {
    let desk = Desk::new().await;
    let case = desk.dispatched().await;
    let both = futures_util::future::join_all((0..6).map(|_| take(&desk.company, &case, "sign", Value::Null))).await;
    let statuses: Vec<u16> = both.iter().map(|reply| reply.status()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 200 | 412)), "{statuses:?}");
}

#[actix_web::test]
async fn a_merge_needs_an_open_target_in_sight() {
    let desk = Desk::new().await;
    let (case, other) = (desk.reported().await, desk.done().await);
    let closed = taken(desk.worker(), &other, "visits", visit("satisfied")).await;
    for target in [json!(case.id), json!(closed.id), json!(uuid::Uuid::nil())] {
        take(desk.worker(), &case, "merge", json!({ "target_id": target })).await.refused(422, "cases.merge_target");
    }
    let into = desk.reported().await;
    taken(desk.worker(), &case, "merge", json!({ "target_id": into.id })).await;
    let third = desk.reported().await;
    take(desk.worker(), &into, "merge", json!({ "target_id": third.id })).await.refused(422, "cases.has_duplicates");
}

#[actix_web::test]
async fn a_new_class_brings_its_own_time() {
    let desk = Desk::new().await;
    let case = desk.reported().await;
    let slower = taken(desk.worker(), &case, "reclassify", json!({ "urgency": "complex" })).await;
    assert!(slower.due_at > case.due_at);
    let faster = taken(desk.worker(), &slower, "reclassify", json!({ "urgency": "emergency" })).await;
    assert_eq!(faster.due_at.map(|due| due.seconds() - faster.reported_at.seconds()), Some(24 * 3600));
    let unknown = json!({ "kind": "praise" });
    take(desk.worker(), &faster, "reclassify", unknown).await.refused(422, "cases.unknown_category");
}

#[actix_web::test]
async fn another_area_sees_nothing() {
    let desk = Desk::new().await;
    let case: CaseOut = desk.worker().post(CASES, leak(desk.place())).await.expect(201).json();
    let stranger = desk.app().community_worker("130402010014").await;
    stranger.get(&format!("{CASES}/{}", case.id)).await.refused(404, "not_found");
    take(&stranger, &case, "accept", Value::Null).await.refused(404, "not_found");
    stranger.post(CASES, leak(desk.place())).await.refused(404, "not_found");
    // The company sees what it has in hand, and no report before.
    desk.company.get(&format!("{CASES}/{}", case.id)).await.refused(404, "not_found");
    let resident = desk.app().actor(Role::Resident, desk.place()).await;
    resident.get(&format!("/v1/me/cases/{}", case.id)).await.refused(404, "not_found");
    resident.get(CASES).await.refused(403, "forbidden");
}

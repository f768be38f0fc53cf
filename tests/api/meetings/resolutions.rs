//! What was resolved, who does it by when, and who verified it.

use deliberation::meetings::dto::{ActionOut, ActionStatus, Level, ResolutionOut, ResolutionPage, ResolutionStatus};
use deliberation::notices::dto::NoticePage;
use platform::auth::Role;
use red_steward::tasks;
use serde_json::{Value, json};

use super::{MEETINGS, Table, decide, resolution_in, take, vote};
use crate::support::Client;
use crate::support::actors::{STREET, TONGDEXIANG};
use crate::territory::made;

const ACTIONS: &str = "/v1/action-items";

async fn assigned(t: &Table, row: &ResolutionOut, weight: i32) -> ActionOut {
    let body = json!({ "title": "更换灯具", "weight": weight, "owner_org_id": t.w.company.id, "due_on": "2024-02-28" });
    made(t.worker().post(&format!("/v1/resolutions/{}/action-items", row.id), body).await)
}

async fn act(who: &Client, item: &ActionOut, verb: &str, body: Value) -> ActionOut {
    take(who, &format!("{ACTIONS}/{}/{verb}", item.id), body).await.expect(200).json()
}

fn evidence() -> Value {
    json!({ "evidence": "验收单 2024-017" })
}

async fn now(t: &Table, row: &ResolutionOut) -> ResolutionOut {
    t.worker().get(&format!("/v1/resolutions/{}", row.id)).await.expect(200).json()
}

#[actix_web::test]
async fn adopted_in_force_with_the_minutes_and_done_when_verified() {
    let mut t = Table::new().await;
    let meeting = t.opened(&[0, 1, 2, 3]).await;
    let path = format!("{MEETINGS}/{}/resolutions", meeting.id);
    let proposed: ResolutionOut = made(t.worker().post(&path, resolution_in(&meeting, "楼道照明", "consensus")).await);
    assert_eq!(proposed.number, format!("{TONGDEXIANG}-2024-001"));
    let again = t.worker().post(&path, resolution_in(&meeting, "楼道照明", "advice")).await;
    again.refused(409, "resolutions.exists");
    decide(t.worker(), &proposed, "adopted").await.refused(409, "resolutions.meeting_open");
    let meeting = super::advance(t.worker(), &meeting, "close", Value::Null).await;
    let against = json!({ "outcome": "adopted", "objections": 1 });
    let decision = format!("/v1/resolutions/{}/decide", proposed.id);
    take(t.worker(), &decision, against).await.refused(422, "resolutions.no_consensus");
    let row: ResolutionOut = decide(t.worker(), &proposed, "adopted").await.expect(200).json();
    let (first, second) = (assigned(&t, &row, 3).await, assigned(&t, &row, 1).await);
    let accept = take(&t.manager.client, &format!("{ACTIONS}/{}/accept", first.id), Value::Null).await;
    accept.refused(409, "actions.resolution_over");
    t.published(&meeting).await;
    let late = t.worker().post(&path, resolution_in(&meeting, "更换门禁", "advice")).await;
    late.refused(409, "resolutions.late");
    assert_eq!(now(&t, &row).await.status, ResolutionStatus::Effective);

    take(&t.owner.client, &format!("{ACTIONS}/{}/accept", first.id), Value::Null)
        .await
        .refused(403, "actions.not_owner");
    let first = act(&t.manager.client, &first, "accept", Value::Null).await;
    assert_eq!(now(&t, &row).await.status, ResolutionStatus::InExecution);
    let first = act(&t.manager.client, &first, "progress", json!({ "progress": 40 })).await;
    assert_eq!(now(&t, &row).await.progress, Some(30), "three quarters of forty");
    let first = act(&t.manager.client, &first, "submit", evidence()).await;
    let close = take(t.worker(), &format!("{ACTIONS}/{}/close", first.id), Value::Null).await;
    close.refused(409, "actions.wrong_state");
    let note = json!({ "accepted": false, "note": "还有一盏不亮" });
    let first = act(t.worker(), &first, "verify", note).await;
    assert_eq!((first.status, first.submitted_at), (ActionStatus::Doing, None));
    let first = act(&t.manager.client, &first, "submit", evidence()).await;
    let verified = json!({ "accepted": true, "note": "现场查看" });
    let first = act(t.worker(), &first, "verify", verified.clone()).await;
    let first = act(t.worker(), &first, "close", Value::Null).await;
    assert_eq!((first.status, first.resolution_number.clone()), (ActionStatus::Closed, row.number.clone()));
    let second = act(&t.manager.client, &second, "accept", Value::Null).await;
    let second = act(&t.manager.client, &second, "submit", evidence()).await;
    act(t.worker(), &second, "verify", verified).await;
    act(t.worker(), &second, "close", Value::Null).await;
    let done = now(&t, &row).await;
    assert_eq!((done.status, done.progress), (ResolutionStatus::Done, Some(100)));
    let figures = format!("/v1/meeting-figures?area={TONGDEXIANG}&from=2024-01-01&to=2024-12-31");
    let told = t.worker().get(&figures).await.expect(200).value();
    assert_eq!(
        (told["yield_rate"]["numerator"].as_i64(), told["yield_rate"]["denominator"].as_i64()),
        (Some(1), Some(2))
    );
    let ever = format!("/v1/meeting-figures?area={TONGDEXIANG}&from=1949-01-01&to=2199-12-31");
    let ever = t.worker().get(&ever).await.expect(200).value();
    assert_eq!((&ever["yield_rate"], &ever["sessions"]), (&told["yield_rate"], &told["sessions"]), "however long");
    let review = |satisfied: bool| json!({ "satisfied": satisfied, "note": "居民评议" });
    let path = format!("/v1/resolutions/{}/review", row.id);
    let reopened: ResolutionOut = take(t.worker(), &path, review(false)).await.expect(200).json();
    assert_eq!(reopened.status, ResolutionStatus::InExecution);
    let told = t.worker().get(&figures).await.expect(200).value();
    assert_eq!(told["yield_rate"]["numerator"].as_i64(), Some(0), "what is opened again is counted back");
    take(t.worker(), &format!("/v1/resolutions/{}/complete", row.id), Value::Null).await.expect(200);
    let reviewed: ResolutionOut = take(t.worker(), &path, review(true)).await.expect(200).json();
    assert_eq!(reviewed.status, ResolutionStatus::Reviewed);
}

#[actix_web::test]
async fn a_majority_is_counted_and_a_consultation_decides_nothing() {
    let mut t = Table::new().await;
    let meeting = t.opened(&[0, 1, 2, 3]).await;
    for (delegate, choice) in t.delegates().into_iter().zip(["agree", "agree", "agree", "against"]) {
        vote(&delegate.client, &meeting, "更换门禁", choice).await.expect(200);
    }
    let meeting = super::advance(t.worker(), &meeting, "close", Value::Null).await;
    let path = format!("{MEETINGS}/{}/resolutions", meeting.id);
    let unballoted: ResolutionOut = made(t.worker().post(&path, resolution_in(&meeting, "楼道照明", "majority")).await);
    decide(t.worker(), &unballoted, "adopted").await.refused(422, "resolutions.no_ballot");
    let row = t.adopted(&meeting, "更换门禁", "majority").await;
    let tally = row.tally.expect("a tally");
    assert_eq!((tally.agree, tally.against, tally.present, tally.all), (3, 1, 4, 4));

    let mut t = Table::new().await;
    let meeting = t.closed(&[0, 1, 2]).await;
    let path = format!("{MEETINGS}/{}/resolutions", meeting.id);
    let row: ResolutionOut = made(t.worker().post(&path, resolution_in(&meeting, "楼道照明", "consensus")).await);
    decide(t.worker(), &row, "adopted").await.refused(422, "resolutions.consultation");
    decide(t.worker(), &row, "deferred").await.expect(200);
    t.adopted(&meeting, "楼道照明", "advice").await;
}

/// What the owners decide together waits for their vote, whatever the table says (Civil Code 278).
#[actix_web::test]
async fn a_dual_majority_is_not_in_force_without_the_owners() {
    let mut t = Table::new().await;
    let meeting = t.closed(&[0, 1, 2, 3]).await;
    let row = t.adopted(&meeting, "楼道照明", "dual_majority").await;
    assert!(row.requires_owner_vote);
    let effect = format!("/v1/resolutions/{}/take-effect", row.id);
    take(t.worker(), &effect, Value::Null).await.refused(409, "resolutions.not_published");
    t.published(&meeting).await;
    assert_eq!(now(&t, &row).await.status, ResolutionStatus::Adopted, "the minutes alone do not do");
    take(t.worker(), &effect, Value::Null).await.refused(422, "resolutions.owner_vote_missing");
}

#[actix_web::test]
async fn handed_back_once_and_late_a_level_up() {
    let mut t = Table::new().await;
    let meeting = t.closed(&[0, 1, 2, 3]).await;
    let row = t.adopted(&meeting, "楼道照明", "consensus").await;
    let item = assigned(&t, &row, 1).await;
    let nobody = json!({ "title": "更换灯具", "weight": 1, "owner_org_id": t.w.company.id,
        "owner_person_id": item.id, "due_on": "2024-02-28" });
    let refused = t.worker().post(&format!("/v1/resolutions/{}/action-items", row.id), nobody).await;
    let refused = refused.refused(422, "actions.owner_unknown");
    assert_eq!(refused.errors[0].pointer.as_deref(), Some("#/owner_person_id"));
    t.published(&meeting).await;
    let why = json!({ "reason": "属供电所产权" });
    let back = act(&t.manager.client, &item, "return", why.clone()).await;
    assert_eq!(back.status, ActionStatus::Returned);
    let anew = json!({ "owner_org_id": t.w.company.id, "due_on": "2024-02-20" });
    let item = act(t.worker(), &back, "reassign", anew).await;
    let twice = take(&t.manager.client, &format!("{ACTIONS}/{}/return", item.id), why).await;
    twice.refused(409, "actions.returned_once");
    assert_eq!((item.overdue, item.level), (false, Level::Community));
    t.days_later(40).await;
    let sweeps = (0..4).map(|_| tasks::sweep_meetings(&t.w.app().app));
    futures_util::future::join_all(sweeps).await;
    tasks::sweep_meetings(&t.w.app().app).await.expect("swept");
    let late: ActionOut = t.worker().get(&format!("{ACTIONS}/{}", item.id)).await.expect(200).json();
    assert_eq!((late.overdue, late.level), (true, Level::Street));
    assert_eq!(late.version, item.version + 1, "once, however many sweep");
    // The street finds it among its notices, once; whom it is not addressed to do not.
    let told = async |who: &Client| {
        let page: NoticePage = who.get("/v1/notices").await.expect(200).json();
        page.items.into_iter().filter(|notice| notice.title == "行动项逾期督办").count()
    };
    let street = t.w.app().actor(Role::StreetOfficer, STREET).await;
    assert_eq!((told(&street).await, told(&t.manager.client).await), (1, 0));
    let page = t.worker().get(&format!("{ACTIONS}?overdue=true")).await.expect(200).value();
    assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
    let table = t.worker().get(&format!("{ACTIONS}/export")).await.expect(200).text();
    assert!(table.starts_with("resolution_number,") && table.contains("更换灯具"), "{table}");
}

#[actix_web::test]
async fn nobody_verifies_their_own_and_the_street_revokes() {
    let mut t = Table::new().await;
    let meeting = t.closed(&[0, 1, 2, 3]).await;
    let row = t.adopted(&meeting, "楼道照明", "consensus").await;
    let body = json!({ "title": "张贴公示", "weight": 1, "owner_org_id": t.w.residents.id, "due_on": "2024-02-28" });
    let item: ActionOut = made(t.worker().post(&format!("/v1/resolutions/{}/action-items", row.id), body).await);
    t.published(&meeting).await;
    // The deputy director holds the role of a community worker, and handed it in herself.
    let item = act(&t.director.client, &item, "accept", Value::Null).await;
    let item = act(&t.director.client, &item, "submit", evidence()).await;
    let note = json!({ "accepted": true, "note": "本人核验" });
    let own = take(&t.director.client, &format!("{ACTIONS}/{}/verify", item.id), note).await;
    own.refused(403, "actions.self_verified");
    let why = json!({ "reason": "程序违法" });
    let path = format!("/v1/resolutions/{}/revoke", row.id);
    take(t.worker(), &path, why.clone()).await.refused(403, "forbidden");
    let street = t.w.app().actor(Role::StreetOfficer, STREET).await;
    let other = t.w.app().actor(Role::StreetOfficer, "620902001").await;
    take(&other, &path, why.clone()).await.refused(404, "not_found");
    let revoked: ResolutionOut = take(&street, &path, why).await.expect(200).json();
    assert_eq!(revoked.status, ResolutionStatus::Revoked);
    assert_eq!(revoked.actions[0].status, ActionStatus::Cancelled);
    let page: ResolutionPage = t.manager.client.get("/v1/resolutions").await.expect(200).json();
    assert_eq!(page.items.len(), 1, "whoever sat at the table reads what came of it");
}

//! A meeting from its plan to its end, and what refuses a step.

use deliberation::meetings::dto::{MeetingPage, MeetingStatus, Standing};
use platform::auth::Role;
use serde_json::{Value, json};

use super::{MEETINGS, Table, advance, item, item_in, take};
use crate::support::actors::TONGDEXIANG;

#[actix_web::test]
async fn four_parties_at_one_table() {
    let mut t = Table::new().await;
    let planned = t.planned().await;
    assert_eq!((planned.status, planned.seats.len(), planned.version), (MeetingStatus::Planned, 4, 1));
    assert_eq!(planned.required_parties.len(), 4);
    assert_eq!(planned.rule.notice_days, 3);
    let closed = t.closed(&[0, 1, 2, 3]).await;
    assert_eq!((closed.status, closed.standing), (MeetingStatus::Closed, Some(Standing::Joint)));
    assert!(closed.quorum.met && closed.quorum.missing.is_empty());
    assert!(closed.seats.iter().all(|seat| seat.person_name.as_deref() == Some("测*")), "names are masked");
    let page: MeetingPage = t.worker().get(&format!("{MEETINGS}?status=closed&include=total")).await.expect(200).json();
    assert_eq!((page.items.len(), page.total), (1, Some(1)));
    // Whoever sits there sees it, and nobody else of another place.
    for delegate in t.delegates() {
        delegate.client.get(&format!("{MEETINGS}/{}", closed.id)).await.expect(200);
        let page: MeetingPage = delegate.client.get(MEETINGS).await.expect(200).json();
        assert_eq!(page.items.iter().filter(|row| row.id == closed.id).count(), 1);
    }
    for outsider in [(Role::CommunitySecretary, "620902005002"), (Role::Resident, TONGDEXIANG)] {
        let who = t.w.app().actor(outsider.0, outsider.1).await;
        who.get(&format!("{MEETINGS}/{}", closed.id)).await.refused(404, "not_found");
        let page: MeetingPage = who.get(MEETINGS).await.expect(200).json();
        assert!(page.items.is_empty());
    }
}

#[actix_web::test]
async fn a_notice_comes_in_time_and_fixes_the_agenda() {
    let t = Table::new().await;
    let path = |id, verb: &str| format!("{MEETINGS}/{id}/{verb}");
    let meeting = t.planned().await;
    take(t.worker(), &path(meeting.id, "notify"), Value::Null).await.refused(422, "meetings.agenda_empty");
    let meeting = item(t.worker(), &meeting, item_in("楼道照明", "deliberation")).await;
    // Three full days lie between the 15th and the 19th, two between it and the 18th (Civil Code 201).
    for (day, fits) in [("2024-01-18", false), ("2024-01-19", true)] {
        let at = json!({ "starts_at": format!("{day}T01:00:00Z") });
        let moved = t.worker().patch(&format!("{MEETINGS}/{}", meeting.id), "*", at).await;
        moved.expect(200);
        let reply = take(t.worker(), &path(meeting.id, "notify"), Value::Null).await;
        let told = t.w.app().anonymous().get(&format!("/v1/screens/{TONGDEXIANG}/events")).await.expect(200).text();
        assert_eq!(told.contains("meeting.notified"), fits, "the lobby is told when it is called: {told}");
        if fits { drop(reply.expect(200)) } else { drop(reply.refused(422, "meetings.notice_short")) }
    }
    let patch = json!({ "title": "另一个名称" });
    let late = t.worker().patch(&format!("{MEETINGS}/{}", meeting.id), "*", patch).await;
    late.refused(409, "meetings.item_fixed");
    let seat = json!({ "organisation_id": t.w.branch.id, "observer": true, "votes": false });
    t.worker().post(&path(meeting.id, "seats"), seat).await.refused(409, "meetings.item_fixed");
    let vote = item_in("临时表决", "vote");
    t.worker().post(&path(meeting.id, "agenda-items"), vote).await.refused(422, "meetings.impromptu_vote");
    let late = item(t.worker(), &meeting, item_in("临时动议", "deliberation")).await;
    assert!(late.agenda.iter().any(|item| item.title == "临时动议" && item.impromptu));
    take(t.worker(), &path(meeting.id, "open"), Value::Null).await.refused(422, "meetings.too_early");
    take(t.worker(), &path(meeting.id, "close"), Value::Null).await.refused(409, "meetings.wrong_state");
}

#[actix_web::test]
async fn without_a_seat_for_each_party_there_is_no_notice() {
    let t = Table::new().await;
    let mut body = t.meeting_in();
    body["seats"] = json!([]);
    let meeting: deliberation::meetings::dto::MeetingOut =
        crate::territory::made(t.worker().post(MEETINGS, body).await);
    item(t.worker(), &meeting, item_in("楼道照明", "deliberation")).await;
    let notify = take(t.worker(), &format!("{MEETINGS}/{}/notify", meeting.id), Value::Null).await;
    notify.refused(422, "meetings.seats_missing");
}

#[actix_web::test]
async fn put_off_it_is_called_anew_and_what_has_begun_is_not_cancelled() {
    let mut t = Table::new().await;
    let meeting = t.called().await;
    let off = json!({ "reason": "强降雪", "starts_at": "2024-01-30T01:00:00Z" });
    let meeting = advance(t.worker(), &meeting, "postpone", off).await;
    assert_eq!((meeting.status, meeting.status_reason.as_deref()), (MeetingStatus::Postponed, Some("强降雪")));
    let meeting = advance(t.worker(), &meeting, "notify", Value::Null).await;
    t.days_later(15).await;
    let meeting = advance(t.worker(), &meeting, "open", Value::Null).await;
    let cancel = take(t.worker(), &format!("{MEETINGS}/{}/cancel", meeting.id), json!({ "reason": "误开" })).await;
    let problem = cancel.refused(409, "meetings.wrong_state");
    assert!(problem.errors[0].detail.contains("close"), "what may be done instead: {problem:?}");
}

#[actix_web::test]
async fn only_the_convener_convenes_and_stale_steps_are_refused() {
    let t = Table::new().await;
    let meeting = t.planned().await;
    let notify = format!("{MEETINGS}/{}/notify", meeting.id);
    // The manager sits at the table and does not run it; whoever has no such scope is told so.
    take(&t.manager.client, &notify, Value::Null).await.refused(403, "forbidden");
    let mut elsewhere = t.meeting_in();
    elsewhere["area_code"] = json!("620902005002");
    t.worker().post(MEETINGS, elsewhere).await.refused(403, "meetings.not_convener");
    item(t.worker(), &meeting, item_in("楼道照明", "deliberation")).await;
    let seat = json!({ "organisation_id": t.w.branch.id, "observer": true, "votes": false });
    t.worker().post(&format!("{MEETINGS}/{}/seats", meeting.id), seat).await.expect(200);
    let stale = t.worker().post_with(&notify, &[("If-Match", "\"v1\"")], Value::Null).await;
    stale.refused(412, "version_stale");
    t.worker().post(&notify, Value::Null).await.refused(428, "version_required");
}

#[actix_web::test]
async fn opinion_coordination_and_appraisal_follow_one_another() {
    let mut t = Table::new().await;
    let plan = |kind: &str, day: &str, follows: Option<&str>| {
        let mut body = t.meeting_in();
        body["kind"] = json!(kind);
        body["starts_at"] = json!(format!("{day}T01:00:00Z"));
        if let Some(id) = follows {
            body["follows_id"] = json!(id);
        }
        body
    };
    let (opinion, unfollowed) = (plan("opinion_meeting", "2024-01-20", None), plan("appraisal", "2024-01-20", None));
    let opinion: deliberation::meetings::dto::MeetingOut =
        crate::territory::made(t.worker().post(MEETINGS, opinion).await);
    let _: deliberation::meetings::dto::MeetingOut =
        crate::territory::made(t.worker().post(MEETINGS, unfollowed).await);
    let early = plan("coordination", "2024-01-25", Some(&opinion.id.to_string()));
    t.worker().post(MEETINGS, early).await.refused(422, "meetings.chain_broken");
    item(t.worker(), &opinion, item_in("停车难", "deliberation")).await;
    advance(t.worker(), &opinion, "notify", Value::Null).await;
    t.days_later(5).await;
    let opinion = advance(t.worker(), &opinion, "open", Value::Null).await;
    let opinion = advance(t.worker(), &opinion, "close", Value::Null).await;
    assert_eq!(opinion.standing, Some(Standing::Consultation), "nobody of the community was there");
    let mut coordination = t.meeting_in();
    coordination["kind"] = json!("coordination");
    coordination["starts_at"] = json!("2024-01-25T01:00:00Z");
    coordination["follows_id"] = json!(opinion.id);
    let second: deliberation::meetings::dto::MeetingOut =
        crate::territory::made(t.worker().post(MEETINGS, coordination.clone()).await);
    t.worker().post(MEETINGS, coordination).await.refused(409, "meetings.chain_taken");
    let chain = t.worker().get(&format!("{MEETINGS}/{}/chain", second.id)).await.expect(200).value();
    let ids: Vec<&str> = chain["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [opinion.id.to_string(), second.id.to_string()]);
    assert_eq!(chain["complete"], false);
}

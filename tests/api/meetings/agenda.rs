//! The agenda: who proposes what, from which source, and who votes on it.

use deliberation::meetings::dto::{ItemStatus, MeetingOut};
use delivery::cases::dto::CaseOut;
use platform::auth::Role;
use serde_json::json;

use super::{MEETINGS, Table, advance, check_in, item, item_in, item_of, vote};
use crate::cases::support::leak;
use crate::support::actors::DISTRICT;
use crate::territory::made;

#[actix_web::test]
async fn a_party_proposes_and_the_convener_lists_or_declines() {
    let t = Table::new().await;
    let meeting = t.planned().await;
    let path = format!("{MEETINGS}/{}/agenda-items", meeting.id);
    let proposed = item(&t.manager.client, &meeting, item_in("电梯维保", "report")).await;
    assert_eq!(proposed.agenda[0].status, ItemStatus::Proposed);
    item(&t.neighbour.client, &meeting, item_in("开放操场", "deliberation")).await;
    let at = |title: &str, now: &MeetingOut, verb: &str| format!("/v1/agenda-items/{}/{verb}", item_of(now, title));
    let now = t.now(&meeting).await;
    let reason = json!({ "reason": "上月已议" });
    t.manager
        .client
        .post(&at("开放操场", &now, "withdraw"), reason.clone())
        .await
        .refused(403, "meetings.not_proposer");
    t.worker().post(&at("开放操场", &now, "decline"), reason.clone()).await.expect(200);
    t.worker().post(&at("开放操场", &now, "list"), json!(null)).await.refused(409, "meetings.wrong_state");
    let now: MeetingOut = t.worker().post(&at("电梯维保", &now, "list"), json!(null)).await.expect(200).json();
    let status = |title: &str| now.agenda.iter().find(|item| item.title == title).expect("one").status;
    assert_eq!((status("电梯维保"), status("开放操场")), (ItemStatus::Listed, ItemStatus::Declined));
    let deep = json!({ "position": 1, "title": "子项", "kind": "report", "minutes": 5,
        "parent_id": "019b0000-0000-7000-8000-00000000dead" });
    let problem = t.worker().post(&path, deep).await.refused(422, "meetings.parent_invalid");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/parent_id"));
}

/// Whoever looks on, or administers the platform, puts nothing on the table.
#[actix_web::test]
async fn who_only_looks_on_raises_nothing() {
    let t = Table::new().await;
    let meeting = t.planned().await;
    let path = format!("{MEETINGS}/{}/agenda-items", meeting.id);
    let auditor = t.w.app().actor(Role::Auditor, DISTRICT).await;
    auditor.get(&format!("{MEETINGS}/{}", meeting.id)).await.expect(200);
    auditor.post(&path, item_in("代拟议题", "report")).await.refused(403, "meetings.no_seat");
    for role in [Role::PlatformAdmin, Role::CourtLiaison, Role::PriceAuthority] {
        let who = t.w.app().actor(role, DISTRICT).await;
        who.get(&format!("{MEETINGS}/{}", meeting.id)).await.refused(404, "not_found");
        who.post(&path, item_in("代拟议题", "report")).await.refused(404, "not_found");
    }
}

#[actix_web::test]
async fn a_source_is_one_that_the_proposer_sees() {
    let t = Table::new().await;
    let meeting = t.planned().await;
    let path = format!("{MEETINGS}/{}/agenda-items", meeting.id);
    let mut report = leak(&t.w.v.home.compound.area_code);
    report["channel"] = json!("phone");
    let case: CaseOut = made(t.worker().post("/v1/cases", report.clone()).await);
    report["channel"] = json!("grid_patrol");
    let finding: CaseOut = made(t.worker().post("/v1/cases", report).await);
    let from = |kind: &str, id: String| {
        let mut body = item_in("漏水", "deliberation");
        body["source_kind"] = json!(kind);
        body["source_id"] = json!(id);
        body
    };
    let told = item(t.worker(), &meeting, from("case", case.id.to_string())).await;
    assert_eq!(told.agenda[0].source_id.map(|id| id.to_string()), Some(case.id.to_string()));
    item(t.worker(), &meeting, from("finding", finding.id.to_string())).await;
    // What no patrol found, what nobody knows, and what the proposer may not look at.
    for (who, body) in [
        (t.worker(), from("finding", case.id.to_string())),
        (t.worker(), from("case", "019b0000-0000-7000-8000-00000000dead".into())),
        (t.worker(), from("survey", case.id.to_string())),
        (&t.neighbour.client, from("case", case.id.to_string())),
    ] {
        let problem = who.post(&path, body).await.refused(422, "meetings.source_unknown");
        assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/source_id"));
    }
    let mut legacy = item_in("十年前的化粪池", "deliberation");
    legacy["source_kind"] = json!("legacy");
    t.worker().post(&path, legacy.clone()).await.refused(422, "meetings.source_missing");
    legacy["source_note"] = json!("原单位移交时遗留");
    item(t.worker(), &meeting, legacy).await;
}

#[actix_web::test]
async fn each_seat_votes_once_and_whoever_is_bound_keeps_out() {
    let mut t = Table::new().await;
    let meeting = t.planned().await;
    let mut about = item_in("物业服务评价", "vote");
    about["object_org_id"] = json!(t.w.company.id);
    item(t.worker(), &meeting, about).await;
    let meeting = item(t.worker(), &meeting, item_in("更换门禁", "vote")).await;
    let meeting = advance(t.worker(), &meeting, "notify", json!(null)).await;
    t.days_later(5).await;
    vote(&t.director.client, &meeting, "更换门禁", "agree").await.refused(409, "meetings.wrong_state");
    let meeting = advance(t.worker(), &meeting, "open", json!(null)).await;
    let code = t.code(&meeting).await;
    vote(&t.director.client, &meeting, "更换门禁", "agree").await.refused(403, "meetings.not_present");
    for delegate in t.delegates() {
        check_in(&delegate.client, &meeting, &code).await.expect(200);
    }
    let now = t.now(&meeting).await;
    let company = super::seat_of(&now, &t.w.company).id;
    let about = now.agenda.iter().find(|item| item.title == "物业服务评价").expect("one");
    assert_eq!(about.recused_seats, [company], "shown before anybody votes");
    vote(&t.manager.client, &meeting, "物业服务评价", "agree").await.refused(403, "meetings.recused");
    vote(&t.director.client, &meeting, "物业服务评价", "agree").await.expect(200);
    for (delegate, choice) in t.delegates().into_iter().zip(["agree", "agree", "against", "abstain"]) {
        vote(&delegate.client, &meeting, "更换门禁", choice).await.expect(200);
    }
    vote(&t.director.client, &meeting, "更换门禁", "against").await.refused(409, "meetings.voted");
    vote(t.worker(), &meeting, "更换门禁", "agree").await.refused(403, "meetings.no_seat");
    let tally = |now: &MeetingOut, title: &str| {
        now.agenda.iter().find(|item| item.title == title).expect("one").vote.clone().expect("a vote")
    };
    let open = tally(&t.now(&meeting).await, "更换门禁");
    assert_eq!((open.voted, open.agree, open.carried), (4, None, None), "how they voted is not told yet");
    let closed = advance(t.worker(), &meeting, "close", json!(null)).await;
    let over = tally(&closed, "更换门禁");
    assert_eq!((over.agree, over.against, over.abstain, over.carried), (Some(2), Some(1), Some(1), Some(false)));
    let over = tally(&closed, "物业服务评价");
    assert_eq!((over.agree, over.carried), (Some(1), Some(false)), "one of three that have a voice");
}

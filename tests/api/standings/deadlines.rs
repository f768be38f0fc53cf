//! Days: to be heard, to object, to decide on that, to be repaired. Each at one less, exactly, and one more.

use oversight::standings::dto::{ListingObjectionOutcome, ListingOut, ListingPage, ListingStatus, RepairOutcome};
use platform::history::EventPage;
use red_steward::tasks::sweep_standings;
use serde_json::{Value, json};

use super::{LISTINGS, Office, listed, step, taken};
use crate::appointments::{account_id, log_in};

fn objection() -> Value {
    json!({ "words": "移交清单已由街道签收。" })
}

fn outcome(outcome: &str) -> Value {
    json!({ "outcome": outcome, "reply": "经核查。" })
}

async fn with_status(o: &Office, status: &str) -> usize {
    let page: ListingPage = o.decider.get(&format!("{LISTINGS}?status={status}")).await.expect(200).json();
    page.items.len()
}

#[actix_web::test]
async fn a_decision_waits_for_the_whole_time_to_be_heard() {
    let mut o = Office::new().await;
    let row = o.proposed("black", "handover_refused").await;
    let short = json!({ "notice_no": "3号", "hear_until": "2024-01-19" });
    let problem = step(&o.proposer, &row, "notify", short).await.refused(422, "standings.hearing_short");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/hear_until"));
    let longer = json!({ "notice_no": "3号", "hear_until": "2024-01-23" });
    let row = taken(&o.proposer, &row, "notify", longer).await;
    o.days_later(7).await;
    step(&o.decider, &row, "decide", listed()).await.refused(409, "standings.hearing_runs");
    o.days_later(1).await;
    step(&o.decider, &row, "decide", listed()).await.refused(409, "standings.hearing_runs");
    o.days_later(1).await;
    taken(&o.decider, &row, "decide", listed()).await;
}

#[actix_web::test]
async fn an_objection_keeps_it_out_of_force_until_it_is_decided() {
    let mut o = Office::new().await;
    let row = o.published().await;
    o.days_later(7).await;
    let row = taken(&o.company, &row, "object", objection()).await;
    let waiting = row.objection.as_ref().expect("an objection");
    assert_eq!((row.status, row.active_from), (ListingStatus::Objected, None));
    assert_eq!((waiting.due_on.to_string().as_str(), waiting.overdue), ("2024-02-02", false), "three working days");
    step(&o.company, &row, "object", objection()).await.refused(409, "standings.wrong_state");
    o.days_later(3).await;
    assert!(!o.now(&row).await.objection.expect("an objection").overdue, "its last day runs to its end");
    o.days_later(1).await;
    let late = o.now(&row).await;
    assert!(late.status == ListingStatus::Objected && late.objection.expect("an objection").overdue);
    let page: ListingPage = o.decider.get(&format!("{LISTINGS}?status=objected")).await.expect(200).json();
    assert!(page.items[0].objection_overdue);
    step(&o.decider, &row, "extend-objection", json!({ "reason": "需核查" }))
        .await
        .refused(409, "standings.extension_late");
    sweep_standings(&o.app().app).await.expect("swept");
    sweep_standings(&o.app().app).await.expect("swept");
    let history: EventPage = o.decider.get(&format!("{LISTINGS}/{}/history", row.id)).await.expect(200).json();
    let alarms = history.items.iter().filter(|event| event.event == "listing.objection_overdue").count();
    assert_eq!(alarms, 1, "told once");
    let row = o.now(&row).await;
    step(&o.proposer, &row, "decide-objection", outcome("dismissed")).await.refused(403, "standings.same_person");
    let row = taken(&o.decider, &row, "decide-objection", outcome("dismissed")).await;
    assert_eq!(
        (row.status, row.active_from.expect("a day").to_string().as_str()),
        (ListingStatus::Active, "2024-02-03")
    );
    let decided = row.objection.expect("an objection");
    assert_eq!((decided.outcome, decided.overdue), (Some(ListingObjectionOutcome::Dismissed), true));
}

#[actix_web::test]
async fn an_objection_that_is_verified_takes_seven_days_and_may_be_upheld() {
    let mut o = Office::new().await;
    let row = o.published().await;
    let row = taken(&o.company, &row, "object", objection()).await;
    assert_eq!(row.objection.as_ref().expect("an objection").due_on.to_string(), "2024-01-26");
    o.days_later(3).await;
    let reason = json!({ "reason": "需向街道核查签收记录" });
    let row = taken(&o.decider, &row, "extend-objection", reason.clone()).await;
    assert_eq!(row.objection.as_ref().expect("an objection").due_on.to_string(), "2024-02-01", "counted from the 23rd");
    step(&o.decider, &row, "extend-objection", reason).await.refused(409, "standings.extended");
    let row = taken(&o.decider, &row, "decide-objection", outcome("upheld")).await;
    assert_eq!((row.status, row.ended_on.expect("a day").to_string().as_str()), (ListingStatus::Revoked, "2024-01-26"));
    step(&o.decider, &row, "decide-objection", outcome("dismissed")).await.refused(409, "standings.wrong_state");
    o.proposed("black", "charging_unlawful").await;
}

#[actix_web::test]
async fn who_objects_too_late_finds_it_in_force() {
    let mut o = Office::new().await;
    let row = o.published().await;
    o.days_later(8).await;
    step(&o.company, &row, "object", objection()).await.refused(409, "standings.objection_late");
    assert_eq!(with_status(&o, "published").await, 0);
    assert_eq!(with_status(&o, "active").await, 1, "by the day alone");
    sweep_standings(&o.app().app).await.expect("swept");
    let swept = o.now(&row).await;
    assert_eq!((swept.status, swept.version), (ListingStatus::Active, row.version + 1));
    step(&o.company, &swept, "object", objection()).await.refused(409, "standings.wrong_state");
}

#[actix_web::test]
async fn it_is_repaired_after_six_months_and_not_a_day_before() {
    let mut o = Office::new().await;
    let row = o.published().await;
    let repair = |on: &str| json!({ "corrected_on": on, "correction": "资料已全部移交。" });
    step(&o.proposer, &row, "repair", repair("2024-01-23")).await.refused(409, "standings.wrong_state");
    // Published on 23 January: 181 days later is 22 July.
    o.days_later(181).await;
    step(&o.proposer, &row, "repair", repair("2024-06-30")).await.refused(422, "standings.repair_early");
    o.days_later(1).await;
    let problem =
        step(&o.proposer, &row, "repair", repair("2024-01-22")).await.refused(422, "standings.corrected_when");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/corrected_on"));
    let row = taken(&o.proposer, &row, "repair", repair("2024-06-30")).await;
    assert_eq!(
        (row.status, row.ended_on.expect("a day").to_string().as_str()),
        (ListingStatus::Repaired, "2024-07-23")
    );
    step(&o.proposer, &row, "repair", repair("2024-06-30")).await.refused(409, "standings.wrong_state");
}

#[actix_web::test]
async fn what_has_run_out_is_read_and_swept_as_expired_and_stands_in_nobodys_way() {
    let mut o = Office::new().await;
    let row = o.published().await;
    // Valid to 23 January 2025, a year after it was decided.
    o.days_later(366).await;
    assert_eq!(o.now(&row).await.status, ListingStatus::Active, "on its last day");
    let again = o.listing_in("black", "charging_unlawful");
    o.proposer.post(LISTINGS, again).await.refused(409, "standings.already_listed");
    o.days_later(1).await;
    assert_eq!((with_status(&o, "active").await, with_status(&o, "expired").await), (0, 1));
    let new: ListingOut = o.proposed("black", "charging_unlawful").await;
    let old = o.now(&row).await;
    assert_eq!((old.status, old.version), (ListingStatus::Expired, row.version + 2), "written down on the way");
    assert_eq!(new.status, ListingStatus::Proposed);
    step(&o.decider, &old, "revoke", json!({ "reason": "误列" })).await.refused(409, "standings.wrong_state");
}

#[actix_web::test]
async fn what_was_published_wrongly_is_revoked() {
    let mut o = Office::new().await;
    let row = o.published().await;
    step(&o.proposer, &row, "withdraw", json!({ "reason": "误列" })).await.refused(409, "standings.wrong_state");
    let row = taken(&o.decider, &row, "revoke", json!({ "reason": "主体有误" })).await;
    assert_eq!(row.status, ListingStatus::Revoked);
    sweep_standings(&o.app().app).await.expect("swept");
    assert_eq!(o.now(&row).await.version, row.version);
}

#[actix_web::test]
async fn the_organisation_asks_to_be_repaired_and_is_answered() {
    let mut o = Office::new().await;
    let rival = o.rival().await;
    let row = o.published().await;
    let asked = |on: &str| json!({ "corrected_on": on, "correction": "资料已全部移交。" });
    step(&o.company, &row, "request-repair", asked("2024-01-23")).await.refused(409, "standings.wrong_state");
    o.days_later(181).await;
    step(&o.company, &row, "request-repair", asked("2024-06-30")).await.refused(422, "standings.repair_early");
    o.days_later(1).await;
    step(&o.proposer, &row, "request-repair", asked("2024-06-30")).await.refused(403, "forbidden");
    let rival = log_in(o.app(), account_id(&rival)).await;
    step(&rival, &row, "request-repair", asked("2024-06-30")).await.refused(404, "not_found");
    let reply = json!({ "reply": "移交清单仍缺两项。" });
    step(&o.proposer, &row, "decline-repair", reply.clone()).await.refused(409, "standings.no_repair_request");
    let waits = taken(&o.company, &row, "request-repair", asked("2024-06-30")).await;
    assert_eq!((waits.status, waits.version), (ListingStatus::Active, row.version + 1));
    assert_eq!(waits.repair_request.as_ref().expect("a request").outcome, None);
    step(&o.company, &row, "request-repair", asked("2024-06-30")).await.refused(412, "version_stale");
    step(&o.company, &waits, "request-repair", asked("2024-06-30")).await.refused(409, "standings.repair_requested");

    let declined = taken(&o.proposer, &waits, "decline-repair", reply).await;
    let answered = declined.repair_request.as_ref().expect("a request");
    assert_eq!(
        (answered.outcome, answered.reply.as_deref()),
        (Some(RepairOutcome::Declined), Some("移交清单仍缺两项。"))
    );
    let own: ListingOut = o.company.get(&format!("{LISTINGS}/{}", row.id)).await.expect(200).json();
    assert_eq!(own.repair_request.expect("a request").outcome, Some(RepairOutcome::Declined));
    let again = taken(&o.company, &declined, "request-repair", asked("2024-07-01")).await;
    let repaired = taken(&o.proposer, &again, "repair", asked("2024-07-01")).await;
    let granted = repaired.repair_request.as_ref().expect("a request");
    assert_eq!((repaired.status, granted.outcome), (ListingStatus::Repaired, Some(RepairOutcome::Granted)));
    step(&o.company, &repaired, "request-repair", asked("2024-07-01")).await.refused(409, "standings.wrong_state");
}

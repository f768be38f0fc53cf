//! Pauses where something else happens to the case meanwhile.

use delivery::cases::dto::{CaseOut, ClockKind, ClockOut, DeadlinesOut, HoldsOut, Status, Tier};
use red_steward::tasks;
use serde_json::{Value, json};

use super::support::{CASES, Desk, finish, take, taken};

async fn asked(desk: &Desk, case: &CaseOut, until: &str) -> (CaseOut, String) {
    let body = json!({ "cause": "waiting_for_materials", "note": "等配件", "until": until });
    let case = taken(&desk.company, case, "holds", body).await;
    let holds: HoldsOut = desk.worker().get(&format!("{CASES}/{}/holds", case.id)).await.expect(200).json();
    (case, format!("holds/{}/decide", holds.items.last().expect("a hold").id))
}

/// A case that stands still until then.
async fn suspended(desk: &Desk, case: &CaseOut, until: &str) -> CaseOut {
    let (case, decide) = asked(desk, case, until).await;
    taken(desk.worker(), &case, &decide, json!({ "approved": true })).await
}

async fn told(desk: &Desk, case: &CaseOut) -> DeadlinesOut {
    desk.district.get(&format!("{CASES}/{}/deadlines", case.id)).await.expect(200).json()
}

fn resolve(told: &DeadlinesOut) -> &ClockOut {
    told.clocks.iter().find(|clock| clock.clock == ClockKind::Resolve).expect("a clock")
}

fn levels(told: &DeadlinesOut) -> Vec<i32> {
    told.alarms.iter().filter(|alarm| alarm.clock == ClockKind::Resolve).map(|alarm| alarm.level).collect()
}

async fn sweep(desk: &Desk) {
    tasks::sweep_cases(&desk.app().app).await.expect("swept");
}

#[actix_web::test]
async fn a_pause_is_not_allowed_when_its_time_is_over() {
    let mut desk = Desk::new().await;
    let case = desk.in_progress().await;
    let (case, decide) = asked(&desk, &case, "2024-01-15T04:00:00Z").await;
    desk.minutes_later(60 * 4).await;
    take(desk.worker(), &case, &decide, json!({ "approved": true })).await.refused(422, "cases.hold_over");
    let refused = taken(desk.worker(), &case, &decide, json!({ "approved": false, "note": "已过期" })).await;
    assert_eq!((refused.status, refused.due_at), (Status::InProgress, case.due_at));
}

#[actix_web::test]
async fn the_next_step_goes_through_behind_a_pause_that_nobody_swept() {
    let mut desk = Desk::new().await;
    let case = desk.in_progress().await;
    let case = suspended(&desk, &case, "2024-01-16T02:00:00Z").await;
    desk.minutes_later(60 * 24 * 2).await;
    take(&desk.company, &case, "finish", finish()).await.refused(412, "version_stale");
    let read = desk.now(&case).await;
    let explained = told(&desk, &case).await;
    assert_eq!((read.status, read.due_at), (Status::InProgress, explained.due_at));
    assert_eq!(Some(resolve(&explained).due_at), read.due_at, "the clock is read as the case is");
    let done = taken(&desk.company, &read, "finish", finish()).await;
    assert_eq!((done.status, done.version, done.due_at), (Status::Done, read.version + 1, read.due_at));
}

#[actix_web::test]
async fn time_stands_still_in_the_explanation_and_a_breach_before_it_stays_one() {
    let mut desk = Desk::new().await;
    let (fresh, late) = (desk.in_progress().await, desk.in_progress().await);
    let fresh = suspended(&desk, &fresh, "2024-01-19T02:00:00Z").await;
    let before = told(&desk, &fresh).await;
    desk.minutes_later(60 * 24 + 30).await;
    let after = told(&desk, &fresh).await;
    assert_eq!(resolve(&after).remaining_minutes, resolve(&before).remaining_minutes);
    assert_eq!((after.overdue, resolve(&after).breached), (false, false), "its date passed while it stood still");
    let late = suspended(&desk, &desk.now(&late).await, "2024-01-19T02:00:00Z").await;
    let explained = told(&desk, &late).await;
    assert_eq!((explained.overdue, resolve(&explained).breached), (true, true));
}

#[actix_web::test]
async fn a_pause_of_what_is_overdue_does_not_keep_it_from_going_up() {
    let mut desk = Desk::new().await;
    let case = desk.in_progress().await;
    desk.minutes_later(60 * 24 + 30).await;
    sweep(&desk).await;
    let case = suspended(&desk, &desk.now(&case).await, "2024-01-19T02:00:00Z").await;
    assert_eq!(levels(&told(&desk, &case).await), [1, 2, 3]);
    desk.minutes_later(60).await;
    let resumed = taken(&desk.street, &case, "resume", Value::Null).await;
    assert_eq!((resumed.status, resumed.due_at), (Status::InProgress, case.due_at), "a date that had passed stays");
    desk.minutes_later(60 * 24 * 3).await;
    sweep(&desk).await;
    assert_eq!(levels(&told(&desk, &case).await), [1, 2, 3, 4]);
    assert_eq!(desk.now(&case).await.tier, Tier::Community);
}

#[actix_web::test]
async fn a_case_that_was_merged_while_it_stood_still_stops_no_sweep() {
    let mut desk = Desk::new().await;
    let case = desk.in_progress().await;
    let case = suspended(&desk, &case, "2024-01-16T02:00:00Z").await;
    let target = desk.in_progress().await;
    let merged = taken(desk.worker(), &case, "merge", json!({ "target_id": target.id })).await;
    desk.minutes_later(60 * 24 * 3).await;
    sweep(&desk).await;
    assert_eq!(levels(&told(&desk, &target).await), [1, 2, 3, 4], "the clocks of the others were swept");
    let back = taken(desk.worker(), &merged, "unmerge", Value::Null).await;
    sweep(&desk).await;
    let read = desk.now(&back).await;
    assert_eq!(read.status, Status::InProgress, "its pause is over as well");
    assert!(read.due_at > case.due_at);
}

#[actix_web::test]
async fn a_resident_or_another_handler_resumes_nothing() {
    let desk = Desk::new().await;
    let case = desk.in_progress().await;
    take(&desk.company, &case, "resume", Value::Null).await.refused(409, "cases.wrong_state");
    let case = suspended(&desk, &case, "2024-01-16T02:00:00Z").await;
    take(&desk.resident, &case, "resume", Value::Null).await.refused(403, "forbidden");
    let resumed = taken(&desk.company, &case, "resume", Value::Null).await;
    assert_eq!(resumed.status, Status::InProgress);
}

#[actix_web::test]
async fn one_hold_behind_the_other_stops_the_clocks_for_forty_days_at_most() {
    let mut desk = Desk::new().await;
    let mut case = desk.in_progress().await;
    // Nineteen working days, twice.
    for (until, days) in [("2024-02-09T02:00:00Z", 25), ("2024-03-07T02:00:00Z", 27)] {
        suspended(&desk, &case, until).await;
        desk.minutes_later(60 * 24 * days + 61).await;
        sweep(&desk).await;
        case = desk.now(&case).await;
        assert_eq!(case.status, Status::InProgress);
    }
    let ask = |until: &str| json!({ "cause": "waiting_for_materials", "note": "等配件", "until": until });
    take(&desk.company, &case, "holds", ask("2024-03-14T02:00:00Z")).await.refused(422, "cases.holds_too_long");
    taken(&desk.company, &case, "holds", ask("2024-03-08T02:00:00Z")).await;
}

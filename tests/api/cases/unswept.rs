//! Nobody sweeps: what is read is what time has done all the same, and what a sweep then writes down.

use delivery::cases::dto::{CaseOut, DeadlinesOut, Status, Tier};
use red_steward::tasks;
use serde_json::json;

use super::support::{CASES, Desk, is, taken, visit};
use super::visits_queue::one_in_a_hundred;

async fn deadlines(desk: &Desk, case: &CaseOut) -> DeadlinesOut {
    desk.district.get(&format!("{CASES}/{}/deadlines", case.id)).await.expect(200).json()
}

fn levels(told: &DeadlinesOut) -> Vec<(String, i32, i64)> {
    let mut alarms: Vec<_> =
        told.alarms.iter().map(|alarm| (alarm.clock.to_string(), alarm.level, alarm.at.micros())).collect();
    alarms.sort();
    alarms
}

/// What is read before anybody has swept, and behind that, is the same.
async fn read_and_swept(desk: &Desk, case: &CaseOut) -> CaseOut {
    let (read, told) = (desk.now(case).await, deadlines(desk, case).await);
    tasks::sweep_cases(&desk.app().app).await.expect("swept");
    let (swept, explained) = (desk.now(case).await, deadlines(desk, case).await);
    assert_eq!(
        (read.status, read.tier, read.closed_at, read.due_at, read.version),
        (swept.status, swept.tier, swept.closed_at, swept.due_at, swept.version)
    );
    assert_eq!(levels(&told), levels(&explained));
    assert_eq!(told.overdue, explained.overdue);
    read
}

#[actix_web::test]
async fn what_is_overdue_is_a_tier_up() {
    let mut desk = Desk::new().await;
    let case = desk.in_progress().await;
    assert_eq!(case.tier, Tier::Branch);
    desk.minutes_later(60 * 24 * 14).await;
    let read = read_and_swept(&desk, &case).await;
    assert_eq!((read.tier, read.version), (Tier::Community, case.version + 1));
}

#[actix_web::test]
async fn a_step_on_what_was_read_is_a_step_on_what_stands() {
    let mut desk = Desk::new().await;
    let case = desk.in_progress().await;
    desk.minutes_later(60 * 24 * 14).await;
    let read = desk.now(&case).await;
    let raised = taken(desk.worker(), &read, "escalate", json!({ "reason": "需多部门协调" })).await;
    assert_eq!((raised.tier, raised.version), (Tier::Street, read.version + 1));
    tasks::sweep_cases(&desk.app().app).await.expect("swept");
    assert_eq!(desk.now(&case).await.version, raised.version, "nothing is set off twice");
}

#[actix_web::test]
async fn what_nobody_answers_for_is_closed() {
    let mut desk = Desk::new().await;
    let case = desk.done().await;
    let tried = taken(desk.worker(), &case, "visits", visit("unreachable")).await;
    desk.minutes_later(60 * 24 * 9).await;
    let read = read_and_swept(&desk, &case).await;
    is(&read, Status::Closed);
    assert_eq!(read.closed_at, Some(tried.updated_at.plus(chrono::Duration::days(7))), "when the week was over");
}

#[actix_web::test]
async fn what_the_sample_leaves_out_is_closed() {
    let mut desk = Desk::new().await;
    one_in_a_hundred(&desk).await;
    let mut cases = Vec::new();
    for _ in 0..4 {
        cases.push(desk.done().await);
    }
    desk.minutes_later(60 * 24 * 24).await;
    let mut closed = 0;
    for case in &cases {
        closed += usize::from(read_and_swept(&desk, case).await.status == Status::Closed);
    }
    assert!(closed > 0, "four of four at one in a hundred: once in a hundred million runs");
}

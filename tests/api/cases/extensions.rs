//! More time where something else happens to the case meanwhile.

use delivery::cases::dto::{CaseOut, ClockKind, DeadlinesOut, ExtensionsOut, HoldsOut, Status};
use red_steward::tasks;
use serde_json::json;

use super::support::{CASES, Desk, finish, take, taken};

/// Asked for by the handler; answers the step that decides it.
async fn asked(desk: &Desk, case: &CaseOut) -> (CaseOut, String) {
    let body = json!({ "working_days": 2, "reason": "配件须从外地调运" });
    let case = taken(&desk.company, case, "extensions", body).await;
    let list: ExtensionsOut = desk.worker().get(&format!("{CASES}/{}/extensions", case.id)).await.expect(200).json();
    (case, format!("extensions/{}/decide", list.items.last().expect("an extension").id))
}

async fn told(desk: &Desk, case: &CaseOut) -> DeadlinesOut {
    desk.district.get(&format!("{CASES}/{}/deadlines", case.id)).await.expect(200).json()
}

#[actix_web::test]
async fn there_is_no_more_time_for_what_is_done() {
    let desk = Desk::new().await;
    let (case, decide) = asked(&desk, &desk.in_progress().await).await;
    let done = taken(&desk.company, &case, "finish", finish()).await;
    take(desk.worker(), &done, &decide, json!({ "approved": true })).await.refused(409, "cases.wrong_state");
    assert_eq!(desk.now(&done).await.due_at, case.due_at);
}

#[actix_web::test]
async fn more_time_given_during_a_pause_sets_nothing_off_before_it_ends() {
    let mut desk = Desk::new().await;
    let (case, decide) = asked(&desk, &desk.in_progress().await).await;
    let hold = json!({ "cause": "waiting_for_materials", "note": "等配件", "until": "2024-02-02T02:00:00Z" });
    let case = taken(&desk.company, &case, "holds", hold).await;
    let holds: HoldsOut = desk.worker().get(&format!("{CASES}/{}/holds", case.id)).await.expect(200).json();
    let allow = format!("holds/{}/decide", holds.items[0].id);
    let still = taken(desk.worker(), &case, &allow, json!({ "approved": true })).await;
    let given = taken(desk.worker(), &still, &decide, json!({ "approved": true })).await;
    assert_eq!(given.status, Status::Suspended);
    assert!(given.due_at > case.due_at);
    desk.minutes_later(60 * 24 * 10).await;
    tasks::sweep_cases(&desk.app().app).await.expect("swept");
    assert!(told(&desk, &case).await.alarms.is_empty(), "the clocks stand still");
}

#[actix_web::test]
async fn the_moments_before_the_date_move_with_it() {
    let desk = Desk::new().await;
    let case = desk.in_progress().await;
    let before = told(&desk, &case).await;
    let (case, decide) = asked(&desk, &case).await;
    let given = taken(desk.worker(), &case, &decide, json!({ "approved": true })).await;
    let after = told(&desk, &given).await;
    let resolve = |told: &DeadlinesOut| {
        let clock = told.clocks.iter().find(|clock| clock.clock == ClockKind::Resolve).expect("a clock");
        (clock.warn_at, clock.due_at)
    };
    let ((warn, due), (warned, moved)) = (resolve(&before), resolve(&after));
    // Two working days later, Monday to Wednesday: by the same two days of the week.
    let days = chrono::Duration::days(2);
    assert_eq!((warned, moved, given.due_at), (warn.plus(days), due.plus(days), Some(moved)));
}

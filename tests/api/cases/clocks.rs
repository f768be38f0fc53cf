//! The clocks over HTTP: what they set off, what stops them, what moves them, and why a case is due when it is.

use delivery::cases::dto::{CaseOut, ClockKind, ClockOut, DeadlinesOut, ExtensionsOut, HoldsOut, Status, Tier};
use platform::auth::Role;
use red_steward::tasks;
use serde_json::{Value, json};

use super::support::{CASES, Desk, contact, take, taken, taken_now};
use crate::support::Client;
use crate::support::actors::{DISTRICT, TONGDEXIANG};

async fn told(who: &Client, case: &CaseOut) -> DeadlinesOut {
    who.get(&format!("{CASES}/{}/deadlines", case.id)).await.expect(200).json()
}

fn clock(told: &DeadlinesOut, kind: ClockKind) -> &ClockOut {
    told.clocks.iter().rev().find(|clock| clock.clock == kind).expect("a clock")
}

async fn hold(desk: &Desk, case: &CaseOut, until: &str) -> CaseOut {
    let body = json!({ "cause": "waiting_for_materials", "note": "等配件", "until": until });
    taken(&desk.company, case, "holds", body).await
}

async fn last_hold(desk: &Desk, case: &CaseOut) -> String {
    let holds: HoldsOut = desk.worker().get(&format!("{CASES}/{}/holds", case.id)).await.expect(200).json();
    holds.items.last().expect("a hold").id.to_string()
}

#[actix_web::test]
async fn a_deadline_is_explained_window_by_window() {
    let desk = Desk::new().await;
    // Monday 2024-01-15, 09:00: an urgent repair is due after one working day.
    let case = desk.reported().await;
    let told = told(desk.worker(), &case).await;
    let resolve = clock(&told, ClockKind::Resolve);
    let counted: i64 = resolve.windows.iter().map(|w| (w.to.seconds() - w.from.seconds()) / 60).sum();
    assert_eq!((i64::from(resolve.budget_minutes), counted), (resolve.remaining_minutes, resolve.remaining_minutes));
    assert_eq!((told.overdue, resolve.breached, told.due_at), (false, false, case.due_at));
    assert_eq!(resolve.due_at, case.due_at.expect("due"));
    assert!(told.policy.urgency.is_some() && told.policy_set_id.is_none(), "the default policy for what is urgent");
}

#[actix_web::test]
async fn each_level_is_set_off_once_and_overdue_goes_up_without_moving_the_date() {
    let mut desk = Desk::new().await;
    let case = desk.in_progress().await;
    desk.minutes_later(60 * 24 * 4).await;
    for _ in 0..3 {
        tasks::sweep_cases(&desk.app().app).await.expect("swept");
    }
    let told = told(desk.worker(), &case).await;
    let levels = |kind: ClockKind| -> Vec<i32> {
        told.alarms.iter().filter(|alarm| alarm.clock == kind).map(|alarm| alarm.level).collect()
    };
    assert_eq!(levels(ClockKind::Resolve), [1, 2, 3, 4]);
    assert!(levels(ClockKind::Sign).is_empty(), "it was signed in time");
    let now = desk.now(&case).await;
    assert_eq!((now.tier, now.due_at, now.status), (Tier::Community, case.due_at, Status::InProgress));
    assert!(told.overdue && clock(&told, ClockKind::Resolve).breached);
}

#[actix_web::test]
async fn four_sweepers_at_once_have_one_effect() {
    let mut desk = Desk::new().await;
    let case = desk.reported().await;
    // Two clocks each: 200 with the first.
    let mut all = vec![case.clone()];
    for _ in 0..99 {
        all.push(desk.reported().await);
    }
    desk.minutes_later(60 * 24 * 30).await;
    let app = desk.app().app.clone();
    let sweeps = (0..4).map(|_| tasks::sweep_cases(&app));
    for swept in futures_util::future::join_all(sweeps).await {
        swept.expect("swept");
    }
    for case in &all {
        let told = told(desk.worker(), case).await;
        for kind in [ClockKind::Accept, ClockKind::Resolve] {
            let levels = told.alarms.iter().filter(|alarm| alarm.clock == kind).map(|alarm| alarm.level);
            assert_eq!(levels.collect::<Vec<_>>(), [1, 2, 3, 4], "{kind} of {}", case.number);
        }
    }
    assert_eq!(desk.now(&case).await.tier, Tier::Street, "not accepted and overdue: a level up for each");
}

#[actix_web::test]
async fn what_is_not_signed_in_time_goes_up() {
    let mut desk = Desk::new().await;
    let case = desk.dispatched().await;
    desk.minutes_later(150).await;
    tasks::sweep_cases(&desk.app().app).await.expect("swept");
    let now = desk.now(&case).await;
    assert_eq!((now.tier, now.status), (Tier::Community, Status::Dispatched));
    let objection = json!({ "reason": "not_ours", "note": "属供热公司" });
    take(&desk.company, &now, "return", objection).await.refused(422, "cases.sign_window");
}

#[actix_web::test]
async fn a_pause_moves_the_date_by_its_own_length() {
    let mut desk = Desk::new().await;
    let case = desk.in_progress().await;
    let case = hold(&desk, &case, "2024-01-17T10:00:00Z").await;
    let id = last_hold(&desk, &case).await;
    let decide = format!("holds/{id}/decide");
    take(&desk.branch, &case, &decide, json!({ "approved": true })).await.refused(403, "forbidden");
    let case = taken(desk.worker(), &case, &decide, json!({ "approved": true, "note": "同意" })).await;
    assert_eq!(case.status, Status::Suspended);
    take(desk.worker(), &case, &decide, json!({ "approved": true })).await.refused(409, "cases.wrong_state");
    let before = told(desk.worker(), &case).await;
    // Two hours of the working morning of the same Monday.
    desk.minutes_later(120).await;
    let case = taken(&desk.company, &case, "resume", Value::Null).await;
    let after = told(desk.worker(), &case).await;
    assert_eq!(case.status, Status::InProgress);
    let (old, new) = (clock(&before, ClockKind::Resolve), clock(&after, ClockKind::Resolve));
    assert_eq!(new.remaining_minutes, old.remaining_minutes, "nothing was used up while it stood");
    assert_eq!(case.due_at, Some(new.due_at));
}

#[actix_web::test]
async fn a_pause_that_is_over_has_ended_whether_or_not_anybody_sweeps() {
    let mut desk = Desk::new().await;
    let case = desk.in_progress().await;
    let case = hold(&desk, &case, "2024-01-16T02:00:00Z").await;
    let decide = format!("holds/{}/decide", last_hold(&desk, &case).await);
    let case = taken(desk.worker(), &case, &decide, json!({ "approved": true })).await;
    desk.minutes_later(60 * 24 * 2).await;
    let read = desk.now(&case).await;
    assert_eq!((read.status, read.version), (Status::InProgress, case.version + 1), "right on read");
    assert!(read.due_at > case.due_at);
    tasks::sweep_cases(&desk.app().app).await.expect("swept");
    let swept = desk.now(&case).await;
    assert_eq!((swept.status, swept.due_at, swept.version), (Status::InProgress, read.due_at, read.version));
}

#[actix_web::test]
async fn a_hold_is_bounded_and_nobody_allows_their_own() {
    let desk = Desk::new().await;
    let case = desk.in_progress().await;
    let too_long = json!({ "cause": "waiting_for_vote", "note": "x", "until": "2024-06-01T00:00:00Z" });
    take(&desk.company, &case, "holds", too_long).await.refused(422, "cases.hold_too_long");
    let case = hold(&desk, &case, "2024-01-17T10:00:00Z").await;
    let again = json!({ "cause": "waiting_for_vote", "note": "x", "until": "2024-01-16T10:00:00Z" });
    take(&desk.company, &case, "holds", again).await.refused(409, "cases.hold_open");
    let id = last_hold(&desk, &case).await;
    let case = taken(&desk.company, &case, &format!("holds/{id}/withdraw"), Value::Null).await;
    let decide = format!("holds/{id}/decide");
    take(desk.worker(), &case, &decide, json!({ "approved": true })).await.refused(409, "cases.not_requested");
}

#[actix_web::test]
async fn more_time_is_given_once_before_the_date_and_the_reporter_is_told() {
    let mut desk = Desk::new().await;
    let case = desk.in_progress().await;
    let ask = |days: i64| json!({ "working_days": days, "reason": "配件须从外地调运" });
    take(&desk.company, &case, "extensions", ask(6)).await.refused(422, "cases.extension_too_long");
    let asked = taken(&desk.company, &case, "extensions", ask(5)).await;
    take(&desk.company, &asked, "extensions", ask(1)).await.refused(409, "cases.extended_already");
    let list: ExtensionsOut = desk.worker().get(&format!("{CASES}/{}/extensions", case.id)).await.expect(200).json();
    let decide = format!("extensions/{}/decide", list.items[0].id);
    let given = taken(desk.worker(), &asked, &decide, json!({ "approved": true })).await;
    let days = (given.due_at.unwrap().seconds() - case.due_at.unwrap().seconds()) / 86_400;
    assert_eq!(days, 7, "five working days and the week-end between");
    take(&desk.company, &given, "extensions", ask(1)).await.refused(409, "cases.extended_already");
    let late = desk.in_progress().await;
    desk.minutes_later(60 * 24 * 3).await;
    let late = desk.now(&late).await;
    take(&desk.company, &late, "extensions", ask(1)).await.refused(422, "cases.extension_late");
}

#[actix_web::test]
async fn a_tie_of_policies_is_refused_when_it_is_saved() {
    let desk = Desk::new().await;
    let budget = |amount: i32| json!({ "amount": amount, "unit": "working_days" });
    let policy = |named: Value| {
        let mut policy = json!({ "accept": budget(1), "sign": budget(1), "contact": budget(1), "resolve": budget(2),
            "reopened": budget(1), "visit": budget(3) });
        policy.as_object_mut().unwrap().extend(named.as_object().unwrap().clone());
        policy
    };
    let rule = |policies: Value| {
        json!({ "key": "cases.deadlines", "area_code": TONGDEXIANG, "params": { "policies": policies },
            "legal_basis": "本地规则", "effective_from": "2024-01-15" })
    };
    let tie = json!([policy(json!({})), policy(json!({ "kind": "repair" })), policy(json!({ "urgency": "urgent" }))]);
    let authority = desk.app().actor(Role::DistrictCoord, DISTRICT).await;
    authority.post("/v1/rule-sets", rule(tie)).await.refused(422, "rule_sets.params");
    let good = json!([policy(json!({})), policy(json!({ "kind": "repair" }))]);
    authority.post("/v1/rule-sets", rule(good)).await.expect(201);
    let told = told(desk.worker(), &desk.reported().await).await;
    assert_eq!(
        (told.policy.resolve.amount, told.policy_set_id.is_some()),
        (2, true),
        "the place's own policy is pinned"
    );
}

/// Scenario 5: Friday 17:30 and one working day, across the make-up Sunday before National Day 2024.
#[actix_web::test]
async fn one_working_day_from_a_friday_evening_ends_on_the_make_up_sunday() {
    let mut desk = Desk::new().await;
    let year = json!({ "year": 2024, "papers": ["http://www.gov.cn/zhengce/content/202310/content_6911527.htm"], "days": [
        { "name": "国庆节", "date": "2024-09-29", "isOffDay": false },
        { "name": "国庆节", "date": "2024-10-01", "isOffDay": true },
        { "name": "国庆节", "date": "2024-10-12", "isOffDay": false } ] });
    desk.district.post(&format!("/v1/holiday-imports?area={DISTRICT}"), year).await.expect(200);
    let friday: platform::db::Ts =
        chrono::DateTime::parse_from_rfc3339("2024-09-27T17:30:00+08:00").unwrap().to_utc().into();
    let minutes = (friday.seconds() - desk.app().clock.now().seconds()) / 60;
    desk.minutes_later(minutes).await;
    let case = desk.reported().await;
    let due = case.due_at.unwrap().utc().with_timezone(&chrono::FixedOffset::east_opt(8 * 3600).unwrap());
    assert_eq!(due.to_rfc3339(), "2024-09-29T17:30:00+08:00");
    let case = taken_now(desk.worker(), &case, "accept", Value::Null).await;
    let case = taken_now(desk.worker(), &case, "dispatch", json!({})).await;
    let case = taken_now(&desk.company, &case, "sign", Value::Null).await;
    taken_now(&desk.company, &case, "start", contact()).await;
}

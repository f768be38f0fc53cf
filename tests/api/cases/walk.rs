//! Scenario 4, up to the community, and the walk of each state.

use delivery::cases::dto::{CaseOut, CasePage, Outcome, Status, Tier, VisitsOut};
use delivery::cases::replay;
use platform::history::EventPage;
use serde_json::{Value, json};

use super::support::{CASES, Desk, MINE, contact, finish, is, report, take, taken, taken_now, visit};

fn names(history: &EventPage) -> Vec<String> {
    history.items.iter().map(|event| event.event.trim_start_matches("case.").to_owned()).collect()
}

#[actix_web::test]
async fn dissatisfied_twice_it_goes_a_level_up_and_closes_satisfied() {
    let mut desk = Desk::new().await;
    let case = desk.reported().await;
    assert_eq!((case.status, case.tier, case.round), (Status::Submitted, Tier::Branch, 1));
    assert!(case.due_at.is_some(), "an open case is never without a date");
    desk.minutes_later(12).await;
    let case = taken(&desk.branch, &case, "accept", json!({})).await;
    assert_eq!((case.accepted_at.expect("accepted").seconds() - case.reported_at.seconds()) / 60, 12);
    let case = taken(&desk.branch, &case, "dispatch", json!({ "note": "请尽快上门" })).await;
    assert_eq!(case.handler_org_id.map(|id| id.0), Some(desk.town.company.id.0), "the rules name the serving company");
    desk.minutes_later(20).await;
    let case = taken(&desk.company, &case, "sign", json!({})).await;
    assert_eq!(case.responsible_org_id, case.handler_org_id);
    let case = taken(&desk.company, &case, "start", contact()).await;
    desk.minutes_later(70).await;
    let due = case.due_at;
    let case = taken(&desk.company, &case, "finish", finish()).await;
    assert_eq!((case.status, case.outcome), (Status::Done, Some(Outcome::Fixed)));
    let latency = |from: platform::db::Ts, to: platform::db::Ts| (to.seconds() - from.seconds()) / 60;
    assert_eq!(latency(case.accepted_at.unwrap(), case.signed_at.unwrap()), 20, "coordination");
    assert_eq!(latency(case.signed_at.unwrap(), case.done_at.unwrap()), 70, "implementation");

    let case = taken(desk.worker(), &case, "visits", visit("dissatisfied")).await;
    assert_eq!((case.status, case.round, case.tier, case.outcome), (Status::InProgress, 2, Tier::Branch, None));
    assert!(case.due_at > due, "the new round has a time of its own");
    let case = taken(&desk.company, &case, "finish", finish()).await;
    let case = taken(desk.worker(), &case, "verify", Value::Null).await;
    is(&case, Status::ReturnVisit);
    let case = taken(desk.worker(), &case, "visits", visit("dissatisfied")).await;
    assert_eq!((case.status, case.round, case.tier), (Status::InProgress, 3, Tier::Community), "a level up");
    let case = taken(&desk.company, &case, "finish", finish()).await;
    let case = taken(desk.worker(), &case, "visits", visit("satisfied")).await;
    assert_eq!((case.status, case.closed_at.is_some()), (Status::Closed, true));

    let visits: VisitsOut = desk.worker().get(&format!("{CASES}/{}/visits", case.id)).await.expect(200).json();
    let rounds: Vec<(i32, i32)> = visits.items.iter().map(|visit| (visit.round, visit.attempt)).collect();
    assert_eq!(rounds, [(1, 1), (2, 1), (3, 1)]);
    let history: EventPage = desk.worker().get(&format!("{CASES}/{}/history", case.id)).await.expect(200).json();
    assert_eq!(
        names(&history),
        [
            "reported",
            "accepted",
            "dispatched",
            "signed",
            "started",
            "done",
            "reopened",
            "done",
            "verified",
            "reopened",
            "escalated",
            "done",
            "closed"
        ]
    );
    assert!(history.items.iter().all(|event| event.intact));
    // What happened is all there is: the events alone rebuild the case.
    let rebuilt = replay(history.items.iter().map(|event| &event.data)).expect("a state");
    let (rebuilt, shown) = (serde_json::to_value(rebuilt).unwrap(), serde_json::to_value(&case).unwrap());
    for (member, value) in rebuilt.as_object().expect("members") {
        assert_eq!(value, &shown[member], "{member}");
    }
}

#[actix_web::test]
async fn a_resident_reports_follows_and_rates() {
    let desk = Desk::new().await;
    let mine: Value = desk.resident.post(MINE, report(desk.place())).await.expect(201).value();
    let path = format!("{MINE}/{}", mine["id"].as_str().expect("an id"));
    assert_eq!((mine["status"].as_str(), mine["identity"].as_str()), (Some("submitted"), Some("open")));
    let case: CaseOut = desk.worker().get(&path.replace("/me", "")).await.expect(200).json();
    let case = taken(desk.worker(), &case, "accept", Value::Null).await;
    let case = taken(desk.worker(), &case, "dispatch", json!({})).await;
    let case = taken(&desk.company, &case, "sign", Value::Null).await;
    let case = taken(&desk.company, &case, "start", contact()).await;
    let case = taken(&desk.company, &case, "finish", finish()).await;
    let reply = desk.resident.get(&path).await.expect(200);
    assert_eq!(reply.value()["handler_name"].as_str(), Some("测试·第一物业"));
    let again = [("If-Match", "*")];
    let unhappy = json!({ "outcome": "dissatisfied", "reason": "not_fixed", "score": 1, "note": "还在漏" });
    let reopened = desk.resident.post_with(&format!("{path}/feedback"), &again, unhappy).await.expect(200);
    assert_eq!(
        (reopened.value()["status"].as_str(), reopened.value()["round"].as_i64()),
        (Some("in_progress"), Some(2))
    );
    let case = desk.now(&case).await;
    taken(&desk.company, &case, "finish", finish()).await;
    let happy = json!({ "outcome": "very_satisfied", "score": 5 });
    let closed = desk.resident.post_with(&format!("{path}/feedback"), &again, happy).await.expect(200);
    assert_eq!(closed.value()["status"].as_str(), Some("closed"));
    let page = desk.resident.get(MINE).await.expect(200).value();
    assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
    desk.resident.post_with(&format!("{path}/reopen"), &again, json!({ "reason": "又漏了" })).await.expect(200);
}

#[actix_web::test]
async fn nobody_reached_three_times_closes_it() {
    let mut desk = Desk::new().await;
    let mut case = desk.done().await;
    for attempt in 1..=3 {
        is(&case, Status::Done);
        case = taken(desk.worker(), &case, "visits", visit("unreachable")).await;
        assert_eq!(case.closed_at.is_some(), attempt == 3);
        desk.minutes_later(4 * 60).await;
    }
}

#[actix_web::test]
async fn calls_in_a_row_are_one_attempt_and_an_answer_counts_whenever_it_comes() {
    let mut desk = Desk::new().await;
    let case = desk.done().await;
    let case = taken(desk.worker(), &case, "visits", visit("unreachable")).await;
    take(desk.worker(), &case, "visits", visit("unreachable")).await.refused(422, "cases.visit_too_soon");
    desk.minutes_later(4 * 60 - 1).await;
    take(desk.worker(), &case, "visits", visit("unreachable")).await.refused(422, "cases.visit_too_soon");
    is(&taken(desk.worker(), &case, "visits", visit("satisfied")).await, Status::Closed);
}

#[actix_web::test]
async fn who_never_answers_is_waited_for_no_longer_than_a_week() {
    let mut desk = Desk::new().await;
    let [case, answered] = [desk.done().await, desk.done().await];
    let tried = taken(desk.worker(), &case, "visits", visit("unreachable")).await;
    taken(desk.worker(), &answered, "visits", visit("unreachable")).await;
    desk.minutes_later(4 * 60).await;
    taken(desk.worker(), &tried, "visits", visit("unreachable")).await;
    taken_now(desk.worker(), &answered, "visits", visit("dissatisfied")).await;
    taken_now(&desk.company, &answered, "finish", finish()).await;
    // A week after the first attempt, whatever came behind it.
    desk.minutes_later(7 * 24 * 60 - 4 * 60 - 1).await;
    red_steward::tasks::sweep_cases(&desk.app().app).await.expect("swept");
    is(&desk.now(&case).await, Status::Done);
    desk.minutes_later(1).await;
    red_steward::tasks::sweep_cases(&desk.app().app).await.expect("swept");
    is(&desk.now(&case).await, Status::Closed);
    is(&desk.now(&answered).await, Status::Done);
    let history: EventPage = desk.worker().get(&format!("{CASES}/{}/history", case.id)).await.expect(200).json();
    let last = history.items.last().expect("an event");
    assert_eq!(
        (last.event.as_str(), &last.data["by"], &last.data["outcome"]),
        ("case.closed", &json!("timeout"), &json!("unreachable"))
    );
    assert!(last.actor_id.is_none());
    let story: delivery::cases::dto::TimelinePage =
        desk.worker().get(&format!("{CASES}/{}/timeline?limit=100", case.id)).await.expect(200).json();
    let closed = story.items.iter().rfind(|moment| moment.code == "case.closed").expect("closed");
    assert_eq!(closed.stands_for.as_str(), "system");
}

#[actix_web::test]
async fn merged_and_back_with_its_clocks() {
    let desk = Desk::new().await;
    let (case, target) = (desk.signed().await, desk.reported().await);
    let merged = taken(desk.worker(), &case, "merge", json!({ "target_id": target.id })).await;
    assert_eq!((merged.status, merged.merged_into), (Status::Merged, Some(target.id)));
    let page: CasePage = desk.worker().get(&format!("{CASES}?status=merged")).await.expect(200).json();
    assert_eq!(page.items.len(), 1);
    let back = taken(desk.worker(), &merged, "unmerge", Value::Null).await;
    assert_eq!((back.status, back.merged_into, back.due_at), (Status::Signed, None, case.due_at));
    taken(&desk.company, &back, "start", contact()).await;
}

//! Whom to call next, the opening of their number, and what happens to those whom nobody calls.

use delivery::cases::dto::{CallOut, CallPage, CaseOut, ReporterPhoneOut, Status, TimelinePage};
use platform::auth::Role;
use red_steward::tasks;
use serde_json::{Value, json};

use super::support::{CASES, Desk, MINE, account_of, contact, finish, leak, report, take, taken, taken_now, visit};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, Reply};

const QUEUE: &str = "/v1/visits/queue";

async fn queue(who: &Client) -> Vec<CallOut> {
    let page: CallPage = who.get(&format!("{QUEUE}?limit=100&include=total")).await.expect(200).json();
    assert_eq!(page.total, i64::try_from(page.items.len()).ok());
    page.items
}

/// Brought to its end by the company.
async fn finished(desk: &Desk, case: CaseOut) -> CaseOut {
    let case = taken(desk.worker(), &case, "accept", Value::Null).await;
    let case = taken(desk.worker(), &case, "dispatch", json!({})).await;
    let case = taken(&desk.company, &case, "sign", Value::Null).await;
    let case = taken(&desk.company, &case, "start", contact()).await;
    taken(&desk.company, &case, "finish", finish()).await
}

async fn written_down(desk: &Desk, change: impl FnOnce(&mut Value)) -> CaseOut {
    let mut body = leak(desk.place());
    change(&mut body);
    desk.worker().post(CASES, body).await.expect(201).json()
}

fn reporter(body: &mut Value) {
    body["reporter"] = json!({ "name": "王芳", "phone": "199-0937-1234" });
}

async fn unmask(who: &Client, case: &CaseOut) -> Reply {
    let body = json!({ "purpose": "service_visit", "note": "回访漏水是否修好" });
    who.post(&format!("{CASES}/{}/reporter/unmask", case.id), body).await
}

/// One in a hundred of this community's cases is called about.
pub async fn one_in_a_hundred(desk: &Desk) {
    let rules = json!({ "max_returns": 2, "max_hold_days": 20, "max_extension_days": 5, "unanswered_visits": 3,
        "visit_sample": 1, "basically_counts": false, "reopen_days": 15, "unmerge_days": 30,
        "escalate_after_minutes": 480 });
    let rule = json!({ "key": "cases.handling", "area_code": TONGDEXIANG, "params": rules, "legal_basis": "社区回访办法",
        "effective_from": "2024-01-15" });
    desk.app().district().await.post("/v1/rule-sets", rule).await.expect(201);
}

#[actix_web::test]
async fn a_visitor_learns_whom_to_call_and_not_the_number() {
    let mut desk = Desk::new().await;
    let first = finished(&desk, written_down(&desk, reporter).await).await;
    desk.minutes_later(30).await;
    let anonymous = written_down(&desk, |body| {
        reporter(body);
        body["identity"] = json!("anonymous");
    });
    let second = finished(&desk, anonymous.await).await;
    desk.reported().await;
    let items = queue(desk.worker()).await;
    assert_eq!(items.iter().map(|item| item.case.id).collect::<Vec<_>>(), [first.id, second.id], "by when it is due");
    let told = &items[0];
    assert_eq!((told.reporter_name.as_deref(), told.phone_masked.as_deref()), (Some("王*"), Some("199****1234")));
    assert_eq!((told.attempts, told.case.compound_name.as_deref()), (0, Some("康盛花园")));
    assert!(told.visit_due_at > first.done_at.expect("done"));
    assert_eq!((items[1].reporter_name.as_deref(), items[1].phone_masked.as_deref()), (None, None));
    taken(desk.worker(), &first, "visits", visit("unreachable")).await;
    assert_eq!(queue(&desk.street).await[0].attempts, 1, "the street visits as well");
    let page: CallPage = desk.worker().get(&format!("{QUEUE}?limit=1")).await.expect(200).json();
    let next = format!("{QUEUE}?limit=1&cursor={}", page.next_cursor.expect("more"));
    let rest: CallPage = desk.worker().get(&next).await.expect(200).json();
    assert_eq!((rest.items[0].case.id, rest.has_more), (second.id, false));
    taken_now(desk.worker(), &first, "visits", visit("satisfied")).await;
    assert_eq!(queue(desk.worker()).await.len(), 1);
    let stranger = desk.app().community_worker("130402010014").await;
    assert!(queue(&stranger).await.is_empty());
    desk.company.get(QUEUE).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn nobody_is_sent_to_visit_their_own_work() {
    let desk = Desk::new().await;
    let other = desk.app().community_worker(TONGDEXIANG).await;
    let case = desk.accepted().await;
    let body = json!({ "account_id": account_of(&other).await });
    let case = taken(desk.worker(), &case, "dispatch", body).await;
    let case = taken(&other, &case, "sign", Value::Null).await;
    let case = taken(&other, &case, "start", contact()).await;
    let case = taken(&other, &case, "finish", finish()).await;
    assert_eq!((queue(&other).await.len(), queue(desk.worker()).await.len()), (0, 1));
    take(&other, &case, "visits", visit("satisfied")).await.refused(403, "cases.handler_visits");
}

#[actix_web::test]
async fn the_record_of_an_account_says_whom_to_call() {
    let desk = Desk::new().await;
    let account = account_of(&desk.resident).await;
    let person = json!({ "area_code": TONGDEXIANG, "name": "李明", "phone": "19909375678", "account_id": account });
    desk.worker().post("/v1/persons", person).await.expect(201);
    let mine = desk.resident.post(MINE, report(desk.place())).await.expect(201).value();
    let path = format!("{CASES}/{}", mine["id"].as_str().expect("an id"));
    let case = finished(&desk, desk.worker().get(&path).await.expect(200).json()).await;
    let items = queue(desk.worker()).await;
    assert_eq!(items[0].reporter_name.as_deref(), Some("李*"));
    assert_eq!(items[0].phone_masked.as_deref(), Some("199****5678"));
    let opened: ReporterPhoneOut = unmask(desk.worker(), &case).await.expect(200).json();
    assert_eq!(opened.phone, "19909375678");
    let accesses = desk.resident.get("/v1/me/data/accesses").await.expect(200).value();
    assert_eq!(accesses["items"][0]["id"].as_str(), Some(opened.access_id.to_string().as_str()));
    assert_eq!(accesses["items"][0]["note"].as_str(), Some("回访漏水是否修好"));
}

#[actix_web::test]
async fn an_opening_is_written_down_and_the_reporter_reads_it() {
    let desk = Desk::new().await;
    let account = account_of(&desk.resident).await;
    let case = written_down(&desk, |body| {
        body["reporter"] = json!({ "name": "王芳", "phone": "199-0937-1234", "account_id": account });
        body["identity"] = json!("hidden");
    });
    let case = finished(&desk, case.await).await;
    let reply = unmask(desk.worker(), &case).await.expect(200);
    assert_eq!(reply.header("cache-control").as_deref(), Some("no-store"));
    assert_eq!(reply.json::<ReporterPhoneOut>().phone, "19909371234");
    let story = |who: &Client, base: &str| {
        let (who, path) = (who.clone(), format!("{base}/{}/timeline?limit=100", case.id));
        async move { who.get(&path).await.expect(200).json::<TimelinePage>() }
    };
    let told = story(&desk.resident, MINE).await;
    let opened: Vec<_> = told.items.iter().filter(|moment| moment.kind.as_str() == "access").collect();
    assert_eq!((opened.len(), opened[0].code.as_str()), (1, "service_visit"));
    assert_eq!(opened[0].text.as_deref(), Some("回访漏水是否修好"));
    for who in [desk.worker(), &desk.company] {
        assert!(story(who, CASES).await.items.iter().all(|moment| moment.kind.as_str() != "access"));
    }
    for who in [&desk.company, &desk.branch, &desk.street] {
        unmask(who, &case).await.refused(403, "forbidden");
    }
    let stranger = desk.app().community_worker("130402010014").await;
    unmask(&stranger, &case).await.refused(404, "not_found");
}

#[actix_web::test]
async fn nobody_learns_who_reported_without_a_name() {
    let desk = Desk::new().await;
    let anonymous = written_down(&desk, |body| {
        reporter(body);
        body["identity"] = json!("anonymous");
    });
    unmask(desk.worker(), &anonymous.await).await.refused(404, "not_found");
    unmask(desk.worker(), &desk.reported().await).await.refused(404, "not_found");
    let nameless = written_down(&desk, |body| body["reporter"] = json!({ "name": "王芳" })).await;
    unmask(desk.worker(), &nameless).await.refused(409, "people.no_phone");
    let bad = json!({ "purpose": "curiosity", "note": "看看" });
    let path = format!("{CASES}/{}/reporter/unmask", nameless.id);
    desk.worker().post(&path, bad).await.refused(422, "invalid");
}

#[actix_web::test]
async fn twenty_an_hour_of_cases_and_of_persons_together() {
    let mut desk = Desk::new().await;
    let case = written_down(&desk, reporter).await;
    let person = json!({ "area_code": TONGDEXIANG, "name": "李明", "phone": "19909375678" });
    let person = desk.worker().post("/v1/persons", person).await.expect(201).value();
    let open = json!({ "purpose": "service_visit", "note": "联系入户" });
    let path = format!("/v1/persons/{}/phone/unmask", person["id"].as_str().expect("an id"));
    for _ in 0..5 {
        desk.worker().post(&path, open.clone()).await.expect(200);
    }
    for _ in 0..15 {
        unmask(desk.worker(), &case).await.expect(200);
    }
    let wait = unmask(desk.worker(), &case).await;
    assert!(wait.header("retry-after").is_some());
    wait.refused(429, "people.unmask_limit");
    desk.worker().post(&path, open.clone()).await.refused(429, "people.unmask_limit");
    let other = desk.app().community_worker(TONGDEXIANG).await;
    unmask(&other, &case).await.expect(200);
    desk.minutes_later(61).await;
    unmask(desk.worker(), &case).await.expect(200);
}

#[actix_web::test]
async fn the_sample_leaves_some_out_and_time_closes_them() {
    let mut desk = Desk::new().await;
    one_in_a_hundred(&desk).await;
    let mut plain = Vec::new();
    for _ in 0..6 {
        plain.push(finished(&desk, written_down(&desk, reporter).await).await);
    }
    let complaint = written_down(&desk, |body| {
        (body["kind"], body["category"]) = (json!("complaint"), json!("service_quality"));
        body["fields"] = json!({});
    });
    let complaint = finished(&desk, complaint.await).await;
    let reopened = finished(&desk, written_down(&desk, reporter).await).await;
    let reopened = taken(desk.worker(), &reopened, "visits", visit("dissatisfied")).await;
    let reopened = taken(&desk.company, &reopened, "finish", finish()).await;
    let called: Vec<_> = queue(desk.worker()).await.iter().map(|item| item.case.id).collect();
    assert!(called.contains(&complaint.id) && called.contains(&reopened.id));
    let left_out: Vec<_> = plain.iter().filter(|case| !called.contains(&case.id)).collect();
    assert!(!left_out.is_empty(), "six of six at one in a hundred: once in a million million runs");

    // Three working days for the visit: on the third they are late, and nothing is given up before the sixth.
    desk.minutes_later(60 * 24 * 4).await;
    tasks::sweep_cases(&desk.app().app).await.expect("swept");
    assert_eq!(desk.now(left_out[0]).await.status, Status::Done);
    desk.minutes_later(60 * 24 * 20).await;
    for _ in 0..2 {
        tasks::sweep_cases(&desk.app().app).await.expect("swept");
    }
    for case in &plain {
        let closed = !called.contains(&case.id);
        assert_eq!(desk.now(case).await.status == Status::Closed, closed, "{}", case.number);
    }
    for case in [&complaint, &reopened] {
        assert_eq!(desk.now(case).await.status, Status::Done, "it waits for its visit, however late");
    }
    let path = format!("{CASES}/{}/timeline?limit=100", left_out[0].id);
    let story: TimelinePage = desk.district.get(&path).await.expect(200).json();
    let last = story.items.iter().rfind(|moment| moment.code == "case.closed").expect("closed");
    assert_eq!(last.stands_for.as_str(), "system");
    let history = desk.app().actor(Role::Auditor, DISTRICT).await;
    let history = history.get(&format!("{CASES}/{}/history?limit=100", left_out[0].id)).await.expect(200).text();
    assert!(history.contains("\"timeout\""), "{history}");
    taken_now(desk.worker(), &complaint, "visits", visit("satisfied")).await;
}

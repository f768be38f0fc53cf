//! The story of a case, words about it, likenesses, joining, the desk's queues, and what the feed and the screen tell.

use delivery::cases::dto::{CaseOut, CasePage, DeskOut, SimilarCasesOut, SimilarsOut, Status, TimelinePage};
use serde_json::{Value, json};

use super::support::{CASES, Desk, MINE, contact, leak, report, take, taken};
use crate::feed::hear_all;
use crate::support::Client;
use crate::support::actors::TONGDEXIANG;

async fn story(who: &Client, path: &str) -> Vec<String> {
    let page: TimelinePage = who.get(path).await.expect(200).json();
    page.items.into_iter().map(|moment| moment.code).collect()
}

async fn queue(who: &Client, name: &str) -> (i64, usize) {
    let desk: DeskOut = who.get("/v1/desk").await.expect(200).json();
    let count = desk.queues.iter().find(|queue| queue.queue.as_str() == name).expect("a queue").count;
    let page: CasePage = who.get(&format!("/v1/desk/{name}?limit=100")).await.expect(200).json();
    (count, page.items.len())
}

#[actix_web::test]
async fn each_reader_is_told_what_is_theirs() {
    let desk = Desk::new().await;
    let mine = desk.resident.post(MINE, report(desk.place())).await.expect(201).value();
    let id = mine["id"].as_str().expect("an id");
    let case: CaseOut = desk.worker().get(&format!("{CASES}/{id}")).await.expect(200).json();
    let case = taken(desk.worker(), &case, "accept", Value::Null).await;
    let case = taken(desk.worker(), &case, "dispatch", json!({ "note": "这户老人独居" })).await;
    let case = taken(&desk.company, &case, "sign", Value::Null).await;
    let case = taken(&desk.company, &case, "start", contact()).await;
    let said = json!({ "audience": "parties", "body": "明早八点到" });
    desk.company.post(&format!("{CASES}/{id}/comments"), said).await.expect(201);
    let among = json!({ "audience": "staff", "body": "配件缺货" });
    desk.company.post(&format!("{CASES}/{id}/comments"), among).await.expect(201);
    desk.resident.post(&format!("{MINE}/{id}/comments"), json!({ "body": "上午在家" })).await.expect(201);
    let staff = desk.company.get(&format!("{CASES}/{id}/timeline?limit=100")).await.expect(200).text();
    assert!(["这户老人独居", "配件缺货", "明早八点到", "上午在家"].iter().all(|words| staff.contains(words)));
    let own = desk.resident.get(&format!("{MINE}/{id}/timeline?limit=100")).await.expect(200).text();
    assert!(["明早八点到", "上午在家"].iter().all(|words| own.contains(words)));
    assert!(!own.contains("配件缺货") && !own.contains("这户老人独居"));
    let steps = story(desk.worker(), &format!("{CASES}/{id}/timeline?limit=100")).await;
    let steps: Vec<&str> = steps.iter().filter_map(|code| code.strip_prefix("case.")).collect();
    assert_eq!(steps, ["reported", "accepted", "dispatched", "signed", "started"]);
    let first: TimelinePage = desk.worker().get(&format!("{CASES}/{id}/timeline?limit=3")).await.expect(200).json();
    let next = format!("{CASES}/{id}/timeline?limit=3&cursor={}", first.next_cursor.expect("more"));
    let second: TimelinePage = desk.worker().get(&next).await.expect(200).json();
    assert!(second.items[0].at >= first.items[2].at && case.status == Status::InProgress);
}

#[actix_web::test]
async fn a_neighbour_finds_it_and_joins_without_reading_anybodys_words() {
    let desk = Desk::new().await;
    let mut words = report(desk.place());
    words["body"] = json!("王阿姨家楼上的管道漏水,电话 19909371234");
    let mine = desk.resident.post(MINE, words).await.expect(201).value();
    let id = mine["id"].as_str().expect("an id").to_owned();
    let neighbour = desk.app().actor(platform::auth::Role::Owner, desk.place()).await;
    let about = json!({ "area_code": desk.place(), "category": "pipe_leak", "title": "管道漏水" });
    let found = neighbour.post("/v1/me/similar-cases", about).await.expect(200);
    assert!(!found.text().contains("王阿姨") && !found.text().contains("1990937"));
    let found: SimilarsOut = found.json();
    assert_eq!((found.items.len(), found.items[0].joined), (1, 0));
    let joined = neighbour.post("/v1/me/joined-cases", json!({ "case_id": id })).await.expect(201);
    assert_eq!((joined.value()["joined"].as_bool(), joined.value()["body"].is_null()), (Some(true), true));
    neighbour.post("/v1/me/joined-cases", json!({ "case_id": id })).await.refused(409, "cases.already_joined");
    desk.resident.post("/v1/me/joined-cases", json!({ "case_id": id })).await.refused(409, "cases.already_joined");
    let page = neighbour.get(MINE).await.expect(200);
    assert!(page.text().contains(&id) && !page.text().contains("王阿姨"));
    assert!(!neighbour.get(&format!("{MINE}/{id}/timeline")).await.expect(200).text().contains("王阿姨"));
    let reporter = desk.worker().get(&format!("{CASES}/{id}/reporter")).await.expect(200).value();
    assert_eq!(reporter["joined"].as_i64(), Some(1));
    neighbour
        .post_with(&format!("{MINE}/{id}/cancel"), &[("If-Match", "*")], Value::Null)
        .await
        .refused(404, "not_found");
    let leave = format!("/v1/me/joined-cases/{id}/leave");
    assert_eq!(neighbour.post(&leave, Value::Null).await.status(), 204);
    neighbour.get(&format!("{MINE}/{id}")).await.refused(404, "not_found");
    let twin = desk.reported().await;
    let alike: SimilarCasesOut = desk.worker().get(&format!("{CASES}/{}/similar", twin.id)).await.expect(200).json();
    assert_eq!(alike.items.len(), 1);
    let first = &alike.items[0];
    assert_eq!((first.case.id.to_string(), first.case.compound_name.as_deref()), (id, Some("康盛花园")));
    let seen = desk.company.get(&format!("{CASES}/{}/similar", twin.id)).await;
    seen.refused(404, "not_found");
}

#[actix_web::test]
async fn each_desk_finds_its_work_in_its_queue() {
    let mut desk = Desk::new().await;
    let (reported, signed, done) = (desk.reported().await, desk.signed().await, desk.done().await);
    desk.dispatched().await;
    assert_eq!(queue(&desk.branch, "to_accept").await, (1, 1));
    assert_eq!(queue(desk.worker(), "to_accept").await, (1, 1));
    assert_eq!(queue(&desk.street, "to_accept").await, (0, 0), "the street's desk has its own cases");
    assert_eq!(queue(&desk.company, "to_sign").await, (1, 1));
    assert_eq!(queue(&desk.company, "to_handle").await, (1, 1));
    assert_eq!(queue(&desk.company, "to_accept").await, (0, 0));
    assert_eq!(queue(desk.worker(), "to_visit").await, (1, 1));
    let case = taken(&desk.company, &signed, "start", contact()).await;
    let ask = json!({ "working_days": 2, "reason": "等配件" });
    taken(&desk.company, &case, "extensions", ask).await;
    assert_eq!(queue(desk.worker(), "to_approve").await, (1, 1));
    desk.minutes_later(60 * 24 * 10).await;
    assert_eq!(queue(desk.worker(), "overdue").await, (3, 3), "what is done waits for nobody's work");
    desk.worker().get("/v1/desk/to_nowhere").await.refused(404, "not_found");
    let stranger = desk.app().community_worker("130402010014").await;
    assert_eq!(queue(&stranger, "overdue").await, (0, 0));
    assert!(reported.id != done.id);
}

#[actix_web::test]
async fn a_queue_is_paged_by_due_date() {
    let desk = Desk::new().await;
    for _ in 0..7 {
        desk.reported().await;
    }
    let mut seen = Vec::new();
    let mut path = "/v1/desk/to_accept?limit=3".to_owned();
    loop {
        let page: CasePage = desk.worker().get(&path).await.expect(200).json();
        seen.extend(page.items.iter().map(|item| (item.due_at, item.id)));
        let Some(cursor) = page.next_cursor else { break };
        path = format!("/v1/desk/to_accept?limit=3&cursor={cursor}");
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((seen.len(), &seen), (7, &sorted));
}

#[actix_web::test]
async fn the_screen_shows_what_and_where_and_nothing_of_whom() {
    let desk = Desk::new().await;
    let mut words = leak(desk.place());
    words["body"] = json!("三单元王阿姨家,电话 19909371234");
    words["reporter"] = json!({ "name": "测试·王芳", "phone": "199-0937-1234" });
    let case: CaseOut = desk.worker().post(CASES, words.clone()).await.expect(201).json();
    taken(desk.worker(), &case, "accept", Value::Null).await;
    words["visibility"] = json!("parties");
    desk.worker().post(CASES, words).await.expect(201);
    let screen = desk.app().anonymous().get(&format!("/v1/screens/{TONGDEXIANG}/events")).await.expect(200);
    let shown = screen.value();
    let items = shown["items"].as_array().expect("items");
    assert_eq!(items.len(), 2, "reported and accepted; the one for the parties is nowhere");
    let text = screen.text();
    assert!(text.contains("管道漏水") && text.contains("康盛花园"));
    for secret in ["王阿姨", "王芳", "1990937", &case.number, &case.id.to_string()] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[actix_web::test]
async fn the_feed_tells_each_of_their_own_cases() {
    let desk = Desk::new().await;
    desk.app().run_feed();
    let events = |who: Client| async move {
        let page = who.get("/v1/events?after=0&limit=100").await.expect(200).value();
        page["items"].as_array().expect("items").iter().filter(|event| event["entity"] == "case").count()
    };
    let mine = desk.resident.post(MINE, report(desk.place())).await.expect(201).value();
    let case: CaseOut =
        desk.worker().get(&format!("{CASES}/{}", mine["id"].as_str().unwrap())).await.expect(200).json();
    take(desk.worker(), &case, "accept", Value::Null).await.expect(200);
    let neighbour = desk.app().actor(platform::auth::Role::Owner, desk.place()).await;
    hear_all(&desk.app().feed, desk.app()).await;
    assert_eq!(events(desk.worker().clone()).await, 2);
    assert_eq!(events(desk.resident.clone()).await, 2);
    assert_eq!(events(neighbour).await, 0);
    assert_eq!(events(desk.company.clone()).await, 0);
}

//! An answer that was lost: the same step sent again is answered as it was the first time.

use delivery::cases::dto::{CaseOut, Status, VisitsOut};
use serde_json::{Value, json};

use super::support::{CASES, Desk, MINE, contact, finish, is, report, taken, visit};
use crate::support::{Client, Reply};

async fn sent(who: &Client, path: &str, (tag, key): (&str, &str), body: Value) -> Reply {
    who.post_with(path, &[("If-Match", tag), ("Idempotency-Key", key)], body).await
}

#[actix_web::test]
async fn a_step_that_is_sent_again_is_answered_again_whatever_happened_since() {
    let desk = Desk::new().await;
    let mut case = desk.reported().await;
    let steps = [
        (desk.worker(), "accept", Value::Null),
        (desk.worker(), "dispatch", json!({})),
        (&desk.company, "sign", Value::Null),
        (&desk.company, "start", contact()),
        (&desk.company, "finish", finish()),
        (desk.worker(), "verify", Value::Null),
    ];
    for (who, verb, body) in steps {
        let path = format!("{CASES}/{}/{verb}", case.id);
        let tag = format!("\"v{}\"", case.version);
        let first = sent(who, &path, (&tag, verb), body.clone()).await.expect(200);
        let again = sent(who, &path, (&tag, verb), body.clone()).await.expect(200);
        assert_eq!(again.header("idempotency-replayed").as_deref(), Some("true"), "{verb}");
        assert_eq!((again.value(), again.etag()), (first.value(), first.etag()), "{verb}");
        sent(who, &path, (&tag, "another"), body).await.refused(412, "version_stale");
        case = first.json();
    }
    is(&case, Status::ReturnVisit);
}

#[actix_web::test]
async fn an_attempt_that_is_sent_three_times_is_one() {
    let desk = Desk::new().await;
    let case = desk.done().await;
    let path = format!("{CASES}/{}/visits", case.id);
    for _ in 0..3 {
        sent(desk.worker(), &path, ("*", "call-1"), visit("unreachable")).await.expect(200);
    }
    let visits: VisitsOut = desk.worker().get(&path).await.expect(200).json();
    assert_eq!(visits.items.len(), 1);
    is(&desk.now(&case).await, Status::Done);
}

#[actix_web::test]
async fn so_is_what_a_resident_says_of_their_own() {
    let desk = Desk::new().await;
    let mine = desk.resident.post(MINE, report(desk.place())).await.expect(201).value();
    let path = format!("{MINE}/{}", mine["id"].as_str().expect("an id"));
    let case: CaseOut = desk.worker().get(&path.replace("/me", "")).await.expect(200).json();
    let case = taken(desk.worker(), &case, "accept", Value::Null).await;
    let tag = format!("\"v{}\"", case.version);
    let cancelled = sent(&desk.resident, &format!("{path}/cancel"), (&tag, "no"), Value::Null).await.expect(200);
    let again = sent(&desk.resident, &format!("{path}/cancel"), (&tag, "no"), Value::Null).await.expect(200);
    assert_eq!(again.value(), cancelled.value());
    let said = json!({ "body": "今天上午家里都有人。" });
    for _ in 0..2 {
        let path = format!("{path}/comments");
        desk.resident.post_with(&path, &[("Idempotency-Key", "said")], said.clone()).await.expect(201);
    }
    let story = desk.resident.get(&format!("{path}/timeline")).await.expect(200).text();
    assert_eq!(story.matches("今天上午").count(), 1);
}

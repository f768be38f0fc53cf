//! Who reported: in no answer to the handler, in no history, and nowhere at all where nobody is to know.

use delivery::cases::dto::CaseOut;
use platform::auth::Role;
use serde_json::{Value, json};

use super::support::{CASES, Desk, MINE, account_of, leak, report, taken};

const NAME: &str = "测试·王芳";
const PHONE: &str = "19909371234";

/// Every answer about a case that somebody gets.
async fn everything(who: &crate::support::Client, case: &CaseOut) -> String {
    let mut text = String::new();
    for path in [
        "",
        "/reporter",
        "/history",
        "/visits",
        "/timeline",
        "/similar",
        "/files",
        "/deadlines",
        "/holds",
        "/extensions",
    ] {
        text += &who.get(&format!("{CASES}/{}{path}", case.id)).await.text();
    }
    for path in [CASES, "/v1/cases/export", "/v1/cases/export?format=ndjson", "/v1/desk/to_sign", "/v1/desk/to_handle"]
    {
        text += &who.get(path).await.text();
    }
    text
}

#[actix_web::test]
async fn a_hidden_reporter_is_known_to_the_desk_only() {
    let desk = Desk::new().await;
    let mut body = leak(desk.place());
    (body["kind"], body["category"], body["channel"]) = (json!("complaint"), json!("service_quality"), json!("phone"));
    body["fields"] = json!({});
    body["reporter"] = json!({ "name": NAME, "phone": "199-0937-1234" });
    let case: CaseOut = desk.worker().post(CASES, body).await.expect(201).json();
    assert_eq!(case.identity.as_str(), "hidden", "a complaint against the company hides who made it");
    let case = taken(desk.worker(), &case, "accept", Value::Null).await;
    let case = taken(desk.worker(), &case, "dispatch", json!({})).await;
    let seen = everything(&desk.company, &case).await;
    assert!(seen.contains(&case.number), "the company has it in hand");
    for secret in [NAME, PHONE, "0937", "199****1234"] {
        assert!(!seen.contains(secret), "the handler sees {secret}");
    }
    let known: Value = desk.worker().get(&format!("{CASES}/{}/reporter", case.id)).await.expect(200).value();
    assert_eq!((known["name"].as_str(), known["phone_masked"].as_str()), (Some(NAME), Some("199****1234")));
    let history = desk.worker().get(&format!("{CASES}/{}/history", case.id)).await.expect(200).text();
    assert!(!history.contains(NAME) && !history.contains("1234\""), "{history}");
}

#[actix_web::test]
async fn what_a_resident_does_leaves_no_actor() {
    let desk = Desk::new().await;
    let me = account_of(&desk.resident).await;
    let mut body = report(desk.place());
    body["identity"] = json!("hidden");
    let mine = desk.resident.post(MINE, body).await.expect(201).value();
    let case: CaseOut =
        desk.worker().get(&format!("{CASES}/{}", mine["id"].as_str().unwrap())).await.expect(200).json();
    let overseer = desk.app().actor(Role::Auditor, desk.place()).await;
    assert!(!everything(&overseer, &case).await.contains(&me));
    assert!(!everything(desk.worker(), &case).await.contains(&me));
}

#[actix_web::test]
async fn anonymous_is_known_to_nobody() {
    let desk = Desk::new().await;
    let mut body = report(desk.place());
    body["identity"] = json!("anonymous");
    let mine = desk.resident.post(MINE, body).await.expect(201).value();
    let id = mine["id"].as_str().expect("an id");
    let known = desk.worker().get(&format!("{CASES}/{id}/reporter")).await.expect(200).value();
    assert_eq!((known["has_account"].as_bool(), known["name"].is_null()), (Some(false), true));
    desk.resident.get(&format!("{MINE}/{id}")).await.refused(404, "not_found");
}

//! Opening a number: for a purpose, written down, limited, and read by whose it is (scenario 14).

use std::sync::Arc;

use platform::auth::{Principal, Role};
use serde_json::{Value, json};

use super::{PHONE, id, person, person_in, village};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, Reply, TestApp};
use crate::territory::CANGHOU;

async fn unmask(who: &Client, person: &Value) -> Reply {
    let body = json!({ "purpose": "service_visit", "note": "管道漏水, 联系入户" });
    let headers = [("Idempotency-Key", "the-same-key")];
    who.post_with(&format!("/v1/persons/{}/phone/unmask", id(person)), &headers, body).await
}

#[actix_web::test]
async fn an_opening_is_written_down_and_its_subject_reads_it() {
    let v = village().await;
    let (subject, row) = v.member("测试·张明", person_in("")).await;
    assert_eq!(subject.get("/v1/me/data/accesses").await.expect(200).value()["items"], json!([]));
    let reply = unmask(&v.worker, &row).await.expect(200);
    assert_eq!(reply.value()["phone"], PHONE);
    assert_eq!(reply.header("cache-control").as_deref(), Some("no-store"));
    for reader in [
        subject.get("/v1/me/data/accesses").await,
        v.secretary.get(&format!("/v1/persons/{}/accesses", id(&row))).await,
        v.app.actor(Role::Auditor, DISTRICT).await.get(&format!("/v1/persons/{}/accesses", id(&row))).await,
    ] {
        let page = reader.expect(200).value();
        let access = &page["items"][0];
        assert_eq!((&access["purpose"], &access["actor_role"]), (&json!("service_visit"), &json!("community_worker")));
        assert_eq!((&access["actor_area"], &access["note"]), (&json!(TONGDEXIANG), &json!("管道漏水, 联系入户")));
        assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
    }
    v.worker.get(&format!("/v1/persons/{}/accesses", id(&row))).await.refused(403, "forbidden");
}

/// The key of the request is the same each time: a stored answer would show in a count of one.
#[actix_web::test]
async fn no_answer_is_stored_and_each_opening_counts() {
    let v = village().await;
    let row = person(&v.worker, person_in("测试·张明")).await;
    for _ in 0..2 {
        let reply = unmask(&v.worker, &row).await.expect(200);
        assert_eq!(reply.header("idempotency-replayed"), None);
    }
    let page = v.secretary.get(&format!("/v1/persons/{}/accesses?include=total", id(&row))).await.value();
    assert_eq!(page["total"], 2);
}

#[actix_web::test]
async fn twenty_an_hour_and_then_a_wait() {
    let v = village().await;
    let row = person(&v.worker, person_in("测试·张明")).await;
    for _ in 0..20 {
        unmask(&v.worker, &row).await.expect(200);
    }
    let who = principal(&v.app, &v.worker);
    v.app.clock.advance(chrono::Duration::minutes(50));
    let reply = unmask(&again(&v.app, &who), &row).await;
    reply.refused(429, "people.unmask_limit");
    assert_eq!(reply.header("retry-after").as_deref(), Some("600"));
    let page = v.app.actor(Role::Auditor, DISTRICT).await;
    let page = page.get(&format!("/v1/persons/{}/accesses?include=total", id(&row))).await.value();
    assert_eq!(page["total"], 20, "a refusal opens nothing");
    // Another caller has a budget of their own.
    let secretary = v.app.actor(Role::CommunitySecretary, TONGDEXIANG).await;
    unmask(&secretary, &row).await.expect(200);
    v.app.clock.advance(chrono::Duration::minutes(11));
    unmask(&again(&v.app, &who), &row).await.expect(200);
}

/// Who a client is; their token runs out when the clock goes on.
fn principal(app: &TestApp, client: &Client) -> Arc<Principal> {
    app.app.tokens.verify(client.token.as_deref().expect("a token")).expect("a good token")
}

fn again(app: &TestApp, who: &Principal) -> Client {
    app.with_token(&app.app.tokens.issue(who.id, who.subject.clone()).expect("a token").token)
}

#[actix_web::test]
async fn only_the_community_opens_numbers_and_only_its_own() {
    let v = village().await;
    let row = person(&v.worker, person_in("测试·张明")).await;
    for role in [Role::PlatformAdmin, Role::DistrictCoord, Role::StreetOfficer, Role::OcChair, Role::Auditor] {
        unmask(&v.app.actor(role, "").await, &row).await.refused(403, "forbidden");
    }
    unmask(&v.app.community_worker(CANGHOU).await, &row).await.refused(404, "not_found");
    let none = person(&v.worker, json!({ "area_code": TONGDEXIANG, "name": "测试·李华" })).await;
    unmask(&v.worker, &none).await.refused(409, "people.no_phone");
    let path = format!("/v1/persons/{}/phone/unmask", id(&row));
    v.worker.post(&path, json!({ "purpose": "curiosity", "note": "x" })).await.refused(422, "invalid");
    v.worker.post(&path, json!({ "purpose": "emergency", "note": " " })).await.refused(422, "invalid");
    v.worker.post(&path, json!({ "purpose": "emergency" })).await.refused(422, "invalid");
}

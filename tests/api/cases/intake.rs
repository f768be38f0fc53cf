//! What may be reported, where, and what is said of it.

use serde_json::{Value, json};

use super::support::{CASES, Desk, MINE, leak, report};
use crate::support::actors::TONGDEXIANG;
use crate::territory::refused_at;

#[actix_web::test]
async fn bad_members_are_named() {
    let desk = Desk::new().await;
    let good = leak(desk.place());
    let faults = [
        ("kind", json!("rumour")),
        ("channel", json!("pigeon")),
        ("urgency", json!("eventually")),
        ("title", json!("")),
        ("title", json!("长".repeat(61))),
        ("body", json!("长".repeat(4001))),
        ("lat", json!(91)),
        ("lon", json!(-181)),
        ("area_code", json!("6209")),
        ("area_code", json!("x")),
        ("category", json!("no_such")),
        ("status", json!("closed")),
        ("reporter", json!({ "phone": "12" })),
    ];
    refused_at(desk.worker(), CASES, &good, &faults).await;
}

#[actix_web::test]
async fn half_a_point_is_refused_and_not_forgotten() {
    let desk = Desk::new().await;
    for (given, missing, value) in [("lat", "/lon", 39.74), ("lon", "/lat", 98.49)] {
        let (mut written, mut reported) = (leak(desk.place()), report(desk.place()));
        (written[given], reported[given]) = (json!(value), json!(value));
        for (who, path, body) in [(desk.worker(), CASES, written), (&desk.resident, MINE, reported)] {
            let problem = who.post(path, body).await.refused(422, "cases.half_point");
            assert!(serde_json::to_string(&problem).expect("json").contains(missing), "{problem:?}");
        }
    }
}

#[actix_web::test]
async fn the_category_says_which_fields_there_are() {
    let desk = Desk::new().await;
    let mut body = leak(desk.place());
    body["fields"] = json!({ "floor": "2", "colour": "red" });
    let problem = desk.worker().post(CASES, body).await.refused(422, "cases.field_invalid");
    let told = serde_json::to_string(&problem).expect("json");
    assert!(told.contains("/fields/floor") && told.contains("/fields/colour"), "{told}");
}

#[actix_web::test]
async fn a_place_is_a_code_or_a_point_and_must_be_there() {
    let desk = Desk::new().await;
    let mut nowhere = leak("620902005003-0999");
    desk.worker().post(CASES, nowhere.clone()).await.refused(422, "cases.place_unknown");
    nowhere.as_object_mut().expect("an object").remove("area_code");
    desk.worker().post(CASES, nowhere.clone()).await.refused(422, "cases.no_place");
    (nowhere["lat"], nowhere["lon"]) = (json!(1.0), json!(1.0));
    desk.worker().post(CASES, nowhere).await.refused(422, "cases.place_unknown");
    let community: Value = desk.worker().post(CASES, leak(TONGDEXIANG)).await.expect(201).value();
    assert_eq!((community["tier"].as_str(), community["compound_id"].is_null()), (Some("community"), true));
}

#[actix_web::test]
async fn residents_report_in_their_own_district() {
    let desk = Desk::new().await;
    desk.resident.post(MINE, report(TONGDEXIANG)).await.expect(201);
    let stranger = desk.app().actor(platform::auth::Role::Resident, "130402010014").await;
    stranger.post(MINE, report(desk.place())).await.refused(422, "cases.place_unknown");
    desk.resident.post(CASES, leak(desk.place())).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn fifty_times_the_same_report_is_one_case() {
    let desk = Desk::new().await;
    let key = [("Idempotency-Key", "tap-tap-tap")];
    let posts = (0..50).map(|_| desk.resident.post_with(MINE, &key, report(desk.place())));
    let replies = futures_util::future::join_all(posts).await;
    assert!(replies.iter().all(|reply| matches!(reply.status(), 201 | 409)));
    let page = desk.resident.get(&format!("{MINE}?include=total")).await.expect(200).value();
    assert_eq!(page["total"].as_i64(), Some(1));
}

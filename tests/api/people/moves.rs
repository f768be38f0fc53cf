//! Persons and their rows follow the places that they stand in.

use serde_json::json;

use super::{id, person, person_in, village};
use crate::support::Client;
use crate::support::actors::TONGDEXIANG;
use crate::territory::{CANGHOU, closing, grid};

async fn area(who: &Client, path: &str) -> String {
    who.get(path).await.expect(200).value()["area_code"].as_str().expect("a code").to_owned()
}

#[actix_web::test]
async fn a_moved_compound_takes_everybody_along() {
    let v = village().await;
    let mut body = person_in("");
    body["area_code"] = json!(v.home.compound.area_code);
    let (me, row) = v.member("测试·张明", body).await;
    let residency = v.settle(&row, "owner").await;
    let consent = json!({ "area_code": v.home.compound.area_code, "field": "name", "purpose": "联系" });
    me.post("/v1/me/consents", consent).await.expect(201);
    let request = me.post("/v1/me/data-requests", json!({ "kind": "copy", "text": "副本" })).await.expect(201).value();
    let district = v.app.district().await;
    let body = json!({ "community_code": CANGHOU, "on": "2024-01-10", "reason": "社区边界调整" });
    let moved = district.post(&format!("/v1/compounds/{}/move", v.home.compound.id), body).await.expect(200).value();
    let code = moved["area_code"].as_str().expect("a code");
    let secretary = v.app.actor(platform::auth::Role::CommunitySecretary, CANGHOU).await;
    assert_eq!(area(&secretary, &format!("/v1/persons/{}", id(&row))).await, code);
    assert_eq!(area(&secretary, &format!("/v1/data-requests/{}", id(&request))).await, code);
    let home = area(&secretary, &format!("/v1/residencies/{}", id(&residency))).await;
    assert_eq!(home, format!("{code}-001-01-0001"));
    let room = secretary.get(&format!("/v1/rooms/{}", v.home.room.id)).await.expect(200).value();
    assert_eq!(room["area_code"], json!(home));
    let me_now = me.get("/v1/me").await.expect(200).value();
    assert!(me_now["grants"].as_array().unwrap().iter().any(|grant| grant["area_code"] == json!(home)));
    let directory = secretary.get(&format!("/v1/areas/{code}/directory")).await.expect(200).value();
    assert_eq!(directory["items"][0]["name"], "测试·张明");
    v.worker.get(&format!("/v1/persons/{}", id(&row))).await.refused(404, "not_found");
    // What was moved can still be changed.
    super::end(&secretary, &residency, "2024-01-10", "sold").await.expect(200);
    secretary.patch(&format!("/v1/persons/{}", id(&row)), "*", json!({ "name": "测试·张明远" })).await.expect(200);
}

#[actix_web::test]
async fn a_community_that_goes_on_under_another_code_keeps_its_people() {
    let v = village().await;
    let row = person(&v.worker, person_in("测试·张明")).await;
    let homely = json!({ "area_code": v.home.compound.area_code, "name": "测试·李华" });
    let homely = person(&v.worker, homely).await;
    let residency = v.settle(&homely, "tenant").await;
    let grid = grid(&v.worker, TONGDEXIANG, 1).await;
    let unit = |employer: &str| json!({ "community_code": TONGDEXIANG, "employer_unit": employer, "headcount": 5, "since": "2023-03-01" });
    v.worker.post("/v1/checkins", unit("测试·甲")).await.expect(201);
    let mut in_grid = unit("测试·乙");
    in_grid["grid_id"] = json!(grid.id);
    let in_grid = v.worker.post("/v1/checkins", in_grid).await.expect(201).value();
    let district = v.app.district().await;
    let new = "620902001009";
    let body = json!({ "new_code": new, "on": "2024-01-10", "reason": "街道区划调整" });
    district.post(&format!("/v1/divisions/{TONGDEXIANG}/move"), body).await.expect(200);
    let worker = v.app.community_worker(new).await;
    assert_eq!(area(&worker, &format!("/v1/persons/{}", id(&row))).await, new);
    let compound = area(&worker, &format!("/v1/persons/{}", id(&homely))).await;
    assert!(compound.starts_with(&format!("{new}-")), "{compound}");
    assert_eq!(area(&worker, &format!("/v1/residencies/{}", id(&residency))).await, format!("{compound}-001-01-0001"));
    assert_eq!(area(&worker, &format!("/v1/checkins/{}", id(&in_grid))).await, format!("{new}001"));
    let count = worker.get(&format!("/v1/areas/{new}/checkin-count")).await.expect(200).value();
    assert_eq!(count["headcount"], 10);
    let before = district.get(&format!("/v1/areas/{TONGDEXIANG}/checkin-count")).await.expect(200).value();
    assert_eq!(before["headcount"], 0, "nothing is counted twice");
}

#[actix_web::test]
async fn a_closed_room_is_nobodys_home() {
    let v = village().await;
    let (me, row) = v.member("测试·张明", person_in("")).await;
    let residency = v.settle(&row, "owner").await;
    let other = person(&v.worker, person_in("测试·李华")).await;
    let waiting = v.file(&other, "family").await;
    v.worker.post(&format!("/v1/rooms/{}/close", v.home.room.id), closing("2024-01-10")).await.expect(200);
    let ended = v.worker.get(&format!("/v1/residencies/{}", id(&residency))).await.value();
    assert_eq!((&ended["status"], &ended["end_reason"]), (&json!("ended"), &json!("room_closed")));
    assert_eq!(ended["ended_on"], "2024-01-10");
    let withdrawn = v.worker.get(&format!("/v1/residencies/{}", id(&waiting))).await.value();
    assert_eq!(withdrawn["status"], "withdrawn");
    let grants = me.get("/v1/me").await.value()["grants"].clone();
    assert!(grants.as_array().unwrap().iter().all(|grant| grant["role"] != "owner"));
    let body = json!({ "person_id": id(&row), "room_id": v.home.room.id, "kind": "owner", "since": "2020-06-01" });
    v.worker.post("/v1/residencies", body).await.refused(422, "people.room_unknown");
}

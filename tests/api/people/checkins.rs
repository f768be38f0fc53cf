//! 在职党员报到: by name or by unit, in a community or a grid, and counted.

use serde_json::{Value, json};

use super::{id, person, person_in, village};
use crate::support::Reply;
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::territory::{CANGHOU, grid, outsiders, refused_at};

fn unit(employer: &str, headcount: i32) -> Value {
    json!({ "community_code": TONGDEXIANG, "employer_unit": employer, "headcount": headcount, "since": "2023-03-01" })
}

fn count(reply: Reply) -> (i64, i64, i64, i64) {
    let out = reply.expect(200).value();
    let number = |name: &str| out[name].as_i64().expect("a number");
    (number("headcount"), number("by_name"), number("by_unit"), number("units"))
}

#[actix_web::test]
async fn members_and_units_are_counted_as_of_a_day() {
    let v = village().await;
    let grid = grid(&v.worker, TONGDEXIANG, 1).await;
    v.worker.post("/v1/checkins", unit("测试·区水务局", 40)).await.expect(201);
    let mut in_grid = unit("测试·区教育局", 25);
    in_grid["grid_id"] = json!(grid.id);
    let in_grid = v.worker.post("/v1/checkins", in_grid).await.expect(201).value();
    assert_eq!(in_grid["area_code"], json!(grid.code));
    let mut body = person_in("测试·张明");
    body["party_status"] = json!("formal");
    let member = person(&v.worker, body).await;
    let mut named = unit("测试·区医院", 1);
    (named["person_id"], named["since"]) = (member["id"].clone(), json!("2023-09-01"));
    v.worker.post("/v1/checkins", named.clone()).await.expect(201);
    v.worker.post("/v1/checkins", named).await.refused(409, "people.checkin_open");
    v.worker.post("/v1/checkins", unit("测试·区水务局", 3)).await.refused(409, "people.checkin_open");

    let path = |area: &str, day: &str| format!("/v1/areas/{area}/checkin-count?as_of={day}");
    let district = v.app.district().await;
    assert_eq!(count(district.get(&path(DISTRICT, "2024-01-15")).await), (66, 1, 65, 2));
    assert_eq!(count(district.get(&path(DISTRICT, "2023-08-31")).await), (65, 0, 65, 2));
    assert_eq!(count(district.get(&path(DISTRICT, "2023-02-28")).await), (0, 0, 0, 0));
    assert_eq!(count(district.get(&path(&grid.code, "2024-01-15")).await), (25, 0, 25, 1));
    let end = format!("/v1/checkins/{}/end", id(&in_grid));
    let any = [("If-Match", "*")];
    v.worker.post_with(&end, &any, json!({ "on": "2023-02-28" })).await.refused(422, "people.ends_too_early");
    v.worker.post_with(&end, &any, json!({ "on": "2024-01-10" })).await.expect(200);
    v.worker.post_with(&end, &any, json!({ "on": "2024-01-10" })).await.refused(409, "people.checkin_ended");
    assert_eq!(count(district.get(&path(DISTRICT, "2024-01-09")).await), (66, 1, 65, 2));
    assert_eq!(count(district.get(&path(DISTRICT, "2024-01-10")).await), (41, 1, 40, 1));
    let area = TONGDEXIANG.to_owned();
    let on = "2024-01-15".parse().expect("a day");
    let total = v.app.app.db.read(move |c| roster::people::count_checkins(c, &area, on)).await.expect("a count");
    assert_eq!(total, 41);
}

#[actix_web::test]
async fn only_members_check_in_by_name_and_where_the_grid_is() {
    let v = village().await;
    let nobody = person(&v.worker, person_in("测试·李华")).await;
    let mut body = unit("测试·区医院", 1);
    body["person_id"] = nobody["id"].clone();
    v.worker.post("/v1/checkins", body.clone()).await.refused(422, "people.not_a_member");
    let path = format!("/v1/persons/{}", id(&nobody));
    v.worker.patch(&path, "*", json!({ "party_status": "probationary" })).await.expect(200);
    body["headcount"] = json!(2);
    v.worker.post("/v1/checkins", body).await.refused(422, "people.one_person");
    let canghou = v.app.community_worker(CANGHOU).await;
    let far = grid(&canghou, CANGHOU, 1).await;
    let both = v.app.street().await;
    let mut body = unit("测试·区医院", 5);
    body["grid_id"] = json!(far.id);
    both.post("/v1/checkins", body).await.refused(422, "people.grid_unfit");
    let faults = [
        ("headcount", json!(0)),
        ("employer_unit", json!(" ")),
        ("since", json!("2024-01-16")),
        ("community_code", json!("6209")),
    ];
    refused_at(&v.worker, "/v1/checkins", &unit("测试·区医院", 5), &faults).await;
}

#[actix_web::test]
async fn check_ins_are_listed_to_their_own_staff() {
    let v = village().await;
    let row = v.worker.post("/v1/checkins", unit("测试·区水务局", 40)).await.expect(201).value();
    let listed = v.worker.get("/v1/checkins?include=total").await.expect(200).value();
    assert_eq!((&listed["total"], &listed["items"][0]["headcount"]), (&json!(1), &json!(40)));
    let path = format!("/v1/checkins/{}", id(&row));
    assert_eq!(v.worker.get(&path).await.expect(200).value(), row);
    for outsider in outsiders(&v.app).await {
        outsider.get(&path).await.refused(404, "not_found");
        outsider.get(&format!("/v1/areas/{TONGDEXIANG}/checkin-count")).await.refused(404, "not_found");
        let body = json!({ "on": "2024-01-10" });
        let end = outsider.post_with(&format!("{path}/end"), &[("If-Match", "*")], body).await;
        assert!(matches!(end.status(), 403 | 404));
    }
}

//! Replaying a history rebuilds its row. (A compound's is in `compounds`.)

use platform::auth::Role;
use platform::history::{self, EventRow};
use registry::territory::dto::{AssignmentOut, GridOut};
use serde_json::{Map, Value, json};

use super::registers::{TABLES, divisions};
use super::{CANGHOU, closing, compound, grid, grid_in, home, made, square, town};
use crate::support::actors::TONGDEXIANG;
use crate::support::{Client, TestApp};

async fn events(app: &TestApp, entity: &'static str, id: &str) -> Vec<EventRow> {
    let id = id.to_owned();
    let events = app.app.db.read(move |c| Ok(history::list(c, entity, &id, 0, 100)?)).await.expect("a history");
    assert!(history::is_unbroken("", &events) && !events.is_empty(), "{entity}");
    events
}

/// The row as its events tell it, and nothing else. An event's members are the row's; a closing ends it on a day.
fn replayed(events: &[EventRow], ends_as: &str) -> Value {
    let mut row = Map::new();
    for event in events {
        let mut data = event.data.0.as_object().expect("an object").clone();
        match event.event.rsplit('.').next().expect("a verb") {
            "created" | "assigned" | "changed" | "renamed" | "succeeded" => {
                data.remove("from");
                row.extend(data);
            }
            "moved" => {
                row.insert("community_code".into(), json!(event.area_code[..12]));
                row.insert("code".into(), data["to"].clone());
            }
            "closed" | "ended" => {
                row.insert(ends_as.into(), data["on"].clone());
                row.extend(data.remove("successor_code").map(|code| ("successor_code".into(), code)));
            }
            other => panic!("an event that nobody replays: {other}"),
        }
        row.insert("version".into(), json!(event.seq));
        row.insert("updated_at".into(), json!(event.at));
    }
    Value::Object(row)
}

async fn rebuilds(app: &TestApp, who: &Client, (entity, list, id): (&'static str, &str, &str), ends_as: &str) {
    let events = events(app, entity, id).await;
    let mut row = who.get(&format!("/v1/{list}/{id}")).await.expect(200).value();
    // The place's rule says it, not the row.
    row.as_object_mut().expect("an object").remove("size_warning");
    assert_eq!(replayed(&events, ends_as), row, "{entity}");
}

#[actix_web::test]
async fn a_history_rebuilds_its_grid() {
    let app = town().await;
    let worker = app.community_worker(CANGHOU).await;
    let parent = grid(&worker, CANGHOU, 1).await;
    let mut body = grid_in(CANGHOU, 2, 4);
    for (member, value) in [
        ("parent_code", json!(parent.code)),
        ("polygon", square(98.49, 39.73, 0.01)),
        ("duty_phone", json!("0937-2600001")),
        ("households", json!(320)),
        ("residents", json!(960)),
    ] {
        body[member] = value;
    }
    let row: GridOut = made(worker.post("/v1/grids", body).await);
    let id = row.id.to_string();
    rebuilds(&app, &worker, ("grid", "grids", &id), "valid_to").await;
    let path = format!("/v1/grids/{id}");
    let patch = json!({ "name": "新网格", "duty_phone": null, "polygon": square(98.49, 39.73, 0.02) });
    worker.patch(&path, "\"v1\"", patch).await.expect(200);
    let to = json!({ "new_code": "620902001099", "on": "2024-01-10", "reason": "街道区划调整" });
    let district = app.actor_with(&[(Role::DistrictCoord, "620902"), (Role::StreetOfficer, "620902")]).await;
    district.post(&format!("/v1/divisions/{CANGHOU}/move"), to).await.expect(200);
    rebuilds(&app, &district, ("grid", "grids", &id), "valid_to").await;
    district.post(&format!("{path}/close"), closing("2024-01-15")).await.expect(200);
    rebuilds(&app, &district, ("grid", "grids", &id), "valid_to").await;
}

#[actix_web::test]
async fn a_history_rebuilds_its_building_unit_and_room() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let grid = grid(&worker, TONGDEXIANG, 1).await;
    let home = home(&worker, TONGDEXIANG, Some(&grid.code)).await;
    let (building, unit, room) = (home.building.id.to_string(), home.unit.id.to_string(), home.room.id.to_string());
    let leaves = [("room", "rooms", room.as_str()), ("unit", "units", &unit), ("building", "buildings", &building)];
    for leaf in leaves {
        rebuilds(&app, &worker, leaf, "closed_on").await;
    }
    for (list, id, patch) in [
        ("buildings", &building, json!({ "no": "11", "floors": 7, "has_elevator": true, "grid_code": null })),
        ("units", &unit, json!({ "no": "东" })),
        ("rooms", &room, json!({ "no": "102", "exclusive_area": 9_999, "use_kind": "office" })),
    ] {
        worker.patch(&format!("/v1/{list}/{id}"), "\"v1\"", patch).await.expect(200);
    }
    for leaf @ (_, list, id) in leaves {
        rebuilds(&app, &worker, leaf, "closed_on").await;
        worker.post(&format!("/v1/{list}/{id}/close"), closing("2024-01-10")).await.expect(200);
        rebuilds(&app, &worker, leaf, "closed_on").await;
    }
}

#[actix_web::test]
async fn a_history_rebuilds_its_contact_but_for_a_persons_name() {
    let app = town().await;
    let (street, district) = (app.street().await, app.district().await);
    let (grid, compound) = (grid(&street, TONGDEXIANG, 1).await, compound(&street, TONGDEXIANG, "康盛花园").await);
    let of_grid = json!({ "kind": "department", "grid_id": grid.id, "assignee": "测试·区水务局", "hard_spot": true,
        "valid_from": "2024-01-01", "valid_to": "2024-12-31" });
    let of_compound = json!({ "kind": "leader", "compound_id": compound.id, "assignee": "测试·包抓领导001",
        "title": "区级领导", "valid_from": "2024-01-01" });
    for (body, is_person) in [(of_grid, false), (of_compound, true)] {
        let row: AssignmentOut = made(district.post("/v1/contact-assignments", body).await);
        let path = format!("/v1/contact-assignments/{}", row.id);
        let correction = json!({ "title": "区级领导", "hard_spot": false, "valid_to": "2024-11-30" });
        district.patch(&path, "*", correction).await.expect(200);
        district.post(&format!("{path}/end"), closing("2024-01-10")).await.expect(200);
        let events = events(&app, "contact_assignment", &row.id.to_string()).await;
        assert_eq!(events.iter().any(|event| event.data.0.to_string().contains(&row.assignee)), !is_person);
        let mut told = replayed(&events, "ended_on");
        if is_person {
            told["assignee"] = json!(row.assignee);
        }
        assert_eq!(told, district.get(&path).await.expect(200).value());
    }
}

#[actix_web::test]
async fn a_history_rebuilds_its_division() {
    let app = town().await;
    let district = app.district().await;
    let new = json!({ "code": "620902001098", "name": "新园社区居委会", "alias": "新园", "valid_from": "2023-01-01" });
    district.post("/v1/divisions", new).await.expect(201);
    rebuilds(&app, &district, ("division", "divisions", "620902001098"), "valid_to").await;
    let patch = json!({ "households": 1200, "alias": null, "land_area": 110_000_000 });
    district.patch("/v1/divisions/620902001098", "\"v1\"", patch).await.expect(200);
    let to = json!({ "new_code": "620902001099", "on": "2024-01-10", "reason": "街道区划调整" });
    district.post(&format!("/v1/divisions/{CANGHOU}/move"), to).await.expect(200);
    for code in ["620902001098", CANGHOU, "620902001099"] {
        rebuilds(&app, &district, ("division", "divisions", code), "valid_to").await;
    }
}

/// An import writes no history for each of the country's divisions; what one began as comes with its first change.
#[actix_web::test]
async fn a_history_rebuilds_a_division_that_an_import_brought() {
    let app = TestApp::spawn().await;
    assert_eq!(divisions(&app, &TABLES).errors, []);
    let brought = app.clock.now();
    app.clock.advance(chrono::Duration::days(30));
    let district = app.district().await;
    district.patch(&format!("/v1/divisions/{CANGHOU}"), "\"v1\"", json!({ "alias": "仓后" })).await.expect(200);
    rebuilds(&app, &district, ("division", "divisions", CANGHOU), "valid_to").await;
    let events = events(&app, "division", CANGHOU).await;
    let told: Vec<(&str, i32)> = events.iter().map(|event| (event.event.as_str(), event.seq)).collect();
    assert_eq!(told, [("division.created", 1), ("division.changed", 2)]);
    assert_eq!((events[0].at, events[0].actor_id.is_none()), (brought, true));
}

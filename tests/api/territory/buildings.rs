//! 楼栋、单元、房屋

use platform::auth::Role;
use registry::territory::dto::{BuildingOut, BuildingPage, RoomOut, RoomPage, UnitOut, UnitPage};
use serde_json::{Value, json};

use super::{CANGHOU, building, closing, compound, grid, home, made, outsiders, refused_at, room, town, unit};
use crate::support::Client;
use crate::support::actors::TONGDEXIANG;

async fn codes(who: &Client, path: &str) -> Vec<String> {
    let page = who.get(path).await.expect(200).value();
    let items = page["items"].as_array().expect("items");
    items.iter().map(|row| row["area_code"].as_str().expect("a code").to_owned()).collect()
}

#[actix_web::test]
async fn a_room_lies_in_a_unit_of_a_building_of_a_compound() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let home = home(&worker, TONGDEXIANG, None).await;
    assert_eq!(home.building.area_code, "620902005003-0001-001");
    assert_eq!(home.unit.area_code, "620902005003-0001-001-01");
    assert_eq!(home.room.area_code, "620902005003-0001-001-01-0001");
    assert_eq!((home.room.exclusive_area, home.room.compound_id), (10_050, home.compound.id));
    let read: RoomOut = worker.get(&format!("/v1/rooms/{}", home.room.id)).await.expect(200).json();
    assert_eq!((read.unit_id, read.no.as_str()), (home.unit.id, "101"));
    let second = building(&worker, &home.compound, "2", None).await;
    assert_eq!(second.area_code, "620902005003-0001-002");
}

#[actix_web::test]
async fn a_number_is_given_once_and_again_after_it_was_closed() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let home = home(&worker, TONGDEXIANG, None).await;
    let paths = [
        (
            format!("/v1/compounds/{}/buildings", home.compound.id),
            json!({ "no": "1", "floors": 6, "has_elevator": true }),
        ),
        (format!("/v1/buildings/{}/units", home.building.id), json!({ "no": "1" })),
        (
            format!("/v1/units/{}/rooms", home.unit.id),
            json!({ "no": "101", "exclusive_area": 1, "use_kind": "storage" }),
        ),
    ];
    for (path, body) in &paths {
        worker.post(path, body.clone()).await.refused(409, "territory.number_taken");
    }
    worker.post(&format!("/v1/rooms/{}/close", home.room.id), closing("2024-01-10")).await.expect(200);
    let again: RoomOut = made(worker.post(&paths[2].0, paths[2].1.clone()).await);
    assert_eq!(again.area_code, "620902005003-0001-001-01-0002", "the code is not given again");
    let other = room(&worker, &home.unit, "102").await;
    let next_door = unit(&worker, &home.building, "2").await;
    for (path, no) in [(format!("/v1/rooms/{}", other.id), "101"), (format!("/v1/units/{}", next_door.id), "1")] {
        worker.patch(&path, "\"v1\"", json!({ "no": no })).await.refused(409, "territory.number_taken");
    }
}

#[actix_web::test]
async fn leaves_are_closed_from_the_inside_out() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let home = home(&worker, TONGDEXIANG, None).await;
    let paths = [
        format!("/v1/rooms/{}", home.room.id),
        format!("/v1/units/{}", home.unit.id),
        format!("/v1/buildings/{}", home.building.id),
    ];
    for path in &paths[1..] {
        worker.post(&format!("{path}/close"), closing("2024-01-10")).await.refused(409, "territory.still_in_use");
    }
    for path in &paths {
        let close = format!("{path}/close");
        worker.post(&close, closing("2024-01-16")).await.refused(422, "territory.in_the_future");
        let closed = worker.post(&close, closing("2024-01-10")).await.expect(200).value();
        assert_eq!((&closed["closed_on"], &closed["version"]), (&json!("2024-01-10"), &json!(2)));
        worker.post(&close, closing("2024-01-10")).await.refused(409, "territory.already_closed");
    }
    for path in &paths {
        worker.patch(path, "\"v2\"", json!({ "no": "9" })).await.refused(409, "territory.already_closed");
    }
    let unit = worker.post(&format!("{}/units", paths[2]), json!({ "no": "9" })).await;
    unit.refused(409, "territory.already_closed");
    let body = json!({ "no": "9", "exclusive_area": 1, "use_kind": "office" });
    worker.post(&format!("{}/rooms", paths[1]), body).await.refused(409, "territory.already_closed");
}

#[actix_web::test]
async fn buildings_units_and_rooms_are_changed_member_by_member() {
    let app = town().await;
    let street = app.street().await;
    let own = grid(&street, TONGDEXIANG, 1).await;
    let foreign = grid(&street, CANGHOU, 1).await;
    let home = home(&street, TONGDEXIANG, None).await;
    let path = format!("/v1/buildings/{}", home.building.id);
    let patch = json!({ "no": "11", "grid_code": own.code, "has_elevator": true });
    let row: BuildingOut = street.patch(&path, "\"v1\"", patch).await.expect(200).json();
    assert_eq!((row.no.as_str(), row.grid_code.as_deref(), row.floors), ("11", Some(own.code.as_str()), 6));
    let problem = street.patch(&path, "\"v2\"", json!({ "grid_code": foreign.code })).await;
    problem.refused(422, "territory.grid_of_other_community");
    street.patch(&path, "\"v1\"", json!({ "floors": 7 })).await.refused(412, "version_stale");

    let path = format!("/v1/rooms/{}", home.room.id);
    let patch = json!({ "exclusive_area": 9_999, "use_kind": "commercial" });
    let row: RoomOut = street.patch(&path, "\"v1\"", patch).await.expect(200).json();
    assert_eq!((row.exclusive_area, row.no.as_str(), row.version), (9_999, "101", 2));

    let unit = format!("/v1/units/{}", home.unit.id);
    let row: UnitOut = street.patch(&unit, "\"v1\"", json!({ "no": "东" })).await.expect(200).json();
    assert_eq!((row.no.as_str(), row.area_code, row.version), ("东", home.unit.area_code, 2), "its code stays");
    street.patch(&unit, "\"v1\"", json!({ "no": "西" })).await.refused(412, "version_stale");
    for (body, pointer) in [(json!({ "no": " " }), "#/no"), (json!({ "no": null }), "#/no"), (json!({ "x": 1 }), "#/x")]
    {
        let problem = street.patch(&unit, "\"v2\"", body).await.refused(422, "invalid");
        assert_eq!(problem.errors[0].pointer.as_deref(), Some(pointer));
    }
    for path in [path, unit, format!("/v1/buildings/{}", home.building.id)] {
        let same = street.patch(&path, "\"v2\"", json!({})).await.expect(200).value();
        assert_eq!(same["version"], 2, "a patch that changes nothing makes no version");
    }
}

#[actix_web::test]
async fn bad_members_of_leaves_are_named() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let home = home(&worker, TONGDEXIANG, None).await;
    let building = [
        ("no", json!("")),
        ("no", json!("长".repeat(21))),
        ("floors", json!(0)),
        ("floors", json!(201)),
        ("has_elevator", json!("yes")),
        ("grid_code", json!("620902005003001")),
        ("compound_id", json!(home.compound.id)),
    ];
    let good = json!({ "no": "2", "floors": 6, "has_elevator": false });
    refused_at(&worker, &format!("/v1/compounds/{}/buildings", home.compound.id), &good, &building).await;
    let unit = [("no", json!("")), ("no", json!(1)), ("floors", json!(1))];
    refused_at(&worker, &format!("/v1/buildings/{}/units", home.building.id), &json!({ "no": "2" }), &unit).await;
    let room = [
        ("no", json!(" ")),
        ("exclusive_area", json!(0)),
        ("exclusive_area", json!(100_000_001)),
        ("exclusive_area", json!(100.5)),
        ("use_kind", json!("palace")),
    ];
    let good = json!({ "no": "102", "exclusive_area": 10_000, "use_kind": "residential" });
    refused_at(&worker, &format!("/v1/units/{}/rooms", home.unit.id), &good, &room).await;
}

#[actix_web::test]
async fn leaves_of_other_areas_do_not_exist() {
    let app = town().await;
    let street = app.street().await;
    let home = home(&street, TONGDEXIANG, None).await;
    let neighbour = app.community_worker(CANGHOU).await;
    let [east, stranger] = outsiders(&app).await;
    let paths = [
        format!("/v1/buildings/{}", home.building.id),
        format!("/v1/units/{}", home.unit.id),
        format!("/v1/rooms/{}", home.room.id),
    ];
    for path in &paths {
        for who in [&neighbour, &east, &stranger] {
            who.get(path).await.refused(404, "not_found");
        }
        neighbour.post(&format!("{path}/close"), closing("2024-01-10")).await.refused(404, "not_found");
    }
    for path in &paths {
        neighbour.patch(path, "\"v1\"", json!({ "no": "9" })).await.refused(404, "not_found");
    }
    neighbour.post(&format!("{}/units", paths[0]), json!({ "no": "9" })).await.refused(404, "not_found");
    let body = json!({ "no": "9", "exclusive_area": 1, "use_kind": "office" });
    neighbour.post(&format!("{}/rooms", paths[1]), body).await.refused(404, "not_found");
    for list in ["buildings", "units", "rooms"] {
        assert_eq!(codes(&neighbour, &format!("/v1/{list}")).await, [""; 0]);
        assert_eq!(neighbour.get(&format!("/v1/{list}?area={TONGDEXIANG}")).await.status(), 404);
    }
}

#[actix_web::test]
async fn leaves_are_listed_by_area_and_status() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let home = home(&worker, TONGDEXIANG, None).await;
    let second = building(&worker, &home.compound, "2", None).await;
    let other = unit(&worker, &second, "1").await;
    for no in ["101", "102", "103"] {
        room(&worker, &other, no).await;
    }
    assert_eq!(
        codes(&worker, &format!("/v1/rooms?area={}", home.building.area_code)).await,
        [home.room.area_code.as_str()]
    );
    assert_eq!(codes(&worker, &format!("/v1/rooms?area={}", other.area_code)).await.len(), 3);
    assert_eq!(codes(&worker, "/v1/units").await, [home.unit.area_code.as_str(), other.area_code.as_str()]);
    worker.post(&format!("/v1/rooms/{}/close", home.room.id), closing("2024-01-10")).await.expect(200);
    assert_eq!(codes(&worker, "/v1/rooms").await.len(), 3);
    assert_eq!(codes(&worker, "/v1/rooms?status=closed").await, [home.room.area_code.as_str()]);
    let page: RoomPage = worker.get("/v1/rooms?status=all&limit=3&include=total").await.json();
    assert_eq!((page.total, page.has_more), (Some(4), true));
    let cursor = page.next_cursor.expect("a next page");
    assert_eq!(codes(&worker, &format!("/v1/rooms?status=all&limit=3&cursor={cursor}")).await.len(), 1);
    let counted: UnitPage = worker.get("/v1/units?include=total").await.json();
    let buildings: BuildingPage = worker.get("/v1/buildings?include=total").await.json();
    assert_eq!((counted.total, buildings.total), (Some(2), Some(2)));
}

#[actix_web::test]
async fn an_owner_sees_their_own_room_and_no_other() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let home = home(&worker, TONGDEXIANG, None).await;
    let next_door = room(&worker, &home.unit, "102").await;
    let owner = app.actor(Role::Owner, &home.room.area_code).await;
    assert_eq!(codes(&owner, "/v1/rooms").await, [home.room.area_code.as_str()]);
    assert_eq!(owner.get(&format!("/v1/rooms/{}", home.room.id)).await.status(), 200);
    owner.get(&format!("/v1/rooms/{}", next_door.id)).await.refused(404, "not_found");
    assert_eq!(owner.get(&format!("/v1/rooms?area={}", next_door.area_code)).await.status(), 404);
    assert_eq!(codes(&owner, &format!("/v1/rooms?area={}", home.unit.area_code)).await, [home.room.area_code.as_str()]);
    let resident = app.actor(Role::Resident, &home.room.area_code).await;
    assert_eq!(resident.get("/v1/rooms").await.refused(403, "forbidden").required_scope.as_deref(), Some("rooms:read"));
}

#[actix_web::test]
async fn an_owner_reads_their_own_compound_and_no_other() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let home = home(&worker, TONGDEXIANG, None).await;
    let other = compound(&worker, TONGDEXIANG, "隔壁院").await;
    let owner = app.actor(Role::Owner, &home.room.area_code).await;
    assert_eq!(codes(&owner, "/v1/compounds").await, [home.compound.area_code.as_str()]);
    for inside in ["", "/modes", "/placements", "/history"] {
        assert_eq!(owner.get(&format!("/v1/compounds/{}{inside}", home.compound.id)).await.status(), 200, "{inside}");
        owner.get(&format!("/v1/compounds/{}{inside}", other.id)).await.refused(404, "not_found");
    }
    owner.get(&format!("/v1/areas/{}/profile", home.compound.area_code)).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_grid_worker_sees_the_buildings_of_their_grid_and_what_is_in_them() {
    let app = town().await;
    let street = app.street().await;
    let (first, second) = (grid(&street, TONGDEXIANG, 1).await, grid(&street, TONGDEXIANG, 2).await);
    let home = home(&street, TONGDEXIANG, Some(&first.code)).await;
    let other = building(&street, &home.compound, "2", Some(&second.code)).await;
    let elsewhere = unit(&street, &other, "1").await;
    room(&street, &elsewhere, "101").await;
    compound(&street, TONGDEXIANG, "无格院").await;
    let worker = app.actor(Role::GridWorker, &first.code).await;
    let by_grid = format!("/v1/buildings?area={}", second.code);
    assert_eq!(codes(&street, &by_grid).await, [other.area_code.as_str()], "a list of what lies in a grid");
    for (list, id, code) in [
        ("buildings", home.building.id.to_string(), &home.building.area_code),
        ("units", home.unit.id.to_string(), &home.unit.area_code),
        ("rooms", home.room.id.to_string(), &home.room.area_code),
    ] {
        assert_eq!(codes(&worker, &format!("/v1/{list}")).await, [code.as_str()]);
        assert_eq!(worker.get(&format!("/v1/{list}/{id}")).await.status(), 200, "{list}");
        let counted: Value = worker.get(&format!("/v1/{list}?include=total")).await.value();
        assert_eq!(counted["total"], 1, "{list}");
    }
    let unseen: UnitOut = street.get(&format!("/v1/units/{}", elsewhere.id)).await.json();
    worker.get(&format!("/v1/units/{}", unseen.id)).await.refused(404, "not_found");
    worker.get(&format!("/v1/buildings/{}", other.id)).await.refused(404, "not_found");
}

//! 网格

use platform::auth::Role;
use platform::history::EventPage;
use registry::territory::dto::{AssignmentOut, GridOut, GridPage, GridSizeWarning};
use serde_json::{Value, json};

use super::{CANGHOU, MINZHU, closing, grid, grid_in, home, made, outsiders, refused_at, town};
use crate::support::Client;
use crate::support::actors::{STREET, TONGDEXIANG};

async fn listed(who: &Client, query: &str) -> Vec<String> {
    let page: GridPage = who.get(&format!("/v1/grids?limit=100&{query}")).await.expect(200).json();
    page.items.into_iter().map(|row| row.code).collect()
}

#[actix_web::test]
async fn a_grid_is_registered_read_changed_and_closed() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let body = json!({ "community_code": TONGDEXIANG, "level": 3, "kind": "basic", "name": "同德巷第一网格",
        "households": 173, "residents": 617, "duty_phone": "0937-2600001", "valid_from": "2023-01-01" });
    let reply = worker.post("/v1/grids", body).await.expect(201);
    let row: GridOut = reply.json();
    assert_eq!(reply.header("location"), Some(format!("/v1/grids/{}", row.id)));
    assert_eq!((row.code.as_str(), row.households, row.parent_id), ("620902005003001", Some(173), None));

    let path = format!("/v1/grids/{}", row.id);
    let patch = json!({ "name": "同德巷网格1", "kind": "exclusive", "duty_phone": null, "households": 180 });
    let changed: GridOut = worker.patch(&path, &reply.etag(), patch).await.expect(200).json();
    assert_eq!((changed.duty_phone, changed.households, changed.residents), (None, Some(180), Some(617)));
    assert_eq!(listed(&worker, "q=网格1&kind=exclusive").await, [row.code.as_str()]);

    let closed: GridOut = worker.post(&format!("{path}/close"), closing("2024-01-10")).await.expect(200).json();
    assert_eq!((closed.valid_to.map(|day| day.to_string()).as_deref(), closed.version), (Some("2024-01-10"), 3));
    worker.post(&format!("{path}/close"), closing("2024-01-10")).await.refused(409, "territory.already_closed");
    worker.patch(&path, "\"v3\"", json!({ "name": "x" })).await.refused(409, "territory.already_closed");
    let history: EventPage = worker.get(&format!("{path}/history")).await.json();
    let events: Vec<&str> = history.items.iter().map(|event| event.event.as_str()).collect();
    assert_eq!(events, ["grid.created", "grid.changed", "grid.closed"]);
    assert!(history.items.iter().all(|event| event.intact));
}

/// A hint and never a refusal; the rule is the place's, and what it says changes with the rule and not with the grid.
#[actix_web::test]
async fn a_grid_outside_the_size_that_its_place_wants_is_told_so() {
    let app = town().await;
    let (street, district) = (app.street().await, app.district().await);
    let sized = |community: &str, serial: i32, households: Value| {
        let mut body = grid_in(community, serial, 3);
        body["households"] = households;
        body
    };
    let small: GridOut = made(street.post("/v1/grids", sized(TONGDEXIANG, 1, json!(184))).await);
    let large: GridOut = made(street.post("/v1/grids", sized(TONGDEXIANG, 2, json!(501))).await);
    let right: GridOut = made(street.post("/v1/grids", sized(CANGHOU, 1, json!(300))).await);
    let unknown = grid(&street, CANGHOU, 2).await;
    let told = [small.size_warning, large.size_warning, right.size_warning, unknown.size_warning];
    assert_eq!(told, [Some(GridSizeWarning::TooSmall), Some(GridSizeWarning::TooLarge), None, None]);

    let warnings = async || -> Vec<Option<GridSizeWarning>> {
        let page: GridPage = street.get("/v1/grids").await.expect(200).json();
        page.items.into_iter().map(|row| row.size_warning).collect()
    };
    use GridSizeWarning::{TooLarge, TooSmall};
    assert_eq!(warnings().await, [None, None, Some(TooSmall), Some(TooLarge)]);
    for (area, min) in [("620902", 100), (CANGHOU, 310)] {
        let rule = json!({ "key": "territory.grid_size", "area_code": area, "effective_from": "2024-01-15",
            "params": { "min_households": min, "max_households": 500 }, "legal_basis": "肃州区网格划分方案" });
        district.post("/v1/rule-sets", rule).await.expect(201);
    }
    assert_eq!(warnings().await, [Some(TooSmall), None, None, Some(TooLarge)], "the nearest area's rule");
    let path = format!("/v1/grids/{}", small.id);
    let again = street.get_with(&path, &[("if-none-match", "\"v1\"")]).await.expect(200);
    assert_eq!((again.etag().as_str(), again.json::<GridOut>().size_warning), ("\"v1\"", None));
    let shrunk: GridOut = street.patch(&path, "\"v1\"", json!({ "households": 99 })).await.expect(200).json();
    assert_eq!(shrunk.size_warning, Some(TooSmall));
    let wrong = json!({ "key": "territory.grid_size", "area_code": "620902", "effective_from": "2024-02-01",
        "params": { "min_households": 600, "max_households": 500 }, "legal_basis": "x" });
    district.post("/v1/rule-sets", wrong).await.refused(422, "rule_sets.params");
}

#[actix_web::test]
async fn an_empty_patch_of_a_grid_makes_no_version() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let row = grid(&worker, TONGDEXIANG, 1).await;
    for body in [json!({}), json!({ "name": row.name, "duty_phone": null })] {
        let same: GridOut = worker.patch(&format!("/v1/grids/{}", row.id), "\"v1\"", body).await.expect(200).json();
        assert_eq!(same.version, 1);
    }
}

#[actix_web::test]
async fn a_serial_goes_on_where_it_stopped_and_is_never_given_twice() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let ninth = grid(&worker, TONGDEXIANG, 9).await;
    let taken = worker.post("/v1/grids", grid_in(TONGDEXIANG, 9, 3)).await;
    taken.refused(409, "territory.code_taken");
    worker.post(&format!("/v1/grids/{}/close", ninth.id), closing("2024-01-10")).await.expect(200);
    worker.post("/v1/grids", grid_in(TONGDEXIANG, 9, 3)).await.refused(409, "territory.code_taken");
    let mut next = grid_in(TONGDEXIANG, 1, 3);
    next.as_object_mut().expect("an object").remove("serial");
    assert_eq!(made::<GridOut>(worker.post("/v1/grids", next.clone()).await).code, "620902005003010");
    grid(&worker, TONGDEXIANG, 999).await;
    worker.post("/v1/grids", next).await.refused(409, "territory.code_taken");
}

#[actix_web::test]
async fn a_lower_grid_lies_in_an_open_higher_one_of_its_community() {
    let app = town().await;
    let street = app.street().await;
    let third = grid(&street, TONGDEXIANG, 1).await;
    let nested = |serial: i32, level: i32, parent: &str| {
        let mut body = grid_in(TONGDEXIANG, serial, level);
        body["parent_code"] = json!(parent);
        body
    };
    let fourth: GridOut = made(street.post("/v1/grids", nested(2, 4, &third.code)).await);
    assert_eq!(fourth.parent_id, Some(third.id));
    let elsewhere = grid(&street, CANGHOU, 1).await;
    for body in [
        nested(3, 3, &third.code),
        nested(3, 2, &third.code),
        nested(3, 4, &elsewhere.code),
        nested(3, 4, "620902005003099"),
    ] {
        let problem = street.post("/v1/grids", body).await.refused(422, "territory.grid_parent");
        assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/parent_code"));
    }
    let close = format!("/v1/grids/{}/close", third.id);
    street.post(&close, closing("2024-01-10")).await.refused(409, "territory.still_in_use");
    street.post(&format!("/v1/grids/{}/close", fourth.id), closing("2024-01-10")).await.expect(200);
    street.post(&close, closing("2024-01-10")).await.expect(200);
    street.post("/v1/grids", nested(3, 4, &third.code)).await.refused(422, "territory.grid_parent");
}

#[actix_web::test]
async fn a_grid_that_holds_a_building_or_a_compound_is_not_closed() {
    let app = town().await;
    let street = app.street().await;
    let (first, second) = (grid(&street, TONGDEXIANG, 1).await, grid(&street, TONGDEXIANG, 2).await);
    let home = home(&street, TONGDEXIANG, Some(&first.code)).await;
    let compound = format!("/v1/compounds/{}", home.compound.id);
    street.patch(&compound, "\"v1\"", json!({ "grid_code": second.code })).await.expect(200);
    for id in [first.id, second.id] {
        let reply = street.post(&format!("/v1/grids/{id}/close"), closing("2024-01-10")).await;
        reply.refused(409, "territory.still_in_use");
    }
    let building = format!("/v1/buildings/{}", home.building.id);
    street.patch(&building, "\"v1\"", json!({ "grid_code": null })).await.expect(200);
    street.post(&format!("/v1/grids/{}/close", first.id), closing("2024-01-10")).await.expect(200);
}

#[actix_web::test]
async fn bad_members_of_a_grid_are_named() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let faults = [
        ("community_code", json!("62090200500")),
        ("serial", json!(0)),
        ("serial", json!(1000)),
        ("level", json!(0)),
        ("level", json!(6)),
        ("level", json!("3")),
        ("kind", json!("special")),
        ("name", json!("")),
        ("name", json!(" ")),
        ("name", json!("长".repeat(81))),
        ("households", json!(-1)),
        ("residents", json!(10_000_001)),
        ("duty_phone", json!("1")),
        ("parent_code", json!("1")),
        ("polygon", json!({ "type": "Point", "coordinates": [0, 0] })),
        ("valid_from", json!("yesterday")),
        ("code", json!("620902005003001")),
    ];
    refused_at(&worker, "/v1/grids", &grid_in(TONGDEXIANG, 1, 3), &faults).await;
    assert_eq!(listed(&worker, "status=all").await, [""; 0]);
}

#[actix_web::test]
async fn all_bad_members_of_a_grid_are_named_at_once() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let pointers = async |changes: Value| -> Vec<String> {
        let mut body = grid_in(TONGDEXIANG, 1, 3);
        body.as_object_mut().expect("an object").extend(changes.as_object().expect("members").clone());
        let problem = worker.post("/v1/grids", body).await.refused(422, "invalid");
        let mut named: Vec<String> = problem.errors.into_iter().filter_map(|fault| fault.pointer).collect();
        named.sort_unstable();
        named
    };
    let wrong = json!({ "level": "three", "kind": "special", "households": "many", "colour": "red" });
    assert_eq!(pointers(wrong).await, ["#/colour", "#/households", "#/kind", "#/level"]);
    // Types and values together, where what is left can be read.
    let wrong = json!({ "level": 6, "households": "many", "name": "" });
    assert_eq!(pointers(wrong).await, ["#/households", "#/level", "#/name", "#/name"]);
}

#[actix_web::test]
async fn a_grid_lies_in_a_community_and_never_straight_in_a_street() {
    let app = town().await;
    let street = app.street().await;
    let mut of_street = grid_in(TONGDEXIANG, 1, 3);
    of_street["community_code"] = json!(STREET);
    assert_eq!(street.post("/v1/grids", of_street).await.status(), 422);
    let unknown = street.post("/v1/grids", grid_in("620902005077", 1, 3)).await;
    let problem = unknown.refused(422, "territory.not_a_community");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/community_code"));
}

#[actix_web::test]
async fn grids_of_other_areas_do_not_exist() {
    let app = town().await;
    let street = app.street().await;
    let row = grid(&street, TONGDEXIANG, 1).await;
    let path = format!("/v1/grids/{}", row.id);
    let neighbour = app.community_worker(CANGHOU).await;
    let [east, stranger] = outsiders(&app).await;
    for who in [&neighbour, &east, &stranger] {
        who.get(&path).await.refused(404, "not_found");
        who.get(&format!("{path}/history")).await.refused(404, "not_found");
        assert_eq!(listed(who, "status=all").await, [""; 0]);
    }
    for who in [&neighbour, &east] {
        who.patch(&path, "\"v1\"", json!({ "name": "x" })).await.refused(404, "not_found");
        who.post(&format!("{path}/close"), closing("2024-01-10")).await.refused(404, "not_found");
        who.post("/v1/grids", grid_in(TONGDEXIANG, 2, 3)).await.refused(404, "not_found");
        assert_eq!(who.get(&format!("/v1/grids?area={TONGDEXIANG}")).await.status(), 404);
    }
    stranger.patch(&path, "\"v1\"", json!({})).await.refused(403, "forbidden");
    street.get("/v1/grids/no-such-grid").await.refused(404, "not_found");
    let unknown = format!("/v1/grids/{}", uuid::Uuid::nil());
    street.get(&unknown).await.refused(404, "not_found");
    assert_eq!(street.get(&path).await.json::<GridOut>().version, 1);
}

#[actix_web::test]
async fn grids_are_filtered_by_area_level_kind_leader_and_name() {
    let app = town().await;
    let (street, district) = (app.street().await, app.district().await);
    let first = grid(&street, TONGDEXIANG, 1).await;
    grid(&street, TONGDEXIANG, 2).await;
    made::<Value>(street.post("/v1/grids", grid_in(CANGHOU, 1, 4)).await);
    let east = app.actor(Role::StreetOfficer, "620902001").await;
    grid(&east, MINZHU, 1).await;
    let leader = json!({ "kind": "leader", "grid_id": first.id, "assignee": "测试·包抓领导001",
        "valid_from": "2024-01-01", "valid_to": "2024-01-15" });
    made::<AssignmentOut>(district.post("/v1/contact-assignments", leader).await);

    assert_eq!(listed(&district, "level=3").await, ["620902001002001", "620902005003001", "620902005003002"]);
    assert_eq!(listed(&district, &format!("area={TONGDEXIANG}")).await, ["620902005003001", "620902005003002"]);
    assert_eq!(listed(&district, "area=620902005003002").await, ["620902005003002"]);
    assert_eq!(listed(&district, "has_leader=true").await, [first.code.as_str()]);
    assert_eq!(listed(&street, "has_leader=false").await, ["620902005002001", "620902005003002"]);
    assert_eq!(listed(&street, "q=第２网格").await, ["620902005003002"]);
    assert_eq!(listed(&street, "q=%25").await, [""; 0]);
    assert_eq!(street.get("/v1/grids?level=6").await.status(), 400);
    assert_eq!(street.get("/v1/grids?has_leader=perhaps").await.status(), 400);
    let page: GridPage = district.get("/v1/grids?limit=2&include=total").await.json();
    assert_eq!((page.items.len(), page.total), (2, Some(4)));

    app.clock.advance(chrono::Duration::minutes(14));
    assert_eq!(listed(&district, "has_leader=true").await, [first.code.as_str()], "the last day counts");
    app.clock.advance(chrono::Duration::days(1));
    let tomorrow = app.district().await;
    assert_eq!(listed(&tomorrow, "has_leader=true").await, [""; 0], "a period that has run out does not");
}

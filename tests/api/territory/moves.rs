//! 划转 (scenario 17): codes change, ids stay, and last year's figures stand.

use platform::auth::Role;
use registry::identity::dto::TokensOut;
use registry::territory::dto::{
    AssignmentOut, BuildingOut, CompoundOut, DivisionOut, DivisionPage, GridOut, ManagementMode, ModeChangeOut,
    PlacementsOut, ProfileOut, RoomOut, UnitOut,
};
use serde_json::{Value, json};

use super::{AIRPORT, CANGHOU, EAST_STREET, MINZHU, closing, compound, grid, home, made, proposal, town};
use crate::identity::{PASSWORD, log_in, settled_account};
use crate::support::actors::{STREET, TONGDEXIANG};
use crate::support::{Client, Reply, TestApp};

async fn move_to(who: &Client, of: &CompoundOut, community: &str, on: &str) -> Reply {
    let body = json!({ "community_code": community, "on": on, "reason": "社区边界调整" });
    who.post(&format!("/v1/compounds/{}/move", of.id), body).await
}

async fn move_community(who: &Client, from: &str, to: &str, on: &str) -> Reply {
    let body = json!({ "new_code": to, "on": on, "reason": "街道区划调整" });
    who.post(&format!("/v1/divisions/{from}/move"), body).await
}

async fn profile(who: &Client, area: &str, as_of: &str) -> ProfileOut {
    who.get(&format!("/v1/areas/{area}/profile?as_of={as_of}")).await.expect(200).json()
}

async fn read<T: serde::de::DeserializeOwned>(who: &Client, path: &str) -> T {
    who.get(path).await.expect(200).json()
}

#[actix_web::test]
async fn a_moved_compound_counts_where_it_lay_on_the_day() {
    let app = town().await;
    let (district, street) = (app.district().await, app.street().await);
    let row = compound(&street, TONGDEXIANG, "康盛花园").await;
    compound(&street, TONGDEXIANG, "同德小区").await;
    let moved: CompoundOut = move_to(&district, &row, MINZHU, "2024-01-10").await.expect(200).json();
    assert_eq!((moved.id, moved.area_code.as_str(), moved.version), (row.id, "620902001002-0001", 2));

    for (area, before, after) in
        [(TONGDEXIANG, 2, 1), (STREET, 2, 1), (MINZHU, 0, 1), (EAST_STREET, 0, 1), ("620902", 2, 2)]
    {
        assert_eq!(profile(&district, area, "2024-01-09").await.compounds, before, "{area} the day before");
        assert_eq!(profile(&district, area, "2024-01-10").await.compounds, after, "{area} from the day on");
    }
    let path = format!("/v1/compounds/{}/placements", row.id);
    let placements: PlacementsOut = read(&district, &path).await;
    let lay: Vec<(&str, Option<String>)> =
        placements.items.iter().map(|p| (p.area_code.as_str(), p.valid_to.map(|day| day.to_string()))).collect();
    let expected = [("620902005003-0001", Some("2024-01-10".to_owned())), ("620902001002-0001", None)];
    assert_eq!(lay, expected);
    street.get(&format!("/v1/compounds/{}", row.id)).await.refused(404, "not_found");
    let next = compound(&street, TONGDEXIANG, "新院").await;
    assert_eq!(next.area_code, "620902005003-0003", "the code that was left is not given again");
}

#[actix_web::test]
async fn what_is_in_a_compound_goes_with_it_and_shows_a_new_version() {
    let app = town().await;
    let (district, street) = (app.district().await, app.street().await);
    let grid = grid(&street, TONGDEXIANG, 1).await;
    let home = home(&street, TONGDEXIANG, Some(&grid.code)).await;
    let change = proposal(&street, &home.compound, "2023-06-30").await;
    let body = json!({ "kind": "cadre", "compound_id": home.compound.id, "assignee": "测试·干部", "valid_from": "2024-01-01" });
    let contact: AssignmentOut = made(street.post("/v1/contact-assignments", body).await);
    move_to(&district, &home.compound, MINZHU, "2024-01-10").await.expect(200);

    let reader = app.actor_with(&[(Role::DistrictCoord, "620902"), (Role::StreetOfficer, EAST_STREET)]).await;
    let building: BuildingOut = read(&reader, &format!("/v1/buildings/{}", home.building.id)).await;
    assert_eq!((building.area_code.as_str(), building.grid_code), ("620902001002-0001-001", None));
    let unit: UnitOut = read(&reader, &format!("/v1/units/{}", home.unit.id)).await;
    assert_eq!(unit.area_code, "620902001002-0001-001-01");
    let room: RoomOut = read(&reader, &format!("/v1/rooms/{}", home.room.id)).await;
    assert_eq!(room.area_code, "620902001002-0001-001-01-0001");
    let change: ModeChangeOut = read(&reader, &format!("/v1/mode-changes/{}", change.id)).await;
    assert_eq!(change.area_code, "620902001002-0001");
    let contact: AssignmentOut = read(&reader, &format!("/v1/contact-assignments/{}", contact.id)).await;
    assert_eq!(contact.area_code, "620902001002-0001");
    for kind in [format!("buildings/{}", home.building.id), format!("rooms/{}", home.room.id)] {
        let reply = reader.get_with(&format!("/v1/{kind}"), &[("If-None-Match", "\"v1\"")]).await;
        assert_eq!(reply.status(), 200, "another code is another representation: {kind}");
    }
    let officer = app.actor(Role::StreetOfficer, EAST_STREET).await;
    let confirm = format!("/v1/mode-changes/{}/confirm", change.id);
    officer.post(&confirm, json!({ "note": "材料齐全" })).await.expect(200);
}

#[actix_web::test]
async fn a_move_that_cannot_be_is_refused() {
    let app = town().await;
    let (district, street) = (app.district().await, app.street().await);
    let row = compound(&street, TONGDEXIANG, "康盛花园").await;
    move_to(&district, &row, TONGDEXIANG, "2024-01-10").await.refused(409, "territory.same_place");
    move_to(&district, &row, MINZHU, "2024-01-16").await.refused(422, "territory.in_the_future");
    move_to(&district, &row, MINZHU, "2020-03-06").await.refused(422, "territory.closed_too_early");
    move_to(&district, &row, "620902001099", "2024-01-10").await.refused(422, "territory.not_a_community");
    move_to(&district, &row, AIRPORT, "2024-01-10").await.refused(404, "not_found");
    move_to(&street, &row, CANGHOU, "2024-01-10").await.refused(403, "forbidden");
    let stranger = app.actor(Role::DistrictCoord, "130402").await;
    move_to(&stranger, &row, AIRPORT, "2024-01-10").await.refused(404, "not_found");
    assert_eq!(move_to(&district, &row, "6209", "2024-01-10").await.status(), 422);
    street.post(&format!("/v1/compounds/{}/close", row.id), closing("2024-01-10")).await.expect(200);
    move_to(&district, &row, MINZHU, "2024-01-12").await.refused(409, "territory.already_closed");
    let placements: PlacementsOut = read(&street, &format!("/v1/compounds/{}/placements", row.id)).await;
    assert_eq!(placements.items.len(), 1, "nothing was left behind");
}

#[actix_web::test]
async fn a_mode_counts_before_and_after_the_day_it_changed() {
    let app = town().await;
    let (district, street, worker) =
        (app.district().await, app.street().await, app.community_worker(TONGDEXIANG).await);
    let row = compound(&worker, TONGDEXIANG, "康盛花园").await;
    compound(&worker, TONGDEXIANG, "同德小区").await;
    let change = proposal(&worker, &row, "2023-06-30").await;
    let confirm = format!("/v1/mode-changes/{}/confirm", change.id);
    street.post(&confirm, json!({ "note": "材料齐全" })).await.expect(200);
    for (day, managed) in [("2023-06-29", 0), ("2023-06-30", 1), ("2024-01-15", 1)] {
        let figures = profile(&district, TONGDEXIANG, day).await;
        assert_eq!((figures.coverage.numerator, figures.coverage.denominator), (managed, 2), "{day}");
        let own = figures.modes.iter().find(|count| count.mode == ManagementMode::SelfManaged).expect("the mode");
        assert_eq!(own.compounds, managed, "{day}");
    }
}

/// Logs somebody in who holds a role in an area; the token and what it is renewed with.
async fn with_grant(app: &TestApp, username: &str, role: Role, area: &str) -> TokensOut {
    let admin = app.actor(Role::PlatformAdmin, "").await;
    let account = settled_account(app, &admin, username, "62").await.account;
    let body = json!({ "account_id": account.id, "role": role, "area_code": area, "valid_from": "2020-01-01",
        "reason": "任职" });
    made::<Value>(admin.post("/v1/grants", body).await);
    log_in(app, username, PASSWORD).await
}

async fn renewed(app: &TestApp, tokens: &TokensOut) -> Client {
    let body = json!({ "refresh_token": tokens.refresh_token });
    let tokens: TokensOut = app.anonymous().post("/v1/auth/refresh", body).await.expect(200).json();
    app.with_token(&tokens.access_token)
}

#[actix_web::test]
async fn who_holds_a_role_in_a_compound_keeps_it_when_the_compound_moves() {
    let app = town().await;
    let (district, street) = (app.district().await, app.street().await);
    let home = home(&street, TONGDEXIANG, None).await;
    let head = with_grant(&app, "zhang.san", Role::OcChair, &home.compound.area_code).await;
    let owner = with_grant(&app, "li.si", Role::Owner, &home.room.area_code).await;
    let path = format!("/v1/compounds/{}", home.compound.id);
    assert_eq!(app.with_token(&head.access_token).get(&path).await.status(), 200);
    move_to(&district, &home.compound, MINZHU, "2024-01-10").await.expect(200);
    let head = renewed(&app, &head).await;
    assert_eq!(head.get(&path).await.expect(200).json::<CompoundOut>().community_code, MINZHU);
    let owner = renewed(&app, &owner).await;
    assert_eq!(owner.get(&format!("/v1/rooms/{}", home.room.id)).await.status(), 200);
}

const NEW_CODE: &str = "620902001009";

#[actix_web::test]
async fn a_community_moves_to_another_street_with_all_that_is_in_it() {
    let app = town().await;
    let (district, street) = (app.district().await, app.street().await);
    let figures = json!({ "households": 5180, "alias": "同德巷" });
    district.patch(&format!("/v1/divisions/{TONGDEXIANG}"), "\"v1\"", figures).await.expect(200);
    let grid_row = grid(&street, TONGDEXIANG, 1).await;
    let home = home(&street, TONGDEXIANG, Some(&grid_row.code)).await;
    let whole = json!({ "grid_code": grid_row.code });
    street.patch(&format!("/v1/compounds/{}", home.compound.id), "\"v1\"", whole).await.expect(200);
    let worker = with_grant(&app, "wang.wu", Role::GridWorker, &grid_row.code).await;

    let moved: DivisionOut = move_community(&district, TONGDEXIANG, NEW_CODE, "2024-01-10").await.expect(200).json();
    assert_eq!((moved.code.as_str(), moved.parent_code.as_deref()), (NEW_CODE, Some(EAST_STREET)));
    assert_eq!((moved.predecessor_code.as_deref(), moved.households), (Some(TONGDEXIANG), Some(5180)));
    assert_eq!((moved.alias.as_deref(), moved.valid_from.to_string().as_str()), (Some("同德巷"), "2024-01-10"));
    let old: DivisionOut = read(&district, &format!("/v1/divisions/{TONGDEXIANG}")).await;
    assert_eq!(old.successor_code.as_deref(), Some(NEW_CODE));
    assert_eq!(old.valid_to.map(|day| day.to_string()).as_deref(), Some("2024-01-10"));

    let row: GridOut = read(&district, &format!("/v1/grids/{}", grid_row.id)).await;
    assert_eq!((row.code.as_str(), row.version), ("620902001009001", 2));
    let row: CompoundOut = read(&district, &format!("/v1/compounds/{}", home.compound.id)).await;
    assert_eq!((row.area_code.as_str(), row.grid_code.as_deref()), ("620902001009-0001", Some("620902001009001")));
    let row: BuildingOut = read(&district, &format!("/v1/buildings/{}", home.building.id)).await;
    assert_eq!(row.grid_code.as_deref(), Some("620902001009001"), "the grid came along, and its building is still its");

    let worker = renewed(&app, &worker).await;
    assert_eq!(worker.get(&format!("/v1/compounds/{}", home.compound.id)).await.status(), 200);
    for (day, before, after) in [("2024-01-09", 1, 0), ("2024-01-10", 0, 1)] {
        assert_eq!(profile(&district, STREET, day).await.compounds, before, "{day}");
        assert_eq!(profile(&district, EAST_STREET, day).await.compounds, after, "{day}");
    }
    street.get(&format!("/v1/compounds/{}", home.compound.id)).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_moved_communitys_grids_count_where_they_lay_on_the_day() {
    let app = town().await;
    let (district, street) = (app.district().await, app.street().await);
    grid(&street, TONGDEXIANG, 1).await;
    move_community(&district, TONGDEXIANG, NEW_CODE, "2024-01-10").await.expect(200);
    for (day, before, after) in [("2024-01-09", 1, 0), ("2024-01-10", 0, 1)] {
        assert_eq!(profile(&district, STREET, day).await.grids, before, "{STREET} {day}");
        assert_eq!(profile(&district, EAST_STREET, day).await.grids, after, "{EAST_STREET} {day}");
        assert_eq!(profile(&district, TONGDEXIANG, day).await.grids, before, "{TONGDEXIANG} {day}");
        assert_eq!(profile(&district, "620902", day).await.grids, 1, "the district {day}");
    }
}

#[actix_web::test]
async fn a_community_with_closed_rows_moves_as_well() {
    let app = town().await;
    let (district, street) = (app.district().await, app.street().await);
    let grid_row = grid(&street, TONGDEXIANG, 1).await;
    let mut body = super::compound_in(TONGDEXIANG, "拆掉的院");
    body["grid_code"] = json!(grid_row.code);
    let gone: CompoundOut = made(street.post("/v1/compounds", body).await);
    street.post(&format!("/v1/compounds/{}/close", gone.id), closing("2023-12-31")).await.expect(200);
    let closed = grid(&street, TONGDEXIANG, 2).await;
    street.post(&format!("/v1/grids/{}/close", closed.id), closing("2023-12-31")).await.expect(200);
    move_community(&district, TONGDEXIANG, NEW_CODE, "2024-01-10").await.expect(200);
    let row: GridOut = read(&district, &format!("/v1/grids/{}", grid_row.id)).await;
    assert_eq!(row.code, "620902001009001");
    let row: GridOut = read(&district, &format!("/v1/grids/{}", closed.id)).await;
    assert_eq!(row.code, closed.code, "what was closed stays where it was closed");
    let row: CompoundOut = read(&district, &format!("/v1/compounds/{}", gone.id)).await;
    assert_eq!(row.community_code, TONGDEXIANG);
}

#[actix_web::test]
async fn a_community_moves_to_an_open_street_under_a_new_code() {
    let app = town().await;
    let district = app.district().await;
    let at = |reply: Reply, status, code: &str| {
        let problem = reply.refused(status, code);
        problem.errors.first().and_then(|fault| fault.pointer.clone())
    };
    let go = async |to: &str, on: &str| move_community(&district, TONGDEXIANG, to, on).await;
    at(go(TONGDEXIANG, "2024-01-10").await, 409, "territory.same_place");
    at(go("620902005099", "2024-01-10").await, 409, "territory.same_place");
    assert_eq!(
        at(go("620902777001", "2024-01-10").await, 422, "territory.parent_missing").as_deref(),
        Some("#/new_code")
    );
    assert_eq!(at(go("62090200100x", "2024-01-10").await, 422, "territory.code_shape").as_deref(), Some("#/new_code"));
    at(go(MINZHU, "2024-01-10").await, 409, "territory.code_taken");
    at(go(NEW_CODE, "2024-01-16").await, 422, "territory.in_the_future");
    at(go(NEW_CODE, "2019-12-31").await, 422, "territory.closed_too_early");
    at(go("130402010099", "2024-01-10").await, 404, "not_found");
    at(move_community(&district, STREET, NEW_CODE, "2024-01-10").await, 422, "territory.code_shape");
    go(NEW_CODE, "2024-01-10").await.expect(200);
    at(go("620902001010", "2024-01-12").await, 409, "territory.already_closed");
    let page: DivisionPage = read(&district, &format!("/v1/divisions?area={EAST_STREET}&level=community")).await;
    assert_eq!(page.items.len(), 3);
}

//! territory over HTTP: divisions, grids, compounds and what is in them, and the registers that come from files.

mod buildings;
mod compounds;
mod concurrency;
mod contacts;
mod divisions;
mod documented;
mod exports;
mod faults;
mod grids;
mod imports;
mod maps;
mod modes;
mod moves;
mod paging;
mod profile;
pub mod registers;
mod replay;

use chrono::NaiveDate;
use platform::auth::Role;
use red_steward::config::Config;
use registry::territory::dto::{
    BuildingOut, CompoundOut, DivisionLevel, EvidenceKind, GridOut, ManagementMode, ModeChangeOut, RoomOut, UnitOut,
};
use registry::territory::store::By;
use registry::territory::store::divisions::{DivisionRow, insert_row};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, TestDatabase};

pub const CANGHOU: &str = "620902005002";
/// In another street of the district.
pub const MINZHU: &str = "620902001002";
/// In another district, of another province.
pub const AIRPORT: &str = "130402010014";
pub const EAST_STREET: &str = "620902001";

/// The divisions that the tests stand in, as an import would have left them. Parents come before children.
const DIVISIONS: [(&str, &str); 15] = [
    ("62", "甘肃省"),
    ("6209", "酒泉市"),
    ("620902", "肃州区"),
    ("620902001", "东北街街道"),
    ("620902001002", "民主街社区居委会"),
    ("620902001003", "北新街社区居委会"),
    ("620902005", "西北街街道"),
    ("620902005002", "仓后街社区居委会"),
    ("620902005003", "同德巷社区居委会"),
    ("13", "河北省"),
    ("1304", "邯郸市"),
    ("130402", "邯山区"),
    ("130402010", "贸西街道"),
    ("130402010014", "飞机场社区居民委员会"),
    ("130402010015", "罗城头社区居民委员会"),
];

/// A server with the divisions of the tests.
pub async fn town() -> TestApp {
    town_with(|_| {}).await
}

/// The same with a changed configuration.
pub async fn town_with(change: impl FnOnce(&mut Config)) -> TestApp {
    let app = TestApp::spawn_with(TestDatabase::migrated(), change).await;
    let by = by(&app);
    let seeded = app.app.db.write(move |c| {
        DIVISIONS.iter().try_for_each(|(code, name)| {
            let level = DivisionLevel::of_code(code).expect("a division's code");
            insert_row(c, &DivisionRow::fresh(code, level, name, day("2020-01-01"), by.at), &by)
        })
    });
    seeded.await.expect("divisions");
    app
}

/// The system, now.
pub fn by(app: &TestApp) -> By {
    By { actor: None, at: app.clock.now(), today: app.clock.today() }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Posts what must be taken.
#[track_caller]
pub fn made<T: DeserializeOwned>(reply: crate::support::Reply) -> T {
    reply.expect(201).json()
}

pub fn grid_in(community: &str, serial: i32, level: i32) -> Value {
    json!({ "community_code": community, "serial": serial, "level": level, "kind": "basic",
        "name": format!("第{serial}网格"), "valid_from": "2020-06-01" })
}

pub async fn grid(who: &Client, community: &str, serial: i32) -> GridOut {
    made(who.post("/v1/grids", grid_in(community, serial, 3)).await)
}

/// A square of `side` degrees whose south-west corner is given.
pub fn square(lon: f64, lat: f64, side: f64) -> Value {
    json!({ "type": "Polygon", "coordinates": [[[lon, lat], [lon + side, lat], [lon + side, lat + side],
        [lon, lat + side], [lon, lat]]] })
}

pub fn compound_in(community: &str, name: &str) -> Value {
    json!({ "community_code": community, "name": name, "kind": "managed", "address": "西环北路 1 号",
        "management_mode": "none", "opened_on": "2020-03-06" })
}

pub async fn compound(who: &Client, community: &str, name: &str) -> CompoundOut {
    made(who.post("/v1/compounds", compound_in(community, name)).await)
}

pub async fn building(who: &Client, of: &CompoundOut, no: &str, grid: Option<&str>) -> BuildingOut {
    let mut body = json!({ "no": no, "floors": 6, "has_elevator": false });
    if let Some(grid) = grid {
        body["grid_code"] = json!(grid);
    }
    made(who.post(&format!("/v1/compounds/{}/buildings", of.id), body).await)
}

pub async fn unit(who: &Client, of: &BuildingOut, no: &str) -> UnitOut {
    made(who.post(&format!("/v1/buildings/{}/units", of.id), json!({ "no": no })).await)
}

pub async fn room(who: &Client, of: &UnitOut, no: &str) -> RoomOut {
    let body = json!({ "no": no, "exclusive_area": 10_050, "use_kind": "residential" });
    made(who.post(&format!("/v1/units/{}/rooms", of.id), body).await)
}

/// A compound with a building, a unit and a room in it.
pub struct Home {
    pub compound: CompoundOut,
    pub building: BuildingOut,
    pub unit: UnitOut,
    pub room: RoomOut,
}

pub async fn home(who: &Client, community: &str, grid: Option<&str>) -> Home {
    let compound = compound(who, community, "康盛花园").await;
    let building = building(who, &compound, "1", grid).await;
    let unit = unit(who, &building, "1").await;
    let room = room(who, &unit, "101").await;
    Home { compound, building, unit, room }
}

pub fn mode_change_in(mode: ManagementMode, evidence: EvidenceKind, on: &str) -> Value {
    json!({ "mode": mode, "effective_on": on, "evidence": { "kind": evidence, "reference": "居民会议决议 2023-06-20" },
        "reason": "居民会议通过" })
}

/// A proposal to let the residents manage the compound themselves.
pub async fn proposal(who: &Client, of: &CompoundOut, on: &str) -> ModeChangeOut {
    let body = mode_change_in(ManagementMode::SelfManaged, EvidenceKind::Resolution, on);
    made(who.post(&format!("/v1/compounds/{}/mode-changes", of.id), body).await)
}

pub fn closing(on: &str) -> Value {
    json!({ "on": on, "reason": "调整" })
}

/// The street officer of the other street, and the coordinator of the other district: neither sees the first street.
pub async fn outsiders(app: &TestApp) -> [Client; 2] {
    [app.actor(Role::StreetOfficer, EAST_STREET).await, app.actor(Role::DistrictCoord, "130402").await]
}

/// Asserts that each body is refused at the pointer that it is listed with, and with the status of a bad field.
pub async fn refused_at(who: &Client, path: &str, good: &Value, faults: &[(&str, Value)]) {
    for (member, value) in faults {
        let mut body = good.clone();
        body[*member] = value.clone();
        let reply = who.post(path, body).await;
        let problem = reply.problem();
        let pointer = format!("#/{member}");
        let named = problem.errors.iter().any(|e| e.pointer.as_deref().is_some_and(|at| at.starts_with(&pointer)));
        assert!(reply.status() == 422 && named, "{member} = {value}: {}", reply.text());
    }
}

/// Straight into the database, past everything that the service guards.
pub async fn run_sql(app: &TestApp, sql: &'static str) {
    let ran = app.app.db.write(move |c| Ok(diesel::connection::SimpleConnection::batch_execute(c, sql)?));
    ran.await.expect("the statement runs");
}

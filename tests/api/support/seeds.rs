//! One row of every kind in the seed district, made through the API by those who may.

use platform::auth::{Role, Visible};
use platform::publicity;
use registry::territory::dto::DivisionLevel;
use registry::territory::store::By;
use registry::territory::store::divisions::{DivisionRow, insert_row};
use serde_json::{Value, json};

use super::actors::{DISTRICT, STREET, TONGDEXIANG};
use super::{Client, TestApp};

/// Ids, as they stand in paths.
pub struct Seeds {
    pub community: String,
    pub grid: String,
    pub compound: String,
    pub mode_change: String,
    pub building: String,
    pub unit: String,
    pub room: String,
    pub contact: String,
    pub account: String,
    pub grant: String,
    pub api_client: String,
    pub session: String,
    pub rule_set: String,
    pub publicity: String,
    pub objection: String,
}

/// The divisions down to three communities, two of one street, and a district of another city.
pub async fn plant_divisions(app: &TestApp) {
    let divisions = [
        ("62", "甘肃省"),
        ("6209", "酒泉市"),
        (DISTRICT, "肃州区"),
        ("620902001", "东北街街道"),
        ("620902001002", "民主街社区居委会"),
        (STREET, "西北街街道"),
        ("620902005002", "仓后街社区居委会"),
        (TONGDEXIANG, "同德巷社区居委会"),
        ("13", "河北省"),
        ("1304", "邯郸市"),
        ("130402", "邯山区"),
    ];
    let by = By { actor: None, at: app.clock.now(), today: app.clock.today() };
    let planted = app.app.db.write(move |c| {
        for (code, name) in divisions {
            let level = DivisionLevel::of_code(code).expect("a level");
            insert_row(c, &DivisionRow::fresh(code, level, name, by.today, by.at), &by)?;
        }
        registry::territory::store::divisions::find(c, &Visible::everything(), DISTRICT)
    });
    planted.await.expect("the divisions are planted");
}

async fn made(client: &Client, path: &str, body: Value) -> String {
    client.post(path, body).await.expect(201).value()["id"].as_str().expect("an id").to_owned()
}

/// What is posted is posted by the context that it is about; here it is about nothing.
async fn posted(app: &TestApp) -> String {
    let by = By { actor: None, at: app.clock.now(), today: app.clock.today() };
    let made = app.app.db.write(move |c| publicity::open(c, crate::publicity::posting(TONGDEXIANG), &by));
    made.await.expect("posted").id.to_string()
}

impl Seeds {
    pub async fn plant(app: &TestApp) -> Self {
        plant_divisions(app).await;
        let (district, worker) = (app.district().await, app.community_worker(TONGDEXIANG).await);
        let grid = json!({ "community_code": TONGDEXIANG, "level": 3, "kind": "basic", "name": "同德巷第1网格" });
        let grid = made(&worker, "/v1/grids", grid).await;
        let compound = json!({ "community_code": TONGDEXIANG, "name": "康盛花园", "kind": "managed",
            "address": "西环北路 1 号", "management_mode": "none", "opened_on": "2020-01-01" });
        let compound = made(&worker, "/v1/compounds", compound).await;
        let change = json!({ "mode": "self_managed", "effective_on": "2023-06-30", "reason": "居民会议通过自管",
            "evidence": { "kind": "resolution", "reference": "居民会议决议 2023-06-20" } });
        let mode_change = made(&worker, &format!("/v1/compounds/{compound}/mode-changes"), change).await;
        let building = json!({ "no": "1", "floors": 6, "has_elevator": false });
        let building = made(&worker, &format!("/v1/compounds/{compound}/buildings"), building).await;
        let unit = made(&worker, &format!("/v1/buildings/{building}/units"), json!({ "no": "1" })).await;
        let room = json!({ "no": "101", "exclusive_area": 10_000, "use_kind": "residential" });
        let room = made(&worker, &format!("/v1/units/{unit}/rooms"), room).await;
        let contact =
            json!({ "kind": "leader", "grid_id": grid, "assignee": "测试·包抓领导", "valid_from": "2024-01-01" });
        let contact = made(&district, "/v1/contact-assignments", contact).await;
        let admin = app.actor(Role::PlatformAdmin, DISTRICT).await;
        let account = json!({ "username": "wang.fang", "display_name": "测试·王芳", "area_code": TONGDEXIANG });
        let reply = admin.post("/v1/accounts", account).await.expect(201).value();
        let account = reply["account"]["id"].as_str().or(reply["id"].as_str()).expect("an id").to_owned();
        let grant = json!({ "account_id": account, "role": "community_worker", "area_code": TONGDEXIANG,
            "valid_from": "2024-01-15", "reason": "到岗" });
        let grant = made(&admin, "/v1/grants", grant).await;
        let api_client = json!({ "name": "区级大屏", "area_code": DISTRICT, "scopes": ["grids:read"] });
        let reply = district.post("/v1/api-clients", api_client).await.expect(201).value();
        let api_client = reply["client"]["id"].as_str().or(reply["id"].as_str()).expect("an id").to_owned();
        let sessions = admin.get("/v1/me/sessions").await.expect(200).value();
        let session = sessions["items"][0]["id"].as_str().expect("a session").to_owned();
        let rule = json!({ "key": "publicity.days", "area_code": TONGDEXIANG, "params": { "days": 7 },
            "legal_basis": "同德巷社区公示办法", "effective_from": "2024-01-15" });
        let rule_set = made(&district, "/v1/rule-sets", rule).await;
        let publicity = posted(app).await;
        let objection = json!({ "content": "不在本小区居住" });
        let objection = made(&worker, &format!("/v1/publicities/{publicity}/objections"), objection).await;
        Self {
            community: TONGDEXIANG.into(),
            grid,
            compound,
            mode_change,
            building,
            unit,
            room,
            contact,
            account,
            grant,
            api_client,
            session,
            rule_set,
            publicity,
            objection,
        }
    }
}

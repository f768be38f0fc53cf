//! 小区/楼院

use platform::auth::Role;
use platform::history::EventPage;
use registry::territory::dto::{CompoundOut, CompoundPage, ManagementMode, ModeHistoryOut, PlacementsOut};
use serde_json::{Map, Value, json};

use super::{
    CANGHOU, MINZHU, building, closing, compound, compound_in, grid, home, made, outsiders, proposal, refused_at, town,
};
use crate::support::Client;
use crate::support::actors::TONGDEXIANG;

async fn names(who: &Client, query: &str) -> Vec<String> {
    let page: CompoundPage = who.get(&format!("/v1/compounds?limit=100&{query}")).await.expect(200).json();
    page.items.into_iter().map(|row| row.compound.name).collect()
}

/// Everything that a compound can have.
fn full() -> Value {
    json!({ "community_code": TONGDEXIANG, "grid_code": "620902005003001", "name": "康盛花园", "kind": "managed",
        "address": "西环北路 1 号", "built_year": 2008, "floor_area": 4_800_000, "households": 480, "residents": 1716,
        "management_mode": "social_org_agency", "evidence": { "kind": "contract", "reference": "物业服务合同 2019-07" },
        "pilots": ["smart_property"], "plan": "一区一策", "brand": "德治", "opened_on": "2020-03-06" })
}

#[actix_web::test]
async fn a_compound_is_registered_with_all_that_is_known_of_it() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    grid(&worker, TONGDEXIANG, 1).await;
    let reply = worker.post("/v1/compounds", full()).await.expect(201);
    let row: CompoundOut = reply.json();
    assert_eq!(reply.header("location"), Some(format!("/v1/compounds/{}", row.id)));
    assert_eq!((row.area_code.as_str(), row.management_mode), ("620902005003-0001", ManagementMode::SocialOrgAgency));
    assert_eq!((row.floor_area, row.households, row.built_year), (Some(4_800_000), Some(480), Some(2008)));
    let path = format!("/v1/compounds/{}", row.id);
    assert_eq!(worker.get(&path).await.value(), reply.value());

    let modes: ModeHistoryOut = worker.get(&format!("{path}/modes")).await.json();
    assert_eq!(modes.items.len(), 1);
    assert_eq!(modes.items[0].evidence_reference.as_deref(), Some("物业服务合同 2019-07"));
    assert_eq!(modes.items[0].valid_to, None);
    let placements: PlacementsOut = worker.get(&format!("{path}/placements")).await.json();
    assert_eq!((placements.items.len(), placements.items[0].area_code.as_str()), (1, row.area_code.as_str()));

    let next = compound(&worker, TONGDEXIANG, "同德小区").await;
    assert_eq!(next.area_code, "620902005003-0002");
}

#[actix_web::test]
async fn every_mode_but_none_needs_evidence_that_can_establish_it() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let with = |mode: &str, evidence: Option<&str>| {
        let mut body = compound_in(TONGDEXIANG, "康盛花园");
        body["management_mode"] = json!(mode);
        if let Some(kind) = evidence {
            body["evidence"] = json!({ "kind": kind, "reference": "文号" });
        }
        body
    };
    let fit = [
        ("professional", vec!["contract"]),
        ("community_custody", vec!["resolution", "station_decision"]),
        ("social_org_agency", vec!["contract", "resolution"]),
        ("self_managed", vec!["resolution"]),
        ("red_station", vec!["station_decision"]),
        ("none", vec!["contract", "resolution", "station_decision"]),
    ];
    for (mode, kinds) in fit {
        for kind in ["contract", "resolution", "station_decision"] {
            let reply = worker.post("/v1/compounds", with(mode, Some(kind))).await;
            if mode == "professional" && kinds.contains(&kind) {
                // Who has no contract in force yet is not managed by a company.
                let problem = reply.refused(422, "territory.contract_required");
                assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/management_mode"));
            } else if kinds.contains(&kind) {
                reply.expect(201);
            } else {
                let problem = reply.refused(422, "territory.evidence_unfit");
                assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/evidence/kind"), "{mode} {kind}");
            }
        }
        let bare = worker.post("/v1/compounds", with(mode, None)).await;
        if mode == "none" {
            bare.expect(201);
        } else {
            let problem = bare.refused(422, "territory.evidence_missing");
            assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/evidence"), "{mode}");
        }
    }
}

#[actix_web::test]
async fn bad_members_of_a_compound_are_named() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let street = app.street().await;
    let elsewhere = grid(&street, CANGHOU, 1).await;
    let faults = [
        ("community_code", json!("6209")),
        ("community_code", json!(TONGDEXIANG.parse::<i64>().expect("digits"))),
        ("grid_code", json!("620902005003001")),
        ("grid_code", json!(elsewhere.code)),
        ("name", json!("")),
        ("name", json!("\t")),
        ("name", json!("长".repeat(81))),
        ("kind", json!("palace")),
        ("address", json!("")),
        ("address", json!("长".repeat(201))),
        ("built_year", json!(1899)),
        ("built_year", json!(2008.5)),
        ("floor_area", json!(-1)),
        ("households", json!(1_000_001)),
        ("residents", json!(-1)),
        ("management_mode", json!("chaos")),
        ("evidence", json!({ "kind": "contract" })),
        ("evidence", json!({ "kind": "contract", "reference": "" })),
        ("pilots", json!(["moon"])),
        ("plan", json!("长".repeat(4001))),
        ("brand", json!("")),
        ("opened_on", json!("2024-01-16")),
        ("opened_on", json!("soon")),
        ("area_code", json!("620902005003-0009")),
        ("version", json!(7)),
    ];
    refused_at(&worker, "/v1/compounds", &compound_in(TONGDEXIANG, "康盛花园"), &faults).await;
    assert_eq!(names(&worker, "status=all").await, [""; 0]);
}

#[actix_web::test]
async fn a_compound_is_changed_member_by_member() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    grid(&worker, TONGDEXIANG, 1).await;
    let made_row = worker.post("/v1/compounds", full()).await.expect(201);
    let row: CompoundOut = made_row.json();
    let path = format!("/v1/compounds/{}", row.id);
    let patch = json!({ "name": "康盛家园", "brand": null, "households": 481, "grid_code": null, "pilots": [] });
    let changed: Value = worker.patch(&path, &made_row.etag(), patch.clone()).await.expect(200).value();
    let mut expected = made_row.value();
    for (member, value) in patch.as_object().expect("an object") {
        expected[member] = value.clone();
    }
    expected["version"] = json!(2);
    assert_eq!(changed, expected);
    assert_eq!(names(&worker, "q=康盛家园").await, ["康盛家园"], "the search follows the name");
    assert_eq!(names(&worker, "q=康盛花园").await, [""; 0]);

    for body in [json!({}), json!({ "name": "康盛家园", "brand": null })] {
        let same: CompoundOut = worker.patch(&path, "\"v2\"", body).await.expect(200).json();
        assert_eq!(same.version, 2, "a patch that changes nothing makes no version");
    }
    for bad in [
        json!({ "management_mode": "none" }),
        json!({ "community_code": CANGHOU }),
        json!({ "name": null }),
        json!({ "grid_code": "620902005002001" }),
        json!({ "closed_on": "2024-01-01" }),
    ] {
        assert_eq!(worker.patch(&path, "\"v2\"", bad.clone()).await.status(), 422, "{bad}");
    }
}

#[actix_web::test]
async fn a_compound_is_closed_once_and_then_stands_still() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let row = compound(&worker, TONGDEXIANG, "康盛花园").await;
    let path = format!("/v1/compounds/{}", row.id);
    worker.post(&format!("{path}/close"), closing("2020-03-05")).await.refused(422, "territory.closed_too_early");
    worker.post(&format!("{path}/close"), closing("2024-01-16")).await.refused(422, "territory.in_the_future");
    let closed: CompoundOut = worker.post(&format!("{path}/close"), closing("2024-01-10")).await.expect(200).json();
    assert_eq!(closed.closed_on.map(|day| day.to_string()).as_deref(), Some("2024-01-10"));
    worker.post(&format!("{path}/close"), closing("2024-01-10")).await.refused(409, "territory.already_closed");
    worker.patch(&path, "\"v2\"", json!({ "brand": "x" })).await.refused(409, "territory.already_closed");
    let building = json!({ "no": "1", "floors": 6, "has_elevator": false });
    worker.post(&format!("{path}/buildings"), building).await.refused(409, "territory.already_closed");
    assert_eq!(names(&worker, "").await, [""; 0]);
    assert_eq!(names(&worker, "status=closed").await, ["康盛花园"]);
}

#[actix_web::test]
async fn a_compound_with_an_open_building_is_not_closed() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let row = compound(&worker, TONGDEXIANG, "康盛花园").await;
    let building = building(&worker, &row, "1", None).await;
    let path = format!("/v1/compounds/{}/close", row.id);
    worker.post(&path, closing("2024-01-10")).await.refused(409, "territory.still_in_use");
    worker.post(&format!("/v1/buildings/{}/close", building.id), closing("2024-01-10")).await.expect(200);
    worker.post(&path, closing("2024-01-10")).await.expect(200);
}

#[actix_web::test]
async fn compounds_of_other_areas_do_not_exist() {
    let app = town().await;
    let street = app.street().await;
    let row = compound(&street, TONGDEXIANG, "康盛花园").await;
    let path = format!("/v1/compounds/{}", row.id);
    let neighbour = app.community_worker(CANGHOU).await;
    let [east, stranger] = outsiders(&app).await;
    for who in [&neighbour, &east, &stranger] {
        for below in ["", "/modes", "/placements", "/history"] {
            who.get(&format!("{path}{below}")).await.refused(404, "not_found");
        }
        assert_eq!(names(who, "status=all").await, [""; 0]);
    }
    for who in [&neighbour, &east] {
        who.patch(&path, "\"v1\"", json!({ "brand": "x" })).await.refused(404, "not_found");
        who.post(&format!("{path}/close"), closing("2024-01-10")).await.refused(404, "not_found");
        let building = json!({ "no": "1", "floors": 6, "has_elevator": false });
        who.post(&format!("{path}/buildings"), building).await.refused(404, "not_found");
        who.post("/v1/compounds", compound_in(TONGDEXIANG, "x")).await.refused(404, "not_found");
    }
    let unknown = format!("/v1/compounds/{}", uuid::Uuid::nil());
    street.get(&unknown).await.refused(404, "not_found");
    assert_eq!(street.get(&path).await.json::<CompoundOut>().version, 1);
}

#[actix_web::test]
async fn compounds_are_filtered_by_kind_mode_age_leader_and_text() {
    let app = town().await;
    let (street, district) = (app.street().await, app.district().await);
    let with = |name: &str, member: &str, value: Value| {
        let mut body = compound_in(TONGDEXIANG, name);
        body[member] = value;
        body
    };
    for body in [
        with("老院", "built_year", json!(1999)),
        with("新院", "built_year", json!(2000)),
        with("散院", "kind", json!("scattered_yard")),
        with("远院", "address", json!("飞天路 ５０% 号")),
        full_without_grid("物业院"),
    ] {
        made::<CompoundOut>(street.post("/v1/compounds", body).await);
    }
    compound(&app.community_worker(MINZHU).await, MINZHU, "东院").await;
    assert_eq!(names(&street, "age=old").await, ["老院"]);
    assert_eq!(names(&street, "age=new").await, ["新院"]);
    assert_eq!(names(&street, "kind=scattered_yard").await, ["散院"]);
    assert_eq!(names(&street, "mode=social_org_agency").await, ["物业院"]);
    assert_eq!(names(&street, "q=飞天路50%25").await, ["远院"]);
    assert_eq!(names(&district, &format!("area={MINZHU}")).await, ["东院"]);
    assert_eq!(names(&district, "q=院&mode=none&age=old").await, ["老院"]);
    let page: CompoundPage = district.get("/v1/compounds?limit=1&include=total").await.json();
    assert_eq!((page.items[0].community_name.as_str(), page.total), ("民主街社区居委会", Some(6)));

    let of = page.items[0].compound.id;
    let body =
        json!({ "kind": "leader", "compound_id": of, "assignee": "测试·包抓领导001", "valid_from": "2024-01-01" });
    made::<Value>(district.post("/v1/contact-assignments", body).await);
    assert_eq!(names(&district, "has_leader=true").await, ["东院"]);
    assert_eq!(names(&district, "has_leader=false").await.len(), 5);
}

fn full_without_grid(name: &str) -> Value {
    let mut body = full();
    body["name"] = json!(name);
    body["built_year"] = json!(null);
    let members = body.as_object_mut().expect("an object");
    members.remove("grid_code");
    members.remove("built_year");
    body
}

#[actix_web::test]
async fn a_grid_worker_sees_the_compounds_that_stand_in_their_grid() {
    let app = town().await;
    let street = app.street().await;
    for serial in [1, 2] {
        grid(&street, TONGDEXIANG, serial).await;
    }
    let spanning = compound(&street, TONGDEXIANG, "跨格院").await;
    building(&street, &spanning, "1", Some("620902005003001")).await;
    building(&street, &spanning, "2", Some("620902005003002")).await;
    let whole = compound(&street, TONGDEXIANG, "一格院").await;
    street
        .patch(&format!("/v1/compounds/{}", whole.id), "\"v1\"", json!({ "grid_code": "620902005003001" }))
        .await
        .expect(200);
    let other = home(&street, TONGDEXIANG, Some("620902005003002")).await;
    let nowhere = compound(&street, TONGDEXIANG, "无格院").await;

    let worker = app.actor(Role::GridWorker, "620902005003001").await;
    assert_eq!(names(&worker, "").await, ["跨格院", "一格院"]);
    let page: CompoundPage = worker.get("/v1/compounds?limit=1&include=total").await.json();
    assert_eq!((page.total, page.has_more), (Some(2), true));
    let cursor = page.next_cursor.expect("a next page");
    assert_eq!(names(&worker, &format!("cursor={cursor}")).await, ["一格院"]);
    for id in [spanning.id, whole.id] {
        assert_eq!(worker.get(&format!("/v1/compounds/{id}")).await.status(), 200);
    }
    for id in [other.compound.id, nowhere.id] {
        worker.get(&format!("/v1/compounds/{id}")).await.refused(404, "not_found");
    }
}

#[actix_web::test]
async fn a_history_rebuilds_its_compound() {
    let app = town().await;
    let district = app.actor_with(&[(Role::DistrictCoord, "620902"), (Role::StreetOfficer, "620902")]).await;
    let street = app.street().await;
    grid(&district, TONGDEXIANG, 1).await;
    let row: CompoundOut = made(district.post("/v1/compounds", full()).await);
    let path = format!("/v1/compounds/{}", row.id);
    district.patch(&path, "\"v1\"", json!({ "name": "康盛家园", "brand": null, "residents": 1700 })).await.expect(200);
    let change = proposal(&district, &row, "2023-06-30").await;
    let confirm = format!("/v1/mode-changes/{}/confirm", change.id);
    street.post(&confirm, json!({ "note": "材料齐全" })).await.expect(200);
    let to = json!({ "community_code": MINZHU, "on": "2024-01-10", "reason": "社区边界调整" });
    district.post(&format!("{path}/move"), to).await.expect(200);
    district.post(&format!("{path}/close"), closing("2024-01-15")).await.expect(200);

    let history: EventPage = district.get(&format!("{path}/history")).await.json();
    assert!(history.items.iter().all(|event| event.intact));
    let mut replayed = Map::new();
    for event in &history.items {
        let data = event.data.as_object().expect("an object");
        match event.event.as_str() {
            "compound.created" | "compound.changed" => replayed.extend(data.clone()),
            "compound.mode_changed" => drop(replayed.insert("management_mode".into(), data["to"].clone())),
            "compound.moved" => {
                replayed.insert("community_code".into(), json!(event.area_code[..12]));
                replayed.insert("grid_code".into(), data["grid_code"].clone());
            }
            "compound.closed" => drop(replayed.insert("closed_on".into(), data["on"].clone())),
            other => panic!("an event that nobody replays: {other}"),
        }
        replayed.insert("area_code".into(), json!(event.area_code));
        replayed.insert("version".into(), json!(event.seq));
        replayed.insert("updated_at".into(), json!(event.at));
    }
    replayed.remove("evidence");
    replayed.entry("id").or_insert(json!(row.id));
    replayed.entry("closed_on").or_insert(Value::Null);
    assert_eq!(Value::Object(replayed), district.get(&path).await.value());
}

#[actix_web::test]
async fn a_history_that_was_tampered_with_shows_where() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let row = compound(&worker, TONGDEXIANG, "康盛花园").await;
    let path = format!("/v1/compounds/{}", row.id);
    for version in 1..=3 {
        let body = json!({ "households": 100 + version });
        worker.patch(&path, &format!("\"v{version}\""), body).await.expect(200);
    }
    super::run_sql(&app, "UPDATE history SET data = '{\"households\":999}' WHERE entity = 'compound' AND seq = 3")
        .await;
    let page: EventPage = worker.get(&format!("{path}/history?limit=3")).await.json();
    let intact: Vec<bool> = page.items.iter().map(|event| event.intact).collect();
    assert_eq!((intact, page.has_more), (vec![true, true, false], true));
    let cursor = page.next_cursor.expect("a next page");
    let rest: EventPage = worker.get(&format!("{path}/history?limit=3&cursor={cursor}")).await.json();
    assert!(rest.items[0].intact && rest.items[0].prev_hash == page.items[2].hash);
}

//! 区划

use platform::auth::Role;
use platform::history::EventPage;
use registry::territory::dto::{AncestorsOut, DivisionLevel, DivisionOut, DivisionPage};
use serde_json::json;

use super::{AIRPORT, CANGHOU, MINZHU, closing, compound, grid, made, refused_at, town};
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::support::{Client, TestApp};

fn codes(page: &DivisionPage) -> Vec<&str> {
    page.items.iter().map(|row| row.code.as_str()).collect()
}

async fn listed(who: &Client, query: &str) -> Vec<String> {
    let page: DivisionPage = who.get(&format!("/v1/divisions?limit=100&{query}")).await.expect(200).json();
    page.items.into_iter().map(|row| row.code).collect()
}

#[actix_web::test]
async fn a_division_is_registered_read_and_changed() {
    let app = town().await;
    let district = app.district().await;
    let body = json!({ "code": "620902005009", "name": "新园社区居委会", "alias": "新园", "valid_from": "2023-05-01" });
    let reply = district.post("/v1/divisions", body).await.expect(201);
    assert_eq!(reply.header("location").as_deref(), Some("/v1/divisions/620902005009"));
    let row: DivisionOut = reply.json();
    assert_eq!((row.level, row.parent_code.as_deref()), (DivisionLevel::Community, Some(STREET)));
    assert_eq!((row.alias.as_deref(), row.valid_from.to_string().as_str()), (Some("新园"), "2023-05-01"));

    let path = "/v1/divisions/620902005009";
    let patch = json!({ "households": 5180, "residents": 18519, "land_area": 110_000_000, "alias": null });
    let changed: DivisionOut = district.patch(path, &reply.etag(), patch).await.expect(200).json();
    assert_eq!((changed.households, changed.residents, changed.version), (Some(5180), Some(18519), 2));
    assert_eq!((changed.alias, changed.land_area), (None, Some(110_000_000)));
    assert_eq!(changed.name, "新园社区居委会", "what the patch does not name stays");
    let read: DivisionOut = district.get(path).await.expect(200).json();
    assert_eq!(read.version, 2);
}

#[actix_web::test]
async fn a_patch_that_changes_nothing_makes_no_version() {
    let app = town().await;
    let district = app.district().await;
    let path = format!("/v1/divisions/{TONGDEXIANG}");
    for body in [json!({}), json!({ "name": "同德巷社区居委会", "alias": null })] {
        let same: DivisionOut = district.patch(&path, "\"v1\"", body).await.expect(200).json();
        assert_eq!(same.version, 1);
    }
    let history: EventPage = district.get(&format!("{path}/history")).await.json();
    assert_eq!(history.items.len(), 1);
}

#[actix_web::test]
async fn a_code_must_have_a_levels_length_and_an_open_parent() {
    let app = town().await;
    let district = app.district().await;
    let body = |code: &str| json!({ "code": code, "name": "新园社区" });
    for code in ["6209020", "62090200", "6209020050", "62090200500x", "620902005٠٠٩", "６２"] {
        let reply = district.post("/v1/divisions", body(code)).await;
        assert_eq!(reply.status(), 422, "{code}");
    }
    let orphan = district.post("/v1/divisions", body("620902999001")).await;
    let problem = orphan.refused(422, "territory.parent_missing");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/code"));
    let closed = district.post(&format!("/v1/divisions/{CANGHOU}/close"), closing("2024-01-10")).await;
    closed.expect(200);
    let taken = district.post("/v1/divisions", body(CANGHOU)).await;
    taken.refused(409, "territory.code_taken");
}

#[actix_web::test]
async fn nothing_is_registered_under_a_closed_parent() {
    let app = town().await;
    let district = app.district().await;
    let street: DivisionOut =
        made(district.post("/v1/divisions", json!({ "code": "620902007", "name": "玉门油田街道" })).await);
    district.post(&format!("/v1/divisions/{}/close", street.code), closing("2024-01-15")).await.expect(200);
    let reply = district.post("/v1/divisions", json!({ "code": "620902007001", "name": "油田社区" })).await;
    reply.refused(422, "territory.parent_missing");
}

#[actix_web::test]
async fn bad_members_of_a_division_are_named() {
    let app = town().await;
    let district = app.district().await;
    let good = json!({ "code": "620902005009", "name": "新园社区" });
    let faults = [
        ("code", json!("6")),
        ("code", json!(620_902)),
        ("name", json!("")),
        ("name", json!("  ")),
        ("name", json!("长".repeat(81))),
        ("name", json!("a\u{0}b")),
        ("alias", json!("")),
        ("valid_from", json!("2024-02-30")),
        ("parent_code", json!("620902")),
        ("level", json!("community")),
    ];
    refused_at(&district, "/v1/divisions", &good, &faults).await;
    let path = format!("/v1/divisions/{TONGDEXIANG}");
    for (member, value) in [
        ("households", json!(-1)),
        ("residents", json!(1_000_000_001_i64)),
        ("land_area", json!(9_007_199_254_740_992_i64)),
        ("name", json!(null)),
        ("code", json!("620902005004")),
    ] {
        let reply = district.patch(&path, "\"v1\"", json!({ member: value })).await;
        assert_eq!(reply.status(), 422, "{member}: {}", reply.text());
    }
    assert_eq!(district.get(&path).await.json::<DivisionOut>().version, 1, "nothing was changed");
}

#[actix_web::test]
async fn other_districts_divisions_do_not_exist() {
    let app = town().await;
    let stranger = app.actor(Role::DistrictCoord, "130402").await;
    let path = format!("/v1/divisions/{TONGDEXIANG}");
    for below in ["", "/children", "/ancestors", "/history"] {
        stranger.get(&format!("{path}{below}")).await.refused(404, "not_found");
    }
    stranger.patch(&path, "\"v1\"", json!({ "name": "x" })).await.refused(404, "not_found");
    stranger.post(&format!("{path}/close"), closing("2024-01-10")).await.refused(404, "not_found");
    let new = json!({ "code": "620902005009", "name": "新园社区" });
    stranger.post("/v1/divisions", new).await.refused(404, "not_found");
    assert_eq!(stranger.get(&format!("/v1/divisions?area={DISTRICT}")).await.status(), 404);
    assert!(!listed(&stranger, "").await.contains(&TONGDEXIANG.to_owned()));
}

#[actix_web::test]
async fn a_community_sees_what_it_lies_in_and_changes_none_of_it() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let ancestors: AncestorsOut = worker.get(&format!("/v1/divisions/{TONGDEXIANG}/ancestors")).await.json();
    let chain: Vec<&str> = ancestors.items.iter().map(|row| row.code.as_str()).collect();
    assert_eq!(chain, ["62", "6209", DISTRICT, STREET]);
    assert_eq!(worker.get(&format!("/v1/divisions/{STREET}")).await.status(), 200);
    assert_eq!(worker.get(&format!("/v1/divisions/{CANGHOU}")).await.status(), 404, "a neighbour is none of theirs");
    let children: DivisionPage = worker.get(&format!("/v1/divisions/{STREET}/children")).await.json();
    assert_eq!(codes(&children), [TONGDEXIANG]);

    let street = app.actor(Role::DistrictCoord, STREET).await;
    let path = format!("/v1/divisions/{DISTRICT}");
    street.patch(&path, "\"v1\"", json!({ "name": "x" })).await.refused(404, "not_found");
}

#[actix_web::test]
async fn children_are_the_open_divisions_straight_below() {
    let app = town().await;
    let district = app.district().await;
    district.post(&format!("/v1/divisions/{CANGHOU}/close"), closing("2024-01-10")).await.expect(200);
    let streets: DivisionPage = district.get(&format!("/v1/divisions/{DISTRICT}/children")).await.json();
    assert_eq!(codes(&streets), ["620902001", STREET]);
    let page: DivisionPage = district.get(&format!("/v1/divisions/{STREET}/children?include=total")).await.json();
    assert_eq!((codes(&page), page.total), (vec![TONGDEXIANG], Some(1)));
}

#[actix_web::test]
async fn what_still_holds_something_open_is_not_closed() {
    let app = town().await;
    let district = app.district().await;
    let street = app.street().await;
    let close = |code: &str| format!("/v1/divisions/{code}/close");
    let in_use = |reply: crate::support::Reply| drop(reply.refused(409, "territory.still_in_use"));
    in_use(district.post(&close(STREET), closing("2024-01-10")).await);

    let grid = grid(&street, TONGDEXIANG, 1).await;
    in_use(district.post(&close(TONGDEXIANG), closing("2024-01-10")).await);
    street.post(&format!("/v1/grids/{}/close", grid.id), closing("2024-01-10")).await.expect(200);
    let compound = compound(&street, TONGDEXIANG, "康盛花园").await;
    in_use(district.post(&close(TONGDEXIANG), closing("2024-01-10")).await);
    street.post(&format!("/v1/compounds/{}/close", compound.id), closing("2024-01-10")).await.expect(200);

    let closed: DivisionOut = district.post(&close(TONGDEXIANG), closing("2024-01-10")).await.expect(200).json();
    assert_eq!(closed.valid_to.map(|day| day.to_string()).as_deref(), Some("2024-01-10"));
    let again = district.post(&close(TONGDEXIANG), closing("2024-01-10")).await;
    again.refused(409, "territory.already_closed");
    let path = format!("/v1/divisions/{TONGDEXIANG}");
    district.patch(&path, "\"v2\"", json!({ "name": "x" })).await.refused(409, "territory.already_closed");
    let body = super::compound_in(TONGDEXIANG, "太晚");
    street.post("/v1/compounds", body).await.refused(422, "territory.not_a_community");
}

#[actix_web::test]
async fn a_closing_day_lies_between_the_first_day_and_today() {
    let app = town().await;
    let district = app.district().await;
    let path = format!("/v1/divisions/{CANGHOU}/close");
    let early = district.post(&path, closing("2019-12-31")).await;
    assert_eq!(early.refused(422, "territory.closed_too_early").errors[0].pointer.as_deref(), Some("#/on"));
    district.post(&path, closing("2024-01-16")).await.refused(422, "territory.in_the_future");
    let mut silent = closing("2024-01-10");
    silent["reason"] = json!("");
    assert_eq!(district.post(&path, silent).await.status(), 422);
}

#[actix_web::test]
async fn divisions_are_filtered_by_level_name_status_and_day() {
    let app = town().await;
    let district = app.district().await;
    assert_eq!(listed(&district, "level=street").await, ["620902001", STREET]);
    assert_eq!(listed(&district, &format!("area={STREET}")).await, [STREET, CANGHOU, TONGDEXIANG]);
    assert_eq!(listed(&district, "level=community&q=社区").await.len(), 4);
    assert_eq!(listed(&district, "q=同德").await, [TONGDEXIANG]);

    district.post(&format!("/v1/divisions/{CANGHOU}/close"), closing("2024-01-10")).await.expect(200);
    assert_eq!(listed(&district, "q=仓后街").await, [""; 0]);
    assert_eq!(listed(&district, "q=仓后街&status=closed").await, [CANGHOU]);
    assert_eq!(listed(&district, "q=仓后街&status=all").await, [CANGHOU]);
    assert_eq!(listed(&district, "q=仓后街&as_of=2024-01-09").await, [CANGHOU]);
    assert_eq!(
        listed(&district, "q=仓后街&as_of=2024-01-10").await,
        [""; 0],
        "the closing day is the first without it"
    );
    assert_eq!(listed(&district, "as_of=2019-12-31").await, [""; 0]);

    let page: DivisionPage = district.get("/v1/divisions?level=community&limit=1&include=total").await.json();
    assert_eq!((page.items.len(), page.has_more, page.total), (1, true, Some(3)));
    let counted = district.get("/v1/divisions?limit=1").await.value();
    assert!(counted.get("total").is_none(), "the total is counted only for who asks");
}

#[actix_web::test]
async fn a_name_is_found_however_it_is_typed() {
    let app = town().await;
    let district = app.district().await;
    for (code, name) in [
        ("620902005011", "幸福ｅ家社区居委会"),
        ("620902005012", "八五１０（北）社区"),
        ("620902005013", "华润·凌江社区"),
        ("620902005014", "𡐓村社区"),
        ("620902005015", "百分50%_社区"),
        ("620902005016", "反\\斜社区"),
    ] {
        made::<DivisionOut>(district.post("/v1/divisions", json!({ "code": code, "name": name })).await);
    }
    for (typed, code) in [
        ("幸福e家", "620902005011"),
        ("幸福Ｅ家", "620902005011"),
        ("8510", ""),
        ("八五10(北)", "620902005012"),
        ("华润凌江", "620902005013"),
        ("𡐓村", "620902005014"),
        ("%25", "620902005015"),
        ("_", "620902005015"),
        ("0%25_", "620902005015"),
        ("\\", "620902005016"),
        ("幸%25家", ""),
        ("幸_e", ""),
    ] {
        let expected: Vec<&str> = Some(code).filter(|code| !code.is_empty()).into_iter().collect();
        assert_eq!(listed(&district, &format!("q={typed}")).await, expected, "{typed}");
    }
}

#[actix_web::test]
async fn a_filter_that_means_nothing_is_refused_by_name() {
    let app = town().await;
    let district = app.district().await;
    for (query, parameter) in [
        ("level=village", "level"),
        ("status=gone", "status"),
        ("as_of=2024-13-01", "as_of"),
        ("q=", "q"),
        ("area=6209x", "area"),
        ("colour=red", "colour"),
        ("level=street&level=city", "level"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("include=everything", "include"),
    ] {
        let reply = district.get(&format!("/v1/divisions?{query}")).await;
        let problem = reply.problem();
        assert_eq!((problem.status, problem.errors[0].parameter.as_deref()), (400, Some(parameter)), "{query}");
    }
}

#[actix_web::test]
async fn a_divisions_history_is_an_unbroken_chain() {
    let app: TestApp = town().await;
    let district = app.district().await;
    let path = format!("/v1/divisions/{MINZHU}");
    district.patch(&path, "\"v1\"", json!({ "name": "民主社区居委会" })).await.expect(200);
    district.post(&format!("{path}/close"), closing("2024-01-10")).await.expect(200);
    let page: EventPage = district.get(&format!("{path}/history")).await.json();
    let events: Vec<&str> = page.items.iter().map(|event| event.event.as_str()).collect();
    assert_eq!(events, ["division.created", "division.changed", "division.closed"]);
    assert!(page.items.iter().all(|event| event.intact));
    assert!(page.items.windows(2).all(|pair| pair[1].prev_hash == pair[0].hash));
    assert_eq!(page.items[2].data["reason"], "调整");
    let airport = app.actor(Role::DistrictCoord, "130402").await;
    assert_eq!(airport.get(&format!("/v1/divisions/{AIRPORT}/history")).await.status(), 200);
}

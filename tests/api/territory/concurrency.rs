//! Versions, repeated requests, and many at once.

use futures_util::future::join_all;
use platform::auth::Role;
use registry::territory::dto::{CompoundOut, CompoundPage, GridPage, ModeHistoryOut};
use registry::territory::store::modes::intervals;
use serde_json::json;

use super::{CANGHOU, MINZHU, building, closing, compound, compound_in, grid, grid_in, proposal, town};
use crate::support::Reply;
use crate::support::actors::{STREET, TONGDEXIANG};

fn sorted(replies: &[Reply]) -> Vec<u16> {
    let mut statuses: Vec<u16> = replies.iter().map(Reply::status).collect();
    statuses.sort_unstable();
    statuses
}

#[actix_web::test]
async fn what_the_reader_has_is_not_sent_again() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let row = compound(&worker, TONGDEXIANG, "康盛花园").await;
    let path = format!("/v1/compounds/{}", row.id);
    for tag in ["\"v1\"", "W/\"v1\"", "*", "\"v9\", \"v1\"", "\"v9\",W/\"v1\""] {
        let reply = worker.get_with(&path, &[("If-None-Match", tag)]).await.expect(304);
        assert_eq!((reply.etag().as_str(), reply.body.len()), ("\"v1\"", 0), "{tag}");
        assert_eq!(reply.header("cache-control").as_deref(), Some("private, no-cache"));
        assert!(reply.header("vary").is_some_and(|vary| vary.contains("Authorization")));
    }
    for tag in ["\"v2\"", "v1", "\"\"", "W/v1"] {
        assert_eq!(worker.get_with(&path, &[("If-None-Match", tag)]).await.status(), 200, "{tag}");
    }
    worker.patch(&path, "\"v1\"", json!({ "brand": "德治" })).await.expect(200);
    assert_eq!(worker.get_with(&path, &[("If-None-Match", "\"v1\"")]).await.expect(200).etag(), "\"v2\"");
    let other = app.community_worker(CANGHOU).await;
    let stolen = other.get_with(&path, &[("If-None-Match", "\"v2\"")]).await;
    stolen.refused(404, "not_found");
}

#[actix_web::test]
async fn a_write_names_the_version_that_it_changes() {
    let app = town().await;
    let street = app.street().await;
    let (compound, grid) = (compound(&street, TONGDEXIANG, "康盛花园").await, grid(&street, TONGDEXIANG, 1).await);
    let building = building(&street, &compound, "1", None).await;
    let district = app.district().await;
    let targets = [
        (&street, format!("/v1/compounds/{}", compound.id), json!({ "brand": "德治" })),
        (&street, format!("/v1/grids/{}", grid.id), json!({ "name": "新名" })),
        (&street, format!("/v1/buildings/{}", building.id), json!({ "floors": 7 })),
        (&district, format!("/v1/divisions/{TONGDEXIANG}"), json!({ "households": 5180 })),
    ];
    for (who, path, body) in targets {
        let method = actix_web::http::Method::PATCH;
        let kind = [("content-type", "application/json")];
        let bare = who.send(method, &path, &kind, Some(body.to_string().into_bytes())).await;
        let problem = bare.refused(428, "version_required");
        assert_eq!(problem.errors[0].header.as_deref(), Some("If-Match"));
        for tag in ["\"v2\"", "W/\"v1\"", "v1", "\"v0\", \"v2\""] {
            let reply = who.patch(&path, tag, body.clone()).await;
            reply.refused(412, "version_stale");
            assert_eq!(reply.etag(), "\"v1\"", "{tag}: the version that stands");
        }
        who.patch(&path, "\"v9\", \"v1\"", body.clone()).await.expect(200);
        assert_eq!(who.get(&path).await.etag(), "\"v2\"");
        let twin = [("X-HTTP-Method-Override", "PATCH"), ("If-Match", "\"v1\"")];
        who.post_with(&path, &twin, body.clone()).await.refused(412, "version_stale");
        who.patch(&path, "*", body).await.expect(200);
    }
}

#[actix_web::test]
async fn of_twenty_writers_with_one_version_one_writes() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let row = compound(&worker, TONGDEXIANG, "康盛花园").await;
    let path = format!("/v1/compounds/{}", row.id);
    let replies = join_all((1..=20).map(|n| worker.patch(&path, "\"v1\"", json!({ "households": n })))).await;
    assert_eq!(sorted(&replies), [vec![200], vec![412; 19]].concat());
    let winner: CompoundOut = replies.iter().find(|reply| reply.status() == 200).expect("a winner").json();
    let stands: CompoundOut = worker.get(&path).await.json();
    assert_eq!((stands.version, stands.households), (2, winner.households));
    assert_eq!(worker.get(&format!("{path}/history")).await.value()["items"].as_array().map(Vec::len), Some(2));
}

#[actix_web::test]
async fn fifty_equal_requests_with_one_key_make_one_row() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let key = [("Idempotency-Key", "\"b2f7c1d0-0001\"")];
    let body = compound_in(TONGDEXIANG, "康盛花园");
    let replies = join_all((0..50).map(|_| worker.post_with("/v1/compounds", &key, body.clone()))).await;
    assert_eq!(sorted(&replies), vec![201; 50]);
    assert!(replies.iter().all(|reply| reply.body == replies[0].body && reply.etag() == "\"v1\""));
    assert!(replies.iter().all(|reply| reply.header("location") == replies[0].header("location")));
    let fresh = replies.iter().filter(|reply| reply.header("idempotency-replayed").is_none()).count();
    assert_eq!(fresh, 1);
    let page: CompoundPage = worker.get("/v1/compounds?include=total").await.json();
    assert_eq!(page.total, Some(1));
    let bare = worker.post_with("/v1/compounds", &[("Idempotency-Key", "b2f7c1d0-0001")], body).await;
    assert_eq!(bare.header("idempotency-replayed").as_deref(), Some("true"), "quoted or bare, it is the same key");
}

#[actix_web::test]
async fn a_key_is_good_for_one_request_of_one_caller() {
    let app = town().await;
    let (worker, street) = (app.community_worker(TONGDEXIANG).await, app.street().await);
    let key = [("Idempotency-Key", "\"one\"")];
    let body = compound_in(TONGDEXIANG, "康盛花园");
    let first: CompoundOut = worker.post_with("/v1/compounds", &key, body.clone()).await.expect(201).json();
    let other_body = worker.post_with("/v1/compounds", &key, compound_in(TONGDEXIANG, "另一院")).await;
    other_body.refused(422, "idempotency_key_reused");
    let other_caller: CompoundOut = street.post_with("/v1/compounds", &key, body.clone()).await.expect(201).json();
    assert_ne!(other_caller.id, first.id);
    worker.post_with("/v1/grids", &key, grid_in(TONGDEXIANG, 1, 3)).await.expect(201);
    let twice = [("Idempotency-Key", "\"a\""), ("Idempotency-Key", "\"b\"")];
    for bad in [twice.as_slice(), &[("Idempotency-Key", "")], &[("Idempotency-Key", "\"a b\"")]] {
        worker.post_with("/v1/compounds", bad, body.clone()).await.refused(400, "bad_parameter");
    }
    let long = "x".repeat(256);
    worker.post_with("/v1/compounds", &[("Idempotency-Key", &long)], body).await.refused(400, "bad_parameter");
}

#[actix_web::test]
async fn a_refusal_is_an_answer_and_a_bad_field_is_none() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let row = grid(&worker, TONGDEXIANG, 1).await;
    let key = [("Idempotency-Key", "\"close\"")];
    let held = building_in_grid(&worker, &row.code).await;
    let close = format!("/v1/grids/{}/close", row.id);
    let first = worker.post_with(&close, &key, closing("2024-01-10")).await;
    first.refused(409, "territory.still_in_use");
    worker.patch(&format!("/v1/buildings/{held}"), "\"v1\"", json!({ "grid_code": null })).await.expect(200);
    let again = worker.post_with(&close, &key, closing("2024-01-10")).await;
    again.refused(409, "territory.still_in_use");
    assert_eq!(again.header("idempotency-replayed").as_deref(), Some("true"));
    worker.post(&close, closing("2024-01-10")).await.expect(200);

    let key = [("Idempotency-Key", "\"fix\"")];
    let mut body = grid_in(TONGDEXIANG, 2, 9);
    assert_eq!(worker.post_with("/v1/grids", &key, body.clone()).await.status(), 422);
    body["level"] = json!(3);
    worker.post_with("/v1/grids", &key, body).await.expect(201);
}

async fn building_in_grid(who: &crate::support::Client, grid: &str) -> String {
    let yard = compound(who, TONGDEXIANG, "康盛花园").await;
    building(who, &yard, "1", Some(grid)).await.id.to_string()
}

#[actix_web::test]
async fn of_two_officers_who_confirm_at_once_one_decides() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let officers = [app.street().await, app.street().await];
    let row = compound(&worker, TONGDEXIANG, "康盛花园").await;
    let change = proposal(&worker, &row, "2023-06-30").await;
    let path = format!("/v1/mode-changes/{}/confirm", change.id);
    let replies = join_all(officers.iter().map(|officer| officer.post(&path, json!({ "note": "同意" })))).await;
    let statuses = sorted(&replies);
    assert!(statuses[0] == 200 && (statuses[1] == 409 || statuses[1] == 412), "{statuses:?}");
    let id = row.id;
    let open = app.app.db.read(move |c| intervals(c, id)).await.expect("intervals");
    assert_eq!((open.len(), open.iter().filter(|interval| interval.valid_to.is_none()).count()), (2, 1));
    let shown: ModeHistoryOut = worker.get(&format!("/v1/compounds/{}/modes", row.id)).await.json();
    assert_eq!(shown.items.len(), 2);
}

#[actix_web::test]
async fn of_many_proposals_at_once_one_is_open() {
    let app = town().await;
    let worker = app.community_worker(TONGDEXIANG).await;
    let row = compound(&worker, TONGDEXIANG, "康盛花园").await;
    let path = format!("/v1/compounds/{}/mode-changes", row.id);
    let body = json!({ "mode": "self_managed", "effective_on": "2023-06-30", "reason": "居民会议通过",
        "evidence": { "kind": "resolution", "reference": "决议" } });
    let replies = join_all((0..8).map(|_| worker.post(&path, body.clone()))).await;
    assert_eq!(sorted(&replies), [vec![201], vec![409; 7]].concat());
}

#[actix_web::test]
async fn codes_are_given_out_one_by_one() {
    let app = town().await;
    let street = app.street().await;
    let mut next = grid_in(TONGDEXIANG, 1, 3);
    next.as_object_mut().expect("an object").remove("serial");
    let grids = join_all((0..12).map(|_| street.post("/v1/grids", next.clone()))).await;
    let yards =
        join_all((0..12).map(|n| street.post("/v1/compounds", compound_in(TONGDEXIANG, &format!("{n}号院"))))).await;
    assert_eq!((sorted(&grids), sorted(&yards)), (vec![201; 12], vec![201; 12]));
    let page: GridPage = street.get("/v1/grids").await.json();
    let codes: Vec<String> = page.items.into_iter().map(|row| row.code).collect();
    assert_eq!(codes, (1..=12).map(|n| format!("{TONGDEXIANG}{n:03}")).collect::<Vec<_>>());
    let yards: CompoundPage = street.get("/v1/compounds").await.json();
    let codes: Vec<String> = yards.items.into_iter().map(|row| row.compound.area_code).collect();
    assert_eq!(codes, (1..=12).map(|n| format!("{TONGDEXIANG}-{n:04}")).collect::<Vec<_>>());
}

#[actix_web::test]
async fn overlapping_grids_drawn_at_once_are_one_grid() {
    let app = town().await;
    let street = app.street().await;
    let drawn = join_all((1..=6).map(|serial| {
        let mut body = grid_in(TONGDEXIANG, serial, 3);
        body["polygon"] = super::square(98.49, 39.73, 0.01);
        let street = street.clone();
        async move { street.post("/v1/grids", body).await }
    }));
    assert_eq!(sorted(&drawn.await), [vec![201], vec![422; 5]].concat());
}

#[actix_web::test]
async fn of_many_moves_at_once_one_takes_place() {
    let app = town().await;
    let (district, street) = (app.district().await, app.actor(Role::StreetOfficer, STREET).await);
    let row = compound(&street, TONGDEXIANG, "康盛花园").await;
    let path = format!("/v1/compounds/{}/move", row.id);
    let to = |code: &str| json!({ "community_code": code, "on": "2024-01-10", "reason": "调整" });
    let replies = join_all([MINZHU, CANGHOU, MINZHU, CANGHOU].map(|code| district.post(&path, to(code)))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status() == 200).count(), 1, "{:?}", sorted(&replies));
    assert!(replies.iter().all(|reply| matches!(reply.status(), 200 | 409 | 412 | 422)), "{:?}", sorted(&replies));
    let placements = district.get(&format!("/v1/compounds/{}/placements", row.id)).await.value();
    assert_eq!(placements["items"].as_array().map(Vec::len), Some(2));
}

#[actix_web::test]
async fn what_is_built_while_its_compound_moves_has_the_compounds_code() {
    let app = town().await;
    let (district, street) = (app.district().await, app.street().await);
    for round in 0..4 {
        let row = compound(&street, TONGDEXIANG, &format!("搬迁院{round}")).await;
        let path = format!("/v1/compounds/{}", row.id);
        let (built, moved) = (format!("{path}/buildings"), format!("{path}/move"));
        let body = json!({ "community_code": CANGHOU, "on": "2024-01-15", "reason": "社区边界调整" });
        let buildings =
            (0..12).map(|no| street.post(&built, json!({ "no": no.to_string(), "floors": 6, "has_elevator": false })));
        let (replies, moving) = futures_util::future::join(join_all(buildings), district.post(&moved, body)).await;
        let now: CompoundOut = moving.expect(200).json();
        assert!(now.area_code.starts_with(CANGHOU));
        assert!(sorted(&replies).iter().all(|status| matches!(status, 201 | 409)), "{:?}", sorted(&replies));
        let made = replies.iter().filter(|reply| reply.status() == 201).count();
        let inside = street.get(&format!("/v1/buildings?area={}&limit=100", now.area_code)).await.expect(200).value();
        assert_eq!(inside["items"].as_array().map(Vec::len), Some(made), "a building was left under the old code");
    }
}

//! The board of a quarter: by place, with why, of no effect in law.

use oversight::standings::dto::{BoardItem, BoardOut, BoardPage, ListingPage, RankingId};
use platform::auth::Role;
use serde_json::json;

use super::{frozen, rated};
use crate::organisations::{Town, rule_in};
use crate::support::Client;
use crate::support::actors::DISTRICT;
use crate::territory::made;

async fn ranked(town: &Town) -> RankingId {
    let scores = [
        ("甲", 9300, 5),
        ("乙", 9300, 5),
        ("丙", 8000, 4),
        ("丁", 6000, 2),
        ("戊", 5000, 1),
        ("己", 5000, 1),
        ("庚", 3000, 0),
    ];
    let results = rated(town, &scores).await.into_iter().map(|(_, result)| result);
    frozen(&town.app, 4, results.collect()).await
}

async fn rule(district: &Client, red: i32, black: i32) {
    let params = json!({ "red": { "places": red }, "black": { "places": black } });
    district.post("/v1/rule-sets", rule_in("standings.boards", DISTRICT, params)).await.expect(201);
}

#[actix_web::test]
async fn who_is_first_and_last_is_on_it_with_the_reason() {
    let town = Town::new().await;
    let id = ranked(&town).await;
    rule(&town.district, 1, 2).await;
    let item: BoardItem = made(town.district.post("/v1/boards", json!({ "ranking_id": id })).await);
    assert_eq!((item.red, item.black), (2, 1), "who ties is praised along, and is not blamed along");
    let anybody = town.app.anonymous();
    let reply = anybody.get(&format!("/v1/public/boards/{}", item.id)).await.expect(200);
    let out: BoardOut = reply.json();
    let names = |entries: &[oversight::standings::dto::BoardEntry]| {
        entries.iter().map(|entry| (entry.compound_name.clone(), entry.reason_zh.clone())).collect::<Vec<_>>()
    };
    let told = |name: &str, place: i32| (name.to_owned(), format!("2023年第4季度7个项目中排名第{place}"));
    assert_eq!(names(&out.snapshot.red), [told("甲", 1), told("乙", 1)]);
    assert_eq!(names(&out.snapshot.black), [told("庚", 7)]);
    assert!(out.snapshot.effect_zh.contains("不具有法律效力"));
    assert_eq!(reply.etag(), format!("\"{}\"", out.content_hash));
    anybody.get_with(&format!("/v1/public/boards/{}", item.id), &[("If-None-Match", &reply.etag())]).await.expect(304);
    let path = format!("/v1/public/boards/{}/export", item.id);
    let table = anybody.get(&path).await.expect(200);
    assert_eq!(table.header("content-type").as_deref(), Some("text/csv; charset=utf-8"));
    let lines: Vec<String> = table.text().lines().map(str::to_owned).collect();
    assert!(lines[0].starts_with("side,rank,compound,company,score_basis_points,star,reason,reason_zh"), "{lines:?}");
    let sides: Vec<&str> = lines[1..].iter().filter_map(|line| line.split(',').next()).collect();
    assert_eq!(sides, ["red", "red", "black"]);
    assert!(lines[3].contains("庚") && lines[3].contains(",3000,0,last_places,"), "{}", lines[3]);
    anybody.get_with(&path, &[("If-None-Match", &table.etag())]).await.expect(304);
    anybody.get_with(&path, &[("If-None-Match", &reply.etag())]).await.expect(200);
    anybody.get("/v1/public/boards/019b0000-0000-7000-8000-00000000dead/export").await.refused(404, "not_found");
    town.district.post("/v1/boards", json!({ "ranking_id": id })).await.refused(409, "standings.board_exists");
    let page: BoardPage = anybody.get("/v1/public/boards?area=620902").await.expect(200).json();
    assert_eq!(page.items.len(), 1);
    let listed: ListingPage = town.district.get("/v1/listings").await.expect(200).json();
    assert!(listed.items.is_empty(), "a board lists nobody");
}

#[actix_web::test]
async fn a_board_is_of_a_ranking_of_ones_own() {
    let town = Town::new().await;
    let id = ranked(&town).await;
    let elsewhere = town.app.actor(Role::PropertyAuthority, "130402").await;
    elsewhere.post("/v1/boards", json!({ "ranking_id": id })).await.refused(404, "not_found");
    let worker = &town.worker;
    worker.post("/v1/boards", json!({ "ranking_id": id })).await.refused(403, "forbidden");
    let path = format!("/v1/rankings/{id}/supersede");
    let reason = json!({ "reason": "复核" });
    let reply = elsewhere.post_with(&path, &[("If-Match", "*")], reason.clone()).await;
    reply.refused(404, "not_found");
    // Nothing has been rated here but in the snapshot itself.
    town.district.post_with(&path, &[("If-Match", "*")], reason).await.refused(422, "standings.no_results");
}

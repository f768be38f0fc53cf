//! What everybody reads: frozen, cacheable, cheap to ask for again, and without a person in it.

use std::sync::atomic::Ordering;

use oversight::standings::dto::{ListingStatus, PublicListingOut, PublicListingsOut, RankingOut, RankingPage};
use platform::auth::Role;
use serde_json::json;

use super::{Office, frozen, publication, rated, result_of, step, taken};
use crate::organisations::Town;
use crate::support::actors::DISTRICT;
use crate::support::{Client, Reply};

const LISTS: &str = "/v1/public/listings?area=620902";

async fn again(who: &Client, path: &str, reply: &Reply) -> Reply {
    who.get_with(path, &[("If-None-Match", &reply.etag())]).await
}

/// Twice, so that the second is what is remembered of the first, where it is.
async fn is_unchanged(who: &Client, path: &str, reply: &Reply) {
    for _ in 0..2 {
        let unchanged = again(who, path, reply).await.expect(304);
        assert_eq!((unchanged.body.len(), unchanged.etag()), (0, reply.etag()));
        assert_eq!(unchanged.header("cache-control").as_deref(), Some("public, max-age=60"));
    }
}

#[actix_web::test]
async fn a_published_entry_is_read_by_anybody_and_no_person_is_in_it() {
    let mut o = Office::new().await;
    let row = o.decided().await;
    let anybody = o.app().anonymous();
    let path = format!("/v1/public/listings/{}", row.id);
    anybody.get(&path).await.refused(404, "not_found");
    let empty: PublicListingsOut = anybody.get(LISTS).await.expect(200).json();
    assert!(empty.listings.is_empty());
    let leaky = json!({ "public_reason": "请致电 13800138000", "decision_no": "3号" });
    let problem = step(&o.proposer, &row, "publish", leaky).await.refused(422, "invalid");
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("#/public_reason"));
    let row = taken(&o.proposer, &row, "publish", publication()).await;
    let one = anybody.get(&path).await.expect(200);
    let told: PublicListingOut = one.json();
    assert_eq!((told.status, Some(told.content_hash.clone())), (ListingStatus::Published, row.content_hash.clone()));
    assert_eq!(told.snapshot.ground.zh, "合同终止后拒不交接");
    assert_eq!(told.proof, format!("{path}/proof"));
    let all = anybody.get(LISTS).await.expect(200);
    let table = anybody.get("/v1/public/listings/export?area=620902&list=black").await.expect(200);
    assert_eq!(table.header("content-type").as_deref(), Some("text/csv; charset=utf-8"));
    assert_eq!(table.text().lines().count(), 2);
    for text in [one.text(), all.text(), table.text()] {
        for secret in ["李四", "13800138000", "陈述", "evidence", "proposed_by", "decided_by", "actor"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(text.contains("物业服务合同终止后拒不移交资料。"), "{text}");
    }
    for (path, reply) in [(path.as_str(), &one), (LISTS, &all)] {
        is_unchanged(&anybody, path, reply).await;
    }
    // How it stands goes by the day, and its tag with it; what was published stays.
    o.days_later(8).await;
    let later = again(&anybody, &path, &one).await.expect(200);
    let told: PublicListingOut = later.json();
    assert_eq!((told.status, Some(told.content_hash)), (ListingStatus::Active, row.content_hash));
    let red: PublicListingsOut = anybody.get("/v1/public/listings?area=620902&list=red").await.expect(200).json();
    let elsewhere: PublicListingsOut = anybody.get("/v1/public/listings?area=130402").await.expect(200).json();
    assert!(red.listings.is_empty() && elsewhere.listings.is_empty());
}

#[actix_web::test]
async fn equals_share_a_place_and_movement_is_from_the_quarter_before() {
    let town = Town::new().await;
    let scores = [("甲小区", 9300, 5), ("乙小区", 8200, 4), ("丙小区", 8200, 4), ("丁小区", 7000, 3)];
    let all = rated(&town, &scores).await;
    let third = |at: usize, score| result_of(&all[at].0, &town.company, score, 3);
    frozen(&town.app, 3, vec![third(0, 7000), third(1, 7100), third(2, 9000)]).await;
    let id = frozen(&town.app, 4, all.iter().map(|(_, result)| result.clone()).collect()).await;
    let anybody = town.app.anonymous();
    let reply = anybody.get(&format!("/v1/public/rankings/{id}")).await.expect(200);
    let out: RankingOut = reply.json();
    let rows: Vec<(&str, i32, Option<i32>)> =
        out.snapshot.rows.iter().map(|row| (row.compound_name.as_str(), row.rank, row.movement)).collect();
    let expected = [("甲小区", 1, Some(2)), ("乙小区", 2, Some(0)), ("丙小区", 2, Some(-1)), ("丁小区", 4, None)];
    assert_eq!(rows, expected);
    let stars: Vec<i64> = out.snapshot.stars.iter().map(|count| count.projects).collect();
    assert_eq!(stars, [1, 2, 1, 0, 0, 0]);
    assert_eq!(out.snapshot.three_stars_and_more.percent.as_deref(), Some("100.00"));
    assert_eq!(reply.etag(), format!("\"{}\"", out.content_hash));
    let latest = anybody.get("/v1/public/rankings/latest?area=620902").await.expect(200);
    assert_eq!(latest.body, reply.body, "byte for byte");
    let page: RankingPage = anybody.get("/v1/public/rankings?area=620902").await.expect(200).json();
    let quarters: Vec<i32> = page.items.iter().map(|item| item.quarter).collect();
    assert_eq!(quarters, [4, 3]);
    let path = format!("/v1/public/rankings/{id}/export");
    let table = anybody.get(&path).await.expect(200);
    assert!(
        table.text().starts_with("rank,movement,compound,") && table.text().lines().count() == 5,
        "{}",
        table.text()
    );
    is_unchanged(&anybody, &path, &table).await;
    anybody.get("/v1/public/rankings/latest?area=130402").await.refused(404, "not_found");
    for secret in ["测试·演员", "frozen_by", "actor"] {
        assert!(!reply.text().contains(secret));
    }
}

#[actix_web::test]
async fn a_poll_for_a_ranking_touches_no_row_until_something_is_committed() {
    let town = Town::new().await;
    let results = rated(&town, &[("甲小区", 9300, 5)]).await.into_iter().map(|(_, result)| result);
    let id = frozen(&town.app, 4, results.collect()).await;
    let (anybody, path) = (town.app.anonymous(), format!("/v1/public/rankings/{id}"));
    let reply = anybody.get(&path).await.expect(200);
    let statements = town.app.watch_statements().await;
    // On PostgreSQL whatever the tests beside this one commit makes one look again.
    let mut from_memory = false;
    for _ in 0..20 {
        town.app.app.db.watch().await.expect("watched");
        again(&anybody, &path, &reply).await.expect(304);
        let before = statements.load(Ordering::Relaxed);
        is_unchanged(&anybody, &path, &reply).await;
        from_memory |= statements.load(Ordering::Relaxed) == before;
    }
    assert!(from_memory, "no row was read");
    // A bad token is a fault, however well the answer is known; another's question is another one.
    let bad = town.app.with_token("x.y.z").get_with(&path, &[("If-None-Match", &reply.etag())]).await;
    bad.refused(401, "invalid_token");
    again(&town.worker, &path, &reply).await.expect(304);
    town.app.clock.advance(chrono::Duration::seconds(61));
    town.app.app.db.watch().await.expect("watched");
    let before = statements.load(Ordering::Relaxed);
    again(&anybody, &path, &reply).await.expect(304);
    assert!(statements.load(Ordering::Relaxed) > before, "asked of the rows again");
}

#[actix_web::test]
async fn a_badge_is_a_picture_for_anybody() {
    let town = Town::new().await;
    let anybody = town.app.anonymous();
    let odd = crate::territory::compound(&town.worker, "620902005003", "<b>花园&\"").await;
    let path = format!("/v1/public/compounds/{}/badge.svg", odd.id);
    let reply = anybody.get(&path).await.expect(200);
    assert_eq!(reply.header("content-type").as_deref(), Some("image/svg+xml"));
    assert!(reply.text().contains("&lt;b&gt;花园&amp;&quot;") && !reply.text().contains("<b>"), "{}", reply.text());
    assert!(reply.text().contains("未评定"));
    assert!(reply.header("content-security-policy").is_some_and(|policy| policy.contains("default-src 'none'")));
    is_unchanged(&anybody, &path, &reply).await;
    let nobody = "/v1/public/compounds/019b0000-0000-7000-8000-00000000dead/badge.svg";
    anybody.get(nobody).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_quarter_without_results_is_not_ranked() {
    let town = Town::new().await;
    let quarter = |area: &str, year: i32, quarter: i32| json!({ "area_code": area, "year": year, "quarter": quarter });
    let authority = town.app.actor(Role::PropertyAuthority, DISTRICT).await;
    let none = authority.post("/v1/rankings", quarter(DISTRICT, 2023, 4)).await;
    assert_eq!(none.refused(422, "standings.no_results").errors[0].pointer.as_deref(), Some("#/quarter"));
    authority.post("/v1/rankings", quarter(DISTRICT, 2024, 1)).await.refused(422, "standings.quarter_runs");
    authority.post("/v1/rankings", quarter("130402", 2023, 4)).await.refused(404, "not_found");
    authority.post("/v1/rankings", quarter("620902005003", 2023, 4)).await.refused(422, "standings.area_level");
    town.worker.post("/v1/rankings", quarter(DISTRICT, 2023, 4)).await.refused(403, "forbidden");
}

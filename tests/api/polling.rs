//! A poll that was answered "not modified" is answered so again without a look at the rows, until anything is committed.

use std::time::Instant;

use chrono::Duration;
use platform::auth::Role;
use platform::db::Engine;
use serde_json::json;

use crate::support::{Client, Seeds, TestApp};

async fn poll(who: &Client, path: &str, tag: &str) -> u16 {
    who.get_with(path, &[("If-None-Match", tag)]).await.status()
}

/// Another process changes the compound's version: past this one's doors, so that only watching shows it.
fn change_elsewhere(url: &str, compound: &str) {
    let elsewhere = platform::db::Manager::new(url).expect("a URL").open();
    let mut elsewhere = elsewhere.expect("a connection of its own");
    let sql = match elsewhere.engine() {
        Engine::Sqlite => format!("UPDATE compounds SET version = version + 1 WHERE hex(id) = '{}'", hex(compound)),
        Engine::Postgres => format!("UPDATE compounds SET version = version + 1 WHERE id = '{compound}'"),
    };
    diesel::connection::SimpleConnection::batch_execute(&mut elsewhere, &sql).expect("changed");
}

fn hex(id: &str) -> String {
    id.replace('-', "").to_uppercase()
}

#[actix_web::test]
async fn a_poll_is_answered_from_what_is_known_until_something_is_committed() {
    let database = crate::support::TestDatabase::migrated();
    let url = database.url.clone();
    let app = TestApp::spawn_with(database, |_| {}).await;
    let seeds = Seeds::plant(&app).await;
    let path = format!("/v1/compounds/{}", seeds.compound);
    let (who, other) = (app.district().await, app.actor(Role::DistrictCoord, "130402").await);
    let mut version = 1;
    // Elsewhere the row changes. Until this process looks, the answer is the one of a moment ago: the row is not read.
    loop {
        app.app.db.watch().await.expect("watched");
        let looked = Instant::now();
        let tag = format!("\"v{version}\"");
        assert_eq!(poll(&who, &path, &tag).await, 304);
        change_elsewhere(&url, &seeds.compound);
        version += 1;
        if poll(&who, &path, &tag).await == 304 {
            break;
        }
        // Only where this took so long that the look said nothing any more.
        assert!(looked.elapsed().as_millis() > 900 && version < 20);
    }
    let (old, new) = (format!("\"v{}\"", version - 1), format!("\"v{version}\""));
    assert_eq!(who.get(&path).await.etag(), new, "who does not ask for a change reads the row");
    app.app.db.watch().await.expect("watched");
    assert_eq!(poll(&who, &path, &old).await, 200);

    // What this process commits counts at once.
    assert_eq!(poll(&who, &path, &new).await, 304);
    let worker = app.community_worker("620902005003").await;
    worker.patch(&path, &new, json!({ "brand": "德治" })).await.expect(200);
    assert_eq!(poll(&who, &path, &new).await, 200);

    // What one caller may know is nothing to another, and ends with the token.
    let newest = format!("\"v{}\"", version + 1);
    assert_eq!(poll(&who, &path, &newest).await, 304);
    assert_eq!(poll(&other, &path, &newest).await, 404);
    assert_eq!(poll(&app.anonymous(), &path, &newest).await, 401);
    app.clock.advance(Duration::minutes(16));
    app.app.db.watch().await.expect("watched");
    assert_eq!(poll(&who, &path, &newest).await, 401);
}

#[actix_web::test]
async fn a_remembered_answer_looks_like_the_first() {
    let app = TestApp::spawn().await;
    let seeds = Seeds::plant(&app).await;
    let path = format!("/v1/compounds/{}", seeds.compound);
    let who = app.district().await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        app.app.db.watch().await.expect("watched");
        let reply = who.get_with(&path, &[("If-None-Match", "W/\"v1\", \"v9\"")]).await;
        assert_eq!((reply.status(), reply.body.len()), (304, 0));
        let named = ["etag", "cache-control", "vary", "x-content-type-options", "strict-transport-security"];
        seen.push(named.map(|name| reply.header(name).expect("the header")));
        assert!(reply.header("x-request-id").is_some());
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[1], seen[2]);
    let metrics = Client { base: app.metrics.clone(), token: None }.get("/metrics").await.expect(200).text();
    assert!(metrics.contains(r#"method="GET",route="/v1/compounds/{id}",status="304"} 3"#), "{metrics}");
}

/// Without anybody who watches the rows, every poll reads them.
#[actix_web::test]
async fn nothing_is_remembered_where_nobody_watches() {
    let app = TestApp::spawn().await;
    let seeds = Seeds::plant(&app).await;
    let who = app.district().await;
    assert_eq!(app.app.db.changes(), None);
    assert_eq!(poll(&who, &format!("/v1/compounds/{}", seeds.compound), "\"v1\"").await, 304);
}

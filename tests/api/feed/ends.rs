//! When a stream ends: with the token, the session, the roles, the process.

use chrono::Duration;
use futures_util::StreamExt;
use gateway::feed::dto::FeedEventOut;
use platform::auth::Role;
use platform::db::Conn;
use serde_json::json;

use super::{fresh, happening, happens, record, wait_for};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, Listener, TestApp, TestDatabase};

const STREAM: &str = "/v1/events/stream";

async fn listening(app: &TestApp, who: &Client) -> Listener {
    let mut listener = who.listen(STREAM, &[]).await.ok().expect("a stream");
    happens(app, "before", TONGDEXIANG).await;
    while listener.told().await.entity_id != "before" {}
    listener
}

#[actix_web::test]
async fn a_stream_ends_with_its_token() {
    let app = TestApp::spawn().await;
    app.run_feed();
    let who = app.community_worker(TONGDEXIANG).await;
    let listener = listening(&app, &who).await;
    app.clock.advance(Duration::minutes(14));
    let fresh = app.community_worker(TONGDEXIANG).await;
    let still = listening(&app, &fresh).await;
    app.clock.advance(Duration::minutes(1));
    listener.ends().await;
    assert_eq!(app.feed.streams(), 1, "the other one's token is good for longer");
    drop(still);
    who.get(STREAM).await.refused(401, "invalid_token");
}

#[actix_web::test]
async fn a_stream_ends_with_its_session_and_others_go_on() {
    let app = TestApp::spawn().await;
    app.run_feed();
    let (who, other) = (app.community_worker(TONGDEXIANG).await, app.community_worker(TONGDEXIANG).await);
    let (listener, mut going_on) = (listening(&app, &who).await, listening(&app, &other).await);
    let out = who.send(actix_web::http::Method::POST, "/v1/me/logout", &[], None).await;
    assert!(matches!(out.status(), 200 | 204), "{}", out.text());
    listener.ends().await;
    happens(&app, "after", TONGDEXIANG).await;
    while going_on.told().await.entity_id != "after" {}
}

#[actix_web::test]
async fn a_stream_ends_when_the_roles_of_its_caller_change() {
    let app = TestApp::spawn().await;
    app.run_feed();
    let (admin, who) = (app.actor(Role::PlatformAdmin, "").await, app.community_worker(TONGDEXIANG).await);
    let principal = app.app.tokens.verify(who.token.as_deref().expect("a token")).expect("verified");
    let listener = listening(&app, &who).await;
    let grant = json!({ "account_id": principal.id, "role": "volunteer", "area_code": DISTRICT,
        "valid_from": "2024-01-15", "reason": "志愿服务" });
    admin.post("/v1/grants", grant).await.expect(201);
    listener.ends().await;
}

#[actix_web::test]
async fn a_programs_stream_ends_when_it_is_disabled() {
    let app = TestApp::spawn().await;
    app.run_feed();
    let district = app.district().await;
    let new = json!({ "name": "大屏接入", "scopes": ["events:read", "grids:read"], "area_code": DISTRICT });
    let made = district.post("/v1/api-clients", new).await.expect(201);
    let (id, etag) = (made.value()["client"]["id"].as_str().expect("an id").to_owned(), made.etag());
    let subject = platform::auth::Subject::Client {
        scopes: vec!["events:read".into(), "grids:read".into()],
        area: DISTRICT.parse().expect("a code"),
    };
    let token = app.app.tokens.issue(id.parse().expect("a UUID"), subject).expect("a token").token;
    let listener = listening(&app, &app.with_token(&token)).await;
    let disabling = [("If-Match", etag.as_str())];
    let path = format!("/v1/api-clients/{id}/disable");
    let disabled = district.post_with(&path, &disabling, json!({ "reason": "停用" })).await;
    assert!(matches!(disabled.status(), 200 | 204), "{}", disabled.text());
    listener.ends().await;
}

#[actix_web::test]
async fn streams_and_waits_end_when_the_process_stops() {
    let app = TestApp::spawn_with(TestDatabase::migrated(), |_| {}).await;
    app.run_feed();
    let who = app.community_worker(TONGDEXIANG).await;
    let listener = listening(&app, &who).await;
    let since = std::time::Instant::now();
    let (waited, ()) = futures_util::future::join(who.get("/v1/events?wait=25"), async {
        actix_web::rt::time::sleep(std::time::Duration::from_millis(300)).await;
        app.feed.close();
    })
    .await;
    waited.expect(200);
    listener.ends().await;
    assert!(since.elapsed().as_secs() < 20);
}

/// What a reader does not take is not kept for it: it is sent away, and comes again.
#[actix_web::test]
async fn a_reader_that_falls_behind_what_is_kept_in_memory_is_sent_away() {
    /// Runs of five hundred: more than is kept.
    const MANY: usize = 9;
    let app = TestApp::spawn().await;
    app.run_feed();
    let who = app.community_worker(TONGDEXIANG).await;
    let principal = app.app.tokens.verify(who.token.as_deref().expect("a token")).expect("verified");
    let feed = fresh();
    actix_web::rt::spawn(feed.clone().run(app.app.clone()));
    let caller = (principal, i64::MAX);
    let mut slow = std::pin::pin!(feed.listen(&app.app, caller.clone(), None).await.expect("a stream"));
    let text = |chunk: Option<platform::Result<actix_web::web::Bytes>>| {
        String::from_utf8(chunk.expect("more").expect("a chunk").to_vec()).expect("UTF-8")
    };
    assert_eq!(text(slow.next().await), "retry: 5000\n\n");
    happens(&app, "first", TONGDEXIANG).await;
    while !text(slow.next().await).contains("\"first\"") {}
    let at = app.clock.now();
    for _ in 0..MANY {
        let many =
            move |c: &mut Conn| (0..500).try_for_each(|n| record(c, &happening(&format!("many-{n}"), TONGDEXIANG, at)));
        app.app.db.write(many).await.expect("recorded");
    }
    let mut told = Vec::new();
    while told.len() < 1 + MANY * 500 {
        let after = told.last().map_or("0".to_owned(), |last: &FeedEventOut| last.position.clone());
        told.extend(wait_for(&who, &after).await.items);
    }
    let (first, last) = (told[0].position.clone(), told[MANY * 500].position.clone());
    while feed.end().to_string() < last {
        actix_web::rt::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(slow.next().await.is_none(), "it is served from what others have long read");
    // It comes again with its last position, and misses nothing.
    let named = Some(first.parse().expect("a position"));
    let mut again = std::pin::pin!(feed.listen(&app.app, caller, named).await.expect("a stream"));
    let mut told = 0;
    while told < MANY * 500 {
        told += text(again.next().await).matches("event: grid.created").count();
    }
    assert_eq!(told, MANY * 500);
}

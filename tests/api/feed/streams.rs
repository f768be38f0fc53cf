//! Server-sent events: how they are framed, resumed and kept alive, and how many may be open.

use actix_web::http::Method;
use platform::auth::Role;

use super::{all, fresh, happens, hear_all};
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Heard, TestApp, TestDatabase};

#[actix_web::test]
async fn a_stream_tells_what_happens_and_is_resumed_by_its_last_event() {
    let app = TestApp::spawn().await;
    app.run_feed();
    let who = app.community_worker(TONGDEXIANG).await;
    let mut listener = who.listen("/v1/events/stream", &[]).await.ok().expect("a stream");
    let headers = ["content-type", "cache-control", "x-accel-buffering", "content-length"];
    let sent = headers.map(|name| listener.header(name).map(str::to_owned));
    let due = [Some("text/event-stream"), Some("no-store"), Some("no"), None];
    assert_eq!(sent, due.map(|value| value.map(str::to_owned)));
    let retry = Heard { retry: Some("5000".into()), ..Heard::default() };
    assert_eq!(listener.block().await, Some(retry));
    for id in ["1", "2", "3"] {
        happens(&app, id, TONGDEXIANG).await;
    }
    let first = listener.told().await;
    assert_eq!((first.entity_id.as_str(), first.event.as_str()), ("1", "grid.created"));
    drop(listener);
    let resumed = [("last-event-id", first.position.as_str())];
    let mut by_header = who.listen("/v1/events/stream", &resumed).await.ok().expect("a stream");
    assert_eq!([by_header.told().await.entity_id, by_header.told().await.entity_id], ["2", "3"]);
    let query = format!("/v1/events/stream?last_event_id={}", first.position);
    let mut by_query = who.listen(&query, &[]).await.ok().expect("a stream");
    let second = by_query.told().await;
    assert_eq!(second.entity_id, "2");
    // A browser sends where it was beside the address that it began with.
    let later = [("last-event-id", second.position.as_str())];
    let mut by_both = who.listen(&query, &later).await.ok().expect("a stream");
    assert_eq!(by_both.told().await.entity_id, "3");
}

#[actix_web::test]
async fn a_silent_stream_shows_that_it_lives_and_where_it_is() {
    let app = TestApp::spawn_with(TestDatabase::migrated(), |config| config.feed_heartbeat_seconds = 1).await;
    app.run_feed();
    let who = app.community_worker(TONGDEXIANG).await;
    // The actor's own events are behind the head that a stream begins at.
    hear_all(&app.feed, &app).await;
    let mut listener = who.listen("/v1/events/stream", &[]).await.ok().expect("a stream");
    listener.block().await.expect("a greeting");
    let ping = Heard { comment: Some("ping".into()), ..Heard::default() };
    assert_eq!(listener.block().await, Some(ping.clone()));
    happens(&app, "elsewhere", "130402010014").await;
    let moved = loop {
        match listener.block().await.expect("a sign of life") {
            still if still == ping => {}
            other => break other,
        }
    };
    assert_eq!((moved.comment.as_deref(), moved.event), (Some("ping"), None));
    let at = moved.id.expect("where it is");
    assert!(all(&app.actor(Role::DistrictCoord, "130402").await, &at).await.items.is_empty());
}

#[actix_web::test]
async fn a_stream_whose_place_is_gone_begins_with_a_reset() {
    let app = TestApp::spawn().await;
    for n in 0..3 {
        happens(&app, &n.to_string(), TONGDEXIANG).await;
    }
    let other = fresh();
    hear_all(&other, &app).await;
    let run = other.run_behind(&app.app, "0".parse().expect("the start")).await.expect("a run");
    let first = run.events[0].position.to_string();
    app.clock.advance(chrono::Duration::days(31));
    happens(&app, "new", TONGDEXIANG).await;
    red_steward::tasks::sweep_feed(&app.app, 30).await.expect("swept");
    // The process comes up behind all of it, so that none is in its memory.
    hear_all(&other, &app).await;
    app.run_feed();
    let who = app.actor(Role::DistrictCoord, DISTRICT).await;
    let resumed = [("last-event-id", first.as_str())];
    let mut listener = who.listen("/v1/events/stream", &resumed).await.ok().expect("a stream");
    let reset = listener.event().await.expect("an event");
    assert_eq!(reset.event.as_deref(), Some("reset"));
    assert!(reset.id.as_deref().is_some_and(|id| id > first.as_str()));
    happens(&app, "later", TONGDEXIANG).await;
    while listener.told().await.entity_id != "later" {}
    assert!(super::poll(&who, &format!("?after={first}")).await.reset);
}

#[actix_web::test]
async fn streams_are_counted_per_caller_and_in_all_and_let_go_when_they_end() {
    let limits = |config: &mut red_steward::config::Config| {
        (config.feed_streams, config.feed_streams_per_caller) = (3, 2);
    };
    let app = TestApp::spawn_with(TestDatabase::migrated(), limits).await;
    app.run_feed();
    let (one, two) = (app.community_worker(TONGDEXIANG).await, app.community_worker(TONGDEXIANG).await);
    let path = "/v1/events/stream";
    let first = one.listen(path, &[]).await.ok().expect("a stream");
    let second = one.listen(path, &[]).await.ok().expect("a stream");
    let refused = one.listen(path, &[]).await.err().expect("a refusal");
    refused.refused(429, "feed.too_many_streams");
    assert_eq!(refused.header("retry-after").as_deref(), Some("5"));
    let third = two.listen(path, &[]).await.ok().expect("a stream");
    let refused = two.listen(path, &[]).await.err().expect("a refusal");
    refused.refused(503, "busy");
    assert!(refused.header("retry-after").is_some());
    // A poll that waits takes a place as well; one that need not wait takes none.
    one.get("/v1/events?wait=5").await.refused(429, "feed.too_many_streams");
    one.get("/v1/events").await.expect(200);
    assert_eq!(app.feed.streams(), 3);
    drop((first, second, third));
    for _ in 0..100 {
        happens(&app, "noise", TONGDEXIANG).await;
        if app.feed.streams() == 0 {
            break;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(app.feed.streams(), 0, "a place was not let go");
    let head = one.send(Method::HEAD, path, &[], None).await;
    assert_eq!((head.status(), head.body.len()), (200, 0));
    actix_web::rt::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(app.feed.streams(), 0, "who asks for the head only holds no place");
}

//! The polling twin, for those who cannot hold a stream.

use std::time::{Duration, Instant};

use futures_util::future::join;
use platform::auth::Role;

use super::{all, fresh, happens, poll, wait_for};
use crate::support::TestApp;
use crate::support::actors::{DISTRICT, TONGDEXIANG};

#[actix_web::test]
async fn a_poll_goes_on_from_where_the_last_one_ended() {
    let app = TestApp::spawn().await;
    app.run_feed();
    let who = app.community_worker(TONGDEXIANG).await;
    for n in 0..5 {
        happens(&app, &n.to_string(), TONGDEXIANG).await;
    }
    let told = wait_for(&who, "0").await;
    let mut read = told.items;
    while read.len() < 5 {
        read.extend(wait_for(&who, &read[read.len() - 1].position).await.items);
    }
    let two = poll(&who, "?after=0&limit=2").await;
    assert_eq!((two.items.len(), two.has_more, two.reset), (2, true, false));
    assert_eq!(two.next, two.items[1].position);
    let rest = poll(&who, &format!("?after={}", two.next)).await;
    assert_eq!([two.items, rest.items].concat(), read);
    assert!(!rest.has_more);
    let nothing = poll(&who, &format!("?after={}", rest.next)).await;
    assert_eq!((nothing.items.len(), nothing.next), (0, rest.next));
    let reply = who.get("/v1/events").await;
    assert_eq!(reply.header("cache-control").as_deref(), Some("no-store"));
}

#[actix_web::test]
async fn without_a_position_a_poll_begins_now() {
    let app = TestApp::spawn().await;
    app.run_feed();
    let who = app.community_worker(TONGDEXIANG).await;
    happens(&app, "before", TONGDEXIANG).await;
    wait_for(&who, "0").await;
    let now = poll(&who, "").await;
    assert!(now.items.is_empty() && !now.has_more);
    happens(&app, "after", TONGDEXIANG).await;
    let told = wait_for(&who, &now.next).await;
    assert_eq!(told.items[0].entity_id, "after");
}

#[actix_web::test]
async fn a_poll_waits_for_what_its_caller_sees_and_no_longer_than_asked() {
    let app = TestApp::spawn().await;
    app.run_feed();
    let who = app.community_worker(TONGDEXIANG).await;
    let start = all(&who, "0").await.next;
    let since = Instant::now();
    let (told, ()) = join(wait_for(&who, &start), async {
        actix_web::rt::time::sleep(Duration::from_millis(300)).await;
        happens(&app, "elsewhere", "130402010014").await;
        actix_web::rt::time::sleep(Duration::from_millis(300)).await;
        happens(&app, "here", TONGDEXIANG).await;
    })
    .await;
    assert_eq!(told.items[0].entity_id, "here");
    assert!(since.elapsed() > Duration::from_millis(550));
    let since = Instant::now();
    let nothing = poll(&who, &format!("?after={}&wait=1", told.next)).await;
    assert!(nothing.items.is_empty());
    assert!((1.0..10.0).contains(&since.elapsed().as_secs_f64()));
}

#[actix_web::test]
async fn bad_positions_and_waits_are_named() {
    let app = TestApp::spawn().await;
    let who = app.community_worker(TONGDEXIANG).await;
    let bad = [("after=7", "after"), ("after=x", "after"), ("wait=26", "wait"), ("limit=0", "limit"), ("x=1", "x")];
    for (query, name) in bad {
        let problem = who.get(&format!("/v1/events?{query}")).await.refused(400, "bad_parameter");
        assert_eq!(problem.errors[0].parameter.as_deref(), Some(name), "{query}");
    }
    let sent = who.get_with("/v1/events/stream", &[("last-event-id", "7")]).await;
    assert_eq!(sent.refused(400, "bad_parameter").errors[0].header.as_deref(), Some("Last-Event-ID"));
    let asked = who.get("/v1/events/stream?last_event_id=7").await;
    assert_eq!(asked.refused(400, "bad_parameter").errors[0].parameter.as_deref(), Some("last_event_id"));
}

#[actix_web::test]
async fn who_comes_back_after_the_retention_is_told_to_begin_anew() {
    let app = TestApp::spawn().await;
    app.run_feed();
    let who = app.actor(Role::DistrictCoord, DISTRICT).await;
    for n in 0..3 {
        happens(&app, &format!("old-{n}"), TONGDEXIANG).await;
    }
    let mut old = wait_for(&who, "0").await.items;
    while old.len() < 3 {
        old.extend(wait_for(&who, &old[old.len() - 1].position).await.items);
    }
    app.clock.advance(chrono::Duration::days(31));
    let who = app.actor(Role::DistrictCoord, DISTRICT).await;
    happens(&app, "new", TONGDEXIANG).await;
    red_steward::tasks::sweep_feed(&app.app, 30).await.expect("swept");
    red_steward::tasks::sweep_feed(&app.app, 30).await.expect("nothing to sweep");
    // Another process, which does not have them in memory.
    let feed = fresh();
    let begun = |position: &str| {
        let (feed, app, position) = (feed.clone(), app.app.clone(), position.parse().expect("a position"));
        async move { feed.begin(&app, Some(position)).await.expect("begun") }
    };
    assert_eq!(begun(&old[0].position).await, None, "what came behind it is gone");
    assert_eq!(begun(&old[2].position).await, None, "it cannot be known whether anything came behind it");
    assert_eq!(begun("0").await.map(|at| at.to_string()).as_deref(), Some("0000000000000000-0000000000000000"));
    let kept = wait_for(&who, "0").await;
    let kept =
        if kept.items.iter().any(|item| item.entity_id == "new") { kept } else { wait_for(&who, &kept.next).await };
    let last = kept.items.last().expect("one is kept");
    assert_eq!(last.entity_id, "new");
    assert_eq!(begun(&last.position).await.map(|at| at.to_string()), Some(last.position.clone()));
}

//! Dashboards poll. While nothing in the area has changed, no clock has fallen due and no day has begun, an answer costs one
//! indexed read, and nothing where nothing was committed at all; what has changed is put together once for all who ask.

use std::sync::atomic::Ordering;
use std::time::Duration;

use oversight::statistics::dto::OverviewField;
use oversight::statistics::{Boards, Question};
use platform::auth::Role;

use crate::cases::support::Desk;
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{Client, Reply, Seeds, TestApp};

fn path(area: &str) -> String {
    format!("/v1/areas/{area}/overview")
}

async fn poll(who: &Client, area: &str, tag: &str) -> Reply {
    who.get_with(&path(area), &[("If-None-Match", tag)]).await
}

#[actix_web::test]
async fn an_unchanged_area_costs_one_read() {
    let desk = Desk::new().await;
    desk.in_progress().await;
    let tag = desk.district.get(&path(DISTRICT)).await.expect(200).etag();
    let sql = desk.app().watch_sql().await;
    let same = desk.district.get(&path(DISTRICT)).await.expect(200);
    assert_eq!((same.etag(), sql.lock().expect("the texts").len()), (tag.clone(), 1));
    sql.lock().expect("the texts").clear();
    for _ in 0..3 {
        let reply = poll(&desk.district, DISTRICT, &tag).await;
        assert_eq!((reply.status(), reply.body.len(), reply.etag()), (304, 0, tag.clone()));
        for (header, value) in
            [("cache-control", "private, max-age=5, stale-while-revalidate=15"), ("x-poll-interval", "15")]
        {
            assert_eq!(reply.header(header).as_deref(), Some(value));
        }
        assert!(reply.header("vary").is_some_and(|vary| vary.contains("Authorization")));
    }
    let texts = sql.lock().expect("the texts").clone();
    assert_eq!(texts.len(), 3, "{texts:?}");
    assert!(texts.iter().all(|text| text.contains("area_versions") && !text.contains("rollups")), "{texts:?}");
}

#[actix_web::test]
async fn what_changes_in_the_area_is_told_at_once() {
    let desk = Desk::new().await;
    let tags = [DISTRICT, TONGDEXIANG, desk.place()];
    let mut last = Vec::new();
    for area in tags {
        last.push(desk.district.get(&path(area)).await.expect(200).etag());
    }
    let elsewhere = desk.district.get(&path("620902001002")).await.expect(200).etag();
    desk.reported().await;
    for (area, tag) in tags.iter().zip(&last) {
        let reply = poll(&desk.district, area, tag).await;
        assert_eq!(reply.status(), 200, "{area}");
        assert_ne!(reply.etag(), *tag);
    }
    assert_eq!(poll(&desk.district, "620902001002", &elsewhere).await.status(), 304, "nothing happened there");
}

#[actix_web::test]
async fn a_clock_that_falls_due_and_a_new_day_are_changes() {
    let mut desk = Desk::new().await;
    desk.in_progress().await;
    let told = desk.district.get(&path(TONGDEXIANG)).await.expect(200);
    let (tag, body) = (told.etag(), told.value());
    let until: chrono::DateTime<chrono::Utc> = body["fresh_until"].as_str().expect("a time").parse().expect("a time");
    let left = (until - desk.app().clock.now().utc()).num_minutes();
    assert!(left > 0);
    desk.minutes_later(left - 1).await;
    assert_eq!(poll(&desk.district, TONGDEXIANG, &tag).await.status(), 304);
    desk.minutes_later(1).await;
    let later = poll(&desk.district, TONGDEXIANG, &tag).await;
    assert_eq!(later.status(), 200);
    let (tag, day) = (later.etag(), later.value()["as_of"].clone());
    desk.minutes_later(24 * 60).await;
    let next = poll(&desk.district, TONGDEXIANG, &tag).await;
    assert_eq!(next.status(), 200);
    assert_ne!(next.value()["as_of"], day);
}

#[actix_web::test]
async fn a_tag_is_the_same_in_every_process_and_nobody_elses() {
    let app = TestApp::spawn().await;
    Seeds::plant(&app).await;
    let who = app.district().await;
    let tag = who.get(&path(TONGDEXIANG)).await.expect(200).etag();
    // Another process over the same rows, which knows nothing yet, puts together the same bytes.
    let area = TONGDEXIANG.parse().expect("a code");
    let question = Question { area, days: 30, fields: OverviewField::ALL.to_vec() };
    let elsewhere = Boards::default().answer(&app.app, question).await.expect("an overview");
    assert_eq!(format!("\"{}\"", elsewhere.tag), tag);
    // Somebody of another city gets neither the overview nor the news that it has not changed.
    let stranger = app.actor(Role::DistrictCoord, "130402").await;
    poll(&stranger, TONGDEXIANG, &tag).await.refused(404, "not_found");
    let community = app.community_worker(TONGDEXIANG).await;
    assert_eq!(poll(&community, TONGDEXIANG, &tag).await.status(), 304, "whoever may see it sees the same");
    for other in
        [path(DISTRICT), format!("{}?days=7", path(TONGDEXIANG)), format!("{}?fields=cases", path(TONGDEXIANG))]
    {
        assert_ne!(who.get(&other).await.expect(200).etag(), tag, "{other}");
    }
}

#[actix_web::test]
async fn fifty_pollers_of_a_change_have_it_put_together_once() {
    let desk = Desk::new().await;
    let tag = desk.district.get(&path(DISTRICT)).await.expect(200).etag();
    desk.reported().await;
    let sql = desk.app().watch_sql().await;
    let polls = (0..50).map(|_| poll(&desk.district, DISTRICT, &tag));
    let replies = futures_util::future::join_all(polls).await;
    let tags: std::collections::BTreeSet<String> = replies.iter().map(Reply::etag).collect();
    assert!(replies.iter().all(|reply| reply.status() == 200) && tags.len() == 1);
    let texts = sql.lock().expect("the texts").clone();
    let computed = texts.iter().filter(|text| text.contains("case_clocks") && text.contains("SUBSTR")).count();
    assert_eq!(computed, 1, "{} statements", texts.len());
}

#[actix_web::test]
async fn where_somebody_watches_an_unchanged_area_costs_nothing() {
    let desk = Desk::new().await;
    let app = desk.app();
    app.app.db.watch().await.expect("watched");
    let tag = desk.district.get(&path(DISTRICT)).await.expect(200).etag();
    let statements = app.watch_statements().await;
    let mut costs = Vec::new();
    for _ in 0..20 {
        app.app.db.watch().await.expect("watched");
        statements.store(0, Ordering::Relaxed);
        assert_eq!(poll(&desk.district, DISTRICT, &tag).await.status(), 304);
        costs.push(statements.load(Ordering::Relaxed));
        actix_web::rt::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(costs.contains(&0) && costs.iter().all(|cost| *cost <= 2), "{costs:?}");
    desk.reported().await;
    assert_eq!(poll(&desk.district, DISTRICT, &tag).await.status(), 200, "a change of this process counts at once");
}

//! What public screens show.

use chrono::Duration;
use gateway::feed::dto::ScreenOut;
use platform::Result;
use platform::auth::AreaCode;
use platform::db::{Conn, Ts};
use platform::screen::{ScreenItem, post};

use crate::support::actors::TONGDEXIANG;
use crate::support::{TestApp, TestDatabase, plant_divisions};

const PATH: &str = "/v1/screens/620902005003/events";

fn show(c: &mut Conn, area: &str, place: &str, at: Ts) -> Result<()> {
    let area: AreaCode = area.parse().map_err(platform::Error::internal)?;
    post(
        c,
        &[ScreenItem {
            area_code: &area,
            at,
            kind: "case.opened",
            label: ("路灯不亮", "Street light out"),
            place,
            status: "open",
            source: ("grid", "1"),
            expires_at: at.plus(Duration::days(7)),
        }],
    )
}

async fn shown(app: &TestApp, area: &'static str, place: &'static str) {
    let at = app.clock.now();
    app.app.db.write(move |c| show(c, area, place, at)).await.expect("shown");
}

#[actix_web::test]
async fn anybody_reads_what_happens_in_a_community_and_nothing_of_a_person() {
    let app = TestApp::spawn().await;
    plant_divisions(&app).await;
    shown(&app, TONGDEXIANG, "同德巷社区").await;
    shown(&app, "620902005003-0001-003", "康盛花园 3号楼").await;
    shown(&app, "620902005002-0001", "仓后街1号院").await;
    let reply = app.anonymous().get(PATH).await.expect(200);
    let screen: ScreenOut = reply.json();
    let places: Vec<&str> = screen.items.iter().map(|item| item.place.as_str()).collect();
    assert_eq!(places, ["康盛花园 3号楼", "同德巷社区"], "the newest first, of this community only");
    assert_eq!(reply.header("x-poll-interval").as_deref(), Some("10"));
    assert_eq!(reply.header("cache-control").as_deref(), Some("private, no-cache"));
    let raw = reply.value();
    let members: Vec<&String> = raw["items"][0].as_object().expect("an object").keys().collect();
    assert_eq!(members, ["at", "kind", "label_en", "label_zh", "place", "status"]);
    let one: ScreenOut = app.anonymous().get(&format!("{PATH}?limit=1")).await.expect(200).json();
    assert_eq!(one.items.len(), 1);
    for path in
        ["/v1/screens/620902005/events", "/v1/screens/620902005003-0001/events", "/v1/screens/620902999999/events"]
    {
        app.anonymous().get(path).await.refused(404, "not_found");
    }
}

#[actix_web::test]
async fn a_screen_that_has_not_changed_is_not_sent_again() {
    let app = TestApp::spawn().await;
    plant_divisions(&app).await;
    shown(&app, TONGDEXIANG, "同德巷社区").await;
    let screen = app.anonymous();
    let tag = screen.get(PATH).await.expect(200).etag();
    let unchanged = screen.get_with(PATH, &[("If-None-Match", &tag)]).await.expect(304);
    assert_eq!((unchanged.body.len(), unchanged.etag()), (0, tag.clone()));
    assert_eq!(unchanged.header("x-poll-interval").as_deref(), Some("10"));
    shown(&app, TONGDEXIANG, "同德巷社区").await;
    let later = screen.get_with(PATH, &[("If-None-Match", &tag)]).await.expect(200).etag();
    assert_ne!(later, tag);
    // What runs out changes it as well, although nothing is written.
    app.clock.advance(Duration::days(8));
    let empty: ScreenOut = screen.get_with(PATH, &[("If-None-Match", &later)]).await.expect(200).json();
    assert!(empty.items.is_empty());
    red_steward::tasks::sweep_feed(&app.app, 30).await.expect("swept");
    use diesel::prelude::*;
    let left = app.app.db.read(|c| Ok(platform::schema::screen_items::table.count().get_result::<i64>(c)?)).await;
    assert_eq!(left.expect("a count"), 0);
}

#[actix_web::test]
async fn what_is_not_for_everybody_is_not_shown_and_undoes_the_change_that_posts_it() {
    let app = TestApp::spawn().await;
    plant_divisions(&app).await;
    let at = app.clock.now();
    for (area, place) in [
        ("620902005003-0001-003-01-0101", "康盛花园 3号楼"),
        ("620902", "肃州区"),
        (TONGDEXIANG, "联系13800138000"),
        (TONGDEXIANG, ""),
    ] {
        let posted =
            app.app.db.write(move |c| show(c, TONGDEXIANG, "同德巷社区", at).and(show(c, area, place, at))).await;
        assert!(posted.is_err(), "{area} {place}");
    }
    let screen: ScreenOut = app.anonymous().get(PATH).await.expect(200).json();
    assert!(screen.items.is_empty());
}

#[actix_web::test]
async fn screens_have_a_budget_of_their_own() {
    let few = |config: &mut red_steward::config::Config| {
        config.screen_limit_per_minute = std::num::NonZeroU32::new(3).expect("not zero");
    };
    let app = TestApp::spawn_with(TestDatabase::migrated(), few).await;
    plant_divisions(&app).await;
    for _ in 0..3 {
        let reply = app.anonymous().get(PATH).await.expect(200);
        assert!(reply.header("ratelimit").is_some_and(|left| left.starts_with("\"screens\"")));
    }
    let refused = app.anonymous().get(PATH).await;
    refused.refused(429, "rate_limited");
    assert!(refused.header("retry-after").is_some());
    app.anonymous().get("/health/live").await.expect(200);
}

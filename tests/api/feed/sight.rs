//! Who is told of what.

use std::collections::{BTreeSet, HashSet};

use diesel::prelude::*;
use gateway::feed::dto::FeedEventOut;
use gateway::feed::{Feed, NEVER_SENT, OPENED_BY, Opener, Settings};
use platform::Result;
use platform::auth::{Principal, Role, Subject};
use platform::db::Conn;
use platform::schema::history;
use uuid::Uuid;

use super::{all, happens, hear_all};
use crate::demo;
use crate::support::actors::{DISTRICT, STREET, TONGDEXIANG};
use crate::support::{Client, Seeds, TestApp};

fn entities(items: &[FeedEventOut]) -> BTreeSet<&str> {
    items.iter().map(|item| item.entity.as_str()).collect()
}

#[actix_web::test]
async fn an_event_is_told_to_those_over_its_area_and_says_nothing_but_that_it_happened() {
    let app = TestApp::spawn().await;
    let seeds = Seeds::plant(&app).await;
    app.run_feed();
    let (district, worker) = (app.district().await, app.community_worker(TONGDEXIANG).await);
    hear_all(&app.feed, &app).await;
    let told = all(&district, "0").await;
    let grid = told.items.iter().find(|item| item.entity_id == seeds.grid).expect("the grid's");
    assert_eq!((grid.entity.as_str(), grid.event.as_str()), ("grid", "grid.created"));
    let raw = district.get("/v1/events?after=0").await.value();
    let members: BTreeSet<&str> = raw["items"][0].as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(members, ["area_code", "at", "entity", "entity_id", "event", "position"].into());
    let near = all(&worker, "0").await;
    assert!(near.items.iter().any(|item| item.entity_id == seeds.grid));
    assert!(near.items.iter().all(|item| item.area_code.starts_with(TONGDEXIANG)), "{:?}", near.items);
    let elsewhere = app.actor(Role::DistrictCoord, "130402").await;
    let of_others = all(&elsewhere, "0").await;
    assert!(of_others.items.iter().all(|item| item.area_code.starts_with("130402")), "{:?}", of_others.items);
    let next_door = app.community_worker("620902005002").await;
    assert!(!all(&next_door, "0").await.items.iter().any(|item| item.area_code.starts_with(TONGDEXIANG)));
}

#[actix_web::test]
async fn a_role_without_the_scope_of_a_kind_is_not_told_of_it_and_some_kinds_are_told_to_nobody() {
    let app = TestApp::spawn().await;
    Seeds::plant(&app).await;
    app.run_feed();
    let volunteer = app.actor(Role::Volunteer, DISTRICT).await;
    hear_all(&app.feed, &app).await;
    let told = all(&volunteer, "0").await;
    let kinds = entities(&told.items);
    assert!(kinds.contains("grid") && kinds.contains("compound"), "{kinds:?}");
    for kind in ["contact_assignment", "room", "residency", "objection", "data_request"] {
        assert!(!kinds.contains(kind), "a volunteer is told of {kind}");
    }
    let everywhere: Vec<(Role, &str)> = Role::ALL.iter().map(|role| (*role, "")).collect();
    let everybody = app.actor_with(&everywhere).await;
    let told = all(&everybody, "0").await;
    let kinds = entities(&told.items);
    assert!(kinds.contains("contact_assignment") && kinds.contains("residency"), "{kinds:?}");
    assert!(NEVER_SENT.iter().all(|kind| !kinds.contains(kind)), "{kinds:?}");
    let nobody = app.actor_with(&[]).await;
    assert!(all(&nobody, "0").await.items.is_empty());
}

fn program(app: &TestApp, scopes: &[&str], area: &str) -> Client {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let subject = Subject::Client { scopes, area: area.parse().expect("a code") };
    app.with_token(&app.app.tokens.issue(Uuid::now_v7(), subject).expect("a token").token)
}

#[actix_web::test]
async fn a_program_is_told_what_its_scopes_open_in_its_area() {
    let app = TestApp::spawn().await;
    Seeds::plant(&app).await;
    app.run_feed();
    hear_all(&app.feed, &app).await;
    let told = all(&program(&app, &["events:read", "grids:read"], STREET), "0").await;
    assert_eq!(entities(&told.items), ["grid"].into());
    assert!(told.items.iter().all(|item| item.area_code.starts_with(STREET)));
    assert!(all(&program(&app, &["events:read", "grids:read"], "130402"), "0").await.items.is_empty());
    assert!(all(&program(&app, &["events:read"], STREET), "0").await.items.is_empty());
    let without = program(&app, &["grids:read"], STREET).get("/v1/events").await;
    assert_eq!(without.refused(403, "forbidden").required_scope.as_deref(), Some("events:read"));
}

/// Asked once for a run of events, whatever their number: of grids, those with an even number.
fn even(c: &mut Conn, who: &Principal, ids: &[String]) -> Result<HashSet<String>> {
    diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("1")).execute(c)?;
    assert!(matches!(who.subject, Subject::Account { .. }));
    Ok(ids.iter().filter(|id| id.parse().is_ok_and(|n: u32| n.is_multiple_of(2))).cloned().collect())
}

#[actix_web::test]
async fn a_kind_with_an_opener_is_opened_by_it_alone_and_by_one_question_a_run() {
    const OPENERS: &[Opener] = &[Opener { entity: "grid", scope: "grids:read", visible: even }];
    let app = TestApp::spawn().await;
    for n in 0..40 {
        happens(&app, &n.to_string(), if n < 20 { TONGDEXIANG } else { "130402010014" }).await;
    }
    let heartbeat = std::time::Duration::from_secs(15);
    let settings = Settings { heartbeat, streams: 9, streams_per_caller: 9 };
    let feed = Feed::new(settings, red_steward::scopes(), OPENERS);
    let who = app.community_worker(TONGDEXIANG).await;
    let principal = app.app.tokens.verify(who.token.as_deref().expect("a token")).expect("verified");
    let start = "0".parse().expect("the start");
    assert_eq!(feed.begin(&app.app, Some(start)).await.expect("begun"), Some(start));
    hear_all(&feed, &app).await;
    let run = feed.run_behind(&app.app, start).await.expect("a run");
    let statements = app.watch_statements().await;
    let seen = feed.seen(&app.app, &principal, &feed.lens(&principal), run.events).await.expect("seen");
    assert_eq!(statements.load(std::sync::atomic::Ordering::Relaxed), 1);
    let ids: Vec<u32> = seen.iter().map(|thin| thin.entity_id.parse().expect("a number")).collect();
    assert_eq!(ids, (0..40).step_by(2).collect::<Vec<u32>>(), "its area is the opener's to judge");
}

#[actix_web::test]
async fn every_kind_that_is_recorded_is_opened_by_something_or_sent_to_nobody() {
    let app = TestApp::spawn_with(demo::loaded(), |_| {}).await;
    let mut recorded = recorded_in(&app).await;
    let seeded = TestApp::spawn().await;
    Seeds::plant(&seeded).await;
    recorded.extend(recorded_in(&seeded).await);
    assert!(recorded.len() > 20, "{recorded:?}");
    let listed: Vec<&str> = OPENED_BY.iter().map(|(kind, _)| *kind).chain(NEVER_SENT.iter().copied()).collect();
    for kind in &recorded {
        let openers = red_steward::OPENERS.iter().filter(|opener| opener.entity == kind).count();
        let times = listed.iter().filter(|listed| *listed == kind).count() + openers;
        assert_eq!(times, 1, "{kind} is listed {times} times");
    }
    let scopes = red_steward::scopes();
    for (kind, scope) in OPENED_BY {
        assert!(scopes.iter().any(|info| info.name == *scope), "{kind} is opened by {scope}, which is no scope");
        assert!(recorded.contains(*kind), "nothing records {kind}");
    }
}

async fn recorded_in(app: &TestApp) -> BTreeSet<String> {
    // What was taken over from before the register was kept is no news, and of the same kinds.
    let kinds: Vec<String> =
        app.app.db.read(|c| Ok(history::table.select(history::entity).distinct().load(c)?)).await.expect("kinds");
    kinds.into_iter().collect()
}

//! What many report at the same moment: on PostgreSQL they are written down together, and each must be as if it had come
//! alone; on SQLite they queue.

use std::collections::HashSet;
use std::sync::atomic::Ordering;

use futures_util::future::join_all;
use platform::db::Engine;
use platform::db::Range;
use platform::history::EventPage;
use platform::rollups;
use serde_json::{Value, json};

use super::support::{CASES, Desk, MINE, leak, report};
use crate::support::actors::TONGDEXIANG;
use crate::support::{Client, Reply};
use crate::territory::{building, grid, room, unit};

/// A desk and a place of each kind.
async fn desk_with_places() -> (Desk, Vec<String>) {
    let desk = Desk::new().await;
    let worker = desk.worker();
    let of_grid = grid(worker, TONGDEXIANG, 1).await;
    let house = building(worker, &desk.town.compound, "3", Some(&of_grid.code)).await;
    let stair = unit(worker, &house, "1").await;
    let home = room(worker, &stair, "101").await;
    let inside = [desk.place().to_owned(), house.area_code, stair.area_code, home.area_code];
    let places = [TONGDEXIANG.to_owned(), of_grid.code].into_iter().chain(inside).collect();
    (desk, places)
}

async fn post(who: &Client, path: &str, key: &str, body: Value) -> Reply {
    who.post_with(path, &[("Idempotency-Key", key)], body).await
}

fn made(reply: &Reply) -> Value {
    assert_eq!(reply.status(), 201, "{}", reply.text());
    reply.value()
}

/// Everything that does not differ between two equal reports.
fn common(case: &Value) -> Value {
    let mut common = case.clone();
    for member in ["id", "number"] {
        common.as_object_mut().expect("an object").remove(member).expect(member);
    }
    common
}

#[actix_web::test]
async fn each_of_many_is_written_down_as_if_it_had_come_alone() {
    let (desk, places) = desk_with_places().await;
    // Without a key nobody goes together with others.
    let alone = join_all(places.iter().map(|place| desk.worker().post(CASES, leak(place)))).await;
    let alone: Vec<Value> = alone.into_iter().map(|reply| reply.expect(201).value()).collect();
    let wanted: Vec<usize> = (0..48).map(|n| n % places.len()).collect();
    let keys: Vec<String> = (0..wanted.len()).map(|n| format!("report-{n}")).collect();
    let posts = wanted.iter().zip(&keys).map(|(place, key)| post(desk.worker(), CASES, key, leak(&places[*place])));
    let replies = join_all(posts).await;
    let mut ids = HashSet::new();
    for (place, reply) in wanted.iter().zip(&replies) {
        let case = made(reply);
        assert_eq!(common(&case), common(&alone[*place]));
        let path = format!("{CASES}/{}", case["id"].as_str().expect("an id"));
        assert_eq!((reply.etag(), reply.header("location")), ("\"v1\"".into(), Some(path.clone())));
        assert_eq!(desk.worker().get(&path).await.expect(200).value(), case, "as it was told, so it is kept");
        assert_eq!(
            desk.worker().get(&format!("{path}/deadlines")).await.expect(200).value()["clocks"]
                .as_array()
                .map(Vec::len),
            Some(2)
        );
        let history: EventPage = desk.worker().get(&format!("{path}/history")).await.expect(200).json();
        assert!(history.items.len() == 1 && history.items[0].intact);
        assert!(ids.insert(path));
    }
    let again =
        join_all(wanted.iter().zip(&keys).map(|(place, key)| post(desk.worker(), CASES, key, leak(&places[*place]))));
    for (first, again) in replies.iter().zip(again.await) {
        assert_eq!(again.header("idempotency-replayed").as_deref(), Some("true"));
        assert_eq!(again.body, first.body);
    }
}

#[actix_web::test]
async fn residents_who_report_at_once_find_each_their_own() {
    let (desk, places) = desk_with_places().await;
    let alone = desk.resident.post(MINE, report(&places[2])).await.expect(201).value();
    let neighbour = desk.app().actor(platform::auth::Role::Owner, desk.place()).await;
    let keys: Vec<String> = (0..12).map(|n| format!("mine-{n}")).collect();
    let mine = keys.iter().map(|key| post(&desk.resident, MINE, key, report(&places[2])));
    let theirs = keys.iter().map(|key| post(&neighbour, MINE, key, report(&places[2])));
    let (mine, theirs) = futures_util::future::join(join_all(mine), join_all(theirs)).await;
    for reply in mine.iter().chain(&theirs) {
        assert_eq!(common(&made(reply)), common(&alone));
    }
    for (who, replies) in [(&desk.resident, &mine), (&neighbour, &theirs)] {
        let told = made(&replies[0]);
        let path = format!("{MINE}/{}", told["id"].as_str().expect("an id"));
        assert_eq!(who.get(&path).await.expect(200).value(), told, "as it was told, so it is kept");
    }
    for (who, expected) in [(&desk.resident, 13), (&neighbour, 12)] {
        let own = who.get(&format!("{MINE}?limit=100")).await.expect(200).value();
        assert_eq!(own["items"].as_array().map(Vec::len), Some(expected));
    }
    let theirs = theirs[0].value();
    desk.resident.get(&format!("{MINE}/{}", theirs["id"].as_str().expect("an id"))).await.refused(404, "not_found");
}

#[actix_web::test]
async fn who_is_refused_takes_nobody_with_them() {
    let (desk, places) = desk_with_places().await;
    let mut unknown_category = leak(&places[0]);
    unknown_category["category"] = json!("no_such");
    let bad = [
        (unknown_category, 422, "cases.unknown_category"),
        (leak("620902005003-9999"), 422, "cases.place_unknown"),
        (leak("620902005"), 422, "cases.place_too_wide"),
        (leak("620902005002"), 404, "not_found"),
    ];
    for (body, status, code) in &bad {
        desk.worker().post(CASES, body.clone()).await.refused(*status, code);
    }
    let good = (0..24).map(|n| (format!("good-{n}"), leak(&places[n % places.len()])));
    let twice = (0..8).map(|_| ("one-key".to_owned(), leak(&places[1])));
    let refused = bad.iter().cycle().take(12).enumerate().map(|(n, (body, ..))| (format!("bad-{n}"), body.clone()));
    let mut all: Vec<(String, Value)> = good.chain(twice).chain(refused).collect();
    // The good and the bad one after another.
    all.sort_by_key(|(key, _)| key.bytes().rev().collect::<Vec<u8>>());
    let replies = join_all(all.iter().map(|(key, body)| post(desk.worker(), CASES, key, body.clone()))).await;
    let mut with_one_key = HashSet::new();
    for ((key, _), reply) in all.iter().zip(&replies) {
        if let Some(n) = key.strip_prefix("bad-") {
            let (_, status, code) = &bad[n.parse::<usize>().expect("a number") % bad.len()];
            assert_eq!((reply.status(), reply.problem().code.as_str()), (*status, *code));
        } else {
            let case = made(reply);
            if key == "one-key" {
                with_one_key.insert(case["id"].to_string());
            }
        }
    }
    assert_eq!(with_one_key.len(), 1, "one key is one case");
    let total = desk.worker().get(&format!("{CASES}?include=total&limit=1")).await.expect(200).value();
    assert_eq!(total["total"], 25);
    assert_eq!(counted(&desk).await, 25);
}

/// 登记, as the figures have it.
async fn counted(desk: &Desk) -> i64 {
    let today = desk.app().app.clock.today();
    let sums = desk.app().app.db.read(move |c| {
        let period = rollups::Period { from: today, to: today };
        rollups::sum(c, &Range::under(TONGDEXIANG), period, delivery::cases::counts::REPORTED)
    });
    sums.await.expect("sums").iter().map(|(_, n)| n).sum()
}

#[actix_web::test]
async fn together_they_take_few_statements() {
    let (desk, places) = desk_with_places().await;
    let statements = desk.app().watch_statements().await;
    let keys: Vec<String> = (0..64).map(|n| format!("report-{n}")).collect();
    let replies = join_all(keys.iter().map(|key| post(desk.worker(), CASES, key, leak(&places[0])))).await;
    assert!(replies.iter().all(|reply| reply.status() == 201));
    let each = statements.load(Ordering::Relaxed) / keys.len();
    if desk.app().app.db.engine() == Engine::Postgres {
        assert!(each < 8, "{each} statements a case");
    }
    assert_eq!(counted(&desk).await, 64);
}

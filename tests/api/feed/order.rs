//! No event is lost, told twice, or told out of order, whoever writes meanwhile.

use std::collections::BTreeSet;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use futures_util::future::{join, join_all};
use gateway::feed::dto::FeedEventOut;
use platform::db::{Conn, Db, Manager, Sizes};

use super::{all, happening, happens, poll, record, wait_for};
use crate::support::actors::TONGDEXIANG;
use crate::support::{Client, TestApp, TestDatabase};

const WRITERS: usize = 8;
const EACH: usize = 250;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

async fn write(db: Db, writer: usize, app: &TestApp) {
    let mut dice = Dice(writer as u64);
    for n in 0..EACH {
        let event = happening(&format!("{writer}-{n}"), TONGDEXIANG, app.clock.now());
        // Between the event and its commit others commit theirs.
        let (rest, fails) = (Duration::from_micros(dice.roll(4_000)), dice.roll(20) == 0);
        if fails {
            let undone = happening(&format!("{writer}-{n}-undone"), TONGDEXIANG, app.clock.now());
            let failed = db.write(move |c| record(c, &undone).and(Err::<(), _>(platform::Error::NotFound))).await;
            assert!(failed.is_err());
        }
        let written = db.write(move |c| {
            record(c, &event)?;
            std::thread::sleep(rest);
            Ok(())
        });
        written.await.expect("recorded");
    }
}

async fn by_polls(who: &Client, seed: u64) -> Vec<FeedEventOut> {
    let (mut told, mut after, mut dice) = (Vec::new(), "0".to_owned(), Dice(seed));
    while told.len() < WRITERS * EACH {
        let page = poll(who, &format!("?after={after}&limit={}&wait=5", 1 + dice.roll(100))).await;
        assert!(!page.reset);
        (after, told) = (page.next, [told, page.items].concat());
    }
    told
}

/// Comes again after some events, from where it was or from somewhat before that.
async fn by_streams(who: &Client, seed: u64) -> Vec<FeedEventOut> {
    let (mut told, mut dice) = (Vec::<FeedEventOut>::new(), Dice(seed));
    while told.len() < WRITERS * EACH {
        told.truncate(told.len() - usize::try_from(dice.roll(5)).expect("small").min(told.len()));
        let last = told.last().map_or_else(|| "0".to_owned(), |last| last.position.clone());
        let mut listener = who.listen("/v1/events/stream", &[("last-event-id", &last)]).await.ok().expect("a stream");
        let until = (told.len() + 1 + usize::try_from(dice.roll(300)).expect("small")).min(WRITERS * EACH);
        while told.len() < until {
            told.push(listener.told().await);
        }
    }
    told
}

fn check(told: &[FeedEventOut]) {
    assert_eq!(told.len(), WRITERS * EACH);
    assert!(told.is_sorted_by(|a, b| a.position < b.position), "out of order");
    let ids: BTreeSet<&str> = told.iter().map(|item| item.entity_id.as_str()).collect();
    assert_eq!(ids.len(), told.len(), "twice");
    // What one writer commits after another is told after it.
    for writer in 0..WRITERS {
        let own = told.iter().filter_map(|item| item.entity_id.strip_prefix(&format!("{writer}-")));
        let numbers: Vec<usize> = own.map(|n| n.parse().expect("a number")).collect();
        assert_eq!(numbers, (0..EACH).collect::<Vec<_>>(), "writer {writer}");
    }
}

#[actix_web::test]
async fn eight_writers_in_two_processes_lose_no_reader_an_event() {
    let database = TestDatabase::migrated();
    let url = database.url.clone();
    let app = TestApp::spawn_with(database, |config| config.feed_streams_per_caller = 100).await;
    app.run_feed();
    let elsewhere = Db::open(&url, None, Sizes { pool: 4, read_pool: 1 }).expect("opens");
    let who = app.community_worker(TONGDEXIANG).await;
    let writers = (0..WRITERS).map(|writer| {
        let db = if writer % 2 == 0 { app.app.db.clone() } else { elsewhere.clone() };
        write(db, writer, &app)
    });
    let polls = join_all((0..3).map(|seed| by_polls(&who, seed)));
    let streams = join_all((10..13).map(|seed| by_streams(&who, seed)));
    let (_, (polled, streamed)) = join(join_all(writers), join(polls, streams)).await;
    let all_of_them = [polled, streamed].concat();
    all_of_them.iter().for_each(|told| check(told));
    assert!(all_of_them.iter().all(|told| *told == all_of_them[0]), "two readers were told different orders");
}

fn begin_elsewhere(url: &str, id: &str, area: &str) -> Conn {
    let mut conn = Manager::new(url).expect("a URL").open().expect("a connection");
    let sql = format!(
        "BEGIN; INSERT INTO outbox (id, event, entity, entity_id, area_code, at, data) VALUES \
         (gen_random_uuid(), 'grid.created', 'grid', '{id}', '{area}', now(), '{{}}')"
    );
    conn.batch_execute(&sql).expect("written, not committed");
    conn
}

/// The case that "behind the last number" loses. Where there is one writer only, it cannot come about.
#[actix_web::test]
async fn what_commits_late_is_told_all_the_same_and_what_came_before_it_waits() {
    let database = TestDatabase::migrated();
    if !database.is_postgres() {
        return;
    }
    let url = database.url.clone();
    let app = TestApp::spawn_with(database, |_| {}).await;
    app.run_feed();
    let who = app.community_worker(TONGDEXIANG).await;
    let start = all(&who, "0").await.next;
    let mut late = begin_elsewhere(&url, "late", TONGDEXIANG);
    happens(&app, "early", TONGDEXIANG).await;
    let held = poll(&who, &format!("?after={start}&wait=2")).await;
    assert!(held.items.is_empty(), "told before it was settled: {:?}", held.items);
    assert!(app.feed.look(&app.app).await.expect("looked").is_some(), "somebody may learn that the feed stands");
    late.batch_execute("COMMIT").expect("committed");
    let mut told = wait_for(&who, &held.next).await;
    if told.items.len() < 2 {
        told.items.extend(wait_for(&who, &told.next).await.items);
    }
    let ids: Vec<&str> = told.items.iter().map(|item| item.entity_id.as_str()).collect();
    assert_eq!(ids, ["late", "early"], "in the order of their transactions");
}

/// Rows that were restored into a cluster which counts its transactions from the beginning.
#[actix_web::test]
async fn events_of_another_cluster_come_before_all_that_is_written_here() {
    let database = TestDatabase::migrated();
    if !database.is_postgres() {
        return;
    }
    let app = TestApp::spawn_with(database, |_| {}).await;
    happens(&app, "old", TONGDEXIANG).await;
    let restored = |c: &mut Conn| {
        c.batch_execute("UPDATE outbox SET commit_group = 9000000000000000")?;
        Ok(())
    };
    app.app.db.write(restored).await.expect("as after a restore");
    let old = format!("{:016x}-{:016x}", 9_000_000_000_000_000_u64, 1);
    app.app.db.write(gateway::feed::adopt).await.expect("adopted");
    app.run_feed();
    happens(&app, "new", TONGDEXIANG).await;
    let who = app.community_worker(TONGDEXIANG).await;
    let mut told = wait_for(&who, "0").await.items;
    if told.len() < 2 {
        let last = told.last().expect("one").position.clone();
        told.extend(wait_for(&who, &last).await.items);
    }
    let ids: Vec<&str> = told.iter().map(|item| item.entity_id.as_str()).collect();
    assert_eq!(ids, ["old", "new"]);
    assert!(poll(&who, &format!("?after={old}")).await.reset, "its positions are none here");
}

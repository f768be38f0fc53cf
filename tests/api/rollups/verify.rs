//! `statistics verify`: what differs is listed as it is, and mended where that is asked for.

use std::process::Output;

use diesel::prelude::*;
use platform::auth::Role;
use platform::schema::rollups;
use red_steward::demo;
use serde_json::json;

use super::version;
use crate::cases::support::{Desk, finish, taken, visit};
use crate::cli::red_steward;
use crate::support::actors::{DISTRICT, TONGDEXIANG};
use crate::support::{TestApp, TestDatabase};
use crate::territory::{MINZHU, run_sql};

fn verify(url: &str, more: &[&str]) -> Output {
    red_steward(url, &[&["statistics", "verify"], more].concat())
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

/// Nothing differs.
#[track_caller]
pub fn verified(url: &str, more: &[&str]) {
    let output = verify(url, more);
    let (said, fault) = (said(&output), String::from_utf8_lossy(&output.stderr).into_owned());
    assert!(output.status.success() && said.ends_with(": 0 differ"), "{said}\n{fault}");
}

#[test]
fn the_demo_district_counts_to_what_its_rows_come_to() {
    let database = crate::demo::loaded();
    verified(&database.url, &[]);
    assert!(demo::load_september(&database.open(), demo::FIRST_WEEK).expect("a week loads"));
    verified(&database.url, &[]);
    verified(&database.url, &["--area", DISTRICT]);
}

#[test]
fn an_empty_database_has_nothing_that_differs() {
    let database = TestDatabase::migrated();
    assert_eq!(said(&verify(&database.url, &[])), "0 counts in 0 areas: 0 differ");
}

#[test]
fn what_cannot_be_verified_is_one_line() {
    let database = TestDatabase::migrated();
    let refused = |url: &str, more: &[&str], words: &str| {
        let output = verify(url, more);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && output.stdout.is_empty(), "{said}");
        assert!(said.trim_end().lines().count() == 1 && said.contains(words), "{said}");
    };
    refused(&database.url, &["--area", TONGDEXIANG], "no compound and no area above one");
    refused(&database.url, &["--area", "620902005003-0001-001"], "no compound and no area above one");
    refused("sqlite:///proc/no/such.db", &[], "cannot create");
    refused(&TestDatabase::empty().url, &[], "red-steward migrate");
}

/// A case that was closed, one that is open, and what they count.
async fn town() -> (Desk, String) {
    let desk = Desk::new().await;
    let url = desk.app().database_url().to_owned();
    desk.accepted().await;
    let case = desk.done().await;
    taken(desk.worker(), &case, "visits", visit("satisfied")).await;
    (desk, url)
}

#[actix_web::test]
async fn a_count_that_was_changed_is_listed_and_mended() {
    let (desk, url) = town().await;
    let place = desk.place().to_owned();
    verified(&url, &[]);
    let changes = "UPDATE rollups SET n = n + 3 WHERE metric = 'cases.accepted';
        DELETE FROM rollups WHERE metric = 'cases.closed';
        INSERT INTO rollups VALUES ('cases.done', '620902001002', '2023-05-06', 'first', 7);
        INSERT INTO rollups VALUES ('nobody.knows', '620902005003', '2023-05-06', '', 1)";
    run_sql(desk.app(), changes).await;
    let output = verify(&url, &[]);
    let fault = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && fault.contains("4 counts differ"), "{fault}");
    let listed = said(&output);
    let lines: Vec<&str> = listed.lines().collect();
    let expected = [
        "metric\tarea\tday\tdimension\tstored\trecounted".to_owned(),
        "cases.done\t620902001002\t2023-05-06\tfirst\t7\t0".to_owned(),
        format!("cases.accepted\t{place}\t2024-01-15\trepair/pipe_leak\t5\t2"),
        format!("cases.closed\t{place}\t2024-01-15\tbranch\t0\t1"),
        "nobody.knows\t620902005003\t2023-05-06\t\t1\t0".to_owned(),
    ];
    assert_eq!(lines[..lines.len() - 1], expected);
    assert!(lines[lines.len() - 1].ends_with(": 4 differ"), "{listed}");
    verified(&url, &["--area", "13"]);
    let there = verify(&url, &["--area", MINZHU]);
    assert_eq!(said(&there).lines().count(), 3, "its own line alone: {}", said(&there));

    let before = (version(desk.app(), &place).await, version(desk.app(), MINZHU).await);
    let there = verify(&url, &["--area", MINZHU, "--rebuild"]);
    assert!(there.status.success() && said(&there).ends_with("1 differ, 1 written anew"), "{}", said(&there));
    assert_eq!(version(desk.app(), &place).await, before.0);
    let mended = verify(&url, &["--rebuild"]);
    assert!(mended.status.success() && said(&mended).ends_with("3 differ, 3 written anew"), "{}", said(&mended));
    assert!(version(desk.app(), &place).await > before.0 && version(desk.app(), MINZHU).await > before.1);
    verified(&url, &[]);
    let unknown = desk
        .app()
        .app
        .db
        .read(|c| Ok(rollups::table.filter(rollups::metric.eq("nobody.knows")).count().get_result::<i64>(c)?));
    assert_eq!(unknown.await.expect("a count"), 0);
}

/// All counts lost and written anew are the same as before, those that were taken over as counts among them.
#[actix_web::test]
async fn all_counts_are_rebuilt_from_the_rows() {
    let database = crate::demo::loaded();
    let db = database.open();
    let all = || {
        let rows = db.with_writer(|c| {
            let order = (rollups::metric, rollups::area_code, rollups::day, rollups::dimension);
            // How often a part was written anew stands among the counts, and is none.
            let filled = rollups::table.filter(rollups::n.ne(0).and(rollups::metric.ne("recount.mended"))).order(order);
            filled.load::<(String, String, chrono::NaiveDate, String, i64)>(c)
        });
        rows.expect("a writer").expect("rows")
    };
    let before = all();
    let lost =
        db.with_writer(|c| diesel::delete(rollups::table.filter(rollups::area_code.like("620902005%"))).execute(c));
    assert!(lost.expect("a writer").expect("deleted") > 1000);
    assert!(verify(&database.url, &["--rebuild"]).status.success());
    assert_eq!(all(), before);
}

/// Whoever finds a difference adds it, and of those who find the same one at once only one does.
#[actix_web::test]
async fn a_difference_that_several_find_at_once_is_mended_once() {
    let (desk, url) = town().await;
    for _ in 0..5 {
        run_sql(desk.app(), "UPDATE rollups SET n = n + 3 WHERE metric IN ('cases.accepted', 'cases.reported')").await;
        let outputs: Vec<Output> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..4).map(|_| scope.spawn(|| verify(&url, &["--rebuild"]))).collect();
            all.into_iter().map(|one| one.join().expect("no panic")).collect()
        });
        for output in outputs {
            assert!(output.status.success(), "{}: {}", said(&output), String::from_utf8_lossy(&output.stderr));
        }
        verified(&url, &[]);
    }
}

/// Scenario 17: what was counted stays where it was when its compound moves on, and what comes later counts there.
#[actix_web::test]
async fn a_move_leaves_the_past_as_it_was() {
    let mut desk = Desk::new().await;
    let url = desk.app().database_url().to_owned();
    let (old, case) = (desk.place().to_owned(), desk.in_progress().await);
    let (urgent, late) = (desk.done().await, desk.reported().await);
    desk.minutes_later(60 * 24 * 9).await;
    // What was due is over: one was done in time, two were not done at all.
    let figures = |area: &str| format!("/v1/areas/{area}/case-figures?from=2024-01-01&to=2024-01-23");
    let past = desk.district.get(&figures(TONGDEXIANG)).await.expect(200).value();
    assert_eq!(past["accepted_per_day"]["numerator"], 2);
    assert_eq!((past["on_time"]["numerator"].as_i64(), past["on_time"]["denominator"].as_i64()), (Some(1), Some(3)));
    desk.minutes_later(60 * 24).await;
    let to = json!({ "community_code": MINZHU, "on": "2024-01-25", "reason": "社区边界调整" });
    desk.district.post(&format!("/v1/compounds/{}/move", desk.town.compound.id), to).await.expect(200);
    let now = desk.district.get(&figures(TONGDEXIANG)).await.expect(200).value();
    for figure in ["accepted_per_day", "accepted", "reported", "on_time", "overdue_open", "latencies", "closed_at"] {
        assert_eq!(now[figure], past[figure], "{figure}");
    }
    assert_eq!(desk.now(&urgent).await.area_code, desk.now(&late).await.area_code);
    verified(&url, &[]);
    let case = desk.now(&case).await;
    assert!(case.area_code.starts_with(MINZHU), "{}", case.area_code);
    let company = desk.app().actor_for(Role::ProjectManager, desk.town.company.id.0).await;
    taken(&company, &case, "finish", finish()).await;
    verified(&url, &[]);
    verified(&url, &["--area", &old]);
    verified(&url, &["--area", MINZHU]);
    let counted = counts_in(desk.app(), "cases.done").await;
    assert_eq!(counted, [("620902001002-0001".to_owned(), 1), (old.clone(), 1)]);
    assert_eq!(counts_in(desk.app(), "cases.accepted").await, [(old, 2)]);
}

async fn counts_in(app: &TestApp, metric: &'static str) -> Vec<(String, i64)> {
    let read = app.app.db.read(move |c| {
        let of = rollups::table.filter(rollups::metric.eq(metric)).order(rollups::area_code);
        Ok(of.select((rollups::area_code, rollups::n)).load(c)?)
    });
    read.await.expect("counts")
}

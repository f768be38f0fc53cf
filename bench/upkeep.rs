//! What counts and versions cost a new case: as many transactions with them as without, in turn, and the difference in CPU time
//! of this process and, on PostgreSQL, of its database's. Time that is waited costs nobody else anything.

use std::fs;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use platform::clock::Clock;
use platform::db::{Conn, Db};
use platform::rollups::{self, Count};
use platform::{Result, on_each};
use serde_json::json;

/// Cases that come at once are written together; so many do at 32 connections.
const TOGETHER: usize = 16;
/// Transactions of a turn, and turns of each kind; the first of each only warms up. CPU time is told in hundredths of a second.
const TRANSACTIONS: usize = 100;
const TURNS: usize = 9;
const MICROS_A_TICK: f64 = 10_000.0;
/// About what the row of a case takes, with its details.
const ROW: usize = 600;

/// In microseconds for each case: with counts, without, and the difference.
pub fn run(db: &Db, areas: &[String], postmaster: Option<u32>) -> Result<String> {
    db.write_now(|c| {
        c.batch_execute("CREATE TABLE IF NOT EXISTS bench_upkeep (id TEXT NOT NULL PRIMARY KEY, words TEXT NOT NULL)")?;
        Ok(())
    })?;
    let (mut with, mut without) = (0, 0);
    for turn in 0..TURNS {
        for (counted, took) in [(true, &mut with), (false, &mut without)] {
            let begun = ticks(postmaster);
            for nth in 0..TRANSACTIONS {
                let first = (turn * TRANSACTIONS + nth) * TOGETHER;
                let here: Vec<&String> = areas.iter().cycle().skip(first % areas.len().max(1)).take(TOGETHER).collect();
                db.write_now(|c| write(c, &here, counted))?;
            }
            if turn > 0 {
                *took += ticks(postmaster).saturating_sub(begun);
            }
        }
    }
    let (with, without) = (micros(with), micros(without));
    Ok(json!({ "with": with, "without": without, "micros": with - without }).to_string())
}

fn micros(ticks: u64) -> f64 {
    ticks as f64 * MICROS_A_TICK / ((TURNS - 1) * TRANSACTIONS * TOGETHER) as f64
}

/// CPU time so far of this process and of all whose parent is the postmaster.
fn ticks(postmaster: Option<u32>) -> u64 {
    let of = |pid: &str| fs::read_to_string(format!("/proc/{pid}/stat")).ok().map(|stat| times(&stat));
    let own = of("self").map_or(0, |(_, ticks)| ticks);
    let Some(postmaster) = postmaster else { return own };
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    let theirs = all.filter_map(|entry| of(entry.file_name().to_str()?).filter(|(parent, _)| *parent == postmaster));
    own + theirs.map(|(_, ticks)| ticks).sum::<u64>()
}

/// The parent of a process, and its CPU time: what is told before may hold anything, even a bracket.
fn times(stat: &str) -> (u32, u64) {
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let number = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).unwrap_or_default();
    (u32::try_from(number(1)).unwrap_or_default(), number(11) + number(12))
}

fn write(c: &mut Conn, areas: &[&String], counted: bool) -> Result<()> {
    for _ in areas {
        let id = uuid::Uuid::now_v7().to_string();
        let row = || sql_query("INSERT INTO bench_upkeep (id, words) VALUES ($1, $2)").bind::<Text, _>(id.clone());
        on_each!(c => row().bind::<Text, _>("x".repeat(ROW)).execute(c))?;
    }
    if !counted {
        return Ok(());
    }
    let day = Clock::System.today();
    let count = |area: &&String| Count {
        metric: delivery::cases::counts::REPORTED,
        area_code: (*area).clone(),
        day,
        dimension: "phone".to_owned(),
        n: 1,
    };
    areas.iter().for_each(|area| rollups::touch(c, area));
    rollups::add_all(c, &rollups::summed(areas.iter().map(count)))
}

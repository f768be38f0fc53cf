//! What counts and versions cost a new case: as many transactions with them as without, in turn, and the difference.

use std::time::{Duration, Instant};

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
/// Transactions of a turn, and turns of each kind; the first of each only warms up.
const TRANSACTIONS: usize = 50;
const TURNS: usize = 9;
/// About what the row of a case takes, with its details.
const ROW: usize = 600;

/// In microseconds for each case: the middle of the turns with counts, and of those without.
pub fn run(db: &Db, areas: &[String]) -> Result<String> {
    db.write_now(|c| {
        c.batch_execute("CREATE TABLE IF NOT EXISTS bench_upkeep (id TEXT NOT NULL PRIMARY KEY, words TEXT NOT NULL)")?;
        Ok(())
    })?;
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        for (counted, took) in [(true, &mut with), (false, &mut without)] {
            let begun = Instant::now();
            for nth in 0..TRANSACTIONS {
                let first = (turn * TRANSACTIONS + nth) * TOGETHER;
                let here: Vec<&String> = areas.iter().cycle().skip(first % areas.len().max(1)).take(TOGETHER).collect();
                db.write_now(|c| write(c, &here, counted))?;
            }
            if turn > 0 {
                took.push(begun.elapsed());
            }
        }
    }
    let (with, without) = (micros(with), micros(without));
    Ok(json!({ "with": with, "without": without, "micros": with - without }).to_string())
}

fn micros(mut turns: Vec<Duration>) -> f64 {
    turns.sort_unstable();
    let middle = turns.get(turns.len() / 2).copied().unwrap_or_default();
    middle.as_secs_f64() * 1e6 / (TRANSACTIONS * TOGETHER) as f64
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

//! Writes past cases in batches, in one transaction, and adds up what they count.

use diesel::prelude::*;
use platform::db::Conn;
use platform::history::{self, Event, EventRow};
use platform::rollups;
use platform::{Error, Result, on_each};

use super::Past;
use crate::schema::{
    case_alarms, case_clocks, case_comments, case_details, case_extensions, case_holds, case_links, case_reporters,
    case_visits, cases,
};

/// Whether the feed hears of the cases: it keeps the last thirty days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feed {
    Told,
    Silent,
}

/// Rows of one statement: SQLite takes 32 766 parameters, and a case has 32 columns.
const BATCH: usize = 1000;

macro_rules! insert {
    ($c:expr, $table:ident, $rows:expr) => {{
        let rows = $rows;
        for batch in rows.chunks(BATCH) {
            let c: &mut Conn = $c;
            on_each!(c => diesel::insert_into($table::table).values(batch.to_vec()).execute(c))?;
        }
    }};
}

/// Writes the cases with all their parts. A case comes behind those that were merged into it nowhere: targets first.
pub fn write(c: &mut Conn, past: Vec<Past<'_>>, feed: Feed) -> Result<()> {
    write_cases(c, &past)?;
    write_parts(c, &past)?;
    write_counts(c, &past)?;
    let events: Vec<Vec<Event>> = past.into_iter().map(|one| one.events).collect();
    match feed {
        Feed::Silent => history::take_over(c, &chained(events)?),
        Feed::Told => {
            let mut all: Vec<Event> = events.into_iter().flatten().collect();
            all.sort_by_key(|event| event.at);
            all.into_iter().try_for_each(|event| history::record(c, event))
        }
    }
}

fn write_cases(c: &mut Conn, past: &[Past<'_>]) -> Result<()> {
    insert!(c, cases, past.iter().map(|one| &one.case).collect::<Vec<_>>());
    insert!(c, case_details, past.iter().map(|one| &one.details).collect::<Vec<_>>());
    insert!(c, case_reporters, past.iter().filter_map(|one| one.reporter.as_ref()).collect::<Vec<_>>());
    Ok(())
}

fn write_parts(c: &mut Conn, past: &[Past<'_>]) -> Result<()> {
    insert!(c, case_clocks, past.iter().flat_map(|one| &one.clocks).collect::<Vec<_>>());
    insert!(c, case_alarms, past.iter().flat_map(|one| &one.alarms).collect::<Vec<_>>());
    insert!(c, case_holds, past.iter().flat_map(|one| &one.holds).collect::<Vec<_>>());
    insert!(c, case_extensions, past.iter().flat_map(|one| &one.extensions).collect::<Vec<_>>());
    insert!(c, case_visits, past.iter().flat_map(|one| &one.visits).collect::<Vec<_>>());
    insert!(c, case_comments, past.iter().flat_map(|one| &one.comments).collect::<Vec<_>>());
    insert!(c, case_links, past.iter().flat_map(|one| &one.links).collect::<Vec<_>>());
    Ok(())
}

/// What they count, one row for each place, day, metric and dimension.
fn write_counts(c: &mut Conn, past: &[Past<'_>]) -> Result<()> {
    rollups::add_all(c, &rollups::summed(past.iter().flat_map(|one| one.counts.iter().cloned())))
}

/// The histories as rows, hashed on every core.
fn chained(mut events: Vec<Vec<Event>>) -> Result<Vec<EventRow>> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let size = events.len().div_ceil(cores).max(1);
    let mut parts = Vec::new();
    while !events.is_empty() {
        parts.push(events.split_off(events.len().saturating_sub(size)));
    }
    let rows = |part: Vec<Vec<Event>>| move || part.into_iter().flat_map(history::chained).collect::<Vec<_>>();
    std::thread::scope(|scope| {
        let threads: Vec<_> = parts.into_iter().rev().map(|part| scope.spawn(rows(part))).collect();
        let mut rows = Vec::new();
        for thread in threads {
            rows.extend(thread.join().map_err(|_| Error::internal("a hashing thread panicked"))?);
        }
        Ok(rows)
    })
}

//! What the figures are read from, counted as it happens: each step's counts go with the step, in its transaction. What
//! counts is said by [`counting`](crate::cases::rules::counting), and can be counted anew ([`recount`](super::recount)).

use chrono::NaiveDate;
use platform::Result;
use platform::clock::date_in_shanghai;
use platform::db::Conn;
use platform::history::By;
use platform::rollups::{self, Count};

use super::rows::CaseRow;
use crate::cases::rules::Step;
pub use crate::cases::rules::counting::{
    ACCEPTED, AGAIN, AGAINST_COMPANY, ALL, CASES, CLOSED, COORDINATION, Change, DONE, FIRST, Facts, IMPLEMENTATION,
    INTAKE, MERGED, MINUTES, NO_DIMENSION, PROPERTY_COMPLAINTS, REOPENED, REPORTED, counted_at, of_report, of_step,
};

impl From<&CaseRow> for Facts {
    fn from(row: &CaseRow) -> Self {
        Self {
            kind: row.kind,
            category: row.category.clone(),
            tier: row.tier,
            round: row.round,
            reported_at: row.reported_at,
            accepted_at: row.accepted_at,
            signed_at: row.signed_at,
            closed_at: row.closed_at,
        }
    }
}

/// Counts as rows, in one order, so that two who count at once wait for each other the same way round.
pub fn rows(area_code: &str, mut changes: Vec<Change>, day: NaiveDate) -> Vec<Count> {
    changes.sort_unstable();
    let area_code = counted_at(area_code);
    let count = |(metric, dimension, n)| Count { metric, area_code: area_code.to_owned(), day, dimension, n };
    changes.into_iter().map(count).collect()
}

pub fn reported<'a>(c: &mut Conn, reported: impl Iterator<Item = &'a CaseRow>) -> Result<()> {
    let of = |row: &CaseRow| rows(&row.area_code, of_report(row.channel.as_str()), date_in_shanghai(row.reported_at));
    rollups::add_all(c, &rollups::summed(reported.flat_map(of)))
}

pub fn stepped(
    c: &mut Conn,
    (before, after): (&CaseRow, &CaseRow),
    step: Step,
    is_against_company: bool,
    by: &By,
) -> Result<()> {
    let changes = of_step(&before.into(), &after.into(), step, is_against_company, by.at);
    rollups::add_all(c, &rows(&after.area_code, changes, date_in_shanghai(by.at)))
}

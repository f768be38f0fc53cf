//! What the figures are read from, counted as it happens: each step's counts go with the step, in its transaction.
//!
//! A case counts where it lies: under its compound, or its community where it lies in none.

use chrono::NaiveDate;
use platform::Result;
use platform::clock::date_in_shanghai;
use platform::db::{Conn, Ts};
use platform::history::By;
use platform::rollups::{self, Count};
use platform::rule_sets::Rules;

use super::rows::CaseRow;
use crate::cases::rules::Step;
use crate::cases::rules::params::categories::{CATEGORIES, Categories};

/// 登记, by channel
pub const REPORTED: &str = "cases.reported";
/// 受理, by kind and category as they were then: `repair/pipe_leak`
pub const ACCEPTED: &str = "cases.accepted";
/// 针对物业的投诉, as they are accepted: complaints of the categories that are against a company. Complaints about noise
/// are accepted as complaints and are not among these.
pub const PROPERTY_COMPLAINTS: &str = "cases.property_complaints";
/// 办结, the first time and again
pub const DONE: &str = "cases.done";
/// 归档, by the level at which it was closed; one that is opened again is counted back
pub const CLOSED: &str = "cases.closed";
/// 重开
pub const REOPENED: &str = "cases.reopened";
/// 并案; one that is undone is counted back
pub const MERGED: &str = "cases.merged";
/// 两难一慢: how many, and how many minutes they took together. 报事到受理, 受理到签收, 签收到办结
pub const INTAKE: &str = "cases.intake";
pub const COORDINATION: &str = "cases.coordination";
pub const IMPLEMENTATION: &str = "cases.implementation";

/// Everything that an area's figures read, in one statement.
pub const ALL: [&str; 10] =
    [REPORTED, ACCEPTED, PROPERTY_COMPLAINTS, DONE, CLOSED, REOPENED, MERGED, INTAKE, COORDINATION, IMPLEMENTATION];

pub const FIRST: &str = "first";
pub const AGAIN: &str = "again";
pub const CASES: &str = "cases";
pub const MINUTES: &str = "minutes";
pub const NO_DIMENSION: &str = "";

const COMPOUND_LENGTH: usize = 17;

/// Where a case counts.
pub fn place_of(row: &CaseRow) -> &str {
    match row.compound_id {
        Some(_) => row.area_code.get(..COMPOUND_LENGTH).unwrap_or(&row.area_code),
        None => &row.community_code,
    }
}

/// A metric, its dimension and by how much it changes.
pub type Change = (&'static str, String, i64);

fn one(metric: &'static str, dimension: &str) -> Change {
    (metric, dimension.to_owned(), 1)
}

/// Full minutes from one step to another, and that there were two steps.
fn took(metric: &'static str, from: Option<Ts>, to: Ts) -> Vec<Change> {
    const MINUTE: i64 = 60_000_000;
    let Some(from) = from else { return Vec::new() };
    let minutes = (to.micros() - from.micros()).max(0) / MINUTE;
    vec![one(metric, CASES), (metric, MINUTES.to_owned(), minutes)]
}

pub fn of_report(row: &CaseRow) -> Vec<Change> {
    vec![one(REPORTED, row.channel.as_str())]
}

pub fn of_complaint() -> Change {
    one(PROPERTY_COMPLAINTS, NO_DIMENSION)
}

/// What a step counts. Only the first round tells how slow the implementation is: those who come back are counted apart.
pub fn of_step(before: &CaseRow, after: &CaseRow, step: Step, at: Ts) -> Vec<Change> {
    match step {
        Step::Accept => {
            let mut changes = took(INTAKE, Some(after.reported_at), at);
            changes.push(one(ACCEPTED, &format!("{}/{}", after.kind, after.category)));
            changes
        }
        Step::Sign if before.signed_at.is_none() => took(COORDINATION, after.accepted_at, at),
        Step::Finish if after.round == 1 => {
            let mut changes = took(IMPLEMENTATION, after.signed_at, at);
            changes.push(one(DONE, FIRST));
            changes
        }
        Step::Finish => vec![one(DONE, AGAIN)],
        Step::Close => vec![one(CLOSED, after.tier.as_str())],
        Step::Reopen => {
            let undone = before.closed_at.map(|_| (CLOSED, before.tier.to_string(), -1));
            undone.into_iter().chain([one(REOPENED, NO_DIMENSION)]).collect()
        }
        Step::Merge => vec![one(MERGED, NO_DIMENSION)],
        Step::Unmerge => vec![(MERGED, NO_DIMENSION.to_owned(), -1)],
        _ => Vec::new(),
    }
}

/// The same as rows, in one order, so that two who count at once wait for each other the same way round.
pub fn rows(row: &CaseRow, mut changes: Vec<Change>, day: NaiveDate) -> Vec<Count> {
    changes.sort_unstable();
    let count = |(metric, dimension, n)| Count { metric, area_code: place_of(row).to_owned(), day, dimension, n };
    changes.into_iter().map(count).collect()
}

fn write(c: &mut Conn, row: &CaseRow, changes: Vec<Change>, at: Ts) -> Result<()> {
    rollups::add_all(c, &rows(row, changes, date_in_shanghai(at)))
}

pub fn reported<'a>(c: &mut Conn, reported: impl Iterator<Item = &'a CaseRow>) -> Result<()> {
    let of = |row: &CaseRow| rows(row, of_report(row), date_in_shanghai(row.reported_at));
    rollups::add_all(c, &rollups::summed(reported.flat_map(of)))
}

pub fn stepped(c: &mut Conn, before: &CaseRow, after: &CaseRow, step: Step, by: &By) -> Result<()> {
    write(c, after, of_step(before, after, step, by.at), by.at)
}

/// 针对物业的投诉: by the dictionary in force as it is accepted.
pub fn complained(c: &mut Conn, row: &CaseRow, rules: &Rules, by: &By) -> Result<()> {
    let dictionary = rules.get::<Categories>(&CATEGORIES)?.1;
    let against = dictionary.find(row.kind, &row.category).is_ok_and(|category| category.against_company);
    if against { write(c, row, vec![of_complaint()], by.at) } else { Ok(()) }
}

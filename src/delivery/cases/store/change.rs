//! One step of one case: the row by compare-and-set, its clocks, and the event, in the caller's transaction.

use diesel::prelude::*;
use platform::db::{Conn, Either};
use platform::error::At;
use platform::history::{By, record};
use platform::{Error, FieldError, Result};
use serde_json::{Value, json};

use super::draft::REPORTED;
use super::prescribed::rules_at;
use super::rows::{CaseRow, difference};
use super::sight::Sight;
use super::{board, clocks, counts};
use crate::cases::dto::Status;
use crate::cases::rules::counting::Told;
use crate::cases::rules::machine::{Party, To};
use crate::cases::rules::params::categories::{CATEGORIES, Categories};
use crate::cases::rules::{Step, WRONG_STATE, edge_of, next_steps};
use crate::schema::cases;

/// The entity of a case's events.
pub const ENTITY: &str = "case";

/// What an event of a case was, by its name.
pub fn told_by(event: &str) -> Told {
    match Step::ALL.iter().find(|step| event_of(**step) == event) {
        Some(step) => Told::Step(*step),
        None if event == REPORTED => Told::Reported,
        None => Told::Change,
    }
}

/// The name under which a step goes into the history and the feed.
pub fn event_of(step: Step) -> &'static str {
    match step {
        Step::Accept => "case.accepted",
        Step::Reject => "case.rejected",
        Step::Cancel => "case.cancelled",
        Step::Dispatch => "case.dispatched",
        Step::Sign => "case.signed",
        Step::Return => "case.returned",
        Step::Start => "case.started",
        Step::Transfer => "case.transferred",
        Step::Suspend => "case.suspended",
        Step::Resume => "case.resumed",
        Step::Finish => "case.done",
        Step::Verify => "case.verified",
        Step::Close => "case.closed",
        Step::Reopen => "case.reopened",
        Step::Escalate => "case.escalated",
        Step::Redelegate => "case.redelegated",
        Step::Reclassify => "case.reclassified",
        Step::Merge => "case.merged",
        Step::Unmerge => "case.unmerged",
    }
}

/// The state that a step leads to, where the table has the step and the caller is one of those who may take it.
pub fn permit(sight: &Sight, row: &CaseRow, step: Step) -> Result<Status> {
    let edge = edge_of(step, row.status).ok_or_else(|| wrong_state(row.status))?;
    let mut refusal = None;
    for party in edge.by {
        match sight.stands(*party, row) {
            Ok(()) => return target_of(step, row),
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    Err(refusal.unwrap_or(Error::NotFound))
}

/// The same for whoever reported the case.
pub fn permit_reporter(row: &CaseRow, step: Step) -> Result<Status> {
    match edge_of(step, row.status) {
        Some(edge) if edge.by.contains(&Party::Reporter) => target_of(step, row),
        _ => Err(wrong_state(row.status)),
    }
}

/// The state that a step leads to; where it leads nowhere, a 409 that says what may be done instead.
pub fn target_of(step: Step, row: &CaseRow) -> Result<Status> {
    match edge_of(step, row.status).map(|edge| edge.to) {
        Some(To::State(status)) => Ok(status),
        Some(To::Same | To::Prior) => Ok(row.status),
        None => Err(wrong_state(row.status)),
    }
}

fn wrong_state(from: Status) -> Error {
    let steps: Vec<&str> = next_steps(from).map(Step::as_str).collect();
    let (zh, en) = match steps.is_empty() {
        true => (format!("{from} 为终态,没有后续步骤"), format!("{from} is final")),
        false => (format!("{from} 之后可以: {}", steps.join(", ")), format!("after {from}: {}", steps.join(", "))),
    };
    Error::Rule(&WRONG_STATE, vec![FieldError::new(At::Pointer("/status".into()), "allowed_steps", zh, en)])
}

/// Holds a case as it was read, until the transaction ends. Whoever moves its clocks does this first: of two steps at once
/// the second then finds another version, and not half of the first one's clocks. SQLite has one writer.
pub fn hold(c: &mut Conn, row: &CaseRow) -> Result<()> {
    let Either::Postgres(c) = c.either() else { return Ok(()) };
    let current: i32 = cases::table.find(row.id).select(cases::version).for_update().first(c)?;
    if current == row.version { Ok(()) } else { Err(Error::Stale { current }) }
}

/// Writes a step down. `after` is the row as the step leaves it; its version, its moment and its clocks are set here.
/// `extra` says what the columns do not: codes and ids, never words of anybody.
pub fn save(c: &mut Conn, before: &CaseRow, mut after: CaseRow, step: Step, extra: Value, by: &By) -> Result<CaseRow> {
    hold(c, before)?;
    clocks::follow(c, &mut after, step, by)?;
    let against = extra.get(counts::AGAINST_COMPANY).is_some_and(|against| against == &Value::Bool(true));
    counts::stepped(c, (before, &after), step, against, by)?;
    let after = write(c, before, after, event_of(step), extra, by)?;
    if matches!(step, Step::Accept | Step::Finish | Step::Close) {
        let (_, dictionary) = rules_at(c, &after.area_code, by)?.get::<Categories>(&CATEGORIES)?;
        // A category that has left the dictionary since has no name to show any more.
        if let Ok(category) = dictionary.find(after.kind, &after.category) {
            board::show(c, &after, category, by)?;
        }
    }
    Ok(after)
}

/// The same for a change that is no step of the machine: a due date that an extension moves.
pub fn write(
    c: &mut Conn,
    before: &CaseRow,
    mut after: CaseRow,
    event: &'static str,
    extra: Value,
    by: &By,
) -> Result<CaseRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let target = cases::table.filter(cases::id.eq(before.id).and(cases::version.eq(before.version)));
    if diesel::update(target).set(&after).execute(c)? != 1 {
        return Err(Error::Stale { current: before.version + 1 });
    }
    let mut data = json!({ "set": difference(Some(before), &after)? });
    if let (Some(data), Value::Object(extra)) = (data.as_object_mut(), extra) {
        data.extend(extra);
    }
    record(c, by.event(ENTITY, after.id, after.version, event, after.told_at(), data))?;
    Ok(after)
}

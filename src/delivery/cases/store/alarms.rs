//! 催办与超时: what clocks set off, once each, whoever sweeps. Rates are counted from these rows, so no later change of a rule
//! can hide a breach.

use diesel::prelude::*;
use platform::clock::date_in_shanghai;
use platform::db::{Conn, Either, Ts, savepoint};
use platform::history::{By, record};
use platform::{Error, Result};
use serde_json::json;

use super::change::hold;
use super::clocks::{ClockId, ClockRow, after, calendar_at};
use super::rows::CaseRow;
use super::sight::get;
use super::steps::{handling, raise};
use super::visits;
use crate::cases::dto::{CaseId, ClockKind, Status};
use crate::cases::rules::ladder::{BREACHED, Rungs, event_of, lapses, raises};
use crate::schema::{case_alarms as alarms, case_clocks as clocks, cases};

/// The entity of a clock's events.
pub const ENTITY: &str = "case_clock";
/// Clocks of one transaction: few, so that the writer is held only for a moment.
const RUN: i64 = 50;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = alarms)]
pub struct AlarmRow {
    pub level: i32,
    pub clock: ClockKind,
    pub due_at: Ts,
    pub at: Ts,
}

/// Sets off what is due, at most one run of clocks; answers how many did. Safe in many processes at once: on
/// PostgreSQL a clock is passed over whose case another holds, and SQLite has one writer.
pub fn sweep(c: &mut Conn, now: Ts) -> Result<usize> {
    let due = claim(c, now)?;
    let by = By { actor: None, at: now, today: date_in_shanghai(now) };
    let mut rung = 0;
    for clock in &due {
        rung += alone(c, |c| ring(c, clock, &by))?;
    }
    Ok(rung)
}

/// Sets off what is due of one case before somebody changes it. The case is held first, as by every step, and the clocks are
/// read behind that.
pub fn settle(c: &mut Conn, row: CaseRow, by: &By) -> Result<CaseRow> {
    let due = || {
        let of_case = clocks::table.filter(clocks::case_id.eq(row.id));
        of_case.filter(clocks::next_at.is_not_null().and(clocks::next_at.le(by.at))).order(clocks::next_at.asc())
    };
    if due().select(clocks::id).first::<ClockId>(c).optional()?.is_none() {
        return Ok(row);
    }
    hold(c, &row)?;
    let due: Vec<ClockRow> = match c.either() {
        Either::Sqlite(c) => due().select(ClockRow::as_select()).load(c)?,
        Either::Postgres(c) => due().select(ClockRow::as_select()).for_update().load(c)?,
    };
    due.iter().try_for_each(|clock| ring(c, clock, by))?;
    get(c, row.id)
}

/// One piece of a sweep: 1 where it was done. A case that somebody changes at this moment has its turn at the next sweep,
/// and what cannot be done does not keep the others from theirs.
pub fn alone<T>(c: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<usize> {
    match savepoint(c, work) {
        Ok(_) => Ok(1),
        Err(Error::Stale { .. }) => Ok(0),
        Err(Error::Busy) => Err(Error::Busy),
        Err(error) => {
            log::error!("a sweep of cases passed something over: {error:?}");
            Ok(0)
        }
    }
}

/// When a clock is to set off its next level; a clock that stands still sets off nothing.
pub fn next_of(c: &mut Conn, clock: &ClockRow, case: &CaseRow, by: &By) -> Result<Option<Ts>> {
    if case.status == Status::Suspended || clock.ended_at.is_some() {
        return Ok(None);
    }
    Ok(rungs_of(c, clock, case, by)?.next(clock.level))
}

fn claim(c: &mut Conn, now: Ts) -> Result<Vec<ClockRow>> {
    // With the case, so that a sweep waits for nobody, and two sweeps never for each other.
    let due = clocks::table
        .inner_join(cases::table)
        .filter(clocks::next_at.is_not_null().and(clocks::next_at.le(now)))
        .order(clocks::next_at.asc())
        .limit(RUN);
    Ok(match c.either() {
        Either::Sqlite(c) => due.select(ClockRow::as_select()).load(c)?,
        Either::Postgres(c) => due.select(ClockRow::as_select()).for_update().skip_locked().load(c)?,
    })
}

/// Every level of one clock that has come, in order.
fn ring(c: &mut Conn, clock: &ClockRow, by: &By) -> Result<()> {
    let case = get(c, clock.case_id)?;
    let (mut clock, mut last) = (clock.clone(), by.at);
    while let Some(at) = clock.next_at.filter(|at| *at <= by.at) {
        clock.level += 1;
        set_off(c, &clock, &case, at, by)?;
        last = at;
        clock.next_at = next_of(c, &clock, &case, by)?;
    }
    (clock.version, clock.updated_at) = (clock.version + 1, by.at);
    diesel::update(clocks::table.find(clock.id)).set(&clock).execute(c)?;
    if lapses(clock.clock, clock.level) {
        let case = get(c, clock.case_id)?;
        visits::lapse(c, &case, last, by)?;
    }
    Ok(())
}

fn rungs_of(c: &mut Conn, clock: &ClockRow, case: &CaseRow, by: &By) -> Result<Rungs> {
    let escalate = if clock.level == BREACHED {
        let minutes = match clock.clock {
            // A late visit goes nowhere; after the same time again it is given up, where the sample allows it.
            ClockKind::Visit => i64::from(clock.budget_minutes),
            _ => handling(c, case, by)?.escalate_after_minutes,
        };
        let calendar = calendar_at(c, &case.area_code, clock.due_at)?;
        Some(after(&calendar, clock.mode, clock.due_at, minutes)?)
    } else {
        None
    };
    Ok(Rungs { half: clock.half_at, warn: clock.warn_at, due: clock.due_at, escalate })
}

fn set_off(c: &mut Conn, clock: &ClockRow, case: &CaseRow, at: Ts, by: &By) -> Result<()> {
    let alarm = (
        alarms::clock_id.eq(clock.id),
        alarms::level.eq(clock.level),
        alarms::case_id.eq(clock.case_id),
        alarms::area_code.eq(&case.area_code),
        alarms::clock.eq(clock.clock),
        alarms::due_at.eq(clock.due_at),
        alarms::at.eq(at),
    );
    diesel::insert_into(alarms::table).values(alarm).execute(c)?;
    let data = json!({ "case_id": clock.case_id, "clock": clock.clock, "level": clock.level, "due_at": clock.due_at });
    record(c, by.event(ENTITY, clock.id, clock.level, event_of(clock.level), case.told_at(), data))?;
    if !raises(clock.clock, clock.level) {
        return Ok(());
    }
    // Read again: a level before this one may have raised it.
    let case = get(c, clock.case_id)?;
    match case.tier.above() {
        Some(tier) if case.status.is_open() => raise(c, &case, tier, "overdue", by).map(|_| ()),
        _ => Ok(()),
    }
}

/// What the clocks of a case have set off, oldest first.
pub fn of_case(c: &mut Conn, case: CaseId) -> Result<Vec<AlarmRow>> {
    let rows = alarms::table.filter(alarms::case_id.eq(case)).order((alarms::at.asc(), alarms::level.asc()));
    Ok(rows.select(AlarmRow::as_select()).load(c)?)
}

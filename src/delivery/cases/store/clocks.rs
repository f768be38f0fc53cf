//! 时限: the clocks of a case, started and stopped by its steps. What they set off is the alarms'.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::calendar::{self, Calendar};
use platform::clock::date_in_shanghai;
use platform::db::{Conn, Either, Json, Ts, fixed};
use platform::history::By;
use platform::rule_sets::RuleSetId;
use platform::{Error, Result, id, insert_rows, on_each};

use super::alarms;
use super::rows::CaseRow;
use crate::cases::dto::{CaseId, ClockEnd, ClockKind, ClockMode};
use crate::cases::rules::Step;
use crate::cases::rules::params::deadlines::{Budget, Policy};
use crate::schema::{case_clocks as clocks, case_details as details};

id!(
    /// 计时编号
    ClockId
);

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = clocks, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ClockRow {
    pub id: ClockId,
    pub case_id: CaseId,
    pub area_code: String,
    pub round: i32,
    pub clock: ClockKind,
    /// 第几次, within the round: each dispatch starts the time for signing anew
    pub run: i32,
    pub mode: ClockMode,
    pub budget_minutes: i32,
    pub started_at: Ts,
    pub due_at: Ts,
    pub half_at: Ts,
    pub warn_at: Ts,
    pub ended_at: Option<Ts>,
    pub end_kind: Option<ClockEnd>,
    /// 已触发到第几级
    pub level: i32,
    /// 下一级的时刻; `None` while nothing is to be set off
    pub next_at: Option<Ts>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// How far a calendar is read ahead of a start: the longest budget is some weeks of working days.
const AHEAD_DAYS: i64 = 200;

/// The days that are read of a calendar for what happens around a moment.
pub fn days_around(at: Ts) -> (NaiveDate, NaiveDate) {
    let (day, ahead) = (date_in_shanghai(at), chrono::Duration::days(AHEAD_DAYS));
    (day - ahead, day + ahead)
}

/// The calendar in force at a place around a moment.
pub fn calendar_at(c: &mut Conn, area_code: &str, at: Ts) -> Result<Calendar> {
    let (from, to) = days_around(at);
    calendar::of_area(c, area_code, from, to)
}

/// The moment `minutes` after `from`, as the mode counts.
pub fn after(calendar: &Calendar, mode: ClockMode, from: Ts, minutes: i64) -> Result<Ts> {
    match mode {
        ClockMode::Wall => Ok(from.plus(chrono::Duration::minutes(minutes))),
        ClockMode::Working => {
            calendar.add(from, minutes).ok_or_else(|| Error::internal("the calendar has no working time"))
        }
    }
}

/// When a clock that starts now would be due.
pub fn due(calendar: &Calendar, budget: Budget, from: Ts) -> Result<Ts> {
    after(calendar, budget.mode(), from, budget.minutes(calendar.day_minutes()))
}

/// A clock that starts now; `run` counts the starts of this clock in this round.
fn started(
    calendar: &Calendar,
    row: &CaseRow,
    (clock, run): (ClockKind, i32),
    budget: Budget,
    at: Ts,
) -> Result<ClockRow> {
    let minutes = budget.minutes(calendar.day_minutes());
    let (mode, due_at) = (budget.mode(), due(calendar, budget, at)?);
    let half_at = after(calendar, mode, at, minutes / 2)?;
    Ok(ClockRow {
        id: ClockId::fresh(),
        case_id: row.id,
        area_code: row.area_code.clone(),
        round: row.round,
        clock,
        run,
        mode,
        budget_minutes: i32::try_from(minutes).map_err(Error::internal)?,
        started_at: at,
        due_at,
        half_at,
        warn_at: after(calendar, mode, at, minutes * 4 / 5)?,
        ended_at: None,
        end_kind: None,
        level: 0,
        next_at: Some(half_at),
        version: 1,
        created_at: at,
        updated_at: at,
    })
}

/// Starts a clock, for the first time in this round or again.
fn start(c: &mut Conn, calendar: &Calendar, row: &CaseRow, clock: ClockKind, budget: Budget, at: Ts) -> Result<Ts> {
    let earlier = clocks::case_id.eq(row.id).and(clocks::round.eq(row.round)).and(clocks::clock.eq(clock));
    let runs: i64 = clocks::table.filter(earlier).count().get_result(c)?;
    let run = i32::try_from(runs + 1).map_err(Error::internal)?;
    let new = started(calendar, row, (clock, run), budget, at)?;
    open(c, [&new])?;
    Ok(new.due_at)
}

/// Ends the running clocks of these kinds.
fn end(c: &mut Conn, case: CaseId, kinds: &[ClockKind], how: ClockEnd, at: Ts) -> Result<()> {
    let running = clocks::case_id.eq(case).and(clocks::ended_at.is_null()).and(clocks::clock.eq_any(kinds.to_vec()));
    let set = (
        clocks::ended_at.eq(Some(at)),
        clocks::end_kind.eq(Some(how)),
        clocks::next_at.eq(None::<Ts>),
        clocks::version.eq(clocks::version + 1),
        clocks::updated_at.eq(at),
    );
    diesel::update(clocks::table.filter(running)).set(set).execute(c)?;
    Ok(())
}

/// The clocks of a new case, which has had none before: the time to accept it, and the time in which it is to be resolved.
pub fn first(row: &CaseRow, calendar: &Calendar, policy: &Policy) -> Result<[ClockRow; 2]> {
    let first = |clock| started(calendar, row, (clock, 1), policy.budget(clock, row.round), row.reported_at);
    Ok([first(ClockKind::Accept)?, first(ClockKind::Resolve)?])
}

/// Sets clocks running.
pub fn open<'a>(c: &mut Conn, clocks: impl IntoIterator<Item = &'a ClockRow>) -> Result<()> {
    insert_rows!(c, clocks::table, clocks.into_iter().collect())?;
    Ok(())
}

/// What a step does to the clocks. Sets the case's due date where a new round begins; nothing else ever moves it but an
/// extension that was approved, and a pause by its own length.
pub fn follow(c: &mut Conn, row: &mut CaseRow, step: Step, by: &By) -> Result<()> {
    use ClockKind::{Accept, Contact, Resolve, Sign, Visit};
    let (case, at) = (row.id, by.at);
    let met = |c: &mut Conn, kinds: &[ClockKind]| end(c, case, kinds, ClockEnd::Met, at);
    match step {
        Step::Accept => met(c, &[Accept]),
        Step::Reject => {
            met(c, &[Accept])?;
            end(c, case, &[Resolve], ClockEnd::Void, at)
        }
        Step::Cancel | Step::Merge => end(c, case, ClockKind::ALL, ClockEnd::Void, at),
        Step::Dispatch | Step::Transfer => {
            end(c, case, &[Sign, Contact], ClockEnd::Void, at)?;
            begin(c, row, Sign, at).map(|_| ())
        }
        Step::Return => end(c, case, &[Sign], ClockEnd::Void, at),
        Step::Sign => {
            met(c, &[Sign])?;
            begin(c, row, Contact, at).map(|_| ())
        }
        Step::Start => met(c, &[Contact]),
        Step::Finish => {
            met(c, &[Resolve])?;
            begin(c, row, Visit, at).map(|_| ())
        }
        Step::Close => met(c, &[Visit]),
        Step::Reopen => {
            met(c, &[Visit])?;
            row.due_at = Some(begin(c, row, Resolve, at)?);
            Ok(())
        }
        Step::Suspend
        | Step::Resume
        | Step::Verify
        | Step::Escalate
        | Step::Redelegate
        | Step::Reclassify
        | Step::Unmerge => Ok(()),
    }
}

/// Starts one clock by the policy that the case pins.
fn begin(c: &mut Conn, row: &CaseRow, clock: ClockKind, at: Ts) -> Result<Ts> {
    let policy = policy_of(c, row.id)?;
    let calendar = calendar_at(c, &row.area_code, at)?;
    start(c, &calendar, row, clock, policy.budget(clock, row.round), at)
}

/// The policy that a case pins.
pub fn policy_of(c: &mut Conn, case: CaseId) -> Result<Policy> {
    let pinned: Json = on_each!(c => fixed(details::table.find(case).select(details::policy)).get_result(c))?;
    serde_json::from_value(pinned.0).map_err(Error::internal)
}

/// Sets the clocks that a merge voided running again, as they stood; `case` is in the state that it goes back to.
pub fn revive(c: &mut Conn, case: &CaseRow, voided_at: Ts, by: &By) -> Result<()> {
    let voided =
        clocks::case_id.eq(case.id).and(clocks::ended_at.eq(voided_at)).and(clocks::end_kind.eq(ClockEnd::Void));
    let rows: Vec<ClockRow> = clocks::table.filter(voided).select(ClockRow::as_select()).load(c)?;
    for mut row in rows {
        (row.ended_at, row.end_kind) = (None, None);
        put(c, row, case, by)?;
    }
    Ok(())
}

/// The running clocks of a case, held against a sweep until the transaction ends: what is written back is what was read.
pub fn running(c: &mut Conn, case: CaseId) -> Result<Vec<ClockRow>> {
    let running = clocks::table.filter(clocks::case_id.eq(case).and(clocks::ended_at.is_null()));
    Ok(match c.either() {
        Either::Sqlite(c) => running.select(ClockRow::as_select()).load(c)?,
        Either::Postgres(c) => running.select(ClockRow::as_select()).for_update().load(c)?,
    })
}

/// Writes a clock whose moments moved, with the level that it sets off next.
pub fn put(c: &mut Conn, mut clock: ClockRow, case: &CaseRow, by: &By) -> Result<()> {
    clock.next_at = alarms::next_of(c, &clock, case, by)?;
    (clock.version, clock.updated_at) = (clock.version + 1, by.at);
    diesel::update(clocks::table.find(clock.id)).set(&clock).execute(c)?;
    Ok(())
}

/// Every clock of a case, in the order in which they started.
pub fn of_case(c: &mut Conn, case: CaseId) -> Result<Vec<ClockRow>> {
    let rows = clocks::table.filter(clocks::case_id.eq(case)).order((clocks::started_at.asc(), clocks::id.asc()));
    Ok(rows.select(ClockRow::as_select()).load(c)?)
}

/// Pins another policy: the clocks that run start over from where they began, by its budgets. Answers when the case is due.
pub fn repin(c: &mut Conn, row: &CaseRow, policy: &Policy, set: Option<RuleSetId>, by: &By) -> Result<Ts> {
    let pinned = (details::policy.eq(Json(serde_json::json!(policy))), details::policy_set_id.eq(set));
    diesel::update(details::table.find(row.id)).set(pinned).execute(c)?;
    let calendar = calendar_at(c, &row.area_code, by.at)?;
    let mut case_due = row.due_at.unwrap_or(by.at);
    for mut clock in running(c, row.id)? {
        let budget = policy.budget(clock.clock, clock.round);
        let minutes = budget.minutes(calendar.day_minutes());
        clock.mode = budget.mode();
        clock.budget_minutes = i32::try_from(minutes).map_err(Error::internal)?;
        clock.due_at = due(&calendar, budget, clock.started_at)?;
        clock.half_at = after(&calendar, clock.mode, clock.started_at, minutes / 2)?;
        clock.warn_at = after(&calendar, clock.mode, clock.started_at, minutes * 4 / 5)?;
        if clock.clock == ClockKind::Resolve {
            case_due = clock.due_at;
        }
        put(c, clock, row, by)?;
    }
    Ok(case_due)
}

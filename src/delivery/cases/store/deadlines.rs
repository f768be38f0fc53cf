//! 时限说明: everything that a due date follows from, put together for a reader.

use platform::Result;
use platform::calendar::{Calendar, Window};
use platform::db::{Conn, Ts};

use super::clocks::{self, ClockRow, calendar_at};
use super::rows::{CaseRow, DetailsRow};
use super::{alarms, extensions, holds};
use crate::cases::dto::{AlarmOut, ClockMode, ClockOut, DeadlinesOut, Status};

/// Windows that are answered of one clock: those of some months.
const WINDOWS: usize = 200;

/// Explains a case as it is now; `row` is settled already.
pub fn explain(c: &mut Conn, row: &CaseRow, details: DetailsRow, now: Ts) -> Result<DeadlinesOut> {
    let rows = clocks::of_case(c, row.id)?;
    let start = rows.first().map_or(row.reported_at, |clock| clock.started_at);
    let calendar = calendar_at(c, &row.area_code, start)?;
    let suspended = row.status == Status::Suspended;
    let alarms = alarms::of_case(c, row.id)?;
    Ok(DeadlinesOut {
        as_of: now,
        due_at: row.due_at,
        overdue: row.status.is_open() && !suspended && row.done_at.is_none() && row.due_at.is_some_and(|due| due < now),
        policy: serde_json::from_value(details.policy.0).map_err(platform::Error::internal)?,
        policy_set_id: details.policy_set_id,
        clocks: rows.into_iter().map(|clock| told(&calendar, clock, now, suspended)).collect(),
        holds: holds::of_case(c, row.id)?.into_iter().map(Into::into).collect(),
        extensions: extensions::of_case(c, row.id)?.into_iter().map(Into::into).collect(),
        alarms: alarms
            .into_iter()
            .map(|row| AlarmOut { level: row.level, clock: row.clock, due_at: row.due_at, at: row.at })
            .collect(),
    })
}

fn told(calendar: &Calendar, clock: ClockRow, now: Ts, suspended: bool) -> ClockOut {
    let until = clock.ended_at.unwrap_or(now);
    let runs = clock.ended_at.is_none();
    ClockOut {
        clock: clock.clock,
        round: clock.round,
        run: clock.run,
        mode: clock.mode,
        budget_minutes: clock.budget_minutes,
        started_at: clock.started_at,
        due_at: clock.due_at,
        warn_at: clock.warn_at,
        ended_at: clock.ended_at,
        end_kind: clock.end_kind,
        breached: until > clock.due_at && !(runs && suspended),
        remaining_minutes: if runs { left(calendar, clock.mode, now, clock.due_at) } else { 0 },
        windows: counted(calendar, clock.mode, clock.started_at, clock.due_at),
    }
}

fn left(calendar: &Calendar, mode: ClockMode, now: Ts, due: Ts) -> i64 {
    match mode {
        _ if due <= now => 0,
        ClockMode::Wall => (due.seconds() - now.seconds()) / 60,
        ClockMode::Working => calendar.minutes_between(now, due),
    }
}

fn counted(calendar: &Calendar, mode: ClockMode, from: Ts, to: Ts) -> Vec<Window> {
    match mode {
        ClockMode::Wall => vec![Window { from, to }],
        ClockMode::Working => calendar.windows(from, to).into_iter().take(WINDOWS).collect(),
    }
}

//! 时限说明: everything that a due date follows from, put together for a reader.

use platform::calendar::{Calendar, Window};
use platform::db::{Conn, Ts};
use platform::rule_sets::{self, RuleSetId};
use platform::{Error, Result};

use super::as_of::{self, AsOf};
use super::clocks::{ClockRow, calendar_at};
use super::rows::CaseRow;
use super::{extensions, holds, single};
use crate::cases::dto::{AlarmOut, ClockMode, ClockOut, DeadlinesOut};
use crate::cases::rules::params::deadlines::{Deadlines, Policy};

/// Windows that are answered of one clock: those of some months.
const WINDOWS: usize = 200;

/// Explains a case as it is now, whether or not anybody has swept.
pub fn explain(c: &mut Conn, row: CaseRow, now: Ts) -> Result<DeadlinesOut> {
    let details = single::details(c, row.id)?;
    let hold = holds::standing(c, &row)?;
    // While a pause runs, now is when it began.
    let still = hold.filter(|hold| hold.until_at > now).and_then(|hold| hold.started_at).unwrap_or(now);
    let AsOf { row, clocks: rows, alarms } = as_of::of(c, row, now)?;
    let start = rows.first().map_or(row.reported_at, |clock| clock.started_at);
    let calendar = calendar_at(c, &row.area_code, start)?;
    let open = row.status.is_open() && row.done_at.is_none();
    let policy: Policy = serde_json::from_value(details.policy.0).map_err(Error::internal)?;
    Ok(DeadlinesOut {
        as_of: now,
        due_at: row.due_at,
        overdue: open && row.due_at.is_some_and(|due| due < still),
        policy_index: index_of(c, &policy, details.policy_set_id)?,
        policy,
        policy_set_id: details.policy_set_id,
        clocks: rows.into_iter().map(|clock| told(&calendar, clock, still)).collect(),
        holds: holds::of_case(c, row.id)?.into_iter().map(Into::into).collect(),
        extensions: extensions::of_case(c, row.id)?.into_iter().map(Into::into).collect(),
        alarms: alarms
            .into_iter()
            .map(|row| AlarmOut { level: row.level, clock: row.clock, due_at: row.due_at, at: row.at })
            .collect(),
    })
}

/// Where the policy stands in its set. A set is never rewritten; the product's own may be, by a later version of it.
fn index_of(c: &mut Conn, policy: &Policy, set: Option<RuleSetId>) -> Result<Option<i32>> {
    let set: Deadlines = rule_sets::pinned(c, set)?;
    Ok(set.policies.iter().position(|other| other == policy).and_then(|at| i32::try_from(at).ok()))
}

fn told(calendar: &Calendar, clock: ClockRow, now: Ts) -> ClockOut {
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
        level: clock.level,
        breached: clock.ended_at.unwrap_or(now) > clock.due_at,
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

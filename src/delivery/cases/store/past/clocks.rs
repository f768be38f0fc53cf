//! The clocks of a past case, started and ended as its steps did.

use platform::db::Ts;
use platform::{Error, Result};

use super::Past;
use super::parts::AlarmRow;
use crate::cases::dto::{ClockEnd, ClockKind};
use crate::cases::rules::Step;
use crate::cases::store::clocks::{ClockId, ClockRow, after, due, next_of};

impl Past<'_> {
    /// The clocks of a new case. Answers when it is due.
    pub(super) fn open(&mut self, at: Ts) -> Result<Ts> {
        self.begin(ClockKind::Accept, at)?;
        self.begin(ClockKind::Resolve, at)
    }

    fn begin(&mut self, clock: ClockKind, at: Ts) -> Result<Ts> {
        let (calendar, budget) = (&self.rules.calendar, self.policy.budget(clock, self.case.round));
        let (mode, minutes) = (budget.mode(), budget.minutes(calendar.day_minutes()));
        let earlier = self.clocks.iter().filter(|row| (row.round, row.clock) == (self.case.round, clock)).count();
        let half_at = after(calendar, mode, at, minutes / 2)?;
        let row = ClockRow {
            id: ClockId(self.part()),
            case_id: self.case.id,
            area_code: self.case.area_code.clone(),
            round: self.case.round,
            clock,
            run: i32::try_from(earlier + 1).map_err(Error::internal)?,
            mode,
            budget_minutes: i32::try_from(minutes).map_err(Error::internal)?,
            started_at: at,
            due_at: due(calendar, budget, at)?,
            half_at,
            warn_at: after(calendar, mode, at, minutes * 4 / 5)?,
            ended_at: None,
            end_kind: None,
            level: 0,
            next_at: Some(half_at),
            version: 1,
            created_at: at,
            updated_at: at,
        };
        let due_at = row.due_at;
        self.clocks.push(row);
        Ok(due_at)
    }

    /// What a clock has set off by the time it ends, or by now: each level once, at its moment.
    pub fn ring(&mut self, until: Ts) {
        for row in self.clocks.iter_mut().filter(|row| row.ended_at.is_none() && row.next_at.is_some()) {
            while let Some(at) = next_of(row).filter(|at| *at < until) {
                row.level += 1;
                row.version += 1;
                row.updated_at = at;
                row.next_at = next_of(row);
                self.alarms.push(AlarmRow {
                    clock_id: row.id,
                    level: row.level,
                    case_id: row.case_id,
                    area_code: row.area_code.clone(),
                    clock: row.clock,
                    due_at: row.due_at,
                    at,
                });
            }
        }
    }

    fn end(&mut self, kinds: &[ClockKind], how: ClockEnd, at: Ts) {
        self.ring(at);
        for row in self.clocks.iter_mut().filter(|row| row.ended_at.is_none() && kinds.contains(&row.clock)) {
            (row.ended_at, row.end_kind, row.next_at) = (Some(at), Some(how), None);
            (row.version, row.updated_at) = (row.version + 1, at);
        }
    }

    /// The same as a step does to the clocks of a case of today.
    pub(super) fn follow(&mut self, step: Step, at: Ts) -> Result<()> {
        use ClockKind::{Accept, Contact, Resolve, Sign, Visit};
        match step {
            Step::Accept => self.end(&[Accept], ClockEnd::Met, at),
            Step::Cancel | Step::Merge => self.end(ClockKind::ALL, ClockEnd::Void, at),
            Step::Dispatch | Step::Transfer => {
                self.end(&[Sign, Contact], ClockEnd::Void, at);
                self.begin(Sign, at)?;
            }
            Step::Sign => {
                self.end(&[Sign], ClockEnd::Met, at);
                self.begin(Contact, at)?;
            }
            Step::Start => self.end(&[Contact], ClockEnd::Met, at),
            Step::Finish => {
                self.end(&[Resolve], ClockEnd::Met, at);
                self.begin(Visit, at)?;
            }
            Step::Close => self.end(&[Visit], ClockEnd::Met, at),
            Step::Reopen => {
                self.end(&[Visit], ClockEnd::Met, at);
                self.case.due_at = Some(self.begin(Resolve, at)?);
            }
            _ => {}
        }
        Ok(())
    }

    /// Another date for the clock that runs towards the end of the work.
    pub(super) fn put_off(&mut self, due_at: Ts, at: Ts) {
        self.ring(at);
        for row in self.clocks.iter_mut().filter(|row| row.ended_at.is_none() && row.clock == ClockKind::Resolve) {
            (row.due_at, row.version, row.updated_at) = (due_at, row.version + 1, at);
            row.next_at = next_of(row);
        }
    }

    /// While a pause runs no clock does.
    pub(super) fn stand_still(&mut self, at: Ts) {
        self.ring(at);
        for row in self.clocks.iter_mut().filter(|row| row.ended_at.is_none()) {
            (row.next_at, row.version, row.updated_at) = (None, row.version + 1, at);
        }
    }
}

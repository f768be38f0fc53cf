//! 此刻: a case as it is now, whether or not anybody has swept: pauses that are over have ended, what its clocks set off is set
//! off, and what time closes is closed. [`of`] works it out for a reader and writes nothing; [`settle`] writes it down before
//! a step, so that a step on what was read is a step on what then stands.

use platform::Result;
use platform::clock::date_in_shanghai;
use platform::db::{Conn, Ts};
use platform::history::By;

use super::alarms::{self, AlarmRow, next_of};
use super::clocks::{self, ClockRow};
use super::rows::CaseRow;
use super::{holds, visit_queue, visits};
use crate::cases::dto::{ClockEnd, ClockKind, Status};
use crate::cases::rules::ladder::{lapses, raises};

/// A case with its clocks and what they have set off.
pub struct AsOf {
    pub row: CaseRow,
    pub clocks: Vec<ClockRow>,
    pub alarms: Vec<AlarmRow>,
}

/// A case that something may have happened to that nobody wrote down.
pub fn of(c: &mut Conn, row: CaseRow, now: Ts) -> Result<AsOf> {
    let mut clocks = clocks::of_case(c, row.id)?;
    if let Some(over) = holds::standing(c, &row)?.filter(|hold| hold.until_at <= now) {
        clocks = holds::clocks_as_of(c, &row, clocks, &over)?;
    }
    let row = holds::as_of(c, row, now)?;
    let alarms = alarms::of_case(c, row.id)?;
    let mut told = AsOf { row, clocks: Vec::with_capacity(clocks.len()), alarms };
    let by = By { actor: None, at: now, today: date_in_shanghai(now) };
    for clock in clocks {
        told.run(c, clock, &by)?;
    }
    if let Some(at) = visits::lapses_at(c, &told.row)?.filter(|at| *at <= now) {
        told.close(at);
    }
    Ok(told)
}

impl AsOf {
    /// Sets off what is due of one clock, as a sweep would.
    fn run(&mut self, c: &mut Conn, mut clock: ClockRow, by: &By) -> Result<()> {
        let mut given_up = None;
        while let Some(at) = next_of(c, &clock, &self.row, by)?.filter(|at| *at <= by.at) {
            clock.level += 1;
            self.alarms.push(AlarmRow { level: clock.level, clock: clock.clock, due_at: clock.due_at, at });
            if raises(clock.clock, clock.level) {
                self.raise();
            }
            given_up = lapses(clock.clock, clock.level).then_some(at);
        }
        self.clocks.push(clock);
        match given_up {
            Some(at) if !visit_queue::is_called_about(c, &self.row, by)? => self.close(at),
            _ => {}
        }
        Ok(())
    }

    fn raise(&mut self) {
        if let Some(tier) = self.row.tier.above().filter(|_| self.row.status.is_open()) {
            (self.row.tier, self.row.version) = (tier, self.row.version + 1);
        }
    }

    fn close(&mut self, at: Ts) {
        if !visits::waits(&self.row) {
            return;
        }
        (self.row.status, self.row.closed_at, self.row.version) = (Status::Closed, Some(at), self.row.version + 1);
        let running = |clock: &&mut ClockRow| clock.clock == ClockKind::Visit && clock.ended_at.is_none();
        for clock in self.clocks.iter_mut().filter(running) {
            (clock.ended_at, clock.end_kind) = (Some(at), Some(ClockEnd::Met));
        }
    }
}

/// The same written down, in the caller's transaction.
pub fn settle(c: &mut Conn, row: CaseRow, by: &By) -> Result<CaseRow> {
    let row = holds::settle(c, row, by)?;
    let system = By { actor: None, ..*by };
    let row = alarms::settle(c, row, &system)?;
    visits::settle(c, row, &system)
}

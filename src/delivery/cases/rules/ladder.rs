//! 催办: what a clock sets off as its time passes. 50 % reminds, 80 % warns, the due date is the breach, and some time after
//! that the next tier takes over. Each once.

use platform::db::Ts;

use crate::cases::dto::ClockKind;

/// The level of each rung.
pub const HALF: i32 = 1;
pub const WARNED: i32 = 2;
pub const BREACHED: i32 = 3;
pub const ESCALATED: i32 = 4;

/// The moments of a clock's rungs; the last is known once the breach is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rungs {
    pub half: Ts,
    pub warn: Ts,
    pub due: Ts,
    pub escalate: Option<Ts>,
}

impl Rungs {
    /// When the level after `reached` comes.
    pub fn next(&self, reached: i32) -> Option<Ts> {
        match reached {
            0 => Some(self.half),
            HALF => Some(self.warn),
            WARNED => Some(self.due),
            BREACHED => self.escalate,
            _ => None,
        }
    }
}

/// The name of a level's event.
pub fn event_of(level: i32) -> &'static str {
    match level {
        HALF => "case_clock.reminded",
        WARNED => "case_clock.warned",
        BREACHED => "case_clock.breached",
        _ => "case_clock.escalated",
    }
}

/// Whether a level takes the case a tier up: what is not signed in time goes up at once (domain B6), what is overdue goes up
/// when it stays so. A visit that is late is the community's own fault, and goes nowhere.
pub fn raises(clock: ClockKind, level: i32) -> bool {
    match clock {
        ClockKind::Sign => level == BREACHED,
        ClockKind::Accept | ClockKind::Resolve => level == ESCALATED,
        ClockKind::Contact | ClockKind::Visit => false,
    }
}

/// Whether a level gives up what was measured: a visit that has been late for as long as it had time.
pub fn lapses(clock: ClockKind, level: i32) -> bool {
    clock == ClockKind::Visit && level == ESCALATED
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Ts {
        Ts::from_micros(minutes * 60_000_000)
    }

    #[test]
    fn each_rung_comes_once_and_in_order() {
        let rungs = Rungs { half: at(50), warn: at(80), due: at(100), escalate: Some(at(160)) };
        let times: Vec<Option<Ts>> = (0..=4).map(|level| rungs.next(level)).collect();
        assert_eq!(times, [Some(at(50)), Some(at(80)), Some(at(100)), Some(at(160)), None]);
    }

    #[test]
    fn not_signed_goes_up_at_once_and_overdue_when_it_stays_so() {
        assert!(raises(ClockKind::Sign, BREACHED) && !raises(ClockKind::Sign, ESCALATED));
        assert!(!raises(ClockKind::Resolve, BREACHED) && raises(ClockKind::Resolve, ESCALATED));
        assert!(ClockKind::ALL.iter().all(|clock| !raises(*clock, HALF) && !raises(*clock, WARNED)));
    }
}

//! What follows from a return visit.

use platform::Result;

use super::{REASON_EXTRA, REASON_MISSING};
use crate::cases::dto::{VisitOutcome, VisitReason};

/// What an attempt leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    TryAgain,
    Close,
    /// 不满意: once more with the same handler.
    Reopen,
    /// 再次不满意: once more, and a level up.
    ReopenAbove,
}

/// `attempt` is this one's number in the round; `dissatisfied` counts those before it, over all rounds.
pub fn next(outcome: VisitOutcome, attempt: i32, needed: i32, dissatisfied: usize) -> Next {
    match outcome {
        VisitOutcome::Unreachable if attempt < needed => Next::TryAgain,
        VisitOutcome::Dissatisfied if dissatisfied == 0 => Next::Reopen,
        VisitOutcome::Dissatisfied => Next::ReopenAbove,
        _ => Next::Close,
    }
}

/// Dissatisfaction has a reason, and nothing else has one.
pub fn check_reason(outcome: VisitOutcome, reason: Option<VisitReason>) -> Result<()> {
    match (outcome == VisitOutcome::Dissatisfied, reason) {
        (true, None) => Err(REASON_MISSING.at("/reason")),
        (false, Some(_)) => Err(REASON_EXTRA.at("/reason")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_unreachable_before_the_third_attempt() {
        let after = |attempt| next(VisitOutcome::Unreachable, attempt, 3, 0);
        assert_eq!([after(1), after(2), after(3)], [Next::TryAgain, Next::TryAgain, Next::Close]);
    }

    #[test]
    fn the_first_dissatisfaction_reopens_and_the_next_goes_up() {
        assert_eq!(next(VisitOutcome::Dissatisfied, 1, 3, 0), Next::Reopen);
        assert_eq!(next(VisitOutcome::Dissatisfied, 1, 3, 1), Next::ReopenAbove);
        assert_eq!(next(VisitOutcome::Basically, 1, 3, 1), Next::Close);
    }

    #[test]
    fn a_reason_goes_with_dissatisfaction_only() {
        assert!(check_reason(VisitOutcome::Dissatisfied, None).is_err());
        assert!(check_reason(VisitOutcome::Satisfied, Some(VisitReason::TooSlow)).is_err());
        assert!(check_reason(VisitOutcome::Dissatisfied, Some(VisitReason::TooSlow)).is_ok());
    }
}

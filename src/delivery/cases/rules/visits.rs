//! What follows from a return visit.

use chrono::Duration;
use platform::Result;
use platform::db::Ts;
use uuid::Uuid;

use super::{REASON_EXTRA, REASON_MISSING, VISIT_TOO_SOON};
use crate::cases::dto::{CaseKind, Identity, VisitOutcome, VisitReason};

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

/// 无人接听 counts once in so many hours: three calls within a minute have asked nobody. An answer counts whenever it comes.
pub fn check_spacing(outcome: VisitOutcome, last_unanswered: Option<Ts>, now: Ts, hours: i64) -> Result<()> {
    let too_soon = last_unanswered.is_some_and(|last| now < last.plus(Duration::hours(hours)));
    if too_soon && outcome == VisitOutcome::Unreachable { Err(VISIT_TOO_SOON.at("/outcome")) } else { Ok(()) }
}

/// Dissatisfaction has a reason, and nothing else has one.
pub fn check_reason(outcome: VisitOutcome, reason: Option<VisitReason>) -> Result<()> {
    match (outcome == VisitOutcome::Dissatisfied, reason) {
        (true, None) => Err(REASON_MISSING.at("/reason")),
        (false, Some(_)) => Err(REASON_EXTRA.at("/reason")),
        _ => Ok(()),
    }
}

/// 回访抽样: whether a case is called about, where `share` of a hundred are. Complaints, whoever was not satisfied once and
/// whoever is afraid of the handler are always. Of the others the id decides, so that nobody chooses and the choice stays;
/// a larger share leaves out nobody whom a smaller one had.
pub fn is_sampled(id: Uuid, (kind, round, identity): (CaseKind, i32, Identity), share: i32) -> bool {
    let always = kind == CaseKind::Complaint || round > 1 || identity == Identity::Hidden;
    always || i64::from(share) > i64::from(lot(id))
}

/// 0–99, the same for an id always, and alike often (FNV-1a).
fn lot(id: Uuid) -> u8 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let hash = id.as_bytes().iter().fold(OFFSET, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME));
    // The low bits of the hash are its worst.
    u8::try_from((hash >> 32) % 100).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: (CaseKind, i32, Identity) = (CaseKind::Repair, 1, Identity::Open);

    #[test]
    fn some_are_always_called_about() {
        let id = Uuid::from_u128(7);
        for facts in [
            (CaseKind::Complaint, 1, Identity::Open),
            (CaseKind::Repair, 2, Identity::Open),
            (CaseKind::Repair, 1, Identity::Hidden),
        ] {
            assert!(is_sampled(id, facts, 0));
        }
        assert!(!is_sampled(id, PLAIN, 0) && is_sampled(id, PLAIN, 100));
    }

    #[test]
    fn a_share_is_about_that_share() {
        for share in [10, 30, 75] {
            let ids = (0..20_000).map(|_| Uuid::now_v7());
            let called = ids.filter(|id| is_sampled(*id, PLAIN, share)).count();
            let off = i64::try_from(called).expect("few") - i64::from(share) * 200;
            // Five standard deviations of the fairest lot.
            assert!(off.abs() < 350, "{called} of 20 000 at {share} %");
        }
    }

    proptest::proptest! {
        #[test]
        fn who_is_called_about_stays_so_in_a_larger_share(id in 0u128.., share in 0i32..=100, more in 0i32..=100) {
            let id = Uuid::from_u128(id);
            let larger = (share + more).min(100);
            proptest::prop_assert!(!is_sampled(id, PLAIN, share) || is_sampled(id, PLAIN, larger));
            proptest::prop_assert!(is_sampled(id, PLAIN, 100) && !is_sampled(id, PLAIN, 0));
        }
    }

    #[test]
    fn nobody_is_tried_again_at_once_and_whoever_answers_is_heard() {
        let (last, hour) = (Ts::from_micros(1_705_248_000_000_000), Duration::hours(1));
        let check = |outcome, hours| check_spacing(outcome, Some(last), last.plus(hour * hours), 4);
        assert!(check(VisitOutcome::Unreachable, 3).is_err() && check(VisitOutcome::Unreachable, 4).is_ok());
        assert!(check(VisitOutcome::Satisfied, 0).is_ok());
        assert!(check_spacing(VisitOutcome::Unreachable, None, last, 4).is_ok());
    }

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

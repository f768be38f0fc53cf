//! 目标责任书: when a target is met. A target is a floor or a ceiling (domain T5): whoever reaches it has met it.

use platform::Result;

use super::score::WHOLE;
use super::{ALREADY_SIGNED, COUNT_DENOMINATOR, NOT_SIGNED, SETTLED, TARGET_RANGE};
use crate::standards::dto::{TargetContractStatus, TargetDirection, TargetUnit};

/// Who signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Community,
    Company,
}

impl Side {
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Community => "community",
            Side::Company => "company",
        }
    }
}

/// What the contract becomes when a side signs, which each does once: `signed` is who has, the community first.
pub fn may_sign(side: Side, signed: (bool, bool)) -> Result<TargetContractStatus> {
    let (own, other) = match side {
        Side::Community => signed,
        Side::Company => (signed.1, signed.0),
    };
    match (own, other) {
        (true, _) => Err((&ALREADY_SIGNED).into()),
        (false, true) => Ok(TargetContractStatus::Signed),
        (false, false) => Ok(TargetContractStatus::HalfSigned),
    }
}

/// Results are of what both have signed, until it is settled.
pub fn may_record(status: TargetContractStatus) -> Result<()> {
    match status {
        TargetContractStatus::Signed => Ok(()),
        TargetContractStatus::Settled => Err((&SETTLED).into()),
        _ => Err((&NOT_SIGNED).into()),
    }
}

/// A share in basis points is one of ten thousand at the most.
pub fn check_target(unit: TargetUnit, target: i64, at: usize) -> Result<()> {
    let fits = unit == TargetUnit::Count || target <= WHOLE;
    if fits { Ok(()) } else { Err(TARGET_RANGE.at(format!("/indicators/{at}/target"))) }
}

/// A number is over 1; a share has no more above than below.
pub fn check_result(unit: TargetUnit, numerator: i64, denominator: i64, at: usize) -> Result<()> {
    let fits = match unit {
        TargetUnit::Count => denominator == 1,
        TargetUnit::Percent => numerator <= denominator,
    };
    if fits { Ok(()) } else { Err(COUNT_DENOMINATOR.at(format!("/results/{at}/denominator"))) }
}

/// Whether a result meets its target; nothing is said of a share of nothing.
pub fn is_met(
    direction: TargetDirection,
    (unit, target): (TargetUnit, i64),
    (numerator, denominator): (i64, i64),
) -> Option<bool> {
    let scale = if unit == TargetUnit::Percent { WHOLE } else { 1 };
    let (reached, wanted) = (i128::from(numerator) * i128::from(scale), i128::from(target) * i128::from(denominator));
    (denominator != 0).then_some(match direction {
        TargetDirection::AtLeast => reached >= wanted,
        TargetDirection::AtMost => reached <= wanted,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Domain T5: 80 % asked for, 5 of 5 and 4 of 5 reached.
    #[test]
    fn a_target_is_a_floor() {
        let share = |n, d| is_met(TargetDirection::AtLeast, (TargetUnit::Percent, 8000), (n, d));
        assert_eq!((share(5, 5), share(4, 5), share(3, 5), share(0, 0)), (Some(true), Some(true), Some(false), None));
        let ceiling = |n| is_met(TargetDirection::AtMost, (TargetUnit::Count, 3), (n, 1));
        assert_eq!((ceiling(3), ceiling(4)), (Some(true), Some(false)));
    }

    #[test]
    fn each_side_signs_once_and_both_make_it_a_contract() {
        assert_eq!(may_sign(Side::Company, (false, false)).ok(), Some(TargetContractStatus::HalfSigned));
        assert_eq!(may_sign(Side::Community, (false, true)).ok(), Some(TargetContractStatus::Signed));
        assert!(may_sign(Side::Company, (false, true)).is_err() && may_sign(Side::Community, (true, false)).is_err());
        assert!(may_record(TargetContractStatus::Signed).is_ok());
        assert!(
            may_record(TargetContractStatus::HalfSigned).is_err() && may_record(TargetContractStatus::Settled).is_err()
        );
    }

    #[test]
    fn shares_are_of_a_whole_and_numbers_over_one() {
        assert!(check_target(TargetUnit::Percent, 10_000, 0).is_ok());
        assert!(check_target(TargetUnit::Percent, 10_001, 0).is_err());
        assert!(check_target(TargetUnit::Count, 10_001, 0).is_ok());
        assert!(check_result(TargetUnit::Count, 7, 1, 0).is_ok() && check_result(TargetUnit::Count, 7, 2, 0).is_err());
        assert!(check_result(TargetUnit::Percent, 5, 4, 0).is_err());
    }

    proptest! {
        #[test]
        fn a_floor_and_a_ceiling_are_both_met_only_at_the_target(n in 0i64..=1000, d in 1i64..=1000, target in 0i64..=10_000) {
            let met = |direction| is_met(direction, (TargetUnit::Percent, target), (n, d));
            let (floor, ceiling) = (met(TargetDirection::AtLeast), met(TargetDirection::AtMost));
            prop_assert_eq!(floor == ceiling, n * 10_000 == target * d);
            prop_assert!(floor == Some(true) || ceiling == Some(true));
        }
    }
}

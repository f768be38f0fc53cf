//! 得分 = Σ(权重 × 结果) / Σ(适用项权重), in integers: the parts in hundredths of a weight, the score in basis points.

use crate::standards::dto::CheckResult;

/// The score of a whole.
pub const WHOLE: i64 = 10_000;
const PASS_PERCENT: i64 = 100;

/// An item as it was judged.
#[derive(Debug, Clone, Copy)]
pub struct Judged {
    pub weight: i32,
    pub result: CheckResult,
}

/// What a check comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub passed: i32,
    pub partial: i32,
    pub failed: i32,
    pub not_applicable: i32,
    pub numerator: i64,
    pub denominator: i64,
}

impl Tally {
    /// Of the items that have a result.
    pub fn of(items: impl IntoIterator<Item = Judged>, partial_percent: i32) -> Self {
        items.into_iter().fold(Self::default(), |tally, item| tally.with(item, i64::from(partial_percent)))
    }

    fn with(mut self, Judged { weight, result }: Judged, partial_percent: i64) -> Self {
        let (count, percent) = match result {
            CheckResult::Pass => (&mut self.passed, PASS_PERCENT),
            CheckResult::Partial => (&mut self.partial, partial_percent),
            CheckResult::Fail => (&mut self.failed, 0),
            CheckResult::Na => {
                self.not_applicable += 1;
                return self;
            }
        };
        *count += 1;
        self.numerator += i64::from(weight) * percent;
        self.denominator += i64::from(weight) * PASS_PERCENT;
        self
    }

    pub fn score(&self) -> Option<i32> {
        basis_points(self.numerator, self.denominator)
    }
}

/// A share in basis points, half up; nothing where nothing applied.
pub fn basis_points(numerator: i64, denominator: i64) -> Option<i32> {
    let rounded = (2 * numerator * WHOLE + denominator).checked_div(2 * denominator)?;
    i32::try_from(rounded).ok()
}

/// Whether a result earns something, and so needs the evidence that its item asks for.
pub fn needs_evidence(evidence_required: bool, result: CheckResult) -> bool {
    evidence_required && matches!(result, CheckResult::Pass | CheckResult::Partial)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn judged() -> impl Strategy<Value = Judged> {
        let result = prop::sample::select(CheckResult::ALL);
        (1i32..=1000, result).prop_map(|(weight, result)| Judged { weight, result })
    }

    /// The formula as it is written, over exact fractions of 10 000.
    fn plain(items: &[Judged], partial_percent: i32) -> Option<i128> {
        let applicable: Vec<&Judged> = items.iter().filter(|item| item.result != CheckResult::Na).collect();
        let weights: i128 = applicable.iter().map(|item| i128::from(item.weight)).sum();
        let share = |result| match result {
            CheckResult::Pass => 100,
            CheckResult::Partial => i128::from(partial_percent),
            _ => 0,
        };
        let earned: i128 = applicable.iter().map(|item| i128::from(item.weight) * share(item.result)).sum();
        // 100 × earned / weights basis points, and one more where what is left over is half or more.
        (weights > 0).then(|| {
            let (whole, rest) = (100 * earned / weights, 100 * earned % weights);
            whole + i128::from(2 * rest >= weights)
        })
    }

    #[test]
    fn nothing_that_applies_is_no_score() {
        let na = Judged { weight: 3, result: CheckResult::Na };
        let tally = Tally::of([na; 40], 50);
        assert_eq!((tally.score(), tally.not_applicable, tally.denominator), (None, 40, 0));
        assert_eq!(Tally::of([], 50).score(), None);
    }

    #[test]
    fn thirty_eight_of_forty() {
        let of = |n, result| std::iter::repeat_n(Judged { weight: 1, result }, n);
        let tally = Tally::of(of(38, CheckResult::Pass).chain(of(2, CheckResult::Fail)), 50);
        assert_eq!((tally.score(), tally.passed, tally.failed), (Some(9500), 38, 2));
        let tally = Tally::of(of(2, CheckResult::Pass).chain(of(1, CheckResult::Partial)), 0);
        assert_eq!(tally.score(), Some(6667), "half up");
    }

    proptest! {
        #[test]
        fn a_score_is_the_formula(items in prop::collection::vec(judged(), 0..60), partial in 0i32..=100) {
            let tally = Tally::of(items.iter().copied(), partial);
            prop_assert_eq!(tally.score().map(i128::from), plain(&items, partial));
            let counted = tally.passed + tally.partial + tally.failed + tally.not_applicable;
            prop_assert_eq!(usize::try_from(counted).unwrap_or(0), items.len());
        }

        #[test]
        fn what_does_not_apply_changes_nothing(items in prop::collection::vec(judged(), 1..40), weight in 1i32..=1000) {
            let with = items.iter().copied().chain([Judged { weight, result: CheckResult::Na }]);
            prop_assert_eq!(Tally::of(with, 50).score(), Tally::of(items.iter().copied(), 50).score());
        }

        #[test]
        fn a_score_lies_between_nothing_and_all(items in prop::collection::vec(judged(), 1..40)) {
            if let Some(score) = Tally::of(items, 50).score() {
                prop_assert!((0..=10_000).contains(&score));
            }
        }
    }
}

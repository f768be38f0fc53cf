//! 指标 (domain B19): how they are made of what was counted. Pure, in integers.

use chrono::{Datelike, Days, NaiveDate};
use platform::quantity::Ratio;
use platform::rollups::Period;
use platform::{Error, Result};

use crate::cases::dto::{VisitCount, VisitOutcome};

/// A year's figures at the most: further back is another question.
pub const MOST_DAYS: i64 = 366;

/// The period that is asked for, as far as it has passed on the day that the figures are of; the month up to that day
/// where none is.
pub fn passed(from: Option<NaiveDate>, to: Option<NaiveDate>, as_of: NaiveDate) -> Result<Period> {
    let to = to.unwrap_or(as_of);
    let from = from.or_else(|| to.with_day(1)).unwrap_or(to);
    if to < from {
        return Err(Error::parameter("to", "range", "不能早于开始日", "is before the first day"));
    }
    if (to - from).num_days() >= MOST_DAYS {
        return Err(Error::parameter("to", "range", "时段不能超过366天", "ends a period of more than 366 days"));
    }
    if as_of < from {
        return Err(Error::parameter("as_of", "range", "不能早于开始日", "is before the first day"));
    }
    Ok(Period { from, to: to.min(as_of) })
}

/// Calendar days of a period.
pub fn days(period: Period) -> i64 {
    (period.to - period.from).num_days() + 1
}

/// 同期: the same days a year before; 29 February is compared with 28 February.
pub fn year_before(period: Period) -> Period {
    let back = |day: NaiveDate| {
        let same = day.with_year(day.year() - 1);
        same.or_else(|| day.checked_sub_days(Days::new(1))?.with_year(day.year() - 1)).unwrap_or(day)
    };
    let (from, to) = (back(period.from), back(period.to));
    // Two years that overlap by the day that one of them has more would be counted twice.
    Period { from, to: to.min(period.from.pred_opt().unwrap_or(to)) }
}

/// 同比 of two rates: `(r1 − r0) / r0` of `r = count / base`, as one fraction of whole numbers.
pub fn change_of_rates((count0, base0): (i64, i64), (count1, base1): (i64, i64)) -> Ratio {
    match (base0, base1) {
        (0, _) | (_, 0) => Ratio::of(0, 0),
        // Over the same base the counts alone tell it, and read better.
        _ if base0 == base1 => Ratio::change(count0, count1),
        _ => Ratio::of(count1 * base0 - count0 * base1, count0 * base1),
    }
}

/// F7: satisfied ÷ effective answers. Whoever was not reached or would not say has not answered.
pub fn satisfaction(visits: &[VisitCount], basically_counts: bool) -> Ratio {
    let count = |wanted: &dyn Fn(VisitOutcome) -> bool| -> i64 {
        visits.iter().filter(|count| wanted(count.outcome)).map(|count| count.visits).sum()
    };
    let satisfied = count(&|outcome| match outcome {
        VisitOutcome::VerySatisfied | VisitOutcome::Satisfied => true,
        VisitOutcome::Basically => basically_counts,
        _ => false,
    });
    Ratio::of(satisfied, count(&is_effective))
}

/// 有效回访: the reporter was reached and answered.
pub fn is_effective(outcome: VisitOutcome) -> bool {
    !matches!(outcome, VisitOutcome::Unreachable | VisitOutcome::Refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn period(from: &str, to: &str) -> Period {
        Period { from: day(from), to: day(to) }
    }

    #[test]
    fn a_period_ends_with_the_day_that_the_figures_are_of() {
        let asked = |from, to, as_of| passed(Some(day(from)), Some(day(to)), day(as_of)).ok();
        assert_eq!(
            asked("2023-01-01", "2023-12-31", "2024-01-15").map(|period| (period, days(period))),
            Some((period("2023-01-01", "2023-12-31"), 365))
        );
        assert_eq!(asked("2024-01-01", "2024-01-31", "2024-01-15"), Some(period("2024-01-01", "2024-01-15")));
        assert_eq!(asked("2024-01-02", "2024-01-01", "2024-01-15"), None);
        assert_eq!(asked("2024-01-01", "2025-01-01", "2024-01-15"), None);
        assert_eq!(asked("2024-01-16", "2024-01-31", "2024-01-15"), None);
        assert_eq!(passed(None, None, day("2024-01-15")).ok(), Some(period("2024-01-01", "2024-01-15")));
    }

    #[test]
    fn the_year_before_has_the_same_days() {
        assert_eq!(year_before(period("2023-01-01", "2023-12-31")), period("2022-01-01", "2022-12-31"));
        assert_eq!(year_before(period("2024-02-29", "2024-02-29")), period("2023-02-28", "2023-02-28"));
        assert_eq!(year_before(period("2023-03-01", "2024-02-29")), period("2022-03-01", "2023-02-28"));
    }

    /// F9 of the seed: 3 000 and 2 019 complaints of 100 000 households.
    #[test]
    fn rates_are_compared_as_fractions() {
        let text = |before, now| change_of_rates(before, now).percent;
        assert_eq!(text((3000, 100_000), (2019, 100_000)).as_deref(), Some("-32.70"));
        assert_eq!(text((3000, 100_000), (4038, 200_000)).as_deref(), Some("-32.70"));
        assert_eq!(text((0, 100_000), (1, 100_000)), None);
        assert_eq!(text((3000, 0), (2019, 100_000)), None);
    }

    fn visits(counts: &[(VisitOutcome, i64)]) -> Vec<VisitCount> {
        counts.iter().map(|(outcome, visits)| VisitCount { outcome: *outcome, visits: *visits }).collect()
    }

    /// F7 of the seed: 548 of 580; those who were not reached are in neither.
    #[test]
    fn who_has_not_answered_is_in_neither_part() {
        use VisitOutcome::*;
        let counted =
            visits(&[(VerySatisfied, 300), (Satisfied, 248), (Dissatisfied, 32), (Unreachable, 60), (Refused, 5)]);
        let ratio = satisfaction(&counted, false);
        assert_eq!((ratio.numerator, ratio.denominator, ratio.percent.as_deref()), (548, 580, Some("94.48")));
        assert_eq!(satisfaction(&visits(&[(Unreachable, 3)]), false).percent, None);
    }

    #[test]
    fn basically_satisfied_counts_where_the_place_says_so() {
        let counted = visits(&[(VisitOutcome::Basically, 1), (VisitOutcome::Dissatisfied, 1)]);
        let numerator = |counts| satisfaction(&counted, counts).numerator;
        assert_eq!((numerator(false), numerator(true)), (0, 1));
        assert_eq!(satisfaction(&counted, false).denominator, 2);
    }

    proptest::proptest! {
        #[test]
        fn the_year_before_ends_before_the_period_begins(from in 0i64..20_000, length in 0i64..366) {
            let from = day("1990-01-01") + chrono::Duration::days(from);
            let now = Period { from, to: from + chrono::Duration::days(length) };
            let before = year_before(now);
            proptest::prop_assert!(before.from <= before.to && before.to < now.from);
        }
    }
}

//! 时间序列: a span cut into days, weeks, months, quarters or years. The first and the last may be cut short by the span.

use chrono::{Datelike, Days, Months, NaiveDate};
use platform::rollups::Period;
use platform::{Error, Result};

use crate::statistics::dto::TimeStep;

/// Steps of one series: each is a look of its own.
pub const MOST: usize = 120;

/// The first day of the step that comes after the one in which `day` lies.
fn next(step: TimeStep, day: NaiveDate) -> Option<NaiveDate> {
    let month = |month: u32| NaiveDate::from_ymd_opt(day.year(), month, 1);
    match step {
        TimeStep::Day => day.succ_opt(),
        TimeStep::Week => day.checked_add_days(Days::new(u64::from(7 - day.weekday().num_days_from_monday()))),
        TimeStep::Month => month(day.month())?.checked_add_months(Months::new(1)),
        TimeStep::Quarter => month(day.month0() / 3 * 3 + 1)?.checked_add_months(Months::new(3)),
        TimeStep::Year => month(1)?.checked_add_months(Months::new(12)),
    }
}

/// The steps of a span that ends today at the latest.
pub fn steps((from, to): (NaiveDate, NaiveDate), step: TimeStep, today: NaiveDate) -> Result<Vec<Period>> {
    if to < from {
        return Err(Error::parameter("to", "range", "不能早于开始日", "is before the first day"));
    }
    if to > today {
        return Err(Error::parameter("to", "in_the_future", "不能晚于今天", "lies in the future"));
    }
    let (mut steps, mut first) = (Vec::new(), from);
    while first <= to {
        if steps.len() == MOST {
            return Err(Error::parameter("step", "too_many", "时间点不能超过120个", "gives more than 120 points"));
        }
        let after = next(step, first).unwrap_or(to);
        let last = after.pred_opt().unwrap_or(to).min(to);
        steps.push(Period { from: first, to: last });
        first = last.succ_opt().ok_or_else(|| Error::internal("the last of all days"))?;
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn cut(from: &str, to: &str, step: TimeStep) -> Vec<(String, String)> {
        let steps = steps((day(from), day(to)), step, day("2024-01-15")).expect("steps");
        steps.into_iter().map(|step| (step.from.to_string(), step.to.to_string())).collect()
    }

    fn pair(from: &str, to: &str) -> (String, String) {
        (from.to_owned(), to.to_owned())
    }

    #[test]
    fn the_first_and_the_last_may_be_short() {
        let quarters = cut("2023-02-10", "2023-07-01", TimeStep::Quarter);
        let expected = [("2023-02-10", "2023-03-31"), ("2023-04-01", "2023-06-30"), ("2023-07-01", "2023-07-01")];
        assert_eq!(quarters, expected.map(|(from, to)| pair(from, to)));
        assert_eq!(cut("2024-01-10", "2024-01-15", TimeStep::Week).len(), 2, "the 15th is a Monday");
        assert_eq!(cut("2022-12-31", "2024-01-01", TimeStep::Year).len(), 3);
        assert_eq!(cut("2023-01-31", "2023-03-01", TimeStep::Month).len(), 3);
    }

    #[test]
    fn a_span_has_an_end() {
        let refused = |from: &str, to: &str, step| steps((day(from), day(to)), step, day("2024-01-15")).is_err();
        assert!(refused("2024-01-02", "2024-01-01", TimeStep::Day));
        assert!(refused("2024-01-01", "2024-01-16", TimeStep::Day));
        assert!(refused("2023-01-01", "2023-12-31", TimeStep::Day));
        assert!(!refused("2023-09-18", "2024-01-15", TimeStep::Day), "120 days");
        assert!(refused("2023-09-17", "2024-01-15", TimeStep::Day), "121 days");
    }

    proptest::proptest! {
        #[test]
        fn steps_are_the_span_without_gap_or_overlap(from in 0i64..8000, length in 0i64..100, step in 0usize..5) {
            let step = TimeStep::ALL.get(step).copied().unwrap_or(TimeStep::Day);
            let from = day("2000-01-01") + chrono::Duration::days(from);
            let to = from + chrono::Duration::days(length);
            let all = steps((from, to), step, day("2199-01-01")).unwrap_or_default();
            proptest::prop_assert_eq!(all.first().map(|one| one.from), Some(from));
            proptest::prop_assert_eq!(all.last().map(|one| one.to), Some(to));
            for (one, two) in all.iter().zip(all.iter().skip(1)) {
                proptest::prop_assert_eq!(one.to.succ_opt(), Some(two.from));
            }
        }
    }
}

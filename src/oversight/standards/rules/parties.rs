//! 承诺: its steps, and who takes them. Who promises and reports is of the company; who confirms is not.

use chrono::NaiveDate;
use platform::Result;
use platform::quantity::Ratio;

use super::{DUE_PAST, MEASURE_MISSING, NOT_DRAFT, NOT_PUBLISHED, NOT_REPORTED, OWN_COMPANY};
use crate::standards::dto::CommitmentStatus;

/// What is measurable says by what.
pub fn check_measure(measurable: bool, has_measure: bool) -> Result<()> {
    if measurable == has_measure { Ok(()) } else { Err(MEASURE_MISSING.at("/measure")) }
}

/// Nothing is promised for a day that is over.
pub fn check_due(due_on: NaiveDate, today: NaiveDate) -> Result<()> {
    if due_on >= today { Ok(()) } else { Err(DUE_PAST.at("/due_on")) }
}

/// The edges: draft → published | withdrawn; published → reported → fulfilled, or back to published.
pub fn may_become(from: CommitmentStatus, to: CommitmentStatus) -> Result<()> {
    use CommitmentStatus::*;
    match (from, to) {
        (Draft, Draft | Published | Withdrawn) | (Published, Reported) | (Reported, Fulfilled | Published) => Ok(()),
        (_, Reported) => Err((&NOT_PUBLISHED).into()),
        (Published, Fulfilled) => Err((&NOT_REPORTED).into()),
        (Draft | Withdrawn | Fulfilled, Fulfilled) => Err((&NOT_REPORTED).into()),
        _ => Err((&NOT_DRAFT).into()),
    }
}

/// Nobody judges the company that they work for.
pub fn check_apart(is_of_company: bool) -> Result<()> {
    if is_of_company { Err((&OWN_COMPANY).into()) } else { Ok(()) }
}

/// A commitment as far as its day goes.
#[derive(Debug, Clone, Copy)]
pub struct Promise {
    pub due_on: NaiveDate,
    pub status: CommitmentStatus,
    pub reported_on: Option<NaiveDate>,
}

impl Promise {
    /// Done on time: confirmed, and reported by its day.
    fn is_kept(&self) -> bool {
        self.status == CommitmentStatus::Fulfilled && self.reported_on.is_some_and(|day| day <= self.due_on)
    }

    /// Whether it counts: published, and its day is over, or it is kept already.
    fn is_due(&self, today: NaiveDate) -> bool {
        let stands = !matches!(self.status, CommitmentStatus::Draft | CommitmentStatus::Withdrawn);
        stands && (self.due_on < today || self.is_kept())
    }
}

/// F18: done on time of those due.
pub fn fulfilment(promises: &[Promise], today: NaiveDate) -> Ratio {
    let due: Vec<&Promise> = promises.iter().filter(|promise| promise.is_due(today)).collect();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Ratio::of(count(due.iter().filter(|promise| promise.is_kept()).count()), count(due.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn it_is_confirmed_only_when_it_was_reported_and_published_only_once() {
        use CommitmentStatus::*;
        for (from, to) in [(Draft, Published), (Draft, Withdrawn), (Published, Reported), (Reported, Fulfilled)] {
            assert!(may_become(from, to).is_ok(), "{from} -> {to}");
        }
        assert!(may_become(Reported, Published).is_ok(), "sent back");
        let code = |from, to| may_become(from, to).expect_err("refused").problem().code;
        assert_eq!(code(Published, Fulfilled), "standards.not_reported");
        assert_eq!(code(Published, Published), "standards.not_draft");
        assert_eq!(code(Published, Withdrawn), "standards.not_draft");
        assert_eq!(code(Draft, Reported), "standards.not_published");
        assert_eq!(code(Fulfilled, Reported), "standards.not_published");
    }

    #[test]
    fn a_day_that_is_not_over_does_not_count_against_anybody() {
        let promise = |due: &str, status, reported: Option<&str>| Promise {
            due_on: day(due),
            status,
            reported_on: reported.map(day),
        };
        use CommitmentStatus::*;
        let promises = [
            promise("2024-01-10", Fulfilled, Some("2024-01-10")),
            promise("2024-01-10", Fulfilled, Some("2024-01-11")),
            promise("2024-01-14", Published, None),
            promise("2024-01-14", Reported, Some("2024-01-14")),
            promise("2024-01-15", Published, None),
            promise("2024-02-01", Fulfilled, Some("2024-01-15")),
            promise("2024-01-01", Draft, None),
            promise("2024-01-01", Withdrawn, None),
        ];
        let figure = fulfilment(&promises, day("2024-01-15"));
        assert_eq!((figure.numerator, figure.denominator), (2, 5));
        assert_eq!(fulfilment(&[], day("2024-01-15")).percent, None);
    }

    #[test]
    fn what_is_measured_says_by_what_and_a_promise_looks_ahead() {
        assert!(check_measure(true, true).is_ok() && check_measure(false, false).is_ok());
        assert!(check_measure(true, false).is_err() && check_measure(false, true).is_err());
        assert!(check_due(day("2024-01-15"), day("2024-01-15")).is_ok());
        assert!(check_due(day("2024-01-14"), day("2024-01-15")).is_err());
        assert!(check_apart(true).is_err() && check_apart(false).is_ok());
    }
}

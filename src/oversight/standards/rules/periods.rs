//! 周反馈、月评比、季通报、年考核: which days a period has, and how months become quarters and quarters a year.

use chrono::{Datelike, NaiveDate};
use platform::error::{At, FieldError};
use platform::{Error, Result};

use super::{PARTS_MISSING, PERIOD_INVALID, PERIOD_RUNNING, SCORE_EXPECTED};
use crate::standards::dto::AssessmentKind;

/// A month, a quarter or a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    pub kind: AssessmentKind,
    pub year: i32,
    pub period: i32,
}

impl Term {
    pub fn new(kind: AssessmentKind, year: i32, period: i32) -> Result<Self> {
        let most = match kind {
            AssessmentKind::MonthlyRating => 12,
            AssessmentKind::QuarterlyCircular => 4,
            AssessmentKind::AnnualAssessment => 1,
        };
        if (1..=most).contains(&period) { Ok(Self { kind, year, period }) } else { Err(PERIOD_INVALID.at("/period")) }
    }

    /// The month that a day is in.
    pub fn month_of(day: NaiveDate) -> Self {
        let period = i32::try_from(day.month()).unwrap_or(1);
        Self { kind: AssessmentKind::MonthlyRating, year: day.year(), period }
    }

    fn months(self) -> (i32, i32) {
        match self.kind {
            AssessmentKind::MonthlyRating => (self.period, 1),
            AssessmentKind::QuarterlyCircular => (3 * self.period - 2, 3),
            AssessmentKind::AnnualAssessment => (1, 12),
        }
    }

    /// Its first day, and the first day that is no longer in it.
    pub fn days(self) -> (NaiveDate, NaiveDate) {
        let (first, many) = self.months();
        let first_of = |month: i32| {
            let year = self.year + (month - 1) / 12;
            let month = u32::try_from((month - 1) % 12 + 1).unwrap_or(1);
            NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MIN)
        };
        (first_of(first), first_of(first + many))
    }

    /// Nothing is judged before it is over.
    pub fn check_over(self, today: NaiveDate) -> Result<()> {
        if today >= self.days().1 { Ok(()) } else { Err(PERIOD_RUNNING.at("/period")) }
    }

    /// What it is the mean of: three months or four quarters; a month is given its score.
    pub fn parts(self) -> Vec<Term> {
        let (kind, first, many) = match self.kind {
            AssessmentKind::MonthlyRating => return Vec::new(),
            AssessmentKind::QuarterlyCircular => (AssessmentKind::MonthlyRating, 3 * self.period - 2, 3),
            AssessmentKind::AnnualAssessment => (AssessmentKind::QuarterlyCircular, 1, 4),
        };
        (first..first + many).map(|period| Term { kind, year: self.year, period }).collect()
    }

    /// What is computed of it: the quarter of a month, the year of a quarter.
    pub fn whole(self) -> Option<Term> {
        let (kind, period) = match self.kind {
            AssessmentKind::MonthlyRating => (AssessmentKind::QuarterlyCircular, (self.period + 2) / 3),
            AssessmentKind::QuarterlyCircular => (AssessmentKind::AnnualAssessment, 1),
            AssessmentKind::AnnualAssessment => return None,
        };
        Some(Term { kind, year: self.year, period })
    }
}

/// A month is given a score; what is computed is not.
pub fn check_given(kind: AssessmentKind, score: Option<i32>) -> Result<()> {
    if (kind == AssessmentKind::MonthlyRating) == score.is_some() { Ok(()) } else { Err(SCORE_EXPECTED.at("/score")) }
}

/// The mean of all parts, half up. A part without a score is named, and then there is no mean.
pub fn mean(parts: &[(Term, Option<i32>)]) -> Result<i32> {
    let missing: Vec<FieldError> =
        parts.iter().filter(|(_, score)| score.is_none()).map(|(term, _)| lacks(*term)).collect();
    if parts.is_empty() || !missing.is_empty() {
        return Err(Error::Rule(&PARTS_MISSING, missing));
    }
    let sum: i64 = parts.iter().filter_map(|(_, score)| *score).map(i64::from).sum();
    let number = i64::try_from(parts.len()).map_err(Error::internal)?;
    i32::try_from((2 * sum + number) / (2 * number)).map_err(Error::internal)
}

fn lacks(term: Term) -> FieldError {
    let (zh, en) = match term.kind {
        AssessmentKind::MonthlyRating => ("月评比", "month"),
        AssessmentKind::QuarterlyCircular => ("季通报", "quarter"),
        AssessmentKind::AnnualAssessment => ("年考核", "year"),
    };
    let (year, period) = (term.year, term.period);
    let zh = format!("缺少{year}年第{period}期{zh}");
    FieldError::new(
        At::Pointer("/period".into()),
        PARTS_MISSING.code,
        zh,
        format!("{en} {period} of {year} has no score"),
    )
}

/// 年度得分: the mean of the quarters less what the red lines cost, and never less than nothing.
pub fn after_deductions(mean: i32, deductions: &[i32]) -> i32 {
    let cost: i64 = deductions.iter().map(|points| i64::from(*points)).sum();
    i32::try_from((i64::from(mean) - cost).max(0)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn term(kind: AssessmentKind, year: i32, period: i32) -> Term {
        Term::new(kind, year, period).expect("a term")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_period_has_its_days_and_is_over_when_the_last_one_is() {
        let month = term(AssessmentKind::MonthlyRating, 2023, 12);
        assert_eq!(month.days(), (day("2023-12-01"), day("2024-01-01")));
        assert!(month.check_over(day("2023-12-31")).is_err() && month.check_over(day("2024-01-01")).is_ok());
        assert_eq!(term(AssessmentKind::QuarterlyCircular, 2023, 2).days(), (day("2023-04-01"), day("2023-07-01")));
        assert_eq!(term(AssessmentKind::AnnualAssessment, 2023, 1).days(), (day("2023-01-01"), day("2024-01-01")));
        assert_eq!(Term::month_of(day("2024-02-29")), term(AssessmentKind::MonthlyRating, 2024, 2));
        assert!(Term::new(AssessmentKind::QuarterlyCircular, 2023, 5).is_err());
        assert!(Term::new(AssessmentKind::MonthlyRating, 2023, 0).is_err());
    }

    #[test]
    fn a_quarter_without_a_month_is_refused_and_the_month_is_named() {
        let quarter = term(AssessmentKind::QuarterlyCircular, 2023, 4);
        let scores = [Some(9000), None, Some(8000)];
        let parts: Vec<_> = quarter.parts().into_iter().zip(scores).collect();
        match mean(&parts).expect_err("refused") {
            Error::Rule(problem, faults) => {
                assert_eq!((problem.code, faults.len()), ("standards.parts_missing", 1));
                assert!(faults[0].zh.contains("2023年第11期"), "{}", faults[0].zh);
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn only_a_month_is_given_its_score() {
        assert!(check_given(AssessmentKind::MonthlyRating, Some(0)).is_ok());
        assert!(check_given(AssessmentKind::MonthlyRating, None).is_err());
        assert!(check_given(AssessmentKind::QuarterlyCircular, Some(9000)).is_err());
        assert!(check_given(AssessmentKind::AnnualAssessment, None).is_ok());
    }

    proptest! {
        /// The whole year from its twelve months, against exact thirds and quarters.
        #[test]
        fn months_become_quarters_and_these_a_year(
            months in prop::array::uniform12(0i32..=10_000),
            deductions in prop::collection::vec(1i32..=3000, 0..5),
        ) {
            let year = term(AssessmentKind::AnnualAssessment, 2023, 1);
            let mut quarters = Vec::new();
            for quarter in year.parts() {
                let score = |month: &Term| months[usize::try_from(month.period - 1).expect("a month")];
                let parts: Vec<_> = quarter.parts().iter().map(|month| (*month, Some(score(month)))).collect();
                quarters.push((quarter, Some(mean(&parts).expect("three months"))));
            }
            let got = after_deductions(mean(&quarters).expect("four quarters"), &deductions);

            let nearest = |sum: i64, of: i64| sum / of + i64::from(2 * (sum % of) >= of);
            let plain: i64 = months.chunks(3).map(|three| nearest(three.iter().map(|m| i64::from(*m)).sum(), 3)).sum();
            let cost: i64 = deductions.iter().map(|d| i64::from(*d)).sum();
            prop_assert_eq!(i64::from(got), (nearest(plain, 4) - cost).max(0));
        }

        #[test]
        fn every_part_has_its_whole_back(year in 2000i32..=2100, quarter in 1i32..=4) {
            let whole = term(AssessmentKind::QuarterlyCircular, year, quarter);
            for month in whole.parts() {
                prop_assert_eq!(month.whole(), Some(whole));
                prop_assert!(whole.days().0 <= month.days().0 && month.days().1 <= whole.days().1);
            }
            prop_assert_eq!(whole.whole(), Some(term(AssessmentKind::AnnualAssessment, year, 1)));
        }
    }
}

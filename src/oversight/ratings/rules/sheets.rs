//! What a sheet may hold, and when it is whole.

use std::collections::{HashMap, HashSet};

use platform::error::At;
use platform::{Error, FieldError, Problem, Result};

use super::score::{Answered, of_sheet};
use super::terms::DimensionWeights;
use super::{
    ANSWERED_TWICE, INDICATOR_UNKNOWN, NOT_A_VETO, NOTHING_SCORED, POINTS_BEYOND, POINTS_MISSING, VETO_WITHOUT_NOTE,
};
use crate::ratings::dto::RatingDimension;

/// An indicator that a scorer answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub code: String,
    pub dimension: RatingDimension,
    pub max: i32,
    pub veto: bool,
}

/// One answer of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given<'a> {
    pub code: &'a str,
    pub points: Option<i32>,
    pub vetoed: bool,
    pub noted: bool,
}

fn fault(problem: &'static Problem, at: String) -> FieldError {
    FieldError::new(At::Pointer(at), problem.code, problem.zh, problem.en)
}

/// Whether each answer is one to what was asked, within its points; `at` is where the list stands in the body.
pub fn check_answers(asked: &[Asked], given: &[Given<'_>], at: &str) -> Result<()> {
    let known: HashMap<&str, &Asked> = asked.iter().map(|indicator| (indicator.code.as_str(), indicator)).collect();
    let mut seen = HashSet::new();
    for (place, answer) in given.iter().enumerate() {
        let here = |member: &str| format!("{at}/{place}/{member}");
        let indicator = known.get(answer.code).ok_or_else(|| INDICATOR_UNKNOWN.at(here("code")))?;
        if !seen.insert(answer.code) {
            return Err(ANSWERED_TWICE.at(here("code")));
        }
        if answer.points.is_some_and(|points| points > indicator.max) {
            return Err(POINTS_BEYOND.at(here("points")));
        }
        if answer.vetoed && !indicator.veto {
            return Err(NOT_A_VETO.at(here("vetoed")));
        }
        if answer.vetoed && !answer.noted {
            return Err(VETO_WITHOUT_NOTE.at(here("note")));
        }
    }
    Ok(())
}

/// Whether everything that was asked is answered, and says something: what is missing is named.
pub fn check_whole(weights: &DimensionWeights, asked: &[Asked], given: &[Given<'_>]) -> Result<()> {
    let answers: HashMap<&str, &Given<'_>> = given.iter().map(|answer| (answer.code, answer)).collect();
    let missing: Vec<FieldError> = asked
        .iter()
        .filter(|indicator| !answers.contains_key(indicator.code.as_str()))
        .map(|indicator| fault(&POINTS_MISSING, format!("/points/{}", indicator.code)))
        .collect();
    if !missing.is_empty() {
        return Err(Error::Rule(&POINTS_MISSING, missing));
    }
    let answered = asked.iter().map(|indicator| Answered {
        dimension: indicator.dimension,
        points: answers.get(indicator.code.as_str()).and_then(|answer| answer.points),
        max: indicator.max,
    });
    if of_sheet(weights, answered).1.is_none() { Err((&NOTHING_SCORED).into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ratings::rules::terms::SchemeTerms;

    fn asked() -> Vec<Asked> {
        let indicator = |(at, dimension): (usize, &RatingDimension)| Asked {
            code: format!("I{at}"),
            dimension: *dimension,
            max: 10,
            veto: at == 0,
        };
        RatingDimension::ALL.iter().enumerate().map(indicator).collect()
    }

    fn given(code: &str, points: Option<i32>) -> Given<'_> {
        Given { code, points, vetoed: false, noted: false }
    }

    fn code(result: Result<()>) -> &'static str {
        result.expect_err("refused").problem().code
    }

    #[test]
    fn an_answer_fits_what_was_asked() {
        let check = |answer| check_answers(&asked(), &[answer], "/points");
        assert!(check(given("I1", Some(10))).is_ok());
        assert!(check(given("I1", None)).is_ok());
        assert_eq!(code(check(given("I1", Some(11)))), "ratings.points_beyond");
        assert_eq!(code(check(given("I9", Some(1)))), "ratings.indicator_unknown");
        assert_eq!(code(check(Given { vetoed: true, noted: true, ..given("I1", None) })), "ratings.not_a_veto");
        assert_eq!(code(check(Given { vetoed: true, ..given("I0", None) })), "ratings.veto_without_note");
        assert!(check(Given { vetoed: true, noted: true, ..given("I0", None) }).is_ok());
        let twice = [given("I1", None), given("I1", None)];
        assert_eq!(code(check_answers(&asked(), &twice, "/points")), "ratings.answered_twice");
    }

    #[test]
    fn a_sheet_on_which_nothing_applies_is_none() {
        let asked = asked();
        let none: Vec<Given<'_>> = asked.iter().map(|indicator| given(&indicator.code, None)).collect();
        assert_eq!(code(check_whole(&SchemeTerms::usual().dimensions, &asked, &none)), "ratings.nothing_scored");
    }

    proptest! {
        /// Whatever is left out is named, each once.
        #[test]
        fn what_is_missing_is_named(kept in proptest::collection::vec(any::<bool>(), 5)) {
            let asked = asked();
            let answers: Vec<Given<'_>> = asked
                .iter()
                .zip(&kept)
                .filter(|(_, kept)| **kept)
                .map(|(indicator, _)| given(&indicator.code, Some(5)))
                .collect();
            let checked = check_whole(&SchemeTerms::usual().dimensions, &asked, &answers);
            let missing = kept.iter().filter(|kept| !**kept).count();
            match checked {
                Ok(()) => prop_assert_eq!(missing, 0),
                Err(error) => prop_assert_eq!(error.report().errors.len(), missing),
            }
        }
    }
}

//! What is told of few. A building is told apart from ten answers on, and what is told of the others must not tell of it by
//! subtraction; a company, and whoever reads what is posted, is told nothing that rests on fewer than ten.
//!
//! Two of the three parties are bodies and answer by those who hold office in them. What a body has said follows from the sum
//! of three where only one is small; what is kept back is what each of its people said.

use std::collections::BTreeSet;

use crate::surveys::dto::{SurveyPartyResult, SurveyResult};

/// Which parts of a whole are withheld: those below the floor and, where these together are still below it, the smallest of
/// the others, until nothing follows from the whole.
pub fn withheld<'a>(counts: &[(&'a str, i64)], floor: i64) -> BTreeSet<&'a str> {
    let (few, mut enough): (Vec<_>, Vec<_>) = counts.iter().partition(|(_, n)| *n < floor);
    let mut hidden: BTreeSet<&str> = few.iter().map(|(name, _)| *name).collect();
    let mut sum: i64 = few.iter().map(|(_, n)| n).sum();
    enough.sort_by_key(|(name, n)| (*n, *name));
    for (name, n) in enough {
        if sum == 0 || sum >= floor {
            break;
        }
        hidden.insert(name);
        sum += n;
    }
    hidden
}

/// The result as it is posted, and as a company reads it; whether anything was withheld.
pub fn outside(whole: &SurveyResult, floor: i64) -> (SurveyResult, bool) {
    if whole.n < floor {
        return (nothing_of(whole), true);
    }
    let mut told = whole.clone();
    told.parties.iter_mut().filter(|party| party.n < floor).for_each(withhold);
    for question in told.questions.iter_mut().filter(|question| question.n < floor) {
        (question.score_bp, question.satisfied) = (None, None);
        question.distribution.clear();
    }
    // A sum over questions that few answered tells of these.
    let few = told.dimensions.iter_mut().filter(|dimension| dimension.satisfied.denominator < floor);
    few.for_each(|dimension| {
        dimension.score_bp = None;
        dimension.satisfied = platform::quantity::Ratio::of(0, 0);
    });
    told.channels.clear();
    let withheld = told != *whole;
    (told, withheld)
}

fn withhold(party: &mut SurveyPartyResult) {
    (party.score_bp, party.satisfied) = (None, None);
}

/// That so few answered, and nothing else.
fn nothing_of(whole: &SurveyResult) -> SurveyResult {
    let mut told = whole.clone();
    told.parties.iter_mut().for_each(withhold);
    (told.score_bp, told.satisfied) = (None, None);
    told.questions.clear();
    told.dimensions.clear();
    told.strata.clear();
    told.channels.clear();
    told
}

#[cfg(test)]
mod tests {
    use platform::quantity::Ratio;
    use proptest::prelude::*;

    use super::*;
    use crate::surveys::dto::{SurveyOutcome, SurveyParty, SurveyQuestionKind, SurveyQuestionResult};

    proptest! {
        #[test]
        fn what_is_withheld_cannot_be_subtracted(counts in prop::collection::vec(0i64..40, 0..12), floor in 1i64..20) {
            let names: Vec<String> = (0..counts.len()).map(|at| format!("{at:03}")).collect();
            let counts: Vec<(&str, i64)> = names.iter().map(String::as_str).zip(counts).collect();
            let hidden = withheld(&counts, floor);
            for (name, n) in &counts {
                prop_assert!(*n >= floor || hidden.contains(name), "{} of {} is told", name, n);
            }
            let of_hidden = counts.iter().filter(|(name, _)| hidden.contains(name));
            let sum: i64 = of_hidden.map(|(_, n)| n).sum();
            let all_hidden = hidden.len() == counts.len();
            prop_assert!(sum == 0 || sum >= floor || all_hidden, "the rest of {} follows", sum);
        }
    }

    #[test]
    fn one_small_building_takes_another_with_it() {
        let hidden = |counts: &[(&'static str, i64)]| withheld(counts, 10).into_iter().collect::<Vec<_>>();
        assert_eq!(hidden(&[("001", 9), ("002", 30), ("003", 12)]), ["001", "003"]);
        assert_eq!(hidden(&[("001", 10), ("002", 30)]), [""; 0]);
        assert_eq!(hidden(&[("001", 0), ("002", 30)]), ["001"]);
        assert_eq!(hidden(&[("001", 5), ("002", 6), ("003", 11)]), ["001", "002"]);
    }

    fn whole(n: i64) -> SurveyResult {
        let party = |party, n| SurveyPartyResult {
            party,
            n,
            score_bp: Some(6000),
            satisfied: Some(Ratio::of(n, n)),
            weight_bp: Some(5000),
        };
        let question = SurveyQuestionResult {
            code: "q1".into(),
            dimension: "保洁".into(),
            text: "问".into(),
            kind: SurveyQuestionKind::Scale,
            n,
            score_bp: Some(6000),
            satisfied: Some(Ratio::of(n, n)),
            distribution: Vec::new(),
        };
        SurveyResult {
            n,
            households: 100,
            response_rate: Ratio::of(n, 100),
            least: 30,
            missing: Vec::new(),
            parties: vec![party(SurveyParty::Owners, n), party(SurveyParty::Community, 1)],
            score_bp: Some(6000),
            satisfied: Some(Ratio::of(n, n)),
            pass_bp: Some(6000),
            outcome: SurveyOutcome::Pass,
            questions: vec![question],
            dimensions: Vec::new(),
            strata: Vec::new(),
            channels: Vec::new(),
        }
    }

    #[test]
    fn outside_nothing_rests_on_fewer_than_ten() {
        let (told, withheld) = outside(&whole(9), 10);
        assert!(withheld && told.score_bp.is_none() && told.questions.is_empty());
        assert!(told.parties.iter().all(|party| party.score_bp.is_none()));
        let (told, withheld) = outside(&whole(10), 10);
        assert!(withheld, "of the community");
        assert_eq!((told.score_bp, told.questions.len()), (Some(6000), 1));
        let scores: Vec<Option<i64>> = told.parties.iter().map(|party| party.score_bp).collect();
        assert_eq!(scores, [Some(6000), None]);
    }
}

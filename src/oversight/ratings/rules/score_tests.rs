//! The scores against a plain reference: fractions of whole numbers, compared by doubling.

use proptest::prelude::*;

use super::score::{Answered, Found, PanelScores, capped, caps_of, mean, of_sheet, total};
use super::terms::{DimensionWeights, PanelWeights, SchemeTerms};
use crate::ratings::dto::{RatingCapReason, RatingDimension};

/// The whole number nearest to a fraction, the larger of two: found by counting, not by dividing.
fn nearest(n: i128, d: i128) -> i32 {
    let (mut low, mut high) = (0i128, 10_001i128);
    while high - low > 1 {
        let middle = (low + high) / 2;
        // middle - 1/2 <= n/d
        if (2 * middle - 1) * d <= 2 * n { low = middle } else { high = middle }
    }
    i32::try_from(low).expect("a score")
}

fn reference_sheet(weights: &DimensionWeights, answers: &[Answered]) -> Option<i32> {
    let (mut sum, mut of) = (0i128, 0i128);
    for dimension in RatingDimension::ALL {
        let here: Vec<&Answered> = answers.iter().filter(|a| a.dimension == *dimension && a.points.is_some()).collect();
        if here.is_empty() {
            continue;
        }
        let points: i128 = here.iter().map(|a| i128::from(a.points.expect("points"))).sum();
        let max: i128 = here.iter().map(|a| i128::from(a.max)).sum();
        let weight = i128::from(weights.of(*dimension));
        sum += weight * i128::from(nearest(points * 10_000, max));
        of += weight;
    }
    (of > 0).then(|| nearest(sum, of))
}

fn weights() -> impl Strategy<Value = DimensionWeights> {
    (0i32..=10_000, 0i32..=10_000, 0i32..=10_000, 0i32..=10_000).prop_map(|(a, b, c, d)| {
        let mut cuts = [a, b, c, d];
        cuts.sort_unstable();
        let [a, b, c, d] = cuts;
        DimensionWeights { organisation: a, team: b - a, service: c - b, operation: d - c, image: 10_000 - d }
    })
}

fn answer() -> impl Strategy<Value = Answered> {
    (0usize..5, 1i32..=1000, proptest::option::weighted(0.8, 0i32..=1000)).prop_map(|(at, max, points)| Answered {
        dimension: RatingDimension::ALL[at],
        points: points.map(|points| points.min(max)),
        max,
    })
}

proptest! {
    #[test]
    fn a_sheet_is_what_the_reference_makes_of_it(weights in weights(), answers in proptest::collection::vec(answer(), 0..60)) {
        let (figures, score) = of_sheet(&weights, answers.iter().copied());
        prop_assert_eq!(score, reference_sheet(&weights, &answers));
        prop_assert_eq!(figures.len(), 5);
        prop_assert!(score.is_none_or(|score| (0..=10_000).contains(&score)));
    }

    #[test]
    fn a_mean_is_the_nearest_whole_number(scores in proptest::collection::vec(0i32..=10_000, 1..20)) {
        let sum: i128 = scores.iter().map(|score| i128::from(*score)).sum();
        prop_assert_eq!(mean(&scores), Some(nearest(sum, scores.len() as i128)));
    }

    #[test]
    fn the_total_weighs_each_panel(a in 0i32..=10_000, b in 0i32..=10_000, p in 0i32..=10_000, s in 0i32..=10_000) {
        let weights = SchemeTerms::usual().panels;
        let scores = PanelScores { authority: Some(a), association: Some(b), peer: Some(p), satisfaction: Some(s) };
        let sum = [(5000, a), (2500, b), (1000, p), (1500, s)].iter().map(|(w, x)| i128::from(*w) * i128::from(*x)).sum();
        prop_assert_eq!(total(&weights, &scores), Some(nearest(sum, 10_000)));
        let at_star = SchemeTerms::usual().cutoffs.star_of(total(&weights, &scores).expect("a total"));
        prop_assert!((0..=5).contains(&at_star));
    }

    /// No panel is left out silently: with any one of them gone there is no total, and it is named.
    #[test]
    fn a_missing_panel_is_named(gone in 0usize..4, score in 0i32..=10_000) {
        let weights = SchemeTerms::usual().panels;
        let part = |at: usize| (at != gone).then_some(score);
        let scores = PanelScores { authority: part(0), association: part(1), peer: part(2), satisfaction: part(3) };
        prop_assert_eq!(total(&weights, &scores), None);
        prop_assert_eq!(scores.missing(&weights).count(), 1);
    }

    /// A cap takes stars and never gives any.
    #[test]
    fn caps_only_take(earned in 0i16..=5, red_line: bool, veto: bool, incomplete: bool, satisfaction in 0i32..=10_000) {
        let found = Found { red_line, veto, disclosures_incomplete: incomplete, satisfaction: Some(satisfaction) };
        let caps = caps_of(&SchemeTerms::usual().caps, &found);
        let mut most = earned;
        if red_line || veto { most = most.min(1) }
        if incomplete { most = most.min(3) }
        if satisfaction < 6000 { most = most.min(2) }
        prop_assert_eq!(capped(earned, &caps), most);
    }
}

#[test]
fn what_does_not_apply_drops_out_and_nothing_at_all_has_no_score() {
    let weights = SchemeTerms::usual().dimensions;
    let of = |dimension, points| Answered { dimension, points, max: 10 };
    let none = RatingDimension::ALL.iter().map(|dimension| of(*dimension, None));
    assert_eq!(of_sheet(&weights, none).1, None);
    assert_eq!(of_sheet(&weights, std::iter::empty()).1, None);
    let only_service = [of(RatingDimension::Service, Some(7)), of(RatingDimension::Team, None)];
    assert_eq!(of_sheet(&weights, only_service.into_iter()).1, Some(7000));
    assert_eq!(mean(&[]), None);
    assert_eq!(total(&SchemeTerms::usual().panels, &PanelScores::default()), None);
}

#[test]
fn a_panel_without_weight_is_not_missed() {
    let weights = PanelWeights { authority: 10_000, association: 0, peer: 0, satisfaction: 0 };
    let scores = PanelScores { authority: Some(9300), ..PanelScores::default() };
    assert_eq!(total(&weights, &scores), Some(9300));
}

#[test]
fn a_red_line_caps_a_93_at_one_star() {
    let terms = SchemeTerms::usual();
    let scores =
        PanelScores { authority: Some(9300), association: Some(9300), peer: Some(9300), satisfaction: Some(9300) };
    let score = total(&terms.panels, &scores).expect("a score");
    let caps = caps_of(&terms.caps, &Found { red_line: true, satisfaction: Some(9300), ..Found::default() });
    assert_eq!((score, terms.cutoffs.star_of(score), capped(5, &caps)), (9300, 5, 1));
    assert_eq!(caps.iter().map(|cap| cap.reason).collect::<Vec<_>>(), [RatingCapReason::RedLine]);
}

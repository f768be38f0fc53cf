//! What comes out for one project: from its sheets and what was found about it to its star.

use super::score::{Found, PanelScores, RatingCap, capped, caps_of, mean, total};
use super::terms::SchemeTerms;
use crate::ratings::dto::{RatingPanel, RatingRound, RatingScorer};

/// A submitted sheet with its score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scored {
    pub panel: RatingScorer,
    pub round: RatingRound,
    pub score: Option<i32>,
    pub vetoed: bool,
}

/// Whether a sheet counts: where a panel has reviewed the project, its review stands in the place of what it found first.
pub fn counts(sheet: &Scored, all: &[Scored]) -> bool {
    let reviewed = all.iter().any(|other| other.panel == sheet.panel && other.round == RatingRound::Review);
    !reviewed || sheet.round == RatingRound::Review
}

/// The panels' scores, and whether a sheet that counts vetoes.
pub fn of_panels(sheets: &[Scored], satisfaction: Option<i32>) -> (PanelScores, bool) {
    let counted: Vec<&Scored> = sheets.iter().filter(|sheet| counts(sheet, sheets)).collect();
    let of = |panel| {
        let scores: Vec<i32> =
            counted.iter().filter(|sheet| sheet.panel == panel).filter_map(|sheet| sheet.score).collect();
        mean(&scores)
    };
    let scores = PanelScores {
        authority: of(RatingScorer::Authority),
        association: of(RatingScorer::Association),
        peer: of(RatingScorer::Peer),
        satisfaction,
    };
    (scores, counted.iter().any(|sheet| sheet.vetoed))
}

/// A rating as it comes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub panels: PanelScores,
    pub score: i32,
    /// By the cutoffs alone.
    pub earned: i16,
    pub caps: Vec<RatingCap>,
    pub star: i16,
}

/// The outcome, or which panels are missing.
pub fn of_project(terms: &SchemeTerms, sheets: &[Scored], found: &Found) -> Result<Outcome, Vec<RatingPanel>> {
    let (panels, vetoed) = of_panels(sheets, found.satisfaction);
    let Some(score) = total(&terms.panels, &panels) else {
        return Err(panels.missing(&terms.panels).collect());
    };
    let earned = terms.cutoffs.star_of(score);
    let caps = caps_of(&terms.caps, &Found { veto: found.veto || vetoed, ..*found });
    Ok(Outcome { panels, score, earned, star: capped(earned, &caps), caps })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ratings::dto::RatingCapReason;

    fn sheet(panel: RatingScorer, round: RatingRound, score: i32) -> Scored {
        Scored { panel, round, score: Some(score), vetoed: false }
    }

    fn first_round() -> Vec<Scored> {
        RatingScorer::ALL.iter().map(|panel| sheet(*panel, RatingRound::First, 9300)).collect()
    }

    fn satisfied(score: i32) -> Found {
        Found { satisfaction: Some(score), ..Found::default() }
    }

    #[test]
    fn a_missing_scorer_is_told() {
        let terms = SchemeTerms::usual();
        let without_peers: Vec<Scored> =
            first_round().into_iter().filter(|sheet| sheet.panel != RatingScorer::Peer).collect();
        assert_eq!(of_project(&terms, &without_peers, &satisfied(9300)), Err(vec![RatingPanel::Peer]));
        assert_eq!(of_project(&terms, &first_round(), &Found::default()), Err(vec![RatingPanel::Satisfaction]));
        assert_eq!(of_project(&terms, &[], &Found::default()), Err(RatingPanel::ALL.to_vec()));
    }

    #[test]
    fn a_review_stands_in_the_place_of_what_its_panel_found_first() {
        let mut sheets = first_round();
        sheets.push(sheet(RatingScorer::Authority, RatingRound::Review, 7000));
        let outcome = of_project(&SchemeTerms::usual(), &sheets, &satisfied(9300)).expect("an outcome");
        assert_eq!(outcome.panels.authority, Some(7000));
        assert_eq!(outcome.panels.peer, Some(9300));
        // 0.5 × 7000 + 0.5 × 9300
        assert_eq!((outcome.score, outcome.star), (8150, 4));
    }

    #[test]
    fn a_veto_caps_and_goes_with_the_sheet_that_a_review_replaces() {
        let mut sheets = first_round();
        sheets[0].vetoed = true;
        let outcome = of_project(&SchemeTerms::usual(), &sheets, &satisfied(9300)).expect("an outcome");
        assert_eq!((outcome.earned, outcome.star), (5, 1));
        assert_eq!(outcome.caps[0].reason, RatingCapReason::VetoIndicator);
        sheets.push(sheet(RatingScorer::Authority, RatingRound::Review, 9300));
        let outcome = of_project(&SchemeTerms::usual(), &sheets, &satisfied(9300)).expect("an outcome");
        assert_eq!((outcome.star, outcome.caps.len()), (5, 0));
    }

    #[test]
    fn satisfaction_below_the_line_caps_at_two() {
        let terms = SchemeTerms::usual();
        let star = |score| of_project(&terms, &first_round(), &satisfied(score)).expect("an outcome").star;
        assert_eq!((star(5999), star(6000), star(6001)), (2, 4, 4));
    }
}

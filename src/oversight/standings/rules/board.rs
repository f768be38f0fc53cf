//! 红黑榜: who gets on it, by place or by score. Those who are equal are treated alike.

use super::params::{BoardRules, Pick};
use crate::standings::dto::{BoardReason, BoardSide};

/// One who is on it: of which row, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    pub side: BoardSide,
    /// Which of the rows, from 0.
    pub row: usize,
    pub reason: BoardReason,
}

/// A project of the ranking, as far as a board asks.
#[derive(Debug, Clone, Copy)]
pub struct Ranked {
    pub score: i32,
    pub stars: i32,
}

/// `rows` come the best first. Praised is only who kept the stars that the rule asks for: a cap is a reason not to. In doubt
/// for who is concerned: whoever shares the last place of the red side is on it, and of the black side only those for whose
/// equals there is room as well. Nobody is on both.
pub fn choose(rows: &[Ranked], rules: &BoardRules) -> Vec<Chosen> {
    let starred = |row: &Ranked| row.stars >= rules.red_least_stars;
    let reds: Vec<Option<BoardReason>> =
        rows.iter().map(|row| red_reason(row, rows, rules).filter(|_| starred(row))).collect();
    let on = |side| move |(row, reason): (usize, BoardReason)| Chosen { side, row, reason };
    let red = reds.iter().enumerate().filter_map(|(row, reason)| Some((row, (*reason)?)));
    let black = rows.iter().zip(&reds).enumerate().rev().filter_map(|(at, (row, red))| {
        let reason = black_reason(row.score, rows, &rules.black).filter(|_| red.is_none())?;
        Some((at, reason))
    });
    red.map(on(BoardSide::Red)).chain(black.map(on(BoardSide::Black))).collect()
}

/// The place among those who may be praised is one more than there are better ones of them.
fn red_reason(of: &Ranked, rows: &[Ranked], rules: &BoardRules) -> Option<BoardReason> {
    let better = rows.iter().filter(|row| row.stars >= rules.red_least_stars && row.score > of.score).count();
    if rules.red.places.is_some_and(|places| i32::try_from(better).is_ok_and(|better| better < places)) {
        Some(BoardReason::FirstPlaces)
    } else {
        rules.red.score.filter(|line| of.score >= *line).map(|_| BoardReason::HighScore)
    }
}

fn black_reason(score: i32, rows: &[Ranked], pick: &Pick) -> Option<BoardReason> {
    let no_better = rows.iter().filter(|row| row.score <= score).count();
    if pick.places.is_some_and(|places| i32::try_from(no_better).is_ok_and(|last| last <= places)) {
        Some(BoardReason::LastPlaces)
    } else {
        pick.score.filter(|line| score < *line).map(|_| BoardReason::LowScore)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::standings::rules::ranking::order;

    fn rows_of(scores: &[i32]) -> Vec<Ranked> {
        let mut scores = scores.to_vec();
        order(&mut scores, |score| *score, |_| ());
        scores.into_iter().map(|score| Ranked { score, stars: 5 }).collect()
    }

    fn by_places(red: i32, black: i32) -> BoardRules {
        let pick = |places| Pick { places: Some(places), score: None };
        BoardRules { red: pick(red), black: pick(black), ..BoardRules::default() }
    }

    fn rows_on(side: BoardSide, chosen: &[Chosen]) -> Vec<usize> {
        chosen.iter().filter(|one| one.side == side).map(|one| one.row).collect()
    }

    #[test]
    fn who_ties_is_praised_along_and_is_not_blamed_along() {
        let rows = rows_of(&[9000, 8000, 8000, 7000, 6000, 6000, 5000]);
        let chosen = choose(&rows, &by_places(2, 2));
        assert_eq!(rows_on(BoardSide::Red, &chosen), [0, 1, 2]);
        assert_eq!(rows_on(BoardSide::Black, &chosen), [6], "the two before the last are three with it");
        assert_eq!(rows_on(BoardSide::Black, &choose(&rows, &by_places(1, 3))), [6, 5, 4], "the worst first");
    }

    #[test]
    fn a_score_may_be_the_line_as_well() {
        let rules = BoardRules {
            red: Pick { places: None, score: Some(9000) },
            black: Pick { places: None, score: Some(5000) },
            ..BoardRules::default()
        };
        let chosen = choose(&rows_of(&[9001, 9000, 8999, 5000, 4999]), &rules);
        assert_eq!(rows_on(BoardSide::Red, &chosen), [0, 1]);
        assert_eq!(rows_on(BoardSide::Black, &chosen), [4]);
        assert!(chosen.iter().all(|one| matches!(one.reason, BoardReason::HighScore | BoardReason::LowScore)));
    }

    #[test]
    fn where_all_are_equal_all_are_first_and_none_is_last() {
        let chosen = choose(&rows_of(&[7000; 8]), &by_places(10, 5));
        assert_eq!((rows_on(BoardSide::Red, &chosen).len(), rows_on(BoardSide::Black, &chosen).len()), (8, 0));
    }

    #[test]
    fn who_was_capped_is_not_praised_and_the_next_is() {
        let mut rows = rows_of(&[9300, 9200, 9100, 9000]);
        rows[1].stars = 1;
        let chosen = choose(&rows, &by_places(2, 1));
        assert_eq!(rows_on(BoardSide::Red, &chosen), [0, 2]);
        assert_eq!(rows_on(BoardSide::Black, &chosen), [3]);
        rows.iter_mut().for_each(|row| row.stars = 3);
        assert!(rows_on(BoardSide::Red, &choose(&rows, &by_places(2, 1))).is_empty());
    }

    proptest! {
        #[test]
        fn nobody_is_on_both_and_equals_are_treated_alike(
            scores in prop::collection::vec(0i32..30, 0..60),
            red in 1i32..12,
            black in 1i32..12,
        ) {
            let rows = rows_of(&scores);
            let chosen = choose(&rows, &by_places(red, black));
            let of = |side| rows_on(side, &chosen).into_iter().collect::<HashSet<_>>();
            let (reds, blacks) = (of(BoardSide::Red), of(BoardSide::Black));
            prop_assert!(reds.is_disjoint(&blacks));
            prop_assert!(blacks.len() <= usize::try_from(black).expect("small"));
            prop_assert!(reds.len() >= rows.len().min(usize::try_from(red).expect("small")));
            for (one, row) in rows.iter().enumerate() {
                for (other, _) in rows.iter().enumerate().filter(|(_, equal)| equal.score == row.score) {
                    prop_assert_eq!(reds.contains(&one), reds.contains(&other));
                    prop_assert_eq!(blacks.contains(&one), blacks.contains(&other));
                }
            }
        }
    }
}

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

/// `rows` are place and score, the best first. In doubt for who is concerned: whoever shares the last place of the red side
/// is on it, and of the black side only those for whose equals there is room as well. Nobody is on both.
pub fn choose(rows: &[(i32, i32)], rules: &BoardRules) -> Vec<Chosen> {
    let red = rows.iter().enumerate().filter_map(|(row, standing)| Some((row, red_reason(*standing, &rules.red)?)));
    let mut chosen: Vec<Chosen> =
        red.map(|(row, reason)| Chosen { side: BoardSide::Red, row, reason }).collect();
    let reds = chosen.len();
    // Places and scores fall along the rows, so the red side is a head of them and what is left a tail.
    let black = rows.iter().enumerate().skip(reds).rev().filter_map(|(row, (_, score))| {
        let reason = black_reason(*score, rows, &rules.black)?;
        Some(Chosen { side: BoardSide::Black, row, reason })
    });
    chosen.extend(black);
    chosen
}

fn red_reason((place, score): (i32, i32), pick: &Pick) -> Option<BoardReason> {
    if pick.places.is_some_and(|places| place <= places) {
        Some(BoardReason::FirstPlaces)
    } else {
        pick.score.filter(|line| score >= *line).map(|_| BoardReason::HighScore)
    }
}

fn black_reason(score: i32, rows: &[(i32, i32)], pick: &Pick) -> Option<BoardReason> {
    let no_better = rows.iter().filter(|(_, other)| *other <= score).count();
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
    use crate::standings::rules::ranking::{order, places};

    fn rows_of(scores: &[i32]) -> Vec<(i32, i32)> {
        let mut scores = scores.to_vec();
        order(&mut scores, |score| *score, |_| ());
        places(&scores).into_iter().zip(scores).collect()
    }

    fn by_places(red: i32, black: i32) -> BoardRules {
        let pick = |places| Pick { places: Some(places), score: None };
        BoardRules { red: pick(red), black: pick(black) }
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
            for (one, (_, score)) in rows.iter().enumerate() {
                for (other, (_, equal)) in rows.iter().enumerate().filter(|(_, (_, equal))| equal == score) {
                    prop_assert_eq!(reds.contains(&one), reds.contains(&other), "{} {}", score, equal);
                    prop_assert_eq!(blacks.contains(&one), blacks.contains(&other));
                }
            }
        }
    }
}

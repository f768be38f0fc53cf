//! 排名: by score, ties share a place, and how far each has moved.

use std::cmp::Reverse;

use chrono::{Datelike, NaiveDate};
use platform::Result;

use super::QUARTER_RUNS;

/// 季度
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter {
    pub year: i32,
    pub quarter: i32,
}

impl Quarter {
    pub fn former(self) -> Self {
        if self.quarter == 1 {
            Self { year: self.year - 1, quarter: 4 }
        } else {
            Self { quarter: self.quarter - 1, ..self }
        }
    }

    pub fn of(day: NaiveDate) -> Self {
        let quarter = (day.month0() / 3 + 1).try_into().unwrap_or(1);
        Self { year: day.year(), quarter }
    }
}

/// A quarter is ranked once it is over.
pub fn check_over(asked: Quarter, today: NaiveDate) -> Result<()> {
    if asked < Quarter::of(today) { Ok(()) } else { Err(QUARTER_RUNS.at("/quarter")) }
}

/// The best first; among equals by `name`, so that two who rank the same figures write the same snapshot.
pub fn order<T, K: Ord>(rows: &mut [T], score: impl Fn(&T) -> i32, name: impl Fn(&T) -> K) {
    rows.sort_by_key(|row| (Reverse(score(row)), name(row)));
}

/// The place of each of these scores, which come the best first: 1, 2, 2, 4.
pub fn places(scores: &[i32]) -> Vec<i32> {
    let mut places = Vec::with_capacity(scores.len());
    let mut before: Option<(i32, i32)> = None;
    for (position, score) in (1..).zip(scores) {
        let place = before.filter(|(last, _)| last == score).map_or(position, |(_, place)| place);
        before = Some((*score, place));
        places.push(place);
    }
    places
}

/// How many places up; fewer than nothing is down, and who was not ranked has not moved.
pub fn movement(before: Option<i32>, now: i32) -> Option<i32> {
    before.map(|before| before - now)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn equals_share_a_place_and_the_next_is_left_out() {
        assert_eq!(places(&[9300, 9000, 9000, 8800]), [1, 2, 2, 4]);
        assert_eq!(places(&[7000, 7000, 7000]), [1, 1, 1]);
        assert_eq!(places(&[]), [0; 0]);
    }

    #[test]
    fn up_is_more_and_the_unranked_have_not_moved() {
        assert_eq!((movement(Some(5), 2), movement(Some(2), 5), movement(None, 1)), (Some(3), Some(-3), None));
    }

    #[test]
    fn a_quarter_is_ranked_once_it_is_over() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let fourth = Quarter { year: 2023, quarter: 4 };
        assert!(check_over(fourth, day("2023-12-31")).is_err());
        assert!(check_over(fourth, day("2024-01-01")).is_ok());
        assert_eq!(Quarter { year: 2024, quarter: 1 }.former(), fourth);
        assert_eq!(fourth.former(), Quarter { year: 2023, quarter: 3 });
    }

    proptest! {
        /// Against the plain meaning: one more than there are better ones.
        #[test]
        fn a_place_is_one_more_than_there_are_better_ones(mut scores in prop::collection::vec(0i32..40, 0..80)) {
            order(&mut scores, |score| *score, |_| ());
            let plain = |score: &i32| scores.iter().filter(|other| *other > score).count() + 1;
            let expected: Vec<usize> = scores.iter().map(plain).collect();
            let found: Vec<usize> = places(&scores).into_iter().map(|place| usize::try_from(place).expect("small")).collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn the_order_does_not_depend_on_what_came_first(rows in prop::collection::vec((0i32..5, 0u32..1000), 0..40)) {
            let (mut one, mut other) = (rows.clone(), rows);
            other.reverse();
            order(&mut one, |row| row.0, |row| row.1);
            order(&mut other, |row| row.0, |row| row.1);
            prop_assert_eq!(one, other);
        }
    }
}

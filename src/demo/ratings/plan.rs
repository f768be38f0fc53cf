//! Who came out where in which quarter of 2023, without a database.

use chrono::NaiveDate;

use crate::demo::dates::day;

/// A quarter's stars, from five to none, and its days.
pub struct Quarter {
    pub number: i16,
    pub title: &'static str,
    pub stars: [usize; 6],
    pub opened_on: NaiveDate,
    pub confirmed_on: NaiveDate,
}

pub const QUARTERS: [Quarter; 4] = [
    Quarter {
        number: 1,
        title: "2023年第一季度星级评定",
        stars: [10, 44, 94, 58, 15, 4],
        opened_on: day(2023, 3, 20),
        confirmed_on: day(2023, 4, 20),
    },
    Quarter {
        number: 2,
        title: "2023年第二季度星级评定",
        stars: [11, 45, 95, 57, 13, 4],
        opened_on: day(2023, 6, 20),
        confirmed_on: day(2023, 7, 20),
    },
    Quarter {
        number: 3,
        title: "2023年第三季度星级评定",
        stars: [11, 47, 96, 55, 13, 3],
        opened_on: day(2023, 9, 20),
        confirmed_on: day(2023, 10, 20),
    },
    // Domain D4.
    Quarter {
        number: 4,
        title: "2023年第四季度星级评定",
        stars: [12, 48, 96, 54, 12, 3],
        opened_on: day(2023, 12, 1),
        confirmed_on: day(2024, 1, 12),
    },
];

/// Between which scores the projects of each star lie, from five to none.
const BANDS: [(usize, usize); 6] = [(9020, 9580), (8020, 8960), (7020, 7980), (6020, 6980), (5020, 5940), (4200, 4880)];
/// Scores are so far apart at the least, so that some projects tie.
const STEP: usize = 20;

/// The order of the projects in a quarter: much as in the year, each a little better or worse.
pub fn order(projects: usize, quarter: i16) -> Vec<usize> {
    let quarter = usize::try_from(quarter).unwrap_or_default();
    let mut all: Vec<usize> = (0..projects).collect();
    // 97 and 37 have no factor in common with 225 and 31, so that every place comes up.
    all.sort_by_key(|project| (project * 97 + 13) % projects * 10 + project * quarter * 37 % 31 * 7);
    all
}

/// The score of each place of a quarter, the best first.
pub fn scores(quarter: &Quarter) -> Vec<i32> {
    let of = |(count, (low, high)): (usize, (usize, usize))| {
        (0..count).rev().map(move |at| {
            let score = low + (high - low) * at / count.saturating_sub(1).max(1);
            i32::try_from(score / STEP * STEP).unwrap_or_default()
        })
    };
    quarter.stars.into_iter().zip(BANDS).flat_map(of).collect()
}

/// What the four panels gave, so that they come out at the score exactly: the authority a little more, owners a little less.
pub fn panels(score: i32) -> [i32; 4] {
    [score + 30, score - 60, score + 90, score - 60]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quarter_has_225_projects_and_the_last_those_of_the_seed() {
        for quarter in &QUARTERS {
            assert_eq!(quarter.stars.iter().sum::<usize>(), 225);
            let scores = scores(quarter);
            assert_eq!(scores.len(), 225);
            assert!(scores.is_sorted_by(|better, worse| better >= worse));
            assert!(scores.windows(2).any(|two| two[0] == two[1]), "some tie");
        }
        assert_eq!(QUARTERS[3].stars, [12, 48, 96, 54, 12, 3]);
    }

    #[test]
    fn the_order_is_one_of_all_and_moves() {
        let orders: Vec<Vec<usize>> = (1..=4).map(|quarter| order(225, quarter)).collect();
        for order in &orders {
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert!(sorted.into_iter().eq(0..225));
        }
        assert!(orders.windows(2).all(|two| two[0] != two[1]));
    }

    #[test]
    fn the_panels_come_out_at_the_score() {
        for quarter in &QUARTERS {
            for score in scores(quarter) {
                let weighted: i32 = panels(score).iter().zip([5000, 2500, 1000, 1500]).map(|(p, w)| p * w).sum();
                assert_eq!(weighted, score * 10_000);
            }
        }
    }
}

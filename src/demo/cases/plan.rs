//! The year 2023 at the desk as figures (domain D4), without a database: 544 events a day, each with its community and what
//! it is about. Drawn by a seeded generator, so every load draws the same.
//!
//! Two published figures meet here: 8 % of the events are complaints, and 2 019 complaints against property companies came
//! in the whole year. Both hold, because most complaints are about neighbours: of each day's, the first five or six are
//! against the company, and only those are counted as such (`cases.property_complaints`).

use chrono::{Days, NaiveDate};

use crate::demo::dates::day;
use crate::demo::divisions::COMMUNITIES;
use crate::demo::plan::share;

const SEED: u64 = 620_902;
pub const PER_DAY: usize = 544;
pub const DAYS: usize = 365;
pub const FIRST_DAY: NaiveDate = day(2023, 1, 1);
/// Against property companies, of 100 000 households: 20.19 ‰ after 30.00 ‰.
pub const COMPLAINTS_2023: usize = 2019;
pub const COMPLAINTS_2022: usize = 3000;

/// 事由, with its weight of a hundred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Repair,
    Complaint,
    Enquiry,
    Booking,
    Payment,
    Housekeeping,
}

const WEIGHTS: [(Subject, u64); 6] = [
    (Subject::Repair, 34),
    (Subject::Complaint, 8),
    (Subject::Enquiry, 18),
    (Subject::Booking, 20),
    (Subject::Payment, 15),
    (Subject::Housekeeping, 5),
];

/// One event of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// Its place among the day's, from 0.
    pub index: usize,
    /// Which of [`COMMUNITIES`].
    pub community: usize,
    pub subject: Subject,
    /// A complaint against the property company.
    pub against_company: bool,
    /// For whatever else is to be told apart.
    pub draw: u64,
}

/// splitmix64: the next of a seeded row of numbers, by its place in it.
pub fn draw(number: u64) -> u64 {
    let mut z = SEED.wrapping_add(number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn subject(draw: u64) -> Subject {
    let mut left = draw % 100;
    for (subject, weight) in WEIGHTS {
        if left < weight {
            return subject;
        }
        left -= weight;
    }
    Subject::Repair
}

/// The events of the year's `nth` day, from 0.
pub fn events(nth: usize) -> Vec<Planned> {
    let mut against = share(COMPLAINTS_2023, DAYS, nth);
    let event = |index: usize| {
        let draw = draw((nth * PER_DAY + index) as u64);
        let subject = subject(draw);
        let against_company = subject == Subject::Complaint && against > 0;
        against -= usize::from(against_company);
        // Round the communities, and the next day on from where the day before ended.
        let community = (nth * PER_DAY + index) % COMMUNITIES.len();
        Planned { index, community, subject, against_company, draw: draw / 100 }
    };
    (0..PER_DAY).map(event).collect()
}

pub fn date(nth: usize) -> NaiveDate {
    FIRST_DAY.checked_add_days(Days::new(nth as u64)).unwrap_or(FIRST_DAY)
}

/// 九月, the month that is there case by case: days from 0.
pub const SEPTEMBER: std::ops::Range<usize> = 243..273;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_year_has_its_published_numbers() {
        let all: Vec<Planned> = (0..DAYS).flat_map(events).collect();
        assert_eq!((all.len(), date(DAYS - 1)), (198_560, day(2023, 12, 31)));
        assert_eq!(all.iter().filter(|event| event.against_company).count(), COMPLAINTS_2023);
        let mut by_subject = BTreeMap::new();
        all.iter().for_each(|event| *by_subject.entry(event.subject).or_insert(0_u64) += 1);
        for (subject, weight) in WEIGHTS {
            let expected = 198_560 * weight / 100;
            assert!(by_subject[&subject].abs_diff(expected) < 1000, "{subject:?}: {by_subject:?}");
        }
        let mut by_community = BTreeMap::new();
        all.iter().for_each(|event| *by_community.entry(event.community).or_insert(0_usize) += 1);
        assert!(by_community.len() == 21 && by_community.values().all(|n| (9455..=9456).contains(n)));
    }

    #[test]
    fn september_has_thirty_days() {
        assert_eq!((date(SEPTEMBER.start), date(SEPTEMBER.end - 1)), (day(2023, 9, 1), day(2023, 9, 30)));
        assert_eq!(SEPTEMBER.len() * PER_DAY, 16_320);
    }
}

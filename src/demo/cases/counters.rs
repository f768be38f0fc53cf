//! 日计数: the days of 2023 that are there as counts only, and the complaints of the year before. What these days took over
//! from elsewhere is what was published of them: how many were accepted, and of what kind.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use delivery::cases::counts::{ACCEPTED, NO_DIMENSION, PROPERTY_COMPLAINTS};
use platform::Result;
use platform::db::Conn;
use platform::rollups::{self, Count};

use super::plan::{self, COMPLAINTS_2022, DAYS, SEPTEMBER};
use super::words;
use crate::demo::dates::day;
use crate::demo::divisions::COMMUNITIES;
use crate::demo::plan::share;

const SOURCE: &str = "演示区 2022、2023 年公布的日计数";
const YEAR_BEFORE: NaiveDate = day(2022, 1, 1);

pub fn load(c: &mut Conn) -> Result<()> {
    let days = (0..DAYS).filter(|nth| !SEPTEMBER.contains(nth));
    rollups::import(c, SOURCE, days.flat_map(of_day).chain(year_before()))
}

fn count(metric: &'static str, community: usize, day: NaiveDate, dimension: &str, n: usize) -> Count {
    let area_code = COMMUNITIES.get(community).map_or("", |(code, _)| *code).to_owned();
    Count { metric, area_code, day, dimension: dimension.to_owned(), n: i64::try_from(n).unwrap_or_default() }
}

fn of_day(nth: usize) -> Vec<Count> {
    let mut sums: BTreeMap<(&'static str, usize, String), usize> = BTreeMap::new();
    for event in plan::events(nth) {
        let (kind, category) = words::class_of(&event);
        *sums.entry((ACCEPTED, event.community, format!("{kind}/{category}"))).or_default() += 1;
        if event.against_company {
            *sums.entry((PROPERTY_COMPLAINTS, event.community, NO_DIMENSION.to_owned())).or_default() += 1;
        }
    }
    let counts = sums
        .into_iter()
        .map(|((metric, community, dimension), n)| count(metric, community, plan::date(nth), &dimension, n));
    counts.collect()
}

/// 3 000 over the days of 2022, each day's in as many communities.
fn year_before() -> impl Iterator<Item = Count> {
    (0..DAYS).flat_map(|nth| {
        let day = YEAR_BEFORE.checked_add_days(Days::new(nth as u64)).unwrap_or(YEAR_BEFORE);
        let of_day = share(COMPLAINTS_2022, DAYS, nth);
        (0..of_day).map(move |index| {
            count(PROPERTY_COMPLAINTS, (nth * of_day + index) % COMMUNITIES.len(), day, NO_DIMENSION, 1)
        })
    })
}

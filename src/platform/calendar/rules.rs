//! Counting in working time. Pure.
//!
//! Everything is counted in microseconds and by whole days, never minute by minute. Asia/Shanghai has had no daylight
//! saving since 1991, so a day is always 24 hours.

use std::collections::BTreeMap;

use chrono::{Datelike, Duration, NaiveDate};

use super::hours::{Hours, Week, normal};
use crate::clock::date_in_shanghai;
use crate::db::Ts;

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
const SHANGHAI: i64 = 8 * 60 * MINUTE;

/// Where nothing is open for five years, nothing ever will be.
const SEARCH_DAYS: usize = 5 * 366;

/// 时段: a stretch of working time, from its first moment up to but without its last
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "from": "2024-01-15T00:30:00Z", "to": "2024-01-15T04:00:00Z" }))]
pub struct Window {
    pub from: Ts,
    pub to: Ts,
}

/// What is in force at a place: a week, and the days that are not as the week has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    week: Week,
    days: BTreeMap<NaiveDate, Vec<Hours>>,
}

impl Calendar {
    /// The windows of an exception replace those of its day: none is a day off; `None` is a regular working day of this
    /// week, which is what a make-up day (调休) is.
    pub fn new(week: Week, exceptions: impl IntoIterator<Item = (NaiveDate, Option<Vec<Hours>>)>) -> Self {
        let week = week.normal();
        let days = exceptions.into_iter().map(|(day, hours)| match hours {
            None => (day, week.regular().to_vec()),
            Some(hours) => (day, normal(hours)),
        });
        Self { days: days.collect(), week }
    }

    /// The windows of a day: its exception, or those of its weekday.
    pub fn hours_of(&self, day: NaiveDate) -> &[Hours] {
        self.days.get(&day).map_or_else(|| self.week.on(day.weekday()), Vec::as_slice)
    }

    /// The windows of a day in microseconds, as [`Ts::micros`] counts.
    fn open(&self, day: NaiveDate) -> impl DoubleEndedIterator<Item = (i64, i64)> {
        let midnight = (day - NaiveDate::default()).num_days() * DAY - SHANGHAI;
        let at = move |minutes: i64| midnight + minutes * MINUTE;
        self.hours_of(day).iter().map(move |hours| (at(hours.from.minutes()), at(hours.to.minutes())))
    }

    /// The moment at which `minutes` of working time have passed since `start`, which may be the end of a window. What is
    /// used up is due at once. `None` where that never comes.
    pub fn add(&self, start: Ts, minutes: i64) -> Option<Ts> {
        if minutes <= 0 {
            return Some(start);
        }
        let mut left = minutes.checked_mul(MINUTE)?;
        let days = date_in_shanghai(start).iter_days().take(SEARCH_DAYS);
        for (from, to) in days.flat_map(|day| self.open(day)) {
            let from = from.max(start.micros());
            if to - from >= left {
                return Some(Ts::from_micros(from + left));
            }
            left -= (to - from).max(0);
        }
        None
    }

    /// The last moment from which `minutes` of working time pass up to `end`: when to warn of a deadline.
    pub fn before(&self, end: Ts, minutes: i64) -> Option<Ts> {
        if minutes <= 0 {
            return Some(end);
        }
        let mut left = minutes.checked_mul(MINUTE)?;
        let days = date_in_shanghai(end).iter_days().rev().take(SEARCH_DAYS);
        for (from, to) in days.flat_map(|day| self.open(day).rev()) {
            let to = to.min(end.micros());
            if to - from >= left {
                return Some(Ts::from_micros(to - left));
            }
            left -= (to - from).max(0);
        }
        None
    }

    /// Full minutes of working time from one moment to another; none where the second is not later.
    pub fn minutes_between(&self, from: Ts, to: Ts) -> i64 {
        self.clipped(from, to).map(|(from, to)| to - from).sum::<i64>() / MINUTE
    }

    /// The windows that [`minutes_between`](Self::minutes_between) counts: the explanation of a deadline.
    pub fn windows(&self, from: Ts, to: Ts) -> Vec<Window> {
        let moment = Ts::from_micros;
        self.clipped(from, to).map(|(from, to)| Window { from: moment(from), to: moment(to) }).collect()
    }

    fn clipped(&self, from: Ts, to: Ts) -> impl Iterator<Item = (i64, i64)> {
        let last = date_in_shanghai(to);
        let days = date_in_shanghai(from).iter_days().take_while(move |day| *day <= last);
        days.flat_map(move |day| self.open(day))
            .map(move |(open, close)| (open.max(from.micros()), close.min(to.micros())))
            .filter(|(open, close)| open < close)
    }

    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        !self.hours_of(day).is_empty()
    }

    /// 一个工作日 in minutes: what a regular working day of the week has.
    pub fn day_minutes(&self) -> i64 {
        self.week.regular().iter().map(|hours| hours.minutes()).sum()
    }

    /// 民法典第203条: a period whose last day is a day off ends on the next working day.
    pub fn roll(&self, day: NaiveDate) -> NaiveDate {
        day.iter_days().take(SEARCH_DAYS).find(|day| self.is_working_day(*day)).unwrap_or(day)
    }

    /// The `n`-th working day after a day, which is not counted itself (民法典第201条). `None` where there are not so many.
    pub fn working_days_after(&self, day: NaiveDate, n: i64) -> Option<NaiveDate> {
        let Some(skip) = n.checked_sub(1).and_then(|n| usize::try_from(n).ok()) else { return (n == 0).then_some(day) };
        let next = day.checked_add_signed(Duration::days(1))?;
        next.iter_days().take(SEARCH_DAYS).filter(|day| self.is_working_day(*day)).nth(skip)
    }
}

//! The weeks and days that areas have set, and which of them are in force where.

mod days;
mod weeks;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use serde::de::DeserializeOwned;

pub use days::{DayRow, Imported, NewDay, change_day, create_day, find_day, import, remove_day};
pub use weeks::{WeekRow, change_week, create_week, find_week};

use super::hours::{Hours, Week};
use super::problems;
use super::rules::Calendar;
use crate::auth::{AreaCode, AreaLevel};
use crate::db::{Conn, Json, fixed, one_of};
use crate::error::{Error, Result};
use crate::on_each;
use crate::schema::{calendar_days, calendars};

/// What is in force at a place, with the rows that say so.
pub struct InForce {
    /// `None` where no area above has set a week.
    pub week: Option<WeekRow>,
    /// Of each day, what the nearest area has set.
    pub days: Vec<DayRow>,
}

/// The calendar in force at a place. A deadline may fall on any day up to `to`: what lies behind it counts as its weekday.
pub fn of_area(c: &mut Conn, area_code: &str, from: NaiveDate, to: NaiveDate) -> Result<Calendar> {
    let area: AreaCode = area_code.parse().map_err(Error::internal)?;
    in_force(c, &area, from, to)?.calendar()
}

pub fn in_force(c: &mut Conn, area: &AreaCode, from: NaiveDate, to: NaiveDate) -> Result<InForce> {
    Ok(Calendars::in_force(c, [area], (from, to))?.rows_at(area))
}

/// What is in force in several areas: the weeks and days of all areas above any of them.
pub struct Calendars {
    weeks: Vec<WeekRow>,
    days: Vec<DayRow>,
}

impl Calendars {
    /// From a first to a last day.
    pub fn in_force<'a>(
        c: &mut Conn,
        areas: impl IntoIterator<Item = &'a AreaCode>,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Result<Self> {
        let areas = AreaCode::all_and_above(areas);
        // Areas above one another are prefixes of one another: the nearest sorts last.
        let weeks: Vec<WeekRow> = on_each!(c => fixed(calendars::table
            .filter(one_of(calendars::area_code, &areas))
            .order(calendars::area_code.asc())
            .select(WeekRow::as_select()))
        .load(c))?;
        let days: Vec<DayRow> = on_each!(c => fixed(calendar_days::table
            .filter(one_of(calendar_days::area_code, &areas).and(calendar_days::day.between(from, to)))
            .order(calendar_days::area_code.asc())
            .select(DayRow::as_select()))
        .load(c))?;
        Ok(Self { weeks, days })
    }

    /// The areas whose weeks and days bind an area: where these are the same, the calendar is.
    pub fn binding<'a>(&self, area: &'a AreaCode) -> Vec<&'a str> {
        let sets = |code: &&str| {
            self.weeks.iter().any(|row| row.area_code == *code) || self.days.iter().any(|row| row.area_code == *code)
        };
        area.and_above().into_iter().filter(sets).collect()
    }

    pub fn at(&self, area: &AreaCode) -> Result<Calendar> {
        self.rows_at(area).calendar()
    }

    fn rows_at(&self, area: &AreaCode) -> InForce {
        let above = area.and_above();
        let binds = |code: &String| above.contains(&code.as_str());
        let week = self.weeks.iter().rfind(|row| binds(&row.area_code)).cloned();
        let nearest: BTreeMap<NaiveDate, &DayRow> =
            self.days.iter().filter(|row| binds(&row.area_code)).map(|row| (row.day, row)).collect();
        InForce { week, days: nearest.into_values().cloned().collect() }
    }
}

impl InForce {
    pub fn calendar(&self) -> Result<Calendar> {
        let days = self.days.iter().map(|row| Ok((row.day, row.hours()?))).collect::<Result<Vec<_>>>()?;
        Ok(Calendar::new(self.hours()?, days))
    }

    /// The week's windows: the product's own where no area has set any.
    pub fn hours(&self) -> Result<Week> {
        self.week.as_ref().map_or_else(|| Ok(Week::default()), WeekRow::hours)
    }
}

/// Whether nothing is known yet of the days of a year at a place.
pub fn is_missing(c: &mut Conn, area: &AreaCode, year: i32) -> Result<bool> {
    let (first, last) = (new_year(year), new_year(year + 1));
    let of_year = calendar_days::day.ge(first).and(calendar_days::day.lt(last));
    let known = calendar_days::table.filter(calendar_days::area_code.eq_any(area.and_above()).and(of_year));
    Ok(known.select(calendar_days::id).first::<super::CalendarDayId>(c).optional()?.is_none())
}

fn new_year(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default()
}

/// Next year, once its days should be known: the State Council's notice comes in autumn.
pub fn expected_year(today: NaiveDate) -> Option<i32> {
    (today.month() >= 11).then(|| today.year() + 1)
}

/// Codes below a community's change when something moves, and nobody there keeps hours of their own.
fn check_level(area: &AreaCode) -> Result<()> {
    if area.level() <= AreaLevel::Community { Ok(()) } else { Err(problems::NOT_A_DIVISION.at("/area_code")) }
}

fn read<T: DeserializeOwned>(document: &Json) -> Result<T> {
    serde_json::from_value(document.0.clone()).map_err(Error::internal)
}

fn written<T: serde::Serialize>(value: &T) -> Result<Json> {
    serde_json::to_value(value).map(Json).map_err(Error::internal)
}

pub fn written_hours(hours: Option<&Vec<Hours>>) -> Result<Option<Json>> {
    hours.map(written).transpose()
}

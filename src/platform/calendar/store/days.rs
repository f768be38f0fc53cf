//! The days that are not as their weekday: set one by one, or brought in by the file of a year.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::{Value, json};

use super::{check_level, read, written_hours};
use crate::auth::{AreaCode, Visible};
use crate::calendar::file::{HolidayFile, Planned};
use crate::calendar::{CalendarDayId, Hours, problems};
use crate::db::{Conn, Json, Ts};
use crate::error::{Error, OrConflict, Result};
use crate::history::{By, record, record_first};
use crate::on_each;
use crate::schema::calendar_days as days;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = days, treat_none_as_default_value = false)]
pub struct DayRow {
    pub id: CalendarDayId,
    pub area_code: String,
    pub day: NaiveDate,
    /// `None`: a regular working day of the week in force.
    pub hours: Option<Json>,
    pub name: String,
    pub source: String,
    /// The file that the day came by; `None` where somebody set or changed it.
    pub file_year: Option<i32>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl DayRow {
    pub fn hours(&self) -> Result<Option<Vec<Hours>>> {
        self.hours.as_ref().map(read).transpose()
    }

    fn data(&self) -> Value {
        json!({ "day": self.day, "hours": self.hours, "name": self.name, "source": self.source })
    }
}

/// A day to be set.
#[derive(Debug, Clone)]
pub struct NewDay {
    pub area: AreaCode,
    pub day: NaiveDate,
    pub hours: Option<Vec<Hours>>,
    pub name: String,
    pub source: String,
}

impl NewDay {
    fn row(&self, id: CalendarDayId, file_year: Option<i32>, by: &By) -> Result<DayRow> {
        Ok(DayRow {
            id,
            area_code: self.area.to_string(),
            day: self.day,
            hours: written_hours(self.hours.as_ref())?,
            name: self.name.clone(),
            source: self.source.clone(),
            file_year,
            version: 1,
            created_at: by.at,
            updated_at: by.at,
        })
    }
}

/// One that binds the caller, or one of an area inside theirs.
pub fn find_day(c: &mut Conn, visible: &Visible, id: CalendarDayId) -> Result<DayRow> {
    let row: DayRow = days::table.find(id).select(DayRow::as_select()).first(c)?;
    if visible.covers(&row.area_code) || visible.lies_in(&row.area_code) { Ok(row) } else { Err(Error::NotFound) }
}

pub fn create_day(c: &mut Conn, new: &NewDay, by: &By) -> Result<DayRow> {
    check_level(&new.area)?;
    let row = new.row(CalendarDayId::fresh(), None, by)?;
    insert(c, std::slice::from_ref(&row), by)?;
    Ok(row)
}

fn insert(c: &mut Conn, rows: &[DayRow], by: &By) -> Result<()> {
    on_each!(c => diesel::insert_into(days::table).values(rows).execute(c)).or_conflict(&problems::DAY_TAKEN)?;
    rows.iter().try_for_each(|row| {
        record_first(c, by.event("calendar_day", row.id, 1, "calendar_day.set", &row.area_code, row.data()))
    })
}

/// Sets a day otherwise; it stays on its date.
pub fn change_day(c: &mut Conn, row: &DayRow, after: DayRow, by: &By) -> Result<DayRow> {
    let after = DayRow { version: row.version + 1, updated_at: by.at, ..after };
    let target = days::table.filter(days::id.eq(row.id).and(days::version.eq(row.version)));
    let set = (
        days::hours.eq(&after.hours),
        days::name.eq(&after.name),
        days::source.eq(&after.source),
        days::file_year.eq(after.file_year),
        days::version.eq(after.version),
        days::updated_at.eq(after.updated_at),
    );
    if diesel::update(target).set(set).execute(c)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    let data = after.data();
    record(c, by.event("calendar_day", row.id, after.version, "calendar_day.changed", &row.area_code, data))?;
    Ok(after)
}

/// Takes a day away: it is as its weekday again, or as an area above has it. What it was stays in the history.
pub fn remove_day(c: &mut Conn, row: &DayRow, by: &By) -> Result<()> {
    let target = days::table.filter(days::id.eq(row.id).and(days::version.eq(row.version)));
    if diesel::delete(target).execute(c)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    let (seq, data) = (row.version + 1, row.data());
    record(c, by.event("calendar_day", row.id, seq, "calendar_day.removed", &row.area_code, data))
}

/// What an import has done, in days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    pub inserted: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub removed: i64,
}

/// Brings in the file of a year: its days are set as it has them, and those that an earlier state of the same file brought
/// and this one lacks are taken away. The same file again changes nothing.
pub fn import(
    c: &mut Conn,
    area: &AreaCode,
    file: &HolidayFile,
    mut fresh_id: impl FnMut() -> CalendarDayId,
    by: &By,
) -> Result<Imported> {
    check_level(area)?;
    let mut planned = file.plan()?;
    let source = file.source();
    let dates: Vec<NaiveDate> = planned.keys().copied().collect();
    let standing: Vec<DayRow> = days::table
        .filter(days::area_code.eq(area.as_str()))
        .filter(days::file_year.eq(Some(file.year)).or(days::day.eq_any(dates)))
        .select(DayRow::as_select())
        .load(c)?;
    let mut done = Imported::default();
    for row in standing {
        let Some(Planned { hours, name }) = planned.remove(&row.day) else {
            remove_day(c, &row, by)?;
            done.removed += 1;
            continue;
        };
        let wanted = (written_hours(hours.as_ref())?, name, &source, Some(file.year));
        if (&row.hours, &row.name, &row.source, row.file_year) == (&wanted.0, &wanted.1, wanted.2, wanted.3) {
            done.unchanged += 1;
            continue;
        }
        let (hours, name, source, file_year) = wanted;
        let after = DayRow { hours, name, source: source.clone(), file_year, ..row.clone() };
        change_day(c, &row, after, by)?;
        done.changed += 1;
    }
    let new = planned.into_iter().map(|(day, Planned { hours, name })| {
        NewDay { area: area.clone(), day, hours, name, source: source.clone() }.row(fresh_id(), Some(file.year), by)
    });
    let new: Vec<DayRow> = new.collect::<Result<_>>()?;
    if !new.is_empty() {
        insert(c, &new, by)?;
        done.inserted = i64::try_from(new.len()).map_err(Error::internal)?;
    }
    Ok(done)
}

//! The weeks that areas set for themselves.

use diesel::prelude::*;
use serde_json::json;

use super::{check_level, read, written};
use crate::auth::{AreaCode, Visible};
use crate::calendar::{CalendarId, Week, problems};
use crate::db::{Conn, Json, Ts};
use crate::error::{Error, OrConflict, Result};
use crate::history::{By, record, record_first};
use crate::schema::calendars;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = calendars, treat_none_as_default_value = false)]
pub struct WeekRow {
    pub id: CalendarId,
    pub area_code: String,
    pub week: Json,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl WeekRow {
    pub fn hours(&self) -> Result<Week> {
        read(&self.week)
    }
}

/// One that binds the caller, or one of an area inside theirs.
pub fn find_week(c: &mut Conn, visible: &Visible, id: CalendarId) -> Result<WeekRow> {
    let row: WeekRow = calendars::table.find(id).select(WeekRow::as_select()).first(c)?;
    if visible.covers(&row.area_code) || visible.lies_in(&row.area_code) { Ok(row) } else { Err(Error::NotFound) }
}

pub fn create_week(c: &mut Conn, area: &AreaCode, week: &Week, by: &By) -> Result<WeekRow> {
    check_level(area)?;
    let row = WeekRow {
        id: CalendarId::fresh(),
        area_code: area.to_string(),
        week: written(week)?,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(calendars::table).values(&row).execute(c).or_conflict(&problems::TAKEN)?;
    record_first(c, by.event("calendar", row.id, 1, "calendar.set", &row.area_code, json!({ "week": row.week })))?;
    Ok(row)
}

pub fn change_week(c: &mut Conn, row: &WeekRow, week: &Week, by: &By) -> Result<WeekRow> {
    let after = WeekRow { week: written(week)?, version: row.version + 1, updated_at: by.at, ..row.clone() };
    let target = calendars::table.filter(calendars::id.eq(row.id).and(calendars::version.eq(row.version)));
    let set = (
        calendars::week.eq(&after.week),
        calendars::version.eq(after.version),
        calendars::updated_at.eq(after.updated_at),
    );
    if diesel::update(target).set(set).execute(c)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    let data = json!({ "week": after.week });
    record(c, by.event("calendar", row.id, after.version, "calendar.changed", &row.area_code, data))?;
    Ok(after)
}

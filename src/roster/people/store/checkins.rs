//! 在职党员报到 rows, and how many there are.

use chrono::NaiveDate;
use diesel::dsl::{count_star, sum};
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Range, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, record, record_first};
use platform::{Result, in_ranges};
use registry::territory::dto::{GridId, Lifecycle};
use registry::territory::store::grids;
use serde_json::json;

use super::{By, persons, places, took_effect};
use crate::people::dto::{CheckinCountOut, CheckinId, CheckinIn, CheckinQuery, PersonId};
use crate::people::rules;
use crate::schema::member_checkins as checkins;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = checkins, treat_none_as_default_value = false)]
pub struct CheckinRow {
    pub id: CheckinId,
    pub area_code: String,
    pub person_id: Option<PersonId>,
    pub employer_unit: String,
    pub headcount: i32,
    pub since: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    pub recorded_by: Option<ActorId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

pub fn find(c: &mut Conn, visible: &Visible, id: CheckinId) -> Result<CheckinRow> {
    let row: CheckinRow = checkins::table.find(id).select(CheckinRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// Check-ins by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<CheckinId>, i64),
    filter: &CheckinQuery,
) -> Result<Vec<CheckinRow>> {
    let mut query = filtered(visible.ranges(), filter);
    if let Some(after) = after {
        query = query.filter(checkins::id.gt(after));
    }
    Ok(query.order(checkins::id.asc()).limit(fetch).select(CheckinRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &CheckinQuery) -> Result<i64> {
    Ok(filtered(visible.ranges(), filter).count().get_result(c)?)
}

fn filtered(ranges: Vec<Range>, filter: &CheckinQuery) -> checkins::BoxedQuery<'static, Backend> {
    let query = checkins::table.into_boxed::<Backend>().filter(in_ranges!(ranges, checkins::area_code));
    match filter.status.unwrap_or(Lifecycle::Open) {
        Lifecycle::Open => query.filter(checkins::ended_on.is_null()),
        Lifecycle::Closed => query.filter(checkins::ended_on.is_not_null()),
        Lifecycle::All => query,
    }
}

pub fn insert(c: &mut Conn, visible: &Visible, new: &CheckinIn, by: &By) -> Result<CheckinRow> {
    visible.check(&new.community_code)?;
    let member = match new.person_id {
        None => None,
        Some(id) => {
            let person = persons::find_seen(c, visible, id)?;
            person.refuse_closed()?;
            Some(person.party_status)
        }
    };
    if !is_community(&new.community_code) || !places::hold_division(c, &new.community_code)? {
        return Err(rules::AREA_UNKNOWN.at("/community_code"));
    }
    rules::may_check_in(member, new.headcount, new.since, by.today)?;
    let area_code = match new.grid_id {
        None => new.community_code.clone(),
        Some(grid) => grid_code(c, visible, grid, &new.community_code)?,
    };
    let row = CheckinRow {
        id: CheckinId::fresh(),
        area_code,
        person_id: new.person_id,
        employer_unit: new.employer_unit.trim().to_owned(),
        headcount: new.headcount,
        since: new.since,
        ended_on: None,
        recorded_by: by.actor.map(ActorId),
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_row(c, &row, by)?;
    Ok(row)
}

fn is_community(code: &str) -> bool {
    code.parse::<platform::auth::AreaCode>().is_ok_and(|code| code.level() == platform::auth::AreaLevel::Community)
}

fn grid_code(c: &mut Conn, visible: &Visible, id: GridId, community: &str) -> Result<String> {
    let grid = grids::find(c, visible, id)?;
    let open = grid.community_code == community && grid.valid_to.is_none();
    if open { Ok(grid.code) } else { Err(rules::GRID_UNFIT.at("/grid_id")) }
}

pub fn insert_row(c: &mut Conn, row: &CheckinRow, by: &By) -> Result<()> {
    diesel::insert_into(checkins::table).values(row).execute(c).or_conflict(&rules::CHECKIN_OPEN)?;
    // Not whose it is: that somebody has checked in says that they are a member.
    let data = json!({ "employer_unit": row.employer_unit, "headcount": row.headcount, "since": row.since });
    record_first(c, by.event("member_checkin", row.id, 1, "member_checkin.created", &row.area_code, data))
}

pub fn end(c: &mut Conn, row: &CheckinRow, on: NaiveDate, by: &By) -> Result<CheckinRow> {
    if row.ended_on.is_some() {
        return Err((&rules::CHECKIN_ENDED).into());
    }
    rules::check_end(Some(row.since), on, by.today)?;
    let target = diesel::update(checkins::table).filter(checkins::id.eq(row.id).and(checkins::version.eq(row.version)));
    let set = (checkins::ended_on.eq(Some(on)), checkins::version.eq(row.version + 1), checkins::updated_at.eq(by.at));
    took_effect(target.set(set).execute(c)?, row.version)?;
    let version = row.version + 1;
    record(
        c,
        by.event("member_checkin", row.id, version, "member_checkin.ended", &row.area_code, json!({ "on": on })),
    )?;
    find(c, &Visible::everything(), row.id)
}

pub(super) fn end_all_of(c: &mut Conn, person: PersonId, on: NaiveDate, by: &By) -> Result<()> {
    let open = checkins::table.filter(checkins::person_id.eq(person)).filter(checkins::ended_on.is_null());
    let rows: Vec<CheckinRow> = open.select(CheckinRow::as_select()).load(c)?;
    rows.iter().try_for_each(|row| end(c, row, on.max(row.since), by).map(drop))
}

pub fn of_person(c: &mut Conn, person: PersonId, limit: i64) -> Result<Vec<CheckinRow>> {
    let own = checkins::table.filter(checkins::person_id.eq(person)).order(checkins::id.asc()).limit(limit);
    Ok(own.select(CheckinRow::as_select()).load(c)?)
}

/// 报到人数 under an area on a day: by name and by unit.
pub fn counted(c: &mut Conn, area: &str, on: NaiveDate) -> Result<CheckinCountOut> {
    let range = Range::under(area);
    let standing = checkins::table
        .filter(checkins::area_code.ge(range.from).and(checkins::area_code.lt(range.to)))
        .filter(checkins::since.le(on))
        .filter(checkins::ended_on.is_null().or(checkins::ended_on.gt(on)));
    let by_name: i64 = standing.clone().filter(checkins::person_id.is_not_null()).count().get_result(c)?;
    let (units, by_unit): (i64, Option<i64>) =
        standing.filter(checkins::person_id.is_null()).select((count_star(), sum(checkins::headcount))).first(c)?;
    let by_unit = by_unit.unwrap_or(0);
    Ok(CheckinCountOut { area: area.to_owned(), as_of: on, headcount: by_name + by_unit, by_name, by_unit, units })
}

//! 三方联盟群.

use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Either, Ts};
use platform::history::{ActorId, By, record, record_first};
use platform::{Error, Result, in_ranges};
use roster::organisations::store::hold_place;
use serde_json::json;

use super::sight::Circle;
use crate::notices::dto::{
    AllianceGroupId, AllianceGroupIn, AllianceGroupQuery, AllianceParty, CloseGroupIn, GroupStatus,
};
use crate::notices::rules::GROUP_CLOSED;
use crate::notices::rules::alliance::check_level;
use crate::schema::alliance_groups as groups;

/// The entity of a group's events.
pub const ENTITY: &str = "alliance_group";

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = groups, treat_none_as_default_value = false)]
pub struct GroupRow {
    pub id: AllianceGroupId,
    pub area_code: String,
    pub name: String,
    pub closed_at: Option<Ts>,
    pub closed_by: Option<ActorId>,
    pub close_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// A group, and as what the caller is in it.
#[derive(Debug)]
pub struct Joined {
    pub row: GroupRow,
    pub party: Option<AllianceParty>,
}

impl Joined {
    pub fn by(circle: &Circle, row: GroupRow) -> Self {
        Self { party: circle.party(&row.area_code), row }
    }
}

pub fn create(c: &mut Conn, new: &AllianceGroupIn, by: &By) -> Result<GroupRow> {
    check_level(&new.area_code)?;
    hold_place(c, &new.area_code, "/area_code")?;
    let row = fresh(AllianceGroupId::fresh(), new.area_code.as_str(), &new.name, by);
    insert(c, &row, by)?;
    Ok(row)
}

pub fn fresh(id: AllianceGroupId, area_code: &str, name: &str, by: &By) -> GroupRow {
    GroupRow {
        id,
        area_code: area_code.to_owned(),
        name: name.to_owned(),
        closed_at: None,
        closed_by: None,
        close_reason: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

pub fn insert(c: &mut Conn, row: &GroupRow, by: &By) -> Result<()> {
    diesel::insert_into(groups::table).values(row).execute(c)?;
    record_first(c, by.event(ENTITY, row.id, 1, "alliance_group.opened", &row.area_code, json!({})))
}

/// A group, whoever asks.
pub fn get(c: &mut Conn, id: AllianceGroupId) -> Result<GroupRow> {
    Ok(groups::table.find(id).select(GroupRow::as_select()).first(c)?)
}

/// One that the caller is in.
pub fn find(c: &mut Conn, circle: &Circle, id: AllianceGroupId) -> Result<GroupRow> {
    let row = get(c, id)?;
    if circle.reads(&row.area_code) { Ok(row) } else { Err(Error::NotFound) }
}

/// One that lies in the caller's own area.
pub fn find_own(c: &mut Conn, visible: &Visible, id: AllianceGroupId) -> Result<GroupRow> {
    let row = get(c, id)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// The same row, still open and kept from being closed or moved until the transaction ends. SQLite has one writer.
pub fn hold_open(c: &mut Conn, id: AllianceGroupId) -> Result<GroupRow> {
    let one = groups::table.find(id).select(GroupRow::as_select());
    let row: GroupRow = match c.either() {
        Either::Sqlite(c) => one.first(c)?,
        Either::Postgres(c) => groups::table.find(id).select(GroupRow::as_select()).for_share().first(c)?,
    };
    if row.closed_at.is_none() { Ok(row) } else { Err((&GROUP_CLOSED).into()) }
}

/// The groups that the caller is in, oldest first.
pub fn list(
    c: &mut Conn,
    circle: &Circle,
    (after, fetch): (Option<AllianceGroupId>, i64),
    filter: &AllianceGroupQuery,
) -> Result<Vec<Joined>> {
    let mut query = filtered(circle, filter)?;
    if let Some(after) = after {
        query = query.filter(groups::id.gt(after));
    }
    let rows: Vec<GroupRow> = query.order(groups::id.asc()).limit(fetch).select(GroupRow::as_select()).load(c)?;
    Ok(rows.into_iter().map(|row| Joined::by(circle, row)).collect())
}

pub fn count(c: &mut Conn, circle: &Circle, filter: &AllianceGroupQuery) -> Result<i64> {
    Ok(filtered(circle, filter)?.count().get_result(c)?)
}

fn filtered(circle: &Circle, filter: &AllianceGroupQuery) -> Result<groups::BoxedQuery<'static, Backend>> {
    let asked = |code: &String| filter.area.as_ref().is_none_or(|area| area.covers(code));
    let above: Vec<String> = circle.areas.above().into_iter().filter(asked).collect();
    let inside = in_ranges!(circle.areas.narrow(filter.area.as_ref())?.ranges(), groups::area_code);
    let query = groups::table.into_boxed::<Backend>().filter(inside.or(groups::area_code.eq_any(above)));
    Ok(match filter.status.unwrap_or(GroupStatus::Open) {
        GroupStatus::Open => query.filter(groups::closed_at.is_null()),
        GroupStatus::Closed => query.filter(groups::closed_at.is_not_null()),
        GroupStatus::All => query,
    })
}

pub fn close(c: &mut Conn, row: &GroupRow, body: &CloseGroupIn, by: &By) -> Result<GroupRow> {
    if row.closed_at.is_some() {
        return Err((&GROUP_CLOSED).into());
    }
    let target = groups::table.filter(groups::id.eq(row.id).and(groups::version.eq(row.version)));
    let set = (
        groups::closed_at.eq(Some(by.at)),
        groups::closed_by.eq(by.actor.map(ActorId)),
        groups::close_reason.eq(Some(&body.reason)),
        groups::version.eq(row.version + 1),
        groups::updated_at.eq(by.at),
    );
    if diesel::update(target).set(set).execute(c)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    record(c, by.event(ENTITY, row.id, row.version + 1, "alliance_group.closed", &row.area_code, json!({})))?;
    get(c, row.id)
}

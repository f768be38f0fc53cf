use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Json, Range, Ts, fixed};
use platform::error::OrConflict;
use platform::history::{record, record_first};
use platform::{Error, Result, in_ranges, on_each, text};
use serde_json::{Value, json};

use super::{By, Listing, contacts, lock_community, lock_map, stays, whole};
use crate::schema::{buildings, compounds, contact_assignments as assignments, grids};
use crate::territory::dto::{AssignmentKind, GridId, GridIn, GridKind, GridOut, GridPatch, GridQuery, Lifecycle};
use crate::territory::geometry::{self, Shape};
use crate::territory::params::GridSize;
use crate::territory::rules;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = grids, treat_none_as_default_value = false)]
pub struct GridRow {
    pub id: GridId,
    pub code: String,
    pub community_code: String,
    pub parent_id: Option<GridId>,
    pub level: i32,
    pub kind: GridKind,
    pub name: String,
    pub search_name: String,
    pub households: Option<i32>,
    pub residents: Option<i32>,
    pub duty_phone: Option<String>,
    pub polygon: Option<Json>,
    pub min_lon: Option<i32>,
    pub min_lat: Option<i32>,
    pub max_lon: Option<i32>,
    pub max_lat: Option<i32>,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub close_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl GridRow {
    /// An open grid as it is first registered; fails where its polygon is none.
    pub fn fresh(id: GridId, code: String, new: &GridIn, parent_id: Option<GridId>, by: &By) -> Result<Self> {
        let GridIn {
            community_code,
            serial: _,
            parent_code: _,
            level,
            kind,
            name,
            households,
            residents,
            duty_phone,
            polygon,
            valid_from,
        } = new.clone();
        let shape = polygon.as_ref().map(geometry::read).transpose()?;
        let edge = |pick: fn(&Shape) -> i32| shape.as_ref().map(pick);
        Ok(Self {
            id,
            code,
            community_code,
            parent_id,
            level,
            kind,
            search_name: text::for_search(&name),
            name,
            households,
            residents,
            duty_phone,
            polygon: polygon.map(Json),
            min_lon: edge(|s| s.min_lon),
            min_lat: edge(|s| s.min_lat),
            max_lon: edge(|s| s.max_lon),
            max_lat: edge(|s| s.max_lat),
            valid_from: valid_from.unwrap_or(by.today),
            valid_to: None,
            close_reason: None,
            version: 1,
            created_at: by.at,
            updated_at: by.at,
        })
    }
}

pub fn find(c: &mut Conn, visible: &Visible, id: GridId) -> Result<GridRow> {
    // On each engine by itself: the combined backend would write the SQL out anew for every call of this hottest query.
    let row: GridRow = on_each!(c => fixed(grids::table.find(id).select(GridRow::as_select())).get_result(c))?;
    visible.check(&row.code)?;
    Ok(row)
}

/// The open grid with this code, where it belongs to `community`.
pub fn of_community(c: &mut Conn, community: &str, code: &str) -> Result<()> {
    let found = grids::table
        .filter(grids::code.eq(code).and(grids::community_code.eq(community)).and(grids::valid_to.is_null()))
        .count()
        .get_result::<i64>(c)?;
    if found == 1 { Ok(()) } else { Err(rules::GRID_OF_OTHER_COMMUNITY.at("/grid_code")) }
}

pub fn list(c: &mut Conn, at: Listing, filter: &GridQuery, today: NaiveDate) -> Result<Vec<GridRow>> {
    let rows = filtered(at.ranges, filter, today).order(grids::code.asc()).limit(at.fetch);
    Ok(rows.select(GridRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &GridQuery, today: NaiveDate) -> Result<i64> {
    Ok(filtered(visible.ranges(), filter, today).count().get_result(c)?)
}

/// The filter's grids by tier and code, so that each comes behind its parent; `after` is the last one's.
pub fn list_by_tier(
    c: &mut Conn,
    visible: &Visible,
    after: Option<(i32, &str)>,
    fetch: i64,
    (filter, today): (&GridQuery, NaiveDate),
) -> Result<Vec<GridRow>> {
    let (level, code) = after.unwrap_or((0, ""));
    let same_tier = grids::level.eq(level).and(grids::code.gt(code.to_owned()));
    let rows = filtered(visible.ranges(), filter, today).filter(grids::level.gt(level).or(same_tier));
    Ok(rows.order((grids::level.asc(), grids::code.asc())).limit(fetch).select(GridRow::as_select()).load(c)?)
}

fn filtered(ranges: Vec<Range>, filter: &GridQuery, today: NaiveDate) -> grids::BoxedQuery<'static, Backend> {
    let mut query = grids::table.into_boxed::<Backend>().filter(in_ranges!(ranges, grids::code));
    if let Some(level) = filter.level {
        query = query.filter(grids::level.eq(level));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(grids::kind.eq(kind));
    }
    if let Some(q) = &filter.q {
        query = query.filter(grids::search_name.like(text::pattern(q)).escape('\\'));
    }
    if let Some(has_leader) = filter.has_leader {
        let leader = assignments::table
            .filter(assignments::grid_id.eq(grids::id.nullable()))
            .filter(assignments::kind.eq(AssignmentKind::Leader).and(assignments::ended_on.is_null()))
            .filter(assignments::valid_from.le(today))
            .filter(assignments::valid_to.is_null().or(assignments::valid_to.ge(today)));
        query = if has_leader { query.filter(exists(leader)) } else { query.filter(diesel::dsl::not(exists(leader))) };
    }
    match filter.status.unwrap_or(Lifecycle::Open) {
        Lifecycle::Open => query.filter(grids::valid_to.is_null()),
        Lifecycle::Closed => query.filter(grids::valid_to.is_not_null()),
        Lifecycle::All => query,
    }
}

/// The grids of the filter that have a polygon.
pub fn list_mapped(c: &mut Conn, at: Listing, filter: &GridQuery, today: NaiveDate) -> Result<Vec<GridRow>> {
    let rows = filtered(at.ranges, filter, today).filter(grids::polygon.is_not_null()).order(grids::code.asc());
    Ok(rows.limit(at.fetch).select(GridRow::as_select()).load(c)?)
}

/// The codes of the rows' parents, in one query.
pub fn parent_codes(c: &mut Conn, rows: &[GridRow]) -> Result<HashMap<GridId, String>> {
    let ids: Vec<GridId> = rows.iter().filter_map(|row| row.parent_id).collect();
    let codes: Vec<(GridId, String)> =
        grids::table.filter(grids::id.eq_any(ids)).select((grids::id, grids::code)).load(c)?;
    Ok(codes.into_iter().collect())
}

/// By its code, open or closed: how an import knows a grid again.
pub fn known(c: &mut Conn, code: &str) -> Result<Option<GridRow>> {
    Ok(grids::table.filter(grids::code.eq(code)).select(GridRow::as_select()).first(c).optional()?)
}

/// The open grid that covers a point; of several tiers, the lowest.
pub fn covering(c: &mut Conn, visible: &Visible, lon: f64, lat: f64) -> Result<Option<GridRow>> {
    let near = around(c, visible, geometry::to_micro(lon), geometry::to_micro(lat))?;
    let covering = near.into_iter().filter(|row| {
        let shape = row.polygon.as_ref().and_then(|polygon| geometry::read(&polygon.0).ok());
        shape.is_some_and(|shape| geometry::covers(&shape, lon, lat))
    });
    Ok(covering.max_by(|a, b| a.level.cmp(&b.level).then(b.code.cmp(&a.code))))
}

/// Open grids whose bounding box holds the point.
fn around(c: &mut Conn, visible: &Visible, lon: i32, lat: i32) -> Result<Vec<GridRow>> {
    Ok(grids::table
        .into_boxed::<Backend>()
        .filter(grids::min_lat.le(lat).and(grids::max_lat.ge(lat)))
        .filter(grids::min_lon.le(lon).and(grids::max_lon.ge(lon)))
        .filter(grids::valid_to.is_null())
        .filter(in_ranges!(visible.ranges(), grids::code))
        .select(GridRow::as_select())
        .load(c)?)
}

pub fn insert(c: &mut Conn, new: &GridIn, by: &By) -> Result<GridRow> {
    if new.polygon.is_some() {
        lock_map(c)?;
    }
    lock_community(c, &new.community_code)?;
    let parent = match &new.parent_code {
        None => None,
        Some(code) => Some(parent(c, code, new)?),
    };
    let code = match new.serial {
        Some(serial) => format!("{}{serial:03}", new.community_code),
        None => next_code(c, &new.community_code)?,
    };
    let row = GridRow::fresh(GridId::fresh(), code, new, parent.map(|p| p.id), by)?;
    if let Some(polygon) = &row.polygon {
        refuse_overlap(c, &row, &geometry::read(&polygon.0)?)?;
    }
    insert_row(c, &row, by)?;
    Ok(row)
}

pub fn insert_row(c: &mut Conn, row: &GridRow, by: &By) -> Result<()> {
    diesel::insert_into(grids::table).values(row).execute(c).or_conflict(&rules::CODE_TAKEN)?;
    let mut data = whole(GridOut::of(row.clone(), &GridSize::default()))?;
    if let Some(members) = data.as_object_mut() {
        // What the place thinks of its size is not the row's.
        members.remove("size_warning");
    }
    record_first(c, by.event("grid", row.id, 1, "grid.created", &row.code, data))
}

fn parent(c: &mut Conn, code: &str, child: &GridIn) -> Result<GridRow> {
    let row: Option<GridRow> =
        grids::table.filter(grids::code.eq(code)).select(GridRow::as_select()).first(c).optional()?;
    let row = row.ok_or_else(|| rules::GRID_PARENT.at("/parent_code"))?;
    rules::may_nest((&row.community_code, row.level, row.valid_to.is_none()), (&child.community_code, child.level))?;
    Ok(row)
}

/// Codes of closed grids count: none is given twice.
fn next_code(c: &mut Conn, community: &str) -> Result<String> {
    let last: Option<String> =
        grids::table.filter(grids::community_code.eq(community)).select(diesel::dsl::max(grids::code)).first(c)?;
    let serial = last.and_then(|code| code.get(community.len()..)?.parse::<u32>().ok()).unwrap_or(0) + 1;
    if serial > 999 { Err((&rules::CODE_TAKEN).into()) } else { Ok(format!("{community}{serial:03}")) }
}

/// Grids of one tier may touch, not overlap, and those of two communities neither, whatever their tiers: else whoever draws
/// over a neighbour's grid would be located where that one lies. What it overlaps is not told, because it may be nothing
/// that the caller sees.
fn refuse_overlap(c: &mut Conn, row: &GridRow, shape: &Shape) -> Result<()> {
    let near: Vec<Json> = grids::table
        .filter(grids::level.eq(row.level).or(grids::community_code.ne(&row.community_code)))
        .filter(grids::valid_to.is_null().and(grids::id.ne(row.id)))
        .filter(grids::min_lat.le(shape.max_lat).and(grids::max_lat.ge(shape.min_lat)))
        .filter(grids::min_lon.le(shape.max_lon).and(grids::max_lon.ge(shape.min_lon)))
        .filter(grids::polygon.is_not_null())
        .select(grids::polygon.assume_not_null())
        .load(c)?;
    for Json(other) in near {
        if geometry::overlap(shape, &geometry::read(&other)?) {
            return Err(rules::POLYGON_OVERLAP.at("/polygon"));
        }
    }
    Ok(())
}

#[derive(AsChangeset)]
#[diesel(table_name = grids)]
struct GridChanges {
    name: Option<String>,
    search_name: Option<String>,
    kind: Option<GridKind>,
    households: Option<Option<i32>>,
    residents: Option<Option<i32>>,
    duty_phone: Option<Option<String>>,
    polygon: Option<Option<Json>>,
    min_lon: Option<Option<i32>>,
    min_lat: Option<Option<i32>>,
    max_lon: Option<Option<i32>>,
    max_lat: Option<Option<i32>>,
    version: i32,
    updated_at: Ts,
}

pub fn update(c: &mut Conn, row: &GridRow, patch: &GridPatch, by: &By) -> Result<GridRow> {
    if row.valid_to.is_some() {
        return Err((&rules::ALREADY_CLOSED).into());
    }
    let GridPatch { name, kind, households, residents, duty_phone, polygon } = patch.clone();
    let drawn = row.polygon.as_ref().map(|Json(value)| value);
    let words = stays(&name, &row.name) && stays(&kind, &row.kind) && stays(&duty_phone, &row.duty_phone);
    let numbers = stays(&households, &row.households) && stays(&residents, &row.residents);
    if words && numbers && polygon.as_ref().is_none_or(|new| new.as_ref() == drawn) {
        return Ok(row.clone());
    }
    if polygon.is_some() {
        lock_map(c)?;
    }
    lock_community(c, &row.community_code)?;
    let shape = match &polygon {
        Some(Some(value)) => Some(geometry::read(value)?),
        _ => None,
    };
    if let Some(shape) = &shape {
        refuse_overlap(c, row, shape)?;
    }
    let edge = |pick: fn(&Shape) -> i32| polygon.as_ref().map(|_| shape.as_ref().map(pick));
    let changes = GridChanges {
        search_name: name.as_deref().map(text::for_search),
        name,
        kind,
        households,
        residents,
        duty_phone,
        min_lon: edge(|s| s.min_lon),
        min_lat: edge(|s| s.min_lat),
        max_lon: edge(|s| s.max_lon),
        max_lat: edge(|s| s.max_lat),
        polygon: polygon.map(|value| value.map(Json)),
        version: row.version + 1,
        updated_at: by.at,
    };
    let target = diesel::update(grids::table).filter(grids::id.eq(row.id).and(grids::version.eq(row.version)));
    if target.set(changes).execute(c)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    let data = serde_json::to_value(patch).map_err(Error::internal)?;
    changed(c, row, "grid.changed", data, by)
}

fn changed(c: &mut Conn, row: &GridRow, event: &'static str, data: Value, by: &By) -> Result<GridRow> {
    record(c, by.event("grid", row.id, row.version + 1, event, &row.code, data))?;
    find(c, &Visible::everything(), row.id)
}

/// Closes a grid that holds no open building, compound or lower grid.
pub fn close(c: &mut Conn, row: &GridRow, on: NaiveDate, reason: &str, by: &By) -> Result<GridRow> {
    rules::may_close(row.valid_from, row.valid_to, on, by.today)?;
    if in_use(c, row)? {
        return Err((&rules::STILL_IN_USE).into());
    }
    end(c, row, on, reason, by)
}

pub fn end(c: &mut Conn, row: &GridRow, on: NaiveDate, reason: &str, by: &By) -> Result<GridRow> {
    let target = diesel::update(grids::table).filter(grids::id.eq(row.id).and(grids::version.eq(row.version)));
    let set = (
        grids::valid_to.eq(Some(on)),
        grids::close_reason.eq(Some(reason)),
        grids::version.eq(row.version + 1),
        grids::updated_at.eq(by.at),
    );
    if target.set(set).execute(c)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    contacts::end_all(c, contacts::Place::Grid(row.id), on, reason, by)?;
    changed(c, row, "grid.closed", json!({ "on": on, "reason": reason }), by)
}

fn in_use(c: &mut Conn, row: &GridRow) -> Result<bool> {
    let below = grids::table.filter(grids::parent_id.eq(row.id).and(grids::valid_to.is_null()));
    let built = buildings::table.filter(buildings::grid_code.eq(&row.code).and(buildings::closed_on.is_null()));
    let held = compounds::table.filter(compounds::grid_code.eq(&row.code).and(compounds::closed_on.is_null()));
    let count = below.count().get_result::<i64>(c)?
        + built.count().get_result::<i64>(c)?
        + held.count().get_result::<i64>(c)?;
    Ok(count > 0)
}

//! Buildings, units and rooms: the leaves of the tree.

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Ts};
use platform::error::{OrConflict, wire};
use platform::history::{record, record_first};
use platform::{Error, Result, any_range, in_ranges};
use serde_json::json;

use super::compounds::{CompoundRow, refuse_closed};
use super::{By, behind, grids, lock_community, stays, whole};
use crate::schema::{buildings, compounds, rooms, units};
use crate::territory::dto::{
    BuildingId, BuildingIn, BuildingOut, BuildingPatch, CompoundId, InsideQuery, Lifecycle, RoomId, RoomIn, RoomOut,
    RoomPatch, RoomUse, UnitId, UnitIn, UnitOut, UnitPatch,
};
use crate::territory::rules;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = buildings, treat_none_as_default_value = false)]
pub struct BuildingRow {
    pub id: BuildingId,
    pub area_code: String,
    pub compound_id: CompoundId,
    pub grid_code: Option<String>,
    pub no: String,
    pub floors: i32,
    pub has_elevator: bool,
    pub closed_on: Option<NaiveDate>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = units, treat_none_as_default_value = false)]
pub struct UnitRow {
    pub id: UnitId,
    pub area_code: String,
    pub compound_id: CompoundId,
    pub building_id: BuildingId,
    pub no: String,
    pub closed_on: Option<NaiveDate>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rooms, treat_none_as_default_value = false)]
pub struct RoomRow {
    pub id: RoomId,
    pub area_code: String,
    pub compound_id: CompoundId,
    pub unit_id: UnitId,
    pub no: String,
    pub exclusive_area: i64,
    pub use_kind: RoomUse,
    pub closed_on: Option<NaiveDate>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// The list, the count and the finder of one kind of leaf: the three tables share their key, their lifecycle and nothing
/// else that diesel could be generic over. A leaf is seen by who sees its code, and by who sees the grid of its building.
macro_rules! leaf {
    ($table:ident, |$grid:ident| $in_grid:expr, $row:ty, $id:ty, $entity:literal, $closed:literal, $list:ident,
        $count:ident, $find:ident, $close:ident) => {
        pub fn $list(
            c: &mut Conn,
            visible: &Visible,
            (after, fetch): (Option<&str>, i64),
            filter: &InsideQuery,
        ) -> Result<Vec<$row>> {
            let ranges = behind(visible.ranges(), after);
            let query = leaf!(@seen $table, |$grid| $in_grid, ranges, visible, filter);
            let query = query.filter($table::area_code.gt(after.unwrap_or_default().to_owned()));
            Ok(query.order($table::area_code.asc()).limit(fetch).select(<$row>::as_select()).load(c)?)
        }

        pub fn $count(c: &mut Conn, visible: &Visible, filter: &InsideQuery) -> Result<i64> {
            let query = leaf!(@seen $table, |$grid| $in_grid, visible.ranges(), visible, filter);
            Ok(query.count().get_result(c)?)
        }

        pub fn $find(c: &mut Conn, visible: &Visible, id: $id) -> Result<$row> {
            let row: $row = $table::table.find(id).select(<$row>::as_select()).first(c)?;
            if visible.covers(&row.area_code) {
                return Ok(row);
            }
            let own = $table::table.into_boxed::<Backend>().filter($table::id.eq(id));
            let seen = own.filter(any_range!(visible.grid_ranges(), |$grid| $in_grid)).count();
            if seen.get_result::<i64>(c)? == 1 { Ok(row) } else { Err(Error::NotFound) }
        }

        /// Closes a leaf that holds no open one; its number is free again, its code is not.
        pub fn $close(c: &mut Conn, row: &$row, on: NaiveDate, reason: &str, by: &By) -> Result<$row> {
            // The register does not ask when a leaf was built; it was there on the day it was written down.
            rules::may_close(NaiveDate::MIN, row.closed_on, on, by.today)?;
            let target =
                diesel::update($table::table).filter($table::id.eq(row.id).and($table::version.eq(row.version)));
            let set = (
                $table::closed_on.eq(Some(on)),
                $table::version.eq(row.version + 1),
                $table::updated_at.eq(by.at),
            );
            if target.set(set).execute(c)? != 1 {
                return Err(Error::Stale { current: row.version + 1 });
            }
            let data = json!({ "on": on, "reason": reason });
            record(c, by.event($entity, row.id, row.version + 1, $closed, &row.area_code, data))?;
            $find(c, &Visible::everything(), row.id)
        }
    };
    (@seen $table:ident, |$grid:ident| $in_grid:expr, $ranges:expr, $visible:expr, $filter:expr) => {{
        let query = $table::table.into_boxed::<Backend>();
        let in_area = in_ranges!($ranges, $table::area_code);
        let grids = $visible.grid_ranges();
        // The plain condition where nobody asks by grid: the index on codes answers it alone.
        let query = if grids.is_empty() {
            query.filter(in_area)
        } else {
            query.filter(in_area.or(any_range!(grids, |$grid| $in_grid)))
        };
        match $filter.status.unwrap_or(Lifecycle::Open) {
            Lifecycle::Open => query.filter($table::closed_on.is_null()),
            Lifecycle::Closed => query.filter($table::closed_on.is_not_null()),
            Lifecycle::All => query,
        }
    }};
}

/// Whether the building in the query stands in a grid.
macro_rules! stands_in {
    ($grid:ident) => {{
        let code = buildings::grid_code.assume_not_null();
        buildings::grid_code.is_not_null().and(code.ge($grid.from)).and(code.lt($grid.to))
    }};
}

leaf!(
    buildings,
    |grid| stands_in!(grid),
    BuildingRow,
    BuildingId,
    "building",
    "building.closed",
    list_buildings,
    count_buildings,
    find_building,
    end_building
);
leaf!(
    units,
    |grid| exists(buildings::table.filter(buildings::id.eq(units::building_id)).filter(stands_in!(grid))),
    UnitRow,
    UnitId,
    "unit",
    "unit.closed",
    list_units,
    count_units,
    find_unit,
    end_unit
);
leaf!(
    rooms,
    |grid| {
        let of_unit = units::table.inner_join(buildings::table).filter(units::id.eq(rooms::unit_id));
        exists(of_unit.filter(stands_in!(grid)))
    },
    RoomRow,
    RoomId,
    "room",
    "room.closed",
    list_rooms,
    count_rooms,
    find_room,
    close_room
);

pub fn close_building(c: &mut Conn, row: &BuildingRow, on: NaiveDate, reason: &str, by: &By) -> Result<BuildingRow> {
    let inside = units::table.filter(units::building_id.eq(row.id).and(units::closed_on.is_null()));
    refuse_in_use(inside.count().get_result(c)?)?;
    end_building(c, row, on, reason, by)
}

pub fn close_unit(c: &mut Conn, row: &UnitRow, on: NaiveDate, reason: &str, by: &By) -> Result<UnitRow> {
    let inside = rooms::table.filter(rooms::unit_id.eq(row.id).and(rooms::closed_on.is_null()));
    refuse_in_use(inside.count().get_result(c)?)?;
    end_unit(c, row, on, reason, by)
}

fn refuse_in_use(open: i64) -> Result<()> {
    if open > 0 { Err((&rules::STILL_IN_USE).into()) } else { Ok(()) }
}

/// Under the community's lock: what was looked up before it must not have been given another code since, or what is built
/// in it would keep the old one.
fn unmoved(now: String, then: &str) -> Result<()> {
    if now == then { Ok(()) } else { Err((&wire::CONFLICT).into()) }
}

pub fn insert_building(c: &mut Conn, compound: &CompoundRow, new: &BuildingIn, by: &By) -> Result<BuildingRow> {
    refuse_closed(compound)?;
    lock_community(c, &compound.community_code)?;
    unmoved(compounds::table.find(compound.id).select(compounds::area_code).first(c)?, &compound.area_code)?;
    if let Some(code) = &new.grid_code {
        grids::of_community(c, &compound.community_code, code)?;
    }
    let last: Option<String> = buildings::table
        .filter(buildings::compound_id.eq(compound.id))
        .select(diesel::dsl::max(buildings::area_code))
        .first(c)?;
    let row = BuildingRow {
        id: BuildingId::fresh(),
        area_code: rules::next_code(&compound.area_code, last.as_deref(), 3)?,
        compound_id: compound.id,
        grid_code: new.grid_code.clone(),
        no: new.no.clone(),
        floors: new.floors,
        has_elevator: new.has_elevator,
        closed_on: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_building_row(c, &row, by)?;
    Ok(row)
}

pub fn insert_building_row(c: &mut Conn, row: &BuildingRow, by: &By) -> Result<()> {
    diesel::insert_into(buildings::table).values(row).execute(c).or_conflict(&rules::NUMBER_TAKEN)?;
    let data = whole(BuildingOut::from(row.clone()))?;
    record_first(c, by.event("building", row.id, 1, "building.created", &row.area_code, data))
}

#[derive(AsChangeset)]
#[diesel(table_name = buildings)]
struct BuildingChanges {
    no: Option<String>,
    floors: Option<i32>,
    has_elevator: Option<bool>,
    grid_code: Option<Option<String>>,
    version: i32,
    updated_at: Ts,
}

pub fn update_building(c: &mut Conn, row: &BuildingRow, patch: &BuildingPatch, by: &By) -> Result<BuildingRow> {
    refuse_ended(row.closed_on)?;
    let BuildingPatch { no, floors, has_elevator, grid_code } = patch.clone();
    if let Some(Some(code)) = &grid_code {
        let community = row.area_code.split('-').next().unwrap_or_default();
        grids::of_community(c, community, code)?;
    }
    let built = stays(&floors, &row.floors) && stays(&has_elevator, &row.has_elevator);
    if built && stays(&no, &row.no) && stays(&grid_code, &row.grid_code) {
        return Ok(row.clone());
    }
    let changes = BuildingChanges { no, floors, has_elevator, grid_code, version: row.version + 1, updated_at: by.at };
    let target =
        diesel::update(buildings::table).filter(buildings::id.eq(row.id).and(buildings::version.eq(row.version)));
    if target.set(changes).execute(c).or_conflict(&rules::NUMBER_TAKEN)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    let data = serde_json::to_value(patch).map_err(Error::internal)?;
    record(c, by.event("building", row.id, row.version + 1, "building.changed", &row.area_code, data))?;
    find_building(c, &Visible::everything(), row.id)
}

pub fn insert_unit(c: &mut Conn, building: &BuildingRow, new: &UnitIn, by: &By) -> Result<UnitRow> {
    refuse_ended(building.closed_on)?;
    lock_community(c, building.area_code.split('-').next().unwrap_or_default())?;
    unmoved(buildings::table.find(building.id).select(buildings::area_code).first(c)?, &building.area_code)?;
    let last: Option<String> =
        units::table.filter(units::building_id.eq(building.id)).select(diesel::dsl::max(units::area_code)).first(c)?;
    let row = UnitRow {
        id: UnitId::fresh(),
        area_code: rules::next_code(&building.area_code, last.as_deref(), 2)?,
        compound_id: building.compound_id,
        building_id: building.id,
        no: new.no.clone(),
        closed_on: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_unit_row(c, &row, by)?;
    Ok(row)
}

pub fn insert_unit_row(c: &mut Conn, row: &UnitRow, by: &By) -> Result<()> {
    diesel::insert_into(units::table).values(row).execute(c).or_conflict(&rules::NUMBER_TAKEN)?;
    let data = whole(UnitOut::from(row.clone()))?;
    record_first(c, by.event("unit", row.id, 1, "unit.created", &row.area_code, data))
}

pub fn update_unit(c: &mut Conn, row: &UnitRow, patch: &UnitPatch, by: &By) -> Result<UnitRow> {
    refuse_ended(row.closed_on)?;
    let Some(no) = patch.no.as_ref().filter(|no| **no != row.no) else { return Ok(row.clone()) };
    let target = diesel::update(units::table).filter(units::id.eq(row.id).and(units::version.eq(row.version)));
    let set = (units::no.eq(no), units::version.eq(row.version + 1), units::updated_at.eq(by.at));
    if target.set(set).execute(c).or_conflict(&rules::NUMBER_TAKEN)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    let data = serde_json::to_value(patch).map_err(Error::internal)?;
    record(c, by.event("unit", row.id, row.version + 1, "unit.changed", &row.area_code, data))?;
    find_unit(c, &Visible::everything(), row.id)
}

pub fn insert_room(c: &mut Conn, unit: &UnitRow, new: &RoomIn, by: &By) -> Result<RoomRow> {
    refuse_ended(unit.closed_on)?;
    lock_community(c, unit.area_code.split('-').next().unwrap_or_default())?;
    unmoved(units::table.find(unit.id).select(units::area_code).first(c)?, &unit.area_code)?;
    let last: Option<String> =
        rooms::table.filter(rooms::unit_id.eq(unit.id)).select(diesel::dsl::max(rooms::area_code)).first(c)?;
    let row = RoomRow {
        id: RoomId::fresh(),
        area_code: rules::next_code(&unit.area_code, last.as_deref(), 4)?,
        compound_id: unit.compound_id,
        unit_id: unit.id,
        no: new.no.clone(),
        exclusive_area: new.exclusive_area,
        use_kind: new.use_kind,
        closed_on: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_room_row(c, &row, by)?;
    Ok(row)
}

pub fn insert_room_row(c: &mut Conn, row: &RoomRow, by: &By) -> Result<()> {
    diesel::insert_into(rooms::table).values(row).execute(c).or_conflict(&rules::NUMBER_TAKEN)?;
    let data = whole(RoomOut::from(row.clone()))?;
    record_first(c, by.event("room", row.id, 1, "room.created", &row.area_code, data))
}

#[derive(AsChangeset)]
#[diesel(table_name = rooms)]
struct RoomChanges {
    no: Option<String>,
    exclusive_area: Option<i64>,
    use_kind: Option<RoomUse>,
    version: i32,
    updated_at: Ts,
}

pub fn update_room(c: &mut Conn, row: &RoomRow, patch: &RoomPatch, by: &By) -> Result<RoomRow> {
    refuse_ended(row.closed_on)?;
    let RoomPatch { no, exclusive_area, use_kind } = patch.clone();
    if stays(&no, &row.no) && stays(&exclusive_area, &row.exclusive_area) && stays(&use_kind, &row.use_kind) {
        return Ok(row.clone());
    }
    let changes = RoomChanges { no, exclusive_area, use_kind, version: row.version + 1, updated_at: by.at };
    let target = diesel::update(rooms::table).filter(rooms::id.eq(row.id).and(rooms::version.eq(row.version)));
    if target.set(changes).execute(c).or_conflict(&rules::NUMBER_TAKEN)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    let data = serde_json::to_value(patch).map_err(Error::internal)?;
    record(c, by.event("room", row.id, row.version + 1, "room.changed", &row.area_code, data))?;
    find_room(c, &Visible::everything(), row.id)
}

fn refuse_ended(closed_on: Option<NaiveDate>) -> Result<()> {
    if closed_on.is_some() { Err((&rules::ALREADY_CLOSED).into()) } else { Ok(()) }
}

//! Moves: a compound to another community, a community to another street. Ids stay, codes change, and where everything
//! lay before stays written down with its dates, so last year's figures stand.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Conn, Range};
use platform::history::record;
use platform::{Error, Result, recode};
use serde_json::json;

use super::compounds::{self, CompoundRow, refuse_closed};
use super::divisions::{self, DivisionRow};
use super::grids::GridRow;
use super::{By, lock_community, placements};
use crate::schema::{
    buildings, contact_assignments, divisions as divisions_table, grids as grids_table, mode_changes, rooms, units,
};
use crate::territory::dto::DivisionLevel;
use crate::territory::rules;

/// Moves one compound and everything in it. `on` is its first day in the new community.
pub fn move_compound(
    c: &mut Conn,
    row: &CompoundRow,
    community: &str,
    on: NaiveDate,
    reason: &str,
    by: &By,
) -> Result<CompoundRow> {
    refuse_closed(row)?;
    if row.community_code == community {
        return Err((&rules::SAME_PLACE).into());
    }
    if on > by.today {
        return Err(rules::IN_THE_FUTURE.at("/on"));
    }
    // Both, and in one order whichever way it goes, so that two moves cannot wait for each other: nothing is built in the
    // compound while its code changes.
    let (first, second) = (community.min(&row.community_code), community.max(&row.community_code));
    lock_community(c, first)?;
    lock_community(c, second)?;
    // A grid belongs to one community, so the compound and its buildings leave theirs behind.
    let inside = Range::under(&row.area_code);
    diesel::update(
        buildings::table.filter(buildings::area_code.ge(inside.from).and(buildings::area_code.lt(inside.to))),
    )
    .set(buildings::grid_code.eq(None::<String>))
    .execute(c)?;
    place(c, row, community, None, (on, reason), by)
}

/// Ends the compound's placement, opens the next, and gives everything inside the new code.
fn place(
    c: &mut Conn,
    row: &CompoundRow,
    community: &str,
    grid_code: Option<&str>,
    (on, reason): (NaiveDate, &str),
    by: &By,
) -> Result<CompoundRow> {
    let code = placements::next_code(c, community)?;
    let moved = compounds::set_place(c, row, (&code, community), grid_code, by)?;
    placements::end(c, row.id, on)?;
    placements::open(c, row.id, &code, on, Some(reason), by)?;
    recode_inside(c, &row.area_code, &code, by)?;
    Ok(moved)
}

fn recode_inside(c: &mut Conn, from: &str, to: &str, by: &By) -> Result<()> {
    recode!(c, from, to, buildings, units, rooms, contact_assignments, mode_changes);
    crate::identity::rebase_grants(c, from, to, by.actor, by.at)
}

/// Moves a community to another street: the old code is closed and names its successor, the new one its predecessor;
/// grids get the new prefix, compounds a placement under it.
pub fn move_community(
    c: &mut Conn,
    old: &DivisionRow,
    to: (&str, NaiveDate),
    reason: &str,
    by: &By,
) -> Result<DivisionRow> {
    let (new_code, on) = to;
    rules::may_recode(&old.code, new_code)?;
    rules::may_close(old.valid_from, old.valid_to, on, by.today)?;
    if old.level != DivisionLevel::Community {
        return Err(rules::CODE_SHAPE.at("/new_code"));
    }
    let street = rules::parent_of(new_code).unwrap_or_default();
    let parent = divisions_table::table.find(street).filter(divisions_table::valid_to.is_null());
    if parent.count().get_result::<i64>(c)? != 1 {
        return Err(rules::PARENT_MISSING.at("/new_code"));
    }
    lock_community(c, &old.code)?;
    let new = DivisionRow {
        alias: old.alias.clone(),
        households: old.households,
        residents: old.residents,
        land_area: old.land_area,
        predecessor_code: Some(old.code.clone()),
        ..DivisionRow::fresh(new_code, DivisionLevel::Community, &old.name, on, by.at)
    };
    divisions::insert_row(c, &new, by)?;
    rehome(c, &old.code, new_code, on, reason, by)?;
    divisions::end(c, old, on, Some(new_code), reason, by)?;
    divisions::find(c, &Visible::everything(), new_code)
}

/// Takes the grids and compounds of a community over to its new code; the new division exists already.
pub fn rehome(c: &mut Conn, from: &str, to: &str, on: NaiveDate, reason: &str, by: &By) -> Result<()> {
    lock_community(c, to)?;
    // First the grids: by the foreign key, what lies in them follows their codes.
    let open = grids_table::community_code.eq(from).and(grids_table::valid_to.is_null());
    let rows: Vec<GridRow> = grids_table::table.filter(open).select(GridRow::as_select()).load(c)?;
    for grid in rows {
        recode_grid(c, &grid, to, by)?;
    }
    for compound in compounds::of_community(c, from)? {
        place(c, &compound, to, compound.grid_code.as_deref(), (on, reason), by)?;
    }
    crate::identity::rebase_grants(c, from, to, by.actor, by.at)
}

/// A grid keeps its id and its serial and takes the community's new code.
fn recode_grid(c: &mut Conn, grid: &GridRow, community: &str, by: &By) -> Result<()> {
    let serial = grid.code.get(grid.community_code.len()..).unwrap_or_default();
    let code = format!("{community}{serial}");
    let target = diesel::update(grids_table::table)
        .filter(grids_table::id.eq(grid.id).and(grids_table::version.eq(grid.version)));
    let set = (
        grids_table::code.eq(&code),
        grids_table::community_code.eq(community),
        grids_table::version.eq(grid.version + 1),
        grids_table::updated_at.eq(by.at),
    );
    if target.set(set).execute(c)? != 1 {
        return Err(Error::Stale { current: grid.version + 1 });
    }
    recode!(c, grid.code.as_str(), code.as_str(), contact_assignments);
    let data = json!({ "from": grid.code, "to": code });
    record(c, by.event("grid", grid.id, grid.version + 1, "grid.moved", &code, data))
}

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Day, Json, Ts, fixed};
use platform::error::OrConflict;
use platform::history::{record, record_first};
use platform::{Error, Result, in_ranges, on_each, text};
use serde_json::{Value, json};

use super::contacts::Place;
use super::modes::{self, IntervalRow};
use super::{By, grids, lock_community, placements, stays, whole};
use crate::schema::{buildings, compound_modes as intervals, compounds};
use crate::territory::dto::{
    CompoundId, CompoundIn, CompoundKind, CompoundOut, CompoundPatch, ContractRef, EvidenceIn, ManagementMode,
    StarResultRef,
};
use crate::territory::rules;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = compounds, treat_none_as_default_value = false)]
pub struct CompoundRow {
    pub id: CompoundId,
    pub area_code: String,
    pub community_code: String,
    pub grid_code: Option<String>,
    pub name: String,
    pub search_name: String,
    pub kind: CompoundKind,
    pub address: String,
    pub built_year: Option<i32>,
    pub floor_area: Option<i64>,
    pub households: Option<i32>,
    pub residents: Option<i32>,
    pub management_mode: ManagementMode,
    pub pilots: Json,
    pub plan: Option<String>,
    pub brand: Option<String>,
    #[diesel(deserialize_as = Day)]
    pub opened_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub close_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
    pub serving_contract_id: Option<ContractRef>,
    pub confirmed_star: Option<i16>,
    pub star_as_of: Option<NaiveDate>,
    pub star_result_id: Option<StarResultRef>,
}

impl CompoundRow {
    /// An open compound as it is first registered.
    pub fn fresh(id: CompoundId, area_code: String, new: &CompoundIn, by: &By) -> Self {
        let CompoundIn {
            community_code,
            grid_code,
            name,
            kind,
            address,
            built_year,
            floor_area,
            households,
            residents,
            management_mode,
            evidence: _,
            pilots,
            plan,
            brand,
            opened_on,
        } = new.clone();
        Self {
            id,
            area_code,
            community_code,
            grid_code,
            search_name: search_text(&name, &address),
            name,
            kind,
            address,
            built_year,
            floor_area,
            households,
            residents,
            management_mode,
            pilots: Json(json!(pilots)),
            plan,
            brand,
            opened_on: opened_on.unwrap_or(by.today),
            closed_on: None,
            close_reason: None,
            version: 1,
            created_at: by.at,
            updated_at: by.at,
            serving_contract_id: None,
            confirmed_star: None,
            star_as_of: None,
            star_result_id: None,
        }
    }
}

/// Name and address, so that one search box finds either.
fn search_text(name: &str, address: &str) -> String {
    format!("{} {}", text::for_search(name), text::for_search(address))
}

/// A compound that the caller sees: in their area, or with a building in their grid.
pub fn find(c: &mut Conn, visible: &Visible, id: CompoundId) -> Result<CompoundRow> {
    // On each engine by itself: the combined backend would write the SQL out anew for every call of this hottest query.
    let row: CompoundRow =
        on_each!(c => fixed(compounds::table.find(id).select(CompoundRow::as_select())).get_result(c))?;
    if visible.covers(&row.area_code) || row.grid_code.as_deref().is_some_and(|grid| visible.covers(grid)) {
        return Ok(row);
    }
    let grids = visible.grid_ranges();
    let built: i64 = buildings::table
        .into_boxed::<Backend>()
        .filter(buildings::compound_id.eq(id))
        .filter(buildings::grid_code.is_not_null())
        .filter(in_ranges!(grids, buildings::grid_code.assume_not_null()))
        .count()
        .get_result(c)?;
    if built > 0 { Ok(row) } else { Err(Error::NotFound) }
}

pub fn insert(c: &mut Conn, new: &CompoundIn, by: &By) -> Result<CompoundRow> {
    lock_community(c, &new.community_code)?;
    let area_code = placements::next_code(c, &new.community_code)?;
    insert_as(c, &area_code, new, by)
}

/// The same under a code that a file brings along; a code that any compound ever had is refused.
pub fn insert_as(c: &mut Conn, area_code: &str, new: &CompoundIn, by: &By) -> Result<CompoundRow> {
    if new.opened_on.is_some_and(|day| day > by.today) {
        return Err(rules::IN_THE_FUTURE.at("/opened_on"));
    }
    rules::may_register_mode(new.management_mode, new.evidence.as_ref().map(|e| e.kind))?;
    if let Some(code) = &new.grid_code {
        grids::of_community(c, &new.community_code, code)?;
    }
    let row = CompoundRow::fresh(CompoundId::fresh(), area_code.to_owned(), new, by);
    insert_row(c, &row, new.evidence.as_ref(), by)?;
    Ok(row)
}

/// The compound with its first mode interval and its first placement.
pub fn insert_row(c: &mut Conn, row: &CompoundRow, evidence: Option<&EvidenceIn>, by: &By) -> Result<()> {
    diesel::insert_into(compounds::table).values(row).execute(c).or_conflict(&rules::CODE_TAKEN)?;
    modes::open(c, row.id, row.management_mode, row.opened_on, evidence.map(|e| (e.kind, e.reference.as_str())), by)?;
    placements::open(c, row.id, &row.area_code, row.opened_on, None, by)?;
    let mut data = whole(CompoundOut::from(row.clone()))?;
    if let Some(members) = data.as_object_mut() {
        members.insert("evidence".into(), json!(evidence));
    }
    record_first(c, by.event("compound", row.id, 1, "compound.created", &row.area_code, data))
}

#[derive(AsChangeset)]
#[diesel(table_name = compounds)]
struct CompoundChanges {
    name: Option<String>,
    search_name: Option<String>,
    kind: Option<CompoundKind>,
    address: Option<String>,
    grid_code: Option<Option<String>>,
    built_year: Option<Option<i32>>,
    floor_area: Option<Option<i64>>,
    households: Option<Option<i32>>,
    residents: Option<Option<i32>>,
    pilots: Option<Json>,
    plan: Option<Option<String>>,
    brand: Option<Option<String>>,
    version: i32,
    updated_at: Ts,
}

pub fn update(c: &mut Conn, row: &CompoundRow, patch: &CompoundPatch, by: &By) -> Result<CompoundRow> {
    refuse_closed(row)?;
    let CompoundPatch {
        name,
        kind,
        address,
        grid_code,
        built_year,
        floor_area,
        households,
        residents,
        pilots,
        plan,
        brand,
    } = patch.clone();
    if let Some(Some(code)) = &grid_code {
        grids::of_community(c, &row.community_code, code)?;
    }
    let words = stays(&name, &row.name) && stays(&address, &row.address) && stays(&kind, &row.kind);
    let texts = stays(&plan, &row.plan) && stays(&brand, &row.brand) && stays(&grid_code, &row.grid_code);
    let numbers = stays(&households, &row.households) && stays(&residents, &row.residents);
    let built = stays(&built_year, &row.built_year) && stays(&floor_area, &row.floor_area);
    if words && texts && numbers && built && pilots.as_ref().is_none_or(|pilots| json!(pilots) == row.pilots.0) {
        return Ok(row.clone());
    }
    let renamed = name.is_some() || address.is_some();
    let text = search_text(name.as_deref().unwrap_or(&row.name), address.as_deref().unwrap_or(&row.address));
    let changes = CompoundChanges {
        name,
        search_name: renamed.then_some(text),
        kind,
        address,
        grid_code,
        built_year,
        floor_area,
        households,
        residents,
        pilots: pilots.map(|pilots| Json(json!(pilots))),
        plan,
        brand,
        version: row.version + 1,
        updated_at: by.at,
    };
    let target =
        diesel::update(compounds::table).filter(compounds::id.eq(row.id).and(compounds::version.eq(row.version)));
    took_effect(target.set(changes).execute(c)?, row)?;
    let data = serde_json::to_value(patch).map_err(Error::internal)?;
    changed(c, row, "compound.changed", data, by)
}

/// Closes a compound that holds no open building.
pub fn close(c: &mut Conn, row: &CompoundRow, on: NaiveDate, reason: &str, by: &By) -> Result<CompoundRow> {
    rules::may_close(row.opened_on, row.closed_on, on, by.today)?;
    let inside = buildings::table.filter(buildings::compound_id.eq(row.id).and(buildings::closed_on.is_null()));
    if inside.count().get_result::<i64>(c)? > 0 {
        return Err((&rules::STILL_IN_USE).into());
    }
    let target =
        diesel::update(compounds::table).filter(compounds::id.eq(row.id).and(compounds::version.eq(row.version)));
    let set = (
        compounds::closed_on.eq(Some(on)),
        compounds::close_reason.eq(Some(reason)),
        compounds::version.eq(row.version + 1),
        compounds::updated_at.eq(by.at),
    );
    took_effect(target.set(set).execute(c)?, row)?;
    super::contacts::end_all(c, Place::Compound(row.id), on, reason, by)?;
    changed(c, row, "compound.closed", json!({ "on": on, "reason": reason }), by)
}

/// Puts another mode in force; the interval is `modes`' to write.
pub fn set_mode(c: &mut Conn, row: &CompoundRow, mode: ManagementMode, data: Value, by: &By) -> Result<CompoundRow> {
    let target =
        diesel::update(compounds::table).filter(compounds::id.eq(row.id).and(compounds::version.eq(row.version)));
    let set =
        (compounds::management_mode.eq(mode), compounds::version.eq(row.version + 1), compounds::updated_at.eq(by.at));
    took_effect(target.set(set).execute(c)?, row)?;
    changed(c, row, "compound.mode_changed", data, by)
}

/// Puts the compound under another community and code; everything inside it is `moves`' to recode.
pub fn set_place(
    c: &mut Conn,
    row: &CompoundRow,
    (area_code, community): (&str, &str),
    grid_code: Option<&str>,
    by: &By,
) -> Result<CompoundRow> {
    let target =
        diesel::update(compounds::table).filter(compounds::id.eq(row.id).and(compounds::version.eq(row.version)));
    let set = (
        compounds::area_code.eq(area_code),
        compounds::community_code.eq(community),
        compounds::grid_code.eq(grid_code),
        compounds::version.eq(row.version + 1),
        compounds::updated_at.eq(by.at),
    );
    took_effect(target.set(set).execute(c)?, row)?;
    let moved: CompoundRow = compounds::table.find(row.id).select(CompoundRow::as_select()).first(c)?;
    let data = json!({ "from": row.area_code, "to": area_code, "grid_code": moved.grid_code });
    record(c, by.event("compound", row.id, moved.version, "compound.moved", area_code, data))?;
    Ok(moved)
}

/// The open compounds of a community, for moving them all.
pub fn of_community(c: &mut Conn, community: &str) -> Result<Vec<CompoundRow>> {
    Ok(compounds::table
        .filter(compounds::community_code.eq(community).and(compounds::closed_on.is_null()))
        .order(compounds::area_code.asc())
        .select(CompoundRow::as_select())
        .load(c)?)
}

/// The running mode interval of each compound, in one query.
pub fn evidence_of(c: &mut Conn, rows: &[(CompoundOut, String)]) -> Result<HashMap<CompoundId, IntervalRow>> {
    let ids: Vec<CompoundId> = rows.iter().map(|(row, _)| row.id).collect();
    let open = intervals::table
        .filter(intervals::compound_id.eq_any(ids).and(intervals::valid_to.is_null()))
        .select(IntervalRow::as_select())
        .load(c)?;
    Ok(open.into_iter().map(|interval: IntervalRow| (interval.compound_id, interval)).collect())
}

/// By its code, or by its name in a community: how an import knows a compound again.
pub fn known(c: &mut Conn, area_code: Option<&str>, community: &str, name: &str) -> Result<Option<CompoundRow>> {
    let query = compounds::table.into_boxed::<Backend>();
    let query = match area_code {
        Some(code) => query.filter(compounds::area_code.eq(code.to_owned())),
        None => query
            .filter(compounds::community_code.eq(community.to_owned()))
            .filter(compounds::name.eq(name.to_owned()))
            .filter(compounds::closed_on.is_null()),
    };
    Ok(query.select(CompoundRow::as_select()).first(c).optional()?)
}

pub(super) fn refuse_closed(row: &CompoundRow) -> Result<()> {
    if row.closed_on.is_some() { Err((&rules::ALREADY_CLOSED).into()) } else { Ok(()) }
}

pub(super) fn took_effect(rows: usize, row: &CompoundRow) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::Stale { current: row.version + 1 }) }
}

pub(super) fn changed(
    c: &mut Conn,
    row: &CompoundRow,
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<CompoundRow> {
    record(c, by.event("compound", row.id, row.version + 1, event, &row.area_code, data))?;
    Ok(compounds::table.find(row.id).select(CompoundRow::as_select()).first(c)?)
}

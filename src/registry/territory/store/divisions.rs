use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Ts};
use platform::error::OrConflict;
use platform::history::{self, Event, record, record_first};
use platform::{Error, Result, in_ranges, text};
use serde_json::{Value, json};

use super::{By, Listing, behind, lock_community, stays, whole};
use crate::schema::{compounds, divisions, grids};
use crate::territory::dto::{DivisionIn, DivisionLevel, DivisionOut, DivisionPatch, DivisionQuery, Lifecycle};
use crate::territory::rules;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = divisions, treat_none_as_default_value = false)]
pub struct DivisionRow {
    pub code: String,
    pub level: DivisionLevel,
    pub name: String,
    pub search_name: String,
    pub alias: Option<String>,
    pub parent_code: Option<String>,
    pub households: Option<i32>,
    pub residents: Option<i32>,
    pub land_area: Option<i64>,
    pub predecessor_code: Option<String>,
    pub successor_code: Option<String>,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl DivisionRow {
    /// A division that has just been registered. `level` is the code's own.
    pub fn fresh(code: &str, level: DivisionLevel, name: &str, valid_from: NaiveDate, at: Ts) -> Self {
        Self {
            code: code.to_owned(),
            level,
            name: name.to_owned(),
            search_name: text::for_search(name),
            alias: None,
            parent_code: rules::parent_of(code).map(str::to_owned),
            households: None,
            residents: None,
            land_area: None,
            predecessor_code: None,
            successor_code: None,
            valid_from,
            valid_to: None,
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }
}

/// A division that the caller sees: in their area, or above it.
pub fn find(c: &mut Conn, visible: &Visible, code: &str) -> Result<DivisionRow> {
    // What has no code's shape is no division, and may hold what PostgreSQL refuses to take as text.
    let seen = visible.covers(code) || visible.lies_in(code);
    if !seen || DivisionLevel::of_code(code).is_none() {
        return Err(Error::NotFound);
    }
    Ok(divisions::table.find(code).select(DivisionRow::as_select()).first(c)?)
}

/// The open community with this code, for rows that are to lie in it; anything else is the field's fault.
pub fn open_community(c: &mut Conn, visible: &Visible, code: &str, pointer: &str) -> Result<DivisionRow> {
    visible.check(code)?;
    let row: Option<DivisionRow> = divisions::table.find(code).select(DivisionRow::as_select()).first(c).optional()?;
    let open = row.filter(|row| row.level == DivisionLevel::Community && row.valid_to.is_none());
    open.ok_or_else(|| rules::NOT_A_COMMUNITY.at(pointer))
}

/// Divisions by code; those above the caller's areas are reached by `ancestors`.
pub fn list(c: &mut Conn, at: Listing, filter: &DivisionQuery) -> Result<Vec<DivisionRow>> {
    let rows = filtered(at.ranges, filter).order(divisions::code.asc()).limit(at.fetch);
    Ok(rows.select(DivisionRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &DivisionQuery) -> Result<i64> {
    Ok(filtered(visible.ranges(), filter).count().get_result(c)?)
}

fn filtered(ranges: Vec<platform::db::Range>, filter: &DivisionQuery) -> divisions::BoxedQuery<'static, Backend> {
    let mut query = divisions::table.into_boxed::<Backend>().filter(in_ranges!(ranges, divisions::code));
    if let Some(level) = filter.level {
        query = query.filter(divisions::level.eq(level));
    }
    if let Some(q) = &filter.q {
        query = query.filter(divisions::search_name.like(text::pattern(q)).escape('\\'));
    }
    if let Some(day) = filter.as_of {
        return query
            .filter(divisions::valid_from.le(day))
            .filter(divisions::valid_to.is_null().or(divisions::valid_to.gt(day)));
    }
    match filter.status.unwrap_or(Lifecycle::Open) {
        Lifecycle::Open => query.filter(divisions::valid_to.is_null()),
        Lifecycle::Closed => query.filter(divisions::valid_to.is_not_null()),
        Lifecycle::All => query,
    }
}

/// The open divisions straight below one, by code.
pub fn children(
    c: &mut Conn,
    visible: &Visible,
    parent: &str,
    after: Option<&str>,
    fetch: i64,
) -> Result<Vec<DivisionRow>> {
    let ranges = behind(visible.ranges(), after);
    Ok(divisions::table
        .into_boxed::<Backend>()
        .filter(divisions::parent_code.eq(parent.to_owned()))
        .filter(divisions::valid_to.is_null())
        .filter(in_ranges!(ranges, divisions::code))
        .order(divisions::code.asc())
        .limit(fetch)
        .select(DivisionRow::as_select())
        .load(c)?)
}

pub fn count_children(c: &mut Conn, visible: &Visible, parent: &str) -> Result<i64> {
    Ok(divisions::table
        .into_boxed::<Backend>()
        .filter(divisions::parent_code.eq(parent.to_owned()))
        .filter(divisions::valid_to.is_null())
        .filter(in_ranges!(visible.ranges(), divisions::code))
        .count()
        .get_result(c)?)
}

/// The provinces, or everything above a code, from the top down.
pub fn ancestors(c: &mut Conn, code: &str) -> Result<Vec<DivisionRow>> {
    Ok(divisions::table
        .filter(divisions::code.eq_any(rules::ancestors_of(code)))
        .order(divisions::code.asc())
        .select(DivisionRow::as_select())
        .load(c)?)
}

pub fn insert(c: &mut Conn, visible: &Visible, new: &DivisionIn, by: &By) -> Result<DivisionRow> {
    let level = DivisionLevel::of_code(&new.code).ok_or_else(|| rules::CODE_SHAPE.at("/code"))?;
    visible.check(&new.code)?;
    if let Some(parent) = rules::parent_of(&new.code) {
        open_parent(c, parent)?;
    }
    let mut row = DivisionRow::fresh(&new.code, level, &new.name, new.valid_from.unwrap_or(by.today), by.at);
    row.alias.clone_from(&new.alias);
    insert_row(c, &row, by)?;
    Ok(row)
}

fn open_parent(c: &mut Conn, code: &str) -> Result<()> {
    let open = divisions::table.find(code).filter(divisions::valid_to.is_null()).count().get_result::<i64>(c)? == 1;
    if open { Ok(()) } else { Err(rules::PARENT_MISSING.at("/code")) }
}

pub fn insert_row(c: &mut Conn, row: &DivisionRow, by: &By) -> Result<()> {
    diesel::insert_into(divisions::table).values(row).execute(c).or_conflict(&rules::CODE_TAKEN)?;
    record_first(c, created(row, by)?)
}

fn created(row: &DivisionRow, by: &By) -> Result<Event> {
    let data = whole(DivisionOut::from(row.clone()))?;
    Ok(by.event("division", &row.code, 1, "division.created", &row.code, data))
}

/// Writes down what has happened to a division. One that an import brought has no history until then, or that of a country
/// would double: what it began as is written down with what first happens to it, and is no news.
fn happened(c: &mut Conn, row: &DivisionRow, name: &'static str, data: Value, by: &By) -> Result<()> {
    if row.version == 1 && history::count(c, "division", &row.code)? == 0 {
        let brought = By { actor: None, at: row.created_at, today: row.valid_from };
        history::take_over(c, &history::chained(vec![created(row, &brought)?]))?;
    }
    record(c, by.event("division", &row.code, row.version + 1, name, &row.code, data))
}

#[derive(AsChangeset)]
#[diesel(table_name = divisions)]
struct DivisionChanges {
    name: Option<String>,
    search_name: Option<String>,
    alias: Option<Option<String>>,
    households: Option<Option<i32>>,
    residents: Option<Option<i32>>,
    land_area: Option<Option<i64>>,
    version: Option<i32>,
    updated_at: Option<Ts>,
}

pub fn update(c: &mut Conn, row: &DivisionRow, patch: &DivisionPatch, by: &By) -> Result<DivisionRow> {
    let DivisionPatch { name, alias, households, residents, land_area } = patch.clone();
    if row.valid_to.is_some() {
        return Err((&rules::ALREADY_CLOSED).into());
    }
    let words = stays(&name, &row.name) && stays(&alias, &row.alias);
    if words
        && stays(&households, &row.households)
        && stays(&residents, &row.residents)
        && stays(&land_area, &row.land_area)
    {
        return Ok(row.clone());
    }
    let changes = DivisionChanges {
        search_name: name.as_deref().map(text::for_search),
        name,
        alias,
        households,
        residents,
        land_area,
        version: Some(row.version + 1),
        updated_at: Some(by.at),
    };
    compare_and_set(c, row, changes)?;
    let data = serde_json::to_value(patch).map_err(Error::internal)?;
    happened(c, row, "division.changed", data, by)?;
    find(c, &Visible::everything(), &row.code)
}

fn compare_and_set(c: &mut Conn, row: &DivisionRow, changes: DivisionChanges) -> Result<()> {
    let target = divisions::table.find(&row.code).filter(divisions::version.eq(row.version));
    match diesel::update(target).set(changes).execute(c)? {
        1 => Ok(()),
        _ => Err(Error::Stale { current: row.version + 1 }),
    }
}

/// A new name from a register: the old one stays in the history.
pub fn rename(c: &mut Conn, row: &DivisionRow, name: &str, by: &By) -> Result<()> {
    let changes = DivisionChanges {
        name: Some(name.to_owned()),
        search_name: Some(text::for_search(name)),
        alias: None,
        households: None,
        residents: None,
        land_area: None,
        version: Some(row.version + 1),
        updated_at: Some(by.at),
    };
    compare_and_set(c, row, changes)?;
    let data = json!({ "from": row.name, "name": name });
    happened(c, row, "division.renamed", data, by)
}

/// What a register brought under a new code is the old division: it takes over what was known of it.
pub fn succeed(c: &mut Conn, old: &DivisionRow, new_code: &str, by: &By) -> Result<()> {
    let new = find(c, &Visible::everything(), new_code)?;
    let target = divisions::table.find(&new.code).filter(divisions::version.eq(new.version));
    let set = (
        divisions::predecessor_code.eq(Some(&old.code)),
        divisions::alias.eq(&old.alias),
        divisions::households.eq(old.households),
        divisions::residents.eq(old.residents),
        divisions::land_area.eq(old.land_area),
        divisions::version.eq(new.version + 1),
        divisions::updated_at.eq(by.at),
    );
    if diesel::update(target).set(set).execute(c)? != 1 {
        return Err(Error::Stale { current: new.version + 1 });
    }
    let data = json!({ "predecessor_code": old.code, "alias": old.alias, "households": old.households,
        "residents": old.residents, "land_area": old.land_area });
    happened(c, &new, "division.succeeded", data, by)
}

/// Closes a division that nothing open lies in.
pub fn close(c: &mut Conn, row: &DivisionRow, on: NaiveDate, reason: &str, by: &By) -> Result<DivisionRow> {
    rules::may_close(row.valid_from, row.valid_to, on, by.today)?;
    lock_community(c, &row.code)?;
    if in_use(c, &row.code)? {
        return Err((&rules::STILL_IN_USE).into());
    }
    end(c, row, on, None, reason, by)
}

/// Ends a division's row; `successor` is the code that it goes on under.
pub fn end(
    c: &mut Conn,
    row: &DivisionRow,
    on: NaiveDate,
    successor: Option<&str>,
    reason: &str,
    by: &By,
) -> Result<DivisionRow> {
    let target = divisions::table.find(&row.code).filter(divisions::version.eq(row.version));
    let set = (
        divisions::valid_to.eq(Some(on)),
        divisions::successor_code.eq(successor),
        divisions::version.eq(row.version + 1),
        divisions::updated_at.eq(by.at),
    );
    if diesel::update(target).set(set).execute(c)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    let data = json!({ "on": on, "reason": reason, "successor_code": successor });
    happened(c, row, "division.closed", data, by)?;
    find(c, &Visible::everything(), &row.code)
}

/// Whether open divisions, grids or compounds lie in a division.
pub fn in_use(c: &mut Conn, code: &str) -> Result<bool> {
    let divisions = divisions::table
        .filter(divisions::parent_code.eq(code).and(divisions::valid_to.is_null()))
        .count()
        .get_result::<i64>(c)?;
    let grids = grids::table
        .filter(grids::community_code.eq(code).and(grids::valid_to.is_null()))
        .count()
        .get_result::<i64>(c)?;
    let compounds = compounds::table
        .filter(compounds::community_code.eq(code).and(compounds::closed_on.is_null()))
        .count()
        .get_result::<i64>(c)?;
    Ok(divisions + grids + compounds > 0)
}

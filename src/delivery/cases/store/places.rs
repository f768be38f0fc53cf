//! Where a case lies: an area of any level or a point, found in the register and held there until the row is written.

use diesel::prelude::*;
use platform::auth::{AreaCode, AreaLevel, Visible};
use platform::db::Conn;
use platform::{Result, on_each};
use registry::schema::{buildings, compounds, divisions, grids, rooms, units};
use registry::territory::dto::CompoundId;
use registry::territory::store::grids as register;

use crate::cases::rules::{NO_PLACE, PLACE_TOO_WIDE, PLACE_UNKNOWN};

/// A place as a case keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub area_code: String,
    pub community_code: String,
    pub grid_code: Option<String>,
    pub compound_id: Option<CompoundId>,
}

impl Place {
    /// Where a case lies.
    pub fn of(row: &super::rows::CaseRow) -> Self {
        Self {
            area_code: row.area_code.clone(),
            community_code: row.community_code.clone(),
            grid_code: row.grid_code.clone(),
            compound_id: row.compound_id,
        }
    }
}

const COMMUNITY_DIGITS: usize = 12;
const BUILDING_LENGTH: usize = 21;
const DISTRICT_DIGITS: usize = 6;

/// The district's digits of any code below it.
pub fn district_of(code: &str) -> &str {
    code.get(..DISTRICT_DIGITS).unwrap_or(code)
}

/// The open place that is meant: by its code where one is given, else by the grid that covers the point.
pub fn find(c: &mut Conn, code: Option<&AreaCode>, point: Option<(f64, f64)>) -> Result<Place> {
    match (code, point) {
        (Some(code), _) => by_code(c, code),
        (None, Some((lat, lon))) => by_point(c, lat, lon),
        (None, None) => Err(NO_PLACE.at("/area_code")),
    }
}

fn by_point(c: &mut Conn, lat: f64, lon: f64) -> Result<Place> {
    let grid = register::covering(c, &Visible::everything(), lon, lat)?.ok_or_else(|| PLACE_UNKNOWN.at("/lat"))?;
    Ok(in_community(grid.code.clone(), Some(grid.code)))
}

fn in_community(area_code: String, grid_code: Option<String>) -> Place {
    let community_code = area_code.get(..COMMUNITY_DIGITS).unwrap_or(&area_code).to_owned();
    Place { area_code, community_code, grid_code, compound_id: None }
}

fn by_code(c: &mut Conn, code: &AreaCode) -> Result<Place> {
    let text = code.as_str();
    let open: i64 = match code.level() {
        AreaLevel::Community => {
            on_each!(c => divisions::table.find(text).filter(divisions::valid_to.is_null()).count().get_result(c))?
        }
        AreaLevel::Grid => {
            grids::table.filter(grids::code.eq(text).and(grids::valid_to.is_null())).count().get_result(c)?
        }
        AreaLevel::Compound => 1,
        AreaLevel::Building => buildings::table
            .filter(buildings::area_code.eq(text).and(buildings::closed_on.is_null()))
            .count()
            .get_result(c)?,
        AreaLevel::Unit => {
            units::table.filter(units::area_code.eq(text).and(units::closed_on.is_null())).count().get_result(c)?
        }
        AreaLevel::Room => {
            rooms::table.filter(rooms::area_code.eq(text).and(rooms::closed_on.is_null())).count().get_result(c)?
        }
        _ => return Err(PLACE_TOO_WIDE.at("/area_code")),
    };
    if open != 1 {
        return Err(PLACE_UNKNOWN.at("/area_code"));
    }
    match code.level() {
        AreaLevel::Community => Ok(in_community(text.to_owned(), None)),
        AreaLevel::Grid => Ok(in_community(text.to_owned(), Some(text.to_owned()))),
        _ => in_compound(c, code),
    }
}

/// Inside a compound: of the building's grid where it has one, else of the compound's.
fn in_compound(c: &mut Conn, code: &AreaCode) -> Result<Place> {
    let compound = code.compound();
    let (id, grid) = hold_compound(c, compound.as_str())?.ok_or_else(|| PLACE_UNKNOWN.at("/area_code"))?;
    let building = code.as_str().get(..BUILDING_LENGTH);
    let own: Option<Option<String>> = match building {
        None => None,
        Some(building) => {
            let found = buildings::table.filter(buildings::area_code.eq(building));
            found.select(buildings::grid_code).first(c).optional()?
        }
    };
    let mut place = in_community(code.as_str().to_owned(), own.flatten().or(grid));
    place.compound_id = Some(id);
    Ok(place)
}

/// The open compound with this code, and its grid. It keeps its code until the transaction ends: SQLite has one writer, and
/// on PostgreSQL the lock, which those who report there share, waits for a move that is on its way.
fn hold_compound(c: &mut Conn, code: &str) -> Result<Option<(CompoundId, Option<String>)>> {
    let open = compounds::table
        .filter(compounds::area_code.eq(code).and(compounds::closed_on.is_null()))
        .select((compounds::id, compounds::grid_code));
    Ok(match c {
        Conn::Sqlite(c) => open.first(c).optional()?,
        Conn::Postgres(c) => open.for_share().first(c).optional()?,
    })
}

/// A code cut at the building, or at the compound where it lies in none; nothing of what lies in no compound.
pub fn building_of(code: &str) -> Option<&str> {
    let compound = code.contains('-');
    compound.then(|| code.get(..BUILDING_LENGTH).unwrap_or(code))
}

/// How a place reads on a public screen: the compound and, where it lies in one, the building; never a unit or a room.
pub fn public_name(c: &mut Conn, place: &Place) -> Result<String> {
    let compound: Option<String> = match place.compound_id {
        Some(id) => on_each!(c => compounds::table.find(id).select(compounds::name).first(c)).optional()?,
        None => {
            on_each!(c => divisions::table.find(&place.community_code).select(divisions::name).first(c)).optional()?
        }
    };
    let building: Option<String> = match place.area_code.get(..BUILDING_LENGTH) {
        Some(code) if place.compound_id.is_some() => {
            let found = buildings::table.filter(buildings::area_code.eq(code));
            found.select(buildings::no).first(c).optional()?
        }
        _ => None,
    };
    let name = compound.unwrap_or_default();
    Ok(building.map_or(name.clone(), |no| format!("{name}{no}号楼")))
}

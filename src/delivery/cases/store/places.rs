//! Where a case lies: an area of any level or a point, found in the register and held there until the row is written.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use platform::auth::{AreaCode, AreaLevel, Visible};
use platform::db::{Conn, Either, fixed, one_of};
use platform::{Error, Result, on_each};
use registry::schema::{buildings, compounds, divisions, grids, rooms, units};
use registry::territory::dto::CompoundId;
use registry::territory::store::grids as register;

use crate::cases::dto::NewCase;
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
const COMPOUND_LENGTH: usize = 17;
const BUILDING_LENGTH: usize = 21;
const DISTRICT_DIGITS: usize = 6;

/// The district's digits of any code below it.
pub fn district_of(code: &str) -> &str {
    code.get(..DISTRICT_DIGITS).unwrap_or(code)
}

/// A place as it is found: with what a public screen calls it, the compound and, where it lies in one, the building; never
/// a unit or a room.
#[derive(Debug, Clone)]
pub struct Found {
    pub place: Place,
    pub name: String,
}

/// The open place that is meant: by its code where one is given, else by the grid that covers the point.
pub fn find(c: &mut Conn, code: Option<&AreaCode>, point: Option<(f64, f64)>) -> Result<Found> {
    match (code, point) {
        (Some(code), _) => {
            check_level(code)?;
            Register::of(c, &[code])?.find(code).ok_or_else(|| PLACE_UNKNOWN.at("/area_code"))
        }
        (None, Some((lat, lon))) => by_point(c, lat, lon),
        (None, None) => Err(NO_PLACE.at("/area_code")),
    }
}

/// The place of a report.
pub fn meant_by(c: &mut Conn, new: &NewCase) -> Result<Found> {
    find(c, new.area_code.as_ref(), new.point)
}

/// A community or what lies in one.
fn check_level(code: &AreaCode) -> Result<()> {
    if code.level() >= AreaLevel::Community { Ok(()) } else { Err(PLACE_TOO_WIDE.at("/area_code")) }
}

fn by_point(c: &mut Conn, lat: f64, lon: f64) -> Result<Found> {
    let grid = register::covering(c, &Visible::everything(), lon, lat)?.ok_or_else(|| PLACE_UNKNOWN.at("/lat"))?;
    let code: AreaCode = grid.code.parse().map_err(Error::internal)?;
    Register::of(c, &[&code])?.find(&code).ok_or_else(|| PLACE_UNKNOWN.at("/lat"))
}

fn community_of(code: &str) -> &str {
    code.get(..COMMUNITY_DIGITS).unwrap_or(code)
}

/// What the register knows of some places: a statement for each kind that there is among them, however many they are.
#[derive(Default)]
pub struct Register {
    /// Names by code.
    communities: HashMap<String, String>,
    compounds: HashMap<String, CompoundRow>,
    /// Buildings by code: the grid that they lie in, and the number.
    buildings: HashMap<String, (Option<String>, String)>,
    /// Open grids, units and rooms.
    others: HashSet<String>,
}

struct CompoundRow {
    id: CompoundId,
    grid: Option<String>,
    name: String,
}

impl Register {
    /// Reads what is open of these places. Compounds keep their codes until the transaction ends: SQLite has one writer, and
    /// on PostgreSQL the lock, which those who report there share, waits for a move that is on its way.
    pub fn of(c: &mut Conn, codes: &[&AreaCode]) -> Result<Self> {
        let at = |level: AreaLevel| -> Vec<&str> {
            codes.iter().filter(|code| code.level() == level).map(|code| code.as_str()).collect()
        };
        let mut register = Self::default();
        let outside = codes.iter().map(|code| code.as_str()).filter(|code| !code.contains('-'));
        let inside = || codes.iter().map(|code| code.as_str()).filter(|code| code.contains('-'));
        register.read_communities(c, &distinct(outside.map(community_of)))?;
        register.read_compounds(c, &distinct(inside().filter_map(|code| code.get(..COMPOUND_LENGTH))))?;
        register.read_buildings(c, &distinct(inside().filter_map(|code| code.get(..BUILDING_LENGTH))))?;
        register.read_others(c, [at(AreaLevel::Grid), at(AreaLevel::Unit), at(AreaLevel::Room)])?;
        Ok(register)
    }

    fn read_communities(&mut self, c: &mut Conn, codes: &[&str]) -> Result<()> {
        if !codes.is_empty() {
            let open = one_of(divisions::code, codes).and(divisions::valid_to.is_null());
            let named = divisions::table.filter(open).select((divisions::code, divisions::name));
            self.communities.extend(on_each!(c => fixed(named).load::<(String, String)>(c))?);
        }
        Ok(())
    }

    fn read_compounds(&mut self, c: &mut Conn, codes: &[&str]) -> Result<()> {
        if codes.is_empty() {
            return Ok(());
        }
        let open = compounds::table
            .filter(one_of(compounds::area_code, codes).and(compounds::closed_on.is_null()))
            .order(compounds::area_code)
            .select((compounds::area_code, compounds::id, compounds::grid_code, compounds::name));
        let rows: Vec<(String, CompoundId, Option<String>, String)> = match c.either() {
            Either::Sqlite(c) => fixed(open).load(c)?,
            Either::Postgres(c) => fixed(open.for_share()).load(c)?,
        };
        self.compounds.extend(rows.into_iter().map(|(code, id, grid, name)| (code, CompoundRow { id, grid, name })));
        Ok(())
    }

    fn read_buildings(&mut self, c: &mut Conn, codes: &[&str]) -> Result<()> {
        if codes.is_empty() {
            return Ok(());
        }
        let open = buildings::table
            .filter(one_of(buildings::area_code, codes).and(buildings::closed_on.is_null()))
            .select((buildings::area_code, buildings::grid_code, buildings::no));
        let rows: Vec<(String, Option<String>, String)> = on_each!(c => fixed(open).load(c))?;
        self.buildings.extend(rows.into_iter().map(|(code, grid, no)| (code, (grid, no))));
        Ok(())
    }

    fn read_others(&mut self, c: &mut Conn, [in_grids, in_units, in_rooms]: [Vec<&str>; 3]) -> Result<()> {
        if !in_grids.is_empty() {
            let open = one_of(grids::code, &in_grids).and(grids::valid_to.is_null());
            self.others.extend(on_each!(c => fixed(grids::table.filter(open).select(grids::code)).load::<String>(c))?);
        }
        if !in_units.is_empty() {
            let open = one_of(units::area_code, &in_units).and(units::closed_on.is_null());
            let open = units::table.filter(open).select(units::area_code);
            self.others.extend(on_each!(c => fixed(open).load::<String>(c))?);
        }
        if !in_rooms.is_empty() {
            let open = one_of(rooms::area_code, &in_rooms).and(rooms::closed_on.is_null());
            let open = rooms::table.filter(open).select(rooms::area_code);
            self.others.extend(on_each!(c => fixed(open).load::<String>(c))?);
        }
        Ok(())
    }

    /// The place with this code, where it is open.
    pub fn find(&self, code: &AreaCode) -> Option<Found> {
        let text = code.as_str();
        match code.level() {
            AreaLevel::Community => self.in_community(text, None),
            AreaLevel::Grid => self.in_community(self.others.get(text)?, Some(text)),
            AreaLevel::Compound | AreaLevel::Building => self.in_compound(text),
            AreaLevel::Unit | AreaLevel::Room => self.in_compound(self.others.get(text)?),
            _ => None,
        }
    }

    fn in_community(&self, code: &str, grid: Option<&str>) -> Option<Found> {
        let community = community_of(code);
        let place = Place {
            area_code: code.to_owned(),
            community_code: community.to_owned(),
            grid_code: grid.map(str::to_owned),
            compound_id: None,
        };
        Some(Found { place, name: self.communities.get(community)?.clone() })
    }

    /// Inside a compound: of the building's grid where it has one, else of the compound's.
    fn in_compound(&self, code: &str) -> Option<Found> {
        let compound = self.compounds.get(code.get(..COMPOUND_LENGTH)?)?;
        let building = match code.get(..BUILDING_LENGTH) {
            Some(building) => Some(self.buildings.get(building)?),
            None => None,
        };
        let own = building.and_then(|(grid, _)| grid.clone());
        let place = Place {
            area_code: code.to_owned(),
            community_code: community_of(code).to_owned(),
            grid_code: own.or_else(|| compound.grid.clone()),
            compound_id: Some(compound.id),
        };
        Some(Found { place, name: named(&compound.name, building.map(|(_, no)| no.as_str())) })
    }
}

fn distinct<'a>(codes: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut codes: Vec<&str> = codes.collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// A code cut at the building, or at the compound where it lies in none; nothing of what lies in no compound.
pub fn building_of(code: &str) -> Option<&str> {
    let compound = code.contains('-');
    compound.then(|| code.get(..BUILDING_LENGTH).unwrap_or(code))
}

/// How a place reads on a public screen.
fn named(compound: &str, building: Option<&str>) -> String {
    building.map_or_else(|| compound.to_owned(), |no| format!("{compound}{no}号楼"))
}

/// The same of where a case lies, which may have been closed since.
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
    Ok(named(&compound.unwrap_or_default(), building.as_deref()))
}

//! 同德巷社区 in full: domain D2. 21 compounds, 110 buildings, 411 units, 5180 rooms.

use platform::Result;
use platform::db::Conn;
use registry::territory::dto::{BuildingId, CompoundId, RoomId, RoomUse, UnitId};
use registry::territory::store::By;
use registry::territory::store::buildings::{self, BuildingRow, RoomRow, UnitRow};

use super::divisions::{TONGDEXIANG, index_of};
use super::ids::{Kind, id};
use super::plan::{KANGSHENG, area_code};
use super::{compounds, grids};

const MANAGED: [&str; 5] = ["康盛花园", "帝豪花园", "金水湾", "金鑫小区", "常青茗庭小区"];
/// The first five are the demonstration yards of the seed; the other numbers are made up.
const YARDS: [&str; 16] = [
    "同德巷小区",
    "西环北路8号院",
    "西环北路14号院",
    "西环北路16号院",
    "西环北路30号院",
    "西环北路2号院",
    "西环北路4号院",
    "西环北路6号院",
    "西环北路10号院",
    "西环北路12号院",
    "西环北路18号院",
    "西环北路20号院",
    "西环北路22号院",
    "西环北路24号院",
    "西环北路26号院",
    "西环北路28号院",
];

/// Twelve yards of four buildings and four of three: 60.
const LARGE_YARDS: usize = 12;
/// 31 of their buildings have four units, the other 29 three: 211.
const LARGE_YARD_BUILDINGS: usize = 31;
/// 248 units have thirteen rooms, the other 163 twelve, all of 康盛花园 among them: 5180.
const LARGE_UNITS: usize = 248;

/// A compound and the number of rooms in each unit of each building.
pub struct Layout {
    pub serial: usize,
    pub name: String,
    pub managed: bool,
    pub buildings: Vec<Vec<usize>>,
}

impl Layout {
    pub fn rooms(&self) -> usize {
        self.buildings.iter().flatten().sum()
    }
}

/// The community's compounds, by serial.
pub fn compounds() -> Vec<Layout> {
    let managed = MANAGED.iter().map(|name| (*name, true));
    let named = managed.chain(YARDS.iter().map(|name| (*name, false)));
    let (mut yard_buildings, mut units) = (0, 0);
    let mut compounds = Vec::with_capacity(MANAGED.len() + YARDS.len());
    for (index, (name, managed)) in named.enumerate() {
        let serial = index + 1;
        let mut buildings = Vec::new();
        for _ in 0..buildings_of(serial) {
            let large = managed || yard_buildings < LARGE_YARD_BUILDINGS;
            yard_buildings += usize::from(!managed);
            let rooms = (0..if large { 4 } else { 3 }).map(|_| rooms_of_next(serial, &mut units));
            buildings.push(rooms.collect());
        }
        compounds.push(Layout { serial, name: name.to_owned(), managed, buildings });
    }
    compounds
}

/// One unit of the community, and where its rooms stand among all rooms.
pub struct Entrance {
    pub serial: usize,
    pub building: usize,
    pub unit: usize,
    rooms_before: usize,
}

impl Entrance {
    pub fn building_code(&self) -> String {
        format!("{}-{:03}", area_code(TONGDEXIANG, self.serial), self.building)
    }

    pub fn code(&self) -> String {
        format!("{}-{:02}", self.building_code(), self.unit)
    }

    /// Its `no`th room and the room's code.
    pub fn room(&self, no: usize) -> (RoomId, String) {
        (RoomId(id(Kind::Room, self.rooms_before + no)), format!("{}-{no:04}", self.code()))
    }
}

/// The 411 units in the order in which they are written.
pub fn entrances() -> Vec<Entrance> {
    let mut entrances = Vec::with_capacity(411);
    let mut rooms_before = 0;
    for layout in compounds() {
        for (building, units) in layout.buildings.iter().enumerate() {
            for (unit, rooms) in units.iter().enumerate() {
                entrances.push(Entrance {
                    serial: layout.serial,
                    building: building + 1,
                    unit: unit + 1,
                    rooms_before,
                });
                rooms_before += rooms;
            }
        }
    }
    entrances
}

fn buildings_of(serial: usize) -> usize {
    if serial <= MANAGED.len() {
        10
    } else if serial <= MANAGED.len() + LARGE_YARDS {
        4
    } else {
        3
    }
}

fn rooms_of_next(serial: usize, units: &mut usize) -> usize {
    if serial == KANGSHENG {
        return 12;
    }
    *units += 1;
    if *units <= LARGE_UNITS { 13 } else { 12 }
}

/// Writes the buildings, units and rooms; the compounds are there.
pub fn load(c: &mut Conn, by: &By) -> Result<()> {
    let layouts = compounds();
    let total: usize = layouts.iter().map(|layout| layout.buildings.len()).sum();
    let mut writer = Writer { by, total, buildings: 0, units: 0, rooms: 0 };
    layouts.iter().try_for_each(|layout| writer.compound(c, layout))
}

/// Counts what it writes, for the ids and for what is spread evenly.
struct Writer<'a> {
    by: &'a By,
    /// How many buildings there will be.
    total: usize,
    buildings: usize,
    units: usize,
    rooms: usize,
}

impl Writer<'_> {
    fn compound(&mut self, c: &mut Conn, layout: &Layout) -> Result<()> {
        let compound = compounds::id_of(TONGDEXIANG, layout.serial);
        let code = area_code(TONGDEXIANG, layout.serial);
        for (index, units) in layout.buildings.iter().enumerate() {
            let grid = grids::serial_of(self.buildings, self.total, index_of(TONGDEXIANG));
            self.buildings += 1;
            let building = BuildingRow {
                grid_code: Some(grids::code(TONGDEXIANG, grid)),
                has_elevator: layout.managed,
                // Two rooms on each floor.
                floors: units.iter().max().map_or(1, |rooms| floor_of(*rooms)),
                ..building(self.buildings, compound, &code, index + 1, self.by)
            };
            buildings::insert_building_row(c, &building, self.by)?;
            for (index, rooms) in units.iter().enumerate() {
                self.unit(c, &building, index + 1, (*rooms, layout.serial == KANGSHENG))?;
            }
        }
        Ok(())
    }

    fn unit(&mut self, c: &mut Conn, building: &BuildingRow, no: usize, rooms: (usize, bool)) -> Result<()> {
        self.units += 1;
        let unit = UnitRow {
            id: UnitId(id(Kind::Unit, self.units)),
            area_code: format!("{}-{no:02}", building.area_code),
            compound_id: building.compound_id,
            building_id: building.id,
            no: no.to_string(),
            closed_on: None,
            version: 1,
            created_at: self.by.at,
            updated_at: self.by.at,
        };
        buildings::insert_unit_row(c, &unit, self.by)?;
        let (count, all_alike) = rooms;
        (1..=count).try_for_each(|no| self.room(c, &unit, no, all_alike))
    }

    fn room(&mut self, c: &mut Conn, unit: &UnitRow, no: usize, all_alike: bool) -> Result<()> {
        self.rooms += 1;
        let room = RoomRow {
            id: RoomId(id(Kind::Room, self.rooms)),
            area_code: format!("{}-{no:04}", unit.area_code),
            compound_id: unit.compound_id,
            unit_id: unit.id,
            no: format!("{}0{}", floor_of(no), 2 - no % 2),
            exclusive_area: exclusive_area(self.rooms, all_alike),
            use_kind: RoomUse::Residential,
            closed_on: None,
            version: 1,
            created_at: self.by.at,
            updated_at: self.by.at,
        };
        buildings::insert_room_row(c, &room, self.by)
    }
}

/// The `no`th building of a compound, in no grid, six floors high. `number` is its own among all buildings.
pub fn building(number: usize, compound: CompoundId, compound_code: &str, no: usize, by: &By) -> BuildingRow {
    BuildingRow {
        id: BuildingId(id(Kind::Building, number)),
        area_code: format!("{compound_code}-{no:03}"),
        compound_id: compound,
        grid_code: None,
        no: no.to_string(),
        floors: 6,
        has_elevator: false,
        closed_on: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

/// The floor of a unit's `room`th room.
fn floor_of(room: usize) -> i32 {
    i32::try_from(room.div_ceil(2)).unwrap_or_default()
}

/// 康盛花园's are 100.00 m² each, the base of its fee motion; the others 80.00–119.99 m².
fn exclusive_area(number: usize, all_alike: bool) -> i64 {
    if all_alike { 10_000 } else { 8_000 + i64::try_from(number * 37 % 4_000).unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_the_community() {
        let compounds = compounds();
        let buildings: Vec<&Vec<usize>> = compounds.iter().flat_map(|c| &c.buildings).collect();
        let units: Vec<usize> = buildings.iter().copied().flatten().copied().collect();
        assert_eq!((compounds.len(), buildings.len(), units.len()), (21, 110, 411));
        assert_eq!(units.iter().sum::<usize>(), 5180);
        assert_eq!(units.iter().filter(|rooms| **rooms == 13).count(), 248);
        assert_eq!(compounds.iter().filter(|c| c.managed).count(), 5);

        let kangsheng = &compounds[0];
        assert_eq!((kangsheng.name.as_str(), kangsheng.buildings.len(), kangsheng.rooms()), ("康盛花园", 10, 480));
        assert_eq!(480 * exclusive_area(1, true), 4_800_000);
    }

    #[test]
    fn every_unit_has_its_entrance() {
        let entrances = entrances();
        assert_eq!(entrances.len(), 411);
        let (first, second) = (&entrances[0], &entrances[1]);
        assert_eq!(first.room(1), (RoomId(id(Kind::Room, 1)), "620902005003-0001-001-01-0001".to_owned()));
        assert_eq!(second.room(2), (RoomId(id(Kind::Room, 14)), "620902005003-0001-001-02-0002".to_owned()));
        assert_eq!(entrances.iter().filter(|at| at.unit == 1).count(), 110);
    }

    #[test]
    fn other_rooms_have_80_to_120_square_metres() {
        assert!((1..=5180).map(|n| exclusive_area(n, false)).all(|area| (8_000..12_000).contains(&area)));
    }
}

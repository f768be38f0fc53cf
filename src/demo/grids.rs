//! 636 grids with their boundaries, duty phones and leaders, all made up and always the same.

use platform::Result;
use platform::db::Conn;
use registry::territory::dto::{AssignmentId, AssignmentKind, GridId, GridIn, GridKind};
use registry::territory::store::By;
use registry::territory::store::contacts::{self, AssignmentRow};
use registry::territory::store::grids::{self, GridRow};
use serde_json::{Value, json};

use super::dates::day;
use super::divisions::{COMMUNITIES, REGISTERED};
use super::ids::{Kind, id};
use super::plan::{Planned, share};

const GRIDS: usize = 636;
/// One grid in so many is a hard spot (难点区域).
const HARD_SPOT_EVERY: usize = 20;

/// The lattice, in millionths of a degree: 5 × 5 communities of 6 × 6 cells around 98.49 E, 39.73 N.
const WEST: i32 = 98_460_000;
const SOUTH: i32 = 39_707_500;
const CELL_WIDTH: i32 = 2_000;
const CELL_HEIGHT: i32 = 1_500;
const COMMUNITIES_ABREAST: usize = 5;
const CELLS_ABREAST: usize = 6;

/// How many grids the `community`th has: the first six have one more.
pub fn count(community: usize) -> usize {
    share(GRIDS, COMMUNITIES.len(), community)
}

pub fn code(community: &str, serial: usize) -> String {
    format!("{community}{serial:03}")
}

/// The serial of the grid in which the `index`th of `total` things lies that are spread over a community.
pub fn serial_of(index: usize, total: usize, community: usize) -> usize {
    index * count(community) / total + 1
}

pub fn load(c: &mut Conn, compounds: &[Planned], by: &By) -> Result<()> {
    let mut number = 0;
    for (community, (code, place)) in COMMUNITIES.iter().enumerate() {
        let households = compounds.iter().filter(|p| p.community == community).map(|p| p.households).sum();
        for serial in 1..=count(community) {
            number += 1;
            let new = GridIn {
                community_code: (*code).to_owned(),
                serial: None,
                parent_code: None,
                level: 3,
                kind: GridKind::Basic,
                name: format!("{place}第{serial}网格"),
                households: i32::try_from(share(households, count(community), serial - 1)).ok(),
                residents: None,
                duty_phone: Some(format!("0937-26{number:05}")),
                polygon: Some(polygon(community, serial - 1)),
                valid_from: Some(REGISTERED),
            };
            let row = GridRow::fresh(GridId(id(Kind::Grid, number)), self::code(code, serial), &new, None, by)?;
            grids::insert_row(c, &row, by)?;
            contacts::insert_row(c, &leader(&row, number, by), by)?;
        }
    }
    Ok(())
}

/// 包抓领导: one of the district for each grid.
fn leader(grid: &GridRow, number: usize, by: &By) -> AssignmentRow {
    AssignmentRow {
        id: AssignmentId(id(Kind::Assignment, number)),
        kind: AssignmentKind::Leader,
        grid_id: Some(grid.id),
        compound_id: None,
        area_code: grid.code.clone(),
        assignee: format!("测试·包抓领导{number:03}"),
        title: Some("区级领导".to_owned()),
        account_id: None,
        hard_spot: number.is_multiple_of(HARD_SPOT_EVERY),
        valid_from: day(2023, 1, 1),
        valid_to: None,
        ended_on: None,
        end_reason: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

/// A cell of the lattice. Neighbours share their corners to the last bit, so they touch and do not overlap.
fn polygon(community: usize, cell: usize) -> Value {
    let column = community % COMMUNITIES_ABREAST * CELLS_ABREAST + cell % CELLS_ABREAST;
    let row = community / COMMUNITIES_ABREAST * CELLS_ABREAST + cell / CELLS_ABREAST;
    let degrees =
        |from: i32, step: i32, index: usize| f64::from(from + step * i32::try_from(index).unwrap_or_default()) / 1e6;
    let (west, east) = (degrees(WEST, CELL_WIDTH, column), degrees(WEST, CELL_WIDTH, column + 1));
    let (south, north) = (degrees(SOUTH, CELL_HEIGHT, row), degrees(SOUTH, CELL_HEIGHT, row + 1));
    json!({ "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]] })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn six_hundred_and_thirty_six() {
        let counts: Vec<usize> = (0..COMMUNITIES.len()).map(count).collect();
        assert_eq!(counts.iter().sum::<usize>(), 636);
        assert!(counts.iter().enumerate().all(|(index, count)| *count == if index < 6 { 31 } else { 30 }));
    }

    #[test]
    fn every_cell_is_used_once() {
        let cells =
            (0..COMMUNITIES.len()).flat_map(|community| (0..count(community)).map(move |cell| (community, cell)));
        let polygons: BTreeSet<String> = cells.map(|(community, cell)| polygon(community, cell).to_string()).collect();
        assert_eq!(polygons.len(), 636);
    }

    #[test]
    fn buildings_reach_the_first_and_the_last_grid() {
        assert_eq!((serial_of(0, 110, 15), serial_of(109, 110, 15)), (1, 30));
    }
}

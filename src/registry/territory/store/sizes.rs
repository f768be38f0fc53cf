//! 网格规模: grids as they are sent, each held against the size that its place wants grids to have.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Conn;
use platform::rule_sets::Versions;
use platform::{Error, Result};

use super::grids::GridRow;
use crate::territory::dto::GridOut;
use crate::territory::params::{GRID_SIZE, GridSize};

/// Several grids, by one statement more.
pub fn judge_all(c: &mut Conn, rows: Vec<GridRow>, on: NaiveDate) -> Result<Vec<GridOut>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut communities: BTreeMap<String, (AreaCode, GridSize)> = BTreeMap::new();
    for row in &rows {
        if !communities.contains_key(&row.community_code) {
            let area = row.community_code.parse().map_err(Error::internal)?;
            communities.insert(row.community_code.clone(), (area, GridSize::default()));
        }
    }
    let versions = Versions::in_force(c, &[&GRID_SIZE], communities.values().map(|(area, _)| area), on)?;
    for (area, size) in communities.values_mut() {
        *size = versions.at(area).get(&GRID_SIZE)?.1;
    }
    let size_of =
        |row: &GridRow| communities.get(&row.community_code).map_or_else(GridSize::default, |(_, size)| *size);
    Ok(rows.into_iter().map(|row| (size_of(&row), row)).map(|(size, row)| GridOut::of(row, &size)).collect())
}

pub fn judge(c: &mut Conn, row: GridRow, on: NaiveDate) -> Result<GridOut> {
    judge_all(c, vec![row], on)?.pop().ok_or_else(|| Error::internal("one grid is judged as none"))
}

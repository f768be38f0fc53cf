//! 本地规则: what the district has set for itself.

use platform::Result;
use platform::db::Conn;
use platform::history::By;
use platform::rule_sets::{self, NewRuleSet, RuleSetId};
use registry::territory::{GRID_SIZE, GridSize};
use serde_json::json;

use super::ids::{Kind, id};

const DISTRICT: &str = "620902";

/// The district's 636 grids are finer than the usual 300–500 households: some 184 each.
pub fn load(c: &mut Conn, by: &By) -> Result<()> {
    let grid_size = NewRuleSet {
        id: RuleSetId(id(Kind::RuleSet, 1)),
        key: GRID_SIZE.key.to_owned(),
        area_code: DISTRICT.to_owned(),
        params: json!(GridSize { min_households: 100, max_households: 500 }),
        legal_basis: "测试·肃州区网格划分方案: 636个网格,每格100–500户".to_owned(),
        effective_from: by.today,
    };
    rule_sets::create(c, grid_size, by).map(drop)
}

//! What places may set for themselves about their register.

use platform::rule_sets::{Params, RuleKey};
use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

/// 网格规模, in households
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = check_order))]
pub struct GridSize {
    /// 最少户数: below it a grid is told to be small
    #[validate(range(min = 0, max = 100_000))]
    pub min_households: i32,
    /// 最多户数: above it a grid is told to be large
    #[validate(range(min = 1, max = 100_000))]
    pub max_households: i32,
}

fn check_order(size: &GridSize) -> Result<(), ValidationError> {
    if size.min_households <= size.max_households { Ok(()) } else { Err(ValidationError::new("grid_size_order")) }
}

impl Default for GridSize {
    fn default() -> Self {
        Self { min_households: 300, max_households: 500 }
    }
}

impl Params for GridSize {}

pub const GRID_SIZE: RuleKey = RuleKey::new::<GridSize>(
    "territory.grid_size",
    "网格规模(户数)",
    "Size of grids in households",
    "城市社区网格划分的通行标准: 每格300–500户或1000人左右",
);

/// The rules of this context that places may set.
pub const RULES: &[&RuleKey] = &[&GRID_SIZE];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_size_has_a_lower_and_an_upper_end_in_order() {
        let check =
            |min: i32, max: i32| GRID_SIZE.check(&json!({ "min_households": min, "max_households": max })).is_ok();
        assert!(GRID_SIZE.check(&GRID_SIZE.default()).is_ok());
        assert!(check(100, 500) && check(300, 300) && check(0, 1));
        assert!(!check(500, 300) && !check(-1, 500) && !check(0, 0) && !check(0, 100_001));
    }
}

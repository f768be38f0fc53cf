//! What places may set for themselves about standards. The numbers that hold where none has are the demo's own: no source
//! gives them.

use std::collections::BTreeMap;

use platform::rule_sets::{Params, RuleKey};
use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

use crate::standards::dto::RedLineGround;

/// 检查计分
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Scoring {
    /// What an item that is met in part earns, in hundredths of its weight.
    #[validate(range(min = 0, max = 100))]
    pub partial_percent: i32,
}

impl Default for Scoring {
    fn default() -> Self {
        Self { partial_percent: 50 }
    }
}

impl Params for Scoring {}

pub const SCORING: RuleKey = RuleKey::new::<Scoring>(
    "standards.scoring",
    "检查计分",
    "How a check is scored",
    "部分符合得一半为演示用本地规则,来源未规定 · half for what is met in part is the demo's own",
);

/// What a red line costs where no place has said so, in basis points of the year's score.
const POINTS: i32 = 1000;

/// 红线扣分, by ground; a ground that is left out costs the product's own number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct RedLines {
    #[validate(custom(function = check_points))]
    pub points: BTreeMap<RedLineGround, i32>,
}

fn check_points(points: &BTreeMap<RedLineGround, i32>) -> Result<(), ValidationError> {
    if points.values().all(|points| (1..=10_000).contains(points)) {
        Ok(())
    } else {
        Err(ValidationError::new("range"))
    }
}

impl Params for RedLines {}

impl RedLines {
    pub fn of(&self, ground: RedLineGround) -> i32 {
        self.points.get(&ground).copied().unwrap_or(POINTS)
    }
}

pub const RED_LINES: RuleKey = RuleKey::new::<RedLines>(
    "standards.red_lines",
    "红线事项扣分",
    "What a red line costs in the annual assessment",
    "每项扣 10 分为演示用本地规则,来源未规定 · ten points each are the demo's own",
);

/// The rules of this context that places may set.
pub const RULES: &[&RuleKey] = &[&SCORING, &RED_LINES];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_holds_by_itself_is_within_its_own_bounds() {
        for rule in RULES {
            assert!(rule.check(&rule.default()).is_ok(), "{}", rule.key);
        }
        assert_eq!(RedLines::default().of(RedLineGround::FundMisuse), POINTS);
    }

    #[test]
    fn a_place_sets_what_one_ground_costs_and_leaves_the_others() {
        let rules: RedLines = serde_json::from_value(json!({ "points": { "fund_misuse": 2000 } })).expect("rules");
        assert_eq!((rules.of(RedLineGround::FundMisuse), rules.of(RedLineGround::ForgedDisclosure)), (2000, POINTS));
        assert!(RED_LINES.check(&json!({ "points": { "fund_misuse": 0 } })).is_err());
        assert!(SCORING.check(&json!({ "partial_percent": 101 })).is_err());
    }
}

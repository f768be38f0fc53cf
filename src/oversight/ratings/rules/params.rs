//! What places may set for themselves about ratings, beside the scheme itself.

use platform::rule_sets::{Params, RuleKey};
use serde::{Deserialize, Serialize};
use validator::Validate;

/// 评定期限
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct RatingDays {
    /// 公示天数, full days
    #[validate(range(min = 7, max = 60))]
    pub publicity_days: i32,
    /// 申诉天数, full days after the posting has ended
    #[validate(range(min = 1, max = 60))]
    pub appeal_days: i32,
}

impl Default for RatingDays {
    fn default() -> Self {
        Self { publicity_days: 7, appeal_days: 7 }
    }
}

impl Params for RatingDays {}

pub const DAYS: RuleKey = RuleKey::new::<RatingDays>(
    "ratings.days",
    "星级评定的公示与申诉天数",
    "Days of publicity and of appeals of a rating",
    "本地建议值: 公示不少于七日,申诉七日;计算依民法典第201、203条",
);

/// The rules of this context that places may set.
pub const RULES: &[&RuleKey] = &[&DAYS];

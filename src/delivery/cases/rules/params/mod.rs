//! What places may set for themselves about cases: the dictionary, the time limits, who gets what, and the rest.

pub mod categories;
pub mod deadlines;
pub mod routing;

use platform::rule_sets::{Params, RuleKey};
use serde::{Deserialize, Serialize};
use validator::Validate;

pub use categories::CATEGORIES;
pub use deadlines::DEADLINES;
pub use routing::ROUTING;

/// 办理规则
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Handling {
    /// 退单上限: after so many returns the tier above names the handler
    #[validate(range(min = 1, max = 2))]
    pub max_returns: i32,
    /// 挂起上限, working days in one go
    #[validate(range(min = 1, max = 60))]
    pub max_hold_days: i64,
    /// 挂起合计上限, working days of all holds of a round
    #[serde(default = "total_hold_days")]
    #[validate(range(min = 1, max = 120))]
    pub max_total_hold_days: i64,
    /// 延期, working days at most
    #[validate(range(min = 1, max = 30))]
    pub max_extension_days: i32,
    /// 无人接听几次后可归档
    #[validate(range(min = 3, max = 10))]
    pub unanswered_visits: i32,
    /// 两次无人接听之间至少间隔几小时
    #[serde(default = "hours_between_attempts")]
    #[validate(range(min = 1, max = 72))]
    pub min_hours_between_attempts: i64,
    /// 首次无人接听几日后归档, where nobody has been reached by then
    #[serde(default = "no_answer_days")]
    #[validate(range(min = 1, max = 60))]
    pub no_answer_days: i64,
    /// 回访抽样, of a hundred; complaints and reopened cases are always visited
    #[validate(range(min = 1, max = 100))]
    pub visit_sample: i32,
    /// "基本满意" counts as satisfied
    pub basically_counts: bool,
    /// 报事人可要求重开, days after closing
    #[validate(range(min = 1, max = 90))]
    pub reopen_days: i64,
    /// 撤销并案, days
    #[validate(range(min = 1, max = 30))]
    pub unmerge_days: i64,
    /// 超时后再过几个工作分钟上交一级
    #[validate(range(min = 60, max = 14_400))]
    pub escalate_after_minutes: i64,
}

// What a place set before these were asked for has none of them.
const fn total_hold_days() -> i64 {
    40
}
const fn hours_between_attempts() -> i64 {
    4
}
const fn no_answer_days() -> i64 {
    7
}

impl Default for Handling {
    fn default() -> Self {
        Self {
            max_returns: 2,
            max_hold_days: 20,
            max_total_hold_days: total_hold_days(),
            max_extension_days: 5,
            unanswered_visits: 3,
            min_hours_between_attempts: hours_between_attempts(),
            no_answer_days: no_answer_days(),
            visit_sample: 100,
            basically_counts: false,
            reopen_days: 15,
            unmerge_days: 30,
            escalate_after_minutes: 480,
        }
    }
}

impl Params for Handling {}

pub const HANDLING: RuleKey = RuleKey::new::<Handling>(
    "cases.handling",
    "工单办理规则",
    "Handling of cases",
    "本地建议值;首接负责、退单说明理由、延期说明理由,参照北京市接诉即办工作条例 · recommended locally",
);

/// The rules of this context that places may set.
pub const RULES: &[&RuleKey] = &[&CATEGORIES, &DEADLINES, &ROUTING, &HANDLING];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_passes_its_own_check() {
        for rule in RULES {
            assert!(rule.check(&rule.default()).is_ok(), "{}: {:?}", rule.key, rule.check(&rule.default()));
        }
    }
}

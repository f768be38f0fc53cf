//! What places may set for themselves about appointments, beside the directions.

use platform::rule_sets::{Params, RuleKey};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::directions::DIRECTIONS;

/// 任职资格
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    /// 业委会委员须为本小区业主. 河南省物业管理条例 28 lets members of the residents' committee serve without saying "owner".
    pub committee_needs_owner: bool,
    /// 利害关系 reaches to the suppliers of the serving company.
    pub conflict_with_suppliers: bool,
    /// 任期上限, years; the post's own may be shorter
    #[validate(range(min = 1, max = 5))]
    pub max_term_years: i32,
}

impl Default for Eligibility {
    fn default() -> Self {
        Self { committee_needs_owner: true, conflict_with_suppliers: true, max_term_years: 5 }
    }
}

impl Params for Eligibility {}

pub const ELIGIBILITY: RuleKey = RuleKey::new::<Eligibility>(
    "appointments.eligibility",
    "任职资格",
    "Eligibility",
    "物业管理条例第16条;建房〔2009〕274号第31、32条;北京市物业管理条例第39条",
);

/// The rules of this context that places may set.
pub const RULES: &[&RuleKey] = &[&DIRECTIONS, &ELIGIBILITY];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_place_lets_a_term_run_past_five_years() {
        assert!(ELIGIBILITY.check(&ELIGIBILITY.default()).is_ok());
        let with = |years: i32| serde_json::json!(Eligibility { max_term_years: years, ..Eligibility::default() });
        assert!(ELIGIBILITY.check(&with(6)).is_err());
        assert!(ELIGIBILITY.check(&with(3)).is_ok());
    }
}

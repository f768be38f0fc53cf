//! What places may set for themselves about organisations: never looser than the national law leaves room for.

use platform::rule_sets::{Params, RuleKey};
use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

/// 业委会、自管委的人数、任期与备案
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = check_sizes))]
pub struct Committees {
    /// 最少人数, odd: 建房〔2009〕274号 art. 31
    #[validate(range(min = 5, max = 11))]
    pub min_seats: i32,
    /// 最多人数, odd: 建房〔2009〕274号 art. 31
    #[validate(range(min = 5, max = 11))]
    pub max_seats: i32,
    /// 小型小区最少人数: 3 by the rules of Beijing (art. 39) and of Hangzhou; absent where there is no such rule.
    #[validate(range(min = 3, max = 5))]
    pub small_min_seats: Option<i32>,
    /// 小型小区: so many households at most
    #[validate(range(min = 1, max = 100))]
    pub small_households: i32,
    /// 任期上限, years: 建房〔2009〕274号 art. 32
    #[validate(range(min = 1, max = 5))]
    pub max_term_years: u32,
    /// 备案期限, days from the election: 物业管理条例 art. 16
    #[validate(range(min = 1, max = 30))]
    pub filing_days: i64,
}

fn check_sizes(rule: &Committees) -> Result<(), ValidationError> {
    let odd = |seats: i32| seats % 2 == 1;
    let sizes = odd(rule.min_seats) && odd(rule.max_seats) && rule.small_min_seats.is_none_or(odd);
    if sizes && rule.min_seats <= rule.max_seats { Ok(()) } else { Err(ValidationError::new("committee_sizes")) }
}

impl Default for Committees {
    fn default() -> Self {
        Self {
            min_seats: 5,
            max_seats: 11,
            small_min_seats: None,
            small_households: 100,
            max_term_years: 5,
            filing_days: 30,
        }
    }
}

impl Params for Committees {}

pub const COMMITTEES: RuleKey = RuleKey::new::<Committees>(
    "organisations.committees",
    "业委会人数、任期与备案",
    "Committees: sizes, terms and filing",
    "建房〔2009〕274号第31、32条;物业管理条例第16条",
);

/// 物业服务合同的通知期, days
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Notices {
    /// 业主解聘: Civil Code 946
    #[validate(range(min = 60, max = 180))]
    pub owners_days: i64,
    /// 企业不续约: Civil Code 947
    #[validate(range(min = 90, max = 180))]
    pub company_days: i64,
    /// 不定期合同, either side: Civil Code 948
    #[validate(range(min = 60, max = 180))]
    pub indefinite_days: i64,
}

impl Default for Notices {
    fn default() -> Self {
        Self { owners_days: 60, company_days: 90, indefinite_days: 60 }
    }
}

impl Params for Notices {}

pub const NOTICES: RuleKey = RuleKey::new::<Notices>(
    "organisations.notices",
    "物业服务合同通知期",
    "Notice of service contracts",
    "民法典第946、947、948条",
);

/// 联合党支部
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct JointBranches {
    /// 覆盖单位数上限: "generally" five
    #[validate(range(min = 2, max = 5))]
    pub max_units: i64,
}

impl Default for JointBranches {
    fn default() -> Self {
        Self { max_units: 5 }
    }
}

impl Params for JointBranches {}

pub const JOINT_BRANCHES: RuleKey = RuleKey::new::<JointBranches>(
    "organisations.joint_branches",
    "联合党支部覆盖单位数",
    "Units of a joint branch",
    "中国共产党支部工作条例(试行)第5条",
);

/// The rules of this context that places may set.
pub const RULES: &[&RuleKey] = &[&COMMITTEES, &NOTICES, &JOINT_BRANCHES];

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn with(rule: &RuleKey, member: &str, value: Value) -> bool {
        let mut params = rule.default();
        params[member] = value;
        rule.check(&params).is_ok()
    }

    #[test]
    fn the_defaults_are_the_national_law() {
        assert!(RULES.iter().all(|rule| rule.check(&rule.default()).is_ok()));
        let Committees { min_seats, max_seats, small_min_seats, max_term_years, filing_days, .. } =
            Committees::default();
        assert_eq!((min_seats, max_seats, small_min_seats, max_term_years, filing_days), (5, 11, None, 5, 30));
    }

    #[test]
    fn no_place_is_looser_than_the_law() {
        for (member, looser, stricter) in [
            ("min_seats", json!(3), json!(7)),
            ("max_seats", json!(13), json!(9)),
            ("small_min_seats", json!(1), json!(3)),
            ("max_term_years", json!(6), json!(3)),
            ("filing_days", json!(31), json!(15)),
            ("small_households", json!(101), json!(80)),
        ] {
            assert!(!with(&COMMITTEES, member, looser), "{member}");
            assert!(with(&COMMITTEES, member, stricter), "{member}");
        }
        for (member, looser) in [("owners_days", 59), ("company_days", 89), ("indefinite_days", 59)] {
            assert!(!with(&NOTICES, member, json!(looser)), "{member}");
            assert!(with(&NOTICES, member, json!(100)), "{member}");
        }
        assert!(!with(&JOINT_BRANCHES, "max_units", json!(6)) && with(&JOINT_BRANCHES, "max_units", json!(3)));
    }

    #[test]
    fn sizes_are_odd_and_in_order() {
        assert!(!with(&COMMITTEES, "min_seats", json!(6)) && !with(&COMMITTEES, "max_seats", json!(10)));
        assert!(!with(&COMMITTEES, "small_min_seats", json!(4)));
        let mut params = COMMITTEES.default();
        (params["min_seats"], params["max_seats"]) = (json!(9), json!(7));
        assert!(COMMITTEES.check(&params).is_err());
    }
}

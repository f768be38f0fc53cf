//! 规则集: every threshold, weight, deadline and day count that a place may set for itself, with its legal basis.
//!
//! A context declares a [`RuleKey`] for each kind of rule: the type of its parameters, which is also their check, and the
//! default that holds where no place has set anything. A [rule set](RuleSetRow) is one version of one rule for one area
//! and all below it, from one day to another. What is in force somewhere on a day is the version of the nearest area; what
//! was opened under a version pins its id, so a later version never changes it.
//!
//! Table: `rule_sets`.

mod api;
pub mod dto;
mod rules;
mod store;

use crate::http::Mount;
pub use rules::{PROBLEMS, Params, RuleKey};
pub use store::{NewRuleSet, RuleSetRow, Rules, Versions, create, declare, in_force, known, pinned};

crate::id!(
    /// 规则集编号
    RuleSetId
);

crate::scopes! {
    /// 查看规则集: rules are public to those whom they bind
    RuleSetsRead = "rule_sets:read": everyone,
    /// 制定规则集
    RuleSetsWrite = "rule_sets:write": [DistrictCoord, PropertyAuthority],
}

pub fn routes(mount: &mut Mount) {
    api::routes(mount);
}

//! 派单规则: who gets a case, by rules that are tried in order; the first that matches decides.

use platform::rule_sets::{Params, RuleKey};
use platform::text_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::cases::dto::{CaseKind, Channel, Urgency};

text_enum! {
    /// 派单对象
    Target {
        /// 服务本小区的物业企业
        ServingCompany = "serving_company",
        /// 本小区或社区的红色物业服务站
        ServiceStation = "service_station",
        /// 社区居委会
        Community = "community",
        /// 指定组织
        Organisation = "organisation",
    }
}

/// 派单规则: what is left out matches anything
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = check_target))]
pub struct Rule {
    #[schema(nullable = false)]
    pub kind: Option<CaseKind>,
    #[validate(length(min = 1, max = 40))]
    #[schema(nullable = false, min_length = 1, max_length = 40)]
    pub category: Option<String>,
    #[schema(nullable = false)]
    pub urgency: Option<Urgency>,
    #[schema(nullable = false)]
    pub channel: Option<Channel>,
    pub to: Target,
    /// 指定组织, only for `organisation`
    #[schema(nullable = false)]
    pub organisation_id: Option<Uuid>,
}

fn check_target(rule: &Rule) -> Result<(), ValidationError> {
    let whole = (rule.to == Target::Organisation) == rule.organisation_id.is_some();
    if whole { Ok(()) } else { Err(ValidationError::new("missing_member")) }
}

impl Rule {
    fn matches(&self, of: &Facts) -> bool {
        self.kind.is_none_or(|kind| kind == of.kind)
            && self.category.as_deref().is_none_or(|category| category == of.category)
            && self.urgency.is_none_or(|urgency| urgency == of.urgency)
            && self.channel.is_none_or(|channel| channel == of.channel)
    }
}

/// What the rules look at.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub kind: CaseKind,
    pub category: &'a str,
    pub urgency: Urgency,
    pub channel: Channel,
}

/// 派单规则集
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Routing {
    #[validate(length(max = 200), nested)]
    pub rules: Vec<Rule>,
    /// 受理后自动派单
    pub automatic: bool,
}

impl Params for Routing {}

pub const ROUTING: RuleKey = RuleKey::new::<Routing>(
    "cases.routing",
    "派单规则",
    "Dispatch rules",
    "本地建议值:报修与预约派物业企业或服务站,其余由社区办理 · recommended locally",
);

impl Routing {
    /// The rules that match, in order, each with its place.
    pub fn matching<'a>(&'a self, of: &'a Facts<'a>) -> impl Iterator<Item = (usize, &'a Rule)> {
        self.rules.iter().enumerate().filter(|(_, rule)| rule.matches(of))
    }
}

impl Default for Routing {
    fn default() -> Self {
        let rule = |kind, to| Rule {
            kind: Some(kind),
            category: None,
            urgency: None,
            channel: None,
            to,
            organisation_id: None,
        };
        Self {
            rules: vec![
                rule(CaseKind::Repair, Target::ServingCompany),
                rule(CaseKind::Repair, Target::ServiceStation),
                rule(CaseKind::Service, Target::ServingCompany),
                rule(CaseKind::Complaint, Target::ServingCompany),
                rule(CaseKind::Report, Target::ServingCompany),
            ],
            automatic: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: CaseKind, urgency: Urgency) -> Facts<'static> {
        Facts { kind, category: "pipe_leak", urgency, channel: Channel::App }
    }

    #[test]
    fn the_first_match_decides() {
        let mut routing = Routing::default();
        let urgent = Rule {
            urgency: Some(Urgency::Emergency),
            to: Target::Community,
            ..routing.rules.first().cloned().expect("a rule")
        };
        routing.rules.insert(0, urgent);
        let to = |facts: &Facts| routing.matching(facts).next().map(|(at, rule)| (at, rule.to));
        assert_eq!(to(&of(CaseKind::Repair, Urgency::Emergency)), Some((0, Target::Community)));
        assert_eq!(to(&of(CaseKind::Repair, Urgency::Normal)), Some((1, Target::ServingCompany)));
        assert_eq!(to(&of(CaseKind::Praise, Urgency::Normal)), None);
    }

    #[test]
    fn a_named_organisation_goes_with_its_target_only() {
        let mut params = ROUTING.default();
        params["rules"][0]["organisation_id"] = serde_json::json!(Uuid::nil());
        assert!(ROUTING.check(&params).is_err());
        params["rules"][0]["to"] = serde_json::json!("organisation");
        assert!(ROUTING.check(&params).is_ok());
    }
}

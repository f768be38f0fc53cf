use platform::db::Ts;
use platform::rule_sets::dto::AppliedRule;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{CaseKind, Channel, ClockKind, ClockMode, Tier, Urgency};
use crate::cases::rules::params::categories::Category;
use crate::cases::rules::params::deadlines::Policy;
use crate::cases::rules::params::routing::Rule;

/// 有效分类字典: which set it is of, and what each category asks for
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CategoriesOut {
    pub rule: AppliedRule,
    #[schema(max_items = 200)]
    pub items: Vec<Category>,
}

/// 时限试算: the facts that a policy is chosen by
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyMatchIn {
    pub kind: CaseKind,
    #[validate(length(min = 1, max = 40))]
    #[schema(example = "pipe_leak", min_length = 1, max_length = 40)]
    pub category: String,
    /// 紧急程度; that of the category where it is left out
    #[schema(nullable = false)]
    pub urgency: Option<Urgency>,
    /// 办理层级; the branch where it is left out
    #[schema(nullable = false)]
    pub tier: Option<Tier>,
    /// 起算时刻; now where it is left out
    #[schema(nullable = false, value_type = Option<String>, format = DateTime, example = "2024-01-15T01:00:00Z", max_length = 40)]
    pub start_at: Option<Ts>,
}

/// 一项时限的试算
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DueOut {
    pub clock: ClockKind,
    pub mode: ClockMode,
    /// 时限, minutes as the mode counts
    #[schema(example = 480, minimum = 1, maximum = 100_000_000)]
    pub budget_minutes: i64,
    /// 到期时刻, were it started then
    pub due_at: Ts,
}

/// 适用的时限政策
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PolicyMatchOut {
    pub rule: AppliedRule,
    /// 政策在规则集中的序号, from 0
    #[schema(example = 2, minimum = 0, maximum = 199)]
    pub index: usize,
    pub policy: Policy,
    pub urgency: Urgency,
    pub start_at: Ts,
    #[schema(max_items = 5)]
    pub dues: Vec<DueOut>,
}

/// 派单试算
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoutingMatchIn {
    pub kind: CaseKind,
    #[validate(length(min = 1, max = 40))]
    #[schema(example = "pipe_leak", min_length = 1, max_length = 40)]
    pub category: String,
    #[schema(nullable = false)]
    pub urgency: Option<Urgency>,
    pub channel: Channel,
}

/// 适用的派单规则: the first that matches and names somebody here
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RoutingMatchOut {
    pub rule: AppliedRule,
    /// 规则序号, from 0; `null` where no rule names anybody
    #[schema(required = true, example = 0, minimum = 0, maximum = 199)]
    pub index: Option<usize>,
    #[schema(required = true)]
    pub matched: Option<Rule>,
    /// 承办组织
    #[schema(required = true, value_type = Option<Uuid>)]
    pub handler_org_id: Option<OrganisationId>,
    /// 受理后自动派单
    pub automatic: bool,
}

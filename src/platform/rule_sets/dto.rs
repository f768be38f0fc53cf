//! What goes over the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::store::RuleSetRow;
use super::{RuleKey, RuleSetId};
use crate::auth::AreaCode;
use crate::db::Ts;
use crate::history::ActorId;
use crate::http::{check_date, check_not_blank};

/// 规则集: one version of one rule for an area and all below it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RuleSetOut {
    pub id: RuleSetId,
    #[schema(example = "publicity.days", max_length = 60)]
    pub key: String,
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    /// 第几版
    #[schema(example = 1, minimum = 1)]
    pub number: i32,
    /// 参数, as the rule's own type has them
    #[schema(value_type = Object)]
    pub params: Value,
    /// 依据
    #[schema(max_length = 500)]
    pub legal_basis: String,
    #[schema(example = "2024-02-01")]
    pub effective_from: NaiveDate,
    /// 失效日, the first day of the next version
    #[schema(required = true)]
    pub effective_to: Option<NaiveDate>,
    #[schema(required = true, value_type = Option<uuid::Uuid>)]
    pub created_by: Option<ActorId>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl From<RuleSetRow> for RuleSetOut {
    fn from(row: RuleSetRow) -> Self {
        let RuleSetRow {
            id,
            key,
            area_code,
            number,
            params,
            legal_basis,
            effective_from,
            effective_to,
            created_by,
            version,
            created_at,
            updated_at,
        } = row;
        Self {
            id,
            key,
            area_code,
            number,
            params: params.0,
            legal_basis,
            effective_from,
            effective_to,
            created_by,
            version,
            created_at,
            updated_at,
        }
    }
}

crate::page!(
    /// 规则集页
    RuleSetPage, RuleSetOut
);

/// 新版本: ends the one before it on its first day
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleSetIn {
    #[validate(length(min = 1, max = 60), custom(function = check_not_blank))]
    #[schema(example = "publicity.days", min_length = 1, max_length = 60)]
    pub key: String,
    pub area_code: AreaCode,
    /// 参数: see what is in force for their form
    #[schema(value_type = Object, example = json!({ "days": 7, "by_kind": {} }))]
    pub params: Value,
    /// 依据: the document that sets the rule
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "肃州区物业管理实施细则 (2024) 第 12 条", min_length = 1, max_length = 500)]
    pub legal_basis: String,
    /// 生效日, today at the earliest
    #[validate(custom(function = check_date))]
    #[schema(example = "2030-02-01")]
    pub effective_from: NaiveDate,
}

/// 规则集筛选
#[derive(Debug, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RuleSetQuery {
    #[validate(length(min = 1, max = 60))]
    #[param(nullable = false, min_length = 1, max_length = 60)]
    pub key: Option<String>,
    /// 只看为该区域制定的, not those of areas above or below
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    /// 在该日有效
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub on: Option<NaiveDate>,
}

/// 有效规则: what holds in an area on a day, and why
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RuleInForce {
    #[schema(example = "publicity.days", max_length = 60)]
    pub key: String,
    /// 名称
    #[schema(example = "公示天数 · Days of publicity", max_length = 200)]
    pub title: String,
    /// 所依规则集; `null` where the default holds
    #[schema(required = true)]
    pub rule_set_id: Option<RuleSetId>,
    /// 制定区域
    #[schema(required = true, max_length = 29)]
    pub area_code: Option<String>,
    /// 依据: of the rule set, or of the default
    #[schema(max_length = 500)]
    pub legal_basis: String,
    #[schema(value_type = Object)]
    pub params: Value,
}

/// 所依规则: which version of a rule was applied, and where it comes from
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AppliedRule {
    #[schema(example = "publicity.days", max_length = 60)]
    pub key: String,
    /// 所依规则集; `null` where the default holds
    #[schema(required = true)]
    pub rule_set_id: Option<RuleSetId>,
    /// 制定区域
    #[schema(required = true, max_length = 29)]
    pub area_code: Option<String>,
    /// 依据: of the rule set, or of the default
    #[schema(max_length = 500)]
    pub legal_basis: String,
}

impl AppliedRule {
    pub(super) fn of(rule: &RuleKey, row: Option<&RuleSetRow>) -> Self {
        Self {
            key: rule.key.to_owned(),
            rule_set_id: row.map(|row| row.id),
            area_code: row.map(|row| row.area_code.clone()),
            legal_basis: row.map_or_else(|| rule.source.to_owned(), |row| row.legal_basis.clone()),
        }
    }
}

impl RuleInForce {
    pub(super) fn of(rule: &RuleKey, row: Option<&RuleSetRow>) -> Self {
        let AppliedRule { key, rule_set_id, area_code, legal_basis } = AppliedRule::of(rule, row);
        Self {
            key,
            title: format!("{} · {}", rule.zh, rule.en),
            rule_set_id,
            area_code,
            legal_basis,
            params: row.map_or_else(|| rule.default(), |row| row.params.0.clone()),
        }
    }
}

/// 某区域某日的全部有效规则
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RulesInForceOut {
    #[schema(max_length = 29)]
    pub area: String,
    pub on: NaiveDate,
    #[schema(max_items = 200)]
    pub items: Vec<RuleInForce>,
}

#[derive(Debug, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InForceQuery {
    /// 区域; the whole country where absent
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    /// 日期; today where absent
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub on: Option<NaiveDate>,
}

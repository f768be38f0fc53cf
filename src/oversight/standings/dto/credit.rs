//! 信用事件 and what they come to: of companies and stations, never of a person.

use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::page;
use platform::rule_sets::RuleSetId;
use platform::rule_sets::dto::AppliedRule;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{CreditEventId, CreditKind};
use crate::standings::store::credit::CreditRow;

/// 登记信用事件
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditEventIn {
    /// 区域: a district or a street
    #[schema(value_type = String, example = "620902", max_length = 29)]
    pub area_code: AreaCode,
    /// 物业服务企业或红色物业服务站
    pub organisation_id: OrganisationId,
    pub kind: CreditKind,
    #[validate(range(min = 1, max = 100))]
    #[schema(example = 5, minimum = 1, maximum = 100)]
    pub points: i32,
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(example = "市级物业服务示范项目", min_length = 1, max_length = 120)]
    pub title: String,
    /// 依据文件
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "酒住建〔2023〕88号", min_length = 1, max_length = 200)]
    pub source_doc: String,
    /// 发生日
    #[validate(custom(function = check_date))]
    pub occurred_on: NaiveDate,
    /// 有效期末日; the rule's own where absent
    #[validate(custom(function = check_date))]
    #[schema(nullable = false)]
    pub valid_to: Option<NaiveDate>,
}

/// 撤销信用事件
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeCreditIn {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "依据文件已撤销", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 信用事件
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CreditEventOut {
    pub id: CreditEventId,
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    pub organisation_id: OrganisationId,
    pub kind: CreditKind,
    #[schema(example = 5, minimum = 1, maximum = 100)]
    pub points: i32,
    #[schema(max_length = 120)]
    pub title: String,
    #[schema(max_length = 200)]
    pub source_doc: String,
    pub occurred_on: NaiveDate,
    pub valid_to: NaiveDate,
    #[schema(required = true)]
    pub rule_set_id: Option<RuleSetId>,
    #[schema(required = true)]
    pub revoked_on: Option<NaiveDate>,
    #[schema(required = true, max_length = 500)]
    pub revoke_reason: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<CreditRow> for CreditEventOut {
    fn from(row: CreditRow) -> Self {
        let CreditRow {
            id,
            area_code,
            organisation_id,
            kind,
            points,
            title,
            source_doc,
            occurred_on,
            valid_to,
            rule_set_id,
            recorded_by: _,
            revoked_on,
            revoke_reason,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            id,
            area_code,
            organisation_id,
            kind,
            points,
            title,
            source_doc,
            occurred_on,
            valid_to,
            rule_set_id,
            revoked_on,
            revoke_reason,
            version,
            updated_at,
        }
    }
}

page!(
    /// 信用事件页
    CreditEventPage, CreditEventOut
);

/// 信用事件筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CreditEventQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub kind: Option<CreditKind>,
    #[param(nullable = false, value_type = Option<String>, format = Uuid)]
    pub organisation_id: Option<OrganisationId>,
}

/// 信用分所据之日
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CreditBalanceQuery {
    /// 所据之日; today where absent
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub as_of: Option<NaiveDate>,
}

/// 计入或不计入的信用事件
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ShownCredit {
    pub event: CreditEventOut,
    /// 当日是否计入
    pub counts: bool,
}

/// 信用分, with every event that it is made of
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CreditBalanceOut {
    pub organisation_id: OrganisationId,
    pub as_of: NaiveDate,
    /// 所用规则
    pub rule: AppliedRule,
    #[schema(example = 80)]
    pub base: i32,
    /// 良好分合计, before the cap
    #[schema(example = 5, minimum = 0)]
    pub good: i32,
    #[schema(example = 40, minimum = 0)]
    pub good_cap: i32,
    /// 不良分合计
    #[schema(example = 0, minimum = 0)]
    pub bad: i32,
    /// 信用分 = 基础分 + min(良好分, 上限) − 不良分
    #[schema(example = 85)]
    pub balance: i32,
    #[schema(max_items = 10_000)]
    pub events: Vec<ShownCredit>,
}

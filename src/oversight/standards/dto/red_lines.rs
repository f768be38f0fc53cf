use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::page;
use platform::rule_sets::RuleSetId;
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{RedLineGround, RedLineId};
use crate::standards::store::red_lines::RedLineRow;

/// 登记红线扣分: what it costs is the rule of the day on which it happened
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedLineIn {
    pub compound_id: CompoundId,
    pub company_id: OrganisationId,
    #[validate(custom(function = check_date))]
    #[schema(example = "2023-11-02")]
    pub happened_on: NaiveDate,
    pub ground: RedLineGround,
    /// 依据: the finding, decision or document that it rests on
    #[validate(length(min = 1, max = 1000), custom(function = check_not_blank))]
    #[schema(example = "消防救援机构火灾事故认定书 2023-118", min_length = 1, max_length = 1000)]
    pub evidence: String,
}

/// 撤销扣分
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedLineRevocationIn {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "认定书经复核撤销", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 红线扣分
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RedLineOut {
    pub id: RedLineId,
    pub compound_id: CompoundId,
    pub company_id: OrganisationId,
    #[schema(max_length = 29)]
    pub area_code: String,
    pub happened_on: NaiveDate,
    pub ground: RedLineGround,
    /// 扣分 in basis points
    #[schema(minimum = 1, maximum = 10000)]
    pub points: i32,
    /// 所依规则; `null` for the product's own
    #[schema(required = true)]
    pub rule_set_id: Option<RuleSetId>,
    #[schema(max_length = 1000)]
    pub evidence: String,
    #[schema(required = true)]
    pub revoked_at: Option<Ts>,
    #[schema(required = true, max_length = 500)]
    pub revoke_reason: Option<String>,
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
}

impl From<RedLineRow> for RedLineOut {
    fn from(row: RedLineRow) -> Self {
        let RedLineRow {
            id,
            compound_id,
            company_id,
            area_code,
            happened_on,
            ground,
            points,
            rule_set_id,
            evidence,
            recorded_by: _,
            revoked_at,
            revoke_reason,
            version,
            created_at: _,
            updated_at: _,
        } = row;
        Self {
            id,
            compound_id,
            company_id,
            area_code,
            happened_on,
            ground,
            points,
            rule_set_id,
            evidence,
            revoked_at,
            revoke_reason,
            version,
        }
    }
}

page!(
    /// 红线扣分页
    RedLinePage, RedLineOut
);

/// 红线扣分筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RedLineQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(nullable = false)]
    pub compound_id: Option<CompoundId>,
    #[param(nullable = false)]
    pub company_id: Option<OrganisationId>,
    #[param(inline, nullable = false)]
    pub ground: Option<RedLineGround>,
    /// `true`: 包括已撤销的
    #[param(nullable = false)]
    pub with_revoked: Option<bool>,
}

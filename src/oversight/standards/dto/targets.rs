use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{self, check_not_blank};
use platform::page;
use platform::quantity::Ratio;
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{TargetContractId, TargetContractStatus, TargetDirection, TargetUnit};
use crate::standards::rules::targets::is_met;
use crate::standards::store::targets::{ContractRow, IndicatorRow, Whole};

/// 指标
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetIndicatorIn {
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(example = "精品小区创建率", min_length = 1, max_length = 120)]
    pub name: String,
    pub unit: TargetUnit,
    pub direction: TargetDirection,
    /// 目标: of a share in basis points, 8000 is 80 %
    #[validate(range(min = 0, max = 1_000_000_000))]
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 8000)]
    pub target: i64,
}

/// 起草目标责任书: between the community and the company that serves a compound there
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetContractIn {
    pub compound_id: CompoundId,
    pub company_id: OrganisationId,
    #[validate(range(min = 2000, max = 2100))]
    #[schema(minimum = 2000, maximum = 2100, example = 2024)]
    pub year: i32,
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(example = "物业服务质量提升目标责任书", min_length = 1, max_length = 120)]
    pub title: String,
    #[validate(length(min = 1, max = 50), nested)]
    #[schema(min_items = 1, max_items = 50)]
    pub indicators: Vec<TargetIndicatorIn>,
}

/// 修改责任书草稿: absent leaves as it is; indicators are replaced as a whole
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetContractPatch {
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 120)]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 50), nested)]
    #[schema(nullable = false, min_items = 1, max_items = 50)]
    pub indicators: Option<Vec<TargetIndicatorIn>>,
}

/// 一项指标的结果
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IndicatorResultIn {
    /// 指标序号
    #[validate(range(min = 1, max = 50))]
    #[schema(minimum = 1, maximum = 50, example = 1)]
    pub position: i32,
    /// 分子; of a number the number itself
    #[validate(range(min = 0, max = 1_000_000_000))]
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 5)]
    pub numerator: i64,
    /// 分母; of a number 1
    #[validate(range(min = 0, max = 1_000_000_000))]
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 5)]
    pub denominator: i64,
    /// 依据
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "街道验收名单", min_length = 1, max_length = 500)]
    pub evidence: String,
}

/// 登记结果
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetResultsIn {
    #[validate(length(min = 1, max = 50), nested)]
    #[schema(min_items = 1, max_items = 50)]
    pub results: Vec<IndicatorResultIn>,
}

/// 指标及其结果
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TargetIndicatorOut {
    #[schema(minimum = 1, maximum = 50)]
    pub position: i32,
    #[schema(max_length = 120)]
    pub name: String,
    pub unit: TargetUnit,
    pub direction: TargetDirection,
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub target: i64,
    /// 结果; `null` while there is none
    #[schema(required = true)]
    pub result: Option<Ratio>,
    #[schema(required = true, max_length = 500)]
    pub evidence: Option<String>,
    /// 是否达标: a target is a floor or a ceiling; `null` where there is no result, or it is a share of nothing
    #[schema(required = true)]
    pub met: Option<bool>,
}

impl From<IndicatorRow> for TargetIndicatorOut {
    fn from(row: IndicatorRow) -> Self {
        let result = row.result();
        let IndicatorRow { contract_id: _, position, name, unit, direction, target, evidence, .. } = row;
        Self {
            position,
            name,
            unit,
            direction,
            target,
            result: result.map(|(numerator, denominator)| Ratio::of(numerator, denominator)),
            evidence,
            met: result.and_then(|result| is_met(direction, (unit, target), result)),
        }
    }
}

/// 目标责任书, as a list tells it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TargetContractItem {
    pub id: TargetContractId,
    pub compound_id: CompoundId,
    pub company_id: OrganisationId,
    #[schema(max_length = 29)]
    pub area_code: String,
    #[schema(minimum = 2000, maximum = 2100)]
    pub year: i32,
    #[schema(max_length = 120)]
    pub title: String,
    pub status: TargetContractStatus,
    #[schema(required = true)]
    pub community_signed_at: Option<Ts>,
    #[schema(required = true)]
    pub company_signed_at: Option<Ts>,
    #[schema(required = true)]
    pub settled_at: Option<Ts>,
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
}

impl From<ContractRow> for TargetContractItem {
    fn from(row: ContractRow) -> Self {
        let ContractRow {
            id,
            compound_id,
            company_id,
            area_code,
            year,
            title,
            status,
            community_signed_by: _,
            community_signed_at,
            company_signed_by: _,
            company_signed_at,
            settled_at,
            version,
            created_at: _,
            updated_at: _,
        } = row;
        Self {
            id,
            compound_id,
            company_id,
            area_code,
            year,
            title,
            status,
            community_signed_at,
            company_signed_at,
            settled_at,
            version,
        }
    }
}

page!(
    /// 目标责任书页
    TargetContractPage, TargetContractItem
);

/// 目标责任书 with its indicators
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TargetContractOut {
    pub id: TargetContractId,
    pub compound_id: CompoundId,
    pub company_id: OrganisationId,
    #[schema(max_length = 29)]
    pub area_code: String,
    #[schema(minimum = 2000, maximum = 2100)]
    pub year: i32,
    #[schema(max_length = 120)]
    pub title: String,
    pub status: TargetContractStatus,
    #[schema(required = true)]
    pub community_signed_at: Option<Ts>,
    #[schema(required = true)]
    pub company_signed_at: Option<Ts>,
    #[schema(required = true)]
    pub settled_at: Option<Ts>,
    #[schema(min_items = 1, max_items = 50)]
    pub indicators: Vec<TargetIndicatorOut>,
    /// 达标率: indicators met of those that could be judged
    pub met: Ratio,
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
}

impl From<Whole> for TargetContractOut {
    fn from(Whole { row, indicators }: Whole) -> Self {
        let indicators: Vec<TargetIndicatorOut> = indicators.into_iter().map(Into::into).collect();
        let judged: Vec<bool> = indicators.iter().filter_map(|indicator| indicator.met).collect();
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let met = Ratio::of(count(judged.iter().filter(|met| **met).count()), count(judged.len()));
        let TargetContractItem {
            id,
            compound_id,
            company_id,
            area_code,
            year,
            title,
            status,
            community_signed_at,
            company_signed_at,
            settled_at,
            version,
        } = row.into();
        Self {
            id,
            compound_id,
            company_id,
            area_code,
            year,
            title,
            status,
            community_signed_at,
            company_signed_at,
            settled_at,
            indicators,
            met,
            version,
        }
    }
}

/// 目标责任书筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TargetContractQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[validate(range(min = 2000, max = 2100))]
    #[param(nullable = false, minimum = 2000, maximum = 2100)]
    pub year: Option<i32>,
    #[param(inline, nullable = false)]
    pub status: Option<TargetContractStatus>,
    #[param(nullable = false)]
    pub company_id: Option<OrganisationId>,
}

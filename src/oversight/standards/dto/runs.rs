use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{self, check_date, check_not_blank};
use platform::page;
use platform::quantity::Ratio;
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{CheckResult, CheckRunId, CheckRunStatus, ChecklistId, ChecklistItemOut, ChecklistKind};
use crate::standards::store::results::Line;
use crate::standards::store::runs::{Listed, RunRow, Whole};

/// 开始检查
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRunIn {
    /// 在用的清单版本
    pub checklist_id: ChecklistId,
    pub compound_id: CompoundId,
    /// 被检查的组织, where it is not the compound that is checked but who serves there
    #[schema(nullable = false)]
    pub organisation_id: Option<OrganisationId>,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-15")]
    pub checked_on: NaiveDate,
    #[validate(length(min = 1, max = 1000), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 1000)]
    pub note: Option<String>,
}

/// 一项结果
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckResultIn {
    /// 清单项编号
    #[validate(length(min = 1, max = 20), custom(function = check_not_blank))]
    #[schema(example = "S01", min_length = 1, max_length = 20)]
    pub code: String,
    pub result: CheckResult,
    /// 佐证或说明; photos are added to the check
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub note: Option<String>,
}

/// 登记结果: each takes the place of the one that its item had
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRunPatch {
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 100), nested)]
    #[schema(nullable = false, max_items = 100)]
    pub results: Option<Vec<CheckResultIn>>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 1000), custom(function = check_not_blank))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1000)]
    pub note: Option<Option<String>>,
}

/// 检查, as a list tells it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckRunItem {
    pub id: CheckRunId,
    pub checklist_id: ChecklistId,
    pub kind: ChecklistKind,
    pub compound_id: CompoundId,
    #[schema(max_length = 120)]
    pub compound_name: String,
    #[schema(required = true)]
    pub organisation_id: Option<OrganisationId>,
    #[schema(max_length = 29)]
    pub area_code: String,
    pub checked_on: NaiveDate,
    pub status: CheckRunStatus,
    /// 符合项数
    #[schema(minimum = 0, maximum = 100)]
    pub passed: i32,
    #[schema(minimum = 0, maximum = 100)]
    pub partial: i32,
    #[schema(minimum = 0, maximum = 100)]
    pub failed: i32,
    #[schema(minimum = 0, maximum = 100)]
    pub not_applicable: i32,
    /// 得分率 in hundredths of a weight: Σ(weight × result) over Σ(weight of what applies)
    pub rate: Ratio,
    /// 得分 in basis points; `null` where nothing applied
    #[schema(required = true, minimum = 0, maximum = 10000)]
    pub score: Option<i32>,
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
}

impl From<Listed> for CheckRunItem {
    fn from((row, compound_name): Listed) -> Self {
        let RunRow {
            id,
            checklist_id,
            kind,
            compound_id,
            organisation_id,
            area_code,
            checked_on,
            checked_by: _,
            note: _,
            status,
            submitted_at: _,
            rule_set_id: _,
            partial_percent: _,
            passed,
            partial,
            failed,
            not_applicable,
            numerator,
            denominator,
            score,
            version,
            created_at: _,
            updated_at: _,
        } = row;
        Self {
            id,
            checklist_id,
            kind,
            compound_id,
            compound_name,
            organisation_id,
            area_code,
            checked_on,
            status,
            passed,
            partial,
            failed,
            not_applicable,
            rate: Ratio::of(numerator, denominator),
            score,
            version,
        }
    }
}

page!(
    /// 检查页
    CheckRunPage, CheckRunItem
);

/// 一项及其结果
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckResultOut {
    pub item: ChecklistItemOut,
    /// 结果; `null` while there is none
    #[schema(required = true)]
    pub result: Option<CheckResult>,
    #[schema(required = true, max_length = 500)]
    pub note: Option<String>,
    /// 照片数
    #[schema(minimum = 0, example = 0)]
    pub photos: i64,
}

impl From<Line> for CheckResultOut {
    fn from(Line { item, result, note, photos }: Line) -> Self {
        Self { item: item.into(), result, note, photos }
    }
}

/// 检查 with each item's result
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckRunOut {
    pub id: CheckRunId,
    pub checklist_id: ChecklistId,
    pub kind: ChecklistKind,
    pub compound_id: CompoundId,
    #[schema(max_length = 120)]
    pub compound_name: String,
    #[schema(required = true)]
    pub organisation_id: Option<OrganisationId>,
    #[schema(max_length = 29)]
    pub area_code: String,
    pub checked_on: NaiveDate,
    pub status: CheckRunStatus,
    /// 符合项数
    #[schema(minimum = 0, maximum = 100)]
    pub passed: i32,
    #[schema(minimum = 0, maximum = 100)]
    pub partial: i32,
    #[schema(minimum = 0, maximum = 100)]
    pub failed: i32,
    #[schema(minimum = 0, maximum = 100)]
    pub not_applicable: i32,
    /// 得分率 in hundredths of a weight: Σ(weight × result) over Σ(weight of what applies)
    pub rate: Ratio,
    /// 得分 in basis points; `null` where nothing applied
    #[schema(required = true, minimum = 0, maximum = 10000)]
    pub score: Option<i32>,
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
    #[schema(required = true, max_length = 1000)]
    pub note: Option<String>,
    /// 部分符合的得分率, by the rule that held when the check began
    #[schema(minimum = 0, maximum = 100)]
    pub partial_percent: i32,
    #[schema(required = true)]
    pub submitted_at: Option<Ts>,
    #[schema(max_items = 100)]
    pub results: Vec<CheckResultOut>,
}

impl From<Whole> for CheckRunOut {
    fn from(Whole { listed, lines }: Whole) -> Self {
        let (note, partial_percent, submitted_at) =
            (listed.0.note.clone(), listed.0.partial_percent, listed.0.submitted_at);
        let results = lines.into_iter().map(Into::into).collect();
        let CheckRunItem {
            id,
            checklist_id,
            kind,
            compound_id,
            compound_name,
            organisation_id,
            area_code,
            checked_on,
            status,
            passed,
            partial,
            failed,
            not_applicable,
            rate,
            score,
            version,
        } = listed.into();
        Self {
            id,
            checklist_id,
            kind,
            compound_id,
            compound_name,
            organisation_id,
            area_code,
            checked_on,
            status,
            passed,
            partial,
            failed,
            not_applicable,
            rate,
            score,
            version,
            note,
            partial_percent,
            submitted_at,
            results,
        }
    }
}

/// 检查筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CheckRunQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub kind: Option<ChecklistKind>,
    #[param(inline, nullable = false)]
    pub status: Option<CheckRunStatus>,
    #[param(nullable = false)]
    pub compound_id: Option<CompoundId>,
    #[param(nullable = false)]
    pub organisation_id: Option<OrganisationId>,
    /// 检查日不早于
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub from: Option<NaiveDate>,
    /// 检查日不晚于
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub to: Option<NaiveDate>,
}

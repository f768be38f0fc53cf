use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::check_not_blank;
use platform::page;
use platform::publicity::PublicityId;
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{AssessmentId, AssessmentKind, AssessmentStatus, RedLineGround, RedLineId};
use crate::standards::store::assessments::AssessmentRow;

/// 评出一期: a month is given its score, a quarter and a year are computed
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssessmentIn {
    pub kind: AssessmentKind,
    pub compound_id: CompoundId,
    /// 被考核企业
    pub company_id: OrganisationId,
    #[validate(range(min = 2000, max = 2100))]
    #[schema(minimum = 2000, maximum = 2100, example = 2023)]
    pub year: i32,
    /// 期次: 月 1–12, 季 1–4, 年 1
    #[validate(range(min = 1, max = 12))]
    #[schema(minimum = 1, maximum = 12, example = 12)]
    pub period: i32,
    /// 得分 in basis points, of a month
    #[validate(range(min = 0, max = 10_000))]
    #[schema(nullable = false, minimum = 0, maximum = 10_000, example = 9250)]
    pub score: Option<i32>,
    /// 说明
    #[validate(length(min = 1, max = 1000), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 1000)]
    pub note: Option<String>,
}

/// 撤回结果: it is kept with the reason, and its period is assessed anew
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssessmentWithdrawalIn {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "评分表登记有误", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 汇总依据: a month of a quarter, a quarter of a year
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AssessmentPartOut {
    pub assessment_id: AssessmentId,
    #[schema(minimum = 1, maximum = 12)]
    pub period: i32,
    #[schema(minimum = 0, maximum = 10000)]
    pub score: i32,
}

/// 红线扣分 of a year
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeductionOut {
    pub red_line_id: RedLineId,
    pub ground: RedLineGround,
    #[schema(minimum = 1, maximum = 10000)]
    pub points: i32,
}

/// 考核结果: frozen, with all that it was computed of
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AssessmentOut {
    pub id: AssessmentId,
    pub kind: AssessmentKind,
    pub compound_id: CompoundId,
    pub company_id: OrganisationId,
    #[schema(max_length = 29)]
    pub area_code: String,
    #[schema(minimum = 2000, maximum = 2100)]
    pub year: i32,
    #[schema(minimum = 1, maximum = 12)]
    pub period: i32,
    /// 得分 in basis points
    #[schema(minimum = 0, maximum = 10000)]
    pub score: i32,
    /// 汇总依据; empty for a month
    #[schema(max_items = 4)]
    pub parts: Vec<AssessmentPartOut>,
    /// 扣分前的平均值
    #[schema(required = true, minimum = 0, maximum = 10000)]
    pub mean: Option<i32>,
    /// 红线扣分, of a year
    #[schema(max_items = 1000)]
    pub deductions: Vec<DeductionOut>,
    #[schema(required = true, max_length = 1000)]
    pub note: Option<String>,
    /// SHA-256 of the frozen content
    #[schema(max_length = 64)]
    pub content_hash: String,
    /// 内容与哈希是否相符
    pub intact: bool,
    pub status: AssessmentStatus,
    #[schema(required = true, max_length = 500)]
    pub status_reason: Option<String>,
    /// 公示, of a quarter
    #[schema(required = true)]
    pub publicity_id: Option<PublicityId>,
    #[schema(required = true)]
    pub posting_ended_at: Option<Ts>,
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
}

impl From<AssessmentRow> for AssessmentOut {
    fn from(row: AssessmentRow) -> Self {
        let (frozen, intact) = (row.frozen(), row.is_intact());
        let AssessmentRow {
            id,
            kind,
            compound_id,
            company_id,
            area_code,
            year,
            period,
            score,
            snapshot: _,
            content_hash,
            status,
            status_reason,
            publicity_id,
            posting_ended_at,
            made_by: _,
            version,
            created_at: _,
            updated_at: _,
        } = row;
        Self {
            id,
            kind,
            compound_id,
            company_id,
            area_code,
            year,
            period,
            score,
            parts: frozen.parts,
            mean: frozen.mean,
            deductions: frozen.deductions,
            note: frozen.note,
            content_hash,
            intact,
            status,
            status_reason,
            publicity_id,
            posting_ended_at,
            version,
        }
    }
}

page!(
    /// 考核结果页
    AssessmentPage, AssessmentOut
);

/// 考核结果筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AssessmentQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub kind: Option<AssessmentKind>,
    /// 状态; those that stand where absent
    #[param(inline, nullable = false)]
    pub status: Option<AssessmentStatus>,
    #[param(nullable = false)]
    pub compound_id: Option<CompoundId>,
    #[param(nullable = false)]
    pub company_id: Option<OrganisationId>,
    #[validate(range(min = 2000, max = 2100))]
    #[param(nullable = false, minimum = 2000, maximum = 2100)]
    pub year: Option<i32>,
}

use chrono::NaiveDate;
use deliberation::notices::dto::NoticeId;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::check_not_blank;
use platform::page;
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{SurveyConsequenceId, SurveyConsequenceStatus, SurveyOutcome, SurveyRoundId};
use crate::surveys::store::rows::ConsequenceRow;

/// 确认后果, 发出整改通知
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RectificationNoticeIn {
    /// 通知正文
    #[validate(length(min = 1, max = 4000), custom(function = check_not_blank))]
    #[schema(example = "请就保洁、报修两项于期限内整改并报告。", min_length = 1, max_length = 4000)]
    pub notice: String,
}

/// 说明
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsequenceNoteIn {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "经核实,程序合规", min_length = 1, max_length = 500)]
    pub note: String,
}

/// 整改报告
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RectificationReportIn {
    #[validate(length(min = 1, max = 4000), custom(function = check_not_blank))]
    #[schema(example = "已增派保洁人员两名,报修改为两小时内到场。", min_length = 1, max_length = 4000)]
    pub report: String,
}

/// 复测: a draft of the same form for the same object, judged by the same rules
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecheckIn {
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 120, example = "康盛花园满意度复测")]
    pub title: String,
    pub opens_at: Ts,
    pub closes_at: Ts,
}

/// 测评后果: what follows a round that failed. It ends with a motion that may be made; no contract ends by it
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SurveyConsequenceOut {
    pub id: SurveyConsequenceId,
    /// 不及格的测评
    pub round_id: SurveyRoundId,
    #[schema(example = "620902005003-0001", max_length = 29)]
    pub area_code: String,
    pub compound_id: CompoundId,
    pub company_id: OrganisationId,
    pub status: SurveyConsequenceStatus,
    /// 整改通知
    #[schema(required = true, max_length = 4000)]
    pub notice: Option<String>,
    /// 通知的哈希, SHA-256
    #[schema(required = true, max_length = 64)]
    pub notice_hash: Option<String>,
    /// 通知公告: where those of the compound and the company read it
    #[schema(required = true, value_type = Option<Uuid>)]
    pub notice_id: Option<NoticeId>,
    #[schema(required = true)]
    pub notified_on: Option<NaiveDate>,
    /// 整改期限: its last day counts to its end, and is never a day off (Civil Code 203)
    #[schema(required = true)]
    pub due_on: Option<NaiveDate>,
    /// 企业的整改报告
    #[schema(required = true, max_length = 4000)]
    pub report: Option<String>,
    #[schema(required = true)]
    pub reported_at: Option<Ts>,
    /// 复测
    #[schema(required = true)]
    pub recheck_round_id: Option<SurveyRoundId>,
    #[schema(required = true)]
    pub recheck_outcome: Option<SurveyOutcome>,
    /// 街道的说明
    #[schema(required = true, max_length = 500)]
    pub note: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl From<ConsequenceRow> for SurveyConsequenceOut {
    fn from(row: ConsequenceRow) -> Self {
        let ConsequenceRow {
            id,
            round_id,
            area_code,
            compound_id,
            company_id,
            status,
            proposed_by: _,
            notice,
            notice_hash,
            notice_id,
            notified_on,
            due_on,
            report,
            reported_at,
            recheck_round_id,
            recheck_outcome,
            confirmed_by: _,
            concluded_by: _,
            note,
            version,
            created_at,
            updated_at,
        } = row;
        Self {
            id,
            round_id,
            area_code,
            compound_id,
            company_id,
            status,
            notice,
            notice_hash,
            notice_id,
            notified_on,
            due_on,
            report,
            reported_at,
            recheck_round_id,
            recheck_outcome,
            note,
            version,
            created_at,
            updated_at,
        }
    }
}

page!(
    /// 测评后果页
    SurveyConsequencePage, SurveyConsequenceOut
);

/// 测评后果筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SurveyConsequenceQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub status: Option<SurveyConsequenceStatus>,
    #[param(nullable = false)]
    pub company_id: Option<OrganisationId>,
}

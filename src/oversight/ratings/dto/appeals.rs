use platform::db::Ts;
use platform::http::check_not_blank;
use platform::page;
use platform::{Error, Result};
use registry::identity::AccountId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    RatingAppealId, RatingAppealOutcome, RatingAppealStatus, RatingCampaignId, RatingFactId, RatingProjectId,
    RatingResultId, RatingScorer,
};
use crate::ratings::store::rows::{AppealRow, read};

/// 申诉
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingAppealIn {
    /// 申诉理由
    #[validate(length(min = 1, max = 2000), custom(function = check_not_blank))]
    #[schema(example = "该起火情经认定系住户用电引起,与物业服务无关", min_length = 1, max_length = 2000)]
    pub grounds: String,
    /// 凭证编号
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub evidence: Option<String>,
}

/// 指定复核人
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingReviewerIn {
    /// 账号, which has not scored the project
    #[schema(value_type = Uuid)]
    pub account_id: AccountId,
    pub panel: RatingScorer,
}

/// 复核结论
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideRatingAppealIn {
    pub outcome: RatingAppealOutcome,
    /// 理由
    #[validate(length(min = 1, max = 1000), custom(function = check_not_blank))]
    #[schema(example = "经复核,原认定与事实不符", min_length = 1, max_length = 1000)]
    pub decision: String,
    /// 撤销的事实, where it is revised
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(max_items = 20, example = json!([]))]
    pub struck_fact_ids: Vec<RatingFactId>,
}

/// 所申诉的结果
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContestedResult {
    #[schema(minimum = 0, maximum = 10_000)]
    pub score: i32,
    #[schema(minimum = 0, maximum = 5)]
    pub star: i16,
}

/// 申诉
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RatingAppealOut {
    pub id: RatingAppealId,
    pub result_id: RatingResultId,
    pub project_id: RatingProjectId,
    pub campaign_id: RatingCampaignId,
    #[schema(example = "620902005003-0001", max_length = 29)]
    pub area_code: String,
    #[schema(max_length = 2000)]
    pub grounds: String,
    #[schema(required = true, max_length = 500)]
    pub evidence: Option<String>,
    /// 是否依职权提起
    pub ex_officio: bool,
    pub status: RatingAppealStatus,
    pub contested: ContestedResult,
    pub raised_at: Ts,
    #[schema(required = true, max_length = 1000)]
    pub decision: Option<String>,
    #[schema(required = true)]
    pub decided_at: Option<Ts>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl TryFrom<AppealRow> for RatingAppealOut {
    type Error = Error;

    fn try_from(row: AppealRow) -> Result<Self> {
        Ok(Self {
            contested: read(&row.contested)?,
            id: row.id,
            result_id: row.result_id,
            project_id: row.project_id,
            campaign_id: row.campaign_id,
            area_code: row.area_code,
            grounds: row.grounds,
            evidence: row.evidence,
            ex_officio: row.ex_officio,
            status: row.status,
            raised_at: row.raised_at,
            decision: row.decision,
            decided_at: row.decided_at,
            version: row.version,
            updated_at: row.updated_at,
        })
    }
}

page!(
    /// 申诉页
    RatingAppealPage, RatingAppealOut
);

/// 申诉筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RatingAppealQuery {
    #[param(nullable = false)]
    pub campaign_id: Option<RatingCampaignId>,
    #[param(inline, nullable = false)]
    pub status: Option<RatingAppealStatus>,
}

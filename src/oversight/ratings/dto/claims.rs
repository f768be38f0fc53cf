use platform::db::Ts;
use platform::http::check_not_blank;
use platform::page;
use platform::{Error, Result};
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{RatingCampaignId, RatingClaimId, RatingClaimStatus, RatingProjectId};
use crate::ratings::store::rows::{ClaimRow, read};

/// 自评得分
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfPoint {
    #[validate(length(min = 1, max = 20))]
    #[schema(example = "FW-01", min_length = 1, max_length = 20)]
    pub code: String,
    #[validate(range(min = 0, max = 1000))]
    #[schema(example = 9, minimum = 0, maximum = 1000)]
    pub points: i32,
}

/// 佐证
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimEvidence {
    /// 指标代码
    #[validate(length(min = 1, max = 20))]
    #[schema(example = "FW-01", min_length = 1, max_length = 20)]
    pub code: String,
    /// 凭证编号或说明
    #[validate(length(min = 1, max = 300), custom(function = check_not_blank))]
    #[schema(example = "保洁台账 2024-01", min_length = 1, max_length = 300)]
    pub reference: String,
}

/// 对标认领: what a company claims for a project of its own
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingClaimIn {
    pub project_id: RatingProjectId,
    /// 认领星级
    #[validate(range(min = 1, max = 5))]
    #[schema(example = 4, minimum = 1, maximum = 5)]
    pub target_star: i16,
    /// 现行收费, fen per square metre and month: that of the service contract on file, where it names one
    #[validate(range(min = 0, max = 100_000))]
    #[schema(example = 85, minimum = 0, maximum = 100_000)]
    pub charged_fen: i64,
    /// 自评得分: shown, never counted
    #[serde(default)]
    #[validate(length(max = 100), nested)]
    #[schema(max_items = 100, example = json!([]))]
    pub self_points: Vec<SelfPoint>,
    /// 佐证
    #[serde(default)]
    #[validate(length(max = 200), nested)]
    #[schema(max_items = 200, example = json!([]))]
    pub evidence: Vec<ClaimEvidence>,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub note: Option<String>,
}

/// 撤回认领
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawRatingClaimIn {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "更正认领星级", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 认领
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RatingClaimOut {
    pub id: RatingClaimId,
    pub project_id: RatingProjectId,
    pub campaign_id: RatingCampaignId,
    pub company_id: OrganisationId,
    #[schema(example = "620902005003-0001", max_length = 29)]
    pub area_code: String,
    #[schema(minimum = 1, maximum = 5)]
    pub target_star: i16,
    #[schema(minimum = 0)]
    pub charged_fen: i64,
    #[schema(max_items = 100)]
    pub self_points: Vec<SelfPoint>,
    /// 自评总分, basis points: shown, never counted
    #[schema(required = true, minimum = 0, maximum = 10_000)]
    pub self_score: Option<i32>,
    #[schema(max_items = 200)]
    pub evidence: Vec<ClaimEvidence>,
    #[schema(required = true, max_length = 500)]
    pub note: Option<String>,
    pub status: RatingClaimStatus,
    #[schema(required = true, max_length = 500)]
    pub withdraw_reason: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl TryFrom<ClaimRow> for RatingClaimOut {
    type Error = Error;

    fn try_from(row: ClaimRow) -> Result<Self> {
        Ok(Self {
            self_points: read(&row.self_points)?,
            evidence: read(&row.evidence)?,
            id: row.id,
            project_id: row.project_id,
            campaign_id: row.campaign_id,
            company_id: row.company_id,
            area_code: row.area_code,
            target_star: row.target_star,
            charged_fen: row.charged_fen,
            self_score: row.self_score,
            note: row.note,
            status: row.status,
            withdraw_reason: row.withdraw_reason,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

page!(
    /// 认领页
    RatingClaimPage, RatingClaimOut
);

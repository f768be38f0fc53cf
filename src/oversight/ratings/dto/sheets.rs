use platform::db::Ts;
use platform::http::check_not_blank;
use platform::page;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    RatingAssessorId, RatingCampaignId, RatingDimension, RatingProjectId, RatingRound, RatingScorer, RatingSheetId,
    RatingSheetStatus,
};
use crate::ratings::rules::sheets::Given;
use crate::ratings::store::rows::{IndicatorRow, PointRow, SheetRow};
use crate::ratings::store::sheets::Whole;

/// 一个指标的评分
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PointIn {
    /// 指标代码
    #[validate(length(min = 1, max = 20))]
    #[schema(example = "FW-01", min_length = 1, max_length = 20)]
    pub code: String,
    /// 得分; absent or `null` is 不适用
    #[validate(range(min = 0, max = 1000))]
    #[schema(example = 9, minimum = 0, maximum = 1000)]
    pub points: Option<i32>,
    /// 一票否决, of an indicator that may
    #[schema(nullable = false)]
    pub vetoed: Option<bool>,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub note: Option<String>,
}

impl PointIn {
    pub fn given(&self) -> Given<'_> {
        let vetoed = self.vetoed.unwrap_or(false);
        Given { code: &self.code, points: self.points, vetoed, noted: self.note.is_some() }
    }
}

/// 评分表内容; takes the place of what the draft had
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingSheetIn {
    #[validate(length(max = 100), nested)]
    #[schema(max_items = 100, example = json!([]))]
    pub points: Vec<PointIn>,
}

/// 一个指标的评分
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PointOut {
    #[schema(max_length = 20)]
    pub code: String,
    pub dimension: RatingDimension,
    /// 得分; `null` is 不适用
    #[schema(required = true, minimum = 0, maximum = 1000)]
    pub points: Option<i32>,
    #[schema(minimum = 1, maximum = 1000)]
    pub max_points: i32,
    pub vetoed: bool,
    #[schema(required = true, max_length = 500)]
    pub note: Option<String>,
}

impl From<(IndicatorRow, PointRow)> for PointOut {
    fn from((indicator, point): (IndicatorRow, PointRow)) -> Self {
        Self {
            code: indicator.code,
            dimension: indicator.dimension,
            points: point.points,
            max_points: indicator.max_points,
            vetoed: point.vetoed,
            note: point.note,
        }
    }
}

/// 评分表 (列表项)
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RatingSheetItem {
    pub id: RatingSheetId,
    pub project_id: RatingProjectId,
    pub campaign_id: RatingCampaignId,
    pub assessor_id: RatingAssessorId,
    pub panel: RatingScorer,
    pub round: RatingRound,
    pub status: RatingSheetStatus,
    #[schema(required = true)]
    pub submitted_at: Option<Ts>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<SheetRow> for RatingSheetItem {
    fn from(row: SheetRow) -> Self {
        let SheetRow {
            id,
            project_id,
            campaign_id,
            assessor_id,
            panel,
            round,
            status,
            submitted_at,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self { id, project_id, campaign_id, assessor_id, panel, round, status, submitted_at, version, updated_at }
    }
}

page!(
    /// 评分表页
    RatingSheetPage, RatingSheetItem
);

/// 评分表
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RatingSheetOut {
    #[serde(flatten)]
    pub sheet: RatingSheetItem,
    #[schema(max_items = 100)]
    pub points: Vec<PointOut>,
}

impl From<Whole> for RatingSheetOut {
    fn from(Whole { row, points }: Whole) -> Self {
        Self { sheet: row.into(), points: points.into_iter().map(PointOut::from).collect() }
    }
}

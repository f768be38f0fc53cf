use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    PointOut, RatingAppealOut, RatingFactOut, RatingPanel, RatingResultOut, RatingRound, RatingSchemeId, RatingScorer,
    RatingSheetId,
};
use crate::ratings::rules::score::DimensionFigure;
use crate::ratings::rules::terms::SchemeTerms;

/// 一张评分表的计算
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExplainedSheet {
    pub id: RatingSheetId,
    pub panel: RatingScorer,
    pub round: RatingRound,
    /// 是否计入: a review takes the place of what the panel found first
    pub counts: bool,
    #[schema(max_items = 100)]
    pub points: Vec<PointOut>,
    /// 各维度得分
    #[schema(max_items = 5)]
    pub dimensions: Vec<DimensionFigure>,
    /// 评分表得分 = Σ(维度权重 × 维度得分) ÷ Σ有得分维度的权重
    #[schema(required = true, minimum = 0, maximum = 10_000)]
    pub score: Option<i32>,
}

/// 一个评分方的得分
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PanelFigure {
    pub panel: RatingPanel,
    /// 权重, basis points
    #[schema(minimum = 0, maximum = 10_000)]
    pub weight: i32,
    /// 计入的评分表数; 0 for satisfaction and for what was recorded
    #[schema(minimum = 0)]
    pub sheets: i32,
    /// 得分 = the mean of the sheets that count, or the satisfaction
    #[schema(required = true, minimum = 0, maximum = 10_000)]
    pub score: Option<i32>,
    /// 权重 × 得分
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub weighted: i64,
}

/// 满意度的来源
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SatisfactionOut {
    #[schema(minimum = 0, maximum = 10_000)]
    pub score: i32,
    /// 有效答卷数
    #[schema(minimum = 1)]
    pub responses: i32,
    #[schema(max_length = 300)]
    pub source: String,
}

/// 认领, shown beside and never counted
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClaimedOut {
    #[schema(minimum = 1, maximum = 5)]
    pub target_star: i16,
    #[schema(minimum = 0)]
    pub charged_fen: i64,
    /// 自评总分
    #[schema(required = true, minimum = 0, maximum = 10_000)]
    pub self_score: Option<i32>,
}

/// 评定说明: every figure from the sheets to the star, so that it can be computed again by hand
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RatingExplanationOut {
    pub result: RatingResultOut,
    pub scheme_id: RatingSchemeId,
    /// 评定办法第几版
    #[schema(minimum = 1)]
    pub scheme_number: i32,
    pub terms: SchemeTerms,
    /// 取整规则
    #[schema(max_length = 300)]
    pub rounding: String,
    #[schema(required = true)]
    pub claim: Option<ClaimedOut>,
    #[schema(max_items = 100)]
    pub sheets: Vec<ExplainedSheet>,
    #[schema(required = true)]
    pub satisfaction: Option<SatisfactionOut>,
    /// 事实, the struck ones as well
    #[schema(max_items = 200)]
    pub facts: Vec<RatingFactOut>,
    #[schema(max_items = 4)]
    pub panels: Vec<PanelFigure>,
    /// Σ(权重 × 得分)
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub weighted_sum: i64,
    #[schema(required = true)]
    pub appeal: Option<RatingAppealOut>,
    /// 申诉期末日
    #[schema(required = true)]
    pub appeals_until: Option<NaiveDate>,
}

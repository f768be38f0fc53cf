use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::check_not_blank;
use platform::page;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{IndicatorEvidence, RatingDimension, RatingIndicatorId, RatingSchemeId, RatingSchemeStatus, RatingScorer};
use crate::ratings::rules::terms::SchemeTerms;
use crate::ratings::store::rows::{IndicatorRow, SchemeRow};

/// 指标
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IndicatorIn {
    /// 指标代码, unique in the scheme
    #[validate(length(min = 1, max = 20), custom(function = check_not_blank))]
    #[schema(example = "FW-01", min_length = 1, max_length = 20)]
    pub code: String,
    pub dimension: RatingDimension,
    /// 指标内容
    #[validate(length(min = 1, max = 300), custom(function = check_not_blank))]
    #[schema(example = "公共区域每日清扫", min_length = 1, max_length = 300)]
    pub words: String,
    /// 满分
    #[validate(range(min = 1, max = 1000))]
    #[schema(example = 10, minimum = 1, maximum = 1000)]
    pub max_points: i32,
    pub evidence: IndicatorEvidence,
    /// 是否一票否决指标
    #[schema(nullable = false)]
    pub veto: Option<bool>,
    /// 由谁评分
    #[validate(length(min = 1, max = 3))]
    #[schema(min_items = 1, max_items = 3, example = json!(["authority", "association", "peer"]))]
    pub scorers: Vec<RatingScorer>,
}

/// 新评定办法: a draft of the next version for an area
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingSchemeIn {
    /// 范围: a district or a street
    #[schema(value_type = String, example = "620902", max_length = 29)]
    pub area_code: AreaCode,
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(example = "星级红色物业评选活动方案(试行)", min_length = 1, max_length = 120)]
    pub title: String,
    /// 依据: the document that it stands on
    #[validate(length(min = 1, max = 300), custom(function = check_not_blank))]
    #[schema(example = "本地规则", min_length = 1, max_length = 300)]
    pub source: String,
    /// 是否为演示文本: words and prices that are nobody's official ones
    #[schema(nullable = false)]
    pub demo: Option<bool>,
    #[validate(nested)]
    pub terms: SchemeTerms,
    /// 指标
    #[validate(length(min = 1, max = 100), nested)]
    #[schema(min_items = 1, max_items = 100)]
    pub indicators: Vec<IndicatorIn>,
}

/// 修改评定办法草案; what is left out stays
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingSchemePatch {
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 120)]
    pub title: Option<String>,
    #[validate(length(min = 1, max = 300), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 300)]
    pub source: Option<String>,
    #[schema(nullable = false)]
    pub demo: Option<bool>,
    #[validate(nested)]
    #[schema(nullable = false)]
    pub terms: Option<SchemeTerms>,
    /// 指标; takes the place of all that there were
    #[validate(length(min = 1, max = 100), nested)]
    #[schema(nullable = false, min_items = 1, max_items = 100)]
    pub indicators: Option<Vec<IndicatorIn>>,
}

/// 指标
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct IndicatorOut {
    pub id: RatingIndicatorId,
    #[schema(example = "FW-01", max_length = 20)]
    pub code: String,
    pub dimension: RatingDimension,
    #[schema(max_length = 300)]
    pub words: String,
    #[schema(minimum = 1, maximum = 1000)]
    pub max_points: i32,
    pub evidence: IndicatorEvidence,
    pub veto: bool,
    #[schema(max_items = 3)]
    pub scorers: Vec<RatingScorer>,
}

impl From<&IndicatorRow> for IndicatorOut {
    fn from(row: &IndicatorRow) -> Self {
        Self {
            id: row.id,
            code: row.code.clone(),
            dimension: row.dimension,
            words: row.words.clone(),
            max_points: row.max_points,
            evidence: row.evidence,
            veto: row.veto,
            scorers: row.scorers(),
        }
    }
}

/// 评定办法 (列表项)
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RatingSchemeItem {
    pub id: RatingSchemeId,
    #[schema(example = "620902", max_length = 29)]
    pub area_code: String,
    /// 第几版
    #[schema(example = 1, minimum = 1)]
    pub number: i32,
    #[schema(max_length = 120)]
    pub title: String,
    #[schema(max_length = 300)]
    pub source: String,
    /// 是否为演示文本
    pub demo: bool,
    pub status: RatingSchemeStatus,
    #[schema(required = true)]
    pub published_at: Option<Ts>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl From<SchemeRow> for RatingSchemeItem {
    fn from(row: SchemeRow) -> Self {
        let SchemeRow {
            id,
            area_code,
            number,
            title,
            source,
            demo,
            terms: _,
            status,
            created_by: _,
            published_at,
            published_by: _,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self { id, area_code, number, title, source, demo, status, published_at, version, updated_at }
    }
}

page!(
    /// 评定办法页
    RatingSchemePage, RatingSchemeItem
);

/// 评定办法
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RatingSchemeOut {
    #[serde(flatten)]
    pub scheme: RatingSchemeItem,
    pub terms: SchemeTerms,
    #[schema(max_items = 100)]
    pub indicators: Vec<IndicatorOut>,
}

/// 评定办法筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RatingSchemeQuery {
    #[param(inline, nullable = false)]
    pub status: Option<RatingSchemeStatus>,
}

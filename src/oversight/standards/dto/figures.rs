use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::http::check_date;
use platform::quantity::{Quotient, Ratio};
use registry::territory::dto::CompoundId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{CheckRunId, ChecklistKind};

/// 检查指标的范围
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AreaCheckFiguresQuery {
    /// 区域
    #[param(example = "620902005003")]
    pub area: AreaCode,
    /// 截至; today where absent
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub as_of: Option<NaiveDate>,
}

/// 截至哪一日
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AsOfQuery {
    /// 截至; today where absent
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub as_of: Option<NaiveDate>,
}

/// 一类标准的指标: of the last submitted check of each compound
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KindFiguresOut {
    pub kind: ChecklistKind,
    /// 最近一次检查, of one compound
    #[schema(required = true)]
    pub run_id: Option<CheckRunId>,
    #[schema(required = true)]
    pub checked_on: Option<NaiveDate>,
    /// 已检查的小区数
    #[schema(minimum = 0)]
    pub compounds: i64,
    /// 符合率: items passed of those that apply; of red40 the standardisation score of 40
    pub pass_rate: Ratio,
    /// 得分率, weighted, in hundredths of a weight
    pub rate: Ratio,
    /// 平均得分 in basis points, of the compounds that have one
    pub mean_score: Quotient,
}

/// 一个小区的检查指标
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CompoundCheckFiguresOut {
    pub compound_id: CompoundId,
    #[schema(max_length = 29)]
    pub area_code: String,
    pub as_of: NaiveDate,
    /// 五公开是否齐全; `null` where it was never checked
    #[schema(required = true)]
    pub five_disclosures_complete: Option<bool>,
    /// 各类标准, those that were checked
    #[schema(max_items = 7)]
    pub kinds: Vec<KindFiguresOut>,
}

/// 一个区域的检查指标
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AreaCheckFiguresOut {
    #[schema(max_length = 29)]
    pub area: String,
    pub as_of: NaiveDate,
    /// 各类标准, those that were checked
    #[schema(max_items = 7)]
    pub kinds: Vec<KindFiguresOut>,
}

use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::http::check_date;
use platform::quantity::Ratio;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::MeetingKind;

/// 会议指标的范围
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MeetingFiguresQuery {
    /// 区域
    #[param(example = "620902005003")]
    pub area: AreaCode,
    /// 首日
    #[validate(custom(function = check_date))]
    #[param(example = "2024-01-01")]
    pub from: NaiveDate,
    /// 末日
    #[validate(custom(function = check_date))]
    #[param(example = "2024-01-31")]
    pub to: NaiveDate,
}

/// 一类会议的场次
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KindCount {
    pub kind: MeetingKind,
    /// 有效会议
    #[schema(minimum = 0)]
    pub joint: i64,
    /// 仅为协商
    #[schema(minimum = 0)]
    pub consultations: i64,
}

/// 会议成效 (F13): sessions by kind, and what became of what was raised
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MeetingFiguresOut {
    #[schema(max_length = 29)]
    pub area: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// 各类会议的场次
    #[schema(max_items = 19)]
    pub sessions: Vec<KindCount>,
    /// 议题解决率: items resolved of those raised
    pub yield_rate: Ratio,
    /// 其中巡查发现
    pub findings: Ratio,
    /// 行动项按期率: done in time of those due
    pub on_time: Ratio,
}

use chrono::NaiveDate;
use platform::http::check_date;
use platform::quantity::Ratio;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::ManagementMode;

/// 上报数与推算数: side by side, neither overwrites the other
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedAndDerived {
    /// 上报数, as the body itself reports it
    #[schema(required = true, example = 5180, minimum = 0)]
    pub reported: Option<i64>,
    /// 推算数, counted from the register
    #[schema(example = 5180, minimum = 0)]
    pub derived: i64,
}

/// 管理模式小区数
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModeCount {
    pub mode: ManagementMode,
    #[schema(example = 225, minimum = 0)]
    pub compounds: i64,
}

/// 概况: what an area holds, on a day
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProfileOut {
    #[schema(example = "620902", max_length = 29)]
    pub area: String,
    /// 截至日
    pub as_of: NaiveDate,
    /// 社区数
    #[schema(example = 21, minimum = 0)]
    pub communities: i64,
    /// 网格数
    #[schema(example = 636, minimum = 0)]
    pub grids: i64,
    /// 小区数
    #[schema(example = 459, minimum = 0)]
    pub compounds: i64,
    /// 楼栋数
    #[schema(example = 110, minimum = 0)]
    pub buildings: i64,
    /// 单元数
    #[schema(example = 411, minimum = 0)]
    pub units: i64,
    /// 房屋数
    #[schema(example = 5180, minimum = 0)]
    pub rooms: i64,
    /// 专有部分面积合计, in 0.01 m²
    #[schema(example = 51_800_000, minimum = 0)]
    pub exclusive_area: i64,
    /// 户数: derived from residential rooms
    pub households: ReportedAndDerived,
    /// 小区上报户数合计
    #[schema(example = 100_000, minimum = 0)]
    pub households_of_compounds: i64,
    /// 各管理模式的小区数
    #[schema(max_items = 6)]
    pub modes: Vec<ModeCount>,
    /// 物业服务覆盖率 F1: compounds with a mode other than none / compounds
    pub coverage: Ratio,
    /// 老旧小区占比 F2: built before 2000 / compounds whose year is known
    pub old_share: Ratio,
    /// 领导包抓覆盖率: grids with an active leader / grids
    pub leader_coverage: Ratio,
}

#[derive(Debug, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProfileQuery {
    /// 截至日; today unless given. Modes, placements, grids and communities are as they stood on that day; buildings,
    /// rooms and reported figures are as they stand now
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub as_of: Option<NaiveDate>,
}

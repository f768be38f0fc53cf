use chrono::NaiveDate;
use platform::quantity::Ratio;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// 某方向在任的交叉任职
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DirectionCount {
    #[schema(example = "community_to_committee", max_length = 60)]
    pub direction: String,
    #[schema(example = 150, minimum = 0)]
    pub appointments: i64,
}

/// 区域指标: counted from the rows, never typed in; a share of nothing is null
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FiguresOut {
    #[schema(example = "620902", max_length = 29)]
    pub area: String,
    pub as_of: NaiveDate,
    /// F1 物业服务覆盖率: compounds with a mode other than none / compounds
    pub service_coverage: Ratio,
    /// F2 老旧小区占比: built before 2000 / compounds whose year is known
    pub old_share: Ratio,
    /// F3 业委会、自管委组建率: compounds with a committee in its term / compounds
    pub committee_coverage: Ratio,
    /// F4 物业企业党的组织覆盖率
    pub organisation_coverage: Ratio,
    /// F4 物业企业党的工作覆盖率
    pub work_coverage: Ratio,
    /// 红色物业覆盖率: compounds that a company with a Party organisation serves, or a red service station / compounds
    pub red_coverage: Ratio,
    /// F5 委员中的党员占比. Overlaps with the veterans': never added up
    pub party_members: Ratio,
    /// F5 委员中的退役军人占比. Overlaps with the Party members': never added up
    pub veterans: Ratio,
    /// 领导包抓覆盖率: grids with an active leader / grids
    pub leader_coverage: Ratio,
    /// 在任交叉任职人次
    #[schema(example = 380, minimum = 0)]
    pub cross_appointments: i64,
    #[schema(max_items = 100)]
    pub by_direction: Vec<DirectionCount>,
    /// 60 日内届满的交叉任职
    #[schema(minimum = 0)]
    pub expiring: i64,
    /// 楼长配备: buildings with a head / buildings
    pub building_heads: Ratio,
    /// 单元长配备: units with a head / units
    pub unit_heads: Ratio,
    /// 在职党员报到人数
    #[schema(example = 3800, minimum = 0)]
    pub checkins: i64,
}

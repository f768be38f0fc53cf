use chrono::NaiveDate;
use platform::http::check_date;
use platform::quantity::Ratio;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// 截至哪一天
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AsOfQuery {
    /// 截至日; today, unless given
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub as_of: Option<NaiveDate>,
}

/// 区域组织概况, computed as of a day
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrganisationFiguresOut {
    #[schema(example = "620902", max_length = 29)]
    pub area: String,
    pub as_of: NaiveDate,
    /// F3 业委会(自管委)组建率: compounds with a filed committee in office ÷ compounds
    pub committee_coverage: Ratio,
    /// 有有效合同的小区 ÷ 小区
    pub contracted_compounds: Ratio,
    /// 在册物业企业
    #[schema(minimum = 0, example = 88)]
    pub companies: i64,
}

use platform::quantity::{Quotient, Ratio};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{FigureKey, FigureUnit};

/// 指标值: both of its parts, and what they come to. Nothing of nothing is `null`, never 100 %
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FigureOut {
    pub figure: FigureKey,
    /// 公式编号
    #[schema(example = "F1", max_length = 4)]
    pub formula: String,
    /// 分项, of a figure that is a distribution: a level, a number of stars, a kind of meeting
    #[schema(required = true, example = "branch", max_length = 60)]
    pub part: Option<String>,
    pub unit: FigureUnit,
    /// 分子
    #[schema(example = 424)]
    pub numerator: i64,
    /// 分母
    #[schema(example = 459)]
    pub denominator: i64,
    /// 百分比, of what is a share; two decimal places, rounded half up
    #[schema(required = true, example = "92.37", max_length = 24, pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    pub percent: Option<String>,
    /// 数值, of what is no share; in the unit, two decimal places
    #[schema(required = true, example = "544.00", max_length = 24, pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    pub value: Option<String>,
}

/// What a figure came to, before it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount {
    Share(Ratio),
    Mean(Quotient),
    Count(i64),
}

use platform::quantity::{Quotient, Ratio};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{FigureKey, FigureUnit};

/// What a figure comes to: a share of a whole, or a number by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount {
    Share(Ratio),
    Mean(Quotient),
}

/// 指标值: both of its parts, and what they come to. Nothing of nothing is `null`, never 100 %
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AmountOut {
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

impl From<Amount> for AmountOut {
    fn from(amount: Amount) -> Self {
        match amount {
            Amount::Share(Ratio { numerator, denominator, percent }) => {
                Self { numerator, denominator, percent, value: None }
            }
            Amount::Mean(Quotient { numerator, denominator, value }) => {
                Self { numerator, denominator, percent: None, value }
            }
        }
    }
}

/// 一项指标 of a dashboard
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FigureOut {
    pub figure: FigureKey,
    /// 公式编号
    #[schema(example = "F1", max_length = 8)]
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

use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::{id, page};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::FigureKey;

id!(
    /// 公布值编号
    ReportedFigureId
);

/// 登记公布值: what was published, with its source. Either both parts, or the value in hundredths of the unit
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportedFigureIn {
    #[schema(example = "1304")]
    pub area_code: AreaCode,
    pub figure: FigureKey,
    /// 分项, of a distribution
    #[serde(default)]
    #[validate(length(min = 1, max = 60), custom(function = check_not_blank))]
    #[schema(example = "branch", min_length = 1, max_length = 60, nullable = false)]
    pub part: Option<String>,
    /// 所属时段的首日; of what is as things stood, the day itself
    #[validate(custom(function = check_date))]
    #[schema(example = "2019-12-15")]
    pub from: NaiveDate,
    #[validate(custom(function = check_date))]
    #[schema(example = "2019-12-15")]
    pub to: NaiveDate,
    #[serde(default)]
    #[validate(range(min = -1_000_000_000_000i64, max = 1_000_000_000_000i64))]
    #[schema(example = 1172, minimum = -1_000_000_000_000i64, maximum = 1_000_000_000_000i64, nullable = false)]
    pub numerator: Option<i64>,
    #[serde(default)]
    #[validate(range(min = 1, max = 1_000_000_000_000i64))]
    #[schema(example = 1531, minimum = 1, maximum = 1_000_000_000_000i64, nullable = false)]
    pub denominator: Option<i64>,
    /// 公布的数值, in hundredths: 92.37 % is 9237. Where the parts were not published
    #[serde(default)]
    #[validate(range(min = -1_000_000_000_000i64, max = 1_000_000_000_000i64))]
    #[schema(minimum = -1_000_000_000_000i64, maximum = 1_000_000_000_000i64, nullable = false)]
    pub hundredths: Option<i64>,
    /// 来源: who published it, where and when
    #[validate(length(min = 1, max = 300), custom(function = check_not_blank))]
    #[schema(example = "邯郸市2019年公布", min_length = 1, max_length = 300)]
    pub source: String,
}

/// 公布值
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedFigureOut {
    pub id: ReportedFigureId,
    #[schema(example = "1304", max_length = 29)]
    pub area_code: String,
    pub figure: FigureKey,
    #[schema(required = true, max_length = 60)]
    pub part: Option<String>,
    pub from: NaiveDate,
    pub to: NaiveDate,
    #[schema(required = true, example = 1172)]
    pub numerator: Option<i64>,
    #[schema(required = true, example = 1531)]
    pub denominator: Option<i64>,
    /// 数值, two decimal places: computed from the parts where they were published
    #[schema(required = true, example = "76.55", max_length = 24, pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    pub value: Option<String>,
    #[schema(max_length = 300)]
    pub source: String,
    pub recorded_at: Ts,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

page!(
    /// 公布值页
    ReportedFigurePage, ReportedFigureOut
);

/// 公布值筛选
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportedFigureQuery {
    /// 区域, with all below it
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub figure: Option<FigureKey>,
}

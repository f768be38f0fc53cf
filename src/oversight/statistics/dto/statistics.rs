use chrono::NaiveDate;
use platform::db::Ts;
use platform::http::check_date;
use platform::quantity::Ratio;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{AmountOut, Breakdown, FigureKey, FigureKind, FigureUnit, SheetFormat, TimeStep};

/// 指标说明: how a figure is made, of what, and on whose word
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CatalogueEntry {
    pub figure: FigureKey,
    /// 公式编号
    #[schema(example = "F1", max_length = 8)]
    pub formula: String,
    /// 名称
    #[schema(example = "物业服务覆盖率", max_length = 40)]
    pub name_zh: String,
    #[schema(example = "Property service coverage", max_length = 80)]
    pub name_en: String,
    /// 计算公式
    #[schema(example = "有管理模式的小区 ÷ 小区", max_length = 200)]
    pub words_zh: String,
    #[schema(example = "compounds with a mode other than none ÷ compounds", max_length = 300)]
    pub words_en: String,
    pub unit: FigureUnit,
    pub kind: FigureKind,
    /// 数据来源: the rows that it is counted from
    #[schema(max_items = 8, example = json!(["compound_placements", "compound_modes"]))]
    pub feeds: Vec<FeedName>,
    /// 依据: the law, or the practice that published it
    #[schema(example = "肃州区2023年公布口径: 424/459 = 92.37%", max_length = 300)]
    pub source: String,
    /// 可用分组
    #[schema(max_items = 3)]
    pub breakdowns: Vec<Breakdown>,
    /// 可用时间粒度
    #[schema(max_items = 5)]
    pub steps: Vec<TimeStep>,
}

/// 数据表
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(min_length = 1, max_length = 40, example = "compound_modes")]
pub struct FeedName(pub String);

/// 指标目录
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CatalogueOut {
    #[schema(max_items = 40)]
    pub items: Vec<CatalogueEntry>,
}

/// 统计的范围
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StatisticsQuery {
    /// 所需指标, by comma; where absent all of them, with `by` all that can be told apart by it
    #[validate(length(min = 1, max = 800))]
    #[param(example = "service_coverage,on_time_closure", min_length = 1, max_length = 800, nullable = false)]
    pub figures: Option<String>,
    /// 截至日; today where absent. What came later is left out
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub as_of: Option<NaiveDate>,
    /// 开始日, of what is counted in a period; the first of the last day's month where absent
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub from: Option<NaiveDate>,
    /// 结束日, included; the day that the figures are of where absent. 366 days at the most
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub to: Option<NaiveDate>,
    /// 分组
    #[param(inline, nullable = false)]
    pub by: Option<Breakdown>,
    /// 附上年同期与同比
    #[param(nullable = false)]
    pub year_on_year: Option<bool>,
}

/// 分组
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GroupOut {
    /// 区域代码, 事件类型与分类, or the company's id; empty where no company had it in hand
    #[schema(example = "620902005", max_length = 90)]
    pub code: String,
    #[schema(required = true, example = "西北街街道", max_length = 200)]
    pub name: Option<String>,
}

/// 公布值 F26: what somebody published, beside what is counted; never instead of it
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedValue {
    #[schema(required = true, example = 1172)]
    pub numerator: Option<i64>,
    #[schema(required = true, example = 1531)]
    pub denominator: Option<i64>,
    /// 公布的数值, two decimal places: computed from the parts where they were published
    #[schema(required = true, example = "76.55", max_length = 24, pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    pub value: Option<String>,
    /// 所属时段
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// 来源
    #[schema(example = "邯郸市2019年公布", max_length = 300)]
    pub source: String,
    pub recorded_at: Ts,
}

/// 一项统计
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatisticOut {
    pub figure: FigureKey,
    #[schema(example = "F1", max_length = 8)]
    pub formula: String,
    /// 分项, of a distribution
    #[schema(required = true, example = "branch", max_length = 60)]
    pub part: Option<String>,
    /// 分组; `null` where the figure is of the whole area
    #[schema(required = true)]
    pub group: Option<GroupOut>,
    pub unit: FigureUnit,
    #[schema(example = 424)]
    pub numerator: i64,
    #[schema(example = 459)]
    pub denominator: i64,
    /// 百分比, of a share
    #[schema(required = true, example = "92.37", max_length = 24, pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    pub percent: Option<String>,
    /// 数值, of what is no share
    #[schema(required = true, example = "544.00", max_length = 24, pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    pub value: Option<String>,
    /// 截至日
    pub as_of: NaiveDate,
    /// 依据
    #[schema(example = "肃州区2023年公布口径: 424/459 = 92.37%", max_length = 300)]
    pub source: String,
    /// 上年同期; absent unless asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub year_before: Option<AmountOut>,
    /// 同比: (本期 − 同期) ÷ 同期; absent unless asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub change: Option<Ratio>,
    /// 公布值 for the same area and figure, the latest first
    #[schema(max_items = 20)]
    pub reported: Vec<ReportedValue>,
}

/// 区域统计
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatisticsOut {
    #[schema(example = "620902", max_length = 29)]
    pub area: String,
    pub as_of: NaiveDate,
    /// 时期指标的时段
    pub from: NaiveDate,
    pub to: NaiveDate,
    #[schema(required = true)]
    pub by: Option<Breakdown>,
    #[schema(max_items = 50_000)]
    pub items: Vec<StatisticOut>,
}

/// 时间序列的范围
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SeriesQuery {
    /// 指标
    #[param(inline, example = "accepted_per_day")]
    pub figure: FigureKey,
    /// 开始日
    #[validate(custom(function = check_date))]
    #[param(example = "2023-01-01")]
    pub from: NaiveDate,
    /// 结束日, included; today at the latest
    #[validate(custom(function = check_date))]
    #[param(example = "2023-12-31")]
    pub to: NaiveDate,
    /// 时间粒度. As many steps as there are in 120 at the most
    #[param(inline, example = "month")]
    pub step: TimeStep,
    /// 附上年同期与同比
    #[param(nullable = false)]
    pub year_on_year: Option<bool>,
}

/// 序列中的一点
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeriesPoint {
    /// 首日与末日: of what is as things stand, it is the last that counts
    pub from: NaiveDate,
    pub to: NaiveDate,
    #[schema(required = true, example = "branch", max_length = 60)]
    pub part: Option<String>,
    #[schema(example = 16_320)]
    pub numerator: i64,
    #[schema(example = 30)]
    pub denominator: i64,
    #[schema(required = true, example = "92.37", max_length = 24, pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    pub percent: Option<String>,
    #[schema(required = true, example = "544.00", max_length = 24, pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    pub value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub year_before: Option<AmountOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub change: Option<Ratio>,
}

/// 时间序列
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FigureSeriesOut {
    #[schema(example = "620902", max_length = 29)]
    pub area: String,
    pub figure: FigureKey,
    #[schema(example = "F8", max_length = 8)]
    pub formula: String,
    pub unit: FigureUnit,
    pub step: TimeStep,
    #[schema(max_items = 4000)]
    pub items: Vec<SeriesPoint>,
}

/// 导出统计的范围
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StatisticsExportQuery {
    /// 格式
    #[param(inline, example = "csv")]
    pub format: SheetFormat,
    #[validate(length(min = 1, max = 800))]
    #[param(min_length = 1, max_length = 800, nullable = false)]
    pub figures: Option<String>,
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub as_of: Option<NaiveDate>,
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub from: Option<NaiveDate>,
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub to: Option<NaiveDate>,
    #[param(inline, nullable = false)]
    pub by: Option<Breakdown>,
    #[param(nullable = false)]
    pub year_on_year: Option<bool>,
}

impl StatisticsExportQuery {
    pub fn parts(self) -> (SheetFormat, StatisticsQuery) {
        let Self { format, figures, as_of, from, to, by, year_on_year } = self;
        (format, StatisticsQuery { figures, as_of, from, to, by, year_on_year })
    }
}

/// 导出时间序列的范围
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SeriesExportQuery {
    /// 格式
    #[param(inline, example = "csv")]
    pub format: SheetFormat,
    /// 指标
    #[param(inline, example = "accepted_per_day")]
    pub figure: FigureKey,
    #[validate(custom(function = check_date))]
    #[param(example = "2023-01-01")]
    pub from: NaiveDate,
    #[validate(custom(function = check_date))]
    #[param(example = "2023-12-31")]
    pub to: NaiveDate,
    #[param(inline, example = "month")]
    pub step: TimeStep,
    #[param(nullable = false)]
    pub year_on_year: Option<bool>,
}

impl SeriesExportQuery {
    pub fn parts(self) -> (SheetFormat, SeriesQuery) {
        let Self { format, figure, from, to, step, year_on_year } = self;
        (format, SeriesQuery { figure, from, to, step, year_on_year })
    }
}

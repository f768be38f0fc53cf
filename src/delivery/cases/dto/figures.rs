use chrono::NaiveDate;
use platform::http::check_date;
use platform::quantity::{Quotient, Ratio};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{CaseKind, Channel, Tier, VisitOutcome};

/// 时段与截至日
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CaseFiguresQuery {
    /// 开始日; the first of the last day's month where absent
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub from: Option<NaiveDate>,
    /// 结束日, included; the day that the figures are of where absent. 366 days at the most
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub to: Option<NaiveDate>,
    /// 截至日; today where absent. What came later is left out
    #[validate(custom(function = check_date))]
    #[param(nullable = false)]
    pub as_of: Option<NaiveDate>,
}

/// 回访次数, by what they brought
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VisitCount {
    pub outcome: VisitOutcome,
    #[schema(example = 548, minimum = 0)]
    pub visits: i64,
}

/// 受理量, by category
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AcceptedCount {
    pub kind: CaseKind,
    #[schema(example = "pipe_leak", max_length = 40)]
    pub category: String,
    #[schema(example = 5549)]
    pub accepted: i64,
}

/// 登记量, by channel
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedCount {
    pub channel: Channel,
    #[schema(example = 6528)]
    pub reported: i64,
}

/// 本级归档占比
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TierShare {
    pub tier: Tier,
    pub share: Ratio,
}

/// F9 物业投诉率: complaints against property companies, in a thousand households
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComplaintFigures {
    /// 本期, per thousand households
    pub rate: Quotient,
    /// 上年同期
    pub rate_before: Quotient,
    /// 同比: (本期 − 同期) ÷ 同期
    pub change: Ratio,
}

/// 两难一慢: mean minutes, each with the minutes and the cases that it is made of
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Latencies {
    /// 反映难: from the report to its acceptance
    pub intake: Quotient,
    /// 协调难: from the acceptance to the first signature of a handler
    pub coordination: Quotient,
    /// 落实慢: from that signature to the end of the work, in the first round
    pub implementation: Quotient,
}

/// 事件指标, computed from what happened in the period; nothing of nothing is `null`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseFiguresOut {
    #[schema(example = "620902", max_length = 29)]
    pub area: String,
    pub from: NaiveDate,
    /// 结束日, or the day that the figures are of where that is earlier
    pub to: NaiveDate,
    pub as_of: NaiveDate,
    /// F6 按时办结率: due in the period and done by then ÷ due in the period. An extension that was approved replaces the
    /// date; what is overdue counts against it, done or not
    pub on_time: Ratio,
    /// 重开后按时办结率: the same for those that were opened again, whose time began anew
    pub reopened_on_time: Ratio,
    /// 逾期未办结: of those, overdue and not done yet
    #[schema(minimum = 0, example = 0)]
    pub overdue_open: i64,
    /// F7 回访满意度: satisfied ÷ answered
    pub satisfaction: Ratio,
    /// "基本满意" counts as satisfied, by the rules of the place
    pub basically_counts: bool,
    /// 回访率: answered ÷ done for the first time
    pub visit_rate: Ratio,
    #[schema(max_items = 6)]
    pub visits: Vec<VisitCount>,
    /// F8 日均受理: accepted ÷ calendar days
    pub accepted_per_day: Quotient,
    #[schema(max_items = 1000)]
    pub accepted: Vec<AcceptedCount>,
    #[schema(max_items = 9)]
    pub reported: Vec<ReportedCount>,
    pub complaints: ComplaintFigures,
    /// F23 本级归档率: closed at a level ÷ closed
    #[schema(max_items = 4)]
    pub closed_at: Vec<TierShare>,
    pub latencies: Latencies,
    /// 重复率: merged into another ÷ reported
    pub duplicates: Ratio,
    /// 重开率: opened again ÷ done for the first time
    pub reopened: Ratio,
}

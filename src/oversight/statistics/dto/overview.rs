use chrono::NaiveDate;
use delivery::cases::dto::{CaseId, CaseKind, ClockKind, Status};
use platform::db::Ts;
use platform::quantity::Ratio;
use registry::territory::dto::CompoundId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::FigureOut;
use crate::ratings::dto::StarShare;
use crate::standings::dto::RankingId;

/// 概览的范围
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OverviewQuery {
    /// 指标的天数, up to and with today: 30 where absent. Always 30 for the daily series
    #[validate(range(min = 1, max = 366))]
    #[param(minimum = 1, maximum = 366, default = 30, nullable = false)]
    pub days: Option<u16>,
    /// 所需部分, by comma; all of them where absent
    #[validate(length(min = 1, max = 100))]
    #[param(example = "cases,figures", min_length = 1, max_length = 100, nullable = false)]
    pub fields: Option<String>,
}

/// 一个状态的事件数
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatusCount {
    pub status: Status,
    #[schema(example = 12, minimum = 0)]
    pub cases: i64,
}

/// 事件现状
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CasesNow {
    /// 未结
    #[schema(example = 40, minimum = 0)]
    pub open: i64,
    /// 各未结状态, every one of them
    #[schema(max_items = 9)]
    pub by_status: Vec<StatusCount>,
    /// 逾期未办结: open, and the time to resolve is over
    #[schema(example = 1, minimum = 0)]
    pub overdue: i64,
    /// 今日到期: open, to be resolved by the end of today and not overdue
    #[schema(example = 3, minimum = 0)]
    pub due_today: i64,
    /// 今日登记
    #[schema(example = 9, minimum = 0)]
    pub reported_today: i64,
    /// 今日受理
    #[schema(example = 8, minimum = 0)]
    pub accepted_today: i64,
    /// 今日归档
    #[schema(example = 5)]
    pub closed_today: i64,
}

/// 时限: one that runs, of a case that is public. By category, place and state: no words of the case, nobody's name
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunningClock {
    pub case_id: CaseId,
    pub kind: CaseKind,
    #[schema(example = "pipe_leak", max_length = 40)]
    pub category: String,
    pub status: Status,
    pub clock: ClockKind,
    /// 小区, or the community where it lies in none
    #[schema(example = "620902005003-0001", max_length = 29)]
    pub area_code: String,
    #[schema(example = "康盛花园", max_length = 100)]
    pub place: String,
    pub started_at: Ts,
    pub due_at: Ts,
    pub overdue: bool,
}

/// 会议
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MeetingsNow {
    /// 会议场次, in the period
    #[schema(example = 24, minimum = 0)]
    pub sessions: i64,
    /// 其中有效会议: more than a consultation
    #[schema(example = 24, minimum = 0)]
    pub joint: i64,
    /// 议题解决率: items resolved of those raised in the period
    pub yield_rate: Ratio,
    /// 其中巡查发现
    pub findings: Ratio,
    /// 未完成行动项, now
    #[schema(example = 7, minimum = 0)]
    pub open_actions: i64,
    /// 其中已逾期
    #[schema(example = 1, minimum = 0)]
    pub overdue_actions: i64,
    /// 行动项按期率: handed in by its day of those due in the period
    pub actions_on_time: Ratio,
}

/// 星级分布, of the latest quarter that has confirmed results in the area
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LatestStars {
    /// `null` where nothing was confirmed yet
    #[schema(required = true, example = 2023, minimum = 2000, maximum = 2199)]
    pub year: Option<i32>,
    #[schema(required = true, example = 4, minimum = 1, maximum = 4)]
    pub quarter: Option<i16>,
    /// 已评项目数
    #[schema(example = 225, minimum = 0)]
    pub rated: i64,
    /// 各星级, from five stars to none
    #[schema(max_items = 6)]
    pub stars: Vec<StarShare>,
    /// 三星级以上
    pub three_and_above: Ratio,
}

/// 排名中的一个项目
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RankedProject {
    /// 名次 in the whole ranking; ties share it
    #[schema(example = 1, minimum = 1)]
    pub rank: i32,
    /// 较上期: places gained
    #[schema(required = true, example = 2)]
    pub movement: Option<i32>,
    pub compound_id: CompoundId,
    #[schema(example = "康盛花园", max_length = 100)]
    pub compound_name: String,
    #[schema(required = true, example = "洪洋物业", max_length = 200)]
    pub company_name: Option<String>,
    #[schema(example = "620902005003-0001", max_length = 29)]
    pub area_code: String,
    /// 得分, in hundredths
    #[schema(example = 9350, minimum = 0)]
    pub score: i32,
    #[schema(example = 5, minimum = 0, maximum = 5)]
    pub star: i32,
}

/// 最新排名: of the area, or of the nearest above it that has one; of its rows those that lie in the area
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LatestRanking {
    /// `null` where there is none
    #[schema(required = true)]
    pub ranking_id: Option<RankingId>,
    #[schema(required = true, example = 2023, minimum = 2000, maximum = 2199)]
    pub year: Option<i32>,
    #[schema(required = true, example = 4, minimum = 1, maximum = 4)]
    pub quarter: Option<i32>,
    /// 前列项目
    #[schema(max_items = 10)]
    pub top: Vec<RankedProject>,
}

/// 下级区域: a line for a list or a map
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChildLine {
    #[schema(example = "620902005", max_length = 29)]
    pub code: String,
    #[schema(example = "西北街街道", max_length = 100)]
    pub name: String,
    /// 未结事件
    #[schema(example = 12, minimum = 0)]
    pub open: i64,
    /// 逾期未办结
    #[schema(example = 0, minimum = 0)]
    pub overdue: i64,
    /// 受理, in the period
    #[schema(example = 640, minimum = 0)]
    pub accepted: i64,
    /// 归档, in the period
    #[schema(example = 630)]
    pub closed: i64,
    /// F6 按时办结率
    pub on_time: Ratio,
    /// F7 回访满意度
    pub satisfaction: Ratio,
    /// F1 物业服务覆盖率
    pub coverage: Ratio,
}

/// 一日
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayCount {
    pub day: NaiveDate,
    /// 受理
    #[schema(example = 544, minimum = 0)]
    pub accepted: i64,
    /// 归档; less than nothing where more were opened again than closed
    #[schema(example = 540)]
    pub closed: i64,
}

/// 区域概览: a dashboard in one answer. Parts that were not asked for are absent
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OverviewOut {
    #[schema(example = "620902", max_length = 29)]
    pub area: String,
    #[schema(example = "肃州区", max_length = 100)]
    pub name: String,
    /// 截至日: today
    pub as_of: NaiveDate,
    /// 指标时段, both days included
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// 本答复最迟在此刻过时: the next moment at which a clock of the area falls due, or midnight. Nothing but a change in
    /// the area makes it old before
    pub fresh_until: Ts,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cases: Option<CasesNow>,
    /// 最近到期的时限, the most urgent first
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_items = 20)]
    pub clocks: Option<Vec<RunningClock>>,
    /// 指标: F1, F2, F6–F9, F23 and the three latencies
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_items = 40)]
    pub figures: Option<Vec<FigureOut>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub meetings: Option<MeetingsNow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub stars: Option<LatestStars>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ranking: Option<LatestRanking>,
    /// 下级区域: the streets of a district, the communities of a street, the compounds of a community. What lies in no
    /// compound counts in the community alone
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_items = 2000)]
    pub children: Option<Vec<ChildLine>>,
    /// 近30日
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_items = 30)]
    pub daily: Option<Vec<DayCount>>,
}

use platform::calendar::Window;
use platform::db::Ts;
use platform::rule_sets::RuleSetId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ClockEnd, ClockKind, ClockMode, ExtensionOut, HoldOut};
use crate::cases::rules::params::deadlines::Policy;

/// 已触发的催办
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AlarmOut {
    /// 1 过半提醒 · 2 八成预警 · 3 超时 · 4 超时后上交
    #[schema(example = 3, minimum = 1, maximum = 4)]
    pub level: i32,
    pub clock: ClockKind,
    pub due_at: Ts,
    pub at: Ts,
}

/// 一项时限
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ClockOut {
    pub clock: ClockKind,
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub round: i32,
    /// 第几次计时
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub run: i32,
    pub mode: ClockMode,
    /// 时限, minutes as the mode counts
    #[schema(example = 480, minimum = 1, maximum = 100_000_000)]
    pub budget_minutes: i32,
    pub started_at: Ts,
    pub due_at: Ts,
    /// 八成预警时刻
    pub warn_at: Ts,
    #[schema(required = true)]
    pub ended_at: Option<Ts>,
    #[schema(required = true)]
    pub end_kind: Option<ClockEnd>,
    /// 已触发到第几级
    #[schema(example = 2, minimum = 0, maximum = 4)]
    pub level: i32,
    /// 已超时: as of now where it still runs, and as of its beginning while a pause runs
    pub breached: bool,
    /// 剩余分钟, as the mode counts; 0 when it is over
    #[schema(example = 120, minimum = 0, maximum = 100_000_000)]
    pub remaining_minutes: i64,
    /// 计入的时段, from the start to the due date; of a clock by wall time, the one stretch
    #[schema(max_items = 200)]
    pub windows: Vec<Window>,
}

/// 时限说明: why a case is due when it is
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DeadlinesOut {
    pub as_of: Ts,
    /// 办结期限
    #[schema(required = true)]
    pub due_at: Option<Ts>,
    /// 已逾期
    pub overdue: bool,
    /// 适用的时限政策, as it stood when the case pinned it
    pub policy: Policy,
    /// 政策在规则集中的序号, from 0; `null` where a later version of the default no longer has it
    #[schema(required = true, example = 2, minimum = 0, maximum = 199)]
    pub policy_index: Option<i32>,
    /// 政策所属的规则集版本; `null` for the default
    #[schema(required = true, value_type = Option<Uuid>)]
    pub policy_set_id: Option<RuleSetId>,
    #[schema(max_items = 1000)]
    pub clocks: Vec<ClockOut>,
    #[schema(max_items = 1000)]
    pub holds: Vec<HoldOut>,
    #[schema(max_items = 1000)]
    pub extensions: Vec<ExtensionOut>,
    #[schema(max_items = 1000)]
    pub alarms: Vec<AlarmOut>,
}

use chrono::NaiveDate;
use platform::rule_sets::dto::AppliedRule;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ContractId, ContractStatus, NoticeBy, TermState};

/// 一方的通知时钟
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NoticeClock {
    pub by: NoticeBy,
    /// 通知期, days
    #[schema(example = 60, minimum = 0)]
    pub days: i64,
    /// 今日通知的最早终止日; `null` where the side cannot end it by a notice of today
    #[schema(required = true)]
    pub earliest_end: Option<NaiveDate>,
    /// 于届满日终止的最后通知日, for a fixed term
    #[schema(required = true)]
    pub last_notice_day: Option<NaiveDate>,
    /// 依据
    #[schema(max_length = 200, example = "民法典第946条")]
    pub source: String,
}

/// 合同时钟: what may happen until when, and why
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClocksOut {
    pub contract_id: ContractId,
    pub as_of: NaiveDate,
    pub status: ContractStatus,
    pub term_state: TermState,
    /// 期限状态的说明
    #[schema(max_length = 300)]
    pub explanation: String,
    #[schema(required = true)]
    pub ends_on: Option<NaiveDate>,
    /// 距届满日的天数; negative once it is past
    #[schema(required = true, example = 30)]
    pub days_to_end: Option<i64>,
    #[schema(max_items = 2)]
    pub notices: Vec<NoticeClock>,
    /// 通知期所依规则, as it holds today
    pub rule: AppliedRule,
    #[schema(required = true)]
    pub effective_on: Option<NaiveDate>,
    /// 接管前须继续服务 (民法典第950条)
    pub must_keep_serving: bool,
    #[schema(minimum = 0)]
    pub open_handover_items: i64,
}

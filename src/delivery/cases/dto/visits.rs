use platform::db::Ts;
use platform::history::ActorId;
use platform::text_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::cases::store::visits::{VisitId, VisitRow};

text_enum! {
    /// 回访方式
    VisitChannel {
        /// 电话
        Phone = "phone",
        /// 上门
        OnSite = "on_site",
        /// 短信或消息
        Message = "message",
        /// 报事人在小程序中评价
        App = "app",
    }
}

text_enum! {
    /// 回访结果
    VisitOutcome {
        /// 非常满意
        VerySatisfied = "very_satisfied",
        /// 满意
        Satisfied = "satisfied",
        /// 基本满意
        Basically = "basically",
        /// 不满意
        Dissatisfied = "dissatisfied",
        /// 无法联系
        Unreachable = "unreachable",
        /// 拒绝回访
        Refused = "refused",
    }
}

text_enum! {
    /// 不满意的原因
    VisitReason {
        /// 问题未解决
        NotFixed = "not_fixed",
        /// 态度不好
        BadManner = "bad_manner",
        /// 办理太慢
        TooSlow = "too_slow",
        /// 诉求不合理
        UnreasonableDemand = "unreasonable_demand",
    }
}

/// 回访记录
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitIn {
    pub channel: VisitChannel,
    pub outcome: VisitOutcome,
    /// 评分, 1–5
    #[validate(range(min = 1, max = 5))]
    #[schema(nullable = false, example = 5, minimum = 1, maximum = 5)]
    pub score: Option<i32>,
    #[schema(nullable = false)]
    pub reason: Option<VisitReason>,
    #[validate(length(min = 1, max = 500))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub note: Option<String>,
}

/// 评价: what the reporter says unasked
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedbackIn {
    pub outcome: Feedback,
    #[validate(range(min = 1, max = 5))]
    #[schema(nullable = false, example = 5, minimum = 1, maximum = 5)]
    pub score: Option<i32>,
    #[schema(nullable = false)]
    pub reason: Option<VisitReason>,
    #[validate(length(min = 1, max = 500))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub note: Option<String>,
}

text_enum! {
    /// 评价
    Feedback {
        /// 非常满意
        VerySatisfied = "very_satisfied",
        /// 满意
        Satisfied = "satisfied",
        /// 基本满意
        Basically = "basically",
        /// 不满意
        Dissatisfied = "dissatisfied",
    }
}

impl From<FeedbackIn> for VisitIn {
    fn from(feedback: FeedbackIn) -> Self {
        let FeedbackIn { outcome, score, reason, note } = feedback;
        let outcome = match outcome {
            Feedback::VerySatisfied => VisitOutcome::VerySatisfied,
            Feedback::Satisfied => VisitOutcome::Satisfied,
            Feedback::Basically => VisitOutcome::Basically,
            Feedback::Dissatisfied => VisitOutcome::Dissatisfied,
        };
        Self { channel: VisitChannel::App, outcome, score, reason, note }
    }
}

/// 回访
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct VisitOut {
    #[schema(value_type = Uuid)]
    pub id: VisitId,
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub round: i32,
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub attempt: i32,
    pub channel: VisitChannel,
    pub outcome: VisitOutcome,
    #[schema(required = true, minimum = 1, maximum = 5)]
    pub score: Option<i32>,
    #[schema(required = true)]
    pub reason: Option<VisitReason>,
    #[schema(required = true, max_length = 500)]
    pub note: Option<String>,
    /// 回访人; `null` where the reporter answered unasked
    #[schema(required = true, value_type = Option<Uuid>)]
    pub visitor_id: Option<ActorId>,
    pub at: Ts,
}

impl From<VisitRow> for VisitOut {
    fn from(row: VisitRow) -> Self {
        let VisitRow {
            id,
            case_id: _,
            area_code: _,
            lapses_at: _,
            round,
            attempt,
            channel,
            outcome,
            score,
            reason,
            note,
            visitor_id,
            at,
        } = row;
        Self { id, round, attempt, channel, outcome, score, reason, note, visitor_id, at }
    }
}

/// 一件事件的回访
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct VisitsOut {
    #[schema(max_items = 1000)]
    pub items: Vec<VisitOut>,
}

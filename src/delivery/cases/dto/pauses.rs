use platform::db::Ts;
use platform::history::ActorId;
use platform::http::check_not_blank;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::cases::store::extensions::{ExtensionId, ExtensionRow, ExtensionStatus};
use crate::cases::store::holds::{HoldCause, HoldId, HoldRow, HoldStatus};

/// 申请挂起
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldIn {
    pub cause: HoldCause,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "等待业主大会表决维修方案", min_length = 1, max_length = 500)]
    pub note: String,
    /// 挂起至
    #[schema(value_type = String, format = DateTime, example = "2024-01-19T10:00:00Z", max_length = 40)]
    pub until: Ts,
}

/// 决定: on a request
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestDecisionIn {
    pub approved: bool,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "同意", min_length = 1, max_length = 500)]
    pub note: Option<String>,
}

/// 挂起
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HoldOut {
    pub id: HoldId,
    pub status: HoldStatus,
    pub cause: HoldCause,
    #[schema(max_length = 500)]
    pub note: String,
    pub until_at: Ts,
    /// 申请人
    #[schema(value_type = Uuid)]
    pub requested_by: ActorId,
    pub requested_at: Ts,
    /// 批准人
    #[schema(required = true, value_type = Option<Uuid>)]
    pub decided_by: Option<ActorId>,
    #[schema(required = true)]
    pub decided_at: Option<Ts>,
    #[schema(required = true, max_length = 500)]
    pub decision_note: Option<String>,
    #[schema(required = true)]
    pub started_at: Option<Ts>,
    #[schema(required = true)]
    pub ended_at: Option<Ts>,
}

impl From<HoldRow> for HoldOut {
    fn from(row: HoldRow) -> Self {
        Self {
            id: row.id,
            status: row.status,
            cause: row.cause,
            note: row.note,
            until_at: row.until_at,
            requested_by: row.requested_by,
            requested_at: row.requested_at,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            decision_note: row.decision_note,
            started_at: row.started_at,
            ended_at: row.ended_at,
        }
    }
}

/// 一件事件的挂起
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HoldsOut {
    #[schema(max_items = 1000)]
    pub items: Vec<HoldOut>,
}

/// 申请延期
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionIn {
    /// 工作日数
    #[validate(range(min = 1, max = 30))]
    #[schema(example = 5, minimum = 1, maximum = 30)]
    pub working_days: i32,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "配件须从外地调运", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 延期
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExtensionOut {
    pub id: ExtensionId,
    pub status: ExtensionStatus,
    #[schema(example = 5, minimum = 1, maximum = 30)]
    pub working_days: i32,
    #[schema(max_length = 500)]
    pub reason: String,
    pub old_due_at: Ts,
    #[schema(required = true)]
    pub new_due_at: Option<Ts>,
    #[schema(value_type = Uuid)]
    pub requested_by: ActorId,
    pub requested_at: Ts,
    #[schema(required = true, value_type = Option<Uuid>)]
    pub decided_by: Option<ActorId>,
    #[schema(required = true)]
    pub decided_at: Option<Ts>,
    #[schema(required = true, max_length = 500)]
    pub decision_note: Option<String>,
}

impl From<ExtensionRow> for ExtensionOut {
    fn from(row: ExtensionRow) -> Self {
        Self {
            id: row.id,
            status: row.status,
            working_days: row.working_days,
            reason: row.reason,
            old_due_at: row.old_due_at,
            new_due_at: row.new_due_at,
            requested_by: row.requested_by,
            requested_at: row.requested_at,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            decision_note: row.decision_note,
        }
    }
}

/// 一件事件的延期
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExtensionsOut {
    #[schema(max_items = 1000)]
    pub items: Vec<ExtensionOut>,
}

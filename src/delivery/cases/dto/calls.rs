use platform::db::Ts;
use platform::page;
use roster::people::dto::AccessId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CaseItem, Identity};
use crate::cases::store::visit_queue::Call;

/// 待回访的事件: whom to call about what; the reporter masked, and nobody where they are anonymous
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CallOut {
    pub case: CaseItem,
    /// 回访期限
    pub visit_due_at: Ts,
    pub identity: Identity,
    /// 本轮已回访次数
    #[schema(example = 1, minimum = 0, maximum = 1000)]
    pub attempts: i64,
    #[schema(required = true, example = "王*", max_length = 8)]
    pub reporter_name: Option<String>,
    #[schema(required = true, example = "199****1234", max_length = 20)]
    pub phone_masked: Option<String>,
}

impl From<Call> for CallOut {
    fn from(call: Call) -> Self {
        let Call { case, compound_name, due_at, attempts, name, phone } = call;
        Self {
            identity: case.identity,
            case: CaseItem::of(case.into(), compound_name),
            visit_due_at: due_at,
            attempts,
            reporter_name: name,
            phone_masked: phone,
        }
    }
}

page!(
    /// 待回访页
    CallPage, CallOut
);

/// 报事人号码, shown once and never stored
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReporterPhoneOut {
    #[schema(example = "19909371234", max_length = 30)]
    pub phone: String,
    /// 留痕编号
    #[schema(value_type = Uuid)]
    pub access_id: AccessId,
    pub at: Ts,
}

use platform::db::Ts;
use platform::history::ActorId;
use platform::http::check_not_blank;
use platform::{id, page, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::PersonId;
use crate::people::store::accesses::AccessRow;

id!(
    /// 查看留痕编号
    AccessId
);

text_enum! {
    /// 查看号码的用途
    UnmaskPurpose {
        /// 上门或预约服务
        ServiceVisit = "service_visit",
        /// 紧急联系
        Emergency = "emergency",
        /// 身份与产权核实
        Verification = "verification",
        /// 矛盾调解
        Mediation = "mediation",
        /// 选举与表决通知
        Election = "election",
        /// 安全隐患告知
        Safety = "safety",
    }
}

/// 查看号码: why
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnmaskIn {
    pub purpose: UnmaskPurpose,
    /// 说明, which the person reads
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "管道漏水, 联系入户", min_length = 1, max_length = 200)]
    pub note: String,
}

/// 号码, shown once and never stored
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct UnmaskOut {
    pub person_id: PersonId,
    #[schema(example = "19909371234", max_length = 30)]
    pub phone: String,
    /// 留痕编号
    pub access_id: AccessId,
    pub at: Ts,
}

/// 查看留痕: who opened a number, and what for
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccessOut {
    pub id: AccessId,
    pub person_id: PersonId,
    pub purpose: UnmaskPurpose,
    #[schema(example = "管道漏水, 联系入户", max_length = 200)]
    pub note: String,
    #[schema(value_type = Uuid)]
    pub actor_id: ActorId,
    /// 查看人的角色
    #[schema(example = "community_worker", max_length = 40)]
    pub actor_role: String,
    /// 查看人的辖区
    #[schema(example = "620902005003", max_length = 29)]
    pub actor_area: String,
    pub at: Ts,
}

impl AccessOut {
    /// One of this person's.
    pub fn of(person_id: PersonId, row: AccessRow) -> Self {
        let AccessRow { id, purpose, note, actor_id, actor_role, actor_area, at, .. } = row;
        Self { id, person_id, purpose, note, actor_id, actor_role, actor_area, at }
    }
}

page!(
    /// 查看留痕页, the newest first
    AccessPage, AccessOut
);

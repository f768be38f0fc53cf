use platform::http::{check_not_blank, not_null, present};
use registry::identity::AccountId;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::{AgendaItemId, Choice, ItemKind, ItemStatus, SeatId, SourceKind};
use crate::meetings::store::agenda::Told;
use crate::meetings::store::rows::ItemRow;

/// 议题: listed by the convener, proposed by others; after the notice an impromptu motion, which is not voted on
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgendaItemIn {
    /// 上级议题
    #[schema(nullable = false)]
    pub parent_id: Option<AgendaItemId>,
    /// 顺序
    #[validate(range(min = 1, max = 1000))]
    #[schema(minimum = 1, maximum = 1000, example = 1)]
    pub position: i32,
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 120, example = "3号楼管道漏水的处理")]
    pub title: String,
    #[validate(length(min = 1, max = 4000), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 4000)]
    pub body: Option<String>,
    pub kind: ItemKind,
    /// 预计时长, minutes
    #[validate(range(min = 1, max = 600))]
    #[schema(minimum = 1, maximum = 600, example = 20)]
    pub minutes: i32,
    /// 汇报单位
    #[schema(nullable = false)]
    pub presenter_org_id: Option<OrganisationId>,
    /// 所涉单位: whoever is bound to it keeps out
    #[schema(nullable = false)]
    pub object_org_id: Option<OrganisationId>,
    #[schema(nullable = false)]
    pub source_kind: Option<SourceKind>,
    /// 来源编号: a case, a finding or an objection that the proposer sees
    #[schema(nullable = false)]
    pub source_id: Option<Uuid>,
    /// 来源说明; for a legacy issue
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub source_note: Option<String>,
}

/// 修改议题, before the notice
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgendaItemPatch {
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = 1000))]
    #[schema(nullable = false, minimum = 1, maximum = 1000, example = 2)]
    pub position: Option<i32>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 120)]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 4000))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub body: Option<Option<String>>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = 600))]
    #[schema(nullable = false, minimum = 1, maximum = 600)]
    pub minutes: Option<i32>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<OrganisationId>)]
    pub presenter_org_id: Option<Option<OrganisationId>>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<OrganisationId>)]
    pub object_org_id: Option<Option<OrganisationId>>,
}

/// 不列入议程或撤回的原因
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemReasonIn {
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "上月已议", min_length = 1, max_length = 200)]
    pub reason: String,
}

/// 表决情况; choices are shown once the meeting has closed
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VoteOut {
    /// 已表决席位数
    #[schema(minimum = 0)]
    pub voted: i64,
    #[schema(required = true, minimum = 0)]
    pub agree: Option<i64>,
    #[schema(required = true, minimum = 0)]
    pub against: Option<i64>,
    #[schema(required = true, minimum = 0)]
    pub abstain: Option<i64>,
    /// 是否通过; by the rule of the meeting
    #[schema(required = true)]
    pub carried: Option<bool>,
}

/// 议题
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgendaItemOut {
    pub id: AgendaItemId,
    #[schema(required = true)]
    pub parent_id: Option<AgendaItemId>,
    #[schema(minimum = 1, maximum = 1000)]
    pub position: i32,
    #[schema(max_length = 120)]
    pub title: String,
    #[schema(required = true, max_length = 4000)]
    pub body: Option<String>,
    pub kind: ItemKind,
    #[schema(minimum = 1, maximum = 600)]
    pub minutes: i32,
    #[schema(required = true)]
    pub presenter_org_id: Option<OrganisationId>,
    #[schema(required = true)]
    pub object_org_id: Option<OrganisationId>,
    #[schema(required = true)]
    pub source_kind: Option<SourceKind>,
    #[schema(required = true)]
    pub source_id: Option<Uuid>,
    #[schema(required = true, max_length = 500)]
    pub source_note: Option<String>,
    /// 临时动议
    pub impromptu: bool,
    pub status: ItemStatus,
    #[schema(required = true, max_length = 200)]
    pub status_reason: Option<String>,
    #[schema(value_type = Uuid)]
    pub proposed_by: AccountId,
    /// 应回避的席位
    #[schema(max_items = 200)]
    pub recused_seats: Vec<SeatId>,
    /// 表决情况; of a vote
    #[schema(required = true)]
    pub vote: Option<VoteOut>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

impl From<Told> for AgendaItemOut {
    fn from(told: Told) -> Self {
        let Told { row, recused, vote } = told;
        let ItemRow {
            id,
            meeting_id: _,
            parent_id,
            position,
            title,
            body,
            kind,
            minutes,
            presenter_org_id,
            object_org_id,
            source_kind,
            source_id,
            source_note,
            impromptu,
            status,
            status_reason,
            proposed_by,
            version,
            created_at: _,
            updated_at: _,
        } = row;
        Self {
            id,
            parent_id,
            position,
            title,
            body,
            kind,
            minutes,
            presenter_org_id,
            object_org_id,
            source_kind,
            source_id: source_id.map(|id| id.0),
            source_note,
            impromptu,
            status,
            status_reason,
            proposed_by,
            recused_seats: recused,
            vote,
            version,
        }
    }
}

/// 表决
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoteIn {
    pub choice: Choice,
}

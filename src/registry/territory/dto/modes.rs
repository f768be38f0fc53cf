use chrono::NaiveDate;
use platform::db::Ts;
use platform::history::ActorId;
use platform::http::{check_date, check_not_blank};
use platform::{id, page, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::CompoundId;
use crate::territory::store::modes::ModeChangeRow;

id!(
    /// 模式变更编号
    ModeChangeId
);

text_enum! {
    /// 管理模式
    ManagementMode {
        /// 专业物业
        Professional = "professional",
        /// 社区托管
        CommunityCustody = "community_custody",
        /// 社会组织代管
        SocialOrgAgency = "social_org_agency",
        /// 居民自管
        SelfManaged = "self_managed",
        /// 红色物业服务站
        RedStation = "red_station",
        /// 无管理
        None = "none",
    }
}

text_enum! {
    /// 依据种类
    EvidenceKind {
        /// 合同
        Contract = "contract",
        /// 决议
        Resolution = "resolution",
        /// 服务站决定
        StationDecision = "station_decision",
    }
}

text_enum! {
    /// 变更申请状态
    ModeChangeStatus {
        /// 待确认
        Proposed = "proposed",
        /// 已确认
        Confirmed = "confirmed",
        /// 已驳回
        Rejected = "rejected",
        /// 已撤回
        Withdrawn = "withdrawn",
    }
}

/// 依据: what a management mode stands on
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceIn {
    pub kind: EvidenceKind,
    /// 文号或标题, with which the document can be found
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(example = "居民会议决议 2023-06-20", min_length = 1, max_length = 200)]
    pub reference: String,
}

/// 管理模式变更申请
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModeChangeIn {
    pub mode: ManagementMode,
    /// 生效日: after the current mode began, today at the latest
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-10")]
    pub effective_on: NaiveDate,
    #[validate(nested)]
    pub evidence: EvidenceIn,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "居民会议通过自管", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// 结论
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionIn {
    /// 意见
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(example = "材料齐全", min_length = 1, max_length = 500)]
    pub note: String,
}

/// 管理模式变更: proposed by the community, confirmed by the street
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ModeChangeOut {
    pub id: ModeChangeId,
    pub compound_id: CompoundId,
    #[schema(example = "620902005003-0001", max_length = 17)]
    pub area_code: String,
    pub mode: ManagementMode,
    pub effective_on: NaiveDate,
    pub evidence_kind: EvidenceKind,
    #[schema(max_length = 200)]
    pub evidence_reference: String,
    #[schema(max_length = 500)]
    pub reason: String,
    pub status: ModeChangeStatus,
    #[schema(value_type = uuid::Uuid)]
    pub proposed_by: ActorId,
    pub proposed_at: Ts,
    #[schema(required = true, value_type = Option<uuid::Uuid>)]
    pub decided_by: Option<ActorId>,
    #[schema(required = true)]
    pub decided_at: Option<Ts>,
    #[schema(required = true, max_length = 500)]
    pub decision_note: Option<String>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
}

impl From<ModeChangeRow> for ModeChangeOut {
    fn from(row: ModeChangeRow) -> Self {
        let ModeChangeRow {
            id,
            compound_id,
            area_code,
            mode,
            effective_on,
            evidence_kind,
            evidence_ref,
            reason,
            status,
            proposed_by,
            proposed_at,
            decided_by,
            decided_at,
            decision_note,
            version,
        } = row;
        Self {
            id,
            compound_id,
            area_code,
            mode,
            effective_on,
            evidence_kind,
            evidence_reference: evidence_ref,
            reason,
            status,
            proposed_by,
            proposed_at,
            decided_by,
            decided_at,
            decision_note,
            version,
        }
    }
}

page!(
    /// 模式变更页
    ModeChangePage, ModeChangeOut
);

/// 模式变更筛选
#[derive(Debug, Default, Serialize, Deserialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ModeChangeQuery {
    #[param(nullable = false)]
    pub area: Option<platform::auth::AreaCode>,
    #[param(inline, nullable = false)]
    pub status: Option<ModeChangeStatus>,
}

/// 管理模式区间: from one day to another; the open one has no end
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({ "mode": "self_managed", "valid_from": "2023-06-30", "valid_to": null,
    "evidence_kind": "resolution", "evidence_reference": "居民会议决议 2023-06-20" }))]
pub struct ModeIntervalOut {
    pub mode: ManagementMode,
    pub valid_from: NaiveDate,
    /// The first day of the next mode
    #[schema(required = true)]
    pub valid_to: Option<NaiveDate>,
    #[schema(required = true)]
    pub evidence_kind: Option<EvidenceKind>,
    #[schema(required = true, max_length = 200)]
    pub evidence_reference: Option<String>,
}

/// 管理模式历史, oldest first
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ModeHistoryOut {
    #[schema(max_items = 1000)]
    pub items: Vec<ModeIntervalOut>,
}

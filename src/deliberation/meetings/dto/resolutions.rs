use chrono::NaiveDate;
use delivery::cases::dto::{CaseId, Outcome};
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::check_not_blank;
use platform::page;
use roster::organisations::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::{ActionOut, AgendaItemId, MeetingId, Method, ResolutionId, ResolutionStatus};
use crate::meetings::store::resolutions::ResolutionRow;

/// 提出决议: on an item of the agenda
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolutionIn {
    pub item_id: AgendaItemId,
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 120, example = "更换3号楼立管")]
    pub title: String,
    /// 决议内容
    #[validate(length(min = 1, max = 4000), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 4000, example = "由物业于三月底前更换,费用从公共收益列支。")]
    pub words: String,
    pub method: Method,
    /// 对哪些单位有约束力
    #[validate(length(max = 50))]
    #[serde(default)]
    #[schema(max_items = 50, example = json!([]))]
    pub binding_on: Vec<OrganisationId>,
    /// 须经业主共同决定; always where the method is `dual_majority`
    #[serde(default)]
    pub requires_owner_vote: bool,
}

/// 决定
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolutionDecisionIn {
    pub outcome: ResolutionOutcome,
    /// 反对的席位数; of consensus, where nothing was voted on
    #[validate(range(min = 0, max = 200))]
    #[serde(default)]
    #[schema(minimum = 0, maximum = 200, example = 0)]
    pub objections: i64,
    /// 未通过或暂缓的原因
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    pub reason: Option<String>,
}

platform::text_enum! {
    /// 决定的结果
    ResolutionOutcome {
        /// 通过
        Adopted = "adopted",
        /// 未通过
        Rejected = "rejected",
        /// 暂缓
        Deferred = "deferred",
    }
}

impl From<ResolutionOutcome> for ResolutionStatus {
    fn from(outcome: ResolutionOutcome) -> Self {
        match outcome {
            ResolutionOutcome::Adopted => ResolutionStatus::Adopted,
            ResolutionOutcome::Rejected => ResolutionStatus::Rejected,
            ResolutionOutcome::Deferred => ResolutionStatus::Deferred,
        }
    }
}

/// 评议
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewIn {
    pub satisfied: bool,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 500, example = "漏水已解决,墙面已修复")]
    pub note: String,
}

/// 取代
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupersedeIn {
    /// 取代它的决议
    #[schema(example = "019b0000-0000-7000-8000-000000000001")]
    pub by_resolution_id: ResolutionId,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 500, example = "施工方案调整")]
    pub reason: String,
}

/// 依决议办结事件
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettlementIn {
    pub outcome: Outcome,
    /// 处理情况, which the reporter reads
    #[validate(length(min = 1, max = 2000), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 2000, example = "立管已更换,试水三日无渗漏。")]
    pub resolution: String,
}

/// 表决结果
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TallyOut {
    #[schema(minimum = 0)]
    pub agree: i64,
    #[schema(minimum = 0)]
    pub against: i64,
    #[schema(minimum = 0)]
    pub abstain: i64,
    /// 到会且无须回避的表决席位
    #[schema(minimum = 0)]
    pub present: i64,
    /// 无须回避的全体表决席位
    #[schema(minimum = 0)]
    pub all: i64,
}

/// 决议
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ResolutionOut {
    pub id: ResolutionId,
    /// 编号, within its area and year
    #[schema(example = "620902005003-2024-001", max_length = 40)]
    pub number: String,
    pub meeting_id: MeetingId,
    pub item_id: AgendaItemId,
    #[schema(example = "620902005003", max_length = 29)]
    pub area_code: String,
    #[schema(max_length = 120)]
    pub title: String,
    #[schema(max_length = 4000)]
    pub words: String,
    pub method: Method,
    pub status: ResolutionStatus,
    #[schema(required = true, max_length = 500)]
    pub status_reason: Option<String>,
    #[schema(max_items = 50)]
    pub binding_on: Vec<OrganisationId>,
    #[schema(required = true)]
    pub tally: Option<TallyOut>,
    pub requires_owner_vote: bool,
    #[schema(required = true)]
    pub owner_vote_id: Option<Uuid>,
    #[schema(required = true)]
    pub superseded_by: Option<ResolutionId>,
    /// 所针对的事件工单
    #[schema(required = true, value_type = Option<Uuid>)]
    pub case_id: Option<CaseId>,
    /// 评议是否满意
    #[schema(required = true)]
    pub satisfied: Option<bool>,
    #[schema(required = true)]
    pub decided_at: Option<Ts>,
    #[schema(required = true)]
    pub effective_on: Option<NaiveDate>,
    /// 进度, whole percent; the weighted mean of its action items, `null` where it has none
    #[schema(required = true, minimum = 0, maximum = 100)]
    pub progress: Option<i32>,
    #[schema(max_items = 100)]
    pub actions: Vec<ActionOut>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl ResolutionOut {
    pub fn of(row: ResolutionRow, actions: Vec<ActionOut>) -> Self {
        let number = row.number();
        let progress = crate::meetings::rules::resolutions::progress(
            actions.iter().map(|action| (action.status, action.weight, action.progress)),
        );
        let ResolutionRow {
            id,
            meeting_id,
            item_id,
            area_code,
            year: _,
            serial: _,
            title,
            words,
            method,
            status,
            status_reason,
            binding_on,
            tally,
            requires_owner_vote,
            owner_vote_id,
            superseded_by,
            case_id,
            satisfied,
            decided_at,
            effective_on,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            id,
            number,
            meeting_id,
            item_id,
            area_code,
            title,
            words,
            method,
            status,
            status_reason,
            binding_on: serde_json::from_value(binding_on.0).unwrap_or_default(),
            tally: tally.and_then(|tally| serde_json::from_value(tally.0).ok()),
            requires_owner_vote,
            owner_vote_id: owner_vote_id.map(|id| id.0),
            superseded_by,
            case_id,
            satisfied,
            decided_at,
            effective_on,
            progress,
            actions,
            version,
            updated_at,
        }
    }
}

page!(
    /// 决议页
    ResolutionPage, ResolutionOut
);

/// 决议筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ResolutionQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(nullable = false)]
    pub meeting_id: Option<MeetingId>,
    #[param(value_type = Option<Uuid>, nullable = false)]
    pub case_id: Option<CaseId>,
    #[param(inline, nullable = false)]
    pub status: Option<ResolutionStatus>,
}

use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::page;
use roster::organisations::OrganisationId;
use roster::people::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::{ActionItemId, ActionStatus, Level, MeetingId, ResolutionId, SourceKind};
use crate::meetings::rules::resolutions::is_overdue;
use crate::meetings::store::actions::{ActionRow, Origin};

/// 交办: who does what by when
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionIn {
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 120, example = "更换3号楼二单元立管")]
    pub title: String,
    #[validate(length(min = 1, max = 2000), custom(function = check_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 2000)]
    pub body: Option<String>,
    /// 权重
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100, example = 1)]
    pub weight: i32,
    /// 责任单位
    pub owner_org_id: OrganisationId,
    /// 责任人
    #[schema(nullable = false)]
    pub owner_person_id: Option<PersonId>,
    /// 配合单位
    #[validate(length(max = 20))]
    #[serde(default)]
    #[schema(max_items = 20, example = json!([]))]
    pub co_orgs: Vec<OrganisationId>,
    /// 完成期限
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-03-31")]
    pub due_on: NaiveDate,
}

/// 退回: once, with the reason
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionReturnIn {
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 500, example = "该立管属供水公司产权")]
    pub reason: String,
}

/// 重新交办
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReassignIn {
    pub owner_org_id: OrganisationId,
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-03-31")]
    pub due_on: NaiveDate,
}

/// 进度
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgressIn {
    /// 完成百分比
    #[validate(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100, example = 40)]
    pub progress: i32,
}

/// 提交成果
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionEvidenceIn {
    /// 完成情况与凭证
    #[validate(length(min = 1, max = 2000), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 2000, example = "已更换立管,验收单 2024-017")]
    pub evidence: String,
}

/// 核验
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerificationIn {
    /// 是否属实; otherwise it goes on
    pub accepted: bool,
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 500, example = "现场查看,无渗漏")]
    pub note: String,
}

/// 行动项: with the resolution, the meeting and the source that it comes from
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ActionOut {
    pub id: ActionItemId,
    pub resolution_id: ResolutionId,
    #[schema(example = "620902005003-2024-001", max_length = 40)]
    pub resolution_number: String,
    pub meeting_id: MeetingId,
    /// 议题来源
    #[schema(required = true)]
    pub source_kind: Option<SourceKind>,
    #[schema(required = true)]
    pub source_id: Option<Uuid>,
    #[schema(example = "620902005003", max_length = 29)]
    pub area_code: String,
    #[schema(max_length = 120)]
    pub title: String,
    #[schema(required = true, max_length = 2000)]
    pub body: Option<String>,
    #[schema(minimum = 1, maximum = 100)]
    pub weight: i32,
    pub owner_org_id: OrganisationId,
    #[schema(max_length = 120)]
    pub owner_name: String,
    #[schema(required = true)]
    pub owner_person_id: Option<PersonId>,
    #[schema(max_items = 20)]
    pub co_orgs: Vec<OrganisationId>,
    pub due_on: NaiveDate,
    /// 逾期
    pub overdue: bool,
    #[schema(minimum = 0, maximum = 100)]
    pub progress: i32,
    pub status: ActionStatus,
    #[schema(required = true, max_length = 500)]
    pub status_reason: Option<String>,
    /// 督办层级
    pub level: Level,
    #[schema(required = true)]
    pub escalated_at: Option<Ts>,
    #[schema(required = true, max_length = 2000)]
    pub evidence: Option<String>,
    #[schema(required = true)]
    pub submitted_at: Option<Ts>,
    #[schema(required = true)]
    pub verified_at: Option<Ts>,
    #[schema(required = true)]
    pub closed_at: Option<Ts>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl ActionOut {
    pub fn of((row, origin): (ActionRow, Origin), today: NaiveDate) -> Self {
        let Origin { resolution_number, source_kind, source_id, owner_name } = origin;
        let ActionRow {
            id,
            resolution_id,
            meeting_id,
            area_code,
            title,
            body,
            weight,
            owner_org_id,
            owner_person_id,
            co_orgs,
            due_on,
            progress,
            status,
            status_reason,
            returns: _,
            level,
            escalated_at,
            evidence,
            submitted_by: _,
            submitted_at,
            submitted_on: _,
            verified_by: _,
            verified_at,
            closed_at,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            id,
            resolution_id,
            resolution_number,
            meeting_id,
            source_kind,
            source_id,
            area_code,
            title,
            body,
            weight,
            owner_org_id,
            owner_name,
            owner_person_id,
            co_orgs: serde_json::from_value(co_orgs.0).unwrap_or_default(),
            due_on,
            overdue: is_overdue(status, due_on, today),
            progress,
            status,
            status_reason,
            level,
            escalated_at,
            evidence,
            submitted_at,
            verified_at,
            closed_at,
            version,
            updated_at,
        }
    }
}

page!(
    /// 行动项页
    ActionPage, ActionOut
);

/// 行动项筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ActionQuery {
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub status: Option<ActionStatus>,
    #[param(nullable = false)]
    pub resolution_id: Option<ResolutionId>,
    /// 责任单位
    #[param(nullable = false)]
    pub owner_org_id: Option<OrganisationId>,
    /// 逾期
    #[param(nullable = false)]
    pub overdue: Option<bool>,
}

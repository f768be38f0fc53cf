use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::Ts;
use platform::http::{check_date, check_not_blank};
use platform::{http, page, text_enum};
use registry::territory::dto::CompoundId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{CommitteeIn, Details, OrgKind, OrgStatus, OrganisationId, PartyOrgKind, TermOut};
use crate::organisations::store::committees::TermRow;
use crate::organisations::store::organisations::OrganisationRow;

/// 组织
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganisationOut {
    pub id: OrganisationId,
    pub kind: OrgKind,
    #[schema(required = true)]
    pub party_kind: Option<PartyOrgKind>,
    #[schema(example = "康盛花园业主委员会", max_length = 120)]
    pub name: String,
    /// 统一社会信用代码
    #[schema(required = true, example = "91620902MA0000001M", max_length = 18)]
    pub uscc: Option<String>,
    #[schema(example = "620902005003-0001", max_length = 29)]
    pub area_code: String,
    #[schema(required = true)]
    pub parent_id: Option<OrganisationId>,
    /// 业委会、自管委所在小区
    #[schema(required = true)]
    pub compound_id: Option<CompoundId>,
    pub status: OrgStatus,
    #[schema(required = true, max_length = 200)]
    pub status_reason: Option<String>,
    pub details: Details,
    /// 业委会、自管委的现届
    #[schema(required = true)]
    pub term: Option<TermOut>,
    pub founded_on: NaiveDate,
    #[schema(required = true)]
    pub ended_on: Option<NaiveDate>,
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    pub updated_at: Ts,
}

impl OrganisationOut {
    pub fn of(row: OrganisationRow, term: Option<TermRow>, today: NaiveDate) -> Self {
        let OrganisationRow {
            id,
            kind,
            party_kind,
            name,
            search_name: _,
            uscc,
            area_code,
            parent_id,
            compound_id,
            status,
            details,
            founded_on,
            ended_on,
            status_reason,
            version,
            created_at: _,
            updated_at,
        } = row;
        Self {
            id,
            kind,
            party_kind,
            name,
            uscc,
            area_code,
            parent_id,
            compound_id,
            status,
            status_reason,
            // What a later version stored and this one does not know is left out, not refused.
            details: serde_json::from_value(details.0).unwrap_or_default(),
            term: term.map(|term| TermOut::of(term, today)),
            founded_on,
            ended_on,
            version,
            updated_at,
        }
    }
}

page!(
    /// 组织页
    OrganisationPage, OrganisationOut
);

/// 上级组织, highest first
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OrganisationAncestorsOut {
    #[schema(max_items = 32)]
    pub items: Vec<OrganisationOut>,
}

/// 新组织
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationIn {
    #[schema(example = "co_located_unit")]
    pub kind: OrgKind,
    /// 党组织类别; required for, and only for, a Party organisation
    #[schema(nullable = false)]
    pub party_kind: Option<PartyOrgKind>,
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(example = "测试·第三小学", min_length = 1, max_length = 120)]
    pub name: String,
    /// 统一社会信用代码, with its check character (GB 32100-2015)
    #[validate(length(min = 18, max = 18))]
    #[schema(nullable = false, example = "91620902MA0000001M", min_length = 18, max_length = 18)]
    pub uscc: Option<String>,
    /// 区域: a committee's is its compound
    pub area_code: AreaCode,
    /// 上级组织: its area covers this one's
    #[schema(nullable = false)]
    pub parent_id: Option<OrganisationId>,
    #[validate(nested)]
    #[schema(nullable = false)]
    pub details: Option<Details>,
    /// 届期; required for, and only for, owners' and self-management committees
    #[validate(nested)]
    #[schema(nullable = false)]
    pub committee: Option<CommitteeIn>,
    /// 成立或登记之日, today at the latest
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-01")]
    pub founded_on: NaiveDate,
}

/// 修改组织: absent leaves as it is, `null` clears. Kind, area and state change by operations of their own or not at all.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationPatch {
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 120), custom(function = check_not_blank))]
    #[schema(nullable = false, example = "测试·第三小学", min_length = 1, max_length = 120)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 18, max = 18))]
    #[schema(value_type = Option<String>, min_length = 18, max_length = 18)]
    pub uscc: Option<Option<String>>,
    #[serde(default, deserialize_with = "http::present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<OrganisationId>)]
    pub parent_id: Option<Option<OrganisationId>>,
    /// The whole of the details
    #[serde(default, deserialize_with = "http::not_null", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(nullable = false)]
    pub details: Option<Details>,
}

text_enum! {
    /// 下一状态
    NextOrgStatus {
        /// 投入运行或恢复
        Active = "active",
        /// 暂停
        Suspended = "suspended",
        /// 开始退出 (企业)
        Exiting = "exiting",
        /// 完成退出 (企业): every contract handed over
        Exited = "exited",
        /// 撤销
        Dissolved = "dissolved",
    }
}

impl NextOrgStatus {
    pub fn status(self) -> OrgStatus {
        match self {
            NextOrgStatus::Active => OrgStatus::Active,
            NextOrgStatus::Suspended => OrgStatus::Suspended,
            NextOrgStatus::Exiting => OrgStatus::Exiting,
            NextOrgStatus::Exited => OrgStatus::Exited,
            NextOrgStatus::Dissolved => OrgStatus::Dissolved,
        }
    }
}

/// 变更组织状态
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationStatusIn {
    pub status: NextOrgStatus,
    /// 生效日, today at the latest
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-10")]
    pub on: NaiveDate,
    #[validate(length(min = 1, max = 200), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "工商登记完成")]
    pub reason: String,
}

/// 组织筛选
#[derive(Debug, Default, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrganisationQuery {
    /// 范围: organisations in this area
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    #[param(inline, nullable = false)]
    pub kind: Option<OrgKind>,
    #[param(inline, nullable = false)]
    pub party_kind: Option<PartyOrgKind>,
    /// 状态; what has not ended, where absent
    #[param(inline, nullable = false)]
    pub status: Option<OrgStatus>,
    #[param(nullable = false)]
    pub parent_id: Option<OrganisationId>,
    #[param(nullable = false)]
    pub compound_id: Option<CompoundId>,
    /// 名称包含
    #[validate(length(min = 1, max = 40), custom(function = check_not_blank))]
    #[param(nullable = false, min_length = 1, max_length = 40)]
    pub q: Option<String>,
}

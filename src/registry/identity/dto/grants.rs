use chrono::NaiveDate;
use platform::auth::{AreaCode, Role};
use platform::db::Ts;
use platform::{page, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::identity::rules::{GrantStatus, grant_status};
use crate::identity::store::grants::GrantRow;
use crate::identity::store::organisations::HolderId;
use crate::identity::store::{AccountId, GrantId};
use platform::http::{check_date, check_not_blank};

/// 新授权
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantIn {
    /// 被授权账号
    pub account_id: AccountId,
    pub role: Role,
    /// 区域: the role counts in it and below it. Either this or an organisation
    #[schema(nullable = false)]
    pub area_code: Option<AreaCode>,
    /// 组织: the role is held for it, and counts wherever it serves. For roles of companies, stations and committees
    #[schema(nullable = false)]
    pub organisation_id: Option<Uuid>,
    /// 起始日期
    #[validate(custom(function = check_date))]
    #[schema(example = "2024-01-15")]
    pub valid_from: NaiveDate,
    /// 截止日期, the last day; none where absent
    #[validate(custom(function = check_date))]
    #[schema(example = "2026-12-31")]
    pub valid_to: Option<NaiveDate>,
    /// 依据
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 500, pattern = r"\S", example = "社区换届任职")]
    pub reason: String,
}

text_enum! {
    /// 授权筛选
    GrantListing {
        /// 当前有效
        Active = "active",
        /// 已终止或已过期
        Ended = "ended",
        /// 全部
        All = "all",
    }
}

/// 授权筛选
#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct GrantQuery {
    /// 被授权账号
    #[param(nullable = false)]
    pub account_id: Option<AccountId>,
    /// 角色
    #[param(inline, nullable = false)]
    pub role: Option<Role>,
    /// 区域及其下级
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    /// 所代表的组织
    #[param(nullable = false)]
    pub organisation_id: Option<Uuid>,
    /// 状态; `all` where absent
    #[param(inline, nullable = false)]
    pub status: Option<GrantListing>,
}

/// 授权
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GrantOut {
    pub id: GrantId,
    pub account_id: AccountId,
    pub role: Role,
    /// 区域; the organisation's home where the role is held for one
    #[schema(max_length = 29, example = "620902005003")]
    pub area_code: String,
    /// 所代表的组织: the role counts wherever it serves
    #[schema(required = true, value_type = Option<Uuid>)]
    pub organisation_id: Option<HolderId>,
    #[schema(example = "2024-01-15")]
    pub valid_from: NaiveDate,
    #[schema(required = true, example = "2026-12-31")]
    pub valid_to: Option<NaiveDate>,
    pub status: GrantStatus,
    /// 授权人; `null` where the system acted
    #[schema(required = true)]
    pub granted_by: Option<AccountId>,
    /// 依据
    #[schema(max_length = 500, example = "社区换届任职")]
    pub reason: String,
    #[schema(required = true)]
    pub ended_at: Option<Ts>,
    /// 终止人; `null` where the period ran out
    #[schema(required = true)]
    pub ended_by: Option<AccountId>,
    /// 终止理由
    #[schema(required = true, max_length = 500, example = "调离本社区")]
    pub end_reason: Option<String>,
    pub created_at: Ts,
    pub updated_at: Ts,
    /// 版本, as in the ETag
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
}

impl GrantOut {
    pub(in crate::identity) fn of(row: GrantRow, today: NaiveDate) -> Self {
        let GrantRow {
            id,
            account_id,
            role,
            area_code,
            organisation_id,
            valid_from,
            valid_to,
            granted_by,
            reason,
            ended_at,
            ended_by,
            end_reason,
            created_at,
            updated_at,
            version,
        } = row;
        let status = grant_status(valid_from, valid_to, ended_at.is_some(), today);
        Self {
            id,
            account_id,
            role,
            area_code,
            organisation_id,
            valid_from,
            valid_to,
            status,
            granted_by,
            reason,
            ended_at,
            ended_by,
            end_reason,
            created_at,
            updated_at,
            version,
        }
    }
}

page!(
    /// 授权页
    GrantPage, GrantOut
);

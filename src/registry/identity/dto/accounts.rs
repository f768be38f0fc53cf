use platform::auth::AreaCode;
use platform::db::Ts;
use platform::{page, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::identity::rules::check_username;
use crate::identity::store::AccountId;
use crate::identity::store::accounts::AccountRow;
use platform::http::{check_not_blank, not_null};

text_enum! {
    /// 账号状态
    AccountStatus {
        /// 可用
        Active = "active",
        /// 已停用
        Disabled = "disabled",
    }
}

/// 新账号
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountIn {
    /// 用户名: small letters, digits, `.`, `_`, `-`; never changes
    #[validate(length(min = 3, max = 40), custom(function = check_username))]
    #[schema(min_length = 3, max_length = 40, pattern = "^[a-z0-9][a-z0-9._-]*$", example = "wang.wu")]
    pub username: String,
    /// 显示名
    #[validate(length(min = 1, max = 80), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 80, pattern = r"\S", example = "王五")]
    pub display_name: String,
    /// 管理区域: the area that looks after the account
    pub area_code: AreaCode,
}

/// 修改账号
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    /// 显示名; stays as it is where absent
    #[serde(default, deserialize_with = "not_null")]
    #[validate(length(min = 1, max = 80), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 80, pattern = r"\S", example = "王五", nullable = false)]
    pub display_name: Option<String>,
}

/// 理由
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonIn {
    /// 理由; kept in the history, so without names
    #[validate(length(min = 1, max = 500), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 500, pattern = r"\S", example = "调离本社区")]
    pub reason: String,
}

/// 账号筛选
#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AccountQuery {
    /// 管理区域及其下级
    #[param(nullable = false)]
    pub area: Option<AreaCode>,
    /// 用户名或显示名包含的文字
    #[validate(length(min = 1, max = 80))]
    #[param(min_length = 1, max_length = 80, nullable = false)]
    pub q: Option<String>,
    /// 状态
    #[param(nullable = false)]
    pub status: Option<AccountStatus>,
}

/// 账号
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountOut {
    pub id: AccountId,
    /// 用户名
    #[schema(max_length = 40, example = "wang.wu")]
    pub username: String,
    /// 显示名
    #[schema(max_length = 80, example = "王五")]
    pub display_name: String,
    /// 管理区域
    #[schema(max_length = 29, example = "620902005003")]
    pub area_code: String,
    pub status: AccountStatus,
    /// 须修改初始密码
    pub must_change_password: bool,
    #[schema(required = true)]
    pub disabled_at: Option<Ts>,
    pub password_changed_at: Ts,
    pub created_at: Ts,
    pub updated_at: Ts,
    /// 版本, as in the ETag
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
}

impl From<AccountRow> for AccountOut {
    fn from(row: AccountRow) -> Self {
        let AccountRow {
            id,
            username,
            display_name,
            password_hash: _,
            area_code,
            must_change_password,
            disabled_at,
            password_changed_at,
            created_at,
            updated_at,
            version,
        } = row;
        let status = if disabled_at.is_some() { AccountStatus::Disabled } else { AccountStatus::Active };
        Self {
            id,
            username,
            display_name,
            area_code,
            status,
            must_change_password,
            disabled_at,
            password_changed_at,
            created_at,
            updated_at,
            version,
        }
    }
}

page!(
    /// 账号页
    AccountPage, AccountOut
);

/// 已创建的账号. The password is shown here and never again.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AccountCreated {
    pub account: AccountOut,
    /// 初始密码
    #[schema(max_length = 128, example = "7kdm-q2xv-h3np-98rt")]
    pub initial_password: String,
}

/// 已重置的密码. It is shown here and never again.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PasswordReset {
    pub account: AccountOut,
    /// 新的初始密码
    #[schema(max_length = 128, example = "7kdm-q2xv-h3np-98rt")]
    pub initial_password: String,
}

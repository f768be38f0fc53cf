use platform::db::Ts;
use platform::{page, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{AccountOut, GrantOut, ScopeName};
use crate::identity::store::sessions::SessionRow;
use crate::identity::store::{ApiClientId, SessionId};

/// 登录请求
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginIn {
    /// 用户名, upper or lower case
    #[validate(length(min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40, example = "wang.wu")]
    pub username: String,
    /// 密码
    #[validate(length(min = 1, max = 128))]
    #[schema(min_length = 1, max_length = 128, format = "password", example = "7kdm-q2xv-h3np-98rt")]
    pub password: String,
    /// 客户端名称, shown in the list of sessions
    #[validate(length(min = 1, max = 80))]
    #[schema(min_length = 1, max_length = 80, example = "微信小程序")]
    pub client_label: Option<String>,
}

/// 刷新请求
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshIn {
    /// 刷新令牌; good for one use
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, example = "kGq0x1mYw7v2J5b8Zt3uRfNcEoHsLpAi4XdVyQz6W9M")]
    pub refresh_token: String,
}

/// 接入方换取令牌
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientTokenIn {
    /// 接入方编号
    pub client_id: ApiClientId,
    /// 接入方密钥
    #[validate(length(min = 1, max = 200))]
    #[schema(
        min_length = 1,
        max_length = 200,
        format = "password",
        example = "kGq0x1mYw7v2J5b8Zt3uRfNcEoHsLpAi4XdVyQz6W9M"
    )]
    pub client_secret: String,
    /// 所需权限; all that the client was given where absent
    #[validate(length(min = 1, max = 100))]
    #[schema(min_items = 1, max_items = 100)]
    pub scopes: Option<Vec<ScopeName>>,
}

text_enum! {
    /// 令牌类型
    TokenType {
        /// In the header `Authorization: Bearer …`
        Bearer = "Bearer",
    }
}

/// 令牌
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct TokensOut {
    /// 访问令牌, a JWT
    #[schema(max_length = 16384, example = "eyJhbGciOiJFZERTQSJ9.e30.c2ln")]
    pub access_token: String,
    pub token_type: TokenType,
    /// 访问令牌有效秒数
    #[schema(minimum = 1, example = 900)]
    pub expires_in: i64,
    /// 刷新令牌; good for one use
    #[schema(max_length = 200, example = "kGq0x1mYw7v2J5b8Zt3uRfNcEoHsLpAi4XdVyQz6W9M")]
    pub refresh_token: String,
    /// 刷新令牌有效秒数
    #[schema(minimum = 1, example = 2592000)]
    pub refresh_expires_in: i64,
    /// 须先修改密码: until then the token carries no role
    pub must_change_password: bool,
}

/// 接入方令牌
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ClientTokenOut {
    /// 访问令牌, a JWT
    #[schema(max_length = 16384, example = "eyJhbGciOiJFZERTQSJ9.e30.c2ln")]
    pub access_token: String,
    pub token_type: TokenType,
    /// 有效秒数
    #[schema(minimum = 1, example = 900)]
    pub expires_in: i64,
    /// 令牌所含权限
    #[schema(max_items = 1000)]
    pub scopes: Vec<ScopeName>,
}

/// 修改密码
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordIn {
    /// 当前密码
    #[validate(length(min = 1, max = 128))]
    #[schema(min_length = 1, max_length = 128, format = "password", example = "7kdm-q2xv-h3np-98rt")]
    pub current_password: String,
    /// 新密码, 10–128 characters, at least 5 different ones
    #[validate(length(min = 10, max = 128))]
    #[schema(min_length = 10, max_length = 128, format = "password", example = "春眠不觉晓-处处闻啼鸟")]
    pub new_password: String,
}

text_enum! {
    /// 会话撤销原因
    RevokeReason {
        /// 退出登录
        Logout = "logout",
        /// 本人撤销
        Revoked = "revoked",
        /// 刷新令牌被重复使用
        RefreshReused = "refresh_reused",
        /// 修改密码
        PasswordChanged = "password_changed",
        /// 重置密码
        PasswordReset = "password_reset",
        /// 账号停用
        AccountDisabled = "account_disabled",
    }
}

/// 会话
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SessionOut {
    pub id: SessionId,
    /// 客户端名称
    #[schema(max_length = 80, example = "微信小程序")]
    pub client_label: String,
    /// 登录地址
    #[schema(max_length = 45, example = "203.0.113.7")]
    pub address: String,
    pub created_at: Ts,
    /// 最近刷新时间
    pub last_used_at: Ts,
    pub expires_at: Ts,
    #[schema(required = true)]
    pub revoked_at: Option<Ts>,
    #[schema(required = true)]
    pub revoked_reason: Option<RevokeReason>,
}

impl From<SessionRow> for SessionOut {
    fn from(row: SessionRow) -> Self {
        let SessionRow {
            id,
            account_id: _,
            client_label,
            address,
            created_at,
            last_used_at,
            expires_at,
            revoked_at,
            revoked_reason,
        } = row;
        Self { id, client_label, address, created_at, last_used_at, expires_at, revoked_at, revoked_reason }
    }
}

page!(
    /// 会话页
    SessionPage, SessionOut
);

/// 本人: the account, what it holds today and what that opens.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct MeOut {
    pub account: AccountOut,
    /// 有效授权
    #[schema(max_items = 1000)]
    pub grants: Vec<GrantOut>,
    /// 权限; only one's own account while the password must be changed
    #[schema(max_items = 1000)]
    pub scopes: Vec<ScopeName>,
    /// 当前会话
    pub session: SessionOut,
}

use platform::auth::AreaCode;
use platform::db::Ts;
use platform::{Result, page};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::AccountStatus;
use crate::identity::store::clients::ApiClientRow;
use crate::identity::store::{AccountId, ApiClientId};
use platform::http::check_not_blank;

/// 权限名
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(max_length = 60, pattern = "^[a-z_]+:[a-z_]+$", example = "grids:read")]
pub struct ScopeName(pub String);

impl ScopeName {
    pub(in crate::identity) fn of(names: Vec<String>) -> Vec<Self> {
        names.into_iter().map(Self).collect()
    }

    pub(in crate::identity) fn texts(names: &[Self]) -> Vec<String> {
        names.iter().map(|name| name.0.clone()).collect()
    }
}

/// 新接入方
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiClientIn {
    /// 名称, once per area
    #[validate(length(min = 1, max = 80), custom(function = check_not_blank))]
    #[schema(min_length = 1, max_length = 80, pattern = r"\S", example = "区智慧城管平台")]
    pub name: String,
    /// 区域: the client sees nothing outside it
    pub area_code: AreaCode,
    /// 权限: each must be one that you carry over the area
    #[validate(length(min = 1, max = 100), custom(function = check_unrepeated))]
    #[schema(min_items = 1, max_items = 100, example = json!(["grids:read"]))]
    pub scopes: Vec<ScopeName>,
}

fn check_unrepeated(scopes: &[ScopeName]) -> std::result::Result<(), ValidationError> {
    let repeated = scopes.iter().enumerate().any(|(i, scope)| scopes.iter().skip(i + 1).any(|other| other == scope));
    if repeated { Err(ValidationError::new("repeated")) } else { Ok(()) }
}

/// 接入方
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ApiClientOut {
    pub id: ApiClientId,
    /// 名称
    #[schema(max_length = 80, example = "区智慧城管平台")]
    pub name: String,
    /// 区域
    #[schema(max_length = 29, example = "620902")]
    pub area_code: String,
    /// 权限
    #[schema(max_items = 100)]
    pub scopes: Vec<ScopeName>,
    pub status: AccountStatus,
    /// 旧密钥可用至, after a rotation
    #[schema(required = true)]
    pub previous_secret_until: Option<Ts>,
    #[schema(required = true)]
    pub disabled_at: Option<Ts>,
    /// 创建人
    pub created_by: AccountId,
    pub created_at: Ts,
    pub updated_at: Ts,
    /// 版本, as in the ETag
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
}

impl ApiClientOut {
    pub(in crate::identity) fn of(row: ApiClientRow) -> Result<Self> {
        let scopes = ScopeName::of(row.scope_names()?);
        let ApiClientRow {
            id,
            name,
            area_code,
            scopes: _,
            secret_hash: _,
            previous_secret_hash: _,
            previous_secret_until,
            disabled_at,
            created_by,
            created_at,
            updated_at,
            version,
        } = row;
        let status = if disabled_at.is_some() { AccountStatus::Disabled } else { AccountStatus::Active };
        Ok(Self {
            id,
            name,
            area_code,
            scopes,
            status,
            previous_secret_until,
            disabled_at,
            created_by,
            created_at,
            updated_at,
            version,
        })
    }
}

page!(
    /// 接入方页
    ApiClientPage, ApiClientOut
);

/// 接入方与密钥. The secret is shown here and never again.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ApiClientSecret {
    pub client: ApiClientOut,
    /// 密钥
    #[schema(max_length = 200, example = "kGq0x1mYw7v2J5b8Zt3uRfNcEoHsLpAi4XdVyQz6W9M")]
    pub client_secret: String,
}

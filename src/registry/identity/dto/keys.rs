use platform::db::Ts;
use platform::text_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::identity::rules::in_force;
use crate::identity::store::keys::KeyRow;

text_enum! {
    /// 签名密钥状态
    KeyStatus {
        /// 已公布, signs soon
        Published = "published",
        /// 签名中
        Signing = "signing",
        /// 仅验证
        Verifying = "verifying",
        /// 已退役
        Retired = "retired",
    }
}

/// 签名密钥, without its secret
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SigningKeyOut {
    /// 密钥编号, as in a token's header
    #[schema(max_length = 32, example = "019b2d5e6f7a7c3d8e9fa0b1c2d3e4f5")]
    pub kid: String,
    pub status: KeyStatus,
    pub created_at: Ts,
    /// 开始签名时间
    pub signs_from: Ts,
    /// 退役时间: afterwards nothing that it signed is accepted
    #[schema(required = true)]
    pub retires_at: Option<Ts>,
}

impl SigningKeyOut {
    pub(in crate::identity) fn of(row: &KeyRow, signer: Option<&str>, now: Ts) -> Self {
        let status = if !in_force(&row.times(), now) {
            KeyStatus::Retired
        } else if row.signs_from > now {
            KeyStatus::Published
        } else if signer == Some(row.kid.as_str()) {
            KeyStatus::Signing
        } else {
            KeyStatus::Verifying
        };
        let KeyRow { kid, sealed_seed: _, created_at, signs_from, retires_at } = row.clone();
        Self { kid, status, created_at, signs_from, retires_at }
    }
}

/// 签名密钥列表, the newest first
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SigningKeysOut {
    #[schema(max_items = 100)]
    pub items: Vec<SigningKeyOut>,
}

/// 公钥 (RFC 8037)
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct JwkOut {
    #[schema(max_length = 8, example = "OKP")]
    pub kty: String,
    #[schema(max_length = 16, example = "Ed25519")]
    pub crv: String,
    #[schema(max_length = 8, example = "sig")]
    pub r#use: String,
    #[schema(max_length = 16, example = "EdDSA")]
    pub alg: String,
    #[schema(max_length = 32, example = "019b2d5e6f7a7c3d8e9fa0b1c2d3e4f5")]
    pub kid: String,
    /// 公钥, base64url
    #[schema(max_length = 64, example = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")]
    pub x: String,
}

/// 公钥集 (RFC 7517)
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct JwksOut {
    #[schema(max_items = 100)]
    pub keys: Vec<JwkOut>,
}

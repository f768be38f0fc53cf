//! 签名密钥管理, and the public keys for those who verify our tokens.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Json};
use platform::auth::{Actor, Visitor};
use platform::db::{Conn, Ts};
use platform::{App, Result};

use crate::identity::dto::{JwksOut, SigningKeyOut, SigningKeysOut};
use crate::identity::store::keys::{self, KeyRow};
use crate::identity::store::sessions;
use crate::identity::{SigningKeysRead, SigningKeysWrite, keyring, rules};

/// As many as a reader can want: a key that is replaced each month takes eight years to fill it.
const LISTED: i64 = 100;

/// 签名密钥列表 · List signing keys
///
/// 最新的在前,不含私钥。The newest first, without their secrets.
#[utoipa::path(get, path = "/signing-keys", tag = "identity", security(("bearer" = ["signing_keys:read"])),
    responses((status = 200, body = SigningKeysOut, description = "签名密钥 Signing keys")))]
pub async fn list_signing_keys(_: Actor<SigningKeysRead>, app: Data<App>) -> Result<Json<SigningKeysOut>> {
    let now = app.clock.now();
    Ok(Json(app.db.read(move |c| latest(c, now)).await?))
}

/// 轮换签名密钥 · Rotate the signing key
///
/// 新密钥立即公布,10 分钟后开始签名;旧密钥随后再接受 20 分钟。
/// The new key is published at once and signs ten minutes later; the old one is accepted for twenty minutes after that.
#[utoipa::path(post, path = "/signing-keys/rotate", tag = "identity", security(("bearer" = ["signing_keys:write"])),
    responses((status = 201, body = SigningKeysOut, description = "已轮换 Rotated")))]
pub async fn rotate_signing_key(
    who: Actor<SigningKeysWrite>,
    app: Data<App>,
) -> Result<(Json<SigningKeysOut>, StatusCode)> {
    let now = app.clock.now();
    let secrets = app.secrets.clone();
    let (listed, ring) = app
        .db
        .write(move |c| {
            sessions::standing(c, &who, now)?.acting::<SigningKeysWrite>()?;
            keyring::rotate(c, &secrets, who.id(), now)?;
            Ok((latest(c, now)?, keyring::reload(c, &secrets, now, "")?))
        })
        .await?;
    // The other processes will find it when they next look.
    if let Some(ring) = ring {
        app.tokens.set_keys(ring.keys);
    }
    Ok((Json(listed), StatusCode::CREATED))
}

/// 公钥集 · Public keys
///
/// 第三方据此验证访问令牌 (RFC 7517)。Third parties verify our access tokens with these.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "identity", security(()),
    responses((status = 200, body = JwksOut, description = "公钥 Public keys")))]
pub async fn get_jwks(_: Visitor, app: Data<App>) -> HttpResponse {
    let caching = format!("public, max-age={}", rules::JWKS_CACHE_SECONDS);
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, caching)).json(app.tokens.jwks())
}

fn latest(c: &mut Conn, now: Ts) -> Result<SigningKeysOut> {
    let rows = keys::list_latest(c, LISTED)?;
    let signer = rules::signer(&rows, KeyRow::times, now).map(|row| row.kid.as_str());
    Ok(SigningKeysOut { items: rows.iter().map(|row| SigningKeyOut::of(row, signer, now)).collect() })
}

//! 接入方管理: the programs of integrators.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::secrets::{fingerprint, random_text};
use platform::{App, Result};

use crate::identity::dto::{ApiClientIn, ApiClientOut, ApiClientPage, ApiClientSecret, NoQuery, ReasonIn, ScopeName};
use crate::identity::store::clients::{self, NewClientSpec};
use crate::identity::store::{ApiClientId, sessions};
use crate::identity::{ApiClientsRead, ApiClientsWrite, Catalogue, rules};

const SECRET_BYTES: usize = 32;

/// 接入方列表 · List API clients
///
/// 最早的在前。The oldest first.
#[utoipa::path(get, path = "/api-clients", tag = "identity", security(("bearer" = ["api_clients:read"])),
    params(PageParams),
    responses((status = 200, body = ApiClientPage, description = "接入方 API clients")))]
pub async fn list_api_clients(
    who: Actor<ApiClientsRead>,
    app: Data<App>,
    Paged(NoQuery {}, page): Paged<NoQuery>,
) -> Result<ApiClientPage> {
    let request = page.clone();
    let (rows, total) = app.db.read(move |c| clients::list_clients(c, &who.visible(), &request)).await?;
    let rows: Vec<ApiClientOut> = rows.into_iter().map(ApiClientOut::of).collect::<Result<_>>()?;
    Ok(ApiClientPage::of(page.cut(rows, |client| client.id.to_string()), total))
}

/// 创建接入方 · Create an API client
///
/// 只能授予本人在该区域所持有且可委托的权限。密钥只显示这一次。此接口不重放幂等结果:重复请求得到 409。
/// It gets only scopes that you carry over its area yourself and that are for programs. The secret is shown this once. No
/// stored answer is replayed for an `Idempotency-Key`, because it would hold the secret: a repeated request is a 409.
#[utoipa::path(post, path = "/api-clients", tag = "identity", security(("bearer" = ["api_clients:write"])),
    request_body = ApiClientIn,
    responses((status = 201, body = ApiClientSecret, description = "已创建 Created")))]
pub async fn create_api_client(
    who: Actor<ApiClientsWrite>,
    app: Data<App>,
    catalogue: Data<Catalogue>,
    Valid(body): Valid<ApiClientIn>,
) -> Result<Versioned<ApiClientSecret>> {
    let now = app.clock.now();
    let id = ApiClientId::fresh();
    let client_secret = random_text(SECRET_BYTES)?;
    let secret_hash = fingerprint(client_secret.as_bytes());
    let row = app.db.write(move |c| {
        let standing = sessions::standing(c, &who, now)?;
        standing.acting::<ApiClientsWrite>()?.check_area(&body.area_code)?;
        let scopes = ScopeName::texts(&body.scopes);
        rules::check_client(&standing, &catalogue.0, &scopes, &body.area_code)?;
        let spec = NewClientSpec {
            id,
            name: body.name.clone(),
            area: body.area_code.clone(),
            scopes,
            secret_hash: secret_hash.clone(),
            actor: who.id(),
            at: now,
        };
        clients::insert_client(c, spec)
    });
    let client = ApiClientOut::of(row.await?)?;
    let location = format!("/v1/api-clients/{}", client.id);
    Ok(Versioned::created(location, client.version, ApiClientSecret { client, client_secret }))
}

/// 查看接入方 · Get an API client
#[utoipa::path(get, path = "/api-clients/{id}", tag = "identity", security(("bearer" = ["api_clients:read"])),
    params(("id" = ApiClientId, Path, description = "接入方编号")),
    responses((status = 200, body = ApiClientOut, description = "接入方 The client")))]
pub async fn get_api_client(
    who: Actor<ApiClientsRead>,
    app: Data<App>,
    id: Path<ApiClientId>,
) -> Result<Versioned<ApiClientOut>> {
    let row = app.db.read(move |c| clients::find_client(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, ApiClientOut::of(row)?))
}

/// 轮换密钥 · Rotate a client's secret
///
/// 新密钥只显示这一次,旧密钥 24 小时内仍可用。须持有该接入方的全部权限。此接口不重放幂等结果:重复请求得到 412。
/// The new secret is shown this once; the old one opens for 24 hours more. Whoever asks must carry all of the client's
/// scopes. No stored answer is replayed for an `Idempotency-Key`, because it would hold the secret: a repeated request is
/// a 412.
#[utoipa::path(post, path = "/api-clients/{id}/rotate-secret", tag = "identity",
    security(("bearer" = ["api_clients:write"])),
    params(("id" = ApiClientId, Path, description = "接入方编号"), IfMatch),
    responses((status = 200, body = ApiClientSecret, description = "已轮换 Rotated")))]
pub async fn rotate_client_secret(
    who: Actor<ApiClientsWrite>,
    app: Data<App>,
    catalogue: Data<Catalogue>,
    id: Path<ApiClientId>,
    version: IfMatch,
) -> Result<Versioned<ApiClientSecret>> {
    let now = app.clock.now();
    let client_secret = random_text(SECRET_BYTES)?;
    let secret_hash = fingerprint(client_secret.as_bytes());
    let row = app.db.write(move |c| {
        let standing = sessions::standing(c, &who, now)?;
        let row = clients::find_client(c, &standing.acting::<ApiClientsWrite>()?.visible(), *id)?;
        // Whoever learns the secret can act as the client.
        rules::check_client(&standing, &catalogue.0, &row.scope_names()?, &row.area()?)?;
        version.check(row.version)?;
        if row.disabled_at.is_some() {
            return Err((&rules::CLIENT_DISABLED).into());
        }
        clients::set_secret(c, &row, secret_hash.clone(), who.id(), now)
    });
    let client = ApiClientOut::of(row.await?)?;
    Ok(Versioned::ok(client.version, ApiClientSecret { client, client_secret }))
}

/// 停用接入方 · Disable an API client
///
/// 不可恢复;已签发的令牌几分钟内失效。For good; tokens that it has expire within minutes.
#[utoipa::path(post, path = "/api-clients/{id}/disable", tag = "identity", security(("bearer" = ["api_clients:write"])),
    params(("id" = ApiClientId, Path, description = "接入方编号"), IfMatch, Once), request_body = ReasonIn,
    responses((status = 200, body = ApiClientOut, description = "已停用 Disabled")))]
pub async fn disable_api_client(
    who: Actor<ApiClientsWrite>,
    app: Data<App>,
    id: Path<ApiClientId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ReasonIn>,
) -> Result<Answer> {
    let now = app.clock.now();
    once.write(&app, move |c| {
        let acting = sessions::standing(c, &who, now)?.acting::<ApiClientsWrite>()?;
        let row = clients::find_client(c, &acting.visible(), *id)?;
        version.check(row.version)?;
        if row.disabled_at.is_some() {
            return Err((&rules::CLIENT_DISABLED).into());
        }
        let row = clients::disable_client(c, &row, &body.reason, who.id(), now)?;
        Ok(Versioned::ok(row.version, ApiClientOut::of(row)?))
    })
    .await
}

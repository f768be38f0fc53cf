//! 本人: one's own account, password and sessions.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::clock::date_in_shanghai;
use platform::db::{Conn, Ts};
use platform::http::{ClientAddress, PageParams, Paged, Path, Valid};
use platform::{App, Error, Result};
use serde_json::json;

use crate::identity::dto::{GrantOut, MeOut, NoQuery, PasswordIn, RevokeReason, ScopeName, SessionOut, SessionPage};
use crate::identity::store::accounts::{self, AccountChanges, AccountRow};
use crate::identity::store::{AccountId, Act, SessionId, attempts, grants, sessions};
use crate::identity::{Catalogue, MeRead, MeWrite, passwords, rules};

/// 本人信息 · My account, roles and scopes
#[utoipa::path(get, path = "/me", tag = "identity", security(("bearer" = ["me:read"])),
    responses((status = 200, body = MeOut, description = "本人 Me")))]
pub async fn get_me(who: Actor<MeRead>, app: Data<App>, catalogue: Data<Catalogue>) -> Result<Json<MeOut>> {
    let now = app.clock.now();
    let me = app.db.read(move |c| {
        let today = date_in_shanghai(now);
        let (account, session) = sessions::require_live(c, &who, now)?;
        let effective = sessions::standing(c, &who, now)?.grants;
        let held = grants::active_rows(c, account.id, today)?;
        Ok(MeOut {
            account: account.into(),
            grants: held.into_iter().map(|row| GrantOut::of(row, today)).collect(),
            scopes: ScopeName::of(rules::scopes_of(&catalogue.0, &effective)),
            session: session.into(),
        })
    });
    Ok(Json(me.await?))
}

/// 退出登录 · Log out
///
/// 撤销当前会话。The current session is revoked; its access token opens nothing of one's own account any more and
/// expires within minutes.
#[utoipa::path(post, path = "/me/logout", tag = "identity", security(("bearer" = ["me:write"])),
    responses((status = 204, description = "已退出 Logged out")))]
pub async fn log_out(who: Actor<MeWrite>, app: Data<App>) -> Result<HttpResponse> {
    let now = app.clock.now();
    app.db
        .write(move |c| {
            let (_, session) = sessions::require_live(c, &who, now)?;
            sessions::revoke(c, session.id, RevokeReason::Logout, now)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// 本人会话列表 · My sessions
///
/// 最新的在前。The newest first; those that ended a month ago are gone.
#[utoipa::path(get, path = "/me/sessions", tag = "identity", security(("bearer" = ["me:read"])), params(PageParams),
    responses((status = 200, body = SessionPage, description = "会话 Sessions")))]
pub async fn list_my_sessions(
    who: Actor<MeRead>,
    app: Data<App>,
    Paged(NoQuery {}, page): Paged<NoQuery>,
) -> Result<SessionPage> {
    let now = app.clock.now();
    let request = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let (account, _) = sessions::require_live(c, &who, now)?;
            sessions::list_sessions(c, account.id, &request)
        })
        .await?;
    Ok(SessionPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 撤销会话 · Revoke one of my sessions
///
/// 已结束的会话保持原样。A session that is over stays as it is.
#[utoipa::path(post, path = "/me/sessions/{id}/revoke", tag = "identity", security(("bearer" = ["me:write"])),
    params(("id" = SessionId, Path, description = "会话编号")),
    responses((status = 200, body = SessionOut, description = "会话 The session")))]
pub async fn revoke_my_session(who: Actor<MeWrite>, app: Data<App>, id: Path<SessionId>) -> Result<Json<SessionOut>> {
    let now = app.clock.now();
    let row = app.db.write(move |c| {
        let (account, _) = sessions::require_live(c, &who, now)?;
        let session = sessions::find_session(c, account.id, *id)?;
        sessions::revoke(c, session.id, RevokeReason::Revoked, now)?;
        sessions::find_session(c, account.id, *id)
    });
    Ok(Json(row.await?.into()))
}

/// 修改密码 · Change my password
///
/// 其他会话随之撤销。初始密码修改后,刷新令牌即可获得角色。
/// The other sessions are revoked. After an initial password was changed, refreshing the tokens brings the roles.
#[utoipa::path(post, path = "/me/password", tag = "identity", security(("bearer" = ["me:write"])),
    request_body = PasswordIn,
    responses((status = 204, description = "已修改 Changed")))]
pub async fn change_my_password(
    who: Actor<MeWrite>,
    app: Data<App>,
    address: ClientAddress,
    Valid(body): Valid<PasswordIn>,
) -> Result<HttpResponse> {
    let now = app.clock.now();
    let PasswordIn { current_password, new_password } = body;
    if current_password == new_password {
        return Err(rules::PASSWORD_UNCHANGED.at("/new_password"));
    }
    let (caller, wish) = (who.clone(), new_password.clone());
    let account = app.db.write(move |c| {
        let (account, _) = sessions::require_live(c, &caller, now)?;
        rules::check_password(&wish, &account.username).map_err(|problem| problem.at("/new_password"))?;
        let attempt = attempts::charge(c, &account.username, &address.0, now)?;
        Ok((account, attempt))
    });
    let (account, attempt) = account.await?;
    if !passwords::verify(current_password, Some(account.password_hash.clone())).await? {
        app.db.write(move |c| attempts::fail(c, &attempt, now)).await?;
        return Err(rules::WRONG_PASSWORD.at("/current_password"));
    }
    let password_hash = passwords::hash(new_password).await?;
    app.db
        .write(move |c| {
            set_password(c, &who, &account, &password_hash, now)?;
            attempts::forgive(c, &attempt)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn set_password(c: &mut Conn, who: &Actor<MeWrite>, verified: &AccountRow, hash: &str, now: Ts) -> Result<()> {
    let (account, session) = sessions::require_live(c, who, now)?;
    // Reset by somebody else in the meantime: what was verified is no longer the current password.
    if account.password_hash != verified.password_hash {
        return Err(Error::InvalidToken);
    }
    let changes = AccountChanges {
        password_hash: Some(hash.to_owned()),
        must_change_password: Some(false),
        password_changed_at: Some(now),
        ..AccountChanges::default()
    };
    let act = Act { name: "account.password_changed", actor: who.id(), at: now, data: json!({}) };
    accounts::change_account(c, &account, changes, act)?;
    sessions::revoke_all(c, AccountId(who.id()), Some(session.id), RevokeReason::PasswordChanged, now)
}

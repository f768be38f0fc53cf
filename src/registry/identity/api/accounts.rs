//! 账号管理: accounts of others.

use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::clock::date_in_shanghai;
use platform::db::{Conn, Ts};
use platform::http::{Answer, IfMatch, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result};
use serde_json::json;

use crate::identity::dto::{
    AccountCreated, AccountIn, AccountOut, AccountPage, AccountPatch, AccountQuery, PasswordReset, ReasonIn,
    RevokeReason,
};
use crate::identity::store::accounts::{self, AccountChanges, AccountRow, NewAccountSpec};
use crate::identity::store::{AccountId, Act, attempts, grants, sessions};
use crate::identity::{AccountsRead, AccountsWrite, passwords, rules};

/// 账号列表 · List accounts
///
/// 按用户名排序。By user name.
#[utoipa::path(get, path = "/accounts", tag = "identity", security(("bearer" = ["accounts:read"])),
    params(AccountQuery, PageParams),
    responses((status = 200, body = AccountPage, description = "账号 Accounts")))]
pub async fn list_accounts(
    who: Actor<AccountsRead>,
    app: Data<App>,
    Paged(query, page): Paged<AccountQuery>,
) -> Result<AccountPage> {
    let visible = who.visible().narrow(query.area.as_ref())?;
    let request = page.clone();
    let (rows, total) = app.db.read(move |c| accounts::list_accounts(c, &visible, &query, &request)).await?;
    Ok(AccountPage::of(page.cut(rows, |row| row.username.clone()), total))
}

/// 创建账号 · Create an account
///
/// 初始密码只显示这一次,首次登录须修改。此接口不重放幂等结果:重复请求得到 409。
/// The initial password is shown this once and must be changed at the first login. No stored answer is replayed for an
/// `Idempotency-Key`, because it would hold the password: a repeated request is a 409.
#[utoipa::path(post, path = "/accounts", tag = "identity", security(("bearer" = ["accounts:write"])),
    request_body = AccountIn,
    responses((status = 201, body = AccountCreated, description = "已创建 Created")))]
pub async fn create_account(
    who: Actor<AccountsWrite>,
    app: Data<App>,
    Valid(body): Valid<AccountIn>,
) -> Result<Versioned<AccountCreated>> {
    let now = app.clock.now();
    let initial_password = passwords::random()?;
    let password_hash = passwords::hash(initial_password.clone()).await?;
    let row = app.db.write(move |c| {
        sessions::standing(c, &who, now)?.acting::<AccountsWrite>()?.check_area(&body.area_code)?;
        let spec = NewAccountSpec {
            id: AccountId::fresh(),
            username: body.username.clone(),
            display_name: body.display_name.clone(),
            password_hash: password_hash.clone(),
            area: body.area_code.clone(),
            must_change_password: true,
            actor: Some(who.id()),
            at: now,
        };
        let id = accounts::create_account(c, spec)?;
        accounts::find_any(c, id)
    });
    let row = row.await?;
    let location = format!("/v1/accounts/{}", row.id);
    Ok(Versioned::created(location, row.version, AccountCreated { account: row.into(), initial_password }))
}

/// 查看账号 · Get an account
#[utoipa::path(get, path = "/accounts/{id}", tag = "identity", security(("bearer" = ["accounts:read"])),
    params(("id" = AccountId, Path, description = "账号编号")),
    responses((status = 200, body = AccountOut, description = "账号 The account")))]
pub async fn get_account(
    who: Actor<AccountsRead>,
    app: Data<App>,
    id: Path<AccountId>,
) -> Result<Versioned<AccountOut>> {
    let row = app.db.read(move |c| accounts::find_account(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 修改账号 · Update an account
#[utoipa::path(patch, path = "/accounts/{id}", tag = "identity", security(("bearer" = ["accounts:write"])),
    params(("id" = AccountId, Path, description = "账号编号")), request_body = AccountPatch,
    responses((status = 200, body = AccountOut, description = "账号 The account")))]
pub async fn update_account(
    who: Actor<AccountsWrite>,
    app: Data<App>,
    id: Path<AccountId>,
    version: IfMatch,
    Valid(body): Valid<AccountPatch>,
) -> Result<Versioned<AccountOut>> {
    let now = app.clock.now();
    let row = app.db.write(move |c| {
        let row = manageable(c, &who, *id, now)?;
        version.check(row.version)?;
        if body.display_name.as_ref().is_none_or(|name| *name == row.display_name) {
            return Ok(row);
        }
        let changes = AccountChanges { display_name: body.display_name.clone(), ..AccountChanges::default() };
        let act = Act { name: "account.renamed", actor: who.id(), at: now, data: json!({}) };
        accounts::change_account(c, &row, changes, act)
    });
    let row = row.await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 停用账号 · Disable an account
///
/// 其会话全部撤销。All its sessions are revoked.
#[utoipa::path(post, path = "/accounts/{id}/disable", tag = "identity", security(("bearer" = ["accounts:write"])),
    params(("id" = AccountId, Path, description = "账号编号")), request_body = ReasonIn,
    responses((status = 200, body = AccountOut, description = "账号 The account")))]
pub async fn disable_account(
    who: Actor<AccountsWrite>,
    app: Data<App>,
    id: Path<AccountId>,
    once: Once,
    Valid(body): Valid<ReasonIn>,
) -> Result<Answer> {
    let now = app.clock.now();
    once.write(&app, move |c| {
        let row = manageable(c, &who, *id, now)?;
        if row.disabled_at.is_some() {
            return Err((&rules::ACCOUNT_DISABLED).into());
        }
        let changes = AccountChanges { disabled_at: Some(Some(now)), ..AccountChanges::default() };
        let act = Act { name: "account.disabled", actor: who.id(), at: now, data: json!({ "reason": body.reason }) };
        let row = accounts::change_account(c, &row, changes, act)?;
        sessions::revoke_all(c, row.id, None, RevokeReason::AccountDisabled, now)?;
        Ok(Versioned::ok(row.version, AccountOut::from(row)))
    })
    .await
}

/// 启用账号 · Enable an account
#[utoipa::path(post, path = "/accounts/{id}/enable", tag = "identity", security(("bearer" = ["accounts:write"])),
    params(("id" = AccountId, Path, description = "账号编号")), request_body = ReasonIn,
    responses((status = 200, body = AccountOut, description = "账号 The account")))]
pub async fn enable_account(
    who: Actor<AccountsWrite>,
    app: Data<App>,
    id: Path<AccountId>,
    once: Once,
    Valid(body): Valid<ReasonIn>,
) -> Result<Answer> {
    let now = app.clock.now();
    once.write(&app, move |c| {
        let row = manageable(c, &who, *id, now)?;
        if row.disabled_at.is_none() {
            return Err((&rules::ACCOUNT_ENABLED).into());
        }
        let changes = AccountChanges { disabled_at: Some(None), ..AccountChanges::default() };
        let act = Act { name: "account.enabled", actor: who.id(), at: now, data: json!({ "reason": body.reason }) };
        let row = accounts::change_account(c, &row, changes, act)?;
        Ok(Versioned::ok(row.version, AccountOut::from(row)))
    })
    .await
}

/// 重置密码 · Reset a password
///
/// 新的初始密码只显示这一次;其会话全部撤销,登录锁定解除。此接口不重放幂等结果:重复请求得到另一个密码。
/// The new initial password is shown this once; all sessions are revoked and a lock is lifted. No stored answer is
/// replayed for an `Idempotency-Key`, because it would hold the password: a repeated request makes another one.
#[utoipa::path(post, path = "/accounts/{id}/password-reset", tag = "identity",
    security(("bearer" = ["accounts:write"])),
    params(("id" = AccountId, Path, description = "账号编号")),
    responses((status = 200, body = PasswordReset, description = "已重置 Reset")))]
pub async fn reset_password(
    who: Actor<AccountsWrite>,
    app: Data<App>,
    id: Path<AccountId>,
) -> Result<Json<PasswordReset>> {
    let now = app.clock.now();
    let initial_password = passwords::random()?;
    let password_hash = passwords::hash(initial_password.clone()).await?;
    let row = app.db.write(move |c| {
        let row = manageable(c, &who, *id, now)?;
        let changes = AccountChanges {
            password_hash: Some(password_hash.clone()),
            must_change_password: Some(true),
            password_changed_at: Some(now),
            ..AccountChanges::default()
        };
        let act = Act { name: "account.password_reset", actor: who.id(), at: now, data: json!({}) };
        let row = accounts::change_account(c, &row, changes, act)?;
        attempts::unlock(c, &row.username)?;
        sessions::revoke_all(c, row.id, None, RevokeReason::PasswordReset, now)?;
        Ok(row)
    });
    Ok(Json(PasswordReset { account: row.await?.into(), initial_password }))
}

/// The account, where the caller may change it by what they hold at this moment.
fn manageable(c: &mut Conn, who: &Actor<AccountsWrite>, id: AccountId, now: Ts) -> Result<AccountRow> {
    let acting = sessions::standing(c, who, now)?.acting::<AccountsWrite>()?;
    let row = accounts::find_account(c, &acting.visible(), id)?;
    let held = grants::held_grants(c, id, date_in_shanghai(now))?;
    rules::may_manage(&acting, id.0, &held)?;
    Ok(row)
}

//! Where names, secrets and refresh tokens become access tokens. None of these routes looks at a bearer token: a client
//! whose token has just expired sends it along.

use actix_web::web::{Data, Json};
use platform::auth::Subject;
use platform::clock::date_in_shanghai;
use platform::db::Conn;
use platform::http::{ClientAddress, Valid};
use platform::secrets::fingerprint;
use platform::{App, Error, Result};

use crate::identity::dto::{ClientTokenIn, ClientTokenOut, LoginIn, RefreshIn, ScopeName, TokenType, TokensOut};
use crate::identity::store::accounts::{self, AccountRow};
use crate::identity::store::sessions::{self, Refreshed};
use crate::identity::store::{attempts, clients, open_session, subject_of};
use crate::identity::{passwords, rules};

/// 登录 · Log in
///
/// 用户名或来源地址连续失败过多将被暂时锁定 (429)。用户名不存在、密码错误、账号停用的回答相同。
/// Too many failures of one name or from one address lock it for a while (429). An unknown name, a wrong password and a
/// disabled account are answered alike.
#[utoipa::path(post, path = "/auth/login", tag = "identity", security(()), request_body = LoginIn,
    responses((status = 200, body = TokensOut, description = "令牌 Tokens")))]
pub async fn log_in(app: Data<App>, address: ClientAddress, Valid(body): Valid<LoginIn>) -> Result<Json<TokensOut>> {
    let now = app.clock.now();
    let LoginIn { username, password, client_label } = body;
    let from = address.clone();
    let account = app.db.write(move |c| {
        let attempt = attempts::charge(c, &username, &from.0, now)?;
        Ok((accounts::find_by_username(c, &username)?, attempt))
    });
    let (account, attempt) = account.await?;
    let verified = passwords::verify(password, account.as_ref().map(|row| row.password_hash.clone())).await?;
    let Some(account) = account.filter(|_| verified) else {
        app.db.write(move |c| attempts::fail(c, &attempt, now)).await?;
        return Err((&rules::WRONG_CREDENTIALS).into());
    };
    let opened = app.db.write(move |c| {
        let account = unchanged(c, &account)?;
        attempts::forgive(c, &attempt)?;
        let label = client_label.as_deref().unwrap_or_default();
        let (session, refresh_token) = open_session(c, account.id, label, &address.0, now)?;
        let subject = subject_of(c, account.id, session, date_in_shanghai(now))?;
        Ok(Opened { account, subject, refresh_token })
    });
    let opened = opened.await?;
    tokens(&app, opened)
}

/// 刷新令牌 · Exchange a refresh token
///
/// 刷新令牌只能使用一次;重复使用即撤销整个会话。角色变更在此生效。
/// A refresh token is good for one use; a second use revokes the whole session. Changed roles take effect here.
#[utoipa::path(post, path = "/auth/refresh", tag = "identity", security(()), request_body = RefreshIn,
    responses((status = 200, body = TokensOut, description = "令牌 Tokens")))]
pub async fn refresh_tokens(app: Data<App>, Valid(body): Valid<RefreshIn>) -> Result<Json<TokensOut>> {
    let now = app.clock.now();
    let opened = app.db.write(move |c| match sessions::rotate(c, &body.refresh_token, now)? {
        Refreshed::Rotated { account, session, refresh_token } => {
            let subject = subject_of(c, account.id, session, date_in_shanghai(now))?;
            Ok(Ok(Opened { account, subject, refresh_token }))
        }
        // An answer and not an error, so that the revocation is committed.
        Refreshed::Reused(session) => {
            log::warn!("session {session} revoked: a refresh token was used twice");
            Ok(Err(&rules::REFRESH_REUSED))
        }
        Refreshed::Invalid => Ok(Err(&rules::REFRESH_INVALID)),
    });
    let opened = opened.await?.map_err(Error::from)?;
    tokens(&app, opened)
}

/// 接入方换取令牌 · Exchange a client's secret for a token
///
/// 令牌只含所请求的权限,且限于接入方的区域。密钥轮换后旧密钥 24 小时内仍可用。
/// The token carries the scopes asked for and sees the client's area only. After a rotation the old secret opens for 24
/// hours more.
#[utoipa::path(post, path = "/auth/client-token", tag = "identity", security(()), request_body = ClientTokenIn,
    responses((status = 200, body = ClientTokenOut, description = "令牌 Token")))]
pub async fn issue_client_token(app: Data<App>, Valid(body): Valid<ClientTokenIn>) -> Result<Json<ClientTokenOut>> {
    let now = app.clock.now();
    let given = fingerprint(body.client_secret.as_bytes());
    let row = app.db.read(move |c| Ok(clients::find_any(c, body.client_id)?)).await?;
    let opens = |row: &clients::ApiClientRow| {
        let previous = row.previous_secret_hash.as_deref().zip(row.previous_secret_until);
        row.disabled_at.is_none() && rules::secret_opens(&given, &row.secret_hash, previous, now)
    };
    let row = row.filter(opens).ok_or(&rules::WRONG_CREDENTIALS)?;
    let scopes = wanted(row.scope_names()?, body.scopes.as_deref())?;
    let subject = Subject::Client { scopes: scopes.clone(), area: row.area()? };
    let issued = app.tokens.issue(row.id.0, subject)?;
    Ok(Json(ClientTokenOut {
        access_token: issued.token,
        token_type: TokenType::Bearer,
        expires_in: issued.expires_in_seconds,
        scopes: ScopeName::of(scopes),
    }))
}

/// The scopes of a client's token: those asked for, each of which it must have been given.
fn wanted(given: Vec<String>, asked: Option<&[ScopeName]>) -> Result<Vec<String>> {
    let Some(asked) = asked else { return Ok(given) };
    match asked.iter().position(|scope| !given.contains(&scope.0)) {
        Some(i) => Err(rules::SCOPE_NOT_GIVEN.at(format!("/scopes/{i}"))),
        None => Ok(ScopeName::texts(asked)),
    }
}

struct Opened {
    account: AccountRow,
    subject: Subject,
    refresh_token: String,
}

/// The account whose password was verified a moment ago, unless it was disabled or given another password since.
fn unchanged(c: &mut Conn, verified: &AccountRow) -> Result<AccountRow> {
    let row = accounts::find_any(c, verified.id)?;
    let same = row.password_hash == verified.password_hash && row.disabled_at.is_none();
    if same { Ok(row) } else { Err((&rules::WRONG_CREDENTIALS).into()) }
}

fn tokens(app: &App, opened: Opened) -> Result<Json<TokensOut>> {
    let Opened { account, subject, refresh_token } = opened;
    let issued = app.tokens.issue(account.id.0, subject)?;
    Ok(Json(TokensOut {
        access_token: issued.token,
        token_type: TokenType::Bearer,
        expires_in: issued.expires_in_seconds,
        refresh_token,
        refresh_expires_in: sessions::refresh_lifetime().num_seconds(),
        must_change_password: account.must_change_password,
    }))
}

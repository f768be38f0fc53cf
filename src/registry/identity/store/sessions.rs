//! 会话 rows, their refresh tokens, and what a caller may do at this moment.

use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use platform::auth::{Actor, Scope, Subject};
use platform::clock::date_in_shanghai;
use platform::db::{Backend, Conn, Ts};
use platform::http::PageRequest;
use platform::secrets::{fingerprint, random_text};
use platform::{Error, Result};

use super::accounts::{self, AccountRow};
use super::{AccountId, SessionId, after_id, grants};
use crate::identity::dto::RevokeReason;
use crate::identity::rules::Standing;
use crate::schema::{refresh_tokens, sessions};

const REFRESH_TOKEN_BYTES: usize = 32;
/// A session that is not used for this long is over; every refresh begins the count anew.
const IDLE_DAYS: i64 = 30;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub struct SessionRow {
    pub id: SessionId,
    pub account_id: AccountId,
    pub client_label: String,
    pub address: String,
    pub created_at: Ts,
    pub last_used_at: Ts,
    pub expires_at: Ts,
    pub revoked_at: Option<Ts>,
    pub revoked_reason: Option<RevokeReason>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = refresh_tokens, treat_none_as_default_value = false)]
struct RefreshRow {
    token_hash: String,
    session_id: SessionId,
    issued_at: Ts,
    used_at: Option<Ts>,
    expires_at: Ts,
}

impl SessionRow {
    pub fn is_live(&self, now: Ts) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// What presenting a refresh token led to.
pub enum Refreshed {
    /// A new refresh token for the session.
    Rotated { account: AccountRow, session: SessionId, refresh_token: String },
    /// It had been used before: its session is now revoked.
    Reused(SessionId),
    /// Unknown, expired, or its session or account is over.
    Invalid,
}

/// How long a refresh token is good for.
pub fn refresh_lifetime() -> Duration {
    Duration::days(IDLE_DAYS)
}

/// Opens a session for an account whose password was verified; the refresh token is shown here and never again.
pub fn open_session(
    c: &mut Conn,
    account: AccountId,
    label: &str,
    address: &str,
    now: Ts,
) -> Result<(SessionId, String)> {
    let row = SessionRow {
        id: SessionId::fresh(),
        account_id: account,
        client_label: label.to_owned(),
        address: address.to_owned(),
        created_at: now,
        last_used_at: now,
        expires_at: now.plus(refresh_lifetime()),
        revoked_at: None,
        revoked_reason: None,
    };
    diesel::insert_into(sessions::table).values(&row).execute(c)?;
    Ok((row.id, issue_refresh_token(c, row.id, now)?))
}

fn issue_refresh_token(c: &mut Conn, session: SessionId, now: Ts) -> Result<String> {
    let token = random_text(REFRESH_TOKEN_BYTES)?;
    let row = RefreshRow {
        token_hash: fingerprint(token.as_bytes()),
        session_id: session,
        issued_at: now,
        used_at: None,
        expires_at: now.plus(refresh_lifetime()),
    };
    diesel::insert_into(refresh_tokens::table).values(&row).execute(c)?;
    Ok(token)
}

/// Who a token of this session speaks for. An initial password opens nothing but the change of itself.
pub fn subject_of(c: &mut Conn, account: AccountId, session: SessionId, today: NaiveDate) -> Result<Subject> {
    let row = accounts::find_any(c, account)?;
    let grants = if row.must_change_password { Vec::new() } else { grants::active_grants(c, account, today)? };
    Ok(Subject::Account { session: session.0, grants })
}

/// Exchanges a refresh token. A used one that comes again was stolen, or its successor was: both holders are put out.
pub fn rotate(c: &mut Conn, token: &str, now: Ts) -> Result<Refreshed> {
    let hash = fingerprint(token.as_bytes());
    let found = refresh_tokens::table
        .find(&hash)
        .inner_join(sessions::table)
        .select((RefreshRow::as_select(), SessionRow::as_select()))
        .first::<(RefreshRow, SessionRow)>(c)
        .optional()?;
    let Some((refresh, session)) = found else { return Ok(Refreshed::Invalid) };
    let account = accounts::find_any(c, session.account_id)?;
    if !session.is_live(now) || refresh.expires_at <= now || account.disabled_at.is_some() {
        return Ok(Refreshed::Invalid);
    }
    // Of two who present it at the same time, one finds it unused.
    let taken = diesel::update(refresh_tokens::table.find(&hash).filter(refresh_tokens::used_at.is_null()))
        .set(refresh_tokens::used_at.eq(now))
        .execute(c)?;
    if taken == 0 {
        revoke(c, session.id, RevokeReason::RefreshReused, now)?;
        return Ok(Refreshed::Reused(session.id));
    }
    let live = diesel::update(sessions::table.find(session.id).filter(sessions::revoked_at.is_null()))
        .set((sessions::last_used_at.eq(now), sessions::expires_at.eq(now.plus(refresh_lifetime()))))
        .execute(c)?;
    if live == 0 {
        return Ok(Refreshed::Invalid);
    }
    let refresh_token = issue_refresh_token(c, session.id, now)?;
    Ok(Refreshed::Rotated { account, session: session.id, refresh_token })
}

/// The caller's own account and session, where both still stand; a token may outlive them by minutes.
pub fn require_live<S: Scope>(c: &mut Conn, who: &Actor<S>, now: Ts) -> Result<(AccountRow, SessionRow)> {
    let session = who.session().ok_or(Error::Forbidden { required_scope: S::NAME })?;
    let found = sessions::table
        .find(SessionId(session))
        .filter(sessions::account_id.eq(AccountId(who.id())))
        .select(SessionRow::as_select())
        .first(c)
        .optional()?;
    let session: SessionRow = found.ok_or(Error::InvalidToken)?;
    let account = accounts::find_any(c, session.account_id)?;
    if !session.is_live(now) || account.disabled_at.is_some() {
        return Err(Error::InvalidToken);
    }
    Ok((account, session))
}

/// What the caller may do by the grants that stand now. Every write that hands out power begins with this.
pub fn standing<S: Scope>(c: &mut Conn, who: &Actor<S>, now: Ts) -> Result<Standing> {
    let (account, _) = require_live(c, who, now)?;
    let grants = if account.must_change_password {
        Vec::new()
    } else {
        grants::active_grants(c, account.id, date_in_shanghai(now))?
    };
    Ok(Standing { account: account.id.0, grants })
}

pub fn find_session(c: &mut Conn, account: AccountId, id: SessionId) -> Result<SessionRow> {
    let own = sessions::table.find(id).filter(sessions::account_id.eq(account));
    Ok(own.select(SessionRow::as_select()).first(c)?)
}

/// One page of an account's sessions, the newest first, and how many there are.
pub fn list_sessions(c: &mut Conn, account: AccountId, page: &PageRequest) -> Result<(Vec<SessionRow>, Option<i64>)> {
    let total = match page.with_total {
        true => Some(sessions::table.filter(sessions::account_id.eq(account)).count().get_result(c)?),
        false => None,
    };
    let mut rows = sessions::table.filter(sessions::account_id.eq(account)).into_boxed::<Backend>();
    if let Some(after) = after_id(page.after.as_deref())? {
        rows = rows.filter(sessions::id.lt(SessionId(after)));
    }
    let rows = rows.order(sessions::id.desc()).limit(page.fetch()).select(SessionRow::as_select()).load(c)?;
    Ok((rows, total))
}

/// Revokes one session; one that is over already stays as it is.
pub fn revoke(c: &mut Conn, id: SessionId, reason: RevokeReason, now: Ts) -> Result<()> {
    diesel::update(sessions::table.find(id).filter(sessions::revoked_at.is_null()))
        .set((sessions::revoked_at.eq(now), sessions::revoked_reason.eq(reason)))
        .execute(c)?;
    Ok(())
}

/// Revokes the sessions of an account, all or all but one.
pub fn revoke_all(
    c: &mut Conn,
    account: AccountId,
    but: Option<SessionId>,
    reason: RevokeReason,
    now: Ts,
) -> Result<()> {
    let kept = but.unwrap_or(SessionId(uuid::Uuid::nil()));
    let standing = sessions::account_id.eq(account).and(sessions::revoked_at.is_null()).and(sessions::id.ne(kept));
    diesel::update(sessions::table.filter(standing))
        .set((sessions::revoked_at.eq(now), sessions::revoked_reason.eq(reason)))
        .execute(c)?;
    Ok(())
}

/// The caller's own account, where it and its session still stand and its password is no initial one: for what concerns
/// nobody but its holder.
pub fn live_account<S: Scope>(c: &mut Conn, who: &Actor<S>, now: Ts) -> Result<AccountId> {
    let (account, _) = require_live(c, who, now)?;
    if account.must_change_password {
        return Err(Error::Forbidden { required_scope: S::NAME });
    }
    Ok(account.id)
}

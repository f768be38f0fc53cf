//! 账号 rows.

use diesel::prelude::*;
use platform::auth::{AreaCode, Visible};
use platform::db::{Backend, Conn, Ts};
use platform::error::OrConflict;
use platform::history::{self, Event};
use platform::http::PageRequest;
use platform::{Error, Result, in_ranges};
use serde_json::json;
use uuid::Uuid;

use super::{AccountId, Act, anywhere, lower};
use crate::identity::dto::{AccountQuery, AccountStatus};
use crate::identity::rules;
use crate::schema::accounts;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct AccountRow {
    pub id: AccountId,
    pub username: String,
    pub display_name: String,
    pub password_hash: String,
    pub area_code: String,
    pub must_change_password: bool,
    pub disabled_at: Option<Ts>,
    pub password_changed_at: Ts,
    pub created_at: Ts,
    pub updated_at: Ts,
    pub version: i32,
}

#[derive(Insertable)]
#[diesel(table_name = accounts, treat_none_as_default_value = false)]
struct NewAccount {
    id: AccountId,
    username: String,
    display_name: String,
    password_hash: String,
    area_code: String,
    must_change_password: bool,
    disabled_at: Option<Ts>,
    password_changed_at: Ts,
    created_at: Ts,
    updated_at: Ts,
    version: i32,
}

/// What a change sets; `None` leaves as it is.
#[derive(Default, AsChangeset)]
#[diesel(table_name = accounts)]
pub struct AccountChanges {
    pub display_name: Option<String>,
    pub password_hash: Option<String>,
    pub must_change_password: Option<bool>,
    pub disabled_at: Option<Option<Ts>>,
    pub password_changed_at: Option<Ts>,
}

/// An account to be made. Whoever calls has checked the name and hashed the password.
#[derive(Debug, Clone)]
pub struct NewAccountSpec {
    pub id: AccountId,
    pub username: String,
    pub display_name: String,
    pub password_hash: String,
    /// The area that looks after the account.
    pub area: AreaCode,
    pub must_change_password: bool,
    /// `None` where the command line or the demo acts.
    pub actor: Option<Uuid>,
    pub at: Ts,
}

/// Makes an account and its first history row.
pub fn create_account(c: &mut Conn, spec: NewAccountSpec) -> Result<AccountId> {
    let new = NewAccount {
        id: spec.id,
        username: spec.username,
        display_name: spec.display_name,
        password_hash: spec.password_hash,
        area_code: spec.area.to_string(),
        must_change_password: spec.must_change_password,
        disabled_at: None,
        password_changed_at: spec.at,
        created_at: spec.at,
        updated_at: spec.at,
        version: 1,
    };
    diesel::insert_into(accounts::table).values(&new).execute(c).or_conflict(&rules::USERNAME_TAKEN)?;
    let event = Event {
        entity: "account",
        entity_id: spec.id.to_string(),
        seq: 1,
        name: "account.created",
        area_code: new.area_code,
        actor: spec.actor,
        at: spec.at,
        data: json!({ "must_change_password": spec.must_change_password }),
    };
    history::record_first(c, event)?;
    Ok(spec.id)
}

/// Whether the area that looks after the account is one that the caller sees.
pub fn find_account(c: &mut Conn, visible: &Visible, id: AccountId) -> Result<AccountRow> {
    let row = find_any(c, id)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// For one's own account, which everybody sees.
pub fn find_any(c: &mut Conn, id: AccountId) -> Result<AccountRow> {
    Ok(accounts::table.find(id).select(AccountRow::as_select()).first(c)?)
}

pub fn find_by_username(c: &mut Conn, username: &str) -> QueryResult<Option<AccountRow>> {
    accounts::table
        .filter(accounts::username.eq(username.to_lowercase()))
        .select(AccountRow::as_select())
        .first(c)
        .optional()
}

/// The account of this name, for the command line.
pub fn find_account_id(c: &mut Conn, username: &str) -> Result<Option<AccountId>> {
    Ok(find_by_username(c, username)?.map(|row| row.id))
}

/// Whether there is such an account; whose it is stays untold.
pub fn account_exists(c: &mut Conn, id: Uuid) -> Result<bool> {
    Ok(accounts::table.find(AccountId(id)).count().get_result::<i64>(c)? == 1)
}

/// One page by user name, and the size of the whole list where it was asked for.
pub fn list_accounts(
    c: &mut Conn,
    visible: &Visible,
    query: &AccountQuery,
    page: &PageRequest,
) -> Result<(Vec<AccountRow>, Option<i64>)> {
    let total = match page.with_total {
        true => Some(filtered(visible, query).count().get_result(c)?),
        false => None,
    };
    let mut rows = filtered(visible, query);
    if let Some(after) = &page.after {
        rows = rows.filter(accounts::username.gt(after.clone()));
    }
    let rows = rows.order(accounts::username).limit(page.fetch()).select(AccountRow::as_select()).load(c)?;
    Ok((rows, total))
}

fn filtered(visible: &Visible, query: &AccountQuery) -> accounts::BoxedQuery<'static, Backend> {
    let mut rows = accounts::table.filter(in_ranges!(visible.ranges(), accounts::area_code)).into_boxed::<Backend>();
    rows = match query.status {
        Some(AccountStatus::Active) => rows.filter(accounts::disabled_at.is_null()),
        Some(AccountStatus::Disabled) => rows.filter(accounts::disabled_at.is_not_null()),
        None => rows,
    };
    match &query.q {
        Some(q) => rows.filter(
            accounts::username
                .like(anywhere(q))
                .escape('\\')
                .or(lower(accounts::display_name).like(anywhere(q)).escape('\\')),
        ),
        None => rows,
    }
}

/// Compare-and-set on the version, and the history row.
pub fn change_account(c: &mut Conn, before: &AccountRow, changes: AccountChanges, act: Act) -> Result<AccountRow> {
    let version = before.version + 1;
    let after: Option<AccountRow> = diesel::update(accounts::table)
        .filter(accounts::id.eq(before.id).and(accounts::version.eq(before.version)))
        .set((changes, accounts::updated_at.eq(act.at), accounts::version.eq(version)))
        .returning(accounts::all_columns)
        .get_result(c)
        .optional()?;
    let after = after.ok_or(Error::Stale { current: version })?;
    let event = Event {
        entity: "account",
        entity_id: after.id.to_string(),
        seq: version,
        name: act.name,
        area_code: after.area_code.clone(),
        actor: Some(act.actor),
        at: act.at,
        data: act.data,
    };
    history::record(c, event)?;
    Ok(after)
}

/// The area that looks after an account; `None` where there is no such account or it is disabled.
pub fn account_area(c: &mut Conn, id: AccountId) -> Result<Option<String>> {
    let standing = accounts::table.find(id).filter(accounts::disabled_at.is_null());
    Ok(standing.select(accounts::area_code).first(c).optional()?)
}

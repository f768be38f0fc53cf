//! 接入方 rows.

use chrono::Duration;
use diesel::prelude::*;
use platform::auth::{AreaCode, Visible};
use platform::db::{Backend, Conn, Json, Ts};
use platform::error::OrConflict;
use platform::history::{self, Event};
use platform::http::PageRequest;
use platform::{Error, Result, in_ranges};
use serde_json::json;
use uuid::Uuid;

use super::{AccountId, Act, ApiClientId, after_id};
use crate::identity::rules;
use crate::schema::api_clients as clients;

/// How long the old secret still opens after a rotation.
const GRACE_HOURS: i64 = 24;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = clients, treat_none_as_default_value = false)]
pub struct ApiClientRow {
    pub id: ApiClientId,
    pub name: String,
    pub area_code: String,
    pub scopes: Json,
    pub secret_hash: String,
    pub previous_secret_hash: Option<String>,
    pub previous_secret_until: Option<Ts>,
    pub disabled_at: Option<Ts>,
    pub created_by: AccountId,
    pub created_at: Ts,
    pub updated_at: Ts,
    pub version: i32,
}

#[derive(Default, AsChangeset)]
#[diesel(table_name = clients)]
struct ApiClientChanges {
    secret_hash: Option<String>,
    previous_secret_hash: Option<Option<String>>,
    previous_secret_until: Option<Option<Ts>>,
    disabled_at: Option<Option<Ts>>,
}

/// A client to be made; its scopes have been checked.
#[derive(Debug, Clone)]
pub struct NewClientSpec {
    pub id: ApiClientId,
    pub name: String,
    pub area: AreaCode,
    pub scopes: Vec<String>,
    pub secret_hash: String,
    pub actor: Uuid,
    pub at: Ts,
}

impl ApiClientRow {
    pub fn scope_names(&self) -> Result<Vec<String>> {
        serde_json::from_value(self.scopes.0.clone()).map_err(Error::internal)
    }

    pub fn area(&self) -> Result<AreaCode> {
        self.area_code.parse().map_err(|e: String| Error::internal(e))
    }
}

pub fn insert_client(c: &mut Conn, spec: NewClientSpec) -> Result<ApiClientRow> {
    let row = ApiClientRow {
        id: spec.id,
        name: spec.name,
        area_code: spec.area.to_string(),
        scopes: Json(json!(spec.scopes)),
        secret_hash: spec.secret_hash,
        previous_secret_hash: None,
        previous_secret_until: None,
        disabled_at: None,
        created_by: AccountId(spec.actor),
        created_at: spec.at,
        updated_at: spec.at,
        version: 1,
    };
    diesel::insert_into(clients::table).values(&row).execute(c).or_conflict(&rules::CLIENT_NAME_TAKEN)?;
    let data = json!({ "scopes": spec.scopes });
    let act = Act { name: "api_client.created", actor: spec.actor, at: spec.at, data };
    history::record_first(c, event(&row, act))?;
    Ok(row)
}

/// For the client itself, by the id it presents.
pub fn find_any(c: &mut Conn, id: ApiClientId) -> QueryResult<Option<ApiClientRow>> {
    clients::table.find(id).select(ApiClientRow::as_select()).first(c).optional()
}

pub fn find_client(c: &mut Conn, visible: &Visible, id: ApiClientId) -> Result<ApiClientRow> {
    let row = find_any(c, id)?.ok_or(Error::NotFound)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// One page, oldest first, and the size of the whole list where it was asked for.
pub fn list_clients(c: &mut Conn, visible: &Visible, page: &PageRequest) -> Result<(Vec<ApiClientRow>, Option<i64>)> {
    let seen = || clients::table.filter(in_ranges!(visible.ranges(), clients::area_code)).into_boxed::<Backend>();
    let total = match page.with_total {
        true => Some(seen().count().get_result(c)?),
        false => None,
    };
    let mut rows = seen();
    if let Some(after) = after_id(page.after.as_deref())? {
        rows = rows.filter(clients::id.gt(ApiClientId(after)));
    }
    let rows = rows.order(clients::id).limit(page.fetch()).select(ApiClientRow::as_select()).load(c)?;
    Ok((rows, total))
}

/// Puts a new secret in force; the old one still opens for a day, so that the integrator can change over.
pub fn set_secret(
    c: &mut Conn,
    before: &ApiClientRow,
    secret_hash: String,
    actor: Uuid,
    now: Ts,
) -> Result<ApiClientRow> {
    let changes = ApiClientChanges {
        secret_hash: Some(secret_hash),
        previous_secret_hash: Some(Some(before.secret_hash.clone())),
        previous_secret_until: Some(Some(now.plus(Duration::hours(GRACE_HOURS)))),
        ..ApiClientChanges::default()
    };
    change(c, before, changes, Act { name: "api_client.secret_rotated", actor, at: now, data: json!({}) })
}

pub fn disable_client(c: &mut Conn, before: &ApiClientRow, reason: &str, actor: Uuid, now: Ts) -> Result<ApiClientRow> {
    let changes = ApiClientChanges { disabled_at: Some(Some(now)), ..ApiClientChanges::default() };
    change(c, before, changes, Act { name: "api_client.disabled", actor, at: now, data: json!({ "reason": reason }) })
}

/// Compare-and-set on the version, and the history row.
fn change(c: &mut Conn, before: &ApiClientRow, changes: ApiClientChanges, act: Act) -> Result<ApiClientRow> {
    let version = before.version + 1;
    let after: Option<ApiClientRow> = diesel::update(clients::table)
        .filter(clients::id.eq(before.id).and(clients::version.eq(before.version)))
        .set((changes, clients::updated_at.eq(act.at), clients::version.eq(version)))
        .returning(clients::all_columns)
        .get_result(c)
        .optional()?;
    let after = after.ok_or(Error::Stale { current: version })?;
    history::record(c, event(&after, act))?;
    Ok(after)
}

fn event(row: &ApiClientRow, act: Act) -> Event {
    Event {
        entity: "api_client",
        entity_id: row.id.to_string(),
        seq: row.version,
        name: act.name,
        area_code: row.area_code.clone(),
        actor: Some(act.actor),
        at: act.at,
        data: act.data,
    }
}

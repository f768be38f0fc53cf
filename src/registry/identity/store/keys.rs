//! 签名密钥 rows.

use diesel::prelude::*;
use platform::Result;
use platform::db::{Conn, Either, Ts};
use platform::history::{self, Event};
use serde_json::json;
use uuid::Uuid;

use crate::identity::rules::{KeyTimes, OVERLAP};
use crate::schema::signing_keys as keys;

/// Any number will do, as long as every process takes the same.
const KEYS_LOCK: i64 = 0x5253_4b45;

#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = keys, treat_none_as_default_value = false)]
pub struct KeyRow {
    pub kid: String,
    pub sealed_seed: Vec<u8>,
    pub created_at: Ts,
    pub signs_from: Ts,
    pub retires_at: Option<Ts>,
}

impl KeyRow {
    pub fn times(&self) -> KeyTimes {
        KeyTimes { signs_from: self.signs_from, retires_at: self.retires_at }
    }
}

/// Lets one transaction at a time decide on keys. SQLite's writer is alone already.
pub fn lock_keys(c: &mut Conn) -> QueryResult<()> {
    match c.either() {
        Either::Sqlite(_) => Ok(()),
        Either::Postgres(pg) => diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
            .bind::<diesel::sql_types::BigInt, _>(KEYS_LOCK)
            .execute(pg)
            .map(|_| ()),
    }
}

/// The keys that are published, in the order in which they sign.
pub fn list_in_force(c: &mut Conn, now: Ts) -> QueryResult<Vec<KeyRow>> {
    keys::table
        .filter(keys::retires_at.is_null().or(keys::retires_at.gt(now)))
        .order(keys::signs_from)
        .select(KeyRow::as_select())
        .load(c)
}

/// The latest keys, the newest first, retired ones too.
pub fn list_latest(c: &mut Conn, limit: i64) -> QueryResult<Vec<KeyRow>> {
    keys::table.order(keys::signs_from.desc()).limit(limit).select(KeyRow::as_select()).load(c)
}

/// Forgets the keys that retired before a moment: nothing that they signed is accepted any more. Their history stays.
pub fn purge(c: &mut Conn, before: Ts) -> QueryResult<usize> {
    diesel::delete(keys::table.filter(keys::retires_at.lt(before))).execute(c)
}

/// Adds a key and lets every standing one run out after it.
pub fn insert_key(c: &mut Conn, row: &KeyRow, actor: Option<Uuid>) -> Result<()> {
    let end = row.signs_from.plus(OVERLAP);
    let standing: Vec<KeyRow> = keys::table.filter(keys::retires_at.is_null()).select(KeyRow::as_select()).load(c)?;
    for old in standing {
        diesel::update(keys::table.find(&old.kid)).set(keys::retires_at.eq(end)).execute(c)?;
        history::record(c, event(&old.kid, 2, "signing_key.superseded", actor, row.created_at))?;
    }
    diesel::insert_into(keys::table).values(row).execute(c)?;
    history::record_first(c, event(&row.kid, 1, "signing_key.created", actor, row.created_at))
}

/// A key belongs to the whole installation, so its events lie in no area.
fn event(kid: &str, seq: i32, name: &'static str, actor: Option<Uuid>, at: Ts) -> Event {
    Event {
        entity: "signing_key",
        entity_id: kid.to_owned(),
        seq,
        name,
        area_code: String::new(),
        actor,
        at,
        data: json!({}),
    }
}

//! Rows and queries. Every function takes the connection first; every finder takes what the caller may see.

pub mod buildings;
pub mod compound_lists;
pub mod compounds;
pub mod contacts;
pub mod divisions;
pub mod grids;
pub mod heirs;
pub mod imports;
pub mod modes;
pub mod moves;
pub mod placements;
pub mod profile;
pub mod serving;
pub mod sizes;
pub mod standing;
pub mod stars;

use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Conn, Either, Engine, Range};
use platform::error::wire;
pub use platform::history::By;
use platform::http::PageRequest;
use platform::{Error, Result};
use serde::Serialize;
use serde_json::Value;

/// What a list is asked for beside its filters.
pub struct Listing {
    pub ranges: Vec<Range>,
    pub fetch: i64,
}

impl Listing {
    /// The visible ranges behind the last row that the caller has.
    pub fn page(visible: &Visible, page: &PageRequest) -> Self {
        Self::behind(visible, page.after.as_deref(), page.fetch())
    }

    pub fn behind(visible: &Visible, after: Option<&str>, fetch: i64) -> Self {
        Self { ranges: behind(visible.ranges(), after), fetch }
    }
}

pub(super) fn behind(ranges: Vec<Range>, after: Option<&str>) -> Vec<Range> {
    ranges.into_iter().map(|range| range.behind(after)).filter(|range| range.from < range.to).collect()
}

/// What the first event of an entity holds: everything that is sent of it, so that the history alone rebuilds the row.
/// The version and its time are the event's own. What takes another code because the place that it lies in has, follows
/// that place's events (`compound.moved`, `grid.moved`) and has none of its own.
fn whole(row: impl Serialize) -> Result<Value> {
    let mut data = serde_json::to_value(row).map_err(Error::internal)?;
    if let Some(members) = data.as_object_mut() {
        members.retain(|name, _| !matches!(name.as_str(), "version" | "updated_at"));
    }
    Ok(data)
}

/// Whether a patch leaves a member as it is; a patch that changes nothing makes no version and no history.
fn stays<T: PartialEq>(new: &Option<T>, old: &T) -> bool {
    new.as_ref().is_none_or(|new| new == old)
}

/// Draws one border at a time, whatever community it is of: neighbours of two communities could otherwise overlap without
/// either seeing the other. Taken before a community's lock, so that two drawers never wait for each other.
fn lock_map(c: &mut Conn) -> Result<()> {
    /// Any number that nothing else locks by.
    const MAP: i64 = 0x6d61_7067_7269_6473;
    if let Either::Postgres(c) = c.either() {
        diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<diesel::sql_types::BigInt, _>(MAP).execute(c)?;
    }
    Ok(())
}

/// Takes a community's row lock for the rest of the transaction, so that codes and polygons inside it are given out one
/// at a time and it is not closed meanwhile. SQLite has one writer and needs none.
pub fn lock_community(c: &mut Conn, code: &str) -> Result<()> {
    use crate::schema::divisions::dsl;
    if c.engine() == Engine::Sqlite {
        return Ok(());
    }
    let open = dsl::divisions.find(code).filter(dsl::valid_to.is_null());
    match diesel::update(open).set(dsl::version.eq(dsl::version)).execute(c)? {
        1 => Ok(()),
        // Somebody closed it between the caller's look and this lock.
        _ => Err((&wire::CONFLICT).into()),
    }
}

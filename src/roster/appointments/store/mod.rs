//! Rows and queries. Every function takes the connection first; every finder takes what the caller may see.

pub mod appointments;
pub mod declarations;
pub mod elections;
pub mod facts;
pub mod figures;
pub mod follow;
pub mod grants;
pub mod offices;
pub mod posts;
pub mod queries;
pub mod steps;
pub mod terms;

use diesel::prelude::*;
use platform::auth::{AreaCode, AreaLevel, Grant, Role, Visible};
use platform::db::{Conn, Either};
pub use platform::history::By;
use platform::{Error, Result};
use registry::territory::store::{divisions, grids, profile};

use super::rules;
use crate::people::PersonId;

/// One of the caller's grants, which all reach the post, must be one that could hand on the role that comes with it.
pub fn may_hand_on(grants: &[Grant], role: Option<Role>) -> Result<()> {
    let reaches = |role: Role| grants.iter().any(|own| own.role.may_grant(role));
    match role {
        Some(role) if !reaches(role) => Err((&rules::ROLE_BEYOND_OWN).into()),
        _ => Ok(()),
    }
}

/// Lets one decision about a person wait for the other: each guard would pass in both. SQLite has one writer.
pub fn lock_person(c: &mut Conn, person: PersonId) -> Result<()> {
    if let Either::Postgres(c) = c.either() {
        let (high, low) = person.0.as_u64_pair();
        // The two halves of the id, folded into the one number that an advisory lock takes.
        let key = i64::from_ne_bytes((high ^ low).to_ne_bytes());
        diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<diesel::sql_types::BigInt, _>(key).execute(c)?;
    }
    Ok(())
}

/// Whether an area stands, so that a post can lie in it.
pub fn stands(c: &mut Conn, area: &AreaCode) -> Result<bool> {
    let code = area.as_str();
    match area.level() {
        AreaLevel::Country => Ok(true),
        level if level <= AreaLevel::Community => match divisions::find(c, &Visible::everything(), code) {
            Ok(row) => Ok(row.valid_to.is_none()),
            Err(Error::NotFound) => Ok(false),
            Err(other) => Err(other),
        },
        AreaLevel::Grid => Ok(grids::known(c, code)?.is_some_and(|grid| grid.valid_to.is_none())),
        _ => profile::is_known(c, area),
    }
}

/// A person is seen where their record is kept: in the caller's areas or above them.
pub fn check_person(visible: &Visible, area: &str) -> Result<()> {
    if visible.covers(area) || visible.lies_in(area) { Ok(()) } else { Err(Error::NotFound) }
}

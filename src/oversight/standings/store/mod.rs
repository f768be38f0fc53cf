//! Rows and queries. Every function takes the connection first; every finder of what is not public takes what the caller may
//! see.

pub mod badge;
pub mod boards;
pub mod credit;
pub mod facts;
pub mod follow;
pub mod frozen;
pub mod listings;
pub mod objections;
pub mod opening;
pub mod past;
pub mod photos;
pub mod public;
pub mod published;
pub mod rankings;
pub mod repairs;
pub mod sight;
pub mod statements;
pub mod steps;
pub mod sweep;

pub use platform::history::By;

use platform::auth::AreaCode;
use platform::{Error, Result};
use uuid::Uuid;

/// The id at which a page of a list by id goes on.
pub fn after_id<T>(after: Option<&str>, id: impl Fn(Uuid) -> T) -> Result<Option<T>> {
    after.map(|text| text.parse().map(id).map_err(Error::internal)).transpose()
}

/// A code that a row of ours bears.
fn area_of(code: &str) -> Result<AreaCode> {
    code.parse().map_err(|e: String| Error::internal(e))
}

/// A change that found no row of its version was overtaken by another.
fn took_effect(rows: usize, current: i32) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::Stale { current }) }
}

//! Rows and queries. Every function takes the connection first; every finder takes what the caller may see.

pub mod accesses;
pub mod checkins;
pub mod consents;
pub mod directory;
pub mod endings;
pub mod facts;
pub mod follow;
pub mod grants;
pub mod persons;
pub mod phones;
pub mod places;
pub mod requests;
pub mod residencies;
pub mod stages;

pub use platform::history::By;
use platform::{Error, Result};

/// A cursor's sort key back as an id. Cursors are signed, so another text is one that we never wrote.
pub(super) fn after_id(after: Option<&str>) -> Result<Option<uuid::Uuid>> {
    after.map(|key| key.parse().map_err(Error::internal)).transpose()
}

/// Whether a compare-and-set found the version that it asked for.
fn took_effect(rows: usize, version: i32) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::Stale { current: version + 1 }) }
}

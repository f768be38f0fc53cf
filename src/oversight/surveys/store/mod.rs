//! Rows and queries. Every function takes the connection first; every finder takes what the caller may see.

pub mod answering;
pub mod comments;
pub mod consequences;
pub mod follow;
pub mod forms;
pub mod frame;
pub mod gathered;
pub mod invitations;
pub mod opening;
pub mod past;
pub mod results;
pub mod rounds;
pub mod rows;
pub mod scores;
pub mod seats;
pub mod sight;
pub mod steps;
pub mod sweep;

pub use platform::history::By;

use platform::{Error, Result};
use uuid::Uuid;

/// A compare-and-set that found the row changed meanwhile.
fn no_longer(rows: usize, current: i32) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::Stale { current }) }
}

/// The id at which a page goes on.
pub fn after_id<T>(after: Option<&str>, id: fn(Uuid) -> T) -> Result<Option<T>> {
    Ok(after.map(|text| text.parse().map_err(Error::internal)).transpose()?.map(id))
}

//! Rows and queries. Every function takes the connection first; every finder takes what the caller may see.

pub mod follow;
pub mod groups;
pub mod moderation;
pub mod notices;
pub mod opening;
pub mod past;
pub mod photos;
pub mod posting;
pub mod posts;
pub mod publishing;
pub mod receipts;
pub mod sight;
pub mod turning;

pub use platform::history::By;

use platform::auth::AreaCode;
use platform::{Error, Result};
use uuid::Uuid;

/// The id at which a page of a list by id goes on.
pub fn after_id(after: Option<&str>) -> Result<Option<Uuid>> {
    after.map(|id| id.parse().map_err(Error::internal)).transpose()
}

/// A code that a row of ours bears.
fn area_of(code: &str) -> Result<AreaCode> {
    code.parse().map_err(|e: String| Error::internal(e))
}

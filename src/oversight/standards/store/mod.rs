//! Rows and queries. Every function takes the connection first; every finder takes what the caller may see.

pub mod assessments;
pub mod caller;
pub mod checklists;
pub mod commitments;
pub mod evidence;
pub mod figures;
pub mod follow;
mod named;
pub mod opening;
pub mod past;
pub mod red_lines;
pub mod results;
pub mod runs;
pub mod targets;
pub mod weekly;

pub use platform::history::By;

use platform::auth::AreaCode;
use platform::db::Conn;
use platform::{Error, Result};
use registry::territory::store::lock_community;
use uuid::Uuid;

const COMMUNITY_DIGITS: usize = 12;

/// The id at which a page of a list by id goes on.
pub fn after_id<T>(after: Option<&str>, id: fn(Uuid) -> T) -> Result<Option<T>> {
    Ok(after.map(|text| text.parse().map_err(Error::internal)).transpose()?.map(id))
}

/// Takes the turn of the community that a compound lies in: what rests on one another there is judged one after another.
fn take_turn(c: &mut Conn, area_code: &str) -> Result<()> {
    area_code.get(..COMMUNITY_DIGITS).map_or(Ok(()), |community| lock_community(c, community))
}

/// A code that a row of ours bears.
fn area_of(code: &str) -> Result<AreaCode> {
    code.parse().map_err(|e: String| Error::internal(e))
}

/// A compare-and-set that found the row changed meanwhile.
fn no_longer(rows: usize, current: i32) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::Stale { current }) }
}

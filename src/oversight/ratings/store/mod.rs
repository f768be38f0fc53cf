//! Rows and queries. Every function takes the connection first; every finder takes what the caller may see.

pub mod appeals;
pub mod assessors;
pub mod campaigns;
pub mod claim_files;
pub mod claims;
pub mod collation;
pub mod conflicts;
pub mod explanation;
pub mod facts;
pub mod figures;
pub mod finals;
pub mod follow;
pub mod indicators;
pub mod past;
pub mod projects;
pub mod releases;
pub mod results;
pub mod rows;
pub mod schemes;
pub mod sheets;
pub mod sight;
pub mod stars;
pub mod steps;
pub mod taken;

pub use platform::history::By;

use platform::{Error, Result};
use uuid::Uuid;

/// The id at which a page of a list by id goes on.
pub fn after_id<T>(after: Option<&str>, id: fn(Uuid) -> T) -> Result<Option<T>> {
    after.map(|text| text.parse().map(id).map_err(Error::internal)).transpose()
}

/// A compare-and-set that found the row changed meanwhile.
fn no_longer(rows: usize, current: i32) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::Stale { current }) }
}

/// Writes a row as it is after a change, where nobody changed it meanwhile: `saved!(c, table, before, after)`.
macro_rules! saved {
    ($c:expr, $table:ident, $before:expr, $after:expr) => {{
        let target = $table::table.filter($table::id.eq($before.id).and($table::version.eq($before.version)));
        let rows = diesel::update(target).set(&$after).execute($c)?;
        $crate::ratings::store::no_longer(rows, $before.version + 1)
    }};
}
use saved;

//! Rows and queries. Every function takes the connection first; every finder takes what the caller may see.

pub mod alarms;
pub mod apart;
pub mod as_of;
pub mod board;
pub mod change;
#[cfg(test)]
mod clock_tests;
pub mod clocks;
pub mod comments;
pub mod counts;
pub mod deadlines;
pub mod desk;
pub mod draft;
pub mod dry_runs;
pub mod export;
pub mod extensions;
pub mod figures;
pub mod files;
pub mod follow;
pub mod gathered;
pub mod holds;
pub mod intake;
pub mod joins;
pub mod lists;
pub mod mine;
pub mod now;
pub mod opening;
pub mod past;
pub mod phones;
pub mod places;
pub mod prescribed;
pub mod recount;
pub mod referred;
pub mod resolved;
pub mod rows;
pub mod sight;
pub mod similar;
pub mod single;
pub mod steps;
pub mod targets;
pub mod timeline;
mod veil;
pub mod visit_queue;
pub mod visits;
mod ways;

pub use platform::history::By;

use platform::{Error, Result};
use uuid::Uuid;

/// The id at which a page of a list by id goes on.
pub fn after_id(after: Option<&str>) -> Result<Option<Uuid>> {
    after.map(|id| id.parse().map_err(Error::internal)).transpose()
}

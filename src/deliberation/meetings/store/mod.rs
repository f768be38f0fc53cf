//! Rows and queries. Every function takes the connection first; every finder takes what the caller may see.

pub mod action_steps;
pub mod actions;
pub mod agenda;
pub mod attendance;
pub mod board;
pub mod figures;
pub mod follow;
pub mod meetings;
pub mod minutes;
pub mod past;
pub mod proof;
pub mod publish;
pub mod recount;
pub mod resolutions;
pub mod rows;
pub mod seats;
pub mod series;
pub mod sight;
pub mod signing;
pub mod sources;
pub mod steps;
pub mod votes;

pub use platform::history::By;

use platform::{Error, Result};

/// A compare-and-set that found the row changed meanwhile.
fn no_longer(rows: usize, current: i32) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::Stale { current }) }
}

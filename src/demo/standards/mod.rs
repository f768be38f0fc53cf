//! 标准、承诺与考核 of the demo (domain D4): the checklists, the checks of 2023 by them, the five target contracts of
//! Tongdexiang of 2020, and what is promised at 康盛花园.

mod agreed;
mod checks;
mod words;

use chrono::Duration;
use platform::clock::midnight_in_shanghai;
use platform::db::Conn;
use platform::history::By;
use platform::{Error, Result};

use super::personas;
use super::plan::Planned;

pub fn load(c: &mut Conn, planned: &[Planned]) -> Result<()> {
    checks::load(c, planned)?;
    agreed::load(c, planned)
}

/// A persona at ten o'clock of a day.
fn by(username: &str, day: chrono::NaiveDate) -> Result<By> {
    let account = personas::account(username).ok_or_else(|| Error::internal("no such persona"))?;
    Ok(By { actor: Some(account.0), at: midnight_in_shanghai(day).plus(Duration::hours(10)), today: day })
}

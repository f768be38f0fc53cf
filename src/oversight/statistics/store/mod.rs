//! Rows and queries. Statistics read what other contexts count, through their own functions, and own nothing but what was
//! published elsewhere.

pub mod boards;
pub mod cases;
pub mod counts;
pub mod names;
pub mod overview;
pub mod reported;
pub mod roster;
pub mod series;
pub mod statistics;

pub use platform::history::By;

use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::{Conn, Range, Ts};
use platform::rollups::Period;
use platform::{Error, Result};
use uuid::Uuid;

/// What is looked at: an area over a period, as it was known on a day.
#[derive(Debug, Clone)]
pub struct Scope {
    pub area: AreaCode,
    pub period: Period,
    pub as_of: NaiveDate,
    /// What is overdue is so by the clock.
    pub now: Ts,
    pub today: NaiveDate,
}

impl Scope {
    pub fn range(&self) -> Range {
        Range::under(self.area.as_str())
    }

    /// The same over other days.
    pub fn at(&self, period: Period, as_of: NaiveDate) -> Self {
        Self { period, as_of, ..self.clone() }
    }
}

/// The id at which a page of a list by id goes on.
pub fn after_id<T>(after: Option<&str>, id: fn(Uuid) -> T) -> Result<Option<T>> {
    after.map(|text| text.parse().map(id).map_err(Error::internal)).transpose()
}

/// Whether there ever was such an area: what is past is told of what is gone as well.
pub fn check_known(c: &mut Conn, area: &AreaCode) -> Result<()> {
    if names::is_known(c, area)? { Ok(()) } else { Err(Error::NotFound) }
}

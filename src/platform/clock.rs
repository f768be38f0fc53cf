//! The only source of "now", so that tests and the demo can hold it still.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};

use crate::db::Ts;

/// Asia/Shanghai has had no daylight saving since 1991; every date in the product is a date there.
const SHANGHAI_SECONDS: i32 = 8 * 3600;

#[derive(Debug, Clone, Default)]
pub enum Clock {
    #[default]
    System,
    /// Microseconds since the epoch; moved only by [`Clock::advance`].
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Clock::Fixed(Arc::new(AtomicI64::new(at.timestamp_micros())))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system clock")]
    pub fn now(&self) -> Ts {
        match self {
            Clock::System => Ts::from(Utc::now()),
            Clock::Fixed(micros) => Ts::from_micros(micros.load(Ordering::Relaxed)),
        }
    }

    /// Today in Asia/Shanghai.
    pub fn today(&self) -> NaiveDate {
        date_in_shanghai(self.now())
    }

    /// Moves a fixed clock; a system clock cannot be moved and stays as it is.
    pub fn advance(&self, by: chrono::Duration) {
        if let Clock::Fixed(micros) = self {
            micros.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::Relaxed);
        }
    }
}

pub fn date_in_shanghai(at: Ts) -> NaiveDate {
    match FixedOffset::east_opt(SHANGHAI_SECONDS) {
        Some(zone) => at.utc().with_timezone(&zone).date_naive(),
        None => at.utc().date_naive(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_utc_evening_is_already_tomorrow_in_shanghai() {
        let at = DateTime::parse_from_rfc3339("2024-01-14T16:00:00Z").unwrap_or_default().to_utc();
        assert_eq!(Clock::fixed(at).today(), NaiveDate::from_ymd_opt(2024, 1, 15).unwrap_or_default());
    }
}

//! The only source of "now", so that tests and the demo can hold it still.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveTime, Utc};

use crate::db::Ts;

/// Asia/Shanghai has had no daylight saving since 1991; every date in the product is a date there.
const SHANGHAI_SECONDS: i32 = 8 * 3600;

#[derive(Debug, Clone, Default)]
pub enum Clock {
    #[default]
    System,
    /// The system's, so many microseconds off: the demo's day goes on from its own morning.
    Shifted(i64),
    /// Microseconds since the epoch; moved only by [`Clock::advance`].
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Clock::Fixed(Arc::new(AtomicI64::new(at.timestamp_micros())))
    }

    /// One that stands at `at` now and goes on from there.
    pub fn going_from(at: Ts) -> Self {
        Clock::Shifted(at.micros() - Clock::System.now().micros())
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system clock")]
    pub fn now(&self) -> Ts {
        match self {
            Clock::System => Ts::from(Utc::now()),
            Clock::Shifted(by) => Ts::from_micros(Ts::from(Utc::now()).micros() + by),
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

/// The first moment of a day there.
pub fn midnight_in_shanghai(day: NaiveDate) -> Ts {
    Ts::from((day.and_time(NaiveTime::MIN) - Duration::seconds(i64::from(SHANGHAI_SECONDS))).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_utc_evening_is_already_tomorrow_in_shanghai() {
        let at = DateTime::parse_from_rfc3339("2024-01-14T16:00:00Z").unwrap_or_default().to_utc();
        assert_eq!(Clock::fixed(at).today(), NaiveDate::from_ymd_opt(2024, 1, 15).unwrap_or_default());
    }
    #[test]
    fn a_shifted_clock_goes_on_from_where_it_began() {
        let begin = Ts::from_micros(1_705_280_400_000_000);
        let clock = Clock::going_from(begin);
        let (first, then) = (clock.now(), clock.now());
        assert!(begin <= first && first <= then && first.micros() < begin.micros() + 60_000_000);
    }

    #[test]
    fn a_day_begins_at_its_midnight_there() {
        let day = NaiveDate::from_ymd_opt(2024, 1, 15).unwrap_or_default();
        let midnight = midnight_in_shanghai(day);
        assert_eq!(midnight.to_string(), "2024-01-14T16:00:00.000000Z");
        assert_eq!(date_in_shanghai(midnight), day);
        assert_eq!(date_in_shanghai(Ts::from_micros(midnight.micros() - 1)), day.pred_opt().unwrap_or_default());
    }
}

//! Days that are written in the source.

use chrono::NaiveDate;

/// A day of the calendar; one that is none would be the first day that there is, which the tests of this folder see.
pub const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}

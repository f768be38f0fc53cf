//! Quarters as days.

use chrono::{Days, Months, NaiveDate};

/// The first and the last day of a quarter from the first to the fourth.
pub fn days(year: i32, quarter: i16) -> Option<(NaiveDate, NaiveDate)> {
    let month = u32::try_from(quarter).ok()?.checked_sub(1)?.checked_mul(3)?.checked_add(1)?;
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    Some((first, first.checked_add_months(Months::new(3))?.checked_sub_days(Days::new(1))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_quarters_are_a_year_without_a_gap() {
        let all: Vec<_> = (1..=4).filter_map(|quarter| days(2024, quarter)).collect();
        let text = |day: &NaiveDate| day.to_string();
        assert_eq!(all.first().map(|(first, _)| text(first)).as_deref(), Some("2024-01-01"));
        assert_eq!(all.last().map(|(_, last)| text(last)).as_deref(), Some("2024-12-31"));
        assert!(all.windows(2).all(|pair| pair[0].1.succ_opt() == Some(pair[1].0)));
        assert_eq!((days(2024, 0), days(2024, 5), days(2024, -1)), (None, None, None));
    }
}

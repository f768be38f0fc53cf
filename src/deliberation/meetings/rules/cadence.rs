//! When the next meeting of a series is due.

use chrono::{Days, Months, NaiveDate};

use crate::meetings::dto::Cadence;

/// 下次应开日: one period after the last meeting or, before there was one, after the series began; none where it is held as
/// needed.
pub fn next_due(after: NaiveDate, cadence: Cadence) -> Option<NaiveDate> {
    match cadence {
        Cadence::Weekly => after.checked_add_days(Days::new(7)),
        Cadence::Monthly => after.checked_add_months(Months::new(1)),
        Cadence::Quarterly => after.checked_add_months(Months::new(3)),
        Cadence::HalfYearly => after.checked_add_months(Months::new(6)),
        Cadence::Yearly => after.checked_add_months(Months::new(12)),
        Cadence::AsNeeded => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_a_month_and_never_overflows() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        assert_eq!(next_due(day("2024-01-31"), Cadence::Monthly), Some(day("2024-02-29")));
        assert_eq!(next_due(day("2023-11-30"), Cadence::Quarterly), Some(day("2024-02-29")));
        assert_eq!(next_due(day("2024-02-29"), Cadence::Yearly), Some(day("2025-02-28")));
        assert_eq!(next_due(day("2024-01-15"), Cadence::AsNeeded), None);
        assert_eq!(next_due(NaiveDate::MAX, Cadence::Weekly), None);
    }
}

//! 业委会/自管委: sizes, terms, and filing in time.

use chrono::{Duration, Months, NaiveDate};
use platform::Result;

use super::{
    COMMITTEE_EVEN, COMMITTEE_SIZE, COMMITTEE_TERM, IN_THE_FUTURE, PERIOD, TERM_FILED, TERM_RUNNING, TOO_EARLY,
    Thresholds,
};

/// 人数: odd, and between the bounds; a small compound may have fewer where the local rule says so. How many households
/// there are may be unknown, and then the compound is not small.
pub fn check_seats(seats: i32, households: Option<i32>, t: &Thresholds, at: &str) -> Result<()> {
    let small = households.is_some_and(|households| households <= t.small_compound_households);
    let least = t.small_committee_min.filter(|_| small).unwrap_or(t.committee_min);
    if seats % 2 == 0 {
        Err(COMMITTEE_EVEN.at(format!("{at}/seats")))
    } else if seats < least || seats > t.committee_max {
        Err(COMMITTEE_SIZE.at(format!("{at}/seats")))
    } else {
        Ok(())
    }
}

/// 届期: begins on or after the election, which has been, and lasts five years at most.
pub fn check_term(
    (elected_on, from, to): (NaiveDate, NaiveDate, NaiveDate),
    today: NaiveDate,
    t: &Thresholds,
    at: &str,
) -> Result<()> {
    if elected_on > today {
        return Err(IN_THE_FUTURE.at(format!("{at}/elected_on")));
    }
    if from < elected_on {
        return Err(TOO_EARLY.at(format!("{at}/term_from")));
    }
    if to <= from {
        return Err(PERIOD.at(format!("{at}/term_to")));
    }
    // The last day of five years is the one before the same date (Civil Code 201, 202); the date itself is let pass,
    // because minutes mostly name it.
    match from.checked_add_months(Months::new(12 * t.term_years)) {
        Some(last) if to <= last => Ok(()),
        _ => Err(COMMITTEE_TERM.at(format!("{at}/term_to"))),
    }
}

/// 换届: the next term begins after the one that runs did.
pub fn may_follow(running_from: Option<NaiveDate>, next_from: NaiveDate) -> Result<()> {
    match running_from {
        Some(from) if next_from <= from => Err((&TERM_RUNNING).into()),
        _ => Ok(()),
    }
}

/// 备案: once, not before the election and not in the future. Late is flagged, not refused.
pub fn may_file(elected_on: NaiveDate, filed_on: Option<NaiveDate>, on: NaiveDate, today: NaiveDate) -> Result<()> {
    if filed_on.is_some() {
        Err((&TERM_FILED).into())
    } else if on > today {
        Err(IN_THE_FUTURE.at("/on"))
    } else if on < elected_on {
        Err(TOO_EARLY.at("/on"))
    } else {
        Ok(())
    }
}

/// 备案截止日: the day of the election is not counted (Civil Code 201).
pub fn filing_due(elected_on: NaiveDate, t: &Thresholds) -> NaiveDate {
    elected_on.checked_add_signed(Duration::days(t.filing_days)).unwrap_or(elected_on)
}

/// 逾期备案, or still not filed past the last day (物业管理条例 art. 16).
pub fn is_late(elected_on: NaiveDate, filed_on: Option<NaiveDate>, today: NaiveDate, t: &Thresholds) -> bool {
    filed_on.unwrap_or(today) > filing_due(elected_on, t)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisations::rules::NATIONAL;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn code(outcome: Result<()>) -> Option<&'static str> {
        outcome.err().map(|error| error.problem().code)
    }

    #[test]
    fn sizes_are_odd_and_five_to_eleven() {
        for seats in 0..=15 {
            let odd_between = seats % 2 == 1 && (5..=11).contains(&seats);
            assert_eq!(check_seats(seats, None, &NATIONAL, "").is_ok(), odd_between, "{seats}");
        }
        assert_eq!(code(check_seats(6, None, &NATIONAL, "")), Some("organisations.committee_even"));
        assert_eq!(code(check_seats(13, None, &NATIONAL, "")), Some("organisations.committee_size"));
    }

    #[test]
    fn three_suffice_where_the_local_rule_and_the_compound_say_so() {
        let local = Thresholds { small_committee_min: Some(3), ..NATIONAL };
        assert!(check_seats(3, Some(100), &local, "").is_ok());
        assert!(check_seats(3, Some(101), &local, "").is_err());
        assert!(check_seats(3, None, &local, "").is_err());
        assert!(check_seats(3, Some(100), &NATIONAL, "").is_err());
        assert_eq!(code(check_seats(2, Some(10), &local, "")), Some("organisations.committee_even"));
    }

    #[test]
    fn a_term_lasts_five_years_at_most() {
        let term = |from: &str, to: &str| {
            code(check_term((day("2020-03-01"), day(from), day(to)), day("2024-01-15"), &NATIONAL, ""))
        };
        assert_eq!(term("2020-03-06", "2025-03-05"), None);
        assert_eq!(term("2020-03-06", "2025-03-06"), None);
        assert_eq!(term("2020-03-06", "2025-03-07"), Some("organisations.committee_term"));
        assert_eq!(term("2020-02-28", "2024-02-28"), Some("organisations.too_early"));
        assert_eq!(term("2020-03-06", "2020-03-06"), Some("organisations.period"));
    }

    #[test]
    fn the_thirty_first_day_is_late() {
        let late = |filed: &str| is_late(day("2023-12-01"), Some(day(filed)), day("2024-01-15"), &NATIONAL);
        assert!(!late("2023-12-31"), "day 30");
        assert!(late("2024-01-01"), "day 31");
        assert!(is_late(day("2023-12-01"), None, day("2024-01-01"), &NATIONAL), "and who has not filed at all");
        assert!(!is_late(day("2023-12-01"), None, day("2023-12-31"), &NATIONAL));
    }
}

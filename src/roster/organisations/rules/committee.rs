//! 业委会/自管委: sizes, terms, and filing in time.

use chrono::{Duration, Months, NaiveDate};
use platform::{Problem, Result};

use super::params::Committees;
use super::{
    COMMITTEE_EVEN, COMMITTEE_SIZE, COMMITTEE_TERM, IN_THE_FUTURE, PERIOD, TERM_FILED, TERM_RUNNING, TOO_EARLY,
};

/// 人数: odd, and between the bounds; a small compound may have fewer where the local rule says so. How many households
/// there are may be unknown, and then the compound is not small.
pub fn fault_of_seats(seats: i32, households: Option<i32>, t: &Committees) -> Option<&'static Problem> {
    let small = households.is_some_and(|households| households <= t.small_households);
    let least = t.small_min_seats.filter(|_| small).unwrap_or(t.min_seats);
    if seats % 2 == 0 {
        Some(&COMMITTEE_EVEN)
    } else if seats < least || seats > t.max_seats {
        Some(&COMMITTEE_SIZE)
    } else {
        None
    }
}

pub fn check_seats(seats: i32, households: Option<i32>, t: &Committees, at: &str) -> Result<()> {
    fault_of_seats(seats, households, t).map_or(Ok(()), |fault| Err(fault.at(format!("{at}/seats"))))
}

/// 届期: begins on or after the election, which has been, and lasts five years at most.
pub fn check_term(
    (elected_on, from, to): (NaiveDate, NaiveDate, NaiveDate),
    today: NaiveDate,
    t: &Committees,
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
    match from.checked_add_months(Months::new(12 * t.max_term_years)) {
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
pub fn filing_due(elected_on: NaiveDate, t: &Committees) -> NaiveDate {
    elected_on.checked_add_signed(Duration::days(t.filing_days)).unwrap_or(elected_on)
}

/// 逾期备案, or still not filed past the last day (物业管理条例 art. 16).
pub fn is_late(due: NaiveDate, filed_on: Option<NaiveDate>, today: NaiveDate) -> bool {
    filed_on.unwrap_or(today) > due
}

#[cfg(test)]
mod tests {
    use super::*;
    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn code(outcome: Result<()>) -> Option<&'static str> {
        outcome.err().map(|error| error.problem().code)
    }

    #[test]
    fn sizes_are_odd_and_five_to_eleven() {
        let national = Committees::default();
        for seats in 0..=15 {
            let odd_between = seats % 2 == 1 && (5..=11).contains(&seats);
            assert_eq!(check_seats(seats, None, &national, "").is_ok(), odd_between, "{seats}");
        }
        assert_eq!(code(check_seats(6, None, &national, "")), Some("organisations.committee_even"));
        assert_eq!(code(check_seats(13, None, &national, "")), Some("organisations.committee_size"));
    }

    #[test]
    fn three_suffice_where_the_local_rule_and_the_compound_say_so() {
        let local = Committees { small_min_seats: Some(3), ..Committees::default() };
        assert!(check_seats(3, Some(100), &local, "").is_ok());
        assert!(check_seats(3, Some(101), &local, "").is_err());
        assert!(check_seats(3, None, &local, "").is_err());
        assert!(check_seats(3, Some(100), &Committees::default(), "").is_err());
        assert_eq!(code(check_seats(2, Some(10), &local, "")), Some("organisations.committee_even"));
    }

    #[test]
    fn a_term_lasts_five_years_at_most() {
        let term = |from: &str, to: &str| {
            let national = Committees::default();
            code(check_term((day("2020-03-01"), day(from), day(to)), day("2024-01-15"), &national, ""))
        };
        assert_eq!(term("2020-03-06", "2025-03-05"), None);
        assert_eq!(term("2020-03-06", "2025-03-06"), None);
        assert_eq!(term("2020-03-06", "2025-03-07"), Some("organisations.committee_term"));
        assert_eq!(term("2020-02-28", "2024-02-28"), Some("organisations.too_early"));
        assert_eq!(term("2020-03-06", "2020-03-06"), Some("organisations.period"));
    }

    #[test]
    fn the_thirty_first_day_is_late() {
        let due = filing_due(day("2023-12-01"), &Committees::default());
        let late = |filed: &str| is_late(due, Some(day(filed)), day("2024-01-15"));
        assert!(!late("2023-12-31"), "day 30");
        assert!(late("2024-01-01"), "day 31");
        assert!(is_late(due, None, day("2024-01-01")), "and who has not filed at all");
        assert!(!is_late(due, None, day("2023-12-31")));
    }
}

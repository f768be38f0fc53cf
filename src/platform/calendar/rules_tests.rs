//! What is counted, against the official arrangements of two years and against counting minute by minute.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::rules::{Calendar, Window};
use super::{Hours, TimeOfDay, Week};
use crate::clock::date_in_shanghai;
use crate::db::Ts;

const MINUTE: i64 = 60_000_000;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// A moment as it is written in Shanghai.
fn at(text: &str) -> Ts {
    let moment = chrono::DateTime::parse_from_rfc3339(&format!("{}+08:00", text.replace(' ', "T")));
    Ts::from(moment.expect("a moment").to_utc())
}

fn hours(from: &str, to: &str) -> Hours {
    Hours::new(from.parse().expect("a time"), to.parse().expect("a time"))
}

/// National Day of 2023 and 2024: 国办发明电〔2022〕16号, 国办发明电〔2023〕7号.
fn national_days() -> Calendar {
    let off = |from: &str, days| day(from).iter_days().take(days).map(|day| (day, Some(vec![])));
    let made_up = ["2023-10-07", "2023-10-08", "2024-09-29", "2024-10-12"].map(|text| (day(text), None));
    Calendar::new(Week::default(), off("2023-09-29", 8).chain(off("2024-10-01", 7)).chain(made_up))
}

#[test]
fn one_working_day_across_national_day_and_its_make_up_days() {
    let calendar = national_days();
    let one = calendar.day_minutes();
    assert_eq!(one, 420);
    let cases = [
        // An ordinary weekend.
        ("2023-09-22 17:30:00", "2023-09-25 17:30:00"),
        // 2023: the Thursday before, then the Saturday that makes up.
        ("2023-09-28 17:30:00", "2023-10-07 17:30:00"),
        // A Friday that is off: counting begins on the make-up Saturday and takes all of it.
        ("2023-09-29 17:30:00", "2023-10-07 18:00:00"),
        ("2023-10-06 17:30:00", "2023-10-07 18:00:00"),
        // From one make-up day to the next, a Sunday; from there to Monday.
        ("2023-10-07 17:30:00", "2023-10-08 17:30:00"),
        ("2023-10-08 17:30:00", "2023-10-09 17:30:00"),
        // 2024: the Sunday before makes up, the Saturday after does.
        ("2024-09-27 17:30:00", "2024-09-29 17:30:00"),
        ("2024-09-30 17:30:00", "2024-10-08 17:30:00"),
        ("2024-10-11 17:30:00", "2024-10-12 17:30:00"),
        ("2024-10-12 17:30:00", "2024-10-14 17:30:00"),
    ];
    for (start, due) in cases {
        assert_eq!(calendar.add(at(start), one), Some(at(due)), "{start}");
        assert_eq!(calendar.before(at(due), one).map(|back| calendar.minutes_between(back, at(due))), Some(one));
    }
}

#[test]
fn the_windows_counted_explain_the_deadline() {
    let window = |from, to| Window { from: at(from), to: at(to) };
    let counted = national_days().windows(at("2023-09-28 17:30:00"), at("2023-10-07 17:30:00"));
    let expected = [
        window("2023-09-28 17:30:00", "2023-09-28 18:00:00"),
        window("2023-10-07 08:30:00", "2023-10-07 12:00:00"),
        window("2023-10-07 14:30:00", "2023-10-07 17:30:00"),
    ];
    assert_eq!(counted, expected);
}

#[test]
fn seconds_are_kept_and_noon_is_not_counted() {
    let calendar = Calendar::default();
    assert_eq!(calendar.add(at("2024-01-15 11:59:59.999999"), 1), Some(at("2024-01-15 14:30:59.999999")));
    assert_eq!(calendar.add(at("2024-01-15 12:00:00"), 210), Some(at("2024-01-15 18:00:00")));
    assert_eq!(calendar.add(at("2024-01-15 18:00:00"), 0), Some(at("2024-01-15 18:00:00")));
    assert_eq!(calendar.minutes_between(at("2024-01-15 11:59:00.000001"), at("2024-01-15 14:30:00")), 0);
    assert_eq!(calendar.minutes_between(at("2024-01-16 12:00:00"), at("2024-01-15 12:00:00")), 0);
}

#[test]
fn no_minute_is_lost_at_midnight() {
    let round = vec![hours("00:00", "24:00")];
    let calendar = Calendar::new(Week::of([1; 5].map(|_| round.clone()), [round.clone(), round]), []);
    assert_eq!(calendar.day_minutes(), 1440);
    assert_eq!(calendar.add(at("2024-02-28 23:59:30"), 2 * 1440), Some(at("2024-03-01 23:59:30")));
    assert_eq!(calendar.minutes_between(at("2024-01-01 00:00:00"), at("2025-01-01 00:00:00")), 366 * 1440);
}

#[test]
fn exceptions_replace_their_day() {
    let half = (day("2024-02-09"), Some(vec![hours("08:30", "12:00")]));
    let short = Week { friday: vec![hours("09:00", "12:00")], ..Week::default() };
    let calendar = Calendar::new(short, [half, (day("2024-02-10"), Some(vec![])), (day("2024-02-11"), None)]);
    let minutes = |text: &str| {
        let midnight = at(&format!("{text} 00:00:00"));
        calendar.minutes_between(midnight, midnight.plus(chrono::Duration::days(1)))
    };
    assert_eq!(["2024-02-09", "2024-02-10", "2024-02-11", "2024-02-16"].map(minutes), [210, 0, 420, 180]);
    assert!(calendar.is_working_day(day("2024-02-09")) && !calendar.is_working_day(day("2024-02-10")));
}

#[test]
fn a_last_day_off_rolls_to_the_next_working_day() {
    let calendar = national_days();
    let rolled = |text| calendar.roll(day(text)).to_string();
    assert_eq!(rolled("2023-09-28"), "2023-09-28");
    assert_eq!(rolled("2023-09-29"), "2023-10-07", "to the Saturday that makes up, not to Monday");
    assert_eq!(rolled("2024-10-05"), "2024-10-08");
    assert_eq!(rolled("2024-10-12"), "2024-10-12", "a make-up Saturday is a working day");
    assert_eq!(rolled("2024-10-13"), "2024-10-14");
}

#[test]
fn working_days_are_counted_from_the_day_after() {
    let calendar = national_days();
    let after = |text, n| calendar.working_days_after(day(text), n).map(|day| day.to_string());
    assert_eq!(after("2023-09-28", 1).as_deref(), Some("2023-10-07"));
    assert_eq!(after("2023-09-28", 3).as_deref(), Some("2023-10-09"));
    assert_eq!(after("2023-10-01", 1).as_deref(), Some("2023-10-07"));
    assert_eq!(after("2023-10-01", 0).as_deref(), Some("2023-10-01"));
    assert_eq!(
        (after("2023-10-01", -1), after("2023-10-01", i64::MAX), after("2023-10-01", i64::MIN)),
        (None, None, None)
    );
}

#[test]
fn what_never_comes_is_said_and_not_waited_for() {
    let never = Calendar::new(Week::of([1; 5].map(|_| vec![]), [vec![], vec![]]), []);
    let now = at("2024-01-15 09:00:00");
    assert_eq!((never.add(now, 1), never.before(now, 1), never.day_minutes()), (None, None, 0));
    assert_eq!(never.roll(day("2024-01-15")), day("2024-01-15"));
    assert_eq!(never.working_days_after(day("2024-01-15"), 1), None);
    assert_eq!(Calendar::default().add(now, i64::MAX), None);
}

fn any_hours() -> impl Strategy<Value = Vec<Hours>> {
    let minute = 0u16..=1440;
    let one = (minute.clone(), minute)
        .prop_map(|(one, other)| Hours::new(TimeOfDay::at(0, one.min(other)), TimeOfDay::at(0, one.max(other))));
    prop_oneof![1 => Just(vec![]), 3 => prop::collection::vec(one, 0..3)]
}

/// Any week, with exceptions in the weeks in which the tests count.
fn any_calendar() -> impl Strategy<Value = Calendar> {
    let week = (prop::array::uniform5(any_hours()), prop::array::uniform2(any_hours()));
    let exception = (0i64..30, prop::option::of(any_hours()));
    (week, prop::collection::vec(exception, 0..8)).prop_map(|((days, weekend), exceptions)| {
        let exceptions =
            exceptions.into_iter().map(|(n, hours)| (day("2024-01-01") + chrono::Duration::days(n), hours));
        Calendar::new(Week::of(days, weekend), exceptions)
    })
}

/// Whether the minute that begins here is one of working time: found without the code under test but for the windows of
/// its day, which are looked up as they are written.
fn counts(calendar: &Calendar, minute: Ts) -> bool {
    let of_day = (minute.micros() / MINUTE + 8 * 60).rem_euclid(1440);
    calendar.hours_of(date_in_shanghai(minute)).iter().any(|h| h.from.minutes() <= of_day && of_day < h.to.minutes())
}

fn minute_after(start: Ts, minutes: i64) -> Ts {
    Ts::from_micros(start.micros() + minutes * MINUTE)
}

const HORIZON: i64 = 20 * 1440;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Adding is what counting minute by minute comes to.
    #[test]
    fn adding_agrees_with_counting(calendar in any_calendar(), offset in 0i64..10 * 1440, budget in 1i64..3000) {
        let start = minute_after(at("2024-01-01 00:00:00"), offset);
        let nth = (0..HORIZON).filter(|n| counts(&calendar, minute_after(start, *n))).nth(budget as usize - 1);
        let due = calendar.add(start, budget);
        match nth {
            Some(n) => prop_assert_eq!(due, Some(minute_after(start, n + 1))),
            None => prop_assert!(due.is_none_or(|due| due > minute_after(start, HORIZON))),
        }
    }

    #[test]
    fn measuring_agrees_with_counting(calendar in any_calendar(), offset in 0i64..10 * 1440, length in 0i64..HORIZON) {
        let start = minute_after(at("2024-01-01 00:00:00"), offset);
        let counted = (0..length).filter(|n| counts(&calendar, minute_after(start, *n))).count();
        prop_assert_eq!(calendar.minutes_between(start, minute_after(start, length)), counted as i64);
    }
}

proptest! {
    /// To the microsecond: what is added is what is measured, and going back ends no later than one began.
    #[test]
    fn adding_then_measuring_gives_the_budget(calendar in any_calendar(), micros in 0i64..20 * 1440 * MINUTE, budget in 0i64..20_000) {
        let start = Ts::from_micros(at("2024-01-01 00:00:00").micros() + micros);
        if let Some(due) = calendar.add(start, budget) {
            prop_assert_eq!(calendar.minutes_between(start, due), budget);
            let back = calendar.before(due, budget).expect("the way there is the way back");
            prop_assert!(back >= start);
            prop_assert_eq!(calendar.minutes_between(back, due), budget);
        }
    }

    #[test]
    fn a_larger_budget_is_never_due_earlier(calendar in any_calendar(), micros in 0i64..20 * 1440 * MINUTE, budget in 0i64..20_000, more in 0i64..5000) {
        let start = Ts::from_micros(at("2024-01-01 00:00:00").micros() + micros);
        if let Some(later) = calendar.add(start, budget + more) {
            let due = calendar.add(start, budget);
            prop_assert!(due.is_some_and(|due| start <= due && due <= later));
        }
    }

    /// The explanation adds up: windows in order, none shared, and together what is measured.
    #[test]
    fn the_windows_sum_to_what_is_measured(calendar in any_calendar(), micros in 0i64..20 * 1440 * MINUTE, length in 0i64..20 * 1440 * MINUTE) {
        let from = Ts::from_micros(at("2024-01-01 00:00:00").micros() + micros);
        let to = Ts::from_micros(from.micros() + length);
        let windows = calendar.windows(from, to);
        let sum: i64 = windows.iter().map(|window| window.to.micros() - window.from.micros()).sum();
        prop_assert_eq!(sum / MINUTE, calendar.minutes_between(from, to));
        prop_assert!(windows.iter().all(|window| from <= window.from && window.from < window.to && window.to <= to));
        prop_assert!(windows.iter().zip(windows.iter().skip(1)).all(|(one, next)| one.to <= next.from));
    }

    #[test]
    fn rolling_ends_on_a_working_day_and_skips_none(calendar in any_calendar(), offset in 0i64..40, n in 1i64..30) {
        let from = day("2024-01-01") + chrono::Duration::days(offset);
        let rolled = calendar.roll(from);
        let skipped = from.iter_days().take_while(|day| *day < rolled).any(|day| calendar.is_working_day(day));
        prop_assert!(!skipped);
        if let Some(last) = calendar.working_days_after(from, n) {
            let counted = from.iter_days().skip(1).take_while(|day| *day <= last).filter(|day| calendar.is_working_day(*day));
            prop_assert_eq!(counted.count() as i64, n);
            prop_assert!(calendar.is_working_day(last));
        }
    }
}

//! Whatever the calendar, a date is what counting minute by minute comes to.

use chrono::{Duration, NaiveDate};
use platform::calendar::{Calendar, Hours, TimeOfDay, Week};
use platform::clock::{date_in_shanghai, midnight_in_shanghai};
use platform::db::Ts;
use proptest::prelude::*;

use super::clocks::due;
use super::holds::shifted;
use crate::cases::dto::ClockMode;
use crate::cases::rules::params::deadlines::{Budget, Unit};

/// A Monday.
fn first() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 15).expect("a day")
}

fn at(minutes: i64) -> Ts {
    midnight_in_shanghai(first()).plus(Duration::minutes(minutes))
}

/// Up to two windows in order, of any length, the whole day among them.
fn any_hours() -> impl Strategy<Value = Vec<Hours>> {
    prop::collection::btree_set(0u16..=1440, 0..=4).prop_map(|ends| {
        let ends: Vec<TimeOfDay> = ends.into_iter().map(|minute| TimeOfDay::at(0, minute)).collect();
        ends.chunks_exact(2).map(|pair| Hours::new(pair[0], pair[1])).collect()
    })
}

/// Any week in which there is something to wait for, with days that differ.
fn any_calendar() -> impl Strategy<Value = Calendar> {
    let week = (prop::array::uniform4(any_hours()), prop::array::uniform2(any_hours()));
    let exceptions = prop::collection::vec((0i64..40, prop::option::of(any_hours())), 0..8);
    (week, exceptions).prop_map(|(([a, b, c, d], weekend), exceptions)| {
        let monday = vec![Hours::new(TimeOfDay::at(8, 30), TimeOfDay::at(12, 0))];
        let days = exceptions.into_iter().map(|(n, hours)| (first() + Duration::days(n), hours));
        Calendar::new(Week::of([monday, a, b, c, d], weekend), days)
    })
}

/// Whether a minute is one of working time, by the windows of its day as they are written.
fn counts(calendar: &Calendar, minute: i64) -> bool {
    let of_day = minute.rem_euclid(1440);
    let hours = calendar.hours_of(date_in_shanghai(at(minute)));
    hours.iter().any(|window| window.from.minutes() <= of_day && of_day < window.to.minutes())
}

/// The end of the `budget`-th minute from `start` that `runs`.
fn counted(start: i64, budget: i64, runs: impl Fn(i64) -> bool) -> Ts {
    let last = (start..).filter(|minute| runs(*minute)).nth(usize::try_from(budget - 1).expect("small"));
    at(last.expect("it comes") + 1)
}

fn any_unit() -> impl Strategy<Value = Unit> {
    prop::sample::select(Unit::ALL)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_clock_is_due_when_its_minutes_are_counted_off(
        calendar in any_calendar(), start in 0i64..20_000, amount in 1i32..6, unit in any_unit(),
    ) {
        let budget = Budget { amount, unit };
        let minutes = budget.minutes(calendar.day_minutes());
        let expected = match budget.mode() {
            // A week without a regular working day has no minutes to wait for.
            _ if minutes == 0 => at(start),
            ClockMode::Wall => at(start + minutes),
            ClockMode::Working => counted(start, minutes, |minute| counts(&calendar, minute)),
        };
        prop_assert_eq!(due(&calendar, budget, at(start)).expect("a date"), expected);
    }

    /// Each moves the date by what was left out of counting, and together they move it by what all of them were.
    #[test]
    fn pauses_one_behind_another_are_left_out_of_counting(
        calendar in any_calendar(), start in 0i64..5_000, budget in 1i64..1_500,
        pauses in prop::collection::vec((0i64..2_000, 0i64..3_000), 0..5), wall: bool,
    ) {
        let mode = if wall { ClockMode::Wall } else { ClockMode::Working };
        let works = |minute: i64| wall || counts(&calendar, minute);
        let mut date = counted(start, budget, works);
        let (mut now, mut stood) = (start, Vec::new());
        for (wait, length) in pauses {
            let pause = now + wait..now + wait + length;
            now = pause.end;
            // What is over has nothing to pause.
            if date <= at(pause.start) {
                break;
            }
            date = shifted(&calendar, mode, date, (at(pause.start), at(pause.end))).expect("a date");
            stood.push(pause);
        }
        let runs = |minute: i64| works(minute) && !stood.iter().any(|pause| pause.contains(&minute));
        prop_assert_eq!(date, counted(start, budget, runs));
    }
}

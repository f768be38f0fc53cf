//! 信用计分: which events count on a day, and what they come to.

use chrono::{Months, NaiveDate};
use platform::Result;

use super::params::CreditRules;
use super::{EVENT_ENDS, EVENT_FUTURE, EVENT_LONG, POINTS_MANY};
use crate::standings::dto::CreditKind;

/// An event, as far as it is counted.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    pub kind: CreditKind,
    pub points: i32,
    pub occurred_on: NaiveDate,
    pub valid_to: NaiveDate,
    pub revoked_on: Option<NaiveDate>,
}

impl Counted {
    /// From the day on which it happened to the last on which it is valid, unless it was revoked by then.
    pub fn counts_on(&self, day: NaiveDate) -> bool {
        self.occurred_on <= day && day <= self.valid_to && self.revoked_on.is_none_or(|revoked| day < revoked)
    }
}

/// 信用分, with its parts
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    pub good: i32,
    pub bad: i32,
    pub balance: i32,
}

/// What is good counts up to the cap; what is bad is not capped.
pub fn balance<'a>(events: impl Iterator<Item = &'a Counted>, day: NaiveDate, rules: &CreditRules) -> Balance {
    let (mut good, mut bad) = (0, 0);
    for event in events.filter(|event| event.counts_on(day)) {
        match event.kind {
            CreditKind::Good => good += event.points,
            CreditKind::Bad => bad += event.points,
        }
    }
    Balance { good, bad, balance: rules.base + good.min(rules.good_cap) - bad }
}

/// The last day of an event: the one that is asked for, or the rule's own.
pub fn last_day(
    (points, occurred_on, asked): (i32, NaiveDate, Option<NaiveDate>),
    rules: &CreditRules,
    today: NaiveDate,
) -> Result<NaiveDate> {
    if points > rules.most_points {
        return Err(POINTS_MANY.at("/points"));
    }
    if occurred_on > today {
        return Err(EVENT_FUTURE.at("/occurred_on"));
    }
    let after = |months| occurred_on.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX);
    match asked {
        None => Ok(after(rules.valid_months)),
        Some(asked) if asked < occurred_on => Err(EVENT_ENDS.at("/valid_to")),
        Some(asked) if asked > after(rules.longest_months) => Err(EVENT_LONG.at("/valid_to")),
        Some(asked) => Ok(asked),
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn event(kind: CreditKind, points: i32) -> Counted {
        let (occurred_on, valid_to) = (day("2023-06-01"), day("2024-06-01"));
        Counted { kind, points, occurred_on, valid_to, revoked_on: None }
    }

    #[test]
    fn good_is_capped_and_bad_is_not() {
        let events = [event(CreditKind::Good, 20), event(CreditKind::Good, 20), event(CreditKind::Good, 20)];
        let rules = CreditRules::default();
        let found = balance(events.iter(), day("2024-01-15"), &rules);
        assert_eq!(found, Balance { good: 60, bad: 0, balance: 120 });
        let events = [event(CreditKind::Bad, 20), event(CreditKind::Good, 5)];
        assert_eq!(balance(events.iter(), day("2024-01-15"), &rules).balance, 65);
        assert_eq!(balance([].iter(), day("2024-01-15"), &rules).balance, 80);
    }

    #[test]
    fn it_counts_from_its_day_to_its_last() {
        let plain = event(CreditKind::Bad, 5);
        for (on, counts) in [("2023-05-31", false), ("2023-06-01", true), ("2024-06-01", true), ("2024-06-02", false)] {
            assert_eq!(plain.counts_on(day(on)), counts, "{on}");
        }
        let revoked = Counted { revoked_on: Some(day("2024-01-15")), ..plain };
        assert!(revoked.counts_on(day("2024-01-14")) && !revoked.counts_on(day("2024-01-15")));
    }

    #[test]
    fn five_years_are_the_most() {
        let rules = CreditRules::default();
        let last = |asked| last_day((5, day("2024-01-15"), asked), &rules, day("2024-01-15"));
        assert_eq!(last(None).ok(), Some(day("2025-01-15")));
        assert_eq!(last(Some(day("2029-01-14"))).ok(), Some(day("2029-01-14")));
        assert_eq!(last(Some(day("2029-01-15"))).ok(), Some(day("2029-01-15")));
        assert!(last(Some(day("2029-01-16"))).is_err() && last(Some(day("2024-01-14"))).is_err());
        assert!(last_day((5, day("2024-01-16"), None), &rules, day("2024-01-15")).is_err());
        assert!(last_day((21, day("2024-01-15"), None), &rules, day("2024-01-15")).is_err());
    }

    proptest! {
        /// Against a sum written out: each event that is there on the day, and no other.
        #[test]
        fn a_balance_is_the_sum_of_what_counts(
            events in prop::collection::vec((any::<bool>(), 1i32..20, 0i64..60, 0i64..60, prop::option::of(0i64..120)), 0..30),
            on in 0i64..150,
        ) {
            let start = day("2023-01-01");
            let at = |days: i64| start + Duration::days(days);
            let events: Vec<Counted> = events.into_iter().map(|(good, points, from, lasts, revoked)| Counted {
                kind: if good { CreditKind::Good } else { CreditKind::Bad },
                points, occurred_on: at(from), valid_to: at(from + lasts), revoked_on: revoked.map(at),
            }).collect();
            let rules = CreditRules::default();
            let (mut good, mut bad) = (0, 0);
            for event in &events {
                let there = event.occurred_on <= at(on) && event.valid_to >= at(on);
                let gone = event.revoked_on.is_some_and(|day| day <= at(on));
                if there && !gone {
                    if event.kind == CreditKind::Good { good += event.points } else { bad += event.points }
                }
            }
            let expected = 80 + if good > 40 { 40 } else { good } - bad;
            prop_assert_eq!(balance(events.iter(), at(on), &rules), Balance { good, bad, balance: expected });
        }
    }
}

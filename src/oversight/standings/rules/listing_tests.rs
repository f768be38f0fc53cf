use chrono::{Duration, NaiveDate};
use platform::Error;
use platform::calendar::{Calendar, Week};
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn code<T: std::fmt::Debug>(outcome: Result<T>) -> &'static str {
    match outcome {
        Ok(_) => "ok",
        Err(Error::Rule(problem, _)) => problem.code,
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn only_what_serves_is_listed() {
    for kind in OrgKind::ALL {
        let serves = matches!(kind, OrgKind::PropertyCompany | OrgKind::RedServiceStation);
        assert_eq!(check_subject(*kind).is_ok(), serves, "{kind}");
    }
    let area = |code: &str| code.parse::<AreaCode>().expect("a code");
    assert!(check_area(&area("620902")).is_ok() && check_area(&area("620902005")).is_ok());
    assert_eq!(code(check_area(&area("620902005003"))), "standings.area_level");
}

#[test]
fn a_ground_and_its_measures_are_those_of_the_list() {
    let rules = ListRules::default();
    assert!(check_ground(ListKind::Black, "handover_refused", &rules).is_ok());
    for (list, ground) in [(ListKind::Watch, "handover_refused"), (ListKind::Black, "unpaid_fees")] {
        assert_eq!(code(check_ground(list, ground, &rules)), "standings.ground_unknown");
    }
    let all = measures(ListKind::Black, None, &rules).expect("all of them");
    assert_eq!(all, [Measure::MoreInspections, Measure::NoHonours, Measure::NoBiddingAdvice]);
    let named = |named: &[Measure]| code(measures(ListKind::Watch, Some(named), &rules));
    assert_eq!((named(&[Measure::Interview]), named(&[Measure::NoHonours])), ("ok", "standings.measure_unknown"));
}

#[test]
fn who_proposed_it_takes_it_back_and_does_not_decide() {
    let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    assert_eq!(code(check_other(one, Some(one))), "standings.same_person");
    assert_eq!((code(check_other(one, Some(other))), code(check_other(one, None))), ("ok", "ok"));
    assert_eq!((code(check_own(one, Some(other))), code(check_own(one, Some(one)))), ("standings.not_proposer", "ok"));
}

/// From Thursday 28 September 2023 over National Day to the make-up Saturday: five working days are until the 11th.
#[test]
fn days_off_are_not_counted_and_make_up_days_are() {
    let holidays = day("2023-09-29").iter_days().take(8).map(|day| (day, Some(vec![])));
    let calendar =
        Calendar::new(Week::default(), holidays.chain([(day("2023-10-07"), None), (day("2023-10-08"), None)]));
    assert_eq!(working_days(&calendar, day("2023-09-28"), 5), day("2023-10-11"));
    assert_eq!(working_days(&Calendar::default(), day("2024-01-15"), 5), day("2024-01-22"));
}

#[test]
fn a_hearing_is_held_between_the_notice_and_today() {
    let held = |on: &str| code(check_held(day(on), Some(day("2024-01-15")), day("2024-01-18"), 0));
    assert_eq!((held("2024-01-15"), held("2024-01-18")), ("ok", "ok"));
    assert_eq!((held("2024-01-14"), held("2024-01-19")), ("standings.held_when", "standings.held_when"));
    let many = check_held(day("2024-01-16"), Some(day("2024-01-15")), day("2024-01-18"), MOST_STATEMENTS);
    assert_eq!(code(many), "standings.too_many_statements");
}

#[test]
fn five_years_are_the_most_and_six_months_the_least() {
    let (rules, today) = (ListRules::default(), day("2024-01-15"));
    let until = |text: &str| code(valid_to(today, Some(day(text)), &rules));
    assert_eq!(
        [until("2029-01-14"), until("2029-01-15"), until("2029-01-16")],
        ["ok", "ok", "standings.validity_long"]
    );
    assert_eq!(until("2024-01-15"), "standings.validity_short");
    assert_eq!(valid_to(today, None, &rules).ok(), Some(day("2025-01-15")));
    let repaired = |on: &str| {
        let on = day(on);
        code(may_repair(ListKind::Black, Some(today), on, on, &rules))
    };
    assert_eq!(
        [repaired("2024-07-14"), repaired("2024-07-15"), repaired("2024-07-16")],
        ["standings.repair_early", "ok", "ok"]
    );
    // Civil Code 202: there is no 31 February, so the month ends it.
    let august = may_repair(ListKind::Watch, Some(day("2023-08-31")), day("2024-02-29"), day("2024-02-29"), &rules);
    assert_eq!(code(august), "ok");
    let red = may_repair(ListKind::Red, Some(today), day("2024-08-01"), day("2024-08-01"), &rules);
    assert_eq!(code(red), "standings.repair_red");
    let corrected = |on: &str| code(may_repair(ListKind::Black, Some(today), day(on), day("2024-08-01"), &rules));
    assert_eq!(
        (corrected("2024-01-14"), corrected("2024-08-02")),
        ("standings.corrected_when", "standings.corrected_when")
    );
}

#[test]
fn an_objection_is_given_more_time_once_and_in_time() {
    let due = day("2024-01-18");
    assert_eq!(code(may_extend(false, due, day("2024-01-18"))), "ok");
    assert_eq!(code(may_extend(false, due, day("2024-01-19"))), "standings.extension_late");
    assert_eq!(code(may_extend(true, due, day("2024-01-16"))), "standings.extended");
}

#[test]
fn praise_is_in_force_at_once() {
    let rules = ListRules::default();
    let today = day("2024-01-15");
    let until = |list| object_until(list, &Calendar::default(), today, &rules);
    assert_eq!((until(ListKind::Red), until(ListKind::Black)), (None, Some(day("2024-01-22"))));
    assert_eq!(active_from(today, None, Some(day("2025-01-15"))).ok(), Some(today));
    assert_eq!(active_from(today, until(ListKind::Black), Some(day("2025-01-15"))).ok(), Some(day("2024-01-23")));
    assert_eq!(code(active_from(today, until(ListKind::Black), Some(day("2024-01-22")))), "standings.validity_short");
}

proptest! {
    /// Periods of working days at one less, exactly, and one more, counted one by one.
    #[test]
    fn as_many_working_days_lie_in_a_period(offset in 0i64..20_000, days in 5i64..=60) {
        let (calendar, rules) = (Calendar::default(), ListRules { hear_days: days, ..ListRules::default() });
        let today = day("2000-01-01") + Duration::days(offset);
        let last = hear_until(&calendar, today, None, &rules).expect("the rule's own");
        let counted = today.iter_days().skip(1).take_while(|day| *day <= last).filter(|day| calendar.is_working_day(*day));
        prop_assert_eq!(i64::try_from(counted.count()).expect("small"), days);
        prop_assert!(calendar.is_working_day(last));
        let next = last.succ_opt().expect("a day");
        let before = last.pred_opt().expect("a day");
        prop_assert_eq!(code(hear_until(&calendar, today, Some(before), &rules)), "standings.hearing_short");
        prop_assert!(hear_until(&calendar, today, Some(last), &rules).is_ok());
        prop_assert!(hear_until(&calendar, today, Some(next), &rules).is_ok());
        // It runs to the end of its last day: said on it, decided behind it.
        for list in [ListKind::Watch, ListKind::Black] {
            prop_assert_eq!(code(check_heard(list, Some(last), before)), "standings.hearing_runs");
            prop_assert_eq!(code(check_heard(list, Some(last), last)), "standings.hearing_runs");
            prop_assert_eq!(code(check_heard(list, Some(last), next)), "ok");
            prop_assert_eq!(code(check_heard(list, None, next)), "standings.not_heard");
        }
        prop_assert_eq!(code(check_heard(ListKind::Red, None, today)), "ok");
        prop_assert_eq!(code(may_state(Some(last), last, 0)), "ok");
        prop_assert_eq!(code(may_state(Some(last), next, 0)), "standings.hearing_over");
        prop_assert_eq!(code(may_object(Some(last), last)), "ok");
        prop_assert_eq!(code(may_object(Some(last), next)), "standings.objection_late");
    }

    #[test]
    fn nobody_stays_listed_for_longer_than_the_rule(offset in 0i64..20_000, months in 1u32..=60, asked in 1i64..2_500) {
        let rules = ListRules { valid_months: 1, longest_months: months, ..ListRules::default() };
        let today = day("2000-01-01") + Duration::days(offset);
        let asked = today + Duration::days(asked);
        let longest = today.checked_add_months(Months::new(months)).expect("a day");
        prop_assert_eq!(valid_to(today, Some(asked), &rules).is_ok(), asked <= longest);
    }
}

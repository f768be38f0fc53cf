//! 纪要: drafted, circulated, amended, countersigned, published; and what a correction needs.

use chrono::NaiveDate;
use platform::Result;
use platform::publicity::last_day;

use super::{
    AMENDING_OVER, AMENDING_RUNS, AMENDMENT_OPEN, CONVENER_UNSIGNED, MINUTES_FROZEN, NOT_SIGNING, REASON_EXTRA,
    REASON_MISSING, UNSIGNED,
};
use crate::meetings::dto::MinutesStatus;

/// The last day of a time limit that begins today: today is not counted (Civil Code 201).
pub fn until(today: NaiveDate, days: i32) -> NaiveDate {
    last_day(today, days)
}

/// The first minutes correct nothing; every later version says what it corrects.
pub fn check_reason(number: i32, reason: Option<&str>) -> Result<()> {
    match (number, reason) {
        (1, Some(_)) => Err(REASON_EXTRA.at("/reason")),
        (2.., None) => Err(REASON_MISSING.at("/reason")),
        _ => Ok(()),
    }
}

/// The words are changed while they are drafted and, as amendments are accepted, while they circulate; never later.
pub fn may_edit(status: MinutesStatus) -> Result<()> {
    match status {
        MinutesStatus::Drafting | MinutesStatus::Circulated => Ok(()),
        _ => Err((&MINUTES_FROZEN).into()),
    }
}

/// An amendment comes while they circulate, on the last day at the latest.
pub fn may_amend(status: MinutesStatus, until: Option<NaiveDate>, today: NaiveDate) -> Result<()> {
    let in_time = until.is_some_and(|until| today <= until);
    if status == MinutesStatus::Circulated && in_time { Ok(()) } else { Err((&AMENDING_OVER).into()) }
}

/// Signing begins once the time for amendments is over and each has been disposed of.
pub fn may_begin_signing(
    status: MinutesStatus,
    until: Option<NaiveDate>,
    amend_days: i32,
    open: i64,
    today: NaiveDate,
) -> Result<()> {
    if status != MinutesStatus::Circulated {
        Err((&MINUTES_FROZEN).into())
    } else if amend_days > 0 && until.is_some_and(|until| today <= until) {
        Err((&AMENDING_RUNS).into())
    } else if open > 0 {
        Err((&AMENDMENT_OPEN).into())
    } else {
        Ok(())
    }
}

/// Published once every voting seat has signed or, the time for it being over, is deemed to have; the convener's seat signs
/// itself, whatever the time.
pub fn may_publish(
    status: MinutesStatus,
    until: Option<NaiveDate>,
    unsigned: usize,
    convener_signed: bool,
    today: NaiveDate,
) -> Result<()> {
    let over = until.is_some_and(|until| today > until);
    if status != MinutesStatus::Countersigning {
        Err((&NOT_SIGNING).into())
    } else if !convener_signed {
        Err((&CONVENER_UNSIGNED).into())
    } else if unsigned > 0 && !over {
        Err((&UNSIGNED).into())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(offset: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 1, 15).expect("a day") + chrono::Duration::days(offset)
    }

    #[test]
    fn nothing_is_changed_once_it_is_being_signed() {
        use MinutesStatus::*;
        for status in MinutesStatus::ALL {
            assert_eq!(may_edit(*status).is_ok(), matches!(status, Drafting | Circulated), "{status}");
        }
        assert!(may_amend(Countersigning, Some(day(9)), day(0)).is_err(), "an amendment after countersigning");
        assert!(check_reason(1, None).is_ok() && check_reason(1, Some("x")).is_err());
        assert!(check_reason(2, Some("x")).is_ok() && check_reason(2, None).is_err());
    }

    proptest! {
        /// The time for amendments at one day less, on its last day, and one more.
        #[test]
        fn amending_ends_with_its_last_day(days in 1i32..=30) {
            let until = Some(until(day(0), days));
            let on = |offset: i32| day(i64::from(days + offset));
            let amend = |today| may_amend(MinutesStatus::Circulated, until, today).is_ok();
            let sign = |today, open| may_begin_signing(MinutesStatus::Circulated, until, days, open, today).is_ok();
            prop_assert!(amend(on(-1)) && amend(on(0)) && !amend(on(1)));
            prop_assert!(!sign(on(-1), 0) && !sign(on(0), 0) && sign(on(1), 0));
            prop_assert!(!sign(on(1), 1), "an amendment that nobody answered keeps them open");
        }

        /// Silence is consent only after the time for signing, and never the convener's.
        #[test]
        fn silence_counts_after_the_time_for_signing(days in 1i32..=30, unsigned in 0usize..60) {
            let until = Some(until(day(0), days));
            let publish = |offset: i32, convener| {
                let today = day(i64::from(days + offset));
                may_publish(MinutesStatus::Countersigning, until, unsigned, convener, today).is_ok()
            };
            prop_assert_eq!(publish(0, true), unsigned == 0);
            prop_assert!(publish(1, true) && !publish(1, false) && !publish(0, false));
        }
    }
}

//! How the days of a posting are counted, and when it may be closed. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::dto::{ObjectionStatus, PublicityStatus};
use crate::calendar::Calendar;
use crate::error::Result;
use crate::rule_sets::{Params, RuleKey};

crate::problems! {
    TOO_SHORT = 422 "publicity.too_short", "公示期短于规定天数(公示当日不计入,民法典第201条)", "The period is shorter than the rule's days, the day of posting not counted (Civil Code 201)";
    ALREADY_OPEN = 409 "publicity.already_open", "该事项正在公示", "It is posted already";
    NOT_OPEN = 409 "publicity.not_open", "公示已结束", "The posting is over";
    STILL_RUNNING = 409 "publicity.still_running", "公示期未满,最后一日届满后方可结束(民法典第201至203条)", "The last day has not passed (Civil Code 201-203)";
    UNANSWERED = 409 "publicity.unanswered", "仍有异议未处理", "An objection still waits for its decision";
    OBJECTION_OPEN = 409 "publicity.objection_open", "您的上一条异议尚在处理", "Your last objection is still being dealt with";
    OBJECTION_DECIDED = 409 "publicity.objection_decided", "该异议已有结论", "The objection has been decided";
    NOT_REPLIED = 409 "publicity.not_replied", "须先答复再作结论", "Reply before you decide";
    OWN_OBJECTION = 403 "publicity.own_objection", "不能处理本人提出的异议", "Nobody answers their own objection";
}

/// 公示天数. Full days between the day of posting and the day on which the matter goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Days {
    /// Where the kind has no number of its own.
    #[validate(range(min = 1, max = 90))]
    pub days: i32,
    /// By the kind of what is posted.
    #[serde(default)]
    #[validate(custom(function = check_kinds))]
    pub by_kind: BTreeMap<String, i32>,
}

fn check_kinds(by_kind: &BTreeMap<String, i32>) -> std::result::Result<(), ValidationError> {
    let fits = by_kind.len() <= 50 && by_kind.values().all(|days| (1..=90).contains(days));
    if fits { Ok(()) } else { Err(ValidationError::new("range")) }
}

impl Default for Days {
    fn default() -> Self {
        Self { days: 5, by_kind: BTreeMap::new() }
    }
}

impl Params for Days {}

impl Days {
    pub fn of(&self, kind: &str) -> i32 {
        self.by_kind.get(kind).copied().unwrap_or(self.days)
    }
}

pub const DAYS: RuleKey = RuleKey::new::<Days>(
    "publicity.days",
    "公示天数",
    "Days of publicity",
    "五日为本地建议值;计算依民法典第201条 · five days as recommended locally; counted by Civil Code 201",
);

/// The rules of this module that places may set.
pub const RULES: &[&RuleKey] = &[&DAYS];

/// 期间末日: the day of posting is not counted (Civil Code 201), so the last of `days` full days is that many days later.
pub fn last_day(opens_on: NaiveDate, days: i32) -> NaiveDate {
    opens_on + chrono::Duration::days(i64::from(days))
}

/// Days behind a last day within which the next working day is: no run of days off is as long.
pub const ROLLS_WITHIN: i64 = 31;

/// The last day of a posting: what the poster asks for, and not before the rule's own last day. A last day that is a day
/// off is not the last: the period ends on the next working day (Civil Code 203).
pub fn period(opens_on: NaiveDate, asked: Option<NaiveDate>, min_days: i32, calendar: &Calendar) -> Result<NaiveDate> {
    let least = last_day(opens_on, min_days);
    match asked {
        Some(asked) if asked < least => Err(TOO_SHORT.at("/closes_on")),
        asked => Ok(calendar.roll(asked.unwrap_or(least))),
    }
}

/// Closed once the last day is over (Civil Code 203: it ends at 24:00) and every objection has its decision.
pub fn may_close(status: PublicityStatus, closes_on: NaiveDate, undecided: i64, today: NaiveDate) -> Result<()> {
    if status != PublicityStatus::Open {
        Err((&NOT_OPEN).into())
    } else if today <= closes_on {
        Err((&STILL_RUNNING).into())
    } else if undecided > 0 {
        Err((&UNANSWERED).into())
    } else {
        Ok(())
    }
}

/// Whether an objection comes in time.
pub fn may_object(status: PublicityStatus, closes_on: NaiveDate, today: NaiveDate) -> Result<()> {
    if status == PublicityStatus::Open && today <= closes_on { Ok(()) } else { Err((&NOT_OPEN).into()) }
}

/// The edges of an objection: received -> replied -> upheld | rejected, never by who raised it.
pub fn may_answer(from: ObjectionStatus, to: ObjectionStatus, raised_by: Uuid, by: Option<Uuid>) -> Result<()> {
    use ObjectionStatus::*;
    match (from, to) {
        _ if by == Some(raised_by) => Err((&OWN_OBJECTION).into()),
        (Received | Replied, Replied) | (Replied, Upheld | Rejected) => Ok(()),
        (Received, _) => Err((&NOT_REPLIED).into()),
        _ => Err((&OBJECTION_DECIDED).into()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::Week;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn the_day_of_posting_is_not_counted() {
        assert_eq!(last_day(day("2024-01-15"), 5), day("2024-01-20"));
        let close = |today| may_close(PublicityStatus::Open, day("2024-01-20"), 0, day(today));
        assert!(close("2024-01-20").is_err(), "the last day runs to its end");
        assert!(close("2024-01-21").is_ok());
        let period = |asked| period(day("2024-01-15"), asked, 5, &Calendar::default());
        assert!(period(Some(day("2024-01-19"))).is_err());
        assert_eq!(period(Some(day("2024-01-25"))).ok(), Some(day("2024-01-25")));
    }

    /// Civil Code 203: National Day of 2023, from 29 September to 6 October, with a make-up Saturday behind it.
    #[test]
    fn a_last_day_off_rolls_to_the_next_working_day() {
        let holidays = day("2023-09-29").iter_days().take(8).map(|day| (day, Some(vec![])));
        let calendar = Calendar::new(Week::default(), holidays.chain([(day("2023-10-07"), None)]));
        let closes = |opens: &str, asked: Option<&str>| {
            period(day(opens), asked.map(day), 5, &calendar).expect("long enough").to_string()
        };
        assert_eq!(closes("2023-09-22", None), "2023-09-27");
        assert_eq!(closes("2023-09-24", None), "2023-10-07", "29 September is a Friday, and off");
        assert_eq!(closes("2023-09-22", Some("2023-10-01")), "2023-10-07", "what the poster asks for rolls as well");
        assert_eq!(closes("2024-01-15", None), "2024-01-22", "from a Saturday to Monday");
        assert!(period(day("2024-01-15"), Some(day("2024-01-19")), 5, &calendar).is_err(), "rolling makes no day good");
    }

    #[test]
    fn an_objection_is_replied_to_before_it_is_decided_and_never_by_its_author() {
        use ObjectionStatus::*;
        let (author, staff) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for from in ObjectionStatus::ALL {
            for to in ObjectionStatus::ALL {
                assert!(may_answer(*from, *to, author, Some(author)).is_err());
                let goes = matches!((from, to), (Received | Replied, Replied) | (Replied, Upheld | Rejected));
                assert_eq!(may_answer(*from, *to, author, Some(staff)).is_ok(), goes, "{from} -> {to}");
            }
        }
    }

    proptest! {
        /// Civil Code 201: as many full days as the rule asks for lie between the day of posting and the day of closing.
        #[test]
        fn full_days_pass_before_it_can_be_closed(offset in 0i64..60_000, days in 1i32..=90, wait in 0i64..120) {
            let opens_on = day("1949-10-01") + chrono::Duration::days(offset);
            let calendar = Calendar::default();
            let closes_on = period(opens_on, None, days, &calendar).expect("the least is enough");
            let today = opens_on + chrono::Duration::days(wait);
            let full_days = (today - opens_on).num_days() - 1;
            let closes = may_close(PublicityStatus::Open, closes_on, 0, today).is_ok();
            // And none more than it takes to end on a working day (Civil Code 203).
            let least = last_day(opens_on, days);
            let rolled = (calendar.roll(least) - least).num_days();
            prop_assert_eq!(closes, full_days >= i64::from(days) + rolled);
            prop_assert!(rolled <= 2 && calendar.is_working_day(closes_on));
        }

        #[test]
        fn no_posting_is_shorter_than_the_rule(days in 1i32..=90, asked in 0i64..200) {
            let opens_on = day("2024-01-15");
            let asked = opens_on + chrono::Duration::days(asked);
            match period(opens_on, Some(asked), days, &Calendar::default()) {
                Ok(last) => prop_assert!((last - opens_on).num_days() >= i64::from(days)),
                Err(_) => prop_assert!((asked - opens_on).num_days() < i64::from(days)),
            }
        }

        #[test]
        fn nothing_is_closed_over_an_open_objection(undecided in 1i64..50, late in 1i64..1000) {
            let closes_on = day("2024-01-20");
            let today = closes_on + chrono::Duration::days(late);
            prop_assert!(may_close(PublicityStatus::Open, closes_on, undecided, today).is_err());
        }
    }
}

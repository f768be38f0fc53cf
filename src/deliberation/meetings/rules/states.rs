//! The one table of a meeting's states, and the days of its notice.

use chrono::NaiveDate;
use platform::error::At;
use platform::publicity::last_day;
use platform::{Error, FieldError, Result, text_enum};

use super::{NOTICE_SHORT, TOO_EARLY, WRONG_STATE};
use crate::meetings::dto::MeetingStatus;

text_enum! {
    /// 步骤
    MeetingStep {
        /// 通知
        Notify = "notify",
        /// 开会
        Open = "open",
        /// 结束
        Close = "close",
        /// 延期
        Postpone = "postpone",
        /// 取消
        Cancel = "cancel",
    }
}

use MeetingStatus::*;

/// Every change of a meeting that there is: a postponed one is called anew.
pub const EDGES: &[(MeetingStep, &[MeetingStatus], MeetingStatus)] = &[
    (MeetingStep::Notify, &[Planned, Postponed], Notified),
    (MeetingStep::Open, &[Notified], InSession),
    (MeetingStep::Close, &[InSession], Closed),
    (MeetingStep::Postpone, &[Planned, Notified], Postponed),
    (MeetingStep::Cancel, &[Planned, Notified, Postponed], Cancelled),
];

/// Where a step leads; a 409 with what may be done instead where it leads nowhere.
pub fn target_of(step: MeetingStep, from: MeetingStatus) -> Result<MeetingStatus> {
    let edge = EDGES.iter().find(|(known, sources, _)| *known == step && sources.contains(&from));
    edge.map(|(.., to)| *to).ok_or_else(|| wrong_state(from))
}

pub fn next_steps(from: MeetingStatus) -> impl Iterator<Item = MeetingStep> {
    EDGES.iter().filter(move |(_, sources, _)| sources.contains(&from)).map(|(step, ..)| *step)
}

fn wrong_state(from: MeetingStatus) -> Error {
    let steps: Vec<&str> = next_steps(from).map(MeetingStep::as_str).collect();
    let (zh, en) = match steps.is_empty() {
        true => (format!("{from} 为终态,没有后续步骤"), format!("{from} is final")),
        false => (format!("{from} 之后可以: {}", steps.join(", ")), format!("after {from}: {}", steps.join(", "))),
    };
    Error::Rule(&WRONG_STATE, vec![FieldError::new(At::Pointer("/status".into()), "allowed_steps", zh, en)])
}

/// Whether the agenda and the seats may still be changed.
pub fn is_open_to_planning(status: MeetingStatus) -> bool {
    matches!(status, Planned | Postponed)
}

/// As many full days as the rule asks for lie between the day of the notice and that of the meeting (Civil Code 201).
pub fn check_notice(today: NaiveDate, meets_on: NaiveDate, days: i32) -> Result<()> {
    let in_time = if days == 0 { meets_on >= today } else { meets_on > last_day(today, days) };
    if in_time { Ok(()) } else { Err(NOTICE_SHORT.at("/starts_at")) }
}

/// A meeting is opened on its day or later, never before.
pub fn check_day(today: NaiveDate, meets_on: NaiveDate) -> Result<()> {
    if today >= meets_on { Ok(()) } else { Err((&TOO_EARLY).into()) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_state_is_reached_and_two_are_final() {
        let reached: BTreeSet<MeetingStatus> = EDGES.iter().map(|(.., to)| *to).collect();
        assert!(MeetingStatus::ALL.iter().all(|status| *status == Planned || reached.contains(status)));
        let finals: Vec<_> = MeetingStatus::ALL.iter().filter(|status| next_steps(**status).next().is_none()).collect();
        assert_eq!(finals, [&Closed, &Cancelled]);
        assert!(target_of(MeetingStep::Cancel, InSession).is_err(), "what has begun is not cancelled");
    }

    proptest! {
        /// The days of a notice at one less, exactly, and one more.
        #[test]
        fn full_days_lie_between_notice_and_meeting(offset in 0i64..20_000, days in 1i32..=60) {
            let today = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day") + chrono::Duration::days(offset);
            let meets = |later: i32| today + chrono::Duration::days(i64::from(later));
            prop_assert!(check_notice(today, meets(days), days).is_err());
            prop_assert!(check_notice(today, meets(days + 1), days).is_ok());
            prop_assert!(check_notice(today, meets(days + 2), days).is_ok());
            prop_assert!(check_notice(today, today, 0).is_ok());
        }
    }
}

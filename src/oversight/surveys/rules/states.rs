//! The one table of a round's states, and its window. What goes by the clock is so whether or not anybody has written it down.

use chrono::{Duration, NaiveDate};
use platform::db::Ts;
use platform::error::At;
use platform::{Error, FieldError, Result, text_enum};

use super::{NOT_OPEN, TOO_EARLY, WINDOW, WRONG_STATE};
use crate::surveys::dto::SurveyStatus;

text_enum! {
    /// 测评步骤
    SurveyStep {
        /// 发布
        Publish = "publish",
        /// 取消
        Cancel = "cancel",
        /// 统计
        Compute = "compute",
        /// 公示
        Publicise = "publicise",
        /// 定论
        Finalise = "finalise",
    }
}

use SurveyStatus::*;

/// Every step that somebody takes. Opening and closing are the clock's; a result of too few becomes `invalid` instead of
/// `computed`, and one that an objection was upheld against instead of `final`.
pub const EDGES: &[(SurveyStep, &[SurveyStatus], SurveyStatus)] = &[
    (SurveyStep::Publish, &[Draft], Published),
    (SurveyStep::Cancel, &[Draft, Published], Cancelled),
    (SurveyStep::Compute, &[Closed], Computed),
    (SurveyStep::Publicise, &[Computed], Publicised),
    (SurveyStep::Finalise, &[Publicised], Final),
];

/// How long after the close the last answer may still be on its way to the disk.
const SETTLES: i64 = 60;

/// Where a step leads; a 409 with what may be done instead where it leads nowhere.
pub fn target_of(step: SurveyStep, from: SurveyStatus) -> Result<SurveyStatus> {
    let edge = EDGES.iter().find(|(known, sources, _)| *known == step && sources.contains(&from));
    edge.map(|(.., to)| *to).ok_or_else(|| wrong_state(from))
}

pub fn next_steps(from: SurveyStatus) -> impl Iterator<Item = SurveyStep> {
    EDGES.iter().filter(move |(_, sources, _)| sources.contains(&from)).map(|(step, ..)| *step)
}

fn wrong_state(from: SurveyStatus) -> Error {
    let steps: Vec<&str> = next_steps(from).map(SurveyStep::as_str).collect();
    let (zh, en) = match steps.is_empty() {
        true => (format!("{from} 之后没有可以执行的步骤"), format!("nothing can be done after {from}")),
        false => (format!("{from} 之后可以: {}", steps.join(", ")), format!("after {from}: {}", steps.join(", "))),
    };
    Error::Rule(&WRONG_STATE, vec![FieldError::new(At::Pointer("/status".into()), "allowed_steps", zh, en)])
}

/// 实际状态: what was written down, as the clock has left it. The window holds its first moment and not its last.
pub fn standing(written: SurveyStatus, opens_at: Ts, closes_at: Ts, now: Ts) -> SurveyStatus {
    match written {
        Published | Open if now >= closes_at => Closed,
        Published if now >= opens_at => Open,
        other => other,
    }
}

/// Whether an answer comes in time.
pub fn may_answer(written: SurveyStatus, opens_at: Ts, closes_at: Ts, now: Ts) -> Result<()> {
    if standing(written, opens_at, closes_at, now) == Open { Ok(()) } else { Err((&NOT_OPEN).into()) }
}

/// Whether all that was answered in time has been written down by now.
pub fn may_compute(closes_at: Ts, now: Ts) -> Result<()> {
    if now >= closes_at.plus(Duration::seconds(SETTLES)) { Ok(()) } else { Err((&TOO_EARLY).into()) }
}

/// A window lies ahead and is no longer than it may be.
pub fn check_window(opens_at: Ts, closes_at: Ts, days: i32, now: Ts) -> Result<()> {
    if opens_at >= closes_at || closes_at <= now {
        return Err(WINDOW.at("/closes_at"));
    }
    let latest = opens_at.plus(Duration::days(i64::from(days)));
    if closes_at <= latest { Ok(()) } else { Err(WINDOW.at("/closes_at")) }
}

/// Whether the rest of what is asked may still be changed.
pub fn is_draft(status: SurveyStatus) -> Result<()> {
    if status == Draft { Ok(()) } else { Err(wrong_state(status)) }
}

/// Whether those of the place may read that there is such a round.
pub fn is_public(status: SurveyStatus) -> bool {
    !matches!(status, Draft | Cancelled)
}

/// Whether everybody of the place may read the result.
pub fn is_posted(status: SurveyStatus) -> bool {
    matches!(status, Publicised | Final)
}

/// The last day of a time to rectify, before it rolls to a working day: the day of the notice is not counted (Civil Code 201).
pub fn due_on(notified_on: NaiveDate, days: i32) -> NaiveDate {
    platform::publicity::last_day(notified_on, days)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Ts {
        Ts::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn each_state_is_reached_and_three_are_final() {
        let mut reached: BTreeSet<SurveyStatus> = EDGES.iter().map(|(.., to)| *to).collect();
        reached.extend([Draft, Open, Closed, Invalid]);
        assert!(SurveyStatus::ALL.iter().all(|status| reached.contains(status)));
        let ends: Vec<_> = SurveyStatus::ALL.iter().filter(|status| next_steps(**status).next().is_none()).collect();
        assert_eq!(ends, [&Open, &Invalid, &Final, &Cancelled], "the clock alone closes what is open");
    }

    #[test]
    fn the_window_holds_its_first_moment_and_not_its_last() {
        let (opens, closes) = (at(100), at(200));
        let just_before = |ts: Ts| Ts::from_micros(ts.micros() - 1);
        for (now, expected) in
            [(just_before(opens), false), (opens, true), (just_before(closes), true), (closes, false)]
        {
            assert_eq!(may_answer(Published, opens, closes, now).is_ok(), expected, "{now}");
            assert_eq!(may_answer(Open, opens, closes, now).is_ok(), expected || now < opens, "{now}");
        }
        assert!(may_answer(Draft, opens, closes, at(150)).is_err());
        assert!(may_compute(closes, at(259)).is_err() && may_compute(closes, at(260)).is_ok());
    }

    #[test]
    fn a_window_lies_ahead_and_is_not_too_long() {
        let day = 86_400;
        let check = |opens: i64, closes: i64| check_window(at(opens), at(closes), 60, at(0)).is_ok();
        assert!(check(10, 10 + 60 * day) && check(-day, 1));
        assert!(!check(10, 11 + 60 * day) && !check(10, 10) && !check(-day, 0));
    }

    proptest! {
        /// Against the plain reading of the words.
        #[test]
        fn the_clock_opens_and_closes(opens in 0i64..100, length in 1i64..100, now in 0i64..300, swept in any::<bool>()) {
            let closes = opens + length;
            let written = if swept && now >= opens { Open } else { Published };
            let expected = if now >= closes { Closed } else if now >= opens { Open } else { Published };
            prop_assert_eq!(standing(written, at(opens), at(closes), at(now)), expected);
        }
    }
}

//! 决议与行动项: how something is decided, what takes effect when, and who does what by when. Pure.

use chrono::NaiveDate;
use platform::auth::Role;
use platform::error::At;
use platform::{Error, FieldError, Problem, Result};

use super::params::Majority;
use super::quorum::Tally;
use super::{
    ACTION_STATE, CONSULTATION, NO_BALLOT, NO_CONSENSUS, NOT_CARRIED, OWNER_VOTE_MISSING, RESOLUTION_STATE,
    RETURNED_ONCE, SELF_VERIFIED,
};
use crate::meetings::dto::{ActionStatus, ItemKind, Level, Method, ResolutionStatus, Standing};

use ResolutionStatus::*;

/// Every change of a resolution that there is (governance b1).
pub const RESOLUTION_EDGES: &[(ResolutionStatus, &[ResolutionStatus])] = &[
    (Proposed, &[Adopted, Rejected, Deferred]),
    (Deferred, &[Adopted, Rejected]),
    (Adopted, &[Effective, Superseded, Revoked]),
    (Effective, &[InExecution, Done, Superseded, Revoked]),
    (InExecution, &[Done, Superseded, Revoked]),
    (Done, &[InExecution, Reviewed, Revoked]),
    (Reviewed, &[InExecution]),
];

/// Whether a resolution may go on so; a 409 with what may be done instead.
pub fn may_become(from: ResolutionStatus, to: ResolutionStatus) -> Result<()> {
    let next = RESOLUTION_EDGES.iter().find(|(known, _)| *known == from).map_or(&[][..], |(_, next)| next);
    if next.contains(&to) { Ok(()) } else { Err(refused(&RESOLUTION_STATE, next.iter().map(|status| status.as_str()))) }
}

fn refused(problem: &'static Problem, allowed: impl Iterator<Item = &'static str>) -> Error {
    let allowed: Vec<&str> = allowed.collect();
    let (zh, en) = match allowed.is_empty() {
        true => ("没有后续状态".to_owned(), "nothing follows".to_owned()),
        false => (format!("可以变为: {}", allowed.join(", ")), format!("may become: {}", allowed.join(", "))),
    };
    Error::Rule(problem, vec![FieldError::new(At::Pointer("/status".into()), "allowed_states", zh, en)])
}

/// 已解决: what it was about counts as resolved from when it is done, until a review or the street says otherwise.
pub fn is_resolved(status: ResolutionStatus) -> bool {
    matches!(status, Done | Reviewed)
}

/// How the seats stood to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    pub method: Method,
    pub standing: Standing,
    pub kind: ItemKind,
    pub majority: Majority,
    pub tally: Tally,
    /// Seats that said that they do not consent, where nothing was voted on.
    pub objections: i64,
}

/// Whether it may be adopted. A consultation decides nothing: it advises, or hands on. A majority needs a vote that was on the
/// notice; consensus, that nobody at the table objects.
pub fn may_adopt(decision: &Decision) -> Result<()> {
    let Decision { method, standing, kind, majority, tally, objections } = *decision;
    if standing == Standing::Consultation && !matches!(method, Method::Advice | Method::Transferred) {
        return Err((&CONSULTATION).into());
    }
    match method {
        Method::Majority if kind != ItemKind::Vote => Err((&NO_BALLOT).into()),
        Method::Majority if !tally.carries(majority) => Err((&NOT_CARRIED).into()),
        Method::Consensus if objections > 0 || !tally.is_consensus() => Err((&NO_CONSENSUS).into()),
        _ => Ok(()),
    }
}

/// What the owners have to decide is in force only by a vote of theirs (Civil Code 278).
pub fn may_take_effect(requires_owner_vote: bool, has_vote: bool) -> Result<()> {
    if requires_owner_vote && !has_vote { Err((&OWNER_VOTE_MISSING).into()) } else { Ok(()) }
}

/// Every change of an action item that there is.
pub const ACTION_EDGES: &[(ActionStatus, &[ActionStatus])] = &[
    (ActionStatus::Assigned, &[ActionStatus::Accepted, ActionStatus::Returned, ActionStatus::Cancelled]),
    (ActionStatus::Returned, &[ActionStatus::Assigned, ActionStatus::Cancelled]),
    (ActionStatus::Accepted, &[ActionStatus::Doing, ActionStatus::Submitted, ActionStatus::Cancelled]),
    (ActionStatus::Doing, &[ActionStatus::Submitted, ActionStatus::Cancelled]),
    (ActionStatus::Submitted, &[ActionStatus::Verified, ActionStatus::Doing, ActionStatus::Cancelled]),
    (ActionStatus::Verified, &[ActionStatus::Closed]),
];

pub fn may_act(from: ActionStatus, to: ActionStatus) -> Result<()> {
    let next = ACTION_EDGES.iter().find(|(known, _)| *known == from).map_or(&[][..], |(_, next)| next);
    if next.contains(&to) { Ok(()) } else { Err(refused(&ACTION_STATE, next.iter().map(|status| status.as_str()))) }
}

/// Handed back once at most.
pub fn may_return(returns: i32) -> Result<()> {
    if returns == 0 { Ok(()) } else { Err((&RETURNED_ONCE).into()) }
}

/// Who verifies is not who handed it in (domain B0: separation of duties).
pub fn may_verify<T: PartialEq>(submitted_by: Option<T>, by: Option<T>) -> Result<()> {
    if submitted_by.is_some() && submitted_by == by { Err((&SELF_VERIFIED).into()) } else { Ok(()) }
}

/// 逾期: its day is over and it has not been handed in.
pub fn is_overdue(status: ActionStatus, due_on: NaiveDate, today: NaiveDate) -> bool {
    use ActionStatus::{Accepted, Assigned, Doing, Returned};
    matches!(status, Assigned | Returned | Accepted | Doing) && today > due_on
}

/// The level above: branch → community → street → district (S0-25).
pub fn above(level: Level) -> Option<Level> {
    match level {
        Level::Branch => Some(Level::Community),
        Level::Community => Some(Level::Street),
        Level::Street => Some(Level::District),
        Level::District => None,
    }
}

/// Who oversees what lies at a level, and how many digits of a place's code make the area of it. A branch oversees itself.
pub fn overseers(level: Level) -> Option<(usize, &'static [Role])> {
    match level {
        Level::Branch => None,
        Level::Community => Some((12, &[Role::CommunitySecretary, Role::CommunityWorker])),
        Level::Street => Some((9, &[Role::StreetOfficer])),
        Level::District => Some((6, &[Role::DistrictCoord])),
    }
}

/// 进度: the weighted mean of the items, in whole percent; what is verified counts in full, what was cancelled not at all.
pub fn progress(items: impl IntoIterator<Item = (ActionStatus, i32, i32)>) -> Option<i32> {
    let (mut sum, mut weights) = (0_i64, 0_i64);
    for (status, weight, progress) in items {
        let progress = match status {
            ActionStatus::Cancelled => continue,
            ActionStatus::Verified | ActionStatus::Closed => 100,
            _ => progress,
        };
        sum += i64::from(weight) * i64::from(progress);
        weights += i64::from(weight);
    }
    // Never rounded up to a hundred: what is not done is not shown as done.
    (weights > 0).then(|| i32::try_from(sum / weights).unwrap_or(100))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decision(method: Method, standing: Standing, kind: ItemKind, tally: Tally) -> Decision {
        Decision { method, standing, kind, majority: Majority::OfPresent, tally, objections: 0 }
    }

    #[test]
    fn a_consultation_decides_nothing() {
        let all = Tally { agree: 4, present: 4, all: 4, ..Tally::default() };
        for method in Method::ALL {
            let adopted = may_adopt(&decision(*method, Standing::Consultation, ItemKind::Vote, all)).is_ok();
            assert_eq!(adopted, matches!(method, Method::Advice | Method::Transferred), "{method}");
            assert!(may_adopt(&decision(*method, Standing::Joint, ItemKind::Vote, all)).is_ok(), "{method}");
        }
    }

    #[test]
    fn a_majority_needs_a_ballot_and_consensus_nobody_against() {
        let most = Tally { agree: 3, against: 1, present: 4, all: 4, ..Tally::default() };
        assert!(may_adopt(&decision(Method::Majority, Standing::Joint, ItemKind::Vote, most)).is_ok());
        assert!(may_adopt(&decision(Method::Majority, Standing::Joint, ItemKind::Deliberation, most)).is_err());
        assert!(may_adopt(&decision(Method::Consensus, Standing::Joint, ItemKind::Vote, most)).is_err());
        let silent = decision(
            Method::Consensus,
            Standing::Joint,
            ItemKind::Deliberation,
            Tally { present: 4, all: 4, ..Tally::default() },
        );
        assert!(may_adopt(&silent).is_ok());
        assert!(may_adopt(&Decision { objections: 1, ..silent }).is_err());
        // A committee of five: three of all, whoever is there (Henan art. 28).
        let two = Tally { agree: 2, present: 3, all: 5, ..Tally::default() };
        let of_all = |tally| Decision {
            majority: Majority::OfAll,
            ..decision(Method::Majority, Standing::Joint, ItemKind::Vote, tally)
        };
        assert!(may_adopt(&of_all(two)).is_err());
        assert!(may_adopt(&of_all(Tally { agree: 3, ..two })).is_ok());
    }

    #[test]
    fn what_the_owners_decide_waits_for_their_vote() {
        assert!(may_take_effect(true, false).is_err() && may_take_effect(true, true).is_ok());
        assert!(may_take_effect(false, false).is_ok());
    }

    #[test]
    fn every_state_of_both_tables_is_reached() {
        for status in ResolutionStatus::ALL {
            let reached = RESOLUTION_EDGES.iter().any(|(_, next)| next.contains(status));
            assert!(reached || *status == Proposed, "{status}");
        }
        for status in ActionStatus::ALL {
            let reached = ACTION_EDGES.iter().any(|(_, next)| next.contains(status));
            assert!(reached || *status == ActionStatus::Assigned, "{status}");
        }
        assert!(may_act(ActionStatus::Doing, ActionStatus::Closed).is_err(), "nothing closes unverified");
    }

    proptest! {
        #[test]
        fn progress_is_a_mean_and_full_only_when_all_is_done(
            items in prop::collection::vec((0usize..8, 1i32..=100, 0i32..=100), 1..20),
        ) {
            let items: Vec<_> = items.into_iter().map(|(s, weight, done)| (ActionStatus::ALL[s], weight, done)).collect();
            let counted: Vec<_> = items.iter().filter(|(status, ..)| *status != ActionStatus::Cancelled).collect();
            let full = |(status, _, progress): &&(ActionStatus, i32, i32)| {
                matches!(status, ActionStatus::Verified | ActionStatus::Closed) || *progress == 100
            };
            match progress(items.iter().copied()) {
                None => prop_assert!(counted.is_empty()),
                Some(mean) => {
                    prop_assert!((0..=100).contains(&mean));
                    prop_assert_eq!(mean == 100, counted.iter().all(full));
                }
            }
        }

        /// Overdue on the day after, and not before.
        #[test]
        fn overdue_begins_when_the_day_is_over(offset in -1000i64..1000) {
            let due = NaiveDate::from_ymd_opt(2024, 1, 15).expect("a day");
            let today = due + chrono::Duration::days(offset);
            for status in ActionStatus::ALL {
                use ActionStatus::{Accepted, Assigned, Doing, Returned};
                let open = matches!(status, Assigned | Returned | Accepted | Doing);
                prop_assert_eq!(is_overdue(*status, due, today), open && offset > 0);
            }
        }
    }
}

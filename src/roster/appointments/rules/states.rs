//! The one table of edges of an appointment, and what time makes of a stored state.

use chrono::NaiveDate;
use platform::auth::Role;
use platform::{Error, Result};

use super::{CROSS_ONLY, NOT_YOURS, ORDINARY_ONLY, WRONG_STATE};
use crate::appointments::dto::{AppointmentState, Status};

/// Who takes an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Somebody who holds one of these roles over the post.
    Roles(&'static [Role]),
    /// Somebody who answers for the organisation of the base post.
    Home,
    /// Whoever proposed or recorded it.
    Proposer,
    /// The day.
    Clock,
    /// What happens to the post, its organisation, the base post or the person.
    Consequence,
}

/// What an edge asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Nothing,
    /// Every blocking guard passes.
    Guards,
    /// 公示: a posting is opened.
    Posting,
    /// The posting is over without an upheld objection, and every guard passes again.
    PostingOver,
    Reason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    Cross,
    Ordinary,
    Both,
}

#[derive(Debug, Clone, Copy)]
pub struct Edge {
    pub from: Status,
    pub to: Status,
    pub path: Path,
    pub who: Who,
    pub need: Need,
}

const fn edge(from: Status, to: Status, path: Path, who: Who, need: Need) -> Edge {
    Edge { from, to, path, who, need }
}

const VETTERS: Who =
    Who::Roles(&[Role::DistrictCoord, Role::IndustryParty, Role::StreetOfficer, Role::CommunitySecretary]);
/// 审批: the street or the district approves after the check (domain B20).
const APPROVERS: Who = Who::Roles(&[Role::StreetOfficer, Role::DistrictCoord]);
const ACTIVATORS: Who =
    Who::Roles(&[Role::DistrictCoord, Role::StreetOfficer, Role::CommunitySecretary, Role::CompanyAdmin]);
const ENDERS: Who = Who::Roles(&[
    Role::DistrictCoord,
    Role::IndustryParty,
    Role::StreetOfficer,
    Role::CommunitySecretary,
    Role::CompanyAdmin,
]);

use Need::{Guards, Nothing, Posting, PostingOver, Reason};
use Path::{Both, Cross, Ordinary};
use Status::*;

/// Every change of an appointment that there is.
pub const EDGES: &[Edge] = &[
    edge(Proposed, HomeConsented, Cross, Who::Home, Nothing),
    edge(HomeConsented, Checked, Cross, VETTERS, Guards),
    edge(Checked, Publicity, Cross, VETTERS, Posting),
    edge(Publicity, Publicity, Cross, VETTERS, Posting),
    edge(Publicity, Approved, Cross, APPROVERS, PostingOver),
    edge(Publicity, Active, Cross, APPROVERS, PostingOver),
    edge(Proposed, Rejected, Cross, Who::Home, Reason),
    edge(HomeConsented, Rejected, Cross, APPROVERS, Reason),
    edge(Checked, Rejected, Cross, APPROVERS, Reason),
    edge(Publicity, Rejected, Cross, APPROVERS, Reason),
    edge(Recorded, Rejected, Ordinary, ACTIVATORS, Reason),
    edge(Recorded, Approved, Ordinary, ACTIVATORS, Guards),
    edge(Recorded, Active, Ordinary, ACTIVATORS, Guards),
    edge(Proposed, Withdrawn, Cross, Who::Proposer, Reason),
    edge(HomeConsented, Withdrawn, Cross, Who::Proposer, Reason),
    edge(Checked, Withdrawn, Cross, Who::Proposer, Reason),
    edge(Publicity, Withdrawn, Cross, Who::Proposer, Reason),
    edge(Recorded, Withdrawn, Ordinary, Who::Proposer, Reason),
    edge(Proposed, Rejected, Cross, Who::Consequence, Reason),
    edge(HomeConsented, Rejected, Cross, Who::Consequence, Reason),
    edge(Checked, Rejected, Cross, Who::Consequence, Reason),
    edge(Publicity, Rejected, Cross, Who::Consequence, Reason),
    edge(Recorded, Rejected, Ordinary, Who::Consequence, Reason),
    edge(Approved, Active, Both, Who::Clock, Nothing),
    edge(Active, Expired, Both, Who::Clock, Nothing),
    edge(Renewed, Expired, Both, Who::Clock, Nothing),
    edge(Active, Renewed, Both, Who::Consequence, Nothing),
    edge(Approved, Ended, Both, ENDERS, Reason),
    edge(Active, Ended, Both, ENDERS, Reason),
    edge(Renewed, Ended, Both, ENDERS, Reason),
    edge(Approved, Ended, Both, Who::Consequence, Reason),
    edge(Active, Ended, Both, Who::Consequence, Reason),
    edge(Renewed, Ended, Both, Who::Consequence, Reason),
];

impl Status {
    /// On the way to an office.
    pub fn is_pending(self) -> bool {
        matches!(self, Proposed | HomeConsented | Checked | Publicity | Recorded)
    }

    /// Decided for, and not yet over by a decision.
    pub fn is_standing(self) -> bool {
        matches!(self, Approved | Active | Renewed)
    }
}

pub const PENDING: &[Status] = &[Proposed, HomeConsented, Checked, Publicity, Recorded];
pub const STANDING: &[Status] = &[Approved, Active, Renewed];
/// What was once in office.
pub const DECIDED: &[Status] = &[Approved, Active, Renewed, Expired, Ended];

/// The edge from a state to another, for people: what happens by the clock or as a consequence asks nobody. `roles` are
/// those that the caller holds over the post; who speaks for the home organisation, and who proposed, is seen elsewhere.
pub fn step(from: Status, to: Status, cross: bool, roles: &[Role]) -> Result<&'static Edge> {
    let by_people = |edge: &&Edge| !matches!(edge.who, Who::Clock | Who::Consequence);
    let found = EDGES.iter().filter(by_people).find(|edge| edge.from == from && edge.to == to);
    let edge = found.ok_or_else(|| Error::from(&WRONG_STATE))?;
    match (edge.path, cross, edge.who) {
        (Cross, false, _) => Err((&CROSS_ONLY).into()),
        (Ordinary, true, _) => Err((&ORDINARY_ONLY).into()),
        (_, _, Who::Roles(takers)) if !roles.iter().any(|role| takers.contains(role)) => Err((&NOT_YOURS).into()),
        _ => Ok(edge),
    }
}

/// Days before the last on which an appointment is said to be expiring (domain B4).
pub const EXPIRING_DAYS: i64 = 60;

/// What a stored state is on a day. `last_day` is the last day in office: of the term, or of the base post if that comes
/// first.
pub fn state_on(
    status: Status,
    term_from: NaiveDate,
    last_day: Option<NaiveDate>,
    carry_over: bool,
    today: NaiveDate,
) -> AppointmentState {
    match status {
        Proposed => AppointmentState::Proposed,
        HomeConsented => AppointmentState::HomeConsented,
        Checked => AppointmentState::Checked,
        Publicity => AppointmentState::Publicity,
        Recorded => AppointmentState::Recorded,
        Ended => AppointmentState::Ended,
        Rejected => AppointmentState::Rejected,
        Withdrawn => AppointmentState::Withdrawn,
        Expired => AppointmentState::Expired,
        Approved | Active if today < term_from => AppointmentState::Approved,
        Approved | Active => match last_day {
            Some(last) if today > last && carry_over => AppointmentState::CarryOver,
            Some(last) if today > last => AppointmentState::Expired,
            Some(last) if today >= last - chrono::Duration::days(EXPIRING_DAYS) => AppointmentState::Expiring,
            _ => AppointmentState::Active,
        },
        // The old term runs on to its last day, when the renewed one begins.
        Renewed if last_day.is_some_and(|last| today > last) => AppointmentState::Expired,
        Renewed => AppointmentState::Renewed,
    }
}

impl AppointmentState {
    /// In office on the day that the state is of.
    pub fn is_in_office(self) -> bool {
        matches!(
            self,
            AppointmentState::Active
                | AppointmentState::Expiring
                | AppointmentState::Renewed
                | AppointmentState::CarryOver
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_cross_appointment_goes_the_whole_way_and_no_shorter_one() {
        let way = [Proposed, HomeConsented, Checked, Publicity, Active];
        for (at, from) in way.iter().enumerate() {
            for (to_at, to) in way.iter().enumerate() {
                let next = to_at == at + 1 || (*from == Publicity && *to == Publicity);
                assert_eq!(step(*from, *to, true, Role::ALL).is_ok(), next, "{from} -> {to}");
            }
        }
        assert!(step(Recorded, Active, true, Role::ALL).is_err(), "no short way");
        assert!(step(Recorded, Active, false, Role::ALL).is_ok());
        assert!(step(Proposed, HomeConsented, false, Role::ALL).is_err());
    }

    #[test]
    fn what_is_over_stays_over() {
        for from in [Expired, Ended, Rejected, Withdrawn] {
            assert!(!EDGES.iter().any(|edge| edge.from == from), "{from}");
        }
        // Whatever is open can be given up by the proposer, refused by the deciders, and ended by what befalls it.
        for from in PENDING {
            assert!(EDGES.iter().any(|edge| edge.from == *from && edge.to == Withdrawn && edge.who == Who::Proposer));
            assert!(EDGES.iter().any(|edge| edge.from == *from && edge.to == Rejected && edge.who == Who::Consequence));
        }
        for from in STANDING {
            assert!(EDGES.iter().any(|edge| edge.from == *from && edge.to == Ended && edge.who == Who::Consequence));
        }
    }

    #[test]
    fn only_the_street_or_the_district_approves() {
        for edge in EDGES.iter().filter(|edge| edge.from == Publicity && matches!(edge.to, Active | Approved)) {
            assert_eq!(edge.who, APPROVERS);
            assert_eq!(edge.need, PostingOver);
        }
        for role in Role::ALL {
            let may = matches!(role, Role::StreetOfficer | Role::DistrictCoord);
            assert_eq!(step(Publicity, Active, true, &[*role]).is_ok(), may, "{role}");
        }
    }

    #[test]
    fn time_makes_states_of_a_term() {
        let on = |today: &str, carry_over| {
            state_on(Active, day("2024-02-01"), Some(day("2024-12-31")), carry_over, day(today))
        };
        assert_eq!(on("2024-01-31", false), AppointmentState::Approved);
        assert_eq!(on("2024-02-01", false), AppointmentState::Active);
        assert_eq!(on("2024-10-31", false), AppointmentState::Active);
        assert_eq!(on("2024-11-01", false), AppointmentState::Expiring, "sixty days before the last");
        assert_eq!(on("2024-12-31", false), AppointmentState::Expiring, "the last day counts");
        assert_eq!(on("2025-01-01", false), AppointmentState::Expired);
        assert_eq!(on("2025-01-01", true), AppointmentState::CarryOver);
    }

    proptest! {
        /// An office is never held before the term or, without carry-over, after it.
        #[test]
        fn nobody_is_in_office_outside_the_term(from in 0i64..2000, length in 1i64..2000, at in -500i64..5000, renewed: bool) {
            let first = day("2020-01-01") + chrono::Duration::days(from);
            let last = first + chrono::Duration::days(length);
            let today = first + chrono::Duration::days(at);
            let status = if renewed { Renewed } else { Active };
            let inside = first <= today && today <= last;
            prop_assume!(!renewed || first <= today);
            prop_assert_eq!(state_on(status, first, Some(last), false, today).is_in_office(), inside);
        }
    }
}

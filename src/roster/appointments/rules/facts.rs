//! What the guards judge by: the post, the person, what both are bound up in already, and what is asked for.

use chrono::NaiveDate;
use uuid::Uuid;

use super::directions::{Direction, Directions};
use super::params::Eligibility;
use crate::appointments::dto::{
    AppointmentId, AppointmentRoute, AppointmentState, InterestRelation, PostDuty, SeatKind,
};
use crate::organisations::{OrgKind, OrganisationId, PartyOrgKind};

/// Where a post stands in the world of organisations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub organisation: OrganisationId,
    pub kind: OrgKind,
    pub party: Option<PartyOrgKind>,
    pub seat: SeatKind,
    pub area: String,
}

#[derive(Debug, Clone)]
pub struct Post {
    pub place: Place,
    pub closed: bool,
    pub organisation_ended: bool,
    pub exclusive: bool,
    pub needs_party: bool,
    pub needs_owner: bool,
    pub needs_residence: bool,
    pub routes: Vec<AppointmentRoute>,
    pub max_term_years: i32,
    pub duty: PostDuty,
    pub regarding: Option<OrganisationId>,
    /// The companies that serve the compound of the committee in the term, and their suppliers.
    pub serving: Vec<OrganisationId>,
    pub suppliers: Vec<OrganisationId>,
}

#[derive(Debug, Clone)]
pub struct Person {
    pub closed: bool,
    pub account: Option<Uuid>,
    pub party_member: bool,
    /// A verified owner in the compound of the post.
    pub owns: bool,
    /// Lives in the area of the post.
    pub lives: bool,
    /// An election record names the person for the post.
    pub elected: bool,
    /// Declared interests that stand.
    pub interests: Vec<(OrganisationId, InterestRelation)>,
}

/// A post that somebody holds or is on the way to.
#[derive(Debug, Clone)]
pub struct Held {
    pub id: AppointmentId,
    pub place: Place,
    /// Whether it is the post in question, and whether it is the person in question who holds it.
    pub same_post: bool,
    pub same_person: bool,
    pub state: AppointmentState,
    pub from: NaiveDate,
    pub last_day: Option<NaiveDate>,
    pub carry_over: bool,
    pub duty: PostDuty,
    pub regarding: Option<OrganisationId>,
    /// The company that serves the compound of the body that the post is in: who sits there supervises it.
    pub serving: Option<OrganisationId>,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The appointment itself, where it is on record already.
    pub own: Option<AppointmentId>,
    pub route: AppointmentRoute,
    pub home: Option<AppointmentId>,
    pub renews: Option<AppointmentId>,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
}

/// Who decides now, where somebody does.
#[derive(Debug, Clone, Copy)]
pub struct Decider {
    pub account: Uuid,
    pub proposed_by: Uuid,
    /// A hiring may be put in force by whoever recorded it: it is the employer's own act.
    pub may_be_proposer: bool,
}

#[derive(Debug, Clone)]
pub struct Facts {
    pub post: Post,
    pub person: Person,
    pub held: Vec<Held>,
    pub wish: Wish,
    pub directions: Directions,
    pub eligibility: Eligibility,
    pub decider: Option<Decider>,
}

impl Facts {
    /// The base post, where the person holds it.
    pub fn home(&self) -> Option<&Held> {
        let id = self.wish.home?;
        self.held.iter().find(|held| held.id == id && held.same_person)
    }

    /// The word of the direction that a cross-appointment goes in.
    pub fn direction(&self) -> Option<String> {
        self.found_direction().map(|direction| direction.name.clone())
    }

    pub(super) fn found_direction(&self) -> Option<&Direction> {
        let of = |place: &Place| (place.kind, place.party, place.seat);
        self.directions.find(of(&self.home()?.place), of(&self.post.place))
    }

    pub(super) fn is_committee(&self) -> bool {
        matches!(self.post.place.kind, OrgKind::OwnersCommittee | OrgKind::SelfManagementCommittee)
    }

    /// What else the person holds or is on the way to.
    pub(super) fn others(&self) -> impl Iterator<Item = &Held> {
        let own = self.wish.own;
        self.held.iter().filter(move |held| held.same_person && Some(held.id) != own)
    }
}

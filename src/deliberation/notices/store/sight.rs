//! Whom a notice concerns, and who is in a group: by the roles that a caller holds and where.

use diesel::expression::BoxableExpression;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use platform::auth::{Actor, AreaCode, Principal, Role, Scope, Subject, Visible};
use platform::db::Backend;
use platform::in_ranges;
use registry::identity::AccountId;

use crate::notices::dto::AllianceParty;
use crate::notices::rules::alliance::{LISTENERS, MODERATORS, party_of};
use crate::notices::rules::notices::OVERSEERS;
use crate::notices::{AllianceGroupsRead, AlliancePostsModerate, NoticesRead};
use crate::schema::{notice_roles, notices};

/// What a caller reads of the notices: what is published above them, where they are and below, as far as it is for
/// everybody or for a role that they hold there; overseers read whatever is published in their area.
#[derive(Debug, Clone)]
pub struct Sight {
    pub account: AccountId,
    overseen: Visible,
    areas: Vec<AreaCode>,
    by_role: Vec<(Role, Vec<AreaCode>)>,
}

/// A condition on notices.
pub type Condition = Box<dyn BoxableExpression<notices::table, Backend, SqlType = Bool>>;

impl Sight {
    pub fn of<S: Scope>(who: &Actor<S>) -> Self {
        Self::of_principal(who.principal())
    }

    pub fn of_principal(who: &Principal) -> Self {
        let overseen = who.visible_as(OVERSEERS, NoticesRead::NAME);
        let areas = match &who.subject {
            Subject::Account { grants, .. } => grants.iter().map(|grant| grant.area.clone()).collect(),
            Subject::Client { .. } => overseen.areas().to_vec(),
        };
        let mut by_role: Vec<(Role, Vec<AreaCode>)> = Vec::new();
        for grant in who.grants() {
            match by_role.iter_mut().find(|(role, _)| *role == grant.role) {
                Some((_, areas)) => areas.push(grant.area.clone()),
                None => by_role.push((grant.role, vec![grant.area.clone()])),
            }
        }
        Self { account: AccountId(who.id), overseen, areas, by_role }
    }

    /// Whether a notice for this area and these roles is one that the caller reads.
    pub fn sees(&self, area_code: &str, for_everybody: bool, roles: &[Role]) -> bool {
        let near = |areas: &[AreaCode]| areas.iter().any(|area| is_near(area, area_code));
        let by_role = || self.by_role.iter().any(|(role, areas)| roles.contains(role) && near(areas));
        self.overseen.covers(area_code) || (for_everybody && near(&self.areas)) || by_role()
    }

    /// The same for a list.
    pub fn seen(&self) -> Condition {
        let overseen = in_ranges!(self.overseen.ranges(), notices::area_code);
        let for_everybody = notices::for_everybody.eq(true).and(near(&self.areas));
        let first: Condition = Box::new(overseen.or(for_everybody));
        self.by_role.iter().fold(first, |all, (role, areas)| Box::new(all.or(is_for(*role).and(near(areas)))))
    }

    /// What is addressed to the caller: they hold a role inside the notice's area, and one that it is for.
    pub fn addressed(&self) -> Condition {
        let for_everybody = notices::for_everybody.eq(true).and(around(&self.areas));
        let first: Condition = Box::new(for_everybody);
        self.by_role.iter().fold(first, |all, (role, areas)| Box::new(all.or(is_for(*role).and(around(areas)))))
    }
}

/// Whether one of the two lies in the other.
fn is_near(area: &AreaCode, code: &str) -> bool {
    area.covers(code) || area.as_str().starts_with(code)
}

fn near(areas: &[AreaCode]) -> Condition {
    let visible = Visible::of(areas.iter().cloned());
    Box::new(in_ranges!(visible.ranges(), notices::area_code).or(around(areas)))
}

/// In an area around one of these.
fn around(areas: &[AreaCode]) -> Condition {
    let codes: Vec<String> = AreaCode::all_and_above(areas).into_iter().map(str::to_owned).collect();
    Box::new(notices::area_code.eq_any(codes))
}

fn is_for(role: Role) -> Condition {
    let named = notice_roles::table.filter(notice_roles::notice_id.eq(notices::id)).filter(notice_roles::role.eq(role));
    Box::new(diesel::dsl::exists(named))
}

/// In which groups a caller is, and as what.
#[derive(Debug, Clone)]
pub struct Circle {
    pub account: AccountId,
    /// Where the caller reads, as one of a party or along.
    pub areas: Visible,
    moderated: Visible,
    parties: Vec<(AllianceParty, AreaCode)>,
}

impl Circle {
    pub fn of<S: Scope>(who: &Actor<S>) -> Self {
        Self::of_principal(who.principal())
    }

    pub fn of_principal(who: &Principal) -> Self {
        let readers: Vec<Role> =
            Role::ALL.iter().copied().filter(|role| party_of(*role).is_some() || LISTENERS.contains(role)).collect();
        let parties = who.grants().iter().filter_map(|grant| Some((party_of(grant.role)?, grant.area.clone())));
        Self {
            account: AccountId(who.id),
            areas: who.visible_as(&readers, AllianceGroupsRead::NAME),
            moderated: who.visible_as(MODERATORS, AlliancePostsModerate::NAME),
            parties: parties.collect(),
        }
    }

    pub fn reads(&self, area_code: &str) -> bool {
        self.areas.covers(area_code) || self.areas.lies_in(area_code)
    }

    /// Whether the caller moderates a group of this area, and so sees what is hidden in it.
    pub fn moderates(&self, area_code: &str) -> bool {
        self.moderated.covers(area_code)
    }

    /// The party that the caller speaks for there: of several, the one that answers for the place.
    pub fn party(&self, area_code: &str) -> Option<AllianceParty> {
        self.parties.iter().filter(|(_, area)| is_near(area, area_code)).map(|(party, _)| *party).min()
    }
}

#[cfg(test)]
mod tests {
    use platform::auth::Grant;
    use uuid::Uuid;

    use super::*;

    fn who(grants: &[(Role, &str)]) -> Principal {
        let grants = grants.iter().map(|(role, area)| Grant::over(*role, area.parse().expect("a code"))).collect();
        Principal { id: Uuid::nil(), subject: Subject::Account { session: Uuid::nil(), grants } }
    }

    const COMMUNITY: &str = "620902005003";
    const COMPOUND: &str = "620902005003-0001";
    const ROOM: &str = "620902005003-0001-001-01-0101";

    #[test]
    fn a_notice_concerns_those_inside_its_area_and_those_over_it() {
        let resident = Sight::of_principal(&who(&[(Role::Resident, ROOM)]));
        for above in ["620902", "620902005", COMMUNITY, COMPOUND] {
            assert!(resident.sees(above, true, &[]), "{above}");
        }
        for elsewhere in ["620902001", "620902005002", "620902005003-0002"] {
            assert!(!resident.sees(elsewhere, true, &[]), "{elsewhere}");
        }
        let volunteer = Sight::of_principal(&who(&[(Role::Volunteer, COMMUNITY)]));
        assert!(volunteer.sees(COMPOUND, true, &[]) && !volunteer.sees(COMPOUND, false, &[Role::Owner]));
    }

    #[test]
    fn a_role_counts_where_it_is_held() {
        let both = Sight::of_principal(&who(&[(Role::Owner, ROOM), (Role::Volunteer, "620902001")]));
        assert!(both.sees(COMPOUND, false, &[Role::Owner]));
        assert!(!both.sees(COMPOUND, false, &[Role::Volunteer]));
        assert!(both.sees("620902", false, &[Role::Volunteer]));
        assert!(!both.sees("620902001002", false, &[Role::Owner]));
    }

    #[test]
    fn overseers_read_whatever_is_published_in_their_area() {
        let worker = Sight::of_principal(&who(&[(Role::CommunityWorker, COMMUNITY)]));
        assert!(worker.sees(COMPOUND, false, &[Role::Owner]));
        assert!(!worker.sees("620902005", false, &[Role::Owner]), "above it, as anybody");
    }

    #[test]
    fn one_speaks_for_the_party_that_answers_for_the_place() {
        let circle = Circle::of_principal(&who(&[(Role::Resident, ROOM), (Role::CommunityWorker, COMMUNITY)]));
        assert_eq!(circle.party(COMPOUND), Some(AllianceParty::Community));
        assert!(circle.moderates(COMPOUND) && circle.reads(COMMUNITY));
        let neighbour = Circle::of_principal(&who(&[(Role::Resident, ROOM)]));
        assert_eq!(neighbour.party(COMMUNITY), Some(AllianceParty::Resident));
        assert!(!neighbour.moderates(COMMUNITY) && !neighbour.reads("620902005003-0002"));
        let auditor = Circle::of_principal(&who(&[(Role::Auditor, "620902")]));
        assert!(auditor.reads(COMPOUND) && auditor.party(COMPOUND).is_none());
        let volunteer = Circle::of_principal(&who(&[(Role::Volunteer, COMMUNITY)]));
        assert!(!volunteer.reads(COMPOUND));
    }
}

//! Which seats there are where, what each asks for unless its post says otherwise, and the role that comes with it.

use platform::auth::{AreaCode, AreaLevel, Role};

use crate::appointments::dto::{AppointmentRoute, SeatKind};
use crate::organisations::{OrgKind, PartyOrgKind};

/// What a seat asks for by its nature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    pub routes: &'static [AppointmentRoute],
    pub voting: bool,
    /// One holder at a time.
    pub exclusive: bool,
    pub needs_party: bool,
    pub needs_owner: bool,
    pub needs_residence: bool,
    pub max_term_years: i32,
    pub role: Option<Role>,
}

const PLAIN: Seat = Seat {
    routes: &[AppointmentRoute::Assigned, AppointmentRoute::CoOpted],
    voting: false,
    exclusive: true,
    needs_party: false,
    needs_owner: false,
    needs_residence: false,
    max_term_years: 5,
    role: None,
};

const ELECTED: &[AppointmentRoute] = &[AppointmentRoute::Elected];
const INNER: &[AppointmentRoute] = &[AppointmentRoute::Elected, AppointmentRoute::CoOpted, AppointmentRoute::Assigned];
const EMPLOYED: &[AppointmentRoute] = &[AppointmentRoute::Hired, AppointmentRoute::Assigned];
const CHOSEN: &[AppointmentRoute] = &[AppointmentRoute::Elected, AppointmentRoute::CoOpted];

/// 任期上限: three years for a Party branch, five for a community's and for committees (支部工作条例; 建房〔2009〕274号 32).
const BRANCH_YEARS: i32 = 3;

/// The seat of this kind in an organisation of that kind; `None` where there is none.
pub fn seat(org: OrgKind, party: Option<PartyOrgKind>, kind: SeatKind) -> Option<Seat> {
    match org {
        OrgKind::OwnersCommittee | OrgKind::SelfManagementCommittee => committee(kind),
        OrgKind::PartyOrg => party_seat(party, kind),
        OrgKind::ResidentsCommittee => residents_committee(kind),
        OrgKind::PropertyCompany => company(kind),
        OrgKind::RedServiceStation => station(kind),
        OrgKind::ResidentsCouncil | OrgKind::PartyMassCouncil => match kind {
            SeatKind::Chair | SeatKind::DeputyChair | SeatKind::Member => {
                Some(Seat { routes: INNER, voting: true, ..PLAIN })
            }
            SeatKind::PartTimeMember => Some(Seat { voting: true, ..PLAIN }),
            _ => None,
        },
        OrgKind::MutualAidAssociation => match kind {
            SeatKind::Chair => Some(Seat { routes: CHOSEN, voting: true, role: Some(Role::MutualAidChair), ..PLAIN }),
            SeatKind::DeputyChair | SeatKind::Member => Some(Seat { routes: CHOSEN, voting: true, ..PLAIN }),
            _ => None,
        },
        OrgKind::VolunteerSquad => match kind {
            SeatKind::Head => Some(Seat { role: Some(Role::SquadLeader), ..PLAIN }),
            SeatKind::Member => Some(Seat { exclusive: false, ..PLAIN }),
            _ => None,
        },
        _ => match kind {
            SeatKind::Head => Some(Seat { routes: EMPLOYED, ..PLAIN }),
            SeatKind::Staff => Some(Seat { routes: EMPLOYED, exclusive: false, ..PLAIN }),
            _ => None,
        },
    }
}

/// 业委会、自管委: owners of the compound, elected (物业管理条例 16).
fn committee(kind: SeatKind) -> Option<Seat> {
    let member = Seat { routes: ELECTED, voting: true, needs_owner: true, role: Some(Role::OcMember), ..PLAIN };
    match kind {
        SeatKind::Chair => Some(Seat { role: Some(Role::OcChair), ..member }),
        SeatKind::DeputyChair | SeatKind::Member => Some(member),
        _ => None,
    }
}

fn party_seat(party: Option<PartyOrgKind>, kind: SeatKind) -> Option<Seat> {
    let of_community = matches!(party, Some(PartyOrgKind::CommunityCommittee | PartyOrgKind::BigCommittee));
    let above = matches!(
        party,
        Some(PartyOrgKind::DistrictCoord | PartyOrgKind::StreetWorkCommittee | PartyOrgKind::IndustryCommittee)
    );
    let years = if of_community || above { 5 } else { BRANCH_YEARS };
    let officer = (!of_community && !above).then_some(Role::BranchOfficer);
    let seat = Seat { routes: INNER, voting: true, needs_party: true, max_term_years: years, role: officer, ..PLAIN };
    match kind {
        SeatKind::Secretary if party == Some(PartyOrgKind::CommunityCommittee) => {
            Some(Seat { role: Some(Role::CommunitySecretary), ..seat })
        }
        SeatKind::Secretary | SeatKind::DeputySecretary | SeatKind::CommitteeMember => Some(seat),
        SeatKind::GeneralBranchSecretary if party == Some(PartyOrgKind::GeneralBranch) => Some(seat),
        SeatKind::PartTimeMember => Some(Seat { role: None, ..seat }),
        _ => None,
    }
}

fn residents_committee(kind: SeatKind) -> Option<Seat> {
    let lives = |role| Seat {
        routes: &[AppointmentRoute::Elected, AppointmentRoute::CoOpted, AppointmentRoute::Assigned],
        needs_residence: true,
        role: Some(role),
        ..PLAIN
    };
    match kind {
        // 城市居民委员会组织法 8: elected by the residents.
        SeatKind::Director | SeatKind::DeputyDirector | SeatKind::Member => {
            Some(Seat { routes: ELECTED, voting: true, role: Some(Role::CommunityWorker), ..PLAIN })
        }
        SeatKind::PartTimeMember => Some(Seat { voting: true, ..PLAIN }),
        SeatKind::Staff => {
            Some(Seat { routes: EMPLOYED, exclusive: false, role: Some(Role::CommunityWorker), ..PLAIN })
        }
        SeatKind::BuildingHead => Some(lives(Role::BuildingHead)),
        SeatKind::UnitHead => Some(lives(Role::UnitHead)),
        SeatKind::PartTimeGridWorker => {
            Some(Seat { routes: EMPLOYED, exclusive: false, role: Some(Role::GridWorker), ..PLAIN })
        }
        SeatKind::Mediator => Some(Seat { exclusive: false, role: Some(Role::Mediator), ..PLAIN }),
        _ => None,
    }
}

fn company(kind: SeatKind) -> Option<Seat> {
    let employed = Seat { routes: EMPLOYED, ..PLAIN };
    match kind {
        SeatKind::Head | SeatKind::Administrator => Some(Seat { role: Some(Role::CompanyAdmin), ..employed }),
        SeatKind::ProjectManager => Some(Seat { role: Some(Role::ProjectManager), ..employed }),
        SeatKind::Staff => Some(Seat { exclusive: false, role: Some(Role::CompanyStaff), ..employed }),
        _ => None,
    }
}

fn station(kind: SeatKind) -> Option<Seat> {
    let employed =
        Seat { routes: &[AppointmentRoute::Assigned, AppointmentRoute::CoOpted, AppointmentRoute::Hired], ..PLAIN };
    match kind {
        SeatKind::Head => Some(Seat { role: Some(Role::StationHead), ..employed }),
        SeatKind::Staff => Some(Seat { exclusive: false, role: Some(Role::StationStaff), ..employed }),
        _ => None,
    }
}

/// Whether a seat can lie in that area: a building head's is a building, a unit head's a unit, a grid worker's a grid.
pub fn area_fits(kind: SeatKind, area: &AreaCode) -> bool {
    match kind {
        SeatKind::BuildingHead => area.level() == AreaLevel::Building,
        SeatKind::UnitHead => area.level() == AreaLevel::Unit,
        SeatKind::PartTimeGridWorker => matches!(area.level(), AreaLevel::Grid | AreaLevel::Community),
        _ => true,
    }
}

/// The digits of a community, from which on a body serves the place where it is.
const COMMUNITY: usize = 12;

/// Whether the role of a post is held for its organisation, and so wherever that serves: the organisation's own posts, not
/// those for one place.
pub fn held_for_organisation(role: Role, org: OrgKind, org_area: &str, post_area: &str) -> bool {
    let serves = org == OrgKind::PropertyCompany || (org.acts_at_home() && org_area.len() >= COMMUNITY);
    role.acts_for_organisation() && serves && org_area == post_area
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_of_owners_committees_are_elected_and_owners() {
        for org in [OrgKind::OwnersCommittee, OrgKind::SelfManagementCommittee] {
            for kind in SeatKind::ALL {
                let Some(seat) = seat(org, None, *kind) else { continue };
                assert_eq!(seat.routes, ELECTED, "{kind}");
                assert!(seat.needs_owner && seat.voting && seat.max_term_years == 5);
            }
        }
    }

    #[test]
    fn every_party_seat_needs_a_member_and_no_post_hands_out_high_roles() {
        for org in OrgKind::ALL {
            for party in PartyOrgKind::ALL {
                for kind in SeatKind::ALL {
                    let Some(seat) = seat(*org, Some(*party), *kind) else { continue };
                    assert_eq!(seat.needs_party, *org == OrgKind::PartyOrg, "{org} {kind}");
                    assert!(seat.max_term_years <= 5 && !seat.routes.is_empty());
                    assert!(
                        seat.role.is_none_or(|role| role.rank() <= Role::CommunitySecretary.rank()),
                        "{org} {kind}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_company_head_in_the_community_gets_no_power_there() {
        let seat = seat(OrgKind::PartyOrg, Some(PartyOrgKind::CommunityCommittee), SeatKind::PartTimeMember);
        assert_eq!(seat.and_then(|seat| seat.role), None);
    }
}

//! Which roles stand where: the desk of each tier, and who may have a case in hand.

use platform::auth::Role;

use crate::cases::dto::Tier;

/// The desk that a role sits at.
pub fn desk_of(role: Role) -> Option<Tier> {
    match role {
        Role::BranchOfficer | Role::StationHead => Some(Tier::Branch),
        Role::CommunityWorker | Role::CommunitySecretary => Some(Tier::Community),
        Role::StreetOfficer => Some(Tier::Street),
        Role::DistrictCoord | Role::PropertyAuthority => Some(Tier::District),
        _ => None,
    }
}

/// Whether a desk of `own` may act on a case of `tier`: its own cases, and those of the tiers below.
pub fn sits_over(own: Tier, tier: Tier) -> bool {
    own >= tier
}

/// Roles that see a place's cases by the place; companies and residents see theirs only.
pub const OVERSEERS: &[Role] = &[
    Role::DistrictCoord,
    Role::PropertyAuthority,
    Role::IndustryParty,
    Role::StreetOfficer,
    Role::CommunitySecretary,
    Role::CommunityWorker,
    Role::GridWorker,
    Role::BranchOfficer,
    Role::Auditor,
];

/// Roles that have a case in hand for an organisation.
pub const HANDLERS: &[Role] =
    &[Role::CompanyAdmin, Role::ProjectManager, Role::CompanyStaff, Role::StationHead, Role::StationStaff];

/// Roles of a person to whom a case may be given by name.
pub const PERSONS: &[Role] = &[
    Role::CommunitySecretary,
    Role::CommunityWorker,
    Role::GridWorker,
    Role::BranchOfficer,
    Role::BuildingHead,
    Role::UnitHead,
    Role::Mediator,
    Role::StationHead,
    Role::StationStaff,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desk_acts_on_its_tier_and_below() {
        assert!(sits_over(Tier::Street, Tier::Branch) && sits_over(Tier::Branch, Tier::Branch));
        assert!(!sits_over(Tier::Community, Tier::Street));
    }

    #[test]
    fn no_company_sits_at_a_desk() {
        assert!(HANDLERS.iter().filter(|role| **role != Role::StationHead).all(|role| desk_of(*role).is_none()));
    }
}

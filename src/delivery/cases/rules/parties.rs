//! Which roles stand where: the desk of each tier, and who may have a case in hand.

use platform::auth::Role;
use serde_json::Value;

use crate::cases::dto::{StandsFor, Tier};

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

/// Which side an event comes from: by its name, by what it says of itself, and by whether anybody is named as its actor,
/// which nobody is for what a reporter does.
pub fn side_of(event: &str, data: &Value, named: bool) -> StandsFor {
    let by = data.get("by").and_then(Value::as_str);
    match event {
        "case.closed" if by == Some("timeout") => StandsFor::System,
        "case.reported" | "case.cancelled" => StandsFor::Reporter,
        "case.reopened" if by == Some("reporter") => StandsFor::Reporter,
        "case.closed" | "case.reopened" if !named => StandsFor::Reporter,
        "case.signed"
        | "case.returned"
        | "case.started"
        | "case.done"
        | "case.hold_requested"
        | "case.hold_withdrawn"
        | "case.extension_requested" => StandsFor::Handler,
        _ if !named => StandsFor::System,
        _ => StandsFor::Desk,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_desk_acts_on_its_tier_and_below() {
        assert!(sits_over(Tier::Street, Tier::Branch) && sits_over(Tier::Branch, Tier::Branch));
        assert!(!sits_over(Tier::Community, Tier::Street));
    }

    #[test]
    fn a_side_is_told_without_a_name() {
        let plain = json!({});
        assert_eq!(side_of("case.reported", &plain, true), StandsFor::Reporter, "whoever wrote it down");
        assert_eq!(side_of("case.closed", &plain, false), StandsFor::Reporter);
        assert_eq!(side_of("case.closed", &plain, true), StandsFor::Desk);
        assert_eq!(side_of("case.closed", &json!({ "by": "timeout" }), false), StandsFor::System);
        assert_eq!(side_of("case.escalated", &plain, false), StandsFor::System);
        assert_eq!(side_of("case.done", &plain, true), StandsFor::Handler);
    }

    #[test]
    fn no_company_sits_at_a_desk() {
        assert!(HANDLERS.iter().filter(|role| **role != Role::StationHead).all(|role| desk_of(*role).is_none()));
    }
}

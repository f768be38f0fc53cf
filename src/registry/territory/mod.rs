//! 区域底数: what lies where. Owns the divisions down to the community, the grids, the compounds with their buildings,
//! units and rooms, how each compound is managed, where it lay when, and who answers for a grid or a compound.
//!
//! Tables: `divisions`, `grids`, `compounds`, `compound_modes`, `compound_placements`, `mode_changes`, `buildings`,
//! `units`, `rooms`, `contact_assignments`, `import_runs`.
//!
//! Codes are prefix-hierarchical, so a subtree is one range of codes. Nothing is deleted: rows are closed, and a compound
//! that moves keeps its id, gets a new code, and leaves its old placement behind with its dates.

mod api;
pub mod dto;
mod geometry;
pub mod import;
mod names;
mod params;
mod rules;
pub mod store;

pub use params::{GRID_SIZE, GridSize, RULES};
use platform::http::Mount;
pub use rules::PROBLEMS;

platform::scopes! {
    DivisionsRead = "divisions:read": everyone,
    DivisionsWrite = "divisions:write": [DistrictCoord],
    GridsRead = "grids:read": everyone,
    GridsWrite = "grids:write": [StreetOfficer, CommunitySecretary, CommunityWorker],
    CompoundsRead = "compounds:read": everyone,
    CompoundsWrite = "compounds:write": [StreetOfficer, CommunitySecretary, CommunityWorker],
    CompoundsMove = "compounds:move": [DistrictCoord],
    ModesPropose = "modes:propose": [StreetOfficer, CommunitySecretary, CommunityWorker],
    ModesDecide = "modes:decide": [StreetOfficer],
    RoomsRead = "rooms:read": [
        DistrictCoord, PropertyAuthority, StreetOfficer, CommunitySecretary, CommunityWorker, GridWorker, BranchOfficer,
        BuildingHead, UnitHead, CompanyAdmin, ProjectManager, StationHead, OcChair, OcMember, Owner, Auditor,
    ],
    ContactsRead = "contacts:read": [
        DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker, GridWorker,
        BranchOfficer, BuildingHead, UnitHead, CompanyAdmin, ProjectManager, StationHead, OcChair, OcMember, Instructor,
        ContactLeader, Auditor,
    ],
    ContactsWrite = "contacts:write": [DistrictCoord, StreetOfficer, CommunitySecretary],
}

pub fn routes(mount: &mut Mount) {
    api::routes(mount);
}

//! 事件工单: what residents and patrols report, who has it in hand, by when it is due, and what the reporter says of it in
//! the end.
//!
//! Owns the cases with their details, reporters, clocks, pauses, extensions, return visits, merges, comments and files.
//! Tables: `cases`, `case_details`, `case_reporters`, `case_joins`, `case_returns`, `case_links`, `case_comments`,
//! `case_clocks`, `case_alarms`, `case_holds`, `case_extensions`, `case_visits`, `case_files`.
//!
//! The states and their edges are one table, `rules::machine`. Tier, round, outcome and visibility stand beside the state:
//! a case is in progress and escalated at once, and closed is not yet fixed. Who reported is kept apart from the case, so
//! that no query for a handler can bring it along. Dictionary, time limits and dispatch are rule sets of the place.

mod api;
pub mod dto;
mod rules;
mod store;

use platform::http::Mount;

pub use rules::PROBLEMS;
pub use rules::figures;
pub use rules::machine::Step;
pub use rules::params::RULES;
pub use rules::params::deadlines::Deadlines;
pub use store::alarms::sweep as sweep_clocks;
pub use store::figures::{basically_counts, names_of_categories};
pub use store::follow::react;
pub use store::gathered::Intake;
pub use store::holds::sweep as sweep_holds;
pub use store::opening::{visible_cases, visible_clocks};
pub use store::recount::RECOUNTED;
pub use store::resolved::{finish_by_resolution, say_resolved, was_found_on_patrol};
pub use store::rows::{State, replay};
pub use store::sight::exists;
pub use store::visits::sweep as sweep_unanswered;
pub use store::{apart, counts, now, past, referred};

platform::scopes! {
    /// 报事、查看本人的事件
    CasesReport = "cases:report": everyone,
    /// 代为登记事件
    CasesIntake = "cases:intake": [
        DistrictCoord, PropertyAuthority, StreetOfficer, CommunitySecretary, CommunityWorker, GridWorker, BranchOfficer,
        BuildingHead, UnitHead, StationHead, StationStaff,
    ],
    /// 查看事件: overseers by place, handlers what they have in hand
    CasesRead = "cases:read": [
        DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker, GridWorker,
        BranchOfficer, BuildingHead, UnitHead, CompanyAdmin, ProjectManager, CompanyStaff, StationHead, StationStaff,
        Mediator, Auditor,
    ],
    /// 备注
    CasesComment = "cases:comment": [
        DistrictCoord, PropertyAuthority, StreetOfficer, CommunitySecretary, CommunityWorker, GridWorker, BranchOfficer,
        BuildingHead, UnitHead, CompanyAdmin, ProjectManager, CompanyStaff, StationHead, StationStaff, Mediator,
    ],
    /// 上传照片与文件
    CasesAttach = "cases:attach": [
        DistrictCoord, PropertyAuthority, StreetOfficer, CommunitySecretary, CommunityWorker, GridWorker, BranchOfficer,
        BuildingHead, UnitHead, CompanyAdmin, ProjectManager, CompanyStaff, StationHead, StationStaff, Mediator,
    ],
    /// 受理、派单、转办、并案、升级
    CasesDesk = "cases:desk": [
        DistrictCoord, PropertyAuthority, StreetOfficer, CommunitySecretary, CommunityWorker, BranchOfficer, StationHead,
    ],
    /// 签收、退单、处理、办结
    CasesHandle = "cases:handle": [
        CommunitySecretary, CommunityWorker, GridWorker, BranchOfficer, BuildingHead, UnitHead, CompanyAdmin,
        ProjectManager, CompanyStaff, StationHead, StationStaff, Mediator,
    ],
    /// 批准挂起与延期
    CasesApprove = "cases:approve": [CommunitySecretary, CommunityWorker, StreetOfficer, DistrictCoord, PropertyAuthority],
    /// 恢复办理: by the handler, or by a desk
    CasesResume = "cases:resume": [
        DistrictCoord, PropertyAuthority, StreetOfficer, CommunitySecretary, CommunityWorker, GridWorker, BranchOfficer,
        BuildingHead, UnitHead, CompanyAdmin, ProjectManager, CompanyStaff, StationHead, StationStaff, Mediator,
    ],
    /// 核实与回访
    CasesVisit = "cases:visit": [StreetOfficer, CommunitySecretary, CommunityWorker],
    /// 查看报事人号码, logged and limited
    CasesUnmask = "cases:unmask": [CommunitySecretary, CommunityWorker],
    /// 导出事件: without titles, words and reporters
    CasesExport = "cases:export": [DistrictCoord, StreetOfficer, CommunitySecretary, Auditor],
    /// 查看事件指标
    CaseFiguresRead = "case_figures:read": [
        DistrictCoord, PropertyAuthority, PriceAuthority, IndustryParty, StreetOfficer, CommunitySecretary,
        CommunityWorker, GridWorker, BranchOfficer, StationHead, Instructor, ContactLeader, Assessor, Auditor,
    ],
    /// 查看报事人
    ReportersRead = "cases:read_reporter": [
        DistrictCoord, StreetOfficer, CommunitySecretary, CommunityWorker,
    ],
}

/// Where residents deal with what they reported. A log of who called when would undo that a report is hidden or anonymous.
pub const UNNAMED: &[&str] = &["/v1/me/cases", "/v1/me/joined-cases", "/v1/me/similar-cases"];

pub fn routes(mount: &mut Mount) {
    api::routes(mount);
}

//! 统计: how a place does, in figures that nobody types in: each is counted from the rows of the contexts that feed it, as of
//! any day, with both of its parts (domain B19); and a dashboard in one answer that costs next to nothing while nothing changes.
//!
//! It names every context before it and reads their counts through their own functions. Owns one table, `reported_figures`:
//! what was published elsewhere, which is told beside what is counted and never instead of it.

mod api;
pub mod dto;
mod rules;
mod sheets;
mod store;

use platform::http::Mount;

pub use rules::PROBLEMS;
pub use store::boards::{Board, Boards, Question};
pub use store::reported::insert_row as insert_reported_row;

platform::scopes! {
    /// 查看指标目录
    FigureCatalogueRead = "figure_catalogue:read": everyone,
    /// 查看统计、概览与公布值
    StatisticsRead = "statistics:read": [
        DistrictCoord, PropertyAuthority, PriceAuthority, IndustryParty, StreetOfficer, CommunitySecretary,
        CommunityWorker, BranchOfficer, StationHead, Instructor, ContactLeader, Assessor, Auditor,
    ],
    /// 导出统计
    StatisticsExport = "statistics:export": [
        DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, Auditor,
    ],
    /// 登记公布值
    ReportedFiguresRecord = "reported_figures:record": [DistrictCoord, PropertyAuthority, StreetOfficer, Auditor],
}

pub fn routes(mount: &mut Mount) {
    api::routes(mount);
}

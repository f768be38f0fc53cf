//! 通知公告与三方联盟群: what is told to those concerned, and where the community, the company and the residents of one
//! place talk about it.
//!
//! A notice is never edited. A legal one is posted ([`platform::publicity`]) in the same transaction, stands for its whole
//! period, and is corrected only by a new one in its place; a general one is withdrawn and published again.
//! Tables: `notices`, `notice_roles`, `notice_reads`, `notice_photos`.
//!
//! Nobody is put into an alliance group. Its members are those who hold a role of one of the three parties at its place:
//! the community by its offices, a company by the roles that its people hold for it wherever it serves, residents by living
//! there. So nobody is forgotten in a group when they move or a contract ends, and nobody has to be let in. What is said
//! there is known by the party that says it and by a masked name. Tables: `alliance_groups`, `alliance_posts`,
//! `alliance_moderations`.

mod api;
pub mod dto;
mod rules;
mod store;

use platform::http::Mount;

pub use rules::PROBLEMS;
pub use store::follow::react;
pub use store::opening::{visible_groups, visible_notices, visible_posts};
pub use store::past;
pub use store::publishing::tell;
pub use store::turning::source_of;

platform::scopes! {
    /// 查看通知公告
    NoticesRead = "notices:read": everyone,
    /// 发布、撤回、更正通知公告; what each may, is the rules'
    NoticesPublish = "notices:publish": [
        DistrictCoord, PropertyAuthority, StreetOfficer, CommunitySecretary, CommunityWorker, OcChair,
    ],
    /// 查看联盟群与发言
    AllianceGroupsRead = "alliance_groups:read": [
        DistrictCoord, PropertyAuthority, StreetOfficer, CommunitySecretary, CommunityWorker, GridWorker, BranchOfficer,
        BuildingHead, UnitHead, CompanyAdmin, ProjectManager, CompanyStaff, StationHead, StationStaff, OcChair, OcMember,
        Owner, Resident, Auditor,
    ],
    /// 建立与关闭联盟群
    AllianceGroupsWrite = "alliance_groups:write": [DistrictCoord, StreetOfficer, CommunitySecretary, CommunityWorker],
    /// 在联盟群发言
    AlliancePostsWrite = "alliance_posts:write": [
        DistrictCoord, StreetOfficer, CommunitySecretary, CommunityWorker, GridWorker, BranchOfficer, BuildingHead,
        UnitHead, CompanyAdmin, ProjectManager, CompanyStaff, StationHead, StationStaff, OcChair, OcMember, Owner,
        Resident,
    ],
    /// 隐藏与恢复发言, 查看管理记录
    AlliancePostsModerate = "alliance_posts:moderate": [
        DistrictCoord, StreetOfficer, CommunitySecretary, CommunityWorker,
    ],
    /// 群内报事转为事件
    AlliancePostsReport = "alliance_posts:report": [
        DistrictCoord, StreetOfficer, CommunitySecretary, CommunityWorker,
    ],
}

pub fn routes(mount: &mut Mount) {
    api::routes(mount);
}

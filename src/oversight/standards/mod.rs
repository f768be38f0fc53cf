//! 标准、承诺与考核: what a compound and the company that serves it are held to, and how it went.
//!
//! Owns the versions of checklists and the checks by them, what companies promise, the weekly questions and the monthly,
//! quarterly and annual results with what red lines cost, and the target contracts between community and company. Tables:
//! `checklists`, `checklist_items`, `check_runs`, `check_results`, `check_evidence`, `service_commitments`, `weekly_items`,
//! `assessments`, `red_line_deductions`, `target_contracts`, `target_indicators`.
//!
//! What is published, submitted, assessed or signed is fixed, and the database holds it so by its own triggers. Nobody judges
//! the company that they work for. Words that no source lists are the place's own or demo text, and marked so
//! (`official: false`).

mod api;
pub mod dto;
mod rules;
mod store;

use platform::http::Mount;

pub use rules::PROBLEMS;
pub use rules::params::RULES;
pub use store::figures::{Disclosed, Score, five_disclosures, latest_score};
pub use store::follow::react;
pub use store::opening::visible_commitments;
pub use store::past;
pub use store::red_lines::{RedLine, red_lines_between};

platform::scopes! {
    /// 查看标准清单
    ChecklistsRead = "checklists:read": everyone,
    /// 起草与发布标准清单
    ChecklistsWrite = "checklists:write": [DistrictCoord],
    /// 查看检查
    CheckRunsRead = "check_runs:read": [
        DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker, GridWorker,
        CompanyAdmin, ProjectManager, CompanyStaff, StationHead, OcChair, OcMember, Instructor, ContactLeader, Assessor,
        Auditor,
    ],
    /// 检查: by who is not of the company that serves there
    CheckRunsWrite = "check_runs:write": [
        DistrictCoord, PropertyAuthority, StreetOfficer, CommunitySecretary, CommunityWorker, GridWorker, Assessor,
    ],
    /// 导出检查
    CheckRunsExport = "check_runs:export": [
        DistrictCoord, PropertyAuthority, StreetOfficer, CommunitySecretary, CommunityWorker, Auditor,
    ],
    /// 查看检查指标, of submitted checks only
    CheckFiguresRead = "check_figures:read": everyone,
    /// 查看承诺与履诺率
    CommitmentsRead = "commitments:read": everyone,
    /// 作出承诺、报告完成: for one's own company
    CommitmentsWrite = "commitments:write": [CompanyAdmin, ProjectManager],
    /// 确认承诺完成
    CommitmentsConfirm = "commitments:confirm": [StreetOfficer, CommunitySecretary, CommunityWorker],
    /// 查看周反馈、考核结果与红线扣分
    AssessmentsRead = "assessments:read": [
        DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker, GridWorker,
        CompanyAdmin, ProjectManager, StationHead, OcChair, OcMember, Instructor, ContactLeader, Assessor, Auditor,
    ],
    /// 月评比、季通报、年考核与红线扣分
    AssessmentsWrite = "assessments:write": [StreetOfficer, CommunitySecretary, CommunityWorker],
    /// 提出周反馈
    WeeklyItemsWrite = "weekly_items:write": [
        StreetOfficer, CommunitySecretary, CommunityWorker, GridWorker, OcChair, OcMember,
    ],
    /// 答复周反馈: for one's own company
    WeeklyItemsAnswer = "weekly_items:answer": [CompanyAdmin, ProjectManager],
    /// 查看目标责任书
    TargetContractsRead = "target_contracts:read": [
        DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker, CompanyAdmin,
        ProjectManager, OcChair, OcMember, Auditor,
    ],
    /// 起草目标责任书、登记结果与结算
    TargetContractsWrite = "target_contracts:write": [CommunitySecretary, CommunityWorker],
    /// 签署目标责任书: for the community, or for one's own company
    TargetContractsSign = "target_contracts:sign": [CommunitySecretary, CommunityWorker, CompanyAdmin, ProjectManager],
}

pub fn routes(mount: &mut Mount) {
    api::routes(mount);
}

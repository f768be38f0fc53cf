//! 组织: the bodies that govern or serve a compound as one tree, who serves which compound under which contract, and how
//! the Party reaches each company and committee.
//!
//! Tables: `organisations`, `committee_terms`, `service_contracts`, `party_coverages`, `instructor_links`,
//! `partnerships`, `partnership_parties`, `post_areas`, `supplier_links`.
//!
//! Whoever sees an area sees the bodies in it, the public bodies above it, and the companies that serve a compound in it.
//! A company's people see what it serves: filing a contract writes that down in identity, ending one takes it back.

mod api;
pub mod dto;
mod rules;
pub mod store;

use platform::http::Mount;

pub use dto::{CommitteeTermId, ContractId, OrgKind, OrgStatus, OrganisationId, PartyOrgKind};
pub use rules::params::RULES;
pub use rules::{PROBLEMS, uscc};
pub use store::committees::{TermRow, current_term};
pub use store::figures::{
    Established, Reach, committees_by_place, count_active_contracts, count_committees, count_coverage,
    count_post_areas, count_red_coverage, coverage_of, reached,
};
pub use store::organisations::{OrganisationRow, find, get, nearest};
pub use store::react;
pub use store::serving::{served_by, serving, suppliers_of};

platform::scopes! {
    /// 查看组织、届期、共建与岗区
    OrganisationsRead = "organisations:read": everyone,
    /// 登记与修改组织; which kinds each may, is the rules'
    OrganisationsWrite = "organisations:write": [
        DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker, CompanyAdmin,
    ],
    /// 业委会备案
    CommitteesFile = "committees:file": [PropertyAuthority, StreetOfficer],
    /// 查看物业服务合同
    ContractsRead = "contracts:read": everyone,
    /// 起草、提交合同,办理交接
    ContractsWrite = "contracts:write": [StreetOfficer, CommunitySecretary, CommunityWorker, CompanyAdmin],
    /// 合同备案与退回
    ContractsFile = "contracts:file": [PropertyAuthority],
    /// 登记解聘与不续约通知
    ContractsNotice = "contracts:notice": [
        StreetOfficer, CommunitySecretary, CommunityWorker, OcChair, CompanyAdmin,
    ],
    /// 查看党的覆盖、指导员与供应商
    PartyCoverageRead = "party_coverage:read": [
        DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker, BranchOfficer,
        CompanyAdmin, Instructor, ContactLeader, Assessor, Auditor,
    ],
    /// 登记党的覆盖与指导员
    PartyCoverageWrite = "party_coverage:write": [DistrictCoord, IndustryParty, StreetOfficer, CommunitySecretary],
    /// 登记供应商
    SuppliersWrite = "suppliers:write": [
        DistrictCoord, PropertyAuthority, StreetOfficer, CommunitySecretary, CommunityWorker, CompanyAdmin,
    ],
}

pub fn routes(mount: &mut Mount) {
    api::routes(mount);
}

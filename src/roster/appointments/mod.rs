//! 任职: posts, who holds them by which route, and cross-appointments (双向进入、交叉任职).
//!
//! Owns the seats of organisations, the appointments to them with their workflow, the election records that elected seats
//! stand on, and the interests that people declare. Tables: `posts`, `appointments`, `election_records`,
//! `election_electees`, `interest_declarations`.
//!
//! A cross-appointment is proposed, consented to by the home organisation, checked, posted and approved; an ordinary one
//! is recorded and put in force. Every guard is a pure function over facts, and the same guards answer the check, the step
//! and the approval. Who holds a post holds its role, by a grant of the same transaction. What ends a base post, an
//! ownership, an organisation or a person's record ends what rests on it the same day.

mod api;
pub mod dto;
mod rules;
mod store;

use chrono::NaiveDate;
use platform::Result;
use platform::auth::Visible;
use platform::db::Conn;
use platform::http::Mount;
use platform::rule_sets::RuleKey;

pub use dto::{AppointmentId, AppointmentRoute, PostId, RecusalOut, SeatKind, Status};
pub use rules::PROBLEMS;
pub use store::appointments::{AppointmentRow, insert_row as insert_appointment_row};
pub use store::elections::{ElectionRow, insert_row as insert_election_row};
pub use store::figures::{Seated, committee_shares, seated};
pub use store::follow::react;
pub use store::offices::{Office, bound_to, office, offices_of};
pub use store::posts::{PostRow, insert_row as insert_post_row};
pub use store::stands as area_stands;
pub use store::terms::settle_all;

use crate::organisations::OrganisationId;

/// The rules of this context that places may set for themselves.
pub const RULES: &[&RuleKey] = rules::params::RULES;

platform::scopes! {
    /// 查看岗位: which seats there are is no secret
    PostsRead = "posts:read": everyone,
    /// 设岗、撤岗; a company its own
    PostsWrite = "posts:write":
        [DistrictCoord, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker, CompanyAdmin],
    /// 查看任职, names masked
    AppointmentsRead = "appointments:read": [
        DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker, GridWorker,
        BranchOfficer, BuildingHead, UnitHead, CompanyAdmin, ProjectManager, StationHead, StationStaff, OcChair, OcMember,
        MutualAidChair, Mediator, Instructor, ContactLeader, Assessor, Auditor,
    ],
    /// 查看本人任职
    MyAppointmentsRead = "appointments:read_own": everyone,
    /// 登记非交叉任职; a company and a station their own
    AppointmentsRecord = "appointments:record":
        [DistrictCoord, StreetOfficer, CommunitySecretary, CommunityWorker, CompanyAdmin, StationHead],
    /// 提名交叉任职
    AppointmentsPropose = "appointments:propose": [CommunitySecretary, IndustryParty],
    /// 原单位意见
    AppointmentsConsent = "appointments:consent": [
        DistrictCoord, IndustryParty, StreetOfficer, CommunitySecretary, CompanyAdmin, BranchOfficer, StationHead, OcChair,
    ],
    /// 查询任职资格
    AppointmentsCheck = "appointments:check":
        [DistrictCoord, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker],
    /// 审查、公示交叉任职
    AppointmentsVet = "appointments:vet": [DistrictCoord, IndustryParty, StreetOfficer, CommunitySecretary],
    /// 批准交叉任职
    AppointmentsApprove = "appointments:approve": [DistrictCoord, StreetOfficer],
    /// 非交叉任职生效
    AppointmentsActivate = "appointments:activate": [DistrictCoord, StreetOfficer, CommunitySecretary, CompanyAdmin],
    /// 驳回
    AppointmentsReject = "appointments:reject": [DistrictCoord, StreetOfficer, CommunitySecretary, CompanyAdmin],
    /// 撤回本人的提名或登记
    AppointmentsWithdraw = "appointments:withdraw":
        [DistrictCoord, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker, CompanyAdmin, StationHead],
    /// 终止任职
    AppointmentsEnd = "appointments:end":
        [DistrictCoord, IndustryParty, StreetOfficer, CommunitySecretary, CompanyAdmin],
    /// 登记选举
    ElectionsWrite = "elections:record": [IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker],
    /// 查看利害关系申报
    InterestsRead = "interests:read":
        [DistrictCoord, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker, Auditor],
    /// 登记与解除利害关系申报
    InterestsWrite = "interests:write": [StreetOfficer, CommunitySecretary, CommunityWorker],
    /// 查看区域指标
    FiguresRead = "figures:read": [
        DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker, BranchOfficer,
        ContactLeader, Auditor,
    ],
}

pub fn routes(mount: &mut Mount) {
    api::routes(mount);
}

/// Who must recuse where an organisation is the object of a decision, wherever they sit: for meetings, ratings and votes.
pub fn recusals(c: &mut Conn, organisation: OrganisationId, on: NaiveDate) -> Result<Vec<RecusalOut>> {
    store::queries::recusals(c, &Visible::everything(), organisation, on)
}

//! 人员: persons, where they live, what they have agreed to publish, and who looked at it.
//!
//! Owns the register of persons with their sealed phones, residencies with their evidences, the stages of Party development,
//! check-ins of in-service members, publication consents, and requests about one's own data. Tables: `persons`,
//! `phone_accesses`, `residencies`, `party_stages`, `member_checkins`, `publication_consents`, `data_requests`.
//!
//! A phone is shown masked everywhere but to its owner, in a directory by its owner's consent, and to who opens it for a
//! purpose that is written down. Restricted attributes are of a DTO of their own. Neither is ever in a history row, an
//! outbox row or a problem. What is one's own is read under `/v1/me`, by the scopes of identity.

mod api;
pub mod dto;
mod rules;
mod store;

pub use api::routes;
pub use rules::{NO_PHONE, PROBLEMS, check_phone, mask, parse_phone};
pub use store::accesses::{
    AccessRow, Opened, SourceId, note as note_opening, unmask_person, with_source as openings_with,
};
pub use store::checkins::{CheckinRow, insert_row as insert_checkin_row};
pub use store::consents::{ConsentRow, insert_row as insert_consent_row};
pub use store::facts::{
    Contact, PersonFacts, contacts_of, count_checkins, facts, facts_of, find_visible, lives_in, names,
    owns_in_compound, person_of_account,
};
pub use store::follow::react;
pub use store::persons::{PersonRow, insert_row as insert_person_row};
pub use store::phones::{SealedPhone, seal_phone};
pub use store::residencies::{ResidencyRow, insert_row as insert_residency_row};
pub use store::stages::insert_row as insert_stage_row;

pub use dto::{PartyStatus, PersonId, ResidencyId};

platform::scopes! {
    /// 查看人员, masked; restricted attributes only for those of `rules::ATTRIBUTE_READERS`
    PersonsRead = "persons:read": [
        DistrictCoord, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker, BranchOfficer, StationHead,
        OcChair, Auditor,
    ],
    /// 登记人员
    PersonsWrite = "persons:write": [CommunitySecretary, CommunityWorker, BranchOfficer],
    /// 查看号码, logged and limited
    PersonsUnmask = "persons:unmask": [CommunitySecretary, CommunityWorker],
    /// 查看谁查看过
    AccessLogRead = "persons:read_accesses": [CommunitySecretary, Auditor],
    /// 查看居住关系
    ResidenciesRead = "residencies:read":
        [DistrictCoord, StreetOfficer, CommunitySecretary, CommunityWorker, OcChair, Auditor],
    /// 登记与终止居住关系
    ResidenciesWrite = "residencies:write": [CommunitySecretary, CommunityWorker],
    /// 核实居住关系
    ResidenciesConfirm = "residencies:confirm": [CommunitySecretary, CommunityWorker, OcChair],
    /// 查看发展党员记录
    PartyStagesRead = "party_stages:read":
        [DistrictCoord, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker],
    /// 记录发展党员阶段
    PartyStagesWrite = "party_stages:write": [IndustryParty, CommunitySecretary],
    /// 查看在职党员报到
    CheckinsRead = "checkins:read":
        [DistrictCoord, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker],
    /// 登记在职党员报到
    CheckinsWrite = "checkins:write": [StreetOfficer, CommunitySecretary, CommunityWorker],
    /// 报到人数, counted
    CheckinsCount = "checkin_counts:read": [
        DistrictCoord, PropertyAuthority, IndustryParty, StreetOfficer, CommunitySecretary, CommunityWorker, GridWorker,
        BranchOfficer, Instructor, ContactLeader, Auditor,
    ],
    /// 登记与撤回纸质同意
    ConsentsWrite = "consents:write": [CommunitySecretary, CommunityWorker],
    /// 查看同意公开的名录: everyone of the place, and not the technical administrator
    DirectoryRead = "directory:read": [
        DistrictCoord, PropertyAuthority, PriceAuthority, IndustryParty, StreetOfficer, CommunitySecretary,
        CommunityWorker, GridWorker, BranchOfficer, BuildingHead, UnitHead, CompanyAdmin, ProjectManager, CompanyStaff,
        StationHead, StationStaff, OcChair, OcMember, Owner, Resident, MutualAidChair, Mediator, SquadLeader, Volunteer,
        Instructor, ContactLeader, Assessor, CourtLiaison, Auditor,
    ],
    /// 查看个人信息请求
    DataRequestsRead = "data_requests:read": [CommunitySecretary, CommunityWorker, Auditor],
    /// 答复个人信息请求
    DataRequestsAnswer = "data_requests:answer": [CommunitySecretary],
}

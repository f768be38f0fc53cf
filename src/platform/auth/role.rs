//! The roles of the field (domain B0), their rank and the family that may hand them on.

use crate::text_enum;

text_enum! {
    /// 角色. What a person is in one area; a person may hold several.
    Role {
        /// 平台管理员: technical only, decides no business
        PlatformAdmin = "platform_admin",
        /// 区级统筹 (组织部/协调机制)
        DistrictCoord = "district_coord",
        /// 住建/房管部门
        PropertyAuthority = "property_authority",
        /// 发改部门
        PriceAuthority = "price_authority",
        /// 物业行业党委
        IndustryParty = "industry_party",
        /// 街道干部
        StreetOfficer = "street_officer",
        /// 社区书记
        CommunitySecretary = "community_secretary",
        /// 社区工作者
        CommunityWorker = "community_worker",
        /// 网格员
        GridWorker = "grid_worker",
        /// 小区/楼栋支部书记、委员
        BranchOfficer = "branch_officer",
        /// 楼长
        BuildingHead = "building_head",
        /// 单元长
        UnitHead = "unit_head",
        /// 物业企业管理员
        CompanyAdmin = "company_admin",
        /// 物业项目经理
        ProjectManager = "project_manager",
        /// 物业员工
        CompanyStaff = "company_staff",
        /// 红色物业服务站站长
        StationHead = "station_head",
        /// 服务站工作人员
        StationStaff = "station_staff",
        /// 业委会/自管委主任
        OcChair = "oc_chair",
        /// 业委会/自管委委员
        OcMember = "oc_member",
        /// 业主 (已核实)
        Owner = "owner",
        /// 居民 (使用人、租户)
        Resident = "resident",
        /// 互助会会长
        MutualAidChair = "mutual_aid_chair",
        /// 调解员
        Mediator = "mediator",
        /// 志愿者队长
        SquadLeader = "squad_leader",
        /// 志愿者
        Volunteer = "volunteer",
        /// 党建指导员
        Instructor = "instructor",
        /// 包抓领导
        ContactLeader = "contact_leader",
        /// 考评员
        Assessor = "assessor",
        /// 法院联络员
        CourtLiaison = "court_liaison",
        /// 审计员 (只读)
        Auditor = "auditor",
    }
}

/// Who answers for a role: a company hands on company roles only, a government body any role in its area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    Government,
    Company,
    Community,
}

impl Role {
    /// Order of authority; nobody grants a role above their own.
    pub fn rank(self) -> u8 {
        use Role::*;
        match self {
            PlatformAdmin => 90,
            DistrictCoord => 80,
            PropertyAuthority | PriceAuthority | IndustryParty | CourtLiaison | Auditor | ContactLeader => 70,
            StreetOfficer | Assessor => 60,
            CommunitySecretary => 50,
            CommunityWorker | Instructor => 40,
            CompanyAdmin | BranchOfficer | GridWorker | StationHead | OcChair | MutualAidChair => 30,
            ProjectManager | StationStaff | OcMember | Mediator | SquadLeader => 25,
            BuildingHead | UnitHead | CompanyStaff => 20,
            Owner | Resident | Volunteer => 10,
        }
    }

    pub fn family(self) -> Family {
        use Role::*;
        match self {
            PlatformAdmin | DistrictCoord | PropertyAuthority | PriceAuthority | IndustryParty | StreetOfficer
            | CommunitySecretary | CommunityWorker | GridWorker | Instructor | ContactLeader | Assessor
            | CourtLiaison | Auditor => Family::Government,
            CompanyAdmin | ProjectManager | CompanyStaff => Family::Company,
            BranchOfficer | BuildingHead | UnitHead | StationHead | StationStaff | OcChair | OcMember | Owner
            | Resident | MutualAidChair | Mediator | SquadLeader | Volunteer => Family::Community,
        }
    }

    /// Whether the role is one that people hold for an organisation, and so wherever it serves.
    pub fn acts_for_organisation(self) -> bool {
        use Role::*;
        matches!(
            self,
            CompanyAdmin
                | ProjectManager
                | CompanyStaff
                | StationHead
                | StationStaff
                | OcChair
                | OcMember
                | BranchOfficer
                | MutualAidChair
                | SquadLeader
        )
    }

    /// Whether a holder of this role may hand on `other`.
    pub fn may_grant(self, other: Role) -> bool {
        other.rank() <= self.rank() && (self.family() == Family::Government || self.family() == other.family())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_grants_above_their_rank() {
        for granter in Role::ALL {
            for role in Role::ALL {
                assert!(!granter.may_grant(*role) || role.rank() <= granter.rank(), "{granter} -> {role}");
            }
        }
    }

    #[test]
    fn a_company_hands_on_company_roles_only() {
        assert!(Role::CompanyAdmin.may_grant(Role::CompanyStaff));
        assert!(!Role::CompanyAdmin.may_grant(Role::GridWorker));
        assert!(!Role::CompanyAdmin.may_grant(Role::Owner));
        assert!(Role::CommunitySecretary.may_grant(Role::CompanyAdmin));
    }
}

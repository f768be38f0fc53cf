use platform::{id, text_enum};

id!(
    /// 组织编号
    OrganisationId
);

text_enum! {
    /// 组织类型
    OrgKind {
        /// 政府部门
        GovernmentAuthority = "government_authority",
        /// 社区居委会
        ResidentsCommittee = "residents_committee",
        /// 党组织
        PartyOrg = "party_org",
        /// 物业服务企业
        PropertyCompany = "property_company",
        /// 红色物业服务站
        RedServiceStation = "red_service_station",
        /// 业主委员会
        OwnersCommittee = "owners_committee",
        /// 自管委员会
        SelfManagementCommittee = "self_management_committee",
        /// 居民议事会
        ResidentsCouncil = "residents_council",
        /// 党群议事会
        PartyMassCouncil = "party_mass_council",
        /// 互助会
        MutualAidAssociation = "mutual_aid_association",
        /// 驻区/共驻共建单位
        CoLocatedUnit = "co_located_unit",
        /// 社会组织
        SocialOrg = "social_org",
        /// 行业协会
        IndustryAssociation = "industry_association",
        /// 法院
        Court = "court",
        /// 服务机构
        ServiceProvider = "service_provider",
        /// 供应商
        Supplier = "supplier",
        /// 用人单位
        Employer = "employer",
        /// 高校
        University = "university",
        /// 志愿服务队
        VolunteerSquad = "volunteer_squad",
    }
}

text_enum! {
    /// 党组织类别
    PartyOrgKind {
        /// 区级协调机构
        DistrictCoord = "district_coord",
        /// 街道党工委
        StreetWorkCommittee = "street_work_committee",
        /// 社区党委
        CommunityCommittee = "community_committee",
        /// 党总支
        GeneralBranch = "general_branch",
        /// 社区大党委
        BigCommittee = "big_committee",
        /// 物业行业党委
        IndustryCommittee = "industry_committee",
        /// 企业党支部
        CompanyBranch = "company_branch",
        /// 联合党支部
        JointBranch = "joint_branch",
        /// 挂靠党支部
        AffiliatedBranch = "affiliated_branch",
        /// 业委会党支部
        OcBranch = "oc_branch",
        /// 小区党支部
        CompoundBranch = "compound_branch",
        /// 楼栋党小组
        BuildingGroup = "building_group",
        /// 党员中心户
        MemberKeyHousehold = "member_key_household",
    }
}

text_enum! {
    /// 组织状态. Companies: registered → active → exiting → exited; the others: founded → active → dissolved
    OrgStatus {
        /// 已登记 (企业)
        Registered = "registered",
        /// 已成立
        Founded = "founded",
        /// 运行中
        Active = "active",
        /// 暂停
        Suspended = "suspended",
        /// 退出中 (企业): handing over
        Exiting = "exiting",
        /// 已退出 (企业)
        Exited = "exited",
        /// 已撤销
        Dissolved = "dissolved",
    }
}

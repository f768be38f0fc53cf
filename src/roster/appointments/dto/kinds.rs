use platform::{id, text_enum};

id!(
    /// 岗位编号
    PostId
);
id!(
    /// 任职编号
    AppointmentId
);
id!(
    /// 选举记录编号
    ElectionId
);
id!(
    /// 利害关系申报编号
    DeclarationId
);

text_enum! {
    /// 席位种类
    SeatKind {
        /// 主任 (委员会)
        Chair = "chair",
        /// 副主任 (委员会)
        DeputyChair = "deputy_chair",
        /// 委员
        Member = "member",
        /// 书记
        Secretary = "secretary",
        /// 副书记
        DeputySecretary = "deputy_secretary",
        /// 党组织委员
        CommitteeMember = "committee_member",
        /// 党总支书记
        GeneralBranchSecretary = "general_branch_secretary",
        /// 兼职委员
        PartTimeMember = "part_time_member",
        /// 居委会主任
        Director = "director",
        /// 居委会副主任
        DeputyDirector = "deputy_director",
        /// 负责人 (站长、队长、单位负责人)
        Head = "head",
        /// 工作人员
        Staff = "staff",
        /// 企业管理员
        Administrator = "administrator",
        /// 项目经理
        ProjectManager = "project_manager",
        /// 楼长
        BuildingHead = "building_head",
        /// 单元长
        UnitHead = "unit_head",
        /// 兼职网格员
        PartTimeGridWorker = "part_time_grid_worker",
        /// 调解员
        Mediator = "mediator",
    }
}

text_enum! {
    /// 任职方式
    AppointmentRoute {
        /// 选举
        Elected = "elected",
        /// 增补、推选
        CoOpted = "co_opted",
        /// 委派、任命
        Assigned = "assigned",
        /// 聘用
        Hired = "hired",
    }
}

text_enum! {
    /// 监督与考评职责: what a post does to the company that it is about
    PostDuty {
        /// 无
        None = "none",
        /// 监督
        Supervision = "supervision",
        /// 考评
        Assessment = "assessment",
    }
}

text_enum! {
    /// 已登记的任职状态: what is stored; [`AppointmentState`] is what stands today
    Status {
        /// 已提名
        Proposed = "proposed",
        /// 原单位已同意
        HomeConsented = "home_consented",
        /// 已审查
        Checked = "checked",
        /// 公示中
        Publicity = "publicity",
        /// 已登记 (非交叉任职)
        Recorded = "recorded",
        /// 已批准, 任期未始
        Approved = "approved",
        /// 在任
        Active = "active",
        /// 已续任
        Renewed = "renewed",
        /// 期满
        Expired = "expired",
        /// 已终止
        Ended = "ended",
        /// 已驳回
        Rejected = "rejected",
        /// 已撤回
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// 任职状态, as of today
    AppointmentState {
        /// 已提名
        Proposed = "proposed",
        /// 原单位已同意
        HomeConsented = "home_consented",
        /// 已审查
        Checked = "checked",
        /// 公示中
        Publicity = "publicity",
        /// 已登记 (非交叉任职)
        Recorded = "recorded",
        /// 已批准, 任期未始
        Approved = "approved",
        /// 在任
        Active = "active",
        /// 将届满 (60 日内)
        Expiring = "expiring",
        /// 已续任
        Renewed = "renewed",
        /// 期满
        Expired = "expired",
        /// 超期留任, until a successor is in office
        CarryOver = "carry_over",
        /// 已终止
        Ended = "ended",
        /// 已驳回
        Rejected = "rejected",
        /// 已撤回
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// 终止原因
    AppointmentEndReason {
        /// 辞职
        Resigned = "resigned",
        /// 免职、罢免
        Removed = "removed",
        /// 失去任职资格
        LostEligibility = "lost_eligibility",
        /// 组织撤销或退出
        OrganisationEnded = "organisation_ended",
        /// 岗位撤销
        PostClosed = "post_closed",
        /// 原任职务终止
        BasePostEnded = "base_post_ended",
        /// 物业服务合同终止
        ContractEnded = "contract_ended",
        /// 人员档案关闭
        PersonClosed = "person_closed",
        /// 继任者到任
        Succeeded = "succeeded",
        /// 任期届满
        TermOver = "term_over",
    }
}

text_enum! {
    /// 利害关系
    InterestRelation {
        /// 本人任职
        Employee = "employee",
        /// 本人持股
        Shareholder = "shareholder",
        /// 配偶任职或持股
        SpouseOfEmployee = "spouse_of_employee",
        /// 直系亲属等近亲属任职或持股
        CloseKinOfEmployee = "close_kin_of_employee",
        /// 供应商或其他直接利益关系
        Supplier = "supplier",
    }
}

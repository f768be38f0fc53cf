use platform::{id, text_enum};

id!(
    /// 会议系列编号
    SeriesId
);
id!(
    /// 会议编号
    MeetingId
);
id!(
    /// 席位编号
    SeatId
);
id!(
    /// 议题编号
    AgendaItemId
);
id!(
    /// 纪要版本编号
    MinutesId
);
id!(
    /// 修改意见编号
    AmendmentId
);
id!(
    /// 决议编号
    ResolutionId
);
id!(
    /// 行动项编号
    ActionItemId
);

/// 版本号 in a path, where everything is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionNumber(pub i32);

impl<'de> serde::Deserialize<'de> for VersionNumber {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().ok().filter(|number| *number > 0).map(Self).ok_or_else(|| serde::de::Error::custom("no version"))
    }
}

text_enum! {
    /// 会议类型
    MeetingKind {
        /// 四方联席会议
        FourPartyJoint = "four_party_joint",
        /// 月度联席会议
        MonthlyJoint = "monthly_joint",
        /// 红色议事厅
        RedCouncilHall = "red_council_hall",
        /// 民情恳谈会 (事前)
        OpinionMeeting = "opinion_meeting",
        /// 事务协调会 (事中)
        Coordination = "coordination",
        /// 成效评议会 (事后)
        Appraisal = "appraisal",
        /// 邻里议事会
        NeighboursCouncil = "neighbours_council",
        /// 小板凳议事会
        SmallStool = "small_stool",
        /// 物业联席会
        PropertyJoint = "property_joint",
        /// 推进、部署、考核会
        DeploymentAssessment = "deployment_assessment",
        /// 专题培训
        Training = "training",
        /// 观摩交流会
        ObservationExchange = "observation_exchange",
        /// 现场办公
        OnsiteOffice = "onsite_office",
        /// 党支部选举大会
        BranchElection = "branch_election",
        /// 业主大会会议
        OwnersAssembly = "owners_assembly",
        /// 业委会会议
        OcMeeting = "oc_meeting",
        /// 居民会议
        ResidentsAssembly = "residents_assembly",
        /// 党群议事会
        PartyMassCouncil = "party_mass_council",
        /// 道德评议 (不公开)
        MoralAppraisal = "moral_appraisal",
    }
}

text_enum! {
    /// 召开周期
    Cadence {
        /// 每周
        Weekly = "weekly",
        /// 每月
        Monthly = "monthly",
        /// 每季度
        Quarterly = "quarterly",
        /// 每半年
        HalfYearly = "half_yearly",
        /// 每年
        Yearly = "yearly",
        /// 按需
        AsNeeded = "as_needed",
    }
}

text_enum! {
    /// 参会方: what an organisation is at the table
    MeetingParty {
        /// 社区居委会
        Community = "community",
        /// 业委会、自管委
        Owners = "owners",
        /// 物业服务企业、红色物业服务站
        Company = "company",
        /// 共驻共建单位
        CoLocated = "co_located",
        /// 政府部门、街道
        Authority = "authority",
        /// 党组织
        PartyOrganisation = "party_organisation",
        /// 居民代表: councils and associations of residents
        Residents = "residents",
        /// 其他
        Other = "other",
    }
}

text_enum! {
    /// 会议状态
    MeetingStatus {
        /// 筹备
        Planned = "planned",
        /// 已通知: the agenda is fixed
        Notified = "notified",
        /// 进行中
        InSession = "in_session",
        /// 已结束
        Closed = "closed",
        /// 已延期: to be called anew
        Postponed = "postponed",
        /// 已取消
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// 会议性质: whether who had to be there was
    Standing {
        /// 有效会议
        Joint = "joint",
        /// 仅为协商: the quorum was not met, so it decides nothing
        Consultation = "consultation",
    }
}

text_enum! {
    /// 会议形式、出席方式
    Mode {
        /// 现场
        Onsite = "onsite",
        /// 线上
        Online = "online",
        /// 书面
        Paper = "paper",
    }
}

text_enum! {
    /// 席位
    SeatRole {
        /// 召集人
        Convener = "convener",
        /// 成员
        Member = "member",
        /// 列席
        Observer = "observer",
    }
}

text_enum! {
    /// 出席情况
    Attendance {
        /// 出席
        Present = "present",
        /// 委托代理人出席
        Proxy = "proxy",
        /// 请假
        Excused = "excused",
        /// 据原纪要补录: of meetings that were held before the register was kept; nobody is named
        Recorded = "recorded",
    }
}

text_enum! {
    /// 登记的出席情况
    AttendanceAs {
        /// 出席
        Present = "present",
        /// 委托代理人出席
        Proxy = "proxy",
        /// 请假
        Excused = "excused",
    }
}

text_enum! {
    /// 议题种类
    ItemKind {
        /// 通报
        Report = "report",
        /// 协商
        Deliberation = "deliberation",
        /// 表决
        Vote = "vote",
    }
}

text_enum! {
    /// 议题来源
    SourceKind {
        /// 事件工单
        Case = "case",
        /// 巡查发现: a case that a grid patrol reported
        Finding = "finding",
        /// 满意度测评
        Survey = "survey",
        /// 业主动议
        Motion = "motion",
        /// 遗留问题, in the words of `source_note`
        Legacy = "legacy",
        /// 公示异议
        Objection = "objection",
    }
}

text_enum! {
    /// 议题状态
    ItemStatus {
        /// 已提出, not on the agenda yet
        Proposed = "proposed",
        /// 已列入议程
        Listed = "listed",
        /// 未采纳
        Declined = "declined",
        /// 已撤回
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// 表决意见
    Choice {
        /// 同意
        Agree = "agree",
        /// 反对
        Against = "against",
        /// 弃权
        Abstain = "abstain",
    }
}

text_enum! {
    /// 纪要状态
    MinutesStatus {
        /// 起草
        Drafting = "drafting",
        /// 征求意见: those who checked in may ask for amendments
        Circulated = "circulated",
        /// 会签
        Countersigning = "countersigning",
        /// 已发布
        Published = "published",
        /// 已由更正版本取代
        Superseded = "superseded",
        /// 已放弃: a correction that was not pursued
        Dropped = "dropped",
    }
}

text_enum! {
    /// 修改意见的处理
    Disposition {
        /// 待处理
        Open = "open",
        /// 采纳
        Accepted = "accepted",
        /// 不采纳
        Rejected = "rejected",
    }
}

text_enum! {
    /// 会签意见
    SignatureKind {
        /// 签署
        Signed = "signed",
        /// 保留意见
        Dissent = "dissent",
        /// 逾期视为同意
        Deemed = "deemed",
    }
}

text_enum! {
    /// 决议方式
    Method {
        /// 协商一致
        Consensus = "consensus",
        /// 多数表决
        Majority = "majority",
        /// 转有关单位办理
        Transferred = "transferred",
        /// 建议
        Advice = "advice",
        /// 业主双过半: takes effect by a vote of the owners only (Civil Code 278)
        DualMajority = "dual_majority",
    }
}

text_enum! {
    /// 决议状态
    ResolutionStatus {
        /// 已提出
        Proposed = "proposed",
        /// 已通过: takes effect with the minutes
        Adopted = "adopted",
        /// 未通过
        Rejected = "rejected",
        /// 暂缓
        Deferred = "deferred",
        /// 已生效
        Effective = "effective",
        /// 执行中
        InExecution = "in_execution",
        /// 已完成
        Done = "done",
        /// 已评议
        Reviewed = "reviewed",
        /// 已由另一决议取代
        Superseded = "superseded",
        /// 已由街道撤销 (物业管理条例第19条)
        Revoked = "revoked",
    }
}

text_enum! {
    /// 行动项状态
    ActionStatus {
        /// 已交办
        Assigned = "assigned",
        /// 已退回: once, with a reason; assigned anew
        Returned = "returned",
        /// 已接受
        Accepted = "accepted",
        /// 办理中
        Doing = "doing",
        /// 已提交成果
        Submitted = "submitted",
        /// 已核验
        Verified = "verified",
        /// 已关闭
        Closed = "closed",
        /// 已取消: its resolution no longer stands
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// 督办层级
    Level {
        /// 支部
        Branch = "branch",
        /// 社区
        Community = "community",
        /// 街道
        Street = "street",
        /// 区县
        District = "district",
    }
}

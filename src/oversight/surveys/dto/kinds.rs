use platform::{id, text_enum};

id!(
    /// 问卷版本编号
    SurveyFormId
);
id!(
    /// 测评编号
    SurveyRoundId
);
id!(
    /// 邀请编号
    SurveyInvitationId
);
id!(
    /// 文字意见编号
    SurveyCommentId
);
id!(
    /// 测评后果编号
    SurveyConsequenceId
);

text_enum! {
    /// 调查种类
    SurveyKind {
        /// 满意度测评
        Satisfaction = "satisfaction",
        /// 需求调查
        Demand = "demand",
        /// 四感调查
        FourSenses = "four_senses",
    }
}

text_enum! {
    /// 题型
    SurveyQuestionKind {
        /// 评分, 1 to 5
        Scale = "scale",
        /// 单选
        Choice = "choice",
        /// 文字
        Text = "text",
    }
}

text_enum! {
    /// 答卷人范围
    SurveyRespondents {
        /// 业主, one answer a room
        Owners = "owners",
        /// 居民, one answer a person
        Residents = "residents",
        /// 业主、社区、业委会三方
        ThreeParty = "three_party",
    }
}

text_enum! {
    /// 答卷的一方
    SurveyParty {
        /// 业主
        Owners = "owners",
        /// 居民
        Residents = "residents",
        /// 社区, by those in office in the residents' committee
        Community = "community",
        /// 业委会, by those in office in the owners' or self-management committee
        Committee = "committee",
    }
}

impl SurveyParty {
    /// Whether it is of those many who are asked, one answer a household or a person.
    pub fn is_asked(self) -> bool {
        matches!(self, Self::Owners | Self::Residents)
    }
}

impl SurveyRespondents {
    /// The many who are asked.
    pub fn asked(self) -> SurveyParty {
        match self {
            Self::Owners | Self::ThreeParty => SurveyParty::Owners,
            Self::Residents => SurveyParty::Residents,
        }
    }
}

text_enum! {
    /// 答卷渠道
    SurveyChannel {
        /// 小程序邀请
        MiniProgram = "mini_program",
        /// 网页链接
        Web = "web",
        /// 登录账号
        Account = "account",
        /// 电话代录
        Phone = "phone",
    }
}

text_enum! {
    /// 邀请方式
    SurveyInvitationWay {
        /// 小程序
        MiniProgram = "mini_program",
        /// 网页链接
        Web = "web",
    }
}

impl From<SurveyInvitationWay> for SurveyChannel {
    fn from(way: SurveyInvitationWay) -> Self {
        match way {
            SurveyInvitationWay::MiniProgram => Self::MiniProgram,
            SurveyInvitationWay::Web => Self::Web,
        }
    }
}

text_enum! {
    /// 测评状态
    SurveyStatus {
        /// 草稿
        Draft = "draft",
        /// 已发布, not open yet
        Published = "published",
        /// 答卷中
        Open = "open",
        /// 已截止
        Closed = "closed",
        /// 已统计
        Computed = "computed",
        /// 无效: too few answered, or an objection was upheld; nothing follows from it
        Invalid = "invalid",
        /// 公示中
        Publicised = "publicised",
        /// 已定论
        Final = "final",
        /// 已取消
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// 结论
    SurveyOutcome {
        /// 及格
        Pass = "pass",
        /// 不及格
        Fail = "fail",
        /// 份数不足, 不产生后果
        Insufficient = "insufficient",
        /// 异议成立, 结果作废
        Annulled = "annulled",
        /// 不作及格判定: a demand or the four senses
        NoVerdict = "no_verdict",
    }
}

text_enum! {
    /// 后果状态
    SurveyConsequenceStatus {
        /// 待街道确认
        Proposed = "proposed",
        /// 整改中
        Rectifying = "rectifying",
        /// 复测中
        Rechecking = "rechecking",
        /// 复测已定论, 待街道确认
        Rechecked = "rechecked",
        /// 复测及格
        Passed = "passed",
        /// 可以提出解聘议题: for the owners to decide (Civil Code 278); nothing ends by itself
        MotionEligible = "motion_eligible",
        /// 街道不予确认
        Dropped = "dropped",
    }
}

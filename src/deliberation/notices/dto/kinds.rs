//! The closed sets, by their stable codes.

use platform::{id, text_enum};

id!(
    /// 通知编号
    NoticeId
);
id!(
    /// 张贴照片编号
    NoticePhotoId
);
id!(
    /// 联盟群编号
    AllianceGroupId
);
id!(
    /// 群内发言编号
    AlliancePostId
);
id!(
    /// 管理记录编号
    ModerationId
);

text_enum! {
    /// 通知类别
    NoticeClass {
        /// 一般通知
        General = "general",
        /// 法定公告: posted for its period, and never withdrawn within it
        Legal = "legal",
    }
}

text_enum! {
    /// 通知的存续: as it is kept
    NoticeStanding {
        /// 已发布
        Published = "published",
        /// 已撤回
        Withdrawn = "withdrawn",
        /// 已更正重发
        Superseded = "superseded",
    }
}

text_enum! {
    /// 通知状态
    NoticeStatus {
        /// 有效
        Published = "published",
        /// 已失效: its time is over
        Expired = "expired",
        /// 已撤回
        Withdrawn = "withdrawn",
        /// 已更正重发
        Superseded = "superseded",
    }
}

text_enum! {
    /// 联盟的一方
    AllianceParty {
        /// 社区
        Community = "community",
        /// 物业企业
        Company = "company",
        /// 居民
        Resident = "resident",
    }
}

text_enum! {
    /// 群内发言种类
    AlliancePostKind {
        /// 群通知, by the community
        Notice = "notice",
        /// 报事
        Problem = "problem",
        /// 回复
        Reply = "reply",
        /// 表扬
        Praise = "praise",
        /// 警示, by the community
        Warning = "warning",
    }
}

text_enum! {
    /// 隐藏原因
    HideReason {
        /// 含个人信息
        PersonalData = "personal_data",
        /// 辱骂
        Abuse = "abuse",
        /// 广告
        Advertising = "advertising",
        /// 不实信息
        Untrue = "untrue",
        /// 与本群无关
        OffTopic = "off_topic",
        /// 其他
        Other = "other",
    }
}

text_enum! {
    /// 管理动作
    ModerationAction {
        /// 隐藏
        Hide = "hide",
        /// 恢复
        Unhide = "unhide",
    }
}

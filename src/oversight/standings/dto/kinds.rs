//! The closed sets, by their stable codes.

use platform::{id, text_enum};

id!(
    /// 名单条目编号
    ListingId
);
id!(
    /// 陈述或听证记录编号
    StatementId
);
id!(
    /// 修复申请编号
    RepairRequestId
);
id!(
    /// 证据照片编号
    ListingPhotoId
);
id!(
    /// 信用事件编号
    CreditEventId
);
id!(
    /// 排名快照编号
    RankingId
);
id!(
    /// 红黑榜编号
    BoardId
);

text_enum! {
    /// 名单
    ListKind {
        /// 红名单
        Red = "red",
        /// 关注名单 (黄牌)
        Watch = "watch",
        /// 黑名单
        Black = "black",
    }
}

text_enum! {
    /// 名单条目状态
    ListingStatus {
        /// 已提出
        Proposed = "proposed",
        /// 已书面告知, 陈述申辩期内
        Notified = "notified",
        /// 已决定列入
        Decided = "decided",
        /// 决定不列入
        Rejected = "rejected",
        /// 已撤回
        Withdrawn = "withdrawn",
        /// 已公布, 异议期内
        Published = "published",
        /// 异议办理中
        Objected = "objected",
        /// 生效
        Active = "active",
        /// 已到期
        Expired = "expired",
        /// 已修复
        Repaired = "repaired",
        /// 已撤销
        Revoked = "revoked",
    }
}

text_enum! {
    /// 措施: what being listed may lead to. There is no other, and none that binds anybody else than who lists
    Measure {
        /// 通报表扬
        Commendation = "commendation",
        /// 减少检查频次
        FewerInspections = "fewer_inspections",
        /// 约谈提醒
        Interview = "interview",
        /// 增加检查频次
        MoreInspections = "more_inspections",
        /// 不予评优评先
        NoHonours = "no_honours",
        /// 不作选聘推荐
        NoBiddingAdvice = "no_bidding_advice",
    }
}

impl Measure {
    /// As the public is told, in both languages.
    pub fn told(self) -> (&'static str, &'static str) {
        match self {
            Measure::Commendation => ("通报表扬", "Commended publicly"),
            Measure::FewerInspections => ("减少检查频次", "Inspected less often"),
            Measure::Interview => ("约谈提醒", "Called in for a talk"),
            Measure::MoreInspections => ("增加检查频次", "Inspected more often"),
            Measure::NoHonours => ("不予评优评先", "No honours"),
            Measure::NoBiddingAdvice => ("不作选聘推荐", "Not recommended to owners who look for a company"),
        }
    }
}

text_enum! {
    /// 记录种类
    StatementKind {
        /// 书面陈述申辩, by the organisation
        Statement = "statement",
        /// 听证
        Hearing = "hearing",
    }
}

text_enum! {
    /// 异议办理结果
    ListingObjectionOutcome {
        /// 成立: the entry is revoked
        Upheld = "upheld",
        /// 不成立: the entry takes effect
        Dismissed = "dismissed",
    }
}

text_enum! {
    /// 修复申请办理结果
    RepairOutcome {
        /// 予以修复
        Granted = "granted",
        /// 不予修复
        Declined = "declined",
    }
}

text_enum! {
    /// 信用事件种类
    CreditKind {
        /// 良好
        Good = "good",
        /// 不良
        Bad = "bad",
    }
}

text_enum! {
    /// 快照状态
    SnapshotStatus {
        /// 有效
        Standing = "standing",
        /// 已被更正
        Superseded = "superseded",
    }
}

text_enum! {
    /// 榜
    BoardSide {
        /// 红榜
        Red = "red",
        /// 黑榜
        Black = "black",
    }
}

text_enum! {
    /// 上榜理由
    BoardReason {
        /// 名次居前
        FirstPlaces = "first_places",
        /// 得分达到红榜线
        HighScore = "high_score",
        /// 名次居后
        LastPlaces = "last_places",
        /// 得分低于黑榜线
        LowScore = "low_score",
    }
}

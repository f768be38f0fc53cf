//! The closed sets, by their stable codes.

use platform::{id, text_enum};

id!(
    /// 评定办法编号
    RatingSchemeId
);
id!(
    /// 指标编号
    RatingIndicatorId
);
id!(
    /// 评定批次编号
    RatingCampaignId
);
id!(
    /// 参评项目编号
    RatingProjectId
);
id!(
    /// 认领编号
    RatingClaimId
);
id!(
    /// 佐证材料编号
    RatingClaimFileId
);
id!(
    /// 评分人编号: of one account in one campaign
    RatingAssessorId
);
id!(
    /// 评分表编号
    RatingSheetId
);
id!(
    /// 评定事实编号
    RatingFactId
);
id!(
    /// 评定结果编号
    RatingResultId
);
id!(
    /// 申诉编号
    RatingAppealId
);

text_enum! {
    /// 评定维度
    RatingDimension {
        /// 组织建设
        Organisation = "organisation",
        /// 骨干队伍
        Team = "team",
        /// 服务质量
        Service = "service",
        /// 运营管理
        Operation = "operation",
        /// 社会形象
        Image = "image",
    }
}

text_enum! {
    /// 评分主体, who fills in sheets
    RatingScorer {
        /// 行业主管部门
        Authority = "authority",
        /// 行业协会
        Association = "association",
        /// 同行企业
        Peer = "peer",
    }
}

text_enum! {
    /// 评分方, whose weight a score has
    RatingPanel {
        /// 行业主管部门
        Authority = "authority",
        /// 行业协会
        Association = "association",
        /// 同行企业
        Peer = "peer",
        /// 业主满意度
        Satisfaction = "satisfaction",
    }
}

impl From<RatingScorer> for RatingPanel {
    fn from(scorer: RatingScorer) -> Self {
        match scorer {
            RatingScorer::Authority => RatingPanel::Authority,
            RatingScorer::Association => RatingPanel::Association,
            RatingScorer::Peer => RatingPanel::Peer,
        }
    }
}

text_enum! {
    /// 佐证类型
    IndicatorEvidence {
        /// 文件资料
        Document = "document",
        /// 照片
        Photo = "photo",
        /// 台账记录
        Record = "record",
        /// 现场查看
        Visit = "visit",
        /// 无需佐证
        None = "none",
    }
}

text_enum! {
    /// 评定办法状态
    RatingSchemeStatus {
        /// 草案
        Draft = "draft",
        /// 已发布: never changed any more
        Published = "published",
    }
}

text_enum! {
    /// 评定批次状态
    RatingCampaignStatus {
        /// 草拟
        Draft = "draft",
        /// 对标认领
        Claiming = "claiming",
        /// 评分中
        Assessing = "assessing",
        /// 已汇总
        Collated = "collated",
        /// 公示中
        Publicity = "publicity",
        /// 申诉期
        Appeals = "appeals",
        /// 已定星
        Final = "final",
        /// 动态管理
        Monitoring = "monitoring",
        /// 已结束
        Closed = "closed",
    }
}

text_enum! {
    /// 认领状态
    RatingClaimStatus {
        /// 已认领
        Submitted = "submitted",
        /// 已撤回
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// 评分轮次
    RatingRound {
        /// 初评
        First = "first",
        /// 复核
        Review = "review",
    }
}

text_enum! {
    /// 评分表状态
    RatingSheetStatus {
        /// 草稿
        Draft = "draft",
        /// 已提交: frozen
        Submitted = "submitted",
    }
}

text_enum! {
    /// 评定事实种类
    RatingFactKind {
        /// 红线事件
        RedLine = "red_line",
        /// 五公开不完整
        DisclosuresIncomplete = "disclosures_incomplete",
        /// 业主满意度
        Satisfaction = "satisfaction",
    }
}

text_enum! {
    /// 封顶原因
    RatingCapReason {
        /// 红线事件
        RedLine = "red_line",
        /// 一票否决指标
        VetoIndicator = "veto_indicator",
        /// 五公开不完整
        DisclosuresIncomplete = "disclosures_incomplete",
        /// 满意度不达标
        LowSatisfaction = "low_satisfaction",
    }
}

text_enum! {
    /// 申诉状态
    RatingAppealStatus {
        /// 已提出
        Raised = "raised",
        /// 维持
        Upheld = "upheld",
        /// 改判
        Revised = "revised",
    }
}

text_enum! {
    /// 复核结论
    RatingAppealOutcome {
        /// 维持: the result stands
        Upheld = "upheld",
        /// 改判: it is computed anew from what the review found
        Revised = "revised",
    }
}

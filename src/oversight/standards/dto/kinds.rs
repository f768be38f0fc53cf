//! The closed sets, by their stable codes.

use platform::{id, text_enum};

id!(
    /// 标准清单版本编号
    ChecklistId
);
id!(
    /// 清单项编号
    ChecklistItemId
);
id!(
    /// 检查编号
    CheckRunId
);
id!(
    /// 检查佐证编号
    CheckEvidenceId
);
id!(
    /// 承诺编号
    CommitmentId
);
id!(
    /// 周反馈编号
    WeeklyItemId
);
id!(
    /// 考核结果编号
    AssessmentId
);
id!(
    /// 红线扣分编号
    RedLineId
);
id!(
    /// 目标责任书编号
    TargetContractId
);

text_enum! {
    /// 标准类别
    ChecklistKind {
        /// 红色物业标准化建设40条
        Red40 = "red40",
        /// 物业管理和服务标准15项
        Service15 = "service15",
        /// 日常工作15项
        Routine15 = "routine15",
        /// 突出问题专项整治10项
        Special10 = "special10",
        /// 红色阵地“六有”
        SixHaves = "six_haves",
        /// 五公开
        FiveDisclosures = "five_disclosures",
        /// 智慧物业试点
        SmartPilot = "smart_pilot",
    }
}

text_enum! {
    /// 清单版本状态
    ChecklistStatus {
        /// 草稿
        Draft = "draft",
        /// 在用
        Published = "published",
        /// 已有新版本
        Superseded = "superseded",
    }
}

text_enum! {
    /// 检查状态
    CheckRunStatus {
        /// 检查中
        Draft = "draft",
        /// 已提交, and fixed
        Submitted = "submitted",
    }
}

text_enum! {
    /// 清单项结果
    CheckResult {
        /// 符合
        Pass = "pass",
        /// 部分符合
        Partial = "partial",
        /// 不符合
        Fail = "fail",
        /// 不适用
        Na = "na",
    }
}

text_enum! {
    /// 承诺状态
    CommitmentStatus {
        /// 草稿
        Draft = "draft",
        /// 履行中: published, and a part of the service contract
        Published = "published",
        /// 企业已报告完成
        Reported = "reported",
        /// 已确认完成
        Fulfilled = "fulfilled",
        /// 草稿已撤回
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// 考核周期
    AssessmentKind {
        /// 月评比
        MonthlyRating = "monthly_rating",
        /// 季通报
        QuarterlyCircular = "quarterly_circular",
        /// 年考核
        AnnualAssessment = "annual_assessment",
    }
}

text_enum! {
    /// 考核结果状态
    AssessmentStatus {
        /// 有效
        Standing = "standing",
        /// 已撤回
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// 红线事项
    RedLineGround {
        /// 消防安全责任事故
        FireSafetyAccident = "fire_safety_accident",
        /// 以停水停电等催交费用
        UtilitiesStopped = "utilities_stopped",
        /// 侵占挪用资金
        FundMisuse = "fund_misuse",
        /// 虚假公示
        ForgedDisclosure = "forged_disclosure",
    }
}

text_enum! {
    /// 责任书状态
    TargetContractStatus {
        /// 草稿
        Draft = "draft",
        /// 一方已签署
        HalfSigned = "half_signed",
        /// 双方已签署
        Signed = "signed",
        /// 已结算
        Settled = "settled",
    }
}

text_enum! {
    /// 指标方向
    TargetDirection {
        /// 不低于
        AtLeast = "at_least",
        /// 不高于
        AtMost = "at_most",
    }
}

text_enum! {
    /// 指标单位
    TargetUnit {
        /// 比率, its target in basis points
        Percent = "percent",
        /// 数量
        Count = "count",
    }
}

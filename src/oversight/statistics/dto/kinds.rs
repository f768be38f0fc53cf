//! The closed sets of statistics, by their stable codes.

use platform::text_enum;

text_enum! {
    /// 指标
    FigureKey {
        /// F1 物业服务覆盖率
        ServiceCoverage = "service_coverage",
        /// F2 老旧小区占比
        OldCompounds = "old_compounds",
        /// F3 业委会、自管委组建率
        CommitteeEstablishment = "committee_establishment",
        /// F4 物业企业党的组织覆盖率
        PartyOrganisationCoverage = "party_organisation_coverage",
        /// F4 物业企业党的工作覆盖率
        PartyWorkCoverage = "party_work_coverage",
        /// F5 委员中的党员占比
        CommitteePartyShare = "committee_party_share",
        /// F5 委员中的退役军人占比
        CommitteeVeteranShare = "committee_veteran_share",
        /// F6 按时办结率
        OnTimeClosure = "on_time_closure",
        /// F7 回访满意度
        VisitSatisfaction = "visit_satisfaction",
        /// F7 回访率
        VisitRate = "visit_rate",
        /// F8 日均受理
        AcceptedPerDay = "accepted_per_day",
        /// F9 物业投诉率, in a thousand households
        ComplaintRate = "complaint_rate",
        /// F9 物业投诉率同比
        ComplaintRateChange = "complaint_rate_change",
        /// F12 星级分布
        StarDistribution = "star_distribution",
        /// F12 三星级以上占比
        ThreeStarsAndAbove = "three_stars_and_above",
        /// F13 会议场次
        MeetingSessions = "meeting_sessions",
        /// F13 议题解决率
        MeetingYield = "meeting_yield",
        /// F13 巡查发现解决率
        FindingYield = "finding_yield",
        /// F23 本级归档率
        ClosedAtLevel = "closed_at_level",
        /// F25 户均人口
        PersonsPerHousehold = "persons_per_household",
        /// F25 委员会平均人数
        CommitteeSize = "committee_size",
        /// F25 网格平均户数
        HouseholdsPerGrid = "households_per_grid",
        /// 反映时长: from the report to its acceptance
        IntakeMinutes = "intake_minutes",
        /// 协调时长: from the acceptance to the first signature
        CoordinationMinutes = "coordination_minutes",
        /// 落实时长: from that signature to the end of the work
        ImplementationMinutes = "implementation_minutes",
    }
}

text_enum! {
    /// 计量单位
    FigureUnit {
        /// 百分比
        Percent = "percent",
        /// 千分比, in a thousand households
        PerMille = "per_mille",
        /// 件/日
        PerDay = "per_day",
        /// 分钟
        Minutes = "minutes",
        /// 次
        Sessions = "sessions",
        /// 人
        Persons = "persons",
        /// 户
        Households = "households",
    }
}

text_enum! {
    /// 概览的部分
    OverviewField {
        /// 事件现状
        Cases = "cases",
        /// 最近到期的时限
        Clocks = "clocks",
        /// 指标
        Figures = "figures",
        /// 会议
        Meetings = "meetings",
        /// 星级分布
        Stars = "stars",
        /// 最新排名
        Ranking = "ranking",
        /// 下级区域
        Children = "children",
        /// 每日受理与归档
        Daily = "daily",
    }
}

text_enum! {
    /// 分组
    Breakdown {
        /// 下级区域
        Area = "area",
        /// 事件分类
        Category = "category",
        /// 物业企业
        Company = "company",
    }
}

text_enum! {
    /// 指标性质
    FigureKind {
        /// 时点指标: as things stand at the end of a day
        Stock = "stock",
        /// 时期指标: of what happened in a period
        Flow = "flow",
    }
}

text_enum! {
    /// 时间粒度
    TimeStep {
        /// 日
        Day = "day",
        /// 周, from Monday
        Week = "week",
        /// 月
        Month = "month",
        /// 季度
        Quarter = "quarter",
        /// 年
        Year = "year",
    }
}

text_enum! {
    /// 导出格式
    SheetFormat {
        /// 逗号分隔文本, UTF-8
        Csv = "csv",
        /// Excel 工作簿
        Xlsx = "xlsx",
    }
}

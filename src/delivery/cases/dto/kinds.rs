//! The closed sets of a case, by their stable codes.

use platform::{id, text_enum};

id!(
    /// 事件编号
    CaseId
);

text_enum! {
    /// 事件类型
    CaseKind {
        /// 咨询
        Enquiry = "enquiry",
        /// 求助
        Help = "help",
        /// 报修
        Repair = "repair",
        /// 投诉
        Complaint = "complaint",
        /// 建议
        Suggestion = "suggestion",
        /// 表扬
        Praise = "praise",
        /// 上报问题
        Report = "report",
        /// 预约服务
        Service = "service",
    }
}

text_enum! {
    /// 受理渠道
    Channel {
        /// 三方联盟群
        Alliance = "alliance",
        /// 小程序
        App = "app",
        /// 电话
        Phone = "phone",
        /// 窗口
        Window = "window",
        /// 12345 热线
        Hotline12345 = "hotline_12345",
        /// 网格巡查
        GridPatrol = "grid_patrol",
        /// 入户走访
        HomeVisit = "home_visit",
        /// 会议
        Meeting = "meeting",
        /// 智能设备
        SmartDevice = "smart_device",
    }
}

text_enum! {
    /// 紧急程度
    Urgency {
        /// 紧急: danger to people or property
        Emergency = "emergency",
        /// 加急
        Urgent = "urgent",
        /// 一般
        Normal = "normal",
        /// 疑难
        Complex = "complex",
    }
}

text_enum! {
    /// 事件状态
    Status {
        /// 待受理
        Submitted = "submitted",
        /// 已受理
        Accepted = "accepted",
        /// 已派单
        Dispatched = "dispatched",
        /// 已退单
        Returned = "returned",
        /// 已签收
        Signed = "signed",
        /// 处理中
        InProgress = "in_progress",
        /// 已挂起
        Suspended = "suspended",
        /// 已办结,待核实
        Done = "done",
        /// 待回访
        ReturnVisit = "return_visit",
        /// 已归档
        Closed = "closed",
        /// 不予受理
        Rejected = "rejected",
        /// 已撤回
        Cancelled = "cancelled",
        /// 已并案
        Merged = "merged",
    }
}

impl Status {
    /// 未结: somebody still has something to do.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::Rejected | Self::Cancelled | Self::Merged)
    }

    /// With a handler, who is at work or about to be.
    pub fn is_with_handler(self) -> bool {
        matches!(self, Self::Dispatched | Self::Signed | Self::InProgress | Self::Suspended)
    }
}

text_enum! {
    /// 办理层级: small matters end at the branch, big ones at the community, hard ones at the street
    Tier {
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

impl Tier {
    /// The level above; the district has none.
    pub fn above(self) -> Option<Self> {
        match self {
            Self::Branch => Some(Self::Community),
            Self::Community => Some(Self::Street),
            Self::Street => Some(Self::District),
            Self::District => None,
        }
    }
}

text_enum! {
    /// 办理结果: closed is not yet fixed, so it is said apart from the state
    Outcome {
        /// 已解决
        Fixed = "fixed",
        /// 已答复
        Answered = "answered",
        /// 无法解决
        NotFixable = "not_fixable",
        /// 非职责范围
        NotResponsible = "not_responsible",
        /// 已自行解决
        SelfResolved = "self_resolved",
        /// 重复
        Duplicate = "duplicate",
    }
}

text_enum! {
    /// 公开范围
    Visibility {
        /// 公开: on the public screen by category, place to the building, and state
        Public = "public",
        /// 当事各方
        Parties = "parties",
        /// 仅受理方: not for the handler's eyes until it is dispatched
        Desk = "desk",
    }
}

text_enum! {
    /// 报事人身份
    Identity {
        /// 实名: the handler knows who reported
        Open = "open",
        /// 隐名: only the desk knows
        Hidden = "hidden",
        /// 匿名: nobody knows
        Anonymous = "anonymous",
    }
}

text_enum! {
    /// 时限
    ClockKind {
        /// 受理
        Accept = "accept",
        /// 签收
        Sign = "sign",
        /// 首次联系
        Contact = "contact",
        /// 办结
        Resolve = "resolve",
        /// 回访
        Visit = "visit",
    }
}

text_enum! {
    /// 计时方式
    ClockMode {
        /// 自然时间: the hours of the night count
        Wall = "wall",
        /// 工作时间: by the calendar in force, make-up workdays included
        Working = "working",
    }
}

text_enum! {
    /// 计时终止方式
    ClockEnd {
        /// 已完成
        Met = "met",
        /// 已作废: what it measured came to nothing, by a withdrawal, a merge or a new dispatch
        Void = "void",
    }
}

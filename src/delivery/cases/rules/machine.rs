//! The one table of edges of a case: who takes a step from where to where, and what it needs. Domain B6; the mechanics are
//! those of the service-desk model that only a return visit, or its third fruitless attempt, closes.

use platform::text_enum;

use crate::cases::dto::Status;

text_enum! {
    /// 步骤
    Step {
        /// 受理
        Accept = "accept",
        /// 不予受理
        Reject = "reject",
        /// 撤回
        Cancel = "cancel",
        /// 派单
        Dispatch = "dispatch",
        /// 签收
        Sign = "sign",
        /// 退单
        Return = "return",
        /// 联系并开始处理
        Start = "start",
        /// 转办
        Transfer = "transfer",
        /// 挂起
        Suspend = "suspend",
        /// 恢复
        Resume = "resume",
        /// 办结
        Finish = "finish",
        /// 核实
        Verify = "verify",
        /// 回访归档
        Close = "close",
        /// 重开
        Reopen = "reopen",
        /// 升级
        Escalate = "escalate",
        /// 交回下级
        Redelegate = "redelegate",
        /// 改派分类
        Reclassify = "reclassify",
        /// 并案
        Merge = "merge",
        /// 撤销并案
        Unmerge = "unmerge",
    }
}

text_enum! {
    /// 由谁执行
    Party {
        /// 报事人
        Reporter = "reporter",
        /// 受理方: the desk of the case's tier, or of one above it
        Desk = "desk",
        /// 承办方: the organisation's people, or the person named
        Handler = "handler",
        /// 上一层级的受理方
        Above = "above",
        /// 回访人: of the community or above, and not of the handler's house
        Visitor = "visitor",
        /// 系统: where nobody answered for some days, or where the sample left the case out and the time for its visit has run
        /// out twice
        System = "system",
    }
}

text_enum! {
    /// 所需条件, beside the state
    Need {
        /// 无
        Nothing = "nothing",
        /// 原因
        Reason = "reason",
        /// 承办方
        Target = "target",
        /// 与报事人的首次联系
        FirstContact = "first_contact",
        /// 上一层级批准的申请
        Approval = "approval",
        /// 办理结果,以及处理后照片或没有照片的原因
        Evidence = "evidence",
        /// 报事人的评价,或第三次无人接听,或首次无人接听后满规定天数,或未抽中回访而期限逾期同样长的时间
        VisitOutcome = "visit_outcome",
        /// 同一区县内另一未结事件
        OpenTarget = "open_target",
        /// 不超过30日
        Within30Days = "within_30_days",
    }
}

/// Where a step leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    State(Status),
    /// The state stays; something beside it changes.
    Same,
    /// The state that the merge set aside.
    Prior,
}

#[derive(Debug, Clone, Copy)]
pub struct Edge {
    pub step: Step,
    pub from: &'static [Status],
    pub to: To,
    /// Any of these may take it.
    pub by: &'static [Party],
    pub need: Need,
}

use Status::*;

/// Where a case may be merged or go a level up.
const OPEN: &[Status] = &[Submitted, Accepted, Dispatched, Returned, Signed, InProgress, Suspended, Done, ReturnVisit];
const WORKING: &[Status] = &[Submitted, Accepted, Dispatched, Returned, Signed, InProgress, Suspended];

/// Who closes: never the handler.
const CLOSING: &[Party] = &[Party::Visitor, Party::Reporter, Party::System];

const fn edge(step: Step, from: &'static [Status], to: To, by: &'static [Party], need: Need) -> Edge {
    Edge { step, from, to, by, need }
}

/// Every change of a case that there is.
pub const EDGES: &[Edge] = &[
    edge(Step::Accept, &[Submitted], To::State(Accepted), &[Party::Desk], Need::Nothing),
    edge(Step::Reject, &[Submitted], To::State(Rejected), &[Party::Desk], Need::Reason),
    edge(Step::Cancel, &[Submitted, Accepted], To::State(Cancelled), &[Party::Reporter], Need::Nothing),
    edge(Step::Dispatch, &[Accepted, Returned], To::State(Dispatched), &[Party::Desk], Need::Target),
    edge(Step::Sign, &[Dispatched], To::State(Signed), &[Party::Handler], Need::Nothing),
    edge(Step::Return, &[Dispatched], To::State(Returned), &[Party::Handler], Need::Reason),
    edge(Step::Start, &[Signed], To::State(InProgress), &[Party::Handler], Need::FirstContact),
    edge(Step::Transfer, &[Dispatched, Signed, InProgress], To::State(Dispatched), &[Party::Desk], Need::Target),
    edge(Step::Suspend, &[InProgress], To::State(Suspended), &[Party::Above], Need::Approval),
    edge(Step::Resume, &[Suspended], To::State(InProgress), &[Party::Handler, Party::Desk], Need::Nothing),
    edge(Step::Finish, &[InProgress], To::State(Done), &[Party::Handler], Need::Evidence),
    edge(Step::Verify, &[Done], To::State(ReturnVisit), &[Party::Visitor], Need::Nothing),
    edge(Step::Close, &[Done, ReturnVisit], To::State(Closed), CLOSING, Need::VisitOutcome),
    edge(Step::Reopen, &[Done, ReturnVisit], To::State(InProgress), &[Party::Visitor, Party::Reporter], Need::Reason),
    edge(Step::Reopen, &[Closed], To::State(InProgress), &[Party::Reporter, Party::Desk], Need::Reason),
    edge(Step::Escalate, WORKING, To::Same, &[Party::Desk], Need::Reason),
    edge(Step::Redelegate, WORKING, To::Same, &[Party::Desk], Need::Reason),
    edge(Step::Reclassify, &[Submitted, Accepted, Returned], To::Same, &[Party::Desk], Need::Nothing),
    edge(Step::Merge, OPEN, To::State(Merged), &[Party::Desk], Need::OpenTarget),
    edge(Step::Unmerge, &[Merged], To::Prior, &[Party::Desk], Need::Within30Days),
];

/// The edge that `step` takes from `from`.
pub fn edge_of(step: Step, from: Status) -> Option<&'static Edge> {
    EDGES.iter().find(|edge| edge.step == step && edge.from.contains(&from))
}

/// What may be done next, whoever does it.
pub fn next_steps(from: Status) -> impl Iterator<Item = Step> {
    EDGES.iter().filter(move |edge| edge.from.contains(&from)).map(|edge| edge.step)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_step_has_one_edge_from_each_state() {
        for status in Status::ALL {
            let steps: Vec<Step> = next_steps(*status).collect();
            assert_eq!(steps.len(), steps.iter().collect::<BTreeSet<_>>().len(), "{status}");
        }
    }

    #[test]
    fn every_state_is_reached_and_only_ends_are_final() {
        let reached: BTreeSet<Status> =
            EDGES.iter().filter_map(|edge| if let To::State(to) = edge.to { Some(to) } else { None }).collect();
        assert!(Status::ALL.iter().all(|status| *status == Submitted || reached.contains(status)));
        let finals: Vec<Status> =
            Status::ALL.iter().copied().filter(|status| next_steps(*status).next().is_none()).collect();
        assert_eq!(finals, [Rejected, Cancelled]);
    }

    #[test]
    fn only_a_visit_closes_and_the_handler_never_does() {
        let closing = EDGES.iter().filter(|edge| edge.to == To::State(Closed));
        assert!(closing.clone().all(|edge| edge.need == Need::VisitOutcome && !edge.by.contains(&Party::Handler)));
        assert_eq!(closing.count(), 1);
    }
}

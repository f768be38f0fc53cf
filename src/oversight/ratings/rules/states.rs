//! The one table of a campaign's states.

use platform::error::At;
use platform::{Error, FieldError, Result, text_enum};

use super::WRONG_STATE;
use crate::ratings::dto::RatingCampaignStatus;

text_enum! {
    /// 步骤
    CampaignStep {
        /// 开始认领
        Open = "open",
        /// 开始评分
        Assess = "assess",
        /// 汇总
        Collate = "collate",
        /// 公示
        Publicise = "publicise",
        /// 开始申诉期
        OpenAppeals = "open-appeals",
        /// 定星
        Confirm = "confirm",
        /// 动态管理
        Monitor = "monitor",
        /// 结束
        Close = "close",
    }
}

use RatingCampaignStatus::*;

/// Every change of a campaign that there is.
pub const EDGES: &[(CampaignStep, RatingCampaignStatus, RatingCampaignStatus)] = &[
    (CampaignStep::Open, Draft, Claiming),
    (CampaignStep::Assess, Claiming, Assessing),
    (CampaignStep::Collate, Assessing, Collated),
    (CampaignStep::Publicise, Collated, Publicity),
    (CampaignStep::OpenAppeals, Publicity, Appeals),
    (CampaignStep::Confirm, Appeals, Final),
    (CampaignStep::Monitor, Final, Monitoring),
    (CampaignStep::Close, Monitoring, Closed),
];

/// Where a step leads; a 409 with what may be done instead where it leads nowhere.
pub fn target_of(step: CampaignStep, from: RatingCampaignStatus) -> Result<RatingCampaignStatus> {
    let edge = EDGES.iter().find(|(known, source, _)| *known == step && *source == from);
    edge.map(|(.., to)| *to).ok_or_else(|| wrong_state(from))
}

fn wrong_state(from: RatingCampaignStatus) -> Error {
    let next = EDGES.iter().find(|(_, source, _)| *source == from).map(|(step, ..)| step.as_str());
    let (zh, en) = match next {
        Some(step) => (format!("{from} 之后可以: {step}"), format!("after {from}: {step}")),
        None => (format!("{from} 为终态,没有后续步骤"), format!("{from} is final")),
    };
    Error::Rule(&WRONG_STATE, vec![FieldError::new(At::Pointer("/status".into()), "allowed_steps", zh, en)])
}

/// From when on those concerned may read what came out.
pub const PUBLISHED: &[RatingCampaignStatus] = &[Publicity, Appeals, Final, Monitoring, Closed];

/// While a campaign takes facts about its projects.
pub fn takes_facts(status: RatingCampaignStatus) -> bool {
    matches!(status, Claiming | Assessing)
}

/// While its stars stand and may still fall.
pub fn is_watched(status: RatingCampaignStatus) -> bool {
    matches!(status, Final | Monitoring)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_state_is_reached_by_one_step_and_left_by_one() {
        let reached: BTreeSet<RatingCampaignStatus> = EDGES.iter().map(|(.., to)| *to).collect();
        let left: BTreeSet<RatingCampaignStatus> = EDGES.iter().map(|(_, from, _)| *from).collect();
        assert!(RatingCampaignStatus::ALL.iter().all(|status| *status == Draft || reached.contains(status)));
        assert!(RatingCampaignStatus::ALL.iter().all(|status| *status == Closed || left.contains(status)));
        assert_eq!((reached.len(), left.len(), EDGES.len()), (8, 8, 8));
    }

    #[test]
    fn no_step_is_skipped() {
        for (step, from, to) in EDGES {
            for status in RatingCampaignStatus::ALL {
                let led = target_of(*step, *status);
                assert_eq!(led.ok(), (status == from).then_some(*to), "{step} from {status}");
            }
        }
    }

    #[test]
    fn nobody_concerned_reads_what_is_not_published() {
        assert!([Draft, Claiming, Assessing, Collated].iter().all(|status| !PUBLISHED.contains(status)));
    }
}

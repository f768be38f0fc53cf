//! What places may set for themselves about meetings, a rule for each kind of meeting.

use std::collections::BTreeMap;

use platform::rule_sets::{Params, RuleKey};
use platform::text_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::meetings::dto::{Cadence, MeetingKind, MeetingParty};

text_enum! {
    /// 到会要求, counted by voting seats
    Quorum {
        /// 不计人数
        None = "none",
        /// 过半数
        MoreThanHalf = "more_than_half",
        /// 三分之二以上
        TwoThirds = "two_thirds",
        /// 五分之四以上
        FourFifths = "four_fifths",
    }
}

text_enum! {
    /// 表决通过的要求
    Majority {
        /// 到会表决席位过半数
        OfPresent = "of_present",
        /// 全体表决席位过半数
        OfAll = "of_all",
        /// 会议不作表决: owners decide by a vote of their own (Civil Code 278)
        NotHere = "not_here",
    }
}

/// 一类会议的规则
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KindRule {
    /// 召开周期
    pub cadence: Cadence,
    /// 提前通知天数: full days between the notice and the meeting
    #[validate(range(min = 0, max = 60))]
    #[schema(minimum = 0, maximum = 60)]
    pub notice_days: i32,
    /// 必到方: without one of them the meeting is a consultation
    #[validate(length(max = 8))]
    #[schema(max_items = 8)]
    pub required_parties: Vec<MeetingParty>,
    /// 到会要求
    pub quorum: Quorum,
    /// 表决通过的要求
    pub majority: Majority,
    /// 是否可以委托代理人
    pub proxies: bool,
    /// 征求意见天数
    #[validate(range(min = 0, max = 30))]
    #[schema(minimum = 0, maximum = 30)]
    pub amend_days: i32,
    /// 会签天数: silence after it is consent, the convener's excepted
    #[validate(range(min = 1, max = 30))]
    #[schema(minimum = 1, maximum = 30)]
    pub sign_days: i32,
    /// 发布期限, days after the meeting
    #[validate(range(min = 1, max = 60))]
    #[schema(minimum = 1, maximum = 60)]
    pub publish_days: i32,
    /// 纪要是否公开
    pub public: bool,
}

impl KindRule {
    /// What holds for a kind where no place has set anything (domain B5, C3, C10).
    pub fn of(kind: MeetingKind) -> Self {
        use Cadence::*;
        use MeetingKind::*;
        use MeetingParty::*;
        let plain = Self {
            cadence: AsNeeded,
            notice_days: 3,
            required_parties: Vec::new(),
            quorum: Quorum::None,
            majority: Majority::OfPresent,
            proxies: true,
            amend_days: 3,
            sign_days: 5,
            publish_days: 15,
            public: true,
        };
        let with =
            |cadence, required: &[MeetingParty]| Self { cadence, required_parties: required.to_vec(), ..plain.clone() };
        match kind {
            FourPartyJoint => with(Monthly, &[Community, Owners, Company, CoLocated]),
            MonthlyJoint => with(Monthly, &[Community, Company, PartyOrganisation]),
            RedCouncilHall => with(Quarterly, &[Community, Company, Residents]),
            OpinionMeeting | Appraisal | NeighboursCouncil | SmallStool => with(AsNeeded, &[Community]),
            Coordination => with(AsNeeded, &[Community, Company]),
            PropertyJoint => with(Monthly, &[Community, Company]),
            DeploymentAssessment | Training | ObservationExchange | OnsiteOffice => Self { notice_days: 1, ..plain },
            BranchElection => Self {
                quorum: Quorum::FourFifths,
                majority: Majority::OfAll,
                proxies: false,
                ..with(AsNeeded, &[PartyOrganisation])
            },
            OwnersAssembly => Self { notice_days: 15, majority: Majority::NotHere, ..with(Yearly, &[Owners]) },
            OcMeeting => Self {
                quorum: Quorum::MoreThanHalf,
                majority: Majority::OfAll,
                proxies: false,
                amend_days: 0,
                sign_days: 2,
                publish_days: 3,
                ..with(Quarterly, &[Owners])
            },
            ResidentsAssembly => Self { quorum: Quorum::MoreThanHalf, ..with(Yearly, &[Community]) },
            PartyMassCouncil => Self { quorum: Quorum::MoreThanHalf, ..with(Monthly, &[Community, Residents]) },
            MoralAppraisal => Self { majority: Majority::NotHere, public: false, ..plain },
        }
    }

    /// Whether it asks for no less than the law does of the kind.
    fn is_lawful(&self, kind: MeetingKind) -> bool {
        let counted = self.quorum != Quorum::None;
        match kind {
            // More than half present, a majority of all members, published within three days (Henan art. 28).
            MeetingKind::OcMeeting => {
                counted && self.majority == Majority::OfAll && !self.proxies && self.publish_days <= 3
            }
            // 物业管理条例 art. 14; what owners decide, they decide by Civil Code 278.
            MeetingKind::OwnersAssembly => self.notice_days >= 15 && self.majority == Majority::NotHere,
            // 居民委员会组织法 art. 10: more than half attend, more than half of them agree.
            MeetingKind::ResidentsAssembly => counted && self.majority != Majority::NotHere,
            // 基层组织选举工作条例: four fifths present, more than half of those who may vote.
            MeetingKind::BranchElection => self.quorum == Quorum::FourFifths && self.majority == Majority::OfAll,
            // No verdict and no public (domain C9).
            MeetingKind::MoralAppraisal => !self.public && self.majority == Majority::NotHere,
            _ => true,
        }
    }
}

/// 会议规则, by kind; a kind that is left out goes by the product's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct MeetingRules {
    #[validate(nested, custom(function = check_lawful))]
    pub by_kind: BTreeMap<MeetingKind, KindRule>,
}

fn check_lawful(by_kind: &BTreeMap<MeetingKind, KindRule>) -> Result<(), ValidationError> {
    if by_kind.iter().all(|(kind, rule)| rule.is_lawful(*kind)) {
        Ok(())
    } else {
        Err(ValidationError::new("below_the_law"))
    }
}

impl Params for MeetingRules {}

impl MeetingRules {
    pub fn of(&self, kind: MeetingKind) -> KindRule {
        self.by_kind.get(&kind).cloned().unwrap_or_else(|| KindRule::of(kind))
    }
}

pub const KINDS: RuleKey = RuleKey::new::<MeetingRules>(
    "meetings.kinds",
    "各类会议的规则",
    "The rules of each kind of meeting",
    "业委会会议: 河南省物业管理条例第28条;业主大会: 物业管理条例第14条、民法典第278条;居民会议: 居民委员会组织法第10条;其余为本地建议值",
);

/// The rules of this context that places may set.
pub const RULES: &[&RuleKey] = &[&KINDS];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_by_itself_is_lawful() {
        for kind in MeetingKind::ALL {
            assert!(KindRule::of(*kind).is_lawful(*kind), "{kind}");
            assert!(KindRule::of(*kind).validate().is_ok(), "{kind}");
        }
    }

    #[test]
    fn no_place_sets_less_than_the_law() {
        let rules = |kind, rule| MeetingRules { by_kind: BTreeMap::from([(kind, rule)]) };
        let committee = KindRule::of(MeetingKind::OcMeeting);
        for looser in [
            KindRule { quorum: Quorum::None, ..committee.clone() },
            KindRule { majority: Majority::OfPresent, ..committee.clone() },
            KindRule { proxies: true, ..committee.clone() },
            KindRule { publish_days: 4, ..committee.clone() },
        ] {
            assert!(rules(MeetingKind::OcMeeting, looser).validate().is_err());
        }
        let assembly = KindRule { notice_days: 14, ..KindRule::of(MeetingKind::OwnersAssembly) };
        assert!(rules(MeetingKind::OwnersAssembly, assembly).validate().is_err());
        assert!(rules(MeetingKind::FourPartyJoint, committee).validate().is_ok());
    }
}

//! 时限政策: how long each clock of a case may run, by what the case is. The most specific policy wins; two that could both
//! match with the same number of named members are a tie, and refused when they are saved.

use platform::rule_sets::{Params, RuleKey};
use platform::text_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::cases::dto::{CaseKind, ClockKind, ClockMode, Tier, Urgency};

text_enum! {
    /// 时限单位
    Unit {
        /// 分钟 (自然时间)
        Minutes = "minutes",
        /// 小时 (自然时间)
        Hours = "hours",
        /// 工作小时
        WorkingHours = "working_hours",
        /// 工作日
        WorkingDays = "working_days",
    }
}

/// 时限
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    #[validate(range(min = 1, max = 10_000))]
    #[schema(example = 3, minimum = 1, maximum = 10_000)]
    pub amount: i32,
    pub unit: Unit,
}

impl Budget {
    pub fn mode(self) -> ClockMode {
        match self.unit {
            Unit::Minutes | Unit::Hours => ClockMode::Wall,
            Unit::WorkingHours | Unit::WorkingDays => ClockMode::Working,
        }
    }

    /// In minutes, of a working day that has `day_minutes`.
    pub fn minutes(self, day_minutes: i64) -> i64 {
        let amount = i64::from(self.amount);
        match self.unit {
            Unit::Minutes => amount,
            Unit::Hours | Unit::WorkingHours => amount * 60,
            Unit::WorkingDays => amount * day_minutes,
        }
    }
}

/// 时限政策: what is left out matches anything
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    #[schema(nullable = false)]
    pub kind: Option<CaseKind>,
    #[validate(length(min = 1, max = 40))]
    #[schema(nullable = false, min_length = 1, max_length = 40)]
    pub category: Option<String>,
    #[schema(nullable = false)]
    pub urgency: Option<Urgency>,
    #[schema(nullable = false)]
    pub tier: Option<Tier>,
    /// 受理, from the report
    #[validate(nested)]
    pub accept: Budget,
    /// 签收, from each dispatch
    #[validate(nested)]
    pub sign: Budget,
    /// 首次联系, from the sign-off
    #[validate(nested)]
    pub contact: Budget,
    /// 办结, from the report
    #[validate(nested)]
    pub resolve: Budget,
    /// 重开后办结, from the reopening
    #[validate(nested)]
    pub reopened: Budget,
    /// 回访, from the end of the work
    #[validate(nested)]
    pub visit: Budget,
}

impl Policy {
    pub fn budget(&self, clock: ClockKind, round: i32) -> Budget {
        match clock {
            ClockKind::Accept => self.accept,
            ClockKind::Sign => self.sign,
            ClockKind::Contact => self.contact,
            ClockKind::Resolve if round > 1 => self.reopened,
            ClockKind::Resolve => self.resolve,
            ClockKind::Visit => self.visit,
        }
    }

    fn named(&self) -> usize {
        let named = [self.kind.is_some(), self.category.is_some(), self.urgency.is_some(), self.tier.is_some()];
        named.into_iter().filter(|named| *named).count()
    }

    fn matches(&self, of: &Facts) -> bool {
        self.kind.is_none_or(|kind| kind == of.kind)
            && self.category.as_deref().is_none_or(|category| category == of.category)
            && self.urgency.is_none_or(|urgency| urgency == of.urgency)
            && self.tier.is_none_or(|tier| tier == of.tier)
    }

    /// Whether some case matches both.
    fn meets(&self, other: &Self) -> bool {
        fn apart<T: PartialEq>(a: &Option<T>, b: &Option<T>) -> bool {
            a.is_some() && b.is_some() && a != b
        }
        !(apart(&self.kind, &other.kind)
            || apart(&self.category, &other.category)
            || apart(&self.urgency, &other.urgency)
            || apart(&self.tier, &other.tier))
    }
}

/// What a policy is chosen by.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub kind: CaseKind,
    pub category: &'a str,
    pub urgency: Urgency,
    pub tier: Tier,
}

/// 时限政策集
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Deadlines {
    #[validate(length(min = 1, max = 200), nested, custom(function = check_policies))]
    pub policies: Vec<Policy>,
}

/// No tie, and one policy for whatever the others leave.
fn check_policies(policies: &[Policy]) -> Result<(), ValidationError> {
    let tied = |at: usize, policy: &Policy| {
        policies.iter().skip(at + 1).any(|other| other.named() == policy.named() && policy.meets(other))
    };
    if policies.iter().enumerate().any(|(at, policy)| tied(at, policy)) {
        return Err(ValidationError::new("tie"));
    }
    if policies.iter().any(|policy| policy.named() == 0) { Ok(()) } else { Err(ValidationError::new("no_default")) }
}

impl Params for Deadlines {}

pub const DEADLINES: RuleKey = RuleKey::new::<Deadlines>(
    "cases.deadlines",
    "工单时限政策",
    "Time limits of cases",
    "本地建议值,参照北京市接诉即办工作条例与各地12345办法的幅度 · recommended locally, within the ranges seen",
);

impl Deadlines {
    /// The most specific policy that matches, with its place in the list.
    pub fn of(&self, facts: &Facts) -> Option<(usize, &Policy)> {
        let matching = self.policies.iter().enumerate().filter(|(_, policy)| policy.matches(facts));
        matching.max_by_key(|(_, policy)| policy.named())
    }
}

fn budget(amount: i32, unit: Unit) -> Budget {
    Budget { amount, unit }
}

fn policy(kind: Option<CaseKind>, urgency: Option<Urgency>, sign: Budget, resolve: Budget) -> Policy {
    let days = |amount| budget(amount, Unit::WorkingDays);
    let wall = resolve.mode() == ClockMode::Wall;
    Policy {
        kind,
        category: None,
        urgency,
        tier: None,
        accept: if wall { budget(15, Unit::Minutes) } else { budget(4, Unit::WorkingHours) },
        sign,
        contact: if wall { budget(60, Unit::Minutes) } else { days(1) },
        resolve,
        reopened: if wall { resolve } else { budget((resolve.amount / 2).max(1), resolve.unit) },
        visit: days(3),
    }
}

impl Default for Deadlines {
    fn default() -> Self {
        use CaseKind::*;
        use Unit::*;
        use Urgency::*;
        let (hours, days) = (|n| budget(n, WorkingHours), |n| budget(n, WorkingDays));
        Self {
            policies: vec![
                policy(None, None, days(1), days(5)),
                policy(None, Some(Emergency), budget(30, Minutes), budget(24, Hours)),
                policy(None, Some(Urgent), hours(2), days(1)),
                policy(None, Some(Complex), days(1), days(15)),
                policy(Some(Repair), Some(Normal), hours(4), days(3)),
                policy(Some(Enquiry), Some(Normal), days(1), days(2)),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(kind: CaseKind, urgency: Urgency) -> Facts<'static> {
        Facts { kind, category: "x", urgency, tier: Tier::Community }
    }

    #[test]
    fn the_most_specific_policy_wins() {
        let deadlines = Deadlines::default();
        let resolve = |facts: &Facts| deadlines.of(facts).map(|(_, policy)| policy.resolve);
        let days = |n| Some(budget(n, Unit::WorkingDays));
        assert_eq!(resolve(&of(CaseKind::Repair, Urgency::Normal)), days(3));
        assert_eq!(resolve(&of(CaseKind::Enquiry, Urgency::Normal)), days(2));
        assert_eq!(resolve(&of(CaseKind::Complaint, Urgency::Normal)), days(5));
        assert_eq!(resolve(&of(CaseKind::Complaint, Urgency::Complex)), days(15));
        assert_eq!(resolve(&of(CaseKind::Repair, Urgency::Emergency)), Some(budget(24, Unit::Hours)));
    }

    #[test]
    fn a_tie_and_a_gap_are_refused_when_saved() {
        let mut params = DEADLINES.default();
        let mut tie = params["policies"][1].clone();
        tie.as_object_mut().expect("a policy").remove("urgency");
        tie["kind"] = json!("repair");
        params["policies"].as_array_mut().expect("policies").push(tie);
        assert!(DEADLINES.check(&params).is_err(), "kind alone and urgency alone meet in one case");
        let mut params = DEADLINES.default();
        params["policies"].as_array_mut().expect("policies").remove(0);
        assert!(DEADLINES.check(&params).is_err(), "nothing for the rest");
    }

    proptest::proptest! {
        #[test]
        fn every_case_has_exactly_one_policy(kind in 0usize..8, urgency in 0usize..4, tier in 0usize..4) {
            let facts = Facts {
                kind: CaseKind::ALL[kind], category: "x", urgency: Urgency::ALL[urgency], tier: Tier::ALL[tier],
            };
            let deadlines = Deadlines::default();
            let (_, chosen) = deadlines.of(&facts).expect("a policy");
            let rivals = deadlines.policies.iter().filter(|p| p.matches(&facts) && p.named() >= chosen.named());
            proptest::prop_assert_eq!(rivals.count(), 1);
        }
    }
}

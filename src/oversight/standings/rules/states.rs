//! The one table of an entry's states, and how it stands on a day.

use chrono::NaiveDate;
use platform::error::At;
use platform::{Error, FieldError, Result, text_enum};

use super::WRONG_STATE;
use crate::standings::dto::ListingStatus;

text_enum! {
    /// 步骤
    ListingStep {
        /// 告知
        Notify = "notify",
        /// 决定不列入
        Reject = "reject",
        /// 决定列入
        Decide = "decide",
        /// 公布
        Publish = "publish",
        /// 异议
        Object = "object",
        /// 异议成立
        Uphold = "uphold",
        /// 异议不成立
        Dismiss = "dismiss",
        /// 申请修复
        RequestRepair = "request_repair",
        /// 不予修复
        DeclineRepair = "decline_repair",
        /// 修复
        Repair = "repair",
        /// 撤销
        Revoke = "revoke",
        /// 撤回
        Withdraw = "withdraw",
    }
}

use ListingStatus::*;

/// Every change that somebody makes. From published to active, and from active to expired, it goes by the day.
pub const EDGES: &[(ListingStep, &[ListingStatus], ListingStatus)] = &[
    (ListingStep::Notify, &[Proposed], Notified),
    (ListingStep::Reject, &[Proposed, Notified], Rejected),
    (ListingStep::Decide, &[Proposed, Notified], Decided),
    (ListingStep::Publish, &[Decided], Published),
    (ListingStep::Object, &[Published], Objected),
    (ListingStep::Uphold, &[Objected], Revoked),
    (ListingStep::Dismiss, &[Objected], Active),
    (ListingStep::RequestRepair, &[Active], Active),
    (ListingStep::DeclineRepair, &[Active], Active),
    (ListingStep::Repair, &[Active], Repaired),
    (ListingStep::Revoke, &[Published, Objected, Active], Revoked),
    (ListingStep::Withdraw, &[Proposed, Notified], Withdrawn),
];

/// Where a step leads; a 409 with what may be done instead where it leads nowhere.
pub fn target_of(step: ListingStep, from: ListingStatus) -> Result<ListingStatus> {
    let edge = EDGES.iter().find(|(known, sources, _)| *known == step && sources.contains(&from));
    edge.map(|(.., to)| *to).ok_or_else(|| wrong_state(from))
}

pub fn next_steps(from: ListingStatus) -> impl Iterator<Item = ListingStep> {
    EDGES.iter().filter(move |(_, sources, _)| sources.contains(&from)).map(|(step, ..)| *step)
}

fn wrong_state(from: ListingStatus) -> Error {
    let steps: Vec<&str> = next_steps(from).map(ListingStep::as_str).collect();
    let (zh, en) = match steps.is_empty() {
        true => (format!("{from} 为终态,没有后续步骤"), format!("{from} is final")),
        false => (format!("{from} 之后可以: {}", steps.join(", ")), format!("after {from}: {}", steps.join(", "))),
    };
    Error::Rule(&WRONG_STATE, vec![FieldError::new(At::Pointer("/status".into()), "allowed_steps", zh, en)])
}

/// An entry as far as its days go.
#[derive(Debug, Clone, Copy)]
pub struct Days {
    pub status: ListingStatus,
    pub active_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    pub ended_on: Option<NaiveDate>,
}

impl Days {
    /// The state as it is read on a day: nothing has to be swept for an entry to take effect or to expire.
    pub fn status_on(&self, today: NaiveDate) -> ListingStatus {
        let begun = self.active_from.is_some_and(|from| from <= today);
        let over = self.valid_to.is_some_and(|last| last < today);
        match self.status {
            Published if begun && over => Expired,
            Active if over => Expired,
            Published if begun => Active,
            other => other,
        }
    }

    /// How one that was published stood on a day behind its publication, whatever became of it later.
    pub fn status_as_of(&self, day: NaiveDate) -> ListingStatus {
        let begun = self.active_from.map(|from| from <= day);
        match begun {
            _ if self.ended_on.is_some_and(|ended| ended <= day) => self.status,
            None => Objected,
            Some(false) => Published,
            Some(true) if self.valid_to.is_some_and(|last| last < day) => Expired,
            Some(true) => Active,
        }
    }

    /// Whether it was in force on a day: from when it took effect to its last, or to when it was repaired or revoked.
    pub fn in_force_on(&self, day: NaiveDate) -> bool {
        let begun = self.active_from.is_some_and(|from| from <= day);
        let runs = self.valid_to.is_some_and(|last| day <= last);
        begun && runs && self.ended_on.is_none_or(|ended| day < ended)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::Duration;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_state_is_reached_and_five_are_final() {
        let reached: BTreeSet<ListingStatus> = EDGES.iter().map(|(.., to)| *to).collect();
        let by_the_day = [Proposed, Expired];
        assert!(ListingStatus::ALL.iter().all(|status| reached.contains(status) || by_the_day.contains(status)));
        let finals: Vec<_> = ListingStatus::ALL.iter().filter(|status| next_steps(**status).next().is_none()).collect();
        assert_eq!(finals, [&Rejected, &Withdrawn, &Expired, &Repaired, &Revoked]);
        assert!(target_of(ListingStep::Publish, Notified).is_err(), "nothing is published that nobody decided");
    }

    proptest! {
        /// In force on a day is what is read as active on it, where nobody has ended it.
        #[test]
        fn what_is_in_force_is_what_is_read_as_active(from in 0i64..40, lasts in 1i64..40, on in 0i64..100) {
            let start: NaiveDate = "2024-01-15".parse().expect("a day");
            let at = |days: i64| start + Duration::days(days);
            let days =
                Days { status: Published, active_from: Some(at(from)), valid_to: Some(at(from + lasts)), ended_on: None };
            let expected = if on < from { Published } else if on <= from + lasts { Active } else { Expired };
            prop_assert_eq!(days.status_on(at(on)), expected);
            prop_assert_eq!(days.in_force_on(at(on)), expected == Active);
            let swept = Days { status: Active, ..days };
            prop_assert_eq!(swept.in_force_on(at(on)), expected == Active);
            let repaired = Days { status: Repaired, ended_on: Some(at(from + 1)), ..days };
            prop_assert_eq!(repaired.in_force_on(at(on)), on == from, "it was until it was repaired");
            prop_assert_eq!(days.status_as_of(at(on)), expected);
            let then = if on <= from { expected } else { Repaired };
            prop_assert_eq!(repaired.status_as_of(at(on)), then);
        }
    }
}

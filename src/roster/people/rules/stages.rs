//! 发展党员: five stages in their order (发展党员工作细则; domain C10).

use chrono::NaiveDate;
use platform::Result;

use super::{IN_THE_FUTURE, STAGE_DATE, STAGE_ORDER};
use crate::people::dto::{PartyStage, PartyStatus};

/// Whether `stage` comes next after what is recorded. Who joined before the register began has a status and no stages.
pub fn check_stage(
    recorded: &[(PartyStage, NaiveDate)],
    status: PartyStatus,
    (stage, on): (PartyStage, NaiveDate),
    today: NaiveDate,
) -> Result<()> {
    let last = recorded.iter().max_by_key(|(stage, _)| *stage);
    let next = match (last, status) {
        (Some((last, _)), _) => last.next(),
        (None, PartyStatus::None) => Some(PartyStage::Applicant),
        (None, PartyStatus::Probationary) => Some(PartyStage::Formal),
        (None, PartyStatus::Formal) => None,
    };
    if next != Some(stage) {
        Err(STAGE_ORDER.at("/stage"))
    } else if on > today {
        Err(IN_THE_FUTURE.at("/on"))
    } else if last.is_some_and(|(_, before)| on < *before) {
        Err(STAGE_DATE.at("/on"))
    } else {
        Ok(())
    }
}

/// 政治面貌 after a stage; `None` where it stays as it is.
pub fn status_after(stage: PartyStage) -> Option<PartyStatus> {
    match stage {
        PartyStage::Probationary => Some(PartyStatus::Probationary),
        PartyStage::Formal => Some(PartyStatus::Formal),
        _ => None,
    }
}

impl PartyStage {
    fn next(self) -> Option<Self> {
        let at = Self::ALL.iter().position(|stage| *stage == self)?;
        Self::ALL.get(at + 1).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn check(recorded: &[(PartyStage, &str)], status: PartyStatus, new: (PartyStage, &str)) -> Option<&'static str> {
        let recorded: Vec<_> = recorded.iter().map(|(stage, on)| (*stage, day(on))).collect();
        let outcome = check_stage(&recorded, status, (new.0, day(new.1)), day("2024-01-15"));
        outcome.err().map(|error| error.problem().code)
    }

    #[test]
    fn stages_follow_one_another() {
        use PartyStage::*;
        use PartyStatus::None;
        assert_eq!(check(&[], None, (Applicant, "2022-07-01")), Option::None);
        assert_eq!(check(&[], None, (Activist, "2022-07-01")), Some("people.stage_order"));
        let one = [(Applicant, "2022-07-01")];
        assert_eq!(check(&one, None, (Activist, "2022-12-01")), Option::None);
        assert_eq!(check(&one, None, (Applicant, "2022-12-01")), Some("people.stage_order"));
        assert_eq!(check(&one, None, (DevelopmentObject, "2022-12-01")), Some("people.stage_order"));
        assert_eq!(check(&one, None, (Activist, "2022-06-30")), Some("people.stage_date"));
        assert_eq!(check(&one, None, (Activist, "2024-01-16")), Some("people.in_the_future"));
    }

    #[test]
    fn who_joined_before_the_register_goes_on_from_their_status() {
        use PartyStage::*;
        assert_eq!(check(&[], PartyStatus::Probationary, (Formal, "2023-07-01")), None);
        assert_eq!(check(&[], PartyStatus::Formal, (Applicant, "2023-07-01")), Some("people.stage_order"));
    }

    proptest::proptest! {
        /// From nothing, exactly the sequence of all five can be recorded.
        #[test]
        fn whatever_is_tried_the_record_is_a_prefix_of_the_five(tries in proptest::collection::vec(0usize..5, 0..20)) {
            let (mut recorded, mut status) = (Vec::new(), PartyStatus::None);
            for at in tries {
                let stage = PartyStage::ALL[at];
                if check_stage(&recorded, status, (stage, day("2023-01-01")), day("2024-01-15")).is_ok() {
                    recorded.push((stage, day("2023-01-01")));
                    status = status_after(stage).unwrap_or(status);
                }
            }
            let stages: Vec<PartyStage> = recorded.iter().map(|(stage, _)| *stage).collect();
            proptest::prop_assert_eq!(stages.as_slice(), &PartyStage::ALL[..stages.len()]);
        }
    }
}

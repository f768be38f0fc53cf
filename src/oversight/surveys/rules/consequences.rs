//! What follows a round that failed: rectified, asked again, and then passed or fit to be brought before the owners. Each step
//! is taken by somebody, the street confirms, and no step ends a contract.

use chrono::NaiveDate;
use platform::error::At;
use platform::{Error, FieldError, Result, text_enum};
use uuid::Uuid;

use super::{CONSEQUENCE_STATE, RECHECK_EARLY, SELF_CONFIRMED};
use crate::surveys::dto::{SurveyConsequenceStatus, SurveyOutcome};

text_enum! {
    /// 后果步骤
    SurveyConsequenceStep {
        /// 街道确认, 发出整改通知
        Confirm = "confirm",
        /// 街道不予确认
        Drop = "drop",
        /// 企业报告整改
        Report = "report",
        /// 社区组织复测
        Recheck = "recheck",
        /// 街道确认复测结论
        Conclude = "conclude",
    }
}

use SurveyConsequenceStatus::*;

/// From which states each step is taken.
pub const STEPS: &[(SurveyConsequenceStep, SurveyConsequenceStatus)] = &[
    (SurveyConsequenceStep::Confirm, Proposed),
    (SurveyConsequenceStep::Drop, Proposed),
    (SurveyConsequenceStep::Report, Rectifying),
    (SurveyConsequenceStep::Recheck, Rectifying),
    (SurveyConsequenceStep::Conclude, Rechecked),
];

pub fn may_take(step: SurveyConsequenceStep, from: SurveyConsequenceStatus) -> Result<()> {
    if STEPS.contains(&(step, from)) {
        return Ok(());
    }
    let next: Vec<&str> = STEPS.iter().filter(|(_, source)| *source == from).map(|(step, _)| step.as_str()).collect();
    let next = next.join(", ");
    let (zh, en) = (format!("{from} 之后可以: {next}"), format!("after {from}: {next}"));
    let place = FieldError::new(At::Pointer("/status".into()), "allowed_steps", zh, en);
    Err(Error::Rule(&CONSEQUENCE_STATE, vec![place]))
}

/// Where the street's last word leads: to a motion that may be made, and never further.
pub fn concluded(recheck: SurveyOutcome) -> SurveyConsequenceStatus {
    if recheck == SurveyOutcome::Pass { Passed } else { MotionEligible }
}

/// Asked again once the time to rectify is up (its last day counts to its end), or as soon as the company says that it is done.
pub fn may_recheck(due_on: Option<NaiveDate>, reported: bool, today: NaiveDate) -> Result<()> {
    let is_up = due_on.is_some_and(|due| today > due);
    if is_up || reported { Ok(()) } else { Err((&RECHECK_EARLY).into()) }
}

/// Whoever found it does not confirm what follows.
pub fn check_confirmer(found_by: Option<Uuid>, confirmer: Option<Uuid>) -> Result<()> {
    if found_by.is_some() && found_by == confirmer { Err((&SELF_CONFIRMED).into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_step_follows_a_passed_or_an_eligible_one() {
        for end in [Passed, MotionEligible, Dropped] {
            assert!(SurveyConsequenceStep::ALL.iter().all(|step| may_take(*step, end).is_err()), "{end}");
        }
        assert_eq!(concluded(SurveyOutcome::Fail), MotionEligible);
        assert_eq!(concluded(SurveyOutcome::Pass), Passed);
    }

    #[test]
    fn asked_again_when_the_time_is_up_or_the_company_says_so() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let (due, recheck) =
            (day("2024-02-14"), |reported, today| may_recheck(Some(day("2024-02-14")), reported, today).is_ok());
        assert!(!recheck(false, due), "the last day counts to its end");
        assert!(recheck(false, day("2024-02-15")) && recheck(true, due));
    }

    #[test]
    fn nobody_confirms_their_own_finding() {
        let (one, other) = (Some(Uuid::from_u128(1)), Some(Uuid::from_u128(2)));
        assert!(check_confirmer(one, one).is_err() && check_confirmer(one, other).is_ok());
        assert!(check_confirmer(None, one).is_ok());
    }
}

//! Facts about a project: each kind has its parts.

use chrono::NaiveDate;
use platform::Result;

use super::{FACT_FUTURE, FACT_PARTS};
use crate::ratings::dto::{RatingFactKind, RedLineGround};

/// A red line has its ground, satisfaction its score and how many answered; neither has anything else.
pub fn check_parts(
    kind: RatingFactKind,
    ground: Option<RedLineGround>,
    score: Option<i32>,
    responses: Option<i32>,
) -> Result<()> {
    let red_line = kind == RatingFactKind::RedLine;
    let satisfaction = kind == RatingFactKind::Satisfaction;
    if ground.is_some() != red_line {
        Err(FACT_PARTS.at("/ground"))
    } else if score.is_some() != satisfaction {
        Err(FACT_PARTS.at("/score"))
    } else if responses.is_some() != satisfaction {
        Err(FACT_PARTS.at("/responses"))
    } else {
        Ok(())
    }
}

pub fn check_day(occurred_on: NaiveDate, today: NaiveDate) -> Result<()> {
    if occurred_on <= today { Ok(()) } else { Err(FACT_FUTURE.at("/occurred_on")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_parts_and_no_others() {
        use RatingFactKind::*;
        let ground = Some(RedLineGround::FireSafetyAccident);
        assert!(check_parts(RedLine, ground, None, None).is_ok());
        assert!(check_parts(Satisfaction, None, Some(8000), Some(90)).is_ok());
        assert!(check_parts(DisclosuresIncomplete, None, None, None).is_ok());
        assert!(check_parts(RedLine, None, None, None).is_err());
        assert!(check_parts(Satisfaction, None, Some(8000), None).is_err());
        assert!(check_parts(Satisfaction, None, None, Some(90)).is_err());
        assert!(check_parts(DisclosuresIncomplete, ground, None, None).is_err());
        assert!(check_parts(RedLine, ground, Some(1), None).is_err());
    }
}

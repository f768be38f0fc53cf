//! What may be recorded as published.

use chrono::NaiveDate;
use platform::Result;
use platform::auth::AreaLevel;

use super::catalogue::entry;
use super::{REPORTED_AREA, REPORTED_PART, REPORTED_PARTS, REPORTED_PERIOD};
use crate::statistics::dto::ReportedFigureIn;

pub fn check(new: &ReportedFigureIn, today: NaiveDate) -> Result<()> {
    match new.area_code.level() {
        AreaLevel::Compound => {}
        AreaLevel::Country => return Err(REPORTED_AREA.at("/area_code")),
        level if level <= AreaLevel::Community => {}
        _ => return Err(REPORTED_AREA.at("/area_code")),
    }
    if new.to < new.from || new.from > today {
        return Err(REPORTED_PERIOD.at("/to"));
    }
    if new.part.is_some() && !entry(new.figure).is_some_and(|entry| entry.parts) {
        return Err(REPORTED_PART.at("/part"));
    }
    match (new.numerator, new.denominator, new.hundredths) {
        (Some(_), Some(_), None) | (None, None, Some(_)) => Ok(()),
        _ => Err(REPORTED_PARTS.at("/numerator")),
    }
}

#[cfg(test)]
mod tests {
    use platform::auth::AreaCode;

    use super::*;
    use crate::statistics::dto::FigureKey;

    fn new() -> ReportedFigureIn {
        ReportedFigureIn {
            area_code: "1304".parse().expect("a code"),
            figure: FigureKey::OldCompounds,
            part: None,
            from: "2019-12-15".parse().expect("a day"),
            to: "2019-12-15".parse().expect("a day"),
            numerator: Some(1172),
            denominator: Some(1531),
            hundredths: None,
            source: "邯郸市2019年公布".to_owned(),
        }
    }

    fn refused(change: impl Fn(&mut ReportedFigureIn)) -> bool {
        let mut new = new();
        change(&mut new);
        check(&new, "2024-01-15".parse().expect("a day")).is_err()
    }

    #[test]
    fn parts_or_a_value_of_a_place_and_a_time() {
        assert!(!refused(|_| {}));
        assert!(!refused(|new| (new.numerator, new.denominator, new.hundredths) = (None, None, Some(7655))));
        assert!(refused(|new| new.hundredths = Some(7655)), "both");
        assert!(refused(|new| new.denominator = None), "half");
        assert!(refused(|new| (new.numerator, new.denominator) = (None, None)), "nothing");
        assert!(refused(|new| new.part = Some("branch".to_owned())), "no distribution");
        assert!(!refused(|new| (new.figure, new.part) = (FigureKey::ClosedAtLevel, Some("branch".to_owned()))));
        assert!(refused(|new| new.to = "2019-12-14".parse().expect("a day")), "ends before it begins");
        assert!(refused(|new| new.area_code = "620902005003001".parse().expect("a grid")));
        assert!(refused(|new| new.area_code = AreaCode::country()));
    }
}

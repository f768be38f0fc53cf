//! 公布值 (F26): what the seeds published of their places, with where it was said. The figures beside them are counted; of Handan,
//! whose compounds the demo does not hold, what was published is all there is.

use oversight::statistics::dto::{FigureKey, ReportedFigureId, ReportedFigureIn};
use oversight::statistics::insert_reported_row;
use platform::db::Conn;
use platform::history::By;
use platform::{Error, Result};

use super::ids::{Kind, id};

/// Either both parts, or the value in hundredths.
#[derive(Debug, Clone, Copy)]
enum Said {
    Parts(i64, i64),
    Hundredths(i64),
}
use Said::{Hundredths, Parts};

const YEAR: (&str, &str) = ("2023-01-01", "2023-12-31");
const YEAR_END: (&str, &str) = ("2023-12-31", "2023-12-31");
const SUMMER: (&str, &str) = ("2020-08-17", "2020-08-17");
const SUZHOU: &str = "肃州区2023年公布";
const TONGDEXIANG: &str = "同德巷社区2020年8月17日公布";

/// Of which place, which figure, of when, what was said, and by whom.
type Published = (&'static str, FigureKey, (&'static str, &'static str), Said, &'static str);

const PUBLISHED: &[Published] = &[
    ("1304", FigureKey::OldCompounds, ("2019-12-15", "2019-12-15"), Parts(1172, 1531), "邯郸市2019年12月15日公布"),
    ("620902", FigureKey::ServiceCoverage, YEAR_END, Hundredths(9237), SUZHOU),
    ("620902", FigureKey::CommitteeEstablishment, YEAR_END, Hundredths(8606), SUZHOU),
    ("620902", FigureKey::PartyWorkCoverage, YEAR_END, Hundredths(10_000), SUZHOU),
    ("620902", FigureKey::OnTimeClosure, YEAR, Hundredths(10_000), SUZHOU),
    ("620902", FigureKey::VisitSatisfaction, YEAR, Hundredths(9448), SUZHOU),
    ("620902", FigureKey::AcceptedPerDay, YEAR, Hundredths(54_400), SUZHOU),
    ("620902", FigureKey::ComplaintRateChange, YEAR, Hundredths(-3270), SUZHOU),
    ("620902005003", FigureKey::CommitteePartyShare, SUMMER, Parts(52, 111), TONGDEXIANG),
    ("620902005003", FigureKey::CommitteeVeteranShare, SUMMER, Parts(33, 111), TONGDEXIANG),
    ("620902005003", FigureKey::PersonsPerHousehold, SUMMER, Parts(18_519, 5180), TONGDEXIANG),
];

pub fn load(c: &mut Conn, by: &By) -> Result<()> {
    for (number, (area, figure, (from, to), said, source)) in (1..).zip(PUBLISHED) {
        let (numerator, denominator, hundredths) = match *said {
            Parts(numerator, denominator) => (Some(numerator), Some(denominator), None),
            Hundredths(hundredths) => (None, None, Some(hundredths)),
        };
        let new = ReportedFigureIn {
            area_code: area.parse().map_err(|e: String| Error::internal(e))?,
            figure: *figure,
            part: None,
            from: from.parse().map_err(Error::internal)?,
            to: to.parse().map_err(Error::internal)?,
            numerator,
            denominator,
            hundredths,
            source: (*source).to_owned(),
        };
        insert_reported_row(c, ReportedFigureId(id(Kind::ReportedFigure, number)), &new, by)?;
    }
    Ok(())
}

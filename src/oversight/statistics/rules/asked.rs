//! What a query asks for, or the parameter at which it is wrong.

use chrono::NaiveDate;
use delivery::cases::figures::passed;
use platform::auth::{AreaCode, AreaLevel};
use platform::rollups::Period;
use platform::{Error, Result};

use super::catalogue::{ENTRIES, Entry, entry};
use crate::statistics::dto::{Breakdown, OverviewField, StatisticsQuery};

/// Statistics as they were asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub figures: Vec<&'static Entry>,
    pub as_of: NaiveDate,
    pub period: Period,
    pub by: Option<Breakdown>,
    pub year_on_year: bool,
}

impl Asked {
    pub fn of(query: &StatisticsQuery, area: &AreaCode, today: NaiveDate) -> Result<Self> {
        let as_of = query.as_of.unwrap_or(today);
        if as_of > today {
            return Err(Error::parameter("as_of", "in_the_future", "不能晚于今天", "lies in the future"));
        }
        let period = passed(query.from, query.to, as_of)?;
        if query.by == Some(Breakdown::Area) && area.level() >= AreaLevel::Grid {
            return Err(Error::parameter("by", "not_supported", "该区域没有下级区域", "the area has none below it"));
        }
        let figures = figures(query.figures.as_deref(), query.by)?;
        Ok(Self { figures, as_of, period, by: query.by, year_on_year: query.year_on_year.unwrap_or(false) })
    }
}

fn figures(named: Option<&str>, by: Option<Breakdown>) -> Result<Vec<&'static Entry>> {
    let can = |entry: &Entry| by.is_none_or(|by| entry.by.contains(&by));
    let Some(named) = named else { return Ok(ENTRIES.iter().filter(|entry| can(entry)).collect()) };
    let mut chosen: Vec<&'static Entry> = Vec::new();
    for name in named.split(',') {
        let known = name.parse().ok().and_then(entry);
        let known =
            known.ok_or_else(|| Error::parameter("figures", "unknown_value", "没有此指标", "names no figure"))?;
        if chosen.iter().any(|other| other.key == known.key) {
            return Err(Error::parameter("figures", "duplicate", "指标重复", "names a figure twice"));
        }
        if !can(known) {
            let (zh, en) = ("所选指标不能这样分组", "a figure that is asked for cannot be told apart by it");
            return Err(Error::parameter("by", "not_supported", zh, en));
        }
        chosen.push(known);
    }
    Ok(chosen)
}

/// The parts of an overview that are asked for, in their own order, so that two who ask for the same are answered the same.
pub fn fields(named: Option<&str>) -> Result<Vec<OverviewField>> {
    let Some(named) = named else { return Ok(OverviewField::ALL.to_vec()) };
    let mut chosen: Vec<OverviewField> = Vec::new();
    for name in named.split(',') {
        let field: OverviewField =
            name.parse().map_err(|_| Error::parameter("fields", "unknown_value", "没有此部分", "names no part"))?;
        if chosen.contains(&field) {
            return Err(Error::parameter("fields", "duplicate", "部分重复", "names a part twice"));
        }
        chosen.push(field);
    }
    chosen.sort_unstable();
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::dto::FigureKey;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn asked(query: StatisticsQuery) -> Result<Asked> {
        Asked::of(&query, &"620902".parse().expect("a code"), day("2024-01-15"))
    }

    fn parameter(outcome: Result<impl std::fmt::Debug>) -> String {
        format!("{:?}", outcome.expect_err("refused"))
    }

    #[test]
    fn without_words_it_is_everything_this_month() {
        let all = asked(StatisticsQuery::default()).expect("fine");
        assert_eq!(all.figures.len(), ENTRIES.len());
        assert_eq!(all.period, Period { from: day("2024-01-01"), to: day("2024-01-15") });
        let by = StatisticsQuery { by: Some(Breakdown::Company), ..StatisticsQuery::default() };
        let keys: Vec<FigureKey> = asked(by).expect("fine").figures.iter().map(|entry| entry.key).collect();
        use FigureKey::{OnTimeClosure, StarDistribution, ThreeStarsAndAbove, VisitSatisfaction};
        assert_eq!(keys, [OnTimeClosure, VisitSatisfaction, StarDistribution, ThreeStarsAndAbove]);
    }

    #[test]
    fn what_cannot_be_is_refused_by_its_name() {
        let with = |figures: &str, by| StatisticsQuery { figures: Some(figures.to_owned()), by, ..Default::default() };
        assert!(parameter(asked(with("service_coverage,nothing", None))).contains("figures"));
        assert!(parameter(asked(with("service_coverage,service_coverage", None))).contains("figures"));
        assert!(parameter(asked(with("service_coverage", Some(Breakdown::Company)))).contains("\"by\""));
        let future = StatisticsQuery { as_of: Some(day("2024-01-16")), ..Default::default() };
        assert!(parameter(asked(future)).contains("as_of"));
        let compound: AreaCode = "620902005003-0001".parse().expect("a code");
        let by = StatisticsQuery { by: Some(Breakdown::Area), ..Default::default() };
        assert!(parameter(Asked::of(&by, &compound, day("2024-01-15"))).contains("\"by\""));
    }

    #[test]
    fn parts_are_told_in_one_order() {
        assert_eq!(fields(None).expect("all"), OverviewField::ALL);
        assert_eq!(fields(Some("daily,cases")).expect("two"), [OverviewField::Cases, OverviewField::Daily]);
        for wrong in ["", "cases,", "cases,cases", "Cases"] {
            assert!(parameter(fields(Some(wrong))).contains("fields"), "{wrong}");
        }
    }
}

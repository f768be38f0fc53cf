//! 时间序列 of one figure: each step is looked at by itself, as its last day knew it.

use platform::Result;
use platform::db::Conn;
use platform::rollups::Period;

use super::Scope;
use super::counts::Counts;
use super::statistics::{change, same_part, year_earlier};
use crate::statistics::dto::{AmountOut, FigureSeriesOut, SeriesPoint, SeriesQuery};
use crate::statistics::rules::catalogue::Entry;

pub fn of_area(
    c: &mut Conn,
    scope: &Scope,
    entry: &'static Entry,
    query: &SeriesQuery,
    steps: &[Period],
) -> Result<FigureSeriesOut> {
    let mut items = Vec::new();
    for step in steps {
        let scope = scope.at(*step, step.to);
        let now = Counts::read(c, &scope, None, &[entry])?.parts(entry.key, None);
        let earlier = match query.year_on_year {
            Some(true) => Some(Counts::read(c, &year_earlier(&scope), None, &[entry])?.parts(entry.key, None)),
            _ => None,
        };
        for part in now {
            let year_before = earlier.as_deref().map(|parts| AmountOut::from(same_part(parts, &part)));
            let now = AmountOut::from(part.amount);
            items.push(SeriesPoint {
                from: step.from,
                to: step.to,
                part: part.name,
                change: year_before.as_ref().map(|before| change(before, &now)),
                year_before,
                numerator: now.numerator,
                denominator: now.denominator,
                percent: now.percent,
                value: now.value,
            });
        }
    }
    Ok(FigureSeriesOut {
        area: scope.area.to_string(),
        figure: entry.key,
        formula: entry.formula.to_owned(),
        unit: entry.unit,
        step: query.step,
        items,
    })
}

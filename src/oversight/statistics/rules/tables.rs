//! Statistics as rows of a table, under Chinese headings.

use super::catalogue::entry;
use crate::statistics::dto::{AmountOut, FigureKey, FigureSeriesOut, StatisticsOut};

/// A cell: a number stays one in a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Number(i64),
    /// With two places.
    Decimal(String),
    Empty,
}

/// A table with its headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub header: &'static [&'static str],
    pub rows: Vec<Vec<Cell>>,
}

fn text(value: impl ToString) -> Cell {
    Cell::Text(value.to_string())
}

fn perhaps(value: Option<&String>) -> Cell {
    value.map_or(Cell::Empty, text)
}

fn decimal(value: Option<&String>) -> Cell {
    value.map_or(Cell::Empty, |value| Cell::Decimal(value.clone()))
}

fn name_of(figure: FigureKey) -> Cell {
    entry(figure).map_or(Cell::Empty, |entry| text(entry.name.0))
}

fn earlier(amount: Option<&AmountOut>) -> [Cell; 2] {
    let number = |value: fn(&AmountOut) -> i64| amount.map_or(Cell::Empty, |amount| Cell::Number(value(amount)));
    [number(|amount| amount.numerator), number(|amount| amount.denominator)]
}

const STATISTICS: &[&str] = &[
    "指标代码",
    "公式",
    "指标",
    "分项",
    "分组代码",
    "分组名称",
    "单位",
    "分子",
    "分母",
    "百分比",
    "数值",
    "截至日",
    "开始日",
    "结束日",
    "同期分子",
    "同期分母",
    "同比",
    "公布值",
    "公布来源",
    "依据",
];

pub fn of_statistics(told: &StatisticsOut) -> Table {
    let row = |item: &crate::statistics::dto::StatisticOut| {
        let [before_numerator, before_denominator] = earlier(item.year_before.as_ref());
        let published = item.reported.first();
        vec![
            text(item.figure),
            text(&item.formula),
            name_of(item.figure),
            perhaps(item.part.as_ref()),
            perhaps(item.group.as_ref().map(|group| &group.code)),
            perhaps(item.group.as_ref().and_then(|group| group.name.as_ref())),
            text(item.unit),
            Cell::Number(item.numerator),
            Cell::Number(item.denominator),
            decimal(item.percent.as_ref()),
            decimal(item.value.as_ref()),
            text(item.as_of),
            text(told.from),
            text(told.to),
            before_numerator,
            before_denominator,
            decimal(item.change.as_ref().and_then(|change| change.percent.as_ref())),
            decimal(published.and_then(|published| published.value.as_ref())),
            perhaps(published.map(|published| &published.source)),
            text(&item.source),
        ]
    };
    Table { header: STATISTICS, rows: told.items.iter().map(row).collect() }
}

const SERIES: &[&str] = &[
    "指标代码",
    "公式",
    "指标",
    "分项",
    "单位",
    "粒度",
    "开始日",
    "结束日",
    "分子",
    "分母",
    "百分比",
    "数值",
    "同期分子",
    "同期分母",
    "同比",
];

pub fn of_series(told: &FigureSeriesOut) -> Table {
    let row = |point: &crate::statistics::dto::SeriesPoint| {
        let [before_numerator, before_denominator] = earlier(point.year_before.as_ref());
        vec![
            text(told.figure),
            text(&told.formula),
            name_of(told.figure),
            perhaps(point.part.as_ref()),
            text(told.unit),
            text(told.step),
            text(point.from),
            text(point.to),
            Cell::Number(point.numerator),
            Cell::Number(point.denominator),
            decimal(point.percent.as_ref()),
            decimal(point.value.as_ref()),
            before_numerator,
            before_denominator,
            decimal(point.change.as_ref().and_then(|change| change.percent.as_ref())),
        ]
    };
    Table { header: SERIES, rows: told.items.iter().map(row).collect() }
}

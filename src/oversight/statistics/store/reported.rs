//! 公布值 (F26): what was published elsewhere, with its source. Recorded once and never changed: a correction is another record,
//! and the later one is told first.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Ts};
use platform::history::{ActorId, record_first};
use platform::quantity::{Quotient, Ratio};
use platform::{Result, in_ranges};
use serde_json::json;

use super::{By, check_known};
use crate::schema::reported_figures as table;
use crate::statistics::dto::{
    FigureKey, FigureUnit, ReportedFigureId, ReportedFigureIn, ReportedFigureOut, ReportedFigureQuery, ReportedValue,
};
use crate::statistics::rules::catalogue::entry;
use crate::statistics::rules::published::check;

/// The entity of its one event.
pub const ENTITY: &str = "reported_figure";

/// So many published values of one figure and area are told beside it.
const MOST: usize = 20;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = table, treat_none_as_default_value = false)]
pub struct ReportedRow {
    pub id: ReportedFigureId,
    pub area_code: String,
    pub figure: FigureKey,
    pub part: Option<String>,
    pub period_from: NaiveDate,
    pub period_to: NaiveDate,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    pub hundredths: Option<i64>,
    pub source: String,
    pub recorded_by: Option<ActorId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl ReportedRow {
    /// As the figure itself would be told, from the parts where they are known.
    fn value(&self) -> Option<String> {
        let unit = entry(self.figure).map(|entry| entry.unit);
        match (self.numerator, self.denominator, self.hundredths) {
            (Some(numerator), Some(denominator), _) => match unit {
                Some(FigureUnit::Percent) => Ratio::of(numerator, denominator).percent,
                Some(FigureUnit::PerMille) => Quotient::per_thousand(numerator, denominator).value,
                _ => Quotient::of(numerator, denominator).value,
            },
            (_, _, Some(hundredths)) => Quotient::of(hundredths, 100).value,
            _ => None,
        }
    }
}

impl From<ReportedRow> for ReportedValue {
    fn from(row: ReportedRow) -> Self {
        Self {
            value: row.value(),
            numerator: row.numerator,
            denominator: row.denominator,
            from: row.period_from,
            to: row.period_to,
            source: row.source,
            recorded_at: row.created_at,
        }
    }
}

impl From<ReportedRow> for ReportedFigureOut {
    fn from(row: ReportedRow) -> Self {
        let value = row.value();
        let ReportedRow {
            id,
            area_code,
            figure,
            part,
            period_from,
            period_to,
            numerator,
            denominator,
            hundredths: _,
            source,
            recorded_by: _,
            version,
            created_at,
            updated_at: _,
        } = row;
        Self {
            id,
            area_code,
            figure,
            part,
            from: period_from,
            to: period_to,
            numerator,
            denominator,
            value,
            source,
            recorded_at: created_at,
            version,
        }
    }
}

/// Records what was published of an area that the caller sees.
pub fn insert(c: &mut Conn, visible: &Visible, new: &ReportedFigureIn, by: &By) -> Result<ReportedRow> {
    visible.check(new.area_code.as_str())?;
    check(new, by.today)?;
    check_known(c, &new.area_code)?;
    insert_row(c, ReportedFigureId::fresh(), new, by)
}

/// The row itself, for what has been checked.
pub fn insert_row(c: &mut Conn, id: ReportedFigureId, new: &ReportedFigureIn, by: &By) -> Result<ReportedRow> {
    let row = ReportedRow {
        id,
        area_code: new.area_code.to_string(),
        figure: new.figure,
        part: new.part.clone(),
        period_from: new.from,
        period_to: new.to,
        numerator: new.numerator,
        denominator: new.denominator,
        hundredths: new.hundredths,
        source: new.source.clone(),
        recorded_by: by.actor.map(ActorId),
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(table::table).values(&row).execute(c)?;
    let data = json!({ "figure": row.figure, "part": row.part, "from": row.period_from, "to": row.period_to,
        "numerator": row.numerator, "denominator": row.denominator, "hundredths": row.hundredths,
        "source": row.source, "area_code": row.area_code });
    record_first(c, by.event(ENTITY, row.id, 1, "reported_figure.recorded", &row.area_code, data))?;
    Ok(row)
}

pub fn find(c: &mut Conn, visible: &Visible, id: ReportedFigureId) -> Result<ReportedRow> {
    let row: ReportedRow = table::table.find(id).select(ReportedRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// By id, the newest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (before, fetch): (Option<ReportedFigureId>, i64),
    filter: &ReportedFigureQuery,
) -> Result<Vec<ReportedRow>> {
    let ranges = visible.narrow(filter.area.as_ref())?.ranges();
    let mut query = table::table.into_boxed::<Backend>().filter(in_ranges!(ranges, table::area_code));
    if let Some(before) = before {
        query = query.filter(table::id.lt(before));
    }
    if let Some(figure) = filter.figure {
        query = query.filter(table::figure.eq(figure));
    }
    Ok(query.order(table::id.desc()).limit(fetch).select(ReportedRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &ReportedFigureQuery) -> Result<i64> {
    let ranges = visible.narrow(filter.area.as_ref())?.ranges();
    let mut query = table::table.into_boxed::<Backend>().filter(in_ranges!(ranges, table::area_code));
    if let Some(figure) = filter.figure {
        query = query.filter(table::figure.eq(figure));
    }
    Ok(query.count().get_result(c)?)
}

/// What was published of these areas and figures for days up to one, the latest first.
pub fn known(c: &mut Conn, areas: &[String], figures: &[FigureKey], as_of: NaiveDate) -> Result<Vec<ReportedRow>> {
    let rows: Vec<ReportedRow> = table::table
        .filter(table::area_code.eq_any(areas))
        .filter(table::figure.eq_any(figures))
        .filter(table::period_to.le(as_of))
        .order((table::period_to.desc(), table::id.desc()))
        .select(ReportedRow::as_select())
        .load(c)?;
    let mut told: Vec<ReportedRow> = Vec::new();
    for row in rows {
        let same = |other: &&ReportedRow| {
            (&other.area_code, other.figure, &other.part) == (&row.area_code, row.figure, &row.part)
        };
        if told.iter().filter(same).count() < MOST {
            told.push(row);
        }
    }
    Ok(told)
}

//! 指标 of a scheme.

use diesel::prelude::*;
use platform::db::Conn;
use platform::{Result, insert_rows};

use super::rows::IndicatorRow;
use crate::ratings::dto::{IndicatorIn, RatingIndicatorId, RatingSchemeId, RatingScorer};
use crate::ratings::rules::sheets::Asked;
use crate::schema::rating_indicators as indicators;

/// In their order.
pub fn of_scheme(c: &mut Conn, scheme: RatingSchemeId) -> Result<Vec<IndicatorRow>> {
    let of = indicators::table.filter(indicators::scheme_id.eq(scheme)).order(indicators::position);
    Ok(of.select(IndicatorRow::as_select()).load(c)?)
}

/// Puts these in the place of those that a draft had.
pub fn replace(c: &mut Conn, scheme: RatingSchemeId, new: &[IndicatorIn]) -> Result<()> {
    diesel::delete(indicators::table.filter(indicators::scheme_id.eq(scheme))).execute(c)?;
    let rows: Vec<IndicatorRow> = (1..).zip(new).map(|(position, new)| fresh(scheme, position, new)).collect();
    Ok(insert_rows!(c, indicators::table, rows.iter().collect())?)
}

fn fresh(scheme_id: RatingSchemeId, position: i32, new: &IndicatorIn) -> IndicatorRow {
    IndicatorRow {
        id: RatingIndicatorId::fresh(),
        scheme_id,
        position,
        code: new.code.clone(),
        dimension: new.dimension,
        words: new.words.clone(),
        max_points: new.max_points,
        evidence: new.evidence,
        veto: new.veto.unwrap_or(false),
        by_authority: new.scorers.contains(&RatingScorer::Authority),
        by_association: new.scorers.contains(&RatingScorer::Association),
        by_peer: new.scorers.contains(&RatingScorer::Peer),
    }
}

/// Those that a scorer answers, with the rule's view of each.
pub fn asked_of(rows: &[IndicatorRow], scorer: RatingScorer) -> (Vec<&IndicatorRow>, Vec<Asked>) {
    let of: Vec<&IndicatorRow> = rows.iter().filter(|row| row.is_for(scorer)).collect();
    let asked = of.iter().map(|row| Asked {
        code: row.code.clone(),
        dimension: row.dimension,
        max: row.max_points,
        veto: row.veto,
    });
    let asked = asked.collect();
    (of, asked)
}

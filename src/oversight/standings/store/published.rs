//! What anybody reads of rankings and boards: a document by its id, or the one that stands. One indexed read; where the caller
//! has the document, only its hash is read.

use diesel::prelude::*;
use platform::auth::AreaCode;
use platform::db::{Conn, Range, fixed};
use platform::{Result, on_each};

use super::rankings::{RankedRow, RankingRow};
use crate::schema::{boards, ranking_rows as rows, rankings};
use crate::standings::dto::{BoardId, RankingId, SnapshotStatus};

/// The hash of a ranking, for who may have the document.
pub fn ranking_hash(c: &mut Conn, id: RankingId) -> Result<String> {
    Ok(on_each!(c => fixed(rankings::table.find(id).select(rankings::content_hash)).get_result(c))?)
}

/// A ranking's hash and document.
pub fn ranking(c: &mut Conn, id: RankingId) -> Result<(String, String)> {
    let row = || rankings::table.find(id).select((rankings::content_hash, rankings::document));
    Ok(on_each!(c => fixed(row()).get_result(c))?)
}

pub fn board_hash(c: &mut Conn, id: BoardId) -> Result<String> {
    Ok(on_each!(c => fixed(boards::table.find(id).select(boards::content_hash)).get_result(c))?)
}

pub fn board(c: &mut Conn, id: BoardId) -> Result<(String, String)> {
    let row = || boards::table.find(id).select((boards::content_hash, boards::document));
    Ok(on_each!(c => fixed(row()).get_result(c))?)
}

/// The latest quarter's of an area.
pub fn latest(c: &mut Conn, area: &AreaCode) -> Result<RankingId> {
    let standing = rankings::area_code.eq(area.as_str()).and(rankings::status.eq(SnapshotStatus::Standing));
    let latest = rankings::table.filter(standing).order((rankings::year.desc(), rankings::quarter.desc()));
    Ok(latest.select(rankings::id).first(c)?)
}

/// A ranking by its quarter, with some of its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LatestTop {
    pub ranking: Option<(RankingId, i32, i32)>,
    pub rows: Vec<RankedRow>,
}

/// The latest ranking of an area or of the nearest above it, and the first of its rows that lie in the area. Two statements;
/// no document is read.
pub fn latest_top(c: &mut Conn, area: &AreaCode, most: i64) -> Result<LatestTop> {
    let above: Vec<String> = area.and_above().into_iter().map(str::to_owned).collect();
    let standing = rankings::area_code.eq_any(above).and(rankings::status.eq(SnapshotStatus::Standing));
    let ranking: Option<(RankingId, i32, i32)> = rankings::table
        .filter(standing)
        .order((rankings::area_code.desc(), rankings::year.desc(), rankings::quarter.desc()))
        .select((rankings::id, rankings::year, rankings::quarter))
        .first(c)
        .optional()?;
    let Some((id, ..)) = ranking else { return Ok(LatestTop::default()) };
    let Range { from, to } = Range::under(area.as_str());
    let rows = rows::table
        .filter(rows::ranking_id.eq(id))
        .filter(rows::area_code.ge(from).and(rows::area_code.lt(to)))
        .order(rows::position)
        .limit(most)
        .select(RankedRow::as_select())
        .load(c)?;
    Ok(LatestTop { ranking, rows })
}

/// Snapshots of an area, the newest first, corrected ones among them.
pub fn rankings(c: &mut Conn, area: &AreaCode, (before, fetch): (Option<RankingId>, i64)) -> Result<Vec<RankingRow>> {
    let mut query =
        rankings::table.into_boxed::<platform::db::Backend>().filter(rankings::area_code.eq(area.to_string()));
    if let Some(before) = before {
        query = query.filter(rankings::id.lt(before));
    }
    Ok(query.order(rankings::id.desc()).limit(fetch).select(RankingRow::as_select()).load(c)?)
}

//! 红黑榜: made of a ranking by the place's rule, and published as it is made. No list, and of no effect in law.

use diesel::prelude::*;
use platform::auth::{AreaCode, Visible};
use platform::db::{Backend, Conn, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, By, record, record_first};
use platform::rule_sets::{self, RuleSetId};
use platform::{Error, Result};
use serde_json::json;

use super::frozen::{self, Proved};
use super::rankings::{RankedRow, RankingRow, find_kept, rows_of};
use super::{area_of, took_effect};
use crate::schema::boards;
use crate::standings::dto::{
    BoardEntry, BoardId, BoardItem, BoardOut, BoardReason, BoardSide, BoardSnapshot, RankingId, SnapshotStatus,
    StandingProofOut,
};
use crate::standings::rules::board::{Chosen, Ranked, choose};
use crate::standings::rules::params::{BOARDS, BoardRules};
use crate::standings::rules::{POSTED, SUPERSEDED};

/// The entity of a board's events.
pub const ENTITY: &str = "board";

const EFFECT: (&str, &str) = (
    "红黑榜按当季名次产生,仅作通报,不具有法律效力,不属于红黑名单",
    "The board goes by the places of the quarter, informs, has no effect in law and is no list",
);

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = boards, treat_none_as_default_value = false)]
pub struct BoardRow {
    pub id: BoardId,
    pub area_code: String,
    pub ranking_id: RankingId,
    pub year: i32,
    pub quarter: i32,
    pub status: SnapshotStatus,
    pub red: i32,
    pub black: i32,
    pub rule_set_id: Option<RuleSetId>,
    pub document: String,
    pub content_hash: String,
    pub published_at: Ts,
    pub published_by: Option<ActorId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl From<BoardRow> for BoardItem {
    fn from(row: BoardRow) -> Self {
        Self {
            id: row.id,
            ranking_id: row.ranking_id,
            area_code: row.area_code,
            year: row.year,
            quarter: row.quarter,
            status: row.status,
            red: row.red,
            black: row.black,
            content_hash: row.content_hash,
            published_at: row.published_at,
            version: row.version,
        }
    }
}

pub fn get(c: &mut Conn, id: BoardId) -> Result<BoardRow> {
    Ok(boards::table.find(id).select(BoardRow::as_select()).first(c)?)
}

/// Who is on a board, the red side first, as it was published.
pub fn entries(row: &BoardRow) -> Result<Vec<BoardEntry>> {
    let BoardOut { snapshot: BoardSnapshot { red, black, .. }, .. } = frozen::read(&row.document)?;
    Ok(red.into_iter().chain(black).collect())
}

/// Boards of an area, the newest first.
pub fn list(c: &mut Conn, area: &AreaCode, (before, fetch): (Option<BoardId>, i64)) -> Result<Vec<BoardRow>> {
    let mut query = boards::table.into_boxed::<Backend>().filter(boards::area_code.eq(area.to_string()));
    if let Some(before) = before {
        query = query.filter(boards::id.lt(before));
    }
    Ok(query.order(boards::id.desc()).limit(fetch).select(BoardRow::as_select()).load(c)?)
}

/// 发布: of a ranking of the caller's area that stands, once.
pub fn publish(c: &mut Conn, visible: &Visible, ranking: RankingId, by: &By) -> Result<BoardRow> {
    let ranking = find_kept(c, visible, ranking)?;
    if ranking.status == SnapshotStatus::Superseded {
        return Err((&SUPERSEDED).into());
    }
    publish_as(c, BoardId::fresh(), &ranking, by)
}

pub fn publish_as(c: &mut Conn, id: BoardId, ranking: &RankingRow, by: &By) -> Result<BoardRow> {
    let (rule_set_id, rules): (_, BoardRules) =
        rule_sets::in_force(c, &[&BOARDS], &area_of(&ranking.area_code)?, by.today)?.get(&BOARDS)?;
    let rows = rows_of(c, ranking.id)?;
    let ranked: Vec<Ranked> = rows.iter().map(|row| Ranked { score: row.score, stars: row.stars }).collect();
    let entry = |chosen: Chosen| Some(entry(chosen, rows.get(chosen.row)?, ranking));
    let (red, black): (Vec<BoardEntry>, Vec<BoardEntry>) =
        choose(&ranked, &rules).into_iter().filter_map(entry).partition(|entry| entry.side == BoardSide::Red);
    let counts = (i32::try_from(red.len()), i32::try_from(black.len()));
    let snapshot = BoardSnapshot {
        board_id: id,
        ranking_id: ranking.id,
        area_code: ranking.area_code.clone(),
        year: ranking.year,
        quarter: ranking.quarter,
        published_at: by.at,
        effect_zh: EFFECT.0.to_owned(),
        effect_en: EFFECT.1.to_owned(),
        red,
        black,
    };
    let frozen = frozen::freeze(&format!("/v1/public/boards/{id}/proof"), &snapshot)?;
    let row = BoardRow {
        id,
        area_code: snapshot.area_code,
        ranking_id: ranking.id,
        year: ranking.year,
        quarter: ranking.quarter,
        status: SnapshotStatus::Standing,
        red: counts.0.map_err(Error::internal)?,
        black: counts.1.map_err(Error::internal)?,
        rule_set_id,
        document: frozen.document,
        content_hash: frozen.content_hash,
        published_at: by.at,
        published_by: by.actor.map(ActorId),
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(boards::table).values(&row).execute(c).or_conflict(&POSTED)?;
    let data = json!({ "ranking_id": row.ranking_id, "red": row.red, "black": row.black,
        "content_hash": row.content_hash });
    record_first(c, by.event(ENTITY, row.id, 1, "board.published", &row.area_code, data))?;
    Ok(row)
}

fn entry(chosen: Chosen, row: &RankedRow, ranking: &RankingRow) -> BoardEntry {
    let RankingRow { year, quarter, projects, .. } = ranking;
    let (zh, en) = match chosen.reason {
        BoardReason::FirstPlaces | BoardReason::LastPlaces => (
            format!("{year}年第{quarter}季度{projects}个项目中排名第{}", row.place),
            format!("Place {} of {projects} projects in {year} Q{quarter}", row.place),
        ),
        BoardReason::HighScore | BoardReason::LowScore => (
            format!("{year}年第{quarter}季度得分{}.{:02}", row.score / 100, row.score % 100),
            format!("{}.{:02} points in {year} Q{quarter}", row.score / 100, row.score % 100),
        ),
    };
    BoardEntry {
        side: chosen.side,
        reason: chosen.reason,
        reason_zh: zh,
        reason_en: en,
        rank: row.place,
        score: row.score,
        star: row.stars,
        compound_id: row.compound_id,
        compound_name: row.compound_name.clone(),
        company_id: row.company_id,
        company_name: row.company_name.clone(),
    }
}

/// The board of a ranking that is corrected goes with it; another is made of the new one.
pub fn supersede(c: &mut Conn, ranking: RankingId, by: &By) -> Result<()> {
    let of_this = boards::table.filter(boards::ranking_id.eq(ranking));
    let Some(row) = of_this.select(BoardRow::as_select()).first::<BoardRow>(c).optional()? else { return Ok(()) };
    let version = row.version + 1;
    let target = boards::table.filter(boards::id.eq(row.id).and(boards::version.eq(row.version)));
    let set =
        (boards::status.eq(SnapshotStatus::Superseded), boards::version.eq(version), boards::updated_at.eq(by.at));
    took_effect(diesel::update(target).set(set).execute(c)?, version)?;
    record(c, by.event(ENTITY, row.id, version, "board.superseded", &row.area_code, json!({})))
}

/// Whether a board is still what was published.
pub fn prove(c: &mut Conn, id: BoardId) -> Result<StandingProofOut> {
    let row = get(c, id)?;
    let told: Option<BoardOut> = frozen::read(&row.document).ok();
    let same = told.is_some_and(|told| {
        told.snapshot.ranking_id == row.ranking_id
            && (told.snapshot.year, told.snapshot.quarter) == (row.year, row.quarter)
    });
    let proved = Proved {
        entity: ENTITY,
        id: &row.id.to_string(),
        event: "board.published",
        document: &row.document,
        content_hash: &row.content_hash,
        rows_intact: same,
    };
    frozen::prove(c, proved)
}

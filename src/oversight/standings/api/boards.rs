//! Boards: published by an office, read and checked by anybody.

use actix_web::web::{Data, Json};
use platform::auth::{Actor, Visitor};
use platform::http::{Answer, Document, IfNoneMatch, Mount, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::table::csv_rows;
use platform::{App, Error, Result, handler};
use serde::Serialize;

use super::frozen;
use crate::standings::RankingsPublish;
use crate::standings::dto::{
    BoardEntry, BoardId, BoardIn, BoardItem, BoardOut, BoardPage, BoardReason, BoardSide, PublicRankingsQuery,
    StandingProofOut,
};
use crate::standings::store::{By, after_id, boards as store, published};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(publish_board))
        .service(handler!(list_public_boards))
        .service(handler!(get_public_board))
        .service(handler!(export_board))
        .service(handler!(prove_board));
}

/// 发布红黑榜 · Publish the red and black board of a ranking, by the place's rule
#[utoipa::path(post, path = "/boards", tag = "standings", security(("bearer" = ["rankings:publish"])),
    request_body = BoardIn,
    responses((status = 201, description = "已发布 · Published", body = BoardItem)))]
pub async fn publish_board(
    who: Actor<RankingsPublish>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<BoardIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::publish(c, &who.visible(), body.ranking_id, &by)?;
        Ok(Versioned::created(format!("/v1/public/boards/{}", row.id), row.version, BoardItem::from(row)))
    })
    .await
}

/// 公布的红黑榜列表 · The boards of an area, the newest first
#[utoipa::path(get, path = "/public/boards", tag = "standings", security(()),
    params(PageParams, PublicRankingsQuery),
    responses((status = 200, description = "一页红黑榜 · One page", body = BoardPage)))]
pub async fn list_public_boards(
    _: Visitor,
    app: Data<App>,
    Paged(query, page): Paged<PublicRankingsQuery>,
) -> Result<BoardPage> {
    let asked = page.clone();
    let rows = app
        .db
        .read(move |c| {
            let before = after_id(asked.after.as_deref(), BoardId)?;
            store::list(c, &query.area, (before, asked.fetch()))
        })
        .await?;
    Ok(BoardPage::of(page.cut(rows, |row| row.id.to_string()), None))
}

/// 公布的红黑榜 · A board, byte for byte as it was published
#[utoipa::path(get, path = "/public/boards/{id}", tag = "standings", security(()),
    params(("id" = BoardId, Path), IfNoneMatch),
    responses((status = 200, description = "红黑榜 · The board", body = BoardOut)))]
pub async fn get_public_board(_: Visitor, app: Data<App>, id: Path<BoardId>, seen: IfNoneMatch) -> Result<Document> {
    app.db.read(move |c| frozen(c, *id, &seen, published::board_hash, published::board)).await
}

const COLUMNS: &[&str] = &[
    "side",
    "rank",
    "compound",
    "company",
    "score_basis_points",
    "star",
    "reason",
    "reason_zh",
    "compound_id",
    "company_id",
];

#[derive(Serialize)]
struct Line<'a> {
    side: BoardSide,
    rank: i32,
    compound: &'a str,
    company: Option<&'a str>,
    score_basis_points: i32,
    star: i32,
    reason: BoardReason,
    reason_zh: &'a str,
    compound_id: String,
    company_id: Option<String>,
}

impl<'a> From<&'a BoardEntry> for Line<'a> {
    fn from(entry: &'a BoardEntry) -> Self {
        Self {
            side: entry.side,
            rank: entry.rank,
            compound: &entry.compound_name,
            company: entry.company_name.as_deref(),
            score_basis_points: entry.score,
            star: entry.star,
            reason: entry.reason,
            reason_zh: &entry.reason_zh,
            compound_id: entry.compound_id.to_string(),
            company_id: entry.company_id.map(|id| id.to_string()),
        }
    }
}

/// 导出红黑榜 · A board as a table, from the document that was published
#[utoipa::path(get, path = "/public/boards/{id}/export", tag = "standings", security(()),
    params(("id" = BoardId, Path), IfNoneMatch),
    responses((status = 200, description = "红黑榜表 · The table", body = String, content_type = "text/csv")))]
pub async fn export_board(_: Visitor, app: Data<App>, id: Path<BoardId>, seen: IfNoneMatch) -> Result<Document> {
    let row = app.db.read(move |c| store::get(c, *id)).await?;
    // Frozen, so the tag is the snapshot's own, told apart from that of its document.
    let tag = format!("{}-csv", row.content_hash);
    let entries = if seen.has(&tag) { None } else { Some(store::entries(&row)?) };
    let table = entries.map(|all| csv_rows(true, COLUMNS, all.iter().map(Line::from))).transpose()?;
    let bytes = table.map(String::from_utf8).transpose().map_err(Error::internal)?;
    Ok(Document { bytes, content_type: "text/csv; charset=utf-8", tag, of_rows: true })
}

/// 红黑榜存证 · Whether a board is still what was published, by its hash in the hash-chained history
#[utoipa::path(get, path = "/public/boards/{id}/proof", tag = "standings", security(()),
    params(("id" = BoardId, Path)),
    responses((status = 200, description = "存证 · The proof", body = StandingProofOut)))]
pub async fn prove_board(_: Visitor, app: Data<App>, id: Path<BoardId>) -> Result<Json<StandingProofOut>> {
    Ok(Json(app.db.read(move |c| store::prove(c, *id)).await?))
}

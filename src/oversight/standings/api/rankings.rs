//! Rankings: frozen by an office, read and checked by anybody.

use actix_web::web::{Data, Json};
use platform::auth::{Actor, Visitor};
use platform::db::Conn;
use platform::http::{
    Answer, Document, IfMatch, IfNoneMatch, Mount, Once, PageParams, Paged, Path, Valid, ValidQuery, Versioned,
};
use platform::table::csv_rows;
use platform::{App, Error, Result, handler};
use serde::Serialize;

use super::frozen;
use crate::standings::RankingsPublish;
use crate::standings::dto::{
    PublicRankingsQuery, RankingId, RankingIn, RankingItem, RankingOut, RankingPage, StandingProofOut,
    SupersedeRankingIn,
};
use crate::standings::store::published;
use crate::standings::store::rankings::{self as store, RankedRow, RankingRow};
use crate::standings::store::{By, after_id};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(freeze_ranking))
        .service(handler!(supersede_ranking))
        .service(handler!(list_public_rankings))
        .service(handler!(get_latest_ranking))
        .service(handler!(get_public_ranking))
        .service(handler!(export_ranking))
        .service(handler!(prove_ranking));
}

fn made(row: RankingRow) -> Versioned<RankingItem> {
    Versioned::created(format!("/v1/public/rankings/{}", row.id), row.version, row.into())
}

/// 生成排名快照 · Rank a quarter's confirmed results and freeze the ranking
#[utoipa::path(post, path = "/rankings", tag = "standings", security(("bearer" = ["rankings:publish"])),
    request_body = RankingIn,
    responses((status = 201, description = "已生成 · Frozen", body = RankingItem)))]
pub async fn freeze_ranking(
    who: Actor<RankingsPublish>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<RankingIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| Ok(made(store::freeze_quarter(c, &who.visible(), &body, &by)?))).await
}

/// 更正排名快照 · Put another ranking in the place of one, from the results as they are now; the old one stays as it was
#[utoipa::path(post, path = "/rankings/{id}/supersede", tag = "standings",
    security(("bearer" = ["rankings:publish"])), request_body = SupersedeRankingIn,
    params(("id" = RankingId, Path), IfMatch, Once),
    responses((status = 201, description = "已更正 · Superseded", body = RankingItem)))]
pub async fn supersede_ranking(
    who: Actor<RankingsPublish>,
    app: Data<App>,
    id: Path<RankingId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<SupersedeRankingIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find_kept(c, &who.visible(), *id)?;
        version.check(row.version)?;
        Ok(made(store::supersede(c, &row, &body.reason, &by)?))
    })
    .await
}

/// 公布的排名列表 · The rankings of an area, the newest first
#[utoipa::path(get, path = "/public/rankings", tag = "standings", security(()),
    params(PageParams, PublicRankingsQuery),
    responses((status = 200, description = "一页快照 · One page", body = RankingPage)))]
pub async fn list_public_rankings(
    _: Visitor,
    app: Data<App>,
    Paged(query, page): Paged<PublicRankingsQuery>,
) -> Result<RankingPage> {
    let asked = page.clone();
    let rows = app
        .db
        .read(move |c| {
            let before = after_id(asked.after.as_deref(), RankingId)?;
            published::rankings(c, &query.area, (before, asked.fetch()))
        })
        .await?;
    Ok(RankingPage::of(page.cut(rows, |row| row.id.to_string()), None))
}

/// 最新排名 · The latest ranking of an area that stands
#[utoipa::path(get, path = "/public/rankings/latest", tag = "standings", security(()),
    params(PublicRankingsQuery, IfNoneMatch),
    responses((status = 200, description = "排名 · The ranking", body = RankingOut)))]
pub async fn get_latest_ranking(
    _: Visitor,
    app: Data<App>,
    ValidQuery(query): ValidQuery<PublicRankingsQuery>,
    seen: IfNoneMatch,
) -> Result<Document> {
    app.db
        .read(move |c| {
            let id = published::latest(c, &query.area)?;
            frozen(c, id, &seen, published::ranking_hash, published::ranking)
        })
        .await
}

/// 公布的排名 · A ranking, byte for byte as it was frozen
#[utoipa::path(get, path = "/public/rankings/{id}", tag = "standings", security(()),
    params(("id" = RankingId, Path), IfNoneMatch),
    responses((status = 200, description = "排名 · The ranking", body = RankingOut)))]
pub async fn get_public_ranking(
    _: Visitor,
    app: Data<App>,
    id: Path<RankingId>,
    seen: IfNoneMatch,
) -> Result<Document> {
    app.db.read(move |c| frozen(c, *id, &seen, published::ranking_hash, published::ranking)).await
}

const COLUMNS: &[&str] =
    &["rank", "movement", "compound", "company", "area_code", "score_basis_points", "star", "compound_id", "result_id"];

#[derive(Serialize)]
struct Line<'a> {
    rank: i32,
    movement: Option<i32>,
    compound: &'a str,
    company: Option<&'a str>,
    area_code: &'a str,
    score_basis_points: i32,
    star: i32,
    compound_id: String,
    result_id: String,
}

impl<'a> From<&'a RankedRow> for Line<'a> {
    fn from(row: &'a RankedRow) -> Self {
        Self {
            rank: row.place,
            movement: row.movement,
            compound: &row.compound_name,
            company: row.company_name.as_deref(),
            area_code: &row.area_code,
            score_basis_points: row.score,
            star: row.stars,
            compound_id: row.compound_id.to_string(),
            result_id: row.result_id.to_string(),
        }
    }
}

/// 导出排名 · A ranking as a table
#[utoipa::path(get, path = "/public/rankings/{id}/export", tag = "standings", security(()),
    params(("id" = RankingId, Path), IfNoneMatch),
    responses((status = 200, description = "排名表 · The table", body = String, content_type = "text/csv")))]
pub async fn export_ranking(_: Visitor, app: Data<App>, id: Path<RankingId>, seen: IfNoneMatch) -> Result<Document> {
    let read = move |c: &mut Conn| {
        // Frozen rows, so the tag is the snapshot's own, told apart from that of its document.
        let tag = format!("{}-csv", store::get(c, *id)?.content_hash);
        let rows = if seen.has(&tag) { None } else { Some(store::rows_of(c, *id)?) };
        Ok((tag, rows))
    };
    let (tag, rows) = app.db.read(read).await?;
    let table = rows.map(|rows| csv_rows(true, COLUMNS, rows.iter().map(Line::from))).transpose()?;
    let bytes = table.map(String::from_utf8).transpose().map_err(Error::internal)?;
    Ok(Document { bytes, content_type: "text/csv; charset=utf-8", tag, of_rows: true })
}

/// 排名存证 · Whether a ranking is still what was frozen, by its hash in the hash-chained history
#[utoipa::path(get, path = "/public/rankings/{id}/proof", tag = "standings", security(()),
    params(("id" = RankingId, Path)),
    responses((status = 200, description = "存证 · The proof", body = StandingProofOut)))]
pub async fn prove_ranking(_: Visitor, app: Data<App>, id: Path<RankingId>) -> Result<Json<StandingProofOut>> {
    Ok(Json(app.db.read(move |c| store::prove(c, *id)).await?))
}

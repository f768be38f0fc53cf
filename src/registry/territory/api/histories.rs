//! 历史记录 of each kind of entity in this context: the same answer, each behind its own finder.

use actix_web::get;
use actix_web::web::{Data, Path};
use platform::auth::Actor;
use platform::db::Conn;
use platform::history::{self, EventPage, EventRow};
use platform::http::{PageParams, PageRequest, Paged};
use platform::{App, Error, Result};
use utoipa_actix_web::service_config::ServiceConfig;

use super::divisions::NoFilter;
use crate::territory::dto::{CompoundId, GridId};
use crate::territory::store::{compounds, divisions, grids};
use crate::territory::{CompoundsRead, DivisionsRead, GridsRead};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list_division_history).service(list_grid_history).service(list_compound_history);
}

/// The events behind the last one that the caller has and, where asked for, how many there are.
fn events(c: &mut Conn, entity: &str, id: &str, page: &PageRequest) -> Result<(Vec<EventRow>, Option<i64>)> {
    let behind = page.after.as_deref().map_or(Ok(0), |seq| seq.parse().map_err(Error::internal))?;
    let rows = history::list(c, entity, id, behind, page.fetch())?;
    let total = if page.with_total { Some(history::count(c, entity, id)?) } else { None };
    Ok((rows, total))
}

fn answer(page: &PageRequest, (rows, total): (Vec<EventRow>, Option<i64>)) -> EventPage {
    EventPage::of(page.cut(rows, |row| row.seq.to_string()), total)
}

/// 区划历史 · What happened to a division, oldest first, hash-chained
#[utoipa::path(tag = "territory", security(("bearer" = ["divisions:read"])),
    params(("code" = String, Path, max_length = 12), PageParams),
    responses((status = 200, description = "历史 · The history", body = EventPage)))]
#[get("/divisions/{code}/history")]
pub async fn list_division_history(
    who: Actor<DivisionsRead>,
    app: Data<App>,
    code: Path<String>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let asked = page.clone();
    let found = app
        .db
        .read(move |c| {
            let row = divisions::find(c, &who.visible(), &code)?;
            events(c, "division", &row.code, &asked)
        })
        .await?;
    Ok(answer(&page, found))
}

/// 网格历史 · What happened to a grid, oldest first, hash-chained
#[utoipa::path(tag = "territory", security(("bearer" = ["grids:read"])), params(("id" = GridId, Path), PageParams),
    responses((status = 200, description = "历史 · The history", body = EventPage)))]
#[get("/grids/{id}/history")]
pub async fn list_grid_history(
    who: Actor<GridsRead>,
    app: Data<App>,
    id: Path<GridId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let asked = page.clone();
    let found = app
        .db
        .read(move |c| {
            let row = grids::find(c, &who.visible(), *id)?;
            events(c, "grid", &row.id.to_string(), &asked)
        })
        .await?;
    Ok(answer(&page, found))
}

/// 小区历史 · What happened to a compound, oldest first, hash-chained
#[utoipa::path(tag = "territory", security(("bearer" = ["compounds:read"])),
    params(("id" = CompoundId, Path), PageParams),
    responses((status = 200, description = "历史 · The history", body = EventPage)))]
#[get("/compounds/{id}/history")]
pub async fn list_compound_history(
    who: Actor<CompoundsRead>,
    app: Data<App>,
    id: Path<CompoundId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let asked = page.clone();
    let found = app
        .db
        .read(move |c| {
            let row = compounds::find(c, &who.visible().to_compounds(), *id)?;
            events(c, "compound", &row.id.to_string(), &asked)
        })
        .await?;
    Ok(answer(&page, found))
}

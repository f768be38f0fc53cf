//! 历史记录 of each kind of entity in this context: the same answer, each behind its own finder.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::history::{self, EventPage};
use platform::http::{Mount, Path};
use platform::http::{NoFilter, PageParams, Paged};
use platform::{App, Result, handler};

use crate::territory::dto::{CompoundId, GridId};
use crate::territory::store::{compounds, divisions, grids};
use crate::territory::{CompoundsRead, DivisionsRead, GridsRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_division_history))
        .service(handler!(list_grid_history))
        .service(handler!(list_compound_history));
}

/// 区划历史 · What happened to a division, oldest first, hash-chained
#[utoipa::path(get, path = "/divisions/{code}/history", tag = "territory", security(("bearer" = ["divisions:read"])),
    params(("code" = String, Path, max_length = 12), PageParams),
    responses((status = 200, description = "历史 · The history", body = EventPage)))]
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
            history::page(c, "division", &row.code, &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

/// 网格历史 · What happened to a grid, oldest first, hash-chained
#[utoipa::path(get, path = "/grids/{id}/history", tag = "territory", security(("bearer" = ["grids:read"])),
    params(("id" = GridId, Path), PageParams),
    responses((status = 200, description = "历史 · The history", body = EventPage)))]
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
            history::page(c, "grid", &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

/// 小区历史 · What happened to a compound, oldest first, hash-chained
#[utoipa::path(get, path = "/compounds/{id}/history", tag = "territory", security(("bearer" = ["compounds:read"])),
    params(("id" = CompoundId, Path), PageParams),
    responses((status = 200, description = "历史 · The history", body = EventPage)))]
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
            history::page(c, "compound", &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

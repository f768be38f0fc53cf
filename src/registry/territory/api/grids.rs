use actix_web::web::Data;
use actix_web::{Either, HttpResponse};
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Once, PageParams, Paged, Valid, ValidQuery, Versioned, Whole};
use platform::http::{Mount, Path};
use platform::{App, Error, Result, handler};

use super::export;
use crate::territory::dto::{
    CloseIn, GridFormat, GridId, GridIn, GridOut, GridPage, GridPatch, GridQuery, LocateQuery,
};
use crate::territory::store::{By, Listing, divisions, grids as store, sizes};
use crate::territory::{GridsRead, GridsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_grids))
        .service(handler!(create_grid))
        .service(handler!(locate_grid))
        .service(handler!(get_grid))
        .service(handler!(update_grid))
        .service(handler!(close_grid));
}

/// 网格列表 · Grids in the caller's areas, by code; as a page, a table (csv) or a map layer (geojson)
#[utoipa::path(get, path = "/grids", tag = "territory", security(("bearer" = ["grids:read"])),
    params(PageParams, GridQuery),
    responses((status = 200, description = "一页网格,或全部导出 · One page, or the whole export", content(
        (GridPage = "application/json"), (String = "text/csv"), (Object = "application/geo+json")))))]
pub async fn list_grids(
    who: Actor<GridsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<GridQuery>,
) -> Result<Either<GridPage, HttpResponse>> {
    let visible = who.visible().narrow(filter.area.as_ref())?;
    match filter.format {
        Some(GridFormat::Csv) => return Ok(Either::Right(export::grids_as_csv(app, visible, filter))),
        Some(GridFormat::Geojson) => return Ok(Either::Right(export::grids_as_geojson(app, visible, filter))),
        Some(GridFormat::Json) | None => {}
    }
    let (asked, today) = (page.clone(), app.clock.today());
    let (rows, total) = app
        .db
        .read(move |c| {
            let rows = store::list(c, Listing::page(&visible, &asked), &filter, today)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter, today)?) } else { None };
            Ok((sizes::judge_all(c, rows, today)?, total))
        })
        .await?;
    Ok(Either::Left(GridPage::of(page.cut(rows, |row| row.code.clone()), total)))
}

/// 新增网格 · Register a grid of a community
#[utoipa::path(post, path = "/grids", tag = "territory", security(("bearer" = ["grids:write"])), request_body = GridIn,
    responses((status = 201, description = "已登记 · Registered", body = GridOut)))]
pub async fn create_grid(
    who: Actor<GridsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<GridIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        divisions::open_community(c, &who.visible(), &body.community_code, "/community_code")?;
        let row = store::insert(c, &body, &by)?;
        let grid = sizes::judge(c, row, by.today)?;
        Ok(Versioned::created(format!("/v1/grids/{}", grid.id), grid.version, grid))
    })
    .await
}

/// 网格定位 · Which grid covers a point; of several tiers, the lowest
#[utoipa::path(get, path = "/grids/locate", tag = "territory", security(("bearer" = ["grids:read"])),
    params(LocateQuery),
    responses((status = 200, description = "所在网格 · The grid", body = GridOut)))]
pub async fn locate_grid(
    who: Actor<GridsRead>,
    app: Data<App>,
    ValidQuery(point): ValidQuery<LocateQuery>,
) -> Result<Whole<GridOut>> {
    let today = app.clock.today();
    let located = app.db.read(move |c| {
        let row = store::covering(c, &who.visible(), point.lon, point.lat)?.ok_or(Error::NotFound)?;
        sizes::judge(c, row, today)
    });
    let grid = located.await?;
    Ok(Whole { version: grid.version, body: grid })
}

/// 网格详情 · One grid
#[utoipa::path(get, path = "/grids/{id}", tag = "territory", security(("bearer" = ["grids:read"])),
    params(("id" = GridId, Path)),
    responses((status = 200, description = "网格 · The grid", body = GridOut)))]
pub async fn get_grid(who: Actor<GridsRead>, app: Data<App>, id: Path<GridId>) -> Result<Whole<GridOut>> {
    let today = app.clock.today();
    let found = app.db.glance(move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        sizes::judge(c, row, today)
    });
    let grid = found.await?;
    Ok(Whole { version: grid.version, body: grid })
}

/// 修改网格 · Change a grid
#[utoipa::path(patch, path = "/grids/{id}", tag = "territory", security(("bearer" = ["grids:write"])),
    request_body = GridPatch,
    params(("id" = GridId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = GridOut)))]
pub async fn update_grid(
    who: Actor<GridsWrite>,
    app: Data<App>,
    id: Path<GridId>,
    version: IfMatch,
    Valid(body): Valid<GridPatch>,
) -> Result<Versioned<GridOut>> {
    let by = By::new(&app, who.id());
    let grid = app
        .db
        .write(move |c| {
            let row = store::find(c, &who.visible(), *id)?;
            version.check(row.version)?;
            let row = store::update(c, &row, &body, &by)?;
            sizes::judge(c, row, by.today)
        })
        .await?;
    Ok(Versioned::ok(grid.version, grid))
}

/// 撤销网格 · Close a grid that no open building, compound or lower grid belongs to
#[utoipa::path(post, path = "/grids/{id}/close", tag = "territory", security(("bearer" = ["grids:write"])),
    request_body = CloseIn,
    params(("id" = GridId, Path)),
    responses((status = 200, description = "已撤销 · Closed", body = GridOut)))]
pub async fn close_grid(
    who: Actor<GridsWrite>,
    app: Data<App>,
    id: Path<GridId>,
    once: Once,
    Valid(body): Valid<CloseIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        let row = store::close(c, &row, body.on, &body.reason, &by)?;
        let grid = sizes::judge(c, row, by.today)?;
        Ok(Versioned::ok(grid.version, grid))
    })
    .await
}

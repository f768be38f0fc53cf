use actix_web::web::Data;
use actix_web::{Either, HttpResponse};
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Once, PageParams, Paged, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};

use super::export;
use crate::territory::dto::{
    CloseIn, CompoundId, CompoundIn, CompoundMoveIn, CompoundOut, CompoundPage, CompoundPatch, CompoundQuery,
    PlacementsOut, TableFormat,
};
use crate::territory::store::{By, compound_lists as lists, compounds as store, divisions, moves, placements};
use crate::territory::{CompoundsMove, CompoundsRead, CompoundsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_compounds))
        .service(handler!(create_compound))
        .service(handler!(get_compound))
        .service(handler!(update_compound))
        .service(handler!(close_compound))
        .service(handler!(move_compound))
        .service(handler!(list_compound_placements));
}

/// 小区列表 · Compounds in the caller's areas, by area code; as a page or a table (csv)
#[utoipa::path(get, path = "/compounds", tag = "territory", security(("bearer" = ["compounds:read"])),
    params(PageParams, CompoundQuery),
    responses((status = 200, description = "一页小区,或全部导出 · One page, or the whole export",
        content((CompoundPage = "application/json"), (String = "text/csv")))))]
pub async fn list_compounds(
    who: Actor<CompoundsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<CompoundQuery>,
) -> Result<Either<CompoundPage, HttpResponse>> {
    let visible = who.visible().to_compounds().narrow(filter.area.as_ref())?;
    if filter.format == Some(TableFormat::Csv) {
        return Ok(Either::Right(export::compounds_as_csv(app, visible, filter)));
    }
    let (asked, today) = (page.clone(), app.clock.today());
    // A search or a count may look at many rows; a page straight off the index is read where we stand.
    let short = filter.q.is_none() && filter.has_leader.is_none() && !page.with_total;
    let read = move |c: &mut Conn| {
        let rows = lists::list(c, &visible, (asked.after.as_deref(), asked.fetch()), &filter, today)?;
        let total = if asked.with_total { Some(lists::count(c, &visible, &filter, today)?) } else { None };
        Ok((rows, total))
    };
    let (rows, total) = if short { app.db.glance(read).await? } else { app.db.read(read).await? };
    Ok(Either::Left(CompoundPage::of(page.cut(rows, |(row, _)| row.area_code.clone()), total)))
}

/// 新增小区 · Register a compound of a community, with the mode it is managed in
#[utoipa::path(post, path = "/compounds", tag = "territory", security(("bearer" = ["compounds:write"])),
    request_body = CompoundIn,
    responses((status = 201, description = "已登记 · Registered", body = CompoundOut)))]
pub async fn create_compound(
    who: Actor<CompoundsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<CompoundIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        divisions::open_community(c, &who.visible(), &body.community_code, "/community_code")?;
        let row = store::insert(c, &body, &by)?;
        Ok(Versioned::created(format!("/v1/compounds/{}", row.id), row.version, CompoundOut::from(row)))
    })
    .await
}

/// 小区详情 · One compound
#[utoipa::path(get, path = "/compounds/{id}", tag = "territory", security(("bearer" = ["compounds:read"])),
    params(("id" = CompoundId, Path)),
    responses((status = 200, description = "小区 · The compound", body = CompoundOut)))]
pub async fn get_compound(
    who: Actor<CompoundsRead>,
    app: Data<App>,
    id: Path<CompoundId>,
) -> Result<Versioned<CompoundOut>> {
    let row = app.db.glance(move |c| store::find(c, &who.visible().to_compounds(), *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 修改小区 · Change a compound; its mode and its community change by operations of their own
#[utoipa::path(patch, path = "/compounds/{id}", tag = "territory", security(("bearer" = ["compounds:write"])),
    request_body = CompoundPatch,
    params(("id" = CompoundId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = CompoundOut)))]
pub async fn update_compound(
    who: Actor<CompoundsWrite>,
    app: Data<App>,
    id: Path<CompoundId>,
    version: IfMatch,
    Valid(body): Valid<CompoundPatch>,
) -> Result<Versioned<CompoundOut>> {
    let by = By::new(&app, who.id());
    let row = app
        .db
        .write(move |c| {
            let row = store::find(c, &who.visible(), *id)?;
            version.check(row.version)?;
            store::update(c, &row, &body, &by)
        })
        .await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 撤销小区 · Close a compound that holds no open building, as when it is demolished
#[utoipa::path(post, path = "/compounds/{id}/close", tag = "territory", security(("bearer" = ["compounds:write"])),
    request_body = CloseIn,
    params(("id" = CompoundId, Path)),
    responses((status = 200, description = "已撤销 · Closed", body = CompoundOut)))]
pub async fn close_compound(
    who: Actor<CompoundsWrite>,
    app: Data<App>,
    id: Path<CompoundId>,
    once: Once,
    Valid(body): Valid<CloseIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        let row = store::close(c, &row, body.on, &body.reason, &by)?;
        Ok(Versioned::ok(row.version, CompoundOut::from(row)))
    })
    .await
}

/// 小区划转 · Move a compound to another community; its old placement stays with its dates
#[utoipa::path(post, path = "/compounds/{id}/move", tag = "territory", security(("bearer" = ["compounds:move"])),
    request_body = CompoundMoveIn,
    params(("id" = CompoundId, Path)),
    responses((status = 200, description = "已划转 · Moved", body = CompoundOut)))]
pub async fn move_compound(
    who: Actor<CompoundsMove>,
    app: Data<App>,
    id: Path<CompoundId>,
    once: Once,
    Valid(body): Valid<CompoundMoveIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        divisions::open_community(c, &who.visible(), &body.community_code, "/community_code")?;
        let row = moves::move_compound(c, &row, &body.community_code, body.on, &body.reason, &by)?;
        Ok(Versioned::ok(row.version, CompoundOut::from(row)))
    })
    .await
}

/// 归属历史 · Where a compound lay when, oldest first
#[utoipa::path(get, path = "/compounds/{id}/placements", tag = "territory", security(("bearer" = ["compounds:read"])),
    params(("id" = CompoundId, Path)),
    responses((status = 200, description = "归属历史 · The placements", body = PlacementsOut)))]
pub async fn list_compound_placements(
    who: Actor<CompoundsRead>,
    app: Data<App>,
    id: Path<CompoundId>,
) -> Result<actix_web::web::Json<PlacementsOut>> {
    let rows = app
        .db
        .read(move |c| {
            let row = store::find(c, &who.visible().to_compounds(), *id)?;
            placements::list(c, row.id)
        })
        .await?;
    Ok(actix_web::web::Json(PlacementsOut { items: rows.into_iter().map(Into::into).collect() }))
}

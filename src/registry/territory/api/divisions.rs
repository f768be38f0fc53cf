use actix_web::web::Data;
use platform::auth::{Actor, AreaCode, AreaLevel};
use platform::http::{Answer, IfMatch, NoFilter, Once, PageParams, Paged, Valid, ValidQuery, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Error, Result, handler};

use crate::territory::dto::{
    AncestorsOut, CloseIn, DivisionIn, DivisionMoveIn, DivisionOut, DivisionPage, DivisionPatch, DivisionQuery,
    ProfileOut, ProfileQuery,
};
use crate::territory::store::{By, Listing, divisions as store, moves, profile};
use crate::territory::{CompoundsRead, DivisionsRead, DivisionsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_divisions))
        .service(handler!(create_division))
        .service(handler!(get_division))
        .service(handler!(update_division))
        .service(handler!(close_division))
        .service(handler!(move_division))
        .service(handler!(list_division_children))
        .service(handler!(get_division_ancestors))
        .service(handler!(get_area_profile));
}

/// 区划列表 · Divisions in the caller's areas, by code
#[utoipa::path(get, path = "/divisions", tag = "territory", security(("bearer" = ["divisions:read"])),
    params(PageParams, DivisionQuery),
    responses((status = 200, description = "一页区划 · One page", body = DivisionPage)))]
pub async fn list_divisions(
    who: Actor<DivisionsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<DivisionQuery>,
) -> Result<DivisionPage> {
    let visible = who.visible().narrow(filter.area.as_ref())?;
    let (asked, with_total) = (page.clone(), page.with_total);
    let (rows, total) = app
        .db
        .read(move |c| {
            let rows = store::list(c, Listing::page(&visible, &asked), &filter)?;
            let total = if with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(DivisionPage::of(page.cut(rows, |row| row.code.clone()), total))
}

/// 新增区划 · Register a division; its parent is the prefix of its code
#[utoipa::path(post, path = "/divisions", tag = "territory", security(("bearer" = ["divisions:write"])),
    request_body = DivisionIn,
    responses((status = 201, description = "已登记 · Registered", body = DivisionOut)))]
pub async fn create_division(
    who: Actor<DivisionsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<DivisionIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::insert(c, &who.visible(), &body, &by)?;
        Ok(Versioned::created(format!("/v1/divisions/{}", row.code), row.version, DivisionOut::from(row)))
    })
    .await
}

/// 区划详情 · One division, in the caller's areas or above them
#[utoipa::path(get, path = "/divisions/{code}", tag = "territory", security(("bearer" = ["divisions:read"])),
    params(("code" = String, Path, max_length = 12)),
    responses((status = 200, description = "区划 · The division", body = DivisionOut)))]
pub async fn get_division(
    who: Actor<DivisionsRead>,
    app: Data<App>,
    code: Path<String>,
) -> Result<Versioned<DivisionOut>> {
    let row = app.db.glance(move |c| store::find(c, &who.visible(), &code)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 修改区划 · Change a division's name, alias or reported figures
#[utoipa::path(patch, path = "/divisions/{code}", tag = "territory", security(("bearer" = ["divisions:write"])),
    request_body = DivisionPatch,
    params(("code" = String, Path, max_length = 12)),
    responses((status = 200, description = "已修改 · Changed", body = DivisionOut)))]
pub async fn update_division(
    who: Actor<DivisionsWrite>,
    app: Data<App>,
    code: Path<String>,
    version: IfMatch,
    Valid(body): Valid<DivisionPatch>,
) -> Result<Versioned<DivisionOut>> {
    let by = By::new(&app, who.id());
    let row = app
        .db
        .write(move |c| {
            let row = store::find(c, &who.visible(), &code)?;
            who.visible().check(&row.code)?;
            version.check(row.version)?;
            store::update(c, &row, &body, &by)
        })
        .await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 撤销区划 · Close a division that nothing open lies in
#[utoipa::path(post, path = "/divisions/{code}/close", tag = "territory", security(("bearer" = ["divisions:write"])),
    request_body = CloseIn,
    params(("code" = String, Path, max_length = 12)),
    responses((status = 200, description = "已撤销 · Closed", body = DivisionOut)))]
pub async fn close_division(
    who: Actor<DivisionsWrite>,
    app: Data<App>,
    code: Path<String>,
    once: Once,
    Valid(body): Valid<CloseIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), &code)?;
        who.visible().check(&row.code)?;
        let row = store::close(c, &row, body.on, &body.reason, &by)?;
        Ok(Versioned::ok(row.version, DivisionOut::from(row)))
    })
    .await
}

/// 社区划转 · Move a community to another street, with its grids and compounds
#[utoipa::path(post, path = "/divisions/{code}/move", tag = "territory", security(("bearer" = ["divisions:write"])),
    request_body = DivisionMoveIn,
    params(("code" = String, Path, max_length = 12)),
    responses((status = 200, description = "新区划 · The division under its new code", body = DivisionOut)))]
pub async fn move_division(
    who: Actor<DivisionsWrite>,
    app: Data<App>,
    code: Path<String>,
    once: Once,
    Valid(body): Valid<DivisionMoveIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), &code)?;
        who.visible().check(&row.code)?;
        who.visible().check(&body.new_code)?;
        let row = moves::move_community(c, &row, (&body.new_code, body.on), &body.reason, &by)?;
        Ok(Versioned::ok(row.version, DivisionOut::from(row)))
    })
    .await
}

/// 下级区划 · The open divisions straight below one
#[utoipa::path(get, path = "/divisions/{code}/children", tag = "territory", security(("bearer" = ["divisions:read"])),
    params(("code" = String, Path, max_length = 12), PageParams),
    responses((status = 200, description = "一页区划 · One page", body = DivisionPage)))]
pub async fn list_division_children(
    who: Actor<DivisionsRead>,
    app: Data<App>,
    code: Path<String>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<DivisionPage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let (row, visible) = (store::find(c, &who.visible(), &code)?, who.visible());
            let rows = store::children(c, &visible, &row.code, asked.after.as_deref(), asked.fetch())?;
            let total = if asked.with_total { Some(store::count_children(c, &visible, &row.code)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(DivisionPage::of(page.cut(rows, |row| row.code.clone()), total))
}

/// 上级区划 · What a division lies in, from the province down
#[utoipa::path(get, path = "/divisions/{code}/ancestors", tag = "territory", security(("bearer" = ["divisions:read"])),
    params(("code" = String, Path, max_length = 12)),
    responses((status = 200, description = "上级区划 · The ancestors", body = AncestorsOut)))]
pub async fn get_division_ancestors(
    who: Actor<DivisionsRead>,
    app: Data<App>,
    code: Path<String>,
) -> Result<actix_web::web::Json<AncestorsOut>> {
    let rows = app
        .db
        .read(move |c| {
            let row = store::find(c, &who.visible(), &code)?;
            store::ancestors(c, &row.code)
        })
        .await?;
    Ok(actix_web::web::Json(AncestorsOut { items: rows.into_iter().map(Into::into).collect() }))
}

/// 区域概况 · What an area holds on a day: counts, management modes, coverage, reported beside derived
#[utoipa::path(get, path = "/areas/{code}/profile", tag = "territory", security(("bearer" = ["compounds:read"])),
    params(("code" = AreaCode, Path, description = "区划、网格除外的任一区域代码"), ProfileQuery),
    responses((status = 200, description = "概况 · The profile", body = ProfileOut)))]
pub async fn get_area_profile(
    who: Actor<CompoundsRead>,
    app: Data<App>,
    code: Path<AreaCode>,
    ValidQuery(asked): ValidQuery<ProfileQuery>,
) -> Result<actix_web::web::Json<ProfileOut>> {
    let day = asked.as_of.unwrap_or(app.clock.today());
    let out = app
        .db
        .read(move |c| {
            who.visible().check(code.as_str())?;
            let reported = match code.level() {
                AreaLevel::Country | AreaLevel::Grid => return Err(Error::NotFound),
                level if level <= AreaLevel::Community => {
                    store::find(c, &who.visible(), code.as_str())?.households.map(i64::from)
                }
                _ if profile::is_known(c, &code)? => None,
                _ => return Err(Error::NotFound),
            };
            profile::profile(c, code.as_str(), reported, day)
        })
        .await?;
    Ok(actix_web::web::Json(out))
}

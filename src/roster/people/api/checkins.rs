use actix_web::web::{Data, Json};
use platform::auth::{Actor, AreaCode};
use platform::http::{Answer, IfMatch, Once, PageParams, Paged, Valid, ValidQuery, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};

use crate::people::dto::{
    AsOfQuery, CheckinCountOut, CheckinEndIn, CheckinId, CheckinIn, CheckinOut, CheckinPage, CheckinQuery,
};
use crate::people::store::{By, after_id, checkins as store};
use crate::people::{CheckinsCount, CheckinsRead, CheckinsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_checkins))
        .service(handler!(create_checkin))
        .service(handler!(get_checkin))
        .service(handler!(end_checkin))
        .service(handler!(count_area_checkins));
}

/// 在职党员报到列表 · Check-ins in the caller's areas, oldest first
#[utoipa::path(get, path = "/checkins", tag = "people", security(("bearer" = ["checkins:read"])),
    params(PageParams, CheckinQuery),
    responses((status = 200, description = "一页报到 · One page", body = CheckinPage)))]
pub async fn list_checkins(
    who: Actor<CheckinsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<CheckinQuery>,
) -> Result<CheckinPage> {
    let visible = who.visible().narrow(filter.area.as_ref())?;
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref())?.map(CheckinId);
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(CheckinPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 登记报到 · Record that a member, or a unit's members, serve in a community or one of its grids
#[utoipa::path(post, path = "/checkins", tag = "people", security(("bearer" = ["checkins:write"])),
    request_body = CheckinIn,
    responses((status = 201, description = "已登记 · Recorded", body = CheckinOut)))]
pub async fn create_checkin(
    who: Actor<CheckinsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<CheckinIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::insert(c, &who.visible(), &body, &by)?;
        Ok(Versioned::created(format!("/v1/checkins/{}", row.id), row.version, CheckinOut::from(row)))
    })
    .await
}

/// 报到详情 · One check-in
#[utoipa::path(get, path = "/checkins/{id}", tag = "people", security(("bearer" = ["checkins:read"])),
    params(("id" = CheckinId, Path)),
    responses((status = 200, description = "报到 · The check-in", body = CheckinOut)))]
pub async fn get_checkin(
    who: Actor<CheckinsRead>,
    app: Data<App>,
    id: Path<CheckinId>,
) -> Result<Versioned<CheckinOut>> {
    let row = app.db.glance(move |c| store::find(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 结束报到 · End a check-in
#[utoipa::path(post, path = "/checkins/{id}/end", tag = "people", security(("bearer" = ["checkins:write"])),
    request_body = CheckinEndIn,
    params(("id" = CheckinId, Path), IfMatch, Once),
    responses((status = 200, description = "已结束 · Ended", body = CheckinOut)))]
pub async fn end_checkin(
    who: Actor<CheckinsWrite>,
    app: Data<App>,
    id: Path<CheckinId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<CheckinEndIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        version.check(row.version)?;
        let row = store::end(c, &row, body.on, &by)?;
        Ok(Versioned::ok(row.version, CheckinOut::from(row)))
    })
    .await
}

/// 报到人数 · How many in-service members have checked in under an area, as of a day
#[utoipa::path(get, path = "/areas/{code}/checkin-count", tag = "people",
    security(("bearer" = ["checkin_counts:read"])),
    params(("code" = AreaCode, Path, description = "区域代码"), AsOfQuery),
    responses((status = 200, description = "人数 · The count", body = CheckinCountOut)))]
pub async fn count_area_checkins(
    who: Actor<CheckinsCount>,
    app: Data<App>,
    code: Path<AreaCode>,
    ValidQuery(asked): ValidQuery<AsOfQuery>,
) -> Result<Json<CheckinCountOut>> {
    let on = asked.as_of.unwrap_or(app.clock.today());
    who.visible().check(code.as_str())?;
    Ok(Json(app.db.read(move |c| store::counted(c, code.as_str(), on)).await?))
}

use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Mount, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};

use crate::meetings::dto::{SeriesEndIn, SeriesId, SeriesIn, SeriesOut, SeriesPage, SeriesQuery};
use crate::meetings::rules::NOT_CONVENER;
use crate::meetings::store::sight::Sight;
use crate::meetings::store::{By, series as store};
use crate::meetings::{MeetingsConvene, MeetingsRead, after_id};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_meeting_series))
        .service(handler!(create_meeting_series))
        .service(handler!(get_meeting_series))
        .service(handler!(end_meeting_series));
}

/// 会议系列 · What is held again and again in one's area or above it, oldest first; `overdue=true` for the alarm
#[utoipa::path(get, path = "/meeting-series", tag = "meetings", security(("bearer" = ["meetings:read"])),
    params(PageParams, SeriesQuery),
    responses((status = 200, description = "一页会议系列 · One page", body = SeriesPage)))]
pub async fn list_meeting_series(
    who: Actor<MeetingsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<SeriesQuery>,
) -> Result<SeriesPage> {
    let (asked, visible, today) = (page.clone(), who.visible(), app.clock.today());
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref(), SeriesId)?;
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter, today)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter, today)?) } else { None };
            Ok((rows.into_iter().map(|row| SeriesOut::of(row, today)).collect::<Vec<_>>(), total))
        })
        .await?;
    Ok(SeriesPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 建立会议系列 · Begin a series of meetings
#[utoipa::path(post, path = "/meeting-series", tag = "meetings", security(("bearer" = ["meetings:convene"])),
    request_body = SeriesIn,
    responses((status = 201, description = "已建立 · Begun", body = SeriesOut)))]
pub async fn create_meeting_series(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<SeriesIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        if !Sight::of(&who, by.today).convenes_at(body.area_code.as_str(), body.convener_org_id) {
            return Err((&NOT_CONVENER).into());
        }
        let row = store::insert(c, &body, &by)?;
        Ok(Versioned::created(format!("/v1/meeting-series/{}", row.id), row.version, SeriesOut::of(row, by.today)))
    })
    .await
}

/// 会议系列详情 · One series
#[utoipa::path(get, path = "/meeting-series/{id}", tag = "meetings", security(("bearer" = ["meetings:read"])),
    params(("id" = SeriesId, Path)),
    responses((status = 200, description = "会议系列 · The series", body = SeriesOut)))]
pub async fn get_meeting_series(
    who: Actor<MeetingsRead>,
    app: Data<App>,
    id: Path<SeriesId>,
) -> Result<Versioned<SeriesOut>> {
    let today = app.clock.today();
    let row = app.db.read(move |c| store::find(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, SeriesOut::of(row, today)))
}

/// 结束会议系列 · End a series
#[utoipa::path(post, path = "/meeting-series/{id}/end", tag = "meetings", security(("bearer" = ["meetings:convene"])),
    request_body = SeriesEndIn,
    params(("id" = SeriesId, Path), IfMatch, Once),
    responses((status = 200, description = "已结束 · Ended", body = SeriesOut)))]
pub async fn end_meeting_series(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<SeriesId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<SeriesEndIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        if !Sight::of(&who, by.today).convenes_at(&row.area_code, row.convener_org_id) {
            return Err((&NOT_CONVENER).into());
        }
        version.check(row.version)?;
        let row = store::end(c, &row, &body.reason, &by)?;
        Ok(Versioned::ok(row.version, SeriesOut::of(row, by.today)))
    })
    .await
}

use actix_web::web::{Data, Json};
use actix_web::{Either, HttpResponse};
use platform::auth::Actor;
use platform::history::{self, EventPage};
use platform::http::{Answer, NoFilter, Once, PageParams, Paged, Valid, ValidQuery, Whole};
use platform::http::{Mount, Path};
use platform::{App, Error, Result, handler};
use registry::territory::dto::TableFormat;

use super::{export, made, may_act_at};
use crate::appointments::dto::{
    AppointmentId, AppointmentIn, AppointmentListing, AppointmentOut, AppointmentPage, AppointmentQuery,
    CrossAppointmentIn, RecusalQuery, RecusalsOut,
};
use crate::appointments::store::{By, appointments as rows, queries, steps};
use crate::appointments::{AppointmentsPropose, AppointmentsRead, AppointmentsRecord, MyAppointmentsRead};
use crate::{organisations, people};

pub(super) fn routes(mount: &mut Mount) {
    // What has a word of its own in the place of an id comes before what takes one.
    super::checks::routes(mount);
    mount
        .service(handler!(list_appointments))
        .service(handler!(record_appointment))
        .service(handler!(propose_cross_appointment))
        .service(handler!(list_recusals))
        .service(handler!(get_appointment))
        .service(handler!(list_appointment_history))
        .service(handler!(list_my_appointments));
}

/// 任职列表 · Who holds what here, oldest first; names are masked; as a page or a table (csv)
#[utoipa::path(get, path = "/appointments", tag = "appointments", security(("bearer" = ["appointments:read"])),
    params(PageParams, AppointmentQuery),
    responses((status = 200, description = "一页任职,或全部导出 · One page, or the whole export",
        content((AppointmentPage = "application/json"), (String = "text/csv")))))]
pub async fn list_appointments(
    who: Actor<AppointmentsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<AppointmentQuery>,
) -> Result<Either<AppointmentPage, HttpResponse>> {
    let visible = who.visible();
    // An area that is wholly outside is a 404 before the first byte of an export.
    visible.narrow(filter.area.as_ref())?;
    if filter.format == Some(TableFormat::Csv) {
        return Ok(Either::Right(export::as_csv(app, visible, filter)));
    }
    let (asked, today) = (page.clone(), app.clock.today());
    let (found, total) = app
        .db
        .read(move |c| {
            let after = asked.after.as_deref().map(str::parse).transpose().map_err(Error::internal)?.map(AppointmentId);
            let found = queries::list(c, &visible, (after, asked.fetch()), &filter, today)?;
            let total = if asked.with_total { Some(queries::count(c, &visible, &filter, today)?) } else { None };
            Ok((found, total))
        })
        .await?;
    let found: Vec<AppointmentOut> = found.into_iter().map(|row| AppointmentOut::of(row, today)).collect();
    Ok(Either::Left(AppointmentPage::of(page.cut(found, |row| row.id.to_string()), total)))
}

/// 登记任职 · Record an ordinary appointment; it takes effect when somebody entitled puts it in force
#[utoipa::path(post, path = "/appointments", tag = "appointments", security(("bearer" = ["appointments:record"])),
    request_body = AppointmentIn,
    responses((status = 201, description = "已登记 · Recorded", body = AppointmentOut)))]
pub async fn record_appointment(
    who: Actor<AppointmentsRecord>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<AppointmentIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        may_act_at(c, &who, body.post_id)?;
        let row = steps::record(c, &who.visible(), &body, &by)?;
        made(c, row.id, &by)
    })
    .await
}

/// 提名交叉任职 · Propose a cross-appointment from a post that the person holds elsewhere
#[utoipa::path(post, path = "/cross-appointments", tag = "appointments",
    security(("bearer" = ["appointments:propose"])), request_body = CrossAppointmentIn,
    responses((status = 201, description = "已提名 · Proposed", body = AppointmentOut)))]
pub async fn propose_cross_appointment(
    who: Actor<AppointmentsPropose>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<CrossAppointmentIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = steps::propose(c, &who.visible(), &body, &by)?;
        made(c, row.id, &by)
    })
    .await
}

/// 任职详情 · One appointment, in its state of today
#[utoipa::path(get, path = "/appointments/{id}", tag = "appointments", security(("bearer" = ["appointments:read"])),
    params(("id" = AppointmentId, Path)),
    responses((status = 200, description = "任职 · The appointment", body = AppointmentOut)))]
pub async fn get_appointment(
    who: Actor<AppointmentsRead>,
    app: Data<App>,
    id: Path<AppointmentId>,
) -> Result<Whole<AppointmentOut>> {
    let today = app.clock.today();
    let found = app.db.glance(move |c| queries::find(c, &who.visible(), *id)).await?;
    let out = AppointmentOut::of(found, today);
    Ok(Whole { version: out.version, body: out })
}

/// 任职历史 · What has happened to an appointment, oldest first
#[utoipa::path(get, path = "/appointments/{id}/history", tag = "appointments",
    security(("bearer" = ["appointments:read"])),
    params(("id" = AppointmentId, Path), PageParams),
    responses((status = 200, description = "一页历史 · One page", body = EventPage)))]
pub async fn list_appointment_history(
    who: Actor<AppointmentsRead>,
    app: Data<App>,
    id: Path<AppointmentId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let asked = page.clone();
    let found = app
        .db
        .read(move |c| {
            let row = rows::find(c, &who.visible(), *id)?;
            history::page(c, "appointment", &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

/// 本人任职 · One's own posts over time, oldest first
#[utoipa::path(get, path = "/me/appointments", tag = "appointments", security(("bearer" = ["appointments:read_own"])),
    params(PageParams),
    responses((status = 200, description = "一页任职 · One page", body = AppointmentPage)))]
pub async fn list_my_appointments(
    who: Actor<MyAppointmentsRead>,
    app: Data<App>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<AppointmentPage> {
    let (asked, today) = (page.clone(), app.clock.today());
    let (found, total) = app
        .db
        .read(move |c| {
            let Some(person_id) = people::person_of_account(c, who.id())? else { return Ok((Vec::new(), None)) };
            let all = Some(AppointmentListing::All);
            let filter = AppointmentQuery { person_id: Some(person_id), status: all, ..AppointmentQuery::default() };
            // Whoever it is about sees it wherever it is.
            let visible = platform::auth::Visible::everything();
            let after = asked.after.as_deref().map(str::parse).transpose().map_err(Error::internal)?.map(AppointmentId);
            let found = queries::list(c, &visible, (after, asked.fetch()), &filter, today)?;
            let total = if asked.with_total { Some(queries::count(c, &visible, &filter, today)?) } else { None };
            Ok((found, total))
        })
        .await?;
    let found: Vec<AppointmentOut> = found.into_iter().map(|row| AppointmentOut::of(row, today)).collect();
    Ok(AppointmentPage::of(page.cut(found, |row| row.id.to_string()), total))
}

/// 回避名单 · Who must recuse where an organisation is the object
#[utoipa::path(get, path = "/appointments/recusals", tag = "appointments",
    security(("bearer" = ["appointments:read"])), params(RecusalQuery),
    responses((status = 200, description = "回避名单 · The list", body = RecusalsOut)))]
pub async fn list_recusals(
    who: Actor<AppointmentsRead>,
    app: Data<App>,
    ValidQuery(asked): ValidQuery<RecusalQuery>,
) -> Result<Json<RecusalsOut>> {
    let missing = || Error::parameter("organisation", "missing_parameter", "缺少必填参数", "is required");
    let id = asked.organisation.ok_or_else(missing)?;
    let today = app.clock.today();
    let items = app
        .db
        .read(move |c| {
            organisations::find(c, &who.visible(), id)?;
            queries::recusals(c, &who.visible(), id, today)
        })
        .await?;
    Ok(Json(RecusalsOut { organisation_id: id, as_of: today, items }))
}

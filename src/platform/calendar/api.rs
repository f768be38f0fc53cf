use actix_web::web::{Data, Json};
use chrono::{Datelike, NaiveDate};

use super::dto::{
    CalendarDayIn, CalendarDayOut, CalendarDayPatch, CalendarIn, CalendarOut, CalendarPatch, ComputeIn, ComputedOut,
    ImportQuery, ImportedOut, WeekOut, YearQuery,
};
use super::file::HolidayFile;
use super::store::{self, DayRow, NewDay};
use super::{CalendarDayId, CalendarId, CalendarsImport, CalendarsRead, CalendarsWrite};
use crate::app::App;
use crate::auth::{Actor, AreaCode, Visible};
use crate::clock::date_in_shanghai;
use crate::db::Ts;
use crate::error::{Error, Result};
use crate::handler;
use crate::history::By;
use crate::http::{Answer, IfMatch, Mount, Once, Path, Valid, ValidQuery, Versioned, invalid};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(get_area_calendar))
        .service(handler!(compute_deadline))
        .service(handler!(create_calendar))
        .service(handler!(get_calendar))
        .service(handler!(update_calendar))
        .service(handler!(create_calendar_day))
        .service(handler!(get_calendar_day))
        .service(handler!(update_calendar_day))
        .service(handler!(remove_calendar_day))
        .service(handler!(import_holidays));
}

/// Those whom a calendar binds, and those whose area holds the place.
fn may_read(visible: &Visible, area: &AreaCode) -> Result<()> {
    if visible.covers(area.as_str()) || visible.lies_in(area.as_str()) { Ok(()) } else { Err(Error::NotFound) }
}

/// 有效日历 · The calendar in force in an area in a year, and which area has set what
#[utoipa::path(get, path = "/areas/{code}/calendar", tag = "calendar", security(("bearer" = ["calendars:read"])),
    params(("code" = AreaCode, Path), YearQuery),
    responses((status = 200, description = "有效日历 · What is in force", body = CalendarOut)))]
pub async fn get_area_calendar(
    who: Actor<CalendarsRead>,
    app: Data<App>,
    code: Path<AreaCode>,
    ValidQuery(asked): ValidQuery<YearQuery>,
) -> Result<Json<CalendarOut>> {
    let (area, today) = (code.into_inner(), app.clock.today());
    may_read(&who.visible(), &area)?;
    let year = asked.year.unwrap_or(today.year());
    let end = |month, day| NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| Error::internal("no such year"));
    let (first, last) = (end(1, 1)?, end(12, 31)?);
    let out = app
        .db
        .read(move |c| {
            let found = store::in_force(c, &area, first, last)?;
            let missing = match store::expected_year(today) {
                Some(next) => store::is_missing(c, &area, next)?,
                None => false,
            };
            CalendarOut::of(&area, year, found, missing)
        })
        .await?;
    Ok(Json(out))
}

/// As far as a deadline may lie behind its start.
const YEARS_AHEAD: i64 = 5 * 366;

/// 期限试算 · When a budget of working time is used up, and each window that was counted; nothing is written
#[utoipa::path(post, path = "/areas/{code}/calendar/compute", tag = "calendar",
    security(("bearer" = ["calendars:read"])), params(("code" = AreaCode, Path)),
    request_body = ComputeIn, responses((status = 200, description = "到期时刻 · The deadline", body = ComputedOut)))]
pub async fn compute_deadline(
    who: Actor<CalendarsRead>,
    app: Data<App>,
    code: Path<String>,
    Valid(body): Valid<ComputeIn>,
) -> Result<Json<ComputedOut>> {
    // Read here and not by the extractor: of two faults, the body's is the one to tell.
    let area: AreaCode = code.parse().map_err(|_| Error::NotFound)?;
    may_read(&who.visible(), &area)?;
    let from = start_day(body.start)?;
    let to = from + chrono::Duration::days(YEARS_AHEAD);
    let out = app.db.read(move |c| body.compute(&area, &store::in_force(c, &area, from, to)?.calendar()?)).await?;
    Ok(Json(out))
}

fn start_day(start: Ts) -> Result<NaiveDate> {
    let day = date_in_shanghai(start);
    let check = || crate::http::check_date(&day);
    check().map(|()| day).map_err(|fault| {
        let mut faults = validator::ValidationErrors::new();
        faults.add("start", fault);
        invalid(&faults)
    })
}

/// 设置工作周 · Give an area a week of its own
#[utoipa::path(post, path = "/calendars", tag = "calendar", security(("bearer" = ["calendars:write"])),
    request_body = CalendarIn,
    responses((status = 201, description = "已设置 · Set", body = WeekOut)))]
pub async fn create_calendar(
    who: Actor<CalendarsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<CalendarIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        who.visible().check(body.area_code.as_str())?;
        let row = store::create_week(c, &body.area_code, &body.week, &by)?;
        Ok(Versioned::created(format!("/v1/calendars/{}", row.id), row.version, WeekOut::try_from(row)?))
    })
    .await
}

/// 工作周详情 · The week that one area has set
#[utoipa::path(get, path = "/calendars/{id}", tag = "calendar", security(("bearer" = ["calendars:read"])),
    params(("id" = CalendarId, Path)),
    responses((status = 200, description = "工作周 · The week", body = WeekOut)))]
pub async fn get_calendar(
    who: Actor<CalendarsRead>,
    app: Data<App>,
    id: Path<CalendarId>,
) -> Result<Versioned<WeekOut>> {
    let row = app.db.glance(move |c| store::find_week(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, row.try_into()?))
}

/// 修改工作周 · Change the week of an area; deadlines that stand already stay as they are
#[utoipa::path(patch, path = "/calendars/{id}", tag = "calendar", security(("bearer" = ["calendars:write"])),
    params(("id" = CalendarId, Path)),
    request_body = CalendarPatch, responses((status = 200, description = "已修改 · Changed", body = WeekOut)))]
pub async fn update_calendar(
    who: Actor<CalendarsWrite>,
    app: Data<App>,
    id: Path<CalendarId>,
    version: IfMatch,
    Valid(body): Valid<CalendarPatch>,
) -> Result<Versioned<WeekOut>> {
    let by = By::new(&app, who.id());
    let row = app
        .db
        .write(move |c| {
            let row = store::find_week(c, &who.visible(), *id)?;
            who.visible().check(&row.area_code)?;
            version.check(row.version)?;
            store::change_week(c, &row, &body.week, &by)
        })
        .await?;
    Ok(Versioned::ok(row.version, row.try_into()?))
}

/// 设置特殊日 · Set one day that is not as its weekday: a day off, a make-up day, hours of its own
#[utoipa::path(post, path = "/calendar-days", tag = "calendar", security(("bearer" = ["calendars:write"])),
    request_body = CalendarDayIn,
    responses((status = 201, description = "已设置 · Set", body = CalendarDayOut)))]
pub async fn create_calendar_day(
    who: Actor<CalendarsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<CalendarDayIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        who.visible().check(body.area_code.as_str())?;
        let CalendarDayIn { area_code: area, day, hours, name, source } = body.clone();
        let row = store::create_day(c, &NewDay { area, day, hours, name, source }, &by)?;
        Ok(Versioned::created(format!("/v1/calendar-days/{}", row.id), row.version, CalendarDayOut::try_from(row)?))
    })
    .await
}

/// 特殊日详情 · One day that is not as its weekday
#[utoipa::path(get, path = "/calendar-days/{id}", tag = "calendar", security(("bearer" = ["calendars:read"])),
    params(("id" = CalendarDayId, Path)),
    responses((status = 200, description = "特殊日 · The day", body = CalendarDayOut)))]
pub async fn get_calendar_day(
    who: Actor<CalendarsRead>,
    app: Data<App>,
    id: Path<CalendarDayId>,
) -> Result<Versioned<CalendarDayOut>> {
    let row = app.db.glance(move |c| store::find_day(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, row.try_into()?))
}

/// 修改特殊日 · Set a day otherwise; a file that is imported later sets it anew
#[utoipa::path(patch, path = "/calendar-days/{id}", tag = "calendar", security(("bearer" = ["calendars:write"])),
    params(("id" = CalendarDayId, Path)),
    request_body = CalendarDayPatch,
    responses((status = 200, description = "已修改 · Changed", body = CalendarDayOut)))]
pub async fn update_calendar_day(
    who: Actor<CalendarsWrite>,
    app: Data<App>,
    id: Path<CalendarDayId>,
    version: IfMatch,
    Valid(body): Valid<CalendarDayPatch>,
) -> Result<Versioned<CalendarDayOut>> {
    let by = By::new(&app, who.id());
    let row = app
        .db
        .write(move |c| {
            let row = own_day(c, &who, *id, &version)?;
            store::change_day(c, &row, body.applied_to(&row)?, &by)
        })
        .await?;
    Ok(Versioned::ok(row.version, row.try_into()?))
}

/// A day that the caller may change, at the version that they have read.
fn own_day(
    c: &mut crate::db::Conn,
    who: &Actor<CalendarsWrite>,
    id: CalendarDayId,
    version: &IfMatch,
) -> Result<DayRow> {
    let row = store::find_day(c, &who.visible(), id)?;
    who.visible().check(&row.area_code)?;
    version.check(row.version)?;
    Ok(row)
}

/// 取消特殊日 · Take a day away: it is as its weekday again, or as an area above has set it
#[utoipa::path(post, path = "/calendar-days/{id}/remove", tag = "calendar", security(("bearer" = ["calendars:write"])),
    params(("id" = CalendarDayId, Path), IfMatch, Once),
    responses((status = 200, description = "已取消 · Taken away, as it was", body = CalendarDayOut)))]
pub async fn remove_calendar_day(
    who: Actor<CalendarsWrite>,
    app: Data<App>,
    id: Path<CalendarDayId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = own_day(c, &who, *id, &version)?;
        store::remove_day(c, &row, &by)?;
        Ok(Versioned::ok(row.version, CalendarDayOut::try_from(row)?))
    })
    .await
}

/// 导入节假日安排 · Bring in the holidays and make-up days of a year, as holiday-cn publishes them
#[utoipa::path(post, path = "/holiday-imports", tag = "calendar", security(("bearer" = ["calendars:import"])),
    params(ImportQuery),
    request_body = HolidayFile, responses((status = 200, description = "已导入 · Imported", body = ImportedOut)))]
pub async fn import_holidays(
    who: Actor<CalendarsImport>,
    app: Data<App>,
    ValidQuery(asked): ValidQuery<ImportQuery>,
    Valid(body): Valid<HolidayFile>,
) -> Result<Json<ImportedOut>> {
    let by = By::new(&app, who.id());
    let area = asked.area.unwrap_or_else(AreaCode::country);
    who.visible().check(area.as_str())?;
    let out = app
        .db
        .write(move |c| {
            Ok(ImportedOut::of(&area, body.year, store::import(c, &area, &body, CalendarDayId::fresh, &by)?))
        })
        .await?;
    Ok(Json(out))
}

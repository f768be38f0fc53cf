//! Pages for paper, and the calendar of one's meetings.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Mount, Path};
use platform::{App, Result, handler};

use super::meetings::{DAYS_BACK, MOST_MINE};
use crate::meetings::dto::{MeetingId, VersionNumber};
use crate::meetings::store::sight::{self, Sight};
use crate::meetings::store::{meetings, minutes, publish};
use crate::meetings::{MeetingsConvene, MeetingsRead, rendering};

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(print_minutes)).service(handler!(print_attendance_sheet)).service(handler!(get_my_calendar));
}

/// A page that runs nothing and fetches nothing, whatever somebody wrote into it.
fn page(text: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(text)
}

/// 打印纪要 · A version as a page for paper or PDF: as it was published or, marked so, as a draft
#[utoipa::path(get, path = "/meetings/{id}/minutes/{number}/print", tag = "minutes",
    security(("bearer" = ["meetings:read"])),
    params(("id" = MeetingId, Path), ("number" = i32, Path, minimum = 1)),
    responses((status = 200, description = "打印页 · The page", body = String, content_type = "text/html")))]
pub async fn print_minutes(
    who: Actor<MeetingsRead>,
    app: Data<App>,
    path: Path<(MeetingId, VersionNumber)>,
) -> Result<HttpResponse> {
    let sight = Sight::of(&who, app.clock.today());
    let text = app
        .db
        .read(move |c| {
            let (id, VersionNumber(number)) = *path;
            let meeting = sight::find(c, &sight, id)?;
            let row = minutes::find(c, meeting.id, number)?;
            let printed = publish::printed(c, &meeting, &row)?;
            Ok(rendering::minutes(&meeting, &row, &printed))
        })
        .await?;
    Ok(page(text))
}

/// 打印签到表 · The attendance sheet, with names and lines to sign on; for the convener
#[utoipa::path(get, path = "/meetings/{id}/attendance-sheet", tag = "meetings",
    security(("bearer" = ["meetings:convene"])),
    params(("id" = MeetingId, Path)),
    responses((status = 200, description = "签到表 · The sheet", body = String, content_type = "text/html")))]
pub async fn print_attendance_sheet(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<MeetingId>,
) -> Result<HttpResponse> {
    let sight = Sight::of(&who, app.clock.today());
    let text = app
        .db
        .read(move |c| {
            let row = sight::find_convened(c, &sight, *id)?;
            Ok(rendering::attendance(&meetings::whole(c, row)?))
        })
        .await?;
    Ok(page(text))
}

/// 会议日历 · One's meetings as an iCalendar feed, those of the last ninety days included
#[utoipa::path(get, path = "/me/meetings.ics", tag = "meetings", security(("bearer" = ["meetings:read"])),
    responses((status = 200, description = "日历 · The calendar", body = String, content_type = "text/calendar")))]
pub async fn get_my_calendar(who: Actor<MeetingsRead>, app: Data<App>) -> Result<HttpResponse> {
    let (sight, from) = (Sight::of(&who, app.clock.today()), app.clock.now().plus(chrono::Duration::days(-DAYS_BACK)));
    let rows = app.db.read(move |c| meetings::list_mine(c, &sight, from, MOST_MINE)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/calendar; charset=utf-8"))
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"meetings.ics\""))
        .body(rendering::feed(&rows)))
}

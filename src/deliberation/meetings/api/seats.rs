use actix_web::web::Data;
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{Answer, Mount, Once, Path, Valid};
use platform::{App, Result, handler};

use super::answered;
use crate::meetings::dto::{AttendanceIn, CheckInIn, MeetingId, MeetingOut, SeatId, SeatIn};
use crate::meetings::store::rows::{MeetingRow, SeatRow};
use crate::meetings::store::sight::{self, Sight};
use crate::meetings::store::{By, attendance, seats as store};
use crate::meetings::{MeetingsAttend, MeetingsConvene};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(add_meeting_seat))
        .service(handler!(remove_meeting_seat))
        .service(handler!(record_attendance))
        .service(handler!(check_in));
}

/// 增加席位 · Give an organisation, or a post, a seat while the meeting is being planned
#[utoipa::path(post, path = "/meetings/{id}/seats", tag = "meetings", security(("bearer" = ["meetings:convene"])),
    request_body = SeatIn,
    params(("id" = MeetingId, Path)),
    responses((status = 200, description = "已增加 · Added", body = MeetingOut)))]
pub async fn add_meeting_seat(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<MeetingId>,
    once: Once,
    Valid(body): Valid<SeatIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = sight::find_convened(c, &Sight::of(&who, by.today), *id)?;
        store::add_one(c, &row, &body, &by)?;
        answered(c, row.id)
    })
    .await
}

/// 撤去席位 · Take a seat away while the meeting is being planned
#[utoipa::path(post, path = "/meeting-seats/{id}/remove", tag = "meetings",
    security(("bearer" = ["meetings:convene"])),
    params(("id" = SeatId, Path)),
    responses((status = 200, description = "已撤去 · Removed", body = MeetingOut)))]
pub async fn remove_meeting_seat(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<SeatId>,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let (meeting, seat) = convened_seat(c, &Sight::of(&who, by.today), *id)?;
        store::remove(c, &meeting, &seat, &by)?;
        answered(c, meeting.id)
    })
    .await
}

/// A seat of a meeting that the caller convenes.
fn convened_seat(c: &mut Conn, sight: &Sight, id: SeatId) -> Result<(MeetingRow, SeatRow)> {
    let seat = store::get(c, id)?;
    Ok((sight::find_convened(c, sight, seat.meeting_id)?, seat))
}

/// 登记出席 · Write down who sits on a seat: in person by an appointment, by proxy, or excused
#[utoipa::path(post, path = "/meeting-seats/{id}/attendance", tag = "meetings",
    security(("bearer" = ["meetings:convene"])), request_body = AttendanceIn,
    params(("id" = SeatId, Path)),
    responses((status = 200, description = "已登记 · Recorded", body = MeetingOut)))]
pub async fn record_attendance(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<SeatId>,
    once: Once,
    Valid(body): Valid<AttendanceIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let (meeting, seat) = convened_seat(c, &Sight::of(&who, by.today), *id)?;
        attendance::write_down(c, &meeting, &seat, &body, &by)?;
        answered(c, meeting.id)
    })
    .await
}

/// 签到 · Check in by the code that is shown, on the seat that is one's own by an appointment in office
#[utoipa::path(post, path = "/meetings/{id}/check-in", tag = "meetings", security(("bearer" = ["meetings:attend"])),
    request_body = CheckInIn,
    params(("id" = MeetingId, Path)),
    responses((status = 200, description = "已签到 · Checked in", body = MeetingOut)))]
pub async fn check_in(
    who: Actor<MeetingsAttend>,
    app: Data<App>,
    id: Path<MeetingId>,
    once: Once,
    Valid(body): Valid<CheckInIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let sight = Sight::of(&who, by.today);
        let row = sight::find(c, &sight, *id)?;
        attendance::check_in(c, &sight, &row, &body, &by)?;
        answered(c, row.id)
    })
    .await
}

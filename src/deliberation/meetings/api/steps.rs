use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Mount, Once, Path, Valid};
use platform::{App, Result, handler};

use super::answered;
use crate::meetings::MeetingsConvene;
use crate::meetings::dto::{MeetingId, MeetingOut, PostponeIn, StepReasonIn};
use crate::meetings::store::sight::{Sight, find_convened};
use crate::meetings::store::{By, steps};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(notify_meeting))
        .service(handler!(open_meeting))
        .service(handler!(close_meeting))
        .service(handler!(postpone_meeting))
        .service(handler!(cancel_meeting));
}

/// 通知 · Give notice: the agenda is fixed, in time, with a seat for whoever has to be there
#[utoipa::path(post, path = "/meetings/{id}/notify", tag = "meetings", security(("bearer" = ["meetings:convene"])),
    params(("id" = MeetingId, Path), IfMatch, Once),
    responses((status = 200, description = "已通知 · Called", body = MeetingOut)))]
pub async fn notify_meeting(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<MeetingId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = find_convened(c, &Sight::of(&who, by.today), *id)?;
        version.check(row.version)?;
        steps::notify(c, &row, &by)?;
        answered(c, row.id)
    })
    .await
}

/// 开会 · Open a meeting on its day
#[utoipa::path(post, path = "/meetings/{id}/open", tag = "meetings", security(("bearer" = ["meetings:convene"])),
    params(("id" = MeetingId, Path), IfMatch, Once),
    responses((status = 200, description = "已开会 · In session", body = MeetingOut)))]
pub async fn open_meeting(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<MeetingId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = find_convened(c, &Sight::of(&who, by.today), *id)?;
        version.check(row.version)?;
        steps::open(c, &row, &by)?;
        answered(c, row.id)
    })
    .await
}

/// 结束会议 · Close a meeting; without its quorum it was a consultation
#[utoipa::path(post, path = "/meetings/{id}/close", tag = "meetings", security(("bearer" = ["meetings:convene"])),
    params(("id" = MeetingId, Path), IfMatch, Once),
    responses((status = 200, description = "已结束 · Closed", body = MeetingOut)))]
pub async fn close_meeting(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<MeetingId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = find_convened(c, &Sight::of(&who, by.today), *id)?;
        version.check(row.version)?;
        steps::close(c, &row, &by)?;
        answered(c, row.id)
    })
    .await
}

/// 会议延期 · Put a meeting off to another time, to be called anew
#[utoipa::path(post, path = "/meetings/{id}/postpone", tag = "meetings", security(("bearer" = ["meetings:convene"])),
    request_body = PostponeIn,
    params(("id" = MeetingId, Path), IfMatch, Once),
    responses((status = 200, description = "已延期 · Postponed", body = MeetingOut)))]
pub async fn postpone_meeting(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<MeetingId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<PostponeIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = find_convened(c, &Sight::of(&who, by.today), *id)?;
        version.check(row.version)?;
        steps::postpone(c, &row, &body.reason, body.starts_at, &by)?;
        answered(c, row.id)
    })
    .await
}

/// 取消会议 · Cancel a meeting that has not begun
#[utoipa::path(post, path = "/meetings/{id}/cancel", tag = "meetings", security(("bearer" = ["meetings:convene"])),
    request_body = StepReasonIn,
    params(("id" = MeetingId, Path), IfMatch, Once),
    responses((status = 200, description = "已取消 · Cancelled", body = MeetingOut)))]
pub async fn cancel_meeting(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<MeetingId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<StepReasonIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = find_convened(c, &Sight::of(&who, by.today), *id)?;
        version.check(row.version)?;
        steps::cancel(c, &row, &body.reason, &by)?;
        answered(c, row.id)
    })
    .await
}

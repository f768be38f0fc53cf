use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::http::{Mount, ValidQuery};
use platform::{App, Result, handler};

use crate::meetings::MeetingFiguresRead;
use crate::meetings::dto::{MeetingFiguresOut, MeetingFiguresQuery};
use crate::meetings::store::figures;

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(get_meeting_figures));
}

/// 会议成效 · Sessions by kind, what was raised and what was resolved of it (F13), and whether it was done in time
#[utoipa::path(get, path = "/meeting-figures", tag = "meetings", security(("bearer" = ["meeting_figures:read"])),
    params(MeetingFiguresQuery),
    responses((status = 200, description = "会议成效 · The figures", body = MeetingFiguresOut)))]
pub async fn get_meeting_figures(
    who: Actor<MeetingFiguresRead>,
    app: Data<App>,
    ValidQuery(query): ValidQuery<MeetingFiguresQuery>,
) -> Result<Json<MeetingFiguresOut>> {
    let today = app.clock.today();
    let out = app
        .db
        .read(move |c| {
            who.visible().check(query.area.as_str())?;
            figures::of_area(c, &query, today)
        })
        .await?;
    Ok(Json(out))
}

//! Minutes: countersigned and published.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Mount, Once, Path, Valid, Versioned};
use platform::{App, Result, handler};

use super::minutes::{answered, convened};
use crate::meetings::dto::{MeetingId, MinutesOut, SignatureIn, VersionNumber};
use crate::meetings::store::sight::{self, Sight};
use crate::meetings::store::{By, minutes, publish, signing};
use crate::meetings::{MeetingsAttend, MeetingsConvene};

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(begin_countersigning)).service(handler!(sign_minutes)).service(handler!(publish_minutes));
}

/// 会签 · Begin the countersigning, once amendments are over and disposed of; the words stand from now on
#[utoipa::path(post, path = "/meetings/{id}/minutes/{number}/countersign", tag = "minutes",
    security(("bearer" = ["meetings:convene"])),
    params(("id" = MeetingId, Path), ("number" = i32, Path, minimum = 1), IfMatch, Once),
    responses((status = 200, description = "会签中 · Being signed", body = MinutesOut)))]
pub async fn begin_countersigning(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    path: Path<(MeetingId, VersionNumber)>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let (meeting, row) = convened(c, &Sight::of(&who, by.today), *path, &version)?;
        signing::begin(c, &meeting, &row, &by)?;
        answered(c, meeting.id, row.number)
    })
    .await
}

/// 签署 · Sign for a voting seat that is one's own by an appointment in office, or put a dissent on record
#[utoipa::path(post, path = "/meetings/{id}/minutes/{number}/signatures", tag = "minutes",
    security(("bearer" = ["meetings:attend"])), request_body = SignatureIn,
    params(("id" = MeetingId, Path), ("number" = i32, Path, minimum = 1)),
    responses((status = 200, description = "已签署 · Signed", body = MinutesOut)))]
pub async fn sign_minutes(
    who: Actor<MeetingsAttend>,
    app: Data<App>,
    path: Path<(MeetingId, VersionNumber)>,
    once: Once,
    Valid(body): Valid<SignatureIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let ((id, VersionNumber(number)), sight) = (*path, Sight::of(&who, by.today));
        let meeting = sight::find(c, &sight, id)?;
        let row = minutes::find(c, meeting.id, number)?;
        signing::sign(c, &sight, &row, &body, &by)?;
        answered(c, meeting.id, number)
    })
    .await
}

/// 发布纪要 · Publish what every voting seat has signed, or is deemed to have; it is frozen, and what was resolved takes effect
#[utoipa::path(post, path = "/meetings/{id}/minutes/{number}/publish", tag = "minutes",
    security(("bearer" = ["meetings:convene"])),
    params(("id" = MeetingId, Path), ("number" = i32, Path, minimum = 1), IfMatch, Once),
    responses((status = 200, description = "已发布 · Published", body = MinutesOut)))]
pub async fn publish_minutes(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    path: Path<(MeetingId, VersionNumber)>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let (meeting, row) = convened(c, &Sight::of(&who, by.today), *path, &version)?;
        let (row, signed) = publish::publish(c, &meeting, row, &by)?;
        let said = minutes::amendments_of(c, row.id)?;
        Ok(Versioned::ok(row.version, MinutesOut::of(row, said, signed)?))
    })
    .await
}

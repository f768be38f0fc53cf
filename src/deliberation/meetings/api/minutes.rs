//! Minutes: drafted, circulated, amended, and compared.

use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Mount, Once, Path, Valid, ValidQuery, Versioned};
use platform::{App, Result, handler};

use crate::meetings::dto::{
    AmendmentId, AmendmentIn, DiffOut, DiffQuery, DispositionIn, MeetingId, MinutesIn, MinutesListOut, MinutesOut,
    MinutesPatch, VersionNumber,
};
use crate::meetings::store::rows::{MeetingRow, MinutesRow};
use crate::meetings::store::sight::{self, Sight};
use crate::meetings::store::{By, minutes as store};
use crate::meetings::{MeetingsAttend, MeetingsConvene, MeetingsRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_minutes))
        .service(handler!(draft_minutes))
        .service(handler!(get_minutes))
        .service(handler!(update_minutes))
        .service(handler!(drop_minutes))
        .service(handler!(circulate_minutes))
        .service(handler!(propose_amendment))
        .service(handler!(dispose_of_amendment))
        .service(handler!(compare_minutes));
}

/// One version as it stands after a step.
pub(super) fn answered(c: &mut Conn, meeting: MeetingId, number: i32) -> Result<Versioned<MinutesOut>> {
    let row = store::find(c, meeting, number)?;
    Ok(Versioned::ok(row.version, store::whole(c, row)?))
}

/// A version of a meeting that the caller convenes, which is changed as it was read.
pub(super) fn convened(
    c: &mut Conn,
    sight: &Sight,
    (meeting, VersionNumber(number)): (MeetingId, VersionNumber),
    version: &IfMatch,
) -> Result<(MeetingRow, MinutesRow)> {
    let meeting = sight::find_convened(c, sight, meeting)?;
    let row = store::find(c, meeting.id, number)?;
    version.check(row.version)?;
    Ok((meeting, row))
}

/// 纪要各版本 · The versions of a meeting's minutes, oldest first
#[utoipa::path(get, path = "/meetings/{id}/minutes", tag = "minutes", security(("bearer" = ["meetings:read"])),
    params(("id" = MeetingId, Path)),
    responses((status = 200, description = "各版本 · The versions", body = MinutesListOut)))]
pub async fn list_minutes(
    who: Actor<MeetingsRead>,
    app: Data<App>,
    id: Path<MeetingId>,
) -> Result<Json<MinutesListOut>> {
    let sight = Sight::of(&who, app.clock.today());
    let rows = app
        .db
        .read(move |c| {
            let row = sight::find(c, &sight, *id)?;
            store::of_meeting(c, row.id)
        })
        .await?;
    Ok(Json(MinutesListOut { items: rows.into_iter().map(Into::into).collect() }))
}

/// 起草纪要 · Draft the minutes of a meeting that has closed, or a correction of what is published, with its reason
#[utoipa::path(post, path = "/meetings/{id}/minutes", tag = "minutes", security(("bearer" = ["meetings:convene"])),
    request_body = MinutesIn,
    params(("id" = MeetingId, Path)),
    responses((status = 201, description = "已起草 · Drafted", body = MinutesOut)))]
pub async fn draft_minutes(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<MeetingId>,
    once: Once,
    Valid(body): Valid<MinutesIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let meeting = sight::find_convened(c, &Sight::of(&who, by.today), *id)?;
        let row = store::draft(c, &meeting, &body, &by)?;
        let path = format!("/v1/meetings/{}/minutes/{}", meeting.id, row.number);
        Ok(Versioned::created(path, row.version, store::whole(c, row)?))
    })
    .await
}

/// 纪要版本 · One version, with what was said to it and who has signed
#[utoipa::path(get, path = "/meetings/{id}/minutes/{number}", tag = "minutes",
    security(("bearer" = ["meetings:read"])),
    params(("id" = MeetingId, Path), ("number" = i32, Path, minimum = 1)),
    responses((status = 200, description = "纪要 · The minutes", body = MinutesOut)))]
pub async fn get_minutes(
    who: Actor<MeetingsRead>,
    app: Data<App>,
    path: Path<(MeetingId, VersionNumber)>,
) -> Result<Versioned<MinutesOut>> {
    let sight = Sight::of(&who, app.clock.today());
    app.db
        .read(move |c| {
            let (id, VersionNumber(number)) = *path;
            let row = sight::find(c, &sight, id)?;
            answered(c, row.id, number)
        })
        .await
}

/// 修改草稿 · Change the words while they are drafted
#[utoipa::path(patch, path = "/meetings/{id}/minutes/{number}", tag = "minutes",
    security(("bearer" = ["meetings:convene"])), request_body = MinutesPatch,
    params(("id" = MeetingId, Path), ("number" = i32, Path, minimum = 1)),
    responses((status = 200, description = "已修改 · Changed", body = MinutesOut)))]
pub async fn update_minutes(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    path: Path<(MeetingId, VersionNumber)>,
    version: IfMatch,
    Valid(body): Valid<MinutesPatch>,
) -> Result<Versioned<MinutesOut>> {
    let by = By::new(&app, who.id());
    app.db
        .write(move |c| {
            let (meeting, row) = convened(c, &Sight::of(&who, by.today), *path, &version)?;
            store::edit(c, &row, &body.body, &by)?;
            answered(c, meeting.id, row.number)
        })
        .await
}

/// 放弃更正 · Drop a correction that is not pursued
#[utoipa::path(post, path = "/meetings/{id}/minutes/{number}/drop", tag = "minutes",
    security(("bearer" = ["meetings:convene"])),
    params(("id" = MeetingId, Path), ("number" = i32, Path, minimum = 1), IfMatch, Once),
    responses((status = 200, description = "已放弃 · Dropped", body = MinutesOut)))]
pub async fn drop_minutes(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    path: Path<(MeetingId, VersionNumber)>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let (meeting, row) = convened(c, &Sight::of(&who, by.today), *path, &version)?;
        store::drop_version(c, &row, &by)?;
        answered(c, meeting.id, row.number)
    })
    .await
}

/// 征求意见 · Send a draft round, for those who checked in to ask for amendments
#[utoipa::path(post, path = "/meetings/{id}/minutes/{number}/circulate", tag = "minutes",
    security(("bearer" = ["meetings:convene"])),
    params(("id" = MeetingId, Path), ("number" = i32, Path, minimum = 1), IfMatch, Once),
    responses((status = 200, description = "征求意见 · Circulated", body = MinutesOut)))]
pub async fn circulate_minutes(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    path: Path<(MeetingId, VersionNumber)>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let (meeting, row) = convened(c, &Sight::of(&who, by.today), *path, &version)?;
        store::circulate(c, &meeting, &row, &by)?;
        answered(c, meeting.id, row.number)
    })
    .await
}

/// 提出修改意见 · Ask for an amendment, from a seat that one sat on
#[utoipa::path(post, path = "/meetings/{id}/minutes/{number}/amendments", tag = "minutes",
    security(("bearer" = ["meetings:attend"])), request_body = AmendmentIn,
    params(("id" = MeetingId, Path), ("number" = i32, Path, minimum = 1)),
    responses((status = 200, description = "已提出 · Raised", body = MinutesOut)))]
pub async fn propose_amendment(
    who: Actor<MeetingsAttend>,
    app: Data<App>,
    path: Path<(MeetingId, VersionNumber)>,
    once: Once,
    Valid(body): Valid<AmendmentIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let ((id, VersionNumber(number)), sight) = (*path, Sight::of(&who, by.today));
        let meeting = sight::find(c, &sight, id)?;
        let row = store::find(c, meeting.id, number)?;
        store::amend(c, &sight, &row, &body, &by)?;
        answered(c, meeting.id, number)
    })
    .await
}

/// 处理修改意见 · Accept an amendment, with the words as they are then, or give the reason why not
#[utoipa::path(post, path = "/minutes-amendments/{id}/dispose", tag = "minutes",
    security(("bearer" = ["meetings:convene"])), request_body = DispositionIn,
    params(("id" = AmendmentId, Path)),
    responses((status = 200, description = "已处理 · Disposed of", body = MinutesOut)))]
pub async fn dispose_of_amendment(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<AmendmentId>,
    once: Once,
    Valid(body): Valid<DispositionIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let (amendment, row) = store::find_amendment(c, *id)?;
        let meeting = sight::find_convened(c, &Sight::of(&who, by.today), row.meeting_id)?;
        store::dispose(c, (&amendment, &row), &body, &by)?;
        answered(c, meeting.id, row.number)
    })
    .await
}

/// 版本差异 · Where a version differs from another, the one before it unless named
#[utoipa::path(get, path = "/meetings/{id}/minutes/{number}/diff", tag = "minutes",
    security(("bearer" = ["meetings:read"])),
    params(("id" = MeetingId, Path), ("number" = i32, Path, minimum = 1), DiffQuery),
    responses((status = 200, description = "差异 · The differences", body = DiffOut)))]
pub async fn compare_minutes(
    who: Actor<MeetingsRead>,
    app: Data<App>,
    path: Path<(MeetingId, VersionNumber)>,
    ValidQuery(query): ValidQuery<DiffQuery>,
) -> Result<Json<DiffOut>> {
    let sight = Sight::of(&who, app.clock.today());
    let out = app
        .db
        .read(move |c| {
            let (id, VersionNumber(to)) = *path;
            let meeting = sight::find(c, &sight, id)?;
            let from = query.against.unwrap_or(to - 1);
            // Nothing comes before the first.
            let before = match from {
                0 => None,
                from => Some(store::body_of(&store::find(c, meeting.id, from)?)?),
            };
            let after = store::body_of(&store::find(c, meeting.id, to)?)?;
            Ok(DiffOut { from, to, changes: store::difference(before.as_ref(), &after) })
        })
        .await?;
    Ok(Json(out))
}

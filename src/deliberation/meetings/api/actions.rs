use actix_web::HttpResponse;
use actix_web::web::Data;
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Mount, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::table::{chunks, csv_download, csv_rows};
use platform::{App, Result, handler};

use super::resolutions::convened;
use crate::meetings::dto::{
    ActionEvidenceIn, ActionIn, ActionItemId, ActionOut, ActionPage, ActionQuery, ActionReturnIn, ActionStatus, Level,
    ProgressIn, ReassignIn, ResolutionId, SourceKind, VerificationIn,
};
use crate::meetings::rules::ACTION_VERIFIER;
use crate::meetings::store::actions::{self as store, ActionRow};
use crate::meetings::store::sight::Sight;
use crate::meetings::store::{By, action_steps as steps, resolutions};
use crate::meetings::{ActionsExport, ActionsHandle, ActionsVerify, MeetingsConvene, ResolutionsRead, after_id};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_action_items))
        .service(handler!(export_action_items))
        .service(handler!(assign_action_item))
        .service(handler!(get_action_item))
        .service(handler!(accept_action_item))
        .service(handler!(return_action_item))
        .service(handler!(reassign_action_item))
        .service(handler!(progress_action_item))
        .service(handler!(submit_action_item))
        .service(handler!(verify_action_item))
        .service(handler!(close_action_item));
}

/// An action item as it stands after a step.
fn answered(c: &mut Conn, sight: &Sight, id: ActionItemId, by: &By) -> Result<Versioned<ActionOut>> {
    let found = store::find(c, sight, id)?;
    Ok(Versioned::ok(found.0.version, ActionOut::of(found, by.today)))
}

/// One that an organisation of the caller's is responsible for.
fn owned(c: &mut Conn, sight: &Sight, id: ActionItemId) -> Result<ActionRow> {
    let (row, _) = store::find(c, sight, id)?;
    store::check_owner(c, sight, &row)?;
    Ok(row)
}

/// One in an area that the caller verifies in.
fn verified_by(c: &mut Conn, who: &Actor<ActionsVerify>, sight: &Sight, id: ActionItemId) -> Result<ActionRow> {
    let (row, _) = store::find(c, sight, id)?;
    if who.visible().covers(&row.area_code) { Ok(row) } else { Err((&ACTION_VERIFIER).into()) }
}

/// 行动项列表 · Action items that the caller oversees or has to do, oldest first
#[utoipa::path(get, path = "/action-items", tag = "resolutions", security(("bearer" = ["resolutions:read"])),
    params(PageParams, ActionQuery),
    responses((status = 200, description = "一页行动项 · One page", body = ActionPage)))]
pub async fn list_action_items(
    who: Actor<ResolutionsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<ActionQuery>,
) -> Result<ActionPage> {
    let (asked, today) = (page.clone(), app.clock.today());
    let sight = Sight::of(&who, today);
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref(), ActionItemId)?;
            let rows = store::list(c, &sight, (after, asked.fetch()), &filter, today)?;
            let total = if asked.with_total { Some(store::count(c, &sight, &filter, today)?) } else { None };
            Ok((rows.into_iter().map(|row| ActionOut::of(row, today)).collect::<Vec<_>>(), total))
        })
        .await?;
    Ok(ActionPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// One line of the export.
#[derive(serde::Serialize)]
struct Line<'a> {
    resolution_number: &'a str,
    source_kind: Option<SourceKind>,
    area_code: &'a str,
    title: &'a str,
    owner: &'a str,
    weight: i32,
    due_on: chrono::NaiveDate,
    status: ActionStatus,
    progress: i32,
    overdue: bool,
    level: Level,
}

const HEADER: [&str; 11] = [
    "resolution_number",
    "source_kind",
    "area_code",
    "title",
    "owner",
    "weight",
    "due_on",
    "status",
    "progress",
    "overdue",
    "level",
];

/// 导出行动项 · Action items as a table, streamed whole
#[utoipa::path(get, path = "/action-items/export", tag = "resolutions", security(("bearer" = ["actions:export"])),
    params(ActionQuery),
    responses((status = 200, description = "行动项表 · The table", body = String, content_type = "text/csv")))]
pub async fn export_action_items(
    who: Actor<ActionsExport>,
    app: Data<App>,
    platform::http::ValidQuery(filter): platform::http::ValidQuery<ActionQuery>,
) -> Result<HttpResponse> {
    let today = app.clock.today();
    let sight = Sight::of(&who, today);
    let read = move |c: &mut Conn, after: Option<&str>| {
        let after = after_id(after, ActionItemId)?;
        let rows = store::list(c, &sight, (after, platform::table::CHUNK), &filter, today)?;
        Ok(rows.into_iter().map(|row| (row.0.id.to_string(), ActionOut::of(row, today))).collect())
    };
    let write = |first: bool, rows: &[(String, ActionOut)]| {
        let lines = rows.iter().map(|(_, row)| Line {
            resolution_number: &row.resolution_number,
            source_kind: row.source_kind,
            area_code: &row.area_code,
            title: &row.title,
            owner: &row.owner_name,
            weight: row.weight,
            due_on: row.due_on,
            status: row.status,
            progress: row.progress,
            overdue: row.overdue,
            level: row.level,
        });
        csv_rows(first, &HEADER, lines)
    };
    Ok(csv_download("action-items.csv", chunks(app, read, write, "")))
}

/// 交办 · Say who does what by when, under a resolution that was adopted
#[utoipa::path(post, path = "/resolutions/{id}/action-items", tag = "resolutions",
    security(("bearer" = ["meetings:convene"])), request_body = ActionIn,
    params(("id" = ResolutionId, Path)),
    responses((status = 201, description = "已交办 · Assigned", body = ActionOut)))]
pub async fn assign_action_item(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<ResolutionId>,
    once: Once,
    Valid(body): Valid<ActionIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let sight = Sight::of(&who, by.today);
        let of = convened(c, &sight, *id)?;
        let of = resolutions::get(c, of.id)?;
        let row = store::assign(c, &of, &body, &by)?;
        let made = answered(c, &sight, row.id, &by)?;
        Ok(Versioned::created(format!("/v1/action-items/{}", row.id), made.version, made.body))
    })
    .await
}

/// 行动项详情 · One action item, with the resolution, the meeting and the source that it comes from
#[utoipa::path(get, path = "/action-items/{id}", tag = "resolutions", security(("bearer" = ["resolutions:read"])),
    params(("id" = ActionItemId, Path)),
    responses((status = 200, description = "行动项 · The item", body = ActionOut)))]
pub async fn get_action_item(
    who: Actor<ResolutionsRead>,
    app: Data<App>,
    id: Path<ActionItemId>,
) -> Result<Versioned<ActionOut>> {
    let by = By::new(&app, who.id());
    app.db.read(move |c| answered(c, &Sight::of(&who, by.today), *id, &by)).await
}

/// 接受 · Take it on, for the organisation that is responsible
#[utoipa::path(post, path = "/action-items/{id}/accept", tag = "resolutions",
    security(("bearer" = ["actions:handle"])),
    params(("id" = ActionItemId, Path), IfMatch, Once),
    responses((status = 200, description = "已接受 · Accepted", body = ActionOut)))]
pub async fn accept_action_item(
    who: Actor<ActionsHandle>,
    app: Data<App>,
    id: Path<ActionItemId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let sight = Sight::of(&who, by.today);
        let row = owned(c, &sight, *id)?;
        version.check(row.version)?;
        steps::accept(c, &row, &by)?;
        answered(c, &sight, row.id, &by)
    })
    .await
}

/// 退回 · Hand it back, once, with the reason
#[utoipa::path(post, path = "/action-items/{id}/return", tag = "resolutions",
    security(("bearer" = ["actions:handle"])), request_body = ActionReturnIn,
    params(("id" = ActionItemId, Path), IfMatch, Once),
    responses((status = 200, description = "已退回 · Returned", body = ActionOut)))]
pub async fn return_action_item(
    who: Actor<ActionsHandle>,
    app: Data<App>,
    id: Path<ActionItemId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ActionReturnIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let sight = Sight::of(&who, by.today);
        let row = owned(c, &sight, *id)?;
        version.check(row.version)?;
        steps::hand_back(c, &row, &body.reason, &by)?;
        answered(c, &sight, row.id, &by)
    })
    .await
}

/// 办理进度 · Say how far it is
#[utoipa::path(post, path = "/action-items/{id}/progress", tag = "resolutions",
    security(("bearer" = ["actions:handle"])), request_body = ProgressIn,
    params(("id" = ActionItemId, Path), IfMatch, Once),
    responses((status = 200, description = "办理中 · Being done", body = ActionOut)))]
pub async fn progress_action_item(
    who: Actor<ActionsHandle>,
    app: Data<App>,
    id: Path<ActionItemId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ProgressIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let sight = Sight::of(&who, by.today);
        let row = owned(c, &sight, *id)?;
        version.check(row.version)?;
        steps::go_on(c, &row, body.progress, &by)?;
        answered(c, &sight, row.id, &by)
    })
    .await
}

/// 提交成果 · Hand in what was done, with what shows it
#[utoipa::path(post, path = "/action-items/{id}/submit", tag = "resolutions",
    security(("bearer" = ["actions:handle"])), request_body = ActionEvidenceIn,
    params(("id" = ActionItemId, Path), IfMatch, Once),
    responses((status = 200, description = "已提交 · Submitted", body = ActionOut)))]
pub async fn submit_action_item(
    who: Actor<ActionsHandle>,
    app: Data<App>,
    id: Path<ActionItemId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ActionEvidenceIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let sight = Sight::of(&who, by.today);
        let row = owned(c, &sight, *id)?;
        version.check(row.version)?;
        steps::submit(c, &row, &body.evidence, &by)?;
        answered(c, &sight, row.id, &by)
    })
    .await
}

/// 重新交办 · Assign what was handed back anew, to the same organisation or another
#[utoipa::path(post, path = "/action-items/{id}/reassign", tag = "resolutions",
    security(("bearer" = ["meetings:convene"])), request_body = ReassignIn,
    params(("id" = ActionItemId, Path), IfMatch, Once),
    responses((status = 200, description = "已交办 · Assigned", body = ActionOut)))]
pub async fn reassign_action_item(
    who: Actor<MeetingsConvene>,
    app: Data<App>,
    id: Path<ActionItemId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ReassignIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let sight = Sight::of(&who, by.today);
        let (row, _) = store::find(c, &sight, *id)?;
        convened(c, &sight, row.resolution_id)?;
        version.check(row.version)?;
        steps::reassign(c, &row, &body, &by)?;
        answered(c, &sight, row.id, &by)
    })
    .await
}

/// 核验 · Verify what was handed in, by somebody else, or send it back
#[utoipa::path(post, path = "/action-items/{id}/verify", tag = "resolutions",
    security(("bearer" = ["actions:verify"])), request_body = VerificationIn,
    params(("id" = ActionItemId, Path), IfMatch, Once),
    responses((status = 200, description = "已核验 · Verified", body = ActionOut)))]
pub async fn verify_action_item(
    who: Actor<ActionsVerify>,
    app: Data<App>,
    id: Path<ActionItemId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<VerificationIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let sight = Sight::of(&who, by.today);
        let row = verified_by(c, &who, &sight, *id)?;
        version.check(row.version)?;
        steps::verify(c, &row, body.accepted, &body.note, &by)?;
        answered(c, &sight, row.id, &by)
    })
    .await
}

/// 关闭 · Close what is verified; the last one completes its resolution
#[utoipa::path(post, path = "/action-items/{id}/close", tag = "resolutions",
    security(("bearer" = ["actions:verify"])),
    params(("id" = ActionItemId, Path), IfMatch, Once),
    responses((status = 200, description = "已关闭 · Closed", body = ActionOut)))]
pub async fn close_action_item(
    who: Actor<ActionsVerify>,
    app: Data<App>,
    id: Path<ActionItemId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let sight = Sight::of(&who, by.today);
        let row = verified_by(c, &who, &sight, *id)?;
        version.check(row.version)?;
        steps::close(c, &row, &by)?;
        answered(c, &sight, row.id, &by)
    })
    .await
}

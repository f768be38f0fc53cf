//! Pictures that an item of a check rests on.

use actix_web::web::{Data, Json};
use platform::attachments::{self, Added, Stored};
use platform::auth::{Actor, Visible};
use platform::db::Conn;
use platform::http::{
    Answer, Binary, Download, IfNoneMatch, Made, Mount, NoFilter, Once, PageParams, Paged, Path, Upload, Valid,
};
use platform::{App, Result, handler, storage};

use crate::standards::dto::{
    CheckEvidenceId, CheckEvidenceIn, CheckEvidenceOut, CheckEvidencePage, CheckRunId, EvidenceRemovalIn, EvidenceWords,
};
use crate::standards::rules::checklists::check_kind;
use crate::standards::store::caller::Caller;
use crate::standards::store::evidence::{self, EvidenceRow};
use crate::standards::store::runs::RunRow;
use crate::standards::store::{By, after_id, runs};
use crate::standards::{CheckRunsRead, CheckRunsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_check_evidence))
        .service(handler!(add_check_evidence))
        .service(handler!(get_check_evidence_content))
        .service(handler!(get_check_evidence_thumbnail))
        .service(handler!(remove_check_evidence));
}

/// 佐证照片 · The pictures of a check, oldest first
#[utoipa::path(get, path = "/check-runs/{id}/evidence", tag = "standards", security(("bearer" = ["check_runs:read"])),
    params(("id" = CheckRunId, Path), PageParams),
    responses((status = 200, description = "一页照片 · One page", body = CheckEvidencePage)))]
pub async fn list_check_evidence(
    who: Actor<CheckRunsRead>,
    app: Data<App>,
    id: Path<CheckRunId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<CheckEvidencePage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let run = runs::find(c, &who.visible(), *id)?;
            let after = after_id(asked.after.as_deref(), CheckEvidenceId)?;
            let rows = evidence::list(c, run.id, (after, asked.fetch()))?;
            let total = if asked.with_total { Some(evidence::count(c, run.id)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(CheckEvidencePage::of(page.cut(rows, |(row, _)| row.id.to_string()), total))
}

/// 上传佐证照片 · Show what an item of a check rests on, until the check is submitted
#[utoipa::path(post, path = "/check-runs/{id}/evidence", tag = "standards", security(("bearer" = ["check_runs:write"])),
    params(("id" = CheckRunId, Path)),
    request_body(content = CheckEvidenceIn, content_type = "multipart/form-data"),
    responses((status = 201, description = "已上传 · Added", body = CheckEvidenceOut)))]
pub async fn add_check_evidence(
    who: Actor<CheckRunsWrite>,
    app: Data<App>,
    id: Path<CheckRunId>,
    once: Once,
    Upload(file, EvidenceWords { item_code }): Upload<EvidenceWords>,
) -> Result<Answer> {
    let (by, id) = (By::new(&app, who.id()), *id);
    let permitted = move |c: &mut Conn| {
        let run = runs::find_judged(c, &Caller::of(&who, by), id)?;
        runs::check_open(&run)?;
        Ok(run)
    };
    let add = move |c: &mut Conn, run: RunRow, stored: &Stored| {
        let (row, code) = evidence::add(c, &run, &item_code, stored, &by)?;
        let location = format!("/v1/check-runs/{id}/evidence/{}/content", row.id);
        let named = row.storage_key == stored.key.as_str();
        Ok(Added { made: Made { location, body: CheckEvidenceOut::from((row, code)) }, named })
    };
    attachments::attach(&app, (once, file), check_kind, permitted, add).await
}

/// 照片内容 · The bytes of a picture
#[utoipa::path(get, path = "/check-runs/{id}/evidence/{evidence}/content", tag = "standards",
    security(("bearer" = ["check_runs:read"])),
    params(("id" = CheckRunId, Path), ("evidence" = CheckEvidenceId, Path), IfNoneMatch),
    responses((status = 200, description = "照片内容 · The bytes",
        content((Binary = "image/jpeg"), (Binary = "image/png"), (Binary = "image/webp")))))]
pub async fn get_check_evidence_content(
    who: Actor<CheckRunsRead>,
    app: Data<App>,
    path: Path<(CheckRunId, CheckEvidenceId)>,
    seen: IfNoneMatch,
) -> Result<Download> {
    let row = shown(&app, who.visible(), *path).await?;
    attachments::content(&app, &row.named(), row.id, &seen).await
}

/// 缩略图 · A picture, small
#[utoipa::path(get, path = "/check-runs/{id}/evidence/{evidence}/thumbnail", tag = "standards",
    security(("bearer" = ["check_runs:read"])),
    params(("id" = CheckRunId, Path), ("evidence" = CheckEvidenceId, Path), IfNoneMatch),
    responses((status = 200, description = "缩略图 · The small picture", content((Binary = "image/jpeg")))))]
pub async fn get_check_evidence_thumbnail(
    who: Actor<CheckRunsRead>,
    app: Data<App>,
    path: Path<(CheckRunId, CheckEvidenceId)>,
    seen: IfNoneMatch,
) -> Result<Download> {
    let row = shown(&app, who.visible(), *path).await?;
    attachments::thumbnail(&app, &row.named(), row.id, &seen).await
}

async fn shown(app: &App, visible: Visible, (run, id): (CheckRunId, CheckEvidenceId)) -> Result<EvidenceRow> {
    app.db
        .read(move |c| {
            let run = runs::find(c, &visible, run)?;
            evidence::find_standing(c, run.id, id)
        })
        .await
}

/// 删除照片 · Erase what a picture shows, of a submitted check as well; that it was there, its hash and the reason stay
#[utoipa::path(post, path = "/check-runs/{id}/evidence/{evidence}/remove", tag = "standards",
    security(("bearer" = ["check_runs:write"])), request_body = EvidenceRemovalIn,
    params(("id" = CheckRunId, Path), ("evidence" = CheckEvidenceId, Path)),
    responses((status = 200, description = "已删除 · Erased", body = CheckEvidenceOut)))]
pub async fn remove_check_evidence(
    who: Actor<CheckRunsWrite>,
    app: Data<App>,
    path: Path<(CheckRunId, CheckEvidenceId)>,
    Valid(body): Valid<EvidenceRemovalIn>,
) -> Result<Json<CheckEvidenceOut>> {
    let (by, (run, id)) = (By::new(&app, who.id()), *path);
    let gone = app
        .db
        .write(move |c| {
            let run = runs::find_judged(c, &Caller::of(&who, by), run)?;
            let (row, _) = evidence::find(c, run.id, id)?;
            let gone = evidence::remove(c, &row, &body.reason, &by)?;
            storage::condemn(c, &gone.0.keys()?, by.at)?;
            Ok(gone)
        })
        .await?;
    // Where this fails, the caller is told; whether they ask again or not, the bytes go.
    storage::erase(&app, gone.0.keys()?).await?;
    Ok(Json(gone.into()))
}

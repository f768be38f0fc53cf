//! Photos and files of a case. Bytes go to the storage before the row that names them: a row never points at nothing.

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{Binary, Download, IfNoneMatch, Mount, NoFilter, PageParams, Paged, Upload, UploadedFile, Valid};
use platform::media::{self, Media, MediaKind};
use platform::storage::Key;
use platform::{App, Error, Result};
use registry::identity::AccountId;
use serde::Serialize;

use crate::cases::dto::{
    CaseFileOut, CaseFilePage, CaseId, FileId, FileIn, FilePurpose, FileWords, MyCaseFileOut, MyCaseFilePage, MyFileIn,
    NoWords, RemoveFileIn,
};
use crate::cases::rules::files::{check_kind, check_open};
use crate::cases::rules::machine::Party;
use crate::cases::store::files::{self, FileRow, SeenByResident, Side, Stored, may_attach};
use crate::cases::store::rows::CaseRow;
use crate::cases::store::sight::{Sight, find};
use crate::cases::store::steps::unnamed;
use crate::cases::store::{By, after_id, mine, single};
use crate::cases::{CasesAttach, CasesDesk, CasesRead, CasesReport};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(list_case_files)
        .service(add_case_file)
        .service(get_case_file_content)
        .service(get_case_file_thumbnail)
        .service(remove_case_file)
        .service(list_my_case_files)
        .service(add_my_case_file)
        .service(get_my_case_file_content)
        .service(get_my_case_file_thumbnail);
}

/// 文件列表 · The photos and files of a case, oldest first
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:read"])), params(("id" = CaseId, Path), PageParams),
    responses((status = 200, description = "一页文件 · One page", body = CaseFilePage)))]
#[get("/cases/{id}/files")]
pub async fn list_case_files(
    who: Actor<CasesRead>,
    app: Data<App>,
    id: Path<CaseId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<CaseFilePage> {
    let (sight, asked) = (Sight::of(&who), page.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let (row, _) = find(c, &sight, *id)?;
            let after = after_id(asked.after.as_deref())?.map(FileId);
            let rows = files::of_case(c, row.id, (after, asked.fetch()))?;
            let total = if asked.with_total { Some(files::count(c, row.id)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(CaseFilePage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 上传文件 · Show something of a case: as its handler or its desk, for a visit as who visits
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:attach"])), params(("id" = CaseId, Path)),
    request_body(content = FileIn, content_type = "multipart/form-data"),
    responses((status = 201, description = "已上传 · Added", body = CaseFileOut)))]
#[post("/cases/{id}/files")]
pub async fn add_case_file(
    who: Actor<CasesAttach>,
    app: Data<App>,
    id: Path<CaseId>,
    Upload(file, FileWords { purpose }): Upload<FileWords>,
) -> Result<HttpResponse> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    let case = *id;
    let permitted = move |c: &mut Conn| {
        let (row, _) = find(c, &sight, case)?;
        may_attach(&sight, &row, purpose)?;
        Ok(row)
    };
    let row = attach(&app, file, (purpose, Side::Staff), permitted, by).await?;
    Ok(created(format!("/v1/cases/{case}/files/{}/content", row.id), CaseFileOut::from(row)))
}

/// 文件内容 · The bytes of a file
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:read"])),
    params(("id" = CaseId, Path), ("file" = FileId, Path), IfNoneMatch),
    responses((status = 200, description = "文件内容 · The bytes",
        content((Binary = "image/jpeg"), (Binary = "image/png"), (Binary = "image/webp"), (Binary = "application/pdf")))))]
#[get("/cases/{id}/files/{file}/content")]
pub async fn get_case_file_content(
    who: Actor<CasesRead>,
    app: Data<App>,
    path: Path<(CaseId, FileId)>,
    seen: IfNoneMatch,
) -> Result<Download> {
    content(&app, seen_by(&app, Sight::of(&who), *path).await?, &seen).await
}

/// 缩略图 · A picture, small
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:read"])),
    params(("id" = CaseId, Path), ("file" = FileId, Path), IfNoneMatch),
    responses((status = 200, description = "缩略图 · The small picture", content((Binary = "image/jpeg")))))]
#[get("/cases/{id}/files/{file}/thumbnail")]
pub async fn get_case_file_thumbnail(
    who: Actor<CasesRead>,
    app: Data<App>,
    path: Path<(CaseId, FileId)>,
    seen: IfNoneMatch,
) -> Result<Download> {
    thumbnail(&app, seen_by(&app, Sight::of(&who), *path).await?, &seen).await
}

/// 删除文件 · Erase what a file shows; that it was there, its hash and the reason stay
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:desk"])), request_body = RemoveFileIn,
    params(("id" = CaseId, Path), ("file" = FileId, Path)),
    responses((status = 200, description = "已删除 · Erased", body = CaseFileOut)))]
#[post("/cases/{id}/files/{file}/remove")]
pub async fn remove_case_file(
    who: Actor<CasesDesk>,
    app: Data<App>,
    path: Path<(CaseId, FileId)>,
    Valid(body): Valid<RemoveFileIn>,
) -> Result<actix_web::web::Json<CaseFileOut>> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    let (case, file) = *path;
    let row = app
        .db
        .write(move |c| {
            let (row, _) = find(c, &sight, case)?;
            let file = files::find(c, row.id, file)?;
            sight.stands(Party::Desk, &row)?;
            files::remove(c, &file, &body.reason, &by)
        })
        .await?;
    // Where this fails, the caller is told and asks again: the row stays as it is, and the bytes go.
    for key in [Some(&row.storage_key), row.thumbnail_key.as_ref()].into_iter().flatten() {
        app.storage.delete(&Key::parse(key)?).await?;
    }
    Ok(actix_web::web::Json(row.into()))
}

/// 我的事件的文件 · The photos and files of a case that the caller reported; of one that they joined, those of the work
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:report"])), params(("id" = CaseId, Path), PageParams),
    responses((status = 200, description = "一页文件 · One page", body = MyCaseFilePage)))]
#[get("/me/cases/{id}/files")]
pub async fn list_my_case_files(
    who: Actor<CasesReport>,
    app: Data<App>,
    id: Path<CaseId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<MyCaseFilePage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let own = mine::reported(c, AccountId(who.id()), *id)?;
            let after = after_id(asked.after.as_deref())?.map(FileId);
            let rows = files::of_mine(c, (*id, own), (after, asked.fetch()))?;
            let total = if asked.with_total { Some(files::count_mine(c, *id, own)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(MyCaseFilePage::of(page.cut(rows, |row| row.0.id.to_string()), total))
}

/// 上传报事照片 · Show what one reported: nine at the most, each by itself
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:report"])), params(("id" = CaseId, Path)),
    request_body(content = MyFileIn, content_type = "multipart/form-data"),
    responses((status = 201, description = "已上传 · Added", body = MyCaseFileOut)))]
#[post("/me/cases/{id}/files")]
pub async fn add_my_case_file(
    who: Actor<CasesReport>,
    app: Data<App>,
    id: Path<CaseId>,
    Upload(file, NoWords {}): Upload<NoWords>,
) -> Result<HttpResponse> {
    let by = unnamed(&By::new(&app, who.id()));
    let case = *id;
    let permitted = move |c: &mut Conn| {
        let row = single::find_own(c, AccountId(who.id()), case)?;
        check_open(row.status)?;
        Ok(row)
    };
    let row = attach(&app, file, (FilePurpose::Report, Side::Reporter), permitted, by).await?;
    let place = format!("/v1/me/cases/{case}/files/{}/content", row.id);
    Ok(created(place, MyCaseFileOut::from(SeenByResident(row))))
}

/// 我的事件文件内容 · The bytes of a file that the caller is shown
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:report"])),
    params(("id" = CaseId, Path), ("file" = FileId, Path), IfNoneMatch),
    responses((status = 200, description = "文件内容 · The bytes",
        content((Binary = "image/jpeg"), (Binary = "image/png"), (Binary = "image/webp"), (Binary = "application/pdf")))))]
#[get("/me/cases/{id}/files/{file}/content")]
pub async fn get_my_case_file_content(
    who: Actor<CasesReport>,
    app: Data<App>,
    path: Path<(CaseId, FileId)>,
    seen: IfNoneMatch,
) -> Result<Download> {
    content(&app, shown_to(&app, AccountId(who.id()), *path).await?, &seen).await
}

/// 我的事件缩略图 · The same picture, small
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:report"])),
    params(("id" = CaseId, Path), ("file" = FileId, Path), IfNoneMatch),
    responses((status = 200, description = "缩略图 · The small picture", content((Binary = "image/jpeg")))))]
#[get("/me/cases/{id}/files/{file}/thumbnail")]
pub async fn get_my_case_file_thumbnail(
    who: Actor<CasesReport>,
    app: Data<App>,
    path: Path<(CaseId, FileId)>,
    seen: IfNoneMatch,
) -> Result<Download> {
    thumbnail(&app, shown_to(&app, AccountId(who.id()), *path).await?, &seen).await
}

async fn seen_by(app: &App, sight: Sight, (case, file): (CaseId, FileId)) -> Result<FileRow> {
    app.db
        .read(move |c| {
            let (row, _) = find(c, &sight, case)?;
            files::find_standing(c, row.id, file)
        })
        .await
}

async fn shown_to(app: &App, account: AccountId, (case, file): (CaseId, FileId)) -> Result<FileRow> {
    app.db.read(move |c| files::find_mine(c, account, case, file)).await
}

async fn content(app: &App, row: FileRow, seen: &IfNoneMatch) -> Result<Download> {
    let key = Key::parse(&row.storage_key)?;
    let name = format!("{}.{}", row.id, row.media.ending());
    sent(app, &key, (row.media, row.sha256, name), seen).await
}

async fn thumbnail(app: &App, row: FileRow, seen: &IfNoneMatch) -> Result<Download> {
    let key = Key::parse(row.thumbnail_key.as_deref().ok_or(Error::NotFound)?)?;
    let (tag, name) = (format!("{}-small", row.sha256), format!("{}-small.jpg", row.id));
    sent(app, &key, (MediaKind::Jpeg, tag, name), seen).await
}

async fn sent(
    app: &App,
    key: &Key,
    (media, tag, name): (MediaKind, String, String),
    seen: &IfNoneMatch,
) -> Result<Download> {
    let bytes = if seen.has(&tag) { None } else { Some(app.storage.get(key).await?) };
    Ok(Download { bytes, content_type: media.content_type(), tag, name })
}

fn created<T: Serialize>(location: String, body: T) -> HttpResponse {
    HttpResponse::Created().insert_header((header::LOCATION, location)).json(body)
}

/// Takes a file in for who is permitted: asked before any work is done for them, and again with the row.
async fn attach(
    app: &App,
    file: UploadedFile,
    what: (FilePurpose, Side),
    permitted: impl Fn(&mut Conn) -> Result<CaseRow> + Clone + Send + 'static,
    by: By,
) -> Result<FileRow> {
    app.db.read(permitted.clone()).await?;
    let media = media::take_in(file).await?;
    check_kind(what.0, media.kind)?;
    let stored = store(app, media).await?;
    let kept = stored.clone();
    let written = app
        .db
        .write(move |c| {
            let case = permitted(c)?;
            files::add(c, &case, what, &kept, &by)
        })
        .await;
    let used = written.as_ref().is_ok_and(|row| row.storage_key == stored.key.as_str());
    if !used {
        discard(app, &stored.key).await;
        if let Some(key) = &stored.thumbnail {
            discard(app, key).await;
        }
    }
    written
}

async fn store(app: &App, media: Media) -> Result<Stored> {
    let key = Key::fresh(media.kind.ending())?;
    app.storage.put(&key, media.bytes.clone()).await?;
    let Some(picture) = &media.picture else { return Ok(Stored { media, key, thumbnail: None }) };
    let small = Key::fresh(MediaKind::Jpeg.ending())?;
    if let Err(error) = app.storage.put(&small, picture.thumbnail.clone()).await {
        discard(app, &key).await;
        return Err(error);
    }
    Ok(Stored { media, key, thumbnail: Some(small) })
}

/// Bytes that no row names are of no use; where they cannot be taken away now, they only take room.
async fn discard(app: &App, key: &Key) {
    if let Err(error) = app.storage.delete(key).await {
        log::warn!("{} stays in the storage unused: {error}", key.as_str());
    }
}

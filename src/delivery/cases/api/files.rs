//! Photos and files of a case.

use actix_web::web::Data;
use platform::attachments::{self, Added, Stored};
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{
    Answer, Binary, Download, IfNoneMatch, Made, Mount, NoFilter, Once, PageParams, Paged, Path, Upload, UploadedFile,
    Valid,
};
use platform::storage;
use platform::{App, Result, handler};
use registry::identity::AccountId;
use serde::Serialize;

use crate::cases::dto::{
    CaseFileOut, CaseFilePage, CaseId, FileId, FileIn, FilePurpose, FileWords, MyCaseFileOut, MyCaseFilePage, MyFileIn,
    NoWords, RemoveFileIn,
};
use crate::cases::rules::files::{check_kind, check_open};
use crate::cases::rules::machine::Party;
use crate::cases::store::files::{self, FileRow, SeenByResident, Side, may_attach};
use crate::cases::store::rows::CaseRow;
use crate::cases::store::sight::{Sight, find};
use crate::cases::store::steps::unnamed;
use crate::cases::store::{By, after_id, mine, single};
use crate::cases::{CasesAttach, CasesDesk, CasesRead, CasesReport};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_case_files))
        .service(handler!(add_case_file))
        .service(handler!(get_case_file_content))
        .service(handler!(get_case_file_thumbnail))
        .service(handler!(remove_case_file))
        .service(handler!(list_my_case_files))
        .service(handler!(add_my_case_file))
        .service(handler!(get_my_case_file_content))
        .service(handler!(get_my_case_file_thumbnail));
}

/// 文件列表 · The photos and files of a case, oldest first
#[utoipa::path(get, path = "/cases/{id}/files", tag = "cases", security(("bearer" = ["cases:read"])),
    params(("id" = CaseId, Path), PageParams),
    responses((status = 200, description = "一页文件 · One page", body = CaseFilePage)))]
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
#[utoipa::path(post, path = "/cases/{id}/files", tag = "cases", security(("bearer" = ["cases:attach"])),
    params(("id" = CaseId, Path)),
    request_body(content = FileIn, content_type = "multipart/form-data"),
    responses((status = 201, description = "已上传 · Added", body = CaseFileOut)))]
pub async fn add_case_file(
    who: Actor<CasesAttach>,
    app: Data<App>,
    id: Path<CaseId>,
    once: Once,
    Upload(file, FileWords { purpose }): Upload<FileWords>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    let case = *id;
    let permitted = move |c: &mut Conn| {
        let (row, _) = find(c, &sight, case)?;
        may_attach(&sight, &row, purpose)?;
        Ok(row)
    };
    let made = move |row: FileRow| Made {
        location: format!("/v1/cases/{case}/files/{}/content", row.id),
        body: CaseFileOut::from(row),
    };
    attach(&app, (once, file), (purpose, Side::Staff), (permitted, made), by).await
}

/// 文件内容 · The bytes of a file
#[utoipa::path(get, path = "/cases/{id}/files/{file}/content", tag = "cases", security(("bearer" = ["cases:read"])),
    params(("id" = CaseId, Path), ("file" = FileId, Path), IfNoneMatch),
    responses((status = 200, description = "文件内容 · The bytes",
        content((Binary = "image/jpeg"), (Binary = "image/png"), (Binary = "image/webp"), (Binary = "application/pdf")))))]
pub async fn get_case_file_content(
    who: Actor<CasesRead>,
    app: Data<App>,
    path: Path<(CaseId, FileId)>,
    seen: IfNoneMatch,
) -> Result<Download> {
    content(&app, seen_by(&app, Sight::of(&who), *path).await?, &seen).await
}

/// 缩略图 · A picture, small
#[utoipa::path(get, path = "/cases/{id}/files/{file}/thumbnail", tag = "cases", security(("bearer" = ["cases:read"])),
    params(("id" = CaseId, Path), ("file" = FileId, Path), IfNoneMatch),
    responses((status = 200, description = "缩略图 · The small picture", content((Binary = "image/jpeg")))))]
pub async fn get_case_file_thumbnail(
    who: Actor<CasesRead>,
    app: Data<App>,
    path: Path<(CaseId, FileId)>,
    seen: IfNoneMatch,
) -> Result<Download> {
    thumbnail(&app, seen_by(&app, Sight::of(&who), *path).await?, &seen).await
}

/// 删除文件 · Erase what a file shows; that it was there, its hash and the reason stay
#[utoipa::path(post, path = "/cases/{id}/files/{file}/remove", tag = "cases", security(("bearer" = ["cases:desk"])),
    request_body = RemoveFileIn,
    params(("id" = CaseId, Path), ("file" = FileId, Path)),
    responses((status = 200, description = "已删除 · Erased", body = CaseFileOut)))]
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
            let gone = files::remove(c, &file, &body.reason, &by)?;
            storage::condemn(c, &gone.keys()?, by.at)?;
            Ok(gone)
        })
        .await?;
    // Where this fails, the caller is told; whether they ask again or not, the bytes go.
    storage::erase(&app, row.keys()?).await?;
    Ok(actix_web::web::Json(row.into()))
}

/// 我的事件的文件 · The photos and files of a case that the caller reported; of one that they joined, those of the work
#[utoipa::path(get, path = "/me/cases/{id}/files", tag = "cases", security(("bearer" = ["cases:report"])),
    params(("id" = CaseId, Path), PageParams),
    responses((status = 200, description = "一页文件 · One page", body = MyCaseFilePage)))]
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
#[utoipa::path(post, path = "/me/cases/{id}/files", tag = "cases", security(("bearer" = ["cases:report"])),
    params(("id" = CaseId, Path)),
    request_body(content = MyFileIn, content_type = "multipart/form-data"),
    responses((status = 201, description = "已上传 · Added", body = MyCaseFileOut)))]
pub async fn add_my_case_file(
    who: Actor<CasesReport>,
    app: Data<App>,
    id: Path<CaseId>,
    once: Once,
    Upload(file, NoWords {}): Upload<NoWords>,
) -> Result<Answer> {
    let by = unnamed(&By::new(&app, who.id()));
    let case = *id;
    let permitted = move |c: &mut Conn| {
        let row = single::find_own(c, AccountId(who.id()), case)?;
        check_open(row.status)?;
        Ok(row)
    };
    let made = move |row: FileRow| Made {
        location: format!("/v1/me/cases/{case}/files/{}/content", row.id),
        body: MyCaseFileOut::from(SeenByResident(row)),
    };
    attach(&app, (once, file), (FilePurpose::Report, Side::Reporter), (permitted, made), by).await
}

/// 我的事件文件内容 · The bytes of a file that the caller is shown
#[utoipa::path(get, path = "/me/cases/{id}/files/{file}/content", tag = "cases",
    security(("bearer" = ["cases:report"])),
    params(("id" = CaseId, Path), ("file" = FileId, Path), IfNoneMatch),
    responses((status = 200, description = "文件内容 · The bytes",
        content((Binary = "image/jpeg"), (Binary = "image/png"), (Binary = "image/webp"), (Binary = "application/pdf")))))]
pub async fn get_my_case_file_content(
    who: Actor<CasesReport>,
    app: Data<App>,
    path: Path<(CaseId, FileId)>,
    seen: IfNoneMatch,
) -> Result<Download> {
    content(&app, shown_to(&app, AccountId(who.id()), *path).await?, &seen).await
}

/// 我的事件缩略图 · The same picture, small
#[utoipa::path(get, path = "/me/cases/{id}/files/{file}/thumbnail", tag = "cases",
    security(("bearer" = ["cases:report"])),
    params(("id" = CaseId, Path), ("file" = FileId, Path), IfNoneMatch),
    responses((status = 200, description = "缩略图 · The small picture", content((Binary = "image/jpeg")))))]
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
    attachments::content(app, &row.named(), row.id, seen).await
}

async fn thumbnail(app: &App, row: FileRow, seen: &IfNoneMatch) -> Result<Download> {
    attachments::thumbnail(app, &row.named(), row.id, seen).await
}

/// Takes a file in for who is permitted.
async fn attach<T: Serialize + 'static>(
    app: &App,
    upload: (Once, UploadedFile),
    what: (FilePurpose, Side),
    (permitted, made): (
        impl Fn(&mut Conn) -> Result<CaseRow> + Clone + Send + 'static,
        impl Fn(FileRow) -> Made<T> + Send + 'static,
    ),
    by: By,
) -> Result<Answer> {
    let takes = move |kind| check_kind(what.0, kind);
    let add = move |c: &mut Conn, case: CaseRow, stored: &Stored| {
        let row = files::add(c, &case, what, stored, &by)?;
        Ok(Added { named: row.storage_key == stored.key.as_str(), made: made(row) })
    };
    attachments::attach(app, upload, takes, permitted, add).await
}

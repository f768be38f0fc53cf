//! Photos of how a notice hangs.

use actix_web::web::{Data, Json};
use platform::attachments::{self, Added, Stored};
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{
    Answer, Binary, Download, IfNoneMatch, Made, Mount, NoFilter, Once, PageParams, Paged, Path, Upload, Valid,
};
use platform::{App, Result, handler, storage};

use super::roles_over;
use crate::notices::dto::{
    NoticeId, NoticePhotoId, NoticePhotoIn, NoticePhotoOut, NoticePhotoPage, PhotoWords, RemovePhotoIn,
};
use crate::notices::rules::photos::check_kind;
use crate::notices::store::notices::NoticeRow;
use crate::notices::store::photos::{self, PhotoRow};
use crate::notices::store::sight::Sight;
use crate::notices::store::{By, after_id, notices as store, publishing};
use crate::notices::{NoticesPublish, NoticesRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_notice_photos))
        .service(handler!(add_notice_photo))
        .service(handler!(get_notice_photo_content))
        .service(handler!(get_notice_photo_thumbnail))
        .service(handler!(remove_notice_photo));
}

/// 张贴照片 · The photos of a notice, oldest first
#[utoipa::path(get, path = "/notices/{id}/photos", tag = "notices", security(("bearer" = ["notices:read"])),
    params(("id" = NoticeId, Path), PageParams),
    responses((status = 200, description = "一页照片 · One page", body = NoticePhotoPage)))]
pub async fn list_notice_photos(
    who: Actor<NoticesRead>,
    app: Data<App>,
    id: Path<NoticeId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<NoticePhotoPage> {
    let (sight, asked) = (Sight::of(&who), page.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let (row, _) = store::find(c, &sight, *id)?;
            let after = after_id(asked.after.as_deref())?.map(NoticePhotoId);
            let rows = photos::list(c, row.id, (after, asked.fetch()))?;
            let total = if asked.with_total { Some(photos::count(c, row.id)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(NoticePhotoPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 上传张贴照片 · Show that and how a notice hangs
#[utoipa::path(post, path = "/notices/{id}/photos", tag = "notices", security(("bearer" = ["notices:publish"])),
    params(("id" = NoticeId, Path)),
    request_body(content = NoticePhotoIn, content_type = "multipart/form-data"),
    responses((status = 201, description = "已上传 · Added", body = NoticePhotoOut)))]
pub async fn add_notice_photo(
    who: Actor<NoticesPublish>,
    app: Data<App>,
    id: Path<NoticeId>,
    once: Once,
    Upload(file, PhotoWords {}): Upload<PhotoWords>,
) -> Result<Answer> {
    let (by, notice) = (By::new(&app, who.id()), *id);
    let permitted = move |c: &mut Conn| {
        let row = store::find_own(c, &who.visible(), notice)?;
        publishing::check_right(&row, &roles_over(&who, &row.area_code), &by)?;
        photos::check_standing(&row)?;
        Ok(row)
    };
    let add = move |c: &mut Conn, row: NoticeRow, stored: &Stored| {
        let photo = photos::add(c, &row, stored, &by)?;
        let location = format!("/v1/notices/{notice}/photos/{}/content", photo.id);
        let named = photo.storage_key == stored.key.as_str();
        Ok(Added { made: Made { location, body: NoticePhotoOut::from(photo) }, named })
    };
    attachments::attach(&app, (once, file), check_kind, permitted, add).await
}

/// 照片内容 · The bytes of a photo
#[utoipa::path(get, path = "/notices/{id}/photos/{photo}/content", tag = "notices",
    security(("bearer" = ["notices:read"])),
    params(("id" = NoticeId, Path), ("photo" = NoticePhotoId, Path), IfNoneMatch),
    responses((status = 200, description = "照片内容 · The bytes",
        content((Binary = "image/jpeg"), (Binary = "image/png"), (Binary = "image/webp")))))]
pub async fn get_notice_photo_content(
    who: Actor<NoticesRead>,
    app: Data<App>,
    path: Path<(NoticeId, NoticePhotoId)>,
    seen: IfNoneMatch,
) -> Result<Download> {
    let row = shown(&app, Sight::of(&who), *path).await?;
    attachments::content(&app, &row.named(), row.id, &seen).await
}

/// 缩略图 · A photo, small
#[utoipa::path(get, path = "/notices/{id}/photos/{photo}/thumbnail", tag = "notices",
    security(("bearer" = ["notices:read"])),
    params(("id" = NoticeId, Path), ("photo" = NoticePhotoId, Path), IfNoneMatch),
    responses((status = 200, description = "缩略图 · The small picture", content((Binary = "image/jpeg")))))]
pub async fn get_notice_photo_thumbnail(
    who: Actor<NoticesRead>,
    app: Data<App>,
    path: Path<(NoticeId, NoticePhotoId)>,
    seen: IfNoneMatch,
) -> Result<Download> {
    let row = shown(&app, Sight::of(&who), *path).await?;
    attachments::thumbnail(&app, &row.named(), row.id, &seen).await
}

async fn shown(app: &App, sight: Sight, (notice, photo): (NoticeId, NoticePhotoId)) -> Result<PhotoRow> {
    app.db
        .read(move |c| {
            let (row, _) = store::find(c, &sight, notice)?;
            photos::find_standing(c, row.id, photo)
        })
        .await
}

/// 删除照片 · Erase what a photo shows; that it was there, its hash and the reason stay
#[utoipa::path(post, path = "/notices/{id}/photos/{photo}/remove", tag = "notices",
    security(("bearer" = ["notices:publish"])), request_body = RemovePhotoIn,
    params(("id" = NoticeId, Path), ("photo" = NoticePhotoId, Path)),
    responses((status = 200, description = "已删除 · Erased", body = NoticePhotoOut)))]
pub async fn remove_notice_photo(
    who: Actor<NoticesPublish>,
    app: Data<App>,
    path: Path<(NoticeId, NoticePhotoId)>,
    Valid(body): Valid<RemovePhotoIn>,
) -> Result<Json<NoticePhotoOut>> {
    let (by, (notice, photo)) = (By::new(&app, who.id()), *path);
    let row = app
        .db
        .write(move |c| {
            let row = store::find_own(c, &who.visible(), notice)?;
            publishing::check_right(&row, &roles_over(&who, &row.area_code), &by)?;
            let photo = photos::find(c, row.id, photo)?;
            let gone = photos::remove(c, &photo, &body.reason, &by)?;
            storage::condemn(c, &gone.keys()?, by.at)?;
            Ok(gone)
        })
        .await?;
    // Where this fails, the caller is told; whether they ask again or not, the bytes go.
    storage::erase(&app, row.keys()?).await?;
    Ok(Json(row.into()))
}

//! Photos that show what an entry says.

use actix_web::web::Data;
use platform::attachments::{self, Added, Stored};
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{
    Answer, Binary, Download, IfNoneMatch, Made, Mount, NoFilter, Once, PageParams, Paged, Path, Upload,
};
use platform::{App, Result, handler};

use crate::standings::dto::{
    ListingId, ListingPhotoId, ListingPhotoIn, ListingPhotoOut, ListingPhotoPage, ListingPhotoWords,
};
use crate::standings::rules::listing::check_picture;
use crate::standings::store::listings::{self as store, ListingRow};
use crate::standings::store::photos::{self, PhotoRow};
use crate::standings::store::sight::Sight;
use crate::standings::store::{By, after_id};
use crate::standings::{ListingsRead, ListingsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_listing_photos))
        .service(handler!(add_listing_photo))
        .service(handler!(get_listing_photo_content))
        .service(handler!(get_listing_photo_thumbnail));
}

/// 证据照片 · The photos of an entry, oldest first
#[utoipa::path(get, path = "/listings/{id}/photos", tag = "standings", security(("bearer" = ["listings:read"])),
    params(("id" = ListingId, Path), PageParams),
    responses((status = 200, description = "一页照片 · One page", body = ListingPhotoPage)))]
pub async fn list_listing_photos(
    who: Actor<ListingsRead>,
    app: Data<App>,
    id: Path<ListingId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<ListingPhotoPage> {
    let (sight, asked) = (Sight::of(&who), page.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let row = store::find(c, &sight, *id)?;
            let after = after_id(asked.after.as_deref(), ListingPhotoId)?;
            let rows = photos::list(c, row.id, (after, asked.fetch()))?;
            let total = if asked.with_total { Some(photos::count(c, row.id)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(ListingPhotoPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 上传证据照片 · Show what an entry says: its ground, or that it was corrected
#[utoipa::path(post, path = "/listings/{id}/photos", tag = "standings", security(("bearer" = ["listings:write"])),
    params(("id" = ListingId, Path)),
    request_body(content = ListingPhotoIn, content_type = "multipart/form-data"),
    responses((status = 201, description = "已上传 · Added", body = ListingPhotoOut)))]
pub async fn add_listing_photo(
    who: Actor<ListingsWrite>,
    app: Data<App>,
    id: Path<ListingId>,
    once: Once,
    Upload(file, ListingPhotoWords {}): Upload<ListingPhotoWords>,
) -> Result<Answer> {
    let (by, listing) = (By::new(&app, who.id()), *id);
    let permitted = move |c: &mut Conn| store::find_kept(c, &who.visible(), listing);
    let add = move |c: &mut Conn, row: ListingRow, stored: &Stored| {
        let photo = photos::add(c, &row, stored, &by)?;
        let location = format!("/v1/listings/{listing}/photos/{}/content", photo.id);
        let named = photo.storage_key == stored.key.as_str();
        Ok(Added { made: Made { location, body: ListingPhotoOut::from(photo) }, named })
    };
    attachments::attach(&app, (once, file), check_picture, permitted, add).await
}

/// 照片内容 · The bytes of a photo
#[utoipa::path(get, path = "/listings/{id}/photos/{evidence}/content", tag = "standings",
    security(("bearer" = ["listings:read"])),
    params(("id" = ListingId, Path), ("evidence" = ListingPhotoId, Path), IfNoneMatch),
    responses((status = 200, description = "照片内容 · The bytes",
        content((Binary = "image/jpeg"), (Binary = "image/png"), (Binary = "image/webp")))))]
pub async fn get_listing_photo_content(
    who: Actor<ListingsRead>,
    app: Data<App>,
    path: Path<(ListingId, ListingPhotoId)>,
    seen: IfNoneMatch,
) -> Result<Download> {
    let row = shown(&app, Sight::of(&who), *path).await?;
    attachments::content(&app, &row.named(), row.id, &seen).await
}

/// 缩略图 · A photo, small
#[utoipa::path(get, path = "/listings/{id}/photos/{evidence}/thumbnail", tag = "standings",
    security(("bearer" = ["listings:read"])),
    params(("id" = ListingId, Path), ("evidence" = ListingPhotoId, Path), IfNoneMatch),
    responses((status = 200, description = "缩略图 · The small picture", content((Binary = "image/jpeg")))))]
pub async fn get_listing_photo_thumbnail(
    who: Actor<ListingsRead>,
    app: Data<App>,
    path: Path<(ListingId, ListingPhotoId)>,
    seen: IfNoneMatch,
) -> Result<Download> {
    let row = shown(&app, Sight::of(&who), *path).await?;
    attachments::thumbnail(&app, &row.named(), row.id, &seen).await
}

async fn shown(app: &App, sight: Sight, (listing, photo): (ListingId, ListingPhotoId)) -> Result<PhotoRow> {
    app.db
        .read(move |c| {
            let row = store::find(c, &sight, listing)?;
            photos::find(c, row.id, photo)
        })
        .await
}

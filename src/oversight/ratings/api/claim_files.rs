//! Files that a claim rests on: the company adds them, its overseers and who scores the project read them.

use actix_web::web::Data;
use platform::attachments::{self, Added, Stored};
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{
    Answer, Binary, Download, IfNoneMatch, Made, Mount, NoFilter, Once, PageParams, Paged, Path, Upload,
};
use platform::{App, Result, handler};

use crate::ratings::dto::{
    ClaimFileWords, RatingClaimFileId, RatingClaimFileIn, RatingClaimFileOut, RatingClaimFilePage, RatingClaimId,
};
use crate::ratings::store::claim_files::{self as store, ClaimFileRow};
use crate::ratings::store::rows::ClaimRow;
use crate::ratings::store::sight::Sight;
use crate::ratings::store::{By, after_id, claims};
use crate::ratings::{RatingsClaim, RatingsRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_rating_claim_files))
        .service(handler!(add_rating_claim_file))
        .service(handler!(get_rating_claim_file_content))
        .service(handler!(get_rating_claim_file_thumbnail));
}

/// 佐证材料 · The files of a claim, oldest first
#[utoipa::path(get, path = "/rating-claims/{id}/files", tag = "ratings", security(("bearer" = ["ratings:read"])),
    params(("id" = RatingClaimId, Path), PageParams),
    responses((status = 200, description = "一页材料 · One page", body = RatingClaimFilePage)))]
pub async fn list_rating_claim_files(
    who: Actor<RatingsRead>,
    app: Data<App>,
    id: Path<RatingClaimId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<RatingClaimFilePage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let claim = claims::find(c, &Sight::of(who.principal()), *id)?;
            let after = after_id(asked.after.as_deref(), RatingClaimFileId)?;
            let rows = store::list(c, claim.id, (after, asked.fetch()))?;
            let total = if asked.with_total { Some(store::count(c, claim.id)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(RatingClaimFilePage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 上传佐证材料 · Show what a claim says of an indicator, while claims are taken: a picture, or a PDF
#[utoipa::path(post, path = "/rating-claims/{id}/files", tag = "ratings", security(("bearer" = ["ratings:claim"])),
    params(("id" = RatingClaimId, Path)),
    request_body(content = RatingClaimFileIn, content_type = "multipart/form-data"),
    responses((status = 201, description = "已上传 · Added", body = RatingClaimFileOut)))]
pub async fn add_rating_claim_file(
    who: Actor<RatingsClaim>,
    app: Data<App>,
    id: Path<RatingClaimId>,
    once: Once,
    Upload(file, ClaimFileWords { indicator_code }): Upload<ClaimFileWords>,
) -> Result<Answer> {
    let (by, id) = (By::new(&app, who.id()), *id);
    let permitted = move |c: &mut Conn| {
        let claim = claims::find_own(c, &Sight::of(who.principal()), id)?;
        store::check_standing(&claim)?;
        Ok(claim)
    };
    let add = move |c: &mut Conn, claim: ClaimRow, stored: &Stored| {
        let row = store::add(c, &claim, &indicator_code, stored, &by)?;
        let location = format!("/v1/rating-claims/{id}/files/{}/content", row.id);
        let named = row.storage_key == stored.key.as_str();
        Ok(Added { made: Made { location, body: RatingClaimFileOut::from(row) }, named })
    };
    attachments::attach(&app, (once, file), |_| Ok(()), permitted, add).await
}

/// 材料内容 · The bytes of a file
#[utoipa::path(get, path = "/rating-claims/{id}/files/{evidence}/content", tag = "ratings",
    security(("bearer" = ["ratings:read"])),
    params(("id" = RatingClaimId, Path), ("evidence" = RatingClaimFileId, Path), IfNoneMatch),
    responses((status = 200, description = "材料内容 · The bytes",
        content((Binary = "image/jpeg"), (Binary = "image/png"), (Binary = "image/webp"), (Binary = "application/pdf")))))]
pub async fn get_rating_claim_file_content(
    who: Actor<RatingsRead>,
    app: Data<App>,
    path: Path<(RatingClaimId, RatingClaimFileId)>,
    seen: IfNoneMatch,
) -> Result<Download> {
    let row = shown(&app, Sight::of(who.principal()), *path).await?;
    attachments::content(&app, &row.named(), row.id, &seen).await
}

/// 缩略图 · A picture, small
#[utoipa::path(get, path = "/rating-claims/{id}/files/{evidence}/thumbnail", tag = "ratings",
    security(("bearer" = ["ratings:read"])),
    params(("id" = RatingClaimId, Path), ("evidence" = RatingClaimFileId, Path), IfNoneMatch),
    responses((status = 200, description = "缩略图 · The small picture", content((Binary = "image/jpeg")))))]
pub async fn get_rating_claim_file_thumbnail(
    who: Actor<RatingsRead>,
    app: Data<App>,
    path: Path<(RatingClaimId, RatingClaimFileId)>,
    seen: IfNoneMatch,
) -> Result<Download> {
    let row = shown(&app, Sight::of(who.principal()), *path).await?;
    attachments::thumbnail(&app, &row.named(), row.id, &seen).await
}

async fn shown(app: &App, sight: Sight, (claim, file): (RatingClaimId, RatingClaimFileId)) -> Result<ClaimFileRow> {
    app.db
        .read(move |c| {
            let claim = claims::find(c, &sight, claim)?;
            store::find(c, claim.id, file)
        })
        .await
}

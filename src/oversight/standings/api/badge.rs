//! The picture of a compound's star.

use actix_web::web::Data;
use platform::auth::Visitor;
use platform::http::{Document, IfNoneMatch, Mount, Path};
use platform::{App, Result, handler};
use registry::territory::dto::CompoundId;

use crate::standings::store::badge;

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(get_star_badge));
}

/// 星级徽章 · The confirmed star of a compound with the quarter that it is of, as a picture for any page
#[utoipa::path(get, path = "/public/compounds/{id}/badge.svg", tag = "standings", security(()),
    params(("id" = CompoundId, Path), IfNoneMatch),
    responses((status = 200, description = "徽章 · The badge", body = String, content_type = "image/svg+xml")))]
pub async fn get_star_badge(_: Visitor, app: Data<App>, id: Path<CompoundId>, seen: IfNoneMatch) -> Result<Document> {
    let badge = app.db.read(move |c| badge::of(c, *id)).await?;
    let bytes = (!seen.has(&badge.tag)).then_some(badge.svg);
    Ok(Document { bytes, content_type: "image/svg+xml", tag: badge.tag, of_rows: true })
}

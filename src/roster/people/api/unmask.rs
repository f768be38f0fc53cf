//! 查看号码, and who did. The opening takes no `Idempotency-Key`: a stored answer would be a stored number. A repeated
//! request opens it again and is written down again.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Mount, Path};
use platform::http::{NoFilter, PageParams, Paged, Valid};
use platform::{App, Error, Result, handler};

use crate::people::dto::{AccessId, AccessPage, PersonId, UnmaskIn, UnmaskOut};
use crate::people::store::{By, accesses as store, after_id, persons};
use crate::people::{AccessLogRead, PersonsUnmask};

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(unmask_phone)).service(handler!(list_person_accesses));
}

/// 查看号码 · Open a phone number for a purpose
///
/// 须说明用途;留痕与结果同时写入,本人可查;每小时最多 20 次。此接口不重放幂等结果。
/// The purpose is written down with the answer and read by the person; twenty an hour at most. No stored answer is
/// replayed for an `Idempotency-Key`, because it would hold the number.
#[utoipa::path(post, path = "/persons/{id}/phone/unmask", tag = "people", security(("bearer" = ["persons:unmask"])),
    request_body = UnmaskIn,
    params(("id" = PersonId, Path)),
    responses((status = 200, description = "号码 · The number", body = UnmaskOut)))]
pub async fn unmask_phone(
    who: Actor<PersonsUnmask>,
    app: Data<App>,
    id: Path<PersonId>,
    Valid(body): Valid<UnmaskIn>,
) -> Result<HttpResponse> {
    let (by, secrets) = (By::new(&app, who.id()), app.secrets.clone());
    let out = app
        .db
        .write(move |c| {
            let row = persons::find(c, &who.visible(), *id)?;
            let grant = who.grants().find(|grant| grant.area.covers(&row.area_code)).ok_or(Error::NotFound)?;
            let (phone, access) = store::unmask(c, &row, grant, &body, &secrets, &by)?;
            Ok(UnmaskOut { person_id: row.id, phone, access_id: access.id, at: access.at })
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(out))
}

/// 谁查看过 · Who opened a person's number, the newest first
#[utoipa::path(get, path = "/persons/{id}/accesses", tag = "people", security(("bearer" = ["persons:read_accesses"])),
    params(("id" = PersonId, Path), PageParams),
    responses((status = 200, description = "一页留痕 · One page", body = AccessPage)))]
pub async fn list_person_accesses(
    who: Actor<AccessLogRead>,
    app: Data<App>,
    id: Path<PersonId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<AccessPage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let row = persons::find(c, &who.visible(), *id)?;
            let after = after_id(asked.after.as_deref())?.map(AccessId);
            let rows = store::list(c, row.id, (after, asked.fetch()))?;
            let total = if asked.with_total { Some(store::count(c, row.id)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(AccessPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

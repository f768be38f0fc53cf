//! What anybody may read and check of published minutes.

use actix_web::web::{Data, Json};
use platform::auth::Visitor;
use platform::http::{Cut, Mount, PageParams, Paged, Path};
use platform::{App, Result, handler};

use crate::meetings::after_id;
use crate::meetings::dto::{
    MeetingId, MinutesId, ProofOut, PublicMinutesOut, PublicMinutesPage, PublicMinutesQuery, VersionNumber,
};
use crate::meetings::store::proof;

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(list_public_minutes)).service(handler!(get_public_minutes)).service(handler!(prove_minutes));
}

/// 公开纪要 · Published minutes of an area, as everybody may read them, the latest first
#[utoipa::path(get, path = "/public/minutes", tag = "minutes", security(()),
    params(PageParams, PublicMinutesQuery),
    responses((status = 200, description = "一页公开纪要 · One page", body = PublicMinutesPage)))]
pub async fn list_public_minutes(
    _: Visitor,
    app: Data<App>,
    Paged(query, page): Paged<PublicMinutesQuery>,
) -> Result<PublicMinutesPage> {
    let asked = page.clone();
    let rows = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref(), MinutesId)?;
            let rows = proof::list_public(c, &query.area, (after, asked.fetch()))?;
            rows.into_iter()
                .map(|row| {
                    let (id, public) = (row.0.id, row.1.terms()?.rule.public);
                    Ok((id, if public { Some(proof::told(row)?) } else { None }))
                })
                .collect::<Result<Vec<_>>>()
        })
        .await?;
    let Cut { rows, next_cursor, link } = page.cut(rows, |(id, _)| id.to_string());
    // What a place keeps to itself is left out behind the cut, so that the page knows where it goes on.
    let cut = Cut { rows: rows.into_iter().filter_map(|(_, told)| told).collect(), next_cursor, link };
    Ok(PublicMinutesPage::of(cut, None))
}

/// 公开纪要详情 · The published minutes of a meeting, as everybody may read them: no person is in them
#[utoipa::path(get, path = "/public/minutes/{id}", tag = "minutes", security(()),
    params(("id" = MeetingId, Path)),
    responses((status = 200, description = "公开纪要 · The minutes", body = PublicMinutesOut)))]
pub async fn get_public_minutes(_: Visitor, app: Data<App>, id: Path<MeetingId>) -> Result<Json<PublicMinutesOut>> {
    let out = app.db.read(move |c| proof::told(proof::find_public(c, *id)?)).await?;
    Ok(Json(out))
}

/// 存证 · Whether a published version is still what was published, by its hash in the hash-chained history
#[utoipa::path(get, path = "/meetings/{id}/minutes/{number}/proof", tag = "minutes", security(()),
    params(("id" = MeetingId, Path), ("number" = i32, Path, minimum = 1)),
    responses((status = 200, description = "存证 · The proof", body = ProofOut)))]
pub async fn prove_minutes(
    _: Visitor,
    app: Data<App>,
    path: Path<(MeetingId, VersionNumber)>,
) -> Result<Json<ProofOut>> {
    let out = app
        .db
        .read(move |c| {
            let (id, VersionNumber(number)) = *path;
            proof::of(c, id, number)
        })
        .await?;
    Ok(Json(out))
}

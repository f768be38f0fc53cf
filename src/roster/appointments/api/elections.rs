use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, Once, PageParams, Paged, Valid, Versioned, Whole};
use platform::http::{Mount, Path};
use platform::{App, Error, Result, handler};

use crate::appointments::dto::{ElectionId, ElectionIn, ElectionOut, ElectionPage, ElectionQuery};
use crate::appointments::store::{By, elections as store};
use crate::appointments::{AppointmentsRead, ElectionsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(list_elections)).service(handler!(record_election)).service(handler!(get_election));
}

/// 选举记录列表 · Election records, oldest first
#[utoipa::path(get, path = "/election-records", tag = "appointments", security(("bearer" = ["appointments:read"])),
    params(PageParams, ElectionQuery),
    responses((status = 200, description = "一页选举记录 · One page", body = ElectionPage)))]
pub async fn list_elections(
    who: Actor<AppointmentsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<ElectionQuery>,
) -> Result<ElectionPage> {
    let (visible, asked) = (who.visible(), page.clone());
    let (found, total) = app
        .db
        .read(move |c| {
            let after = asked.after.as_deref().map(str::parse).transpose().map_err(Error::internal)?.map(ElectionId);
            let found = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((found, total))
        })
        .await?;
    Ok(ElectionPage::of(page.cut(found, |row: &ElectionOut| row.id.to_string()), total))
}

/// 登记选举 · Record an election: who was elected to which seat, by which document
#[utoipa::path(post, path = "/election-records", tag = "appointments", security(("bearer" = ["elections:record"])),
    request_body = ElectionIn,
    responses((status = 201, description = "已登记 · Recorded", body = ElectionOut)))]
pub async fn record_election(
    who: Actor<ElectionsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<ElectionIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let out = store::insert(c, &who.visible(), &body, &by)?;
        Ok(Versioned::created(format!("/v1/election-records/{}", out.id), out.version, out))
    })
    .await
}

/// 选举记录详情 · One election record
#[utoipa::path(get, path = "/election-records/{id}", tag = "appointments",
    security(("bearer" = ["appointments:read"])), params(("id" = ElectionId, Path)),
    responses((status = 200, description = "选举记录 · The record", body = ElectionOut)))]
pub async fn get_election(
    who: Actor<AppointmentsRead>,
    app: Data<App>,
    id: Path<ElectionId>,
) -> Result<Whole<ElectionOut>> {
    let out = app.db.glance(move |c| store::find(c, &who.visible(), *id)).await?;
    Ok(Whole { version: out.version, body: out })
}

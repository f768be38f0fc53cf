use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, Once, PageParams, Paged, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};

use super::after_id;
use crate::organisations::dto::{CoverageId, CoverageIn, CoverageOut, CoveragePage, CoverageQuery, OrganisationId};
use crate::organisations::store::{By, coverage as store, organisations, reading};
use crate::organisations::{PartyCoverageRead, PartyCoverageWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_party_coverages))
        .service(handler!(record_party_coverage))
        .service(handler!(get_party_coverage));
}

/// 覆盖列表 · How the Party reaches companies and committees, oldest record first; `due=true` is what is still to be founded
#[utoipa::path(get, path = "/party-coverages", tag = "organisations", security(("bearer" = ["party_coverage:read"])),
    params(PageParams, CoverageQuery),
    responses((status = 200, description = "一页覆盖 · One page", body = CoveragePage)))]
pub async fn list_party_coverages(
    who: Actor<PartyCoverageRead>,
    app: Data<App>,
    Paged(filter, page): Paged<CoverageQuery>,
) -> Result<CoveragePage> {
    let (asked, visible) = (page.clone(), reading(&who.visible()));
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref(), CoverageId)?;
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(CoveragePage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 登记党的覆盖 · Record how the Party reaches a company or a committee from a day on
#[utoipa::path(post, path = "/organisations/{id}/party-coverage", tag = "organisations",
    security(("bearer" = ["party_coverage:write"])), request_body = CoverageIn,
    params(("id" = OrganisationId, Path)),
    responses((status = 201, description = "已登记 · Recorded", body = CoverageOut)))]
pub async fn record_party_coverage(
    who: Actor<PartyCoverageWrite>,
    app: Data<App>,
    id: Path<OrganisationId>,
    once: Once,
    Valid(body): Valid<CoverageIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let of = store::subject(c, &who.visible(), *id)?;
        if let Some(party_org) = body.party_org_id {
            organisations::find(c, &reading(&who.visible()), party_org)?;
        }
        let row = store::record(c, &of, &body, &by)?;
        Ok(Versioned::created(format!("/v1/party-coverages/{}", row.id), row.version, CoverageOut::from(row)))
    })
    .await
}

/// 覆盖详情 · One record of coverage
#[utoipa::path(get, path = "/party-coverages/{id}", tag = "organisations",
    security(("bearer" = ["party_coverage:read"])),
    params(("id" = CoverageId, Path)),
    responses((status = 200, description = "覆盖 · The record", body = CoverageOut)))]
pub async fn get_party_coverage(
    who: Actor<PartyCoverageRead>,
    app: Data<App>,
    id: Path<CoverageId>,
) -> Result<Versioned<CoverageOut>> {
    let visible = reading(&who.visible());
    let row = app.db.glance(move |c| store::find(c, &visible, *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

//! 事实.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Mount, NoFilter, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Error, Result, handler};

use crate::ratings::dto::{RatingFactId, RatingFactIn, RatingFactOut, RatingFactPage, RatingProjectId, StrikeFactIn};
use crate::ratings::store::sight::Sight;
use crate::ratings::store::{By, after_id, facts as store, projects};
use crate::ratings::{RatingFactsRecord, RatingsRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_rating_facts))
        .service(handler!(record_rating_fact))
        .service(handler!(strike_rating_fact));
}

/// 事实列表 · The facts about a project, the struck ones as well: for overseers and for the company that it is about
#[utoipa::path(get, path = "/rating-projects/{id}/facts", tag = "ratings", security(("bearer" = ["ratings:read"])),
    params(("id" = RatingProjectId, Path), PageParams),
    responses((status = 200, description = "一页事实 · One page", body = RatingFactPage)))]
pub async fn list_rating_facts(
    who: Actor<RatingsRead>,
    app: Data<App>,
    id: Path<RatingProjectId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<RatingFactPage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let sight = Sight::of(who.principal());
            let (project, _) = projects::find(c, &sight, *id)?;
            if !sight.is_of(&project.area_code, project.company_id) {
                return Err(Error::NotFound);
            }
            let after = after_id(asked.after.as_deref(), RatingFactId)?;
            let rows = store::list(c, project.id, (after, asked.fetch()))?;
            let total = if asked.with_total { Some(store::count(c, project.id)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(RatingFactPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 登记事实 · Record a red-line event, disclosures that are not complete, or the owners' satisfaction, with its source
#[utoipa::path(post, path = "/rating-projects/{id}/facts", tag = "ratings",
    security(("bearer" = ["rating_facts:record"])), request_body = RatingFactIn,
    params(("id" = RatingProjectId, Path), Once),
    responses((status = 201, description = "已登记 · Recorded", body = RatingFactOut)))]
pub async fn record_rating_fact(
    who: Actor<RatingFactsRecord>,
    app: Data<App>,
    id: Path<RatingProjectId>,
    once: Once,
    Valid(body): Valid<RatingFactIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let project = projects::get(c, *id)?;
        who.visible().check(&project.area_code)?;
        let row = store::record_fact(c, &project, &body, &by)?;
        let path = format!("/v1/rating-projects/{}/facts", project.id);
        Ok(Versioned::created(path, row.version, RatingFactOut::from(row)))
    })
    .await
}

/// 撤销事实 · Strike out a fact that does not hold, before the campaign is collated
#[utoipa::path(post, path = "/rating-facts/{id}/strike", tag = "ratings",
    security(("bearer" = ["rating_facts:record"])), request_body = StrikeFactIn,
    params(("id" = RatingFactId, Path), IfMatch, Once),
    responses((status = 200, description = "已撤销 · Struck out", body = RatingFactOut)))]
pub async fn strike_rating_fact(
    who: Actor<RatingFactsRecord>,
    app: Data<App>,
    id: Path<RatingFactId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<StrikeFactIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let (row, project) = store::find(c, &Sight::of(who.principal()), *id)?;
        who.visible().check(&row.area_code)?;
        version.check(row.version)?;
        let row = store::strike(c, &row, project.campaign_id, &body.reason, &by)?;
        Ok(Versioned::ok(row.version, RatingFactOut::from(row)))
    })
    .await
}

//! 评定批次 and the projects that take part.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::history::{self, EventPage};
use platform::http::{Answer, Mount, NoFilter, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};

use crate::ratings::dto::{
    RatingCampaignId, RatingCampaignIn, RatingCampaignOut, RatingCampaignPage, RatingCampaignQuery, RatingProjectId,
    RatingProjectPage,
};
use crate::ratings::store::campaigns::{self as store, ENTITY};
use crate::ratings::store::sight::Sight;
use crate::ratings::store::{By, after_id, projects};
use crate::ratings::{RatingCampaignsRun, RatingsRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_rating_campaigns))
        .service(handler!(draft_rating_campaign))
        .service(handler!(get_rating_campaign))
        .service(handler!(list_rating_projects))
        .service(handler!(list_rating_campaign_history));
}

/// 评定批次列表 · The campaigns of the area, the newest first
#[utoipa::path(get, path = "/rating-campaigns", tag = "ratings", security(("bearer" = ["ratings:read"])),
    params(PageParams, RatingCampaignQuery),
    responses((status = 200, description = "一页评定批次 · One page", body = RatingCampaignPage)))]
pub async fn list_rating_campaigns(
    who: Actor<RatingsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<RatingCampaignQuery>,
) -> Result<RatingCampaignPage> {
    let (visible, asked) = (who.visible(), page.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let before = after_id(asked.after.as_deref(), RatingCampaignId)?;
            let rows = store::list(c, &visible, (before, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(RatingCampaignPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 起草评定批次 · Draft the campaign of an area and quarter, under a published scheme
#[utoipa::path(post, path = "/rating-campaigns", tag = "ratings", security(("bearer" = ["rating_campaigns:run"])),
    request_body = RatingCampaignIn,
    responses((status = 201, description = "已起草 · Drafted", body = RatingCampaignOut)))]
pub async fn draft_rating_campaign(
    who: Actor<RatingCampaignsRun>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<RatingCampaignIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        who.visible().check(body.area_code.as_str())?;
        let row = store::create(c, &body, &by)?;
        let path = format!("/v1/rating-campaigns/{}", row.id);
        Ok(Versioned::created(path, row.version, RatingCampaignOut::from(row)))
    })
    .await
}

/// 评定批次详情 · One campaign
#[utoipa::path(get, path = "/rating-campaigns/{id}", tag = "ratings", security(("bearer" = ["ratings:read"])),
    params(("id" = RatingCampaignId, Path)),
    responses((status = 200, description = "评定批次 · The campaign", body = RatingCampaignOut)))]
pub async fn get_rating_campaign(
    who: Actor<RatingsRead>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
) -> Result<Versioned<RatingCampaignOut>> {
    let row = app.db.read(move |c| store::find(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 参评项目 · The projects of a campaign that lie in the caller's area, with the company that each was entered with
#[utoipa::path(get, path = "/rating-campaigns/{id}/projects", tag = "ratings",
    security(("bearer" = ["ratings:read"])),
    params(("id" = RatingCampaignId, Path), PageParams),
    responses((status = 200, description = "一页参评项目 · One page", body = RatingProjectPage)))]
pub async fn list_rating_projects(
    who: Actor<RatingsRead>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<RatingProjectPage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let (campaign, sight) = (store::find(c, &who.visible(), *id)?, Sight::of(who.principal()));
            let after = after_id(asked.after.as_deref(), RatingProjectId)?;
            let rows = projects::list(c, &sight, campaign.id, (after, asked.fetch()))?;
            let total = if asked.with_total { Some(projects::count(c, &sight, campaign.id)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(RatingProjectPage::of(page.cut(rows, |named| named.row.id.to_string()), total))
}

/// 评定批次历史 · The hash-chained history of a campaign
#[utoipa::path(get, path = "/rating-campaigns/{id}/history", tag = "ratings",
    security(("bearer" = ["ratings:read"])),
    params(("id" = RatingCampaignId, Path), PageParams),
    responses((status = 200, description = "一页历史 · One page", body = EventPage)))]
pub async fn list_rating_campaign_history(
    who: Actor<RatingsRead>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let asked = page.clone();
    let found = app
        .db
        .read(move |c| {
            let row = store::find(c, &who.visible(), *id)?;
            history::page(c, ENTITY, &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

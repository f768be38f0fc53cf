//! 评分人.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, Mount, NoFilter, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};
use registry::identity::AccountId;

use crate::ratings::dto::{
    RatingAssessorId, RatingAssessorIn, RatingAssessorOut, RatingAssessorPage, RatingCampaignId, RatingProjectId,
    RatingTaskPage, ReleaseRatingAssessorIn,
};
use crate::ratings::store::{By, after_id, assessors as store, campaigns, releases};
use crate::ratings::{RatingCampaignsRun, RatingsScore};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_rating_assessors))
        .service(handler!(assign_rating_assessor))
        .service(handler!(release_rating_assessor))
        .service(handler!(list_my_rating_tasks));
}

/// 评分人列表 · Who scores what in a campaign
#[utoipa::path(get, path = "/rating-campaigns/{id}/assessors", tag = "ratings",
    security(("bearer" = ["rating_campaigns:run"])),
    params(("id" = RatingCampaignId, Path), PageParams),
    responses((status = 200, description = "一页评分人 · One page", body = RatingAssessorPage)))]
pub async fn list_rating_assessors(
    who: Actor<RatingCampaignsRun>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<RatingAssessorPage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let campaign = campaigns::find_own(c, &who.visible(), *id)?;
            let after = after_id(asked.after.as_deref(), RatingAssessorId)?;
            let rows = store::list(c, campaign.id, (after, asked.fetch()))?;
            let total = if asked.with_total { Some(store::count(c, campaign.id)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(RatingAssessorPage::of(page.cut(rows, |assigned| assigned.row.id.to_string()), total))
}

/// 分配评分人 · Put an assessor on a panel and give projects to score; whoever is bound to one of them is refused
#[utoipa::path(post, path = "/rating-campaigns/{id}/assessors", tag = "ratings",
    security(("bearer" = ["rating_campaigns:run"])), request_body = RatingAssessorIn,
    params(("id" = RatingCampaignId, Path), Once),
    responses((status = 201, description = "已分配 · Assigned", body = RatingAssessorOut)))]
pub async fn assign_rating_assessor(
    who: Actor<RatingCampaignsRun>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
    once: Once,
    Valid(body): Valid<RatingAssessorIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        campaigns::find_own(c, &who.visible(), *id)?;
        let campaign = campaigns::hold(c, *id)?;
        let assigned = store::assign(c, &campaign, &body, &by)?;
        let path = format!("/v1/rating-campaigns/{}/assessors", campaign.id);
        Ok(Versioned::created(path, assigned.row.version, RatingAssessorOut::from(assigned)))
    })
    .await
}

/// 解除分配 · Let an assessor go of projects that they have not scored yet, so that somebody else may; their drafts go with it
#[utoipa::path(post, path = "/rating-campaigns/{id}/release-assessor", tag = "ratings",
    security(("bearer" = ["rating_campaigns:run"])), request_body = ReleaseRatingAssessorIn,
    params(("id" = RatingCampaignId, Path), Once),
    responses((status = 200, description = "已解除 · Released", body = RatingAssessorOut)))]
pub async fn release_rating_assessor(
    who: Actor<RatingCampaignsRun>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
    once: Once,
    Valid(body): Valid<ReleaseRatingAssessorIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        campaigns::find_own(c, &who.visible(), *id)?;
        let campaign = campaigns::hold(c, *id)?;
        let assigned = releases::release(c, &campaign, &body, &by)?;
        Ok(Versioned::ok(assigned.row.version, RatingAssessorOut::from(assigned)))
    })
    .await
}

/// 本人评分任务 · The projects that the caller is to score, the latest first, with their own sheets
#[utoipa::path(get, path = "/me/rating-tasks", tag = "ratings", security(("bearer" = ["ratings:score"])),
    params(PageParams),
    responses((status = 200, description = "一页评分任务 · One page", body = RatingTaskPage)))]
pub async fn list_my_rating_tasks(
    who: Actor<RatingsScore>,
    app: Data<App>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<RatingTaskPage> {
    let (account, asked) = (AccountId(who.id()), page.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let before = after_id(asked.after.as_deref(), RatingProjectId)?;
            let rows = store::tasks(c, account, (before, asked.fetch()))?;
            let total = if asked.with_total { Some(store::count_tasks(c, account)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(RatingTaskPage::of(page.cut(rows, |task| task.project.row.id.to_string()), total))
}

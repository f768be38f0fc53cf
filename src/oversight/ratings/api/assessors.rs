//! 评分人.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, Mount, NoFilter, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};

use crate::ratings::RatingCampaignsRun;
use crate::ratings::dto::{
    RatingAssessorId, RatingAssessorIn, RatingAssessorOut, RatingAssessorPage, RatingCampaignId,
};
use crate::ratings::store::{By, after_id, assessors as store, campaigns};

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(list_rating_assessors)).service(handler!(assign_rating_assessor));
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

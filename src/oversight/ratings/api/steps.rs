//! The steps of a campaign.

use actix_web::web::Data;
use platform::auth::{Actor, Scope};
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Mount, Once, Path, Valid, Versioned};
use platform::{App, Result, handler};

use crate::ratings::dto::{PostRatingsIn, RatingCampaignId, RatingCampaignOut};
use crate::ratings::store::rows::CampaignRow;
use crate::ratings::store::{By, campaigns, collation, steps};
use crate::ratings::{RatingCampaignsRun, RatingsConfirm};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(open_rating_campaign))
        .service(handler!(assess_rating_campaign))
        .service(handler!(collate_rating_campaign))
        .service(handler!(publicise_rating_campaign))
        .service(handler!(open_rating_appeals))
        .service(handler!(confirm_rating_campaign))
        .service(handler!(monitor_rating_campaign))
        .service(handler!(close_rating_campaign));
}

async fn step<S: Scope>(
    who: Actor<S>,
    app: Data<App>,
    (id, version, once): (Path<RatingCampaignId>, IfMatch, Once),
    take: impl Fn(&mut Conn, &CampaignRow, &By) -> Result<CampaignRow> + Send + 'static,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = campaigns::find_own(c, &who.visible(), *id)?;
        version.check(row.version)?;
        let row = take(c, &row, &by)?;
        Ok(Versioned::ok(row.version, RatingCampaignOut::from(row)))
    })
    .await
}

/// 开始认领 · Open a campaign for claims: whatever a company serves in the area takes part
#[utoipa::path(post, path = "/rating-campaigns/{id}/open", tag = "ratings",
    security(("bearer" = ["rating_campaigns:run"])),
    params(("id" = RatingCampaignId, Path), IfMatch, Once),
    responses((status = 200, description = "认领中 · Claims are taken", body = RatingCampaignOut)))]
pub async fn open_rating_campaign(
    who: Actor<RatingCampaignsRun>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    step(who, app, (id, version, once), steps::open).await
}

/// 开始评分 · End the claims and let the assessors score
#[utoipa::path(post, path = "/rating-campaigns/{id}/assess", tag = "ratings",
    security(("bearer" = ["rating_campaigns:run"])),
    params(("id" = RatingCampaignId, Path), IfMatch, Once),
    responses((status = 200, description = "评分中 · Being scored", body = RatingCampaignOut)))]
pub async fn assess_rating_campaign(
    who: Actor<RatingCampaignsRun>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    step(who, app, (id, version, once), steps::assess).await
}

/// 汇总 · Collate all projects at once; refused while a scorer is missing for any of them
#[utoipa::path(post, path = "/rating-campaigns/{id}/collate", tag = "ratings",
    security(("bearer" = ["rating_campaigns:run"])),
    params(("id" = RatingCampaignId, Path), IfMatch, Once),
    responses((status = 200, description = "已汇总 · Collated", body = RatingCampaignOut)))]
pub async fn collate_rating_campaign(
    who: Actor<RatingCampaignsRun>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    step(who, app, (id, version, once), collation::collate).await
}

/// 公示 · Post what came out, for at least seven days
#[utoipa::path(post, path = "/rating-campaigns/{id}/publicise", tag = "ratings",
    security(("bearer" = ["rating_campaigns:run"])),
    request_body = PostRatingsIn,
    params(("id" = RatingCampaignId, Path), IfMatch, Once),
    responses((status = 200, description = "公示中 · Posted", body = RatingCampaignOut)))]
pub async fn publicise_rating_campaign(
    who: Actor<RatingCampaignsRun>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<PostRatingsIn>,
) -> Result<Answer> {
    step(who, app, (id, version, once), move |c, row, by| steps::publicise(c, row, &body, by)).await
}

/// 开始申诉期 · End the posting, once its days are over and every objection is decided, and take appeals
#[utoipa::path(post, path = "/rating-campaigns/{id}/open-appeals", tag = "ratings",
    security(("bearer" = ["rating_campaigns:run"])),
    params(("id" = RatingCampaignId, Path), IfMatch, Once),
    responses((status = 200, description = "申诉期 · Appeals are taken", body = RatingCampaignOut)))]
pub async fn open_rating_appeals(
    who: Actor<RatingCampaignsRun>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    step(who, app, (id, version, once), steps::open_appeals).await
}

/// 定星 · Confirm the stars, once the time for appeals is over and each is decided; each compound gets its own
#[utoipa::path(post, path = "/rating-campaigns/{id}/confirm", tag = "ratings",
    security(("bearer" = ["ratings:confirm"])),
    params(("id" = RatingCampaignId, Path), IfMatch, Once),
    responses((status = 200, description = "已定星 · Confirmed", body = RatingCampaignOut)))]
pub async fn confirm_rating_campaign(
    who: Actor<RatingsConfirm>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    step(who, app, (id, version, once), steps::confirm).await
}

/// 动态管理 · Watch over the stars: what happens from here on may take them
#[utoipa::path(post, path = "/rating-campaigns/{id}/monitor", tag = "ratings",
    security(("bearer" = ["rating_campaigns:run"])),
    params(("id" = RatingCampaignId, Path), IfMatch, Once),
    responses((status = 200, description = "动态管理中 · Watched over", body = RatingCampaignOut)))]
pub async fn monitor_rating_campaign(
    who: Actor<RatingCampaignsRun>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    step(who, app, (id, version, once), steps::monitor).await
}

/// 结束 · End a campaign; its results stand
#[utoipa::path(post, path = "/rating-campaigns/{id}/close", tag = "ratings",
    security(("bearer" = ["rating_campaigns:run"])),
    params(("id" = RatingCampaignId, Path), IfMatch, Once),
    responses((status = 200, description = "已结束 · Closed", body = RatingCampaignOut)))]
pub async fn close_rating_campaign(
    who: Actor<RatingCampaignsRun>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    step(who, app, (id, version, once), steps::close).await
}

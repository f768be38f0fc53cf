//! 对标认领.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Mount, NoFilter, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};

use super::told;
use crate::ratings::dto::{
    RatingCampaignId, RatingClaimId, RatingClaimIn, RatingClaimOut, RatingClaimPage, WithdrawRatingClaimIn,
};
use crate::ratings::store::sight::Sight;
use crate::ratings::store::{By, after_id, campaigns, claims as store};
use crate::ratings::{RatingsClaim, RatingsRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_rating_claims))
        .service(handler!(submit_rating_claim))
        .service(handler!(get_rating_claim))
        .service(handler!(withdraw_rating_claim));
}

/// 认领列表 · The claims of a campaign: overseers read those of their area, a company its own
#[utoipa::path(get, path = "/rating-campaigns/{id}/claims", tag = "ratings", security(("bearer" = ["ratings:read"])),
    params(("id" = RatingCampaignId, Path), PageParams),
    responses((status = 200, description = "一页认领 · One page", body = RatingClaimPage)))]
pub async fn list_rating_claims(
    who: Actor<RatingsRead>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<RatingClaimPage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let (campaign, sight) = (campaigns::find(c, &who.visible(), *id)?, Sight::of(who.principal()));
            let after = after_id(asked.after.as_deref(), RatingClaimId)?;
            let rows = store::list(c, &sight, campaign.id, (after, asked.fetch()))?;
            let total = if asked.with_total { Some(store::count(c, &sight, campaign.id)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(RatingClaimPage::of(told::<_, RatingClaimOut>(page.cut(rows, |row| row.id.to_string()))?, total))
}

/// 对标认领 · Claim a star for a project of one's own company, with own points that never count
#[utoipa::path(post, path = "/rating-campaigns/{id}/claims", tag = "ratings", security(("bearer" = ["ratings:claim"])),
    request_body = RatingClaimIn,
    params(("id" = RatingCampaignId, Path), Once),
    responses((status = 201, description = "已认领 · Claimed", body = RatingClaimOut)))]
pub async fn submit_rating_claim(
    who: Actor<RatingsClaim>,
    app: Data<App>,
    id: Path<RatingCampaignId>,
    once: Once,
    Valid(body): Valid<RatingClaimIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let campaign = campaigns::find(c, &who.visible(), *id)?;
        let row = store::submit(c, &Sight::of(who.principal()), campaign.id, &body, &by)?;
        let (path, version) = (format!("/v1/rating-claims/{}", row.id), row.version);
        Ok(Versioned::created(path, version, RatingClaimOut::try_from(row)?))
    })
    .await
}

/// 认领详情 · One claim
#[utoipa::path(get, path = "/rating-claims/{id}", tag = "ratings", security(("bearer" = ["ratings:read"])),
    params(("id" = RatingClaimId, Path)),
    responses((status = 200, description = "认领 · The claim", body = RatingClaimOut)))]
pub async fn get_rating_claim(
    who: Actor<RatingsRead>,
    app: Data<App>,
    id: Path<RatingClaimId>,
) -> Result<Versioned<RatingClaimOut>> {
    let row = app.db.read(move |c| store::find(c, &Sight::of(who.principal()), *id)).await?;
    Ok(Versioned::ok(row.version, row.try_into()?))
}

/// 撤回认领 · Withdraw a claim while claims are taken
#[utoipa::path(post, path = "/rating-claims/{id}/withdraw", tag = "ratings", security(("bearer" = ["ratings:claim"])),
    request_body = WithdrawRatingClaimIn,
    params(("id" = RatingClaimId, Path), IfMatch, Once),
    responses((status = 200, description = "已撤回 · Withdrawn", body = RatingClaimOut)))]
pub async fn withdraw_rating_claim(
    who: Actor<RatingsClaim>,
    app: Data<App>,
    id: Path<RatingClaimId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<WithdrawRatingClaimIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find_own(c, &Sight::of(who.principal()), *id)?;
        version.check(row.version)?;
        let row = store::withdraw(c, &row, &body.reason, &by)?;
        Ok(Versioned::ok(row.version, RatingClaimOut::try_from(row)?))
    })
    .await
}

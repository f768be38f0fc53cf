//! 申诉与复核.

use actix_web::web::Data;
use platform::auth::{Actor, Role, Scope};
use platform::http::{Answer, IfMatch, Mount, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};

use super::told;
use crate::ratings::dto::{
    DecideRatingAppealIn, RatingAppealId, RatingAppealIn, RatingAppealOut, RatingAppealPage, RatingAppealQuery,
    RatingAssessorOut, RatingResultId, RatingReviewerIn,
};
use crate::ratings::store::appeals::{self as store, Reader};
use crate::ratings::store::sight::Sight;
use crate::ratings::store::{By, after_id, results};
use crate::ratings::{RatingCampaignsRun, RatingsAppeal, RatingsRead, RatingsScore};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(raise_rating_appeal))
        .service(handler!(list_rating_appeals))
        .service(handler!(get_rating_appeal))
        .service(handler!(add_rating_reviewer))
        .service(handler!(decide_rating_appeal));
}

fn reader<S: Scope>(who: &Actor<S>) -> Reader {
    let principal = who.principal();
    let sight = Sight::of(principal);
    let assessed = principal.visible_as(&[Role::Assessor], RatingsScore::NAME);
    let areas = sight.overseen.areas().iter().chain(assessed.areas()).cloned();
    Reader { areas: platform::auth::Visible::of(areas), sight }
}

/// 申诉 · Appeal against a result of one's own company, while appeals are taken
#[utoipa::path(post, path = "/rating-results/{id}/appeals", tag = "ratings", security(("bearer" = ["ratings:appeal"])),
    request_body = RatingAppealIn,
    params(("id" = RatingResultId, Path), Once),
    responses((status = 201, description = "已申诉 · Raised", body = RatingAppealOut)))]
pub async fn raise_rating_appeal(
    who: Actor<RatingsAppeal>,
    app: Data<App>,
    id: Path<RatingResultId>,
    once: Once,
    Valid(body): Valid<RatingAppealIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let sight = Sight::of(who.principal());
        let (result, campaign) = results::find(c, &sight, *id)?;
        let row = store::raise(c, &sight, (&result, &campaign), &body, &by)?;
        let (path, version) = (format!("/v1/rating-appeals/{}", row.id), row.version);
        Ok(Versioned::created(path, version, RatingAppealOut::try_from(row)?))
    })
    .await
}

/// 申诉列表 · Appeals, the newest first: overseers and assessors read those of their area, a company its own
#[utoipa::path(get, path = "/rating-appeals", tag = "ratings", security(("bearer" = ["ratings:read"])),
    params(PageParams, RatingAppealQuery),
    responses((status = 200, description = "一页申诉 · One page", body = RatingAppealPage)))]
pub async fn list_rating_appeals(
    who: Actor<RatingsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<RatingAppealQuery>,
) -> Result<RatingAppealPage> {
    let (reader, asked) = (reader(&who), page.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let before = after_id(asked.after.as_deref(), RatingAppealId)?;
            let rows = store::list(c, &reader, (before, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &reader, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(RatingAppealPage::of(told::<_, RatingAppealOut>(page.cut(rows, |row| row.id.to_string()))?, total))
}

/// 申诉详情 · One appeal
#[utoipa::path(get, path = "/rating-appeals/{id}", tag = "ratings", security(("bearer" = ["ratings:read"])),
    params(("id" = RatingAppealId, Path)),
    responses((status = 200, description = "申诉 · The appeal", body = RatingAppealOut)))]
pub async fn get_rating_appeal(
    who: Actor<RatingsRead>,
    app: Data<App>,
    id: Path<RatingAppealId>,
) -> Result<Versioned<RatingAppealOut>> {
    let row = app.db.read(move |c| store::find(c, &reader(&who), *id)).await?;
    Ok(Versioned::ok(row.version, row.try_into()?))
}

/// 指定复核人 · Put an assessor on the review of an appeal, who has not scored the project
#[utoipa::path(post, path = "/rating-appeals/{id}/reviewers", tag = "ratings",
    security(("bearer" = ["rating_campaigns:run"])), request_body = RatingReviewerIn,
    params(("id" = RatingAppealId, Path), Once),
    responses((status = 201, description = "已指定 · Assigned", body = RatingAssessorOut)))]
pub async fn add_rating_reviewer(
    who: Actor<RatingCampaignsRun>,
    app: Data<App>,
    id: Path<RatingAppealId>,
    once: Once,
    Valid(body): Valid<RatingReviewerIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &reader(&who), *id)?;
        who.visible().check(&row.area_code)?;
        let assigned = store::add_reviewer(c, &row, &body, &by)?;
        let path = format!("/v1/rating-campaigns/{}/assessors", row.campaign_id);
        Ok(Versioned::created(path, assigned.row.version, RatingAssessorOut::from(assigned)))
    })
    .await
}

/// 复核结论 · Decide an appeal that one reviews: the result stands, or it is computed anew
#[utoipa::path(post, path = "/rating-appeals/{id}/decide", tag = "ratings", security(("bearer" = ["ratings:score"])),
    request_body = DecideRatingAppealIn,
    params(("id" = RatingAppealId, Path), IfMatch, Once),
    responses((status = 200, description = "已有结论 · Decided", body = RatingAppealOut)))]
pub async fn decide_rating_appeal(
    who: Actor<RatingsScore>,
    app: Data<App>,
    id: Path<RatingAppealId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<DecideRatingAppealIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &reader(&who), *id)?;
        version.check(row.version)?;
        let row = store::decide(c, &row, &body, &by)?;
        Ok(Versioned::ok(row.version, RatingAppealOut::try_from(row)?))
    })
    .await
}

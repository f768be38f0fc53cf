//! 评定结果, how each came out, and how many stars there are.

use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::history::{self, EventPage};
use platform::http::{
    Answer, IfMatch, Mount, NoFilter, Once, PageParams, Paged, Path, Valid, ValidQuery, Versioned, Whole,
};
use platform::{App, Result, handler};

use super::told;
use crate::ratings::dto::{
    RatingExplanationOut, RatingResultId, RatingResultOut, RatingResultPage, RatingResultQuery, StarFiguresOut,
    StarFiguresQuery, VetoRatingIn,
};
use crate::ratings::store::results::{self as store, ENTITY};
use crate::ratings::store::sight::Sight;
use crate::ratings::store::{By, after_id, explanation, figures, stars};
use crate::ratings::{RatingsDowngrade, RatingsRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_rating_results))
        .service(handler!(get_rating_result))
        .service(handler!(explain_rating_result))
        .service(handler!(veto_rating_result))
        .service(handler!(list_rating_result_history))
        .service(handler!(get_star_figures));
}

/// 评定结果列表 · Results, the newest first: overseers read them as they come out, everybody else once they are posted
#[utoipa::path(get, path = "/rating-results", tag = "ratings", security(("bearer" = ["ratings:read"])),
    params(PageParams, RatingResultQuery),
    responses((status = 200, description = "一页评定结果 · One page", body = RatingResultPage)))]
pub async fn list_rating_results(
    who: Actor<RatingsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<RatingResultQuery>,
) -> Result<RatingResultPage> {
    let (sight, asked) = (Sight::of(who.principal()), page.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let before = after_id(asked.after.as_deref(), RatingResultId)?;
            let rows = store::list(c, &sight, (before, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &sight, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(RatingResultPage::of(told::<_, RatingResultOut>(page.cut(rows, |named| named.row.id.to_string()))?, total))
}

/// 评定结果详情 · One result
#[utoipa::path(get, path = "/rating-results/{id}", tag = "ratings", security(("bearer" = ["ratings:read"])),
    params(("id" = RatingResultId, Path)),
    responses((status = 200, description = "评定结果 · The result", body = RatingResultOut)))]
pub async fn get_rating_result(
    who: Actor<RatingsRead>,
    app: Data<App>,
    id: Path<RatingResultId>,
) -> Result<Whole<RatingResultOut>> {
    let sight = Sight::of(who.principal());
    app.db
        .read(move |c| {
            let (row, _) = store::find(c, &sight, *id)?;
            Ok(Whole { version: row.version, body: store::named(c, row)?.try_into()? })
        })
        .await
}

/// 评定说明 · Every figure of a result from its sheets to its star, so that it can be computed again by hand
#[utoipa::path(get, path = "/rating-results/{id}/explanation", tag = "ratings",
    security(("bearer" = ["ratings:read"])),
    params(("id" = RatingResultId, Path)),
    responses((status = 200, description = "评定说明 · The explanation", body = RatingExplanationOut)))]
pub async fn explain_rating_result(
    who: Actor<RatingsRead>,
    app: Data<App>,
    id: Path<RatingResultId>,
) -> Result<Json<RatingExplanationOut>> {
    let sight = Sight::of(who.principal());
    let out = app
        .db
        .read(move |c| {
            let (row, campaign) = store::find(c, &sight, *id)?;
            explanation::explain(c, row, &campaign)
        })
        .await?;
    Ok(Json(out))
}

/// 降星 · Take a confirmed star down after a red-line event, with its ground and its source
#[utoipa::path(post, path = "/rating-results/{id}/veto", tag = "ratings", security(("bearer" = ["ratings:downgrade"])),
    request_body = VetoRatingIn,
    params(("id" = RatingResultId, Path), IfMatch, Once),
    responses((status = 200, description = "已降星 · Taken down", body = RatingResultOut)))]
pub async fn veto_rating_result(
    who: Actor<RatingsDowngrade>,
    app: Data<App>,
    id: Path<RatingResultId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<VetoRatingIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::get(c, *id)?;
        who.visible().check(&row.area_code)?;
        version.check(row.version)?;
        let row = stars::veto(c, &row, &body, &by)?;
        Ok(Versioned::ok(row.version, RatingResultOut::try_from(store::named(c, row)?)?))
    })
    .await
}

/// 评定结果历史 · The hash-chained history of a result
#[utoipa::path(get, path = "/rating-results/{id}/history", tag = "ratings", security(("bearer" = ["ratings:read"])),
    params(("id" = RatingResultId, Path), PageParams),
    responses((status = 200, description = "一页历史 · One page", body = EventPage)))]
pub async fn list_rating_result_history(
    who: Actor<RatingsRead>,
    app: Data<App>,
    id: Path<RatingResultId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let (sight, asked) = (Sight::of(who.principal()), page.clone());
    let found = app
        .db
        .read(move |c| {
            let (row, _) = store::find(c, &sight, *id)?;
            history::page(c, ENTITY, &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

/// 星级分布 · How many projects of an area have how many stars in a quarter (F12), by confirmed results
#[utoipa::path(get, path = "/star-figures", tag = "ratings", security(("bearer" = ["ratings:read"])),
    params(StarFiguresQuery),
    responses((status = 200, description = "星级分布 · The figures", body = StarFiguresOut)))]
pub async fn get_star_figures(
    who: Actor<RatingsRead>,
    app: Data<App>,
    ValidQuery(query): ValidQuery<StarFiguresQuery>,
) -> Result<Json<StarFiguresOut>> {
    let out = app
        .db
        .read(move |c| {
            who.visible().check(query.area.as_str())?;
            figures::of_area(c, &query)
        })
        .await?;
    Ok(Json(out))
}

//! 评定办法.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Mount, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};

use crate::ratings::dto::{
    IndicatorOut, RatingSchemeId, RatingSchemeIn, RatingSchemeItem, RatingSchemeOut, RatingSchemePage,
    RatingSchemePatch, RatingSchemeQuery,
};
use crate::ratings::store::rows::SchemeRow;
use crate::ratings::store::{By, after_id, indicators, schemes as store};
use crate::ratings::{RatingSchemesWrite, RatingsRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_rating_schemes))
        .service(handler!(draft_rating_scheme))
        .service(handler!(get_rating_scheme))
        .service(handler!(update_rating_scheme))
        .service(handler!(publish_rating_scheme));
}

fn whole(c: &mut Conn, row: SchemeRow) -> Result<RatingSchemeOut> {
    let indicators = indicators::of_scheme(c, row.id)?;
    Ok(RatingSchemeOut {
        terms: row.terms()?,
        scheme: RatingSchemeItem::from(row),
        indicators: indicators.iter().map(IndicatorOut::from).collect(),
    })
}

/// 评定办法列表 · The schemes of the area, oldest first
#[utoipa::path(get, path = "/rating-schemes", tag = "ratings", security(("bearer" = ["ratings:read"])),
    params(PageParams, RatingSchemeQuery),
    responses((status = 200, description = "一页评定办法 · One page", body = RatingSchemePage)))]
pub async fn list_rating_schemes(
    who: Actor<RatingsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<RatingSchemeQuery>,
) -> Result<RatingSchemePage> {
    let (visible, asked) = (who.visible(), page.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref(), RatingSchemeId)?;
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(RatingSchemePage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 起草评定办法 · Draft the next version of an area's scheme
#[utoipa::path(post, path = "/rating-schemes", tag = "ratings", security(("bearer" = ["rating_schemes:write"])),
    request_body = RatingSchemeIn, params(Once),
    responses((status = 201, description = "已起草 · Drafted", body = RatingSchemeOut)))]
pub async fn draft_rating_scheme(
    who: Actor<RatingSchemesWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<RatingSchemeIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        who.visible().check(body.area_code.as_str())?;
        let row = store::create(c, &body, &by)?;
        let (path, version) = (format!("/v1/rating-schemes/{}", row.id), row.version);
        Ok(Versioned::created(path, version, whole(c, row)?))
    })
    .await
}

/// 评定办法详情 · One scheme with its terms and indicators
#[utoipa::path(get, path = "/rating-schemes/{id}", tag = "ratings", security(("bearer" = ["ratings:read"])),
    params(("id" = RatingSchemeId, Path)),
    responses((status = 200, description = "评定办法 · The scheme", body = RatingSchemeOut)))]
pub async fn get_rating_scheme(
    who: Actor<RatingsRead>,
    app: Data<App>,
    id: Path<RatingSchemeId>,
) -> Result<Versioned<RatingSchemeOut>> {
    app.db
        .read(move |c| {
            let row = store::find(c, &who.visible(), *id)?;
            Ok(Versioned::ok(row.version, whole(c, row)?))
        })
        .await
}

/// 修改评定办法 · Change a draft; what is published is never changed
#[utoipa::path(patch, path = "/rating-schemes/{id}", tag = "ratings", security(("bearer" = ["rating_schemes:write"])),
    request_body = RatingSchemePatch,
    params(("id" = RatingSchemeId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = RatingSchemeOut)))]
pub async fn update_rating_scheme(
    who: Actor<RatingSchemesWrite>,
    app: Data<App>,
    id: Path<RatingSchemeId>,
    version: IfMatch,
    Valid(body): Valid<RatingSchemePatch>,
) -> Result<Versioned<RatingSchemeOut>> {
    let by = By::new(&app, who.id());
    app.db
        .write(move |c| {
            let row = store::find_own(c, &who.visible(), *id)?;
            version.check(row.version)?;
            let row = store::update(c, &row, &body, &by)?;
            Ok(Versioned::ok(row.version, whole(c, row)?))
        })
        .await
}

/// 发布评定办法 · Publish a draft: from here on it is never changed
#[utoipa::path(post, path = "/rating-schemes/{id}/publish", tag = "ratings",
    security(("bearer" = ["rating_schemes:write"])),
    params(("id" = RatingSchemeId, Path), IfMatch, Once),
    responses((status = 200, description = "已发布 · Published", body = RatingSchemeOut)))]
pub async fn publish_rating_scheme(
    who: Actor<RatingSchemesWrite>,
    app: Data<App>,
    id: Path<RatingSchemeId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find_own(c, &who.visible(), *id)?;
        version.check(row.version)?;
        let row = store::publish(c, &row, &by)?;
        Ok(Versioned::ok(row.version, whole(c, row)?))
    })
    .await
}

//! 红线扣分.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Mount, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};

use crate::standards::dto::{RedLineId, RedLineIn, RedLineOut, RedLinePage, RedLineQuery, RedLineRevocationIn};
use crate::standards::store::caller::Caller;
use crate::standards::store::{By, after_id, red_lines as store};
use crate::standards::{AssessmentsRead, AssessmentsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_red_lines))
        .service(handler!(record_red_line))
        .service(handler!(get_red_line))
        .service(handler!(revoke_red_line));
}

/// 红线扣分列表 · What red lines cost whom, oldest first
#[utoipa::path(get, path = "/red-line-deductions", tag = "standards", security(("bearer" = ["assessments:read"])),
    params(PageParams, RedLineQuery),
    responses((status = 200, description = "一页红线扣分 · One page", body = RedLinePage)))]
pub async fn list_red_lines(
    who: Actor<AssessmentsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<RedLineQuery>,
) -> Result<RedLinePage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let visible = who.visible();
            let after = after_id(asked.after.as_deref(), RedLineId)?;
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(RedLinePage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 登记红线扣分 · Record a deduction with its ground and what it rests on
#[utoipa::path(post, path = "/red-line-deductions", tag = "standards", security(("bearer" = ["assessments:write"])),
    request_body = RedLineIn,
    responses((status = 201, description = "已登记 · Recorded", body = RedLineOut)))]
pub async fn record_red_line(
    who: Actor<AssessmentsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<RedLineIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::enter(c, &Caller::of(&who, by), &body)?;
        Ok(Versioned::created(format!("/v1/red-line-deductions/{}", row.id), row.version, RedLineOut::from(row)))
    })
    .await
}

/// 红线扣分详情 · One deduction
#[utoipa::path(get, path = "/red-line-deductions/{id}", tag = "standards", security(("bearer" = ["assessments:read"])),
    params(("id" = RedLineId, Path)),
    responses((status = 200, description = "红线扣分 · The deduction", body = RedLineOut)))]
pub async fn get_red_line(
    who: Actor<AssessmentsRead>,
    app: Data<App>,
    id: Path<RedLineId>,
) -> Result<Versioned<RedLineOut>> {
    let row = app.db.read(move |c| store::find(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 撤销扣分 · Revoke a deduction, with the reason, while its year is not assessed
#[utoipa::path(post, path = "/red-line-deductions/{id}/revoke", tag = "standards",
    security(("bearer" = ["assessments:write"])), request_body = RedLineRevocationIn,
    params(("id" = RedLineId, Path), IfMatch, Once),
    responses((status = 200, description = "已撤销 · Revoked", body = RedLineOut)))]
pub async fn revoke_red_line(
    who: Actor<AssessmentsWrite>,
    app: Data<App>,
    id: Path<RedLineId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<RedLineRevocationIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        Caller::of(&who, by).check_apart(row.company_id)?;
        version.check(row.version)?;
        let row = store::revoke(c, &row, &body.reason, &by)?;
        Ok(Versioned::ok(row.version, RedLineOut::from(row)))
    })
    .await
}

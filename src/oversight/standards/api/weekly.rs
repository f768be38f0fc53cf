//! 周反馈.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Mount, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};

use crate::standards::dto::{
    WeeklyAnswerIn, WeeklyItemId, WeeklyItemIn, WeeklyItemOut, WeeklyItemPage, WeeklyItemQuery,
};
use crate::standards::store::caller::Caller;
use crate::standards::store::{By, after_id, weekly as store};
use crate::standards::{AssessmentsRead, WeeklyItemsAnswer, WeeklyItemsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_weekly_items))
        .service(handler!(raise_weekly_item))
        .service(handler!(get_weekly_item))
        .service(handler!(answer_weekly_item));
}

/// 周反馈列表 · What companies were asked week by week, oldest first
#[utoipa::path(get, path = "/weekly-items", tag = "standards", security(("bearer" = ["assessments:read"])),
    params(PageParams, WeeklyItemQuery),
    responses((status = 200, description = "一页周反馈 · One page", body = WeeklyItemPage)))]
pub async fn list_weekly_items(
    who: Actor<AssessmentsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<WeeklyItemQuery>,
) -> Result<WeeklyItemPage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let visible = who.visible();
            let after = after_id(asked.after.as_deref(), WeeklyItemId)?;
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(WeeklyItemPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 提出周反馈 · Ask the company that serves a compound; it answers before the month is rated
#[utoipa::path(post, path = "/weekly-items", tag = "standards", security(("bearer" = ["weekly_items:write"])),
    request_body = WeeklyItemIn,
    responses((status = 201, description = "已提出 · Raised", body = WeeklyItemOut)))]
pub async fn raise_weekly_item(
    who: Actor<WeeklyItemsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<WeeklyItemIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::raise(c, &Caller::of(&who, by), &body)?;
        Ok(Versioned::created(format!("/v1/weekly-items/{}", row.id), row.version, WeeklyItemOut::from(row)))
    })
    .await
}

/// 周反馈详情 · One item with its answer
#[utoipa::path(get, path = "/weekly-items/{id}", tag = "standards", security(("bearer" = ["assessments:read"])),
    params(("id" = WeeklyItemId, Path)),
    responses((status = 200, description = "周反馈 · The item", body = WeeklyItemOut)))]
pub async fn get_weekly_item(
    who: Actor<AssessmentsRead>,
    app: Data<App>,
    id: Path<WeeklyItemId>,
) -> Result<Versioned<WeeklyItemOut>> {
    let row = app.db.read(move |c| store::find(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 答复周反馈 · Answer it, once, for the company that was asked
#[utoipa::path(post, path = "/weekly-items/{id}/answer", tag = "standards",
    security(("bearer" = ["weekly_items:answer"])), request_body = WeeklyAnswerIn,
    params(("id" = WeeklyItemId, Path), IfMatch, Once),
    responses((status = 200, description = "已答复 · Answered", body = WeeklyItemOut)))]
pub async fn answer_weekly_item(
    who: Actor<WeeklyItemsAnswer>,
    app: Data<App>,
    id: Path<WeeklyItemId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<WeeklyAnswerIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        Caller::of(&who, by).check_company(row.company_id)?;
        version.check(row.version)?;
        let row = store::answer(c, &row, &body.answer, &by)?;
        Ok(Versioned::ok(row.version, WeeklyItemOut::from(row)))
    })
    .await
}

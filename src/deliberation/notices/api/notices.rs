//! What those who publish do with notices.

use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::db::Conn;
use platform::history::{self, EventPage};
use platform::http::{Answer, IfMatch, Mount, NoFilter, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};

use super::roles_over;
use crate::notices::NoticesPublish;
use crate::notices::dto::{CorrectNoticeIn, NoticeId, NoticeOut, NoticeReceiptsOut, PublishNoticeIn, WithdrawNoticeIn};
use crate::notices::store::notices::{ENTITY, NoticeRow};
use crate::notices::store::{By, notices as store, publishing, receipts};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(publish_notice))
        .service(handler!(withdraw_notice))
        .service(handler!(correct_notice))
        .service(handler!(end_notice_posting))
        .service(handler!(get_notice_receipts))
        .service(handler!(list_notice_history));
}

/// A notice that was made.
fn made(c: &mut Conn, row: NoticeRow, by: &By) -> Result<Versioned<NoticeOut>> {
    let whole = store::whole(c, row, by.at)?;
    Ok(Versioned::created(format!("/v1/notices/{}", whole.row.id), whole.row.version, whole.into()))
}

/// One as it stands after a step.
fn stepped(c: &mut Conn, row: NoticeRow, by: &By) -> Result<Versioned<NoticeOut>> {
    let whole = store::whole(c, row, by.at)?;
    Ok(Versioned::ok(whole.row.version, whole.into()))
}

/// 发布通知 · Publish a notice; a legal one is posted in the same step
#[utoipa::path(post, path = "/notices", tag = "notices", security(("bearer" = ["notices:publish"])),
    request_body = PublishNoticeIn,
    responses((status = 201, description = "已发布 · Published", body = NoticeOut)))]
pub async fn publish_notice(
    who: Actor<NoticesPublish>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<PublishNoticeIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        who.visible().check(body.area_code.as_str())?;
        let roles = roles_over(&who, body.area_code.as_str());
        let row = publishing::publish(c, &body, &roles, &by)?;
        made(c, row, &by)
    })
    .await
}

/// 撤回通知 · Withdraw a notice; a legal one not within its period, nor while an objection waits
#[utoipa::path(post, path = "/notices/{id}/withdraw", tag = "notices", security(("bearer" = ["notices:publish"])),
    request_body = WithdrawNoticeIn,
    params(("id" = NoticeId, Path), IfMatch, Once),
    responses((status = 200, description = "已撤回 · Withdrawn", body = NoticeOut)))]
pub async fn withdraw_notice(
    who: Actor<NoticesPublish>,
    app: Data<App>,
    id: Path<NoticeId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<WithdrawNoticeIn>,
) -> Result<Answer> {
    step(who, app, (id, version, once), move |c, row, by| publishing::withdraw(c, row, &body, by)).await
}

/// 结束公示 · End the posting of a legal notice: its period is over, and no objection waits or was upheld
#[utoipa::path(post, path = "/notices/{id}/end-posting", tag = "notices", security(("bearer" = ["notices:publish"])),
    params(("id" = NoticeId, Path), IfMatch, Once),
    responses((status = 200, description = "公示已结束 · The posting has ended", body = NoticeOut)))]
pub async fn end_notice_posting(
    who: Actor<NoticesPublish>,
    app: Data<App>,
    id: Path<NoticeId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    step(who, app, (id, version, once), publishing::end_posting).await
}

/// Whoever publishes in an area answers for what is published there. What a legal notice asks of its publisher, it asks of
/// who takes it back.
async fn step(
    who: Actor<NoticesPublish>,
    app: Data<App>,
    (id, version, once): (Path<NoticeId>, IfMatch, Once),
    take: impl Fn(&mut Conn, &NoticeRow, &By) -> Result<NoticeRow> + Send + 'static,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find_own(c, &who.visible(), *id)?;
        publishing::check_right(&row, &roles_over(&who, &row.area_code), &by)?;
        version.check(row.version)?;
        let row = take(c, &row, &by)?;
        stepped(c, row, &by)
    })
    .await
}

/// 更正法定公告 · Put a corrected notice in the place of a legal one, which stays as it was; its days begin again
#[utoipa::path(post, path = "/notices/{id}/correct", tag = "notices", security(("bearer" = ["notices:publish"])),
    request_body = CorrectNoticeIn,
    params(("id" = NoticeId, Path), IfMatch, Once),
    responses((status = 201, description = "已更正重发 · Corrected", body = NoticeOut)))]
pub async fn correct_notice(
    who: Actor<NoticesPublish>,
    app: Data<App>,
    id: Path<NoticeId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<CorrectNoticeIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find_own(c, &who.visible(), *id)?;
        publishing::check_right(&row, &roles_over(&who, &row.area_code), &by)?;
        version.check(row.version)?;
        let row = publishing::correct(c, &row, &body, &by)?;
        made(c, row, &by)
    })
    .await
}

/// 阅读情况 · How many have read a notice, and which share of those whom it is for
#[utoipa::path(get, path = "/notices/{id}/receipts", tag = "notices", security(("bearer" = ["notices:publish"])),
    params(("id" = NoticeId, Path)),
    responses((status = 200, description = "阅读情况 · Receipts", body = NoticeReceiptsOut)))]
pub async fn get_notice_receipts(
    who: Actor<NoticesPublish>,
    app: Data<App>,
    id: Path<NoticeId>,
) -> Result<Json<NoticeReceiptsOut>> {
    let today = app.clock.today();
    let receipts = app
        .db
        .read(move |c| {
            let row = store::find_own(c, &who.visible(), *id)?;
            receipts::receipts(c, &row, today)
        })
        .await?;
    Ok(Json(receipts))
}

/// 通知历史 · The hash-chained history of a notice, for those who publish in its area
#[utoipa::path(get, path = "/notices/{id}/history", tag = "notices", security(("bearer" = ["notices:publish"])),
    params(("id" = NoticeId, Path), PageParams),
    responses((status = 200, description = "一页历史 · One page", body = EventPage)))]
pub async fn list_notice_history(
    who: Actor<NoticesPublish>,
    app: Data<App>,
    id: Path<NoticeId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let asked = page.clone();
    let found = app
        .db
        .read(move |c| {
            let row = store::find_own(c, &who.visible(), *id)?;
            history::page(c, ENTITY, &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

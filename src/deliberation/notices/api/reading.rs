//! What everybody does with notices.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::http::{Mount, PageParams, Paged, Path, Whole};
use platform::{App, Result, handler};
use registry::identity::AccountId;

use crate::notices::NoticesRead;
use crate::notices::dto::{NoticeId, NoticeOut, NoticePage, NoticeQuery, UnreadNoticesOut};
use crate::notices::store::sight::Sight;
use crate::notices::store::{after_id, notices as store, receipts};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_notices))
        .service(handler!(get_notice))
        .service(handler!(mark_notice_read))
        .service(handler!(count_unread_notices));
}

/// 通知列表 · Notices that concern the caller, the newest first: of their place, above it and below, for their roles
#[utoipa::path(get, path = "/notices", tag = "notices", security(("bearer" = ["notices:read"])),
    params(PageParams, NoticeQuery),
    responses((status = 200, description = "一页通知 · One page", body = NoticePage)))]
pub async fn list_notices(
    who: Actor<NoticesRead>,
    app: Data<App>,
    Paged(filter, page): Paged<NoticeQuery>,
) -> Result<NoticePage> {
    let (sight, asked, now) = (Sight::of(&who), page.clone(), app.clock.now());
    let (rows, total) = app
        .db
        .read(move |c| {
            let before = after_id(asked.after.as_deref())?.map(NoticeId);
            let rows = store::list(c, &sight, (before, asked.fetch()), &filter, now)?;
            let total = if asked.with_total { Some(store::count(c, &sight, &filter, now)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(NoticePage::of(page.cut(rows, |listed| listed.row.id.to_string()), total))
}

/// 通知详情 · One notice. Whether it has expired goes by the clock, so it is sent whole each time
#[utoipa::path(get, path = "/notices/{id}", tag = "notices", security(("bearer" = ["notices:read"])),
    params(("id" = NoticeId, Path)),
    responses((status = 200, description = "通知 · The notice", body = NoticeOut)))]
pub async fn get_notice(who: Actor<NoticesRead>, app: Data<App>, id: Path<NoticeId>) -> Result<Whole<NoticeOut>> {
    let (sight, now) = (Sight::of(&who), app.clock.now());
    let found = app.db.read(move |c| store::find(c, &sight, *id)).await?;
    Ok(Whole { version: found.0.version, body: store::Whole::of(found, now).into() })
}

/// 标为已读 · Say that one has read a notice; once is enough
#[utoipa::path(post, path = "/notices/{id}/read", tag = "notices", security(("bearer" = ["notices:read"])),
    params(("id" = NoticeId, Path)),
    responses((status = 204, description = "已读 · Read")))]
pub async fn mark_notice_read(who: Actor<NoticesRead>, app: Data<App>, id: Path<NoticeId>) -> Result<HttpResponse> {
    let (sight, now) = (Sight::of(&who), app.clock.now());
    app.db
        .write(move |c| {
            store::find(c, &sight, *id)?;
            receipts::mark(c, *id, AccountId(who.id()), now)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// 未读通知数 · How many notices are addressed to the caller, in force, and not read yet
#[utoipa::path(get, path = "/me/unread-notices", tag = "notices", security(("bearer" = ["notices:read"])),
    responses((status = 200, description = "未读数 · The number", body = UnreadNoticesOut)))]
pub async fn count_unread_notices(who: Actor<NoticesRead>, app: Data<App>) -> Result<Json<UnreadNoticesOut>> {
    let (sight, now) = (Sight::of(&who), app.clock.now());
    let unread = app.db.read(move |c| receipts::unread(c, &sight, now)).await?;
    Ok(Json(UnreadNoticesOut { unread }))
}

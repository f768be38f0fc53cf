//! Posts hidden and shown again, and the log of it.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Mount, NoFilter, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};

use crate::notices::AlliancePostsModerate;
use crate::notices::dto::{
    AllianceGroupId, AlliancePostId, AlliancePostOut, HidePostIn, ModerationId, ModerationPage, UnhidePostIn,
};
use crate::notices::store::posts::{self, PostRow};
use crate::notices::store::sight::Circle;
use crate::notices::store::{By, after_id, groups, moderation};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(hide_alliance_post))
        .service(handler!(unhide_alliance_post))
        .service(handler!(list_alliance_moderations));
}

/// 隐藏发言 · Hide a post from all but those who moderate; the log keeps why
#[utoipa::path(post, path = "/alliance-posts/{id}/hide", tag = "notices",
    security(("bearer" = ["alliance_posts:moderate"])), request_body = HidePostIn,
    params(("id" = AlliancePostId, Path), IfMatch, Once),
    responses((status = 200, description = "已隐藏 · Hidden", body = AlliancePostOut)))]
pub async fn hide_alliance_post(
    who: Actor<AlliancePostsModerate>,
    app: Data<App>,
    id: Path<AlliancePostId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<HidePostIn>,
) -> Result<Answer> {
    step(who, app, (id, version, once), move |c, row, by| moderation::hide(c, row, &body, by)).await
}

/// 恢复发言 · Show a hidden post again; the log keeps why
#[utoipa::path(post, path = "/alliance-posts/{id}/unhide", tag = "notices",
    security(("bearer" = ["alliance_posts:moderate"])), request_body = UnhidePostIn,
    params(("id" = AlliancePostId, Path), IfMatch, Once),
    responses((status = 200, description = "已恢复 · Shown again", body = AlliancePostOut)))]
pub async fn unhide_alliance_post(
    who: Actor<AlliancePostsModerate>,
    app: Data<App>,
    id: Path<AlliancePostId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<UnhidePostIn>,
) -> Result<Answer> {
    step(who, app, (id, version, once), move |c, row, by| moderation::unhide(c, row, &body, by)).await
}

async fn step(
    who: Actor<AlliancePostsModerate>,
    app: Data<App>,
    (id, version, once): (Path<AlliancePostId>, IfMatch, Once),
    take: impl Fn(&mut Conn, &PostRow, &By) -> Result<PostRow> + Send + 'static,
) -> Result<Answer> {
    let (circle, by) = (Circle::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let row = posts::get(c, *id)?;
        who.visible().check(&row.area_code)?;
        version.check(row.version)?;
        let row = take(c, &row, &by)?;
        let told = posts::told(c, &circle, row.id, by.at)?;
        Ok(Versioned::ok(row.version, AlliancePostOut::from(told)))
    })
    .await
}

/// 管理记录 · Who hid or showed which post of a group, when and why, the newest first
#[utoipa::path(get, path = "/alliance-groups/{id}/moderations", tag = "notices",
    security(("bearer" = ["alliance_posts:moderate"])),
    params(("id" = AllianceGroupId, Path), PageParams),
    responses((status = 200, description = "一页管理记录 · One page", body = ModerationPage)))]
pub async fn list_alliance_moderations(
    who: Actor<AlliancePostsModerate>,
    app: Data<App>,
    id: Path<AllianceGroupId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<ModerationPage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let group = groups::find_own(c, &who.visible(), *id)?;
            let before = after_id(asked.after.as_deref())?.map(ModerationId);
            let rows = moderation::list(c, group.id, (before, asked.fetch()))?;
            let total = if asked.with_total { Some(moderation::count(c, group.id)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(ModerationPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

//! What is said in a group, and what becomes of it.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, Mount, Once, PageParams, Paged, Path, Valid, Versioned, Whole};
use platform::{App, Result, handler};

use crate::notices::dto::{
    AllianceGroupId, AlliancePostId, AlliancePostIn, AlliancePostOut, AlliancePostPage, AlliancePostQuery,
    CaseFromPostIn, LinkPostIn,
};
use crate::notices::store::sight::Circle;
use crate::notices::store::{By, after_id, groups, posts, turning};
use crate::notices::{AllianceGroupsRead, AlliancePostsReport, AlliancePostsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_alliance_posts))
        .service(handler!(say_in_alliance_group))
        .service(handler!(get_alliance_post))
        .service(handler!(turn_alliance_post_into_case))
        .service(handler!(link_alliance_post_to_case));
}

/// 群内发言列表 · What was said in an alliance group, the newest first
#[utoipa::path(get, path = "/alliance-groups/{id}/posts", tag = "notices",
    security(("bearer" = ["alliance_groups:read"])),
    params(("id" = AllianceGroupId, Path), PageParams, AlliancePostQuery),
    responses((status = 200, description = "一页发言 · One page", body = AlliancePostPage)))]
pub async fn list_alliance_posts(
    who: Actor<AllianceGroupsRead>,
    app: Data<App>,
    id: Path<AllianceGroupId>,
    Paged(filter, page): Paged<AlliancePostQuery>,
) -> Result<AlliancePostPage> {
    let (circle, asked, now) = (Circle::of(&who), page.clone(), app.clock.now());
    let (rows, total) = app
        .db
        .read(move |c| {
            let group = groups::find(c, &circle, *id)?;
            let before = after_id(asked.after.as_deref())?.map(AlliancePostId);
            let rows = posts::list(c, (&circle, &group), (before, asked.fetch()), &filter, now)?;
            let total = if asked.with_total { Some(posts::count(c, (&circle, &group), &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(AlliancePostPage::of(page.cut(rows, |told| told.row.id.to_string()), total))
}

/// 群内发言 · Say something in an alliance group: report a problem, reply, praise; the community also tells and warns
#[utoipa::path(post, path = "/alliance-groups/{id}/posts", tag = "notices",
    security(("bearer" = ["alliance_posts:write"])), request_body = AlliancePostIn,
    params(("id" = AllianceGroupId, Path)),
    responses((status = 201, description = "已发言 · Said", body = AlliancePostOut)))]
pub async fn say_in_alliance_group(
    who: Actor<AlliancePostsWrite>,
    app: Data<App>,
    id: Path<AllianceGroupId>,
    once: Once,
    Valid(body): Valid<AlliancePostIn>,
) -> Result<Answer> {
    let (circle, by) = (Circle::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let group = groups::find(c, &circle, *id)?;
        let row = posts::say(c, &circle, &group, &body, &by)?;
        let told = posts::told(c, &circle, row.id, by.at)?;
        Ok(Versioned::created(format!("/v1/alliance-posts/{}", row.id), row.version, AlliancePostOut::from(told)))
    })
    .await
}

/// 群内发言详情 · One post. Its author and whether it has expired are not of its version, so it is sent whole each time
#[utoipa::path(get, path = "/alliance-posts/{id}", tag = "notices", security(("bearer" = ["alliance_groups:read"])),
    params(("id" = AlliancePostId, Path)),
    responses((status = 200, description = "发言 · The post", body = AlliancePostOut)))]
pub async fn get_alliance_post(
    who: Actor<AllianceGroupsRead>,
    app: Data<App>,
    id: Path<AlliancePostId>,
) -> Result<Whole<AlliancePostOut>> {
    let (circle, now) = (Circle::of(&who), app.clock.now());
    let told = app.db.read(move |c| posts::find(c, &circle, *id, now)).await?;
    Ok(Whole { version: told.row.version, body: told.into() })
}

/// 群内报事转为事件 · Make a case of a reported problem, once; its reporter is who wrote the post
#[utoipa::path(post, path = "/alliance-posts/{id}/case", tag = "notices",
    security(("bearer" = ["alliance_posts:report"])), request_body = CaseFromPostIn,
    params(("id" = AlliancePostId, Path)),
    responses((status = 201, description = "已转为事件 · It is a case now", body = AlliancePostOut)))]
pub async fn turn_alliance_post_into_case(
    who: Actor<AlliancePostsReport>,
    app: Data<App>,
    id: Path<AlliancePostId>,
    once: Once,
    Valid(body): Valid<CaseFromPostIn>,
) -> Result<Answer> {
    let (circle, by, secrets) = (Circle::of(&who), By::new(&app, who.id()), app.secrets.clone());
    once.write(&app, move |c| {
        let row = posts::hold(c, *id)?;
        who.visible().check(&row.area_code)?;
        turning::become_case(c, &secrets, &row, &body, &by)?;
        let told = posts::told(c, &circle, row.id, by.at)?;
        Ok(Versioned::created(format!("/v1/alliance-posts/{}", row.id), told.row.version, AlliancePostOut::from(told)))
    })
    .await
}

/// 并入已有事件 · Link a further report of a problem to the open case that it is about; its author follows the case from now on
#[utoipa::path(post, path = "/alliance-posts/{id}/linked-case", tag = "notices",
    security(("bearer" = ["alliance_posts:report"])), request_body = LinkPostIn,
    params(("id" = AlliancePostId, Path), Once),
    responses((status = 200, description = "已并入 · Linked", body = AlliancePostOut)))]
pub async fn link_alliance_post_to_case(
    who: Actor<AlliancePostsReport>,
    app: Data<App>,
    id: Path<AlliancePostId>,
    once: Once,
    Valid(body): Valid<LinkPostIn>,
) -> Result<Answer> {
    let (circle, by) = (Circle::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let row = posts::hold(c, *id)?;
        who.visible().check(&row.area_code)?;
        turning::link_to_case(c, &row, &body, &by)?;
        let told = posts::told(c, &circle, row.id, by.at)?;
        Ok(Versioned::ok(told.row.version, AlliancePostOut::from(told)))
    })
    .await
}

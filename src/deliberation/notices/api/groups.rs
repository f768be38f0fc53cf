//! 三方联盟群.

use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Mount, Once, PageParams, Paged, Path, Valid, Versioned, Whole};
use platform::{App, Result, handler};

use crate::notices::dto::{
    AllianceGroupId, AllianceGroupIn, AllianceGroupOut, AllianceGroupPage, AllianceGroupQuery, CloseGroupIn,
    PostFiguresOut,
};
use crate::notices::store::groups::{self, Joined};
use crate::notices::store::sight::Circle;
use crate::notices::store::{By, after_id, posts};
use crate::notices::{AllianceGroupsRead, AllianceGroupsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_alliance_groups))
        .service(handler!(open_alliance_group))
        .service(handler!(get_alliance_group))
        .service(handler!(get_alliance_group_figures))
        .service(handler!(close_alliance_group));
}

/// 联盟群列表 · The alliance groups that the caller is in, oldest first
#[utoipa::path(get, path = "/alliance-groups", tag = "notices", security(("bearer" = ["alliance_groups:read"])),
    params(PageParams, AllianceGroupQuery),
    responses((status = 200, description = "一页联盟群 · One page", body = AllianceGroupPage)))]
pub async fn list_alliance_groups(
    who: Actor<AllianceGroupsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<AllianceGroupQuery>,
) -> Result<AllianceGroupPage> {
    let (circle, asked) = (Circle::of(&who), page.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref())?.map(AllianceGroupId);
            let rows = groups::list(c, &circle, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(groups::count(c, &circle, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(AllianceGroupPage::of(page.cut(rows, |joined| joined.row.id.to_string()), total))
}

/// 建立联盟群 · Open an alliance group for a community or a compound; whoever is of a party there is in it
#[utoipa::path(post, path = "/alliance-groups", tag = "notices", security(("bearer" = ["alliance_groups:write"])),
    request_body = AllianceGroupIn,
    responses((status = 201, description = "已建立 · Opened", body = AllianceGroupOut)))]
pub async fn open_alliance_group(
    who: Actor<AllianceGroupsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<AllianceGroupIn>,
) -> Result<Answer> {
    let (circle, by) = (Circle::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        who.visible().check(body.area_code.as_str())?;
        let row = groups::create(c, &body, &by)?;
        let (path, version) = (format!("/v1/alliance-groups/{}", row.id), row.version);
        Ok(Versioned::created(path, version, AllianceGroupOut::from(Joined::by(&circle, row))))
    })
    .await
}

/// 联盟群详情 · One alliance group
#[utoipa::path(get, path = "/alliance-groups/{id}", tag = "notices", security(("bearer" = ["alliance_groups:read"])),
    params(("id" = AllianceGroupId, Path)),
    responses((status = 200, description = "联盟群 · The group", body = AllianceGroupOut)))]
pub async fn get_alliance_group(
    who: Actor<AllianceGroupsRead>,
    app: Data<App>,
    id: Path<AllianceGroupId>,
) -> Result<Whole<AllianceGroupOut>> {
    let circle = Circle::of(&who);
    let seen = circle.clone();
    let row = app.db.read(move |c| groups::find(c, &seen, *id)).await?;
    Ok(Whole { version: row.version, body: Joined::by(&circle, row).into() })
}

/// 联盟群统计 · How much is said in a group, by kind, and how many of its problems have become cases
#[utoipa::path(get, path = "/alliance-groups/{id}/figures", tag = "notices",
    security(("bearer" = ["alliance_groups:read"])),
    params(("id" = AllianceGroupId, Path)),
    responses((status = 200, description = "统计 · The figures", body = PostFiguresOut)))]
pub async fn get_alliance_group_figures(
    who: Actor<AllianceGroupsRead>,
    app: Data<App>,
    id: Path<AllianceGroupId>,
) -> Result<Json<PostFiguresOut>> {
    let circle = Circle::of(&who);
    let figures = app
        .db
        .read(move |c| {
            let group = groups::find(c, &circle, *id)?;
            posts::figures(c, &group)
        })
        .await?;
    Ok(Json(figures))
}

/// 关闭联盟群 · Close an alliance group; what was said in it stays to be read
#[utoipa::path(post, path = "/alliance-groups/{id}/close", tag = "notices",
    security(("bearer" = ["alliance_groups:write"])), request_body = CloseGroupIn,
    params(("id" = AllianceGroupId, Path), IfMatch, Once),
    responses((status = 200, description = "已关闭 · Closed", body = AllianceGroupOut)))]
pub async fn close_alliance_group(
    who: Actor<AllianceGroupsWrite>,
    app: Data<App>,
    id: Path<AllianceGroupId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<CloseGroupIn>,
) -> Result<Answer> {
    let (circle, by) = (Circle::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let row = groups::find_own(c, &who.visible(), *id)?;
        version.check(row.version)?;
        let row = groups::close(c, &row, &body, &by)?;
        Ok(Versioned::ok(row.version, AllianceGroupOut::from(Joined::by(&circle, row))))
    })
    .await
}

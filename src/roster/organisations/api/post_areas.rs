use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, Once, PageParams, Paged, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};

use super::after_id;
use crate::organisations::dto::{EndLinkIn, PostAreaId, PostAreaIn, PostAreaOut, PostAreaPage, PostAreaQuery};
use crate::organisations::store::{By, organisations, post_areas as store, reading};
use crate::organisations::{OrganisationsRead, PartyCoverageWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_post_areas))
        .service(handler!(create_post_area))
        .service(handler!(get_post_area))
        .service(handler!(end_post_area));
}

/// 三岗列表 · Demonstration posts, pioneer posts and responsibility areas, oldest first
#[utoipa::path(get, path = "/post-areas", tag = "organisations", security(("bearer" = ["organisations:read"])),
    params(PageParams, PostAreaQuery),
    responses((status = 200, description = "一页 · One page", body = PostAreaPage)))]
pub async fn list_post_areas(
    who: Actor<OrganisationsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<PostAreaQuery>,
) -> Result<PostAreaPage> {
    let (asked, visible) = (page.clone(), reading(&who.visible()));
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref(), PostAreaId)?;
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(PostAreaPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 设立三岗 · Set up a demonstration post, a pioneer post or a responsibility area
#[utoipa::path(post, path = "/post-areas", tag = "organisations", security(("bearer" = ["party_coverage:write"])),
    request_body = PostAreaIn,
    responses((status = 201, description = "已登记 · Registered", body = PostAreaOut)))]
pub async fn create_post_area(
    who: Actor<PartyCoverageWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<PostAreaIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        who.visible().check(body.area_code.as_str())?;
        if let Some(organisation) = body.organisation_id {
            organisations::find(c, &reading(&who.visible()), organisation)?;
        }
        let row = store::insert(c, &body, &by)?;
        let path = format!("/v1/post-areas/{}", row.id);
        Ok(Versioned::created(path, row.version, PostAreaOut::from(row)))
    })
    .await
}

/// 岗区详情 · One post or area
#[utoipa::path(get, path = "/post-areas/{id}", tag = "organisations", security(("bearer" = ["organisations:read"])),
    params(("id" = PostAreaId, Path)),
    responses((status = 200, description = "岗区 · The post or area", body = PostAreaOut)))]
pub async fn get_post_area(
    who: Actor<OrganisationsRead>,
    app: Data<App>,
    id: Path<PostAreaId>,
) -> Result<Versioned<PostAreaOut>> {
    let visible = reading(&who.visible());
    let row = app.db.glance(move |c| store::find(c, &visible, *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 撤销岗区 · End a post or area
#[utoipa::path(post, path = "/post-areas/{id}/end", tag = "organisations",
    security(("bearer" = ["party_coverage:write"])), request_body = EndLinkIn,
    params(("id" = PostAreaId, Path)),
    responses((status = 200, description = "已结束 · Ended", body = PostAreaOut)))]
pub async fn end_post_area(
    who: Actor<PartyCoverageWrite>,
    app: Data<App>,
    id: Path<PostAreaId>,
    once: Once,
    Valid(body): Valid<EndLinkIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        who.visible().check(&row.area_code)?;
        let row = store::end(c, &row, body.on, &body.reason, &by)?;
        Ok(Versioned::ok(row.version, PostAreaOut::from(row)))
    })
    .await
}

use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, Once, PageParams, Paged, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};

use super::after_id;
use crate::organisations::dto::{
    EndLinkIn, InstructorLinkId, InstructorLinkIn, InstructorLinkOut, InstructorLinkPage, LinkQuery,
};
use crate::organisations::store::{By, instructors as store, organisations, reading};
use crate::organisations::{PartyCoverageRead, PartyCoverageWrite};
use crate::people;

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_instructor_links))
        .service(handler!(link_instructor))
        .service(handler!(get_instructor_link))
        .service(handler!(end_instructor_link));
}

/// 指导员安排列表 · Which instructor looks after which company, oldest first
#[utoipa::path(get, path = "/instructor-links", tag = "organisations", security(("bearer" = ["party_coverage:read"])),
    params(PageParams, LinkQuery),
    responses((status = 200, description = "一页 · One page", body = InstructorLinkPage)))]
pub async fn list_instructor_links(
    who: Actor<PartyCoverageRead>,
    app: Data<App>,
    Paged(filter, page): Paged<LinkQuery>,
) -> Result<InstructorLinkPage> {
    let (asked, visible) = (page.clone(), reading(&who.visible()));
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref(), InstructorLinkId)?;
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(InstructorLinkPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 安排指导员 · Link a Party-building instructor to a company
#[utoipa::path(post, path = "/instructor-links", tag = "organisations",
    security(("bearer" = ["party_coverage:write"])), request_body = InstructorLinkIn,
    responses((status = 201, description = "已登记 · Registered", body = InstructorLinkOut)))]
pub async fn link_instructor(
    who: Actor<PartyCoverageWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<InstructorLinkIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let company = organisations::find(c, &reading(&who.visible()), body.company_id)?;
        who.visible().check(&company.area_code)?;
        let person = people::find_visible(c, &who.visible(), body.person_id)?;
        let row = store::insert(c, &person, &company, &body, &by)?;
        let path = format!("/v1/instructor-links/{}", row.id);
        Ok(Versioned::created(path, row.version, InstructorLinkOut::from(row)))
    })
    .await
}

/// 指导员安排详情 · One instructor link
#[utoipa::path(get, path = "/instructor-links/{id}", tag = "organisations",
    security(("bearer" = ["party_coverage:read"])), params(("id" = InstructorLinkId, Path)),
    responses((status = 200, description = "安排 · The link", body = InstructorLinkOut)))]
pub async fn get_instructor_link(
    who: Actor<PartyCoverageRead>,
    app: Data<App>,
    id: Path<InstructorLinkId>,
) -> Result<Versioned<InstructorLinkOut>> {
    let visible = reading(&who.visible());
    let row = app.db.glance(move |c| store::find(c, &visible, *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 结束指导员安排 · End an instructor link
#[utoipa::path(post, path = "/instructor-links/{id}/end", tag = "organisations",
    security(("bearer" = ["party_coverage:write"])), request_body = EndLinkIn,
    params(("id" = InstructorLinkId, Path)),
    responses((status = 200, description = "已结束 · Ended", body = InstructorLinkOut)))]
pub async fn end_instructor_link(
    who: Actor<PartyCoverageWrite>,
    app: Data<App>,
    id: Path<InstructorLinkId>,
    once: Once,
    Valid(body): Valid<EndLinkIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        who.visible().check(&row.area_code)?;
        let row = store::end(c, &row, body.on, &body.reason, &by)?;
        Ok(Versioned::ok(row.version, InstructorLinkOut::from(row)))
    })
    .await
}

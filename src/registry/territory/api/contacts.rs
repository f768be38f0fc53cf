use actix_web::web::Data;
use platform::auth::{Actor, Role};
use platform::http::{Answer, IfMatch, Once, PageParams, Paged, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Error, Result, handler};

use crate::territory::dto::{
    AssignmentId, AssignmentIn, AssignmentOut, AssignmentPage, AssignmentPatch, AssignmentQuery, CloseIn,
};
use crate::territory::store::{By, contacts as store};
use crate::territory::{ContactsRead, ContactsWrite, rules};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_contacts))
        .service(handler!(assign_contact))
        .service(handler!(get_contact))
        .service(handler!(update_contact))
        .service(handler!(end_contact));
}

/// 包联列表 · Who answers for which grid or compound, oldest first
#[utoipa::path(get, path = "/contact-assignments", tag = "territory", security(("bearer" = ["contacts:read"])),
    params(PageParams, AssignmentQuery),
    responses((status = 200, description = "一页包联 · One page", body = AssignmentPage)))]
pub async fn list_contacts(
    who: Actor<ContactsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<AssignmentQuery>,
) -> Result<AssignmentPage> {
    let visible = who.visible().narrow(filter.area.as_ref())?;
    let (asked, today) = (page.clone(), app.clock.today());
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = asked.after.as_deref().map(str::parse).transpose().map_err(Error::internal)?.map(AssignmentId);
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter, today)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter, today)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(AssignmentPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 新增包联 · Assign a leader, cadre, department or instructor to a grid or a compound
#[utoipa::path(post, path = "/contact-assignments", tag = "territory", security(("bearer" = ["contacts:write"])),
    request_body = AssignmentIn,
    responses((status = 201, description = "已安排 · Assigned", body = AssignmentOut)))]
pub async fn assign_contact(
    who: Actor<ContactsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<AssignmentIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::insert(c, &who.visible(), &body, &by)?;
        rules::may_assign(&roles_over(&who, &row.area_code), row.kind)?;
        Ok(Versioned::created(format!("/v1/contact-assignments/{}", row.id), row.version, AssignmentOut::from(row)))
    })
    .await
}

/// The roles that carry the scope over an area. An integrator's program holds none.
fn roles_over(who: &Actor<ContactsWrite>, area: &str) -> Vec<Role> {
    who.grants().filter(|grant| grant.area.covers(area)).map(|grant| grant.role).collect()
}

/// 包联详情 · One assignment
#[utoipa::path(get, path = "/contact-assignments/{id}", tag = "territory", security(("bearer" = ["contacts:read"])),
    params(("id" = AssignmentId, Path)),
    responses((status = 200, description = "包联 · The assignment", body = AssignmentOut)))]
pub async fn get_contact(
    who: Actor<ContactsRead>,
    app: Data<App>,
    id: Path<AssignmentId>,
) -> Result<Versioned<AssignmentOut>> {
    let row = app.db.glance(move |c| store::find(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 修改包联 · Correct an assignment that stands
#[utoipa::path(patch, path = "/contact-assignments/{id}", tag = "territory",
    security(("bearer" = ["contacts:write"])), request_body = AssignmentPatch,
    params(("id" = AssignmentId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = AssignmentOut)))]
pub async fn update_contact(
    who: Actor<ContactsWrite>,
    app: Data<App>,
    id: Path<AssignmentId>,
    version: IfMatch,
    Valid(body): Valid<AssignmentPatch>,
) -> Result<Versioned<AssignmentOut>> {
    let by = By::new(&app, who.id());
    let row = app
        .db
        .write(move |c| {
            let row = store::find(c, &who.visible(), *id)?;
            rules::may_assign(&roles_over(&who, &row.area_code), row.kind)?;
            version.check(row.version)?;
            store::update(c, &row, &body, &by)
        })
        .await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 结束包联 · End an assignment
#[utoipa::path(post, path = "/contact-assignments/{id}/end", tag = "territory",
    security(("bearer" = ["contacts:write"])), request_body = CloseIn,
    params(("id" = AssignmentId, Path)),
    responses((status = 200, description = "已结束 · Ended", body = AssignmentOut)))]
pub async fn end_contact(
    who: Actor<ContactsWrite>,
    app: Data<App>,
    id: Path<AssignmentId>,
    once: Once,
    Valid(body): Valid<CloseIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        rules::may_assign(&roles_over(&who, &row.area_code), row.kind)?;
        let row = store::end(c, &row, body.on, &body.reason, &by)?;
        Ok(Versioned::ok(row.version, AssignmentOut::from(row)))
    })
    .await
}

//! 标准清单.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Mount, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};

use crate::standards::dto::{ChecklistId, ChecklistIn, ChecklistOut, ChecklistPage, ChecklistPatch, ChecklistQuery};
use crate::standards::store::checklists::Whole;
use crate::standards::store::{By, after_id, checklists as store};
use crate::standards::{ChecklistsRead, ChecklistsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_checklists))
        .service(handler!(draft_checklist))
        .service(handler!(get_checklist))
        .service(handler!(update_checklist))
        .service(handler!(publish_checklist));
}

fn answered(whole: Whole) -> Versioned<ChecklistOut> {
    Versioned::ok(whole.row.version, whole.into())
}

/// 标准清单列表 · The versions of checklists that bind the caller's areas or lie in them, oldest first
#[utoipa::path(get, path = "/checklists", tag = "standards", security(("bearer" = ["checklists:read"])),
    params(PageParams, ChecklistQuery),
    responses((status = 200, description = "一页清单版本 · One page", body = ChecklistPage)))]
pub async fn list_checklists(
    who: Actor<ChecklistsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<ChecklistQuery>,
) -> Result<ChecklistPage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let visible = who.visible();
            let after = after_id(asked.after.as_deref(), ChecklistId)?;
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(ChecklistPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 起草清单 · Begin the first version of a checklist, or the next one
#[utoipa::path(post, path = "/checklists", tag = "standards", security(("bearer" = ["checklists:write"])),
    request_body = ChecklistIn,
    responses((status = 201, description = "已起草 · Drafted", body = ChecklistOut)))]
pub async fn draft_checklist(
    who: Actor<ChecklistsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<ChecklistIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        who.visible().check(body.area_code.as_str())?;
        let whole = store::draft(c, &body, &by)?;
        let (location, version) = (format!("/v1/checklists/{}", whole.row.id), whole.row.version);
        Ok(Versioned::created(location, version, ChecklistOut::from(whole)))
    })
    .await
}

/// 清单详情 · One version with its items
#[utoipa::path(get, path = "/checklists/{id}", tag = "standards", security(("bearer" = ["checklists:read"])),
    params(("id" = ChecklistId, Path)),
    responses((status = 200, description = "清单版本 · The version", body = ChecklistOut)))]
pub async fn get_checklist(
    who: Actor<ChecklistsRead>,
    app: Data<App>,
    id: Path<ChecklistId>,
) -> Result<Versioned<ChecklistOut>> {
    let read = app.db.read(move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        store::whole(c, row)
    });
    Ok(answered(read.await?))
}

/// 修改草稿 · Change a draft; what is published is never changed
#[utoipa::path(patch, path = "/checklists/{id}", tag = "standards", security(("bearer" = ["checklists:write"])),
    request_body = ChecklistPatch,
    params(("id" = ChecklistId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = ChecklistOut)))]
pub async fn update_checklist(
    who: Actor<ChecklistsWrite>,
    app: Data<App>,
    id: Path<ChecklistId>,
    version: IfMatch,
    Valid(body): Valid<ChecklistPatch>,
) -> Result<Versioned<ChecklistOut>> {
    let by = By::new(&app, who.id());
    let written = app.db.write(move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        who.visible().check(&row.area_code)?;
        version.check(row.version)?;
        store::update(c, &row, &body, &by)
    });
    Ok(answered(written.await?))
}

/// 发布清单 · Publish a draft, in the place of the version before it
#[utoipa::path(post, path = "/checklists/{id}/publish", tag = "standards",
    security(("bearer" = ["checklists:write"])),
    params(("id" = ChecklistId, Path), IfMatch, Once),
    responses((status = 200, description = "已发布 · Published", body = ChecklistOut)))]
pub async fn publish_checklist(
    who: Actor<ChecklistsWrite>,
    app: Data<App>,
    id: Path<ChecklistId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        who.visible().check(&row.area_code)?;
        version.check(row.version)?;
        Ok(answered(store::publish(c, &row, &by)?))
    })
    .await
}

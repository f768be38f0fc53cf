use actix_web::web::{Data, Json};
use platform::auth::{Actor, Role, Visible};
use platform::db::Conn;
use platform::history::{self, EventPage};
use platform::http::{Answer, IfMatch, NoFilter, Once, PageParams, PageRequest, Paged, Valid, Versioned, Whole};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};

use super::{after_id, roles_over};
use crate::organisations::dto::{
    OrganisationAncestorsOut, OrganisationId, OrganisationIn, OrganisationOut, OrganisationPage, OrganisationPatch,
    OrganisationQuery, OrganisationStatusIn,
};
use crate::organisations::rules::lifecycle;
use crate::organisations::store::committees::current_term;
use crate::organisations::store::organisations::{self as store, OrganisationRow};
use crate::organisations::store::{By, reading, tree};
use crate::organisations::{OrganisationsRead, OrganisationsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_organisations))
        .service(handler!(create_organisation))
        .service(handler!(get_organisation))
        .service(handler!(update_organisation))
        .service(handler!(change_organisation_status))
        .service(handler!(list_organisation_children))
        .service(handler!(get_organisation_ancestors))
        .service(handler!(list_organisation_history));
}

/// One page with the running terms of its committees.
fn page_of(
    c: &mut Conn,
    visible: &Visible,
    asked: &PageRequest,
    filter: &OrganisationQuery,
    today: chrono::NaiveDate,
) -> Result<(Vec<OrganisationOut>, Option<i64>)> {
    let after = after_id(asked.after.as_deref(), OrganisationId)?;
    let rows = store::list(c, visible, (after, asked.fetch()), filter)?;
    let mut terms = store::terms_of(c, &rows)?;
    let total = if asked.with_total { Some(store::count(c, visible, filter)?) } else { None };
    let out = |row: OrganisationRow| {
        let term = terms.remove(&row.id);
        OrganisationOut::of(row, term, today)
    };
    Ok((rows.into_iter().map(out).collect(), total))
}

fn with_term(c: &mut Conn, row: OrganisationRow, today: chrono::NaiveDate) -> Result<Versioned<OrganisationOut>> {
    let term = if row.kind.is_committee() { current_term(c, row.id)? } else { None };
    Ok(Versioned::ok(row.version, OrganisationOut::of(row, term, today)))
}

/// 组织列表 · Organisations in the caller's areas, above them, or serving in them, oldest first
#[utoipa::path(get, path = "/organisations", tag = "organisations", security(("bearer" = ["organisations:read"])),
    params(PageParams, OrganisationQuery),
    responses((status = 200, description = "一页组织 · One page", body = OrganisationPage)))]
pub async fn list_organisations(
    who: Actor<OrganisationsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<OrganisationQuery>,
) -> Result<OrganisationPage> {
    let (asked, today) = (page.clone(), app.clock.today());
    let visible = reading(&who.visible());
    let (rows, total) = app.db.read(move |c| page_of(c, &visible, &asked, &filter, today)).await?;
    Ok(OrganisationPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 登记组织 · Register an organisation; a committee comes with its term
#[utoipa::path(post, path = "/organisations", tag = "organisations", security(("bearer" = ["organisations:write"])),
    request_body = OrganisationIn,
    responses((status = 201, description = "已登记 · Registered", body = OrganisationOut)))]
pub async fn create_organisation(
    who: Actor<OrganisationsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<OrganisationIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        who.visible().check(body.area_code.as_str())?;
        if let Some(parent) = body.parent_id {
            store::find(c, &reading(&who.visible()), parent)?;
        }
        lifecycle::check_party_kind(body.kind, body.party_kind)?;
        lifecycle::may_register(&roles_over(&who, body.area_code.as_str()), body.kind, body.party_kind)?;
        let (row, term) = store::insert(c, &body, &by)?;
        let path = format!("/v1/organisations/{}", row.id);
        Ok(Versioned::created(path, row.version, OrganisationOut::of(row, term, by.today)))
    })
    .await
}

/// 组织详情 · One organisation
#[utoipa::path(get, path = "/organisations/{id}", tag = "organisations", security(("bearer" = ["organisations:read"])),
    params(("id" = OrganisationId, Path)),
    responses((status = 200, description = "组织 · The organisation", body = OrganisationOut)))]
pub async fn get_organisation(
    who: Actor<OrganisationsRead>,
    app: Data<App>,
    id: Path<OrganisationId>,
) -> Result<Whole<OrganisationOut>> {
    let (visible, today) = (reading(&who.visible()), app.clock.today());
    let found = app
        .db
        .read(move |c| {
            let row = store::find(c, &visible, *id)?;
            with_term(c, row, today)
        })
        .await?;
    Ok(Whole { version: found.version, body: found.body })
}

/// The organisation, where the caller may change it: in their own node, or the company that they act for.
fn writable(c: &mut Conn, who: &Actor<OrganisationsWrite>, id: OrganisationId) -> Result<(OrganisationRow, bool)> {
    let row = store::find(c, &reading(&who.visible()), id)?;
    let own = who.holds_for(&[Role::CompanyAdmin], row.id.0);
    if !own {
        who.visible().check(&row.area_code)?;
        lifecycle::may_register(&roles_over(who, &row.area_code), row.kind, row.party_kind)?;
    }
    Ok((row, own))
}

/// 修改组织 · Change an organisation; its state changes by an operation of its own
#[utoipa::path(patch, path = "/organisations/{id}", tag = "organisations",
    security(("bearer" = ["organisations:write"])), request_body = OrganisationPatch,
    params(("id" = OrganisationId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = OrganisationOut)))]
pub async fn update_organisation(
    who: Actor<OrganisationsWrite>,
    app: Data<App>,
    id: Path<OrganisationId>,
    version: IfMatch,
    Valid(body): Valid<OrganisationPatch>,
) -> Result<Versioned<OrganisationOut>> {
    let by = By::new(&app, who.id());
    app.db
        .write(move |c| {
            let (row, _) = writable(c, &who, *id)?;
            version.check(row.version)?;
            if let Some(Some(parent)) = body.parent_id {
                store::find(c, &reading(&who.visible()), parent)?;
            }
            let row = store::update(c, &row, &body, &by)?;
            with_term(c, row, by.today)
        })
        .await
}

/// 变更组织状态 · Put an organisation into its next state, down to its end
#[utoipa::path(post, path = "/organisations/{id}/status", tag = "organisations",
    security(("bearer" = ["organisations:write"])),
    request_body = OrganisationStatusIn, params(("id" = OrganisationId, Path), IfMatch, Once),
    responses((status = 200, description = "已变更 · Changed", body = OrganisationOut)))]
pub async fn change_organisation_status(
    who: Actor<OrganisationsWrite>,
    app: Data<App>,
    id: Path<OrganisationId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<OrganisationStatusIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let (row, own) = writable(c, &who, *id)?;
        lifecycle::may_decide_status(own && roles_over(&who, &row.area_code).is_empty())?;
        version.check(row.version)?;
        let row = store::set_status(c, &row, body.status.status(), (body.on, &body.reason), &by)?;
        with_term(c, row, by.today)
    })
    .await
}

/// 下级组织 · The organisations straight below one, oldest first
#[utoipa::path(get, path = "/organisations/{id}/children", tag = "organisations",
    security(("bearer" = ["organisations:read"])),
    params(("id" = OrganisationId, Path), PageParams),
    responses((status = 200, description = "一页下级 · One page", body = OrganisationPage)))]
pub async fn list_organisation_children(
    who: Actor<OrganisationsRead>,
    app: Data<App>,
    id: Path<OrganisationId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<OrganisationPage> {
    let (asked, today) = (page.clone(), app.clock.today());
    let visible = reading(&who.visible());
    let (rows, total) = app
        .db
        .read(move |c| {
            let parent = store::find(c, &visible, *id)?;
            let below = OrganisationQuery { parent_id: Some(parent.id), ..OrganisationQuery::default() };
            page_of(c, &visible, &asked, &below, today)
        })
        .await?;
    Ok(OrganisationPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 上级组织 · The organisations above one, highest first
#[utoipa::path(get, path = "/organisations/{id}/ancestors", tag = "organisations",
    security(("bearer" = ["organisations:read"])),
    params(("id" = OrganisationId, Path)),
    responses((status = 200, description = "上级组织 · Those above", body = OrganisationAncestorsOut)))]
pub async fn get_organisation_ancestors(
    who: Actor<OrganisationsRead>,
    app: Data<App>,
    id: Path<OrganisationId>,
) -> Result<Json<OrganisationAncestorsOut>> {
    let (visible, today) = (reading(&who.visible()), app.clock.today());
    let rows = app
        .db
        .read(move |c| {
            let row = store::find(c, &visible, *id)?;
            let mut above = tree::ancestors(c, row.id)?;
            // A body that moved away with its area may still have one above it that its neighbours do not see.
            above.retain(|row| visible.covers(&row.area_code) || visible.lies_in(&row.area_code));
            Ok(above)
        })
        .await?;
    let items = rows.into_iter().map(|row| OrganisationOut::of(row, None, today)).collect();
    Ok(Json(OrganisationAncestorsOut { items }))
}

/// 组织历史 · What happened to an organisation, oldest first, hash-chained
#[utoipa::path(get, path = "/organisations/{id}/history", tag = "organisations",
    security(("bearer" = ["organisations:read"])),
    params(("id" = OrganisationId, Path), PageParams),
    responses((status = 200, description = "历史 · The history", body = EventPage)))]
pub async fn list_organisation_history(
    who: Actor<OrganisationsRead>,
    app: Data<App>,
    id: Path<OrganisationId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let asked = page.clone();
    let visible = reading(&who.visible());
    let found = app
        .db
        .read(move |c| {
            let row = store::find(c, &visible, *id)?;
            history::page(c, "organisation", &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

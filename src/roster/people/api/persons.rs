use actix_web::web::Data;
use platform::auth::{Actor, AreaCode, Scope, Visible};
use platform::history::{self, EventPage};
use platform::http::{Answer, Cut, IfMatch, NoFilter, Once, PageParams, Paged, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};

use crate::people::dto::{PersonCloseIn, PersonId, PersonIn, PersonPage, PersonPatch, PersonQuery, PersonView};
use crate::people::store::persons::{self as store, PersonRow};
use crate::people::store::{By, after_id, endings};
use crate::people::{PersonsRead, PersonsWrite, rules};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_persons))
        .service(handler!(create_person))
        .service(handler!(get_person))
        .service(handler!(update_person))
        .service(handler!(close_person))
        .service(handler!(list_person_history));
}

/// Whether the caller reads the restricted attributes of who is registered at `code`.
fn reads_attributes<S: Scope>(who: &Actor<S>, code: &str) -> bool {
    who.holds(&rules::ATTRIBUTE_READERS, code)
}

/// The view of a person that the caller's roles open over the person's area.
fn view<S: Scope>(who: &Actor<S>, row: PersonRow) -> PersonView {
    if reads_attributes(who, &row.area_code) { PersonView::Staff(row.into()) } else { PersonView::General(row.into()) }
}

fn refuse_restricted<S: Scope>(who: &Actor<S>, asked: bool, code: &str) -> Result<()> {
    if asked && !reads_attributes(who, code) { Err((&rules::ATTRIBUTES_RESTRICTED).into()) } else { Ok(()) }
}

/// 人员列表 · Persons registered in the caller's areas, oldest first, masked
#[utoipa::path(get, path = "/persons", tag = "people", security(("bearer" = ["persons:read"])),
    params(PageParams, PersonQuery),
    responses((status = 200, description = "一页人员 · One page", body = PersonPage)))]
pub async fn list_persons(
    who: Actor<PersonsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<PersonQuery>,
) -> Result<PersonPage> {
    let mut visible = who.visible();
    if filter.is_restricted() {
        // Found only where they may be read, or the filter would tell what the rows do not.
        visible = attribute_areas(&who);
        if visible.areas().is_empty() {
            return Err((&rules::ATTRIBUTES_RESTRICTED).into());
        }
    }
    let visible = visible.narrow(filter.area.as_ref())?;
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref())?.map(PersonId);
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    let cut = page.cut(rows, |row| row.id.to_string());
    let rows = cut.rows.into_iter().map(|row| view(&who, row)).collect();
    Ok(PersonPage::of(Cut { rows, next_cursor: cut.next_cursor, link: cut.link }, total))
}

/// The areas over which the caller holds a role that reads restricted attributes.
fn attribute_areas(who: &Actor<PersonsRead>) -> Visible {
    let grants = who.grants().filter(|grant| rules::ATTRIBUTE_READERS.contains(&grant.role));
    Visible::of(grants.map(|grant| grant.area.clone()).collect::<Vec<AreaCode>>())
}

/// 登记人员 · Register a person of the caller's area; the phone is sealed and answered masked
#[utoipa::path(post, path = "/persons", tag = "people", security(("bearer" = ["persons:write"])),
    request_body = PersonIn,
    params(Once),
    responses((status = 201, description = "已登记 · Registered", body = PersonView)))]
pub async fn create_person(
    who: Actor<PersonsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<PersonIn>,
) -> Result<Answer> {
    let (by, secrets) = (By::new(&app, who.id()), app.secrets.clone());
    once.write(&app, move |c| {
        who.visible().check(body.area_code.as_str())?;
        refuse_restricted(&who, body.is_restricted(), body.area_code.as_str())?;
        let row = store::insert(c, &who.visible(), &body, &secrets, &by)?;
        Ok(Versioned::created(format!("/v1/persons/{}", row.id), row.version, view(&who, row)))
    })
    .await
}

/// 人员详情 · One person who is registered, lives or owns in the caller's area, masked
#[utoipa::path(get, path = "/persons/{id}", tag = "people", security(("bearer" = ["persons:read"])),
    params(("id" = PersonId, Path)),
    responses((status = 200, description = "人员 · The person", body = PersonView)))]
pub async fn get_person(who: Actor<PersonsRead>, app: Data<App>, id: Path<PersonId>) -> Result<Versioned<PersonView>> {
    let visible = who.visible();
    let row = app.db.glance(move |c| store::find_seen(c, &visible, *id)).await?;
    Ok(Versioned::ok(row.version, view(&who, row)))
}

/// 修改人员 · Change a person's record
#[utoipa::path(patch, path = "/persons/{id}", tag = "people", security(("bearer" = ["persons:write"])),
    request_body = PersonPatch,
    params(("id" = PersonId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = PersonView)))]
pub async fn update_person(
    who: Actor<PersonsWrite>,
    app: Data<App>,
    id: Path<PersonId>,
    version: IfMatch,
    Valid(body): Valid<PersonPatch>,
) -> Result<Versioned<PersonView>> {
    let (by, secrets, caller) = (By::new(&app, who.id()), app.secrets.clone(), who.clone());
    let row = app
        .db
        .write(move |c| {
            let row = store::find(c, &caller.visible(), *id)?;
            refuse_restricted(&caller, body.is_restricted(), &row.area_code)?;
            version.check(row.version)?;
            store::update(c, &caller.visible(), &row, &body, &secrets, &by)
        })
        .await?;
    Ok(Versioned::ok(row.version, view(&who, row)))
}

/// 关闭人员记录 · Close a person's record; residencies, consents and check-ins end with it
#[utoipa::path(post, path = "/persons/{id}/close", tag = "people", security(("bearer" = ["persons:write"])),
    request_body = PersonCloseIn,
    params(("id" = PersonId, Path), IfMatch, Once),
    responses((status = 200, description = "已关闭 · Closed", body = PersonView)))]
pub async fn close_person(
    who: Actor<PersonsWrite>,
    app: Data<App>,
    id: Path<PersonId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<PersonCloseIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        version.check(row.version)?;
        let row = endings::close(c, &row, body.on, body.reason.into(), &by)?;
        Ok(Versioned::ok(row.version, view(&who, row)))
    })
    .await
}

/// 人员历史 · What happened to a person's record, oldest first, hash-chained; without names, numbers and attributes
#[utoipa::path(get, path = "/persons/{id}/history", tag = "people", security(("bearer" = ["persons:read"])),
    params(("id" = PersonId, Path), PageParams),
    responses((status = 200, description = "历史 · The history", body = EventPage)))]
pub async fn list_person_history(
    who: Actor<PersonsRead>,
    app: Data<App>,
    id: Path<PersonId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let asked = page.clone();
    let found = app
        .db
        .read(move |c| {
            let row = store::find_seen(c, &who.visible(), *id)?;
            history::page(c, "person", &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

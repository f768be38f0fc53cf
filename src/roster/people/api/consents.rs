use actix_web::web::Data;
use platform::auth::{Actor, AreaCode};
use platform::http::{Answer, Cut, NoFilter, Once, PageParams, Paged, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};

use crate::people::dto::{ConsentId, ConsentIn, ConsentOut, ConsentPage, DirectoryPage, DirectoryQuery, PersonId};
use crate::people::store::consents::{self as store, Given};
use crate::people::store::directory::{self, Shelf};
use crate::people::store::{By, after_id, persons};
use crate::people::{ConsentsWrite, DirectoryRead, PersonsRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_person_consents))
        .service(handler!(record_consent))
        .service(handler!(withdraw_consent))
        .service(handler!(list_directory));
}

/// 公开同意列表 · What a person has agreed to publish, oldest first, withdrawn consents too
#[utoipa::path(get, path = "/persons/{id}/consents", tag = "people", security(("bearer" = ["persons:read"])),
    params(("id" = PersonId, Path), PageParams),
    responses((status = 200, description = "一页同意 · One page", body = ConsentPage)))]
pub async fn list_person_consents(
    who: Actor<PersonsRead>,
    app: Data<App>,
    id: Path<PersonId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<ConsentPage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let row = persons::find_seen(c, &who.visible(), *id)?;
            let after = after_id(asked.after.as_deref())?.map(ConsentId);
            let rows = store::list(c, row.id, (after, asked.fetch()))?;
            let total = if asked.with_total { Some(store::count(c, row.id)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(ConsentPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 登记纸质同意 · Record a consent that a person has given on paper
#[utoipa::path(post, path = "/persons/{id}/consents", tag = "people", security(("bearer" = ["consents:write"])),
    request_body = ConsentIn,
    params(("id" = PersonId, Path)),
    responses((status = 201, description = "已登记 · Recorded", body = ConsentOut)))]
pub async fn record_consent(
    who: Actor<ConsentsWrite>,
    app: Data<App>,
    id: Path<PersonId>,
    once: Once,
    Valid(body): Valid<ConsentIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let person = persons::find_seen(c, &who.visible(), *id)?;
        who.visible().check(body.area_code.as_str())?;
        let given = Given {
            area: &body.area_code,
            field: body.field,
            purpose: &body.purpose,
            paper_ref: Some(&body.paper_ref),
        };
        let row = store::give(c, &person, &given, &by)?;
        let location = format!("/v1/persons/{}/consents", person.id);
        Ok(Versioned::created(location, row.version, ConsentOut::from(row)))
    })
    .await
}

/// 代为撤回同意 · Withdraw a consent for a person who asks for it; it is gone from the directory at once
#[utoipa::path(post, path = "/consents/{id}/withdraw", tag = "people", security(("bearer" = ["consents:write"])),
    params(("id" = ConsentId, Path)),
    responses((status = 200, description = "已撤回 · Withdrawn", body = ConsentOut)))]
pub async fn withdraw_consent(
    who: Actor<ConsentsWrite>,
    app: Data<App>,
    id: Path<ConsentId>,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        let row = store::withdraw(c, &row, &by)?;
        Ok(Versioned::ok(row.version, ConsentOut::from(row)))
    })
    .await
}

/// 公示名录 · What residents and volunteers of an area have agreed to publish here, and nothing else
///
/// 仅含本人逐项同意公开且未撤回的内容(个人信息保护法第二十五条、志愿服务条例第二十条)。
/// Field by field, by consents that stand (PIPL 25, Volunteer Regulation 20). What is published to a compound is read by
/// those of that compound.
#[utoipa::path(get, path = "/areas/{code}/directory", tag = "people", security(("bearer" = ["directory:read"])),
    params(("code" = AreaCode, Path, description = "区域代码, 网格除外"), PageParams, DirectoryQuery),
    responses((status = 200, description = "一页名录 · One page", body = DirectoryPage)))]
pub async fn list_directory(
    who: Actor<DirectoryRead>,
    app: Data<App>,
    code: Path<AreaCode>,
    Paged(filter, page): Paged<DirectoryQuery>,
) -> Result<DirectoryPage> {
    let shelf = Shelf::open(&who.visible(), &code)?;
    let (asked, secrets) = (page.clone(), app.secrets.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref())?.map(PersonId);
            let rows = directory::list(c, &shelf, (after, asked.fetch()), &filter, &secrets)?;
            let total = if asked.with_total { Some(directory::count(c, &shelf, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    let cut = page.cut(rows, |(person, _)| person.to_string());
    let rows = cut.rows.into_iter().map(|(_, entry)| entry).collect();
    Ok(DirectoryPage::of(Cut { rows, next_cursor: cut.next_cursor, link: cut.link }, total))
}

//! 本人: what is held about the caller, and what they themselves may say about it. Scoped by the account alone.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use platform::auth::{Actor, AreaCode, Scope, Visible};
use platform::db::{Conn, Ts};
use platform::http::{Answer, NoFilter, Once, PageParams, Paged, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::secrets::Secrets;
use platform::{App, Result, handler};
use registry::identity::{self, AccountId, MeRead, MeWrite};

use crate::people::dto::{
    AccessId, AccessPage, ConsentId, ConsentOut, ConsentPage, DataRequestId, DataRequestIn, DataRequestOut,
    DataRequestPage, MyConsentIn, MyDataOut, MyResidencyIn, OwnPersonOut, PersonId, ResidencyId, ResidencyOut,
    ResidencyPage, ResidencyQuery,
};
use crate::people::rules;
use crate::people::store::consents::Given;
use crate::people::store::persons::{self, PersonRow};
use crate::people::store::phones::{open_phone, seal_phone};
use crate::people::store::residencies::{self, Claim};
use crate::people::store::{By, accesses, after_id, checkins, consents, places, requests, stages};

/// Rows of a kind in the answer with everything.
const EVERYTHING: i64 = 1000;

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(get_my_data))
        .service(handler!(list_my_accesses))
        .service(handler!(list_my_residencies))
        .service(handler!(claim_residency))
        .service(handler!(withdraw_my_residency))
        .service(handler!(list_my_consents))
        .service(handler!(give_consent))
        .service(handler!(withdraw_my_consent))
        .service(handler!(list_my_data_requests))
        .service(handler!(file_data_request));
}

/// The caller's record, where they have one.
fn own<S: Scope>(c: &mut Conn, who: &Actor<S>, now: Ts) -> Result<PersonRow> {
    let account = identity::live_account(c, who, now)?;
    Ok(persons::of_account(c, account)?.ok_or(&rules::NO_RECORD)?)
}

/// 我的全部信息 · Everything that is held about me, in clear and machine-readable
#[utoipa::path(get, path = "/me/data", tag = "people", security(("bearer" = ["me:read"])),
    responses((status = 200, description = "我的信息 · My data", body = MyDataOut)))]
pub async fn get_my_data(who: Actor<MeRead>, app: Data<App>) -> Result<HttpResponse> {
    let (now, secrets) = (app.clock.now(), app.secrets.clone());
    let out = app
        .db
        .read(move |c| {
            let person = own(c, &who, now)?;
            everything(c, person, &secrets, now)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(out))
}

fn everything(c: &mut Conn, person: PersonRow, secrets: &Secrets, now: Ts) -> Result<MyDataOut> {
    let id = person.id;
    let phone = person.phone_sealed.as_deref().map(|sealed| open_phone(secrets, id, sealed)).transpose()?;
    Ok(MyDataOut {
        as_of: now,
        person: OwnPersonOut::of(person, phone),
        residencies: residencies::of_person(c, id, EVERYTHING)?.into_iter().map(Into::into).collect(),
        consents: consents::list(c, id, (None, EVERYTHING))?.into_iter().map(Into::into).collect(),
        party_stages: stages::of_person(c, id)?.into_iter().map(Into::into).collect(),
        checkins: checkins::of_person(c, id, EVERYTHING)?.into_iter().map(Into::into).collect(),
        requests: requests::of_person(c, id, (None, EVERYTHING))?.into_iter().map(Into::into).collect(),
        accesses: accesses::list(c, id, (None, EVERYTHING))?,
    })
}

/// 谁查看过我的号码 · Who opened my phone number and what for, the newest first
#[utoipa::path(get, path = "/me/data/accesses", tag = "people", security(("bearer" = ["me:read"])), params(PageParams),
    responses((status = 200, description = "一页留痕 · One page", body = AccessPage)))]
pub async fn list_my_accesses(
    who: Actor<MeRead>,
    app: Data<App>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<AccessPage> {
    let (asked, now) = (page.clone(), app.clock.now());
    let (rows, total) = app
        .db
        .read(move |c| {
            let person = own(c, &who, now)?;
            let after = after_id(asked.after.as_deref())?.map(AccessId);
            let rows = accesses::list(c, person.id, (after, asked.fetch()))?;
            let total = if asked.with_total { Some(accesses::count(c, person.id)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(AccessPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 我的居住关系 · My residencies and claims, oldest first
#[utoipa::path(get, path = "/me/residencies", tag = "people", security(("bearer" = ["me:read"])), params(PageParams),
    responses((status = 200, description = "一页居住关系 · One page", body = ResidencyPage)))]
pub async fn list_my_residencies(
    who: Actor<MeRead>,
    app: Data<App>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<ResidencyPage> {
    let (asked, now) = (page.clone(), app.clock.now());
    let (rows, total) = app
        .db
        .read(move |c| {
            let person = own(c, &who, now)?;
            let mine = ResidencyQuery { person_id: Some(person.id), ..ResidencyQuery::default() };
            let after = after_id(asked.after.as_deref())?.map(ResidencyId);
            let all = Visible::everything();
            let rows = residencies::list(c, &all, (after, asked.fetch()), &mine)?;
            let total = if asked.with_total { Some(residencies::count(c, &all, &mine)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(ResidencyPage::of(page.cut(rows, |(row, _, _)| row.id.to_string()), total))
}

/// 申报居住关系 · Claim that I own or live in a room
///
/// 由社区、业主委员会核实。尚无人员记录的,以姓名和电话建立。
/// The community and the owners' committee verify it. Where there is no record of me yet, name and phone make one.
#[utoipa::path(post, path = "/me/residencies", tag = "people", security(("bearer" = ["me:write"])),
    request_body = MyResidencyIn,
    responses((status = 201, description = "已申报 · Claimed", body = ResidencyOut)))]
pub async fn claim_residency(
    who: Actor<MeWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<MyResidencyIn>,
) -> Result<Answer> {
    let (by, secrets) = (By::new(&app, who.id()), app.secrets.clone());
    once.write(&app, move |c| {
        let account = identity::live_account(c, &who, by.at)?;
        let known = persons::of_account(c, account)?.filter(|person| person.closed_on.is_none());
        let room = places::room_by_code(c, &body.room_code)?;
        let room = places::hold_room(c, &Visible::everything(), room)?;
        let person = match known {
            Some(_) if body.name.is_some() || body.phone.is_some() => {
                let at = if body.name.is_some() { "/name" } else { "/phone" };
                return Err(rules::HAS_RECORD.at(at));
            }
            Some(person) => person,
            None => register_myself(c, account, &body, &secrets, &by)?,
        };
        if residencies::waiting(c, person.id)? >= rules::OPEN_CLAIMS {
            return Err((&rules::TOO_MANY_CLAIMS).into());
        }
        let claim = Claim { kind: body.kind, since: body.since, document: body.document.as_ref(), self_claimed: true };
        let row = residencies::file(c, &person, &room, &claim, &by)?;
        let out = ResidencyOut::from(residencies::resident(c, row.id)?);
        Ok(Versioned::created("/v1/me/residencies".into(), row.version, out))
    })
    .await
}

/// A record that somebody makes of themselves, in the compound of the room that they claim. It stands beside whatever the
/// community has written down: nothing has proved yet that they are the same.
fn register_myself(
    c: &mut Conn,
    account: AccountId,
    body: &MyResidencyIn,
    secrets: &Secrets,
    by: &By,
) -> Result<PersonRow> {
    let name = body.name.as_deref().ok_or_else(|| rules::NAME_NEEDED.at("/name"))?;
    let compound: AreaCode = body.room_code.compound();
    let mut row = PersonRow::fresh(PersonId::fresh(), compound.as_str(), name, by);
    row.set_phone(seal_phone(secrets, row.id, body.phone.as_deref())?);
    row.account_id = Some(account);
    row.self_registered = true;
    persons::insert_row(c, &row, by)?;
    Ok(row)
}

/// 撤回申报 · Withdraw a claim of mine that waits
#[utoipa::path(post, path = "/me/residencies/{id}/withdraw", tag = "people", security(("bearer" = ["me:write"])),
    params(("id" = ResidencyId, Path)),
    responses((status = 200, description = "已撤回 · Withdrawn", body = ResidencyOut)))]
pub async fn withdraw_my_residency(
    who: Actor<MeWrite>,
    app: Data<App>,
    id: Path<ResidencyId>,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let person = own(c, &who, by.at)?;
        let row = residencies::find_own(c, person.id, *id)?;
        let row = residencies::withdraw(c, &row, &by)?;
        Ok(Versioned::ok(row.version, ResidencyOut::from(residencies::resident(c, row.id)?)))
    })
    .await
}

/// 我的公开同意 · What I have agreed to publish, oldest first
#[utoipa::path(get, path = "/me/consents", tag = "people", security(("bearer" = ["me:read"])), params(PageParams),
    responses((status = 200, description = "一页同意 · One page", body = ConsentPage)))]
pub async fn list_my_consents(
    who: Actor<MeRead>,
    app: Data<App>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<ConsentPage> {
    let (asked, now) = (page.clone(), app.clock.now());
    let (rows, total) = app
        .db
        .read(move |c| {
            let person = own(c, &who, now)?;
            let after = after_id(asked.after.as_deref())?.map(ConsentId);
            let rows = consents::list(c, person.id, (after, asked.fetch()))?;
            let total = if asked.with_total { Some(consents::count(c, person.id)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(ConsentPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 同意公开 · Agree to publish one field of mine to my compound or community
#[utoipa::path(post, path = "/me/consents", tag = "people", security(("bearer" = ["me:write"])),
    request_body = MyConsentIn,
    responses((status = 201, description = "已同意 · Given", body = ConsentOut)))]
pub async fn give_consent(
    who: Actor<MeWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<MyConsentIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let person = own(c, &who, by.at)?;
        let given = Given { area: &body.area_code, field: body.field, purpose: &body.purpose, paper_ref: None };
        let row = consents::give(c, &person, &given, &by)?;
        Ok(Versioned::created("/v1/me/consents".into(), row.version, ConsentOut::from(row)))
    })
    .await
}

/// 撤回同意 · Withdraw a consent of mine; it is gone from the directory at once
#[utoipa::path(post, path = "/me/consents/{id}/withdraw", tag = "people", security(("bearer" = ["me:write"])),
    params(("id" = ConsentId, Path)),
    responses((status = 200, description = "已撤回 · Withdrawn", body = ConsentOut)))]
pub async fn withdraw_my_consent(
    who: Actor<MeWrite>,
    app: Data<App>,
    id: Path<ConsentId>,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let person = own(c, &who, by.at)?;
        let row = consents::find_own(c, person.id, *id)?;
        let row = consents::withdraw(c, &row, &by)?;
        Ok(Versioned::ok(row.version, ConsentOut::from(row)))
    })
    .await
}

/// 我的个人信息请求 · My requests and their answers, oldest first
#[utoipa::path(get, path = "/me/data-requests", tag = "people", security(("bearer" = ["me:read"])), params(PageParams),
    responses((status = 200, description = "一页请求 · One page", body = DataRequestPage)))]
pub async fn list_my_data_requests(
    who: Actor<MeRead>,
    app: Data<App>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<DataRequestPage> {
    let (asked, now) = (page.clone(), app.clock.now());
    let (rows, total) = app
        .db
        .read(move |c| {
            let person = own(c, &who, now)?;
            let after = after_id(asked.after.as_deref())?.map(DataRequestId);
            let rows = requests::of_person(c, person.id, (after, asked.fetch()))?;
            let total = if asked.with_total { Some(requests::count_of(c, person.id)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(DataRequestPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 提出个人信息请求 · Ask to copy, correct or delete what is held about me (PIPL 45–47)
#[utoipa::path(post, path = "/me/data-requests", tag = "people", security(("bearer" = ["me:write"])),
    request_body = DataRequestIn,
    responses((status = 201, description = "已提出 · Filed", body = DataRequestOut)))]
pub async fn file_data_request(
    who: Actor<MeWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<DataRequestIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let person = own(c, &who, by.at)?;
        person.refuse_closed()?;
        let row = requests::file(c, &person, &body, &by)?;
        Ok(Versioned::created("/v1/me/data-requests".into(), row.version, DataRequestOut::from(row)))
    })
    .await
}

//! Credit events and what they come to.

use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Mount, Once, PageParams, Paged, Path, Valid, ValidQuery, Versioned};
use platform::{App, Error, Result, handler};
use roster::organisations::{self, OrganisationId};

use crate::standings::dto::{
    CreditBalanceOut, CreditBalanceQuery, CreditEventId, CreditEventIn, CreditEventOut, CreditEventPage,
    CreditEventQuery, RevokeCreditIn,
};
use crate::standings::rules::listing::check_subject;
use crate::standings::store::sight::Sight;
use crate::standings::store::{By, after_id, credit as store};
use crate::standings::{CreditRead, CreditWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(record_credit_event))
        .service(handler!(list_credit_events))
        .service(handler!(get_credit_event))
        .service(handler!(revoke_credit_event))
        .service(handler!(get_credit_balance));
}

/// 登记信用事件 · Record what is good or bad of a company or a station, with the document that it rests on
#[utoipa::path(post, path = "/credit-events", tag = "standings", security(("bearer" = ["credit:write"])),
    request_body = CreditEventIn,
    responses((status = 201, description = "已登记 · Recorded", body = CreditEventOut)))]
pub async fn record_credit_event(
    who: Actor<CreditWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<CreditEventIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::record_event(c, &who.visible(), &body, &by)?;
        Ok(Versioned::created(format!("/v1/credit-events/{}", row.id), row.version, CreditEventOut::from(row)))
    })
    .await
}

/// 信用事件列表 · Credit events of the caller's area, or of the caller's own organisation, the newest first
#[utoipa::path(get, path = "/credit-events", tag = "standings", security(("bearer" = ["credit:read"])),
    params(PageParams, CreditEventQuery),
    responses((status = 200, description = "一页信用事件 · One page", body = CreditEventPage)))]
pub async fn list_credit_events(
    who: Actor<CreditRead>,
    app: Data<App>,
    Paged(filter, page): Paged<CreditEventQuery>,
) -> Result<CreditEventPage> {
    let (sight, asked) = (Sight::of(&who), page.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let before = after_id(asked.after.as_deref(), CreditEventId)?;
            let rows = store::list(c, &sight, (before, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &sight, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(CreditEventPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 信用事件详情 · One credit event
#[utoipa::path(get, path = "/credit-events/{id}", tag = "standings", security(("bearer" = ["credit:read"])),
    params(("id" = CreditEventId, Path)),
    responses((status = 200, description = "信用事件 · The event", body = CreditEventOut)))]
pub async fn get_credit_event(
    who: Actor<CreditRead>,
    app: Data<App>,
    id: Path<CreditEventId>,
) -> Result<Versioned<CreditEventOut>> {
    let sight = Sight::of(&who);
    let row = app.db.read(move |c| store::find(c, &sight, *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 撤销信用事件 · Revoke a credit event; from today on it does not count
#[utoipa::path(post, path = "/credit-events/{id}/revoke", tag = "standings", security(("bearer" = ["credit:write"])),
    request_body = RevokeCreditIn,
    params(("id" = CreditEventId, Path), IfMatch, Once),
    responses((status = 200, description = "已撤销 · Revoked", body = CreditEventOut)))]
pub async fn revoke_credit_event(
    who: Actor<CreditWrite>,
    app: Data<App>,
    id: Path<CreditEventId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<RevokeCreditIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find_kept(c, &who.visible(), *id)?;
        version.check(row.version)?;
        let row = store::revoke(c, &row, &body, &by)?;
        Ok(Versioned::ok(row.version, CreditEventOut::from(row)))
    })
    .await
}

/// 信用分 · What the credit events of a company or a station come to on a day, each of them shown
#[utoipa::path(get, path = "/organisations/{id}/credit-balance", tag = "standings",
    security(("bearer" = ["credit:read"])),
    params(("id" = OrganisationId, Path), CreditBalanceQuery),
    responses((status = 200, description = "信用分 · The balance", body = CreditBalanceOut)))]
pub async fn get_credit_balance(
    who: Actor<CreditRead>,
    app: Data<App>,
    id: Path<OrganisationId>,
    ValidQuery(query): ValidQuery<CreditBalanceQuery>,
) -> Result<Json<CreditBalanceOut>> {
    let (sight, as_of) = (Sight::of(&who), query.as_of.unwrap_or(app.clock.today()));
    let out = app
        .db
        .read(move |c| {
            let row = match sight.check_own(*id) {
                Ok(()) => organisations::get(c, *id)?.ok_or(Error::NotFound)?,
                Err(_) => organisations::find(c, sight.areas(), *id)?,
            };
            // Nobody else has a credit account, and persons are in no such register at all.
            check_subject(row.kind).map_err(|_| Error::NotFound)?;
            store::balance_of(c, &row, as_of)
        })
        .await?;
    Ok(Json(out))
}

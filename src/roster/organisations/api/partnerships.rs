use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, Once, PageParams, Paged, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};

use super::after_id;
use crate::organisations::dto::{
    EndLinkIn, PartnershipId, PartnershipIn, PartnershipOut, PartnershipPage, PartnershipQuery,
};
use crate::organisations::store::{By, organisations, partnerships as store, reading};
use crate::organisations::{OrganisationsRead, PartyCoverageWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_partnerships))
        .service(handler!(create_partnership))
        .service(handler!(get_partnership))
        .service(handler!(end_partnership));
}

/// 共建列表 · Partnerships for Party building, oldest first
#[utoipa::path(get, path = "/partnerships", tag = "organisations", security(("bearer" = ["organisations:read"])),
    params(PageParams, PartnershipQuery),
    responses((status = 200, description = "一页 · One page", body = PartnershipPage)))]
pub async fn list_partnerships(
    who: Actor<OrganisationsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<PartnershipQuery>,
) -> Result<PartnershipPage> {
    let (asked, visible) = (page.clone(), reading(&who.visible()));
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref(), PartnershipId)?;
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let mut parties = store::parties_of(c, &rows)?;
            let with = |row: store::PartnershipRow| {
                let of = parties.remove(&row.id).unwrap_or_default();
                (row, of)
            };
            let rows: Vec<_> = rows.into_iter().map(with).collect();
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(PartnershipPage::of(page.cut(rows, |(row, _)| row.id.to_string()), total))
}

/// 建立共建 · Begin a partnership of two parties or more
#[utoipa::path(post, path = "/partnerships", tag = "organisations", security(("bearer" = ["party_coverage:write"])),
    request_body = PartnershipIn,
    responses((status = 201, description = "已登记 · Registered", body = PartnershipOut)))]
pub async fn create_partnership(
    who: Actor<PartyCoverageWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<PartnershipIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        who.visible().check(body.area_code.as_str())?;
        for party in &body.parties {
            organisations::find(c, &reading(&who.visible()), *party)?;
        }
        let row = store::insert(c, &body, &by)?;
        let row = store::with_parties(c, row)?;
        let path = format!("/v1/partnerships/{}", row.0.id);
        Ok(Versioned::created(path, row.0.version, PartnershipOut::from(row)))
    })
    .await
}

/// 共建详情 · One partnership
#[utoipa::path(get, path = "/partnerships/{id}", tag = "organisations", security(("bearer" = ["organisations:read"])),
    params(("id" = PartnershipId, Path)),
    responses((status = 200, description = "共建 · The partnership", body = PartnershipOut)))]
pub async fn get_partnership(
    who: Actor<OrganisationsRead>,
    app: Data<App>,
    id: Path<PartnershipId>,
) -> Result<Versioned<PartnershipOut>> {
    let visible = reading(&who.visible());
    let row = app
        .db
        .read(move |c| {
            let row = store::find(c, &visible, *id)?;
            store::with_parties(c, row)
        })
        .await?;
    Ok(Versioned::ok(row.0.version, row.into()))
}

/// 结束共建 · End a partnership
#[utoipa::path(post, path = "/partnerships/{id}/end", tag = "organisations",
    security(("bearer" = ["party_coverage:write"])), request_body = EndLinkIn,
    params(("id" = PartnershipId, Path)),
    responses((status = 200, description = "已结束 · Ended", body = PartnershipOut)))]
pub async fn end_partnership(
    who: Actor<PartyCoverageWrite>,
    app: Data<App>,
    id: Path<PartnershipId>,
    once: Once,
    Valid(body): Valid<EndLinkIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        who.visible().check(&row.area_code)?;
        let row = store::end(c, &row, body.on, &body.reason, &by)?;
        let row = store::with_parties(c, row)?;
        Ok(Versioned::ok(row.0.version, PartnershipOut::from(row)))
    })
    .await
}

use actix_web::web::Data;
use platform::auth::{Actor, Role};
use platform::http::{Answer, Once, PageParams, Paged, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};

use super::after_id;
use crate::organisations::dto::{
    EndLinkIn, LinkQuery, SupplierLinkId, SupplierLinkIn, SupplierLinkOut, SupplierLinkPage,
};
use crate::organisations::store::{By, organisations, reading, suppliers as store};
use crate::organisations::{PartyCoverageRead, SuppliersWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_supplier_links))
        .service(handler!(link_supplier))
        .service(handler!(get_supplier_link))
        .service(handler!(end_supplier_link));
}

/// 供应商列表 · Whom companies buy from, oldest first
#[utoipa::path(get, path = "/supplier-links", tag = "organisations", security(("bearer" = ["party_coverage:read"])),
    params(PageParams, LinkQuery),
    responses((status = 200, description = "一页 · One page", body = SupplierLinkPage)))]
pub async fn list_supplier_links(
    who: Actor<PartyCoverageRead>,
    app: Data<App>,
    Paged(filter, page): Paged<LinkQuery>,
) -> Result<SupplierLinkPage> {
    let (asked, visible) = (page.clone(), reading(&who.visible()));
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref(), SupplierLinkId)?;
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(SupplierLinkPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 登记供应商 · Record whom a company buys from, for conflicts of interest
#[utoipa::path(post, path = "/supplier-links", tag = "organisations", security(("bearer" = ["suppliers:write"])),
    request_body = SupplierLinkIn,
    responses((status = 201, description = "已登记 · Registered", body = SupplierLinkOut)))]
pub async fn link_supplier(
    who: Actor<SuppliersWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<SupplierLinkIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let company = organisations::find(c, &reading(&who.visible()), body.company_id)?;
        let supplier = organisations::find(c, &reading(&who.visible()), body.supplier_id)?;
        if !who.holds_for(&[Role::CompanyAdmin], company.id.0) {
            who.visible().check(&company.area_code)?;
        }
        let row = store::insert(c, &company, &supplier, &body, &by)?;
        let path = format!("/v1/supplier-links/{}", row.id);
        Ok(Versioned::created(path, row.version, SupplierLinkOut::from(row)))
    })
    .await
}

/// 供应关系详情 · One supplier link
#[utoipa::path(get, path = "/supplier-links/{id}", tag = "organisations",
    security(("bearer" = ["party_coverage:read"])), params(("id" = SupplierLinkId, Path)),
    responses((status = 200, description = "供应关系 · The link", body = SupplierLinkOut)))]
pub async fn get_supplier_link(
    who: Actor<PartyCoverageRead>,
    app: Data<App>,
    id: Path<SupplierLinkId>,
) -> Result<Versioned<SupplierLinkOut>> {
    let visible = reading(&who.visible());
    let row = app.db.glance(move |c| store::find(c, &visible, *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 结束供应关系 · End a supplier link
#[utoipa::path(post, path = "/supplier-links/{id}/end", tag = "organisations",
    security(("bearer" = ["suppliers:write"])), request_body = EndLinkIn,
    params(("id" = SupplierLinkId, Path)),
    responses((status = 200, description = "已结束 · Ended", body = SupplierLinkOut)))]
pub async fn end_supplier_link(
    who: Actor<SuppliersWrite>,
    app: Data<App>,
    id: Path<SupplierLinkId>,
    once: Once,
    Valid(body): Valid<EndLinkIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        if !who.holds_for(&[Role::CompanyAdmin], row.company_id.0) {
            who.visible().check(&row.area_code)?;
        }
        let row = store::end(c, &row, body.on, &body.reason, &by)?;
        Ok(Versioned::ok(row.version, SupplierLinkOut::from(row)))
    })
    .await
}

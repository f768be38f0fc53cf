//! 供应商 ↔ 企业: for conflicts of interest.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Ts};
use platform::error::OrConflict;
use platform::history::record_first;
use serde_json::json;

use super::organisations::OrganisationRow;
use super::{By, register};
use crate::organisations::dto::{LinkQuery, OrgKind, OrganisationId, SupplierLinkId, SupplierLinkIn};
use crate::organisations::rules;
use crate::schema::supplier_links;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = supplier_links, treat_none_as_default_value = false)]
pub struct SupplierRow {
    pub id: SupplierLinkId,
    pub company_id: OrganisationId,
    pub supplier_id: OrganisationId,
    pub area_code: String,
    pub services: String,
    pub valid_from: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    pub end_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

register!(supplier_links: SupplierRow, SupplierLinkId, LinkQuery, since valid_from, as "supplier_link");

fn filtered(visible: &Visible, filter: &LinkQuery) -> supplier_links::BoxedQuery<'static, Backend> {
    let query = standing(visible, filter);
    match filter.company_id {
        Some(company) => query.filter(supplier_links::company_id.eq(company)),
        None => query,
    }
}

/// Links a supplier to a company; the caller has found both.
pub fn insert(
    c: &mut Conn,
    company: &OrganisationRow,
    supplier: &OrganisationRow,
    new: &SupplierLinkIn,
    by: &By,
) -> Result<SupplierRow> {
    if company.kind != OrgKind::PropertyCompany || company.status.is_over() {
        return Err(rules::NOT_A_COMPANY.at("/company_id"));
    }
    if company.id == supplier.id {
        return Err(rules::SELF_SUPPLY.at("/supplier_id"));
    }
    if supplier.status.is_over() {
        return Err((&rules::ENDED).into());
    }
    rules::may_begin(new.valid_from, by.today, "/valid_from")?;
    let SupplierLinkIn { company_id, supplier_id, services, valid_from } = new.clone();
    let row = SupplierRow {
        id: SupplierLinkId::fresh(),
        company_id,
        supplier_id,
        area_code: company.area_code.clone(),
        services,
        valid_from,
        ended_on: None,
        end_reason: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_row(c, &row, by)?;
    Ok(row)
}

pub fn insert_row(c: &mut Conn, row: &SupplierRow, by: &By) -> Result<()> {
    diesel::insert_into(supplier_links::table).values(row).execute(c).or_conflict(&rules::LINK_TAKEN)?;
    let data = json!({ "company_id": row.company_id, "supplier_id": row.supplier_id, "services": row.services,
        "valid_from": row.valid_from });
    record_first(c, by.event("supplier_link", row.id, 1, "supplier_link.begun", &row.area_code, data))
}

/// With either side.
pub fn end_of(c: &mut Conn, side: OrganisationId, on: NaiveDate, reason: &str, by: &By) -> Result<()> {
    let of = supplier_links::company_id.eq(side).or(supplier_links::supplier_id.eq(side));
    let rows: Vec<SupplierRow> = supplier_links::table
        .filter(of.and(supplier_links::ended_on.is_null()))
        .select(SupplierRow::as_select())
        .load(c)?;
    rows.iter().try_for_each(|row| end(c, row, on.max(row.valid_from), reason, by).map(drop))
}

//! 党建指导员 ↔ 企业.

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
use crate::organisations::dto::{InstructorLinkId, InstructorLinkIn, LinkQuery, OrgKind, OrganisationId};
use crate::organisations::rules;
use crate::people::{PersonFacts, PersonId};
use crate::schema::instructor_links;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = instructor_links, treat_none_as_default_value = false)]
pub struct InstructorRow {
    pub id: InstructorLinkId,
    pub person_id: PersonId,
    pub company_id: OrganisationId,
    pub area_code: String,
    pub valid_from: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    pub end_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

register!(instructor_links: InstructorRow, InstructorLinkId, LinkQuery, since valid_from, as "instructor_link");

fn filtered(visible: &Visible, filter: &LinkQuery) -> instructor_links::BoxedQuery<'static, Backend> {
    let query = standing(visible, filter);
    match filter.company_id {
        Some(company) => query.filter(instructor_links::company_id.eq(company)),
        None => query,
    }
}

/// Links an instructor to a company; the caller has found both.
pub fn insert(
    c: &mut Conn,
    person: &PersonFacts,
    company: &OrganisationRow,
    new: &InstructorLinkIn,
    by: &By,
) -> Result<InstructorRow> {
    if person.closed {
        return Err(rules::PERSON_CLOSED.at("/person_id"));
    }
    if company.kind != OrgKind::PropertyCompany || company.status.is_over() {
        return Err(rules::NOT_A_COMPANY.at("/company_id"));
    }
    rules::may_begin(new.valid_from, by.today, "/valid_from")?;
    let InstructorLinkIn { person_id, company_id, valid_from } = new.clone();
    let row = InstructorRow {
        id: InstructorLinkId::fresh(),
        person_id,
        company_id,
        area_code: company.area_code.clone(),
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

pub fn insert_row(c: &mut Conn, row: &InstructorRow, by: &By) -> Result<()> {
    diesel::insert_into(instructor_links::table).values(row).execute(c).or_conflict(&rules::LINK_TAKEN)?;
    let data = json!({ "person_id": row.person_id, "company_id": row.company_id, "valid_from": row.valid_from });
    record_first(c, by.event("instructor_link", row.id, 1, "instructor_link.begun", &row.area_code, data))
}

/// Whether an instructor looks after the company now.
pub fn has_open(c: &mut Conn, company: OrganisationId) -> Result<bool> {
    let open = instructor_links::company_id.eq(company).and(instructor_links::ended_on.is_null());
    Ok(instructor_links::table.filter(open).count().get_result::<i64>(c)? > 0)
}

/// With the company itself.
pub fn end_of(c: &mut Conn, company: OrganisationId, on: NaiveDate, reason: &str, by: &By) -> Result<()> {
    let open = instructor_links::company_id.eq(company).and(instructor_links::ended_on.is_null());
    let rows: Vec<InstructorRow> = instructor_links::table.filter(open).select(InstructorRow::as_select()).load(c)?;
    rows.iter().try_for_each(|row| end(c, row, on.max(row.valid_from), reason, by).map(drop))
}

//! 党建指导员 ↔ 企业.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Ts};
use platform::error::OrConflict;
use platform::history::{record, record_first};
use serde_json::json;

use super::organisations::OrganisationRow;
use super::{By, check_seen, no_longer, seen};
use crate::organisations::dto::{InstructorLinkId, InstructorLinkIn, LinkQuery, OpenFilter, OrgKind, OrganisationId};
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

pub fn find(c: &mut Conn, visible: &Visible, id: InstructorLinkId) -> Result<InstructorRow> {
    let row: InstructorRow = instructor_links::table.find(id).select(InstructorRow::as_select()).first(c)?;
    check_seen(visible, &row.area_code)?;
    Ok(row)
}

/// Rows by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<InstructorLinkId>, i64),
    filter: &LinkQuery,
) -> Result<Vec<InstructorRow>> {
    let mut query = filtered(visible, filter);
    if let Some(after) = after {
        query = query.filter(instructor_links::id.gt(after));
    }
    Ok(query.order(instructor_links::id.asc()).limit(fetch).select(InstructorRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &LinkQuery) -> Result<i64> {
    Ok(filtered(visible, filter).count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &LinkQuery) -> instructor_links::BoxedQuery<'static, Backend> {
    let mut query = instructor_links::table.into_boxed::<Backend>().filter(seen!(visible, instructor_links::area_code));
    if let Some(area) = &filter.area {
        let range = platform::db::Range::under(area.as_str());
        query =
            query.filter(instructor_links::area_code.ge(range.from)).filter(instructor_links::area_code.lt(range.to));
    }
    if let Some(company) = filter.company_id {
        query = query.filter(instructor_links::company_id.eq(company));
    }
    match filter.status.unwrap_or(OpenFilter::Open) {
        OpenFilter::Open => query.filter(instructor_links::ended_on.is_null()),
        OpenFilter::Ended => query.filter(instructor_links::ended_on.is_not_null()),
        OpenFilter::All => query,
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

pub fn end(c: &mut Conn, row: &InstructorRow, on: NaiveDate, reason: &str, by: &By) -> Result<InstructorRow> {
    rules::may_end(row.valid_from, row.ended_on, on, by.today)?;
    let after = InstructorRow {
        ended_on: Some(on),
        end_reason: Some(reason.to_owned()),
        version: row.version + 1,
        updated_at: by.at,
        ..row.clone()
    };
    let target = diesel::update(instructor_links::table)
        .filter(instructor_links::id.eq(row.id).and(instructor_links::version.eq(row.version)));
    let set = (
        instructor_links::ended_on.eq(after.ended_on),
        instructor_links::end_reason.eq(&after.end_reason),
        instructor_links::version.eq(after.version),
        instructor_links::updated_at.eq(after.updated_at),
    );
    no_longer(target.set(set).execute(c)?, after.version)?;
    let data = json!({ "on": on, "reason": reason });
    record(c, by.event("instructor_link", row.id, after.version, "instructor_link.ended", &row.area_code, data))?;
    Ok(after)
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

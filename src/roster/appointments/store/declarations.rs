//! 利害关系申报.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, record, record_first};
use platform::{Error, Result, in_ranges};
use serde_json::json;

use super::{By, check_person};
use crate::appointments::dto::{DeclarationId, DeclarationIn, DeclarationQuery, InterestRelation, PostListing};
use crate::appointments::rules;
use crate::organisations::{self, OrganisationId};
use crate::people::{self, PersonId};
use crate::schema::interest_declarations as declarations;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = declarations, treat_none_as_default_value = false)]
pub struct DeclarationRow {
    pub id: DeclarationId,
    pub person_id: PersonId,
    pub organisation_id: OrganisationId,
    /// Where the person's record is kept: who sees the one sees the other.
    pub area_code: String,
    pub relation: InterestRelation,
    pub declared_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    pub end_reason: Option<String>,
    pub recorded_by: Option<ActorId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

pub fn find(c: &mut Conn, visible: &Visible, id: DeclarationId) -> Result<DeclarationRow> {
    let row: DeclarationRow = declarations::table.find(id).select(DeclarationRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// Declarations by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<DeclarationId>, i64),
    filter: &DeclarationQuery,
) -> Result<Vec<DeclarationRow>> {
    let mut query = filtered(visible, filter)?;
    if let Some(after) = after {
        query = query.filter(declarations::id.gt(after));
    }
    Ok(query.order(declarations::id.asc()).limit(fetch).select(DeclarationRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &DeclarationQuery) -> Result<i64> {
    Ok(filtered(visible, filter)?.count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &DeclarationQuery) -> Result<declarations::BoxedQuery<'static, Backend>> {
    let visible = visible.narrow(filter.area.as_ref())?;
    let mut query =
        declarations::table.into_boxed::<Backend>().filter(in_ranges!(visible.ranges(), declarations::area_code));
    if let Some(person) = filter.person_id {
        query = query.filter(declarations::person_id.eq(person));
    }
    if let Some(organisation) = filter.organisation_id {
        query = query.filter(declarations::organisation_id.eq(organisation));
    }
    Ok(match filter.status.unwrap_or(PostListing::Open) {
        PostListing::Open => query.filter(declarations::ended_on.is_null()),
        PostListing::Closed => query.filter(declarations::ended_on.is_not_null()),
        PostListing::All => query,
    })
}

pub fn insert(c: &mut Conn, visible: &Visible, new: &DeclarationIn, by: &By) -> Result<DeclarationRow> {
    let person = people::facts(c, new.person_id)?.ok_or(Error::NotFound)?;
    check_person(visible, &person.area_code)?;
    let organisation = organisations::find(c, visible, new.organisation_id)?;
    if new.declared_on > by.today {
        return Err(rules::IN_THE_FUTURE.at("/declared_on"));
    }
    let row = DeclarationRow {
        id: DeclarationId::fresh(),
        person_id: person.id,
        organisation_id: organisation.id,
        area_code: person.area_code,
        relation: new.relation,
        declared_on: new.declared_on,
        ended_on: None,
        end_reason: None,
        recorded_by: by.actor.map(ActorId),
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(declarations::table).values(&row).execute(c).or_conflict(&rules::DECLARATION_TAKEN)?;
    // Not the relation: history outlives what a person may ask to have removed.
    let data = json!({ "person_id": row.person_id, "declared_on": row.declared_on });
    record_first(c, by.event("interest_declaration", row.id, 1, "interest.declared", &row.area_code, data))?;
    Ok(row)
}

pub fn end(c: &mut Conn, row: &DeclarationRow, on: NaiveDate, reason: &str, by: &By) -> Result<DeclarationRow> {
    if row.ended_on.is_some() {
        return Err((&rules::DECLARATION_ENDED).into());
    }
    if on > by.today {
        return Err(rules::IN_THE_FUTURE.at("/on"));
    }
    if on < row.declared_on {
        return Err(rules::BEFORE_IT_BEGAN.at("/on"));
    }
    let target = declarations::table.filter(declarations::id.eq(row.id).and(declarations::version.eq(row.version)));
    let set = (
        declarations::ended_on.eq(Some(on)),
        declarations::end_reason.eq(Some(reason)),
        declarations::version.eq(row.version + 1),
        declarations::updated_at.eq(by.at),
    );
    if diesel::update(target).set(set).execute(c)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    let event = by.event(
        "interest_declaration",
        row.id,
        row.version + 1,
        "interest.ended",
        &row.area_code,
        json!({ "on": on }),
    );
    record(c, event)?;
    find(c, &Visible::everything(), row.id)
}

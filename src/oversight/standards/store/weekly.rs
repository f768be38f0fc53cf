//! 周反馈: what the company that serves a compound is asked week by week, and what it answers.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Ts};
use platform::history::{ActorId, record, record_first};
use platform::{Result, in_ranges};
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde_json::json;

use super::caller::{Caller, company_at};
use super::{By, assessments, no_longer};
use crate::schema::weekly_items as weekly;
use crate::standards::dto::{WeeklyItemId, WeeklyItemIn, WeeklyItemQuery};
use crate::standards::rules::periods::Term;
use crate::standards::rules::{ALREADY_ANSWERED, IN_THE_FUTURE, MONTH_CLOSED};

/// The entity of an item's events.
pub const ENTITY: &str = "weekly_item";

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = weekly, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct WeeklyRow {
    pub id: WeeklyItemId,
    pub compound_id: CompoundId,
    pub company_id: OrganisationId,
    pub area_code: String,
    pub raised_on: NaiveDate,
    pub words: String,
    pub raised_by: Option<ActorId>,
    pub answer: Option<String>,
    pub answered_on: Option<NaiveDate>,
    pub answered_by: Option<ActorId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// One in the caller's area.
pub fn find(c: &mut Conn, visible: &Visible, id: WeeklyItemId) -> Result<WeeklyRow> {
    let row: WeeklyRow = weekly::table.find(id).select(WeeklyRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// By id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<WeeklyItemId>, i64),
    filter: &WeeklyItemQuery,
) -> Result<Vec<WeeklyRow>> {
    let mut query = filtered(visible, filter)?;
    if let Some(after) = after {
        query = query.filter(weekly::id.gt(after));
    }
    Ok(query.order(weekly::id.asc()).limit(fetch).select(WeeklyRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &WeeklyItemQuery) -> Result<i64> {
    Ok(filtered(visible, filter)?.count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &WeeklyItemQuery) -> Result<weekly::BoxedQuery<'static, Backend>> {
    let visible = visible.narrow(filter.area.as_ref())?;
    let mut query = weekly::table.into_boxed::<Backend>().filter(in_ranges!(visible.ranges(), weekly::area_code));
    if let Some(compound) = filter.compound_id {
        query = query.filter(weekly::compound_id.eq(compound));
    }
    query = match filter.answered {
        Some(true) => query.filter(weekly::answered_on.is_not_null()),
        Some(false) => query.filter(weekly::answered_on.is_null()),
        None => query,
    };
    if let Some(from) = filter.from {
        query = query.filter(weekly::raised_on.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(weekly::raised_on.le(to));
    }
    Ok(query)
}

/// Asks the company that serves the compound on the day. A month that is rated takes no more.
pub fn raise(c: &mut Conn, caller: &Caller, new: &WeeklyItemIn) -> Result<WeeklyRow> {
    let by = &caller.by;
    let compound = caller.compound(c, new.compound_id)?;
    if new.raised_on > by.today {
        return Err(IN_THE_FUTURE.at("/raised_on"));
    }
    let company = company_at(c, compound.id, new.raised_on)?;
    caller.check_apart(company)?;
    if assessments::standing(c, (compound.id, company), Term::month_of(new.raised_on))?.is_some() {
        return Err((&MONTH_CLOSED).into());
    }
    let row = WeeklyRow {
        id: WeeklyItemId::fresh(),
        compound_id: compound.id,
        company_id: company,
        area_code: compound.area_code,
        raised_on: new.raised_on,
        words: new.words.clone(),
        raised_by: by.actor.map(ActorId),
        answer: None,
        answered_on: None,
        answered_by: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(weekly::table).values(&row).execute(c)?;
    let data = json!({ "compound_id": row.compound_id, "company_id": row.company_id, "raised_on": row.raised_on });
    record_first(c, by.event(ENTITY, row.id, 1, "weekly_item.raised", &row.area_code, data))?;
    Ok(row)
}

/// 答复, once, by the company.
pub fn answer(c: &mut Conn, row: &WeeklyRow, words: &str, by: &By) -> Result<WeeklyRow> {
    if row.answered_on.is_some() {
        return Err((&ALREADY_ANSWERED).into());
    }
    let after = WeeklyRow {
        answer: Some(words.to_owned()),
        answered_on: Some(by.today),
        answered_by: by.actor.map(ActorId),
        version: row.version + 1,
        updated_at: by.at,
        ..row.clone()
    };
    let target = weekly::table.filter(weekly::id.eq(row.id).and(weekly::version.eq(row.version)));
    no_longer(diesel::update(target).set(&after).execute(c)?, after.version)?;
    let data = json!({ "answered_on": after.answered_on });
    record(c, by.event(ENTITY, after.id, after.version, "weekly_item.answered", &after.area_code, data))?;
    Ok(after)
}

/// How many items of a term wait for the company's answer.
pub fn unanswered(c: &mut Conn, (compound, company): (CompoundId, OrganisationId), term: Term) -> Result<i64> {
    let (from, to) = term.days();
    Ok(weekly::table
        .filter(weekly::compound_id.eq(compound).and(weekly::company_id.eq(company)))
        .filter(weekly::raised_on.ge(from).and(weekly::raised_on.lt(to)).and(weekly::answered_on.is_null()))
        .count()
        .get_result(c)?)
}

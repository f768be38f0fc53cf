//! 个人信息请求 rows.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::calendar;
use platform::db::{Backend, Conn, Range, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, record, record_first};
use platform::{Error, Result, in_ranges};
use serde_json::json;

use super::persons::{self, ERASED, PersonRow};
use super::residencies::in_force;
use super::{By, endings, took_effect};
use crate::people::dto::{
    DataAnswerIn, DataDecision, DataRequestId, DataRequestIn, DataRequestKind, DataRequestQuery, DataRequestStatus,
    PersonId,
};
use crate::people::rules;
use crate::schema::data_requests as requests;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = requests, treat_none_as_default_value = false)]
pub struct RequestRow {
    pub id: DataRequestId,
    pub person_id: PersonId,
    pub area_code: String,
    pub kind: DataRequestKind,
    pub wish: String,
    pub status: DataRequestStatus,
    pub due_on: NaiveDate,
    pub filed_by: ActorId,
    pub filed_at: Ts,
    pub decided_by: Option<ActorId>,
    pub decided_at: Option<Ts>,
    pub reason: Option<String>,
    pub version: i32,
}

pub fn find(c: &mut Conn, visible: &Visible, id: DataRequestId) -> Result<RequestRow> {
    let row: RequestRow = requests::table.find(id).select(RequestRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// Requests by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<DataRequestId>, i64),
    filter: &DataRequestQuery,
) -> Result<Vec<RequestRow>> {
    let mut query = filtered(visible.ranges(), filter);
    if let Some(after) = after {
        query = query.filter(requests::id.gt(after));
    }
    Ok(query.order(requests::id.asc()).limit(fetch).select(RequestRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &DataRequestQuery) -> Result<i64> {
    Ok(filtered(visible.ranges(), filter).count().get_result(c)?)
}

fn filtered(ranges: Vec<Range>, filter: &DataRequestQuery) -> requests::BoxedQuery<'static, Backend> {
    let mut query = requests::table.into_boxed::<Backend>().filter(in_ranges!(ranges, requests::area_code));
    if let Some(kind) = filter.kind {
        query = query.filter(requests::kind.eq(kind));
    }
    match filter.status {
        Some(status) => query.filter(requests::status.eq(status)),
        None => query,
    }
}

/// One person's own requests, oldest first.
pub fn of_person(
    c: &mut Conn,
    person: PersonId,
    (after, fetch): (Option<DataRequestId>, i64),
) -> Result<Vec<RequestRow>> {
    let mut query = requests::table.into_boxed::<Backend>().filter(requests::person_id.eq(person));
    if let Some(after) = after {
        query = query.filter(requests::id.gt(after));
    }
    Ok(query.order(requests::id.asc()).limit(fetch).select(RequestRow::as_select()).load(c)?)
}

pub fn count_of(c: &mut Conn, person: PersonId) -> Result<i64> {
    Ok(requests::table.filter(requests::person_id.eq(person)).count().get_result(c)?)
}

pub fn file(c: &mut Conn, person: &PersonRow, new: &DataRequestIn, by: &By) -> Result<RequestRow> {
    let filed_by = by.actor.ok_or_else(|| Error::internal("nobody asks"))?;
    let until = by.today + chrono::Duration::days(rules::ANSWER_WITHIN);
    let calendar = calendar::of_area(c, &person.area_code, by.today, until)?;
    let row = RequestRow {
        id: DataRequestId::fresh(),
        person_id: person.id,
        area_code: person.area_code.clone(),
        kind: new.kind,
        wish: new.text.clone(),
        status: DataRequestStatus::Open,
        due_on: rules::answer_by(by.today, &calendar),
        filed_by: ActorId(filed_by),
        filed_at: by.at,
        decided_by: None,
        decided_at: None,
        reason: None,
        version: 1,
    };
    diesel::insert_into(requests::table).values(&row).execute(c).or_conflict(&rules::REQUEST_OPEN)?;
    let data = json!({ "person_id": row.person_id, "kind": row.kind, "due_on": row.due_on });
    record_first(c, by.event("data_request", row.id, 1, "data_request.filed", &row.area_code, data))?;
    Ok(row)
}

/// Answers a request. A deletion that is granted erases the person in the same transaction; an owner stays in the register
/// as long as they own, which a refusal says.
pub fn answer(c: &mut Conn, row: &RequestRow, answer: &DataAnswerIn, by: &By) -> Result<RequestRow> {
    let actor = by.actor.unwrap_or_default();
    rules::may_answer(row.status, row.filed_by.0, actor)?;
    let erases = row.kind == DataRequestKind::Deletion && answer.decision == DataDecision::Granted;
    if erases && !in_force(c, row.person_id)?.is_empty() {
        return Err((&rules::STILL_RESIDENT).into());
    }
    let status = match answer.decision {
        DataDecision::Granted => DataRequestStatus::Granted,
        DataDecision::Refused => DataRequestStatus::Refused,
    };
    let target = diesel::update(requests::table).filter(requests::id.eq(row.id).and(requests::version.eq(row.version)));
    let set = (
        requests::status.eq(status),
        requests::reason.eq(Some(&answer.reason)),
        requests::decided_by.eq(Some(ActorId(actor))),
        requests::decided_at.eq(Some(by.at)),
        requests::version.eq(row.version + 1),
    );
    took_effect(target.set(set).execute(c)?, row.version)?;
    if erases {
        let person = persons::get(c, row.person_id)?;
        endings::erase(c, &person, by)?;
    }
    // Neither the wish nor the reason: both are about the person.
    let data = json!({ "person_id": row.person_id, "kind": row.kind, "decision": answer.decision });
    let version = row.version + 1;
    record(c, by.event("data_request", row.id, version, "data_request.answered", &row.area_code, data))?;
    find(c, &Visible::everything(), row.id)
}

/// What a person wrote in their requests, when they are erased.
pub(super) fn forget(c: &mut Conn, person: PersonId) -> Result<()> {
    let own = requests::table.filter(requests::person_id.eq(person));
    diesel::update(own).set(requests::wish.eq(ERASED)).execute(c)?;
    Ok(())
}

//! Postings and objections.

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;
use serde_json::{Value, json};

use super::dto::{ObjectionStatus, PublicityQuery, PublicityStatus};
use super::rules;
use super::{ObjectionId, PublicityId};
use crate::auth::Visible;
use crate::calendar;
use crate::db::{Backend, Conn, Json, Ts};
use crate::error::{Error, OrConflict, Result};
use crate::history::{ActorId, By, record, record_first};
use crate::in_ranges;
use crate::rule_sets::RuleSetId;
use crate::schema::{publicities, publicity_objections as objections};
use crate::secrets::fingerprint;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = publicities, treat_none_as_default_value = false)]
pub struct PublicityRow {
    pub id: PublicityId,
    pub kind: String,
    pub entity: String,
    pub entity_id: String,
    pub area_code: String,
    pub title: String,
    pub snapshot: Json,
    pub content_hash: String,
    /// The day of posting, which is not counted.
    pub opens_on: NaiveDate,
    pub closes_on: NaiveDate,
    pub min_days: i32,
    pub rule_set_id: Option<RuleSetId>,
    pub places: Json,
    pub evidence: Option<String>,
    pub status: PublicityStatus,
    pub status_reason: Option<String>,
    pub ended_at: Option<Ts>,
    pub ended_by: Option<ActorId>,
    pub supersedes: Option<PublicityId>,
    pub opened_by: Option<ActorId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl PublicityRow {
    /// Whether the snapshot is still what was posted.
    pub fn is_intact(&self) -> bool {
        content_hash(&self.snapshot.0) == self.content_hash
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = objections, treat_none_as_default_value = false)]
pub struct ObjectionRow {
    pub id: ObjectionId,
    pub publicity_id: PublicityId,
    pub area_code: String,
    pub raised_by: ActorId,
    pub content: String,
    pub status: ObjectionStatus,
    pub reply: Option<String>,
    pub replied_by: Option<ActorId>,
    pub replied_at: Option<Ts>,
    pub decision_note: Option<String>,
    pub decided_by: Option<ActorId>,
    pub decided_at: Option<Ts>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// A posting to be made; it opens on the day of `By`.
#[derive(Debug, Clone)]
pub struct NewPublicity {
    pub kind: &'static str,
    /// What it is about: the entity's kind and its id.
    pub entity: &'static str,
    pub entity_id: String,
    pub area_code: String,
    pub title: String,
    /// What those concerned may read: names only where they belong to the matter, nothing else about a person.
    pub snapshot: Value,
    pub places: Vec<String>,
    pub evidence: Option<String>,
    /// The last day; the rule's own where absent. On a day off it rolls to the next working day (Civil Code 203).
    pub closes_on: Option<NaiveDate>,
    pub rule_set_id: Option<RuleSetId>,
    pub min_days: i32,
}

/// SHA-256 of the snapshot in canonical JSON: keys sorted, no white space.
pub fn content_hash(snapshot: &Value) -> String {
    fingerprint(snapshot.to_string().as_bytes())
}

pub fn open(c: &mut Conn, new: NewPublicity, by: &By) -> Result<PublicityRow> {
    open_as(c, PublicityId::fresh(), new, by)
}

/// The same with an id that is known beforehand.
pub fn open_as(c: &mut Conn, id: PublicityId, new: NewPublicity, by: &By) -> Result<PublicityRow> {
    insert(c, (id, new), None, by)
}

fn insert(
    c: &mut Conn,
    (id, new): (PublicityId, NewPublicity),
    supersedes: Option<PublicityId>,
    by: &By,
) -> Result<PublicityRow> {
    let last = new.closes_on.unwrap_or(by.today).max(rules::last_day(by.today, new.min_days));
    let until = last + chrono::Duration::days(rules::ROLLS_WITHIN);
    let calendar = calendar::of_area(c, &new.area_code, last, until)?;
    let closes_on = rules::period(by.today, new.closes_on, new.min_days, &calendar)?;
    let row = PublicityRow {
        id,
        kind: new.kind.to_owned(),
        entity: new.entity.to_owned(),
        entity_id: new.entity_id,
        area_code: new.area_code,
        title: new.title,
        content_hash: content_hash(&new.snapshot),
        snapshot: Json(new.snapshot),
        opens_on: by.today,
        closes_on,
        min_days: new.min_days,
        rule_set_id: new.rule_set_id,
        places: Json(json!(new.places)),
        evidence: new.evidence,
        status: PublicityStatus::Open,
        status_reason: None,
        ended_at: None,
        ended_by: None,
        supersedes,
        opened_by: by.actor.map(ActorId),
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(publicities::table).values(&row).execute(c).or_conflict(&rules::ALREADY_OPEN)?;
    // The hash stands for the snapshot: history outlives what a person may ask to have removed.
    let data = json!({ "kind": row.kind, "entity": row.entity, "entity_id": row.entity_id, "closes_on": row.closes_on,
        "content_hash": row.content_hash, "supersedes": row.supersedes });
    record_first(c, by.event("publicity", row.id, 1, "publicity.opened", &row.area_code, data))?;
    Ok(row)
}

/// A posting, whoever asks: for the rules of the context that posted it.
pub fn get(c: &mut Conn, id: PublicityId) -> Result<PublicityRow> {
    Ok(publicities::table.find(id).select(PublicityRow::as_select()).first(c)?)
}

/// A posting of the caller's area, of one below it, or of one above it: who lives there is concerned.
pub fn find(c: &mut Conn, visible: &Visible, id: PublicityId) -> Result<PublicityRow> {
    let row = get(c, id)?;
    if visible.covers(&row.area_code) || visible.lies_in(&row.area_code) { Ok(row) } else { Err(Error::NotFound) }
}

/// The posting of something that is open now.
pub fn open_of(c: &mut Conn, kind: &str, entity: &str, entity_id: &str) -> Result<Option<PublicityRow>> {
    let of = publicities::entity.eq(entity).and(publicities::entity_id.eq(entity_id)).and(publicities::kind.eq(kind));
    let open = publicities::table.filter(of).filter(publicities::status.eq(PublicityStatus::Open));
    Ok(open.select(PublicityRow::as_select()).first(c).optional()?)
}

/// Postings by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<PublicityId>, i64),
    filter: &PublicityQuery,
) -> Result<Vec<PublicityRow>> {
    let mut query = filtered(visible, filter)?;
    if let Some(after) = after {
        query = query.filter(publicities::id.gt(after));
    }
    Ok(query.order(publicities::id.asc()).limit(fetch).select(PublicityRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &PublicityQuery) -> Result<i64> {
    Ok(filtered(visible, filter)?.count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &PublicityQuery) -> Result<publicities::BoxedQuery<'static, Backend>> {
    let asked = |code: &String| filter.area.as_ref().is_none_or(|area| area.covers(code));
    let above: Vec<String> = visible.above().into_iter().filter(asked).collect();
    let visible = visible.narrow(filter.area.as_ref())?;
    let inside = in_ranges!(visible.ranges(), publicities::area_code);
    let mut query = publicities::table.into_boxed::<Backend>().filter(inside.or(publicities::area_code.eq_any(above)));
    if let Some(status) = filter.status {
        query = query.filter(publicities::status.eq(status));
    }
    if let Some(kind) = &filter.kind {
        query = query.filter(publicities::kind.eq(kind.clone()));
    }
    if let Some(id) = filter.entity_id {
        query = query.filter(publicities::entity_id.eq(id.to_string()));
    }
    Ok(query)
}

/// A closed posting, and how many objections to it were upheld: whether the matter goes on is for its context to say.
pub struct Closed {
    pub row: PublicityRow,
    pub upheld: i64,
}

/// Closes a posting whose days are over and whose objections are all decided.
pub fn close(c: &mut Conn, row: &PublicityRow, by: &By) -> Result<Closed> {
    let counts: Vec<(ObjectionStatus, i64)> = objections::table
        .filter(objections::publicity_id.eq(row.id))
        .group_by(objections::status)
        .select((objections::status, count_star()))
        .load(c)?;
    let of = |wanted: &[ObjectionStatus]| counts.iter().filter(|(s, _)| wanted.contains(s)).map(|(_, n)| n).sum();
    let undecided = of(&[ObjectionStatus::Received, ObjectionStatus::Replied]);
    rules::may_close(row.status, row.closes_on, undecided, by.today)?;
    let upheld = of(&[ObjectionStatus::Upheld]);
    // An objection that came in meanwhile has raised the version, and this fails.
    let row = finish(c, row, PublicityStatus::Closed, None, by)?;
    Ok(Closed { row, upheld })
}

/// Takes a posting back, where what it is about is rejected or withdrawn.
pub fn withdraw(c: &mut Conn, row: &PublicityRow, reason: &str, by: &By) -> Result<PublicityRow> {
    finish(c, row, PublicityStatus::Withdrawn, Some(reason), by)
}

/// Posts a corrected snapshot in the place of a wrong one; its days begin again.
pub fn supersede(c: &mut Conn, row: &PublicityRow, new: NewPublicity, reason: &str, by: &By) -> Result<PublicityRow> {
    finish(c, row, PublicityStatus::Superseded, Some(reason), by)?;
    insert(c, (PublicityId::fresh(), new), Some(row.id), by)
}

fn finish(
    c: &mut Conn,
    row: &PublicityRow,
    to: PublicityStatus,
    reason: Option<&str>,
    by: &By,
) -> Result<PublicityRow> {
    if row.status != PublicityStatus::Open {
        return Err((&rules::NOT_OPEN).into());
    }
    let target = publicities::table.filter(publicities::id.eq(row.id).and(publicities::version.eq(row.version)));
    let set = (
        publicities::status.eq(to),
        publicities::status_reason.eq(reason),
        publicities::ended_at.eq(Some(by.at)),
        publicities::ended_by.eq(by.actor.map(ActorId)),
        publicities::version.eq(row.version + 1),
        publicities::updated_at.eq(by.at),
    );
    if diesel::update(target).set(set).execute(c)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    let event = match to {
        PublicityStatus::Closed => "publicity.closed",
        PublicityStatus::Superseded => "publicity.superseded",
        _ => "publicity.withdrawn",
    };
    record(c, by.event("publicity", row.id, row.version + 1, event, &row.area_code, json!({ "reason": reason })))?;
    get(c, row.id)
}

/// Raises an objection. The posting's version goes up with it, so that nobody closes it over an objection unseen.
pub fn object(c: &mut Conn, row: &PublicityRow, content: &str, by: &By) -> Result<ObjectionRow> {
    rules::may_object(row.status, row.closes_on, by.today)?;
    let open = publicities::table.filter(publicities::id.eq(row.id).and(publicities::status.eq(PublicityStatus::Open)));
    let version: Option<i32> = diesel::update(open)
        .set((publicities::version.eq(publicities::version + 1), publicities::updated_at.eq(by.at)))
        .returning(publicities::version)
        .get_result(c)
        .optional()?;
    let version = version.ok_or(Error::from(&rules::NOT_OPEN))?;
    let objection = ObjectionRow {
        id: ObjectionId::fresh(),
        publicity_id: row.id,
        area_code: row.area_code.clone(),
        raised_by: ActorId(by.actor.unwrap_or_default()),
        content: content.to_owned(),
        status: ObjectionStatus::Received,
        reply: None,
        replied_by: None,
        replied_at: None,
        decision_note: None,
        decided_by: None,
        decided_at: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(objections::table).values(&objection).execute(c).or_conflict(&rules::OBJECTION_OPEN)?;
    let data = json!({ "objection_id": objection.id });
    record(c, by.event("publicity", row.id, version, "publicity.objected", &row.area_code, data))?;
    let data = json!({ "publicity_id": row.id });
    record_first(c, by.event("objection", objection.id, 1, "objection.received", &row.area_code, data))?;
    Ok(objection)
}

pub fn find_objection(c: &mut Conn, visible: &Visible, id: ObjectionId) -> Result<ObjectionRow> {
    let row: ObjectionRow = objections::table.find(id).select(ObjectionRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// Whose objections: those to one posting, or those of one person.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    Publicity(PublicityId),
    Person(ActorId),
}

fn objections_of(of: Of) -> objections::BoxedQuery<'static, Backend> {
    let query = objections::table.into_boxed::<Backend>();
    match of {
        Of::Publicity(id) => query.filter(objections::publicity_id.eq(id)),
        Of::Person(id) => query.filter(objections::raised_by.eq(id)),
    }
}

pub fn list_objections(c: &mut Conn, of: Of, (after, fetch): (Option<ObjectionId>, i64)) -> Result<Vec<ObjectionRow>> {
    let mut query = objections_of(of);
    if let Some(after) = after {
        query = query.filter(objections::id.gt(after));
    }
    Ok(query.order(objections::id.asc()).limit(fetch).select(ObjectionRow::as_select()).load(c)?)
}

pub fn count_objections(c: &mut Conn, of: Of) -> Result<i64> {
    Ok(objections_of(of).count().get_result(c)?)
}

pub fn reply(c: &mut Conn, row: &ObjectionRow, text: &str, by: &By) -> Result<ObjectionRow> {
    rules::may_answer(row.status, ObjectionStatus::Replied, row.raised_by.0, by.actor)?;
    let target = objections::table.filter(objections::id.eq(row.id).and(objections::version.eq(row.version)));
    let set = (
        objections::status.eq(ObjectionStatus::Replied),
        objections::reply.eq(Some(text)),
        objections::replied_by.eq(by.actor.map(ActorId)),
        objections::replied_at.eq(Some(by.at)),
        objections::version.eq(row.version + 1),
        objections::updated_at.eq(by.at),
    );
    let changed = diesel::update(target).set(set).execute(c)?;
    answered(c, row, changed, "objection.replied", by)
}

pub fn decide(c: &mut Conn, row: &ObjectionRow, to: ObjectionStatus, note: &str, by: &By) -> Result<ObjectionRow> {
    rules::may_answer(row.status, to, row.raised_by.0, by.actor)?;
    let target = objections::table.filter(objections::id.eq(row.id).and(objections::version.eq(row.version)));
    let set = (
        objections::status.eq(to),
        objections::decision_note.eq(Some(note)),
        objections::decided_by.eq(by.actor.map(ActorId)),
        objections::decided_at.eq(Some(by.at)),
        objections::version.eq(row.version + 1),
        objections::updated_at.eq(by.at),
    );
    let changed = diesel::update(target).set(set).execute(c)?;
    let event = if to == ObjectionStatus::Upheld { "objection.upheld" } else { "objection.rejected" };
    answered(c, row, changed, event, by)
}

fn answered(c: &mut Conn, row: &ObjectionRow, changed: usize, event: &'static str, by: &By) -> Result<ObjectionRow> {
    if changed != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    let data = json!({ "publicity_id": row.publicity_id });
    record(c, by.event("objection", row.id, row.version + 1, event, &row.area_code, data))?;
    find_objection(c, &Visible::everything(), row.id)
}

//! 异议: by the organisation, decided within so many working days by another than who proposed the entry.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::db::Conn;
use platform::history::{ActorId, By};
use platform::{Error, Result};
use serde_json::json;

use super::listings::{ListingRow, rules_of, save};
use super::steps::{calendar_of, ended, step};
use crate::schema::listing_objections as objections;
use crate::standings::dto::{
    DecideObjectionIn, ExtendObjectionIn, ListingId, ListingObjectionOutcome, ListingStatus, ObjectListingIn,
};
use crate::standings::rules::listing::{check_other, may_extend, may_object, working_days};
use crate::standings::rules::states::ListingStep;

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = objections, primary_key(listing_id), treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ObjectionRow {
    pub listing_id: ListingId,
    pub words: String,
    pub objected_by: Option<ActorId>,
    pub objected_on: NaiveDate,
    pub due_on: NaiveDate,
    pub extended_for: Option<String>,
    pub outcome: Option<ListingObjectionOutcome>,
    pub reply: Option<String>,
    pub decided_by: Option<ActorId>,
    pub decided_on: Option<NaiveDate>,
    /// Whether it was told that it is overdue.
    pub alarmed: bool,
}

pub fn of(c: &mut Conn, listing: ListingId) -> Result<Option<ObjectionRow>> {
    Ok(objections::table.find(listing).select(ObjectionRow::as_select()).first(c).optional()?)
}

fn waiting(c: &mut Conn, listing: ListingId) -> Result<ObjectionRow> {
    of(c, listing)?.ok_or(Error::NotFound)
}

/// 提出异议: what is published does not take effect before it is decided.
pub fn object(c: &mut Conn, row: &ListingRow, body: &ObjectListingIn, by: &By) -> Result<ListingRow> {
    // On the day after the last it has taken effect, so that the days are told before the state.
    if row.status == ListingStatus::Published && row.object_until.is_some() {
        may_object(row.object_until, by.today)?;
    }
    let status = step(row, ListingStep::Object, by)?;
    let (rules, calendar) = (rules_of(c, row)?, calendar_of(c, row, by)?);
    let due_on = working_days(&calendar, by.today, rules.decide_days);
    let objection = ObjectionRow {
        listing_id: row.id,
        words: body.words.clone(),
        objected_by: by.actor.map(ActorId),
        objected_on: by.today,
        due_on,
        extended_for: None,
        outcome: None,
        reply: None,
        decided_by: None,
        decided_on: None,
        alarmed: false,
    };
    diesel::insert_into(objections::table).values(&objection).execute(c)?;
    let after = ListingRow { status, active_from: None, ..row.clone() };
    save(c, row, after, ("listing.objected", json!({ "due_on": due_on })), by)
}

/// 延长: where it has to be verified, once; counted from the objection.
pub fn extend(c: &mut Conn, row: &ListingRow, body: &ExtendObjectionIn, by: &By) -> Result<ListingRow> {
    step(row, ListingStep::Dismiss, by)?;
    let objection = waiting(c, row.id)?;
    may_extend(objection.extended_for.is_some(), objection.due_on, by.today)?;
    let rules = rules_of(c, row)?;
    let since = By { today: objection.objected_on, ..*by };
    let calendar = calendar_of(c, row, &since)?;
    let due_on = working_days(&calendar, objection.objected_on, rules.decide_extended_days);
    write(c, &ObjectionRow { due_on, extended_for: Some(body.reason.clone()), ..objection })?;
    save(c, row, row.clone(), ("listing.objection_extended", json!({ "due_on": due_on })), by)
}

/// 办结: upheld, the entry is revoked; dismissed, it takes effect today.
pub fn decide(c: &mut Conn, row: &ListingRow, body: &DecideObjectionIn, by: &By) -> Result<ListingRow> {
    let upheld = body.outcome == ListingObjectionOutcome::Upheld;
    let status = step(row, if upheld { ListingStep::Uphold } else { ListingStep::Dismiss }, by)?;
    check_other(row.proposed_by.0, by.actor)?;
    let objection = waiting(c, row.id)?;
    let late = by.today > objection.due_on;
    let decided = ObjectionRow {
        outcome: Some(body.outcome),
        reply: Some(body.reply.clone()),
        decided_by: by.actor.map(ActorId),
        decided_on: Some(by.today),
        ..objection
    };
    write(c, &decided)?;
    let after = match body.outcome {
        ListingObjectionOutcome::Upheld => ListingRow { status, ..ended(row, &body.reply, by) },
        ListingObjectionOutcome::Dismissed => ListingRow { status, active_from: Some(by.today), ..row.clone() },
    };
    let data = json!({ "outcome": body.outcome, "late": late });
    save(c, row, after, ("listing.objection_decided", data), by)
}

/// The row of an objection goes with its entry, whose version guards it.
pub fn write(c: &mut Conn, row: &ObjectionRow) -> Result<()> {
    diesel::update(objections::table.find(row.listing_id)).set(row).execute(c)?;
    Ok(())
}

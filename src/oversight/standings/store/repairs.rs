//! 信用修复申请: the organisation says what it has corrected and asks to be taken off the list. Whoever keeps the list grants it by
//! the repair, or declines with a reason; then it may ask again.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::db::Conn;
use platform::error::OrConflict;
use platform::history::{ActorId, By};
use serde_json::json;

use super::listings::{ListingRow, rules_of, save};
use super::steps::step;
use crate::schema::listing_repair_requests as requests;
use crate::standings::dto::{DeclineRepairIn, ListingId, RepairListingIn, RepairOutcome, RepairRequestId};
use crate::standings::rules::listing::may_repair;
use crate::standings::rules::states::ListingStep;
use crate::standings::rules::{NO_REPAIR_REQUEST, REPAIR_REQUESTED};

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = requests, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct RepairRow {
    pub id: RepairRequestId,
    pub listing_id: ListingId,
    pub words: String,
    pub corrected_on: NaiveDate,
    pub asked_by: Option<ActorId>,
    pub asked_on: NaiveDate,
    pub outcome: Option<RepairOutcome>,
    pub reply: Option<String>,
    pub decided_by: Option<ActorId>,
    pub decided_on: Option<NaiveDate>,
}

/// The latest of an entry.
pub fn of(c: &mut Conn, listing: ListingId) -> Result<Option<RepairRow>> {
    let all = requests::table.filter(requests::listing_id.eq(listing));
    Ok(all.order(requests::id.desc()).select(RepairRow::as_select()).first(c).optional()?)
}

fn waiting(c: &mut Conn, listing: ListingId) -> Result<Option<RepairRow>> {
    Ok(of(c, listing)?.filter(|row| row.outcome.is_none()))
}

/// 申请: once it could be granted, and one at a time.
pub fn request(c: &mut Conn, row: &ListingRow, body: &RepairListingIn, by: &By) -> Result<ListingRow> {
    request_as(c, RepairRequestId::fresh(), row, body, by)
}

/// The same with an id that is known beforehand.
pub fn request_as(
    c: &mut Conn,
    id: RepairRequestId,
    row: &ListingRow,
    body: &RepairListingIn,
    by: &By,
) -> Result<ListingRow> {
    step(row, ListingStep::RequestRepair, by)?;
    may_repair(row.list, row.published_on, body.corrected_on, by.today, &rules_of(c, row)?)?;
    let asked = RepairRow {
        id,
        listing_id: row.id,
        words: body.correction.clone(),
        corrected_on: body.corrected_on,
        asked_by: by.actor.map(ActorId),
        asked_on: by.today,
        outcome: None,
        reply: None,
        decided_by: None,
        decided_on: None,
    };
    diesel::insert_into(requests::table).values(&asked).execute(c).or_conflict(&REPAIR_REQUESTED)?;
    let data = json!({ "request_id": asked.id, "corrected_on": asked.corrected_on });
    save(c, row, row.clone(), ("listing.repair_requested", data), by)
}

/// 不予修复, with the reason.
pub fn decline(c: &mut Conn, row: &ListingRow, body: &DeclineRepairIn, by: &By) -> Result<ListingRow> {
    step(row, ListingStep::DeclineRepair, by)?;
    let asked = waiting(c, row.id)?.ok_or(&NO_REPAIR_REQUEST)?;
    let id = asked.id;
    answer(c, asked, (RepairOutcome::Declined, &body.reply), by)?;
    save(c, row, row.clone(), ("listing.repair_declined", json!({ "request_id": id })), by)
}

/// What was asked for is granted with the repair, where it was asked for.
pub fn granted(c: &mut Conn, listing: ListingId, words: &str, by: &By) -> Result<()> {
    match waiting(c, listing)? {
        Some(asked) => answer(c, asked, (RepairOutcome::Granted, words), by),
        None => Ok(()),
    }
}

/// The row goes with its entry, whose version guards it.
fn answer(c: &mut Conn, asked: RepairRow, (outcome, reply): (RepairOutcome, &str), by: &By) -> Result<()> {
    let answered = RepairRow {
        outcome: Some(outcome),
        reply: Some(reply.to_owned()),
        decided_by: by.actor.map(ActorId),
        decided_on: Some(by.today),
        ..asked
    };
    diesel::update(requests::table.find(answered.id)).set(&answered).execute(c)?;
    Ok(())
}

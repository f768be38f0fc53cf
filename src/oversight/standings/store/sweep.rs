//! 到期: what goes by the day is read off the days, and written down here as well, so that the history and the feed tell of it.

use diesel::prelude::*;
use platform::Result;
use platform::db::{Backend, Conn};
use platform::history::By;
use roster::organisations::OrganisationId;
use serde_json::json;

use super::listings::{ListingRow, get, save};
use super::objections::{ObjectionRow, write};
use crate::schema::{listing_objections as objections, listings};
use crate::standings::dto::ListingStatus;

const PER_RUN: i64 = 200;

/// Takes entries to the state that their days say, and tells once of each objection that is overdue; how many rows.
pub fn sweep(c: &mut Conn, by: &By) -> Result<usize> {
    let lagging = lagging(by).order(listings::id.asc()).limit(PER_RUN);
    let rows: Vec<ListingRow> = lagging.select(ListingRow::as_select()).load(c)?;
    for row in &rows {
        settle_row(c, row, by)?;
    }
    Ok(rows.len() + alarm(c, by)?)
}

/// The same for what one organisation has, before something is asked of it.
pub fn settle(c: &mut Conn, organisation: OrganisationId, by: &By) -> Result<()> {
    let lagging = lagging(by).filter(listings::organisation_id.eq(organisation));
    let rows: Vec<ListingRow> = lagging.select(ListingRow::as_select()).load(c)?;
    rows.iter().try_for_each(|row| settle_row(c, row, by))
}

fn lagging(by: &By) -> listings::BoxedQuery<'static, Backend> {
    let begun = listings::active_from.is_not_null().and(listings::active_from.assume_not_null().le(by.today));
    let over = listings::valid_to.is_not_null().and(listings::valid_to.assume_not_null().lt(by.today));
    let takes_effect = listings::status.eq(ListingStatus::Published).and(begun);
    let expires = listings::status.eq(ListingStatus::Active).and(over);
    listings::table.into_boxed::<Backend>().filter(takes_effect.or(expires))
}

/// One step after the other: what has run out before it was seen to take effect did take effect.
fn settle_row(c: &mut Conn, row: &ListingRow, by: &By) -> Result<()> {
    let target = row.days().status_on(by.today);
    let mut row = row.clone();
    if row.status == ListingStatus::Published {
        let after = ListingRow { status: ListingStatus::Active, ..row.clone() };
        row = save(c, &row, after, ("listing.active", json!({ "active_from": row.active_from })), by)?;
    }
    if target == ListingStatus::Expired {
        let after = ListingRow { status: ListingStatus::Expired, ..row.clone() };
        save(c, &row, after, ("listing.expired", json!({ "valid_to": row.valid_to })), by)?;
    }
    Ok(())
}

fn alarm(c: &mut Conn, by: &By) -> Result<usize> {
    let late: Vec<ObjectionRow> = objections::table
        .filter(objections::outcome.is_null().and(objections::alarmed.eq(false)))
        .filter(objections::due_on.lt(by.today))
        .order(objections::due_on.asc())
        .limit(PER_RUN)
        .select(ObjectionRow::as_select())
        .load(c)?;
    for objection in &late {
        let row = get(c, objection.listing_id)?;
        write(c, &ObjectionRow { alarmed: true, ..objection.clone() })?;
        // Revoked while it was objected to, it waits for nobody any more.
        if row.status == ListingStatus::Objected {
            let data = json!({ "due_on": objection.due_on });
            save(c, &row, row.clone(), ("listing.objection_overdue", data), by)?;
        }
    }
    Ok(late.len())
}

//! What ends together: a person's record with all that stands on it, and the residencies of a room that is no more.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::db::{Conn, Json};
use registry::territory::dto::RoomId;
use serde_json::json;

use super::persons::{self, ERASED, PersonChanges, PersonRow};
use super::residencies::{self, ResidencyRow};
use super::{By, checkins, consents, requests, stages};
use crate::people::dto::{PartyStatus, PersonCloseReason, PersonId, ResidencyEndReason, ResidencyStatus};
use crate::people::rules;
use crate::schema::residencies as homes;

/// Closes a record; what stands on it ends with it.
pub fn close(c: &mut Conn, row: &PersonRow, on: NaiveDate, reason: PersonCloseReason, by: &By) -> Result<PersonRow> {
    row.refuse_closed()?;
    rules::check_end(None, on, by.today)?;
    end_all(c, row, on, reason, by)?;
    let changes =
        PersonChanges { closed_on: Some(Some(on)), close_reason: Some(Some(reason)), ..PersonChanges::default() };
    persons::change(c, row, changes, ("person.closed", json!({ "on": on, "reason": reason })), by)
}

fn end_all(c: &mut Conn, row: &PersonRow, on: NaiveDate, reason: PersonCloseReason, by: &By) -> Result<()> {
    let end_reason = match reason {
        PersonCloseReason::Deceased => ResidencyEndReason::Deceased,
        PersonCloseReason::Mistaken => ResidencyEndReason::Mistaken,
        _ => ResidencyEndReason::PersonClosed,
    };
    end_residencies_of(c, row.id, on, end_reason, by)?;
    consents::withdraw_all_of(c, row.id, by)?;
    checkins::end_all_of(c, row.id, on, by)
}

/// 删除: closes the record and leaves nothing of the person in it (PIPL 47). History holds nothing of it in any case; the
/// log of openings stays, because it watches those who looked.
pub fn erase(c: &mut Conn, row: &PersonRow, by: &By) -> Result<PersonRow> {
    let on = row.closed_on.unwrap_or(by.today);
    end_all(c, row, on, PersonCloseReason::Erased, by)?;
    stages::forget(c, row.id)?;
    residencies::forget(c, row.id)?;
    requests::forget(c, row.id)?;
    let changes = PersonChanges {
        name: Some(ERASED.to_owned()),
        search_name: Some(ERASED.to_owned()),
        gender: Some(None),
        birth_year: Some(None),
        phone_sealed: Some(None),
        phone_masked: Some(None),
        phone_mark: Some(None),
        party_status: Some(PartyStatus::None),
        veteran: Some(false),
        retired: Some(false),
        cadre: Some(false),
        skills: Some(Json(json!([]))),
        skill_index: Some(String::new()),
        closed_on: Some(Some(on)),
        close_reason: Some(Some(PersonCloseReason::Erased)),
        ..PersonChanges::default()
    };
    let event = if row.closed_on.is_none() { "person.closed" } else { "person.erased" };
    persons::change(c, row, changes, (event, json!({ "on": on, "reason": PersonCloseReason::Erased })), by)
}

/// Ends what is in force and withdraws what waits, of one person.
fn end_residencies_of(
    c: &mut Conn,
    person: PersonId,
    on: NaiveDate,
    reason: ResidencyEndReason,
    by: &By,
) -> Result<()> {
    let open = homes::table.filter(homes::person_id.eq(person)).filter(residencies::is_open()).order(homes::id.asc());
    let rows = open.select(ResidencyRow::as_select()).load(c)?;
    end_each(c, rows, on, reason, by)
}

/// The same of one room, which is no more.
pub fn end_residencies_in(c: &mut Conn, room: RoomId, on: NaiveDate, by: &By) -> Result<()> {
    let open = homes::table.filter(homes::room_id.eq(room)).filter(residencies::is_open()).order(homes::id.asc());
    let rows = open.select(ResidencyRow::as_select()).load(c)?;
    end_each(c, rows, on, ResidencyEndReason::RoomClosed, by)
}

fn end_each(c: &mut Conn, rows: Vec<ResidencyRow>, on: NaiveDate, reason: ResidencyEndReason, by: &By) -> Result<()> {
    for row in rows {
        if row.status == ResidencyStatus::Applied {
            residencies::withdraw(c, &row, by)?;
        } else {
            // What began later than the day it ends on was never in force; its record says one day.
            residencies::end(c, &row, on.max(row.valid_from), reason, by)?;
        }
    }
    Ok(())
}

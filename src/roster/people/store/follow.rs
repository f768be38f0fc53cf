//! What persons and their rows do when the register below moves under them.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::clock::date_in_shanghai;
use platform::db::{Conn, Range};
use platform::history::Event;
use platform::{Error, Result, recode};
use registry::territory::dto::RoomId;
use serde_json::Value;

use super::{By, endings};
use crate::schema::{data_requests, member_checkins, persons, publication_consents, residencies as homes};

/// Follows a move, in the transaction that records it.
pub fn react(c: &mut Conn, event: &Event) -> Result<()> {
    match event.name {
        "compound.moved" => match ends(&event.data) {
            Some((from, to)) => {
                recode!(c, from, to, persons, homes, publication_consents, data_requests);
                Ok(())
            }
            None => Ok(()),
        },
        "grid.moved" => match ends(&event.data) {
            Some((from, to)) => {
                recode!(c, from, to, member_checkins);
                Ok(())
            }
            None => Ok(()),
        },
        "division.closed" => match event.data.get("successor_code").and_then(Value::as_str) {
            Some(successor) => take_over(c, &event.entity_id, successor),
            None => Ok(()),
        },
        "room.closed" => {
            let room: uuid::Uuid = event.entity_id.parse().map_err(Error::internal)?;
            let by = By { actor: event.actor, at: event.at, today: date_in_shanghai(event.at) };
            endings::end_residencies_in(c, RoomId(room), day_of(event), &by)
        }
        _ => Ok(()),
    }
}

fn ends(data: &Value) -> Option<(&str, &str)> {
    Some((data.get("from")?.as_str()?, data.get("to")?.as_str()?))
}

/// A division goes on under another code. What lay in its open compounds and grids has moved with them already. Persons
/// and requests that are left stood on the division itself or in compounds that were closed: the successor looks after
/// them. A check-in or a consent is for one place, so only those of the division itself go on.
fn take_over(c: &mut Conn, from: &str, to: &str) -> Result<()> {
    let range = Range::under(from);
    macro_rules! hand_over {
        ($($table:ident: $left:expr),+ $(,)?) => {$(
            diesel::update($table::table.filter($left))
                .set(($table::area_code.eq(to), $table::version.eq($table::version + 1)))
                .execute(c)?;
        )+};
    }
    hand_over!(
        persons: persons::area_code.ge(&range.from).and(persons::area_code.lt(&range.to)),
        data_requests: data_requests::area_code.ge(&range.from).and(data_requests::area_code.lt(&range.to)),
        member_checkins: member_checkins::area_code.eq(from),
        publication_consents: publication_consents::area_code.eq(from),
    );
    Ok(())
}

/// The day that an event names; its own where it names none.
fn day_of(event: &Event) -> NaiveDate {
    let named = event.data.get("on").and_then(Value::as_str).and_then(|day| day.parse().ok());
    named.unwrap_or_else(|| date_in_shanghai(event.at))
}

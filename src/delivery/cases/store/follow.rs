//! What cases do when the register below moves under them.

use diesel::prelude::*;
use platform::db::{Conn, Range};
use platform::history::Event;
use platform::{Result, recode};
use serde_json::Value;

use crate::schema::{case_clocks, case_extensions, case_holds, cases};

/// Follows a move, in the transaction that records it.
pub fn react(c: &mut Conn, event: &Event) -> Result<()> {
    match event.name {
        "compound.moved" => match ends(&event.data) {
            Some((from, to)) => move_compound(c, from, to),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn ends(data: &Value) -> Option<(&str, &str)> {
    Some((data.get("from")?.as_str()?, data.get("to")?.as_str()?))
}

/// Open and closed cases alike go with their compound; alarms and visits are facts of their day, and stay where they were.
fn move_compound(c: &mut Conn, from: &str, to: &str) -> Result<()> {
    const COMMUNITY_DIGITS: usize = 12;
    let inside = Range::under(from);
    let community = to.get(..COMMUNITY_DIGITS).unwrap_or(to);
    let moved = cases::table.filter(cases::area_code.ge(&inside.from)).filter(cases::area_code.lt(&inside.to));
    let set = (cases::community_code.eq(community), cases::grid_code.eq(None::<String>));
    diesel::update(moved).set(set).execute(c)?;
    recode!(c, from, to, cases, case_clocks, case_holds, case_extensions);
    Ok(())
}

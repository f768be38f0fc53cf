//! What meetings do when something befalls the place that they were held at, in the transaction that records it.

use diesel::prelude::*;
use platform::db::Conn;
use platform::history::Event;
use platform::{Result, recode};
use serde_json::Value;

use crate::schema::{action_items, meeting_minutes, meeting_series, meetings, resolutions};

/// What lies in a place that got a new code follows it; what is published keeps the code that it was published with.
pub fn react(c: &mut Conn, event: &Event) -> Result<()> {
    let word = |name: &str| event.data.get(name).and_then(Value::as_str);
    let moved = match event.name {
        "compound.moved" | "grid.moved" => word("from").zip(word("to")),
        "division.closed" => word("successor_code").map(|to| (event.entity_id.as_str(), to)),
        _ => None,
    };
    let Some((from, to)) = moved else { return Ok(()) };
    recode!(c, from, to, meeting_series, meetings, meeting_minutes, resolutions, action_items);
    Ok(())
}

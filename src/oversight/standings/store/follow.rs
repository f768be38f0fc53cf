//! What lies in a place that got a new code follows it, in the transaction that records the move. What is frozen stays as it
//! was.

use diesel::prelude::*;
use platform::db::Conn;
use platform::history::Event;
use platform::{Result, recode};
use serde_json::Value;

use crate::schema::{credit_events, listings};

pub fn react(c: &mut Conn, event: &Event) -> Result<()> {
    if event.name != "division.closed" {
        return Ok(());
    }
    let Some(to) = event.data.get("successor_code").and_then(Value::as_str) else { return Ok(()) };
    recode!(c, &event.entity_id, to, listings, credit_events);
    Ok(())
}

//! What surveys do when something befalls the place that they are about, in the transaction that records it.

use diesel::prelude::*;
use platform::db::Conn;
use platform::history::Event;
use platform::{Result, recode};
use serde_json::Value;

use crate::schema::{survey_consequences, survey_forms, survey_rounds};

/// What lies in a place that got a new code follows it. Answers know their building by its last digits, which stay.
pub fn react(c: &mut Conn, event: &Event) -> Result<()> {
    let word = |name: &str| event.data.get(name).and_then(Value::as_str);
    let moved = match event.name {
        "compound.moved" => word("from").zip(word("to")),
        "division.closed" => word("successor_code").map(|to| (event.entity_id.as_str(), to)),
        _ => None,
    };
    let Some((from, to)) = moved else { return Ok(()) };
    recode!(c, from, to, survey_forms, survey_rounds, survey_consequences);
    Ok(())
}

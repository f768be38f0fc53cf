//! What lies in a place that got a new code follows it, in the transaction that records the move.

use diesel::prelude::*;
use platform::db::Conn;
use platform::history::Event;
use platform::{Result, recode};
use serde_json::Value;

use crate::schema::{
    assessments, check_runs, red_line_deductions, service_commitments, target_contracts, weekly_items,
};

pub fn react(c: &mut Conn, event: &Event) -> Result<()> {
    let word = |name: &str| event.data.get(name).and_then(Value::as_str);
    let moved = match event.name {
        "compound.moved" => word("from").zip(word("to")),
        "division.closed" => word("successor_code").map(|to| (event.entity_id.as_str(), to)),
        _ => None,
    };
    let Some((from, to)) = moved else { return Ok(()) };
    // A checklist stays with the area that published it, as a local rule does: the successor may have one of that name.
    recode!(c, from, to, check_runs, service_commitments, weekly_items, assessments, red_line_deductions);
    recode!(c, from, to, target_contracts);
    Ok(())
}

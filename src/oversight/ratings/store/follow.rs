//! What lies in a place that got a new code follows it, in the transaction that records the move. Schemes and campaigns are of
//! districts and streets, whose codes stay.

use diesel::prelude::*;
use platform::db::Conn;
use platform::history::Event;
use platform::{Result, recode};
use serde_json::Value;

use crate::schema::{rating_appeals, rating_claims, rating_facts, rating_projects, rating_results};

pub fn react(c: &mut Conn, event: &Event) -> Result<()> {
    let word = |name: &str| event.data.get(name).and_then(Value::as_str);
    let moved = match event.name {
        "compound.moved" => word("from").zip(word("to")),
        "division.closed" => word("successor_code").map(|to| (event.entity_id.as_str(), to)),
        _ => None,
    };
    let Some((from, to)) = moved else { return Ok(()) };
    recode!(c, from, to, rating_projects, rating_claims, rating_facts, rating_results, rating_appeals);
    Ok(())
}

//! What cases do when the register below moves under them.

use diesel::prelude::*;
use diesel::sql_types::Text;
use platform::db::{Conn, Range, Ts, substr};
use platform::history::Event;
use platform::{Error, Result, recode};
use serde_json::Value;

use crate::schema::{case_clocks, case_extensions, case_holds, cases};

/// Follows a move, in the transaction that records it.
pub fn react(c: &mut Conn, event: &Event) -> Result<()> {
    match event.name {
        "compound.moved" => match ends(&event.data) {
            Some((from, to)) => move_compound(c, (from, to), event.at),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn ends(data: &Value) -> Option<(&str, &str)> {
    Some((data.get("from")?.as_str()?, data.get("to")?.as_str()?))
}

/// Open and closed cases alike go with their compound; alarms and visits are facts of their day, and stay where they were, as
/// does a clock that has ended or was due before: what was in time and what was not stays a figure of the old place.
fn move_compound(c: &mut Conn, (from, to): (&str, &str), at: Ts) -> Result<()> {
    const COMMUNITY_DIGITS: usize = 12;
    let inside = Range::under(from);
    let community = to.get(..COMMUNITY_DIGITS).unwrap_or(to);
    let moved = cases::table.filter(cases::area_code.ge(&inside.from)).filter(cases::area_code.lt(&inside.to));
    let set = (cases::community_code.eq(community), cases::grid_code.eq(None::<String>));
    diesel::update(moved).set(set).execute(c)?;
    recode!(c, from, to, cases, case_holds, case_extensions);
    let keep = i32::try_from(from.len() + 1).map_err(Error::internal)?;
    let running = case_clocks::ended_at.is_null().and(case_clocks::due_at.ge(at));
    let within = case_clocks::area_code.ge(&inside.from).and(case_clocks::area_code.lt(&inside.to));
    let code = to.to_owned().into_sql::<Text>().concat(substr(case_clocks::area_code, keep));
    diesel::update(case_clocks::table.filter(within.and(running)))
        .set((case_clocks::area_code.eq(code), case_clocks::version.eq(case_clocks::version + 1)))
        .execute(c)?;
    Ok(())
}

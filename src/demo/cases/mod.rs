//! 事件: the year 2023 in counts, its September case by case, and a desk with work for everybody today.

mod counters;
mod desk;
mod plan;
mod scenes;
mod september;
mod sites;
mod words;

use std::ops::Range;

use delivery::cases;
use delivery::cases::dto::CaseId;
use platform::Result;
use platform::db::{Conn, Db};

use super::ids::{self, Kind};
use sites::Sites;

/// What the desk has before it today, and what the year came to.
pub fn load(c: &mut Conn) -> Result<()> {
    counters::load(c)?;
    desk::load(c)
}

/// 2023 年 9 月, or some of its days from 0; `false` where they were there already. Each day in a transaction of its own:
/// whoever writes meanwhile waits for one day at most, and on PostgreSQL the feed waits for whatever runs.
pub fn load_september(db: &Db, days: Range<usize>) -> Result<bool> {
    let planned = super::plan::compounds();
    let sites = Sites::of_plan(&planned);
    let mut loaded = false;
    for nth in days {
        loaded |= db.write_now(|c| load_day(c, &sites, nth))?;
    }
    Ok(loaded)
}

fn load_day(c: &mut Conn, sites: &Sites, nth: usize) -> Result<bool> {
    if cases::exists(c, september::first_of(nth))? {
        return Ok(false);
    }
    september::load(c, sites, nth)?;
    Ok(true)
}

/// How many days September has, and how many of them tests load by themselves: 16 320 and 3 808 cases.
pub const SEPTEMBER: Range<usize> = 0..30;
pub const FIRST_WEEK: Range<usize> = 0..7;

/// The id of the `number`th case of today's desk, from 1.
pub fn desk_case(number: usize) -> CaseId {
    CaseId(ids::id(Kind::DeskCase, number))
}

/// The case that a problem reported in the alliance group became.
pub fn leak_of_the_group() -> CaseId {
    let number = scenes::scenes().iter().position(scenes::Scene::is_of_the_group).map_or(0, |at| at + 1);
    desk_case(number)
}

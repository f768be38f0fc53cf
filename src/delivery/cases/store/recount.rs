//! 复核: the counts of cases counted anew from their histories, which say of each step when and where it was taken. A case
//! that has moved on with its compound is looked for where it lies now.

use std::collections::BTreeSet;

use diesel::prelude::*;
use platform::Result;
use platform::db::{Conn, Range};
use platform::history;
use platform::rollups::recount::{Recounted, Tally};
use registry::territory::store::heirs::{heirs, testators};
use uuid::Uuid;

use super::change::{ENTITY, told_by};
use super::counts;
use crate::cases::dto::CaseId;
use crate::cases::rules::counting::{ALL, Retold};
use crate::schema::cases;

/// How the counts of cases are counted anew.
pub const RECOUNTED: Recounted = Recounted { metrics: &ALL, areas, recount };

/// Histories that are read at once: some ten events each.
const BATCH: i64 = 500;

fn areas(c: &mut Conn, range: &Range) -> Result<BTreeSet<String>> {
    let now: Vec<String> = cases::table
        .filter(cases::area_code.ge(&range.from).and(cases::area_code.lt(&range.to)))
        .select(cases::community_code)
        .distinct()
        .load(c)?;
    let mut areas = testators(c, range)?;
    areas.extend(now);
    Ok(areas)
}

fn recount(c: &mut Conn, tally: &mut Tally) -> Result<()> {
    // Every case lies in a community.
    if !tally.part().is_community() {
        return Ok(());
    }
    for community in heirs(c, &tally.part().code.clone())? {
        let mut last = CaseId(Uuid::nil());
        loop {
            let behind = cases::community_code.eq(&community).and(cases::id.gt(last));
            let ids: Vec<CaseId> =
                cases::table.filter(behind).order(cases::id).limit(BATCH).select(cases::id).load(c)?;
            let Some(newest) = ids.last() else { break };
            last = *newest;
            retell(c, &ids, tally)?;
        }
    }
    Ok(())
}

fn retell(c: &mut Conn, ids: &[CaseId], tally: &mut Tally) -> Result<()> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let events = history::retold(c, ENTITY, &ids)?;
    for of_case in events.chunk_by(|one, next| one.entity_id == next.entity_id) {
        let mut case = Retold::default();
        for event in of_case {
            let (day, changes) = case.next(told_by(&event.event), event.at, &event.data.0)?;
            counts::rows(&event.area_code, changes, day).into_iter().for_each(|count| tally.add(count));
        }
    }
    Ok(())
}

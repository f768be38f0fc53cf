//! 复核: the counts of meetings counted anew from the meetings that have closed, what was on their agendas, and what was
//! resolved of it. Where a meeting was held is in its history: it may lie under another code now.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::clock::date_in_shanghai;
use platform::db::{Conn, Range, Ts};
use platform::history;
use platform::rollups::Count;
use platform::rollups::recount::{Recounted, Tally, code_of};
use registry::territory::store::heirs::{heirs, testators};
use uuid::Uuid;

use super::figures::{self, CLOSED, RAISED, RESOLVED, SESSIONS};
use super::meetings::ENTITY;
use crate::meetings::dto::{
    ItemKind, ItemStatus, MeetingId, MeetingKind, MeetingStatus, ResolutionStatus, SourceKind, Standing,
};
use crate::meetings::rules::resolutions::is_resolved;
use crate::schema::{agenda_items as items, meetings, resolutions};

/// How the counts of meetings are counted anew.
pub const RECOUNTED: Recounted = Recounted { metrics: &[SESSIONS, RAISED, RESOLVED], areas, recount };

/// Meetings that are looked at at once.
const BATCH: i64 = 200;

fn areas(c: &mut Conn, range: &Range) -> Result<BTreeSet<String>> {
    let now: Vec<String> = meetings::table
        .filter(meetings::area_code.ge(&range.from).and(meetings::area_code.lt(&range.to)))
        .select(meetings::area_code)
        .distinct()
        .load(c)?;
    let mut areas = testators(c, range)?;
    areas.extend(now.iter().map(|code| code_of(code).to_owned()));
    Ok(areas)
}

#[derive(Debug, Queryable)]
struct Held {
    id: MeetingId,
    kind: MeetingKind,
    standing: Option<Standing>,
    starts_at: Ts,
}

/// Where and when something counts.
type Spot = (String, NaiveDate);

fn recount(c: &mut Conn, tally: &mut Tally) -> Result<()> {
    let part = tally.part().clone();
    for code in heirs(c, &part.code)? {
        let range = if part.is_community() { Range::under(&code) } else { exactly(&code) };
        let mut last = MeetingId(Uuid::nil());
        loop {
            let held: Vec<Held> = meetings::table
                .filter(meetings::area_code.ge(&range.from).and(meetings::area_code.lt(&range.to)))
                .filter(meetings::status.eq(MeetingStatus::Closed).and(meetings::id.gt(last)))
                .order(meetings::id)
                .limit(BATCH)
                .select((meetings::id, meetings::kind, meetings::standing, meetings::starts_at))
                .load(c)?;
            let Some(newest) = held.last() else { break };
            last = newest.id;
            count(c, held, tally)?;
        }
    }
    Ok(())
}

fn exactly(code: &str) -> Range {
    Range { from: code.to_owned(), to: format!("{code}\u{1}") }
}

fn count(c: &mut Conn, held: Vec<Held>, tally: &mut Tally) -> Result<()> {
    let ids: Vec<MeetingId> = held.iter().map(|meeting| meeting.id).collect();
    let mut spots: BTreeMap<MeetingId, Spot> = BTreeMap::new();
    let closed_at = closed_at(c, &ids)?;
    for meeting in held {
        let Some(area) = closed_at.get(&meeting.id.to_string()) else { continue };
        let spot = (area.clone(), date_in_shanghai(meeting.starts_at));
        let standing = meeting.standing.unwrap_or(Standing::Consultation);
        tally.add(one(SESSIONS, &spot, figures::session_of(meeting.kind, standing)));
        spots.insert(meeting.id, spot);
    }
    for (meeting, source) in raised(c, &ids)? {
        if let Some(spot) = spots.get(&meeting) {
            tally.add(one(RAISED, spot, figures::source_of(source).to_owned()));
        }
    }
    for (meeting, source, status) in decided(c, &ids)? {
        if let Some(spot) = spots.get(&meeting).filter(|_| is_resolved(status)) {
            tally.add(one(RESOLVED, spot, figures::source_of(source).to_owned()));
        }
    }
    Ok(())
}

fn one(metric: &'static str, (area_code, day): &Spot, dimension: String) -> Count {
    Count { metric, area_code: area_code.clone(), day: *day, dimension, n: 1 }
}

/// The code under which each meeting closed.
fn closed_at(c: &mut Conn, ids: &[MeetingId]) -> Result<BTreeMap<String, String>> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let events = history::retold(c, ENTITY, &ids)?;
    let closings = events.into_iter().filter(|event| event.event == CLOSED);
    Ok(closings.map(|event| (event.entity_id, event.area_code)).collect())
}

fn raised(c: &mut Conn, ids: &[MeetingId]) -> Result<Vec<(MeetingId, Option<SourceKind>)>> {
    Ok(items::table
        .filter(items::meeting_id.eq_any(ids))
        .filter(items::status.eq(ItemStatus::Listed).and(items::kind.ne(ItemKind::Report)))
        .select((items::meeting_id, items::source_kind))
        .load(c)?)
}

type Decided = (MeetingId, Option<SourceKind>, ResolutionStatus);

fn decided(c: &mut Conn, ids: &[MeetingId]) -> Result<Vec<Decided>> {
    Ok(resolutions::table
        .inner_join(items::table.on(items::id.eq(resolutions::item_id)))
        .filter(resolutions::meeting_id.eq_any(ids))
        .select((resolutions::meeting_id, items::source_kind, resolutions::status))
        .load(c)?)
}

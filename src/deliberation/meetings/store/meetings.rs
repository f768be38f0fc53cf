//! Meetings: planned, looked up, listed, shown whole.

use diesel::prelude::*;
use platform::auth::{AreaCode, AreaLevel, Visible};
use platform::db::{Backend, Conn, Json, Range, Ts};
use platform::error::OrConflict;
use platform::history::{record, record_first};
use platform::{Error, Result, in_ranges};
use roster::appointments::area_stands;
use serde_json::{Value, json};

use super::agenda::{self, Told};
use super::rows::{MeetingLine, MeetingRow, Terms};
use super::seats::{self, NewSeat, Seated};
use super::sight::{Sight, get};
use super::{By, no_longer, series};
use crate::meetings::dto::{
    MeetingId, MeetingIn, MeetingKind, MeetingPatch, MeetingQuery, MeetingStatus, SeatRole, Standing,
};
use crate::meetings::rules::agenda::{may_vote, party_of};
use crate::meetings::rules::quorum::{self, Count};
use crate::meetings::rules::states::is_open_to_planning;
use crate::meetings::rules::{
    CHAIN_BROKEN, CHAIN_TAKEN, CONVENER_UNKNOWN, ITEM_FIXED, NOT_CONVENER, SERIES_MISMATCH, WRONG_STATE,
};
use crate::names::organisation_names;
use crate::schema::{meeting_seats, meetings};

/// The entity of a meeting's events.
pub const ENTITY: &str = "meeting";
/// The digits of a community.
const COMMUNITY: usize = 12;

/// A meeting with everything that belongs to it.
pub struct Whole {
    pub row: MeetingRow,
    pub terms: Terms,
    pub count: Count,
    pub seats: Vec<Seated>,
    pub agenda: Vec<Told>,
}

/// A meeting with its seats and its agenda: one statement for the seats, four for the agenda, however many there are.
pub fn whole(c: &mut Conn, row: MeetingRow) -> Result<Whole> {
    let terms = row.terms()?;
    let seats = seats::of_meeting(c, row.id)?;
    let counted: Vec<quorum::Seat> = seats.iter().map(|seat| seat.row.counted()).collect();
    let count = quorum::count(&terms.rule, &terms.required_parties, &counted);
    let agenda = agenda::of_meeting(c, &row, &terms, &seats)?;
    Ok(Whole { row, terms, count, seats, agenda })
}

/// A place that stands, no wider than a district.
pub fn check_area(c: &mut Conn, area: &AreaCode) -> Result<()> {
    let fits = area.level() >= AreaLevel::District && area_stands(c, area)?;
    if fits { Ok(()) } else { Err(CONVENER_UNKNOWN.at("/area_code")) }
}

/// Plans a meeting, with the convener's seat and the others.
pub fn insert(c: &mut Conn, sight: &Sight, new: &MeetingIn, by: &By) -> Result<MeetingRow> {
    if !sight.convenes_at(new.area_code.as_str(), new.convener_org_id) {
        return Err((&NOT_CONVENER).into());
    }
    let convener = series::convener(c, new.convener_org_id, &new.area_code)?;
    check_area(c, &new.area_code)?;
    let (rule_set_id, mut terms) = series::rule_at(c, &new.area_code, new.kind, by.today)?;
    if let Some(id) = new.series_id {
        let of = series::get(c, id).map_err(|_| SERIES_MISMATCH.at("/series_id"))?;
        if !series::fits(&of, new.kind, &new.area_code, new.convener_org_id) {
            return Err(SERIES_MISMATCH.at("/series_id"));
        }
        terms.required_parties = serde_json::from_value(of.required_parties.0).map_err(Error::internal)?;
    }
    check_chain(c, new)?;
    let row = MeetingRow {
        id: MeetingId::fresh(),
        series_id: new.series_id,
        follows_id: new.follows_id,
        kind: new.kind,
        area_code: new.area_code.to_string(),
        title: new.title.clone(),
        convener_org_id: new.convener_org_id,
        mode: new.mode,
        place: new.place.clone(),
        starts_at: new.starts_at,
        minutes: new.minutes,
        status: MeetingStatus::Planned,
        status_reason: None,
        standing: None,
        terms: Json(serde_json::to_value(&terms).map_err(Error::internal)?),
        rule_set_id,
        check_in_code: None,
        notified_at: None,
        opened_at: None,
        closed_at: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_row(c, &row, by)?;
    let own = NewSeat {
        organisation: convener.id,
        kind: convener.kind,
        post: new.convener_post_id,
        role: SeatRole::Convener,
        votes: may_vote(row.kind, party_of(convener.kind)),
    };
    seats::insert(c, &row, own, "/convener_post_id")?;
    for (at, seat) in new.seats.iter().enumerate() {
        seats::add(c, &row, seat, &format!("/seats/{at}"))?;
    }
    Ok(row)
}

pub fn insert_row(c: &mut Conn, row: &MeetingRow, by: &By) -> Result<()> {
    diesel::insert_into(meetings::table).values(row).execute(c).or_conflict(&CHAIN_TAKEN)?;
    let data = json!({ "kind": row.kind, "starts_at": row.starts_at, "series_id": row.series_id });
    record_first(c, by.event(ENTITY, row.id, 1, "meeting.planned", &row.area_code, data))
}

/// 民情恳谈 → 事务协调 → 成效评议: each follows one of the kind before it that has closed, in the same community.
fn check_chain(c: &mut Conn, new: &MeetingIn) -> Result<()> {
    let Some(id) = new.follows_id else { return Ok(()) };
    let broken = || CHAIN_BROKEN.at("/follows_id");
    let before = match new.kind {
        MeetingKind::Coordination => MeetingKind::OpinionMeeting,
        MeetingKind::Appraisal => MeetingKind::Coordination,
        _ => return Err(broken()),
    };
    let followed = get(c, id).map_err(|_| broken())?;
    let here = followed.area_code.get(..COMMUNITY) == new.area_code.as_str().get(..COMMUNITY);
    if followed.kind == before && followed.status == MeetingStatus::Closed && here { Ok(()) } else { Err(broken()) }
}

/// Changes a meeting that is being planned.
pub fn update(c: &mut Conn, row: &MeetingRow, patch: &MeetingPatch, by: &By) -> Result<MeetingRow> {
    if !is_open_to_planning(row.status) {
        return Err((&ITEM_FIXED).into());
    }
    let MeetingPatch { title, mode, place, starts_at, minutes } = patch.clone();
    let after = MeetingRow {
        title: title.unwrap_or_else(|| row.title.clone()),
        mode: mode.unwrap_or(row.mode),
        place: place.unwrap_or_else(|| row.place.clone()),
        starts_at: starts_at.unwrap_or(row.starts_at),
        minutes: minutes.unwrap_or(row.minutes),
        ..row.clone()
    };
    let data = json!({ "starts_at": after.starts_at, "mode": after.mode });
    save(c, row, after, "meeting.changed", data, by)
}

/// Writes a step of a meeting down.
pub fn save(
    c: &mut Conn,
    before: &MeetingRow,
    mut after: MeetingRow,
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<MeetingRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let target = meetings::table.filter(meetings::id.eq(before.id).and(meetings::version.eq(before.version)));
    no_longer(diesel::update(target).set(&after).execute(c)?, after.version)?;
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}

/// Notes that something at the table has changed, a seat or who is there. Those who check in at once do not stand in each
/// other's way: the version goes up by one from whatever it is, while the meeting is in one of these states.
pub fn touch(
    c: &mut Conn,
    row: &MeetingRow,
    while_in: &[MeetingStatus],
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<i32> {
    let target = meetings::table.filter(meetings::id.eq(row.id).and(meetings::status.eq_any(while_in)));
    let version: Option<i32> = diesel::update(target)
        .set((meetings::version.eq(meetings::version + 1), meetings::updated_at.eq(by.at)))
        .returning(meetings::version)
        .get_result(c)
        .optional()?;
    let version = version.ok_or(Error::from(&WRONG_STATE))?;
    record(c, by.event(ENTITY, row.id, version, event, &row.area_code, data))?;
    Ok(version)
}

/// The joined and filtered list; a macro, for the type of a boxed join has no short name.
macro_rules! filtered {
    ($c:expr, $sight:expr, $filter:expr) => {{
        let (c, sight, filter): (&mut Conn, &Sight, &MeetingQuery) = ($c, $sight, $filter);
        let mut query = meetings::table
            .inner_join(organisation_names::table.on(organisation_names::id.eq(meetings::convener_org_id)))
            .into_boxed::<Backend>();
        if !sight.oversees(filter.area.as_ref()) {
            // What is seen by a seat lies in no area of one's own.
            let areas = sight.areas.narrow(filter.area.as_ref()).unwrap_or_else(|_| Visible::of([]));
            let seated = meeting_seats::table
                .filter(meeting_seats::organisation_id.eq_any(sight.organisations(c)?))
                .select(meeting_seats::meeting_id);
            query = query.filter(in_ranges!(areas.ranges(), meetings::area_code).or(meetings::id.eq_any(seated)));
        }
        if let Some(area) = &filter.area {
            query = query.filter(in_ranges!([Range::under(area.as_str())], meetings::area_code));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(meetings::kind.eq(kind));
        }
        if let Some(status) = filter.status {
            query = query.filter(meetings::status.eq(status));
        }
        if let Some(series) = filter.series_id {
            query = query.filter(meetings::series_id.eq(series));
        }
        if let Some(from) = filter.from {
            query = query.filter(meetings::starts_at.ge(from));
        }
        if let Some(to) = filter.to {
            query = query.filter(meetings::starts_at.lt(to));
        }
        query
    }};
}

/// Where a page of meetings goes on: behind this one.
pub type After = Option<(Ts, MeetingId)>;

/// Meetings, the latest first.
pub fn list(
    c: &mut Conn,
    sight: &Sight,
    (after, fetch): (After, i64),
    filter: &MeetingQuery,
) -> Result<Vec<(MeetingLine, String)>> {
    let mut query = filtered!(c, sight, filter);
    if let Some((at, id)) = after {
        query = query.filter(meetings::starts_at.lt(at).or(meetings::starts_at.eq(at).and(meetings::id.lt(id))));
    }
    Ok(query
        .order((meetings::starts_at.desc(), meetings::id.desc()))
        .limit(fetch)
        .select((MeetingLine::as_select(), organisation_names::name))
        .load(c)?)
}

pub fn count(c: &mut Conn, sight: &Sight, filter: &MeetingQuery) -> Result<i64> {
    Ok(filtered!(c, sight, filter).count().get_result(c)?)
}

/// Those of one person: at which an organisation has a seat that they act for.
pub fn list_mine(c: &mut Conn, sight: &Sight, from: Ts, limit: i64) -> Result<Vec<(MeetingLine, String)>> {
    let acted_for = sight.organisations(c)?;
    let seated =
        meeting_seats::table.filter(meeting_seats::organisation_id.eq_any(acted_for)).select(meeting_seats::meeting_id);
    Ok(meetings::table
        .inner_join(organisation_names::table.on(organisation_names::id.eq(meetings::convener_org_id)))
        .filter(meetings::id.eq_any(seated).and(meetings::starts_at.ge(from)))
        .filter(meetings::status.ne(MeetingStatus::Planned))
        .order((meetings::starts_at.asc(), meetings::id.asc()))
        .limit(limit)
        .select((MeetingLine::as_select(), organisation_names::name))
        .load(c)?)
}

/// The meetings on one issue: those that this one follows, itself, and those that follow it.
pub fn chain(c: &mut Conn, row: MeetingRow) -> Result<Vec<(MeetingLine, String)>> {
    let (mut ids, mut before, mut last) = (vec![row.id], row.follows_id, row.id);
    // Three kinds, each once: two steps each way reach all of them.
    while let Some(id) = before {
        ids.insert(0, id);
        before = meetings::table.find(id).select(meetings::follows_id).first(c)?;
    }
    while let Some(next) = following(c, last)? {
        ids.push(next);
        last = next;
    }
    let mut lines: Vec<(MeetingLine, String)> = meetings::table
        .inner_join(organisation_names::table.on(organisation_names::id.eq(meetings::convener_org_id)))
        .filter(meetings::id.eq_any(&ids))
        .select((MeetingLine::as_select(), organisation_names::name))
        .load(c)?;
    lines.sort_by_key(|(line, _)| ids.iter().position(|id| *id == line.id));
    Ok(lines)
}

fn following(c: &mut Conn, id: MeetingId) -> Result<Option<MeetingId>> {
    let stands = meetings::follows_id.eq(id).and(meetings::status.ne(MeetingStatus::Cancelled));
    Ok(meetings::table.filter(stands).select(meetings::id).first(c).optional()?)
}

/// Whether all three meetings on an issue have been held.
pub fn is_complete(rows: &[(MeetingLine, String)]) -> bool {
    let held =
        rows.iter().filter(|(row, _)| row.status == MeetingStatus::Closed && row.standing == Some(Standing::Joint));
    held.count() == 3
}

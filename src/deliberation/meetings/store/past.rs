//! 补录: meetings that were held before the register was kept, with who was there by the minutes of the time, what was raised
//! and what was resolved of it. Their histories are chained as if they had been written in service, and are no news for the
//! outbox; they count on the days on which they were held.

use chrono::{Datelike, Duration};
use diesel::prelude::*;
use platform::clock::date_in_shanghai;
use platform::db::{Conn, Json, Ts};
use platform::history::{self, Event, EventRow};
use platform::insert_rows;
use platform::rollups::{self, Count};
use platform::{Error, Result};
use registry::identity::AccountId;
use roster::organisations::{OrgKind, OrganisationId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::resolutions::{self, ResolutionRow};
use super::rows::{ItemRow, MeetingRow, SeatRow, SeriesRow, Terms};
use super::seats::{NewSeat, fresh};
use super::{agenda, figures, meetings};
use crate::meetings::dto::{
    AgendaItemId, Attendance, Cadence, ItemKind, ItemStatus, MeetingId, MeetingKind, MeetingStatus, Method, Mode,
    ResolutionId, ResolutionStatus, SeatId, SeatRole, SeriesId, SourceKind, Standing,
};
use crate::meetings::rules::cadence::next_due;
use crate::meetings::rules::params::KindRule;
use crate::meetings::rules::quorum;
use crate::schema::{
    agenda_items, meeting_seats, meeting_series, meetings as meetings_table, resolutions as resolutions_table,
};

/// How long before the meeting its notice went out.
const NOTICE: i64 = 5;

/// An item of a meeting that was held.
#[derive(Debug, Clone)]
pub struct PastItem {
    pub id: AgendaItemId,
    pub title: String,
    pub kind: ItemKind,
    pub source: Option<(SourceKind, String)>,
    /// What was resolved about it and done since, with its serial in the year.
    pub resolved: Option<(ResolutionId, i32, String)>,
}

/// A meeting that was held.
#[derive(Debug, Clone)]
pub struct PastMeeting {
    pub id: MeetingId,
    pub series: Option<SeriesId>,
    pub follows: Option<MeetingId>,
    pub kind: MeetingKind,
    pub area_code: String,
    pub title: String,
    pub place: String,
    pub starts_at: Ts,
    pub minutes: i32,
    /// The convener first. Each has an id of its own.
    pub seats: Vec<(SeatId, OrganisationId, OrgKind)>,
    pub items: Vec<PastItem>,
    pub proposed_by: AccountId,
}

/// A meeting that is called: with its agenda, and nobody there yet.
#[derive(Debug, Clone)]
pub struct Called {
    pub meeting: PastMeeting,
    pub notified_at: Ts,
    pub check_in_code: String,
}

/// What is written of some meetings, table by table.
#[derive(Default)]
struct Rows {
    meetings: Vec<MeetingRow>,
    seats: Vec<SeatRow>,
    items: Vec<ItemRow>,
    resolutions: Vec<ResolutionRow>,
    events: Vec<EventRow>,
    counts: Vec<Count>,
}

/// A series that has been held for a while.
pub fn series(
    c: &mut Conn,
    (id, kind, area, title): (SeriesId, MeetingKind, &str, &str),
    convener: OrganisationId,
    (starts_on, last_held_on): (chrono::NaiveDate, chrono::NaiveDate),
) -> Result<()> {
    let rule = KindRule::of(kind);
    let at = platform::clock::midnight_in_shanghai(starts_on);
    let row = SeriesRow {
        id,
        kind,
        area_code: area.to_owned(),
        title: title.to_owned(),
        cadence: rule.cadence,
        required_parties: Json(json!(rule.required_parties)),
        convener_org_id: convener,
        starts_on,
        last_held_on: Some(last_held_on),
        next_due_on: next_due(last_held_on, rule.cadence).filter(|_| rule.cadence != Cadence::AsNeeded),
        alarmed_for: None,
        ended_on: None,
        end_reason: None,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    insert_rows!(c, meeting_series::table, vec![&row])?;
    let begun = Event {
        entity: super::series::ENTITY,
        entity_id: id.to_string(),
        seq: 1,
        name: "meeting_series.begun",
        area_code: row.area_code.clone(),
        actor: None,
        at,
        data: json!({ "kind": kind, "cadence": row.cadence, "convener_org_id": convener }),
    };
    history::take_over(c, &history::chained(vec![begun]))
}

/// Writes meetings that were held, whole.
pub fn take_over(c: &mut Conn, past: &[PastMeeting]) -> Result<()> {
    let mut rows = Rows::default();
    past.iter().try_for_each(|meeting| rows.held(meeting))?;
    rows.write(c)
}

/// Writes a meeting that is called and not held yet.
pub fn call(c: &mut Conn, called: &Called) -> Result<()> {
    let mut rows = Rows::default();
    rows.called(called)?;
    rows.write(c)
}

impl Rows {
    fn write(self, c: &mut Conn) -> Result<()> {
        insert_rows!(c, meetings_table::table, self.meetings.iter().collect())?;
        insert_rows!(c, meeting_seats::table, self.seats.iter().collect())?;
        insert_rows!(c, agenda_items::table, self.items.iter().collect())?;
        insert_rows!(c, resolutions_table::table, self.resolutions.iter().collect())?;
        history::take_over(c, &self.events)?;
        rollups::add_all(c, &rollups::summed(self.counts))
    }

    fn called(&mut self, called: &Called) -> Result<()> {
        let meeting = &called.meeting;
        let row = MeetingRow {
            status: MeetingStatus::Notified,
            check_in_code: Some(called.check_in_code.clone()),
            notified_at: Some(called.notified_at),
            version: 2,
            created_at: called.notified_at,
            updated_at: called.notified_at,
            ..row_of(meeting)?
        };
        let steps = [("meeting.planned", called.notified_at), ("meeting.notified", called.notified_at)];
        self.chain(meetings::ENTITY, row.id.0, &row.area_code, &steps, json!({ "kind": row.kind }));
        self.seats.extend(seats_of(meeting, None));
        self.raise(meeting, called.notified_at);
        self.meetings.push(row);
        Ok(())
    }

    fn held(&mut self, meeting: &PastMeeting) -> Result<()> {
        let notified_at = meeting.starts_at.plus(Duration::days(-NOTICE));
        let closed_at = meeting.starts_at.plus(Duration::minutes(i64::from(meeting.minutes)));
        let seats = seats_of(meeting, Some(meeting.starts_at));
        let rule = KindRule::of(meeting.kind);
        let counted: Vec<quorum::Seat> = seats.iter().map(SeatRow::counted).collect();
        let standing = quorum::count(&rule, &rule.required_parties, &counted).standing();
        let row = MeetingRow {
            status: MeetingStatus::Closed,
            standing: Some(standing),
            notified_at: Some(notified_at),
            opened_at: Some(meeting.starts_at),
            closed_at: Some(closed_at),
            version: 4,
            created_at: notified_at,
            updated_at: closed_at,
            ..row_of(meeting)?
        };
        let steps = [
            ("meeting.planned", notified_at),
            ("meeting.notified", notified_at),
            ("meeting.opened", meeting.starts_at),
            (figures::CLOSED, closed_at),
        ];
        self.chain(
            meetings::ENTITY,
            row.id.0,
            &row.area_code,
            &steps,
            json!({ "kind": row.kind, "standing": standing }),
        );
        self.seats.extend(seats);
        self.raise(meeting, notified_at);
        self.count(&row, standing, meeting);
        for item in &meeting.items {
            self.resolve(meeting, item, closed_at);
        }
        self.meetings.push(row);
        Ok(())
    }

    fn raise(&mut self, meeting: &PastMeeting, at: Ts) {
        for (place, item) in meeting.items.iter().enumerate() {
            let row = ItemRow {
                id: item.id,
                meeting_id: meeting.id,
                parent_id: None,
                position: i32::try_from(place + 1).unwrap_or(1000),
                title: item.title.clone(),
                body: None,
                kind: item.kind,
                minutes: 20,
                presenter_org_id: None,
                object_org_id: None,
                source_kind: item.source.as_ref().map(|(kind, _)| *kind),
                source_id: None,
                source_note: item.source.as_ref().map(|(_, note)| note.clone()),
                impromptu: false,
                status: ItemStatus::Listed,
                status_reason: None,
                proposed_by: meeting.proposed_by,
                version: 1,
                created_at: at,
                updated_at: at,
            };
            let data = json!({ "meeting_id": meeting.id, "kind": row.kind, "source_kind": row.source_kind });
            self.chain(agenda::ENTITY, row.id.0, &meeting.area_code, &[("agenda_item.raised", at)], data);
            self.items.push(row);
        }
    }

    /// What was resolved took effect with the minutes and has been done since.
    fn resolve(&mut self, meeting: &PastMeeting, item: &PastItem, at: Ts) {
        let Some((id, serial, words)) = &item.resolved else { return };
        let (decided_on, done_at) = (date_in_shanghai(at), at.plus(Duration::days(14)));
        let row = ResolutionRow {
            id: *id,
            meeting_id: meeting.id,
            item_id: item.id,
            area_code: meeting.area_code.clone(),
            year: decided_on.year(),
            serial: *serial,
            title: item.title.clone(),
            words: words.clone(),
            method: Method::Consensus,
            status: ResolutionStatus::Done,
            status_reason: None,
            binding_on: Json(json!(meeting.seats.iter().map(|(_, id, _)| *id).collect::<Vec<_>>())),
            tally: None,
            requires_owner_vote: false,
            owner_vote_id: None,
            superseded_by: None,
            case_id: None,
            satisfied: None,
            decided_at: Some(at),
            effective_on: Some(decided_on),
            version: 4,
            created_at: at,
            updated_at: done_at,
        };
        let steps = [
            ("resolution.proposed", at),
            ("resolution.adopted", at),
            ("resolution.effective", at),
            ("resolution.done", done_at),
        ];
        let data = json!({ "meeting_id": meeting.id, "item_id": item.id, "number": row.number() });
        self.chain(resolutions::ENTITY, row.id.0, &meeting.area_code, &steps, data);
        self.resolutions.push(row);
    }

    fn count(&mut self, row: &MeetingRow, standing: Standing, meeting: &PastMeeting) {
        let day = row.day();
        let count =
            |metric, dimension: String| Count { metric, area_code: row.area_code.clone(), day, dimension, n: 1 };
        self.counts.push(count(figures::SESSIONS, figures::session_of(row.kind, standing)));
        for item in meeting.items.iter().filter(|item| item.kind != ItemKind::Report) {
            let source = figures::source_of(item.source.as_ref().map(|(kind, _)| *kind)).to_owned();
            self.counts.push(count(figures::RAISED, source.clone()));
            if item.resolved.is_some() {
                self.counts.push(count(figures::RESOLVED, source));
            }
        }
    }

    fn chain(&mut self, entity: &'static str, id: Uuid, area: &str, steps: &[(&'static str, Ts)], data: Value) {
        let event = |(seq, (name, at)): (usize, &(&'static str, Ts))| Event {
            entity,
            entity_id: id.to_string(),
            seq: i32::try_from(seq + 1).unwrap_or(i32::MAX),
            name,
            area_code: area.to_owned(),
            actor: None,
            at: *at,
            data: data.clone(),
        };
        self.events.extend(history::chained(steps.iter().enumerate().map(event).collect()));
    }
}

/// A meeting that is planned, under the rule that its kind has where no place has set one.
fn row_of(meeting: &PastMeeting) -> Result<MeetingRow> {
    let rule = KindRule::of(meeting.kind);
    let terms = Terms { required_parties: rule.required_parties.clone(), rule };
    let convener = meeting.seats.first().ok_or_else(|| Error::internal("a meeting without a convener"))?.1;
    Ok(MeetingRow {
        id: meeting.id,
        series_id: meeting.series,
        follows_id: meeting.follows,
        kind: meeting.kind,
        area_code: meeting.area_code.clone(),
        title: meeting.title.clone(),
        convener_org_id: convener,
        mode: Mode::Onsite,
        place: meeting.place.clone(),
        starts_at: meeting.starts_at,
        minutes: meeting.minutes,
        status: MeetingStatus::Planned,
        status_reason: None,
        standing: None,
        terms: Json(serde_json::to_value(terms).map_err(Error::internal)?),
        rule_set_id: None,
        check_in_code: None,
        notified_at: None,
        opened_at: None,
        closed_at: None,
        version: 1,
        created_at: meeting.starts_at,
        updated_at: meeting.starts_at,
    })
}

fn seats_of(meeting: &PastMeeting, there: Option<Ts>) -> Vec<SeatRow> {
    let seat = |(at, (id, organisation, kind)): (usize, &(SeatId, OrganisationId, OrgKind))| {
        let role = if at == 0 { SeatRole::Convener } else { SeatRole::Member };
        let new = NewSeat { organisation: *organisation, kind: *kind, post: None, role, votes: true };
        SeatRow {
            id: *id,
            attendance: there.map(|_| Attendance::Recorded),
            attended_at: there,
            ..fresh(meeting.id, &new)
        }
    };
    meeting.seats.iter().enumerate().map(seat).collect()
}

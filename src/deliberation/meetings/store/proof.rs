//! 存证: whether published minutes are still what was published, by their hash in the hash-chained history; and what
//! everybody may read of them.

use diesel::prelude::*;
use platform::auth::AreaCode;
use platform::db::{Conn, Json, Range};
use platform::history::{self, EventRow};
use platform::publicity::content_hash;
use platform::{Error, Result};
use serde_json::Value;

use super::minutes::{self, ENTITY};
use super::rows::{MeetingRow, PublicRow};
use crate::meetings::dto::{MeetingId, MinutesId, MinutesStatus, ProofOut, PublicMinutesOut};
use crate::schema::{meeting_minutes, meetings};

/// Events read of one version at a time: more than it ever has.
const EVENTS: i64 = 10_000;

/// The proof of a published version; 404 where it was never published.
pub fn of(c: &mut Conn, meeting: MeetingId, number: i32) -> Result<ProofOut> {
    let row = minutes::find(c, meeting, number)?;
    let published_at = row.published_at.ok_or(Error::NotFound)?;
    let events = history::list(c, ENTITY, &row.id.to_string(), 0, EVENTS)?;
    let chain_intact = history::is_unbroken("", &events);
    let hash_of = |snapshot: &Option<Json>| snapshot.as_ref().map(|json| content_hash(&json.0)).unwrap_or_default();
    let frozen = minutes::frozen(c, row.id)?;
    let (content_hash, public_hash) = (hash_of(&frozen.snapshot), hash_of(&frozen.public_snapshot));
    let recorded_hash = recorded(&events, "content_hash");
    let recorded_public_hash = recorded(&events, "public_hash");
    let same = recorded_hash.as_ref() == Some(&content_hash) && recorded_public_hash.as_ref() == Some(&public_hash);
    Ok(ProofOut {
        meeting_id: meeting,
        number,
        published_at,
        recorded_hash,
        content_hash,
        recorded_public_hash,
        public_hash,
        chain_intact,
        intact: chain_intact && same,
    })
}

/// What the event of the publication says of a hash.
fn recorded(events: &[EventRow], member: &str) -> Option<String> {
    let published = events.iter().find(|event| event.event == "minutes.published")?;
    published.data.0.get(member).and_then(Value::as_str).map(str::to_owned)
}

/// What is published below an area, the latest first. What is not public (道德评议) is not among it.
pub fn list_public(
    c: &mut Conn,
    area: &AreaCode,
    (after, fetch): (Option<MinutesId>, i64),
) -> Result<Vec<(PublicRow, MeetingRow)>> {
    let range = Range::under(area.as_str());
    let mut query = meeting_minutes::table
        .inner_join(meetings::table)
        .filter(meeting_minutes::status.eq(MinutesStatus::Published))
        .filter(meeting_minutes::area_code.ge(range.from).and(meeting_minutes::area_code.lt(range.to)))
        .filter(meetings::kind.ne(crate::meetings::dto::MeetingKind::MoralAppraisal))
        .into_boxed::<platform::db::Backend>();
    if let Some(after) = after {
        query = query.filter(meeting_minutes::id.lt(after));
    }
    Ok(query
        .order(meeting_minutes::id.desc())
        .limit(fetch)
        .select((PublicRow::as_select(), MeetingRow::as_select()))
        .load(c)?)
}

/// The published version of a meeting, as everybody may read it.
pub fn find_public(c: &mut Conn, meeting: MeetingId) -> Result<(PublicRow, MeetingRow)> {
    let row: (PublicRow, MeetingRow) = meeting_minutes::table
        .inner_join(meetings::table)
        .filter(meeting_minutes::meeting_id.eq(meeting))
        .filter(meeting_minutes::status.eq(MinutesStatus::Published))
        .select((PublicRow::as_select(), MeetingRow::as_select()))
        .first(c)?;
    if row.1.terms()?.rule.public { Ok(row) } else { Err(Error::NotFound) }
}

/// As it goes out. A row that the database lets be published has all of this.
pub fn told((row, meeting): (PublicRow, MeetingRow)) -> Result<PublicMinutesOut> {
    let held_on = meeting.day();
    let content = row.public_snapshot.ok_or(Error::NotFound)?.0;
    let public_hash = row.public_hash.ok_or(Error::NotFound)?;
    Ok(PublicMinutesOut {
        meeting_id: meeting.id,
        number: row.number,
        kind: meeting.kind,
        area_code: meeting.area_code,
        standing: meeting.standing.ok_or(Error::NotFound)?,
        held_on,
        published_at: row.published_at.ok_or(Error::NotFound)?,
        intact: content_hash(&content) == public_hash,
        content,
        public_hash,
    })
}

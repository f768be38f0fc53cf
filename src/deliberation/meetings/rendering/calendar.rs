//! 日历: one's meetings as iCalendar (RFC 5545). A meeting keeps its UID, and its version is the sequence, so that a calendar
//! moves what was put off and strikes out what was cancelled.

use chrono::Duration;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus};

use crate::meetings::dto::MeetingStatus;
use crate::meetings::store::rows::MeetingRow;

/// The rows with the names of their conveners.
pub fn feed(rows: &[(MeetingRow, String)]) -> String {
    let mut calendar = Calendar::new();
    calendar.name("红管家会议");
    for (row, convener) in rows {
        let start = row.starts_at.utc();
        let mut event = Event::new();
        event
            .uid(&format!("{}@red-steward", row.id))
            .sequence(u32::try_from(row.version).unwrap_or_default())
            .timestamp(row.updated_at.utc())
            .starts(start)
            .ends(start + Duration::minutes(i64::from(row.minutes)))
            .summary(&row.title)
            .location(&row.place)
            .description(&format!("召集: {convener}"))
            .status(status(row.status));
        calendar.push(event.done());
    }
    calendar.to_string()
}

fn status(status: MeetingStatus) -> EventStatus {
    match status {
        MeetingStatus::Cancelled => EventStatus::Cancelled,
        MeetingStatus::Planned | MeetingStatus::Postponed => EventStatus::Tentative,
        MeetingStatus::Notified | MeetingStatus::InSession | MeetingStatus::Closed => EventStatus::Confirmed,
    }
}

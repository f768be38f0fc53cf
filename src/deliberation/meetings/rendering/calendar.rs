//! 日历: one's meetings as iCalendar (RFC 5545). A meeting keeps its UID, and its version is the sequence, so that a calendar
//! moves what was put off and strikes out what was cancelled.

use chrono::Duration;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus};

use crate::meetings::dto::MeetingStatus;
use crate::meetings::store::rows::MeetingLine;

/// The meetings with the names of their conveners.
pub fn feed(lines: &[(MeetingLine, String)]) -> String {
    let mut calendar = Calendar::new();
    calendar.name("红管家会议");
    for (line, convener) in lines {
        let start = line.starts_at.utc();
        let mut event = Event::new();
        event
            .uid(&format!("{}@red-steward", line.id))
            .sequence(u32::try_from(line.version).unwrap_or_default())
            .timestamp(line.updated_at.utc())
            .starts(start)
            .ends(start + Duration::minutes(i64::from(line.minutes)))
            .summary(&line.title)
            .location(&line.place)
            .description(&format!("召集: {convener}"))
            .status(status(line.status));
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

//! 时间线: steps, words, visits and alarms of a case as one story, told to each reader as far as it is theirs.

use platform::Result;
use platform::db::{Conn, Ts};
use platform::history::{self, EventRow};
use roster::people::{self, AccessRow, SourceId};
use serde_json::{Map, Value, json};

use super::change::ENTITY;
use super::comments::StandsFor;
use super::sight::get;
use super::{alarms, comments, files, visits};
use crate::cases::dto::{CaseId, FilePurpose, MomentKind};
use crate::cases::rules::{ladder, parties};

/// One thing that happened. `key` sorts moments of the same time, and pages the story.
#[derive(Debug, Clone)]
pub struct Moment {
    pub at: Ts,
    pub key: String,
    pub kind: MomentKind,
    /// Which side it comes from, never who.
    pub stands_for: StandsFor,
    pub code: String,
    pub text: Option<String>,
    pub data: Option<Value>,
}

/// For whom the story is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Works on the case.
    Staff,
    /// Reported it: no words between colleagues, no alarms, but who opened their number.
    Reporter,
    /// Joined it: the work, and nobody's words.
    Joiner,
}

/// Of what a step set, what everybody who sees the case may know.
const TOLD: [&str; 6] = ["status", "tier", "round", "outcome", "due_at", "urgency"];
/// More than any case has; a story is read whole and cut into pages.
const MOST: i64 = 1000;

/// The story, oldest first. Five statements at the most, however long it is.
pub fn of_case(c: &mut Conn, id: CaseId, reader: Reader) -> Result<Vec<Moment>> {
    let steps = history::list(c, ENTITY, &id.to_string(), 0, MOST)?;
    let mut moments: Vec<Moment> = steps.into_iter().map(step).collect();
    if reader != Reader::Joiner {
        let staff = reader == Reader::Staff;
        moments.extend(comments::of_case(c, id, staff, (None, MOST))?.into_iter().map(comment));
    }
    moments.extend(visits::of_case(c, id)?.into_iter().map(visit));
    match reader {
        Reader::Staff => {
            moments.extend(alarms::of_case(c, id)?.into_iter().map(alarm));
            let shown = files::of_case(c, id, (None, MOST))?;
            moments.extend(shown.iter().filter(|row| row.removed_at.is_none()).map(file));
        }
        Reader::Reporter | Reader::Joiner => {
            let own = reader == Reader::Reporter;
            moments.extend(files::of_mine(c, (id, own), (None, MOST))?.iter().map(|seen| file(&seen.0)));
        }
    }
    if reader == Reader::Reporter {
        moments.extend(people::openings_with(c, SourceId(id.0))?.into_iter().map(access));
    }
    moments.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(moments)
}

/// The story for who reported or joined a case: where that was merged, it goes on with what is done about the other one.
pub fn of_mine(c: &mut Conn, id: CaseId, reader: Reader) -> Result<Vec<Moment>> {
    let mut moments = of_case(c, id, reader)?;
    let row = get(c, id)?;
    let (Some(target), Some(merged_at)) = (row.merged_into, row.closed_at) else { return Ok(moments) };
    let told = |moment: &Moment| moment.at > merged_at && matches!(moment.kind, MomentKind::Step | MomentKind::Visit);
    let number = get(c, target)?.number;
    let goes_on = of_case(c, target, Reader::Joiner)?.into_iter().filter(told);
    moments.extend(goes_on.map(|moment| followed(moment, &number)));
    moments.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(moments)
}

/// A moment of the case that another one was merged into, with the number that it is known by.
fn followed(moment: Moment, number: &str) -> Moment {
    let mut data = moment.data.unwrap_or_else(|| json!({}));
    if let Some(members) = data.as_object_mut() {
        members.insert("followed".into(), json!(number));
    }
    Moment { key: format!("{}.{number}", moment.key), data: Some(data), ..moment }
}

/// Moments sort by time, then by kind, then as each kind counts its own.
fn key(at: Ts, kind: MomentKind, within: impl std::fmt::Display) -> String {
    format!("{:020}-{}-{within}", at.micros(), kind as u8)
}

fn step(event: EventRow) -> Moment {
    let stands_for = parties::side_of(&event.event, &event.data.0, event.actor_id.is_some());
    let set = event.data.0.get("set").and_then(Value::as_object).cloned().unwrap_or_default();
    let told: Map<String, Value> = set.into_iter().filter(|(name, _)| TOLD.contains(&name.as_str())).collect();
    Moment {
        at: event.at,
        key: key(event.at, MomentKind::Step, format_args!("{:06}", event.seq)),
        kind: MomentKind::Step,
        stands_for,
        code: event.event,
        text: None,
        data: Some(Value::Object(told)),
    }
}

fn comment(row: comments::CommentRow) -> Moment {
    Moment {
        at: row.at,
        key: key(row.at, MomentKind::Comment, row.id),
        kind: MomentKind::Comment,
        stands_for: row.stands_for,
        code: row.stands_for.to_string(),
        text: Some(row.body),
        data: None,
    }
}

fn visit(row: visits::VisitRow) -> Moment {
    let data = json!({ "attempt": row.attempt, "round": row.round, "score": row.score, "reason": row.reason });
    Moment {
        at: row.at,
        key: key(row.at, MomentKind::Visit, format_args!("{:06}", row.attempt)),
        kind: MomentKind::Visit,
        stands_for: if row.visitor_id.is_some() { StandsFor::Desk } else { StandsFor::Reporter },
        code: row.outcome.to_string(),
        text: None,
        data: Some(data),
    }
}

fn alarm(row: alarms::AlarmRow) -> Moment {
    let data = json!({ "clock": row.clock, "level": row.level, "due_at": row.due_at });
    Moment {
        at: row.at,
        key: key(row.at, MomentKind::Alarm, format_args!("{}-{}", row.clock, row.level)),
        kind: MomentKind::Alarm,
        stands_for: StandsFor::System,
        code: ladder::event_of(row.level).to_owned(),
        text: None,
        data: Some(data),
    }
}

fn file(row: &files::FileRow) -> Moment {
    let by_handler = matches!(row.purpose, FilePurpose::Before | FilePurpose::After);
    let stands_for = match (row.by_reporter, by_handler) {
        (true, _) => StandsFor::Reporter,
        (false, true) => StandsFor::Handler,
        (false, false) => StandsFor::Desk,
    };
    Moment {
        at: row.created_at,
        key: key(row.created_at, MomentKind::File, row.id),
        kind: MomentKind::File,
        stands_for,
        code: row.purpose.to_string(),
        text: None,
        data: Some(json!({ "file_id": row.id, "media": row.media, "round": row.round })),
    }
}

fn access(row: AccessRow) -> Moment {
    Moment {
        at: row.at,
        key: key(row.at, MomentKind::Access, row.id),
        kind: MomentKind::Access,
        stands_for: StandsFor::Desk,
        code: row.purpose.to_string(),
        text: Some(row.note),
        data: Some(json!({ "role": row.actor_role })),
    }
}

/// The part of a story behind a key, one more than a page.
pub fn behind(moments: Vec<Moment>, after: Option<&str>, fetch: i64) -> Vec<Moment> {
    let rest = moments.into_iter().filter(|moment| after.is_none_or(|after| moment.key.as_str() > after));
    rest.take(usize::try_from(fetch).unwrap_or_default()).collect()
}

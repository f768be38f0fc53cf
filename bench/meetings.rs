//! A year's meetings of a community as the bare handlers send them, and one insert of what publishing minutes freezes.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::case_row::Columns;

/// What both engines can do with meetings.
pub trait MeetingSource: 'static {
    /// Those below an area in a span of time, the latest first.
    fn meetings(area: (&str, &str), time: (DateTime<Utc>, DateTime<Utc>)) -> Result<Vec<Meeting>, String>;
    /// Keeps a document, in one statement.
    fn keep(document: &str) -> Result<(), String>;
}

#[derive(Serialize)]
pub struct Meeting {
    id: String,
    series_id: Option<String>,
    kind: String,
    area_code: String,
    title: String,
    convener_name: String,
    mode: String,
    place: String,
    starts_at: String,
    minutes: i32,
    status: String,
    standing: Option<String>,
    version: i32,
}

impl Meeting {
    pub fn read(row: &impl Columns) -> Result<Self, String> {
        Ok(Self {
            id: row.id(0)?,
            series_id: row.some_id(1)?,
            kind: row.text(2)?,
            area_code: row.text(3)?,
            title: row.text(4)?,
            convener_name: row.text(5)?,
            mode: row.text(6)?,
            place: row.text(7)?,
            starts_at: row.moment(8)?,
            minutes: row.int(9)?,
            status: row.text(10)?,
            standing: row.some_text(11)?,
            version: row.int(12)?,
        })
    }
}

#[derive(Serialize)]
pub struct Meetings {
    items: Vec<Meeting>,
    next_cursor: Option<String>,
    has_more: bool,
}

impl Meetings {
    /// The rows of a page and one more.
    pub fn of(mut items: Vec<Meeting>) -> Self {
        let has_more = items.len() > 20;
        items.truncate(20);
        let next_cursor = items.last().filter(|_| has_more).map(|last| last.id.clone());
        Self { items, next_cursor, has_more }
    }
}

pub fn list_sql() -> &'static str {
    "SELECT m.id, m.series_id, m.kind, m.area_code, m.title, o.name, m.mode, m.place, m.starts_at, m.minutes, m.status, \
     m.standing, m.version FROM meetings m INNER JOIN organisations o ON o.id = m.convener_org_id \
     WHERE m.area_code >= $1 AND m.area_code < $2 AND m.starts_at >= $3 AND m.starts_at < $4 \
     ORDER BY m.starts_at DESC, m.id DESC LIMIT 21"
}

/// Where the bare handler keeps documents: a row of it, and nothing beside it.
pub const TABLE: [&str; 2] = [
    "CREATE TABLE bare_minutes (id BLOB NOT NULL PRIMARY KEY, snapshot TEXT NOT NULL) STRICT",
    "CREATE TABLE bare_minutes (id UUID NOT NULL PRIMARY KEY, snapshot JSONB NOT NULL)",
];

pub const KEEP: &str = "INSERT INTO bare_minutes (id, snapshot) VALUES ($1, $2)";

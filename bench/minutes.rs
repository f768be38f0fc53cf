//! Publishes long minutes, one after another, beside one bare insert of as many bytes.

use std::net::SocketAddr;

use chrono::NaiveDate;
use deliberation::meetings::dto::{MeetingId, MinutesId, MinutesStatus, SeatId, SeatRole, SignatureKind};
use deliberation::schema::{meeting_minutes, meeting_seats, meetings, minutes_signatures};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use platform::clock::Clock;
use platform::db::{Conn, Db, Json, Ts};
use platform::history::{ActorId, Event, record_first};
use platform::{Result, on_each};
use serde_json::json;
use uuid::Uuid;

use crate::meetings::TABLE;
use crate::post::{self, Pace, Request};

/// As many characters of three bytes as make 200 KB.
const CHARACTERS: u32 = 200 * 1024 / 3;

/// No two the same and none that shrinks when it is stored: characters as they come out of a linear congruence.
fn words(seed: u32) -> String {
    let mut state = seed.wrapping_mul(2_654_435_761);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_u32(0x4E00 + (state >> 8) % 20_000).unwrap_or('一')
    };
    (0..CHARACTERS).map(|_| next()).collect()
}

/// Gives every meeting that is over minutes that may be published: the convener has signed, and the others' time is up.
/// Answers the paths to publish at.
pub fn prepare(db: &Db) -> Result<Vec<String>> {
    db.write_now(|c| {
        create_table(c)?;
        let over: Vec<(MeetingId, String)> = meetings::table
            .filter(meetings::status.eq("closed"))
            .order(meetings::id)
            .select((meetings::id, meetings::area_code))
            .load(c)?;
        let mut paths = Vec::new();
        for (seed, (id, area_code)) in (0..).zip(over) {
            draft(c, (id, &area_code), seed)?;
            paths.push(format!("/v1/meetings/{id}/minutes/1/publish"));
        }
        Ok(paths)
    })
}

fn create_table(c: &mut Conn) -> Result<()> {
    let [sqlite, postgres] = TABLE;
    let text = if c.engine() == platform::db::Engine::Sqlite { sqlite } else { postgres };
    Ok(c.batch_execute(text)?)
}

fn draft(c: &mut Conn, (meeting, area_code): (MeetingId, &str), seed: u32) -> Result<()> {
    let (id, at) = (MinutesId::fresh(), Clock::System.now());
    let body = json!({ "summary": words(seed), "items": [], "public_summary": "会议通报了三项维修事项,议定两项。" });
    let over = NaiveDate::from_ymd_opt(2024, 1, 1);
    let row = (
        meeting_minutes::id.eq(id),
        meeting_minutes::meeting_id.eq(meeting),
        meeting_minutes::area_code.eq(area_code),
        meeting_minutes::number.eq(1),
        meeting_minutes::status.eq(MinutesStatus::Countersigning),
        meeting_minutes::body.eq(Json(body)),
        meeting_minutes::amend_until.eq(over),
        meeting_minutes::sign_until.eq(over),
        meeting_minutes::version.eq(1),
        meeting_minutes::created_at.eq(at),
        meeting_minutes::updated_at.eq(at),
    );
    on_each!(c => diesel::insert_into(meeting_minutes::table).values(row).execute(c))?;
    let convening = meeting_seats::meeting_id.eq(meeting).and(meeting_seats::role.eq(SeatRole::Convener));
    let seat: SeatId = meeting_seats::table.filter(convening).select(meeting_seats::id).first(c)?;
    let signature = (
        minutes_signatures::minutes_id.eq(id),
        minutes_signatures::seat_id.eq(seat),
        minutes_signatures::kind.eq(SignatureKind::Signed),
        minutes_signatures::signed_by.eq(ActorId(Uuid::now_v7())),
        minutes_signatures::signed_at.eq(at),
    );
    on_each!(c => diesel::insert_into(minutes_signatures::table).values(signature).execute(c))?;
    record_first(c, begun(id, area_code, at))
}

fn begun(id: MinutesId, area_code: &str, at: Ts) -> Event {
    Event {
        entity: "minutes",
        entity_id: id.to_string(),
        seq: 1,
        name: "minutes.drafted",
        area_code: area_code.to_owned(),
        actor: None,
        at,
        data: json!({}),
    }
}

pub struct Load {
    pub address: SocketAddr,
    pub token: String,
    pub paths: Vec<String>,
    /// As a document of these bytes is kept by the bare handler, instead of published.
    pub bare: bool,
}

/// One after another over one connection.
pub fn run(load: &Load) -> std::result::Result<String, String> {
    let texts: Vec<String> = (0..).zip(&load.paths).map(|(seed, path)| request(load, path, seed)).collect();
    let one = post::Load { address: load.address, connections: 1, pace: Pace::All };
    post::run(&one, &|_, nth| texts.get(nth).map(|text| Request { text: text.clone(), status: 200 }))
}

fn request(load: &Load, path: &str, seed: u32) -> String {
    let (path, body) = if load.bare {
        ("/bare/minutes", json!({ "summary": words(seed) }).to_string())
    } else {
        (path, String::new())
    };
    format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nIf-Match: \"v1\"\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        load.address,
        load.token,
        body.len()
    )
}

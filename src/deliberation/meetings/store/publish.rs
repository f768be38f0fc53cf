//! 发布: what everybody has signed is frozen with its hash, for those at the table and, without persons, for everybody.

use diesel::prelude::*;
use platform::db::{Conn, Json};
use platform::history::ActorId;
use platform::publicity::content_hash;
use platform::{Error, Result, insert_rows};
use serde_json::{Value, json};

use super::meetings::{Whole, whole};
use super::rows::{MeetingRow, MinutesChanges, MinutesRow, SignatureRow};
use super::seats::Seated;
use super::{By, board, minutes, resolutions};
use crate::meetings::dto::{ItemStatus, MinutesBody, MinutesStatus, SeatRole, SignatureKind};
use crate::meetings::rules::minutes::may_publish;
use crate::schema::{meeting_minutes, minutes_signatures};

/// Publishes a version; answers it as it stands then, with all signatures, for its words are long and known already. The one
/// before it, where there is one, gives way; what was resolved takes effect.
pub fn publish(
    c: &mut Conn,
    meeting: &MeetingRow,
    row: MinutesRow,
    by: &By,
) -> Result<(MinutesRow, Vec<SignatureRow>)> {
    let table = whole(c, meeting.clone())?;
    let mut signed = minutes::signatures_of(c, row.id)?;
    let deemed = deemed(&table, &row, &signed, by)?;
    insert_rows!(c, minutes_signatures::table, deemed.iter().collect())?;
    signed.extend(deemed);
    signed.sort_by_key(|signature| (signature.signed_at, signature.seat_id));
    if row.number > 1 {
        supersede(c, &row, by)?;
    }
    let decided = resolutions::of_meeting(c, meeting.id)?;
    let body = minutes::body_of(&row)?;
    let snapshot = snapshot(&table, &row, &body, &signed, &decided)?;
    let public = public_snapshot(&table, &row, &body, &decided);
    let (content_hash, public_hash) = (content_hash(&snapshot), content_hash(&public));
    let data = json!({ "meeting_id": row.meeting_id, "number": row.number, "content_hash": content_hash,
        "public_hash": public_hash });
    let changes = MinutesChanges {
        snapshot: Some(Json(snapshot)),
        public_snapshot: Some(Json(public)),
        content_hash: Some(content_hash.clone()),
        public_hash: Some(public_hash.clone()),
        published_at: Some(by.at),
        published_by: by.actor.map(ActorId),
        ..MinutesChanges::to(MinutesStatus::Published)
    };
    minutes::save(c, &row, changes, "minutes.published", data, by)?;
    resolutions::take_effect(c, meeting, &decided, by)?;
    board::show(c, meeting, "minutes.published", by)?;
    let published = MinutesRow {
        status: MinutesStatus::Published,
        content_hash: Some(content_hash),
        public_hash: Some(public_hash),
        published_at: Some(by.at),
        published_by: by.actor.map(ActorId),
        version: row.version + 1,
        updated_at: by.at,
        ..row
    };
    Ok((published, signed))
}

/// The signatures of those who let the time pass, once it may be published.
fn deemed(table: &Whole, row: &MinutesRow, signed: &[SignatureRow], by: &By) -> Result<Vec<SignatureRow>> {
    let unsigned: Vec<&Seated> =
        table.seats.iter().filter(|seat| seat.row.votes && !has_signed(signed, seat)).collect();
    let convener = table.seats.iter().find(|seat| seat.row.role == SeatRole::Convener);
    let convener_signed = convener.is_none_or(|seat| !seat.row.votes || has_signed(signed, seat));
    may_publish(row.status, row.sign_until, unsigned.len(), convener_signed, by.today)?;
    let of = |seat: &Seated| SignatureRow {
        minutes_id: row.id,
        seat_id: seat.row.id,
        kind: SignatureKind::Deemed,
        note: None,
        appointment_id: None,
        signed_by: None,
        signed_at: by.at,
    };
    Ok(unsigned.into_iter().map(of).collect())
}

/// A version as it would be published now, or as it was: what is printed.
pub fn printed(c: &mut Conn, meeting: &MeetingRow, row: &MinutesRow) -> Result<Value> {
    if let Some(frozen) = minutes::frozen(c, row.id)?.snapshot {
        return Ok(frozen.0);
    }
    let table = whole(c, meeting.clone())?;
    let signed = minutes::signatures_of(c, row.id)?;
    let decided = resolutions::of_meeting(c, meeting.id)?;
    snapshot(&table, row, &minutes::body_of(row)?, &signed, &decided)
}

fn has_signed(signed: &[SignatureRow], seat: &Seated) -> bool {
    signed.iter().any(|signature| signature.seat_id == seat.row.id)
}

/// The version that was published before gives way to the correction.
fn supersede(c: &mut Conn, row: &MinutesRow, by: &By) -> Result<()> {
    let standing = meeting_minutes::table
        .filter(meeting_minutes::meeting_id.eq(row.meeting_id))
        .filter(meeting_minutes::status.eq(MinutesStatus::Published))
        .select(MinutesRow::as_select())
        .first(c)
        .optional()?;
    let Some(before) = standing else { return Ok(()) };
    let data = json!({ "number": row.number });
    minutes::save(c, &before, MinutesChanges::to(MinutesStatus::Superseded), "minutes.superseded", data, by)
}

/// What those at the table have signed: header, seats with who sat there, agenda with what was said, resolutions, signatures.
fn snapshot(
    table: &Whole,
    row: &MinutesRow,
    body: &MinutesBody,
    signed: &[SignatureRow],
    decided: &[resolutions::ResolutionRow],
) -> Result<Value> {
    let seats: Vec<Value> = table
        .seats
        .iter()
        .map(|seat| {
            json!({ "seat_id": seat.row.id, "organisation": seat.organisation_name, "party": seat.row.party,
                "role": seat.row.role, "votes": seat.row.votes, "title": seat.title, "attendance": seat.row.attendance,
                "mode": seat.row.attend_mode, "appointment_id": seat.row.appointment_id })
        })
        .collect();
    let agenda: Vec<Value> = listed(table)
        .map(|told| {
            let words = body.items.iter().find(|item| item.item_id == told.row.id).map(|item| &item.words);
            json!({ "item_id": told.row.id, "title": told.row.title, "kind": told.row.kind,
                "impromptu": told.row.impromptu, "source_kind": told.row.source_kind, "source_id": told.row.source_id,
                "recused_seats": told.recused, "vote": told.vote, "words": words })
        })
        .collect();
    let decided: Vec<Value> = decided
        .iter()
        .map(|row| {
            json!({ "number": row.number(), "title": row.title, "words": row.words, "method": row.method,
                "status": row.status, "item_id": row.item_id })
        })
        .collect();
    let mut signatures: Vec<Value> = signed
        .iter()
        .map(|row| json!({ "seat_id": row.seat_id, "kind": row.kind, "note": row.note, "signed_at": row.signed_at }))
        .collect();
    signatures.sort_by_key(|signature| signature.get("seat_id").map(ToString::to_string));
    let count = serde_json::to_value(&table.count.missing).map_err(Error::internal)?;
    let mut header = header(table, row);
    if let Some(members) = header.as_object_mut() {
        let parts = json!({ "summary": body.summary, "missing": count, "seats": seats, "agenda": agenda,
            "resolutions": decided, "signatures": signatures, "reason": row.reason });
        members.extend(parts.as_object().cloned().unwrap_or_default());
    }
    Ok(header)
}

/// What everybody may read: organisations and what was written for the public; no person, and no words but those.
fn public_snapshot(
    table: &Whole,
    row: &MinutesRow,
    body: &MinutesBody,
    decided: &[resolutions::ResolutionRow],
) -> Value {
    let seats: Vec<Value> = table
        .seats
        .iter()
        .map(|seat| json!({ "organisation": seat.organisation_name, "party": seat.row.party, "there": seat.row.is_there() }))
        .collect();
    let decided: Vec<Value> = decided
        .iter()
        .map(|row| json!({ "number": row.number(), "method": row.method, "status": row.status }))
        .collect();
    let mut header = header(table, row);
    if let Some(members) = header.as_object_mut() {
        let parts = json!({ "public_summary": body.public_summary, "items": listed(table).count(), "seats": seats,
            "resolutions": decided });
        members.extend(parts.as_object().cloned().unwrap_or_default());
    }
    header
}

fn listed(table: &Whole) -> impl Iterator<Item = &super::agenda::Told> {
    table.agenda.iter().filter(|told| told.row.status == ItemStatus::Listed)
}

fn header(table: &Whole, row: &MinutesRow) -> Value {
    let meeting = &table.row;
    json!({ "meeting_id": meeting.id, "number": row.number, "kind": meeting.kind, "area_code": meeting.area_code,
        "starts_at": meeting.starts_at, "mode": meeting.mode, "standing": meeting.standing })
}

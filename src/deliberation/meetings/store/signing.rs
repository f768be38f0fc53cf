//! 会签: each voting seat by whoever is in office there today, once.

use diesel::prelude::*;
use platform::Result;
use platform::db::Conn;
use platform::error::OrConflict;
use platform::history::ActorId;
use serde_json::json;

use super::rows::{MeetingRow, MinutesChanges, MinutesRow, SignatureRow};
use super::sight::Sight;
use super::{By, attendance, minutes};
use crate::meetings::dto::{MinutesStatus, SignatureIn, SignatureKind};
use crate::meetings::rules::minutes::{may_begin_signing, until};
use crate::meetings::rules::{NOT_SIGNING, SEAT_VOTES_NOT, SIGNED};
use crate::schema::minutes_signatures as signatures;

/// Begins the signing: the words stand from now on.
pub fn begin(c: &mut Conn, meeting: &MeetingRow, row: &MinutesRow, by: &By) -> Result<()> {
    let rule = meeting.terms()?.rule;
    let open = minutes::open_amendments(c, row.id)?;
    may_begin_signing(row.status, row.amend_until, rule.amend_days, open, by.today)?;
    let sign_until = Some(until(by.today, rule.sign_days));
    let changes = MinutesChanges { sign_until, ..MinutesChanges::to(MinutesStatus::Countersigning) };
    minutes::save(c, row, changes, "minutes.countersigning", json!({ "sign_until": sign_until }), by)
}

/// 签署, or 保留意见 on record: by an appointment in office at the seat.
pub fn sign(c: &mut Conn, sight: &Sight, row: &MinutesRow, body: &SignatureIn, by: &By) -> Result<SignatureRow> {
    let (seat, office) = attendance::own_seat(c, sight, row.meeting_id)?;
    if !seat.votes {
        return Err((&SEAT_VOTES_NOT).into());
    }
    if row.status != MinutesStatus::Countersigning {
        return Err((&NOT_SIGNING).into());
    }
    let kind = if body.dissent.is_some() { SignatureKind::Dissent } else { SignatureKind::Signed };
    let signature = SignatureRow {
        minutes_id: row.id,
        seat_id: seat.id,
        kind,
        note: body.dissent.clone(),
        appointment_id: Some(office.appointment_id),
        signed_by: by.actor.map(ActorId),
        signed_at: by.at,
    };
    diesel::insert_into(signatures::table).values(&signature).execute(c).or_conflict(&SIGNED)?;
    let data = json!({ "seat_id": seat.id, "kind": kind });
    minutes::touch(c, row, &[MinutesStatus::Countersigning], "minutes.signed", data, by)?;
    Ok(signature)
}

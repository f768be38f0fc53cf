//! 表决: one voice a seat, cast by whoever sits there.

use diesel::prelude::*;
use platform::Result;
use platform::db::Conn;
use platform::error::OrConflict;
use platform::history::ActorId;

use super::rows::{ItemRow, MeetingRow, VoteRow};
use super::sight::Sight;
use super::{By, agenda, attendance, seats};
use crate::meetings::dto::{Choice, ItemKind, ItemStatus, MeetingStatus};
use crate::meetings::rules::{NOT_A_VOTE, NOT_PRESENT, RECUSED, SEAT_VOTES_NOT, VOTED, WRONG_STATE};
use crate::schema::agenda_votes as votes;

pub fn cast(
    c: &mut Conn,
    sight: &Sight,
    meeting: &MeetingRow,
    item: &ItemRow,
    choice: Choice,
    by: &By,
) -> Result<VoteRow> {
    if item.kind != ItemKind::Vote {
        return Err((&NOT_A_VOTE).into());
    }
    if meeting.status != MeetingStatus::InSession || item.status != ItemStatus::Listed {
        return Err((&WRONG_STATE).into());
    }
    let (seat, office) = attendance::own_seat(c, sight, meeting.id)?;
    if !seat.votes {
        return Err((&SEAT_VOTES_NOT).into());
    }
    // Whoever checked in votes: neither a colleague who stayed away nor a proxy's principal.
    if !seat.is_there() || seat.person_id != Some(office.person_id) {
        return Err((&NOT_PRESENT).into());
    }
    let seated = seats::of_meeting(c, meeting.id)?;
    if agenda::recused_from(c, meeting, item, &seated)?.contains(&seat.id) {
        return Err((&RECUSED).into());
    }
    let row = VoteRow {
        item_id: item.id,
        seat_id: seat.id,
        choice,
        appointment_id: Some(office.appointment_id),
        cast_by: ActorId(by.actor.unwrap_or_default()),
        cast_at: by.at,
    };
    diesel::insert_into(votes::table).values(&row).execute(c).or_conflict(&VOTED)?;
    agenda::touch(c, meeting, item, seat.id, by)?;
    Ok(row)
}

//! 席位: who has a place at the table.

use diesel::prelude::*;
use platform::Result;
use platform::db::Conn;
use platform::error::OrConflict;
use roster::appointments::PostId;
use roster::organisations::{self, OrgKind, OrganisationId};
use serde_json::json;

use super::By;
use super::meetings::touch;
use super::rows::{MeetingRow, SeatRow};
use crate::meetings::dto::{MeetingId, MeetingStatus, SeatId, SeatIn, SeatRole};
use crate::meetings::rules::agenda::{MOST_SEATS, may_vote, party_of};
use crate::meetings::rules::{
    COMPANY_VOTES, CONVENER_STAYS, ITEM_FIXED, OBSERVER_VOTES, SEAT_INVALID, SEAT_TAKEN, TOO_MANY_SEATS,
};
use crate::names::{appointment_posts, organisation_names, person_names, post_titles};
use crate::schema::meeting_seats as seats;

/// While who sits at the table may still change.
pub const PLANNING: &[MeetingStatus] = &[MeetingStatus::Planned, MeetingStatus::Postponed];

/// A seat with the names that go with it.
#[derive(Debug, Clone)]
pub struct Seated {
    pub row: SeatRow,
    pub organisation_name: String,
    /// Of the seat's post, or of the post of whoever sits there.
    pub title: Option<String>,
    /// Unmasked.
    pub person_name: Option<String>,
}

/// The seats of a meeting with their names, in the order in which they were given. One statement.
pub fn of_meeting(c: &mut Conn, id: MeetingId) -> Result<Vec<Seated>> {
    let post = seats::post_id.nullable().eq(post_titles::id.nullable());
    let held = appointment_posts::post_id.nullable().eq(post_titles::id.nullable());
    let rows: Vec<(SeatRow, String, Option<String>, Option<String>)> = seats::table
        .inner_join(organisation_names::table.on(organisation_names::id.eq(seats::organisation_id)))
        .left_join(person_names::table.on(seats::person_id.eq(person_names::id.nullable())))
        .left_join(appointment_posts::table.on(seats::appointment_id.eq(appointment_posts::id.nullable())))
        .left_join(post_titles::table.on(post.or(seats::post_id.is_null().and(held))))
        .filter(seats::meeting_id.eq(id))
        .order(seats::id)
        .select((
            SeatRow::as_select(),
            organisation_names::name,
            post_titles::title.nullable(),
            person_names::name.nullable(),
        ))
        .load(c)?;
    let seated = |(row, organisation_name, title, person_name)| Seated { row, organisation_name, title, person_name };
    Ok(rows.into_iter().map(seated).collect())
}

/// The seats of a meeting, without names.
pub fn rows_of(c: &mut Conn, id: MeetingId) -> Result<Vec<SeatRow>> {
    Ok(seats::table.filter(seats::meeting_id.eq(id)).order(seats::id).select(SeatRow::as_select()).load(c)?)
}

pub fn get(c: &mut Conn, id: SeatId) -> Result<SeatRow> {
    Ok(seats::table.find(id).select(SeatRow::as_select()).first(c)?)
}

/// A seat to be given.
#[derive(Debug, Clone, Copy)]
pub struct NewSeat {
    pub organisation: OrganisationId,
    pub kind: OrgKind,
    pub post: Option<PostId>,
    pub role: SeatRole,
    pub votes: bool,
}

/// Gives a seat that was asked for; `pointer` is where in the body.
pub fn add(c: &mut Conn, meeting: &MeetingRow, new: &SeatIn, pointer: &str) -> Result<SeatRow> {
    let invalid = || SEAT_INVALID.at(format!("{pointer}/organisation_id"));
    let organisation = organisations::get(c, new.organisation_id)?.filter(|row| row.ended_on.is_none());
    let kind = organisation.ok_or_else(invalid)?.kind;
    if new.observer && new.votes {
        return Err(OBSERVER_VOTES.at(format!("{pointer}/votes")));
    }
    if new.votes && !may_vote(meeting.kind, party_of(kind)) {
        return Err(COMPANY_VOTES.at(format!("{pointer}/votes")));
    }
    let role = if new.observer { SeatRole::Observer } else { SeatRole::Member };
    let seat = NewSeat { organisation: new.organisation_id, kind, post: new.post_id, role, votes: new.votes };
    insert(c, meeting, seat, &format!("{pointer}/post_id"))
}

/// Writes a seat down.
pub fn insert(c: &mut Conn, meeting: &MeetingRow, new: NewSeat, pointer: &str) -> Result<SeatRow> {
    if let Some(post) = new.post {
        let open = post_titles::id.eq(post).and(post_titles::organisation_id.eq(new.organisation));
        let found: i64 = post_titles::table.filter(open.and(post_titles::closed_on.is_null())).count().get_result(c)?;
        if found == 0 {
            return Err(SEAT_INVALID.at(pointer));
        }
    }
    let row = fresh(meeting.id, &new);
    diesel::insert_into(seats::table).values(&row).execute(c).or_conflict(&SEAT_TAKEN)?;
    Ok(row)
}

/// A seat that nobody sits on yet.
pub fn fresh(meeting: MeetingId, new: &NewSeat) -> SeatRow {
    SeatRow {
        id: SeatId::fresh(),
        meeting_id: meeting,
        organisation_id: new.organisation,
        post_id: new.post,
        party: party_of(new.kind),
        role: new.role,
        votes: new.votes,
        attendance: None,
        attend_mode: None,
        appointment_id: None,
        person_id: None,
        proxy_document: None,
        excuse: None,
        attended_at: None,
        attended_by: None,
    }
}

/// Gives one more seat while the meeting is being planned.
pub fn add_one(c: &mut Conn, meeting: &MeetingRow, new: &SeatIn, by: &By) -> Result<SeatRow> {
    check_planning(meeting)?;
    // The version first: two who add the last seat at once wait for one another.
    let data = json!({ "organisation_id": new.organisation_id, "votes": new.votes });
    touch(c, meeting, PLANNING, "meeting.seated", data, by)?;
    let row = add(c, meeting, new, "")?;
    let all: i64 = seats::table.filter(seats::meeting_id.eq(meeting.id)).count().get_result(c)?;
    if all > MOST_SEATS { Err((&TOO_MANY_SEATS).into()) } else { Ok(row) }
}

/// Takes a seat away while the meeting is being planned.
pub fn remove(c: &mut Conn, meeting: &MeetingRow, seat: &SeatRow, by: &By) -> Result<()> {
    check_planning(meeting)?;
    if seat.role == SeatRole::Convener {
        return Err((&CONVENER_STAYS).into());
    }
    let data = json!({ "organisation_id": seat.organisation_id });
    touch(c, meeting, PLANNING, "meeting.unseated", data, by)?;
    diesel::delete(seats::table.find(seat.id)).execute(c)?;
    Ok(())
}

fn check_planning(meeting: &MeetingRow) -> Result<()> {
    if PLANNING.contains(&meeting.status) { Ok(()) } else { Err((&ITEM_FIXED).into()) }
}

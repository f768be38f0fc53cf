//! 签到与出席: who sits on which seat, by an appointment in office or by a written proxy.

use diesel::prelude::*;
use platform::Result;
use platform::db::Conn;
use platform::error::OrConflict;
use platform::history::ActorId;
use platform::secrets::same;
use roster::appointments::{Office, office};
use roster::people::PersonId;
use serde_json::json;

use super::meetings::touch;
use super::rows::{MeetingRow, SeatRow};
use super::sight::Sight;
use super::{By, seats};
use crate::meetings::dto::{Attendance, AttendanceAs, AttendanceIn, CheckInIn, MeetingId, MeetingStatus, Mode};
use crate::meetings::rules::states::check_day;
use crate::meetings::rules::{
    ATTENDANCE_INCOMPLETE, ATTENDED, NO_PROXIES, NO_SEAT, NOT_IN_OFFICE, PERSON_SEATED, WRONG_CODE, WRONG_STATE,
};
use crate::names::person_names;
use crate::schema::meeting_seats;

/// While people may come in.
const COMING_IN: &[MeetingStatus] = &[MeetingStatus::Notified, MeetingStatus::InSession];

/// Whether an office is one that may sit on a seat: of its post or, where it has none, of its organisation.
fn sits(office: &Office, seat: &SeatRow) -> bool {
    seat.organisation_id == office.organisation_id && seat.post_id.is_none_or(|post| post == office.post_id)
}

/// The seat of a meeting that is the caller's by an appointment in office: the one that they sit on already, else the first
/// that is free, else any.
pub fn own_seat(c: &mut Conn, sight: &Sight, meeting: MeetingId) -> Result<(SeatRow, Office)> {
    let offices = sight.offices(c)?;
    let seats = seats::rows_of(c, meeting)?;
    let mut own: Vec<(SeatRow, Office)> = Vec::new();
    for seat in seats {
        if let Some(office) = offices.iter().find(|office| sits(office, &seat)) {
            own.push((seat, *office));
        }
    }
    let rank = |(seat, office): &(SeatRow, Office)| match seat.person_id {
        Some(person) if person == office.person_id => 0,
        None => 1,
        Some(_) => 2,
    };
    own.sort_by_key(rank);
    own.into_iter().next().ok_or_else(|| (&NO_SEAT).into())
}

/// 签到: by the code that is shown at the meeting, on its day.
pub fn check_in(c: &mut Conn, sight: &Sight, meeting: &MeetingRow, body: &CheckInIn, by: &By) -> Result<SeatRow> {
    check_day(by.today, meeting.day())?;
    let (seat, office) = own_seat(c, sight, meeting.id)?;
    let Some(code) = &meeting.check_in_code else { return Err((&WRONG_STATE).into()) };
    if !same(code.as_bytes(), body.code.as_bytes()) {
        return Err(WRONG_CODE.at("/code"));
    }
    let after = SeatRow {
        attendance: Some(Attendance::Present),
        attend_mode: Some(body.mode),
        appointment_id: Some(office.appointment_id),
        person_id: Some(office.person_id),
        ..seat.clone()
    };
    attend(c, meeting, &seat, after, by)
}

/// 登记出席: what the convener writes down for a seat.
pub fn write_down(c: &mut Conn, meeting: &MeetingRow, seat: &SeatRow, body: &AttendanceIn, by: &By) -> Result<SeatRow> {
    let after = match body.attendance {
        AttendanceAs::Present => present(c, meeting, seat, body)?,
        AttendanceAs::Proxy => proxy(c, meeting, seat, body)?,
        AttendanceAs::Excused => {
            let excuse = body.excuse.clone().ok_or_else(|| ATTENDANCE_INCOMPLETE.at("/excuse"))?;
            SeatRow { attendance: Some(Attendance::Excused), excuse: Some(excuse), ..seat.clone() }
        }
    };
    if body.attendance != AttendanceAs::Excused {
        check_day(by.today, meeting.day())?;
    }
    attend(c, meeting, seat, after, by)
}

fn present(c: &mut Conn, meeting: &MeetingRow, seat: &SeatRow, body: &AttendanceIn) -> Result<SeatRow> {
    let id = body.appointment_id.ok_or_else(|| ATTENDANCE_INCOMPLETE.at("/appointment_id"))?;
    let held = office(c, id, meeting.day())?.filter(|office| sits(office, seat));
    let held = held.ok_or_else(|| NOT_IN_OFFICE.at("/appointment_id"))?;
    Ok(SeatRow {
        attendance: Some(Attendance::Present),
        attend_mode: Some(mode(body)?),
        appointment_id: Some(id),
        person_id: Some(held.person_id),
        ..seat.clone()
    })
}

fn proxy(c: &mut Conn, meeting: &MeetingRow, seat: &SeatRow, body: &AttendanceIn) -> Result<SeatRow> {
    if !meeting.terms()?.rule.proxies {
        return Err(NO_PROXIES.at("/attendance"));
    }
    let required = |pointer: &str| ATTENDANCE_INCOMPLETE.at(pointer);
    let person = body.proxy_person_id.ok_or_else(|| required("/proxy_person_id"))?;
    if !is_person(c, person)? {
        return Err(required("/proxy_person_id"));
    }
    Ok(SeatRow {
        attendance: Some(Attendance::Proxy),
        attend_mode: Some(mode(body)?),
        person_id: Some(person),
        proxy_document: Some(body.proxy_document.clone().ok_or_else(|| required("/proxy_document"))?),
        ..seat.clone()
    })
}

fn mode(body: &AttendanceIn) -> Result<Mode> {
    body.mode.ok_or_else(|| ATTENDANCE_INCOMPLETE.at("/mode"))
}

/// Writes it down where nothing is on record for the seat, or an excuse whose seat is filled after all.
fn attend(c: &mut Conn, meeting: &MeetingRow, seat: &SeatRow, after: SeatRow, by: &By) -> Result<SeatRow> {
    let data = json!({ "seat_id": seat.id, "attendance": after.attendance, "appointment_id": after.appointment_id });
    touch(c, meeting, COMING_IN, "meeting.attended", data, by)?;
    let (at, who) = (Some(by.at), by.actor.map(ActorId));
    let after = SeatRow {
        excuse: after.excuse.filter(|_| after.attendance == Some(Attendance::Excused)),
        attended_at: at,
        attended_by: who,
        ..after
    };
    let free =
        meeting_seats::attendance.is_null().or(meeting_seats::attendance.assume_not_null().eq(Attendance::Excused));
    let set = (
        meeting_seats::attendance.eq(after.attendance),
        meeting_seats::attend_mode.eq(after.attend_mode),
        meeting_seats::appointment_id.eq(after.appointment_id),
        meeting_seats::person_id.eq(after.person_id),
        meeting_seats::proxy_document.eq(&after.proxy_document),
        meeting_seats::excuse.eq(&after.excuse),
        meeting_seats::attended_at.eq(at),
        meeting_seats::attended_by.eq(who),
    );
    let target = meeting_seats::table.filter(meeting_seats::id.eq(seat.id).and(free));
    let changed = diesel::update(target).set(set).execute(c).or_conflict(&PERSON_SEATED)?;
    if changed == 1 { Ok(after) } else { Err((&ATTENDED).into()) }
}

/// Whether the register has such a person.
pub fn is_person(c: &mut Conn, id: PersonId) -> Result<bool> {
    let found: i64 = person_names::table.filter(person_names::id.eq(id)).count().get_result(c)?;
    Ok(found == 1)
}

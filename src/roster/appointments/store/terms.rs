//! What ends, begins and follows by itself: terms run out, successors make those who stayed on leave, and what rests on a
//! base post ends the same day with it. Read as of today whatever is stored; written down when somebody touches the post
//! and by the sweeper.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::db::{Backend, Conn};
use serde_json::json;

use super::appointments::{self as rows, AppointmentRow};
use super::grants::{self, Seat};
use super::{By, posts, steps};
use crate::appointments::dto::{AppointmentEndReason, AppointmentState, PostId, Status};
use crate::organisations;
use crate::people;
use crate::schema::appointments;

/// Rows that a sweep settles at once, so that it holds the writer only for a moment.
const PER_RUN: i64 = 200;

/// Writes down what the calendar has done to one post: lapsed holders leave it, and approved successors take it.
pub fn settle_post(c: &mut Conn, post: PostId, by: &By) -> Result<usize> {
    settle(c, Some(post), by)
}

/// The same for all posts; the sweeper calls it until nothing is left.
pub fn settle_all(c: &mut Conn, by: &By) -> Result<usize> {
    settle(c, None, by)
}

fn settle(c: &mut Conn, post: Option<PostId>, by: &By) -> Result<usize> {
    let narrow = |query: appointments::BoxedQuery<'static, Backend>| match post {
        Some(post) => query.filter(appointments::post_id.eq(post)),
        None => query,
    };
    let over = appointments::last_day.is_not_null().and(appointments::last_day.assume_not_null().lt(by.today));
    let stays = appointments::carry_over.eq(true).and(appointments::status.ne(Status::Renewed));
    let lapsed: Vec<AppointmentRow> = narrow(appointments::table.into_boxed())
        .filter(appointments::status.eq_any([Status::Active, Status::Approved, Status::Renewed]))
        .filter(over.and(diesel::dsl::not(stays)))
        .order(appointments::id)
        .limit(PER_RUN)
        .select(AppointmentRow::as_select())
        .load(c)?;
    for row in &lapsed {
        let last = row.last_day.unwrap_or(by.today);
        end(c, row, last + chrono::Duration::days(1), AppointmentEndReason::TermOver, None, by)?;
    }
    let due: Vec<AppointmentRow> = narrow(appointments::table.into_boxed())
        .filter(appointments::status.eq(Status::Approved).and(appointments::term_from.le(by.today)))
        .order(appointments::id)
        .limit(PER_RUN)
        .select(AppointmentRow::as_select())
        .load(c)?;
    for row in &due {
        make_room(c, row, by)?;
        let after = AppointmentRow { status: Status::Active, ..row.clone() };
        rows::save(c, row, after, "appointment.began", json!({ "on": row.term_from }), by)?;
    }
    Ok(lapsed.len() + due.len())
}

/// Who has stayed on after the term leaves when the successor begins.
pub fn make_room(c: &mut Conn, successor: &AppointmentRow, by: &By) -> Result<()> {
    if !successor.single_holder {
        return Ok(());
    }
    for row in rows::open_in_post(c, successor.post_id)? {
        if row.id != successor.id && row.state(by.today) == AppointmentState::CarryOver {
            end(c, &row, successor.term_from, AppointmentEndReason::Succeeded, None, by)?;
        }
    }
    Ok(())
}

/// The appointment that this one renews runs on to its last day, and gives the seat's next term to this one.
pub fn renewed(c: &mut Conn, renewal: &AppointmentRow, by: &By) -> Result<()> {
    let Some(id) = renewal.renews_id else { return Ok(()) };
    let row = rows::get(c, id)?;
    if row.status != Status::Active {
        return Ok(());
    }
    let after = AppointmentRow { status: Status::Renewed, ..row.clone() };
    rows::save(c, &row, after, "appointment.renewed", json!({ "by": renewal.id }), by)?;
    Ok(())
}

/// What rested on the renewed base post rests on its renewal.
pub fn carry_dependents(c: &mut Conn, renewal: &AppointmentRow, by: &By) -> Result<()> {
    let Some(id) = renewal.renews_id else { return Ok(()) };
    for row in rows::open_on_base(c, id)? {
        let of_base = renewal.last_day.filter(|_| !renewal.carry_over);
        let last_day = row.term_to.into_iter().chain(of_base).min();
        let mut after = AppointmentRow { home_appointment_id: Some(renewal.id), last_day, ..row.clone() };
        if row.status.is_standing() {
            after.grant_id = with_seat(c, &row, |c, seat, account| grants::grant_for(c, &after, seat, account, by))?;
        }
        let data = json!({ "home_appointment_id": renewal.id, "last_day": last_day });
        rows::save(c, &row, after, "appointment.rebased", data, by)?;
    }
    Ok(())
}

/// Ends what stands or drops what was on the way.
pub fn finish(c: &mut Conn, row: &AppointmentRow, on: NaiveDate, why: AppointmentEndReason, by: &By) -> Result<()> {
    if row.status.is_standing() {
        end(c, row, on, why, None, by)?;
    } else if row.status.is_pending() {
        steps::drop_pending(c, row, Status::Rejected, why.as_str(), by)?;
    }
    Ok(())
}

/// Ends an appointment in force, the role that came with it, and what rested on it.
pub fn end(
    c: &mut Conn,
    row: &AppointmentRow,
    on: NaiveDate,
    why: AppointmentEndReason,
    note: Option<&str>,
    by: &By,
) -> Result<AppointmentRow> {
    with_seat(c, row, |c, seat, account| grants::release(c, row, seat, account, by))?;
    let over = why == AppointmentEndReason::TermOver;
    let after = AppointmentRow {
        status: if over { Status::Expired } else { Status::Ended },
        ended_on: Some(on),
        end_reason: Some(why),
        note: note.map(str::to_owned).or_else(|| row.note.clone()),
        grant_id: None,
        ..row.clone()
    };
    let event = if over { "appointment.expired" } else { "appointment.ended" };
    let data = json!({ "person_id": row.person_id, "post_id": row.post_id, "on": on, "reason": why });
    let after = rows::save(c, row, after, event, data, by)?;
    for dependent in rows::open_on_base(c, row.id)? {
        finish(c, &dependent, on, AppointmentEndReason::BasePostEnded, by)?;
    }
    Ok(after)
}

/// Does something with the post of an appointment and the account of who holds it.
pub fn with_seat<T>(
    c: &mut Conn,
    row: &AppointmentRow,
    work: impl FnOnce(&mut Conn, &Seat, Option<uuid::Uuid>) -> Result<T>,
) -> Result<T> {
    let post = posts::get(c, row.post_id)?;
    let organisation = organisations::get(c, post.organisation_id)?.ok_or(platform::Error::NotFound)?;
    let account = people::facts(c, row.person_id)?.and_then(|person| person.account_id);
    let seat = Seat { post: &post, organisation_kind: organisation.kind, organisation_area: &organisation.area_code };
    work(c, &seat, account)
}

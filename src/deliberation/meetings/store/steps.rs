//! The steps of a meeting.

use platform::Result;
use platform::db::{Conn, Ts, new_id};
use serde_json::json;

use super::meetings::{self, save, whole};
use super::rows::MeetingRow;
use super::{By, agenda, figures, series};
use crate::meetings::dto::{ItemStatus, MeetingParty};
use crate::meetings::rules::states::{MeetingStep, check_day, check_notice, target_of};
use crate::meetings::rules::{AGENDA_EMPTY, SEATS_MISSING};

/// 通知: fixes the agenda, in time, with a seat for each party that has to be there.
pub fn notify(c: &mut Conn, row: &MeetingRow, by: &By) -> Result<MeetingRow> {
    let status = target_of(MeetingStep::Notify, row.status)?;
    let terms = row.terms()?;
    check_notice(by.today, row.day(), terms.rule.notice_days)?;
    if agenda::rows_of(c, row.id)?.iter().all(|item| item.status != ItemStatus::Listed) {
        return Err((&AGENDA_EMPTY).into());
    }
    let seated: Vec<MeetingParty> = super::seats::rows_of(c, row.id)?.iter().map(|seat| seat.party).collect();
    if terms.required_parties.iter().any(|party| !seated.contains(party)) {
        return Err((&SEATS_MISSING).into());
    }
    // Six digits that nobody guesses: the tail of a fresh id is random.
    let code = format!("{:06}", new_id().as_u128() % 1_000_000);
    let after =
        MeetingRow { status, status_reason: None, notified_at: Some(by.at), check_in_code: Some(code), ..row.clone() };
    let data = json!({ "starts_at": row.starts_at });
    let after = save(c, row, after, "meeting.notified", data, by)?;
    super::board::show(c, &after, "meeting.notified", by)?;
    Ok(after)
}

/// 开会, on its day or later.
pub fn open(c: &mut Conn, row: &MeetingRow, by: &By) -> Result<MeetingRow> {
    let status = target_of(MeetingStep::Open, row.status)?;
    check_day(by.today, row.day())?;
    let after = MeetingRow { status, opened_at: Some(by.at), ..row.clone() };
    save(c, row, after, "meeting.opened", json!({}), by)
}

/// 结束: what it was is decided by who was there.
pub fn close(c: &mut Conn, row: &MeetingRow, by: &By) -> Result<MeetingRow> {
    let status = target_of(MeetingStep::Close, row.status)?;
    let count = whole(c, row.clone())?.count;
    let standing = count.standing();
    let after = MeetingRow { status, standing: Some(standing), closed_at: Some(by.at), ..row.clone() };
    let data =
        json!({ "standing": standing, "present": count.present, "voting": count.voting, "missing": count.missing });
    let after = save(c, row, after, figures::CLOSED, data, by)?;
    if let Some(id) = after.series_id {
        series::held(c, id, after.day(), by)?;
    }
    figures::count_session(c, &after, by)?;
    Ok(after)
}

/// 延期: to be called anew, at another time.
pub fn postpone(c: &mut Conn, row: &MeetingRow, reason: &str, starts_at: Ts, by: &By) -> Result<MeetingRow> {
    let status = target_of(MeetingStep::Postpone, row.status)?;
    let after =
        MeetingRow { status, status_reason: Some(reason.to_owned()), starts_at, check_in_code: None, ..row.clone() };
    save(c, row, after, "meeting.postponed", json!({ "starts_at": starts_at }), by)
}

pub fn cancel(c: &mut Conn, row: &MeetingRow, reason: &str, by: &By) -> Result<MeetingRow> {
    let status = target_of(MeetingStep::Cancel, row.status)?;
    let after = MeetingRow { status, status_reason: Some(reason.to_owned()), check_in_code: None, ..row.clone() };
    meetings::save(c, row, after, "meeting.cancelled", json!({}), by)
}

//! 会议纪要: drafted, circulated, amended; and how two versions differ.

use std::collections::BTreeSet;

use diesel::prelude::*;
use platform::db::{Conn, Json};
use platform::error::OrConflict;
use platform::history::{ActorId, record, record_first};
use platform::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use super::rows::{AmendmentRow, FrozenRow, MeetingRow, MinutesChanges, MinutesRow, SignatureRow};
use super::sight::Sight;
use super::{By, agenda, attendance, no_longer};
use crate::meetings::dto::{
    AgendaItemId, AmendmentId, AmendmentIn, ChangeKind, ChangeOut, Disposition, DispositionIn, ItemWords, MeetingId,
    MeetingStatus, MinutesBody, MinutesId, MinutesIn, MinutesOut, MinutesStatus,
};
use crate::meetings::rules::minutes::{check_reason, may_amend, may_edit, until};
use crate::meetings::rules::{
    AMENDMENT_CLOSED, ITEM_UNKNOWN, MINUTES_EARLY, MINUTES_FROZEN, MINUTES_OPEN, NOT_PRESENT,
};
use crate::schema::{meeting_minutes as minutes, minutes_amendments as amendments, minutes_signatures as signatures};

/// The entity of the events of one version of minutes.
pub const ENTITY: &str = "minutes";

/// The versions of a meeting's minutes, oldest first.
pub fn of_meeting(c: &mut Conn, id: MeetingId) -> Result<Vec<MinutesRow>> {
    let of = minutes::table.filter(minutes::meeting_id.eq(id));
    Ok(of.order(minutes::number).select(MinutesRow::as_select()).load(c)?)
}

pub fn find(c: &mut Conn, meeting: MeetingId, number: i32) -> Result<MinutesRow> {
    let one = minutes::meeting_id.eq(meeting).and(minutes::number.eq(number));
    Ok(minutes::table.filter(one).select(MinutesRow::as_select()).first(c)?)
}

/// One version with what was said to it and who has signed.
pub fn whole(c: &mut Conn, row: MinutesRow) -> Result<MinutesOut> {
    let said = amendments_of(c, row.id)?;
    let signed = signatures_of(c, row.id)?;
    MinutesOut::of(row, said, signed)
}

pub fn amendments_of(c: &mut Conn, id: MinutesId) -> Result<Vec<AmendmentRow>> {
    let of = amendments::table.filter(amendments::minutes_id.eq(id));
    Ok(of.order(amendments::id).select(AmendmentRow::as_select()).load(c)?)
}

pub fn signatures_of(c: &mut Conn, id: MinutesId) -> Result<Vec<SignatureRow>> {
    let of = signatures::table.filter(signatures::minutes_id.eq(id));
    Ok(of.order((signatures::signed_at, signatures::seat_id)).select(SignatureRow::as_select()).load(c)?)
}

/// 起草: the first version, or one that corrects what is published.
pub fn draft(c: &mut Conn, meeting: &MeetingRow, new: &MinutesIn, by: &By) -> Result<MinutesRow> {
    if meeting.status != MeetingStatus::Closed {
        return Err((&MINUTES_EARLY).into());
    }
    let versions = of_meeting(c, meeting.id)?;
    let is_open = |row: &MinutesRow| {
        use MinutesStatus::{Circulated, Countersigning, Drafting};
        matches!(row.status, Drafting | Circulated | Countersigning)
    };
    if versions.iter().any(is_open) {
        return Err((&MINUTES_OPEN).into());
    }
    let number = versions.last().map_or(0, |last| last.number) + 1;
    check_reason(number, new.reason.as_deref())?;
    check_items(c, meeting.id, &new.body, "/body")?;
    let row = MinutesRow {
        id: MinutesId::fresh(),
        meeting_id: meeting.id,
        area_code: meeting.area_code.clone(),
        number,
        status: MinutesStatus::Drafting,
        body: to_json(&new.body)?,
        reason: new.reason.clone(),
        amend_until: None,
        sign_until: None,
        content_hash: None,
        public_hash: None,
        published_at: None,
        published_by: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    // One open version at a time, whoever is first: of two at once the index decides.
    diesel::insert_into(minutes::table).values(&row).execute(c).or_conflict(&MINUTES_OPEN)?;
    let data = json!({ "meeting_id": row.meeting_id, "number": row.number });
    record_first(c, by.event(ENTITY, row.id, 1, "minutes.drafted", &row.area_code, data))?;
    Ok(row)
}

fn to_json(body: &MinutesBody) -> Result<Json> {
    Ok(Json(serde_json::to_value(body).map_err(Error::internal)?))
}

pub fn body_of(row: &MinutesRow) -> Result<MinutesBody> {
    MinutesBody::deserialize(&row.body.0).map_err(Error::internal)
}

/// What was frozen of a version, as far as it has been published.
pub fn frozen(c: &mut Conn, id: MinutesId) -> Result<FrozenRow> {
    Ok(minutes::table.find(id).select(FrozenRow::as_select()).first(c)?)
}

/// Each item is one of the meeting's, and named once.
fn check_items(c: &mut Conn, meeting: MeetingId, body: &MinutesBody, pointer: &str) -> Result<()> {
    let known: BTreeSet<AgendaItemId> = agenda::rows_of(c, meeting)?.into_iter().map(|item| item.id).collect();
    let mut named = BTreeSet::new();
    for (at, item) in body.items.iter().enumerate() {
        if !known.contains(&item.item_id) || !named.insert(item.item_id) {
            return Err(ITEM_UNKNOWN.at(format!("{pointer}/items/{at}/item_id")));
        }
    }
    Ok(())
}

/// Changes the words while they are drafted.
pub fn edit(c: &mut Conn, row: &MinutesRow, body: &MinutesBody, by: &By) -> Result<()> {
    if row.status != MinutesStatus::Drafting {
        return Err((&MINUTES_FROZEN).into());
    }
    check_items(c, row.meeting_id, body, "/body")?;
    let changes = MinutesChanges { body: Some(to_json(body)?), ..MinutesChanges::default() };
    save(c, row, changes, "minutes.edited", json!({}), by)
}

/// 放弃: a correction that is not pursued.
pub fn drop_version(c: &mut Conn, row: &MinutesRow, by: &By) -> Result<()> {
    may_edit(row.status)?;
    if row.number == 1 {
        return Err((&MINUTES_FROZEN).into());
    }
    save(c, row, MinutesChanges::to(MinutesStatus::Dropped), "minutes.dropped", json!({}), by)
}

/// 征求意见: for as many days as the rule gives those who checked in.
pub fn circulate(c: &mut Conn, meeting: &MeetingRow, row: &MinutesRow, by: &By) -> Result<()> {
    if row.status != MinutesStatus::Drafting {
        return Err((&MINUTES_FROZEN).into());
    }
    let days = meeting.terms()?.rule.amend_days;
    let amend_until = Some(until(by.today, days));
    let changes = MinutesChanges { amend_until, ..MinutesChanges::to(MinutesStatus::Circulated) };
    let data = json!({ "amend_until": amend_until });
    save(c, row, changes, "minutes.circulated", data, by)
}

/// 提出修改意见: by whoever checked in.
pub fn amend(c: &mut Conn, sight: &Sight, row: &MinutesRow, new: &AmendmentIn, by: &By) -> Result<AmendmentRow> {
    let (seat, office) = attendance::own_seat(c, sight, row.meeting_id)?;
    if !seat.is_there() || seat.person_id != Some(office.person_id) {
        return Err((&NOT_PRESENT).into());
    }
    may_amend(row.status, row.amend_until, by.today)?;
    if let Some(item) = new.item_id {
        let known = agenda::rows_of(c, row.meeting_id)?;
        if !known.iter().any(|row| row.id == item) {
            return Err(ITEM_UNKNOWN.at("/item_id"));
        }
    }
    let amendment = AmendmentRow {
        id: AmendmentId::fresh(),
        minutes_id: row.id,
        seat_id: seat.id,
        item_id: new.item_id,
        words: new.words.clone(),
        status: Disposition::Open,
        reply: None,
        raised_by: ActorId(by.actor.unwrap_or_default()),
        raised_at: by.at,
        disposed_by: None,
        disposed_at: None,
    };
    diesel::insert_into(amendments::table).values(&amendment).execute(c)?;
    let data = json!({ "amendment_id": amendment.id, "seat_id": seat.id });
    touch(c, row, &[MinutesStatus::Circulated], "minutes.amendment_raised", data, by)?;
    Ok(amendment)
}

/// An amendment with the version that it is about.
pub fn find_amendment(c: &mut Conn, id: AmendmentId) -> Result<(AmendmentRow, MinutesRow)> {
    let both = amendments::table.inner_join(minutes::table).filter(amendments::id.eq(id));
    Ok(both.select((AmendmentRow::as_select(), MinutesRow::as_select())).first(c)?)
}

/// 处理: accepted, with the words as they are then, or not, with the reason.
pub fn dispose(
    c: &mut Conn,
    (amendment, row): (&AmendmentRow, &MinutesRow),
    body: &DispositionIn,
    by: &By,
) -> Result<()> {
    if row.status != MinutesStatus::Circulated {
        return Err((&MINUTES_FROZEN).into());
    }
    let status = if body.accepted { Disposition::Accepted } else { Disposition::Rejected };
    let open = amendments::table.filter(amendments::id.eq(amendment.id).and(amendments::status.eq(Disposition::Open)));
    let set = (
        amendments::status.eq(status),
        amendments::reply.eq(Some(&body.reply)),
        amendments::disposed_by.eq(by.actor.map(ActorId)),
        amendments::disposed_at.eq(Some(by.at)),
    );
    if diesel::update(open).set(set).execute(c)? != 1 {
        return Err((&AMENDMENT_CLOSED).into());
    }
    let mut changes = MinutesChanges::default();
    if let Some(words) = body.body.as_ref().filter(|_| body.accepted) {
        check_items(c, row.meeting_id, words, "/body")?;
        changes.body = Some(to_json(words)?);
    }
    let data = json!({ "amendment_id": amendment.id, "status": status });
    save(c, row, changes, "minutes.amendment_disposed", data, by)
}

/// Amendments that wait.
pub fn open_amendments(c: &mut Conn, id: MinutesId) -> Result<i64> {
    let open = amendments::minutes_id.eq(id).and(amendments::status.eq(Disposition::Open));
    Ok(amendments::table.filter(open).count().get_result(c)?)
}

/// Writes a step of one version down.
pub fn save(
    c: &mut Conn,
    before: &MinutesRow,
    changes: MinutesChanges,
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<()> {
    let version = before.version + 1;
    let target = minutes::table.filter(minutes::id.eq(before.id).and(minutes::version.eq(before.version)));
    let set = (changes, minutes::version.eq(version), minutes::updated_at.eq(by.at));
    no_longer(diesel::update(target).set(set).execute(c)?, version)?;
    record(c, by.event(ENTITY, before.id, version, event, &before.area_code, data))
}

/// Notes what several may do at once, an amendment or a signature: while the version is in one of these states.
pub fn touch(
    c: &mut Conn,
    row: &MinutesRow,
    while_in: &[MinutesStatus],
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<()> {
    let target = minutes::table.filter(minutes::id.eq(row.id).and(minutes::status.eq_any(while_in)));
    let version: Option<i32> = diesel::update(target)
        .set((minutes::version.eq(minutes::version + 1), minutes::updated_at.eq(by.at)))
        .returning(minutes::version)
        .get_result(c)
        .optional()?;
    let version = version.ok_or(Error::from(&MINUTES_FROZEN))?;
    record(c, by.event(ENTITY, row.id, version, event, &row.area_code, data))
}

/// Where two versions differ, part by part; everything is new where there is none before.
pub fn difference(before: Option<&MinutesBody>, after: &MinutesBody) -> Vec<ChangeOut> {
    let changed = |part: &str, item_id, before: Option<&String>, after: Option<&String>| {
        let change = match (before, after) {
            (Some(before), Some(after)) if before != after => ChangeKind::Changed,
            (Some(_), None) => ChangeKind::Removed,
            (None, Some(_)) => ChangeKind::Added,
            _ => return None,
        };
        let (before, after) = (before.cloned(), after.cloned());
        Some(ChangeOut { part: part.to_owned(), item_id, change, before, after })
    };
    let items_before = before.map(|body| body.items.as_slice()).unwrap_or_default();
    let mut items: Vec<AgendaItemId> = after.items.iter().map(|item| item.item_id).collect();
    let dropped = items_before.iter().map(|item| item.item_id).filter(|id| words(&after.items, *id).is_none());
    items.extend(dropped);
    let texts = [
        changed("summary", None, before.map(|body| &body.summary), Some(&after.summary)),
        changed("public_summary", None, before.map(|body| &body.public_summary), Some(&after.public_summary)),
    ];
    let of_items =
        items.into_iter().map(|id| changed("items", Some(id), words(items_before, id), words(&after.items, id)));
    texts.into_iter().chain(of_items).flatten().collect()
}

fn words(items: &[ItemWords], id: AgendaItemId) -> Option<&String> {
    items.iter().find(|item| item.item_id == id).map(|item| &item.words)
}

//! 议程: items as a tree, who keeps out of which, and how the votes stand.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use platform::auth::Principal;
use platform::db::Conn;
use platform::history::{record, record_first};
use platform::{Error, Result};
use roster::appointments::bound_to;
use roster::organisations::{self, OrganisationId};
use roster::people::PersonId;
use serde_json::json;

use super::rows::{ItemRow, ItemSourceId, MeetingRow, Terms};
use super::seats::Seated;
use super::sight::{Sight, is_seated};
use super::{By, no_longer, sources};
use crate::meetings::dto::{
    AgendaItemId, AgendaItemIn, AgendaItemPatch, Choice, ItemKind, ItemStatus, MeetingId, MeetingStatus, SeatId,
    VoteOut,
};
use crate::meetings::rules::agenda::{MOST_ITEMS, MOST_LEVELS, check_source, entry, is_recused};
use crate::meetings::rules::quorum::Tally;
use crate::meetings::rules::states::is_open_to_planning;
use crate::meetings::rules::{
    ITEM_FIXED, NO_SEAT, NOT_PROPOSER, PARENT_INVALID, SEAT_INVALID, TOO_MANY_ITEMS, WRONG_STATE,
};
use crate::schema::{agenda_items as items, agenda_votes as votes};

/// The entity of an item's events.
pub const ENTITY: &str = "agenda_item";

/// An item with who keeps out of it and, of a vote, how it stands.
#[derive(Debug, Clone)]
pub struct Told {
    pub row: ItemRow,
    pub recused: Vec<SeatId>,
    pub vote: Option<VoteOut>,
}

/// The items of a meeting, in their order.
pub fn rows_of(c: &mut Conn, id: MeetingId) -> Result<Vec<ItemRow>> {
    let of = items::table.filter(items::meeting_id.eq(id));
    Ok(of.order((items::position, items::id)).select(ItemRow::as_select()).load(c)?)
}

/// The whole agenda in four statements: the items, the votes counted, and the two that find who is bound to whom.
pub fn of_meeting(c: &mut Conn, meeting: &MeetingRow, terms: &Terms, seats: &[Seated]) -> Result<Vec<Told>> {
    let rows = rows_of(c, meeting.id)?;
    let counted: Vec<(AgendaItemId, Choice, i64)> = votes::table
        .inner_join(items::table)
        .filter(items::meeting_id.eq(meeting.id))
        .group_by((votes::item_id, votes::choice))
        .select((votes::item_id, votes::choice, count_star()))
        .load(c)?;
    let bound = bound(c, meeting, rows.iter().filter_map(|row| row.object_org_id), seats)?;
    let mut of: HashMap<AgendaItemId, Vec<(Choice, i64)>> = HashMap::new();
    for (item, choice, n) in counted {
        of.entry(item).or_default().push((choice, n));
    }
    let tell = |row: ItemRow| {
        let recused = recused(&row, seats, &bound);
        let vote = (row.kind == ItemKind::Vote).then(|| {
            let counts = of.get(&row.id).map(Vec::as_slice).unwrap_or_default();
            told_vote(meeting, terms, tally(counts, seats, &recused))
        });
        Told { row, recused, vote }
    };
    Ok(rows.into_iter().map(tell).collect())
}

/// Which of those who sit at the table are bound to which of these organisations, on the day of the meeting.
fn bound(
    c: &mut Conn,
    meeting: &MeetingRow,
    objects: impl Iterator<Item = OrganisationId>,
    seats: &[Seated],
) -> Result<Vec<(PersonId, OrganisationId)>> {
    let mut objects: Vec<OrganisationId> = objects.collect();
    objects.sort_unstable();
    objects.dedup();
    let people: Vec<PersonId> = seats.iter().filter_map(|seat| seat.row.person_id).collect();
    bound_to(c, &people, &objects, meeting.day())
}

fn recused(row: &ItemRow, seats: &[Seated], bound: &[(PersonId, OrganisationId)]) -> Vec<SeatId> {
    let out = |seat: &&Seated| is_recused(row.object_org_id, seat.row.organisation_id, seat.row.person_id, bound);
    seats.iter().filter(out).map(|seat| seat.row.id).collect()
}

/// Who is recused from one item.
pub fn recused_from(c: &mut Conn, meeting: &MeetingRow, row: &ItemRow, seats: &[Seated]) -> Result<Vec<SeatId>> {
    let bound = bound(c, meeting, row.object_org_id.into_iter(), seats)?;
    Ok(recused(row, seats, &bound))
}

/// Counts of choices against the seats that have a voice in the item.
pub fn tally(counts: &[(Choice, i64)], seats: &[Seated], recused: &[SeatId]) -> Tally {
    let voiced = |there: bool| {
        let counted =
            |seat: &&Seated| seat.row.votes && !recused.contains(&seat.row.id) && (!there || seat.row.is_there());
        i64::try_from(seats.iter().filter(counted).count()).unwrap_or(i64::MAX)
    };
    let of = |choice: Choice| counts.iter().filter(|(known, _)| *known == choice).map(|(_, n)| n).sum();
    Tally {
        agree: of(Choice::Agree),
        against: of(Choice::Against),
        abstain: of(Choice::Abstain),
        present: voiced(true),
        all: voiced(false),
    }
}

/// How many have voted is shown at once; how, when the meeting is over.
fn told_vote(meeting: &MeetingRow, terms: &Terms, tally: Tally) -> VoteOut {
    let over = meeting.status == MeetingStatus::Closed;
    VoteOut {
        voted: tally.agree + tally.against + tally.abstain,
        agree: over.then_some(tally.agree),
        against: over.then_some(tally.against),
        abstain: over.then_some(tally.abstain),
        carried: over.then(|| tally.carries(terms.rule.majority)),
    }
}

/// The votes on one item, counted.
pub fn counts_of(c: &mut Conn, id: AgendaItemId) -> Result<Vec<(Choice, i64)>> {
    let of = votes::table.filter(votes::item_id.eq(id));
    Ok(of.group_by(votes::choice).select((votes::choice, count_star())).load(c)?)
}

/// An item, whoever asks.
pub fn get(c: &mut Conn, id: AgendaItemId) -> Result<ItemRow> {
    Ok(items::table.find(id).select(ItemRow::as_select()).first(c)?)
}

/// Puts an item onto the agenda, or proposes it.
pub fn insert(
    c: &mut Conn,
    who: &Principal,
    sight: &Sight,
    meeting: &MeetingRow,
    new: &AgendaItemIn,
    by: &By,
) -> Result<ItemRow> {
    // Who only looks on, an auditor, raises nothing.
    if !sight.convenes(meeting) && !is_seated(c, sight, meeting.id)? {
        return Err((&NO_SEAT).into());
    }
    let entry = entry(meeting.status, new.kind, &meeting.terms()?.rule, sight.convenes(meeting))?;
    check_source(new.source_kind, new.source_id.is_some(), new.source_note.is_some())?;
    if let Some((kind, id)) = new.source_kind.zip(new.source_id) {
        sources::check(c, who, sight, kind, id)?;
    }
    check_organisation(c, new.presenter_org_id, "/presenter_org_id")?;
    check_organisation(c, new.object_org_id, "/object_org_id")?;
    check_parent(c, meeting.id, new.parent_id)?;
    let all: i64 = items::table.filter(items::meeting_id.eq(meeting.id)).count().get_result(c)?;
    if all >= MOST_ITEMS {
        return Err((&TOO_MANY_ITEMS).into());
    }
    let AgendaItemIn {
        parent_id,
        position,
        title,
        body,
        kind,
        minutes,
        presenter_org_id,
        object_org_id,
        source_kind,
        source_id,
        source_note,
    } = new.clone();
    let row = ItemRow {
        id: AgendaItemId::fresh(),
        meeting_id: meeting.id,
        parent_id,
        position,
        title,
        body,
        kind,
        minutes,
        presenter_org_id,
        object_org_id,
        source_kind,
        source_id: source_id.map(ItemSourceId),
        source_note,
        impromptu: entry.impromptu,
        status: entry.status,
        status_reason: None,
        proposed_by: sight.account,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_row(c, meeting, &row, by)?;
    Ok(row)
}

pub fn insert_row(c: &mut Conn, meeting: &MeetingRow, row: &ItemRow, by: &By) -> Result<()> {
    diesel::insert_into(items::table).values(row).execute(c)?;
    let data = json!({ "meeting_id": row.meeting_id, "kind": row.kind, "status": row.status, "impromptu": row.impromptu,
        "source_kind": row.source_kind, "source_id": row.source_id });
    record_first(c, by.event(ENTITY, row.id, 1, "agenda_item.raised", &meeting.area_code, data))
}

fn check_organisation(c: &mut Conn, id: Option<OrganisationId>, pointer: &str) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    if organisations::get(c, id)?.is_some() { Ok(()) } else { Err(SEAT_INVALID.at(pointer)) }
}

/// The parent is of the same meeting, and the tree no deeper than a reader can hold.
fn check_parent(c: &mut Conn, meeting: MeetingId, parent: Option<AgendaItemId>) -> Result<()> {
    let (mut next, mut levels) = (parent, 1);
    while let Some(id) = next {
        let row = get(c, id).map_err(|_| PARENT_INVALID.at("/parent_id"))?;
        levels += 1;
        if row.meeting_id != meeting || levels > MOST_LEVELS {
            return Err(PARENT_INVALID.at("/parent_id"));
        }
        next = row.parent_id;
    }
    Ok(())
}

/// Changes an item before the notice.
pub fn update(c: &mut Conn, meeting: &MeetingRow, row: &ItemRow, patch: &AgendaItemPatch, by: &By) -> Result<ItemRow> {
    if !is_open_to_planning(meeting.status) {
        return Err((&ITEM_FIXED).into());
    }
    let AgendaItemPatch { position, title, body, minutes, presenter_org_id, object_org_id } = patch.clone();
    check_organisation(c, presenter_org_id.flatten(), "/presenter_org_id")?;
    check_organisation(c, object_org_id.flatten(), "/object_org_id")?;
    let after = ItemRow {
        position: position.unwrap_or(row.position),
        title: title.unwrap_or_else(|| row.title.clone()),
        body: body.unwrap_or_else(|| row.body.clone()),
        minutes: minutes.unwrap_or(row.minutes),
        presenter_org_id: presenter_org_id.unwrap_or(row.presenter_org_id),
        object_org_id: object_org_id.unwrap_or(row.object_org_id),
        ..row.clone()
    };
    save(c, meeting, row, after, "agenda_item.changed", by)
}

/// 列入议程: what was proposed before the notice; an impromptu motion until the meeting is over.
pub fn accept(c: &mut Conn, meeting: &MeetingRow, row: &ItemRow, by: &By) -> Result<ItemRow> {
    check_proposed(meeting, row)?;
    if !row.impromptu && !is_open_to_planning(meeting.status) {
        return Err((&ITEM_FIXED).into());
    }
    let after = ItemRow { status: ItemStatus::Listed, ..row.clone() };
    save(c, meeting, row, after, "agenda_item.listed", by)
}

/// 不列入议程, with the reason.
pub fn decline(c: &mut Conn, meeting: &MeetingRow, row: &ItemRow, reason: &str, by: &By) -> Result<ItemRow> {
    check_proposed(meeting, row)?;
    let after = ItemRow { status: ItemStatus::Declined, status_reason: Some(reason.to_owned()), ..row.clone() };
    save(c, meeting, row, after, "agenda_item.declined", by)
}

/// 撤回: by who proposed it, or by the convener, before the notice; a proposal at any time.
pub fn withdraw(
    c: &mut Conn,
    sight: &Sight,
    meeting: &MeetingRow,
    row: &ItemRow,
    reason: &str,
    by: &By,
) -> Result<ItemRow> {
    if row.proposed_by != sight.account && !sight.convenes(meeting) {
        return Err((&NOT_PROPOSER).into());
    }
    let listed = row.status == ItemStatus::Listed && is_open_to_planning(meeting.status);
    if row.status == ItemStatus::Listed && !listed {
        return Err((&ITEM_FIXED).into());
    }
    if row.status != ItemStatus::Proposed && !listed {
        return Err((&WRONG_STATE).into());
    }
    let after = ItemRow { status: ItemStatus::Withdrawn, status_reason: Some(reason.to_owned()), ..row.clone() };
    save(c, meeting, row, after, "agenda_item.withdrawn", by)
}

fn check_proposed(meeting: &MeetingRow, row: &ItemRow) -> Result<()> {
    let over = matches!(meeting.status, MeetingStatus::Closed | MeetingStatus::Cancelled);
    if row.status == ItemStatus::Proposed && !over { Ok(()) } else { Err((&WRONG_STATE).into()) }
}

fn save(
    c: &mut Conn,
    meeting: &MeetingRow,
    before: &ItemRow,
    mut after: ItemRow,
    event: &'static str,
    by: &By,
) -> Result<ItemRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let target = items::table.filter(items::id.eq(before.id).and(items::version.eq(before.version)));
    no_longer(diesel::update(target).set(&after).execute(c)?, after.version)?;
    let data = json!({ "status": after.status, "position": after.position });
    record(c, by.event(ENTITY, after.id, after.version, event, &meeting.area_code, data))?;
    Ok(after)
}

/// Counts one more voice on an item, which several seats may raise at once.
pub fn touch(c: &mut Conn, meeting: &MeetingRow, row: &ItemRow, seat: SeatId, by: &By) -> Result<()> {
    let version: Option<i32> = diesel::update(items::table.find(row.id))
        .set((items::version.eq(items::version + 1), items::updated_at.eq(by.at)))
        .returning(items::version)
        .get_result(c)
        .optional()?;
    let version = version.ok_or(Error::NotFound)?;
    // How a seat voted stays in its row until the meeting is over: history goes to the feed at once.
    let data = json!({ "seat_id": seat });
    record(c, by.event(ENTITY, row.id, version, "agenda_item.voted", &meeting.area_code, data))
}

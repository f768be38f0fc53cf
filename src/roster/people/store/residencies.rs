//! 居住关系 rows: claims, their evidences, and the role that a verified one brings.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Range, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, record, record_first};
use platform::{Result, in_ranges};
use registry::identity::GrantId;
use registry::territory::dto::{CompoundId, RoomId};
use registry::territory::store::buildings::RoomRow;
use serde_json::{Value, json};

use super::persons::{ERASED, PersonRow};
use super::{By, grants, took_effect};
use crate::people::dto::{
    GivenAs, PersonId, ProofIn, ProofKind, ResidencyEndReason, ResidencyId, ResidencyKind, ResidencyQuery,
    ResidencyStatus,
};
use crate::people::rules::{self, Evidence, Given, Standing};
use crate::schema::{persons, residencies as homes};

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = homes, treat_none_as_default_value = false)]
pub struct ResidencyRow {
    pub id: ResidencyId,
    pub person_id: PersonId,
    pub room_id: RoomId,
    pub compound_id: CompoundId,
    pub area_code: String,
    pub kind: ResidencyKind,
    pub status: ResidencyStatus,
    pub self_claimed: bool,
    pub filed_by: Option<ActorId>,
    pub valid_from: NaiveDate,
    pub document_kind: Option<ProofKind>,
    pub document_ref: Option<String>,
    pub checked_by: Option<ActorId>,
    pub checked_at: Option<Ts>,
    pub checked_as: Option<GivenAs>,
    pub confirmed_by: Option<ActorId>,
    pub confirmed_at: Option<Ts>,
    pub confirmed_as: Option<GivenAs>,
    pub confirm_note: Option<String>,
    pub decided_by: Option<ActorId>,
    pub reject_reason: Option<String>,
    pub ended_on: Option<NaiveDate>,
    pub end_reason: Option<ResidencyEndReason>,
    pub grant_id: Option<GrantId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// A residency, and whose it is as far as lists show it.
pub type Resident = (ResidencyRow, String, Option<String>);

/// Waiting or in force.
pub(super) fn is_open() -> diesel::dsl::EqAny<homes::status, [ResidencyStatus; 2]> {
    homes::status.eq_any([ResidencyStatus::Applied, ResidencyStatus::Verified])
}

/// What is asked for when a residency is filed.
pub struct Claim<'a> {
    pub kind: ResidencyKind,
    pub since: NaiveDate,
    pub document: Option<&'a ProofIn>,
    pub self_claimed: bool,
}

pub fn find(c: &mut Conn, visible: &Visible, id: ResidencyId) -> Result<ResidencyRow> {
    let row: ResidencyRow = homes::table.find(id).select(ResidencyRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// One of the person's own.
pub fn find_own(c: &mut Conn, person: PersonId, id: ResidencyId) -> Result<ResidencyRow> {
    let own = homes::table.find(id).filter(homes::person_id.eq(person));
    Ok(own.select(ResidencyRow::as_select()).first(c)?)
}

/// With the name and the masked phone, as it is answered.
pub fn resident(c: &mut Conn, id: ResidencyId) -> Result<Resident> {
    let joined = homes::table.inner_join(persons::table).filter(homes::id.eq(id));
    Ok(joined.select((ResidencyRow::as_select(), persons::name, persons::phone_masked)).first(c)?)
}

/// The conditions of a list, over the table alone or joined: boxed queries of different types.
macro_rules! filtered {
    ($query:expr, $ranges:expr, $filter:expr) => {{
        let (ranges, filter): (Vec<Range>, &ResidencyQuery) = ($ranges, $filter);
        let mut query = $query.filter(in_ranges!(ranges, homes::area_code));
        if let Some(person) = filter.person_id {
            query = query.filter(homes::person_id.eq(person));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(homes::kind.eq(kind));
        }
        match filter.status {
            Some(status) => query.filter(homes::status.eq(status)),
            None => query,
        }
    }};
}
/// Residencies by id, oldest first, with whose they are: one statement.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<ResidencyId>, i64),
    filter: &ResidencyQuery,
) -> Result<Vec<Resident>> {
    let mut query =
        filtered!(homes::table.inner_join(persons::table).into_boxed::<Backend>(), visible.ranges(), filter);
    if let Some(after) = after {
        query = query.filter(homes::id.gt(after));
    }
    let page = query.order(homes::id.asc()).limit(fetch);
    Ok(page.select((ResidencyRow::as_select(), persons::name, persons::phone_masked)).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &ResidencyQuery) -> Result<i64> {
    Ok(filtered!(homes::table.into_boxed::<Backend>(), visible.ranges(), filter).count().get_result(c)?)
}

/// Every residency of one person, oldest first: for themselves.
pub fn of_person(c: &mut Conn, person: PersonId, limit: i64) -> Result<Vec<Resident>> {
    let joined = homes::table.inner_join(persons::table).filter(homes::person_id.eq(person));
    let rows = joined.order(homes::id.asc()).limit(limit);
    Ok(rows.select((ResidencyRow::as_select(), persons::name, persons::phone_masked)).load(c)?)
}

/// Whose residency of a room is verified; owners first.
pub fn household(c: &mut Conn, room: RoomId, limit: i64) -> Result<Vec<Resident>> {
    let joined = homes::table
        .inner_join(persons::table)
        .filter(homes::room_id.eq(room).and(homes::status.eq(ResidencyStatus::Verified)))
        .limit(limit);
    let mut rows: Vec<Resident> =
        joined.select((ResidencyRow::as_select(), persons::name, persons::phone_masked)).load(c)?;
    rows.sort_by_key(|(row, _, _)| (row.kind, row.id));
    Ok(rows)
}

/// Claims of one person that wait.
pub fn waiting(c: &mut Conn, person: PersonId) -> Result<i64> {
    let waiting = homes::person_id.eq(person).and(homes::status.eq(ResidencyStatus::Applied));
    Ok(homes::table.filter(waiting).count().get_result(c)?)
}

pub fn file(c: &mut Conn, person: &PersonRow, room: &RoomRow, claim: &Claim, by: &By) -> Result<ResidencyRow> {
    person.refuse_closed()?;
    if claim.since > by.today {
        return Err(rules::IN_THE_FUTURE.at("/since"));
    }
    check_document(claim.kind, claim.document.map(|document| document.kind), "/document/kind")?;
    let row = ResidencyRow {
        id: ResidencyId::fresh(),
        person_id: person.id,
        room_id: room.id,
        compound_id: room.compound_id,
        area_code: room.area_code.clone(),
        kind: claim.kind,
        status: ResidencyStatus::Applied,
        self_claimed: claim.self_claimed,
        filed_by: by.actor.map(ActorId),
        valid_from: claim.since,
        document_kind: claim.document.map(|document| document.kind),
        document_ref: claim.document.map(|document| document.reference.clone()),
        checked_by: None,
        checked_at: None,
        checked_as: None,
        confirmed_by: None,
        confirmed_at: None,
        confirmed_as: None,
        confirm_note: None,
        decided_by: None,
        reject_reason: None,
        ended_on: None,
        end_reason: None,
        grant_id: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_row(c, &row, by)?;
    Ok(row)
}

fn check_document(kind: ResidencyKind, document: Option<ProofKind>, pointer: &str) -> Result<()> {
    match document {
        Some(document) if !rules::document_fits(kind, document) => Err(rules::DOCUMENT_UNFIT.at(pointer)),
        _ => Ok(()),
    }
}

/// Writes a residency down as it is: a claim, or what the demo has verified.
pub fn insert_row(c: &mut Conn, row: &ResidencyRow, by: &By) -> Result<()> {
    diesel::insert_into(homes::table).values(row).execute(c).or_conflict(&rules::RESIDENCY_OPEN)?;
    let data = json!({ "person_id": row.person_id, "compound_id": row.compound_id, "kind": row.kind,
        "status": row.status, "valid_from": row.valid_from, "self_claimed": row.self_claimed });
    record_first(c, by.event("residency", row.id, 1, "residency.filed", &row.area_code, data))
}

/// The standing of a claim, for the rules.
pub fn standing(row: &ResidencyRow, person: &PersonRow) -> Standing {
    let given = |by: Option<ActorId>, given_as: Option<GivenAs>| {
        given_as.map(|given_as| Given { by: by.map(|by| by.0), given_as })
    };
    Standing {
        kind: row.kind,
        status: row.status,
        claimant: person.account_id.map(|account| account.0),
        filed_by: row.filed_by.filter(|_| row.self_claimed).map(|by| by.0),
        document: given(row.checked_by, row.checked_as),
        confirmation: given(row.confirmed_by, row.confirmed_as),
    }
}

#[derive(Default, AsChangeset)]
#[diesel(table_name = homes)]
struct Changes {
    status: Option<ResidencyStatus>,
    document_kind: Option<Option<ProofKind>>,
    document_ref: Option<Option<String>>,
    checked_by: Option<Option<ActorId>>,
    checked_at: Option<Option<Ts>>,
    checked_as: Option<Option<GivenAs>>,
    confirmed_by: Option<Option<ActorId>>,
    confirmed_at: Option<Option<Ts>>,
    confirmed_as: Option<Option<GivenAs>>,
    confirm_note: Option<Option<String>>,
    decided_by: Option<Option<ActorId>>,
    reject_reason: Option<Option<String>>,
    ended_on: Option<Option<NaiveDate>>,
    end_reason: Option<Option<ResidencyEndReason>>,
    grant_id: Option<Option<GrantId>>,
}

fn change(
    c: &mut Conn,
    row: &ResidencyRow,
    changes: Changes,
    (event, data): (&'static str, Value),
    by: &By,
) -> Result<ResidencyRow> {
    let version = row.version + 1;
    let target = diesel::update(homes::table).filter(homes::id.eq(row.id).and(homes::version.eq(row.version)));
    let set = (changes, homes::version.eq(version), homes::updated_at.eq(by.at));
    took_effect(target.set(set).execute(c)?, row.version)?;
    record(c, by.event("residency", row.id, version, event, &row.area_code, data))?;
    Ok(homes::table.find(row.id).select(ResidencyRow::as_select()).first(c)?)
}

/// Writes an evidence down and, where it was the last one missing, verifies the residency and brings its role.
fn give(
    c: &mut Conn,
    (row, person): (&ResidencyRow, &PersonRow),
    (evidence, given_as): (Evidence, GivenAs),
    changes: Changes,
    by: &By,
) -> Result<ResidencyRow> {
    let actor = by.actor.unwrap_or_default();
    let verified = rules::may_give(&standing(row, person), evidence, actor, given_as)?;
    let mut changes = changes;
    let event = match (verified, evidence) {
        (true, _) => "residency.verified",
        (false, Evidence::Document) => "residency.document_checked",
        (false, Evidence::Confirmation) => "residency.confirmed",
    };
    if verified {
        changes.status = Some(ResidencyStatus::Verified);
        changes.decided_by = Some(Some(ActorId(actor)));
        changes.grant_id = Some(grants::bring(c, person.account_id, row, by)?);
    }
    let data = json!({ "person_id": row.person_id, "compound_id": row.compound_id, "kind": row.kind, "as": given_as });
    change(c, row, changes, (event, data), by)
}

pub fn check(
    c: &mut Conn,
    claim: (&ResidencyRow, &PersonRow),
    given_as: GivenAs,
    document: &ProofIn,
    by: &By,
) -> Result<ResidencyRow> {
    let changes = Changes {
        document_kind: Some(Some(document.kind)),
        document_ref: Some(Some(document.reference.clone())),
        checked_by: Some(by.actor.map(ActorId)),
        checked_at: Some(Some(by.at)),
        checked_as: Some(Some(given_as)),
        ..Changes::default()
    };
    rules::may_give(&standing(claim.0, claim.1), Evidence::Document, by.actor.unwrap_or_default(), given_as)?;
    check_document(claim.0.kind, Some(document.kind), "/kind")?;
    give(c, claim, (Evidence::Document, given_as), changes, by)
}

pub fn confirm(
    c: &mut Conn,
    claim: (&ResidencyRow, &PersonRow),
    given_as: GivenAs,
    note: &str,
    by: &By,
) -> Result<ResidencyRow> {
    let changes = Changes {
        confirmed_by: Some(by.actor.map(ActorId)),
        confirmed_at: Some(Some(by.at)),
        confirmed_as: Some(Some(given_as)),
        confirm_note: Some(Some(note.to_owned())),
        ..Changes::default()
    };
    give(c, claim, (Evidence::Confirmation, given_as), changes, by)
}

pub fn reject(c: &mut Conn, claim: (&ResidencyRow, &PersonRow), reason: &str, by: &By) -> Result<ResidencyRow> {
    let (row, person) = claim;
    rules::may_reject(&standing(row, person), by.actor.unwrap_or_default())?;
    let changes = Changes {
        status: Some(ResidencyStatus::Rejected),
        decided_by: Some(by.actor.map(ActorId)),
        reject_reason: Some(Some(reason.to_owned())),
        ..Changes::default()
    };
    // Not the reason: it is written for the claimant and may name people.
    change(c, row, changes, ("residency.rejected", json!({ "person_id": row.person_id })), by)
}

pub fn withdraw(c: &mut Conn, row: &ResidencyRow, by: &By) -> Result<ResidencyRow> {
    if row.status != ResidencyStatus::Applied {
        return Err((&rules::RESIDENCY_DECIDED).into());
    }
    let changes = Changes { status: Some(ResidencyStatus::Withdrawn), ..Changes::default() };
    change(c, row, changes, ("residency.withdrawn", json!({ "person_id": row.person_id })), by)
}

/// Ends a residency and, in the same transaction, the role that it brought.
pub fn end(
    c: &mut Conn,
    row: &ResidencyRow,
    on: NaiveDate,
    reason: ResidencyEndReason,
    by: &By,
) -> Result<ResidencyRow> {
    rules::may_end(row.status, row.valid_from, on, by.today)?;
    let changes = Changes {
        status: Some(ResidencyStatus::Ended),
        ended_on: Some(Some(on)),
        end_reason: Some(Some(reason)),
        grant_id: row.grant_id.map(|_| None),
        ..Changes::default()
    };
    let data = json!({ "person_id": row.person_id, "compound_id": row.compound_id, "kind": row.kind, "on": on,
        "reason": reason });
    let after = change(c, row, changes, ("residency.ended", data), by)?;
    grants::take_back(c, row, by)?;
    Ok(after)
}

/// The residencies of a person that are in force.
pub fn in_force(c: &mut Conn, person: PersonId) -> Result<Vec<ResidencyRow>> {
    let verified = homes::person_id.eq(person).and(homes::status.eq(ResidencyStatus::Verified));
    Ok(homes::table.filter(verified).order(homes::id.asc()).select(ResidencyRow::as_select()).load(c)?)
}

/// Notes which grant a residency has brought.
pub(super) fn set_grant(c: &mut Conn, id: ResidencyId, grant: Option<GrantId>) -> Result<()> {
    diesel::update(homes::table.find(id)).set(homes::grant_id.eq(grant)).execute(c)?;
    Ok(())
}

/// What is written about a person in their claims, when they are erased; that they owned remains.
pub(super) fn forget(c: &mut Conn, person: PersonId) -> Result<()> {
    let own = homes::table.filter(homes::person_id.eq(person));
    diesel::update(own.filter(homes::document_ref.is_not_null())).set(homes::document_ref.eq(ERASED)).execute(c)?;
    diesel::update(own.filter(homes::reject_reason.is_not_null())).set(homes::reject_reason.eq(ERASED)).execute(c)?;
    diesel::update(own).set(homes::confirm_note.eq(None::<String>)).execute(c)?;
    Ok(())
}

//! How a compound is managed: the intervals, and the changes that are proposed and decided.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Range, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, record, record_first};
use platform::{Error, Result, id, in_ranges};
use serde_json::json;

use super::compounds::{self, CompoundRow};
use super::{By, behind};
use crate::schema::{compound_modes as intervals, mode_changes as changes};
use crate::territory::dto::{
    CompoundId, EvidenceKind, ManagementMode, ModeChangeId, ModeChangeIn, ModeChangeQuery, ModeChangeStatus,
    ModeIntervalOut,
};
use crate::territory::rules;

id!(
    /// 管理模式区间编号
    IntervalId
);

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = intervals, treat_none_as_default_value = false)]
pub struct IntervalRow {
    pub id: IntervalId,
    pub compound_id: CompoundId,
    pub mode: ManagementMode,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub evidence_kind: Option<EvidenceKind>,
    pub evidence_ref: Option<String>,
    pub recorded_by: Option<ActorId>,
    pub created_at: Ts,
}

impl From<IntervalRow> for ModeIntervalOut {
    fn from(row: IntervalRow) -> Self {
        let IntervalRow {
            id: _,
            compound_id: _,
            mode,
            valid_from,
            valid_to,
            evidence_kind,
            evidence_ref,
            recorded_by: _,
            created_at: _,
        } = row;
        Self { mode, valid_from, valid_to, evidence_kind, evidence_reference: evidence_ref }
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = changes, treat_none_as_default_value = false)]
pub struct ModeChangeRow {
    pub id: ModeChangeId,
    pub compound_id: CompoundId,
    pub area_code: String,
    pub mode: ManagementMode,
    pub effective_on: NaiveDate,
    pub evidence_kind: EvidenceKind,
    pub evidence_ref: String,
    pub reason: String,
    pub status: ModeChangeStatus,
    pub proposed_by: ActorId,
    pub proposed_at: Ts,
    pub decided_by: Option<ActorId>,
    pub decided_at: Option<Ts>,
    pub decision_note: Option<String>,
    pub version: i32,
}

/// Opens an interval; the partial unique index refuses a second open one.
pub fn open(
    c: &mut Conn,
    compound: CompoundId,
    mode: ManagementMode,
    from: NaiveDate,
    evidence: Option<(EvidenceKind, &str)>,
    by: &By,
) -> Result<()> {
    let row = IntervalRow {
        id: IntervalId::fresh(),
        compound_id: compound,
        mode,
        valid_from: from,
        valid_to: None,
        evidence_kind: evidence.map(|(kind, _)| kind),
        evidence_ref: evidence.map(|(_, reference)| reference.to_owned()),
        recorded_by: by.actor.map(ActorId),
        created_at: by.at,
    };
    diesel::insert_into(intervals::table).values(&row).execute(c).or_conflict(&rules::CHANGE_OPEN)?;
    Ok(())
}

/// Splits a first interval that in truth began later: before it, how the compound was managed is not known, so `none`.
pub fn begin_later(c: &mut Conn, compound: CompoundId, since: NaiveDate, by: &By) -> Result<()> {
    let running = running(c, compound)?;
    diesel::update(intervals::table.find(running.id)).set(intervals::valid_from.eq(since)).execute(c)?;
    let before = IntervalRow {
        id: IntervalId::fresh(),
        mode: ManagementMode::None,
        valid_to: Some(since),
        evidence_kind: None,
        evidence_ref: None,
        created_at: by.at,
        ..running
    };
    diesel::insert_into(intervals::table).values(&before).execute(c)?;
    Ok(())
}

/// The open interval.
pub fn running(c: &mut Conn, compound: CompoundId) -> Result<IntervalRow> {
    Ok(intervals::table
        .filter(intervals::compound_id.eq(compound).and(intervals::valid_to.is_null()))
        .select(IntervalRow::as_select())
        .first(c)?)
}

pub fn intervals(c: &mut Conn, compound: CompoundId) -> Result<Vec<IntervalRow>> {
    Ok(intervals::table
        .filter(intervals::compound_id.eq(compound))
        .order(intervals::valid_from.asc())
        .select(IntervalRow::as_select())
        .load(c)?)
}

fn current(c: &mut Conn, compound: CompoundId) -> Result<(ManagementMode, NaiveDate)> {
    Ok(intervals::table
        .filter(intervals::compound_id.eq(compound).and(intervals::valid_to.is_null()))
        .select((intervals::mode, intervals::valid_from))
        .first(c)?)
}

pub fn find(c: &mut Conn, visible: &Visible, id: ModeChangeId) -> Result<ModeChangeRow> {
    let row: ModeChangeRow = changes::table.find(id).select(ModeChangeRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// Changes by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<ModeChangeId>, i64),
    filter: &ModeChangeQuery,
) -> Result<Vec<ModeChangeRow>> {
    let mut query = filtered(visible.ranges(), filter);
    if let Some(after) = after {
        query = query.filter(changes::id.gt(after));
    }
    Ok(query.order(changes::id.asc()).limit(fetch).select(ModeChangeRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &ModeChangeQuery) -> Result<i64> {
    Ok(filtered(visible.ranges(), filter).count().get_result(c)?)
}

fn filtered(ranges: Vec<Range>, filter: &ModeChangeQuery) -> changes::BoxedQuery<'static, Backend> {
    let query = changes::table.into_boxed::<Backend>().filter(in_ranges!(behind(ranges, None), changes::area_code));
    match filter.status {
        Some(status) => query.filter(changes::status.eq(status)),
        None => query,
    }
}

pub fn propose(c: &mut Conn, compound: &CompoundRow, new: &ModeChangeIn, by: &By) -> Result<ModeChangeRow> {
    compounds::refuse_closed(compound)?;
    let current = current(c, compound.id)?;
    rules::may_change_mode(current, new.mode, new.evidence.kind, new.effective_on, by.today)?;
    let row = ModeChangeRow {
        id: ModeChangeId::fresh(),
        compound_id: compound.id,
        area_code: compound.area_code.clone(),
        mode: new.mode,
        effective_on: new.effective_on,
        evidence_kind: new.evidence.kind,
        evidence_ref: new.evidence.reference.clone(),
        reason: new.reason.clone(),
        status: ModeChangeStatus::Proposed,
        proposed_by: ActorId(by.actor.unwrap_or_default()),
        proposed_at: by.at,
        decided_by: None,
        decided_at: None,
        decision_note: None,
        version: 1,
    };
    diesel::insert_into(changes::table).values(&row).execute(c).or_conflict(&rules::CHANGE_OPEN)?;
    let data = json!({ "compound_id": row.compound_id, "mode": row.mode, "effective_on": row.effective_on,
        "evidence_kind": row.evidence_kind, "evidence_ref": row.evidence_ref });
    record_first(c, by.event("mode_change", row.id, 1, "mode_change.proposed", &row.area_code, data))?;
    Ok(row)
}

/// Decides a proposal; confirming it closes the interval that runs and opens the new one, in the same transaction.
pub fn decide(c: &mut Conn, row: &ModeChangeRow, to: ModeChangeStatus, note: &str, by: &By) -> Result<ModeChangeRow> {
    let decider = by.actor.unwrap_or_default();
    rules::may_decide(row.status, to, row.proposed_by.0, decider)?;
    let set = (
        changes::status.eq(to),
        changes::decided_by.eq(Some(ActorId(decider))),
        changes::decided_at.eq(Some(by.at)),
        changes::decision_note.eq(Some(note)),
        changes::version.eq(row.version + 1),
    );
    let target = diesel::update(changes::table).filter(changes::id.eq(row.id).and(changes::version.eq(row.version)));
    if target.set(set).execute(c)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    if to == ModeChangeStatus::Confirmed {
        put_in_force(c, row, by)?;
    }
    let event = match to {
        ModeChangeStatus::Confirmed => "mode_change.confirmed",
        ModeChangeStatus::Rejected => "mode_change.rejected",
        _ => "mode_change.withdrawn",
    };
    record(c, by.event("mode_change", row.id, row.version + 1, event, &row.area_code, json!({ "note": note })))?;
    find(c, &Visible::everything(), row.id)
}

fn put_in_force(c: &mut Conn, row: &ModeChangeRow, by: &By) -> Result<()> {
    let compound = compounds::find(c, &Visible::everything(), row.compound_id)?;
    compounds::refuse_closed(&compound)?;
    rules::may_put_in_force(row.mode, compound.serving_contract_id.is_some())?;
    // The world may have moved on since the proposal.
    let current = current(c, row.compound_id)?;
    rules::may_change_mode(current, row.mode, row.evidence_kind, row.effective_on, by.today)?;
    switch(c, &compound, row.mode, row.effective_on, (row.evidence_kind, &row.evidence_ref), by)
}

/// Closes the running interval on the day the next one begins.
pub fn switch(
    c: &mut Conn,
    compound: &CompoundRow,
    mode: ManagementMode,
    on: NaiveDate,
    evidence: (EvidenceKind, &str),
    by: &By,
) -> Result<()> {
    // First the compound's compare-and-set: of two that switch at once, one fails here.
    let data = json!({ "from": compound.management_mode, "to": mode, "effective_on": on,
        "evidence_kind": evidence.0, "evidence_ref": evidence.1 });
    compounds::set_mode(c, compound, mode, data, by)?;
    diesel::update(intervals::table)
        .filter(intervals::compound_id.eq(compound.id).and(intervals::valid_to.is_null()))
        .set(intervals::valid_to.eq(Some(on)))
        .execute(c)?;
    open(c, compound.id, mode, on, Some(evidence), by)
}

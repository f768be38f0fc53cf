//! 检查: a version of a checklist at a compound, by somebody who is not of the company that serves there.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Ts};
use platform::history::{ActorId, By, record, record_first};
use platform::rule_sets::{self, RuleSetId};
use platform::{Result, in_ranges};
use registry::territory::dto::CompoundId;
use roster::organisations::{OrganisationId, serving};
use serde_json::{Value, json};

use super::caller::{Caller, check_serves};
use super::results::{self, Line};
use super::{area_of, checklists, named, no_longer};
use crate::schema::check_runs as runs;
use crate::standards::dto::{
    CheckRunId, CheckRunIn, CheckRunQuery, CheckRunStatus, ChecklistId, ChecklistKind, ChecklistStatus,
};
use crate::standards::rules::params::{SCORING, Scoring};
use crate::standards::rules::score::Tally;
use crate::standards::rules::{CHECKLIST_UNKNOWN, IN_THE_FUTURE, RUN_SUBMITTED};

/// The entity of a check's events.
pub const ENTITY: &str = "check_run";

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = runs, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct RunRow {
    pub id: CheckRunId,
    pub checklist_id: ChecklistId,
    pub kind: ChecklistKind,
    pub compound_id: CompoundId,
    pub organisation_id: Option<OrganisationId>,
    pub area_code: String,
    pub checked_on: NaiveDate,
    pub checked_by: Option<ActorId>,
    pub note: Option<String>,
    pub status: CheckRunStatus,
    pub submitted_at: Option<Ts>,
    pub rule_set_id: Option<RuleSetId>,
    pub partial_percent: i32,
    pub passed: i32,
    pub partial: i32,
    pub failed: i32,
    pub not_applicable: i32,
    pub numerator: i64,
    pub denominator: i64,
    pub score: Option<i32>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl RunRow {
    /// With what its results come to.
    pub fn counted(self, tally: &Tally) -> Self {
        let Tally { passed, partial, failed, not_applicable, numerator, denominator } = *tally;
        Self { passed, partial, failed, not_applicable, numerator, denominator, score: tally.score(), ..self }
    }
}

/// With the compound's name.
pub type Listed = (RunRow, String);

/// A check with each item of its checklist.
#[derive(Debug)]
pub struct Whole {
    pub listed: Listed,
    pub lines: Vec<Line>,
}

/// A check in the caller's area.
pub fn find(c: &mut Conn, visible: &Visible, id: CheckRunId) -> Result<RunRow> {
    let row: RunRow = runs::table.find(id).select(RunRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// One that the caller works on: they are not of the company that serves the compound.
pub fn find_judged(c: &mut Conn, caller: &Caller, id: CheckRunId) -> Result<RunRow> {
    let row = find(c, &caller.visible, id)?;
    check_judge(c, caller, row.compound_id, row.checked_on)?;
    Ok(row)
}

fn check_judge(c: &mut Conn, caller: &Caller, compound: CompoundId, on: NaiveDate) -> Result<()> {
    serving(c, compound, on)?.map_or(Ok(()), |company| caller.check_apart(company))
}

pub fn check_open(row: &RunRow) -> Result<()> {
    if row.status == CheckRunStatus::Draft { Ok(()) } else { Err((&RUN_SUBMITTED).into()) }
}

pub fn whole(c: &mut Conn, row: RunRow) -> Result<Whole> {
    let lines = results::lines(c, &row)?;
    let name = named::compounds(c, [row.compound_id].into_iter())?.remove(&row.compound_id).unwrap_or_default();
    Ok(Whole { listed: (row, name), lines })
}

/// Checks by id, oldest first, with their compounds' names: two statements.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<CheckRunId>, i64),
    filter: &CheckRunQuery,
) -> Result<Vec<Listed>> {
    let mut query = filtered(visible, filter)?;
    if let Some(after) = after {
        query = query.filter(runs::id.gt(after));
    }
    let rows: Vec<RunRow> = query.order(runs::id.asc()).limit(fetch).select(RunRow::as_select()).load(c)?;
    let mut names = named::compounds(c, rows.iter().map(|row| row.compound_id))?;
    let with_name = |row: RunRow| {
        let name = names.entry(row.compound_id).or_default().clone();
        (row, name)
    };
    Ok(rows.into_iter().map(with_name).collect())
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &CheckRunQuery) -> Result<i64> {
    Ok(filtered(visible, filter)?.count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &CheckRunQuery) -> Result<runs::BoxedQuery<'static, Backend>> {
    let visible = visible.narrow(filter.area.as_ref())?;
    let mut query = runs::table.into_boxed::<Backend>().filter(in_ranges!(visible.ranges(), runs::area_code));
    if let Some(kind) = filter.kind {
        query = query.filter(runs::kind.eq(kind));
    }
    if let Some(status) = filter.status {
        query = query.filter(runs::status.eq(status));
    }
    if let Some(compound) = filter.compound_id {
        query = query.filter(runs::compound_id.eq(compound));
    }
    if let Some(organisation) = filter.organisation_id {
        query = query.filter(runs::organisation_id.eq(organisation));
    }
    if let Some(from) = filter.from {
        query = query.filter(runs::checked_on.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(runs::checked_on.le(to));
    }
    Ok(query)
}

pub fn begin(c: &mut Conn, caller: &Caller, new: &CheckRunIn) -> Result<RunRow> {
    let by = &caller.by;
    let compound = caller.compound(c, new.compound_id)?;
    if new.checked_on > by.today {
        return Err(IN_THE_FUTURE.at("/checked_on"));
    }
    let area = area_of(&compound.area_code)?;
    let unknown = || CHECKLIST_UNKNOWN.at("/checklist_id");
    let checklist = checklists::get(c, new.checklist_id).map_err(|_| unknown())?;
    let binds = checklist.status == ChecklistStatus::Published && area_of(&checklist.area_code)?.covers(area.as_str());
    if !binds {
        return Err(unknown());
    }
    if let Some(organisation) = new.organisation_id {
        check_serves(c, (organisation, "/organisation_id"), compound.id, &[new.checked_on])?;
    }
    check_judge(c, caller, compound.id, new.checked_on)?;
    let (rule_set_id, scoring): (_, Scoring) =
        rule_sets::in_force(c, &[&SCORING], &area, new.checked_on)?.get(&SCORING)?;
    let row = RunRow {
        organisation_id: new.organisation_id,
        note: new.note.clone(),
        rule_set_id,
        partial_percent: scoring.partial_percent,
        ..fresh(
            CheckRunId::fresh(),
            (checklist.id, checklist.kind),
            (compound.id, &compound.area_code),
            new.checked_on,
            by,
        )
    };
    diesel::insert_into(runs::table).values(&row).execute(c)?;
    record_first(c, by.event(ENTITY, row.id, 1, "check_run.begun", &row.area_code, facts(&row)))?;
    Ok(row)
}

/// A check without a result, under the product's own scoring.
pub fn fresh(
    id: CheckRunId,
    (checklist_id, kind): (ChecklistId, ChecklistKind),
    (compound_id, area_code): (CompoundId, &str),
    checked_on: NaiveDate,
    by: &By,
) -> RunRow {
    RunRow {
        id,
        checklist_id,
        kind,
        compound_id,
        organisation_id: None,
        area_code: area_code.to_owned(),
        checked_on,
        checked_by: by.actor.map(ActorId),
        note: None,
        status: CheckRunStatus::Draft,
        submitted_at: None,
        rule_set_id: None,
        partial_percent: Scoring::default().partial_percent,
        passed: 0,
        partial: 0,
        failed: 0,
        not_applicable: 0,
        numerator: 0,
        denominator: 0,
        score: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

/// What the history keeps of a check: notes are somebody's words and stay out of it.
pub fn facts(row: &RunRow) -> Value {
    json!({ "checklist_id": row.checklist_id, "kind": row.kind, "compound_id": row.compound_id,
        "checked_on": row.checked_on, "passed": row.passed, "partial": row.partial, "failed": row.failed,
        "not_applicable": row.not_applicable, "score": row.score })
}

pub fn save(c: &mut Conn, before: &RunRow, mut after: RunRow, event: &'static str, by: &By) -> Result<RunRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let target = runs::table.filter(runs::id.eq(before.id).and(runs::version.eq(before.version)));
    no_longer(diesel::update(target).set(&after).execute(c)?, after.version)?;
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, facts(&after)))?;
    Ok(after)
}

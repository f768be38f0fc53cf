//! 补录: what was published, checked, promised and agreed elsewhere, taken over with ids that are known beforehand. The
//! histories of checks are chained as if they had been written in service, and are no news for the outbox.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::db::Conn;
use platform::history::{self, By, Event, EventRow};
use platform::{Result, insert_rows};
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;

use super::checklists::{self, ItemRow, Whole};
use super::results::ResultRow;
use super::runs::{self, RunRow};
use super::targets;
use super::{commitments, runs::fresh};
use crate::schema::{check_results, check_runs};
use crate::standards::dto::{
    CheckResult, CheckRunId, CheckRunStatus, ChecklistId, ChecklistIn, ChecklistItemId, CommitmentConfirmIn,
    CommitmentId, TargetContractId, TargetIndicatorIn, TargetResultsIn,
};
use crate::standards::rules::score::{Judged, Tally};
use crate::standards::rules::targets::Side;

/// As many checks are submitted by one statement.
const AT_ONCE: usize = 500;

/// A version as it was published, its items with these ids in their order.
pub fn publish(
    c: &mut Conn,
    (id, items): (ChecklistId, &[ChecklistItemId]),
    new: &ChecklistIn,
    by: &By,
) -> Result<Whole> {
    let row = checklists::fresh(id, 1, new, by);
    let rows = items.iter().zip(&new.items).enumerate();
    let rows: Result<Vec<ItemRow>> = rows.map(|(at, (item, new))| ItemRow::of(*item, id, at, new)).collect();
    let drafted = checklists::insert(c, row, rows?, by)?;
    checklists::publish(c, &drafted.row, by)
}

/// A check as it was submitted.
#[derive(Debug, Clone)]
pub struct PastRun<'a> {
    pub id: CheckRunId,
    pub compound: CompoundId,
    pub area_code: &'a str,
    pub by: By,
    /// Of each item, in their order, with what it rests on.
    pub results: Vec<(CheckResult, Option<&'static str>)>,
}

impl PastRun<'_> {
    fn row(&self, of: &Whole) -> RunRow {
        let judged = self.results.iter().zip(&of.items);
        let judged = judged.map(|((result, _), item)| Judged { weight: item.weight, result: *result });
        let row = fresh(self.id, (of.row.id, of.row.kind), (self.compound, self.area_code), self.by.today, &self.by);
        let tally = Tally::of(judged, row.partial_percent);
        row.counted(&tally)
    }

    fn results(&self, of: &Whole) -> impl Iterator<Item = ResultRow> {
        self.results.iter().zip(&of.items).map(|((result, note), item)| ResultRow {
            run_id: self.id,
            item_id: item.id,
            result: *result,
            note: note.map(str::to_owned),
        })
    }

    fn events(&self, row: &RunRow) -> Vec<EventRow> {
        let event = |(seq, name): (i32, &'static str)| Event {
            entity: runs::ENTITY,
            entity_id: self.id.to_string(),
            seq,
            name,
            area_code: self.area_code.to_owned(),
            actor: self.by.actor,
            at: self.by.at,
            data: runs::facts(row),
        };
        history::chained([(1, "check_run.begun"), (2, "check_run.submitted")].map(event).to_vec())
    }
}

/// Writes checks by one version, whole.
pub fn check(c: &mut Conn, of: &Whole, past: &[PastRun<'_>]) -> Result<()> {
    let rows: Vec<RunRow> = past.iter().map(|run| run.row(of)).collect();
    let results: Vec<ResultRow> = past.iter().flat_map(|run| run.results(of)).collect();
    insert_rows!(c, check_runs::table, rows.iter().collect())?;
    insert_rows!(c, check_results::table, results.iter().collect())?;
    for some in rows.chunks(AT_ONCE) {
        let ids: Vec<CheckRunId> = some.iter().map(|row| row.id).collect();
        diesel::update(check_runs::table.filter(check_runs::id.eq_any(ids)))
            .set((
                check_runs::status.eq(CheckRunStatus::Submitted),
                check_runs::submitted_at.eq(check_runs::created_at.nullable()),
                check_runs::version.eq(2),
            ))
            .execute(c)?;
    }
    let events: Vec<EventRow> = past.iter().zip(&rows).flat_map(|(run, row)| run.events(row)).collect();
    history::take_over(c, &events)
}

/// A commitment as it was published and, where it was, kept.
#[derive(Debug, Clone)]
pub struct PastPromise<'a> {
    pub id: CommitmentId,
    pub company: OrganisationId,
    pub compound: CompoundId,
    pub area_code: &'a str,
    pub words: &'a str,
    pub measure: &'a str,
    pub due_on: NaiveDate,
    pub published: By,
    /// When it was reported and with what, and when that was confirmed.
    pub kept: Option<(By, &'a str, By)>,
}

pub fn promise(c: &mut Conn, past: &PastPromise<'_>) -> Result<()> {
    let blank = commitments::fresh(
        past.id,
        past.company,
        (past.compound, past.area_code),
        (past.words, past.due_on),
        &past.published,
    );
    let row = commitments::CommitmentRow { measurable: true, measure: Some(past.measure.to_owned()), ..blank };
    let row = commitments::insert(c, row, &past.published)?;
    let row = commitments::publish(c, &row, &past.published)?;
    if let Some((reported, evidence, confirmed)) = &past.kept {
        let row = commitments::report(c, &row, evidence, reported)?;
        let said = CommitmentConfirmIn { fulfilled: true, note: "抽查属实".to_owned() };
        commitments::decide(c, &row, &said, confirmed)?;
    }
    Ok(())
}

/// A target contract as it was signed and settled.
#[derive(Debug, Clone)]
pub struct PastContract<'a> {
    pub id: TargetContractId,
    pub company: OrganisationId,
    pub compound: CompoundId,
    pub area_code: &'a str,
    pub year: i32,
    pub title: &'a str,
    pub indicators: Vec<TargetIndicatorIn>,
    /// By the community, then by the company.
    pub signed: (By, By),
    pub results: TargetResultsIn,
    pub settled: By,
}

pub fn agree(c: &mut Conn, past: &PastContract<'_>) -> Result<()> {
    let (community, company) = &past.signed;
    let row =
        targets::fresh(past.id, (past.compound, past.area_code), (past.company, past.year, past.title), community);
    let rows = targets::rows_of(row.id, &past.indicators)?;
    let drafted = targets::insert(c, row, rows, community)?;
    let half = targets::sign(c, &drafted.row, Side::Community, community)?;
    let signed = targets::sign(c, &half, Side::Company, company)?;
    let recorded = targets::record_results(c, &signed, &past.results, &past.settled)?;
    targets::settle(c, &recorded.row, &past.settled)?;
    Ok(())
}

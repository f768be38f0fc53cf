//! 清单项结果: what each item of a check came to. Fixed once the check is submitted.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use platform::db::Conn;
use platform::{Result, insert_rows};

use super::By;
use super::checklists::{self, ItemRow};
use super::runs::{self, RunRow};
use crate::schema::{check_evidence as evidence, check_results as results};
use crate::standards::dto::{CheckResult, CheckResultIn, CheckRunId, CheckRunPatch, CheckRunStatus, ChecklistItemId};
use crate::standards::rules::score::{Judged, Tally, needs_evidence};
use crate::standards::rules::{EVIDENCE_MISSING, ITEM_REPEATED, ITEM_UNKNOWN, RESULTS_MISSING};

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = results, treat_none_as_default_value = false)]
pub struct ResultRow {
    pub run_id: CheckRunId,
    pub item_id: ChecklistItemId,
    pub result: CheckResult,
    pub note: Option<String>,
}

/// An item of the checklist, and what it came to.
#[derive(Debug)]
pub struct Line {
    pub item: ItemRow,
    pub result: Option<CheckResult>,
    pub note: Option<String>,
    pub photos: i64,
}

impl Line {
    fn judged(&self) -> Option<Judged> {
        self.result.map(|result| Judged { weight: self.item.weight, result })
    }

    fn lacks_evidence(&self) -> bool {
        let shown = self.note.is_some() || self.photos > 0;
        self.result.is_some_and(|result| needs_evidence(self.item.evidence_required, result)) && !shown
    }
}

/// Each item in its order, with its result and how many pictures it has: three statements.
pub fn lines(c: &mut Conn, run: &RunRow) -> Result<Vec<Line>> {
    let items = checklists::items_of(c, run.checklist_id)?;
    let of_this = results::table.filter(results::run_id.eq(run.id));
    let found: Vec<ResultRow> = of_this.select(ResultRow::as_select()).load(c)?;
    let mut found: HashMap<ChecklistItemId, ResultRow> = found.into_iter().map(|row| (row.item_id, row)).collect();
    let photos: Vec<(ChecklistItemId, i64)> = evidence::table
        .filter(evidence::run_id.eq(run.id).and(evidence::removed_at.is_null()))
        .group_by(evidence::item_id)
        .select((evidence::item_id, count_star()))
        .load(c)?;
    let photos: HashMap<ChecklistItemId, i64> = photos.into_iter().collect();
    let line = |item: ItemRow| {
        let (result, note) = found.remove(&item.id).map_or((None, None), |row| (Some(row.result), row.note));
        Line { photos: photos.get(&item.id).copied().unwrap_or(0), item, result, note }
    };
    Ok(items.into_iter().map(line).collect())
}

/// Takes results down, each in the place of the one that its item had, and counts them.
pub fn put(c: &mut Conn, run: &RunRow, patch: &CheckRunPatch, by: &By) -> Result<RunRow> {
    runs::check_open(run)?;
    let given = patch.results.as_deref().unwrap_or_default();
    let rows = rows_of(run, &checklists::items_of(c, run.checklist_id)?, given)?;
    let ids: Vec<ChecklistItemId> = rows.iter().map(|row| row.item_id).collect();
    diesel::delete(results::table.filter(results::run_id.eq(run.id).and(results::item_id.eq_any(ids)))).execute(c)?;
    insert_rows!(c, results::table, rows.iter().collect())?;
    let tally = Tally::of(lines(c, run)?.iter().filter_map(Line::judged), run.partial_percent);
    let after = RunRow { note: patch.note.clone().unwrap_or_else(|| run.note.clone()), ..run.clone() }.counted(&tally);
    runs::save(c, run, after, "check_run.recorded", by)
}

fn rows_of(run: &RunRow, items: &[ItemRow], given: &[CheckResultIn]) -> Result<Vec<ResultRow>> {
    let mut rows: Vec<ResultRow> = Vec::with_capacity(given.len());
    for (at, CheckResultIn { code, result, note }) in given.iter().enumerate() {
        let item = items.iter().find(|item| item.code == *code);
        let item_id = item.ok_or_else(|| ITEM_UNKNOWN.at(format!("/results/{at}/code")))?.id;
        if rows.iter().any(|row| row.item_id == item_id) {
            return Err(ITEM_REPEATED.at(format!("/results/{at}/code")));
        }
        rows.push(ResultRow { run_id: run.id, item_id, result: *result, note: note.clone() });
    }
    Ok(rows)
}

/// 提交: every item has a result, and what earns something has the evidence that it needs. From here on it is fixed.
pub fn submit(c: &mut Conn, run: &RunRow, by: &By) -> Result<RunRow> {
    runs::check_open(run)?;
    let lines = lines(c, run)?;
    if let Some(at) = lines.iter().position(|line| line.result.is_none()) {
        return Err(RESULTS_MISSING.at(format!("/results/{at}")));
    }
    if let Some(at) = lines.iter().position(Line::lacks_evidence) {
        return Err(EVIDENCE_MISSING.at(format!("/results/{at}")));
    }
    let after = RunRow { status: CheckRunStatus::Submitted, submitted_at: Some(by.at), ..run.clone() };
    runs::save(c, run, after, "check_run.submitted", by)
}

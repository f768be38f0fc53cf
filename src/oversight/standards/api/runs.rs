//! 检查.

use actix_web::HttpResponse;
use actix_web::web::Data;
use chrono::NaiveDate;
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Mount, Once, PageParams, Paged, Path, Valid, ValidQuery, Versioned};
use platform::table::{CHUNK, chunks, csv_download, csv_rows};
use platform::{App, Result, handler};
use serde::Serialize;

use crate::standards::dto::{
    CheckRunId, CheckRunIn, CheckRunItem, CheckRunOut, CheckRunPage, CheckRunPatch, CheckRunQuery, CheckRunStatus,
    ChecklistKind,
};
use crate::standards::store::caller::Caller;
use crate::standards::store::runs::RunRow;
use crate::standards::store::{By, after_id, results, runs as store};
use crate::standards::{CheckRunsExport, CheckRunsRead, CheckRunsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_check_runs))
        .service(handler!(export_check_runs))
        .service(handler!(begin_check_run))
        .service(handler!(get_check_run))
        .service(handler!(record_check_results))
        .service(handler!(submit_check_run));
}

fn answered(c: &mut Conn, row: RunRow) -> Result<Versioned<CheckRunOut>> {
    let whole = store::whole(c, row)?;
    Ok(Versioned::ok(whole.listed.0.version, whole.into()))
}

/// 检查列表 · Checks in the caller's areas, oldest first
#[utoipa::path(get, path = "/check-runs", tag = "standards", security(("bearer" = ["check_runs:read"])),
    params(PageParams, CheckRunQuery),
    responses((status = 200, description = "一页检查 · One page", body = CheckRunPage)))]
pub async fn list_check_runs(
    who: Actor<CheckRunsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<CheckRunQuery>,
) -> Result<CheckRunPage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let visible = who.visible();
            let after = after_id(asked.after.as_deref(), CheckRunId)?;
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(CheckRunPage::of(page.cut(rows, |(row, _)| row.id.to_string()), total))
}

/// One line of the export.
#[derive(Serialize)]
struct ExportLine<'a> {
    area_code: &'a str,
    compound: &'a str,
    kind: ChecklistKind,
    checked_on: NaiveDate,
    status: CheckRunStatus,
    passed: i32,
    partial: i32,
    failed: i32,
    not_applicable: i32,
    score: Option<i32>,
}

const HEADER: [&str; 10] =
    ["area_code", "compound", "kind", "checked_on", "status", "passed", "partial", "failed", "not_applicable", "score"];

/// 导出检查 · Checks as a table, streamed whole
#[utoipa::path(get, path = "/check-runs/export", tag = "standards", security(("bearer" = ["check_runs:export"])),
    params(CheckRunQuery),
    responses((status = 200, description = "检查表 · The table", body = String, content_type = "text/csv")))]
pub async fn export_check_runs(
    who: Actor<CheckRunsExport>,
    app: Data<App>,
    ValidQuery(filter): ValidQuery<CheckRunQuery>,
) -> Result<HttpResponse> {
    let visible = who.visible().narrow(filter.area.as_ref())?;
    let read = move |c: &mut Conn, after: Option<&str>| {
        let rows = store::list(c, &visible, (after_id(after, CheckRunId)?, CHUNK), &filter)?;
        Ok(rows.into_iter().map(|row| (row.0.id.to_string(), CheckRunItem::from(row))).collect())
    };
    let write = |first: bool, rows: &[(String, CheckRunItem)]| {
        let lines = rows.iter().map(|(_, row)| ExportLine {
            area_code: &row.area_code,
            compound: &row.compound_name,
            kind: row.kind,
            checked_on: row.checked_on,
            status: row.status,
            passed: row.passed,
            partial: row.partial,
            failed: row.failed,
            not_applicable: row.not_applicable,
            score: row.score,
        });
        csv_rows(first, &HEADER, lines)
    };
    Ok(csv_download("check-runs.csv", chunks(app, read, write, "")))
}

/// 开始检查 · Begin a check by a checklist in force; nobody checks the company that they work for
#[utoipa::path(post, path = "/check-runs", tag = "standards", security(("bearer" = ["check_runs:write"])),
    request_body = CheckRunIn,
    responses((status = 201, description = "已开始 · Begun", body = CheckRunOut)))]
pub async fn begin_check_run(
    who: Actor<CheckRunsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<CheckRunIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::begin(c, &Caller::of(&who, by), &body)?;
        let location = format!("/v1/check-runs/{}", row.id);
        let made = answered(c, row)?;
        Ok(Versioned::created(location, made.version, made.body))
    })
    .await
}

/// 检查详情 · One check with the result of each item
#[utoipa::path(get, path = "/check-runs/{id}", tag = "standards", security(("bearer" = ["check_runs:read"])),
    params(("id" = CheckRunId, Path)),
    responses((status = 200, description = "检查 · The check", body = CheckRunOut)))]
pub async fn get_check_run(
    who: Actor<CheckRunsRead>,
    app: Data<App>,
    id: Path<CheckRunId>,
) -> Result<platform::http::Whole<CheckRunOut>> {
    // Its pictures come and go without a new version of it.
    let read = app.db.read(move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        answered(c, row)
    });
    let Versioned { version, body, .. } = read.await?;
    Ok(platform::http::Whole { version, body })
}

/// 登记结果 · Take results down; each takes the place of the one that its item had
#[utoipa::path(patch, path = "/check-runs/{id}", tag = "standards", security(("bearer" = ["check_runs:write"])),
    request_body = CheckRunPatch,
    params(("id" = CheckRunId, Path)),
    responses((status = 200, description = "已登记 · Recorded", body = CheckRunOut)))]
pub async fn record_check_results(
    who: Actor<CheckRunsWrite>,
    app: Data<App>,
    id: Path<CheckRunId>,
    version: IfMatch,
    Valid(body): Valid<CheckRunPatch>,
) -> Result<Versioned<CheckRunOut>> {
    let by = By::new(&app, who.id());
    let written = app.db.write(move |c| {
        let row = store::find_judged(c, &Caller::of(&who, by), *id)?;
        version.check(row.version)?;
        let row = results::put(c, &row, &body, &by)?;
        answered(c, row)
    });
    written.await
}

/// 提交检查 · Submit a check, which is fixed from here on
#[utoipa::path(post, path = "/check-runs/{id}/submit", tag = "standards", security(("bearer" = ["check_runs:write"])),
    params(("id" = CheckRunId, Path), IfMatch, Once),
    responses((status = 200, description = "已提交 · Submitted", body = CheckRunOut)))]
pub async fn submit_check_run(
    who: Actor<CheckRunsWrite>,
    app: Data<App>,
    id: Path<CheckRunId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find_judged(c, &Caller::of(&who, by), *id)?;
        version.check(row.version)?;
        let row = results::submit(c, &row, &by)?;
        answered(c, row)
    })
    .await
}

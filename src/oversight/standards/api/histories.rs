//! 历史: what happened to a version of a checklist, a check, a promise, a result and a target contract, oldest first.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::history::{self, EventPage};
use platform::http::{Mount, NoFilter, PageParams, Paged, Path};
use platform::{App, Result, handler};

use crate::standards::dto::{AssessmentId, CheckRunId, ChecklistId, CommitmentId, TargetContractId};
use crate::standards::store::commitments::Sight;
use crate::standards::store::{assessments, checklists, commitments, runs, targets};
use crate::standards::{AssessmentsRead, CheckRunsRead, ChecklistsRead, CommitmentsRead, TargetContractsRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_checklist_history))
        .service(handler!(list_check_run_history))
        .service(handler!(list_commitment_history))
        .service(handler!(list_assessment_history))
        .service(handler!(list_target_contract_history));
}

/// 清单历史 · The hash-chained history of a version of a checklist
#[utoipa::path(get, path = "/checklists/{id}/history", tag = "standards", security(("bearer" = ["checklists:read"])),
    params(("id" = ChecklistId, Path), PageParams),
    responses((status = 200, description = "一页历史 · One page", body = EventPage)))]
pub async fn list_checklist_history(
    who: Actor<ChecklistsRead>,
    app: Data<App>,
    id: Path<ChecklistId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let asked = page.clone();
    let found = app
        .db
        .read(move |c| {
            let row = checklists::find(c, &who.visible(), *id)?;
            history::page(c, checklists::ENTITY, &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

/// 检查历史 · The hash-chained history of a check
#[utoipa::path(get, path = "/check-runs/{id}/history", tag = "standards", security(("bearer" = ["check_runs:read"])),
    params(("id" = CheckRunId, Path), PageParams),
    responses((status = 200, description = "一页历史 · One page", body = EventPage)))]
pub async fn list_check_run_history(
    who: Actor<CheckRunsRead>,
    app: Data<App>,
    id: Path<CheckRunId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let asked = page.clone();
    let found = app
        .db
        .read(move |c| {
            let row = runs::find(c, &who.visible(), *id)?;
            history::page(c, runs::ENTITY, &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

/// 承诺历史 · The hash-chained history of a promise, without its words
#[utoipa::path(get, path = "/commitments/{id}/history", tag = "standards", security(("bearer" = ["commitments:read"])),
    params(("id" = CommitmentId, Path), PageParams),
    responses((status = 200, description = "一页历史 · One page", body = EventPage)))]
pub async fn list_commitment_history(
    who: Actor<CommitmentsRead>,
    app: Data<App>,
    id: Path<CommitmentId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let asked = page.clone();
    let found = app
        .db
        .read(move |c| {
            let row = commitments::find(c, &Sight::of(&who), *id)?;
            history::page(c, commitments::ENTITY, &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

/// 考核结果历史 · The hash-chained history of a result
#[utoipa::path(get, path = "/assessments/{id}/history", tag = "standards", security(("bearer" = ["assessments:read"])),
    params(("id" = AssessmentId, Path), PageParams),
    responses((status = 200, description = "一页历史 · One page", body = EventPage)))]
pub async fn list_assessment_history(
    who: Actor<AssessmentsRead>,
    app: Data<App>,
    id: Path<AssessmentId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let asked = page.clone();
    let found = app
        .db
        .read(move |c| {
            let row = assessments::find(c, &who.visible(), *id)?;
            history::page(c, assessments::ENTITY, &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

/// 责任书历史 · The hash-chained history of a target contract
#[utoipa::path(get, path = "/target-contracts/{id}/history", tag = "standards", security(("bearer" = ["target_contracts:read"])),
    params(("id" = TargetContractId, Path), PageParams),
    responses((status = 200, description = "一页历史 · One page", body = EventPage)))]
pub async fn list_target_contract_history(
    who: Actor<TargetContractsRead>,
    app: Data<App>,
    id: Path<TargetContractId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let asked = page.clone();
    let found = app
        .db
        .read(move |c| {
            let row = targets::find(c, &who.visible(), *id)?;
            history::page(c, targets::ENTITY, &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

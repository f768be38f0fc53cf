use actix_web::post;
use actix_web::web::{Data, Path};
use platform::auth::Actor;
use platform::http::{IfMatch, Mount, Valid, Versioned};
use platform::{App, Result};

use super::cases::answered;
use crate::cases::CasesDesk;
use crate::cases::dto::{
    CaseId, CaseOut, DispatchIn, EscalateIn, MergeIn, ReclassifyIn, RedelegateIn, RejectIn, ReopenIn, TransferIn,
};
use crate::cases::rules::Step;
use crate::cases::store::change::permit;
use crate::cases::store::comments::StandsFor;
use crate::cases::store::sight::{Sight, find_to_change};
use crate::cases::store::{By, steps, visits};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(accept_case)
        .service(reject_case)
        .service(dispatch_case)
        .service(transfer_case)
        .service(reclassify_case)
        .service(escalate_case)
        .service(redelegate_case)
        .service(merge_case)
        .service(unmerge_case)
        .service(reopen_case);
}

/// 受理 · Take a case on; dispatched at once where the place has it so
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:desk"])),
    params(("id" = CaseId, Path), IfMatch),
    responses((status = 200, description = "已受理 · Accepted", body = CaseOut)))]
#[post("/cases/{id}/accept")]
pub async fn accept_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
) -> Result<Versioned<CaseOut>> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    app.db
        .write(move |c| {
            let (row, _) = find_to_change(c, &sight, *id, &by)?;
            version.check(row.version)?;
            steps::accept(c, &sight, &row, &by)?;
            answered(c, row.id)
        })
        .await
}

/// 不予受理 · Refuse a case, with a coded reason and words for the reporter
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:desk"])), request_body = RejectIn,
    params(("id" = CaseId, Path), IfMatch),
    responses((status = 200, description = "已拒绝 · Rejected", body = CaseOut)))]
#[post("/cases/{id}/reject")]
pub async fn reject_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    Valid(body): Valid<RejectIn>,
) -> Result<Versioned<CaseOut>> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    app.db
        .write(move |c| {
            let (row, _) = find_to_change(c, &sight, *id, &by)?;
            version.check(row.version)?;
            steps::reject(c, &sight, &row, &body, &by)?;
            answered(c, row.id)
        })
        .await
}

/// 派单 · Give a case to an organisation or a person, or to whom the rules name
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:desk"])), request_body = DispatchIn,
    params(("id" = CaseId, Path), IfMatch),
    responses((status = 200, description = "已派单 · Dispatched", body = CaseOut)))]
#[post("/cases/{id}/dispatch")]
pub async fn dispatch_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    Valid(body): Valid<DispatchIn>,
) -> Result<Versioned<CaseOut>> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    app.db
        .write(move |c| {
            let (row, _) = find_to_change(c, &sight, *id, &by)?;
            version.check(row.version)?;
            steps::dispatch(c, &sight, &row, &body, &by)?;
            answered(c, row.id)
        })
        .await
}

/// 转办 · Give a case to another handler; the first answers for it until the new one signs
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:desk"])), request_body = TransferIn,
    params(("id" = CaseId, Path), IfMatch),
    responses((status = 200, description = "已转办 · Transferred", body = CaseOut)))]
#[post("/cases/{id}/transfer")]
pub async fn transfer_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    Valid(body): Valid<TransferIn>,
) -> Result<Versioned<CaseOut>> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    app.db
        .write(move |c| {
            let (row, _) = find_to_change(c, &sight, *id, &by)?;
            version.check(row.version)?;
            steps::transfer(c, &sight, &row, &body, &by)?;
            answered(c, row.id)
        })
        .await
}

/// 改分类 · Correct what a case is about; its time limits follow
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:desk"])), request_body = ReclassifyIn,
    params(("id" = CaseId, Path), IfMatch),
    responses((status = 200, description = "已改 · Reclassified", body = CaseOut)))]
#[post("/cases/{id}/reclassify")]
pub async fn reclassify_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    Valid(body): Valid<ReclassifyIn>,
) -> Result<Versioned<CaseOut>> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    app.db
        .write(move |c| {
            let (row, _) = find_to_change(c, &sight, *id, &by)?;
            version.check(row.version)?;
            steps::reclassify(c, &sight, &row, &body, &by)?;
            answered(c, row.id)
        })
        .await
}

/// 升级 · Take a case one tier up; no due date moves
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:desk"])), request_body = EscalateIn,
    params(("id" = CaseId, Path), IfMatch),
    responses((status = 200, description = "已升级 · Escalated", body = CaseOut)))]
#[post("/cases/{id}/escalate")]
pub async fn escalate_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    Valid(body): Valid<EscalateIn>,
) -> Result<Versioned<CaseOut>> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    app.db
        .write(move |c| {
            let (row, _) = find_to_change(c, &sight, *id, &by)?;
            version.check(row.version)?;
            steps::escalate(c, &sight, &row, &body, &by)?;
            answered(c, row.id)
        })
        .await
}

/// 交回下级 · Give a case back to a tier below, by a desk above it
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:desk"])), request_body = RedelegateIn,
    params(("id" = CaseId, Path), IfMatch),
    responses((status = 200, description = "已交回 · Redelegated", body = CaseOut)))]
#[post("/cases/{id}/redelegate")]
pub async fn redelegate_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    Valid(body): Valid<RedelegateIn>,
) -> Result<Versioned<CaseOut>> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    app.db
        .write(move |c| {
            let (row, _) = find_to_change(c, &sight, *id, &by)?;
            version.check(row.version)?;
            steps::redelegate(c, &sight, &row, &body, &by)?;
            answered(c, row.id)
        })
        .await
}

/// 并案 · Let a case go on in another one; can be undone for 30 days
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:desk"])), request_body = MergeIn,
    params(("id" = CaseId, Path), IfMatch),
    responses((status = 200, description = "已并案 · Merged", body = CaseOut)))]
#[post("/cases/{id}/merge")]
pub async fn merge_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    Valid(body): Valid<MergeIn>,
) -> Result<Versioned<CaseOut>> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    app.db
        .write(move |c| {
            let (row, _) = find_to_change(c, &sight, *id, &by)?;
            version.check(row.version)?;
            steps::merge(c, &sight, &row, body.target_id, &by)?;
            answered(c, row.id)
        })
        .await
}

/// 撤销并案 · Undo a merge: the state and the clocks come back
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:desk"])),
    params(("id" = CaseId, Path), IfMatch),
    responses((status = 200, description = "已撤销 · Undone", body = CaseOut)))]
#[post("/cases/{id}/unmerge")]
pub async fn unmerge_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
) -> Result<Versioned<CaseOut>> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    app.db
        .write(move |c| {
            let (row, _) = find_to_change(c, &sight, *id, &by)?;
            version.check(row.version)?;
            steps::unmerge(c, &sight, &row, &by)?;
            answered(c, row.id)
        })
        .await
}

/// 重开 · Open a closed case for another round, by a desk at any time
#[utoipa::path(tag = "cases", security(("bearer" = ["cases:desk"])), request_body = ReopenIn,
    params(("id" = CaseId, Path), IfMatch),
    responses((status = 200, description = "已重开 · Reopened", body = CaseOut)))]
#[post("/cases/{id}/reopen")]
pub async fn reopen_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    Valid(body): Valid<ReopenIn>,
) -> Result<Versioned<CaseOut>> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    app.db
        .write(move |c| {
            let (row, _) = find_to_change(c, &sight, *id, &by)?;
            version.check(row.version)?;
            permit(&sight, &row, Step::Reopen)?;
            visits::reopen_for(c, &row, StandsFor::Desk, &body.reason, &by)?;
            answered(c, row.id)
        })
        .await
}

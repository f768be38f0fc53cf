use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Mount, Once, Path, Valid};
use platform::{App, Result, handler};

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
        .service(handler!(accept_case))
        .service(handler!(reject_case))
        .service(handler!(dispatch_case))
        .service(handler!(transfer_case))
        .service(handler!(reclassify_case))
        .service(handler!(escalate_case))
        .service(handler!(redelegate_case))
        .service(handler!(merge_case))
        .service(handler!(unmerge_case))
        .service(handler!(reopen_case));
}

/// 受理 · Take a case on; dispatched at once where the place has it so
#[utoipa::path(post, path = "/cases/{id}/accept", tag = "cases", security(("bearer" = ["cases:desk"])),
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已受理 · Accepted", body = CaseOut)))]
pub async fn accept_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        steps::accept(c, &sight, &row, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 不予受理 · Refuse a case, with a coded reason and words for the reporter
#[utoipa::path(post, path = "/cases/{id}/reject", tag = "cases", security(("bearer" = ["cases:desk"])),
    request_body = RejectIn,
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已拒绝 · Rejected", body = CaseOut)))]
pub async fn reject_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<RejectIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        steps::reject(c, &sight, &row, &body, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 派单 · Give a case to an organisation or a person, or to whom the rules name
#[utoipa::path(post, path = "/cases/{id}/dispatch", tag = "cases", security(("bearer" = ["cases:desk"])),
    request_body = DispatchIn,
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已派单 · Dispatched", body = CaseOut)))]
pub async fn dispatch_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<DispatchIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        steps::dispatch(c, &sight, &row, &body, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 转办 · Give a case to another handler; the first answers for it until the new one signs
#[utoipa::path(post, path = "/cases/{id}/transfer", tag = "cases", security(("bearer" = ["cases:desk"])),
    request_body = TransferIn,
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已转办 · Transferred", body = CaseOut)))]
pub async fn transfer_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<TransferIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        steps::transfer(c, &sight, &row, &body, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 改分类 · Correct what a case is about; its time limits follow
#[utoipa::path(post, path = "/cases/{id}/reclassify", tag = "cases", security(("bearer" = ["cases:desk"])),
    request_body = ReclassifyIn,
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已改 · Reclassified", body = CaseOut)))]
pub async fn reclassify_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ReclassifyIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        steps::reclassify(c, &sight, &row, &body, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 升级 · Take a case one tier up; no due date moves
#[utoipa::path(post, path = "/cases/{id}/escalate", tag = "cases", security(("bearer" = ["cases:desk"])),
    request_body = EscalateIn,
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已升级 · Escalated", body = CaseOut)))]
pub async fn escalate_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<EscalateIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        steps::escalate(c, &sight, &row, &body, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 交回下级 · Give a case back to a tier below, by a desk above it
#[utoipa::path(post, path = "/cases/{id}/redelegate", tag = "cases", security(("bearer" = ["cases:desk"])),
    request_body = RedelegateIn,
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已交回 · Redelegated", body = CaseOut)))]
pub async fn redelegate_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<RedelegateIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        steps::redelegate(c, &sight, &row, &body, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 并案 · Let a case go on in another one; can be undone for 30 days
#[utoipa::path(post, path = "/cases/{id}/merge", tag = "cases", security(("bearer" = ["cases:desk"])),
    request_body = MergeIn,
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已并案 · Merged", body = CaseOut)))]
pub async fn merge_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<MergeIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        steps::merge(c, &sight, &row, body.target_id, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 撤销并案 · Undo a merge: the state and the clocks come back
#[utoipa::path(post, path = "/cases/{id}/unmerge", tag = "cases", security(("bearer" = ["cases:desk"])),
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已撤销 · Undone", body = CaseOut)))]
pub async fn unmerge_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        steps::unmerge(c, &sight, &row, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 重开 · Open a closed case for another round, by a desk at any time
#[utoipa::path(post, path = "/cases/{id}/reopen", tag = "cases", security(("bearer" = ["cases:desk"])),
    request_body = ReopenIn,
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已重开 · Reopened", body = CaseOut)))]
pub async fn reopen_case(
    who: Actor<CasesDesk>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ReopenIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        permit(&sight, &row, Step::Reopen)?;
        visits::reopen_for(c, &row, StandsFor::Desk, &body.reason, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

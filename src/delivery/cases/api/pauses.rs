//! 挂起、延期 and what a due date follows from.

use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Mount, Once, Path, Valid};
use platform::{App, Result, handler};

use super::cases::answered;
use crate::cases::dto::{
    CaseId, CaseOut, DeadlinesOut, ExtensionIn, ExtensionsOut, HoldIn, HoldsOut, RequestDecisionIn,
};
use crate::cases::rules::Step;
use crate::cases::store::change::permit;
use crate::cases::store::extensions::{self, ExtensionId};
use crate::cases::store::holds::{self, HoldId};
use crate::cases::store::sight::{Sight, find, find_to_change};
use crate::cases::store::{By, deadlines};
use crate::cases::{CasesApprove, CasesHandle, CasesRead, CasesResume};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_holds))
        .service(handler!(request_hold))
        .service(handler!(decide_hold))
        .service(handler!(withdraw_hold))
        .service(handler!(resume_case))
        .service(handler!(list_extensions))
        .service(handler!(request_extension))
        .service(handler!(decide_extension))
        .service(handler!(get_deadlines));
}

/// 挂起记录 · The pauses of a case, asked for and taken, oldest first
#[utoipa::path(get, path = "/cases/{id}/holds", tag = "cases", security(("bearer" = ["cases:read"])),
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "挂起 · The holds", body = HoldsOut)))]
pub async fn list_holds(who: Actor<CasesRead>, app: Data<App>, id: Path<CaseId>) -> Result<Json<HoldsOut>> {
    let sight = Sight::of(&who);
    let rows = app
        .db
        .read(move |c| {
            let (row, _) = find(c, &sight, *id)?;
            holds::of_case(c, row.id)
        })
        .await?;
    Ok(Json(HoldsOut { items: rows.into_iter().map(Into::into).collect() }))
}

/// 申请挂起 · Ask for a pause, for one of the causes that stop the clocks; the next tier decides
#[utoipa::path(post, path = "/cases/{id}/holds", tag = "cases", security(("bearer" = ["cases:handle"])),
    request_body = HoldIn,
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已申请 · Asked for", body = CaseOut)))]
pub async fn request_hold(
    who: Actor<CasesHandle>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<HoldIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        holds::request(c, &sight, &row, &body, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 决定挂起 · Allow a pause or not: by the tier above, and by nobody who asked
#[utoipa::path(post, path = "/cases/{id}/holds/{hold_id}/decide", tag = "cases",
    security(("bearer" = ["cases:approve"])), request_body = RequestDecisionIn,
    params(("id" = CaseId, Path), ("hold_id" = HoldId, Path), IfMatch, Once),
    responses((status = 200, description = "已决定 · Decided", body = CaseOut)))]
pub async fn decide_hold(
    who: Actor<CasesApprove>,
    app: Data<App>,
    ids: Path<(CaseId, HoldId)>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<RequestDecisionIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    let (id, hold) = *ids;
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, id, &by)?;
        version.check(row.version)?;
        let hold = holds::find(c, row.id, hold)?;
        holds::decide(c, &sight, &row, &hold, (body.approved, body.note.as_deref()), &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 撤回挂起申请 · Take a request for a pause back
#[utoipa::path(post, path = "/cases/{id}/holds/{hold_id}/withdraw", tag = "cases",
    security(("bearer" = ["cases:handle"])),
    params(("id" = CaseId, Path), ("hold_id" = HoldId, Path), IfMatch, Once),
    responses((status = 200, description = "已撤回 · Withdrawn", body = CaseOut)))]
pub async fn withdraw_hold(
    who: Actor<CasesHandle>,
    app: Data<App>,
    ids: Path<(CaseId, HoldId)>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    let (id, hold) = *ids;
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, id, &by)?;
        version.check(row.version)?;
        let hold = holds::find(c, row.id, hold)?;
        holds::withdraw(c, &sight, &row, &hold, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 恢复办理 · End a pause before its time; the clocks go on from where they stood
#[utoipa::path(post, path = "/cases/{id}/resume", tag = "cases", security(("bearer" = ["cases:resume"])),
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已恢复 · Resumed", body = CaseOut)))]
pub async fn resume_case(
    who: Actor<CasesResume>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        permit(&sight, &row, Step::Resume)?;
        holds::resume(c, &row, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 延期记录 · The extensions of a case, asked for and decided
#[utoipa::path(get, path = "/cases/{id}/extensions", tag = "cases", security(("bearer" = ["cases:read"])),
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "延期 · The extensions", body = ExtensionsOut)))]
pub async fn list_extensions(who: Actor<CasesRead>, app: Data<App>, id: Path<CaseId>) -> Result<Json<ExtensionsOut>> {
    let sight = Sight::of(&who);
    let rows = app
        .db
        .read(move |c| {
            let (row, _) = find(c, &sight, *id)?;
            extensions::of_case(c, row.id)
        })
        .await?;
    Ok(Json(ExtensionsOut { items: rows.into_iter().map(Into::into).collect() }))
}

/// 申请延期 · Ask for more time, before the case is due and once; the next tier decides
#[utoipa::path(post, path = "/cases/{id}/extensions", tag = "cases", security(("bearer" = ["cases:handle"])),
    request_body = ExtensionIn,
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已申请 · Asked for", body = CaseOut)))]
pub async fn request_extension(
    who: Actor<CasesHandle>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ExtensionIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        extensions::request(c, &sight, &row, &body, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 决定延期 · Give more time or not; the due date moves and the reporter is told
#[utoipa::path(post, path = "/cases/{id}/extensions/{extension_id}/decide", tag = "cases",
    security(("bearer" = ["cases:approve"])), request_body = RequestDecisionIn,
    params(("id" = CaseId, Path), ("extension_id" = ExtensionId, Path), IfMatch, Once),
    responses((status = 200, description = "已决定 · Decided", body = CaseOut)))]
pub async fn decide_extension(
    who: Actor<CasesApprove>,
    app: Data<App>,
    ids: Path<(CaseId, ExtensionId)>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<RequestDecisionIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    let (id, extension) = *ids;
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, id, &by)?;
        version.check(row.version)?;
        let asked = extensions::find(c, row.id, extension)?;
        extensions::decide(c, &sight, &row, &asked, (body.approved, body.note.as_deref()), &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 时限说明 · Why a case is due when it is: each clock with the windows that were counted, pauses and extensions
#[utoipa::path(get, path = "/cases/{id}/deadlines", tag = "cases", security(("bearer" = ["cases:read"])),
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "时限 · The deadlines", body = DeadlinesOut)))]
pub async fn get_deadlines(who: Actor<CasesRead>, app: Data<App>, id: Path<CaseId>) -> Result<Json<DeadlinesOut>> {
    let (sight, now) = (Sight::of(&who), app.clock.now());
    let told = app
        .db
        .read(move |c| {
            let (row, _) = find(c, &sight, *id)?;
            deadlines::explain(c, row, now)
        })
        .await?;
    Ok(Json(told))
}

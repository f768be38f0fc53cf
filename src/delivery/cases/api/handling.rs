use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Mount, Once, Path, Valid};
use platform::{App, Result, handler};

use super::cases::answered;
use crate::cases::CasesHandle;
use crate::cases::dto::{CaseId, CaseOut, FinishIn, ReturnIn, StartIn};
use crate::cases::store::sight::{Sight, find_to_change};
use crate::cases::store::{By, steps};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(sign_case))
        .service(handler!(return_case))
        .service(handler!(start_case))
        .service(handler!(finish_case));
}

/// 签收 · Sign for a case: from now on the signer answers for it
#[utoipa::path(post, path = "/cases/{id}/sign", tag = "cases", security(("bearer" = ["cases:handle"])),
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已签收 · Signed", body = CaseOut)))]
pub async fn sign_case(
    who: Actor<CasesHandle>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        steps::sign(c, &sight, &row, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 退单 · Object to a dispatch, with a reason, within the time for signing and once per handler
#[utoipa::path(post, path = "/cases/{id}/return", tag = "cases", security(("bearer" = ["cases:handle"])),
    request_body = ReturnIn,
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已退单 · Returned", body = CaseOut)))]
pub async fn return_case(
    who: Actor<CasesHandle>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ReturnIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        steps::hand_back(c, &sight, &row, &body, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 开始处理 · Record the first contact with the reporter and begin
#[utoipa::path(post, path = "/cases/{id}/start", tag = "cases", security(("bearer" = ["cases:handle"])),
    request_body = StartIn,
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "处理中 · In progress", body = CaseOut)))]
pub async fn start_case(
    who: Actor<CasesHandle>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<StartIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        steps::start(c, &sight, &row, &body, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 办结 · Say how it ended and show it; the return visit is next
#[utoipa::path(post, path = "/cases/{id}/finish", tag = "cases", security(("bearer" = ["cases:handle"])),
    request_body = FinishIn,
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已办结 · Done", body = CaseOut)))]
pub async fn finish_case(
    who: Actor<CasesHandle>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<FinishIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        steps::finish(c, &sight, &row, &body, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

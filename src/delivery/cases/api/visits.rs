use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Mount, Once, Path, Valid};
use platform::{App, Result, handler};

use super::cases::answered;
use crate::cases::dto::{CaseId, CaseOut, VisitIn, VisitsOut};
use crate::cases::rules::Step;
use crate::cases::rules::visits::check_reason;
use crate::cases::store::change::permit;
use crate::cases::store::sight::{Sight, find, find_to_change};
use crate::cases::store::{By, steps, visits};
use crate::cases::{CasesRead, CasesVisit};

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(list_visits)).service(handler!(verify_case)).service(handler!(record_visit));
}

/// 核实 · The community has seen that the work is done
#[utoipa::path(post, path = "/cases/{id}/verify", tag = "cases", security(("bearer" = ["cases:visit"])),
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已核实 · Verified", body = CaseOut)))]
pub async fn verify_case(
    who: Actor<CasesVisit>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        steps::verify(c, &sight, &row, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 回访 · Record an attempt; closes, reopens or waits, by what it brought
#[utoipa::path(post, path = "/cases/{id}/visits", tag = "cases", security(("bearer" = ["cases:visit"])),
    request_body = VisitIn,
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已记录 · Recorded", body = CaseOut)))]
pub async fn record_visit(
    who: Actor<CasesVisit>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<VisitIn>,
) -> Result<Answer> {
    let (sight, by) = (Sight::of(&who), By::new(&app, who.id()));
    once.write(&app, move |c| {
        let (row, _) = find_to_change(c, &sight, *id, &by)?;
        version.check(row.version)?;
        permit(&sight, &row, Step::Close)?;
        check_reason(body.outcome, body.reason)?;
        visits::record(c, &row, &body, &by)?;
        answered(c, &sight, row.id)
    })
    .await
}

/// 回访记录 · The return visits of a case, oldest first
#[utoipa::path(get, path = "/cases/{id}/visits", tag = "cases", security(("bearer" = ["cases:read"])),
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "回访 · The visits", body = VisitsOut)))]
pub async fn list_visits(who: Actor<CasesRead>, app: Data<App>, id: Path<CaseId>) -> Result<Json<VisitsOut>> {
    let sight = Sight::of(&who);
    let rows = app
        .db
        .read(move |c| {
            let (row, _) = find(c, &sight, *id)?;
            visits::of_case(c, row.id)
        })
        .await?;
    Ok(Json(VisitsOut { items: rows.into_iter().map(Into::into).collect() }))
}

//! Whom to call about what is done, and the opening of their number.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Mount, NoFilter, PageParams, Paged, Path, Valid};
use platform::{App, Error, Result, handler};
use roster::people::dto::UnmaskIn;

use crate::cases::dto::{CallPage, CaseId, Identity, ReporterPhoneOut};
use crate::cases::store::sight::{SeenAs, Sight, find};
use crate::cases::store::{By, lists, phones, visit_queue};
use crate::cases::{CasesUnmask, CasesVisit};

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(list_calls)).service(handler!(unmask_reporter));
}

/// 待回访 · Whom to call next, by when the visit is due
///
/// 投诉、重开和隐名的事件一律回访,其余按本地规则抽样;不含本单位承办的事件。未抽中的事件在回访期限逾期同样长的时间后自动归档。
/// Complaints, reopened and hidden cases always, of the others the share that the place has set; none that the caller's own
/// house handled. What the sample leaves out is closed when the visit has been overdue for as long as it had time.
#[utoipa::path(get, path = "/visits/queue", tag = "cases", security(("bearer" = ["cases:visit"])), params(PageParams),
    responses((status = 200, description = "一页待回访 · One page", body = CallPage)))]
pub async fn list_calls(
    who: Actor<CasesVisit>,
    app: Data<App>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<CallPage> {
    let (sight, by, asked) = (Sight::of(&who), By::new(&app, who.id()), page.clone());
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = asked.after.as_deref().map(|key| lists::read_key(Some(key))).transpose()?;
            let rows = visit_queue::list(c, &sight, (after, asked.fetch()), &by)?;
            let total = if asked.with_total { Some(visit_queue::count(c, &sight, &by)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(CallPage::of(page.cut(rows, visit_queue::key), total))
}

/// 查看报事人号码 · Open the reporter's number for a purpose
///
/// 须说明用途;留痕与结果同时写入,报事人可查;与查看人员号码合计每小时最多 20 次。匿名报事没有号码。此接口不重放幂等结果。
/// The purpose is written down with the answer and read by the reporter; openings of persons' numbers count towards the same
/// twenty an hour. No stored answer is replayed for an `Idempotency-Key`, because it would hold the number.
#[utoipa::path(post, path = "/cases/{id}/reporter/unmask", tag = "cases", security(("bearer" = ["cases:unmask"])),
    request_body = UnmaskIn,
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "号码 · The number", body = ReporterPhoneOut)))]
pub async fn unmask_reporter(
    who: Actor<CasesUnmask>,
    app: Data<App>,
    id: Path<CaseId>,
    Valid(body): Valid<UnmaskIn>,
) -> Result<HttpResponse> {
    let (sight, by, secrets) = (Sight::of(&who), By::new(&app, who.id()), app.secrets.clone());
    let out: ReporterPhoneOut = app
        .db
        .write(move |c| {
            let (row, seen) = find(c, &sight, *id)?;
            if seen == SeenAs::Handler && row.identity != Identity::Open {
                return Err(Error::NotFound);
            }
            let grant = who.grants().find(|grant| grant.area.covers(&row.area_code)).ok_or(Error::NotFound)?;
            phones::unmask(c, &row, grant, &body, &secrets, &by)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(out))
}

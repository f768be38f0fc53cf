//! What residents do with their own cases.

use std::sync::Arc;

use actix_web::web::Data;
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Mount, NoFilter, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};
use registry::identity::AccountId;

use crate::cases::CasesReport;
use crate::cases::dto::{CaseId, FeedbackIn, MyCaseOut, MyCasePage, NewCase, ReopenIn, ReportIn, Status, VisitIn};
use crate::cases::rules::visits::check_reason;
use crate::cases::rules::{REOPEN_LATE, Step};
use crate::cases::store::change::permit_reporter;
use crate::cases::store::comments::StandsFor;
use crate::cases::store::draft::Draft;
use crate::cases::store::gathered::{Intake, Report, Right};
use crate::cases::store::mine::Mine;
use crate::cases::store::rows::{CaseRow, DetailsRow};
use crate::cases::store::steps::{self, unnamed};
use crate::cases::store::{By, after_id, intake, mine, places, single, visits};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_my_cases))
        .service(handler!(report_case))
        .service(handler!(get_my_case))
        .service(handler!(cancel_my_case))
        .service(handler!(reopen_my_case))
        .service(handler!(rate_my_case));
}

/// One's own case as it stands after a step.
fn answered(c: &mut Conn, id: CaseId) -> Result<Versioned<MyCaseOut>> {
    let whole = mine::whole(c, id, true)?;
    Ok(Versioned::ok(whole.row.version, whole.into()))
}

/// 我的事件 · What the caller reported or joined, newest first
#[utoipa::path(get, path = "/me/cases", tag = "cases", security(("bearer" = ["cases:report"])), params(PageParams),
    responses((status = 200, description = "一页事件 · One page", body = MyCasePage)))]
pub async fn list_my_cases(
    who: Actor<CasesReport>,
    app: Data<App>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<MyCasePage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let me = AccountId(who.id());
            let before = after_id(asked.after.as_deref())?.map(CaseId);
            let rows = mine::list(c, me, (before, asked.fetch()))?;
            let total = if asked.with_total { Some(mine::count(c, me)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(MyCasePage::of(page.cut(rows, |mine| mine.row.id.to_string()), total))
}

/// 报事 · Report something: a repair, a question, a complaint, thanks
#[utoipa::path(post, path = "/me/cases", tag = "cases", security(("bearer" = ["cases:report"])),
    request_body = ReportIn,
    responses((status = 201, description = "已报事 · Reported", body = MyCaseOut)))]
pub async fn report_case(
    who: Actor<CasesReport>,
    app: Data<App>,
    desk: Data<Intake>,
    once: Once,
    Valid(body): Valid<ReportIn>,
) -> Result<Answer> {
    let by = unnamed(&By::new(&app, who.id()));
    let me = AccountId(who.id());
    let new = Arc::new(NewCase::reported(body, me)?);
    let tell = |draft: &Draft| Answer::fresh(&created(draft.row.clone(), draft.details.clone()));
    let report = || Report { new: new.clone(), by, visible: who.visible(), right: Right::Reports, tell };
    if let Some(answer) = desk.take(&once, report).await? {
        return Ok(answer);
    }
    let secrets = app.secrets.clone();
    let drafted = Draft::beforehand(&app, &new, &by);
    once.write(&app, move |c| {
        let found = places::meant_by(c, &new)?;
        intake::may_report_at(c, &who.visible(), me, &found.place)?;
        let (row, details) = intake::insert(c, &secrets, (&new, drafted.as_ref()), &found, &by)?;
        Ok(created(row, details))
    })
    .await
}

/// One's own new case, which nobody has in hand yet.
fn created(row: CaseRow, details: DetailsRow) -> Versioned<MyCaseOut> {
    let (location, version) = (format!("/v1/me/cases/{}", row.id), row.version);
    Versioned::created(
        location,
        version,
        MyCaseOut::from(Mine { row, details, handler: None, own: true, followed: None }),
    )
}

/// 我的事件详情 · One case that the caller reported or joined
#[utoipa::path(get, path = "/me/cases/{id}", tag = "cases", security(("bearer" = ["cases:report"])),
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "事件 · The case", body = MyCaseOut)))]
pub async fn get_my_case(who: Actor<CasesReport>, app: Data<App>, id: Path<CaseId>) -> Result<Versioned<MyCaseOut>> {
    app.db
        .read(move |c| {
            let own = mine::reported(c, AccountId(who.id()), *id)?;
            let whole = mine::whole(c, *id, own)?;
            Ok(Versioned::ok(whole.row.version, whole.into()))
        })
        .await
}

/// 撤回 · Take one's own report back, before it is dispatched
#[utoipa::path(post, path = "/me/cases/{id}/cancel", tag = "cases", security(("bearer" = ["cases:report"])),
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已撤回 · Cancelled", body = MyCaseOut)))]
pub async fn cancel_my_case(
    who: Actor<CasesReport>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = unnamed(&By::new(&app, who.id()));
    once.write(&app, move |c| {
        let row = single::find_own(c, AccountId(who.id()), *id)?;
        version.check(row.version)?;
        steps::cancel(c, &row, &by)?;
        answered(c, row.id)
    })
    .await
}

/// 要求重开 · Say that it is not fixed: before the visit, or within 15 days of the archive
#[utoipa::path(post, path = "/me/cases/{id}/reopen", tag = "cases", security(("bearer" = ["cases:report"])),
    request_body = ReopenIn,
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已重开 · Reopened", body = MyCaseOut)))]
pub async fn reopen_my_case(
    who: Actor<CasesReport>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ReopenIn>,
) -> Result<Answer> {
    let by = unnamed(&By::new(&app, who.id()));
    once.write(&app, move |c| {
        let row = single::find_own(c, AccountId(who.id()), *id)?;
        version.check(row.version)?;
        let days = chrono::Duration::days(steps::handling(c, &row, &by)?.reopen_days);
        if row.status == Status::Closed && row.closed_at.is_some_and(|closed| by.at > closed.plus(days)) {
            return Err((&REOPEN_LATE).into());
        }
        permit_reporter(&row, Step::Reopen)?;
        visits::reopen_for(c, &row, StandsFor::Reporter, &body.reason, &by)?;
        answered(c, row.id)
    })
    .await
}

/// 评价 · Say how it was: closes the case, or reopens it where one is not satisfied
#[utoipa::path(post, path = "/me/cases/{id}/feedback", tag = "cases", security(("bearer" = ["cases:report"])),
    request_body = FeedbackIn,
    params(("id" = CaseId, Path), IfMatch, Once),
    responses((status = 200, description = "已评价 · Rated", body = MyCaseOut)))]
pub async fn rate_my_case(
    who: Actor<CasesReport>,
    app: Data<App>,
    id: Path<CaseId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<FeedbackIn>,
) -> Result<Answer> {
    let by = unnamed(&By::new(&app, who.id()));
    let visit = VisitIn::from(body);
    once.write(&app, move |c| {
        let row = single::find_own(c, AccountId(who.id()), *id)?;
        version.check(row.version)?;
        permit_reporter(&row, Step::Close)?;
        check_reason(visit.outcome, visit.reason)?;
        visits::record(c, &row, &visit, &by)?;
        answered(c, row.id)
    })
    .await
}

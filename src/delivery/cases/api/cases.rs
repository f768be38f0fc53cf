use std::sync::Arc;

use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::db::Conn;
use platform::history::{self, EventPage};
use platform::http::{Answer, Mount, NoFilter, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Error, Result, handler};

use crate::cases::dto::{
    CaseFilter, CaseId, CaseIn, CaseOut, CasePage, CaseQuery, Identity, NewCase, ReporterOut, StepsOut,
};
use crate::cases::store::change::ENTITY;
use crate::cases::store::draft::Draft;
use crate::cases::store::gathered::{Intake, Report, Right};
use crate::cases::store::rows::{CaseRow, DetailsRow};
use crate::cases::store::sight::{SeenAs, Sight, find};
use crate::cases::store::{By, intake, lists, places, single};
use crate::cases::{CasesIntake, CasesRead, CasesReport, ReportersRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_cases))
        .service(handler!(create_case))
        .service(handler!(list_case_steps))
        .service(handler!(get_case))
        .service(handler!(get_case_reporter))
        .service(handler!(list_case_history));
}

/// A case as it stands after a step.
pub(super) fn answered(c: &mut Conn, sight: &Sight, id: CaseId) -> Result<Versioned<CaseOut>> {
    let case = sight.veiled(single::whole(c, id)?);
    Ok(Versioned::ok(case.0.version, case.into()))
}

/// 事件列表 · Cases that the caller oversees or has in hand, newest first or, with `sort=due`, open ones by when they are due
#[utoipa::path(get, path = "/cases", tag = "cases", security(("bearer" = ["cases:read"])),
    params(PageParams, CaseQuery),
    responses((status = 200, description = "一页事件 · One page", body = CasePage)))]
pub async fn list_cases(
    who: Actor<CasesRead>,
    app: Data<App>,
    Paged(query, page): Paged<CaseQuery>,
) -> Result<CasePage> {
    let (sight, filter) = (Sight::of(&who), CaseFilter::from(query));
    let asked = lists::Asked { after: page.after.clone(), fetch: page.fetch(), now: app.clock.now() };
    let (sort, with_total) = (filter.sort, page.with_total);
    // A search or a count may look at many rows; a page straight off the index is read where we stand.
    let short = !with_total && lists::is_short(&sight, &filter);
    let read = move |c: &mut Conn| {
        let rows = lists::list(c, &sight, &filter, &asked)?;
        let total = if with_total { Some(lists::count(c, &sight, &filter, asked.now)?) } else { None };
        Ok((rows, total))
    };
    let (rows, total) = if short { app.db.glance(read).await? } else { app.db.read(read).await? };
    Ok(CasePage::of(page.cut(rows, |(row, _)| lists::key(sort, row)), total))
}

/// 步骤表 · Every step of a case: from which states to which, by whom, and what it needs
#[utoipa::path(get, path = "/cases/steps", tag = "cases", security(("bearer" = ["cases:report"])),
    responses((status = 200, description = "步骤表 · The table", body = StepsOut)))]
pub async fn list_case_steps(_: Actor<CasesReport>) -> Json<StepsOut> {
    Json(StepsOut::table())
}

/// 登记事件 · Write down what somebody reported by phone, at the window, in a group or on a visit
#[utoipa::path(post, path = "/cases", tag = "cases", security(("bearer" = ["cases:intake"])), request_body = CaseIn,
    responses((status = 201, description = "已登记 · Registered", body = CaseOut)))]
pub async fn create_case(
    who: Actor<CasesIntake>,
    app: Data<App>,
    desk: Data<Intake>,
    once: Once,
    Valid(body): Valid<CaseIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    let new = Arc::new(NewCase::try_from(body)?);
    let tell = |draft: &Draft| Answer::fresh(&created(draft.row.clone(), draft.details.clone()));
    let report = || Report { new: new.clone(), by, visible: who.visible(), right: Right::WritesDown, tell };
    if let Some(answer) = desk.take(&once, report).await? {
        return Ok(answer);
    }
    let secrets = app.secrets.clone();
    let drafted = Draft::beforehand(&app, &new, &by);
    once.write(&app, move |c| {
        let found = places::meant_by(c, &new)?;
        intake::may_write_down_at(&who.visible(), &found.place)?;
        let (row, details) = intake::insert(c, &secrets, (&new, drafted.as_ref()), &found, &by)?;
        Ok(created(row, details))
    })
    .await
}

fn created(row: CaseRow, details: DetailsRow) -> Versioned<CaseOut> {
    Versioned::created(format!("/v1/cases/{}", row.id), row.version, CaseOut::from((row, details.into())))
}

/// 事件详情 · One case
#[utoipa::path(get, path = "/cases/{id}", tag = "cases", security(("bearer" = ["cases:read"])),
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "事件 · The case", body = CaseOut)))]
pub async fn get_case(who: Actor<CasesRead>, app: Data<App>, id: Path<CaseId>) -> Result<Versioned<CaseOut>> {
    let sight = Sight::of(&who);
    let now = app.clock.now();
    let case = app.db.glance(move |c| single::shown(c, &sight, *id, now)).await?;
    Ok(Versioned::ok(case.0.version, case.into()))
}

/// 报事人 · Who reported a case, for the desk: masked, and not where it was anonymous
#[utoipa::path(get, path = "/cases/{id}/reporter", tag = "cases", security(("bearer" = ["cases:read_reporter"])),
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "报事人 · The reporter", body = ReporterOut)))]
pub async fn get_case_reporter(
    who: Actor<ReportersRead>,
    app: Data<App>,
    id: Path<CaseId>,
) -> Result<Json<ReporterOut>> {
    let sight = Sight::of(&who);
    let out = app
        .db
        .read(move |c| {
            let (row, seen) = find(c, &sight, *id)?;
            if seen == SeenAs::Handler && row.identity != Identity::Open {
                return Err(Error::NotFound);
            }
            let known = if row.identity == Identity::Anonymous { None } else { single::reporter(c, row.id)? };
            Ok(ReporterOut::of(row.identity, known, single::joined(c, row.id)?))
        })
        .await?;
    Ok(Json(out))
}

/// 事件历史 · The hash-chained history of a case; for those who oversee it
#[utoipa::path(get, path = "/cases/{id}/history", tag = "cases", security(("bearer" = ["cases:read"])),
    params(("id" = CaseId, Path), PageParams),
    responses((status = 200, description = "一页历史 · One page", body = EventPage)))]
pub async fn list_case_history(
    who: Actor<CasesRead>,
    app: Data<App>,
    id: Path<CaseId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let sight = Sight::of(&who);
    let asked = page.clone();
    let found = app
        .db
        .read(move |c| match find(c, &sight, *id)? {
            (row, SeenAs::Overseer) => history::page(c, ENTITY, &row.id.to_string(), &asked),
            _ => Err(Error::NotFound),
        })
        .await?;
    Ok(history::answer(&page, found))
}

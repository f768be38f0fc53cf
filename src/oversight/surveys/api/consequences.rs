//! What follows a round that failed.

use actix_web::web::Data;
use platform::auth::{Actor, Scope};
use platform::db::Conn;
use platform::history::{self, By, EventPage};
use platform::http::{Answer, IfMatch, Mount, NoFilter, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Error, Result, handler};
use roster::organisations::OrganisationId;

use crate::surveys::dto::{
    ConsequenceNoteIn, RecheckIn, RectificationNoticeIn, RectificationReportIn, SurveyConsequenceId,
    SurveyConsequenceOut, SurveyConsequencePage, SurveyConsequenceQuery,
};
use crate::surveys::store::rows::ConsequenceRow;
use crate::surveys::store::sight::{self, Sight};
use crate::surveys::store::{after_id, consequences as store};
use crate::surveys::{ConsequencesConfirm, ConsequencesReport, SurveysRead, SurveysRun};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_survey_consequences))
        .service(handler!(get_survey_consequence))
        .service(handler!(confirm_survey_consequence))
        .service(handler!(drop_survey_consequence))
        .service(handler!(report_rectification))
        .service(handler!(begin_survey_recheck))
        .service(handler!(conclude_survey_consequence))
        .service(handler!(list_survey_consequence_history));
}

/// 测评后果列表 · What has followed rounds that failed, the newest first: by place, to a company its own once it is told
#[utoipa::path(get, path = "/survey-consequences", tag = "surveys", security(("bearer" = ["surveys:read"])),
    params(PageParams, SurveyConsequenceQuery),
    responses((status = 200, description = "一页后果 · One page", body = SurveyConsequencePage)))]
pub async fn list_survey_consequences(
    who: Actor<SurveysRead>,
    app: Data<App>,
    Paged(filter, page): Paged<SurveyConsequenceQuery>,
) -> Result<SurveyConsequencePage> {
    let (asked, today) = (page.clone(), app.clock.today());
    let (rows, total) = app
        .db
        .read(move |c| {
            let sight = Sight::of(c, who.principal(), today)?;
            let before = after_id(asked.after.as_deref(), SurveyConsequenceId)?;
            let rows = store::list(c, &sight, (before, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &sight, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(SurveyConsequencePage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 测评后果 · What has followed a round that failed
#[utoipa::path(get, path = "/survey-consequences/{id}", tag = "surveys", security(("bearer" = ["surveys:read"])),
    params(("id" = SurveyConsequenceId, Path)),
    responses((status = 200, description = "后果 · What followed", body = SurveyConsequenceOut)))]
pub async fn get_survey_consequence(
    who: Actor<SurveysRead>,
    app: Data<App>,
    id: Path<SurveyConsequenceId>,
) -> Result<Versioned<SurveyConsequenceOut>> {
    let today = app.clock.today();
    let row = app
        .db
        .read(move |c| {
            let sight = Sight::of(c, who.principal(), today)?;
            sight::find_consequence(c, &sight, *id)
        })
        .await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 确认并通知整改 · Confirm what follows, and send the notice to rectify
#[utoipa::path(post, path = "/survey-consequences/{id}/confirm", tag = "surveys",
    security(("bearer" = ["survey_consequences:confirm"])), request_body = RectificationNoticeIn,
    params(("id" = SurveyConsequenceId, Path), IfMatch, Once),
    responses((status = 200, description = "已通知 · Notified", body = SurveyConsequenceOut)))]
pub async fn confirm_survey_consequence(
    who: Actor<ConsequencesConfirm>,
    app: Data<App>,
    id: Path<SurveyConsequenceId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<RectificationNoticeIn>,
) -> Result<Answer> {
    step(who, app, (id, version, once), move |c, row, by| store::confirm(c, row, &body, by)).await
}

/// 不予确认 · Do not confirm, with the reason: nothing follows
#[utoipa::path(post, path = "/survey-consequences/{id}/drop", tag = "surveys",
    security(("bearer" = ["survey_consequences:confirm"])), request_body = ConsequenceNoteIn,
    params(("id" = SurveyConsequenceId, Path), IfMatch, Once),
    responses((status = 200, description = "不予确认 · Dropped", body = SurveyConsequenceOut)))]
pub async fn drop_survey_consequence(
    who: Actor<ConsequencesConfirm>,
    app: Data<App>,
    id: Path<SurveyConsequenceId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ConsequenceNoteIn>,
) -> Result<Answer> {
    step(who, app, (id, version, once), move |c, row, by| store::reject(c, row, &body.note, by)).await
}

/// 报告整改 · Say what the company has rectified
#[utoipa::path(post, path = "/survey-consequences/{id}/report", tag = "surveys",
    security(("bearer" = ["survey_consequences:report"])), request_body = RectificationReportIn,
    params(("id" = SurveyConsequenceId, Path), IfMatch, Once),
    responses((status = 200, description = "已报告 · Reported", body = SurveyConsequenceOut)))]
pub async fn report_rectification(
    who: Actor<ConsequencesReport>,
    app: Data<App>,
    id: Path<SurveyConsequenceId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<RectificationReportIn>,
) -> Result<Answer> {
    let own: Vec<OrganisationId> = who.grants().filter_map(|grant| grant.organisation).map(OrganisationId).collect();
    step(who, app, (id, version, once), move |c, row, by| {
        // Another company's is not there for this one.
        if !own.contains(&row.company_id) {
            return Err(Error::NotFound);
        }
        store::report(c, row, &body.report, by)
    })
    .await
}

/// 组织复测 · Draft the round in which it is asked again: the same form, place and rules
#[utoipa::path(post, path = "/survey-consequences/{id}/recheck", tag = "surveys",
    security(("bearer" = ["surveys:run"])), request_body = RecheckIn,
    params(("id" = SurveyConsequenceId, Path), IfMatch, Once),
    responses((status = 200, description = "已起草复测 · Drafted", body = SurveyConsequenceOut)))]
pub async fn begin_survey_recheck(
    who: Actor<SurveysRun>,
    app: Data<App>,
    id: Path<SurveyConsequenceId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<RecheckIn>,
) -> Result<Answer> {
    let run = who.visible();
    step(who, app, (id, version, once), move |c, row, by| {
        run.check(&row.area_code)?;
        store::recheck(c, row, &body, by)
    })
    .await
}

/// 确认复测结论 · Confirm what the recheck found: passed, or a motion to dismiss may be made, which the owners decide
/// (Civil Code 278)
#[utoipa::path(post, path = "/survey-consequences/{id}/conclude", tag = "surveys",
    security(("bearer" = ["survey_consequences:confirm"])), request_body = ConsequenceNoteIn,
    params(("id" = SurveyConsequenceId, Path), IfMatch, Once),
    responses((status = 200, description = "已确认 · Concluded", body = SurveyConsequenceOut)))]
pub async fn conclude_survey_consequence(
    who: Actor<ConsequencesConfirm>,
    app: Data<App>,
    id: Path<SurveyConsequenceId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ConsequenceNoteIn>,
) -> Result<Answer> {
    step(who, app, (id, version, once), move |c, row, by| store::conclude(c, row, &body.note, by)).await
}

async fn step<S: Scope>(
    who: Actor<S>,
    app: Data<App>,
    (id, version, once): (Path<SurveyConsequenceId>, IfMatch, Once),
    take: impl Fn(&mut Conn, &ConsequenceRow, &By) -> Result<ConsequenceRow> + Send + 'static,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let sight = Sight::of(c, who.principal(), by.today)?;
        let row = sight::find_consequence(c, &sight, *id)?;
        version.check(row.version)?;
        let row = take(c, &row, &by)?;
        Ok(Versioned::ok(row.version, SurveyConsequenceOut::from(row)))
    })
    .await
}

/// 测评后果历史 · The hash-chained history of what followed, to whoever reads it
#[utoipa::path(get, path = "/survey-consequences/{id}/history", tag = "surveys",
    security(("bearer" = ["surveys:read"])),
    params(("id" = SurveyConsequenceId, Path), PageParams),
    responses((status = 200, description = "一页历史 · One page", body = EventPage)))]
pub async fn list_survey_consequence_history(
    who: Actor<SurveysRead>,
    app: Data<App>,
    id: Path<SurveyConsequenceId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let (asked, today) = (page.clone(), app.clock.today());
    let found = app
        .db
        .read(move |c| {
            let sight = Sight::of(c, who.principal(), today)?;
            let row = sight::find_consequence(c, &sight, *id)?;
            history::page(c, store::ENTITY, &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

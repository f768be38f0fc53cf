//! Rounds, as everybody reads them, and as they are drafted.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::history::{self, By, EventPage};
use platform::http::{Answer, IfMatch, Mount, NoFilter, Once, PageParams, Paged, Path, Valid, Versioned, Whole};
use platform::{App, Error, Result, handler};

use crate::surveys::dto::{
    SurveyRoundId, SurveyRoundIn, SurveyRoundOut, SurveyRoundPage, SurveyRoundPatch, SurveyRoundQuery,
};
use crate::surveys::store::sight::{self, Sight, View};
use crate::surveys::store::{after_id, rounds as store};
use crate::surveys::{SurveysRead, SurveysRun};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_survey_rounds))
        .service(handler!(create_survey_round))
        .service(handler!(get_survey_round))
        .service(handler!(update_survey_round))
        .service(handler!(list_survey_round_history));
}

/// 测评列表 · Rounds that the caller sees, the newest first: with scores once these are posted, to overseers before
#[utoipa::path(get, path = "/survey-rounds", tag = "surveys", security(("bearer" = ["surveys:read"])),
    params(PageParams, SurveyRoundQuery),
    responses((status = 200, description = "一页测评 · One page", body = SurveyRoundPage)))]
pub async fn list_survey_rounds(
    who: Actor<SurveysRead>,
    app: Data<App>,
    Paged(filter, page): Paged<SurveyRoundQuery>,
) -> Result<SurveyRoundPage> {
    let (asked, now, today) = (page.clone(), app.clock.now(), app.clock.today());
    let (rows, total) = app
        .db
        .read(move |c| {
            let sight = Sight::of(c, who.principal(), today)?;
            let before = after_id(asked.after.as_deref(), SurveyRoundId)?;
            let rows = store::list(c, &sight, (before, asked.fetch()), &filter, now)?;
            let told = |row| SurveyRoundOut::of(row, View::Public, now);
            let close = |row| SurveyRoundOut::of(row, View::Overseer, now);
            let outs = rows.into_iter().map(|row| match sight.view(&row) {
                Some(View::Overseer) => close(row),
                _ => told(row),
            });
            let outs = outs.collect::<Result<Vec<_>>>()?;
            let total = if asked.with_total { Some(store::count(c, &sight, &filter, now)?) } else { None };
            Ok((outs, total))
        })
        .await?;
    Ok(SurveyRoundPage::of(page.cut(rows, |round| round.id.to_string()), total))
}

/// 起草测评 · Draft a round: a form, a place, a window
#[utoipa::path(post, path = "/survey-rounds", tag = "surveys", security(("bearer" = ["surveys:run"])),
    request_body = SurveyRoundIn,
    responses((status = 201, description = "已起草 · Drafted", body = SurveyRoundOut)))]
pub async fn create_survey_round(
    who: Actor<SurveysRun>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<SurveyRoundIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        who.visible().check(body.area_code.as_str())?;
        let row = store::insert(c, &body, &by)?;
        let location = format!("/v1/survey-rounds/{}", row.id);
        Ok(Versioned::created(location, row.version, SurveyRoundOut::of(row, View::Overseer, by.at)?))
    })
    .await
}

/// 测评详情 · One round. Whether it is open goes by the clock, so it is sent whole each time
#[utoipa::path(get, path = "/survey-rounds/{id}", tag = "surveys", security(("bearer" = ["surveys:read"])),
    params(("id" = SurveyRoundId, Path)),
    responses((status = 200, description = "测评 · The round", body = SurveyRoundOut)))]
pub async fn get_survey_round(
    who: Actor<SurveysRead>,
    app: Data<App>,
    id: Path<SurveyRoundId>,
) -> Result<Whole<SurveyRoundOut>> {
    let (now, today) = (app.clock.now(), app.clock.today());
    let (row, view) = app
        .db
        .read(move |c| {
            let sight = Sight::of(c, who.principal(), today)?;
            sight::find(c, &sight, *id)
        })
        .await?;
    Ok(Whole { version: row.version, body: SurveyRoundOut::of(row, view, now)? })
}

/// 修改草稿 · Change a draft
#[utoipa::path(patch, path = "/survey-rounds/{id}", tag = "surveys", security(("bearer" = ["surveys:run"])),
    request_body = SurveyRoundPatch,
    params(("id" = SurveyRoundId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = SurveyRoundOut)))]
pub async fn update_survey_round(
    who: Actor<SurveysRun>,
    app: Data<App>,
    id: Path<SurveyRoundId>,
    version: IfMatch,
    Valid(body): Valid<SurveyRoundPatch>,
) -> Result<Versioned<SurveyRoundOut>> {
    let by = By::new(&app, who.id());
    app.db
        .write(move |c| {
            let sight = Sight::of(c, who.principal(), by.today)?;
            let row = sight::find_run(c, &sight, *id)?;
            version.check(row.version)?;
            let row = store::update(c, &row, &body, &by)?;
            super::stepped(c, row, &by)
        })
        .await
}

/// 测评历史 · The hash-chained history of a round, for those who oversee it
#[utoipa::path(get, path = "/survey-rounds/{id}/history", tag = "surveys", security(("bearer" = ["surveys:read"])),
    params(("id" = SurveyRoundId, Path), PageParams),
    responses((status = 200, description = "一页历史 · One page", body = EventPage)))]
pub async fn list_survey_round_history(
    who: Actor<SurveysRead>,
    app: Data<App>,
    id: Path<SurveyRoundId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let (asked, today) = (page.clone(), app.clock.today());
    let found = app
        .db
        .read(move |c| {
            let sight = Sight::of(c, who.principal(), today)?;
            match sight::find(c, &sight, *id)? {
                (row, View::Overseer) => history::page(c, store::ENTITY, &row.id.to_string(), &asked),
                _ => Err(Error::NotFound),
            }
        })
        .await?;
    Ok(history::answer(&page, found))
}

//! What those who run a round do with it, step by step.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::db::Conn;
use platform::history::By;
use platform::http::{Answer, IfMatch, Mount, Once, Path, Valid};
use platform::{App, Result, handler};

use crate::surveys::SurveysRun;
use crate::surveys::dto::{SurveyCancelIn, SurveyPostingIn, SurveyRoundId, SurveyRoundOut};
use crate::surveys::store::rows::RoundRow;
use crate::surveys::store::sight::{self, Sight};
use crate::surveys::store::{steps as store, sweep};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(publish_survey_round))
        .service(handler!(cancel_survey_round))
        .service(handler!(compute_survey_round))
        .service(handler!(publicise_survey_round))
        .service(handler!(finalise_survey_round));
}

/// 发布测评 · Publish a round: who is asked and by which rules it is judged stays from here on
#[utoipa::path(post, path = "/survey-rounds/{id}/publish", tag = "surveys", security(("bearer" = ["surveys:run"])),
    params(("id" = SurveyRoundId, Path), IfMatch, Once),
    responses((status = 200, description = "已发布 · Published", body = SurveyRoundOut)))]
pub async fn publish_survey_round(
    who: Actor<SurveysRun>,
    app: Data<App>,
    id: Path<SurveyRoundId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    step(who, app, (id, version, once), store::publish).await
}

/// 取消测评 · Cancel a round before it opens
#[utoipa::path(post, path = "/survey-rounds/{id}/cancel", tag = "surveys", security(("bearer" = ["surveys:run"])),
    request_body = SurveyCancelIn,
    params(("id" = SurveyRoundId, Path), IfMatch, Once),
    responses((status = 200, description = "已取消 · Cancelled", body = SurveyRoundOut)))]
pub async fn cancel_survey_round(
    who: Actor<SurveysRun>,
    app: Data<App>,
    id: Path<SurveyRoundId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<SurveyCancelIn>,
) -> Result<Answer> {
    step(who, app, (id, version, once), move |c, row, by| store::cancel(c, row, &body.reason, by)).await
}

/// 统计结果 · Count the answers, once: the result is frozen; of too few nothing follows
#[utoipa::path(post, path = "/survey-rounds/{id}/compute", tag = "surveys", security(("bearer" = ["surveys:run"])),
    params(("id" = SurveyRoundId, Path), IfMatch, Once),
    responses((status = 200, description = "已统计 · Counted", body = SurveyRoundOut)))]
pub async fn compute_survey_round(
    who: Actor<SurveysRun>,
    app: Data<App>,
    id: Path<SurveyRoundId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    step(who, app, (id, version, once), store::compute).await
}

/// 公示结果 · Post the result, without anything that rests on fewer than ten answers
#[utoipa::path(post, path = "/survey-rounds/{id}/publicise", tag = "surveys",
    security(("bearer" = ["surveys:run"])), request_body = SurveyPostingIn,
    params(("id" = SurveyRoundId, Path), IfMatch, Once),
    responses((status = 200, description = "公示中 · Posted", body = SurveyRoundOut)))]
pub async fn publicise_survey_round(
    who: Actor<SurveysRun>,
    app: Data<App>,
    id: Path<SurveyRoundId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<SurveyPostingIn>,
) -> Result<Answer> {
    step(who, app, (id, version, once), move |c, row, by| store::publicise(c, row, &body, by)).await
}

/// 定论 · End the posting and find: passed, or failed with what the street may confirm to follow; void where an objection was
/// upheld
#[utoipa::path(post, path = "/survey-rounds/{id}/finalise", tag = "surveys", security(("bearer" = ["surveys:run"])),
    params(("id" = SurveyRoundId, Path), IfMatch, Once),
    responses((status = 200, description = "已定论 · Found", body = SurveyRoundOut)))]
pub async fn finalise_survey_round(
    who: Actor<SurveysRun>,
    app: Data<App>,
    id: Path<SurveyRoundId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    step(who, app, (id, version, once), store::finalise).await
}

/// A step on a round as the clock has left it: what the clock has done is written down first, after the version was compared.
async fn step(
    who: Actor<SurveysRun>,
    app: Data<App>,
    (id, version, once): (Path<SurveyRoundId>, IfMatch, Once),
    take: impl Fn(&mut Conn, &RoundRow, &By) -> Result<RoundRow> + Send + 'static,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write::<SurveyRoundOut, _>(&app, move |c| {
        let sight = Sight::of(c, who.principal(), by.today)?;
        let row = sight::find_run(c, &sight, *id)?;
        version.check(row.version)?;
        let row = sweep::settle(c, row, &by)?;
        let row = take(c, &row, &by)?;
        super::stepped(c, row, &by)
    })
    .await
}

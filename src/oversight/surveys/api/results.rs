//! What came out, and how far the answering has come.

use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::http::{Mount, PageParams, Paged, Path};
use platform::{App, Error, Result, handler};

use crate::surveys::dto::{
    SurveyCommentId, SurveyCommentPage, SurveyCommentQuery, SurveyProgressOut, SurveyResultsOut, SurveyRoundId,
};
use crate::surveys::store::sight::{self, Sight, View};
use crate::surveys::store::{after_id, comments, results as store};
use crate::surveys::{SurveyCommentsRead, SurveysRead};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(get_survey_results))
        .service(handler!(get_survey_progress))
        .service(handler!(list_survey_comments));
}

/// 测评结果 · The result: overseers read all of it once it is computed; a company and those of the place what is posted, from ten
/// answers on
#[utoipa::path(get, path = "/survey-rounds/{id}/results", tag = "surveys", security(("bearer" = ["surveys:read"])),
    params(("id" = SurveyRoundId, Path)),
    responses((status = 200, description = "结果 · The result", body = SurveyResultsOut)))]
pub async fn get_survey_results(
    who: Actor<SurveysRead>,
    app: Data<App>,
    id: Path<SurveyRoundId>,
) -> Result<Json<SurveyResultsOut>> {
    let (now, today) = (app.clock.now(), app.clock.today());
    let (row, view) = app
        .db
        .read(move |c| {
            let sight = Sight::of(c, who.principal(), today)?;
            sight::find(c, &sight, *id)
        })
        .await?;
    Ok(Json(store::read(&row, view, now)?))
}

/// 答卷进度 · How many have answered, by building and by channel; for those who oversee it
#[utoipa::path(get, path = "/survey-rounds/{id}/progress", tag = "surveys", security(("bearer" = ["surveys:read"])),
    params(("id" = SurveyRoundId, Path)),
    responses((status = 200, description = "进度 · The progress", body = SurveyProgressOut)))]
pub async fn get_survey_progress(
    who: Actor<SurveysRead>,
    app: Data<App>,
    id: Path<SurveyRoundId>,
) -> Result<Json<SurveyProgressOut>> {
    let today = app.clock.today();
    let progress = app
        .db
        .read(move |c| {
            let sight = Sight::of(c, who.principal(), today)?;
            match sight::find(c, &sight, *id)? {
                (row, View::Overseer) => store::progress(c, &row),
                _ => Err(Error::NotFound),
            }
        })
        .await?;
    Ok(Json(progress))
}

/// 文字意见 · What was said in words, for the community only, apart from the marks and in no order that means anything
#[utoipa::path(get, path = "/survey-comments", tag = "surveys", security(("bearer" = ["survey_comments:read"])),
    params(PageParams, SurveyCommentQuery),
    responses((status = 200, description = "一页意见 · One page", body = SurveyCommentPage)))]
pub async fn list_survey_comments(
    who: Actor<SurveyCommentsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<SurveyCommentQuery>,
) -> Result<SurveyCommentPage> {
    let (asked, today) = (page.clone(), app.clock.today());
    let (rows, total) = app
        .db
        .read(move |c| {
            let sight = Sight::of(c, who.principal(), today)?;
            let row = sight::find_apart(c, &sight, &who.visible(), filter.round_id, today)?;
            let after = after_id(asked.after.as_deref(), SurveyCommentId)?;
            let rows = comments::list(c, &row, (after, asked.fetch()))?;
            let total = if asked.with_total { Some(comments::count(c, &row)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(SurveyCommentPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

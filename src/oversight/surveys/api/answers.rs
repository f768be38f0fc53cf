//! Answers of those who have logged in, and those that are entered for somebody on the telephone. Neither keeps an
//! `Idempotency-Key`: a household or person counts once by itself, and a kept answer would say whose it is.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::history::By;
use platform::http::{Mount, Path, Valid};
use platform::{App, Result, handler};
use registry::identity::AccountId;

use crate::surveys::dto::{
    CalledSurveySheetIn, MySurveysOut, OwnSurveySheetIn, SurveyChannel, SurveyParty, SurveyRoundId,
};
use crate::surveys::rules::SUBJECT;
use crate::surveys::store::answering::{Voice, cast, count_call};
use crate::surveys::store::sight::{self, Sight};
use crate::surveys::store::{frame, seats};
use crate::surveys::{SurveysAnswer, SurveysCall};

pub(super) fn routes(mount: &mut Mount) {
    mount.service(handler!(list_my_surveys)).service(handler!(answer_survey)).service(handler!(enter_survey_call));
}

/// 待答测评 · What the caller may answer now: for each room owned, for oneself, for a body that one holds an office of
#[utoipa::path(get, path = "/me/surveys", tag = "surveys", security(("bearer" = ["surveys:answer"])),
    responses((status = 200, description = "待答 · What may be answered", body = MySurveysOut)))]
pub async fn list_my_surveys(who: Actor<SurveysAnswer>, app: Data<App>) -> Result<Json<MySurveysOut>> {
    let (account, now, today) = (AccountId(who.id()), app.clock.now(), app.clock.today());
    let items = app.db.read(move |c| seats::mine(c, account, (now, today))).await?;
    Ok(Json(MySurveysOut { items }))
}

/// 登录答卷 · Answer a round; a second answer of the same household or person is a 409
#[utoipa::path(post, path = "/survey-rounds/{id}/answers", tag = "surveys", security(("bearer" = ["surveys:answer"])),
    request_body = OwnSurveySheetIn,
    params(("id" = SurveyRoundId, Path)),
    responses((status = 204, description = "已收卷 · Taken")))]
pub async fn answer_survey(
    who: Actor<SurveysAnswer>,
    app: Data<App>,
    id: Path<SurveyRoundId>,
    Valid(body): Valid<OwnSurveySheetIn>,
) -> Result<HttpResponse> {
    let by = By::new(&app, who.id());
    app.db
        .write(move |c| {
            let sight = Sight::of(c, who.principal(), by.today)?;
            let (round, _) = sight::find(c, &sight, *id)?;
            let asked = (body.party, body.room_id);
            let subject = seats::own_subject(c, &round, sight.account, asked, by.today)?;
            let voice = Voice { party: body.party, subject, channel: SurveyChannel::Account };
            cast(c, &round, voice, &body.sheet, &by)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// 电话代录 · Enter what somebody answered on the telephone; never by who is of the company that is judged
#[utoipa::path(post, path = "/survey-rounds/{id}/calls", tag = "surveys", security(("bearer" = ["surveys:call"])),
    request_body = CalledSurveySheetIn,
    params(("id" = SurveyRoundId, Path)),
    responses((status = 204, description = "已收卷 · Taken")))]
pub async fn enter_survey_call(
    who: Actor<SurveysCall>,
    app: Data<App>,
    id: Path<SurveyRoundId>,
    Valid(body): Valid<CalledSurveySheetIn>,
) -> Result<HttpResponse> {
    let by = By::new(&app, who.id());
    app.db
        .write(move |c| {
            let sight = Sight::of(c, who.principal(), by.today)?;
            let round = sight::find_apart(c, &sight, &who.visible(), *id, by.today)?;
            let party = round.respondents.asked();
            let subject = match (party, body.room_id, body.person_id) {
                (SurveyParty::Owners, Some(room), None) => frame::room(c, &round, room)?,
                (SurveyParty::Residents, None, Some(person)) => {
                    frame::persons(c, &round, &[person], by.today)?.into_iter().next()
                }
                _ => None,
            };
            let pointer = if party == SurveyParty::Owners { "/room_id" } else { "/person_id" };
            let subject = subject.ok_or_else(|| SUBJECT.at(pointer))?;
            cast(c, &round, Voice { party, subject, channel: SurveyChannel::Phone }, &body.sheet, &by)?;
            count_call(c, round.id, sight.account)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

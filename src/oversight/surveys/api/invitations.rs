//! Invitations by token: made by those who run a round, and answered by anybody who holds one.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use platform::auth::{Actor, Visitor};
use platform::history::By;
use platform::http::{Mount, Path, Valid};
use platform::secrets::fingerprint;
use platform::{App, Result, handler};

use crate::surveys::SurveysRun;
use crate::surveys::dto::{
    InvitedSurveyOut, ReissueSurveyInvitationIn, SurveyInvitationsIn, SurveyRoundId, SurveySheetIn, SurveyTokenOut,
    SurveyTokensOut,
};
use crate::surveys::store::gathered::{BallotBox, Incoming};
use crate::surveys::store::sight::{self, Sight};
use crate::surveys::store::{answering, invitations as store};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(answer_invited_survey))
        .service(handler!(get_invited_survey))
        .service(handler!(create_survey_invitations))
        .service(handler!(reissue_survey_invitation));
}

/// 发邀请 · Make one-time tokens for the next households of a building, or for persons who are named
///
/// 令牌只显示这一次, 不保存原文, 因此不重放幂等结果: 重复请求得到下一批。The tokens are shown this once and stored nowhere, so no
/// stored answer is replayed: a repeated request gets the next batch.
#[utoipa::path(post, path = "/survey-rounds/{id}/invitations", tag = "surveys",
    security(("bearer" = ["surveys:run"])), request_body = SurveyInvitationsIn,
    params(("id" = SurveyRoundId, Path)),
    responses((status = 200, description = "令牌 · The tokens", body = SurveyTokensOut)))]
pub async fn create_survey_invitations(
    who: Actor<SurveysRun>,
    app: Data<App>,
    id: Path<SurveyRoundId>,
    Valid(body): Valid<SurveyInvitationsIn>,
) -> Result<Json<SurveyTokensOut>> {
    let (by, public_base) = (By::new(&app, who.id()), app.public_base.clone());
    let tokens = app
        .db
        .write(move |c| {
            let sight = Sight::of(c, who.principal(), by.today)?;
            let row = sight::find_run(c, &sight, *id)?;
            store::invite(c, &row, &body, (&public_base, &by))
        })
        .await?;
    Ok(Json(tokens))
}

/// 补发邀请码 · Make another token for a household or a person whose first was lost; the lost one is good for nothing from then on
///
/// 令牌只显示这一次, 不保存原文, 因此不重放幂等结果; 不告知是否已答卷。The token is shown this once and stored nowhere, so no stored answer
/// is replayed; whether the household has answered is not told.
#[utoipa::path(post, path = "/survey-rounds/{id}/invitations/reissue", tag = "surveys",
    security(("bearer" = ["surveys:run"])), request_body = ReissueSurveyInvitationIn,
    params(("id" = SurveyRoundId, Path)),
    responses((status = 200, description = "令牌 · The token", body = SurveyTokenOut)))]
pub async fn reissue_survey_invitation(
    who: Actor<SurveysRun>,
    app: Data<App>,
    id: Path<SurveyRoundId>,
    Valid(body): Valid<ReissueSurveyInvitationIn>,
) -> Result<Json<SurveyTokenOut>> {
    let (by, public_base) = (By::new(&app, who.id()), app.public_base.clone());
    let token = app
        .db
        .write(move |c| {
            let sight = Sight::of(c, who.principal(), by.today)?;
            let row = sight::find_run(c, &sight, *id)?;
            store::reissue(c, &row, &body, (&public_base, &by))
        })
        .await?;
    Ok(Json(token))
}

/// 受邀问卷 · What the holder of a token is asked, and whether it has been answered
#[utoipa::path(get, path = "/survey-invitations/{invitation}", tag = "surveys", security(()),
    params(("invitation" = String, Path, description = "一次性邀请码 · The code of the invitation, good for one answer", max_length = 64)),
    responses((status = 200, description = "问卷 · The form", body = InvitedSurveyOut)))]
pub async fn get_invited_survey(_: Visitor, app: Data<App>, token: Path<String>) -> Result<Json<InvitedSurveyOut>> {
    let (hash, now) = (fingerprint(token.as_bytes()), app.clock.now());
    let (round, form, answered) = app.db.read(move |c| answering::shown_to(c, &hash)).await?;
    Ok(Json(InvitedSurveyOut::of(round, &form, answered, now)?))
}

/// 受邀答卷 · Answer by a token, without an account; a second answer of the same household or person is a 409
#[utoipa::path(post, path = "/survey-invitations/{invitation}/answers", tag = "surveys", security(()),
    request_body = SurveySheetIn,
    params(("invitation" = String, Path, description = "一次性邀请码 · The code of the invitation, good for one answer", max_length = 64)),
    responses((status = 204, description = "已收卷 · Taken")))]
pub async fn answer_invited_survey(
    _: Visitor,
    app: Data<App>,
    ballots: Data<BallotBox>,
    token: Path<String>,
    Valid(body): Valid<SurveySheetIn>,
) -> Result<HttpResponse> {
    let by = By { actor: None, at: app.clock.now(), today: app.clock.today() };
    let (token_hash, sheet) = (fingerprint(token.as_bytes()), Arc::new(body));
    let incoming = || Incoming { token_hash: token_hash.clone(), sheet: sheet.clone(), by };
    if !ballots.take(incoming).await? {
        app.db.write(move |c| answering::cast_by_token(c, &token_hash, &sheet, &by)).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}

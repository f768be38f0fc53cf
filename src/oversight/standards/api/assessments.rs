//! 月评比、季通报、年考核.

use actix_web::web::Data;
use platform::auth::Actor;
use platform::http::{Answer, IfMatch, Mount, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};

use crate::standards::dto::{
    AssessmentId, AssessmentIn, AssessmentOut, AssessmentPage, AssessmentQuery, AssessmentWithdrawalIn,
};
use crate::standards::store::caller::Caller;
use crate::standards::store::{By, after_id, assessments as store};
use crate::standards::{AssessmentsRead, AssessmentsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_assessments))
        .service(handler!(make_assessment))
        .service(handler!(get_assessment))
        .service(handler!(withdraw_assessment))
        .service(handler!(end_assessment_posting));
}

/// 考核结果列表 · Monthly, quarterly and annual results, oldest first
#[utoipa::path(get, path = "/assessments", tag = "standards", security(("bearer" = ["assessments:read"])),
    params(PageParams, AssessmentQuery),
    responses((status = 200, description = "一页考核结果 · One page", body = AssessmentPage)))]
pub async fn list_assessments(
    who: Actor<AssessmentsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<AssessmentQuery>,
) -> Result<AssessmentPage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let visible = who.visible();
            let after = after_id(asked.after.as_deref(), AssessmentId)?;
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(AssessmentPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 评出一期 · Judge a period that is over: a month by a score, a quarter and a year by what they are made of
#[utoipa::path(post, path = "/assessments", tag = "standards", security(("bearer" = ["assessments:write"])),
    request_body = AssessmentIn,
    responses((status = 201, description = "已评出 · Made", body = AssessmentOut)))]
pub async fn make_assessment(
    who: Actor<AssessmentsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<AssessmentIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::make(c, &Caller::of(&who, by), &body)?;
        Ok(Versioned::created(format!("/v1/assessments/{}", row.id), row.version, AssessmentOut::from(row)))
    })
    .await
}

/// 考核结果详情 · One result with all that it was computed of
#[utoipa::path(get, path = "/assessments/{id}", tag = "standards", security(("bearer" = ["assessments:read"])),
    params(("id" = AssessmentId, Path)),
    responses((status = 200, description = "考核结果 · The result", body = AssessmentOut)))]
pub async fn get_assessment(
    who: Actor<AssessmentsRead>,
    app: Data<App>,
    id: Path<AssessmentId>,
) -> Result<Versioned<AssessmentOut>> {
    let row = app.db.read(move |c| store::find(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 撤回结果 · Withdraw a result that nothing rests on; it stays as it was, and its period is judged anew
#[utoipa::path(post, path = "/assessments/{id}/withdraw", tag = "standards",
    security(("bearer" = ["assessments:write"])), request_body = AssessmentWithdrawalIn,
    params(("id" = AssessmentId, Path), IfMatch, Once),
    responses((status = 200, description = "已撤回 · Withdrawn", body = AssessmentOut)))]
pub async fn withdraw_assessment(
    who: Actor<AssessmentsWrite>,
    app: Data<App>,
    id: Path<AssessmentId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<AssessmentWithdrawalIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        Caller::of(&who, by).check_apart(row.company_id)?;
        version.check(row.version)?;
        let row = store::withdraw(c, &row, &body.reason, &by)?;
        Ok(Versioned::ok(row.version, AssessmentOut::from(row)))
    })
    .await
}

/// 结束公示 · End the posting of a circular: its days are over, and no objection waits or was upheld
#[utoipa::path(post, path = "/assessments/{id}/end-posting", tag = "standards",
    security(("bearer" = ["assessments:write"])),
    params(("id" = AssessmentId, Path), IfMatch, Once),
    responses((status = 200, description = "公示已结束 · The posting has ended", body = AssessmentOut)))]
pub async fn end_assessment_posting(
    who: Actor<AssessmentsWrite>,
    app: Data<App>,
    id: Path<AssessmentId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        Caller::of(&who, by).check_apart(row.company_id)?;
        version.check(row.version)?;
        let row = store::end_posting(c, &row, &by)?;
        Ok(Versioned::ok(row.version, AssessmentOut::from(row)))
    })
    .await
}

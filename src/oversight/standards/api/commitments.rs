//! 承诺.

use actix_web::web::{Data, Json};
use platform::auth::Actor;
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Mount, Once, PageParams, Paged, Path, Valid, ValidQuery, Versioned};
use platform::{App, Result, handler};

use crate::standards::dto::{
    CommitmentConfirmIn, CommitmentFiguresOut, CommitmentFiguresQuery, CommitmentId, CommitmentIn, CommitmentOut,
    CommitmentPage, CommitmentPatch, CommitmentQuery, CommitmentReportIn,
};
use crate::standards::store::caller::Caller;
use crate::standards::store::commitments::{CommitmentRow, Sight};
use crate::standards::store::{By, after_id, commitments as store};
use crate::standards::{CommitmentsConfirm, CommitmentsRead, CommitmentsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_commitments))
        .service(handler!(draft_commitment))
        .service(handler!(get_commitment))
        .service(handler!(update_commitment))
        .service(handler!(publish_commitment))
        .service(handler!(withdraw_commitment))
        .service(handler!(report_commitment))
        .service(handler!(confirm_commitment))
        .service(handler!(get_commitment_figures));
}

fn answered(c: &mut Conn, row: CommitmentRow) -> Result<Versioned<CommitmentOut>> {
    let listed = store::listed(c, row)?;
    Ok(Versioned::ok(listed.0.version, listed.into()))
}

/// 承诺列表 · Published commitments of the compounds that the caller is at, and the drafts of their own company
#[utoipa::path(get, path = "/commitments", tag = "standards", security(("bearer" = ["commitments:read"])),
    params(PageParams, CommitmentQuery),
    responses((status = 200, description = "一页承诺 · One page", body = CommitmentPage)))]
pub async fn list_commitments(
    who: Actor<CommitmentsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<CommitmentQuery>,
) -> Result<CommitmentPage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let sight = Sight::of(&who);
            let after = after_id(asked.after.as_deref(), CommitmentId)?;
            let rows = store::list(c, &sight, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &sight, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(CommitmentPage::of(page.cut(rows, |(row, ..)| row.id.to_string()), total))
}

/// 起草承诺 · Draft a promise of the company that serves the compound
#[utoipa::path(post, path = "/commitments", tag = "standards", security(("bearer" = ["commitments:write"])),
    request_body = CommitmentIn,
    responses((status = 201, description = "已起草 · Drafted", body = CommitmentOut)))]
pub async fn draft_commitment(
    who: Actor<CommitmentsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<CommitmentIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::draft(c, &Caller::of(&who, by), &body)?;
        let location = format!("/v1/commitments/{}", row.id);
        let made = answered(c, row)?;
        Ok(Versioned::created(location, made.version, made.body))
    })
    .await
}

/// 承诺详情 · One commitment
#[utoipa::path(get, path = "/commitments/{id}", tag = "standards", security(("bearer" = ["commitments:read"])),
    params(("id" = CommitmentId, Path)),
    responses((status = 200, description = "承诺 · The commitment", body = CommitmentOut)))]
pub async fn get_commitment(
    who: Actor<CommitmentsRead>,
    app: Data<App>,
    id: Path<CommitmentId>,
) -> Result<Versioned<CommitmentOut>> {
    let read = app.db.read(move |c| {
        let row = store::find(c, &Sight::of(&who), *id)?;
        answered(c, row)
    });
    read.await
}

/// 修改草稿 · Change a draft of one's own company; what is published is never changed
#[utoipa::path(patch, path = "/commitments/{id}", tag = "standards", security(("bearer" = ["commitments:write"])),
    request_body = CommitmentPatch,
    params(("id" = CommitmentId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = CommitmentOut)))]
pub async fn update_commitment(
    who: Actor<CommitmentsWrite>,
    app: Data<App>,
    id: Path<CommitmentId>,
    version: IfMatch,
    Valid(body): Valid<CommitmentPatch>,
) -> Result<Versioned<CommitmentOut>> {
    let by = By::new(&app, who.id());
    let written = app.db.write(move |c| {
        let row = store::find(c, &Sight::of(&who), *id)?;
        Caller::of(&who, by).check_company(row.company_id)?;
        version.check(row.version)?;
        let row = store::update(c, &row, &body, &by)?;
        answered(c, row)
    });
    written.await
}

/// What the company does with one of its own.
async fn step(
    who: Actor<CommitmentsWrite>,
    app: Data<App>,
    (id, version, once): (Path<CommitmentId>, IfMatch, Once),
    take: impl Fn(&mut Conn, &CommitmentRow, &By) -> Result<CommitmentRow> + Send + 'static,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &Sight::of(&who), *id)?;
        Caller::of(&who, by).check_company(row.company_id)?;
        version.check(row.version)?;
        let row = take(c, &row, &by)?;
        answered(c, row)
    })
    .await
}

/// 发布承诺 · Publish it: a part of the service contract from here on (Civil Code 938)
#[utoipa::path(post, path = "/commitments/{id}/publish", tag = "standards",
    security(("bearer" = ["commitments:write"])),
    params(("id" = CommitmentId, Path), IfMatch, Once),
    responses((status = 200, description = "已发布 · Published", body = CommitmentOut)))]
pub async fn publish_commitment(
    who: Actor<CommitmentsWrite>,
    app: Data<App>,
    id: Path<CommitmentId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    step(who, app, (id, version, once), store::publish).await
}

/// 撤回草稿 · Take a draft back; what is published stays
#[utoipa::path(post, path = "/commitments/{id}/withdraw", tag = "standards",
    security(("bearer" = ["commitments:write"])),
    params(("id" = CommitmentId, Path), IfMatch, Once),
    responses((status = 200, description = "已撤回 · Withdrawn", body = CommitmentOut)))]
pub async fn withdraw_commitment(
    who: Actor<CommitmentsWrite>,
    app: Data<App>,
    id: Path<CommitmentId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    step(who, app, (id, version, once), store::withdraw).await
}

/// 报告完成 · Say that it is done, with what shows it
#[utoipa::path(post, path = "/commitments/{id}/report", tag = "standards",
    security(("bearer" = ["commitments:write"])), request_body = CommitmentReportIn,
    params(("id" = CommitmentId, Path), IfMatch, Once),
    responses((status = 200, description = "已报告 · Reported", body = CommitmentOut)))]
pub async fn report_commitment(
    who: Actor<CommitmentsWrite>,
    app: Data<App>,
    id: Path<CommitmentId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<CommitmentReportIn>,
) -> Result<Answer> {
    step(who, app, (id, version, once), move |c, row, by| store::report(c, row, &body.evidence, by)).await
}

/// 确认完成 · Confirm what the company reported, by somebody who is not of it, or send it back
#[utoipa::path(post, path = "/commitments/{id}/confirm", tag = "standards",
    security(("bearer" = ["commitments:confirm"])), request_body = CommitmentConfirmIn,
    params(("id" = CommitmentId, Path), IfMatch, Once),
    responses((status = 200, description = "已确认 · Confirmed", body = CommitmentOut)))]
pub async fn confirm_commitment(
    who: Actor<CommitmentsConfirm>,
    app: Data<App>,
    id: Path<CommitmentId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<CommitmentConfirmIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &Sight::of(&who), *id)?;
        who.visible().check(&row.area_code)?;
        version.check(row.version)?;
        let row = store::confirm(c, &Caller::of(&who, by), &row, &body)?;
        answered(c, row)
    })
    .await
}

/// 履诺率 · Of what was due in a period, what was done on time (F18)
#[utoipa::path(get, path = "/commitment-figures", tag = "standards", security(("bearer" = ["commitments:read"])),
    params(CommitmentFiguresQuery),
    responses((status = 200, description = "履诺率 · The figure", body = CommitmentFiguresOut)))]
pub async fn get_commitment_figures(
    who: Actor<CommitmentsRead>,
    app: Data<App>,
    ValidQuery(query): ValidQuery<CommitmentFiguresQuery>,
) -> Result<Json<CommitmentFiguresOut>> {
    let today = app.clock.today();
    let read = app.db.read(move |c| {
        who.visible().to_compounds().check(query.area.as_str())?;
        store::figures(c, &query, today)
    });
    Ok(Json(read.await?))
}

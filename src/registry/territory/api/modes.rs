use actix_web::web::{Data, Json};
use platform::auth::{Actor, Scope};
use platform::http::{Answer, Once, PageParams, Paged, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Error, Result, handler};

use crate::territory::dto::{
    CompoundId, DecisionIn, ModeChangeId, ModeChangeIn, ModeChangeOut, ModeChangePage, ModeChangeQuery,
    ModeChangeStatus, ModeHistoryOut,
};
use crate::territory::store::{By, compounds, modes as store};
use crate::territory::{CompoundsRead, ModesDecide, ModesPropose};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(get_compound_modes))
        .service(handler!(propose_mode_change))
        .service(handler!(list_mode_changes))
        .service(handler!(get_mode_change))
        .service(handler!(confirm_mode_change))
        .service(handler!(reject_mode_change))
        .service(handler!(withdraw_mode_change));
}

/// 管理模式历史 · How a compound was managed when, oldest first; exactly one interval is open
#[utoipa::path(get, path = "/compounds/{id}/modes", tag = "territory", security(("bearer" = ["compounds:read"])),
    params(("id" = CompoundId, Path)),
    responses((status = 200, description = "管理模式历史 · The intervals", body = ModeHistoryOut)))]
pub async fn get_compound_modes(
    who: Actor<CompoundsRead>,
    app: Data<App>,
    id: Path<CompoundId>,
) -> Result<Json<ModeHistoryOut>> {
    let rows = app
        .db
        .read(move |c| {
            let row = compounds::find(c, &who.visible().to_compounds(), *id)?;
            store::intervals(c, row.id)
        })
        .await?;
    Ok(Json(ModeHistoryOut { items: rows.into_iter().map(Into::into).collect() }))
}

/// 申请变更管理模式 · Propose another management mode, with its evidence; the street confirms it
#[utoipa::path(post, path = "/compounds/{id}/mode-changes", tag = "territory",
    security(("bearer" = ["modes:propose"])), request_body = ModeChangeIn,
    params(("id" = CompoundId, Path)),
    responses((status = 201, description = "已提出 · Proposed", body = ModeChangeOut)))]
pub async fn propose_mode_change(
    who: Actor<ModesPropose>,
    app: Data<App>,
    id: Path<CompoundId>,
    once: Once,
    Valid(body): Valid<ModeChangeIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let compound = compounds::find(c, &who.visible(), *id)?;
        let row = store::propose(c, &compound, &body, &by)?;
        Ok(Versioned::created(format!("/v1/mode-changes/{}", row.id), row.version, ModeChangeOut::from(row)))
    })
    .await
}

/// 模式变更列表 · Proposed and decided mode changes, oldest first
#[utoipa::path(get, path = "/mode-changes", tag = "territory", security(("bearer" = ["compounds:read"])),
    params(PageParams, ModeChangeQuery),
    responses((status = 200, description = "一页变更 · One page", body = ModeChangePage)))]
pub async fn list_mode_changes(
    who: Actor<CompoundsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<ModeChangeQuery>,
) -> Result<ModeChangePage> {
    let visible = who.visible().narrow(filter.area.as_ref())?;
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = asked.after.as_deref().map(str::parse).transpose().map_err(Error::internal)?.map(ModeChangeId);
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(ModeChangePage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 模式变更详情 · One mode change
#[utoipa::path(get, path = "/mode-changes/{id}", tag = "territory", security(("bearer" = ["compounds:read"])),
    params(("id" = ModeChangeId, Path)),
    responses((status = 200, description = "变更 · The change", body = ModeChangeOut)))]
pub async fn get_mode_change(
    who: Actor<CompoundsRead>,
    app: Data<App>,
    id: Path<ModeChangeId>,
) -> Result<Versioned<ModeChangeOut>> {
    let row = app.db.glance(move |c| store::find(c, &who.visible(), *id)).await?;
    Ok(Versioned::ok(row.version, row.into()))
}

/// 确认模式变更 · Confirm a proposed change: the running interval ends and the new one begins
#[utoipa::path(post, path = "/mode-changes/{id}/confirm", tag = "territory", security(("bearer" = ["modes:decide"])),
    request_body = DecisionIn,
    params(("id" = ModeChangeId, Path)),
    responses((status = 200, description = "已确认 · Confirmed", body = ModeChangeOut)))]
pub async fn confirm_mode_change(
    who: Actor<ModesDecide>,
    app: Data<App>,
    id: Path<ModeChangeId>,
    once: Once,
    Valid(body): Valid<DecisionIn>,
) -> Result<Answer> {
    decide(who, app, *id, once, body, ModeChangeStatus::Confirmed).await
}

/// 驳回模式变更 · Reject a proposed change
#[utoipa::path(post, path = "/mode-changes/{id}/reject", tag = "territory", security(("bearer" = ["modes:decide"])),
    request_body = DecisionIn,
    params(("id" = ModeChangeId, Path)),
    responses((status = 200, description = "已驳回 · Rejected", body = ModeChangeOut)))]
pub async fn reject_mode_change(
    who: Actor<ModesDecide>,
    app: Data<App>,
    id: Path<ModeChangeId>,
    once: Once,
    Valid(body): Valid<DecisionIn>,
) -> Result<Answer> {
    decide(who, app, *id, once, body, ModeChangeStatus::Rejected).await
}

/// 撤回模式变更 · Withdraw one's own proposal
#[utoipa::path(post, path = "/mode-changes/{id}/withdraw", tag = "territory", security(("bearer" = ["modes:propose"])),
    request_body = DecisionIn,
    params(("id" = ModeChangeId, Path)),
    responses((status = 200, description = "已撤回 · Withdrawn", body = ModeChangeOut)))]
pub async fn withdraw_mode_change(
    who: Actor<ModesPropose>,
    app: Data<App>,
    id: Path<ModeChangeId>,
    once: Once,
    Valid(body): Valid<DecisionIn>,
) -> Result<Answer> {
    decide(who, app, *id, once, body, ModeChangeStatus::Withdrawn).await
}

async fn decide<S: Scope>(
    who: Actor<S>,
    app: Data<App>,
    id: ModeChangeId,
    once: Once,
    body: DecisionIn,
    to: ModeChangeStatus,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), id)?;
        let row = store::decide(c, &row, to, &body.note, &by)?;
        Ok(Versioned::ok(row.version, ModeChangeOut::from(row)))
    })
    .await
}

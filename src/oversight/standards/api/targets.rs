//! 目标责任书.

use actix_web::web::Data;
use platform::auth::{Actor, Role};
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Mount, Once, PageParams, Paged, Path, Valid, Versioned};
use platform::{App, Result, handler};

use crate::standards::dto::{
    TargetContractId, TargetContractIn, TargetContractOut, TargetContractPage, TargetContractPatch,
    TargetContractQuery, TargetResultsIn,
};
use crate::standards::rules::NOT_A_PARTY;
use crate::standards::rules::targets::Side;
use crate::standards::store::caller::Caller;
use crate::standards::store::targets::{ContractRow, Whole};
use crate::standards::store::{By, after_id, targets as store};
use crate::standards::{TargetContractsRead, TargetContractsSign, TargetContractsWrite};

/// Who signs for a community.
const COMMUNITY: &[Role] = &[Role::CommunitySecretary, Role::CommunityWorker];

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_target_contracts))
        .service(handler!(draft_target_contract))
        .service(handler!(get_target_contract))
        .service(handler!(update_target_contract))
        .service(handler!(sign_target_contract))
        .service(handler!(record_target_results))
        .service(handler!(settle_target_contract));
}

fn answered(whole: Whole) -> Versioned<TargetContractOut> {
    Versioned::ok(whole.row.version, whole.into())
}

/// 目标责任书列表 · Target contracts in the caller's areas, oldest first
#[utoipa::path(get, path = "/target-contracts", tag = "standards", security(("bearer" = ["target_contracts:read"])),
    params(PageParams, TargetContractQuery),
    responses((status = 200, description = "一页责任书 · One page", body = TargetContractPage)))]
pub async fn list_target_contracts(
    who: Actor<TargetContractsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<TargetContractQuery>,
) -> Result<TargetContractPage> {
    let asked = page.clone();
    let (rows, total) = app
        .db
        .read(move |c| {
            let visible = who.visible();
            let after = after_id(asked.after.as_deref(), TargetContractId)?;
            let rows = store::list(c, &visible, (after, asked.fetch()), &filter)?;
            let total = if asked.with_total { Some(store::count(c, &visible, &filter)?) } else { None };
            Ok((rows, total))
        })
        .await?;
    Ok(TargetContractPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 起草目标责任书 · Draft what a community and the company that serves a compound agree on for a year
#[utoipa::path(post, path = "/target-contracts", tag = "standards", security(("bearer" = ["target_contracts:write"])),
    request_body = TargetContractIn,
    responses((status = 201, description = "已起草 · Drafted", body = TargetContractOut)))]
pub async fn draft_target_contract(
    who: Actor<TargetContractsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<TargetContractIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let whole = store::draft(c, &Caller::of(&who, by), &body)?;
        let made: Versioned<TargetContractOut> = answered(whole);
        Ok(Versioned::created(format!("/v1/target-contracts/{}", made.body.id), made.version, made.body))
    })
    .await
}

/// 目标责任书详情 · One contract with its indicators, their results and which were met
#[utoipa::path(get, path = "/target-contracts/{id}", tag = "standards",
    security(("bearer" = ["target_contracts:read"])),
    params(("id" = TargetContractId, Path)),
    responses((status = 200, description = "责任书 · The contract", body = TargetContractOut)))]
pub async fn get_target_contract(
    who: Actor<TargetContractsRead>,
    app: Data<App>,
    id: Path<TargetContractId>,
) -> Result<Versioned<TargetContractOut>> {
    let read = app.db.read(move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        store::whole(c, row)
    });
    Ok(answered(read.await?))
}

/// One that the community may change: who does so is not of the company.
fn found(
    c: &mut Conn,
    who: &Actor<TargetContractsWrite>,
    (id, version): (TargetContractId, &IfMatch),
    by: &By,
) -> Result<ContractRow> {
    let row = store::find(c, &who.visible(), id)?;
    Caller::of(who, *by).check_apart(row.company_id)?;
    version.check(row.version)?;
    Ok(row)
}

/// 修改草稿 · Change a draft; what one side has signed is never changed
#[utoipa::path(patch, path = "/target-contracts/{id}", tag = "standards",
    security(("bearer" = ["target_contracts:write"])), request_body = TargetContractPatch,
    params(("id" = TargetContractId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = TargetContractOut)))]
pub async fn update_target_contract(
    who: Actor<TargetContractsWrite>,
    app: Data<App>,
    id: Path<TargetContractId>,
    version: IfMatch,
    Valid(body): Valid<TargetContractPatch>,
) -> Result<Versioned<TargetContractOut>> {
    let by = By::new(&app, who.id());
    let written = app.db.write(move |c| {
        let row = found(c, &who, (*id, &version), &by)?;
        store::update(c, &row, &body, &by)
    });
    Ok(answered(written.await?))
}

/// 签署 · Sign, for the community or for the company, each once
#[utoipa::path(post, path = "/target-contracts/{id}/sign", tag = "standards",
    security(("bearer" = ["target_contracts:sign"])),
    params(("id" = TargetContractId, Path), IfMatch, Once),
    responses((status = 200, description = "已签署 · Signed", body = TargetContractOut)))]
pub async fn sign_target_contract(
    who: Actor<TargetContractsSign>,
    app: Data<App>,
    id: Path<TargetContractId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &who.visible(), *id)?;
        let side = side_of(&who, &Caller::of(&who, by), &row)?;
        version.check(row.version)?;
        let row = store::sign(c, &row, side, &by)?;
        Ok(answered(store::whole(c, row)?))
    })
    .await
}

/// Whoever is of the company signs for it or not at all.
fn side_of(who: &Actor<TargetContractsSign>, caller: &Caller, row: &ContractRow) -> Result<Side> {
    if caller.answers_for(row.company_id) {
        Ok(Side::Company)
    } else if !caller.is_of(row.company_id) && who.holds(COMMUNITY, &row.area_code) {
        Ok(Side::Community)
    } else {
        Err((&NOT_A_PARTY).into())
    }
}

/// 登记结果 · Record what came of the indicators; a target is met when it is reached
#[utoipa::path(post, path = "/target-contracts/{id}/results", tag = "standards",
    security(("bearer" = ["target_contracts:write"])), request_body = TargetResultsIn,
    params(("id" = TargetContractId, Path), IfMatch, Once),
    responses((status = 200, description = "已登记 · Recorded", body = TargetContractOut)))]
pub async fn record_target_results(
    who: Actor<TargetContractsWrite>,
    app: Data<App>,
    id: Path<TargetContractId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<TargetResultsIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = found(c, &who, (*id, &version), &by)?;
        Ok(answered(store::record_results(c, &row, &body, &by)?))
    })
    .await
}

/// 结算 · Settle it: every indicator has its result, which stays
#[utoipa::path(post, path = "/target-contracts/{id}/settle", tag = "standards",
    security(("bearer" = ["target_contracts:write"])),
    params(("id" = TargetContractId, Path), IfMatch, Once),
    responses((status = 200, description = "已结算 · Settled", body = TargetContractOut)))]
pub async fn settle_target_contract(
    who: Actor<TargetContractsWrite>,
    app: Data<App>,
    id: Path<TargetContractId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = found(c, &who, (*id, &version), &by)?;
        let row = store::settle(c, &row, &by)?;
        Ok(answered(store::whole(c, row)?))
    })
    .await
}

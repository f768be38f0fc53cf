//! The steps of a contract from its draft to its end.

use actix_web::web::Data;
use platform::auth::{Actor, Role, Scope};
use platform::db::Conn;
use platform::http::{Answer, IfMatch, Once, Valid, Versioned};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};

use super::contracts::{is_government, may_act};
use super::reach;
use crate::organisations::dto::{
    ContractId, ContractNoteIn, ContractOut, EndLinkIn, FilingIn, HandoverItemIn, NoticeIn,
};
use crate::organisations::rules::{self, contract};
use crate::organisations::store::By;
use crate::organisations::store::contracts::{self as store, ContractRow};
use crate::organisations::{ContractsFile, ContractsNotice, ContractsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(submit_service_contract))
        .service(handler!(return_service_contract))
        .service(handler!(withdraw_service_contract))
        .service(handler!(file_service_contract))
        .service(handler!(give_contract_notice))
        .service(handler!(begin_contract_handover))
        .service(handler!(hand_over_contract_item))
        .service(handler!(end_service_contract));
}

/// One step: of a contract that the caller reaches, allowed to them, on the version that they have seen.
async fn step<S: Scope>(
    who: Actor<S>,
    app: Data<App>,
    (id, version, once): (Path<ContractId>, IfMatch, Once),
    may: impl Fn(&Actor<S>, &ContractRow) -> Result<()> + Send + 'static,
    take: impl Fn(&mut Conn, &ContractRow, &By) -> Result<ContractRow> + Send + 'static,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let row = store::find(c, &reach(&who), *id)?;
        may(&who, &row)?;
        version.check(row.version)?;
        let row = take(c, &row, &by)?;
        Ok(Versioned::ok(row.version, ContractOut::of(row, by.today)))
    })
    .await
}

/// Whoever acts on the contract: the community, the street, the company.
fn a_side<S: Scope>(who: &Actor<S>, row: &ContractRow) -> Result<()> {
    may_act(who, &row.area_code, row.company_id)
}

/// The scope says it all.
fn anyone<S: Scope>(_: &Actor<S>, _: &ContractRow) -> Result<()> {
    Ok(())
}

/// Whether all is handed over is for the community and the street to say, not for who leaves.
fn may_conclude<S: Scope>(who: &Actor<S>, row: &ContractRow) -> Result<()> {
    if is_government(who, &row.area_code) { Ok(()) } else { Err((&rules::NOT_YOURS).into()) }
}

/// 提交合同备案 · Submit a draft for filing
#[utoipa::path(post, path = "/service-contracts/{id}/submit", tag = "organisations",
    security(("bearer" = ["contracts:write"])),
    params(("id" = ContractId, Path), IfMatch, Once),
    responses((status = 200, description = "已提交 · Submitted", body = ContractOut)))]
pub async fn submit_service_contract(
    who: Actor<ContractsWrite>,
    app: Data<App>,
    id: Path<ContractId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    step(who, app, (id, version, once), a_side, store::submit).await
}

/// 退回合同 · Send a submitted contract back to be changed
#[utoipa::path(post, path = "/service-contracts/{id}/return", tag = "organisations",
    security(("bearer" = ["contracts:file"])), request_body = ContractNoteIn,
    params(("id" = ContractId, Path), IfMatch, Once),
    responses((status = 200, description = "已退回 · Sent back", body = ContractOut)))]
pub async fn return_service_contract(
    who: Actor<ContractsFile>,
    app: Data<App>,
    id: Path<ContractId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ContractNoteIn>,
) -> Result<Answer> {
    step(who, app, (id, version, once), anyone, move |c, row, by| store::send_back(c, row, &body.note, by)).await
}

/// 撤回合同 · Withdraw what is not filed yet
#[utoipa::path(post, path = "/service-contracts/{id}/withdraw", tag = "organisations",
    security(("bearer" = ["contracts:write"])), request_body = ContractNoteIn,
    params(("id" = ContractId, Path), IfMatch, Once),
    responses((status = 200, description = "已撤回 · Withdrawn", body = ContractOut)))]
pub async fn withdraw_service_contract(
    who: Actor<ContractsWrite>,
    app: Data<App>,
    id: Path<ContractId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<ContractNoteIn>,
) -> Result<Answer> {
    step(who, app, (id, version, once), a_side, move |c, row, by| store::withdraw(c, row, &body.note, by)).await
}

/// 合同备案 · File a contract; it is in force from then on, and one per compound
#[utoipa::path(post, path = "/service-contracts/{id}/file", tag = "organisations",
    security(("bearer" = ["contracts:file"])), request_body = FilingIn,
    params(("id" = ContractId, Path), IfMatch, Once),
    responses((status = 200, description = "已备案 · Filed", body = ContractOut)))]
pub async fn file_service_contract(
    who: Actor<ContractsFile>,
    app: Data<App>,
    id: Path<ContractId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<FilingIn>,
) -> Result<Answer> {
    let filer = who.id();
    let take = move |c: &mut Conn, row: &ContractRow, by: &By| {
        let of_company = store::works_for(c, filer, row.company_id)?;
        store::file(c, row, &body, of_company, by)
    };
    step(who, app, (id, version, once), anyone, take).await
}

/// 通知终止 · Give notice for the owners (60 days) or the company (90 days)
#[utoipa::path(post, path = "/service-contracts/{id}/notice", tag = "organisations",
    security(("bearer" = ["contracts:notice"])), request_body = NoticeIn,
    params(("id" = ContractId, Path), IfMatch, Once),
    responses((status = 200, description = "已通知 · Given", body = ContractOut)))]
pub async fn give_contract_notice(
    who: Actor<ContractsNotice>,
    app: Data<App>,
    id: Path<ContractId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<NoticeIn>,
) -> Result<Answer> {
    let side = body.by;
    let may = move |who: &Actor<ContractsNotice>, row: &ContractRow| {
        let committee = who.holds(&[Role::OcChair], &row.area_code);
        let company = who.holds_for(&[Role::CompanyAdmin], row.company_id.0);
        contract::may_speak_for(side, is_government(who, &row.area_code), company, committee)
    };
    step(who, app, (id, version, once), may, move |c, row, by| store::give_notice(c, row, &body, by)).await
}

/// 开始交接 · Lay out the checklist of the handover
#[utoipa::path(post, path = "/service-contracts/{id}/handover", tag = "organisations",
    security(("bearer" = ["contracts:write"])),
    params(("id" = ContractId, Path), IfMatch, Once),
    responses((status = 200, description = "已开始 · Begun", body = ContractOut)))]
pub async fn begin_contract_handover(
    who: Actor<ContractsWrite>,
    app: Data<App>,
    id: Path<ContractId>,
    version: IfMatch,
    once: Once,
) -> Result<Answer> {
    step(who, app, (id, version, once), a_side, store::begin_handover).await
}

/// 完成一项交接 · Hand over one item of the checklist
#[utoipa::path(post, path = "/service-contracts/{id}/handover-items", tag = "organisations",
    security(("bearer" = ["contracts:write"])), request_body = HandoverItemIn,
    params(("id" = ContractId, Path), IfMatch, Once),
    responses((status = 200, description = "已完成 · Done", body = ContractOut)))]
pub async fn hand_over_contract_item(
    who: Actor<ContractsWrite>,
    app: Data<App>,
    id: Path<ContractId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<HandoverItemIn>,
) -> Result<Answer> {
    step(who, app, (id, version, once), a_side, move |c, row, by| store::hand_over(c, row, &body, by)).await
}

/// 终止合同 · End a contract whose handover is complete; until then the company serves on
#[utoipa::path(post, path = "/service-contracts/{id}/end", tag = "organisations",
    security(("bearer" = ["contracts:write"])), request_body = EndLinkIn,
    params(("id" = ContractId, Path), IfMatch, Once),
    responses((status = 200, description = "已终止 · Ended", body = ContractOut)))]
pub async fn end_service_contract(
    who: Actor<ContractsWrite>,
    app: Data<App>,
    id: Path<ContractId>,
    version: IfMatch,
    once: Once,
    Valid(body): Valid<EndLinkIn>,
) -> Result<Answer> {
    step(who, app, (id, version, once), may_conclude, move |c, row, by| {
        store::conclude(c, row, body.on, &body.reason, by)
    })
    .await
}

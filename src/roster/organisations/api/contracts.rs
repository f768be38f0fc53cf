use actix_web::web::{Data, Json};
use platform::auth::{Actor, Role, Scope};
use platform::history::{self, EventPage};
use platform::http::{Answer, IfMatch, NoFilter, Once, PageParams, Paged, Valid, Versioned, Whole};
use platform::http::{Mount, Path};
use platform::{App, Result, handler};
use registry::territory::store::compounds;

use super::{after_id, reach, sight};
use crate::organisations::dto::{
    ClocksOut, ContractId, ContractIn, ContractOut, ContractPage, ContractPatch, ContractQuery, OrganisationId,
};
use crate::organisations::rules::params::NOTICES;
use crate::organisations::rules::{self, clocks};
use crate::organisations::store::contracts::{self as store, ContractRow};
use crate::organisations::store::{By, in_force, organisations, reading};
use crate::organisations::{ContractsRead, ContractsWrite};

pub(super) fn routes(mount: &mut Mount) {
    mount
        .service(handler!(list_service_contracts))
        .service(handler!(create_service_contract))
        .service(handler!(get_service_contract))
        .service(handler!(update_service_contract))
        .service(handler!(get_service_contract_clocks))
        .service(handler!(list_service_contract_history));
}

/// The community and the street act on any contract of theirs, a company's people on its own.
pub(super) fn may_act<S: Scope>(who: &Actor<S>, area: &str, company: OrganisationId) -> Result<()> {
    if is_government(who, area) || who.holds_for(&[Role::CompanyAdmin], company.0) {
        Ok(())
    } else {
        Err((&rules::NOT_YOURS).into())
    }
}

pub(super) fn is_government<S: Scope>(who: &Actor<S>, area: &str) -> bool {
    who.holds(&[Role::StreetOfficer, Role::CommunitySecretary, Role::CommunityWorker], area)
}

/// 合同列表 · Property-service contracts of the caller's compounds, oldest first; what runs out when
#[utoipa::path(get, path = "/service-contracts", tag = "organisations", security(("bearer" = ["contracts:read"])),
    params(PageParams, ContractQuery),
    responses((status = 200, description = "一页合同 · One page", body = ContractPage)))]
pub async fn list_service_contracts(
    who: Actor<ContractsRead>,
    app: Data<App>,
    Paged(filter, page): Paged<ContractQuery>,
) -> Result<ContractPage> {
    let (asked, today, sight) = (page.clone(), app.clock.today(), sight(&who));
    let (rows, total) = app
        .db
        .read(move |c| {
            let after = after_id(asked.after.as_deref(), ContractId)?;
            let rows = store::list(c, &sight, (after, asked.fetch()), &filter, today)?;
            let total = if asked.with_total { Some(store::count(c, &sight, &filter, today)?) } else { None };
            Ok((rows.into_iter().map(|row| ContractOut::of(row, today)).collect::<Vec<_>>(), total))
        })
        .await?;
    Ok(ContractPage::of(page.cut(rows, |row| row.id.to_string()), total))
}

/// 起草合同 · Draft the contract of a company for a compound
#[utoipa::path(post, path = "/service-contracts", tag = "organisations", security(("bearer" = ["contracts:write"])),
    request_body = ContractIn,
    responses((status = 201, description = "已起草 · Drafted", body = ContractOut)))]
pub async fn create_service_contract(
    who: Actor<ContractsWrite>,
    app: Data<App>,
    once: Once,
    Valid(body): Valid<ContractIn>,
) -> Result<Answer> {
    let by = By::new(&app, who.id());
    once.write(&app, move |c| {
        let compound = compounds::find(c, &who.visible(), body.compound_id)?;
        let company = organisations::find(c, &reading(&who.visible()), body.company_id)?;
        may_act(&who, &compound.area_code, company.id)?;
        let row = store::insert(c, &company, &compound, &body, &by)?;
        let path = format!("/v1/service-contracts/{}", row.id);
        Ok(Versioned::created(path, row.version, ContractOut::of(row, by.today)))
    })
    .await
}

/// 合同详情 · One contract
#[utoipa::path(get, path = "/service-contracts/{id}", tag = "organisations", security(("bearer" = ["contracts:read"])),
    params(("id" = ContractId, Path)),
    responses((status = 200, description = "合同 · The contract", body = ContractOut)))]
pub async fn get_service_contract(
    who: Actor<ContractsRead>,
    app: Data<App>,
    id: Path<ContractId>,
) -> Result<Whole<ContractOut>> {
    let (sight, today) = (sight(&who), app.clock.today());
    let row = app.db.glance(move |c| store::find(c, &sight, *id)).await?;
    Ok(Whole { version: row.version, body: ContractOut::of(row, today) })
}

/// 修改合同草稿 · Change a draft
#[utoipa::path(patch, path = "/service-contracts/{id}", tag = "organisations",
    security(("bearer" = ["contracts:write"])), request_body = ContractPatch,
    params(("id" = ContractId, Path)),
    responses((status = 200, description = "已修改 · Changed", body = ContractOut)))]
pub async fn update_service_contract(
    who: Actor<ContractsWrite>,
    app: Data<App>,
    id: Path<ContractId>,
    version: IfMatch,
    Valid(body): Valid<ContractPatch>,
) -> Result<Versioned<ContractOut>> {
    let by = By::new(&app, who.id());
    app.db
        .write(move |c| {
            let row = store::find(c, &reach(&who), *id)?;
            may_act(&who, &row.area_code, row.company_id)?;
            version.check(row.version)?;
            let row = store::update(c, &row, &body, &by)?;
            Ok(Versioned::ok(row.version, ContractOut::of(row, by.today)))
        })
        .await
}

/// 合同时钟 · What either side may do until when, and by which article
#[utoipa::path(get, path = "/service-contracts/{id}/clocks", tag = "organisations",
    security(("bearer" = ["contracts:read"])), params(("id" = ContractId, Path)),
    responses((status = 200, description = "时钟 · The clocks", body = ClocksOut)))]
pub async fn get_service_contract_clocks(
    who: Actor<ContractsRead>,
    app: Data<App>,
    id: Path<ContractId>,
) -> Result<Json<ClocksOut>> {
    let (sight, today) = (sight(&who), app.clock.today());
    let told = app
        .db
        .read(move |c| {
            let row = store::find(c, &sight, *id)?;
            let (bounds, rule) = in_force(c, &NOTICES, &row.area_code, today)?;
            Ok(clocks::tell(&dates(&row), today, (&bounds, rule)))
        })
        .await?;
    Ok(Json(told))
}

fn dates(row: &ContractRow) -> clocks::Dates {
    clocks::Dates {
        id: row.id,
        term: row.term(),
        status: row.status,
        effective_on: row.effective_on,
        ended_on: row.ended_on,
        open_items: row.open_items(),
    }
}

/// 合同历史 · What happened to a contract, oldest first, hash-chained
#[utoipa::path(get, path = "/service-contracts/{id}/history", tag = "organisations",
    security(("bearer" = ["contracts:read"])),
    params(("id" = ContractId, Path), PageParams),
    responses((status = 200, description = "历史 · The history", body = EventPage)))]
pub async fn list_service_contract_history(
    who: Actor<ContractsRead>,
    app: Data<App>,
    id: Path<ContractId>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<EventPage> {
    let (asked, sight) = (page.clone(), sight(&who));
    let found = app
        .db
        .read(move |c| {
            let row = store::find(c, &sight, *id)?;
            history::page(c, "service_contract", &row.id.to_string(), &asked)
        })
        .await?;
    Ok(history::answer(&page, found))
}

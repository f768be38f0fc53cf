//! 物业服务合同.

use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use platform::auth::{AreaCode, Role, Visible};
use platform::db::{Backend, Conn, Json, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, record, record_first};
use platform::{Error, Result, in_ranges};
use registry::identity::{self, AccountId};
use registry::territory::dto::{CompoundId, ContractRef};
use registry::territory::store::compounds::CompoundRow;
use registry::territory::store::serving::set_serving_contract;
use serde_json::{Value, json};

use super::organisations::OrganisationRow;
use super::{By, hold_code, in_force, no_longer, tree};
use crate::organisations::dto::{
    Commitment, ContractId, ContractIn, ContractPatch, ContractQuery, ContractStatus, FilingIn, HandoverEntry,
    HandoverItem, HandoverItemIn, NoticeBy, NoticeIn, OrgKind, OrgStatus, OrganisationId, TermKind,
};
use crate::organisations::rules::params::NOTICES;
use crate::organisations::rules::{self, contract};
use crate::schema::service_contracts as contracts;

/// The most commitments of a contract.
const MOST_COMMITMENTS: usize = 200;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = contracts, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ContractRow {
    pub id: ContractId,
    pub company_id: OrganisationId,
    pub compound_id: CompoundId,
    pub area_code: String,
    pub term_kind: TermKind,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    pub price_fen: Option<i64>,
    pub star_tier: Option<i32>,
    pub commitments: Json,
    pub status: ContractStatus,
    pub status_note: Option<String>,
    pub submitted_by: Option<ActorId>,
    pub submitted_at: Option<Ts>,
    pub filed_by: Option<ActorId>,
    pub filed_on: Option<NaiveDate>,
    pub filing_no: Option<String>,
    pub notice_by: Option<NoticeBy>,
    pub notice_on: Option<NaiveDate>,
    pub notice_basis: Option<String>,
    pub effective_on: Option<NaiveDate>,
    pub handover: Json,
    pub ended_on: Option<NaiveDate>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl ContractRow {
    /// A draft.
    pub fn fresh(id: ContractId, area_code: String, new: &ContractIn, by: &By) -> Self {
        let ContractIn {
            company_id,
            compound_id,
            term_kind,
            starts_on,
            ends_on,
            price_fen,
            star_tier,
            commitments,
            subcontracts_whole_service: _,
        } = new.clone();
        Self {
            id,
            company_id,
            compound_id,
            area_code,
            term_kind,
            starts_on,
            ends_on,
            price_fen,
            star_tier,
            commitments: Json(json!(commitments)),
            status: ContractStatus::Draft,
            status_note: None,
            submitted_by: None,
            submitted_at: None,
            filed_by: None,
            filed_on: None,
            filing_no: None,
            notice_by: None,
            notice_on: None,
            notice_basis: None,
            effective_on: None,
            handover: Json(json!([])),
            ended_on: None,
            version: 1,
            created_at: by.at,
            updated_at: by.at,
        }
    }

    pub fn term(&self) -> contract::Term {
        contract::Term { kind: self.term_kind, starts_on: self.starts_on, ends_on: self.ends_on }
    }

    pub fn handover(&self) -> Vec<HandoverEntry> {
        serde_json::from_value(self.handover.0.clone()).unwrap_or_default()
    }

    pub fn open_items(&self) -> usize {
        self.handover().iter().filter(|entry| entry.done_on.is_none()).count()
    }
}

/// What a caller sees of the contracts: those of the compounds in their areas, and those of the companies they act for.
#[derive(Debug, Clone)]
pub struct Sight {
    pub visible: Visible,
    pub companies: Vec<OrganisationId>,
}

pub fn find(c: &mut Conn, sight: &Sight, id: ContractId) -> Result<ContractRow> {
    let row: ContractRow = contracts::table.find(id).select(ContractRow::as_select()).first(c)?;
    let seen = sight.visible.covers(&row.area_code) || sight.companies.contains(&row.company_id);
    if seen { Ok(row) } else { Err(Error::NotFound) }
}

/// Contracts by id, oldest first.
pub fn list(
    c: &mut Conn,
    sight: &Sight,
    (after, fetch): (Option<ContractId>, i64),
    filter: &ContractQuery,
    today: NaiveDate,
) -> Result<Vec<ContractRow>> {
    let mut query = filtered(sight, filter, today);
    if let Some(after) = after {
        query = query.filter(contracts::id.gt(after));
    }
    Ok(query.order(contracts::id.asc()).limit(fetch).select(ContractRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, sight: &Sight, filter: &ContractQuery, today: NaiveDate) -> Result<i64> {
    Ok(filtered(sight, filter, today).count().get_result(c)?)
}

fn filtered(sight: &Sight, filter: &ContractQuery, today: NaiveDate) -> contracts::BoxedQuery<'static, Backend> {
    let in_areas = in_ranges!(sight.visible.ranges(), contracts::area_code);
    let own = contracts::company_id.eq_any(sight.companies.clone());
    let mut query = contracts::table.into_boxed::<Backend>().filter(in_areas.or(own));
    if let Some(area) = &filter.area {
        let range = platform::db::Range::under(area.as_str());
        query = query.filter(contracts::area_code.ge(range.from)).filter(contracts::area_code.lt(range.to));
    }
    if let Some(company) = filter.company_id {
        query = query.filter(contracts::company_id.eq(company));
    }
    if let Some(compound) = filter.compound_id {
        query = query.filter(contracts::compound_id.eq(compound));
    }
    if let Some(status) = filter.status {
        query = query.filter(contracts::status.eq(status));
    }
    match filter.expiring_within {
        None => query,
        Some(days) => {
            let last = today.checked_add_signed(Duration::days(days)).unwrap_or(today);
            let ends = contracts::ends_on.assume_not_null();
            query
                .filter(contracts::status.eq_any(ContractStatus::IN_FORCE))
                .filter(contracts::ends_on.is_not_null())
                .filter(ends.ge(today).and(ends.le(last)))
        }
    }
}

/// Drafts a contract. The caller has found both sides.
pub fn insert(
    c: &mut Conn,
    company: &OrganisationRow,
    compound: &CompoundRow,
    new: &ContractIn,
    by: &By,
) -> Result<ContractRow> {
    if company.kind != OrgKind::PropertyCompany {
        return Err(rules::NOT_A_COMPANY.at("/company_id"));
    }
    contract::check_subcontract(new.subcontracts_whole_service)?;
    contract::check_term(&new.term())?;
    hold_code(c, &compound.area_code, "/compound_id")?;
    let row = ContractRow::fresh(ContractId::fresh(), compound.area_code.clone(), new, by);
    insert_row(c, &row, by)?;
    Ok(row)
}

/// The row and its first event; what is in force already is written down where it has to be known.
pub fn insert_row(c: &mut Conn, row: &ContractRow, by: &By) -> Result<()> {
    diesel::insert_into(contracts::table).values(row).execute(c).or_conflict(&rules::CONTRACT_OVERLAP)?;
    record_first(c, by.event("service_contract", row.id, 1, "contract.drafted", &row.area_code, facts(row)))?;
    if ContractStatus::IN_FORCE.contains(&row.status) { take_up(c, row, by) } else { Ok(()) }
}

fn facts(row: &ContractRow) -> Value {
    json!({ "company_id": row.company_id, "compound_id": row.compound_id, "term_kind": row.term_kind,
        "starts_on": row.starts_on, "ends_on": row.ends_on, "price_fen": row.price_fen, "star_tier": row.star_tier,
        "commitments": row.commitments, "status": row.status, "filed_on": row.filed_on, "filing_no": row.filing_no })
}

/// Changes a draft.
pub fn update(c: &mut Conn, row: &ContractRow, patch: &ContractPatch, by: &By) -> Result<ContractRow> {
    if row.status != ContractStatus::Draft {
        return Err((&rules::CONTRACT_STEP).into());
    }
    let mut after = row.clone();
    let ContractPatch { term_kind, starts_on, ends_on, price_fen, star_tier, commitments } = patch.clone();
    after.term_kind = term_kind.unwrap_or(after.term_kind);
    after.starts_on = starts_on.unwrap_or(after.starts_on);
    after.ends_on = ends_on.unwrap_or(after.ends_on);
    after.price_fen = price_fen.unwrap_or(after.price_fen);
    after.star_tier = star_tier.unwrap_or(after.star_tier);
    after.commitments = commitments.map_or(after.commitments, |given| Json(json!(given)));
    contract::check_term(&after.term())?;
    if after == *row {
        return Ok(after);
    }
    let data = facts(&after);
    save(c, row, after, "contract.changed", data, by)
}

/// 提交备案
pub fn submit(c: &mut Conn, row: &ContractRow, by: &By) -> Result<ContractRow> {
    contract::may_become(row.status, ContractStatus::Submitted)?;
    let after = ContractRow {
        status: ContractStatus::Submitted,
        status_note: None,
        submitted_by: by.actor.map(ActorId),
        submitted_at: Some(by.at),
        ..row.clone()
    };
    save(c, row, after, "contract.submitted", json!({}), by)
}

/// 退回修改: back to a draft.
pub fn send_back(c: &mut Conn, row: &ContractRow, note: &str, by: &By) -> Result<ContractRow> {
    contract::may_become(row.status, ContractStatus::Draft)?;
    let after = ContractRow { status: ContractStatus::Draft, status_note: Some(note.to_owned()), ..row.clone() };
    save(c, row, after, "contract.returned", json!({ "note": note }), by)
}

/// 撤回
pub fn withdraw(c: &mut Conn, row: &ContractRow, note: &str, by: &By) -> Result<ContractRow> {
    contract::may_become(row.status, ContractStatus::Withdrawn)?;
    let after = ContractRow { status: ContractStatus::Withdrawn, status_note: Some(note.to_owned()), ..row.clone() };
    save(c, row, after, "contract.withdrawn", json!({ "note": note }), by)
}

/// 备案: the contract comes into force, and the company's people into the compound.
pub fn file(
    c: &mut Conn,
    row: &ContractRow,
    filing: &FilingIn,
    filer_is_of_company: bool,
    by: &By,
) -> Result<ContractRow> {
    contract::may_become(row.status, ContractStatus::Active)?;
    contract::may_file(row.submitted_by.map(|id| id.0), by.actor.unwrap_or_default(), filer_is_of_company)?;
    contract::check_filing_day(filing.on, by.today)?;
    hold_code(c, &row.area_code, "/on")?;
    // Held, so that it does not leave the market meanwhile.
    let company = tree::lock(c, row.company_id)?;
    if company.is_none_or(|company| company.status != OrgStatus::Active) {
        return Err((&rules::COMPANY_NOT_ACTIVE).into());
    }
    let after = ContractRow {
        status: ContractStatus::Active,
        filed_by: by.actor.map(ActorId),
        filed_on: Some(filing.on),
        filing_no: Some(filing.filing_no.clone()),
        ..row.clone()
    };
    let data = json!({ "filed_on": filing.on, "filing_no": filing.filing_no });
    let saved = save(c, row, after, "contract.filed", data, by)?;
    take_up(c, &saved, by)?;
    Ok(saved)
}

/// Whether somebody works for a company, by the grants that stand: they do not file its contracts.
pub fn works_for(c: &mut Conn, account: uuid::Uuid, company: OrganisationId) -> Result<bool> {
    for role in [Role::CompanyAdmin, Role::ProjectManager, Role::CompanyStaff] {
        let held = identity::standing_grant(c, AccountId(account), role, &AreaCode::country(), Some(company.0))?;
        if held.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Territory and identity know of the contract in force.
fn take_up(c: &mut Conn, row: &ContractRow, by: &By) -> Result<()> {
    set_serving_contract(c, row.compound_id, Some(ContractRef(row.id.0)), by)?;
    identity::organisation_serves(c, row.company_id.0, &row.area_code)
}

/// 通知终止: the owners' dismissal (Civil Code 946) or the company's refusal to renew (947).
pub fn give_notice(c: &mut Conn, row: &ContractRow, notice: &NoticeIn, by: &By) -> Result<ContractRow> {
    contract::may_become(row.status, ContractStatus::NoticeGiven)?;
    let (bounds, rule) = in_force(c, &NOTICES, &row.area_code, notice.notice_on)?;
    let days = (notice.notice_on, notice.effective_on);
    contract::may_give_notice(notice.by, &row.term(), days, by.today, &bounds)?;
    let after = ContractRow {
        status: ContractStatus::NoticeGiven,
        notice_by: Some(notice.by),
        notice_on: Some(notice.notice_on),
        notice_basis: Some(notice.basis.clone()),
        effective_on: Some(notice.effective_on),
        ..row.clone()
    };
    let data = json!({ "by": notice.by, "notice_on": notice.notice_on, "effective_on": notice.effective_on,
        "basis": notice.basis, "rule_set_id": rule.rule_set_id });
    save(c, row, after, "contract.notice_given", data, by)
}

/// 承诺入约: what the company has promised in public is a term of its contract in force (Civil Code 938).
pub fn add_commitment(c: &mut Conn, id: ContractId, promise: Commitment, by: &By) -> Result<ContractRow> {
    let row: ContractRow = contracts::table.find(id).select(ContractRow::as_select()).first(c)?;
    let mut commitments: Vec<Commitment> = serde_json::from_value(row.commitments.0.clone()).unwrap_or_default();
    if commitments.len() >= MOST_COMMITMENTS {
        return Err((&rules::COMMITMENTS_FULL).into());
    }
    let data = json!({ "commitment": promise });
    commitments.push(promise);
    let after = ContractRow { commitments: Json(json!(commitments)), ..row.clone() };
    save(c, &row, after, "contract.commitment_added", data, by)
}

/// 开始交接: lays out the checklist.
pub fn begin_handover(c: &mut Conn, row: &ContractRow, by: &By) -> Result<ContractRow> {
    contract::may_become(row.status, ContractStatus::Handover)?;
    let open = |item: &HandoverItem| HandoverEntry { item: *item, done_on: None, note: None, done_by: None };
    let checklist: Vec<HandoverEntry> = HandoverItem::ALL.iter().map(open).collect();
    let after = ContractRow { status: ContractStatus::Handover, handover: Json(json!(checklist)), ..row.clone() };
    save(c, row, after, "contract.handover_begun", json!({}), by)
}

/// 完成一项交接
pub fn hand_over(c: &mut Conn, row: &ContractRow, done: &HandoverItemIn, by: &By) -> Result<ContractRow> {
    if row.status != ContractStatus::Handover {
        return Err((&rules::CONTRACT_STEP).into());
    }
    contract::check_item_day(row.notice_on, done.done_on, by.today)?;
    let mut checklist = row.handover();
    let entry = checklist.iter_mut().find(|entry| entry.item == done.item && entry.done_on.is_none());
    let Some(entry) = entry else { return Err((&rules::ITEM_DONE).into()) };
    entry.done_on = Some(done.done_on);
    entry.note = Some(done.note.clone());
    entry.done_by = by.actor.map(ActorId);
    let after = ContractRow { handover: Json(json!(checklist)), ..row.clone() };
    // Not the note: it may name persons, and history outlives what they may ask to have removed.
    let data = json!({ "item": done.item, "done_on": done.done_on });
    save(c, row, after, "contract.item_handed_over", data, by)
}

/// 终止: all is handed over, and the company's people leave the compound.
pub fn conclude(c: &mut Conn, row: &ContractRow, on: NaiveDate, reason: &str, by: &By) -> Result<ContractRow> {
    contract::may_become(row.status, ContractStatus::Ended)?;
    contract::may_conclude(row.effective_on, row.open_items(), on, by.today)?;
    let after = ContractRow {
        status: ContractStatus::Ended,
        status_note: Some(reason.to_owned()),
        ended_on: Some(on),
        ..row.clone()
    };
    let data = json!({ "company_id": row.company_id, "compound_id": row.compound_id, "on": on, "reason": reason });
    let saved = save(c, row, after, "contract.ended", data, by)?;
    set_serving_contract(c, row.compound_id, None, by)?;
    identity::organisation_leaves(c, row.company_id.0, &row.area_code)?;
    Ok(saved)
}

fn save(
    c: &mut Conn,
    before: &ContractRow,
    after: ContractRow,
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<ContractRow> {
    let after = ContractRow { version: before.version + 1, updated_at: by.at, ..after };
    let target =
        diesel::update(contracts::table).filter(contracts::id.eq(before.id).and(contracts::version.eq(before.version)));
    no_longer(target.set(&after).execute(c).or_conflict(&rules::CONTRACT_OVERLAP)?, before.version + 1)?;
    record(c, by.event("service_contract", after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}

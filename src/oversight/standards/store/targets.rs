//! 目标责任书: what a community and a company agree on for a year. Fixed from the first signature on.

use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, By, record, record_first};
use platform::{Error, Result, in_ranges, insert_rows};
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde_json::{Value, json};

use super::caller::{Caller, check_serves};
use super::no_longer;
use crate::schema::{target_contracts as contracts, target_indicators as indicators};
use crate::standards::dto::{
    TargetContractId, TargetContractIn, TargetContractPatch, TargetContractQuery, TargetContractStatus,
    TargetDirection, TargetIndicatorIn, TargetResultsIn, TargetUnit,
};
use crate::standards::rules::targets::{Side, check_result, check_target, may_record, may_sign};
use crate::standards::rules::{CONTRACT_EXISTS, INDICATOR_UNKNOWN, ITEM_REPEATED, NOT_DRAFT, RESULTS_MISSING};

/// The entity of a contract's events.
pub const ENTITY: &str = "target_contract";

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = contracts, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ContractRow {
    pub id: TargetContractId,
    pub compound_id: CompoundId,
    pub company_id: OrganisationId,
    pub area_code: String,
    pub year: i32,
    pub title: String,
    pub status: TargetContractStatus,
    pub community_signed_by: Option<ActorId>,
    pub community_signed_at: Option<Ts>,
    pub company_signed_by: Option<ActorId>,
    pub company_signed_at: Option<Ts>,
    pub settled_at: Option<Ts>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = indicators, treat_none_as_default_value = false)]
pub struct IndicatorRow {
    pub contract_id: TargetContractId,
    pub position: i32,
    pub name: String,
    pub unit: TargetUnit,
    pub direction: TargetDirection,
    pub target: i64,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    pub evidence: Option<String>,
}

impl IndicatorRow {
    pub fn result(&self) -> Option<(i64, i64)> {
        self.numerator.zip(self.denominator)
    }
}

/// A contract with its indicators, in their order.
#[derive(Debug)]
pub struct Whole {
    pub row: ContractRow,
    pub indicators: Vec<IndicatorRow>,
}

/// One in the caller's area.
pub fn find(c: &mut Conn, visible: &Visible, id: TargetContractId) -> Result<ContractRow> {
    let row: ContractRow = contracts::table.find(id).select(ContractRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

pub fn whole(c: &mut Conn, row: ContractRow) -> Result<Whole> {
    let indicators = indicators_of(c, row.id)?;
    Ok(Whole { row, indicators })
}

fn indicators_of(c: &mut Conn, id: TargetContractId) -> Result<Vec<IndicatorRow>> {
    let of_this = indicators::table.filter(indicators::contract_id.eq(id)).order(indicators::position.asc());
    Ok(of_this.select(IndicatorRow::as_select()).load(c)?)
}

/// By id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<TargetContractId>, i64),
    filter: &TargetContractQuery,
) -> Result<Vec<ContractRow>> {
    let mut query = filtered(visible, filter)?;
    if let Some(after) = after {
        query = query.filter(contracts::id.gt(after));
    }
    Ok(query.order(contracts::id.asc()).limit(fetch).select(ContractRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &TargetContractQuery) -> Result<i64> {
    Ok(filtered(visible, filter)?.count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &TargetContractQuery) -> Result<contracts::BoxedQuery<'static, Backend>> {
    let visible = visible.narrow(filter.area.as_ref())?;
    let mut query = contracts::table.into_boxed::<Backend>().filter(in_ranges!(visible.ranges(), contracts::area_code));
    if let Some(year) = filter.year {
        query = query.filter(contracts::year.eq(year));
    }
    if let Some(status) = filter.status {
        query = query.filter(contracts::status.eq(status));
    }
    if let Some(company) = filter.company_id {
        query = query.filter(contracts::company_id.eq(company));
    }
    Ok(query)
}

/// Begun by the community, with the company that serves the compound today.
pub fn draft(c: &mut Conn, caller: &Caller, new: &TargetContractIn) -> Result<Whole> {
    let by = &caller.by;
    let compound = caller.compound(c, new.compound_id)?;
    caller.check_apart(new.company_id)?;
    check_serves(c, (new.company_id, "/company_id"), compound.id, &[by.today])?;
    let row = fresh(
        TargetContractId::fresh(),
        (compound.id, &compound.area_code),
        (new.company_id, new.year, &new.title),
        by,
    );
    let rows = rows_of(row.id, &new.indicators)?;
    insert(c, row, rows, by)
}

pub fn fresh(
    id: TargetContractId,
    (compound_id, area_code): (CompoundId, &str),
    (company_id, year, title): (OrganisationId, i32, &str),
    by: &By,
) -> ContractRow {
    ContractRow {
        id,
        compound_id,
        company_id,
        area_code: area_code.to_owned(),
        year,
        title: title.to_owned(),
        status: TargetContractStatus::Draft,
        community_signed_by: None,
        community_signed_at: None,
        company_signed_by: None,
        company_signed_at: None,
        settled_at: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

pub fn rows_of(id: TargetContractId, given: &[TargetIndicatorIn]) -> Result<Vec<IndicatorRow>> {
    let row = |(at, new): (usize, &TargetIndicatorIn)| {
        let TargetIndicatorIn { name, unit, direction, target } = new.clone();
        check_target(unit, target, at)?;
        let position = i32::try_from(at + 1).map_err(Error::internal)?;
        Ok(IndicatorRow {
            contract_id: id,
            position,
            name,
            unit,
            direction,
            target,
            numerator: None,
            denominator: None,
            evidence: None,
        })
    };
    given.iter().enumerate().map(row).collect()
}

pub fn insert(c: &mut Conn, row: ContractRow, rows: Vec<IndicatorRow>, by: &By) -> Result<Whole> {
    diesel::insert_into(contracts::table).values(&row).execute(c).or_conflict(&CONTRACT_EXISTS)?;
    insert_rows!(c, indicators::table, rows.iter().collect())?;
    let data = json!({ "compound_id": row.compound_id, "company_id": row.company_id, "year": row.year });
    record_first(c, by.event(ENTITY, row.id, 1, "target_contract.drafted", &row.area_code, data))?;
    Ok(Whole { row, indicators: rows })
}

pub fn update(c: &mut Conn, row: &ContractRow, patch: &TargetContractPatch, by: &By) -> Result<Whole> {
    if row.status != TargetContractStatus::Draft {
        return Err((&NOT_DRAFT).into());
    }
    let TargetContractPatch { title, indicators: given } = patch.clone();
    if let Some(given) = given {
        let rows = rows_of(row.id, &given)?;
        diesel::delete(indicators::table.filter(indicators::contract_id.eq(row.id))).execute(c)?;
        insert_rows!(c, indicators::table, rows.iter().collect())?;
    }
    let after = ContractRow { title: title.unwrap_or_else(|| row.title.clone()), ..row.clone() };
    let row = save(c, row, after, "target_contract.changed", json!({}), by)?;
    whole(c, row)
}

/// 签署, by each of the two parties once.
pub fn sign(c: &mut Conn, row: &ContractRow, side: Side, by: &By) -> Result<ContractRow> {
    let signed = (row.community_signed_at.is_some(), row.company_signed_at.is_some());
    let status = may_sign(side, signed)?;
    let (signer, at) = (by.actor.map(ActorId), Some(by.at));
    let after = match side {
        Side::Community => ContractRow { status, community_signed_by: signer, community_signed_at: at, ..row.clone() },
        Side::Company => ContractRow { status, company_signed_by: signer, company_signed_at: at, ..row.clone() },
    };
    save(c, row, after, "target_contract.signed", json!({ "side": side.as_str() }), by)
}

/// 登记结果, by the community: each takes the place of the one that its indicator had.
pub fn record_results(c: &mut Conn, row: &ContractRow, given: &TargetResultsIn, by: &By) -> Result<Whole> {
    may_record(row.status)?;
    let known = indicators_of(c, row.id)?;
    let mut seen = Vec::new();
    for (at, result) in given.results.iter().enumerate() {
        let pointer = || format!("/results/{at}/position");
        let found = known.iter().find(|indicator| indicator.position == result.position);
        let indicator = found.ok_or_else(|| INDICATOR_UNKNOWN.at(pointer()))?;
        if seen.contains(&indicator.position) {
            return Err(ITEM_REPEATED.at(pointer()));
        }
        seen.push(indicator.position);
        check_result(indicator.unit, result.numerator, result.denominator, at)?;
        let set = (
            indicators::numerator.eq(Some(result.numerator)),
            indicators::denominator.eq(Some(result.denominator)),
            indicators::evidence.eq(Some(result.evidence.clone())),
        );
        diesel::update(indicators::table.find((row.id, indicator.position))).set(set).execute(c)?;
    }
    let row = save(c, row, row.clone(), "target_contract.recorded", json!({ "positions": seen }), by)?;
    whole(c, row)
}

/// 结算: every indicator has its result, which stays.
pub fn settle(c: &mut Conn, row: &ContractRow, by: &By) -> Result<ContractRow> {
    may_record(row.status)?;
    let missing = indicators_of(c, row.id)?.iter().position(|indicator| indicator.result().is_none());
    if let Some(at) = missing {
        return Err(RESULTS_MISSING.at(format!("/indicators/{at}")));
    }
    let after = ContractRow { status: TargetContractStatus::Settled, settled_at: Some(by.at), ..row.clone() };
    save(c, row, after, "target_contract.settled", json!({}), by)
}

fn save(
    c: &mut Conn,
    before: &ContractRow,
    mut after: ContractRow,
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<ContractRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let target = contracts::table.filter(contracts::id.eq(before.id).and(contracts::version.eq(before.version)));
    no_longer(diesel::update(target).set(&after).execute(c)?, after.version)?;
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}

//! 承诺: what a company promises for a compound. Published it is fixed, and a part of the service contract (Civil Code 938).

use chrono::NaiveDate;
use diesel::expression::BoxableExpression;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use platform::auth::{Actor, Principal, Role, Scope, Visible};
use platform::db::{Backend, Conn, Range, Ts};
use platform::history::{ActorId, record, record_first};
use platform::{Error, Result, in_ranges};
use registry::territory::dto::CompoundId;
use registry::territory::store::compounds;
use roster::organisations::dto::Commitment;
use roster::organisations::{ContractId, OrganisationId, add_commitment};
use serde_json::json;

use super::caller::{Caller, check_serves};
use super::{By, named as names, no_longer};
use crate::schema::service_commitments as commitments;
use crate::standards::CommitmentsRead;
use crate::standards::dto::{
    CommitmentConfirmIn, CommitmentFiguresOut, CommitmentFiguresQuery, CommitmentId, CommitmentIn, CommitmentPatch,
    CommitmentQuery, CommitmentStatus,
};
use crate::standards::rules::NOT_REPORTED;
use crate::standards::rules::parties::{Promise, check_due, check_measure, fulfilment, may_become};

/// The entity of a commitment's events.
pub const ENTITY: &str = "service_commitment";

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = commitments, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct CommitmentRow {
    pub id: CommitmentId,
    pub company_id: OrganisationId,
    pub compound_id: CompoundId,
    pub area_code: String,
    pub contract_id: Option<ContractId>,
    pub words: String,
    pub measurable: bool,
    pub measure: Option<String>,
    pub due_on: NaiveDate,
    pub status: CommitmentStatus,
    pub published_at: Option<Ts>,
    pub evidence: Option<String>,
    pub reported_on: Option<NaiveDate>,
    pub reported_by: Option<ActorId>,
    pub confirm_note: Option<String>,
    pub confirmed_by: Option<ActorId>,
    pub confirmed_at: Option<Ts>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// With the names of the company and the compound.
pub type Listed = (CommitmentRow, String, String);

/// What a caller reads: what is published to those who are at a compound, and what their company has not published yet.
#[derive(Debug, Clone)]
pub struct Sight {
    pub visible: Visible,
    companies: Vec<OrganisationId>,
}

type Condition = Box<dyn BoxableExpression<commitments::table, Backend, SqlType = Bool>>;

impl Sight {
    pub fn of<S: Scope>(who: &Actor<S>) -> Self {
        Self::of_principal(who.principal())
    }

    pub fn of_principal(who: &Principal) -> Self {
        let companies = who.organisations(&[Role::CompanyAdmin, Role::ProjectManager]);
        Self {
            visible: who.visible_as(Role::ALL, CommitmentsRead::NAME).to_compounds(),
            companies: companies.into_iter().map(OrganisationId).collect(),
        }
    }

    pub fn sees(&self, (area_code, company, published): (&str, OrganisationId, bool)) -> bool {
        self.visible.covers(area_code) && (published || self.companies.contains(&company))
    }

    fn open(&self) -> Condition {
        Box::new(commitments::published_at.is_not_null().or(commitments::company_id.eq_any(self.companies.clone())))
    }
}

/// One that the caller reads.
pub fn find(c: &mut Conn, sight: &Sight, id: CommitmentId) -> Result<CommitmentRow> {
    let row: CommitmentRow = commitments::table.find(id).select(CommitmentRow::as_select()).first(c)?;
    let seen = sight.sees((&row.area_code, row.company_id, row.published_at.is_some()));
    if seen { Ok(row) } else { Err(Error::NotFound) }
}

pub fn listed(c: &mut Conn, row: CommitmentRow) -> Result<Listed> {
    named(c, vec![row])?.pop().ok_or(Error::NotFound)
}

fn named(c: &mut Conn, rows: Vec<CommitmentRow>) -> Result<Vec<Listed>> {
    let mut companies = names::organisations(c, rows.iter().map(|row| row.company_id))?;
    let mut compounds = names::compounds(c, rows.iter().map(|row| row.compound_id))?;
    let with_names = |row: CommitmentRow| {
        let company = companies.entry(row.company_id).or_default().clone();
        let compound = compounds.entry(row.compound_id).or_default().clone();
        (row, company, compound)
    };
    Ok(rows.into_iter().map(with_names).collect())
}

/// Commitments by id, oldest first, with names: three statements.
pub fn list(
    c: &mut Conn,
    sight: &Sight,
    (after, fetch): (Option<CommitmentId>, i64),
    filter: &CommitmentQuery,
) -> Result<Vec<Listed>> {
    let mut query = filtered(sight, filter)?;
    if let Some(after) = after {
        query = query.filter(commitments::id.gt(after));
    }
    let rows = query.order(commitments::id.asc()).limit(fetch).select(CommitmentRow::as_select()).load(c)?;
    named(c, rows)
}

pub fn count(c: &mut Conn, sight: &Sight, filter: &CommitmentQuery) -> Result<i64> {
    Ok(filtered(sight, filter)?.count().get_result(c)?)
}

fn filtered(sight: &Sight, filter: &CommitmentQuery) -> Result<commitments::BoxedQuery<'static, Backend>> {
    let visible = sight.visible.narrow(filter.area.as_ref())?;
    let inside = in_ranges!(visible.ranges(), commitments::area_code);
    let mut query = commitments::table.into_boxed::<Backend>().filter(inside).filter(sight.open());
    if let Some(status) = filter.status {
        query = query.filter(commitments::status.eq(status));
    }
    if let Some(company) = filter.company_id {
        query = query.filter(commitments::company_id.eq(company));
    }
    if let Some(compound) = filter.compound_id {
        query = query.filter(commitments::compound_id.eq(compound));
    }
    Ok(query)
}

/// Begins a promise of the company that serves the compound today.
pub fn draft(c: &mut Conn, caller: &Caller, new: &CommitmentIn) -> Result<CommitmentRow> {
    let by = &caller.by;
    let compound = caller.compound(c, new.compound_id)?;
    caller.check_company(new.company_id)?;
    check_serves(c, (new.company_id, "/company_id"), compound.id, &[by.today])?;
    check_measure(new.measurable, new.measure.is_some())?;
    check_due(new.due_on, by.today)?;
    let row = CommitmentRow {
        measurable: new.measurable,
        measure: new.measure.clone(),
        ..fresh(CommitmentId::fresh(), new.company_id, (compound.id, &compound.area_code), (&new.words, new.due_on), by)
    };
    insert(c, row, by)
}

/// A draft of something that nothing measures.
pub fn fresh(
    id: CommitmentId,
    company_id: OrganisationId,
    (compound_id, area_code): (CompoundId, &str),
    (words, due_on): (&str, NaiveDate),
    by: &By,
) -> CommitmentRow {
    CommitmentRow {
        id,
        company_id,
        compound_id,
        area_code: area_code.to_owned(),
        contract_id: None,
        words: words.to_owned(),
        measurable: false,
        measure: None,
        due_on,
        status: CommitmentStatus::Draft,
        published_at: None,
        evidence: None,
        reported_on: None,
        reported_by: None,
        confirm_note: None,
        confirmed_by: None,
        confirmed_at: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

pub fn insert(c: &mut Conn, row: CommitmentRow, by: &By) -> Result<CommitmentRow> {
    diesel::insert_into(commitments::table).values(&row).execute(c)?;
    let data = json!({ "company_id": row.company_id, "compound_id": row.compound_id, "due_on": row.due_on });
    record_first(c, by.event(ENTITY, row.id, 1, "service_commitment.drafted", &row.area_code, data))?;
    Ok(row)
}

pub fn update(c: &mut Conn, row: &CommitmentRow, patch: &CommitmentPatch, by: &By) -> Result<CommitmentRow> {
    may_become(row.status, CommitmentStatus::Draft)?;
    let CommitmentPatch { words, measurable, measure, due_on } = patch.clone();
    let after = CommitmentRow {
        words: words.unwrap_or_else(|| row.words.clone()),
        measurable: measurable.unwrap_or(row.measurable),
        measure: measure.unwrap_or_else(|| row.measure.clone()),
        due_on: due_on.unwrap_or(row.due_on),
        ..row.clone()
    };
    check_measure(after.measurable, after.measure.is_some())?;
    check_due(after.due_on, by.today)?;
    save(c, row, after, "service_commitment.changed", by)
}

/// 发布: of the contract in force, where it is one of this company.
pub fn publish(c: &mut Conn, row: &CommitmentRow, by: &By) -> Result<CommitmentRow> {
    may_become(row.status, CommitmentStatus::Published)?;
    check_due(row.due_on, by.today)?;
    check_serves(c, (row.company_id, "/company_id"), row.compound_id, &[by.today])?;
    // The company serves the compound today: the contract that is in force there is its own.
    let compound = compounds::find(c, &Visible::everything(), row.compound_id)?;
    let contract_id = compound.serving_contract_id.map(|contract| ContractId(contract.0));
    if let Some(contract) = contract_id {
        add_commitment(c, contract, promise(row), by)?;
    }
    let after =
        CommitmentRow { status: CommitmentStatus::Published, contract_id, published_at: Some(by.at), ..row.clone() };
    save(c, row, after, "service_commitment.published", by)
}

fn promise(row: &CommitmentRow) -> Commitment {
    Commitment { text: row.words.clone(), measurable: row.measurable, due: Some(row.due_on) }
}

pub fn withdraw(c: &mut Conn, row: &CommitmentRow, by: &By) -> Result<CommitmentRow> {
    may_become(row.status, CommitmentStatus::Withdrawn)?;
    let after = CommitmentRow { status: CommitmentStatus::Withdrawn, ..row.clone() };
    save(c, row, after, "service_commitment.withdrawn", by)
}

/// 报告完成, by the company.
pub fn report(c: &mut Conn, row: &CommitmentRow, evidence: &str, by: &By) -> Result<CommitmentRow> {
    may_become(row.status, CommitmentStatus::Reported)?;
    let after = CommitmentRow {
        status: CommitmentStatus::Reported,
        evidence: Some(evidence.to_owned()),
        reported_on: Some(by.today),
        reported_by: by.actor.map(ActorId),
        ..row.clone()
    };
    save(c, row, after, "service_commitment.reported", by)
}

/// 确认: by somebody who is not of the company; what is not so goes on, and is reported again.
pub fn confirm(
    c: &mut Conn,
    caller: &Caller,
    row: &CommitmentRow,
    said: &CommitmentConfirmIn,
) -> Result<CommitmentRow> {
    caller.check_apart(row.company_id)?;
    decide(c, row, said, &caller.by)
}

pub fn decide(c: &mut Conn, row: &CommitmentRow, said: &CommitmentConfirmIn, by: &By) -> Result<CommitmentRow> {
    let note = Some(said.note.clone());
    if said.fulfilled {
        may_become(row.status, CommitmentStatus::Fulfilled)?;
        let after = CommitmentRow {
            status: CommitmentStatus::Fulfilled,
            confirm_note: note,
            confirmed_by: by.actor.map(ActorId),
            confirmed_at: Some(by.at),
            ..row.clone()
        };
        return save(c, row, after, "service_commitment.fulfilled", by);
    }
    if row.status != CommitmentStatus::Reported {
        return Err((&NOT_REPORTED).into());
    }
    let after = CommitmentRow {
        status: CommitmentStatus::Published,
        confirm_note: note,
        evidence: None,
        reported_on: None,
        reported_by: None,
        ..row.clone()
    };
    save(c, row, after, "service_commitment.sent_back", by)
}

/// 履诺率 F18 of an area and the days on which commitments were due.
pub fn figures(c: &mut Conn, query: &CommitmentFiguresQuery, today: NaiveDate) -> Result<CommitmentFiguresOut> {
    let Range { from, to } = Range::under(query.area.as_str());
    let mut due = commitments::table
        .into_boxed::<Backend>()
        .filter(commitments::area_code.ge(from).and(commitments::area_code.lt(to)))
        .filter(commitments::due_on.between(query.from, query.to));
    if let Some(company) = query.company_id {
        due = due.filter(commitments::company_id.eq(company));
    }
    let rows: Vec<(NaiveDate, CommitmentStatus, Option<NaiveDate>)> =
        due.select((commitments::due_on, commitments::status, commitments::reported_on)).load(c)?;
    let promises: Vec<Promise> =
        rows.into_iter().map(|(due_on, status, reported_on)| Promise { due_on, status, reported_on }).collect();
    let fulfilment = fulfilment(&promises, today);
    Ok(CommitmentFiguresOut { area: query.area.to_string(), from: query.from, to: query.to, fulfilment })
}

/// Compare-and-set on the version, and the event. Words stay out of the history.
pub fn save(
    c: &mut Conn,
    before: &CommitmentRow,
    mut after: CommitmentRow,
    event: &'static str,
    by: &By,
) -> Result<CommitmentRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let target = commitments::table.filter(commitments::id.eq(before.id).and(commitments::version.eq(before.version)));
    no_longer(diesel::update(target).set(&after).execute(c)?, after.version)?;
    let data = json!({ "status": after.status, "due_on": after.due_on, "reported_on": after.reported_on,
        "contract_id": after.contract_id });
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}

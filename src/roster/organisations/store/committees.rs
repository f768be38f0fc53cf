//! 届期 of owners' and self-management committees.

use std::collections::HashMap;

use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Range, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, record, record_first};
use platform::rule_sets::{self, RuleSetId};
use platform::{Result, in_ranges};
use registry::territory::dto::CompoundId;
use registry::territory::store::compounds::{self, CompoundRow};
use serde_json::json;

use super::organisations::{self, OrganisationRow};
use super::{By, hold_code, in_force, no_longer, tree};
use crate::organisations::dto::{CommitteeTermId, FilingIn, OpenFilter, OrgStatus, OrganisationId, TermIn, TermQuery};
use crate::organisations::rules::params::COMMITTEES;
use crate::organisations::rules::{self, committee};
use crate::schema::committee_terms as terms;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = terms, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct TermRow {
    pub id: CommitteeTermId,
    pub organisation_id: OrganisationId,
    pub compound_id: CompoundId,
    pub area_code: String,
    pub seats: i32,
    pub elected_on: NaiveDate,
    pub term_from: NaiveDate,
    pub term_to: NaiveDate,
    /// The version whose bounds the term was begun under; none is the national default.
    pub rule_set_id: Option<RuleSetId>,
    /// 备案截止日, by that rule
    pub filing_due: NaiveDate,
    pub filed_on: Option<NaiveDate>,
    pub filing_no: Option<String>,
    pub filed_by: Option<ActorId>,
    pub ended_on: Option<NaiveDate>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

pub fn find(c: &mut Conn, visible: &Visible, id: CommitteeTermId) -> Result<TermRow> {
    let row: TermRow = terms::table.find(id).select(TermRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// The term that runs, of one committee.
pub fn current_term(c: &mut Conn, committee: OrganisationId) -> Result<Option<TermRow>> {
    let running = terms::organisation_id.eq(committee).and(terms::ended_on.is_null());
    Ok(terms::table.filter(running).select(TermRow::as_select()).first(c).optional()?)
}

pub fn running_of(c: &mut Conn, ids: Vec<OrganisationId>) -> Result<HashMap<OrganisationId, TermRow>> {
    let rows: Vec<TermRow> = terms::table
        .filter(terms::organisation_id.eq_any(ids).and(terms::ended_on.is_null()))
        .select(TermRow::as_select())
        .load(c)?;
    Ok(rows.into_iter().map(|row| (row.organisation_id, row)).collect())
}

/// Terms by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<CommitteeTermId>, i64),
    filter: &TermQuery,
    today: NaiveDate,
) -> Result<Vec<TermRow>> {
    let mut query = filtered(visible.ranges(), filter, today);
    if let Some(after) = after {
        query = query.filter(terms::id.gt(after));
    }
    Ok(query.order(terms::id.asc()).limit(fetch).select(TermRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &TermQuery, today: NaiveDate) -> Result<i64> {
    Ok(filtered(visible.ranges(), filter, today).count().get_result(c)?)
}

fn filtered(ranges: Vec<Range>, filter: &TermQuery, today: NaiveDate) -> terms::BoxedQuery<'static, Backend> {
    let mut query = terms::table.into_boxed::<Backend>().filter(in_ranges!(ranges, terms::area_code));
    if let Some(organisation) = filter.organisation_id {
        query = query.filter(terms::organisation_id.eq(organisation));
    }
    if let Some(compound) = filter.compound_id {
        query = query.filter(terms::compound_id.eq(compound));
    }
    query = match filter.filed {
        None => query,
        Some(true) => query.filter(terms::filed_on.is_not_null()),
        Some(false) => query.filter(terms::filed_on.is_null()),
    };
    if let Some(days) = filter.expiring_within {
        let last = today.checked_add_signed(Duration::days(days)).unwrap_or(today);
        query = query.filter(terms::term_to.ge(today)).filter(terms::term_to.le(last));
    }
    match filter.status.unwrap_or(OpenFilter::Open) {
        OpenFilter::Open => query.filter(terms::ended_on.is_null()),
        OpenFilter::Ended => query.filter(terms::ended_on.is_not_null()),
        OpenFilter::All => query,
    }
}

/// A term within its bounds, which are those of the rule that held on the day of the election.
#[derive(Debug, Clone)]
pub struct CheckedTerm {
    term: TermIn,
    compound: CompoundId,
    rule_set_id: Option<RuleSetId>,
    filing_due: NaiveDate,
}

/// Checks the size and the days of a term for a compound's committee.
pub fn check(c: &mut Conn, compound: &CompoundRow, term: &TermIn, at: &str, by: &By) -> Result<CheckedTerm> {
    let (bounds, rule) = in_force(c, &COMMITTEES, &compound.area_code, term.elected_on)?;
    committee::check_seats(term.seats, compound.households, &bounds, at)?;
    committee::check_term((term.elected_on, term.term_from, term.term_to), by.today, &bounds, at)?;
    let filing_due = committee::filing_due(term.elected_on, &bounds);
    Ok(CheckedTerm { term: term.clone(), compound: compound.id, rule_set_id: rule.rule_set_id, filing_due })
}

/// Begins a term of a committee.
pub fn open(c: &mut Conn, row: &OrganisationRow, checked: CheckedTerm, by: &By) -> Result<TermRow> {
    let CheckedTerm { term, compound, rule_set_id, filing_due } = checked;
    let TermIn { seats, elected_on, term_from, term_to } = term;
    let term = TermRow {
        id: CommitteeTermId::fresh(),
        organisation_id: row.id,
        compound_id: compound,
        area_code: row.area_code.clone(),
        seats,
        elected_on,
        term_from,
        term_to,
        rule_set_id,
        filing_due,
        filed_on: None,
        filing_no: None,
        filed_by: None,
        ended_on: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_row(c, &term, by)?;
    Ok(term)
}

pub fn insert_row(c: &mut Conn, row: &TermRow, by: &By) -> Result<()> {
    diesel::insert_into(terms::table).values(row).execute(c).or_conflict(&rules::TERM_RUNNING)?;
    let data = json!({ "organisation_id": row.organisation_id, "compound_id": row.compound_id, "seats": row.seats,
        "elected_on": row.elected_on, "term_from": row.term_from, "term_to": row.term_to, "rule_set_id": row.rule_set_id, "filed_on": row.filed_on,
        "filing_no": row.filing_no });
    record_first(c, by.event("committee_term", row.id, 1, "committee_term.begun", &row.area_code, data))
}

/// 换届: ends the term that runs on the first day of the next one and begins that.
pub fn begin_next(c: &mut Conn, row: &OrganisationRow, new: &TermIn, by: &By) -> Result<TermRow> {
    if row.status.is_over() {
        return Err((&rules::ENDED).into());
    }
    let Some(compound) = row.compound_id else { return Err((&rules::COMMITTEE_NEEDED).into()) };
    hold_code(c, &row.area_code, "/seats")?;
    tree::lock(c, row.id)?;
    let compound = compounds::find(c, &Visible::everything(), compound)?;
    let checked = check(c, &compound, new, "", by)?;
    let running = current_term(c, row.id)?;
    committee::may_follow(running.as_ref().map(|term| term.term_from), new.term_from)?;
    if running.is_some() {
        end_running(c, row.id, new.term_from, by)?;
    }
    open(c, row, checked, by)
}

/// 备案: puts the term on file and, where it is the committee's first, the committee into office.
pub fn file(c: &mut Conn, row: &TermRow, filing: &FilingIn, by: &By) -> Result<TermRow> {
    if row.ended_on.is_some() {
        return Err((&rules::ENDED).into());
    }
    committee::may_file(row.elected_on, row.filed_on, filing.on, by.today)?;
    // A small compound may have grown since its committee was registered.
    let compound = compounds::find(c, &Visible::everything(), row.compound_id)?;
    let bounds = rule_sets::pinned(c, row.rule_set_id)?;
    if let Some(fault) = committee::fault_of_seats(row.seats, compound.households, &bounds) {
        return Err(fault.into());
    }
    let after = TermRow {
        filed_on: Some(filing.on),
        filing_no: Some(filing.filing_no.clone()),
        filed_by: by.actor.map(ActorId),
        ..row.clone()
    };
    let late = committee::is_late(row.filing_due, Some(filing.on), by.today);
    let data = json!({ "filed_on": filing.on, "filing_no": filing.filing_no, "late": late });
    let saved = save(c, row, after, "committee_term.filed", data, by)?;
    let body = organisations::get(c, row.organisation_id)?;
    if let Some(body) = body.filter(|body| body.status == OrgStatus::Founded) {
        let active = OrganisationRow { status: OrgStatus::Active, status_reason: None, ..body.clone() };
        organisations::save(c, &body, active, "organisation.activated", Some(json!({ "term_id": row.id })), by)?;
    }
    Ok(saved)
}

/// Ends the running term of a committee; a term that has not begun yet ends on its first day.
pub fn end_running(c: &mut Conn, committee: OrganisationId, on: NaiveDate, by: &By) -> Result<()> {
    let Some(row) = current_term(c, committee)? else { return Ok(()) };
    let after = TermRow { ended_on: Some(on.max(row.term_from)), ..row.clone() };
    let data = json!({ "on": after.ended_on });
    save(c, &row, after, "committee_term.ended", data, by).map(drop)
}

fn save(
    c: &mut Conn,
    before: &TermRow,
    after: TermRow,
    event: &'static str,
    data: serde_json::Value,
    by: &By,
) -> Result<TermRow> {
    let after = TermRow { version: before.version + 1, updated_at: by.at, ..after };
    let target = diesel::update(terms::table).filter(terms::id.eq(before.id).and(terms::version.eq(before.version)));
    no_longer(target.set(&after).execute(c)?, before.version + 1)?;
    record(c, by.event("committee_term", after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}

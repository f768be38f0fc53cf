use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Json, Ts};
use platform::error::OrConflict;
use platform::history::{record, record_first};
use platform::{Error, Result, any_range, text};
use registry::identity;
use registry::territory::dto::CompoundId;
use registry::territory::store::compounds;
use serde_json::{Value, json};

use super::committees::{self, CheckedTerm, TermRow};
use super::{By, hold_place, no_longer, seen, tree};
use crate::organisations::dto::{
    ContractStatus, Details, OrgKind, OrgStatus, OrganisationId, OrganisationIn, OrganisationPatch, OrganisationQuery,
    PartyOrgKind,
};
use crate::organisations::rules::{self, lifecycle, uscc};
use crate::schema::{organisations as orgs, party_coverages as coverages, service_contracts as contracts};

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = orgs, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct OrganisationRow {
    pub id: OrganisationId,
    pub kind: OrgKind,
    pub party_kind: Option<PartyOrgKind>,
    pub name: String,
    pub search_name: String,
    pub uscc: Option<String>,
    pub area_code: String,
    pub parent_id: Option<OrganisationId>,
    pub compound_id: Option<CompoundId>,
    pub status: OrgStatus,
    pub details: Json,
    pub founded_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    pub status_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl OrganisationRow {
    /// An organisation as it is first registered.
    pub fn fresh(id: OrganisationId, new: &OrganisationIn, by: &By) -> Result<Self> {
        let OrganisationIn { kind, party_kind, name, uscc, area_code, parent_id, details, committee, founded_on } =
            new.clone();
        Ok(Self {
            id,
            kind,
            party_kind,
            search_name: text::for_search(&name),
            name,
            uscc,
            area_code: area_code.to_string(),
            parent_id,
            compound_id: committee.map(|committee| committee.compound_id),
            status: kind.first_status(),
            details: Json(serde_json::to_value(details.unwrap_or_default()).map_err(Error::internal)?),
            founded_on,
            ended_on: None,
            status_reason: None,
            version: 1,
            created_at: by.at,
            updated_at: by.at,
        })
    }

    pub fn details(&self) -> Details {
        serde_json::from_value(self.details.0.clone()).unwrap_or_default()
    }
}

/// Without anybody's view: for the rules of higher contexts.
pub fn get(c: &mut Conn, id: OrganisationId) -> Result<Option<OrganisationRow>> {
    Ok(orgs::table.find(id).select(OrganisationRow::as_select()).first(c).optional()?)
}

/// The body of a kind that is at work nearest to a place: in the place itself, else in the areas above it.
pub fn nearest(c: &mut Conn, kind: OrgKind, area_code: &str) -> Result<Option<OrganisationId>> {
    let area: platform::auth::AreaCode = area_code.parse().map_err(|e: String| Error::internal(e))?;
    let at_work = orgs::kind.eq(kind).and(orgs::status.eq_any([OrgStatus::Active, OrgStatus::Founded]));
    let found = orgs::table.filter(at_work).filter(orgs::area_code.eq_any(area.and_above()));
    // Areas above one another are prefixes of one another: the nearest sorts last.
    Ok(found.order((orgs::area_code.desc(), orgs::id.asc())).select(orgs::id).first(c).optional()?)
}

/// An organisation in the caller's areas, above them, or serving a compound in them under a contract in force.
pub fn find(c: &mut Conn, visible: &Visible, id: OrganisationId) -> Result<OrganisationRow> {
    let row: OrganisationRow = orgs::table.find(id).select(OrganisationRow::as_select()).first(c)?;
    if visible.covers(&row.area_code) || visible.lies_in(&row.area_code) {
        return Ok(row);
    }
    let serves: i64 = contracts::table
        .into_boxed::<Backend>()
        .filter(contracts::company_id.eq(id).and(contracts::status.eq_any(ContractStatus::IN_FORCE)))
        .filter(platform::in_ranges!(visible.ranges(), contracts::area_code))
        .count()
        .get_result(c)?;
    if serves > 0 { Ok(row) } else { Err(Error::NotFound) }
}

/// Organisations by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<OrganisationId>, i64),
    filter: &OrganisationQuery,
) -> Result<Vec<OrganisationRow>> {
    let mut query = filtered(visible, filter);
    if let Some(after) = after {
        query = query.filter(orgs::id.gt(after));
    }
    Ok(query.order(orgs::id.asc()).limit(fetch).select(OrganisationRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &OrganisationQuery) -> Result<i64> {
    Ok(filtered(visible, filter).count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &OrganisationQuery) -> orgs::BoxedQuery<'static, Backend> {
    let serving = any_range!(visible.ranges(), |range| exists(
        contracts::table
            .filter(contracts::company_id.eq(orgs::id).and(contracts::status.eq_any(ContractStatus::IN_FORCE)))
            .filter(contracts::area_code.ge(range.from).and(contracts::area_code.lt(range.to)))
    ));
    let mut query = orgs::table.into_boxed::<Backend>().filter(seen!(visible, orgs::area_code).or(serving));
    if let Some(area) = &filter.area {
        let range = platform::db::Range::under(area.as_str());
        query = query.filter(orgs::area_code.ge(range.from)).filter(orgs::area_code.lt(range.to));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(orgs::kind.eq(kind));
    }
    if let Some(kind) = filter.party_kind {
        query = query.filter(orgs::party_kind.eq(kind));
    }
    if let Some(parent) = filter.parent_id {
        query = query.filter(orgs::parent_id.eq(parent));
    }
    if let Some(compound) = filter.compound_id {
        query = query.filter(orgs::compound_id.eq(compound));
    }
    if let Some(q) = &filter.q {
        query = query.filter(orgs::search_name.like(text::pattern(q)).escape('\\'));
    }
    match filter.status {
        Some(status) => query.filter(orgs::status.eq(status)),
        None => query.filter(orgs::ended_on.is_null()),
    }
}

/// Registers an organisation and, where it is a committee, its first term.
pub fn insert(c: &mut Conn, new: &OrganisationIn, by: &By) -> Result<(OrganisationRow, Option<TermRow>)> {
    lifecycle::check_party_kind(new.kind, new.party_kind)?;
    check_details(c, new.kind, new.details.as_ref())?;
    rules::may_begin(new.founded_on, by.today, "/founded_on")?;
    check_uscc(c, new.uscc.as_deref())?;
    let committee = check_committee(c, new, by)?;
    hold_place(c, &new.area_code, "/area_code")?;
    if let Some(parent) = new.parent_id {
        tree::check_parent(c, None, parent, new.area_code.as_str())?;
    }
    let row = OrganisationRow::fresh(OrganisationId::fresh(), new, by)?;
    insert_row(c, &row, by)?;
    let term = match committee {
        Some(checked) => Some(committees::open(c, &row, checked, by)?),
        None => None,
    };
    Ok((row, term))
}

/// The row with its place in identity and its first event.
pub fn insert_row(c: &mut Conn, row: &OrganisationRow, by: &By) -> Result<()> {
    let taken = if row.kind.is_committee() { &rules::COMMITTEE_EXISTS } else { &rules::USCC_TAKEN };
    diesel::insert_into(orgs::table).values(row).execute(c).or_conflict(taken)?;
    identity::register_organisation(c, row.id.0, &row.area_code)?;
    if row.kind.acts_at_home() && row.area_code.len() >= super::COMMUNITY {
        identity::organisation_serves(c, row.id.0, &row.area_code)?;
    }
    record_first(c, by.event("organisation", row.id, 1, "organisation.created", &row.area_code, facts(row)))
}

/// What the history keeps. A household's name is a person's, and history outlives what a person may ask to have removed.
fn facts(row: &OrganisationRow) -> Value {
    let name = (row.party_kind != Some(PartyOrgKind::MemberKeyHousehold)).then_some(&row.name);
    json!({ "kind": row.kind, "party_kind": row.party_kind, "name": name, "uscc": row.uscc, "parent_id": row.parent_id,
        "compound_id": row.compound_id, "status": row.status, "details": row.details, "founded_on": row.founded_on })
}

fn check_details(c: &mut Conn, kind: OrgKind, details: Option<&Details>) -> Result<()> {
    let Some(details) = details else { return Ok(()) };
    if !details.fits(kind) {
        return Err(rules::DETAILS_UNFIT.at("/details"));
    }
    if let Some(station) = &details.station {
        lifecycle::check_station(station.non_profit)?;
        for compound in &station.compound_ids {
            compounds::find(c, &Visible::everything(), *compound)?;
        }
    }
    Ok(())
}

fn check_uscc(c: &mut Conn, code: Option<&str>) -> Result<()> {
    let Some(code) = code else { return Ok(()) };
    uscc::check(code)?;
    let taken: i64 = orgs::table.filter(orgs::uscc.eq(code)).count().get_result(c)?;
    if taken == 0 { Ok(()) } else { Err((&rules::USCC_TAKEN).into()) }
}

/// A committee comes with its term, sits in its compound, and is the only one there.
fn check_committee(c: &mut Conn, new: &OrganisationIn, by: &By) -> Result<Option<CheckedTerm>> {
    if new.kind.is_committee() != new.committee.is_some() {
        return Err(rules::COMMITTEE_NEEDED.at("/committee"));
    }
    let Some(given) = &new.committee else { return Ok(None) };
    let compound = compounds::find(c, &Visible::everything(), given.compound_id)?;
    if compound.area_code != new.area_code.as_str() {
        return Err(rules::COMPOUND_AREA.at("/area_code"));
    }
    committees::check(c, &compound, &given.term(), "/committee", by).map(Some)
}

pub fn update(c: &mut Conn, row: &OrganisationRow, patch: &OrganisationPatch, by: &By) -> Result<OrganisationRow> {
    if row.status.is_over() {
        return Err((&rules::ENDED).into());
    }
    let mut after = row.clone();
    if let Some(name) = &patch.name {
        (after.name, after.search_name) = (name.clone(), text::for_search(name));
    }
    if let Some(uscc) = patch.uscc.clone().filter(|uscc| *uscc != row.uscc) {
        check_uscc(c, uscc.as_deref())?;
        after.uscc = uscc;
    }
    if let Some(parent) = patch.parent_id.filter(|parent| *parent != row.parent_id) {
        if let Some(parent) = parent {
            tree::check_parent(c, Some(row.id), parent, &row.area_code)?;
        }
        after.parent_id = parent;
    }
    if let Some(details) = &patch.details {
        check_details(c, row.kind, Some(details))?;
        after.details = Json(serde_json::to_value(details).map_err(Error::internal)?);
    }
    // A patch that changes nothing makes no version and no history.
    if after == *row { Ok(after) } else { save(c, row, after, "organisation.changed", None, by) }
}

/// The next state, with what has to be over before the end.
pub fn set_status(
    c: &mut Conn,
    row: &OrganisationRow,
    to: OrgStatus,
    (on, reason): (NaiveDate, &str),
    by: &By,
) -> Result<OrganisationRow> {
    lifecycle::may_become(row.kind, row.status, to)?;
    rules::may_begin(on, by.today, "/on")?;
    if on < row.founded_on {
        return Err(rules::TOO_EARLY.at("/on"));
    }
    let mut after = OrganisationRow { status: to, status_reason: Some(reason.to_owned()), ..row.clone() };
    if !to.is_over() {
        return save(c, row, after, event_of(to), Some(json!({ "on": on, "reason": reason })), by);
    }
    // Nothing may come to stand below it, or be filed with it, while it ends.
    tree::lock(c, row.id)?;
    check_unused(c, row.id)?;
    after.ended_on = Some(on);
    let saved = save(c, row, after, event_of(to), Some(json!({ "on": on, "reason": reason })), by)?;
    committees::end_running(c, row.id, on, by)?;
    super::coverage::end_of(c, row.id, on, by)?;
    super::instructors::end_of(c, row.id, on, reason, by)?;
    super::suppliers::end_of(c, row.id, on, reason, by)?;
    identity::end_organisation(c, row.id.0, by.actor, reason, by.at)?;
    Ok(saved)
}

fn event_of(status: OrgStatus) -> &'static str {
    match status {
        OrgStatus::Active => "organisation.activated",
        OrgStatus::Suspended => "organisation.suspended",
        OrgStatus::Exiting => "organisation.exiting",
        OrgStatus::Exited => "organisation.exited",
        OrgStatus::Dissolved => "organisation.dissolved",
        OrgStatus::Registered | OrgStatus::Founded => "organisation.changed",
    }
}

/// Before it ends: no contract to be handed over, nothing below it, nobody whom the Party reaches through it.
fn check_unused(c: &mut Conn, id: OrganisationId) -> Result<()> {
    let open = contracts::status.eq_any(ContractStatus::IN_FORCE);
    let serving: i64 = contracts::table.filter(contracts::company_id.eq(id).and(open)).count().get_result(c)?;
    if serving > 0 {
        return Err((&rules::STILL_SERVING).into());
    }
    let below: i64 = orgs::table.filter(orgs::parent_id.eq(id).and(orgs::ended_on.is_null())).count().get_result(c)?;
    let reached = coverages::table.filter(coverages::party_org_id.eq(id).and(coverages::valid_to.is_null()));
    if below > 0 || reached.count().get_result::<i64>(c)? > 0 { Err((&rules::STILL_IN_USE).into()) } else { Ok(()) }
}

/// Compare-and-set of the whole row, and its event. Without data of its own the event tells what the row came to be.
pub(super) fn save(
    c: &mut Conn,
    before: &OrganisationRow,
    after: OrganisationRow,
    event: &'static str,
    data: Option<Value>,
    by: &By,
) -> Result<OrganisationRow> {
    let after = OrganisationRow { version: before.version + 1, updated_at: by.at, ..after };
    let target = diesel::update(orgs::table).filter(orgs::id.eq(before.id).and(orgs::version.eq(before.version)));
    no_longer(target.set(&after).execute(c).or_conflict(&rules::USCC_TAKEN)?, before.version + 1)?;
    let data = data.unwrap_or_else(|| facts(&after));
    record(c, by.event("organisation", after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}

/// The running terms of the committees among these, in one query.
pub fn terms_of(c: &mut Conn, rows: &[OrganisationRow]) -> Result<HashMap<OrganisationId, TermRow>> {
    let ids: Vec<OrganisationId> = rows.iter().filter(|row| row.kind.is_committee()).map(|row| row.id).collect();
    if ids.is_empty() { Ok(HashMap::new()) } else { committees::running_of(c, ids) }
}

/// Whether an organisation of some kind stands, for those who name it.
pub fn standing(c: &mut Conn, id: OrganisationId) -> Result<Option<OrganisationRow>> {
    Ok(get(c, id)?.filter(|row| !row.status.is_over()))
}

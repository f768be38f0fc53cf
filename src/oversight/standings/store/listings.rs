//! 名单条目: rows, how they are proposed and how they are read.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Json, Range, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, By, record, record_first};
use platform::rule_sets::{self, RuleSetId};
use platform::{Error, Result};
use roster::organisations::{OrgKind, OrganisationId, OrganisationRow};
use serde_json::{Value, json};

use super::objections::{self, ObjectionRow};
use super::repairs::{self, RepairRow};
use super::sight::Sight;
use super::statements::{self, StatementRow};
use super::{sweep, took_effect};
use crate::schema::{listing_objections, listings};
use crate::standings::dto::{ListKind, ListingId, ListingQuery, ListingStatus, Measure, ProposeListingIn};
use crate::standings::rules::ALREADY_LISTED;
use crate::standings::rules::listing::{check_area, check_ground, check_subject};
use crate::standings::rules::params::{LISTS, ListRules};
use crate::standings::rules::states::Days;

/// The entity of an entry's events.
pub const ENTITY: &str = "listing";

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = listings, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ListingRow {
    pub id: ListingId,
    pub area_code: String,
    pub organisation_id: OrganisationId,
    /// As it was called when it was proposed.
    pub organisation_name: String,
    pub organisation_kind: OrgKind,
    pub list: ListKind,
    pub ground_code: String,
    pub evidence: String,
    pub rule_set_id: Option<RuleSetId>,
    pub status: ListingStatus,
    pub proposed_by: ActorId,
    pub notice_no: Option<String>,
    pub notified_on: Option<NaiveDate>,
    pub hear_until: Option<NaiveDate>,
    pub measures: Json,
    pub decided_by: Option<ActorId>,
    pub decided_on: Option<NaiveDate>,
    pub decision_note: Option<String>,
    pub valid_to: Option<NaiveDate>,
    pub published_on: Option<NaiveDate>,
    pub object_until: Option<NaiveDate>,
    pub active_from: Option<NaiveDate>,
    pub document: Option<String>,
    pub content_hash: Option<String>,
    pub ended_on: Option<NaiveDate>,
    pub end_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl ListingRow {
    pub fn days(&self) -> Days {
        let Self { status, active_from, valid_to, ended_on, .. } = *self;
        Days { status, active_from, valid_to, ended_on }
    }

    pub fn measures(&self) -> Vec<Measure> {
        serde_json::from_value(self.measures.0.clone()).unwrap_or_default()
    }

    /// Whether the organisation knows of it.
    pub fn is_known(&self) -> bool {
        self.notified_on.is_some() || self.published_on.is_some()
    }
}

/// One of a list, with the day by which an objection to it is decided, while one waits.
#[derive(Debug)]
pub struct ListedRow {
    pub row: ListingRow,
    pub due_on: Option<NaiveDate>,
}

/// One with what was said to it.
#[derive(Debug)]
pub struct Whole {
    pub row: ListingRow,
    pub statements: Vec<StatementRow>,
    pub objection: Option<ObjectionRow>,
    pub repair: Option<RepairRow>,
}

/// An entry, whoever asks.
pub fn get(c: &mut Conn, id: ListingId) -> Result<ListingRow> {
    Ok(listings::table.find(id).select(ListingRow::as_select()).first(c)?)
}

/// One that the caller sees.
pub fn find(c: &mut Conn, sight: &Sight, id: ListingId) -> Result<ListingRow> {
    let row = get(c, id)?;
    if sight.sees_listing(&row) { Ok(row) } else { Err(Error::NotFound) }
}

/// One of the caller's own area, for those who keep the list there.
pub fn find_kept(c: &mut Conn, visible: &Visible, id: ListingId) -> Result<ListingRow> {
    let row = get(c, id)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// One of an organisation that the caller speaks for, which it knows of.
pub fn find_own(c: &mut Conn, sight: &Sight, id: ListingId) -> Result<ListingRow> {
    let row = get(c, id)?;
    sight.check_own(row.organisation_id)?;
    if row.is_known() { Ok(row) } else { Err(Error::NotFound) }
}

pub fn whole(c: &mut Conn, row: ListingRow) -> Result<Whole> {
    let statements = statements::of(c, row.id)?;
    let objection = objections::of(c, row.id)?;
    let repair = repairs::of(c, row.id)?;
    Ok(Whole { row, statements, objection, repair })
}

/// What the caller sees, the newest first.
pub fn list(
    c: &mut Conn,
    sight: &Sight,
    (before, fetch): (Option<ListingId>, i64),
    filter: &ListingQuery,
    today: NaiveDate,
) -> Result<Vec<ListedRow>> {
    let mut query = filtered(sight, filter, today);
    if let Some(before) = before {
        query = query.filter(listings::id.lt(before));
    }
    let rows: Vec<ListingRow> =
        query.order(listings::id.desc()).limit(fetch).select(ListingRow::as_select()).load(c)?;
    let ids: Vec<ListingId> = rows.iter().map(|row| row.id).collect();
    let due: Vec<(ListingId, NaiveDate)> = listing_objections::table
        .filter(listing_objections::listing_id.eq_any(ids).and(listing_objections::outcome.is_null()))
        .select((listing_objections::listing_id, listing_objections::due_on))
        .load(c)?;
    let due_on = |row: &ListingRow| due.iter().find(|(id, _)| *id == row.id).map(|(_, due)| *due);
    Ok(rows.into_iter().map(|row| ListedRow { due_on: due_on(&row), row }).collect())
}

pub fn count(c: &mut Conn, sight: &Sight, filter: &ListingQuery, today: NaiveDate) -> Result<i64> {
    Ok(filtered(sight, filter, today).count().get_result(c)?)
}

fn filtered(sight: &Sight, filter: &ListingQuery, today: NaiveDate) -> listings::BoxedQuery<'static, Backend> {
    let mut query = listings::table.into_boxed::<Backend>().filter(sight.listings());
    if let Some(area) = &filter.area {
        let Range { from, to } = Range::under(area.as_str());
        query = query.filter(listings::area_code.ge(from).and(listings::area_code.lt(to)));
    }
    if let Some(list) = filter.list {
        query = query.filter(listings::list.eq(list));
    }
    if let Some(organisation) = filter.organisation_id {
        query = query.filter(listings::organisation_id.eq(organisation));
    }
    match filter.status {
        Some(status) => standing_at(query, status, today),
        None => query,
    }
}

/// Those that are read as of a status on a day, whether a sweep has come by or not: [`Days::status_on`] as a condition.
fn standing_at(
    query: listings::BoxedQuery<'static, Backend>,
    status: ListingStatus,
    today: NaiveDate,
) -> listings::BoxedQuery<'static, Backend> {
    use ListingStatus::{Active, Expired, Published};
    let begun = || listings::active_from.is_not_null().and(listings::active_from.assume_not_null().le(today));
    let over = || listings::valid_to.is_not_null().and(listings::valid_to.assume_not_null().lt(today));
    let runs = || listings::valid_to.is_null().or(listings::valid_to.assume_not_null().ge(today));
    let waits = listings::active_from.is_null().or(listings::active_from.assume_not_null().gt(today));
    let taken_effect = || listings::status.eq(Active).or(listings::status.eq(Published).and(begun()));
    match status {
        Published => query.filter(listings::status.eq(Published).and(waits)),
        Active => query.filter(taken_effect().and(runs())),
        Expired => query.filter(listings::status.eq(Expired).or(taken_effect().and(over()))),
        other => query.filter(listings::status.eq(other)),
    }
}

/// The rules that an entry was proposed under.
pub fn rules_of(c: &mut Conn, row: &ListingRow) -> Result<ListRules> {
    rule_sets::pinned(c, row.rule_set_id)
}

/// 提出: of an organisation that serves in the caller's area, on a ground of the list.
pub fn propose(c: &mut Conn, visible: &Visible, new: &ProposeListingIn, by: &By) -> Result<ListingRow> {
    visible.check(new.area_code.as_str())?;
    check_area(&new.area_code)?;
    let organisation = subject(c, &Visible::of([new.area_code.clone()]), new.organisation_id)?;
    let (rule_set_id, rules): (_, ListRules) =
        rule_sets::in_force(c, &[&LISTS], &new.area_code, by.today)?.get(&LISTS)?;
    check_ground(new.list, &new.ground_code, &rules)?;
    // What has run out meanwhile, and nobody swept yet, does not stand in the way.
    sweep::settle(c, organisation.id, by)?;
    let row = ListingRow {
        rule_set_id,
        ..fresh(
            (ListingId::fresh(), new.area_code.as_str()),
            &organisation,
            (new.list, &new.ground_code),
            &new.evidence,
            by,
        )
    };
    insert(c, row, by)
}

/// An organisation of the area that may be listed or scored.
pub fn subject(c: &mut Conn, area: &Visible, id: OrganisationId) -> Result<OrganisationRow> {
    let row = roster::organisations::find(c, area, id)?;
    check_subject(row.kind)?;
    Ok(row)
}

/// An entry as it is proposed.
pub fn fresh(
    (id, area_code): (ListingId, &str),
    organisation: &OrganisationRow,
    (list, ground_code): (ListKind, &str),
    evidence: &str,
    by: &By,
) -> ListingRow {
    ListingRow {
        id,
        area_code: area_code.to_owned(),
        organisation_id: organisation.id,
        organisation_name: organisation.name.clone(),
        organisation_kind: organisation.kind,
        list,
        ground_code: ground_code.to_owned(),
        evidence: evidence.to_owned(),
        rule_set_id: None,
        status: ListingStatus::Proposed,
        proposed_by: ActorId(by.actor.unwrap_or_default()),
        notice_no: None,
        notified_on: None,
        hear_until: None,
        measures: Json(json!([])),
        decided_by: None,
        decided_on: None,
        decision_note: None,
        valid_to: None,
        published_on: None,
        object_until: None,
        active_from: None,
        document: None,
        content_hash: None,
        ended_on: None,
        end_reason: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

pub fn insert(c: &mut Conn, row: ListingRow, by: &By) -> Result<ListingRow> {
    diesel::insert_into(listings::table).values(&row).execute(c).or_conflict(&ALREADY_LISTED)?;
    let data = json!({ "organisation_id": row.organisation_id, "list": row.list, "ground_code": row.ground_code,
        "rule_set_id": row.rule_set_id });
    record_first(c, by.event(ENTITY, row.id, 1, "listing.proposed", &row.area_code, data))?;
    Ok(row)
}

/// Compare-and-set on the version, and the event. Reasons are words of somebody's, and stay out of the history.
pub fn save(
    c: &mut Conn,
    before: &ListingRow,
    mut after: ListingRow,
    (event, data): (&'static str, Value),
    by: &By,
) -> Result<ListingRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let target = listings::table.filter(listings::id.eq(before.id).and(listings::version.eq(before.version)));
    took_effect(diesel::update(target).set(&after).execute(c)?, after.version)?;
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}

/// Whether the organisation is on the black list of a place, in force on a day: what forbids an honour (domain B16).
pub fn blacklisted(c: &mut Conn, organisation: OrganisationId, as_of: NaiveDate) -> Result<bool> {
    let black = published_of(c, organisation)?;
    Ok(black.iter().any(|row| row.list == ListKind::Black && row.days().in_force_on(as_of)))
}

/// All that was ever published of an organisation, the latest first.
pub fn published_of(c: &mut Conn, organisation: OrganisationId) -> Result<Vec<ListingRow>> {
    Ok(listings::table
        .filter(listings::organisation_id.eq(organisation).and(listings::published_on.is_not_null()))
        .order(listings::id.desc())
        .limit(100)
        .select(ListingRow::as_select())
        .load(c)?)
}

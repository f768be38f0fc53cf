//! 信用事件: recorded with their source, revoked with a reason, never changed.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::{AreaCode, Visible};
use platform::db::{Backend, Conn, Range, Ts};
use platform::history::{ActorId, By, record, record_first};
use platform::rule_sets::{self, RuleSetId};
use platform::{Error, Result};
use roster::organisations::{OrganisationId, OrganisationRow};
use serde_json::json;

use super::listings::subject;
use super::sight::Sight;
use super::{area_of, took_effect};
use crate::schema::credit_events as events;
use crate::standings::dto::{
    CreditBalanceOut, CreditEventId, CreditEventIn, CreditEventQuery, CreditKind, RevokeCreditIn, ShownCredit,
};
use crate::standings::rules::EVENT_REVOKED;
use crate::standings::rules::credit::{Balance, Counted, balance, last_day};
use crate::standings::rules::listing::check_area;
use crate::standings::rules::params::{CREDIT, CreditRules};

/// The entity of an event's events.
pub const ENTITY: &str = "credit_event";

/// As many as are shown in one balance.
const MOST: i64 = 10_000;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub struct CreditRow {
    pub id: CreditEventId,
    pub area_code: String,
    pub organisation_id: OrganisationId,
    pub kind: CreditKind,
    pub points: i32,
    pub title: String,
    pub source_doc: String,
    pub occurred_on: NaiveDate,
    pub valid_to: NaiveDate,
    pub rule_set_id: Option<RuleSetId>,
    pub recorded_by: Option<ActorId>,
    pub revoked_on: Option<NaiveDate>,
    pub revoke_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl CreditRow {
    fn counted(&self) -> Counted {
        let Self { kind, points, occurred_on, valid_to, revoked_on, .. } = *self;
        Counted { kind, points, occurred_on, valid_to, revoked_on }
    }
}

pub fn find(c: &mut Conn, sight: &Sight, id: CreditEventId) -> Result<CreditRow> {
    let row: CreditRow = events::table.find(id).select(CreditRow::as_select()).first(c)?;
    if sight.sees(&row.area_code, row.organisation_id) { Ok(row) } else { Err(Error::NotFound) }
}

/// One of the caller's own area.
pub fn find_kept(c: &mut Conn, visible: &Visible, id: CreditEventId) -> Result<CreditRow> {
    let row: CreditRow = events::table.find(id).select(CreditRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// What the caller sees, the newest first.
pub fn list(
    c: &mut Conn,
    sight: &Sight,
    (before, fetch): (Option<CreditEventId>, i64),
    filter: &CreditEventQuery,
) -> Result<Vec<CreditRow>> {
    let mut query = filtered(sight, filter);
    if let Some(before) = before {
        query = query.filter(events::id.lt(before));
    }
    Ok(query.order(events::id.desc()).limit(fetch).select(CreditRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, sight: &Sight, filter: &CreditEventQuery) -> Result<i64> {
    Ok(filtered(sight, filter).count().get_result(c)?)
}

fn filtered(sight: &Sight, filter: &CreditEventQuery) -> events::BoxedQuery<'static, Backend> {
    let mut query = events::table.into_boxed::<Backend>().filter(sight.credit());
    if let Some(area) = &filter.area {
        let Range { from, to } = Range::under(area.as_str());
        query = query.filter(events::area_code.ge(from).and(events::area_code.lt(to)));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(events::kind.eq(kind));
    }
    match filter.organisation_id {
        Some(organisation) => query.filter(events::organisation_id.eq(organisation)),
        None => query,
    }
}

/// 登记: of an organisation that serves in the caller's area.
pub fn record_event(c: &mut Conn, visible: &Visible, new: &CreditEventIn, by: &By) -> Result<CreditRow> {
    visible.check(new.area_code.as_str())?;
    check_area(&new.area_code)?;
    let organisation = subject(c, &Visible::of([new.area_code.clone()]), new.organisation_id)?;
    insert(c, CreditEventId::fresh(), (new, organisation.id), by)
}

pub fn insert(
    c: &mut Conn,
    id: CreditEventId,
    (new, organisation): (&CreditEventIn, OrganisationId),
    by: &By,
) -> Result<CreditRow> {
    let (rule_set_id, rules): (_, CreditRules) =
        rule_sets::in_force(c, &[&CREDIT], &new.area_code, by.today)?.get(&CREDIT)?;
    let valid_to = last_day((new.points, new.occurred_on, new.valid_to), &rules, by.today)?;
    let row = CreditRow {
        id,
        area_code: new.area_code.to_string(),
        organisation_id: organisation,
        kind: new.kind,
        points: new.points,
        title: new.title.clone(),
        source_doc: new.source_doc.clone(),
        occurred_on: new.occurred_on,
        valid_to,
        rule_set_id,
        recorded_by: by.actor.map(ActorId),
        revoked_on: None,
        revoke_reason: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(events::table).values(&row).execute(c)?;
    let data = json!({ "organisation_id": row.organisation_id, "kind": row.kind, "points": row.points,
        "source_doc": row.source_doc, "occurred_on": row.occurred_on, "valid_to": row.valid_to });
    record_first(c, by.event(ENTITY, row.id, 1, "credit_event.recorded", &row.area_code, data))?;
    Ok(row)
}

/// 撤销: from today on it does not count; before it did.
pub fn revoke(c: &mut Conn, row: &CreditRow, body: &RevokeCreditIn, by: &By) -> Result<CreditRow> {
    if row.revoked_on.is_some() {
        return Err((&EVENT_REVOKED).into());
    }
    let version = row.version + 1;
    let target = events::table.filter(events::id.eq(row.id).and(events::version.eq(row.version)));
    let set = (
        events::revoked_on.eq(Some(by.today)),
        events::revoke_reason.eq(Some(&body.reason)),
        events::version.eq(version),
        events::updated_at.eq(by.at),
    );
    took_effect(diesel::update(target).set(set).execute(c)?, version)?;
    record(c, by.event(ENTITY, row.id, version, "credit_event.revoked", &row.area_code, json!({ "on": by.today })))?;
    Ok(CreditRow {
        revoked_on: Some(by.today),
        revoke_reason: Some(body.reason.clone()),
        version,
        updated_at: by.at,
        ..row.clone()
    })
}

/// 信用分 of an organisation on a day, by the rules of its own place, with every event that is kept of it.
pub fn balance_of(c: &mut Conn, organisation: &OrganisationRow, as_of: NaiveDate) -> Result<CreditBalanceOut> {
    let area: AreaCode = area_of(&organisation.area_code)?;
    let in_force = rule_sets::in_force(c, &[&CREDIT], &area, as_of)?;
    let (_, rules): (_, CreditRules) = in_force.get(&CREDIT)?;
    let rows: Vec<CreditRow> = events::table
        .filter(events::organisation_id.eq(organisation.id))
        .order(events::id.desc())
        .limit(MOST)
        .select(CreditRow::as_select())
        .load(c)?;
    let counted: Vec<Counted> = rows.iter().map(CreditRow::counted).collect();
    let Balance { good, bad, balance } = balance(counted.iter(), as_of, &rules);
    let shown = |row: CreditRow| ShownCredit { counts: row.counted().counts_on(as_of), event: row.into() };
    Ok(CreditBalanceOut {
        organisation_id: organisation.id,
        as_of,
        rule: in_force.applied(&CREDIT),
        base: rules.base,
        good,
        good_cap: rules.good_cap,
        bad,
        balance,
        events: rows.into_iter().map(shown).collect(),
    })
}

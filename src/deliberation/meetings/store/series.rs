//! 会议系列, and the alarm when the next meeting is overdue.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::{AreaCode, Visible};
use platform::db::{Backend, Conn, Json};
use platform::history::{record, record_first};
use platform::rule_sets::{self, RuleSetId};
use platform::{Error, Result, in_ranges};
use roster::organisations::{self, OrganisationId, OrganisationRow};
use serde_json::json;

use super::rows::{SeriesRow, Terms};
use super::{By, no_longer};
use crate::meetings::dto::{MeetingKind, MeetingParty, SeriesId, SeriesIn, SeriesQuery};
use crate::meetings::rules::cadence::next_due;
use crate::meetings::rules::params::{KINDS, MeetingRules};
use crate::meetings::rules::{CONVENER_UNKNOWN, PARTIES_FEWER};
use crate::schema::meeting_series as series;

/// The entity of a series' events.
pub const ENTITY: &str = "meeting_series";
/// Series looked at in one run of the sweeper.
const PER_RUN: i64 = 200;

/// The rule of a kind in a place today, and which version of it says so.
pub fn rule_at(c: &mut Conn, area: &AreaCode, kind: MeetingKind, on: NaiveDate) -> Result<(Option<RuleSetId>, Terms)> {
    let (id, rules) = rule_sets::in_force(c, &[&KINDS], area, on)?.get::<MeetingRules>(&KINDS)?;
    let rule = rules.of(kind);
    let required_parties = rule.required_parties.clone();
    Ok((id, Terms { rule, required_parties }))
}

/// The organisation that convenes: at work, and of this place, one above it or one inside it.
pub fn convener(c: &mut Conn, id: OrganisationId, area: &AreaCode) -> Result<OrganisationRow> {
    let unknown = || CONVENER_UNKNOWN.at("/convener_org_id");
    let row = organisations::get(c, id)?.filter(|row| row.ended_on.is_none()).ok_or_else(unknown)?;
    let home: AreaCode = row.area_code.parse().map_err(Error::internal)?;
    if home.covers(area.as_str()) || area.covers(&row.area_code) { Ok(row) } else { Err(unknown()) }
}

/// The parties that a series asks for: those of the rule, and more.
fn required(rule: &[MeetingParty], asked: &[MeetingParty]) -> Result<Vec<MeetingParty>> {
    if asked.is_empty() {
        return Ok(rule.to_vec());
    }
    if rule.iter().all(|party| asked.contains(party)) {
        Ok(asked.to_vec())
    } else {
        Err(PARTIES_FEWER.at("/required_parties"))
    }
}

pub fn insert(c: &mut Conn, new: &SeriesIn, by: &By) -> Result<SeriesRow> {
    convener(c, new.convener_org_id, &new.area_code)?;
    super::meetings::check_area(c, &new.area_code)?;
    let (_, terms) = rule_at(c, &new.area_code, new.kind, by.today)?;
    let mut parties = required(&terms.required_parties, &new.required_parties)?;
    parties.sort_unstable();
    parties.dedup();
    let cadence = new.cadence.unwrap_or(terms.rule.cadence);
    let row = SeriesRow {
        id: SeriesId::fresh(),
        kind: new.kind,
        area_code: new.area_code.to_string(),
        title: new.title.clone(),
        cadence,
        required_parties: Json(json!(parties)),
        convener_org_id: new.convener_org_id,
        starts_on: new.starts_on,
        last_held_on: None,
        next_due_on: next_due(new.starts_on, cadence),
        alarmed_for: None,
        ended_on: None,
        end_reason: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_row(c, &row, by)?;
    Ok(row)
}

pub fn insert_row(c: &mut Conn, row: &SeriesRow, by: &By) -> Result<()> {
    diesel::insert_into(series::table).values(row).execute(c)?;
    let data = json!({ "kind": row.kind, "cadence": row.cadence, "convener_org_id": row.convener_org_id });
    record_first(c, by.event(ENTITY, row.id, 1, "meeting_series.begun", &row.area_code, data))
}

/// A series, whoever asks.
pub fn get(c: &mut Conn, id: SeriesId) -> Result<SeriesRow> {
    Ok(series::table.find(id).select(SeriesRow::as_select()).first(c)?)
}

/// A series of the caller's area or of one above it: who convenes what there is no secret.
pub fn find(c: &mut Conn, visible: &Visible, id: SeriesId) -> Result<SeriesRow> {
    let row = get(c, id)?;
    if visible.covers(&row.area_code) || visible.lies_in(&row.area_code) { Ok(row) } else { Err(Error::NotFound) }
}

/// Series by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<SeriesId>, i64),
    filter: &SeriesQuery,
    today: NaiveDate,
) -> Result<Vec<SeriesRow>> {
    let mut query = filtered(visible, filter, today)?;
    if let Some(after) = after {
        query = query.filter(series::id.gt(after));
    }
    Ok(query.order(series::id.asc()).limit(fetch).select(SeriesRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &SeriesQuery, today: NaiveDate) -> Result<i64> {
    Ok(filtered(visible, filter, today)?.count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &SeriesQuery, today: NaiveDate) -> Result<series::BoxedQuery<'static, Backend>> {
    let asked = |code: &String| filter.area.as_ref().is_none_or(|area| area.covers(code));
    let above: Vec<String> = visible.above().into_iter().filter(asked).collect();
    let inside = match visible.narrow(filter.area.as_ref()) {
        Ok(narrowed) => narrowed,
        // Asked for an area above one's own: what lies above is seen, the rest is not.
        Err(_) if !above.is_empty() => Visible::of([]),
        Err(error) => return Err(error),
    };
    let seen = in_ranges!(inside.ranges(), series::area_code).or(series::area_code.eq_any(above));
    let mut query = series::table.into_boxed::<Backend>().filter(seen);
    if let Some(kind) = filter.kind {
        query = query.filter(series::kind.eq(kind));
    }
    let late = series::next_due_on.is_not_null().and(series::next_due_on.assume_not_null().lt(today));
    query = match filter.overdue {
        Some(true) => query.filter(series::ended_on.is_null().and(late)),
        Some(false) => query.filter(series::next_due_on.is_null().or(series::next_due_on.assume_not_null().ge(today))),
        None => query,
    };
    if filter.with_ended != Some(true) {
        query = query.filter(series::ended_on.is_null());
    }
    Ok(query)
}

pub fn end(c: &mut Conn, row: &SeriesRow, reason: &str, by: &By) -> Result<SeriesRow> {
    if row.ended_on.is_some() {
        return Err((&crate::meetings::rules::WRONG_STATE).into());
    }
    let after =
        SeriesRow { ended_on: Some(by.today.max(row.starts_on)), end_reason: Some(reason.to_owned()), ..row.clone() };
    save(c, row, after, "meeting_series.ended", by)
}

/// 已召开: the next meeting is due one period after this one.
pub fn held(c: &mut Conn, id: SeriesId, on: NaiveDate, by: &By) -> Result<()> {
    let row = get(c, id)?;
    let last = row.last_held_on.map_or(on, |last| last.max(on));
    let after = SeriesRow { last_held_on: Some(last), next_due_on: next_due(last, row.cadence), ..row.clone() };
    save(c, &row, after, "meeting_series.held", by)?;
    Ok(())
}

fn save(c: &mut Conn, before: &SeriesRow, mut after: SeriesRow, event: &'static str, by: &By) -> Result<SeriesRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let target = series::table.filter(series::id.eq(before.id).and(series::version.eq(before.version)));
    no_longer(diesel::update(target).set(&after).execute(c)?, after.version)?;
    let data = json!({ "last_held_on": after.last_held_on, "next_due_on": after.next_due_on });
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}

/// Raises the alarm for series whose next meeting is overdue, once for each day that it was due on; how many.
pub fn sweep(c: &mut Conn, by: &By) -> Result<usize> {
    let unheard = series::alarmed_for
        .is_null()
        .or(series::alarmed_for.assume_not_null().ne(series::next_due_on.assume_not_null()));
    let late: Vec<SeriesRow> = series::table
        .filter(series::ended_on.is_null().and(series::next_due_on.is_not_null()))
        .filter(series::next_due_on.assume_not_null().lt(by.today).and(unheard))
        .order((series::next_due_on, series::id))
        .limit(PER_RUN)
        .select(SeriesRow::as_select())
        .load(c)?;
    for row in &late {
        let after = SeriesRow { alarmed_for: row.next_due_on, ..row.clone() };
        save(c, row, after, "meeting_series.overdue", by)?;
    }
    Ok(late.len())
}

/// Whether a meeting may belong to a series: of its kind, its place and its convener, while it runs.
pub fn fits(row: &SeriesRow, kind: MeetingKind, area: &AreaCode, convener: OrganisationId) -> bool {
    row.ended_on.is_none() && row.kind == kind && row.area_code == area.as_str() && row.convener_org_id == convener
}

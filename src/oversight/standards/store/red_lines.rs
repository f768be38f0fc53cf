//! 红线扣分: what costs a company points of its year, each with the ground and what it rests on.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, By, record, record_first};
use platform::rule_sets::{self, RuleSetId};
use platform::{Result, in_ranges};
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde_json::json;

use super::caller::{Caller, check_serves};
use super::{area_of, assessments, no_longer, take_turn};
use crate::schema::red_line_deductions as red_lines;
use crate::standards::dto::{AssessmentKind, DeductionOut, RedLineGround, RedLineId, RedLineIn, RedLineQuery};
use crate::standards::rules::params::{RED_LINES, RedLines};
use crate::standards::rules::periods::Term;
use crate::standards::rules::{IN_THE_FUTURE, RED_LINE_EXISTS, RED_LINE_REVOKED, YEAR_CLOSED};

/// The entity of a deduction's events.
pub const ENTITY: &str = "red_line";

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = red_lines, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct RedLineRow {
    pub id: RedLineId,
    pub compound_id: CompoundId,
    pub company_id: OrganisationId,
    pub area_code: String,
    pub happened_on: NaiveDate,
    pub ground: RedLineGround,
    pub points: i32,
    pub rule_set_id: Option<RuleSetId>,
    pub evidence: String,
    pub recorded_by: Option<ActorId>,
    pub revoked_at: Option<Ts>,
    pub revoke_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// One in the caller's area.
pub fn find(c: &mut Conn, visible: &Visible, id: RedLineId) -> Result<RedLineRow> {
    let row: RedLineRow = red_lines::table.find(id).select(RedLineRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// By id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<RedLineId>, i64),
    filter: &RedLineQuery,
) -> Result<Vec<RedLineRow>> {
    let mut query = filtered(visible, filter)?;
    if let Some(after) = after {
        query = query.filter(red_lines::id.gt(after));
    }
    Ok(query.order(red_lines::id.asc()).limit(fetch).select(RedLineRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &RedLineQuery) -> Result<i64> {
    Ok(filtered(visible, filter)?.count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &RedLineQuery) -> Result<red_lines::BoxedQuery<'static, Backend>> {
    let visible = visible.narrow(filter.area.as_ref())?;
    let mut query = red_lines::table.into_boxed::<Backend>().filter(in_ranges!(visible.ranges(), red_lines::area_code));
    if let Some(compound) = filter.compound_id {
        query = query.filter(red_lines::compound_id.eq(compound));
    }
    if let Some(company) = filter.company_id {
        query = query.filter(red_lines::company_id.eq(company));
    }
    if let Some(ground) = filter.ground {
        query = query.filter(red_lines::ground.eq(ground));
    }
    if filter.with_revoked != Some(true) {
        query = query.filter(red_lines::revoked_at.is_null());
    }
    Ok(query)
}

/// The deductions of a year that stand.
pub fn of_year(
    c: &mut Conn,
    (compound, company): (CompoundId, OrganisationId),
    year: Term,
) -> Result<Vec<DeductionOut>> {
    let (from, to) = year.days();
    let rows: Vec<(RedLineId, RedLineGround, i32)> = red_lines::table
        .filter(red_lines::compound_id.eq(compound).and(red_lines::company_id.eq(company)))
        .filter(red_lines::happened_on.ge(from).and(red_lines::happened_on.lt(to)).and(red_lines::revoked_at.is_null()))
        .order((red_lines::happened_on.asc(), red_lines::id.asc()))
        .select((red_lines::id, red_lines::ground, red_lines::points))
        .load(c)?;
    Ok(rows.into_iter().map(|(red_line_id, ground, points)| DeductionOut { red_line_id, ground, points }).collect())
}

/// 红线事件, as higher contexts weigh it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = red_lines)]
pub struct RedLine {
    pub id: RedLineId,
    pub compound_id: CompoundId,
    pub company_id: OrganisationId,
    pub ground: RedLineGround,
    pub happened_on: NaiveDate,
}

/// Those that stand of these compounds and happened from the one day to the other, both included. One statement.
pub fn red_lines_between(
    c: &mut Conn,
    compounds: &[CompoundId],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<RedLine>> {
    Ok(red_lines::table
        .filter(red_lines::compound_id.eq_any(compounds).and(red_lines::revoked_at.is_null()))
        .filter(red_lines::happened_on.between(from, to))
        .order((red_lines::happened_on.asc(), red_lines::id.asc()))
        .select(RedLine::as_select())
        .load(c)?)
}

/// A year that is assessed stays as it is.
fn check_year(c: &mut Conn, whose: (CompoundId, OrganisationId), happened_on: NaiveDate) -> Result<()> {
    let year = Term::month_of(happened_on);
    let year = Term { kind: AssessmentKind::AnnualAssessment, period: 1, ..year };
    if assessments::standing(c, whose, year)?.is_some() { Err((&YEAR_CLOSED).into()) } else { Ok(()) }
}

pub fn enter(c: &mut Conn, caller: &Caller, new: &RedLineIn) -> Result<RedLineRow> {
    let by = &caller.by;
    let compound = caller.compound(c, new.compound_id)?;
    caller.check_apart(new.company_id)?;
    if new.happened_on > by.today {
        return Err(IN_THE_FUTURE.at("/happened_on"));
    }
    check_serves(c, (new.company_id, "/company_id"), compound.id, &[new.happened_on])?;
    check_year(c, (compound.id, new.company_id), new.happened_on)?;
    let area = area_of(&compound.area_code)?;
    let (rule_set_id, rule): (_, RedLines) =
        rule_sets::in_force(c, &[&RED_LINES], &area, new.happened_on)?.get(&RED_LINES)?;
    let row = RedLineRow {
        id: RedLineId::fresh(),
        compound_id: compound.id,
        company_id: new.company_id,
        area_code: compound.area_code,
        happened_on: new.happened_on,
        ground: new.ground,
        points: rule.of(new.ground),
        rule_set_id,
        evidence: new.evidence.clone(),
        recorded_by: by.actor.map(ActorId),
        revoked_at: None,
        revoke_reason: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(red_lines::table).values(&row).execute(c).or_conflict(&RED_LINE_EXISTS)?;
    let data = json!({ "compound_id": row.compound_id, "company_id": row.company_id, "ground": row.ground,
        "points": row.points, "happened_on": row.happened_on });
    record_first(c, by.event(ENTITY, row.id, 1, "red_line.recorded", &row.area_code, data))?;
    Ok(row)
}

/// 撤销, with the reason; what rested on it in a year that is assessed stays until that is withdrawn.
pub fn revoke(c: &mut Conn, row: &RedLineRow, reason: &str, by: &By) -> Result<RedLineRow> {
    if row.revoked_at.is_some() {
        return Err((&RED_LINE_REVOKED).into());
    }
    take_turn(c, &row.area_code)?;
    check_year(c, (row.compound_id, row.company_id), row.happened_on)?;
    let after = RedLineRow {
        revoked_at: Some(by.at),
        revoke_reason: Some(reason.to_owned()),
        version: row.version + 1,
        updated_at: by.at,
        ..row.clone()
    };
    let target = red_lines::table.filter(red_lines::id.eq(row.id).and(red_lines::version.eq(row.version)));
    no_longer(diesel::update(target).set(&after).execute(c)?, after.version)?;
    record(c, by.event(ENTITY, after.id, after.version, "red_line.revoked", &after.area_code, json!({})))?;
    Ok(after)
}

//! 事实: what caps a star, and how satisfied the owners are; each with its source, struck out with a reason and never removed.

use std::collections::HashMap;

use diesel::prelude::*;
use platform::db::{Backend, Conn};
use platform::error::OrConflict;
use platform::history::{ActorId, By, Event, record, record_first};
use platform::{Error, Result};
use serde_json::json;

use super::rows::{FactRow, ProjectRow};
use super::sight::Sight;
use super::{campaigns, saved};
use crate::ratings::dto::{RatingCampaignId, RatingFactId, RatingFactIn, RatingFactKind, RatingProjectId};
use crate::ratings::rules::facts::{check_day, check_parts};
use crate::ratings::rules::score::Found;
use crate::ratings::rules::states::takes_facts;
use crate::ratings::rules::{FACT_EXISTS, FACT_LATE, FACT_STRUCK};
use crate::schema::{rating_facts as facts, rating_projects as projects};

/// The entity of a fact's events.
pub const ENTITY: &str = "rating_fact";

/// How satisfied the owners of a project are, with what that stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Satisfaction {
    /// Basis points of full satisfaction.
    pub score: i32,
    pub responses: i32,
    /// The survey round or the report that it comes from.
    pub source: String,
}

/// The one place that knows where satisfaction comes from: a fact with its source, which is a survey round of the quarter
/// wherever there is one ([`super::taken`]).
pub fn satisfaction_of(facts: &[FactRow]) -> Option<Satisfaction> {
    let fact = facts.iter().find(|fact| fact.kind == RatingFactKind::Satisfaction && fact.struck_at.is_none())?;
    Some(Satisfaction { score: fact.score?, responses: fact.responses?, source: fact.source.clone() })
}

/// What the facts that stand say about a project; whether an assessor has vetoed it is the sheets' to say.
pub fn found(facts: &[FactRow], veto: bool) -> Found {
    let has = |kind| facts.iter().any(|fact| fact.kind == kind && fact.struck_at.is_none());
    Found {
        red_line: has(RatingFactKind::RedLine),
        veto,
        disclosures_incomplete: has(RatingFactKind::DisclosuresIncomplete),
        satisfaction: satisfaction_of(facts).map(|satisfaction| satisfaction.score),
    }
}

/// Records a fact while the campaign takes any.
pub fn record_fact(c: &mut Conn, project: &ProjectRow, new: &RatingFactIn, by: &By) -> Result<FactRow> {
    if !takes_facts(campaigns::hold(c, project.campaign_id)?.status) {
        return Err((&FACT_LATE).into());
    }
    check_parts(new.kind, new.ground, new.score, new.responses)?;
    check_day(new.occurred_on, by.today)?;
    let row = fresh(project, new, by);
    insert(c, &row, by)?;
    Ok(row)
}

pub fn fresh(project: &ProjectRow, new: &RatingFactIn, by: &By) -> FactRow {
    FactRow {
        id: RatingFactId::fresh(),
        project_id: project.id,
        area_code: project.area_code.clone(),
        kind: new.kind,
        ground: new.ground,
        occurred_on: new.occurred_on,
        score: new.score,
        responses: new.responses,
        source: new.source.clone(),
        recorded_by: by.actor.map(ActorId),
        struck_at: None,
        struck_by: None,
        strike_reason: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

pub fn insert(c: &mut Conn, row: &FactRow, by: &By) -> Result<()> {
    diesel::insert_into(facts::table).values(row).execute(c).or_conflict(&FACT_EXISTS)?;
    record_first(c, event_of(row, by))
}

/// That a fact was recorded.
pub fn event_of(row: &FactRow, by: &By) -> Event {
    let data = json!({ "project_id": row.project_id, "kind": row.kind, "ground": row.ground, "source": row.source });
    by.event(ENTITY, row.id, 1, "rating_fact.recorded", &row.area_code, data)
}

/// Strikes a fact out while the campaign takes any.
pub fn strike(c: &mut Conn, row: &FactRow, campaign: RatingCampaignId, reason: &str, by: &By) -> Result<FactRow> {
    if !takes_facts(campaigns::hold(c, campaign)?.status) {
        return Err((&FACT_LATE).into());
    }
    strike_out(c, row, reason, by)
}

/// The same for a review, which looks at what was found.
pub fn strike_out(c: &mut Conn, row: &FactRow, reason: &str, by: &By) -> Result<FactRow> {
    if row.struck_at.is_some() {
        return Err((&FACT_STRUCK).into());
    }
    let after = FactRow {
        struck_at: Some(by.at),
        struck_by: by.actor.map(ActorId),
        strike_reason: Some(reason.to_owned()),
        version: row.version + 1,
        updated_at: by.at,
        ..row.clone()
    };
    saved!(c, facts, row, after)?;
    let data = json!({ "project_id": row.project_id, "kind": row.kind });
    record(c, by.event(ENTITY, row.id, after.version, "rating_fact.struck_out", &row.area_code, data))?;
    Ok(after)
}

/// A fact that the caller reads, with its project: an overseer there, or the company that it is about.
pub fn find(c: &mut Conn, sight: &Sight, id: RatingFactId) -> Result<(FactRow, ProjectRow)> {
    let (row, project): (FactRow, ProjectRow) = facts::table
        .inner_join(projects::table.on(projects::id.eq(facts::project_id)))
        .filter(facts::id.eq(id))
        .select((FactRow::as_select(), ProjectRow::as_select()))
        .first(c)?;
    if sight.is_of(&row.area_code, project.company_id) { Ok((row, project)) } else { Err(Error::NotFound) }
}

/// Of one project, the struck ones as well, in the order in which they were recorded.
pub fn of_project(c: &mut Conn, project: RatingProjectId) -> Result<Vec<FactRow>> {
    Ok(facts::table.filter(facts::project_id.eq(project)).order(facts::id).select(FactRow::as_select()).load(c)?)
}

/// Those that stand, of every project of a campaign. One statement.
pub fn of_campaign(c: &mut Conn, campaign: RatingCampaignId) -> Result<HashMap<RatingProjectId, Vec<FactRow>>> {
    let rows: Vec<FactRow> = facts::table
        .inner_join(projects::table.on(projects::id.eq(facts::project_id)))
        .filter(projects::campaign_id.eq(campaign).and(facts::struck_at.is_null()))
        .order(facts::id)
        .select(FactRow::as_select())
        .load(c)?;
    let mut of: HashMap<RatingProjectId, Vec<FactRow>> = HashMap::new();
    rows.into_iter().for_each(|row| of.entry(row.project_id).or_default().push(row));
    Ok(of)
}

/// By id, oldest first.
pub fn list(c: &mut Conn, of: RatingProjectId, (after, fetch): (Option<RatingFactId>, i64)) -> Result<Vec<FactRow>> {
    let mut query = facts::table.into_boxed::<Backend>().filter(facts::project_id.eq(of));
    if let Some(after) = after {
        query = query.filter(facts::id.gt(after));
    }
    Ok(query.order(facts::id.asc()).limit(fetch).select(FactRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, of: RatingProjectId) -> Result<i64> {
    Ok(facts::table.filter(facts::project_id.eq(of)).count().get_result(c)?)
}

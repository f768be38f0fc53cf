//! 评定结果: rows, and how they are read.

use diesel::prelude::*;
use platform::db::{Backend, Conn};
use platform::history::{By, record};
use platform::{Error, Result, in_ranges};
use serde_json::Value;

use super::collation::caps_json;
use super::rows::{CampaignRow, ProjectRow, ResultRow};
use super::saved;
use super::sight::Sight;
use crate::names::{compound_names, organisation_names};
use crate::ratings::dto::{RatingCampaignId, RatingCampaignStatus, RatingResultId, RatingResultQuery};
use crate::ratings::rules::outcome::Outcome;
use crate::ratings::rules::states::PUBLISHED;
use crate::schema::{rating_campaigns as campaigns, rating_results as results};

/// The entity of a result's events.
pub const ENTITY: &str = "rating_result";

/// A result with the state of its campaign and the names of whom it is about.
#[derive(Debug, Clone, Queryable)]
pub struct Named {
    pub row: ResultRow,
    pub status: RatingCampaignStatus,
    pub compound_name: String,
    pub company_name: Option<String>,
}

pub fn fresh(id: RatingResultId, project: &ProjectRow, outcome: &Outcome, by: &By) -> ResultRow {
    ResultRow {
        id,
        project_id: project.id,
        campaign_id: project.campaign_id,
        compound_id: project.compound_id,
        company_id: project.company_id,
        area_code: project.area_code.clone(),
        year: project.year,
        quarter: project.quarter,
        recorded: false,
        authority_score: outcome.panels.authority,
        association_score: outcome.panels.association,
        peer_score: outcome.panels.peer,
        satisfaction_score: outcome.panels.satisfaction,
        score: outcome.score,
        earned_star: outcome.earned,
        star: outcome.star,
        caps: caps_json(outcome),
        revised_at: None,
        confirmed_at: None,
        downgraded_at: None,
        downgrade_reason: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

/// A result as it comes out anew.
pub fn with_outcome(row: &ResultRow, outcome: &Outcome) -> ResultRow {
    ResultRow {
        authority_score: outcome.panels.authority,
        association_score: outcome.panels.association,
        peer_score: outcome.panels.peer,
        satisfaction_score: outcome.panels.satisfaction,
        score: outcome.score,
        earned_star: outcome.earned,
        star: outcome.star,
        caps: caps_json(outcome),
        ..row.clone()
    }
}

pub fn save(
    c: &mut Conn,
    row: &ResultRow,
    after: ResultRow,
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<ResultRow> {
    let after = ResultRow { version: row.version + 1, updated_at: by.at, ..after };
    saved!(c, results, row, after)?;
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}

pub fn get(c: &mut Conn, id: RatingResultId) -> Result<ResultRow> {
    Ok(results::table.find(id).select(ResultRow::as_select()).first(c)?)
}

pub fn of_campaign(c: &mut Conn, campaign: RatingCampaignId) -> Result<Vec<ResultRow>> {
    let of = results::table.filter(results::campaign_id.eq(campaign)).order(results::area_code);
    Ok(of.select(ResultRow::as_select()).load(c)?)
}

/// One that the caller reads, with its campaign.
pub fn find(c: &mut Conn, sight: &Sight, id: RatingResultId) -> Result<(ResultRow, CampaignRow)> {
    let (row, campaign): (ResultRow, CampaignRow) = results::table
        .inner_join(campaigns::table)
        .filter(results::id.eq(id))
        .select((ResultRow::as_select(), CampaignRow::as_select()))
        .first(c)?;
    if sight.reads(&row.area_code, campaign.status) { Ok((row, campaign)) } else { Err(Error::NotFound) }
}

pub fn named(c: &mut Conn, row: ResultRow) -> Result<Named> {
    let (status, compound_name, company_name) = results::table
        .inner_join(campaigns::table)
        .inner_join(compound_names::table.on(compound_names::id.eq(results::compound_id)))
        .left_join(organisation_names::table.on(results::company_id.eq(organisation_names::id.nullable())))
        .filter(results::id.eq(row.id))
        .select((campaigns::status, compound_names::name, organisation_names::name.nullable()))
        .first(c)?;
    Ok(Named { row, status, compound_name, company_name })
}

/// The results that a caller reads, of what they ask for.
macro_rules! filtered {
    ($sight:expr, $filter:expr) => {{
        let (sight, filter): (&Sight, &RatingResultQuery) = ($sight, $filter);
        let seen = sight.seen.narrow(filter.area.as_ref())?;
        let overseen = in_ranges!(sight.overseen.ranges(), results::area_code);
        let mut query = results::table
            .inner_join(campaigns::table)
            .inner_join(compound_names::table.on(compound_names::id.eq(results::compound_id)))
            .left_join(organisation_names::table.on(results::company_id.eq(organisation_names::id.nullable())))
            .into_boxed::<Backend>()
            .filter(in_ranges!(seen.ranges(), results::area_code))
            .filter(overseen.or(campaigns::status.eq_any(PUBLISHED.to_vec())));
        if let Some(campaign) = filter.campaign_id {
            query = query.filter(results::campaign_id.eq(campaign));
        }
        if let Some(compound) = filter.compound_id {
            query = query.filter(results::compound_id.eq(compound));
        }
        if let Some(year) = filter.year {
            query = query.filter(results::year.eq(year));
        }
        if let Some(quarter) = filter.quarter {
            query = query.filter(results::quarter.eq(quarter));
        }
        if let Some(star) = filter.star {
            query = query.filter(results::stars.eq(star));
        }
        query
    }};
}

/// By id, the newest first.
pub fn list(
    c: &mut Conn,
    sight: &Sight,
    (before, fetch): (Option<RatingResultId>, i64),
    filter: &RatingResultQuery,
) -> Result<Vec<Named>> {
    let mut query = filtered!(sight, filter);
    if let Some(before) = before {
        query = query.filter(results::id.lt(before));
    }
    let columns =
        (ResultRow::as_select(), campaigns::status, compound_names::name, organisation_names::name.nullable());
    Ok(query.order(results::id.desc()).limit(fetch).select(columns).load(c)?)
}

pub fn count(c: &mut Conn, sight: &Sight, filter: &RatingResultQuery) -> Result<i64> {
    Ok(filtered!(sight, filter).count().get_result(c)?)
}

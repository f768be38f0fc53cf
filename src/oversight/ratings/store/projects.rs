//! 参评项目: which compounds are rated, with the company that served each when the campaign was opened.

use std::collections::HashMap;

use diesel::prelude::*;
use platform::db::{Conn, Range};
use platform::error::OrConflict;
use platform::history::By;
use platform::{Error, Result, insert_rows};
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;

use super::rows::{CampaignRow, ProjectRow};
use super::sight::Sight;
use crate::names::{compound_names, organisation_names, serving_contracts};
use crate::ratings::dto::{RatingCampaignId, RatingProjectId};
use crate::ratings::rules::{ALREADY_RATED, NO_PROJECTS};
use crate::schema::{rating_campaigns as campaigns, rating_projects as projects};

/// A project with the names of whom it is about.
#[derive(Debug, Clone, Queryable)]
pub struct Named {
    pub row: ProjectRow,
    pub compound_name: String,
    pub company_name: Option<String>,
}

/// Every open compound of the area that a company serves now. One statement to find them, one list to write.
pub fn enter(c: &mut Conn, campaign: &CampaignRow, by: &By) -> Result<usize> {
    let Range { from, to } = Range::under(&campaign.area_code);
    let served: Vec<(CompoundId, String, OrganisationId)> = compound_names::table
        .inner_join(
            serving_contracts::table.on(compound_names::serving_contract_id.eq(serving_contracts::id.nullable())),
        )
        .filter(compound_names::area_code.ge(from).and(compound_names::area_code.lt(to)))
        .filter(compound_names::closed_on.is_null())
        .order(compound_names::area_code)
        .select((compound_names::id, compound_names::area_code, serving_contracts::company_id))
        .load(c)?;
    if served.is_empty() {
        return Err((&NO_PROJECTS).into());
    }
    let fresh = |(compound_id, area_code, company)| ProjectRow {
        id: RatingProjectId::fresh(),
        campaign_id: campaign.id,
        compound_id,
        company_id: Some(company),
        area_code,
        year: campaign.year,
        quarter: campaign.quarter,
        version: 1,
        created_at: by.at,
    };
    let rows: Vec<ProjectRow> = served.into_iter().map(fresh).collect();
    insert_rows!(c, projects::table, rows.iter().collect()).or_conflict(&ALREADY_RATED)?;
    Ok(rows.len())
}

pub fn of_campaign(c: &mut Conn, campaign: RatingCampaignId) -> Result<Vec<ProjectRow>> {
    let of = projects::table.filter(projects::campaign_id.eq(campaign)).order(projects::area_code);
    Ok(of.select(ProjectRow::as_select()).load(c)?)
}

/// Of some ids, those that are projects of the campaign.
pub fn among(
    c: &mut Conn,
    campaign: RatingCampaignId,
    ids: &[RatingProjectId],
) -> Result<HashMap<RatingProjectId, ProjectRow>> {
    let of = projects::table.filter(projects::campaign_id.eq(campaign)).filter(projects::id.eq_any(ids));
    let rows: Vec<ProjectRow> = of.select(ProjectRow::as_select()).load(c)?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

pub fn get(c: &mut Conn, id: RatingProjectId) -> Result<ProjectRow> {
    Ok(projects::table.find(id).select(ProjectRow::as_select()).first(c)?)
}

/// One that lies where the caller reads, with its campaign.
pub fn find(c: &mut Conn, sight: &Sight, id: RatingProjectId) -> Result<(ProjectRow, CampaignRow)> {
    let found = projects::table.inner_join(campaigns::table).filter(projects::id.eq(id));
    let (row, campaign): (ProjectRow, CampaignRow) =
        found.select((ProjectRow::as_select(), CampaignRow::as_select())).first(c)?;
    if sight.seen.covers(&row.area_code) { Ok((row, campaign)) } else { Err(Error::NotFound) }
}

/// By their ids; those of them that lie where the caller reads.
pub fn list(
    c: &mut Conn,
    sight: &Sight,
    campaign: RatingCampaignId,
    (after, fetch): (Option<RatingProjectId>, i64),
) -> Result<Vec<Named>> {
    let mut query = projects::table
        .inner_join(compound_names::table.on(compound_names::id.eq(projects::compound_id)))
        .left_join(organisation_names::table.on(projects::company_id.eq(organisation_names::id.nullable())))
        .into_boxed::<platform::db::Backend>()
        .filter(projects::campaign_id.eq(campaign))
        .filter(platform::in_ranges!(sight.seen.ranges(), projects::area_code));
    if let Some(after) = after {
        query = query.filter(projects::id.gt(after));
    }
    let columns = (ProjectRow::as_select(), compound_names::name, organisation_names::name.nullable());
    Ok(query.order(projects::id.asc()).limit(fetch).select(columns).load(c)?)
}

pub fn count(c: &mut Conn, sight: &Sight, campaign: RatingCampaignId) -> Result<i64> {
    let of = projects::table.into_boxed::<platform::db::Backend>().filter(projects::campaign_id.eq(campaign));
    Ok(of.filter(platform::in_ranges!(sight.seen.ranges(), projects::area_code)).count().get_result(c)?)
}

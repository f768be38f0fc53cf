//! 评分人: who scores what. Whoever is bound to whom they would score is refused here, and again when they score.

use std::collections::HashSet;

use diesel::prelude::*;
use platform::db::{Backend, Conn};
use platform::error::OrConflict;
use platform::history::{ActorId, By, record, record_first};
use platform::{FieldError, Result, insert_rows};
use registry::identity::AccountId;
use serde_json::json;

use super::conflicts::Ties;
use super::projects::{self, Named};
use super::rows::{AssessorRow, AssignmentRow, CampaignRow, ProjectRow};
use super::saved;
use crate::names::{compound_names, live_accounts, organisation_names};
use crate::ratings::dto::{
    RatingAssessorId, RatingAssessorIn, RatingCampaignId, RatingCampaignStatus, RatingProjectId, RatingRound,
    RatingScorer, RatingSheetId, RatingSheetStatus,
};
use crate::ratings::rules::conflicts::refuse;
use crate::ratings::rules::{ALREADY_ON_PANEL, NOT_ASSESSING, NOT_ASSESSOR, PROJECT_UNKNOWN};
use crate::schema::{
    rating_assessors as assessors, rating_assignments as assignments, rating_campaigns as campaigns,
    rating_projects as projects_table, rating_sheets as sheets,
};

/// The entity of an assessor's events.
pub const ENTITY: &str = "rating_assessor";

/// An assessor with what they score.
#[derive(Debug, Clone)]
pub struct Assigned {
    pub row: AssessorRow,
    pub projects: Vec<RatingProjectId>,
}

/// Puts an account on a panel and gives it projects, or more projects where it is on that panel already. All or none.
pub fn assign(c: &mut Conn, campaign: &CampaignRow, new: &RatingAssessorIn, by: &By) -> Result<Assigned> {
    use RatingCampaignStatus::{Assessing, Claiming};
    if !matches!(campaign.status, Claiming | Assessing) {
        return Err((&NOT_ASSESSING).into());
    }
    let asked = asked_projects(c, campaign, &new.project_ids)?;
    check(c, new.account_id, &asked, by)?;
    give(c, campaign, (new.account_id, new.panel), &new.project_ids, RatingRound::First, by)
}

fn asked_projects(c: &mut Conn, campaign: &CampaignRow, ids: &[RatingProjectId]) -> Result<Vec<ProjectRow>> {
    let mut found = projects::among(c, campaign.id, ids)?;
    let at = |place: usize| PROJECT_UNKNOWN.at(format!("/project_ids/{place}"));
    // One that is named twice is found once only.
    ids.iter().enumerate().map(|(place, id)| found.remove(id).ok_or_else(|| at(place))).collect()
}

/// Whether the account is an assessor there and bound to none of them; each fault names its project.
pub fn check(c: &mut Conn, account: AccountId, asked: &[ProjectRow], by: &By) -> Result<()> {
    let known: i64 = live_accounts::table
        .filter(live_accounts::id.eq(account).and(live_accounts::disabled_at.is_null()))
        .count()
        .get_result(c)?;
    let ties = Ties::of(c, account, &asked.iter().collect::<Vec<_>>(), by.today)?;
    if known == 0 || asked.iter().any(|project| !ties.may_assess(project)) {
        return Err(NOT_ASSESSOR.at("/account_id"));
    }
    let fault = |(place, project): (usize, &ProjectRow)| {
        ties.to(project).map(|conflict| conflict.fault(format!("/project_ids/{place}")))
    };
    refuse(asked.iter().enumerate().filter_map(fault).collect())
}

/// The same again for one project, when its sheet is written: what bound nobody then may bind now.
pub fn check_again(c: &mut Conn, account: AccountId, project: &ProjectRow, by: &By) -> Result<()> {
    let ties = Ties::of(c, account, &[project], by.today)?;
    let faults: Vec<FieldError> = ties.to(project).map(|conflict| conflict.fault("/project_id")).into_iter().collect();
    refuse(faults)
}

/// Writes down the tasks; the caller has checked them.
pub fn give(
    c: &mut Conn,
    campaign: &CampaignRow,
    (account, panel): (AccountId, RatingScorer),
    ids: &[RatingProjectId],
    round: RatingRound,
    by: &By,
) -> Result<Assigned> {
    let row = match of_account(c, campaign.id, account)? {
        Some(row) if row.panel == panel => more(c, row, by)?,
        Some(_) => return Err(ALREADY_ON_PANEL.at("/account_id")),
        None => first(c, campaign, account, panel, by)?,
    };
    let has: HashSet<RatingProjectId> = projects_of(c, row.id)?.into_iter().collect();
    let fresh = ids.iter().filter(|id| !has.contains(id));
    let rows: Vec<AssignmentRow> =
        fresh.map(|id| AssignmentRow { assessor_id: row.id, project_id: *id, round }).collect();
    insert_rows!(c, assignments::table, rows.iter().collect())?;
    with_projects(c, row)
}

fn first(
    c: &mut Conn,
    campaign: &CampaignRow,
    account_id: AccountId,
    panel: RatingScorer,
    by: &By,
) -> Result<AssessorRow> {
    let row = AssessorRow {
        id: RatingAssessorId::fresh(),
        campaign_id: campaign.id,
        account_id,
        panel,
        assigned_by: by.actor.map(ActorId),
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(assessors::table).values(&row).execute(c).or_conflict(&ALREADY_ON_PANEL)?;
    let data = json!({ "campaign_id": row.campaign_id, "account_id": row.account_id, "panel": row.panel });
    record_first(c, by.event(ENTITY, row.id, 1, "rating_assessor.assigned", &campaign.area_code, data))?;
    Ok(row)
}

fn more(c: &mut Conn, row: AssessorRow, by: &By) -> Result<AssessorRow> {
    let after = AssessorRow { version: row.version + 1, updated_at: by.at, ..row.clone() };
    saved!(c, assessors, row, after)?;
    let area: String = campaigns::table.find(row.campaign_id).select(campaigns::area_code).first(c)?;
    record(c, by.event(ENTITY, row.id, after.version, "rating_assessor.given_more", &area, json!({})))?;
    Ok(after)
}

pub fn of_account(c: &mut Conn, campaign: RatingCampaignId, account: AccountId) -> Result<Option<AssessorRow>> {
    let of = assessors::table.filter(assessors::campaign_id.eq(campaign).and(assessors::account_id.eq(account)));
    Ok(of.select(AssessorRow::as_select()).first(c).optional()?)
}

pub fn get(c: &mut Conn, id: RatingAssessorId) -> Result<AssessorRow> {
    Ok(assessors::table.find(id).select(AssessorRow::as_select()).first(c)?)
}

fn projects_of(c: &mut Conn, id: RatingAssessorId) -> Result<Vec<RatingProjectId>> {
    let of = assignments::table.filter(assignments::assessor_id.eq(id)).order(assignments::project_id);
    Ok(of.select(assignments::project_id).load(c)?)
}

/// In which round an assessor scores a project; nothing where it is not theirs.
pub fn task(c: &mut Conn, id: RatingAssessorId, project: RatingProjectId) -> Result<Option<RatingRound>> {
    Ok(assignments::table.find((id, project)).select(assignments::round).first(c).optional()?)
}

pub fn with_projects(c: &mut Conn, row: AssessorRow) -> Result<Assigned> {
    let projects = projects_of(c, row.id)?;
    Ok(Assigned { row, projects })
}

/// By id, oldest first; of a campaign that the caller runs. Two statements.
pub fn list(
    c: &mut Conn,
    campaign: RatingCampaignId,
    (after, fetch): (Option<RatingAssessorId>, i64),
) -> Result<Vec<Assigned>> {
    let mut query = assessors::table.into_boxed::<Backend>().filter(assessors::campaign_id.eq(campaign));
    if let Some(after) = after {
        query = query.filter(assessors::id.gt(after));
    }
    let rows: Vec<AssessorRow> =
        query.order(assessors::id.asc()).limit(fetch).select(AssessorRow::as_select()).load(c)?;
    let ids: Vec<RatingAssessorId> = rows.iter().map(|row| row.id).collect();
    let pairs: Vec<(RatingAssessorId, RatingProjectId)> = assignments::table
        .filter(assignments::assessor_id.eq_any(ids))
        .order((assignments::assessor_id, assignments::project_id))
        .select((assignments::assessor_id, assignments::project_id))
        .load(c)?;
    let with = |row: AssessorRow| Assigned {
        projects: pairs.iter().filter(|(of, _)| *of == row.id).map(|(_, project)| *project).collect(),
        row,
    };
    Ok(rows.into_iter().map(with).collect())
}

pub fn count(c: &mut Conn, campaign: RatingCampaignId) -> Result<i64> {
    Ok(assessors::table.filter(assessors::campaign_id.eq(campaign)).count().get_result(c)?)
}

/// A project that an account scores, with its own sheet where it has begun one.
#[derive(Debug, Clone)]
pub struct Task {
    pub project: Named,
    pub panel: RatingScorer,
    pub round: RatingRound,
    pub sheet: Option<(RatingSheetId, RatingSheetStatus)>,
}

/// What an account is to score, the latest first. One statement.
pub fn tasks(c: &mut Conn, account: AccountId, (before, fetch): (Option<RatingProjectId>, i64)) -> Result<Vec<Task>> {
    let own = sheets::project_id.eq(assignments::project_id).and(sheets::assessor_id.eq(assignments::assessor_id));
    let mut query = assignments::table
        .inner_join(assessors::table.on(assessors::id.eq(assignments::assessor_id)))
        .inner_join(projects_table::table.on(projects_table::id.eq(assignments::project_id)))
        .inner_join(compound_names::table.on(compound_names::id.eq(projects_table::compound_id)))
        .left_join(organisation_names::table.on(projects_table::company_id.eq(organisation_names::id.nullable())))
        .left_join(sheets::table.on(own))
        .into_boxed::<Backend>()
        .filter(assessors::account_id.eq(account));
    if let Some(before) = before {
        query = query.filter(projects_table::id.lt(before));
    }
    let columns = (
        ProjectRow::as_select(),
        compound_names::name,
        organisation_names::name.nullable(),
        assessors::panel,
        assignments::round,
        (sheets::id, sheets::status).nullable(),
    );
    let rows: Vec<TaskRow> = query.order(projects_table::id.desc()).limit(fetch).select(columns).load(c)?;
    Ok(rows.into_iter().map(Task::from).collect())
}

type TaskRow =
    (ProjectRow, String, Option<String>, RatingScorer, RatingRound, Option<(RatingSheetId, RatingSheetStatus)>);

impl From<TaskRow> for Task {
    fn from((row, compound_name, company_name, panel, round, sheet): TaskRow) -> Self {
        Self { project: Named { row, compound_name, company_name }, panel, round, sheet }
    }
}

pub fn count_tasks(c: &mut Conn, account: AccountId) -> Result<i64> {
    let own = assignments::table.inner_join(assessors::table.on(assessors::id.eq(assignments::assessor_id)));
    Ok(own.filter(assessors::account_id.eq(account)).count().get_result(c)?)
}

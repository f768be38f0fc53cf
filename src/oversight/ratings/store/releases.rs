//! 解除分配: an assessor who can no longer score is let go of what they have not scored yet, so that somebody else may. What is
//! submitted stays.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use platform::Result;
use platform::db::Conn;
use platform::history::{By, record};
use serde_json::json;

use super::assessors::{self, Assigned};
use super::rows::{AssessorRow, CampaignRow, SheetRow};
use super::{appeals, saved};
use crate::ratings::dto::{
    RatingCampaignStatus, RatingProjectId, RatingRound, RatingSheetStatus, ReleaseRatingAssessorIn,
};
use crate::ratings::rules::{NOT_ASSESSING, NOT_ON_PANEL, RELEASED_LATE};
use crate::schema::{
    rating_assessors as assessors_table, rating_assignments as assignments, rating_points as points,
    rating_sheets as sheets,
};

type Tasks = HashMap<RatingProjectId, RatingRound>;

/// Takes the named projects from an assessor, or all that are left, with the drafts that were begun of them. All or none.
pub fn release(c: &mut Conn, campaign: &CampaignRow, body: &ReleaseRatingAssessorIn, by: &By) -> Result<Assigned> {
    let row = assessors_table::table
        .find(body.assessor_id)
        .filter(assessors_table::campaign_id.eq(campaign.id))
        .select(AssessorRow::as_select())
        .first::<AssessorRow>(c)
        .optional()?
        .ok_or_else(|| NOT_ON_PANEL.at("/assessor_id"))?;
    let own: Vec<SheetRow> =
        sheets::table.filter(sheets::assessor_id.eq(row.id)).select(SheetRow::as_select()).load(c)?;
    let tasks = tasks_of(c, &row)?;
    let asked = asked(body, &tasks, &own)?;
    for (place, project) in asked.iter().enumerate() {
        check(c, campaign, (place, *project), &tasks)?;
    }
    for sheet in own.iter().filter(|sheet| asked.contains(&sheet.project_id)) {
        discard(c, campaign, sheet, by)?;
    }
    let target = assignments::table.filter(assignments::assessor_id.eq(row.id));
    diesel::delete(target.filter(assignments::project_id.eq_any(&asked))).execute(c)?;
    let after = AssessorRow { version: row.version + 1, updated_at: by.at, ..row.clone() };
    saved!(c, assessors_table, row, after)?;
    let data = json!({ "project_ids": asked, "reason": body.reason });
    let event =
        by.event(assessors::ENTITY, row.id, after.version, "rating_assessor.released", &campaign.area_code, data);
    record(c, event)?;
    assessors::with_projects(c, after)
}

fn tasks_of(c: &mut Conn, row: &AssessorRow) -> Result<Tasks> {
    let of = assignments::table.filter(assignments::assessor_id.eq(row.id));
    Ok(of.select((assignments::project_id, assignments::round)).load(c)?.into_iter().collect())
}

/// Which projects are meant: the named ones, none of which is scored, or all that are not.
fn asked(body: &ReleaseRatingAssessorIn, tasks: &Tasks, own: &[SheetRow]) -> Result<Vec<RatingProjectId>> {
    let scored: HashSet<RatingProjectId> =
        own.iter().filter(|sheet| sheet.status == RatingSheetStatus::Submitted).map(|sheet| sheet.project_id).collect();
    if body.project_ids.is_empty() {
        let mut left: Vec<RatingProjectId> = tasks.keys().copied().filter(|id| !scored.contains(id)).collect();
        left.sort_unstable();
        return if left.is_empty() { Err((&RELEASED_LATE).into()) } else { Ok(left) };
    }
    for (place, id) in body.project_ids.iter().enumerate() {
        let at = format!("/project_ids/{place}");
        if !tasks.contains_key(id) {
            return Err(NOT_ON_PANEL.at(at));
        }
        if scored.contains(id) {
            return Err(RELEASED_LATE.at(at));
        }
    }
    Ok(body.project_ids.clone())
}

/// As long as there is something to score: the first round until the campaign is collated, a review while its appeal waits.
fn check(
    c: &mut Conn,
    campaign: &CampaignRow,
    (place, project): (usize, RatingProjectId),
    tasks: &Tasks,
) -> Result<()> {
    use RatingCampaignStatus::{Assessing, Claiming};
    let open = match tasks.get(&project) {
        Some(RatingRound::Review) => appeals::is_waiting(c, project)?,
        _ => matches!(campaign.status, Claiming | Assessing),
    };
    if open { Ok(()) } else { Err(NOT_ASSESSING.at(format!("/project_ids/{place}"))) }
}

/// A draft is nothing yet; that there was one stays in the history.
fn discard(c: &mut Conn, campaign: &CampaignRow, sheet: &SheetRow, by: &By) -> Result<()> {
    diesel::delete(points::table.filter(points::sheet_id.eq(sheet.id))).execute(c)?;
    diesel::delete(sheets::table.find(sheet.id)).execute(c)?;
    let data = json!({ "project_id": sheet.project_id });
    let version = sheet.version + 1;
    record(c, by.event(super::sheets::ENTITY, sheet.id, version, "rating_sheet.discarded", &campaign.area_code, data))
}

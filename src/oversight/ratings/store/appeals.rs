//! 申诉与复核: raised in the window, reviewed by others than those who scored, decided once.

use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Json};
use platform::error::OrConflict;
use platform::history::{ActorId, By, record, record_first};
use platform::{Error, Result, in_ranges};
use registry::identity::AccountId;
use serde_json::json;

use super::assessors::{self, Assigned};
use super::rows::{AppealRow, CampaignRow, FactRow, ProjectRow, ResultRow};
use super::sight::Sight;
use super::{campaigns, collation, facts, projects, results, saved, sheets};
use crate::ratings::dto::{
    DecideRatingAppealIn, RatingAppealId, RatingAppealIn, RatingAppealOutcome, RatingAppealQuery, RatingAppealStatus,
    RatingCampaignStatus, RatingProjectId, RatingResultId, RatingReviewerIn, RatingRound,
};
use crate::ratings::rules::{
    APPEAL_DECIDED, APPEAL_EXISTS, FACT_UNKNOWN, NO_OBJECTION_UPHELD, NOT_REVIEWER, NOT_YOUR_COMPANY, NOTHING_REVISED,
    SCORED_BEFORE, SCORER_MISSING, WINDOW_OVER,
};
use crate::schema::{
    rating_appeals as appeals, rating_assessors as assessors_table, rating_assignments as assignments,
    rating_projects as projects_table,
};

/// The entity of an appeal's events.
pub const ENTITY: &str = "rating_appeal";

/// Raises an appeal: by the company itself, or ex officio by the authority where an objection to the posting was upheld.
pub fn raise(
    c: &mut Conn,
    sight: &Sight,
    (result, campaign): (&ResultRow, &CampaignRow),
    new: &RatingAppealIn,
    by: &By,
) -> Result<AppealRow> {
    let campaign = campaigns::hold(c, campaign.id)?;
    let in_time = campaign.appeals_until.is_some_and(|until| by.today <= until);
    if campaign.status != RatingCampaignStatus::Appeals || !in_time {
        return Err((&WINDOW_OVER).into());
    }
    let ex_officio = check_standing(sight, result, &campaign)?;
    let row = AppealRow {
        id: RatingAppealId::fresh(),
        result_id: result.id,
        project_id: result.project_id,
        campaign_id: campaign.id,
        area_code: result.area_code.clone(),
        grounds: new.grounds.clone(),
        evidence: new.evidence.clone(),
        ex_officio,
        status: RatingAppealStatus::Raised,
        raised_by: by.actor.map(ActorId),
        raised_at: by.at,
        contested: Json(json!({ "score": result.score, "star": result.star })),
        decision: None,
        decided_by: None,
        decided_at: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(appeals::table).values(&row).execute(c).or_conflict(&APPEAL_EXISTS)?;
    let data = json!({ "result_id": row.result_id, "ex_officio": ex_officio });
    record_first(c, by.event(ENTITY, row.id, 1, "rating_appeal.raised", &row.area_code, data))?;
    Ok(row)
}

/// Whether it is raised ex officio: not by the company that the result is about.
fn check_standing(sight: &Sight, result: &ResultRow, campaign: &CampaignRow) -> Result<bool> {
    if result.company_id.is_some_and(|company| sight.companies.contains(&company)) {
        Ok(false)
    } else if !sight.overseen.covers(&result.area_code) {
        Err((&NOT_YOUR_COMPANY).into())
    } else if campaign.objections_upheld == 0 {
        Err((&NO_OBJECTION_UPHELD).into())
    } else {
        Ok(true)
    }
}

/// Puts a reviewer on an appeal: an assessor there whom nothing binds, and who has not scored it.
pub fn add_reviewer(c: &mut Conn, row: &AppealRow, new: &RatingReviewerIn, by: &By) -> Result<Assigned> {
    refuse_decided(row)?;
    let project = projects::get(c, row.project_id)?;
    if is_assigned(c, row.project_id, new.account_id, RatingRound::First)? {
        return Err(SCORED_BEFORE.at("/account_id"));
    }
    assessors::check(c, new.account_id, std::slice::from_ref(&project), by)?;
    let campaign = campaigns::get(c, row.campaign_id)?;
    assessors::give(c, &campaign, (new.account_id, new.panel), &[project.id], RatingRound::Review, by)
}

fn is_assigned(c: &mut Conn, project: RatingProjectId, account: AccountId, round: RatingRound) -> Result<bool> {
    let task = assignments::table
        .inner_join(assessors_table::table.on(assessors_table::id.eq(assignments::assessor_id)))
        .filter(assignments::project_id.eq(project).and(assignments::round.eq(round)))
        .filter(assessors_table::account_id.eq(account));
    Ok(task.count().get_result::<i64>(c)? > 0)
}

/// Whether an appeal about a project waits for its review.
pub fn is_waiting(c: &mut Conn, project: RatingProjectId) -> Result<bool> {
    let waiting =
        appeals::table.filter(appeals::project_id.eq(project).and(appeals::status.eq(RatingAppealStatus::Raised)));
    Ok(waiting.count().get_result::<i64>(c)? > 0)
}

/// Decided by a reviewer. Where it is revised, the result is computed anew from the sheets of the review and without the facts
/// that it struck out.
pub fn decide(c: &mut Conn, row: &AppealRow, body: &DecideRatingAppealIn, by: &By) -> Result<AppealRow> {
    refuse_decided(row)?;
    let account = AccountId(by.actor.unwrap_or_default());
    if !is_assigned(c, row.project_id, account, RatingRound::Review)? {
        return Err((&NOT_REVIEWER).into());
    }
    let project = projects::get(c, row.project_id)?;
    assessors::check_again(c, account, &project, by)?;
    let status = match body.outcome {
        RatingAppealOutcome::Upheld => RatingAppealStatus::Upheld,
        RatingAppealOutcome::Revised => {
            revise(c, row, &project, body, by)?;
            RatingAppealStatus::Revised
        }
    };
    let after = AppealRow {
        status,
        decision: Some(body.decision.clone()),
        decided_by: by.actor.map(ActorId),
        decided_at: Some(by.at),
        version: row.version + 1,
        updated_at: by.at,
        ..row.clone()
    };
    saved!(c, appeals, row, after)?;
    let event = if status == RatingAppealStatus::Upheld { "rating_appeal.upheld" } else { "rating_appeal.revised" };
    record(c, by.event(ENTITY, row.id, after.version, event, &row.area_code, json!({ "result_id": row.result_id })))?;
    Ok(after)
}

fn revise(
    c: &mut Conn,
    row: &AppealRow,
    project: &ProjectRow,
    body: &DecideRatingAppealIn,
    by: &By,
) -> Result<ResultRow> {
    let struck = strike(c, project, body, by)?;
    let reviewed =
        sheets::submitted_of(c, project.id)?.iter().filter(|sheet| sheet.round == RatingRound::Review).count();
    if struck == 0 && reviewed == 0 {
        return Err((&NOTHING_REVISED).into());
    }
    let campaign = campaigns::get(c, row.campaign_id)?;
    let outcome = collation::of_one(c, &campaign, project.id)?.map_err(|_| Error::from(&SCORER_MISSING))?;
    let before = results::get(c, row.result_id)?;
    let after = ResultRow { revised_at: Some(by.at), ..results::with_outcome(&before, &outcome) };
    let data = json!({ "appeal_id": row.id, "from": { "score": before.score, "star": before.star },
        "to": { "score": after.score, "star": after.star } });
    results::save(c, &before, after, "rating_result.revised", data, by)
}

/// Strikes out the facts that the review found not to hold.
fn strike(c: &mut Conn, project: &ProjectRow, body: &DecideRatingAppealIn, by: &By) -> Result<usize> {
    let facts: Vec<FactRow> = facts::of_project(c, project.id)?;
    for (place, id) in body.struck_fact_ids.iter().enumerate() {
        let fact = facts.iter().find(|fact| fact.id == *id && fact.struck_at.is_none());
        let fact = fact.ok_or_else(|| FACT_UNKNOWN.at(format!("/struck_fact_ids/{place}")))?;
        facts::strike_out(c, fact, &body.decision, by)?;
    }
    Ok(body.struck_fact_ids.len())
}

fn refuse_decided(row: &AppealRow) -> Result<()> {
    if row.status == RatingAppealStatus::Raised { Ok(()) } else { Err((&APPEAL_DECIDED).into()) }
}

/// Who reads appeals: overseers and assessors those of their area, a company its own.
#[derive(Debug, Clone)]
pub struct Reader {
    pub areas: Visible,
    pub sight: Sight,
}

pub fn find(c: &mut Conn, reader: &Reader, id: RatingAppealId) -> Result<AppealRow> {
    let (row, project): (AppealRow, ProjectRow) = appeals::table
        .inner_join(projects_table::table.on(projects_table::id.eq(appeals::project_id)))
        .filter(appeals::id.eq(id))
        .select((AppealRow::as_select(), ProjectRow::as_select()))
        .first(c)?;
    let seen = reader.areas.covers(&row.area_code) || reader.sight.is_of(&row.area_code, project.company_id);
    if seen { Ok(row) } else { Err(Error::NotFound) }
}

/// That about a result, whoever asks.
pub fn of_result(c: &mut Conn, result: RatingResultId) -> Result<Option<AppealRow>> {
    let of = appeals::table.filter(appeals::result_id.eq(result));
    Ok(of.select(AppealRow::as_select()).first(c).optional()?)
}

/// The appeals that a reader reads.
macro_rules! filtered {
    ($reader:expr, $filter:expr) => {{
        let (reader, filter): (&Reader, &RatingAppealQuery) = ($reader, $filter);
        let own = projects_table::company_id
            .is_not_null()
            .and(projects_table::company_id.assume_not_null().eq_any(reader.sight.companies.clone()));
        let mut query = appeals::table
            .inner_join(projects_table::table.on(projects_table::id.eq(appeals::project_id)))
            .into_boxed::<Backend>()
            .filter(in_ranges!(reader.areas.ranges(), appeals::area_code).or(own));
        if let Some(campaign) = filter.campaign_id {
            query = query.filter(appeals::campaign_id.eq(campaign));
        }
        if let Some(status) = filter.status {
            query = query.filter(appeals::status.eq(status));
        }
        query
    }};
}

/// By id, the newest first.
pub fn list(
    c: &mut Conn,
    reader: &Reader,
    (before, fetch): (Option<RatingAppealId>, i64),
    filter: &RatingAppealQuery,
) -> Result<Vec<AppealRow>> {
    let mut query = filtered!(reader, filter);
    if let Some(before) = before {
        query = query.filter(appeals::id.lt(before));
    }
    Ok(query.order(appeals::id.desc()).limit(fetch).select(AppealRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, reader: &Reader, filter: &RatingAppealQuery) -> Result<i64> {
    Ok(filtered!(reader, filter).count().get_result(c)?)
}

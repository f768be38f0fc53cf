//! 对标认领: what companies claim for their projects.

use std::collections::HashMap;

use diesel::prelude::*;
use platform::db::{Backend, Conn, Json};
use platform::error::OrConflict;
use platform::history::{ActorId, By, record, record_first};
use platform::{Error, Result, in_ranges};
use registry::identity::AccountId;
use roster::organisations::{OrganisationId, filed_price};
use serde_json::json;

use super::rows::{CampaignRow, ClaimRow, IndicatorRow, ProjectRow};
use super::sight::Sight;
use super::{campaigns, indicators, projects, saved, schemes};
use crate::ratings::dto::{
    RatingCampaignId, RatingCampaignStatus, RatingClaimId, RatingClaimIn, RatingClaimStatus, RatingProjectId,
};
use crate::ratings::rules::claims::{check_filed, check_price};
use crate::ratings::rules::score::{Answered, of_sheet};
use crate::ratings::rules::sheets::{Asked, Given, check_answers};
use crate::ratings::rules::{
    CLAIM_EXISTS, CLAIM_WITHDRAWN, INDICATOR_UNKNOWN, NOT_CLAIMING, NOT_YOUR_COMPANY, PROJECT_UNKNOWN,
};
use crate::schema::{rating_assessors as assessors, rating_assignments as assignments, rating_claims as claims};

/// The entity of a claim's events.
pub const ENTITY: &str = "rating_claim";

/// The projects that an account scores, in whatever round.
macro_rules! scored_by {
    ($account:expr) => {
        assignments::table
            .inner_join(assessors::table.on(assessors::id.eq(assignments::assessor_id)))
            .filter(assessors::account_id.eq($account))
            .select(assignments::project_id)
    };
}

/// Claims a star for a project of one's own company.
pub fn submit(
    c: &mut Conn,
    sight: &Sight,
    campaign: RatingCampaignId,
    new: &RatingClaimIn,
    by: &By,
) -> Result<ClaimRow> {
    let campaign = campaigns::hold(c, campaign)?;
    if campaign.status != RatingCampaignStatus::Claiming {
        return Err((&NOT_CLAIMING).into());
    }
    let (project, company) = own_project(c, sight, &campaign, new)?;
    let terms = schemes::get(c, campaign.scheme_id)?.terms()?;
    check_price(&terms, new.target_star, new.charged_fen)?;
    check_filed(filed_price(c, company, project.compound_id, by.today)?, new.charged_fen)?;
    let asked = indicators::of_scheme(c, campaign.scheme_id)?;
    check_self(&asked, new)?;
    let row = ClaimRow {
        id: RatingClaimId::fresh(),
        project_id: project.id,
        campaign_id: campaign.id,
        company_id: company,
        area_code: project.area_code,
        target_star: new.target_star,
        charged_fen: new.charged_fen,
        self_score: self_score(&asked, new, &terms.dimensions),
        self_points: Json(json!(new.self_points)),
        evidence: Json(json!(new.evidence)),
        note: new.note.clone(),
        status: RatingClaimStatus::Submitted,
        withdraw_reason: None,
        claimed_by: by.actor.map(ActorId),
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(claims::table).values(&row).execute(c).or_conflict(&CLAIM_EXISTS)?;
    let data = json!({ "project_id": row.project_id, "target_star": row.target_star, "charged_fen": row.charged_fen });
    record_first(c, by.event(ENTITY, row.id, 1, "rating_claim.submitted", &row.area_code, data))?;
    Ok(row)
}

fn own_project(
    c: &mut Conn,
    sight: &Sight,
    campaign: &CampaignRow,
    new: &RatingClaimIn,
) -> Result<(ProjectRow, OrganisationId)> {
    let found = projects::among(c, campaign.id, &[new.project_id])?.remove(&new.project_id);
    let project = found
        .filter(|project| sight.seen.covers(&project.area_code))
        .ok_or_else(|| PROJECT_UNKNOWN.at("/project_id"))?;
    match project.company_id.filter(|company| sight.companies.contains(company)) {
        Some(company) => Ok((project, company)),
        None => Err((&NOT_YOUR_COMPANY).into()),
    }
}

/// Own points and evidence are to indicators of the scheme, whoever scores them.
fn check_self(rows: &[IndicatorRow], new: &RatingClaimIn) -> Result<()> {
    let asked: Vec<Asked> = rows
        .iter()
        .map(|row| Asked { code: row.code.clone(), dimension: row.dimension, max: row.max_points, veto: false })
        .collect();
    let given: Vec<Given<'_>> = new
        .self_points
        .iter()
        .map(|own| Given { code: &own.code, points: Some(own.points), vetoed: false, noted: false })
        .collect();
    check_answers(&asked, &given, "/self_points")?;
    match new.evidence.iter().position(|one| !rows.iter().any(|row| row.code == one.code)) {
        Some(at) => Err(INDICATOR_UNKNOWN.at(format!("/evidence/{at}/code"))),
        None => Ok(()),
    }
}

/// Shown beside what counts; nothing where the company gave itself no points.
fn self_score(
    rows: &[IndicatorRow],
    new: &RatingClaimIn,
    weights: &crate::ratings::rules::terms::DimensionWeights,
) -> Option<i32> {
    let of: HashMap<&str, i32> = new.self_points.iter().map(|own| (own.code.as_str(), own.points)).collect();
    let answers = rows.iter().map(|row| Answered {
        dimension: row.dimension,
        points: of.get(row.code.as_str()).copied(),
        max: row.max_points,
    });
    of_sheet(weights, answers).1
}

/// 撤回: while claims are taken, so that another may be made.
pub fn withdraw(c: &mut Conn, row: &ClaimRow, reason: &str, by: &By) -> Result<ClaimRow> {
    if row.status != RatingClaimStatus::Submitted {
        return Err((&CLAIM_WITHDRAWN).into());
    }
    if campaigns::hold(c, row.campaign_id)?.status != RatingCampaignStatus::Claiming {
        return Err((&NOT_CLAIMING).into());
    }
    let after = ClaimRow {
        status: RatingClaimStatus::Withdrawn,
        withdraw_reason: Some(reason.to_owned()),
        version: row.version + 1,
        updated_at: by.at,
        ..row.clone()
    };
    saved!(c, claims, row, after)?;
    record(c, by.event(ENTITY, after.id, after.version, "rating_claim.withdrawn", &after.area_code, json!({})))?;
    Ok(after)
}

/// A claim that the caller reads: an overseer there, its company, or who scores the project.
pub fn find(c: &mut Conn, sight: &Sight, id: RatingClaimId) -> Result<ClaimRow> {
    let row: ClaimRow = claims::table.find(id).select(ClaimRow::as_select()).first(c)?;
    let seen = sight.is_of(&row.area_code, Some(row.company_id)) || is_scored_by(c, sight.account, &row)?;
    if seen { Ok(row) } else { Err(Error::NotFound) }
}

fn is_scored_by(c: &mut Conn, account: AccountId, row: &ClaimRow) -> Result<bool> {
    let tasks = scored_by!(account).filter(assignments::project_id.eq(row.project_id));
    Ok(tasks.first::<RatingProjectId>(c).optional()?.is_some())
}

/// A claim of one's own company: 404 where it is not seen.
pub fn find_own(c: &mut Conn, sight: &Sight, id: RatingClaimId) -> Result<ClaimRow> {
    let row = find(c, sight, id)?;
    if sight.companies.contains(&row.company_id) { Ok(row) } else { Err((&NOT_YOUR_COMPANY).into()) }
}

/// That of a project which stands, whoever asks.
pub fn standing(c: &mut Conn, project: crate::ratings::dto::RatingProjectId) -> Result<Option<ClaimRow>> {
    let of = claims::table.filter(claims::project_id.eq(project).and(claims::status.eq(RatingClaimStatus::Submitted)));
    Ok(of.select(ClaimRow::as_select()).first(c).optional()?)
}

/// By id, oldest first.
pub fn list(
    c: &mut Conn,
    sight: &Sight,
    campaign: RatingCampaignId,
    (after, fetch): (Option<RatingClaimId>, i64),
) -> Result<Vec<ClaimRow>> {
    let mut query = filtered(sight, campaign);
    if let Some(after) = after {
        query = query.filter(claims::id.gt(after));
    }
    Ok(query.order(claims::id.asc()).limit(fetch).select(ClaimRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, sight: &Sight, campaign: RatingCampaignId) -> Result<i64> {
    Ok(filtered(sight, campaign).count().get_result(c)?)
}

fn filtered(sight: &Sight, campaign: RatingCampaignId) -> claims::BoxedQuery<'static, Backend> {
    let overseen = in_ranges!(sight.overseen.ranges(), claims::area_code);
    let own = claims::company_id.eq_any(sight.companies.clone());
    let scored = claims::project_id.eq_any(scored_by!(sight.account));
    claims::table.into_boxed::<Backend>().filter(claims::campaign_id.eq(campaign)).filter(overseen.or(own).or(scored))
}

//! 汇总: every project of a campaign at once. Few statements read what was scored, everything is computed in memory, and the
//! results are written as one list.

use std::collections::HashMap;

use diesel::prelude::*;
use platform::db::{Conn, Json};
use platform::error::{At, OrConflict};
use platform::history::{self, By, Chained};
use platform::{Error, FieldError, Result, insert_rows};
use serde_json::json;

use super::campaigns::{self, save};
use super::rows::{CampaignRow, FactRow, IndicatorRow, ProjectRow, ResultRow};
use super::{facts, indicators, projects, results, schemes, taken};
use crate::names::compound_names;
use crate::ratings::dto::{
    RatingCampaignId, RatingIndicatorId, RatingPanel, RatingProjectId, RatingResultId, RatingRound, RatingScorer,
    RatingSheetId, RatingSheetStatus,
};
use crate::ratings::rules::outcome::{Outcome, Scored, of_project};
use crate::ratings::rules::score::{Answered, of_sheet};
use crate::ratings::rules::states::{CampaignStep, target_of};
use crate::ratings::rules::terms::{DimensionWeights, SchemeTerms};
use crate::ratings::rules::{ALREADY_RATED, SCORER_MISSING};
use crate::schema::{rating_points as points, rating_results as results_table, rating_sheets as sheets};

/// As many missing scorers as a refusal names.
const MOST_NAMED: usize = 100;

/// A point as it counts: whose sheet, for what.
type Point = (RatingSheetId, RatingIndicatorId, Option<i32>, bool);
type Sheet = (RatingSheetId, RatingProjectId, RatingScorer, RatingRound);
type Sheets = HashMap<RatingProjectId, Vec<Scored>>;

/// Collates a campaign; refused, with nothing written, while a scorer is missing for any project.
pub fn collate(c: &mut Conn, row: &CampaignRow, by: &By) -> Result<CampaignRow> {
    let row = &campaigns::hold(c, row.id)?;
    let status = target_of(CampaignStep::Collate, row.status)?;
    let terms = schemes::get(c, row.scheme_id)?.terms()?;
    let indicators = indicators::of_scheme(c, row.scheme_id)?;
    let projects = projects::of_campaign(c, row.id)?;
    let scored = scored_in(c, row.id, &terms.dimensions, &indicators)?;
    taken::take(c, row, &projects, by)?;
    let facts = facts::of_campaign(c, row.id)?;
    let outcomes = outcomes(&terms, &projects, &scored, &facts);
    let rows = complete(c, &projects, outcomes, by)?;
    write(c, &rows, by)?;
    let after = CampaignRow { status, collated_at: Some(by.at), ..row.clone() };
    save(c, row, after, "rating_campaign.collated", json!({ "results": rows.len() }), by)
}

/// The submitted sheets of a campaign with their scores, by project. Two statements.
fn scored_in(
    c: &mut Conn,
    campaign: RatingCampaignId,
    weights: &DimensionWeights,
    indicators: &[IndicatorRow],
) -> Result<Sheets> {
    let submitted =
        || sheets::table.filter(sheets::campaign_id.eq(campaign).and(sheets::status.eq(RatingSheetStatus::Submitted)));
    let all: Vec<Sheet> = submitted().select((sheets::id, sheets::project_id, sheets::panel, sheets::round)).load(c)?;
    let given: Vec<Point> = points::table
        .filter(points::sheet_id.eq_any(submitted().select(sheets::id)))
        .order(points::sheet_id)
        .select((points::sheet_id, points::indicator_id, points::points, points::vetoed))
        .load(c)?;
    Ok(by_project(&all, &given, weights, indicators))
}

/// `given` comes sheet by sheet.
fn by_project(all: &[Sheet], given: &[Point], weights: &DimensionWeights, indicators: &[IndicatorRow]) -> Sheets {
    let known: HashMap<RatingIndicatorId, &IndicatorRow> = indicators.iter().map(|row| (row.id, row)).collect();
    let scores: HashMap<RatingSheetId, (Option<i32>, bool)> = given
        .chunk_by(|(sheet, ..), (next, ..)| sheet == next)
        .filter_map(|of| Some((of.first()?.0, score_of(of, weights, &known))))
        .collect();
    let mut found = Sheets::new();
    for (id, project, panel, round) in all {
        let (score, vetoed) = scores.get(id).copied().unwrap_or_default();
        found.entry(*project).or_default().push(Scored { panel: *panel, round: *round, score, vetoed });
    }
    found
}

fn score_of(
    of: &[Point],
    weights: &DimensionWeights,
    known: &HashMap<RatingIndicatorId, &IndicatorRow>,
) -> (Option<i32>, bool) {
    let answers = of.iter().filter_map(|(_, indicator, points, _)| {
        let row = known.get(indicator)?;
        Some(Answered { dimension: row.dimension, points: *points, max: row.max_points })
    });
    (of_sheet(weights, answers).1, of.iter().any(|(.., vetoed)| *vetoed))
}

type Missing = Vec<RatingPanel>;

fn outcomes(
    terms: &SchemeTerms,
    projects: &[ProjectRow],
    scored: &Sheets,
    facts: &HashMap<RatingProjectId, Vec<FactRow>>,
) -> Vec<Result<Outcome, Missing>> {
    let of = |project: &ProjectRow| {
        let sheets = scored.get(&project.id).map(Vec::as_slice).unwrap_or_default();
        let facts = facts.get(&project.id).map(Vec::as_slice).unwrap_or_default();
        of_project(terms, sheets, &facts::found(facts, false))
    };
    projects.iter().map(of).collect()
}

/// The results, where every project has one; otherwise who is missing where.
fn complete(
    c: &mut Conn,
    projects: &[ProjectRow],
    outcomes: Vec<Result<Outcome, Missing>>,
    by: &By,
) -> Result<Vec<ResultRow>> {
    let (mut rows, mut missing) = (Vec::with_capacity(projects.len()), Vec::new());
    for (project, outcome) in projects.iter().zip(outcomes) {
        match outcome {
            Ok(outcome) => rows.push(results::fresh(RatingResultId::fresh(), project, &outcome, by)),
            Err(panels) => missing.extend(panels.into_iter().map(|panel| (project, panel))),
        }
    }
    if missing.is_empty() { Ok(rows) } else { Err(refusal(c, &missing)?) }
}

fn refusal(c: &mut Conn, missing: &[(&ProjectRow, RatingPanel)]) -> Result<Error> {
    let named: Vec<_> = missing.iter().take(MOST_NAMED).collect();
    let ids: Vec<_> = named.iter().map(|(project, _)| project.compound_id).collect();
    let names: HashMap<_, String> = compound_names::table
        .filter(compound_names::id.eq_any(ids))
        .select((compound_names::id, compound_names::name))
        .load::<(registry::territory::dto::CompoundId, String)>(c)?
        .into_iter()
        .collect();
    let fault = |(project, panel): &&(&ProjectRow, RatingPanel)| {
        let name = names.get(&project.compound_id).map_or("", String::as_str);
        let at = At::Pointer(format!("/projects/{}/{panel}", project.id));
        FieldError::new(at, panel.as_str(), format!("{name} 缺少 {panel} 评分"), format!("{name} lacks {panel}"))
    };
    Ok(Error::Rule(&SCORER_MISSING, named.iter().map(fault).collect()))
}

/// Writes new results with the first event of each.
fn write(c: &mut Conn, rows: &[ResultRow], by: &By) -> Result<()> {
    insert_rows!(c, results_table::table, rows.iter().collect()).or_conflict(&ALREADY_RATED)?;
    let event = |row: &ResultRow| {
        let data = json!({ "score": row.score, "earned_star": row.earned_star, "star": row.star, "caps": row.caps });
        Chained::first(by.event(results::ENTITY, row.id, 1, "rating_result.collated", &row.area_code, data))
    };
    let events: Vec<Chained> = rows.iter().map(event).collect();
    history::write(c, &events.iter().collect::<Vec<_>>())
}

/// What comes out for one project now, from its submitted sheets and the facts that stand: for a review.
pub fn of_one(c: &mut Conn, campaign: &CampaignRow, project: RatingProjectId) -> Result<Result<Outcome, Missing>> {
    let terms = schemes::get(c, campaign.scheme_id)?.terms()?;
    let indicators = indicators::of_scheme(c, campaign.scheme_id)?;
    let all: Vec<Sheet> = sheets::table
        .filter(sheets::project_id.eq(project).and(sheets::status.eq(RatingSheetStatus::Submitted)))
        .select((sheets::id, sheets::project_id, sheets::panel, sheets::round))
        .load(c)?;
    let ids: Vec<RatingSheetId> = all.iter().map(|(id, ..)| *id).collect();
    let given: Vec<Point> = points::table
        .filter(points::sheet_id.eq_any(ids))
        .order(points::sheet_id)
        .select((points::sheet_id, points::indicator_id, points::points, points::vetoed))
        .load(c)?;
    let scored = by_project(&all, &given, &terms.dimensions, &indicators);
    let sheets = scored.get(&project).map(Vec::as_slice).unwrap_or_default();
    let facts = facts::of_project(c, project)?;
    Ok(of_project(&terms, sheets, &facts::found(&facts, false)))
}

/// As stored: which caps hold.
pub fn caps_json(outcome: &Outcome) -> Json {
    Json(json!(outcome.caps))
}

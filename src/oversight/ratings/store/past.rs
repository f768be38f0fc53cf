//! 补录: ratings that were made before the register was kept, with what came out by the document of the time, and for some
//! projects with every sheet. Their histories are chained as if they had been written in service, and are no news for the
//! outbox.

use diesel::prelude::*;
use platform::db::{Conn, Json, Ts};
use platform::history::{self, By, Event, EventRow};
use platform::insert_rows;
use platform::{Error, Result};
use registry::identity::AccountId;
use registry::territory::dto::{CompoundId, StarResultRef};
use registry::territory::store::stars::{ConfirmedStar, confirm_star};
use roster::organisations::OrganisationId;
use serde_json::{Value, json};
use uuid::Uuid;

use super::facts::found;
use super::rows::{
    AssessorRow, AssignmentRow, CampaignRow, FactRow, IndicatorRow, PointRow, ProjectRow, ResultRow, SchemeRow,
    SheetRow,
};
use super::{assessors, campaigns, facts, indicators, results, schemes, sheets};
use crate::ratings::dto::{
    IndicatorIn, RatingAssessorId, RatingCampaignId, RatingCampaignStatus, RatingFactId, RatingFactIn, RatingFactKind,
    RatingProjectId, RatingResultId, RatingRound, RatingSchemeId, RatingSchemeStatus, RatingScorer, RatingSheetId,
    RatingSheetStatus, SchemeTerms,
};
use crate::ratings::rules::outcome::{Outcome, Scored, of_project};
use crate::ratings::rules::score::{Answered, PanelScores, RatingCap, capped, caps_of, of_sheet, total};
use crate::schema::{
    rating_assessors as assessors_table, rating_assignments as assignments, rating_campaigns as campaigns_table,
    rating_facts as facts_table, rating_points as points, rating_projects as projects_table,
    rating_results as results_table, rating_schemes as schemes_table, rating_sheets as sheets_table,
};

/// A scheme that was published.
#[derive(Debug, Clone)]
pub struct PastScheme<'a> {
    pub id: RatingSchemeId,
    pub area_code: &'a str,
    pub title: &'a str,
    pub source: &'a str,
    pub terms: SchemeTerms,
    pub indicators: Vec<IndicatorIn>,
    pub at: Ts,
}

/// Who scored, and on which panel.
#[derive(Debug, Clone, Copy)]
pub struct PastAssessor {
    pub id: RatingAssessorId,
    pub account: AccountId,
    pub panel: RatingScorer,
}

/// A sheet that was submitted: for each indicator of its panel, in their order, the points.
#[derive(Debug, Clone)]
pub struct PastSheet {
    pub id: RatingSheetId,
    pub assessor: PastAssessor,
    pub points: Vec<Option<i32>>,
}

/// What is known of how a project was scored.
#[derive(Debug, Clone)]
pub enum PastScores {
    /// The panels' scores, from authority to satisfaction, by the document of the time.
    Recorded([i32; 4]),
    /// Every sheet.
    Sheets(Vec<PastSheet>),
}

/// A project that was rated.
#[derive(Debug, Clone)]
pub struct PastProject {
    pub id: RatingProjectId,
    pub result: RatingResultId,
    pub compound: CompoundId,
    pub company: OrganisationId,
    pub area_code: String,
    pub scores: PastScores,
    pub facts: Vec<(RatingFactId, RatingFactIn)>,
}

/// A campaign whose stars were confirmed.
#[derive(Debug, Clone)]
pub struct PastCampaign<'a> {
    pub id: RatingCampaignId,
    pub scheme: RatingSchemeId,
    pub area_code: &'a str,
    pub year: i32,
    pub quarter: i16,
    pub title: &'a str,
    pub status: RatingCampaignStatus,
    pub opened_at: Ts,
    pub confirmed_at: Ts,
    pub projects: Vec<PastProject>,
}

pub fn scheme(c: &mut Conn, past: &PastScheme<'_>, by: &By) -> Result<()> {
    past.terms.check()?;
    let row = SchemeRow {
        id: past.id,
        area_code: past.area_code.to_owned(),
        number: 1,
        title: past.title.to_owned(),
        source: past.source.to_owned(),
        demo: true,
        terms: Json(json!(past.terms)),
        status: RatingSchemeStatus::Draft,
        created_by: None,
        published_at: None,
        published_by: None,
        version: 1,
        created_at: past.at,
        updated_at: past.at,
    };
    let published =
        SchemeRow { status: RatingSchemeStatus::Published, published_at: Some(past.at), version: 2, ..row.clone() };
    insert_rows!(c, schemes_table::table, vec![&row])?;
    indicators::replace(c, row.id, &past.indicators)?;
    diesel::update(schemes_table::table.find(row.id)).set(&published).execute(c)?;
    let steps = [("rating_scheme.drafted", past.at), ("rating_scheme.published", past.at)];
    let events = chain(schemes::ENTITY, row.id.0, &row.area_code, &steps, &json!({ "number": 1 }), by);
    history::take_over(c, &events)
}

/// What is written of a campaign, table by table.
#[derive(Default)]
struct Rows {
    projects: Vec<ProjectRow>,
    assessors: Vec<AssessorRow>,
    assignments: Vec<AssignmentRow>,
    sheets: Vec<SheetRow>,
    points: Vec<PointRow>,
    facts: Vec<FactRow>,
    results: Vec<ResultRow>,
    events: Vec<EventRow>,
}

/// Writes a campaign, whole. Where `write_down`, its stars are those that the compounds have.
pub fn campaign(c: &mut Conn, past: &PastCampaign<'_>, write_down: bool, by: &By) -> Result<()> {
    let terms = schemes::get(c, past.scheme)?.terms()?;
    let known = indicators::of_scheme(c, past.scheme)?;
    let mut rows = Rows::default();
    for project in &past.projects {
        rows.rated(past, project, (&terms, &known), by)?;
    }
    insert_campaign(c, past, by)?;
    rows.write(c)?;
    if write_down {
        let as_of = platform::clock::date_in_shanghai(past.confirmed_at);
        for result in &rows.results {
            let star = ConfirmedStar { star: result.star, as_of, result: StarResultRef(result.id.0) };
            confirm_star(c, result.compound_id, &star, by)?;
        }
    }
    Ok(())
}

fn insert_campaign(c: &mut Conn, past: &PastCampaign<'_>, by: &By) -> Result<()> {
    let sheets = past.projects.iter().any(|project| matches!(project.scores, PastScores::Sheets(_)));
    let row = CampaignRow {
        title: past.title.to_owned(),
        status: past.status,
        recorded: !sheets,
        opened_at: Some(past.opened_at),
        collated_at: Some(past.confirmed_at),
        confirmed_at: Some(past.confirmed_at),
        version: 3,
        created_at: past.opened_at,
        updated_at: past.confirmed_at,
        ..campaigns::fresh(past.id, past.scheme, past.area_code, (past.year, past.quarter), by)
    };
    insert_rows!(c, campaigns_table::table, vec![&row])?;
    let steps = [
        ("rating_campaign.drafted", past.opened_at),
        ("rating_campaign.opened", past.opened_at),
        ("rating_campaign.confirmed", past.confirmed_at),
    ];
    let data = json!({ "projects": past.projects.len() });
    history::take_over(c, &chain(campaigns::ENTITY, row.id.0, &row.area_code, &steps, &data, by))
}

impl Rows {
    fn write(&self, c: &mut Conn) -> Result<()> {
        insert_rows!(c, projects_table::table, self.projects.iter().collect())?;
        insert_rows!(c, assessors_table::table, self.assessors.iter().collect())?;
        insert_rows!(c, assignments::table, self.assignments.iter().collect())?;
        insert_rows!(c, sheets_table::table, self.sheets.iter().collect())?;
        insert_rows!(c, points::table, self.points.iter().collect())?;
        insert_rows!(c, facts_table::table, self.facts.iter().collect())?;
        insert_rows!(c, results_table::table, self.results.iter().collect())?;
        history::take_over(c, &self.events)
    }

    fn rated(
        &mut self,
        past: &PastCampaign<'_>,
        project: &PastProject,
        (terms, known): (&SchemeTerms, &[IndicatorRow]),
        by: &By,
    ) -> Result<()> {
        let row = ProjectRow {
            id: project.id,
            campaign_id: past.id,
            compound_id: project.compound,
            company_id: Some(project.company),
            area_code: project.area_code.clone(),
            year: past.year,
            quarter: past.quarter,
            version: 1,
            created_at: past.opened_at,
        };
        let facts = self.found(&row, project, by);
        let (outcome, recorded) = match &project.scores {
            PastScores::Recorded(scores) => (recorded(terms, scores, &facts)?, true),
            PastScores::Sheets(all) => {
                let scored = all.iter().map(|sheet| self.scored(past, &row, sheet, (terms, known), by)).collect();
                let scored: Vec<Scored> = scored;
                let outcome = of_project(terms, &scored, &found(&facts, false));
                (outcome.map_err(|missing| Error::internal(format!("{missing:?} are missing")))?, false)
            }
        };
        self.came_out(past, project, &row, (&outcome, recorded), by);
        self.projects.push(row);
        Ok(())
    }

    fn found(&mut self, row: &ProjectRow, project: &PastProject, by: &By) -> Vec<FactRow> {
        let fact = |(id, new): &(RatingFactId, RatingFactIn)| FactRow { id: *id, ..facts::fresh(row, new, by) };
        let all: Vec<FactRow> = project.facts.iter().map(fact).collect();
        for fact in &all {
            let steps = [("rating_fact.recorded", fact.created_at)];
            let data = json!({ "project_id": row.id, "kind": fact.kind });
            self.events.extend(chain(facts::ENTITY, fact.id.0, &row.area_code, &steps, &data, by));
        }
        self.facts.extend(all.iter().cloned());
        all
    }

    fn scored(
        &mut self,
        past: &PastCampaign<'_>,
        row: &ProjectRow,
        sheet: &PastSheet,
        (terms, known): (&SchemeTerms, &[IndicatorRow]),
        by: &By,
    ) -> Scored {
        let PastAssessor { id: assessor_id, panel, .. } = sheet.assessor;
        self.assigned(past, row, sheet.assessor, by);
        let at = past.opened_at;
        self.sheets.push(SheetRow {
            id: sheet.id,
            project_id: row.id,
            campaign_id: past.id,
            assessor_id,
            panel,
            round: RatingRound::First,
            status: RatingSheetStatus::Submitted,
            submitted_at: Some(at),
            version: 2,
            created_at: at,
            updated_at: at,
        });
        let steps = [("rating_sheet.begun", at), ("rating_sheet.submitted", at)];
        let data = json!({ "project_id": row.id, "panel": panel });
        self.events.extend(chain(sheets::ENTITY, sheet.id.0, &row.area_code, &steps, &data, by));
        let asked: Vec<(&IndicatorRow, Option<i32>)> =
            known.iter().filter(|indicator| indicator.is_for(panel)).zip(sheet.points.iter().copied()).collect();
        self.points.extend(asked.iter().map(|(indicator, points)| PointRow {
            sheet_id: sheet.id,
            indicator_id: indicator.id,
            points: *points,
            vetoed: false,
            note: None,
        }));
        let answers = asked.iter().map(|(indicator, points)| Answered {
            dimension: indicator.dimension,
            points: *points,
            max: indicator.max_points,
        });
        let (_, score) = of_sheet(&terms.dimensions, answers);
        Scored { panel, round: RatingRound::First, score, vetoed: false }
    }

    fn assigned(&mut self, past: &PastCampaign<'_>, row: &ProjectRow, assessor: PastAssessor, by: &By) {
        let PastAssessor { id, account, panel } = assessor;
        if self.assessors.iter().all(|known| known.id != id) {
            self.assessors.push(AssessorRow {
                id,
                campaign_id: past.id,
                account_id: account,
                panel,
                assigned_by: None,
                version: 1,
                created_at: past.opened_at,
                updated_at: past.opened_at,
            });
            let steps = [("rating_assessor.assigned", past.opened_at)];
            let data = json!({ "campaign_id": past.id, "account_id": account, "panel": panel });
            self.events.extend(chain(assessors::ENTITY, id.0, past.area_code, &steps, &data, by));
        }
        self.assignments.push(AssignmentRow { assessor_id: id, project_id: row.id, round: RatingRound::First });
    }

    fn came_out(
        &mut self,
        past: &PastCampaign<'_>,
        project: &PastProject,
        row: &ProjectRow,
        (outcome, recorded): (&Outcome, bool),
        by: &By,
    ) {
        let result = ResultRow {
            recorded,
            confirmed_at: Some(past.confirmed_at),
            version: 2,
            created_at: past.confirmed_at,
            updated_at: past.confirmed_at,
            ..results::fresh(project.result, row, outcome, by)
        };
        let steps = [("rating_result.collated", past.confirmed_at), ("rating_result.confirmed", past.confirmed_at)];
        let data = json!({ "score": result.score, "star": result.star });
        self.events.extend(chain(results::ENTITY, result.id.0, &row.area_code, &steps, &data, by));
        self.results.push(result);
    }
}

/// By the panels' scores of the time and the facts that are known.
fn recorded(terms: &SchemeTerms, scores: &[i32; 4], facts: &[FactRow]) -> Result<Outcome> {
    let [authority, association, peer, satisfaction] = scores.map(Some);
    let panels = PanelScores { authority, association, peer, satisfaction };
    let score = total(&terms.panels, &panels).ok_or_else(|| Error::internal("a panel without a score"))?;
    let known = found(facts, false);
    let caps: Vec<RatingCap> = caps_of(&terms.caps, &crate::ratings::rules::score::Found { satisfaction, ..known });
    let earned = terms.cutoffs.star_of(score);
    Ok(Outcome { panels, score, earned, star: capped(earned, &caps), caps })
}

fn chain(
    entity: &'static str,
    id: Uuid,
    area: &str,
    steps: &[(&'static str, Ts)],
    data: &Value,
    by: &By,
) -> Vec<EventRow> {
    let event = |(seq, (name, at)): (usize, &(&'static str, Ts))| Event {
        entity,
        entity_id: id.to_string(),
        seq: i32::try_from(seq + 1).unwrap_or(i32::MAX),
        name,
        area_code: area.to_owned(),
        actor: by.actor,
        at: *at,
        data: data.clone(),
    };
    history::chained(steps.iter().enumerate().map(event).collect())
}

/// Satisfaction as it was recorded at the time.
pub fn satisfaction(occurred_on: chrono::NaiveDate, score: i32, responses: i32, source: &str) -> RatingFactIn {
    RatingFactIn {
        kind: RatingFactKind::Satisfaction,
        ground: None,
        occurred_on,
        score: Some(score),
        responses: Some(responses),
        source: source.to_owned(),
    }
}

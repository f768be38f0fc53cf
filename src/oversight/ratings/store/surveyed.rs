//! 取自测评: what the surveys of the quarter have found about the projects of a campaign, taken as facts when it is collated. A
//! figure that the register has is not typed in: what somebody had recorded of a project that was surveyed gives way.

use std::collections::HashMap;

use diesel::prelude::*;
use platform::db::Conn;
use platform::history::{self, By, Chained};
use platform::{Result, insert_rows};
use registry::territory::dto::CompoundId;

use super::facts::{self, event_of};
use super::rows::{CampaignRow, FactRow, ProjectRow};
use crate::ratings::dto::{RatingFactIn, RatingFactKind, RatingProjectId};
use crate::ratings::rules::quarters::days;
use crate::schema::rating_facts;
use crate::surveys::{SurveyScore, final_scores};

const GIVES_WAY: &str = "以本季度满意度测评结果为准";

/// Takes what the final surveys of the quarter have found, for all projects at once.
pub fn take(c: &mut Conn, campaign: &CampaignRow, projects: &[ProjectRow], by: &By) -> Result<()> {
    let Some(quarter) = days(campaign.year, campaign.quarter) else { return Ok(()) };
    let compounds: Vec<CompoundId> = projects.iter().map(|project| project.compound_id).collect();
    let found = final_scores(c, &compounds, quarter)?;
    if found.is_empty() {
        return Ok(());
    }
    let standing = facts::of_campaign(c, campaign.id)?;
    let surveyed = projects.iter().filter_map(|project| Some((project, found.get(&project.compound_id)?)));
    let mut rows = Vec::with_capacity(found.len());
    for (project, score) in surveyed {
        give_way(c, &standing, project, by)?;
        rows.push(facts::fresh(project, &fact_of(score), &By { actor: None, ..*by }));
    }
    insert_rows!(c, rating_facts::table, rows.iter().collect())?;
    let events: Vec<Chained> = rows.iter().map(|row| Chained::first(event_of(row, by))).collect();
    history::write(c, &events.iter().collect::<Vec<_>>())
}

fn give_way(
    c: &mut Conn,
    standing: &HashMap<RatingProjectId, Vec<FactRow>>,
    project: &ProjectRow,
    by: &By,
) -> Result<()> {
    let recorded = standing.get(&project.id).into_iter().flatten();
    for fact in recorded.filter(|fact| fact.kind == RatingFactKind::Satisfaction) {
        facts::strike_out(c, fact, GIVES_WAY, by)?;
    }
    Ok(())
}

fn fact_of(score: &SurveyScore) -> RatingFactIn {
    RatingFactIn {
        kind: RatingFactKind::Satisfaction,
        ground: None,
        occurred_on: score.closed_on,
        score: Some(score.score_bp),
        responses: Some(score.n),
        source: format!("满意度测评 survey-rounds/{}", score.round),
    }
}

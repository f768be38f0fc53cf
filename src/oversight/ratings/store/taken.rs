//! 取自登记: what the register has found about the projects of a campaign, taken as facts when it is collated: how satisfied the
//! owners are, of the surveys of the quarter; whether the five disclosures are complete, of the last check; and which red lines
//! were crossed in the quarter. A figure that the register has is not typed in: what somebody had recorded about a project
//! that was surveyed gives way.

use std::collections::HashMap;

use chrono::NaiveDate;
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
use crate::standards::{Disclosed, RedLine, five_disclosures, red_lines_between};
use crate::surveys::{SurveyScore, final_scores};

const GIVES_WAY: &str = "以本季度满意度测评结果为准";

/// What was recorded of the projects, as far as it stands.
type Standing = HashMap<RatingProjectId, Vec<FactRow>>;

/// Takes what the register has found of all projects at once.
pub fn take(c: &mut Conn, campaign: &CampaignRow, projects: &[ProjectRow], by: &By) -> Result<()> {
    let Some((first, last)) = days(campaign.year, campaign.quarter) else { return Ok(()) };
    let compounds: Vec<CompoundId> = projects.iter().map(|project| project.compound_id).collect();
    let scores = final_scores(c, &compounds, (first, last))?;
    let disclosed = five_disclosures(c, &compounds, last)?;
    let crossed = red_lines_between(c, &compounds, (first, last))?;
    if scores.is_empty() && disclosed.is_empty() && crossed.is_empty() {
        return Ok(());
    }
    let standing = facts::of_campaign(c, campaign.id)?;
    let by = By { actor: None, ..*by };
    let mut rows = Vec::new();
    for project in projects {
        if let Some(score) = scores.get(&project.compound_id) {
            give_way(c, &standing, project, &by)?;
            rows.push(facts::fresh(project, &satisfaction(score), &by));
        }
        let known = || recorded(&standing, project, RatingFactKind::DisclosuresIncomplete).next().is_some();
        if let Some(check) = disclosed.get(&project.compound_id).filter(|check| !check.complete && !known()) {
            rows.push(facts::fresh(project, &incomplete(check), &by));
        }
        let crossed = crossed.iter().filter(|line| is_news(&standing, project, line));
        rows.extend(crossed.map(|line| facts::fresh(project, &red_line(line), &by)));
    }
    insert_rows!(c, rating_facts::table, rows.iter().collect())?;
    let events: Vec<Chained> = rows.iter().map(|row| Chained::first(event_of(row, &by))).collect();
    history::write(c, &events.iter().collect::<Vec<_>>())
}

fn recorded<'a>(
    standing: &'a Standing,
    project: &ProjectRow,
    kind: RatingFactKind,
) -> impl Iterator<Item = &'a FactRow> {
    standing.get(&project.id).into_iter().flatten().filter(move |fact| fact.kind == kind)
}

fn give_way(c: &mut Conn, standing: &Standing, project: &ProjectRow, by: &By) -> Result<()> {
    for fact in recorded(standing, project, RatingFactKind::Satisfaction) {
        facts::strike_out(c, fact, GIVES_WAY, by)?;
    }
    Ok(())
}

/// Whether a red line is of the project and its company, and nobody has recorded it already.
fn is_news(standing: &Standing, project: &ProjectRow, line: &RedLine) -> bool {
    let of_project = line.compound_id == project.compound_id && Some(line.company_id) == project.company_id;
    let same = |fact: &FactRow| fact.ground == Some(line.ground) && fact.occurred_on == line.happened_on;
    of_project && !recorded(standing, project, RatingFactKind::RedLine).any(same)
}

fn fact(kind: RatingFactKind, occurred_on: NaiveDate, source: String) -> RatingFactIn {
    RatingFactIn { kind, ground: None, occurred_on, score: None, responses: None, source }
}

fn satisfaction(score: &SurveyScore) -> RatingFactIn {
    let source = format!("满意度测评 survey-rounds/{}", score.round);
    RatingFactIn {
        score: Some(score.score_bp),
        responses: Some(score.n),
        ..fact(RatingFactKind::Satisfaction, score.closed_on, source)
    }
}

fn incomplete(check: &Disclosed) -> RatingFactIn {
    fact(RatingFactKind::DisclosuresIncomplete, check.checked_on, format!("五公开检查 check-runs/{}", check.run))
}

fn red_line(line: &RedLine) -> RatingFactIn {
    let source = format!("红线扣分 red-line-deductions/{}", line.id);
    RatingFactIn { ground: Some(line.ground), ..fact(RatingFactKind::RedLine, line.happened_on, source) }
}

//! 评定说明: what a result is made of, read off the frozen sheets and the facts.

use platform::Result;
use platform::db::Conn;

use super::facts::satisfaction_of;
use super::rows::{CampaignRow, FactRow, IndicatorRow, PointRow, ResultRow, SheetRow};
use super::{appeals, claims, facts, results, schemes, sheets};
use crate::ratings::dto::{
    ClaimedOut, ExplainedSheet, PanelFigure, PointOut, RatingExplanationOut, RatingFactOut, RatingPanel, RatingSheetId,
    SatisfactionOut,
};
use crate::ratings::rules::outcome::{Scored, counts};
use crate::ratings::rules::score::{Answered, of_sheet};
use crate::ratings::rules::terms::{DimensionWeights, SchemeTerms};

/// The one rule of rounding (`rules::score`), in words for who reads the figures.
const ROUNDING: &str = "维度、评分表、评分方、总分四级,每级的商各自四舍五入到一个基点(0.01分)。\
    Each of the four quotients (dimension, sheet, panel, total) is rounded half up to a whole basis point.";

type Answers = Vec<(RatingSheetId, IndicatorRow, PointRow)>;

pub fn explain(c: &mut Conn, row: ResultRow, campaign: &CampaignRow) -> Result<RatingExplanationOut> {
    let scheme = schemes::get(c, campaign.scheme_id)?;
    let terms = scheme.terms()?;
    let submitted = sheets::submitted_of(c, row.project_id)?;
    let ids: Vec<RatingSheetId> = submitted.iter().map(|sheet| sheet.id).collect();
    let answers = sheets::of_sheets(c, &ids)?;
    let facts: Vec<FactRow> = facts::of_project(c, row.project_id)?;
    let claim = claims::standing(c, row.project_id)?;
    let appeal = appeals::of_result(c, row.id)?.map(TryInto::try_into).transpose()?;
    let sheets = explained(&submitted, &answers, &terms.dimensions);
    let panels = panels_of(&terms, &row, &sheets);
    let satisfaction = satisfaction_of(&facts);
    Ok(RatingExplanationOut {
        weighted_sum: panels.iter().map(|panel| panel.weighted).sum(),
        result: results::named(c, row)?.try_into()?,
        scheme_id: scheme.id,
        scheme_number: scheme.number,
        terms,
        rounding: ROUNDING.to_owned(),
        claim: claim.map(|claim| ClaimedOut {
            target_star: claim.target_star,
            charged_fen: claim.charged_fen,
            self_score: claim.self_score,
        }),
        sheets,
        satisfaction: satisfaction.map(|found| SatisfactionOut {
            score: found.score,
            responses: found.responses,
            source: found.source,
        }),
        facts: facts.into_iter().map(RatingFactOut::from).collect(),
        panels,
        appeal,
        appeals_until: campaign.appeals_until,
    })
}

fn explained(submitted: &[SheetRow], answers: &Answers, weights: &DimensionWeights) -> Vec<ExplainedSheet> {
    let mut all: Vec<ExplainedSheet> = submitted.iter().map(|sheet| explain_sheet(sheet, answers, weights)).collect();
    let scored: Vec<Scored> = all.iter().map(scored_of).collect();
    for (sheet, own) in all.iter_mut().zip(&scored) {
        sheet.counts = counts(own, &scored);
    }
    all
}

fn scored_of(sheet: &ExplainedSheet) -> Scored {
    let vetoed = sheet.points.iter().any(|point| point.vetoed);
    Scored { panel: sheet.panel, round: sheet.round, score: sheet.score, vetoed }
}

fn explain_sheet(sheet: &SheetRow, answers: &Answers, weights: &DimensionWeights) -> ExplainedSheet {
    let own: Vec<&(RatingSheetId, IndicatorRow, PointRow)> =
        answers.iter().filter(|(of, ..)| *of == sheet.id).collect();
    let answered = own.iter().map(|(_, indicator, point)| Answered {
        dimension: indicator.dimension,
        points: point.points,
        max: indicator.max_points,
    });
    let (dimensions, score) = of_sheet(weights, answered);
    ExplainedSheet {
        id: sheet.id,
        panel: sheet.panel,
        round: sheet.round,
        counts: false,
        points: own.iter().map(|(_, indicator, point)| PointOut::from((indicator.clone(), point.clone()))).collect(),
        dimensions,
        score,
    }
}

fn panels_of(terms: &SchemeTerms, row: &ResultRow, sheets: &[ExplainedSheet]) -> Vec<PanelFigure> {
    let scores = row.panels();
    let figure = |panel: &RatingPanel| {
        let (weight, score) = (terms.panels.of(*panel), scores.of(*panel));
        let counted = sheets.iter().filter(|sheet| sheet.counts && RatingPanel::from(sheet.panel) == *panel).count();
        PanelFigure {
            panel: *panel,
            weight,
            sheets: i32::try_from(counted).unwrap_or(i32::MAX),
            score,
            weighted: i64::from(weight) * i64::from(score.unwrap_or(0)),
        }
    };
    RatingPanel::ALL.iter().map(figure).collect()
}

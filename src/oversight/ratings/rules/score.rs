//! From points to a star, in integers.
//!
//! The one rule of rounding: every quotient is rounded half up to a whole basis point where it arises, that is the score of a
//! dimension, of a sheet, of a panel and the total, in this order. What is shown at one level is what the next is made of.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::terms::{Caps, DimensionWeights, PanelWeights, WHOLE};
use crate::ratings::dto::{RatingCapReason, RatingDimension, RatingPanel};

/// `n / d` in basis points, rounded half up; nothing where there is nothing to divide by.
fn rounded(n: i64, d: i64) -> Option<i32> {
    if d <= 0 { None } else { i32::try_from((2 * n + d).div_euclid(2 * d)).ok() }
}

/// An indicator as it was answered: no points is 不适用.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    pub dimension: RatingDimension,
    pub points: Option<i32>,
    pub max: i32,
}

/// 一个维度的得分
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DimensionFigure {
    pub dimension: RatingDimension,
    /// 权重, basis points
    #[schema(minimum = 0, maximum = 10_000)]
    pub weight: i32,
    /// 得分之和, of what applies
    #[schema(minimum = 0)]
    pub points: i64,
    /// 满分之和, of what applies
    #[schema(minimum = 0)]
    pub max: i64,
    /// 得分 = 得分之和 ÷ 满分之和, basis points; `null` where nothing of it applies
    #[schema(required = true, minimum = 0, maximum = 10_000)]
    pub score: Option<i32>,
}

/// The score of a sheet: its dimensions by their weights. A dimension of which nothing applies drops out, and the others weigh
/// the more; where nothing at all applies there is no score.
pub fn of_sheet(
    weights: &DimensionWeights,
    answers: impl Iterator<Item = Answered>,
) -> (Vec<DimensionFigure>, Option<i32>) {
    let empty = |of: &RatingDimension| DimensionFigure {
        dimension: *of,
        weight: weights.of(*of),
        points: 0,
        max: 0,
        score: None,
    };
    let mut figures: Vec<DimensionFigure> = RatingDimension::ALL.iter().map(empty).collect();
    for answer in answers {
        let figure = figures.iter_mut().find(|figure| figure.dimension == answer.dimension);
        if let (Some(figure), Some(points)) = (figure, answer.points) {
            figure.points += i64::from(points);
            figure.max += i64::from(answer.max);
        }
    }
    let (mut sum, mut of) = (0, 0);
    for figure in &mut figures {
        figure.score = rounded(figure.points * i64::from(WHOLE), figure.max);
        if let Some(score) = figure.score {
            sum += i64::from(figure.weight) * i64::from(score);
            of += i64::from(figure.weight);
        }
    }
    let score = rounded(sum, of);
    (figures, score)
}

/// The mean of a panel's sheets.
pub fn mean(scores: &[i32]) -> Option<i32> {
    let sum: i64 = scores.iter().map(|score| i64::from(*score)).sum();
    rounded(sum, i64::try_from(scores.len()).ok()?)
}

/// 各评分方得分, basis points
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PanelScores {
    pub authority: Option<i32>,
    pub association: Option<i32>,
    pub peer: Option<i32>,
    pub satisfaction: Option<i32>,
}

impl PanelScores {
    pub fn of(&self, panel: RatingPanel) -> Option<i32> {
        match panel {
            RatingPanel::Authority => self.authority,
            RatingPanel::Association => self.association,
            RatingPanel::Peer => self.peer,
            RatingPanel::Satisfaction => self.satisfaction,
        }
    }

    /// The panels that have a weight and no score: none of them is left out silently.
    pub fn missing(&self, weights: &PanelWeights) -> impl Iterator<Item = RatingPanel> {
        RatingPanel::ALL.iter().copied().filter(|panel| weights.of(*panel) > 0 && self.of(*panel).is_none())
    }
}

/// The panels by their weights; nothing while one of them is missing.
pub fn total(weights: &PanelWeights, scores: &PanelScores) -> Option<i32> {
    if scores.missing(weights).next().is_some() {
        return None;
    }
    let part = |panel: &RatingPanel| i64::from(weights.of(*panel)) * i64::from(scores.of(*panel).unwrap_or(0));
    rounded(RatingPanel::ALL.iter().map(part).sum(), i64::from(WHOLE))
}

/// 封顶: why no more than so many stars
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RatingCap {
    pub reason: RatingCapReason,
    /// 最高星级
    #[schema(example = 1, minimum = 0, maximum = 5)]
    pub star: i16,
}

/// What was found about a project that caps its star.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    pub red_line: bool,
    pub veto: bool,
    pub disclosures_incomplete: bool,
    pub satisfaction: Option<i32>,
}

pub fn caps_of(caps: &Caps, found: &Found) -> Vec<RatingCap> {
    let low = found.satisfaction.is_some_and(|score| score < caps.satisfaction_below);
    let all = [
        (found.red_line, RatingCapReason::RedLine, caps.red_line_star),
        (found.veto, RatingCapReason::VetoIndicator, caps.red_line_star),
        (found.disclosures_incomplete, RatingCapReason::DisclosuresIncomplete, caps.disclosures_star),
        (low, RatingCapReason::LowSatisfaction, caps.satisfaction_star),
    ];
    all.into_iter().filter(|(holds, ..)| *holds).map(|(_, reason, star)| RatingCap { reason, star }).collect()
}

/// The star that is left under the caps.
pub fn capped(earned: i16, caps: &[RatingCap]) -> i16 {
    caps.iter().map(|cap| cap.star).fold(earned, i16::min)
}

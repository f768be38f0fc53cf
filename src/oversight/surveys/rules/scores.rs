//! What comes out of the answers. Integers only: a score is in basis points, rounded half up, and `None` where nothing was
//! answered.

use std::collections::BTreeMap;

use platform::quantity::Ratio;
use serde_json::Value;

use super::params::{SurveyRules, SurveyWeights, WHOLE};
use super::shown::withheld;
use crate::surveys::dto::{
    SurveyChannel, SurveyChannelCount, SurveyDimensionResult, SurveyKind, SurveyOutcome, SurveyParty,
    SurveyPartyResult, SurveyQuestion, SurveyQuestionKind, SurveyQuestionResult, SurveyRespondents, SurveyResult,
    SurveyStratumResult, SurveyValueCount,
};

/// The best mark.
const BEST: i64 = 5;
/// From this mark on somebody is satisfied.
const SATISFIED: i64 = 4;

/// Marks, added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    pub sum: i64,
    pub given: i64,
    pub high: i64,
}

impl Marks {
    pub fn add(&mut self, mark: i64) {
        self.sum += mark;
        self.given += 1;
        self.high += i64::from(mark >= SATISFIED);
    }

    /// The mean of the marks by the best mark.
    pub fn score_bp(&self) -> Option<i64> {
        let whole = i64::from(WHOLE) / BEST;
        (self.given > 0).then(|| (2 * self.sum * whole + self.given) / (2 * self.given))
    }

    pub fn satisfied(&self) -> Ratio {
        Ratio::of(self.high, self.given)
    }
}

/// The fewest answers that say anything: the rule's number, or its share of the households, whichever is more.
pub fn least(rules: &SurveyRules, households: i64) -> i64 {
    let whole = i64::from(WHOLE);
    let share = (households * i64::from(rules.least_share_bp) + whole - 1) / whole;
    i64::from(rules.least_answers).max(share)
}

/// The weight of a party among three.
pub fn weight_of(weights: &SurveyWeights, party: SurveyParty) -> i64 {
    i64::from(match party {
        SurveyParty::Owners => weights.owners_bp,
        SurveyParty::Community => weights.community_bp,
        SurveyParty::Committee => weights.committee_bp,
        SurveyParty::Residents => 0,
    })
}

/// Weight by score, added up; `None` where a party that counts has no score. From the scores as they are published, so that
/// anybody can follow it.
pub fn weighted(parts: &[(i64, Option<i64>)]) -> Option<i64> {
    let whole = i64::from(WHOLE);
    let counted = parts.iter().filter(|(weight, _)| *weight > 0);
    let sum: i64 = counted.map(|(weight, score)| score.map(|score| weight * score)).sum::<Option<i64>>()?;
    (!parts.is_empty()).then_some((2 * sum + whole) / (2 * whole))
}

/// What is found: nothing of too few, nothing where a party is silent, and else by the pass line.
pub fn outcome(kind: SurveyKind, enough: bool, score_bp: Option<i64>, pass_bp: i64) -> SurveyOutcome {
    match (kind, score_bp) {
        _ if !enough => SurveyOutcome::Insufficient,
        (SurveyKind::Satisfaction, None) => SurveyOutcome::Insufficient,
        (SurveyKind::Satisfaction, Some(score)) if score >= pass_bp => SurveyOutcome::Pass,
        (SurveyKind::Satisfaction, Some(_)) => SurveyOutcome::Fail,
        (SurveyKind::Demand | SurveyKind::FourSenses, _) => SurveyOutcome::NoVerdict,
    }
}

/// One answer, as it is kept.
#[derive(Debug, Clone)]
pub struct Answer {
    pub party: SurveyParty,
    pub stratum: String,
    pub channel: SurveyChannel,
    /// By the codes of the questions.
    pub answers: Value,
}

/// What was asked of whom.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub kind: SurveyKind,
    pub respondents: SurveyRespondents,
    pub questions: &'a [SurveyQuestion],
    pub rules: &'a SurveyRules,
    /// Households by stratum.
    pub strata: &'a [(String, i64)],
    pub households: i64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    n: i64,
    marks: Marks,
}

/// All answers, added up in one pass.
#[derive(Default)]
struct Sums {
    parties: BTreeMap<SurveyParty, Sum>,
    questions: BTreeMap<String, Sum>,
    values: BTreeMap<(String, String), i64>,
    strata: BTreeMap<String, Sum>,
    channels: BTreeMap<SurveyChannel, i64>,
}

impl Sums {
    fn add(&mut self, asked: &Asked<'_>, answer: &Answer) {
        let counted = answer.party == asked.respondents.asked();
        let mut marks = Marks::default();
        for question in asked.questions {
            let Some(value) = answer.answers.get(&question.code) else { continue };
            let mark = value.as_i64().filter(|_| question.kind == SurveyQuestionKind::Scale);
            if let Some(mark) = mark {
                marks.add(mark);
            }
            if counted {
                self.count(question, value, mark);
            }
        }
        join(self.parties.entry(answer.party).or_default(), marks);
        // Nobody knows the building of an answer that was taken where none is registered.
        if counted && !answer.stratum.is_empty() {
            join(self.strata.entry(answer.stratum.clone()).or_default(), marks);
        }
        *self.channels.entry(answer.channel).or_default() += 1;
    }

    fn count(&mut self, question: &SurveyQuestion, value: &Value, mark: Option<i64>) {
        let sum = self.questions.entry(question.code.clone()).or_default();
        sum.n += 1;
        if let Some(mark) = mark {
            sum.marks.add(mark);
        }
        let word = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        *self.values.entry((question.code.clone(), word)).or_default() += 1;
    }

    fn of(&self, party: SurveyParty) -> Sum {
        self.parties.get(&party).copied().unwrap_or_default()
    }
}

fn join(sum: &mut Sum, marks: Marks) {
    sum.n += 1;
    sum.marks.sum += marks.sum;
    sum.marks.given += marks.given;
    sum.marks.high += marks.high;
}

/// The result of a round.
pub fn result(asked: &Asked<'_>, answers: &[Answer]) -> SurveyResult {
    let mut sums = Sums::default();
    answers.iter().for_each(|answer| sums.add(asked, answer));
    let many = sums.of(asked.respondents.asked());
    let parties = parties(asked, &sums);
    let parts: Vec<(i64, Option<i64>)> =
        parties.iter().map(|party| (party.weight_bp.unwrap_or(i64::from(WHOLE)), party.score_bp)).collect();
    let silent = |party: &&SurveyPartyResult| party.score_bp.is_none() && party.weight_bp != Some(0);
    let scored = asked.questions.iter().any(|question| question.kind == SurveyQuestionKind::Scale);
    let missing = parties.iter().filter(silent).filter(|_| scored).map(|party| party.party).collect();
    let (score_bp, least) = (weighted(&parts), least(asked.rules, asked.households));
    let judged = asked.kind == SurveyKind::Satisfaction;
    let pass_bp = i64::from(asked.rules.pass_bp);
    SurveyResult {
        n: many.n,
        households: asked.households,
        response_rate: Ratio::of(many.n, asked.households),
        least,
        missing,
        parties,
        score_bp,
        satisfied: scored.then(|| many.marks.satisfied()),
        pass_bp: judged.then_some(pass_bp),
        outcome: outcome(asked.kind, many.n >= least, score_bp, pass_bp),
        questions: asked.questions.iter().map(|question| question_result(question, &sums)).collect(),
        dimensions: dimensions(asked, &sums),
        strata: strata(asked, &sums),
        channels: sums.channels.iter().map(|(channel, n)| SurveyChannelCount { channel: *channel, n: *n }).collect(),
    }
}

fn parties(asked: &Asked<'_>, sums: &Sums) -> Vec<SurveyPartyResult> {
    let three = [SurveyParty::Owners, SurveyParty::Community, SurveyParty::Committee];
    let one = [asked.respondents.asked()];
    let weighs = asked.respondents == SurveyRespondents::ThreeParty;
    let all: &[SurveyParty] = if weighs { &three } else { &one };
    let party = |party: &SurveyParty| {
        let sum = sums.of(*party);
        SurveyPartyResult {
            party: *party,
            n: sum.n,
            score_bp: sum.marks.score_bp(),
            satisfied: Some(sum.marks.satisfied()),
            weight_bp: weighs.then(|| weight_of(&asked.rules.weights, *party)),
        }
    };
    all.iter().map(party).collect()
}

fn question_result(question: &SurveyQuestion, sums: &Sums) -> SurveyQuestionResult {
    let sum = sums.questions.get(&question.code).copied().unwrap_or_default();
    let values: Vec<String> = match question.kind {
        SurveyQuestionKind::Scale => (1..=BEST).map(|mark| mark.to_string()).collect(),
        SurveyQuestionKind::Choice => question.choices.iter().map(|choice| choice.code.clone()).collect(),
        SurveyQuestionKind::Text => Vec::new(),
    };
    let count = |value: String| {
        let n = sums.values.get(&(question.code.clone(), value.clone())).copied().unwrap_or_default();
        SurveyValueCount { value, n }
    };
    SurveyQuestionResult {
        code: question.code.clone(),
        dimension: question.dimension.clone(),
        text: question.text.clone(),
        kind: question.kind,
        n: sum.n,
        score_bp: sum.marks.score_bp(),
        satisfied: (question.kind == SurveyQuestionKind::Scale).then(|| sum.marks.satisfied()),
        distribution: values.into_iter().map(count).collect(),
    }
}

/// In the order in which they are asked about first.
fn dimensions(asked: &Asked<'_>, sums: &Sums) -> Vec<SurveyDimensionResult> {
    let mut found: Vec<(String, Marks)> = Vec::new();
    for question in asked.questions.iter().filter(|question| question.kind == SurveyQuestionKind::Scale) {
        let marks = sums.questions.get(&question.code).map(|sum| sum.marks).unwrap_or_default();
        match found.iter_mut().find(|(dimension, _)| *dimension == question.dimension) {
            Some((_, all)) => {
                all.sum += marks.sum;
                all.given += marks.given;
                all.high += marks.high;
            }
            None => found.push((question.dimension.clone(), marks)),
        }
    }
    let told = |(dimension, marks): (String, Marks)| SurveyDimensionResult {
        dimension,
        score_bp: marks.score_bp(),
        satisfied: marks.satisfied(),
    };
    found.into_iter().map(told).collect()
}

fn strata(asked: &Asked<'_>, sums: &Sums) -> Vec<SurveyStratumResult> {
    let mut households: BTreeMap<&str, i64> = asked.strata.iter().map(|(name, n)| (name.as_str(), *n)).collect();
    // A place that was registered after the round was published is counted as well.
    for name in sums.strata.keys() {
        households.entry(name).or_default();
    }
    let counts: Vec<(&str, i64)> =
        households.keys().map(|name| (*name, sums.strata.get(*name).map_or(0, |sum| sum.n))).collect();
    let withheld = withheld(&counts, i64::from(asked.rules.shown_from));
    let told = |(name, households): (&str, i64)| {
        let sum = sums.strata.get(name).copied().unwrap_or_default();
        let shown = !withheld.contains(name);
        SurveyStratumResult {
            stratum: name.to_owned(),
            households,
            n: sum.n,
            response_rate: Ratio::of(sum.n, households),
            score_bp: sum.marks.score_bp().filter(|_| shown),
            satisfied: shown.then(|| sum.marks.satisfied()),
        }
    };
    households.into_iter().map(told).collect()
}

#[cfg(test)]
#[path = "scores_tests.rs"]
mod tests;

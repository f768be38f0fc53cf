//! What higher contexts ask: how satisfied a compound was found to be.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::clock::midnight_in_shanghai;
use platform::db::Conn;
use registry::territory::dto::CompoundId;

use crate::schema::survey_rounds as rounds;
use crate::surveys::dto::{SurveyKind, SurveyOutcome, SurveyRoundId, SurveyStatus};

/// The satisfaction that a compound was found to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SurveyScore {
    pub round: SurveyRoundId,
    pub score_bp: i32,
    /// How many owners or residents it rests on.
    pub n: i32,
    pub pass: bool,
}

/// The last satisfaction round of a compound that is final and closed on one of these days, the last of which counts; `None`
/// where there is none, so that who weighs it has to say so.
pub fn final_score(c: &mut Conn, compound: CompoundId, from: NaiveDate, to: NaiveDate) -> Result<Option<SurveyScore>> {
    let after = midnight_in_shanghai(to.succ_opt().unwrap_or(to));
    let row: Option<(SurveyRoundId, Option<i32>, Option<i32>, Option<SurveyOutcome>)> = rounds::table
        .filter(rounds::compound_id.eq(compound).and(rounds::kind.eq(SurveyKind::Satisfaction)))
        .filter(rounds::status.eq(SurveyStatus::Final))
        .filter(rounds::closes_at.ge(midnight_in_shanghai(from)).and(rounds::closes_at.lt(after)))
        .order((rounds::closes_at.desc(), rounds::id.desc()))
        .select((rounds::id, rounds::score_bp, rounds::n, rounds::outcome))
        .first(c)
        .optional()?;
    let score = |(round, score_bp, n, outcome): (SurveyRoundId, Option<i32>, Option<i32>, _)| {
        Some(SurveyScore { round, score_bp: score_bp?, n: n?, pass: outcome == Some(SurveyOutcome::Pass) })
    };
    Ok(row.and_then(score))
}

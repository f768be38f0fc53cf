//! What higher contexts ask: how satisfied a compound was found to be.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::clock::{date_in_shanghai, midnight_in_shanghai};
use platform::db::{Conn, Ts};
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
    pub closed_on: NaiveDate,
}

/// What the last satisfaction round found of each compound that has one which is final and closed on one of these days, both
/// included; a compound without one is absent, so that who weighs it has to say so. One statement.
pub fn final_scores(
    c: &mut Conn,
    compounds: &[CompoundId],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<HashMap<CompoundId, SurveyScore>> {
    let after = midnight_in_shanghai(to.succ_opt().unwrap_or(to));
    let rows: Vec<Found> = rounds::table
        .filter(rounds::compound_id.eq_any(compounds).and(rounds::kind.eq(SurveyKind::Satisfaction)))
        .filter(rounds::status.eq(SurveyStatus::Final))
        .filter(rounds::closes_at.ge(midnight_in_shanghai(from)).and(rounds::closes_at.lt(after)))
        .order((rounds::closes_at.asc(), rounds::id.asc()))
        .select((rounds::compound_id, rounds::id, rounds::score_bp, rounds::n, rounds::outcome, rounds::closes_at))
        .load(c)?;
    // The later of two takes the earlier's place.
    Ok(rows.into_iter().filter_map(told).collect())
}

type Found = (Option<CompoundId>, SurveyRoundId, Option<i32>, Option<i32>, Option<SurveyOutcome>, Ts);

fn told((compound, round, score_bp, n, outcome, closes_at): Found) -> Option<(CompoundId, SurveyScore)> {
    let pass = outcome == Some(SurveyOutcome::Pass);
    Some((compound?, SurveyScore { round, score_bp: score_bp?, n: n?, pass, closed_on: date_in_shanghai(closes_at) }))
}

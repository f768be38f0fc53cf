//! What the clock does: opens and closes. It is so whether or not it was written down; this writes it down.

use diesel::prelude::*;
use platform::Result;
use platform::db::Conn;
use serde_json::json;

use super::By;
use super::rounds::save;
use super::rows::RoundRow;
use crate::schema::survey_rounds as rounds;
use crate::surveys::dto::SurveyStatus;

/// Rounds written down in one run of the sweeper.
const PER_RUN: i64 = 200;

/// The round as the clock has left it, written down.
pub fn settle(c: &mut Conn, row: RoundRow, by: &By) -> Result<RoundRow> {
    let status = row.standing(by.at);
    if status == row.status {
        return Ok(row);
    }
    let event = if status == SurveyStatus::Open { "survey_round.opened" } else { "survey_round.closed" };
    let after = RoundRow { status, ..row.clone() };
    save(c, &row, after, event, json!({}), &By { actor: None, ..*by })
}

/// Opens and closes what is due; how many.
pub fn sweep(c: &mut Conn, by: &By) -> Result<usize> {
    let opens = rounds::status.eq(SurveyStatus::Published).and(rounds::opens_at.le(by.at));
    let closes = rounds::status.eq_any([SurveyStatus::Published, SurveyStatus::Open]).and(rounds::closes_at.le(by.at));
    let due: Vec<RoundRow> = rounds::table
        .filter(opens.or(closes))
        .order(rounds::id)
        .limit(PER_RUN)
        .select(RoundRow::as_select())
        .load(c)?;
    let count = due.len();
    for row in due {
        settle(c, row, by)?;
    }
    Ok(count)
}

//! What is done to a round: published under the rules of the day, counted, posted, and found.

use platform::auth::AreaCode;
use platform::db::{Conn, Json};
use platform::history::ActorId;
use platform::publicity::{self, DAYS, Days, NewPublicity, content_hash};
use platform::{Error, Result, rule_sets};
use serde_json::{Value, json};

use super::rounds::{ENTITY, rules_at, save};
use super::rows::RoundRow;
use super::{By, consequences, frame, results};
use crate::surveys::dto::{SurveyOutcome, SurveyPostingIn, SurveyResult, SurveyStatus};
use crate::surveys::rules::WRONG_STATE;
use crate::surveys::rules::shown::outside;
use crate::surveys::rules::states::{SurveyStep, check_window, may_compute, target_of};

/// The kind of the posting, as rules of days name it.
const POSTING: &str = "survey_result";

/// 发布: from here on who is asked, and by which rules it is judged, stays. A recheck goes by the rules of the first round.
pub fn publish(c: &mut Conn, row: &RoundRow, by: &By) -> Result<RoundRow> {
    let status = target_of(SurveyStep::Publish, row.status)?;
    let (rule_set_id, rules) = match &row.terms {
        Some(_) => (row.rule_set_id, row.rules()?),
        None => rules_at(c, &row.area_code, by)?,
    };
    check_window(row.opens_at, row.closes_at, rules.window_days, by.at)?;
    let frame = frame::frame(c, &row.area_code)?;
    let data = json!({ "rules": rules, "rule_set_id": rule_set_id, "households": frame.households });
    let after = RoundRow {
        status,
        terms: Some(Json(json!(rules))),
        rule_set_id,
        frame: Some(Json(json!(frame))),
        ..row.clone()
    };
    save(c, row, after, "survey_round.published", data, by)
}

pub fn cancel(c: &mut Conn, row: &RoundRow, reason: &str, by: &By) -> Result<RoundRow> {
    let status = target_of(SurveyStep::Cancel, row.status)?;
    let after = RoundRow { status, status_reason: Some(reason.to_owned()), ..row.clone() };
    let after = save(c, row, after, "survey_round.cancelled", json!({}), by)?;
    consequences::recheck_void(c, &after, by)?;
    Ok(after)
}

/// 统计: once, from the answers as they are; the result is frozen with its hash. Of too few answers nothing follows.
pub fn compute(c: &mut Conn, row: &RoundRow, by: &By) -> Result<RoundRow> {
    let counted = target_of(SurveyStep::Compute, row.status)?;
    may_compute(row.closes_at, by.at)?;
    let result = results::compute(c, row)?;
    let invalid = result.outcome == SurveyOutcome::Insufficient;
    let status = if invalid { SurveyStatus::Invalid } else { counted };
    let after = with_result(RoundRow { status, computed_at: Some(by.at), ..row.clone() }, &result)?;
    let event = if invalid { "survey_round.insufficient" } else { "survey_round.computed" };
    let data = json!({ "n": after.n, "result_hash": after.result_hash });
    let after = save(c, row, after, event, data, by)?;
    if invalid {
        consequences::recheck_void(c, &after, by)?;
    }
    Ok(after)
}

/// A round with what was found.
pub fn with_result(row: RoundRow, result: &SurveyResult) -> Result<RoundRow> {
    let whole = serde_json::to_value(result).map_err(Error::internal)?;
    let small = |n: i64| i32::try_from(n).map_err(Error::internal);
    Ok(RoundRow {
        n: Some(small(result.n)?),
        score_bp: result.score_bp.map(small).transpose()?,
        outcome: Some(result.outcome),
        result_hash: Some(content_hash(&whole)),
        result: Some(Json(whole)),
        ..row
    })
}

/// 公示: what everybody may read of the result, without anything that rests on few.
pub fn publicise(c: &mut Conn, row: &RoundRow, asked: &SurveyPostingIn, by: &By) -> Result<RoundRow> {
    let status = target_of(SurveyStep::Publicise, row.status)?;
    let area: AreaCode = row.area_code.parse().map_err(|e: String| Error::internal(e))?;
    let (rule_set_id, days): (_, Days) = rule_sets::in_force(c, &[&DAYS], &area, by.today)?.get(&DAYS)?;
    let posting = NewPublicity {
        kind: POSTING,
        entity: ENTITY,
        entity_id: row.id.to_string(),
        area_code: row.area_code.clone(),
        title: row.title.clone(),
        snapshot: snapshot(row)?,
        places: asked.places.iter().map(|place| place.0.clone()).collect(),
        evidence: asked.evidence.clone(),
        closes_on: None,
        rule_set_id,
        min_days: days.of(POSTING),
    };
    let posted = publicity::open(c, posting, by)?;
    let after = RoundRow { status, publicity_id: Some(posted.id), ..row.clone() };
    let data = json!({ "publicity_id": posted.id, "closes_on": posted.closes_on });
    save(c, row, after, "survey_round.publicised", data, by)
}

/// What is posted: the round, its rules and the result as anybody may read it, with the hash of the whole.
pub fn snapshot(row: &RoundRow) -> Result<Value> {
    let whole = row.result()?.ok_or(&WRONG_STATE)?;
    let rules = row.rules()?;
    let (told, withheld) = outside(&whole, i64::from(rules.shown_from));
    Ok(json!({ "round_id": row.id, "title": row.title, "kind": row.kind, "respondents": row.respondents,
        "area_code": row.area_code, "company_id": row.company_id, "opens_at": row.opens_at,
        "closes_at": row.closes_at, "recheck_of": row.recheck_of, "rules": rules, "result": told,
        "withheld": withheld, "result_hash": row.result_hash }))
}

/// 定论: when the posting has run and each objection is decided. One that was upheld leaves the result void, and nothing
/// follows from it; else something does where it failed.
pub fn finalise(c: &mut Conn, row: &RoundRow, by: &By) -> Result<RoundRow> {
    let found = target_of(SurveyStep::Finalise, row.status)?;
    let posting = publicity::get(c, row.publicity_id.ok_or(&WRONG_STATE)?)?;
    let upheld = publicity::close(c, &posting, by)?.upheld > 0;
    let (status, outcome) = match upheld {
        true => (SurveyStatus::Invalid, Some(SurveyOutcome::Annulled)),
        false => (found, row.outcome),
    };
    let after =
        RoundRow { status, outcome, finalised_at: Some(by.at), finalised_by: by.actor.map(ActorId), ..row.clone() };
    let event = if upheld { "survey_round.annulled" } else { "survey_round.finalised" };
    let data = json!({ "outcome": after.outcome, "score_bp": after.score_bp, "n": after.n });
    let after = save(c, row, after, event, data, by)?;
    match upheld {
        true => consequences::recheck_void(c, &after, by)?,
        false => consequences::follow(c, &after, by)?,
    }
    Ok(after)
}

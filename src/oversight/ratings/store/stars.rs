//! 定星与降星: what is written down to the compound, in the step that decides it.

use diesel::prelude::*;
use platform::Result;
use platform::db::{Conn, Json};
use platform::history::By;
use registry::territory::dto::StarResultRef;
use registry::territory::store::stars::{ConfirmedStar, confirm_star};
use serde_json::json;

use super::rows::{ProjectRow, ResultRow};
use super::{campaigns, facts, projects, results, schemes};
use crate::names::compound_stars;
use crate::ratings::dto::{RatingCapReason, RatingFactIn, RatingFactKind, VetoRatingIn};
use crate::ratings::rules::NOT_CONFIRMED;
use crate::ratings::rules::facts::check_day;
use crate::ratings::rules::score::{RatingCap, capped};
use crate::ratings::rules::states::is_watched;
use crate::schema::rating_results as results_table;

/// Confirms a result and writes its star down, unless a later quarter's has been written already.
pub fn confirm(c: &mut Conn, row: &ResultRow, by: &By) -> Result<ResultRow> {
    let after = ResultRow { confirmed_at: Some(by.at), ..row.clone() };
    let data = json!({ "score": row.score, "star": row.star });
    let after = results::save(c, row, after, "rating_result.confirmed", data, by)?;
    if is_latest(c, &after)? {
        write_down(c, &after, by)?;
    }
    Ok(after)
}

fn write_down(c: &mut Conn, row: &ResultRow, by: &By) -> Result<()> {
    let star = ConfirmedStar { star: row.star, as_of: by.today, result: StarResultRef(row.id.0) };
    confirm_star(c, row.compound_id, &star, by).map(drop)
}

/// Whether no later quarter of the compound has been confirmed.
fn is_latest(c: &mut Conn, row: &ResultRow) -> Result<bool> {
    let later = results_table::year
        .gt(row.year)
        .or(results_table::year.eq(row.year).and(results_table::quarter.gt(row.quarter)));
    let confirmed = results_table::table
        .filter(results_table::compound_id.eq(row.compound_id))
        .filter(results_table::confirmed_at.is_not_null())
        .filter(later);
    Ok(confirmed.count().get_result::<i64>(c)? == 0)
}

/// 动态管理: a red-line event after the star was confirmed takes it down, with its ground and its source in the history. The
/// compound follows where this is the result that its star stands on.
pub fn veto(c: &mut Conn, row: &ResultRow, body: &VetoRatingIn, by: &By) -> Result<ResultRow> {
    let campaign = campaigns::hold(c, row.campaign_id)?;
    if !is_watched(campaign.status) {
        return Err((&NOT_CONFIRMED).into());
    }
    check_day(body.occurred_on, by.today)?;
    let project = projects::get(c, row.project_id)?;
    let most = schemes::get(c, campaign.scheme_id)?.terms()?.caps.red_line_star;
    record_event(c, &project, body, by)?;
    let caps = with_red_line(row.caps()?, most);
    let star = capped(row.star, &caps);
    let after = ResultRow {
        star,
        caps: Json(json!(caps)),
        downgraded_at: Some(by.at),
        downgrade_reason: Some(body.reason.clone()),
        ..row.clone()
    };
    let data = json!({ "from": row.star, "to": star, "ground": body.ground, "reason": body.reason });
    let after = results::save(c, row, after, "rating_result.downgraded", data, by)?;
    if rests_on(c, &after)? {
        write_down(c, &after, by)?;
    }
    Ok(after)
}

fn record_event(c: &mut Conn, project: &ProjectRow, body: &VetoRatingIn, by: &By) -> Result<()> {
    let fact = RatingFactIn {
        kind: RatingFactKind::RedLine,
        ground: Some(body.ground),
        occurred_on: body.occurred_on,
        score: None,
        responses: None,
        source: body.source.clone(),
    };
    facts::insert(c, &facts::fresh(project, &fact, by), by)
}

/// A second event of the kind is recorded and caps no further.
fn with_red_line(mut caps: Vec<RatingCap>, star: i16) -> Vec<RatingCap> {
    if caps.iter().all(|cap| cap.reason != RatingCapReason::RedLine) {
        caps.push(RatingCap { reason: RatingCapReason::RedLine, star });
    }
    caps
}

fn rests_on(c: &mut Conn, row: &ResultRow) -> Result<bool> {
    let of: Option<StarResultRef> =
        compound_stars::table.find(row.compound_id).select(compound_stars::star_result_id).first(c)?;
    Ok(of == Some(StarResultRef(row.id.0)))
}

//! The steps of a campaign, each in one transaction.

use diesel::prelude::*;
use platform::calendar;
use platform::db::Conn;
use platform::history::{ActorId, By};
use platform::publicity::{self, NewPublicity, last_day};
use platform::{Error, Result};
use serde_json::{Value, json};

use super::campaigns::{self, save};
use super::rows::{CampaignRow, ResultRow};
use super::{projects, results, stars};
use crate::names::{compound_names, organisation_names};
use crate::ratings::dto::{PostRatingsIn, RatingAppealStatus};
use crate::ratings::rules::states::{CampaignStep, target_of};
use crate::ratings::rules::{APPEAL_OPEN, WINDOW_OPEN, WRONG_STATE};
use crate::schema::{rating_appeals as appeals, rating_results as results_table};

/// The kind of its posting.
pub const PUBLICITY: &str = "rating_result";
/// Days behind a last day within which the next working day is.
const ROLLS_WITHIN: i64 = 31;

/// 开始认领: every compound that a company serves now is entered.
pub fn open(c: &mut Conn, row: &CampaignRow, by: &By) -> Result<CampaignRow> {
    let status = target_of(CampaignStep::Open, row.status)?;
    let entered = projects::enter(c, row, by)?;
    let after = CampaignRow { status, opened_at: Some(by.at), ..row.clone() };
    save(c, row, after, "rating_campaign.opened", json!({ "projects": entered }), by)
}

/// 开始评分: claims end.
pub fn assess(c: &mut Conn, row: &CampaignRow, by: &By) -> Result<CampaignRow> {
    let status = target_of(CampaignStep::Assess, row.status)?;
    save(c, row, CampaignRow { status, ..row.clone() }, "rating_campaign.assessing", json!({}), by)
}

/// 公示: what came out is posted as it stands, for at least the pinned days.
pub fn publicise(c: &mut Conn, row: &CampaignRow, body: &PostRatingsIn, by: &By) -> Result<CampaignRow> {
    let status = target_of(CampaignStep::Publicise, row.status)?;
    let posting = NewPublicity {
        kind: PUBLICITY,
        entity: campaigns::ENTITY,
        entity_id: row.id.to_string(),
        area_code: row.area_code.clone(),
        title: format!("{}评定结果公示", row.title),
        snapshot: snapshot(c, row)?,
        places: body.places.iter().map(|place| place.0.clone()).collect(),
        evidence: body.evidence.clone(),
        closes_on: body.closes_on,
        rule_set_id: row.rule_set_id,
        min_days: row.publicity_days,
    };
    let posted = publicity::open(c, posting, by)?;
    let after = CampaignRow { status, publicity_id: Some(posted.id), ..row.clone() };
    let data = json!({ "publicity_id": posted.id, "closes_on": posted.closes_on });
    save(c, row, after, "rating_campaign.publicised", data, by)
}

/// Companies and compounds by name, nobody else.
fn snapshot(c: &mut Conn, row: &CampaignRow) -> Result<Value> {
    let named: Vec<(ResultRow, String, Option<String>)> = results_table::table
        .inner_join(compound_names::table.on(compound_names::id.eq(results_table::compound_id)))
        .left_join(organisation_names::table.on(results_table::company_id.eq(organisation_names::id.nullable())))
        .filter(results_table::campaign_id.eq(row.id))
        .order(results_table::area_code)
        .select((ResultRow::as_select(), compound_names::name, organisation_names::name.nullable()))
        .load(c)?;
    let told = named.into_iter().map(|(result, compound, company)| {
        json!({ "area_code": result.area_code, "compound": compound, "company": company, "score": result.score,
            "star": result.star, "caps": result.caps })
    });
    Ok(json!({ "year": row.year, "quarter": row.quarter, "results": told.collect::<Vec<_>>() }))
}

/// 开始申诉期: not before the posting has had its days and every objection its decision.
pub fn open_appeals(c: &mut Conn, row: &CampaignRow, by: &By) -> Result<CampaignRow> {
    let status = target_of(CampaignStep::OpenAppeals, row.status)?;
    let posting = publicity::get(c, row.publicity_id.ok_or(&WRONG_STATE)?)?;
    let closed = publicity::close(c, &posting, by)?;
    let last = last_day(by.today, row.appeal_days);
    let days = calendar::of_area(c, &row.area_code, last, last + chrono::Duration::days(ROLLS_WITHIN))?;
    let until = days.roll(last);
    let upheld = i32::try_from(closed.upheld).map_err(Error::internal)?;
    let after = CampaignRow { status, objections_upheld: upheld, appeals_until: Some(until), ..row.clone() };
    let data = json!({ "appeals_until": until, "objections_upheld": upheld });
    save(c, row, after, "rating_campaign.appeals_opened", data, by)
}

/// 定星: the time for appeals is over and each has its decision. The star is written down to the compound in the same step.
pub fn confirm(c: &mut Conn, row: &CampaignRow, by: &By) -> Result<CampaignRow> {
    let status = target_of(CampaignStep::Confirm, row.status)?;
    if row.appeals_until.is_none_or(|until| by.today <= until) {
        return Err((&WINDOW_OPEN).into());
    }
    let waiting =
        appeals::table.filter(appeals::campaign_id.eq(row.id).and(appeals::status.eq(RatingAppealStatus::Raised)));
    if waiting.count().get_result::<i64>(c)? > 0 {
        return Err((&APPEAL_OPEN).into());
    }
    let rows = results::of_campaign(c, row.id)?;
    for result in &rows {
        stars::confirm(c, result, by)?;
    }
    let after = CampaignRow { status, confirmed_at: Some(by.at), confirmed_by: by.actor.map(ActorId), ..row.clone() };
    save(c, row, after, "rating_campaign.confirmed", json!({ "results": rows.len() }), by)
}

/// 动态管理: what happens from here on may take stars.
pub fn monitor(c: &mut Conn, row: &CampaignRow, by: &By) -> Result<CampaignRow> {
    let status = target_of(CampaignStep::Monitor, row.status)?;
    save(c, row, CampaignRow { status, ..row.clone() }, "rating_campaign.monitoring", json!({}), by)
}

pub fn close(c: &mut Conn, row: &CampaignRow, by: &By) -> Result<CampaignRow> {
    let status = target_of(CampaignStep::Close, row.status)?;
    save(c, row, CampaignRow { status, ..row.clone() }, "rating_campaign.closed", json!({}), by)
}

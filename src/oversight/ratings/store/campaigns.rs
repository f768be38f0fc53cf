//! 评定批次: rows, and how they are read. What is done to them is in `steps`.

use diesel::prelude::*;
use platform::auth::{AreaCode, Visible};
use platform::db::{Backend, Conn};
use platform::error::OrConflict;
use platform::history::{ActorId, By, record, record_first};
use platform::{Error, Result, in_ranges};
use serde_json::{Value, json};

use super::rows::{CampaignRow, SchemeRow};
use super::{saved, schemes};
use crate::ratings::dto::{
    RatingCampaignId, RatingCampaignIn, RatingCampaignQuery, RatingCampaignStatus, RatingSchemeId, RatingSchemeStatus,
};
use crate::ratings::rules::params::{DAYS, RatingDays};
use crate::ratings::rules::{CAMPAIGN_EXISTS, SCHEME_UNKNOWN};
use crate::schema::rating_campaigns as campaigns;

/// The entity of a campaign's events.
pub const ENTITY: &str = "rating_campaign";

/// A draft, under a published scheme of the area or of one above it; the days that hold there are pinned.
pub fn create(c: &mut Conn, new: &RatingCampaignIn, by: &By) -> Result<CampaignRow> {
    schemes::check_level(&new.area_code)?;
    let scheme = usable_scheme(c, new.scheme_id, &new.area_code)?;
    let rules = platform::rule_sets::in_force(c, &[&DAYS], &new.area_code, by.today)?;
    let (rule_set_id, days) = rules.get::<RatingDays>(&DAYS)?;
    let row = CampaignRow {
        rule_set_id,
        publicity_days: days.publicity_days,
        appeal_days: days.appeal_days,
        title: new.title.clone(),
        ..fresh(RatingCampaignId::fresh(), scheme.id, new.area_code.as_str(), (new.year, new.quarter), by)
    };
    insert(c, &row, by)?;
    Ok(row)
}

fn usable_scheme(c: &mut Conn, id: RatingSchemeId, area: &AreaCode) -> Result<SchemeRow> {
    let unknown = || SCHEME_UNKNOWN.at("/scheme_id");
    let row = match schemes::get(c, id) {
        Err(Error::NotFound) => return Err(unknown()),
        other => other?,
    };
    let holds = row.status == RatingSchemeStatus::Published && area.as_str().starts_with(&row.area_code);
    if holds { Ok(row) } else { Err(unknown()) }
}

/// A draft of this moment.
pub fn fresh(
    id: RatingCampaignId,
    scheme_id: RatingSchemeId,
    area_code: &str,
    (year, quarter): (i32, i16),
    by: &By,
) -> CampaignRow {
    let days = RatingDays::default();
    CampaignRow {
        id,
        scheme_id,
        area_code: area_code.to_owned(),
        year,
        quarter,
        title: String::new(),
        status: RatingCampaignStatus::Draft,
        recorded: false,
        rule_set_id: None,
        publicity_days: days.publicity_days,
        appeal_days: days.appeal_days,
        publicity_id: None,
        objections_upheld: 0,
        appeals_until: None,
        opened_at: None,
        collated_at: None,
        confirmed_at: None,
        confirmed_by: None,
        created_by: by.actor.map(ActorId),
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

fn insert(c: &mut Conn, row: &CampaignRow, by: &By) -> Result<()> {
    diesel::insert_into(campaigns::table).values(row).execute(c).or_conflict(&CAMPAIGN_EXISTS)?;
    let data = json!({ "scheme_id": row.scheme_id, "year": row.year, "quarter": row.quarter });
    record_first(c, by.event(ENTITY, row.id, 1, "rating_campaign.drafted", &row.area_code, data))
}

pub fn save(
    c: &mut Conn,
    row: &CampaignRow,
    after: CampaignRow,
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<CampaignRow> {
    let after = CampaignRow { version: row.version + 1, updated_at: by.at, ..after };
    saved!(c, campaigns, row, after)?;
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}

pub fn get(c: &mut Conn, id: RatingCampaignId) -> Result<CampaignRow> {
    Ok(campaigns::table.find(id).select(CampaignRow::as_select()).first(c)?)
}

/// Takes the campaign's row for the rest of the transaction: what is handed in under its state and a step that ends that state
/// come one after the other. SQLite has one writer and needs nothing.
pub fn hold(c: &mut Conn, id: RatingCampaignId) -> Result<CampaignRow> {
    if c.engine() == platform::db::Engine::Postgres {
        diesel::update(campaigns::table.find(id)).set(campaigns::version.eq(campaigns::version)).execute(c)?;
    }
    get(c, id)
}

/// A campaign of the caller's area, of one below it, or of one above it, in which they are rated.
pub fn find(c: &mut Conn, visible: &Visible, id: RatingCampaignId) -> Result<CampaignRow> {
    let row = get(c, id)?;
    if visible.covers(&row.area_code) || visible.lies_in(&row.area_code) { Ok(row) } else { Err(Error::NotFound) }
}

/// One that lies in the caller's own area, for who runs it.
pub fn find_own(c: &mut Conn, visible: &Visible, id: RatingCampaignId) -> Result<CampaignRow> {
    let row = get(c, id)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// The newest first: ids are in the order in which campaigns were drafted.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (before, fetch): (Option<RatingCampaignId>, i64),
    filter: &RatingCampaignQuery,
) -> Result<Vec<CampaignRow>> {
    let mut query = filtered(visible, filter);
    if let Some(before) = before {
        query = query.filter(campaigns::id.lt(before));
    }
    Ok(query.order(campaigns::id.desc()).limit(fetch).select(CampaignRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &RatingCampaignQuery) -> Result<i64> {
    Ok(filtered(visible, filter).count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &RatingCampaignQuery) -> campaigns::BoxedQuery<'static, Backend> {
    let inside = in_ranges!(visible.ranges(), campaigns::area_code);
    let mut query =
        campaigns::table.into_boxed::<Backend>().filter(inside.or(campaigns::area_code.eq_any(visible.above())));
    if let Some(year) = filter.year {
        query = query.filter(campaigns::year.eq(year));
    }
    if let Some(quarter) = filter.quarter {
        query = query.filter(campaigns::quarter.eq(quarter));
    }
    if let Some(status) = filter.status {
        query = query.filter(campaigns::status.eq(status));
    }
    query
}

//! 评定办法: versions, and the one step by which a draft becomes one that is never changed again.

use std::collections::BTreeSet;

use diesel::dsl::max;
use diesel::prelude::*;
use platform::auth::{AreaCode, AreaLevel, Visible};
use platform::db::{Backend, Conn, Json};
use platform::error::{At, OrConflict};
use platform::history::{ActorId, By, record, record_first};
use platform::{Error, FieldError, Result, in_ranges};
use serde_json::json;

use super::rows::{IndicatorRow, SchemeRow};
use super::{indicators, saved};
use crate::ratings::dto::{
    IndicatorIn, RatingDimension, RatingSchemeId, RatingSchemeIn, RatingSchemePatch, RatingSchemeQuery,
    RatingSchemeStatus, RatingScorer,
};
use crate::ratings::rules::{INDICATOR_TWICE, LEVEL, SCHEME_FROZEN, SCHEME_INCOMPLETE};
use crate::schema::rating_schemes as schemes;

/// The entity of a scheme's events.
pub const ENTITY: &str = "rating_scheme";

/// A district or a street: what rates never changes its code.
pub fn check_level(area: &AreaCode) -> Result<()> {
    let fits = matches!(area.level(), AreaLevel::District | AreaLevel::Street);
    if fits { Ok(()) } else { Err(LEVEL.at("/area_code")) }
}

pub fn create(c: &mut Conn, new: &RatingSchemeIn, by: &By) -> Result<SchemeRow> {
    check_level(&new.area_code)?;
    new.terms.check()?;
    check_codes(&new.indicators)?;
    let area = new.area_code.as_str();
    let before: Option<i32> =
        schemes::table.filter(schemes::area_code.eq(area)).select(max(schemes::number)).first(c)?;
    let row = SchemeRow {
        id: RatingSchemeId::fresh(),
        area_code: area.to_owned(),
        number: before.unwrap_or(0) + 1,
        title: new.title.clone(),
        source: new.source.clone(),
        demo: new.demo.unwrap_or(false),
        terms: Json(json!(new.terms)),
        status: RatingSchemeStatus::Draft,
        created_by: by.actor.map(ActorId),
        published_at: None,
        published_by: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert(c, &row, by)?;
    indicators::replace(c, row.id, &new.indicators)?;
    Ok(row)
}

pub fn insert(c: &mut Conn, row: &SchemeRow, by: &By) -> Result<()> {
    diesel::insert_into(schemes::table).values(row).execute(c).or_conflict(&platform::error::wire::CONFLICT)?;
    let data = json!({ "number": row.number, "title": row.title });
    record_first(c, by.event(ENTITY, row.id, 1, "rating_scheme.drafted", &row.area_code, data))
}

fn check_codes(new: &[IndicatorIn]) -> Result<()> {
    let mut seen = BTreeSet::new();
    match new.iter().position(|indicator| !seen.insert(indicator.code.as_str())) {
        Some(at) => Err(INDICATOR_TWICE.at(format!("/indicators/{at}/code"))),
        None => Ok(()),
    }
}

pub fn update(c: &mut Conn, row: &SchemeRow, patch: &RatingSchemePatch, by: &By) -> Result<SchemeRow> {
    refuse_frozen(row)?;
    let mut after = row.clone();
    if let Some(terms) = &patch.terms {
        terms.check()?;
        after.terms = Json(json!(terms));
    }
    if let Some(new) = &patch.indicators {
        check_codes(new)?;
        indicators::replace(c, row.id, new)?;
    }
    after.title = patch.title.clone().unwrap_or(after.title);
    after.source = patch.source.clone().unwrap_or(after.source);
    after.demo = patch.demo.unwrap_or(after.demo);
    save(c, row, after, "rating_scheme.changed", by)
}

/// 发布: from here on it is never changed, and what is rated by it can be explained by it.
pub fn publish(c: &mut Conn, row: &SchemeRow, by: &By) -> Result<SchemeRow> {
    refuse_frozen(row)?;
    row.terms()?.check()?;
    check_complete(&indicators::of_scheme(c, row.id)?)?;
    let after = SchemeRow {
        status: RatingSchemeStatus::Published,
        published_at: Some(by.at),
        published_by: by.actor.map(ActorId),
        ..row.clone()
    };
    save(c, row, after, "rating_scheme.published", by)
}

fn refuse_frozen(row: &SchemeRow) -> Result<()> {
    if row.status == RatingSchemeStatus::Draft { Ok(()) } else { Err((&SCHEME_FROZEN).into()) }
}

/// Every dimension is measured by something, and every scorer has something to score.
fn check_complete(rows: &[IndicatorRow]) -> Result<()> {
    let dimensions =
        RatingDimension::ALL.iter().filter(|of| !rows.iter().any(|row| row.dimension == **of)).map(|of| of.as_str());
    let scorers = RatingScorer::ALL.iter().filter(|of| !rows.iter().any(|row| row.is_for(**of))).map(|of| of.as_str());
    let fault = |name: &str| {
        let at = At::Pointer(format!("/indicators/{name}"));
        FieldError::new(at, SCHEME_INCOMPLETE.code, SCHEME_INCOMPLETE.zh, SCHEME_INCOMPLETE.en)
    };
    let faults: Vec<FieldError> = dimensions.chain(scorers).map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Rule(&SCHEME_INCOMPLETE, faults)) }
}

fn save(c: &mut Conn, row: &SchemeRow, after: SchemeRow, event: &'static str, by: &By) -> Result<SchemeRow> {
    let after = SchemeRow { version: row.version + 1, updated_at: by.at, ..after };
    saved!(c, schemes, row, after)?;
    let data = json!({ "number": after.number, "title": after.title, "terms": after.terms });
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}

pub fn get(c: &mut Conn, id: RatingSchemeId) -> Result<SchemeRow> {
    Ok(schemes::table.find(id).select(SchemeRow::as_select()).first(c)?)
}

/// A scheme of the caller's area, of one below it, or of one above it, by which they are rated.
pub fn find(c: &mut Conn, visible: &Visible, id: RatingSchemeId) -> Result<SchemeRow> {
    let row = get(c, id)?;
    // A draft is for those whose area is its own.
    let binds = row.status != RatingSchemeStatus::Draft && visible.lies_in(&row.area_code);
    if binds || visible.covers(&row.area_code) { Ok(row) } else { Err(Error::NotFound) }
}

/// One that lies in the caller's own area, for who makes it.
pub fn find_own(c: &mut Conn, visible: &Visible, id: RatingSchemeId) -> Result<SchemeRow> {
    let row = get(c, id)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// By id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<RatingSchemeId>, i64),
    filter: &RatingSchemeQuery,
) -> Result<Vec<SchemeRow>> {
    let mut query = filtered(visible, filter);
    if let Some(after) = after {
        query = query.filter(schemes::id.gt(after));
    }
    Ok(query.order(schemes::id.asc()).limit(fetch).select(SchemeRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &RatingSchemeQuery) -> Result<i64> {
    Ok(filtered(visible, filter).count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &RatingSchemeQuery) -> schemes::BoxedQuery<'static, Backend> {
    let inside = in_ranges!(visible.ranges(), schemes::area_code);
    let binds = schemes::area_code.eq_any(visible.above()).and(schemes::status.ne(RatingSchemeStatus::Draft));
    let mut query = schemes::table.into_boxed::<Backend>().filter(inside.or(binds));
    if let Some(status) = filter.status {
        query = query.filter(schemes::status.eq(status));
    }
    query
}

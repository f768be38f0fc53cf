//! 排名快照: the confirmed results of a quarter, ranked and frozen. What goes out is one column of one row.

use std::collections::HashMap;

use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Conn, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, By, record, record_first};
use platform::quantity::Ratio;
use platform::{Error, Result, insert_rows};
use registry::territory::dto::CompoundId;
use roster::organisations::OrganisationId;
use serde_json::json;

use super::frozen::{self, Proved};
use super::{boards, took_effect};
use crate::ratings::dto::RatingResultId;
use crate::ratings::{FinalResult, final_results};
use crate::schema::{ranking_rows as rows_table, rankings};
use crate::standings::dto::{
    RankingId, RankingIn, RankingItem, RankingOut, RankingRowOut, RankingSnapshot, SnapshotStatus, StandingProofOut,
    StarCount,
};
use crate::standings::rules::listing::check_area;
use crate::standings::rules::ranking::{Quarter, check_over, movement, order, places};
use crate::standings::rules::{NO_RESULTS, RANKED, SUPERSEDED};

/// The entity of a snapshot's events.
pub const ENTITY: &str = "ranking";

const THREE_STARS: i32 = 3;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rankings, treat_none_as_default_value = false)]
pub struct RankingRow {
    pub id: RankingId,
    pub area_code: String,
    pub year: i32,
    pub quarter: i32,
    pub status: SnapshotStatus,
    pub projects: i32,
    pub document: String,
    pub content_hash: String,
    pub supersedes: Option<RankingId>,
    pub reason: Option<String>,
    pub frozen_at: Ts,
    pub frozen_by: Option<ActorId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl RankingRow {
    pub fn of_quarter(&self) -> Quarter {
        Quarter { year: self.year, quarter: self.quarter }
    }
}

impl From<RankingRow> for RankingItem {
    fn from(row: RankingRow) -> Self {
        Self {
            id: row.id,
            area_code: row.area_code,
            year: row.year,
            quarter: row.quarter,
            status: row.status,
            projects: row.projects,
            content_hash: row.content_hash,
            supersedes: row.supersedes,
            frozen_at: row.frozen_at,
            version: row.version,
        }
    }
}

/// One project of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = rows_table, treat_none_as_default_value = false)]
pub struct RankedRow {
    pub ranking_id: RankingId,
    pub position: i32,
    pub place: i32,
    pub movement: Option<i32>,
    pub result_id: RatingResultId,
    pub compound_id: CompoundId,
    pub compound_name: String,
    pub company_id: Option<OrganisationId>,
    pub company_name: Option<String>,
    pub area_code: String,
    pub score: i32,
    pub stars: i32,
}

pub fn get(c: &mut Conn, id: RankingId) -> Result<RankingRow> {
    Ok(rankings::table.find(id).select(RankingRow::as_select()).first(c)?)
}

pub fn find_kept(c: &mut Conn, visible: &Visible, id: RankingId) -> Result<RankingRow> {
    let row = get(c, id)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

pub fn rows_of(c: &mut Conn, id: RankingId) -> Result<Vec<RankedRow>> {
    let of_this = rows_table::table.filter(rows_table::ranking_id.eq(id));
    Ok(of_this.order(rows_table::position.asc()).select(RankedRow::as_select()).load(c)?)
}

/// 生成: of a quarter that is over, once.
pub fn freeze_quarter(c: &mut Conn, visible: &Visible, new: &RankingIn, by: &By) -> Result<RankingRow> {
    visible.check(new.area_code.as_str())?;
    check_area(&new.area_code)?;
    let quarter = Quarter { year: new.year, quarter: new.quarter };
    check_over(quarter, by.today)?;
    let results = results_of(c, new.area_code.as_str(), quarter)?;
    if results.is_empty() {
        return Err(NO_RESULTS.at("/quarter"));
    }
    freeze(c, Ranked { id: RankingId::fresh(), area_code: new.area_code.as_str(), quarter, results }, None, by)
}

fn results_of(c: &mut Conn, area: &str, of: Quarter) -> Result<Vec<FinalResult>> {
    let quarter = i16::try_from(of.quarter).map_err(Error::internal)?;
    final_results(c, area, of.year, quarter)
}

/// What is to be ranked.
#[derive(Debug)]
pub struct Ranked<'a> {
    pub id: RankingId,
    pub area_code: &'a str,
    pub quarter: Quarter,
    pub results: Vec<FinalResult>,
}

/// Ranks and freezes; `before` is the snapshot that this one corrects, with the reason.
pub fn freeze(c: &mut Conn, ranked: Ranked<'_>, before: Option<(RankingId, &str)>, by: &By) -> Result<RankingRow> {
    let Ranked { id, area_code, quarter, results } = ranked;
    let former = former_places(c, area_code, quarter)?;
    let rows = rank(id, results, &former);
    let snapshot = snapshot((id, area_code, quarter), &rows, before, by)?;
    let frozen = frozen::freeze(&format!("/v1/public/rankings/{id}/proof"), &snapshot)?;
    let row = RankingRow {
        id,
        area_code: area_code.to_owned(),
        year: quarter.year,
        quarter: quarter.quarter,
        status: SnapshotStatus::Standing,
        projects: i32::try_from(rows.len()).map_err(Error::internal)?,
        document: frozen.document,
        content_hash: frozen.content_hash,
        supersedes: before.map(|(id, _)| id),
        reason: before.map(|(_, reason)| reason.to_owned()),
        frozen_at: by.at,
        frozen_by: by.actor.map(ActorId),
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(rankings::table).values(&row).execute(c).or_conflict(&RANKED)?;
    insert_rows!(c, rows_table::table, rows.iter().collect())?;
    let data = json!({ "year": row.year, "quarter": row.quarter, "projects": row.projects,
        "content_hash": row.content_hash, "supersedes": row.supersedes });
    record_first(c, by.event(ENTITY, row.id, 1, "ranking.frozen", &row.area_code, data))?;
    Ok(row)
}

fn rank(id: RankingId, mut results: Vec<FinalResult>, former: &HashMap<CompoundId, i32>) -> Vec<RankedRow> {
    order(&mut results, |result| result.score, |result| (result.area_code.clone(), result.compound_id));
    let scores: Vec<i32> = results.iter().map(|result| result.score).collect();
    let ranked = |((position, place), result): ((i32, i32), FinalResult)| RankedRow {
        ranking_id: id,
        position,
        place,
        movement: movement(former.get(&result.compound_id).copied(), place),
        result_id: result.result_id,
        compound_id: result.compound_id,
        compound_name: result.compound_name,
        company_id: result.company_id,
        company_name: result.company_name,
        area_code: result.area_code,
        score: result.score,
        stars: result.star.into(),
    };
    (1..).zip(places(&scores)).zip(results).map(ranked).collect()
}

/// Where each project stood a quarter before, in the snapshot that stands.
fn former_places(c: &mut Conn, area_code: &str, quarter: Quarter) -> Result<HashMap<CompoundId, i32>> {
    let before = quarter.former();
    let places: Vec<(CompoundId, i32)> = rows_table::table
        .inner_join(rankings::table)
        .filter(rankings::area_code.eq(area_code).and(rankings::status.eq(SnapshotStatus::Standing)))
        .filter(rankings::year.eq(before.year).and(rankings::quarter.eq(before.quarter)))
        .select((rows_table::compound_id, rows_table::place))
        .load(c)?;
    Ok(places.into_iter().collect())
}

fn snapshot(
    (id, area_code, quarter): (RankingId, &str, Quarter),
    rows: &[RankedRow],
    before: Option<(RankingId, &str)>,
    by: &By,
) -> Result<RankingSnapshot> {
    let projects = i64::try_from(rows.len()).map_err(Error::internal)?;
    let stars = count_stars(rows.iter().map(|row| row.stars));
    let three_and_more = stars.iter().filter(|count| count.star >= THREE_STARS).map(|count| count.projects).sum();
    Ok(RankingSnapshot {
        ranking_id: id,
        area_code: area_code.to_owned(),
        year: quarter.year,
        quarter: quarter.quarter,
        frozen_at: by.at,
        supersedes: before.map(|(id, _)| id),
        reason: before.map(|(_, reason)| reason.to_owned()),
        projects,
        stars,
        three_stars_and_more: Ratio::of(three_and_more, projects),
        rows: rows.iter().map(RankingRowOut::from).collect(),
    })
}

/// F12: how many of each star, from five down.
pub fn count_stars(stars: impl Iterator<Item = i32> + Clone) -> Vec<StarCount> {
    let of = |star: i32| stars.clone().filter(|other| *other == star).count();
    (0..=5).rev().map(|star| StarCount { star, projects: i64::try_from(of(star)).unwrap_or(i64::MAX) }).collect()
}

/// 更正: another in its place, from the results as they are now; the old one stays as it was, and its board with it.
pub fn supersede(c: &mut Conn, row: &RankingRow, reason: &str, by: &By) -> Result<RankingRow> {
    if row.status == SnapshotStatus::Superseded {
        return Err((&SUPERSEDED).into());
    }
    let quarter = row.of_quarter();
    let results = results_of(c, &row.area_code, quarter)?;
    if results.is_empty() {
        return Err((&NO_RESULTS).into());
    }
    let id = RankingId::fresh();
    let version = row.version + 1;
    let target = rankings::table.filter(rankings::id.eq(row.id).and(rankings::version.eq(row.version)));
    let set = (
        rankings::status.eq(SnapshotStatus::Superseded),
        rankings::version.eq(version),
        rankings::updated_at.eq(by.at),
    );
    took_effect(diesel::update(target).set(set).execute(c)?, version)?;
    let data = json!({ "by": id });
    record(c, by.event(ENTITY, row.id, version, "ranking.superseded", &row.area_code, data))?;
    boards::supersede(c, row.id, by)?;
    freeze(c, Ranked { id, area_code: &row.area_code, quarter, results }, Some((row.id, reason)), by)
}

/// Whether a snapshot is still what was published, and its rows with it.
pub fn prove(c: &mut Conn, id: RankingId) -> Result<StandingProofOut> {
    let row = get(c, id)?;
    let rows: Vec<RankingRowOut> = rows_of(c, id)?.iter().map(Into::into).collect();
    let told: Option<RankingOut> = frozen::read(&row.document).ok();
    let proved = Proved {
        entity: ENTITY,
        id: &row.id.to_string(),
        event: "ranking.frozen",
        document: &row.document,
        content_hash: &row.content_hash,
        rows_intact: told.is_some_and(|told| told.snapshot.rows == rows),
    };
    frozen::prove(c, proved)
}

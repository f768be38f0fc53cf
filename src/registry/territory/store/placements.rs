//! Where a compound lay when. An area code that was ever given to a compound is never given again.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::db::{Conn, Range, Ts};
use platform::error::OrConflict;
use platform::history::ActorId;
use platform::{Result, id};

use super::By;
use crate::schema::compound_placements as placements;
use crate::territory::dto::{CompoundId, PlacementOut};
use crate::territory::rules;

id!(
    /// 归属编号
    PlacementId
);

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = placements, treat_none_as_default_value = false)]
pub struct PlacementRow {
    pub id: PlacementId,
    pub compound_id: CompoundId,
    pub community_code: String,
    pub area_code: String,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub reason: Option<String>,
    pub recorded_by: Option<ActorId>,
    pub created_at: Ts,
}

impl From<PlacementRow> for PlacementOut {
    fn from(row: PlacementRow) -> Self {
        let PlacementRow {
            id: _,
            compound_id: _,
            community_code,
            area_code,
            valid_from,
            valid_to,
            reason,
            recorded_by: _,
            created_at: _,
        } = row;
        Self { community_code, area_code, valid_from, valid_to, reason }
    }
}

const SERIAL_DIGITS: usize = 4;

/// The next code in a community; the caller holds its lock.
pub fn next_code(c: &mut Conn, community: &str) -> Result<String> {
    let range = Range::under(&format!("{community}-"));
    let last: Option<String> = placements::table
        .filter(placements::area_code.ge(range.from).and(placements::area_code.lt(range.to)))
        .select(diesel::dsl::max(placements::area_code))
        .first(c)?;
    rules::next_code(community, last.as_deref(), SERIAL_DIGITS)
}

pub fn open(
    c: &mut Conn,
    compound: CompoundId,
    area_code: &str,
    from: NaiveDate,
    reason: Option<&str>,
    by: &By,
) -> Result<()> {
    let row = PlacementRow {
        id: PlacementId::fresh(),
        compound_id: compound,
        community_code: area_code.split('-').next().unwrap_or_default().to_owned(),
        area_code: area_code.to_owned(),
        valid_from: from,
        valid_to: None,
        reason: reason.map(str::to_owned),
        recorded_by: by.actor.map(ActorId),
        created_at: by.at,
    };
    diesel::insert_into(placements::table).values(&row).execute(c).or_conflict(&rules::CODE_TAKEN)?;
    Ok(())
}

/// Ends the open placement and tells since when it ran.
pub fn end(c: &mut Conn, compound: CompoundId, on: NaiveDate) -> Result<()> {
    let open = placements::table.filter(placements::compound_id.eq(compound).and(placements::valid_to.is_null()));
    let since: NaiveDate = open.select(placements::valid_from).first(c)?;
    if on <= since {
        return Err(rules::CLOSED_TOO_EARLY.at("/on"));
    }
    diesel::update(placements::table)
        .filter(placements::compound_id.eq(compound).and(placements::valid_to.is_null()))
        .set(placements::valid_to.eq(Some(on)))
        .execute(c)?;
    Ok(())
}

pub fn list(c: &mut Conn, compound: CompoundId) -> Result<Vec<PlacementRow>> {
    Ok(placements::table
        .filter(placements::compound_id.eq(compound))
        .order(placements::valid_from.asc())
        .select(PlacementRow::as_select())
        .load(c)?)
}

//! Compounds for every open community in turn, with their first placement and mode, in batches.

use diesel::prelude::*;
use platform::clock::Clock;
use platform::db::{Conn, Db};
use platform::{Result, on_each};
use registry::schema::{compound_modes, compound_placements, compounds, divisions};
use registry::territory::dto::{CompoundId, CompoundIn, CompoundKind, DivisionLevel, ManagementMode};
use registry::territory::store::By;
use registry::territory::store::compounds::CompoundRow;
use registry::territory::store::modes::{IntervalId, IntervalRow};
use registry::territory::store::placements::{PlacementId, PlacementRow};

const BATCH: usize = 1000;

pub fn run(db: &Db, wanted: usize) -> Result<()> {
    let clock = Clock::System;
    let by = By { actor: None, at: clock.now(), today: clock.today() };
    let communities: Vec<String> = db.with_writer(|c| {
        divisions::table
            .filter(divisions::level.eq(DivisionLevel::Community).and(divisions::valid_to.is_null()))
            .order(divisions::code.asc())
            .select(divisions::code)
            .load(c)
    })??;
    let step = (communities.len() * 20 / wanted.max(1)).max(1);
    // Twenty to a community, in every so many communities: pages of one district are then full.
    let numbered = communities.iter().step_by(step).flat_map(|code| (1..=20).map(move |n| (code.as_str(), n)));
    let all: Vec<(&str, u32)> = numbered.take(wanted).collect();
    for batch in all.chunks(BATCH) {
        db.write_now(|c| insert(c, batch, &by))?;
    }
    Ok(())
}

fn insert(c: &mut Conn, batch: &[(&str, u32)], by: &By) -> Result<()> {
    let rows: Vec<CompoundRow> = batch.iter().map(|(community, n)| row(community, *n, by)).collect();
    let placements: Vec<PlacementRow> = rows.iter().map(|row| placement(row, by)).collect();
    let modes: Vec<IntervalRow> = rows.iter().map(|row| interval(row, by)).collect();
    on_each!(c => diesel::insert_into(compounds::table).values(&rows).execute(c))?;
    on_each!(c => diesel::insert_into(compound_placements::table).values(&placements).execute(c))?;
    on_each!(c => diesel::insert_into(compound_modes::table).values(&modes).execute(c))?;
    Ok(())
}

fn row(community: &str, n: u32, by: &By) -> CompoundRow {
    let new = CompoundIn {
        community_code: community.to_owned(),
        grid_code: None,
        name: format!("幸福花园{n}期"),
        kind: if n.is_multiple_of(2) { CompoundKind::Managed } else { CompoundKind::ScatteredYard },
        address: format!("人民路 {n} 号"),
        built_year: i32::try_from(1980 + n * 2).ok(),
        floor_area: Some(i64::from(n) * 1_000_000),
        households: i32::try_from(100 + n).ok(),
        residents: i32::try_from(300 + n).ok(),
        management_mode: ManagementMode::None,
        evidence: None,
        pilots: Vec::new(),
        plan: None,
        brand: None,
        opened_on: Some(by.today),
    };
    CompoundRow::fresh(CompoundId::fresh(), format!("{community}-{n:04}"), &new, by)
}

fn placement(row: &CompoundRow, by: &By) -> PlacementRow {
    PlacementRow {
        id: PlacementId::fresh(),
        compound_id: row.id,
        community_code: row.community_code.clone(),
        area_code: row.area_code.clone(),
        valid_from: row.opened_on,
        valid_to: None,
        reason: None,
        recorded_by: None,
        created_at: by.at,
    }
}

fn interval(row: &CompoundRow, by: &By) -> IntervalRow {
    IntervalRow {
        id: IntervalId::fresh(),
        compound_id: row.id,
        mode: row.management_mode,
        valid_from: row.opened_on,
        valid_to: None,
        evidence_kind: None,
        evidence_ref: None,
        recorded_by: None,
        created_at: by.at,
    }
}

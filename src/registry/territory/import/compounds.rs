//! Compounds from a table, and the row that an export writes: the two have one shape, so an export imports with no change.

use std::collections::HashMap;
use std::io::Read;

use chrono::NaiveDate;
use platform::Result;
use platform::auth::{AreaCode, AreaLevel, Visible};
use platform::db::{Conn, Json};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::grids::{Outcome, import_rows};
use super::{Counts, Input, Session, in_column};
use crate::territory::dto::{
    CompoundId, CompoundIn, CompoundKind, CompoundOut, CompoundPatch, EvidenceIn, EvidenceKind, ManagementMode, Pilot,
};
use crate::territory::rules;
use crate::territory::store::compounds::{self as store, CompoundRow};
use crate::territory::store::modes::{self, IntervalRow};
use crate::territory::store::{By, divisions};

/// One line of `compounds.csv`. Empty cells are absent values; `pilots` are separated by `;`; `floor_area` is in 0.01 m².
/// Without an `area_code` a compound is known again by its name in its community.
///
/// A table carries no contracts. So a row may say `professional` where the compound is managed so already, which is every
/// row of an export that is read back where it was written; a compound that is new is refused as
/// `territory.contract_required`, as over HTTP.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CompoundRecord {
    pub area_code: Option<String>,
    pub community_code: String,
    pub grid_code: Option<String>,
    pub name: String,
    pub kind: CompoundKind,
    pub address: String,
    pub built_year: Option<i32>,
    pub floor_area: Option<i64>,
    pub households: Option<i32>,
    pub residents: Option<i32>,
    pub management_mode: ManagementMode,
    pub mode_since: Option<NaiveDate>,
    pub evidence_kind: Option<EvidenceKind>,
    pub evidence_reference: Option<String>,
    pub pilots: Option<String>,
    pub plan: Option<String>,
    pub brand: Option<String>,
    pub opened_on: Option<NaiveDate>,
}

impl CompoundRecord {
    pub const HEADER: &[&str] = &[
        "area_code",
        "community_code",
        "grid_code",
        "name",
        "kind",
        "address",
        "built_year",
        "floor_area",
        "households",
        "residents",
        "management_mode",
        "mode_since",
        "evidence_kind",
        "evidence_reference",
        "pilots",
        "plan",
        "brand",
        "opened_on",
    ];

    pub fn of(row: CompoundOut, running: &HashMap<CompoundId, IntervalRow>) -> Self {
        let interval = running.get(&row.id);
        Self {
            area_code: Some(row.area_code),
            community_code: row.community_code,
            grid_code: row.grid_code,
            name: row.name,
            kind: row.kind,
            address: row.address,
            built_year: row.built_year,
            floor_area: row.floor_area,
            households: row.households,
            residents: row.residents,
            management_mode: row.management_mode,
            mode_since: interval.map(|i| i.valid_from),
            evidence_kind: interval.and_then(|i| i.evidence_kind),
            evidence_reference: interval.and_then(|i| i.evidence_ref.clone()),
            pilots: Some(row.pilots.iter().map(|pilot| pilot.as_str()).collect::<Vec<_>>().join(";"))
                .filter(|words| !words.is_empty()),
            plan: row.plan,
            brand: row.brand,
            opened_on: Some(row.opened_on),
        }
    }

    fn evidence(&self) -> Result<Option<EvidenceIn>> {
        match (self.evidence_kind, &self.evidence_reference) {
            (Some(kind), Some(reference)) => Ok(Some(EvidenceIn { kind, reference: reference.clone() })),
            (None, None) => Ok(None),
            _ => Err(in_column(&rules::EVIDENCE_MISSING, "evidence_reference")),
        }
    }

    fn pilots(&self) -> Result<Vec<Pilot>> {
        let words =
            self.pilots.as_deref().unwrap_or_default().split(';').map(str::trim).filter(|word| !word.is_empty());
        words.map(|word| word.parse().map_err(|_| in_column(&rules::BAD_CELL, "pilots"))).collect()
    }

    fn to_new(&self) -> Result<CompoundIn> {
        let new = CompoundIn {
            community_code: self.community_code.clone(),
            grid_code: self.grid_code.clone(),
            name: self.name.clone(),
            kind: self.kind,
            address: self.address.clone(),
            built_year: self.built_year,
            floor_area: self.floor_area,
            households: self.households,
            residents: self.residents,
            management_mode: self.management_mode,
            evidence: self.evidence()?,
            pilots: self.pilots()?,
            plan: self.plan.clone(),
            brand: self.brand.clone(),
            opened_on: self.opened_on.or(self.mode_since),
        };
        new.validate().map_err(|errors| platform::http::invalid(&errors))?;
        Ok(new)
    }

    /// What differs from the row that stands; `None` where nothing does.
    fn to_patch(&self, row: &CompoundRow, running: &IntervalRow) -> Result<Option<CompoundPatch>> {
        if row.closed_on.is_some() {
            return Err(in_column(&rules::COMPOUND_CLOSED, "area_code"));
        }
        if self.community_code != row.community_code {
            return Err(in_column(&rules::FIXED_IN_COMPOUND, "community_code"));
        }
        if self.management_mode != row.management_mode {
            rules::may_put_in_force(self.management_mode, row.serving_contract_id.is_some())
                .map_err(|_| in_column(&rules::CONTRACT_REQUIRED, "management_mode"))?;
            return Err(in_column(&rules::MODE_BY_WORKFLOW, "management_mode"));
        }
        // What the file leaves out is left as it is; what it says otherwise is not passed over.
        let evidence = self.evidence()?;
        let (kind, reference) = (evidence.as_ref().map(|e| e.kind), evidence.map(|e| e.reference));
        if self.mode_since.is_some_and(|since| since != running.valid_from) {
            return Err(in_column(&rules::MODE_BY_WORKFLOW, "mode_since"));
        }
        if kind.is_some() && (kind, &reference) != (running.evidence_kind, &running.evidence_ref) {
            return Err(in_column(&rules::MODE_BY_WORKFLOW, "evidence_kind"));
        }
        if self.opened_on.is_some_and(|day| day != row.opened_on) {
            return Err(in_column(&rules::FIXED_IN_COMPOUND, "opened_on"));
        }
        let pilots = self.pilots()?;
        let same_pilots = pilots.iter().map(|pilot| pilot.as_str()).eq(pilot_words(&row.pilots));
        let patch = CompoundPatch {
            name: (self.name != row.name).then(|| self.name.clone()),
            kind: (self.kind != row.kind).then_some(self.kind),
            address: (self.address != row.address).then(|| self.address.clone()),
            grid_code: (self.grid_code != row.grid_code).then(|| self.grid_code.clone()),
            built_year: (self.built_year != row.built_year).then_some(self.built_year),
            floor_area: (self.floor_area != row.floor_area).then_some(self.floor_area),
            households: (self.households != row.households).then_some(self.households),
            residents: (self.residents != row.residents).then_some(self.residents),
            pilots: (!same_pilots).then_some(pilots),
            plan: (self.plan != row.plan).then(|| self.plan.clone()),
            brand: (self.brand != row.brand).then(|| self.brand.clone()),
        };
        patch.validate().map_err(|errors| platform::http::invalid(&errors))?;
        Ok((!patch.is_empty()).then_some(patch))
    }
}

fn pilot_words(pilots: &Json) -> Vec<&str> {
    pilots.0.as_array().into_iter().flatten().filter_map(|word| word.as_str()).collect()
}

pub fn import_compounds<R: Read>(session: &mut Session<'_>, input: Input<R>) -> Result<Counts> {
    import_rows(
        session,
        input,
        "compounds",
        CompoundRecord::HEADER,
        |record: &CompoundRecord| record.name.clone(),
        take,
    )
}

fn take(c: &mut Conn, record: &CompoundRecord, by: &By) -> Result<Outcome> {
    let code = record.area_code.as_deref().filter(|code| !code.is_empty());
    match store::known(c, code, &record.community_code, &record.name)? {
        Some(row) => match record.to_patch(&row, &modes::running(c, row.id)?)? {
            None => Ok(Outcome::Unchanged),
            Some(patch) => store::update(c, &row, &patch, by).map(|_| Outcome::Changed),
        },
        None => insert(c, record, code, by).map(|()| Outcome::Inserted),
    }
}

fn insert(c: &mut Conn, record: &CompoundRecord, code: Option<&str>, by: &By) -> Result<()> {
    let new = record.to_new()?;
    divisions::open_community(c, &Visible::everything(), &new.community_code, "/community_code")?;
    let row = match code {
        None => store::insert(c, &new, by)?,
        Some(code) => {
            let shape = code.parse::<AreaCode>().ok().filter(|area| area.level() == AreaLevel::Compound);
            if shape.is_none() || !code.starts_with(&new.community_code) {
                return Err(in_column(&rules::CODE_SHAPE, "area_code"));
            }
            store::insert_as(c, code, &new, by)?
        }
    };
    // The file may know that the mode has run for a shorter time than the compound has stood.
    match record.mode_since.filter(|since| *since > row.opened_on) {
        Some(since) => modes::begin_later(c, row.id, since, by),
        None => Ok(()),
    }
}

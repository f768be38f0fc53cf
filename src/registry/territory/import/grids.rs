//! Grids from a table, and the row that an export writes: the two have one shape, so an export imports with no change.

use std::collections::HashMap;
use std::io::Read;

use chrono::NaiveDate;
use platform::auth::Visible;
use platform::db::{Conn, Json, savepoint};
use platform::{Error, Result};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::{CHUNK, Counts, Input, Run, Session, in_column, tables};
use crate::territory::dto::{GridId, GridIn, GridKind, GridPatch};
use crate::territory::rules;
use crate::territory::store::grids::{self as store, GridRow};
use crate::territory::store::{By, divisions, imports};

/// One line of `grids.csv`. Empty cells are absent values; `polygon` is GeoJSON text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GridRecord {
    pub code: String,
    pub parent_code: Option<String>,
    pub level: i32,
    pub kind: GridKind,
    pub name: String,
    pub households: Option<i32>,
    pub residents: Option<i32>,
    pub duty_phone: Option<String>,
    pub valid_from: NaiveDate,
    pub polygon: Option<String>,
}

impl GridRecord {
    pub const HEADER: &[&str] = &[
        "code",
        "parent_code",
        "level",
        "kind",
        "name",
        "households",
        "residents",
        "duty_phone",
        "valid_from",
        "polygon",
    ];

    pub fn of(row: GridRow, parents: &HashMap<GridId, String>) -> Self {
        Self {
            parent_code: row.parent_id.and_then(|id| parents.get(&id).cloned()),
            code: row.code,
            level: row.level,
            kind: row.kind,
            name: row.name,
            households: row.households,
            residents: row.residents,
            duty_phone: row.duty_phone,
            valid_from: row.valid_from,
            polygon: row.polygon.map(|Json(value)| value.to_string()),
        }
    }

    fn polygon(&self) -> Result<Option<serde_json::Value>> {
        let parse =
            |text: &String| serde_json::from_str(text).map_err(|_| in_column(&rules::POLYGON_INVALID, "polygon"));
        self.polygon.as_ref().map(parse).transpose()
    }

    fn to_new(&self) -> Result<GridIn> {
        let (community, serial) =
            self.code.split_at_checked(12).ok_or_else(|| in_column(&rules::CODE_SHAPE, "code"))?;
        let digits = self.code.len() == 15 && self.code.bytes().all(|b| b.is_ascii_digit());
        let serial = serial.parse().ok().filter(|serial| digits && *serial > 0);
        let new = GridIn {
            community_code: community.to_owned(),
            serial: Some(serial.ok_or_else(|| in_column(&rules::CODE_SHAPE, "code"))?),
            parent_code: self.parent_code.clone(),
            level: self.level,
            kind: self.kind,
            name: self.name.clone(),
            households: self.households,
            residents: self.residents,
            duty_phone: self.duty_phone.clone(),
            polygon: self.polygon()?,
            valid_from: Some(self.valid_from),
        };
        new.validate().map_err(|errors| platform::http::invalid(&errors))?;
        Ok(new)
    }

    /// What differs from the row that stands; `None` where nothing does.
    fn to_patch(&self, row: &GridRow, parent_code: Option<&str>) -> Result<Option<GridPatch>> {
        if row.valid_to.is_some() {
            return Err(in_column(&rules::GRID_CLOSED, "code"));
        }
        let fixed = [
            ("level", self.level == row.level),
            ("parent_code", self.parent_code.as_deref() == parent_code),
            ("valid_from", self.valid_from == row.valid_from),
        ];
        if let Some((column, _)) = fixed.iter().find(|(_, same)| !same) {
            return Err(in_column(&rules::FIXED_IN_GRID, column));
        }
        let polygon = self.polygon()?;
        let patch = GridPatch {
            name: (self.name != row.name).then(|| self.name.clone()),
            kind: (self.kind != row.kind).then_some(self.kind),
            households: (self.households != row.households).then_some(self.households),
            residents: (self.residents != row.residents).then_some(self.residents),
            duty_phone: (self.duty_phone != row.duty_phone).then(|| self.duty_phone.clone()),
            polygon: (polygon.as_ref() != row.polygon.as_ref().map(|Json(value)| value)).then_some(polygon),
        };
        patch.validate().map_err(|errors| platform::http::invalid(&errors))?;
        let GridPatch { name, kind, households, residents, duty_phone, polygon } = &patch;
        let same = name.is_none() && kind.is_none() && households.is_none() && residents.is_none();
        Ok((!(same && duty_phone.is_none() && polygon.is_none())).then_some(patch))
    }
}

/// What became of one row.
pub(super) enum Outcome {
    Inserted,
    Changed,
    Unchanged,
}

impl Counts {
    pub(super) fn note(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Inserted => self.inserted += 1,
            Outcome::Changed => self.changed += 1,
            Outcome::Unchanged => self.unchanged += 1,
        }
    }
}

pub fn import_grids<R: Read>(session: &mut Session<'_>, input: Input<R>) -> Result<Counts> {
    import_rows(session, input, "grids", GridRecord::HEADER, |record: &GridRecord| record.code.clone(), take)
}

/// The rows of a table in chunks, each row in a savepoint of its own: a bad one is reported and the others stand.
pub(super) fn import_rows<R: Read, T: serde::de::DeserializeOwned>(
    session: &mut Session<'_>,
    input: Input<R>,
    kind: &str,
    header: &[&str],
    key: impl Fn(&T) -> String,
    take: impl Fn(&mut Conn, &T, &By) -> Result<Outcome>,
) -> Result<Counts> {
    let mut run = Run::begin(session, kind, &input.hash)?;
    let mut chunk: Vec<(i64, Result<T>)> = Vec::new();
    let flush = |session: &mut Session<'_>, run: &mut Run, chunk: &mut Vec<(i64, Result<T>)>| -> Result<()> {
        let rows = std::mem::take(chunk);
        let (by, id, mut counts, seen) = (session.options.by, run.row.id, run.counts.clone(), run.seen);
        let (counts, rejected) = session.chunk(|c| {
            let mut rejected: Vec<(i64, String, Error)> = Vec::new();
            for (number, row) in rows {
                let name = row.as_ref().map(&key).unwrap_or_default();
                match row.and_then(|row| savepoint(c, |c| take(c, &row, &by))) {
                    Ok(outcome) => counts.note(&outcome),
                    Err(error) => rejected.push((number, name, error)),
                }
            }
            counts.read = seen;
            counts.rejected += i64::try_from(rejected.len()).unwrap_or(0);
            imports::advance(c, id, &counts, by.at, false)?;
            Ok((counts, rejected))
        })?;
        run.counts = counts;
        rejected.iter().try_for_each(|(row, key, error)| session.reject(*row, key, error))
    };
    tables(input.reader, header, |number, row: Result<T>| {
        if run.next_row().is_some() {
            chunk.push((number, row));
        }
        if chunk.len() == CHUNK { flush(session, &mut run, &mut chunk) } else { Ok(()) }
    })?;
    flush(session, &mut run, &mut chunk)?;
    run.end(session)
}

fn take(c: &mut Conn, record: &GridRecord, by: &By) -> Result<Outcome> {
    match store::known(c, &record.code)? {
        None => {
            let new = record.to_new()?;
            divisions::open_community(c, &Visible::everything(), &new.community_code, "/code")?;
            store::insert(c, &new, by).map(|_| Outcome::Inserted)
        }
        Some(row) => {
            let parents = store::parent_codes(c, std::slice::from_ref(&row))?;
            let parent = row.parent_id.and_then(|id| parents.get(&id).map(String::as_str));
            match record.to_patch(&row, parent)? {
                None => Ok(Outcome::Unchanged),
                Some(patch) => store::update(c, &row, &patch, by).map(|_| Outcome::Changed),
            }
        }
    }
}

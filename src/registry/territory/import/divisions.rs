//! Divisions from the national register: what is new is registered, what is renamed keeps its old name in the history,
//! and, where the files are complete, what is gone is closed; a community that is gone here and new there was moved.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use diesel::prelude::*;
use platform::db::{Conn, Range, savepoint};
use platform::error::Error;
use platform::{Result, on_each};

use super::source::{RawDivision, each_division};
use super::{CHUNK, Counts, Input, Run, Session, in_column};
use crate::schema::divisions;
use crate::territory::dto::DivisionLevel;
use crate::territory::store::divisions::{self as store, DivisionRow};
use crate::territory::store::{By, imports, moves};
use crate::territory::{names, rules};

const MAX_NAME: usize = 80;

/// Imports the files as one register, in the order given: parents before children.
pub fn import_divisions<R: Read>(session: &mut Session<'_>, inputs: Vec<Input<R>>) -> Result<Counts> {
    let mut present = Present::default();
    let mut total = Counts::default();
    for input in inputs {
        let counts = import_file(session, input, &mut present)?;
        total.add(&counts);
    }
    if let Some(area) = session.options.complete.clone() {
        total.closed += close_missing(session, area.as_str(), &mut present)?;
    }
    Ok(total)
}

/// The codes that the files have: eight bytes each, so the whole country is five megabytes.
#[derive(Default)]
struct Present {
    codes: Vec<u64>,
    levels: HashSet<DivisionLevel>,
}

impl Present {
    fn note(&mut self, code: &str) {
        if let (Some(level), Ok(number)) = (DivisionLevel::of_code(code), code.parse()) {
            self.levels.insert(level);
            self.codes.push(number);
        }
    }

    /// Codes of different levels differ in length, and none begins with a zero, so their numbers differ too.
    fn has(&self, code: &str) -> bool {
        code.parse().is_ok_and(|number: u64| self.codes.binary_search(&number).is_ok())
    }
}

fn import_file<R: Read>(session: &mut Session<'_>, input: Input<R>, present: &mut Present) -> Result<Counts> {
    let mut run = Run::begin(session, "divisions", &input.hash)?;
    let mut chunk: Vec<(i64, RawDivision)> = Vec::with_capacity(CHUNK);
    let complete = session.options.complete.is_some();
    each_division(input.reader, input.format, &mut |row| {
        if complete {
            present.note(&row.code);
        }
        if let Some(number) = run.next_row() {
            chunk.push((number, row));
        }
        if chunk.len() == CHUNK { write_chunk(session, &mut run, &mut chunk) } else { Ok(()) }
    })?;
    write_chunk(session, &mut run, &mut chunk)?;
    run.end(session)
}

type Rejected = (i64, String, Error);

fn write_chunk(session: &mut Session<'_>, run: &mut Run, chunk: &mut Vec<(i64, RawDivision)>) -> Result<()> {
    let rows = std::mem::take(chunk);
    let (by, id, mut counts, seen) = (session.options.by, run.row.id, run.counts.clone(), run.seen);
    let (counts, rejected) = session.chunk(|c| {
        let rejected = take_rows(c, rows, &by, &mut counts)?;
        counts.read = seen;
        counts.rejected += i64::try_from(rejected.len()).unwrap_or(0);
        imports::advance(c, id, &counts, by.at, false)?;
        Ok((counts, rejected))
    })?;
    run.counts = counts;
    rejected.iter().try_for_each(|(row, key, error)| session.reject(*row, key, error))
}

fn take_rows(c: &mut Conn, rows: Vec<(i64, RawDivision)>, by: &By, counts: &mut Counts) -> Result<Vec<Rejected>> {
    let mut rejected = Vec::new();
    let known = known_rows(c, &rows)?;
    let mut parents = open_parents(c, &rows)?;
    let mut fresh: Vec<DivisionRow> = Vec::new();
    let mut in_chunk: HashMap<String, String> = HashMap::new();
    for (number, raw) in rows {
        if let Some(name) = in_chunk.get(&raw.code) {
            match *name == raw.name {
                true => counts.unchanged += 1,
                false => rejected.push((number, raw.code, in_column(&rules::TWICE, "code"))),
            }
            continue;
        }
        match judge(&raw, known.get(&raw.code), &parents) {
            Err(error) => rejected.push((number, raw.code, error)),
            Ok(Verdict::Known) => counts.unchanged += 1,
            Ok(Verdict::Renamed(row)) => {
                store::rename(c, row, &raw.name, by)?;
                counts.changed += 1;
            }
            Ok(Verdict::New(level)) => {
                parents.insert(raw.code.clone());
                in_chunk.insert(raw.code.clone(), raw.name.clone());
                fresh.push(DivisionRow::fresh(&raw.code, level, &raw.name, by.today, by.at));
            }
        }
    }
    counts.inserted += i64::try_from(fresh.len()).unwrap_or(0);
    if !fresh.is_empty() {
        // No history row each: the run that brought them is their creation's record, and a country would double.
        on_each!(c => diesel::insert_into(divisions::table).values(&fresh).execute(c))?;
    }
    Ok(rejected)
}

fn known_rows(c: &mut Conn, rows: &[(i64, RawDivision)]) -> Result<HashMap<String, DivisionRow>> {
    let codes: Vec<&str> = rows.iter().map(|(_, row)| row.code.as_str()).collect();
    let found: Vec<DivisionRow> =
        divisions::table.filter(divisions::code.eq_any(codes)).select(DivisionRow::as_select()).load(c)?;
    Ok(found.into_iter().map(|row| (row.code.clone(), row)).collect())
}

fn open_parents(c: &mut Conn, rows: &[(i64, RawDivision)]) -> Result<HashSet<String>> {
    let codes: HashSet<&str> = rows.iter().filter_map(|(_, row)| rules::parent_of(&row.code)).collect();
    let open = divisions::code.eq_any(codes.into_iter().collect::<Vec<_>>()).and(divisions::valid_to.is_null());
    Ok(divisions::table.filter(open).select(divisions::code).load::<String>(c)?.into_iter().collect())
}

enum Verdict<'a> {
    New(DivisionLevel),
    Renamed(&'a DivisionRow),
    Known,
}

fn judge<'a>(raw: &RawDivision, known: Option<&'a DivisionRow>, parents: &HashSet<String>) -> Result<Verdict<'a>> {
    let level = DivisionLevel::of_code(&raw.code).ok_or_else(|| in_column(&rules::CODE_SHAPE, "code"))?;
    let length = raw.name.chars().count();
    if raw.name.trim().is_empty() || length > MAX_NAME || raw.name.contains('\0') {
        return Err(in_column(&rules::NAME_LENGTH, "name"));
    }
    let parent = rules::parent_of(&raw.code);
    if raw.parent.as_deref().is_some_and(|named| !named.is_empty() && Some(named) != parent) {
        return Err(in_column(&rules::PARENT_PREFIX, "code"));
    }
    match known {
        Some(row) if row.valid_to.is_some() => Err(in_column(&rules::GONE, "code")),
        Some(row) if row.name != raw.name => Ok(Verdict::Renamed(row)),
        Some(_) => Ok(Verdict::Known),
        None if parent.is_some_and(|code| !parents.contains(code)) => Err(in_column(&rules::PARENT_MISSING, "code")),
        None => Ok(Verdict::New(level)),
    }
}

/// Closes what the register has under `area` and the files have not, the lowest level first.
fn close_missing(session: &mut Session<'_>, area: &str, present: &mut Present) -> Result<i64> {
    present.codes.sort_unstable();
    let mut closed = 0;
    for level in DivisionLevel::ALL.iter().rev().filter(|level| present.levels.contains(level)) {
        let mut after: Option<String> = None;
        loop {
            let rows = session.chunk(|c| open_rows(c, area, *level, after.as_deref()))?;
            let Some(last) = rows.last() else { break };
            after = Some(last.code.clone());
            for row in rows.iter().filter(|row| !present.has(&row.code)) {
                let by = session.options.by;
                match session.chunk(|c| savepoint(c, |c| close_or_move(c, row, &by))) {
                    Ok(()) => closed += 1,
                    Err(error) => session.reject(0, &row.code, &error)?,
                }
            }
        }
    }
    Ok(closed)
}

fn open_rows(c: &mut Conn, area: &str, level: DivisionLevel, after: Option<&str>) -> Result<Vec<DivisionRow>> {
    let range = Range::under(area).behind(after);
    Ok(divisions::table
        .filter(divisions::code.ge(range.from).and(divisions::code.lt(range.to)))
        .filter(divisions::level.eq(level).and(divisions::valid_to.is_null()))
        .order(divisions::code.asc())
        .limit(i64::try_from(CHUNK).unwrap_or(i64::MAX))
        .select(DivisionRow::as_select())
        .load(c)?)
}

const GONE_FROM_REGISTER: &str = "全国区划代码库已无此代码";
const RECODED_IN_REGISTER: &str = "全国区划代码库改用新代码";

fn close_or_move(c: &mut Conn, row: &DivisionRow, by: &By) -> Result<()> {
    if row.level == DivisionLevel::Community
        && let Some(new) = moved_to(c, row, by)?
    {
        diesel::update(divisions::table.find(&new)).set(divisions::predecessor_code.eq(Some(&row.code))).execute(c)?;
        moves::rehome(c, &row.code, &new, by.today, RECODED_IN_REGISTER, by)?;
        store::end(c, row, by.today, Some(&new), RECODED_IN_REGISTER, by)?;
        return Ok(());
    }
    store::close(c, row, by.today, GONE_FROM_REGISTER, by).map(drop)
}

/// The one community of the same district that came with this import under the same name; two of a name decide nothing.
fn moved_to(c: &mut Conn, row: &DivisionRow, by: &By) -> Result<Option<String>> {
    let district = Range::under(row.code.get(..DivisionLevel::District.digits()).unwrap_or_default());
    let fresh: Vec<(String, String)> = divisions::table
        .filter(divisions::code.ge(district.from).and(divisions::code.lt(district.to)))
        .filter(divisions::level.eq(DivisionLevel::Community).and(divisions::valid_to.is_null()))
        .filter(divisions::created_at.eq(by.at).and(divisions::predecessor_code.is_null()))
        .select((divisions::code, divisions::name))
        .load(c)?;
    let name = names::core(&row.name);
    let mut same = fresh.into_iter().filter(|(_, other)| names::core(other) == name).map(|(code, _)| code);
    Ok(same.next().filter(|_| same.next().is_none()))
}

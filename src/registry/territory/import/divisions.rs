//! Divisions from the national register: what is new is registered, what is renamed keeps its old name in the history,
//! and, where the files are complete, what is gone is closed; a community that is gone here and new there was moved.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use diesel::prelude::*;
use platform::db::{Conn, Range, Ts, savepoint};
use platform::error::Error;
use platform::{Result, on_each, rollups};

use super::source::{RawDivision, each_division};
use super::{CHUNK, Counts, Input, Run, Session, in_column};
use crate::schema::divisions;
use crate::territory::dto::DivisionLevel;
use crate::territory::store::divisions::{self as store, DivisionRow};
use crate::territory::store::{By, imports, moves};
use crate::territory::{names, rules};

const MAX_NAME: usize = 80;

/// Imports the files as one register, in the order given: parents before children. Where the files are complete for an
/// area, their runs end when what they have not is closed, so that a run which was cut off there goes on there.
pub fn import_divisions<R: Read>(session: &mut Session<'_>, inputs: Vec<Input<R>>) -> Result<Counts> {
    let mut present = Present::default();
    let mut total = Counts::default();
    let mut runs: Vec<Run> = Vec::new();
    let complete = session.options.complete.clone();
    for input in inputs {
        // A file that is named twice is read once.
        if runs.iter().any(|run| run.row.file_hash == input.hash) {
            continue;
        }
        let run = import_file(session, input, &mut present)?;
        match complete {
            Some(_) => runs.push(run),
            None => total.add(&run.end(session)?),
        }
    }
    if let (Some(area), Some(since)) = (complete, runs.iter().map(|run| run.row.started_at).min()) {
        let last = runs.last_mut().ok_or_else(|| Error::internal("no run"))?;
        close_missing(session, (area.as_str(), since), &present, last)?;
    }
    for run in runs {
        total.add(&run.end(session)?);
    }
    Ok(total)
}

/// The codes that the files have: eight bytes each, so the whole country is some ten megabytes.
#[derive(Default)]
struct Present {
    codes: HashSet<u64>,
    levels: HashSet<DivisionLevel>,
}

impl Present {
    /// Notes a code; whether it came before.
    fn note(&mut self, code: &str) -> bool {
        match (DivisionLevel::of_code(code), code.parse()) {
            (Some(level), Ok(number)) => {
                self.levels.insert(level);
                !self.codes.insert(number)
            }
            _ => false,
        }
    }

    /// Codes of different levels differ in length, and none begins with a zero, so their numbers differ too.
    fn has(&self, code: &str) -> bool {
        code.parse().is_ok_and(|number: u64| self.codes.contains(&number))
    }
}

/// A row, its number in the file, and whether its code came before.
struct Row {
    number: i64,
    raw: RawDivision,
    again: bool,
}

fn import_file<R: Read>(session: &mut Session<'_>, input: Input<R>, present: &mut Present) -> Result<Run> {
    let mut run = Run::begin(session, "divisions", &input.hash)?;
    let mut chunk: Vec<Row> = Vec::with_capacity(CHUNK);
    each_division(input.reader, input.format, &mut |raw| {
        let again = present.note(&raw.code);
        if let (Some(_), Some(district)) = (&raw.city, rules::parent_of(&raw.code)) {
            present.note(district);
        }
        if let Some(number) = run.next_row() {
            chunk.push(Row { number, raw, again });
        }
        if chunk.len() == CHUNK { write_chunk(session, &mut run, &mut chunk) } else { Ok(()) }
    })?;
    write_chunk(session, &mut run, &mut chunk)?;
    Ok(run)
}

type Rejected = (i64, String, Error);

fn write_chunk(session: &mut Session<'_>, run: &mut Run, chunk: &mut Vec<Row>) -> Result<()> {
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

fn take_rows(c: &mut Conn, rows: Vec<Row>, by: &By, counts: &mut Counts) -> Result<Vec<Rejected>> {
    let mut rejected = Vec::new();
    let known = known_rows(c, &rows)?;
    let mut parents = known_parents(c, &rows)?;
    let mut fresh: Vec<DivisionRow> = Vec::new();
    // The names that this chunk gave, which `known` does not have yet.
    let mut given: HashMap<String, String> = HashMap::new();
    for Row { number, raw, again } in rows {
        if !raw.whole {
            rejected.push((number, raw.code, (&rules::CELL_COUNT).into()));
            continue;
        }
        let stands = given.get(&raw.code).or_else(|| known.get(&raw.code).map(|row| &row.name));
        match stands {
            Some(name) if again && *name == raw.name => {
                counts.unchanged += 1;
                continue;
            }
            Some(_) if again => {
                rejected.push((number, raw.code, in_column(&rules::TWICE, "code")));
                continue;
            }
            _ => {}
        }
        if let Some(district) = left_out(&raw, &parents, by) {
            parents.insert(district.code.clone(), true);
            given.insert(district.code.clone(), district.name.clone());
            fresh.push(district);
        }
        match judge(&raw, known.get(&raw.code), &parents) {
            Err(error) => rejected.push((number, raw.code, error)),
            Ok(Verdict::Known) => counts.unchanged += 1,
            Ok(Verdict::Renamed(row)) => {
                store::rename(c, row, &raw.name, by)?;
                given.insert(raw.code, raw.name);
                counts.changed += 1;
            }
            Ok(Verdict::New(level)) => {
                parents.insert(raw.code.clone(), true);
                fresh.push(DivisionRow::fresh(&raw.code, level, &raw.name, by.today, by.at));
                given.insert(raw.code, raw.name);
            }
        }
    }
    counts.inserted += i64::try_from(fresh.len()).unwrap_or(0);
    if !fresh.is_empty() {
        // No history row each: the run that brought them is their creation's record, and a country would double.
        on_each!(c => diesel::insert_into(divisions::table).values(&fresh).execute(c))?;
        fresh.iter().for_each(|row| rollups::touch(c, &row.code));
    }
    Ok(rejected)
}

fn known_rows(c: &mut Conn, rows: &[Row]) -> Result<HashMap<String, DivisionRow>> {
    // What has no code's shape is no division, and may hold what PostgreSQL refuses to take as text.
    let codes = rows.iter().map(|row| row.raw.code.as_str());
    let codes: Vec<&str> = codes.filter(|code| DivisionLevel::of_code(code).is_some()).collect();
    let found: Vec<DivisionRow> =
        divisions::table.filter(divisions::code.eq_any(codes)).select(DivisionRow::as_select()).load(c)?;
    Ok(found.into_iter().map(|row| (row.code.clone(), row)).collect())
}

/// What the rows lie in, and whether it is open.
type Parents = HashMap<String, bool>;

fn known_parents(c: &mut Conn, rows: &[Row]) -> Result<Parents> {
    let parents = rows.iter().filter_map(|row| rules::parent_of(&row.raw.code));
    let under_a_city = rows.iter().filter(|row| row.raw.city.is_some());
    let cities = under_a_city.filter_map(|row| rules::parent_of(rules::parent_of(&row.raw.code)?));
    let codes: HashSet<&str> = parents.chain(cities).collect();
    let found = divisions::table.filter(divisions::code.eq_any(codes.into_iter().collect::<Vec<_>>()));
    let found = found.select((divisions::code, divisions::valid_to.is_null())).load::<(String, bool)>(c)?;
    Ok(found.into_iter().collect())
}

/// The district of a city that has none but itself, where the file leaves it out and nobody has registered it: by the name
/// that the flat files give it, which is the city's.
fn left_out(raw: &RawDivision, parents: &Parents, by: &By) -> Option<DivisionRow> {
    let (name, code) = (raw.city.as_deref()?, rules::parent_of(&raw.code)?);
    let in_open_city = rules::parent_of(code).and_then(|city| parents.get(city)) == Some(&true);
    let fresh = || DivisionRow::fresh(code, DivisionLevel::District, name, by.today, by.at);
    (in_open_city && !parents.contains_key(code)).then(fresh)
}

enum Verdict<'a> {
    New(DivisionLevel),
    Renamed(&'a DivisionRow),
    Known,
}

fn judge<'a>(raw: &RawDivision, known: Option<&'a DivisionRow>, parents: &Parents) -> Result<Verdict<'a>> {
    let level = DivisionLevel::of_code(&raw.code).ok_or_else(|| in_column(&rules::CODE_SHAPE, "code"))?;
    let length = raw.name.chars().count();
    if raw.name.contains('\0') {
        return Err(in_column(&rules::NUL_CHARACTER, "name"));
    }
    if raw.name.trim().is_empty() || length > MAX_NAME {
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
        None if parent.is_some_and(|code| parents.get(code) != Some(&true)) => {
            Err(in_column(&rules::PARENT_MISSING, "code"))
        }
        None => Ok(Verdict::New(level)),
    }
}

/// Closes what the register has under `area` and the files have not, the lowest level first.
fn close_missing(session: &mut Session<'_>, (area, since): (&str, Ts), present: &Present, run: &mut Run) -> Result<()> {
    let (by, id) = (session.options.by, run.row.id);
    for level in DivisionLevel::ALL.iter().rev().filter(|level| present.levels.contains(level)) {
        let mut after: Option<String> = None;
        loop {
            let rows = session.chunk(|c| open_rows(c, area, *level, after.as_deref()))?;
            let Some(last) = rows.last() else { break };
            after = Some(last.code.clone());
            for row in rows.iter().filter(|row| !present.has(&row.code)) {
                let mut counts = run.counts.clone();
                counts.closed += 1;
                let closed = session.chunk(|c| {
                    savepoint(c, |c| {
                        close_or_move(c, row, since, &by)?;
                        imports::advance(c, id, &counts, by.at, false)
                    })
                });
                match closed {
                    Ok(()) => run.counts = counts,
                    Err(error) => {
                        run.counts.rejected += 1;
                        session.reject(0, &row.code, &error)?;
                    }
                }
            }
        }
    }
    Ok(())
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

fn close_or_move(c: &mut Conn, row: &DivisionRow, since: Ts, by: &By) -> Result<()> {
    if row.level == DivisionLevel::Community
        && let Some(new) = moved_to(c, row, since)?
    {
        store::succeed(c, row, &new, by)?;
        moves::rehome(c, &row.code, &new, by.today, RECODED_IN_REGISTER, by)?;
        store::end(c, row, by.today, Some(&new), RECODED_IN_REGISTER, by)?;
        return Ok(());
    }
    store::close(c, row, by.today, GONE_FROM_REGISTER, by).map(drop)
}

/// The one community of the same district that came with this import under the same name; two of a name decide nothing.
fn moved_to(c: &mut Conn, row: &DivisionRow, since: Ts) -> Result<Option<String>> {
    let district = Range::under(row.code.get(..DivisionLevel::District.digits()).unwrap_or_default());
    let fresh: Vec<(String, String)> = divisions::table
        .filter(divisions::code.ge(district.from).and(divisions::code.lt(district.to)))
        .filter(divisions::level.eq(DivisionLevel::Community).and(divisions::valid_to.is_null()))
        .filter(divisions::created_at.ge(since).and(divisions::predecessor_code.is_null()))
        .filter(divisions::code.ne(&row.code))
        .select((divisions::code, divisions::name))
        .load(c)?;
    let name = names::core(&row.name);
    let mut same = fresh.into_iter().filter(|(_, other)| names::core(other) == name).map(|(code, _)| code);
    Ok(same.next().filter(|_| same.next().is_none()))
}

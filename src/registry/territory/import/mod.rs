//! Imports: whole registers from files, streamed in chunks that each commit with how far the file has come, so that a
//! run that was cut off goes on where it stopped, and a file that is imported again changes nothing.

mod compounds;
mod divisions;
mod grids;
mod source;

use std::io::Read;

use platform::auth::AreaCode;
use platform::db::{Conn, Db, rehearse, transaction};
use platform::error::{At, Error};
use platform::table::restored_line;
use platform::{Problem, Result};

use serde::de::DeserializeOwned;

pub use compounds::{CompoundRecord, import_compounds};
pub use divisions::import_divisions;
pub use grids::{GridRecord, import_grids};
pub use source::{Format, division_columns};

use super::rules;
use super::store::By;
use super::store::imports::{self, RunRow};

/// Rows per transaction. Sixteen columns of a thousand rows stay below what SQLite binds in one statement.
const CHUNK: usize = 1000;

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    pub read: i64,
    pub inserted: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub closed: i64,
    pub rejected: i64,
}

impl Counts {
    pub fn add(&mut self, other: &Counts) {
        self.read += other.read;
        self.inserted += other.inserted;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.closed += other.closed;
        self.rejected += other.rejected;
    }
}

/// A row that was not taken, and why. The others are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Counted from 1, without the header; 0 for a row that the file should have had.
    pub row: i64,
    /// The code or name in the row.
    pub key: String,
    pub code: String,
    pub detail: String,
}

/// One file, opened.
pub struct Input<R> {
    pub reader: R,
    pub format: Format,
    /// SHA-256 of the whole file: what a run that was cut off is known by.
    pub hash: String,
}

/// How to import.
#[derive(Debug, Clone)]
pub struct Options {
    pub by: By,
    /// Do everything, then undo it.
    pub dry_run: bool,
    /// The files are complete for this area: what they do not have any more is closed.
    pub complete: Option<AreaCode>,
}

/// The writer, held for one import.
pub struct Session<'a> {
    conn: &'a mut Conn,
    options: &'a Options,
    on_error: &'a mut dyn FnMut(RowError),
}

impl Session<'_> {
    /// One chunk, in a transaction of its own, or inside the rehearsal's.
    fn chunk<T>(&mut self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        if self.options.dry_run { work(self.conn) } else { transaction(self.conn, work) }
    }

    fn reject(&mut self, row: i64, key: &str, error: &Error) -> Result<()> {
        if let Error::Internal(_) | Error::Busy = error {
            return Err(Error::internal(error.to_string()));
        }
        let report = error.report();
        let place = report.errors.first().map(|fault| match &fault.at {
            At::Pointer(at) | At::Parameter(at) => format!("{at}: {}", fault.en),
            At::Header(at) => format!("{at}: {}", fault.en),
        });
        let detail = place.unwrap_or_else(|| report.en.into_owned());
        (self.on_error)(RowError { row, key: key.to_owned(), code: report.code.into_owned(), detail });
        Ok(())
    }
}

/// Runs `work` with the writer held; a dry run leaves nothing behind.
pub fn session<T>(
    db: &Db,
    options: &Options,
    on_error: &mut dyn FnMut(RowError),
    work: impl FnOnce(&mut Session<'_>) -> Result<T>,
) -> Result<T> {
    db.with_writer(|conn| {
        if options.dry_run {
            rehearse(conn, |conn| work(&mut Session { conn, options, on_error }))
        } else {
            work(&mut Session { conn, options, on_error })
        }
    })?
}

/// A run of one file: what it has counted, and the rows that an earlier, cut-off run did already.
struct Run {
    row: RunRow,
    counts: Counts,
    done_before: i64,
    seen: i64,
}

impl Run {
    fn begin(session: &mut Session<'_>, kind: &str, hash: &str) -> Result<Self> {
        let now = session.options.by.at;
        let row = session.chunk(|c| imports::resume_or_start(c, kind, hash, now))?;
        Ok(Self { counts: row.counts(), done_before: row.rows_read, seen: 0, row })
    }

    /// Counts a row of the file; `None` where an earlier run has done it.
    fn next_row(&mut self) -> Option<i64> {
        self.seen += 1;
        (self.seen > self.done_before).then_some(self.seen)
    }

    fn end(mut self, session: &mut Session<'_>) -> Result<Counts> {
        self.counts.read = self.seen;
        let (id, counts, now) = (self.row.id, self.counts, session.options.by.at);
        session.chunk(|c| imports::advance(c, id, &counts, now, true))?;
        Ok(counts)
    }
}

/// Reads a table row by row and hands the rows on in chunks.
fn tables<R: Read, T: DeserializeOwned>(
    reader: R,
    header: &[&str],
    mut each: impl FnMut(i64, Result<T>) -> Result<()>,
) -> Result<()> {
    // A line with a cell too many or too few is that line's fault, not the file's.
    let table = source::without_bom(reader);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::Headers).from_reader(table);
    let found = reader.headers().map_err(|e| unreadable(&e))?.clone();
    if let Some(missing) = header.iter().find(|name| !found.iter().any(|column| column == **name)) {
        return Err(Error::internal(format!(
            "the file has no column {missing:?}; its header must be {}",
            header.join(",")
        )));
    }
    for (i, record) in reader.records().enumerate() {
        let row = i64::try_from(i + 1).unwrap_or(i64::MAX);
        let record = restored_line(record.map_err(|e| unreadable(&e))?);
        each(row, cells(&record, &found))?;
    }
    Ok(())
}

fn cells<T: DeserializeOwned>(record: &csv::StringRecord, header: &csv::StringRecord) -> Result<T> {
    if record.len() != header.len() {
        return Err((&rules::CELL_COUNT).into());
    }
    // SQLite would take it and PostgreSQL end the run; over HTTP it is refused before anybody looks at the field.
    if let Some((_, column)) = record.iter().zip(header).find(|(cell, _)| cell.contains('\0')) {
        return Err(in_column(&rules::NUL_CHARACTER, column));
    }
    record.deserialize::<T>(Some(header)).map_err(|_| bad_cell::<T>(record, header))
}

fn unreadable(error: &csv::Error) -> Error {
    Error::internal(format!("the table cannot be read: {error}"))
}

/// Names the cell: the columns are read from left to right, so it is the last of the shortest run of columns that fails for
/// another reason than that there are too few of them.
fn bad_cell<T: DeserializeOwned>(record: &csv::StringRecord, header: &csv::StringRecord) -> Error {
    let fails = |columns: &usize| {
        let cut = |row: &csv::StringRecord| row.iter().take(*columns).collect::<csv::StringRecord>();
        let read = cut(record).deserialize::<T>(Some(&cut(header))).map(drop);
        read.is_err_and(|e| !e.to_string().contains("missing field"))
    };
    let column = (1..=header.len()).find(fails).and_then(|columns| header.get(columns - 1));
    in_column(&rules::BAD_CELL, column.unwrap_or("?"))
}

/// A fault of one cell.
fn in_column(problem: &'static Problem, column: &str) -> Error {
    problem.at(format!("/{column}"))
}

//! `red-steward import`: files in, a progress bar, a report of what was not taken.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressBarIter, ProgressStyle};
use platform::auth::AreaCode;
use platform::calendar::{self, CalendarDayId, HolidayFile, Imported};
use platform::clock::Clock;
use platform::db::Db;
use platform::error::At;
use platform::http::read_inside;
use registry::territory::import::{
    Counts, Format, Input, Options, RowError, Session, import_compounds, import_divisions, import_grids, session,
};
use registry::territory::store::By;

/// What is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Register {
    Divisions,
    Grids,
    Compounds,
}

/// How it is imported.
#[derive(Debug, Clone)]
pub struct Request {
    pub register: Register,
    pub files: Vec<PathBuf>,
    pub dry_run: bool,
    pub complete: Option<AreaCode>,
    /// Where rows that were not taken are listed, as CSV; the first few go to the terminal in any case.
    pub errors: Option<PathBuf>,
}

/// Rows shown on the terminal; the rest is in the file.
const SHOWN: usize = 20;

type Reader = ProgressBarIter<File>;

pub fn run(db: &Db, clock: &Clock, request: &Request, out: &mut dyn Write) -> Result<Counts, String> {
    crate::start::react();
    let options = Options {
        by: By { actor: None, at: clock.now(), today: clock.today() },
        dry_run: request.dry_run,
        complete: request.complete.clone(),
    };
    let bar = progress_bar(&request.files)?;
    let inputs: Vec<Input<Reader>> = request.files.iter().map(|file| open(file, &bar)).collect::<Result<_, _>>()?;
    let mut report = ErrorReport::new(request.errors.as_deref(), &bar)?;
    let mut on_error = |error: RowError| report.add(&error);
    let outcome = session(db, &options, &mut on_error, |session| read_all(session, request.register, inputs));
    bar.finish_and_clear();
    report.finish()?;
    let counts = outcome.map_err(|error| describe(&error))?;
    let mode = if request.dry_run { " (试运行 dry run: nothing was kept)" } else { "" };
    let Counts { read, inserted, changed, unchanged, closed, rejected } = &counts;
    writeln!(out, "{read} rows: {inserted} new, {changed} changed, {unchanged} unchanged, {closed} closed, {rejected} rejected{mode}")
        .map_err(|e| e.to_string())?;
    Ok(counts)
}

/// Brings in the holidays of a year, and says what that has changed.
pub fn holidays(db: &Db, clock: &Clock, file: &Path, area: &AreaCode) -> Result<String, String> {
    crate::start::react();
    let text = std::fs::read(file).map_err(|e| format!("cannot read {}: {e}", file.display()))?;
    let wrong = |what: String| format!("{} is no file of holidays: {what}", file.display());
    let value = serde_json::from_slice(&text).map_err(|e| wrong(e.to_string()))?;
    let holidays: HolidayFile = read_inside(&value, "").map_err(|e| wrong(explain(&e)))?;
    let by = By { actor: None, at: clock.now(), today: clock.today() };
    let done = db
        .write_now(|c| calendar::import(c, area, &holidays, CalendarDayId::fresh, &by))
        .map_err(|e| wrong(explain(&e)))?;
    let Imported { inserted, changed, unchanged, removed } = done;
    Ok(format!(
        "{} days: {inserted} new, {changed} changed, {unchanged} unchanged, {removed} removed",
        holidays.days.len()
    ))
}

/// The members that are wrong, or else the cause.
fn explain(error: &platform::Error) -> String {
    let faults = error.report().errors;
    let places = faults.iter().map(|fault| match &fault.at {
        At::Pointer(at) => format!("{at} {}", fault.en),
        _ => fault.en.to_string(),
    });
    let named: Vec<String> = places.collect();
    if named.is_empty() { describe(error) } else { named.join("; ") }
}

/// The cause itself: on the command line there is an operator to read it.
fn describe(error: &platform::Error) -> String {
    match error {
        platform::Error::Internal(cause) => cause.to_string(),
        other => other.to_string(),
    }
}

fn read_all(session: &mut Session<'_>, register: Register, inputs: Vec<Input<Reader>>) -> platform::Result<Counts> {
    if register == Register::Divisions {
        return import_divisions(session, inputs);
    }
    let mut total = Counts::default();
    for input in inputs {
        total.add(&match register {
            Register::Grids => import_grids(session, input)?,
            _ => import_compounds(session, input)?,
        });
    }
    Ok(total)
}

fn progress_bar(files: &[PathBuf]) -> Result<ProgressBar, String> {
    let mut bytes = 0;
    for file in files {
        bytes += std::fs::metadata(file).map_err(|e| format!("cannot read {}: {e}", file.display()))?.len();
    }
    let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {eta}").map_err(|e| e.to_string())?;
    Ok(ProgressBar::new(bytes).with_style(style))
}

fn open(file: &Path, bar: &ProgressBar) -> Result<Input<Reader>, String> {
    let fail = |e: std::io::Error| format!("cannot read {}: {e}", file.display());
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let format = Format::of(&name).ok_or_else(|| format!("{} is neither .csv nor .json", file.display()))?;
    let hash = hash_of(File::open(file).map_err(fail)?).map_err(fail)?;
    Ok(Input { reader: bar.wrap_read(File::open(file).map_err(fail)?), format, hash })
}

fn hash_of(mut file: File) -> std::io::Result<String> {
    let mut hasher = platform::secrets::Fingerprint::default();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finish()),
            n => hasher.add(buffer.get(..n).unwrap_or_default()),
        }
    }
}

/// Rejected rows: the first few on the terminal, all of them in a file where one was asked for.
struct ErrorReport<'a> {
    shown: usize,
    file: Option<BufWriter<File>>,
    bar: &'a ProgressBar,
    failed: Option<String>,
}

impl<'a> ErrorReport<'a> {
    fn new(path: Option<&Path>, bar: &'a ProgressBar) -> Result<Self, String> {
        let create = |path: &Path| File::create(path).map_err(|e| format!("cannot write {}: {e}", path.display()));
        let mut file = path.map(create).transpose()?.map(BufWriter::new);
        if let Some(file) = &mut file {
            writeln!(file, "row,key,code,detail").map_err(|e| e.to_string())?;
        }
        Ok(Self { shown: 0, file, bar, failed: None })
    }

    fn add(&mut self, error: &RowError) {
        let RowError { row, key, code, detail } = error;
        if self.shown < SHOWN {
            self.shown += 1;
            self.bar.suspend(|| log::warn!("row {row} ({key}): {detail} [{code}]"));
        }
        if let Some(file) = &mut self.file {
            let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
            let line = writeln!(file, "{row},{},{code},{}", quoted(key), quoted(detail));
            self.failed = self.failed.take().or(line.err().map(|e| e.to_string()));
        }
    }

    fn finish(self) -> Result<(), String> {
        let flushed = self.file.map_or(Ok(()), |mut file| file.flush()).map_err(|e| e.to_string());
        self.failed.map_or(flushed, Err)
    }
}

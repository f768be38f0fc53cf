//! Registers from files: how the tests bring one in, and the slices of the national one.

use std::io::Read;

use platform::secrets::fingerprint;
use registry::territory::import::{
    Counts, Format, Input, Options, RowError, import_compounds, import_divisions, import_grids, session,
};

use super::by;
use crate::support::TestApp;

/// One file of the fixtures, by its name.
macro_rules! fixture {
    ($name:literal) => {
        ($name, include_str!(concat!("../../fixtures/divisions/", $name)))
    };
}

/// A file: its name and what is in it.
pub type Named<'a> = (&'a str, &'a str);

/// The slices as tables, parents before children.
pub const TABLES: [Named<'static>; 5] = [
    fixture!("provinces.csv"),
    fixture!("cities.csv"),
    fixture!("areas.csv"),
    fixture!("streets.csv"),
    fixture!("villages.csv"),
];
pub const FLAT: Named<'static> = fixture!("villages-410811.json");
pub const NESTED: Named<'static> = fixture!("pcas-410811.json");
pub const CITIES: Named<'static> = fixture!("pca-code-cities.json");
pub const NAMES_ONLY: Named<'static> = fixture!("HK-MO-TW.json");

pub const HEADER: &str = "code,name,streetCode,provinceCode,cityCode,areaCode";

/// The communities of a district as the fixture has them, with some lines put in another's place.
pub fn villages(district: &str, change: impl Fn(&str) -> Option<String>) -> String {
    let [.., (_, text)] = TABLES;
    let rows = text.lines().filter(|line| line.starts_with(district)).filter_map(change);
    std::iter::once(HEADER.to_owned()).chain(rows).map(|line| line + "\n").collect()
}

/// How an import came out: what it did or why it stopped, and the rows that it did not take.
#[derive(Debug)]
pub struct Outcome {
    pub counts: Result<Counts, String>,
    pub errors: Vec<RowError>,
}

impl Outcome {
    #[track_caller]
    pub fn counts(&self) -> &Counts {
        self.counts.as_ref().unwrap_or_else(|e| panic!("{e}"))
    }

    /// Each rejected row's number, its code, and the column that is to blame.
    pub fn faults(&self) -> Vec<(i64, &str, &str)> {
        let column = |error: &RowError| error.detail.find(':').map_or(0, |end| end);
        self.errors.iter().map(|error| (error.row, error.code.as_str(), &error.detail[..column(error)])).collect()
    }
}

pub fn options(app: &TestApp) -> Options {
    Options { by: by(app), dry_run: false, complete: None }
}

/// `None` reads the whole file; `Some(n)` breaks off behind n bytes, as a disk or a connection does.
fn input<'a>((name, text): Named<'a>, broken_at: Option<usize>) -> Input<Box<dyn Read + 'a>> {
    let reader: Box<dyn Read + 'a> = match broken_at {
        None => Box::new(text.as_bytes()),
        Some(at) => Box::new(text.as_bytes()[..at].chain(Broken)),
    };
    Input { reader, format: Format::of(name).expect("a known ending"), hash: fingerprint(text.as_bytes()) }
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("the cable was pulled"))
    }
}

pub fn divisions_with(app: &TestApp, options: &Options, files: &[Named<'_>], broken_at: Option<usize>) -> Outcome {
    let last = files.len() - 1;
    let inputs = files.iter().enumerate().map(|(i, file)| input(*file, broken_at.filter(|_| i == last))).collect();
    let mut errors = Vec::new();
    let outcome = session(&app.app.db, options, &mut |e| errors.push(e), |s| import_divisions(s, inputs));
    Outcome { counts: outcome.map_err(cause), errors }
}

pub fn divisions(app: &TestApp, files: &[Named<'_>]) -> Outcome {
    divisions_with(app, &options(app), files, None)
}

/// The same, for files that are complete for an area.
pub fn complete(app: &TestApp, area: &str, files: &[Named<'_>]) -> Outcome {
    let complete = Some(area.parse().expect("an area"));
    divisions_with(app, &Options { complete, ..options(app) }, files, None)
}

pub fn grids_with(app: &TestApp, options: &Options, text: &str, broken_at: Option<usize>) -> Outcome {
    let mut errors = Vec::new();
    let input = input(("grids.csv", text), broken_at);
    let outcome = session(&app.app.db, options, &mut |e| errors.push(e), |s| import_grids(s, input));
    Outcome { counts: outcome.map_err(cause), errors }
}

pub fn grids(app: &TestApp, text: &str) -> Outcome {
    grids_with(app, &options(app), text, None)
}

pub fn compounds(app: &TestApp, text: &str) -> Outcome {
    let mut errors = Vec::new();
    let input = input(("compounds.csv", text), None);
    let outcome = session(&app.app.db, &options(app), &mut |e| errors.push(e), |s| import_compounds(s, input));
    Outcome { counts: outcome.map_err(cause), errors }
}

/// What an operator would read.
fn cause(error: platform::Error) -> String {
    match error {
        platform::Error::Internal(cause) => cause.to_string(),
        other => format!("{other:?}"),
    }
}

//! `red-steward statistics verify`: every count beside what its rows come to.

use std::io::Write;

use platform::auth::{AreaCode, AreaLevel, Visible};
use platform::db::{Conn, Db};
use platform::rollups::recount::{self, Difference, EVER, Question, Verified};
use platform::{Error, Result};
use registry::territory::store::{divisions, profile};

/// Tells each difference as a line of a table (metric, area, day, dimension, stored, recounted) and in the end how many there
/// were; an error where any are left.
pub fn run(db: &Db, area: &AreaCode, rebuild: bool, out: &mut dyn Write) -> std::result::Result<(), String> {
    check(db, area)?;
    let question = Question { area: area.to_string(), period: EVER, rebuild };
    let mut heading = true;
    let mut tell = |difference: &Difference| {
        if std::mem::take(&mut heading) {
            writeln!(out, "metric\tarea\tday\tdimension\tstored\trecounted").map_err(Error::internal)?;
        }
        let Difference { key, stored, recounted } = difference;
        let recount::Key { metric, area_code, day, dimension } = key;
        writeln!(out, "{metric}\t{area_code}\t{day}\t{dimension}\t{stored}\t{recounted}").map_err(Error::internal)
    };
    let verified = recount::verify(db, &crate::recounted(), &question, &mut tell).map_err(|error| error.to_string())?;
    let Verified { areas, counts, differences, left } = verified;
    let mended = if rebuild { format!(", {} written anew", differences - left) } else { String::new() };
    writeln!(out, "{counts} counts in {areas} areas: {differences} differ{mended}").map_err(|e| e.to_string())?;
    match if rebuild { left } else { differences } {
        0 => Ok(()),
        n => Err(format!("{n} counts differ from what their rows come to")),
    }
}

/// Counts are kept for compounds and for what lies above them.
fn check(db: &Db, area: &AreaCode) -> std::result::Result<(), String> {
    let known = |c: &mut Conn| match area.level() {
        AreaLevel::Country => Ok(true),
        AreaLevel::Compound => profile::is_known(c, area),
        level if level <= AreaLevel::Community => match divisions::find(c, &Visible::everything(), area.as_str()) {
            Err(Error::NotFound) => Ok(false),
            found => found.map(|_| true),
        },
        _ => Ok(false),
    };
    let known: Result<bool> = db.with_writer(known).and_then(|known| known);
    match known.map_err(|error| error.to_string())? {
        true => Ok(()),
        false => Err(format!("{area} is no compound and no area above one that the register has")),
    }
}

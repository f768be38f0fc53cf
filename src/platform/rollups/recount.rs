//! 复核: whether the counts are what their rows come to. Each context that counts can count anew what lies in an area; that
//! and what was taken over as counts is compared with what stands, one community at a time, so that no more is held than a
//! community has. Each comparison is made in one snapshot, beside whoever writes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::{COMMUNITY_LENGTH, Count, Period, add_all, counted_days, touch};
use crate::db::{Conn, Db, Range, on_days, one_of, snapshot};
use crate::error::Result;
use crate::on_each;
use crate::schema::{imported_counts, rollups};

/// What a context gives away, so that its counts can be counted anew.
#[derive(Clone, Copy)]
pub struct Recounted {
    /// Its metrics.
    pub metrics: &'static [&'static str],
    /// The communities of an area, and the areas above them, in which there may be something to count.
    pub areas: fn(&mut Conn, &Range) -> Result<BTreeSet<String>>,
    /// Counts from the rows what happened in a part of an area; what lies outside of it is left out by the tally.
    pub recount: fn(&mut Conn, &mut Tally) -> Result<()>,
}

/// What is counted anew at once: all that counts under a community or under a code below it, or at an area above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The community's code or, above it, the area's own.
    pub code: String,
    pub range: Range,
    pub period: Period,
}

impl Part {
    /// `code` as [`code_of`] has it; `within` is what is asked for, and may lie deeper.
    fn of(code: String, within: &str, period: Period) -> Self {
        let range = match code.len() {
            COMMUNITY_LENGTH => Range::under(if within.len() > COMMUNITY_LENGTH { within } else { &code }),
            _ => Range { from: code.clone(), to: format!("{code}\u{1}") },
        };
        Self { code, range, period }
    }

    pub fn is_community(&self) -> bool {
        self.code.len() == COMMUNITY_LENGTH
    }

    fn has(&self, area_code: &str, day: NaiveDate) -> bool {
        let inside = self.range.from.as_str() <= area_code && area_code < self.range.to.as_str();
        inside && self.period.from <= day && day <= self.period.to
    }
}

/// Under which part a code is counted anew.
pub fn code_of(area_code: &str) -> &str {
    area_code.get(..COMMUNITY_LENGTH).unwrap_or(area_code)
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Queryable)]
pub struct Key {
    pub metric: String,
    pub area_code: String,
    pub day: NaiveDate,
    pub dimension: String,
}

/// What a part is counted to, in the making.
#[derive(Debug)]
pub struct Tally {
    part: Part,
    sums: BTreeMap<Key, i64>,
}

impl Tally {
    pub fn of(part: Part) -> Self {
        Self { part, sums: BTreeMap::new() }
    }

    pub fn part(&self) -> &Part {
        &self.part
    }

    /// Adds where it belongs to the part.
    pub fn add(&mut self, count: Count) {
        let Count { metric, area_code, day, dimension, n } = count;
        self.add_to(Key { metric: metric.to_owned(), area_code, day, dimension }, n);
    }

    fn add_to(&mut self, key: Key, n: i64) {
        if self.part.has(&key.area_code, key.day) {
            *self.sums.entry(key).or_default() += n;
        }
    }

    /// What came to something.
    pub fn sums(self) -> BTreeMap<Key, i64> {
        self.sums.into_iter().filter(|(_, n)| *n != 0).collect()
    }
}

/// A count that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub key: Key,
    pub stored: i64,
    pub recounted: i64,
}

/// What a verification came to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Communities, and areas above them.
    pub areas: usize,
    pub counts: usize,
    pub differences: usize,
    /// What differs still after it was written anew: others wrote anew at once, again and again.
    pub left: usize,
}

/// Which part of all there is, and what is done about a difference.
#[derive(Debug, Clone)]
pub struct Question {
    pub area: String,
    pub period: Period,
    pub rebuild: bool,
}

/// All days whose year has four digits: SQLite compares days as texts.
pub const EVER: Period = Period { from: first_of(1), to: first_of(9_999) };

const fn first_of(year: i32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, 1, 1) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}

/// Compares all counts of an area, tells each difference, and where asked to writes down what was counted.
pub fn verify(
    db: &Db,
    recounted: &[Recounted],
    question: &Question,
    tell: &mut dyn FnMut(&Difference) -> Result<()>,
) -> Result<Verified> {
    let mut verified = Verified::default();
    let metrics = db.with_writer(|c| metrics(c, recounted))??;
    for code in db.with_writer(|c| areas(c, recounted, &question.area))?? {
        let part = Part::of(code, &question.area, question.period);
        let compare = || db.with_writer(|c| snapshot(c, |c| compare(c, recounted, &metrics, &part)))?;
        let mut compared = compare()?;
        (verified.areas, verified.counts) = (verified.areas + 1, verified.counts + compared.counts);
        verified.differences += compared.differences.len();
        compared.differences.iter().try_for_each(&mut *tell)?;
        let mut attempts = if question.rebuild { ATTEMPTS } else { 0 };
        while attempts > 0 && !compared.differences.is_empty() {
            mend(db, recounted, &part, &compared)?;
            compared = compare()?;
            attempts -= 1;
        }
        verified.left += compared.differences.len();
    }
    Ok(verified)
}

/// How often a part is written anew before those who do so at once are left to it.
const ATTEMPTS: usize = 5;

/// How often a part was written anew. A difference is added to what stands, so two who found the same one at once would add
/// it twice: whoever writes raises this number, and writes only where it was still as it was when they compared.
const MENDED: &str = "recount.mended";

/// The metrics that there are, whoever counts them: one that nobody counts any more differs from nothing.
fn metrics(c: &mut Conn, recounted: &[Recounted]) -> Result<Vec<String>> {
    let stored: Vec<String> = rollups::table.select(rollups::metric).distinct().load(c)?;
    let stored = stored.into_iter().filter(|metric| metric != MENDED);
    let known = recounted.iter().flat_map(|one| one.metrics).map(|metric| (*metric).to_owned());
    Ok(stored.chain(known).collect::<BTreeSet<_>>().into_iter().collect())
}

/// In which parts there is a count, or may be one.
fn areas(c: &mut Conn, recounted: &[Recounted], area: &str) -> Result<BTreeSet<String>> {
    let range = Range::under(area);
    let code = || diesel::dsl::sql::<Text>("SUBSTR(area_code, 1, 12)");
    let stored: Vec<String> = rollups::table
        .filter(rollups::area_code.ge(&range.from).and(rollups::area_code.lt(&range.to)))
        .select(code())
        .distinct()
        .load(c)?;
    let imported: Vec<String> = imported_counts::table
        .filter(imported_counts::area_code.ge(&range.from).and(imported_counts::area_code.lt(&range.to)))
        .select(code())
        .distinct()
        .load(c)?;
    let mut areas: BTreeSet<String> = stored.into_iter().chain(imported).collect();
    for one in recounted {
        areas.extend((one.areas)(c, &range)?);
    }
    Ok(areas)
}

type Stored = Vec<(Key, i64)>;

/// How many counts a part has, which of them are not what they should be, and how often it was written anew before.
struct Compared {
    counts: usize,
    differences: Vec<Difference>,
    mended: i64,
}

fn compare(c: &mut Conn, recounted: &[Recounted], metrics: &[String], part: &Part) -> Result<Compared> {
    let mut tally = Tally::of(part.clone());
    for one in recounted {
        (one.recount)(c, &mut tally)?;
    }
    imported(c, metrics, &mut tally)?;
    let mut counted = tally.sums();
    let mut differences = Vec::new();
    let stored = stored(c, metrics, part)?;
    let counts = stored.len();
    for (key, stored) in stored {
        let recounted = counted.remove(&key).unwrap_or_default();
        if stored != recounted {
            differences.push(Difference { key, stored, recounted });
        }
    }
    let missing = counted.into_iter().map(|(key, recounted)| Difference { key, stored: 0, recounted });
    differences.extend(missing);
    differences.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    Ok(Compared { counts, differences, mended: mended(c, part)? })
}

fn mended(c: &mut Conn, part: &Part) -> Result<i64> {
    let id = (EVER.from, MENDED, &part.code, "");
    Ok(rollups::table.find(id).select(rollups::n).first(c).optional()?.unwrap_or_default())
}

fn stored(c: &mut Conn, metrics: &[String], part: &Part) -> Result<Stored> {
    let Part { range, period, .. } = part;
    let metrics: Vec<&str> = metrics.iter().map(String::as_str).collect();
    let rows = rollups::table
        .filter(one_of(rollups::metric, &metrics))
        .filter(rollups::area_code.ge(&range.from).and(rollups::area_code.lt(&range.to)))
        .filter(on_days(rollups::day, counted_days(c, *period)?))
        .select((rollups::metric, rollups::area_code, rollups::day, rollups::dimension, rollups::n));
    let rows: Vec<(String, String, NaiveDate, String, i64)> = on_each!(c => rows.load(c))?;
    Ok(rows.into_iter().map(keyed).collect())
}

fn keyed((metric, area_code, day, dimension, n): (String, String, NaiveDate, String, i64)) -> (Key, i64) {
    (Key { metric, area_code, day, dimension }, n)
}

fn imported(c: &mut Conn, metrics: &[String], tally: &mut Tally) -> Result<()> {
    use imported_counts as imported;
    let Part { range, .. } = tally.part();
    let rows: Vec<(String, String, NaiveDate, String, i64)> = imported::table
        .filter(imported::metric.eq_any(metrics))
        .filter(imported::area_code.ge(&range.from).and(imported::area_code.lt(&range.to)))
        .select((imported::metric, imported::area_code, imported::day, imported::dimension, imported::n))
        .load(c)?;
    rows.into_iter().map(keyed).for_each(|(key, n)| tally.add_to(key, n));
    Ok(())
}

/// Writes down what was counted, an area and a month in a transaction, until all is written or somebody else does the same.
/// What lacks is added, so that what is counted meanwhile stays counted.
fn mend(db: &Db, recounted: &[Recounted], part: &Part, compared: &Compared) -> Result<()> {
    let month = |difference: &Difference| {
        let Key { area_code, day, .. } = &difference.key;
        (area_code.clone(), day.year(), day.month())
    };
    let mut by_month: BTreeMap<_, Vec<&Difference>> = BTreeMap::new();
    compared.differences.iter().for_each(|difference| by_month.entry(month(difference)).or_default().push(difference));
    for (seen, ((area, ..), differences)) in (compared.mended..).zip(by_month) {
        let written = db.write_now(|c| {
            if !is_next(c, part, seen)? {
                return Ok(false);
            }
            touch(c, &area);
            write(c, recounted, &differences).map(|()| true)
        })?;
        if !written {
            break;
        }
    }
    Ok(())
}

/// Raises how often the part was written anew where nobody has done so since it was compared; whether it did. To add nothing
/// takes the row, so that on PostgreSQL two wait for each other here and who comes second leaves it as it is.
fn is_next(c: &mut Conn, part: &Part, seen: i64) -> Result<bool> {
    let one = |n| Count { metric: MENDED, area_code: part.code.clone(), day: EVER.from, dimension: String::new(), n };
    add_all(c, &[one(0)])?;
    if mended(c, part)? != seen {
        return Ok(false);
    }
    add_all(c, &[one(1)]).map(|()| true)
}

fn write(c: &mut Conn, recounted: &[Recounted], differences: &[&Difference]) -> Result<()> {
    let known = |metric: &str| recounted.iter().flat_map(|one| one.metrics).find(|known| **known == metric).copied();
    let mut counts = Vec::new();
    for Difference { key, stored, recounted } in differences {
        let Key { metric, area_code, day, dimension } = key;
        match known(metric) {
            Some(metric) => counts.push(Count {
                metric,
                area_code: area_code.clone(),
                day: *day,
                dimension: dimension.clone(),
                n: recounted - stored,
            }),
            // Nobody counts it, so it is taken away where nobody has changed it meanwhile.
            None => {
                let id = (day, metric, area_code, dimension);
                diesel::delete(rollups::table.find(id).filter(rollups::n.eq(stored))).execute(c)?;
            }
        }
    }
    add_all(c, &counts)
}

//! 检查指标: of the last submitted check of each compound and kind; and what higher contexts ask for.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::auth::AreaCode;
use platform::db::{Conn, Range};
use platform::quantity::{Quotient, Ratio};
use registry::territory::dto::CompoundId;
use registry::territory::store::compounds::CompoundRow;

use crate::schema::check_runs as runs;
use crate::standards::dto::{
    AreaCheckFiguresOut, CheckRunId, CheckRunStatus, ChecklistKind, CompoundCheckFiguresOut, KindFiguresOut,
};
use crate::standards::rules::score::basis_points;

/// 得分, with both of its parts, in hundredths of a weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    pub numerator: i64,
    pub denominator: i64,
}

impl Score {
    /// Nothing where nothing applied.
    pub fn basis_points(self) -> Option<i32> {
        basis_points(self.numerator, self.denominator)
    }

    pub fn ratio(self) -> Ratio {
        Ratio::of(self.numerator, self.denominator)
    }
}

/// What the figures take of a check.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = runs)]
struct Counted {
    id: CheckRunId,
    kind: ChecklistKind,
    compound_id: CompoundId,
    checked_on: NaiveDate,
    passed: i32,
    partial: i32,
    failed: i32,
    numerator: i64,
    denominator: i64,
    score: Option<i32>,
}

/// The last submitted check of each compound and kind whose codes are in the range, as of a day; of a day's several, the one
/// that was begun last. One statement, reduced here: a later check takes the place of an earlier one.
fn latest(c: &mut Conn, range: &Range, as_of: NaiveDate) -> Result<Vec<Counted>> {
    let found: Vec<Counted> = runs::table
        .filter(runs::area_code.ge(range.from.clone()).and(runs::area_code.lt(range.to.clone())))
        .filter(runs::status.eq(CheckRunStatus::Submitted).and(runs::checked_on.le(as_of)))
        .order((runs::checked_on.asc(), runs::id.asc()))
        .select(Counted::as_select())
        .load(c)?;
    let last: BTreeMap<(CompoundId, ChecklistKind), Counted> =
        found.into_iter().map(|run| ((run.compound_id, run.kind), run)).collect();
    Ok(last.into_values().collect())
}

/// The last submitted check of one kind at one compound, as of a day.
fn latest_of(c: &mut Conn, compound: CompoundId, kind: ChecklistKind, as_of: NaiveDate) -> Result<Option<Counted>> {
    Ok(runs::table
        .filter(runs::compound_id.eq(compound).and(runs::kind.eq(kind)))
        .filter(runs::status.eq(CheckRunStatus::Submitted).and(runs::checked_on.le(as_of)))
        .order((runs::checked_on.desc(), runs::id.desc()))
        .select(Counted::as_select())
        .first(c)
        .optional()?)
}

/// 最近得分: what the compound's last check of a kind came to, as of a day.
pub fn latest_score(
    c: &mut Conn,
    compound: CompoundId,
    kind: ChecklistKind,
    as_of: NaiveDate,
) -> Result<Option<Score>> {
    let found = latest_of(c, compound, kind, as_of)?;
    Ok(found.map(|run| Score { numerator: run.numerator, denominator: run.denominator }))
}

/// 五公开: what a compound's last check of the five disclosures found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disclosed {
    pub run: CheckRunId,
    pub checked_on: NaiveDate,
    /// Whether nothing that applies was missed.
    pub complete: bool,
}

/// The same of each of these compounds, as of a day; one that was never checked is absent. One statement.
pub fn five_disclosures(
    c: &mut Conn,
    compounds: &[CompoundId],
    as_of: NaiveDate,
) -> Result<HashMap<CompoundId, Disclosed>> {
    let found: Vec<Counted> = runs::table
        .filter(runs::compound_id.eq_any(compounds).and(runs::kind.eq(ChecklistKind::FiveDisclosures)))
        .filter(runs::status.eq(CheckRunStatus::Submitted).and(runs::checked_on.le(as_of)))
        .order((runs::checked_on.asc(), runs::id.asc()))
        .select(Counted::as_select())
        .load(c)?;
    let told = |run: Counted| Disclosed { run: run.id, checked_on: run.checked_on, complete: is_complete(run) };
    // The later of two takes the earlier's place.
    Ok(found.into_iter().map(|run| (run.compound_id, told(run))).collect())
}

fn is_complete(run: Counted) -> bool {
    run.denominator > 0 && run.partial == 0 && run.failed == 0
}

/// What is summed of the checks of one kind.
#[derive(Debug, Default)]
struct Sums {
    last: Option<(CheckRunId, NaiveDate)>,
    compounds: i64,
    passed: i64,
    applicable: i64,
    numerator: i64,
    denominator: i64,
    scores: i64,
    scored: i64,
}

impl Sums {
    fn add(&mut self, run: &Counted) {
        self.last = Some((run.id, run.checked_on));
        self.compounds += 1;
        self.passed += i64::from(run.passed);
        self.applicable += i64::from(run.passed + run.partial + run.failed);
        self.numerator += run.numerator;
        self.denominator += run.denominator;
        self.scores += run.score.map_or(0, i64::from);
        self.scored += i64::from(run.score.is_some());
    }

    fn told(&self, kind: ChecklistKind) -> KindFiguresOut {
        let last = self.last.filter(|_| self.compounds == 1);
        KindFiguresOut {
            kind,
            run_id: last.map(|(id, _)| id),
            checked_on: last.map(|(_, day)| day),
            compounds: self.compounds,
            pass_rate: Ratio::of(self.passed, self.applicable),
            rate: Ratio::of(self.numerator, self.denominator),
            mean_score: Quotient::of(self.scores, self.scored),
        }
    }
}

fn by_kind(runs: &[Counted]) -> Vec<KindFiguresOut> {
    let mut sums: BTreeMap<ChecklistKind, Sums> = BTreeMap::new();
    runs.iter().for_each(|run| sums.entry(run.kind).or_default().add(run));
    sums.iter().map(|(kind, sums)| sums.told(*kind)).collect()
}

/// The figures of an area.
pub fn of_area(c: &mut Conn, area: &AreaCode, as_of: NaiveDate) -> Result<AreaCheckFiguresOut> {
    let found = latest(c, &Range::under(area.as_str()), as_of)?;
    Ok(AreaCheckFiguresOut { area: area.to_string(), as_of, kinds: by_kind(&found) })
}

/// The figures of a compound.
pub fn of_compound(c: &mut Conn, compound: &CompoundRow, as_of: NaiveDate) -> Result<CompoundCheckFiguresOut> {
    let mut found = Vec::new();
    for kind in ChecklistKind::ALL {
        found.extend(latest_of(c, compound.id, *kind, as_of)?);
    }
    let disclosed = found.iter().find(|run| run.kind == ChecklistKind::FiveDisclosures);
    Ok(CompoundCheckFiguresOut {
        compound_id: compound.id,
        area_code: compound.area_code.clone(),
        as_of,
        five_disclosures_complete: disclosed.copied().map(is_complete),
        kinds: by_kind(&found),
    })
}

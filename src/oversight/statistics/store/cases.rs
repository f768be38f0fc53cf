//! What the rollups, the clocks and the visits say: F6–F9, F13, F23 and the latencies, by keys of one kind.

use std::collections::BTreeSet;

use deliberation::meetings::dto::SourceKind;
use deliberation::meetings::{RAISED, RESOLVED, SESSIONS};
use delivery::cases::apart::{self, Apart, DueCount, Homes, OutcomeCount};
use delivery::cases::counts;
use delivery::cases::dto::{Tier, VisitCount};
use delivery::cases::figures::{change_of_rates, days, is_effective, satisfaction, year_before};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};
use platform::db::{Conn, Range, on_days, one_of};
use platform::quantity::{Quotient, Ratio};
use platform::rollups::Period;
use platform::schema::rollups;
use platform::{Result, on_each};

use super::Scope;
use super::counts::{Counted, Part, is_at};
use crate::statistics::dto::Amount::{Mean, Share};
use crate::statistics::dto::FigureKey;

/// What one metric comes to at one key, in the period and in the same days a year before.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Rolled {
    pub key: String,
    pub metric: String,
    pub dimension: String,
    pub n: i64,
    pub before: i64,
}

/// Several metrics under a range by as many characters of the code, over a period and one before it, in one statement and in
/// no order: PostgreSQL would sort every count that it adds up.
pub fn rolled(
    c: &mut Conn,
    range: &Range,
    length: usize,
    metrics: &[&str],
    (before, now): (Period, Period),
) -> Result<Vec<Rolled>> {
    let part = |comparison: &str| format!("CAST(SUM(CASE WHEN day {comparison} ");
    let tail = " THEN n ELSE 0 END) AS BIGINT)";
    let rows = rollups::table
        .filter(one_of(rollups::metric, metrics))
        .filter(rollups::area_code.ge(&range.from).and(rollups::area_code.lt(&range.to)))
        .filter(on_days(rollups::day, now.days_with(before)))
        .group_by(sql::<Text>("1, 2, 3"))
        .select((
            sql::<Text>(&format!("SUBSTR(area_code, 1, {length})")),
            sql::<Text>("metric"),
            sql::<Text>("dimension"),
            sql::<BigInt>(&part(">=")).bind::<Date, _>(now.from).sql(tail),
            sql::<BigInt>(&part("<")).bind::<Date, _>(now.from).sql(tail),
        ));
    Ok(on_each!(c => rows.load(c))?)
}

/// The metrics that a figure is made of.
fn metrics_of(figure: FigureKey) -> &'static [&'static str] {
    match figure {
        FigureKey::VisitRate => &[counts::DONE],
        FigureKey::AcceptedPerDay => &[counts::ACCEPTED],
        FigureKey::ComplaintRate | FigureKey::ComplaintRateChange => &[counts::PROPERTY_COMPLAINTS],
        FigureKey::ClosedAtLevel => &[counts::CLOSED],
        FigureKey::IntakeMinutes => &[counts::INTAKE],
        FigureKey::CoordinationMinutes => &[counts::COORDINATION],
        FigureKey::ImplementationMinutes => &[counts::IMPLEMENTATION],
        FigureKey::MeetingSessions => &[SESSIONS],
        FigureKey::MeetingYield | FigureKey::FindingYield => &[RAISED, RESOLVED],
        _ => &[],
    }
}

/// What is counted of a period.
#[derive(Debug, Default)]
pub struct CaseCounts {
    rolled: Vec<Rolled>,
    due: Vec<DueCount>,
    visits: Vec<OutcomeCount>,
    homes: Vec<Homes>,
    basically_counts: bool,
    days: i64,
}

impl CaseCounts {
    /// Reads what the figures need, and nothing else; `extra` are metrics that are wanted beside.
    pub fn read(
        c: &mut Conn,
        scope: &Scope,
        apart: Apart,
        figures: &[FigureKey],
        extra: &[&'static str],
    ) -> Result<Self> {
        let (range, period, before) = (scope.range(), scope.period, year_before(scope.period));
        let length = match apart {
            Apart::Place(length) => length,
            Apart::Category | Apart::Handler => 0,
        };
        let wants = |figure: FigureKey| figures.contains(&figure);
        let (from, to) = apart::moments(period);
        let mut read = Self { days: days(period), ..Self::default() };
        let mut metrics: Vec<&str> = figures.iter().flat_map(|figure| metrics_of(*figure)).copied().collect();
        metrics.extend(extra);
        metrics.sort_unstable();
        metrics.dedup();
        if !metrics.is_empty() {
            let compared = if wants(FigureKey::ComplaintRateChange) { before } else { period };
            read.rolled = rolled(c, &range, length, &metrics, (compared, period))?;
            if apart == Apart::Category {
                read.rolled.iter_mut().for_each(|row| row.key.clone_from(&row.dimension));
            }
        }
        if wants(FigureKey::ComplaintRate) || wants(FigureKey::ComplaintRateChange) {
            read.homes = apart::households(c, &range, (before.to, period.to), length)?;
        }
        if wants(FigureKey::OnTimeClosure) {
            read.due = apart::due(c, &range, (from, to.min(scope.now)), apart)?;
        }
        if wants(FigureKey::VisitSatisfaction) || wants(FigureKey::VisitRate) {
            read.visits = apart::visited(c, &range, (from, to), apart)?;
        }
        if wants(FigureKey::VisitSatisfaction) {
            read.basically_counts = delivery::cases::basically_counts(c, &scope.area, scope.as_of)?;
        }
        Ok(read)
    }

    fn sum(&self, key: Option<&str>, metric: &str, dimension: Option<&str>) -> i64 {
        let rows = self.rolled.iter().filter(|row| row.metric == metric && is_at(key, &row.key));
        rows.filter(|row| dimension.is_none_or(|wanted| row.dimension == wanted)).map(|row| row.n).sum()
    }

    /// What a metric comes to, whatever its dimension.
    pub fn all(&self, key: Option<&str>, metric: &str) -> i64 {
        self.sum(key, metric, None)
    }

    fn homes(&self, key: Option<&str>) -> (i64, i64) {
        let rows = || self.homes.iter().filter(|row| is_at(key, &row.key));
        (rows().filter_map(|row| row.before).sum(), rows().filter_map(|row| row.now).sum())
    }

    pub fn on_time(&self, key: Option<&str>) -> Ratio {
        let rows = || self.due.iter().filter(|row| row.round == 1 && is_at(key, &row.key));
        Ratio::of(rows().filter_map(|row| row.on_time).sum(), rows().map(|row| row.due).sum())
    }

    fn visit_counts(&self, key: Option<&str>) -> Vec<VisitCount> {
        let rows = self.visits.iter().filter(|row| is_at(key, &row.key));
        rows.map(|row| VisitCount { outcome: row.outcome, visits: row.visits }).collect()
    }

    pub fn satisfied(&self, key: Option<&str>) -> Ratio {
        satisfaction(&self.visit_counts(key), self.basically_counts)
    }

    fn visit_rate(&self, key: Option<&str>) -> Ratio {
        let counts = self.visit_counts(key);
        let effective = counts.iter().filter(|count| is_effective(count.outcome)).map(|count| count.visits).sum();
        Ratio::of(effective, self.sum(key, counts::DONE, Some(counts::FIRST)))
    }

    fn complaints_changed(&self, key: Option<&str>) -> Ratio {
        let rows = self.rolled.iter().filter(|row| row.metric == counts::PROPERTY_COMPLAINTS && is_at(key, &row.key));
        let before = rows.map(|row| row.before).sum();
        let (homes0, homes1) = self.homes(key);
        change_of_rates((before, homes0), (self.all(key, counts::PROPERTY_COMPLAINTS), homes1))
    }

    fn latency(&self, key: Option<&str>, metric: &str) -> Quotient {
        let of = |dimension| self.sum(key, metric, Some(dimension));
        Quotient::of(of(counts::MINUTES), of(counts::CASES))
    }

    fn closed_at(&self, key: Option<&str>) -> Vec<Part> {
        let closed = self.all(key, counts::CLOSED);
        let share = |tier: &Tier| Share(Ratio::of(self.sum(key, counts::CLOSED, Some(tier.as_str())), closed));
        Tier::ALL.iter().map(|tier| Part::named(tier.as_str(), share(tier))).collect()
    }

    /// All of them, and by kind and standing; a kind that was not held is not told.
    fn sessions(&self, key: Option<&str>) -> Vec<Part> {
        let sessions = self.rolled.iter().filter(|row| row.metric == SESSIONS);
        let kinds: BTreeSet<&str> = sessions.map(|row| &*row.dimension).collect();
        let held = |kind: Option<&str>| Mean(Quotient::of(self.sum(key, SESSIONS, kind), 1));
        let by_kind = kinds.into_iter().map(|kind| Part::named(kind, held(Some(kind))));
        std::iter::once(Part::whole(held(None))).chain(by_kind).collect()
    }

    fn findings(&self, key: Option<&str>) -> Ratio {
        let of = |metric| self.sum(key, metric, Some(SourceKind::Finding.as_str()));
        Ratio::of(of(RESOLVED), of(RAISED))
    }

    /// 会议成效: items resolved of those raised, and of those the findings.
    pub fn meeting_yields(&self, key: Option<&str>) -> (Ratio, Ratio) {
        (Ratio::of(self.all(key, RESOLVED), self.all(key, RAISED)), self.findings(key))
    }

    /// Sessions, and of those the ones that were more than a consultation.
    pub fn sessions_held(&self) -> (i64, i64) {
        let joint = self.rolled.iter().filter(|row| row.metric == SESSIONS && row.dimension.ends_with("/joint"));
        (self.all(None, SESSIONS), joint.map(|row| row.n).sum())
    }
}

impl Counted for CaseCounts {
    fn keys(&self) -> Vec<&str> {
        let rolled = self.rolled.iter().map(|row| &*row.key);
        let due = self.due.iter().map(|row| &*row.key);
        let visits = self.visits.iter().map(|row| &*row.key);
        rolled.chain(due).chain(visits).chain(self.homes.iter().map(|row| &*row.key)).collect()
    }

    fn parts(&self, figure: FigureKey, key: Option<&str>) -> Option<Vec<Part>> {
        let amount = match figure {
            FigureKey::OnTimeClosure => Share(self.on_time(key)),
            FigureKey::VisitSatisfaction => Share(self.satisfied(key)),
            FigureKey::VisitRate => Share(self.visit_rate(key)),
            FigureKey::AcceptedPerDay => Mean(Quotient::of(self.all(key, counts::ACCEPTED), self.days)),
            FigureKey::ComplaintRate => {
                Mean(Quotient::per_thousand(self.all(key, counts::PROPERTY_COMPLAINTS), self.homes(key).1))
            }
            FigureKey::ComplaintRateChange => Share(self.complaints_changed(key)),
            FigureKey::IntakeMinutes => Mean(self.latency(key, counts::INTAKE)),
            FigureKey::CoordinationMinutes => Mean(self.latency(key, counts::COORDINATION)),
            FigureKey::ImplementationMinutes => Mean(self.latency(key, counts::IMPLEMENTATION)),
            FigureKey::MeetingYield => Share(self.meeting_yields(key).0),
            FigureKey::FindingYield => Share(self.findings(key)),
            FigureKey::ClosedAtLevel => return Some(self.closed_at(key)),
            FigureKey::MeetingSessions => return Some(self.sessions(key)),
            _ => return None,
        };
        Some(vec![Part::whole(amount)])
    }
}

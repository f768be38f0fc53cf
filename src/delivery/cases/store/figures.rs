//! 指标 of an area over a period: counted from what happened, in the same number of statements whatever the area.

use chrono::NaiveDate;
use platform::auth::AreaCode;
use platform::db::{Conn, Range, Ts};
use platform::quantity::{Quotient, Ratio};
use platform::rollups::{self, Period, Sum};
use platform::{Result, rule_sets};

use super::apart::{self, Apart, DueCount, OutcomeCount, moments};
use super::counts;
use crate::cases::dto::{
    AcceptedCount, CaseFiguresOut, CaseKind, Channel, ComplaintFigures, Latencies, ReportedCount, Tier, TierShare,
    VisitCount, VisitOutcome,
};
use crate::cases::rules::figures::{change_of_rates, days, is_effective, satisfaction, year_before};
use crate::cases::rules::params::categories::{CATEGORIES, Categories};
use crate::cases::rules::params::{HANDLING, Handling, RULES};

/// `now` decides what is overdue today.
pub fn figures(c: &mut Conn, area: &AreaCode, period: Period, as_of: NaiveDate, now: Ts) -> Result<CaseFiguresOut> {
    let range = Range::under(area.as_str());
    let before = year_before(period);
    let basically_counts = basically_counts(c, area, as_of)?;
    let counted = Counted(rollups::sums(c, &range, &counts::ALL, (before, period))?);
    let homes = apart::households(c, &range, (before.to, period.to), 0)?;
    let homes = homes.first().map_or((0, 0), |homes| (homes.before.unwrap_or(0), homes.now.unwrap_or(0)));
    let (from, to) = moments(period);
    let due = Due(apart::due(c, &range, (from, to.min(now)), Apart::WHOLE)?);
    let visits = every_outcome(&apart::visited(c, &range, (from, to), Apart::WHOLE)?);
    let effective: i64 = visits.iter().filter(|v| is_effective(v.outcome)).map(|v| v.visits).sum();
    let done = counted.of(counts::DONE, counts::FIRST);
    Ok(CaseFiguresOut {
        area: area.to_string(),
        from: period.from,
        to: period.to,
        as_of,
        on_time: due.on_time(|round| round == 1),
        reopened_on_time: due.on_time(|round| round > 1),
        overdue_open: due.0.iter().map(|row| row.open).sum(),
        satisfaction: satisfaction(&visits, basically_counts),
        basically_counts,
        visit_rate: Ratio::of(effective, done),
        visits,
        accepted_per_day: Quotient::of(counted.all(counts::ACCEPTED), days(period)),
        accepted: counted.accepted(),
        reported: counted.reported(),
        complaints: counted.complaints(homes),
        closed_at: counted.closed_at(),
        latencies: Latencies {
            intake: counted.latency(counts::INTAKE),
            coordination: counted.latency(counts::COORDINATION),
            implementation: counted.latency(counts::IMPLEMENTATION),
        },
        duplicates: Ratio::of(counted.all(counts::MERGED), counted.all(counts::REPORTED)),
        reopened: Ratio::of(counted.all(counts::REOPENED), done),
    })
}

/// Whether "基本满意" counts as satisfied, by the rules of the place.
pub fn basically_counts(c: &mut Conn, area: &AreaCode, on: NaiveDate) -> Result<bool> {
    Ok(rule_sets::in_force(c, RULES, area, on)?.get::<Handling>(&HANDLING)?.1.basically_counts)
}

/// The categories of a place, as `repair/pipe_leak`, with their names in Chinese.
pub fn names_of_categories(c: &mut Conn, area: &AreaCode, on: NaiveDate) -> Result<Vec<(String, String)>> {
    let dictionary = rule_sets::in_force(c, RULES, area, on)?.get::<Categories>(&CATEGORIES)?.1;
    let named = dictionary.categories.into_iter();
    Ok(named.map(|category| (format!("{}/{}", category.kind, category.code), category.zh)).collect())
}

/// The counts of an area.
struct Counted(Vec<Sum>);

impl Counted {
    fn by(&self, metric: &'static str) -> impl Iterator<Item = &Sum> {
        self.0.iter().filter(move |sum| sum.metric == metric)
    }

    fn of(&self, metric: &'static str, dimension: &str) -> i64 {
        self.by(metric).find(|sum| sum.dimension == dimension).map_or(0, |sum| sum.n)
    }

    fn all(&self, metric: &'static str) -> i64 {
        self.by(metric).map(|sum| sum.n).sum()
    }

    fn accepted(&self) -> Vec<AcceptedCount> {
        let counts = self.by(counts::ACCEPTED).filter(|sum| sum.n != 0).filter_map(|sum| {
            let (kind, category) = sum.dimension.split_once('/')?;
            let kind: CaseKind = kind.parse().ok()?;
            Some(AcceptedCount { kind, category: category.to_owned(), accepted: sum.n })
        });
        counts.collect()
    }

    fn reported(&self) -> Vec<ReportedCount> {
        let of = |channel: &Channel| ReportedCount {
            channel: *channel,
            reported: self.of(counts::REPORTED, channel.as_str()),
        };
        Channel::ALL.iter().map(of).collect()
    }

    fn complaints(&self, (homes0, homes1): (i64, i64)) -> ComplaintFigures {
        let metric = counts::PROPERTY_COMPLAINTS;
        let (now, before) = (self.all(metric), self.by(metric).map(|sum| sum.before).sum());
        ComplaintFigures {
            rate: Quotient::per_thousand(now, homes1),
            rate_before: Quotient::per_thousand(before, homes0),
            change: change_of_rates((before, homes0), (now, homes1)),
        }
    }

    fn closed_at(&self) -> Vec<TierShare> {
        let closed = self.all(counts::CLOSED);
        let share = |tier: &Tier| Ratio::of(self.of(counts::CLOSED, tier.as_str()), closed);
        Tier::ALL.iter().map(|tier| TierShare { tier: *tier, share: share(tier) }).collect()
    }

    fn latency(&self, metric: &'static str) -> Quotient {
        Quotient::of(self.of(metric, counts::MINUTES), self.of(metric, counts::CASES))
    }
}

/// What was due in the period, by round.
struct Due(Vec<DueCount>);

impl Due {
    fn on_time(&self, wanted: impl Fn(i32) -> bool) -> Ratio {
        let rows = || self.0.iter().filter(|row| wanted(row.round));
        Ratio::of(rows().filter_map(|row| row.on_time).sum(), rows().map(|row| row.due).sum())
    }
}

/// Every outcome named.
fn every_outcome(rows: &[OutcomeCount]) -> Vec<VisitCount> {
    let of = |outcome: &VisitOutcome| rows.iter().find(|row| row.outcome == *outcome).map_or(0, |row| row.visits);
    VisitOutcome::ALL.iter().map(|outcome| VisitCount { outcome: *outcome, visits: of(outcome) }).collect()
}

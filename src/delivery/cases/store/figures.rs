//! 指标 of an area over a period: counted from what happened, in the same number of statements whatever the area.

use chrono::{Duration, NaiveDate};
use diesel::dsl::{case_when, count_star, exists, not, sum};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer};
use platform::auth::AreaCode;
use platform::clock::midnight_in_shanghai;
use platform::db::{Conn, Range, Ts};
use platform::quantity::{Quotient, Ratio};
use platform::rollups::{self, Period, Sum};
use platform::{Result, rule_sets};
use registry::schema::{compound_placements as placements, compounds};

use super::counts;
use crate::cases::dto::{
    AcceptedCount, CaseFiguresOut, CaseKind, Channel, ClockEnd, ComplaintFigures, Latencies, ReportedCount, Tier,
    TierShare, VisitCount, VisitOutcome,
};
use crate::cases::rules::figures::{change_of_rates, days, is_effective, satisfaction, year_before};
use crate::cases::rules::params::{HANDLING, Handling, RULES};
use crate::schema::case_visits as visits;
use crate::schema::{case_alarms as alarms, case_clocks as clocks, case_extensions as extensions, case_holds as holds};

/// The level that a clock sets off when its time is over.
const BREACH: i32 = 3;

/// `now` decides what is overdue today.
pub fn figures(c: &mut Conn, area: &AreaCode, period: Period, as_of: NaiveDate, now: Ts) -> Result<CaseFiguresOut> {
    let range = Range::under(area.as_str());
    let before = year_before(period);
    let basically_counts = rule_sets::in_force(c, RULES, area, as_of)?.get::<Handling>(&HANDLING)?.1.basically_counts;
    let counted = Counted(rollups::sums(c, &range, &counts::ALL, (before, period))?);
    let homes = households(c, &range, before.to, period.to)?;
    let (from, to) = moments(period);
    let due = due(c, &range, (from, to.min(now)))?;
    let visits = visited(c, &range, (from, to))?;
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

/// From the first moment of a period up to but without the one after its last.
fn moments(period: Period) -> (Ts, Ts) {
    (midnight_in_shanghai(period.from), midnight_in_shanghai(period.to + Duration::days(1)))
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

/// 户数 of the compounds that lay in the area on either day, in one statement.
fn households(c: &mut Conn, range: &Range, before: NaiveDate, now: NaiveDate) -> Result<(i64, i64)> {
    let on = |day: NaiveDate| {
        let placed = placements::valid_from
            .le(day)
            .and(placements::valid_to.is_null().or(placements::valid_to.assume_not_null().gt(day)))
            .and(compounds::closed_on.is_null().or(compounds::closed_on.assume_not_null().gt(day)));
        sum(case_when(placed.assume_not_null(), compounds::households))
    };
    let (before, now): (Option<i64>, Option<i64>) = placements::table
        .inner_join(compounds::table.on(compounds::id.eq(placements::compound_id)))
        .filter(placements::area_code.ge(&range.from).and(placements::area_code.lt(&range.to)))
        .select((on(before), on(now)))
        .first(c)?;
    Ok((before.unwrap_or(0), now.unwrap_or(0)))
}

/// What was due in the period, by round.
struct Due(Vec<DueRow>);

#[derive(Queryable)]
struct DueRow {
    round: i32,
    due: i64,
    on_time: Option<i64>,
    open: i64,
}

impl Due {
    fn on_time(&self, wanted: impl Fn(i32) -> bool) -> Ratio {
        let rows = || self.0.iter().filter(|row| wanted(row.round));
        Ratio::of(rows().filter_map(|row| row.on_time).sum(), rows().map(|row| row.due).sum())
    }
}

/// F6, from the clocks and from what they set off. A breach stays one whatever the date is made afterwards, but for an
/// extension that was asked for before it; a clock that stands still is not due.
fn due(c: &mut Conn, range: &Range, (from, to): (Ts, Ts)) -> Result<Due> {
    let breach = alarms::clock_id.eq(clocks::id).and(alarms::level.eq(BREACH));
    let extended = extensions::table
        .filter(extensions::case_id.eq(clocks::case_id).and(extensions::status.eq("approved")))
        .filter(extensions::old_due_at.eq(alarms::due_at));
    let standing = holds::table.filter(holds::case_id.eq(clocks::case_id).and(holds::status.eq("running")));
    let in_time = clocks::ended_at
        .is_not_null()
        .and(clocks::ended_at.assume_not_null().le(clocks::due_at))
        .and(alarms::clock_id.nullable().is_null().or(exists(extended)));
    let rows: Vec<DueRow> = clocks::table
        .left_join(alarms::table.on(breach))
        .filter(clocks::area_code.ge(&range.from).and(clocks::area_code.lt(&range.to)))
        .filter(clocks::due_at.ge(from).and(clocks::due_at.lt(to)))
        .filter(diesel::dsl::sql::<Bool>("case_clocks.clock = 'resolve'"))
        .filter(clocks::end_kind.is_null().or(clocks::end_kind.assume_not_null().eq(ClockEnd::Met)))
        .filter(clocks::ended_at.is_not_null().or(not(exists(standing))))
        .group_by(clocks::round)
        .order(clocks::round)
        .select((
            clocks::round,
            count_star(),
            sum(case_when(in_time, 1.into_sql::<Integer>()).otherwise(0.into_sql::<Integer>())),
            diesel::dsl::sql::<diesel::sql_types::BigInt>("COUNT(*) - COUNT(case_clocks.ended_at)"),
        ))
        .load(c)?;
    Ok(Due(rows))
}

/// Visits of the period by what they brought, every outcome named.
fn visited(c: &mut Conn, range: &Range, (from, to): (Ts, Ts)) -> Result<Vec<VisitCount>> {
    let rows: Vec<(VisitOutcome, i64)> = visits::table
        .filter(visits::area_code.ge(&range.from).and(visits::area_code.lt(&range.to)))
        .filter(visits::at.ge(from).and(visits::at.lt(to)))
        .group_by(visits::outcome)
        .select((visits::outcome, count_star()))
        .load(c)?;
    let of = |outcome: &VisitOutcome| rows.iter().find(|(found, _)| found == outcome).map_or(0, |(_, n)| *n);
    Ok(VisitOutcome::ALL.iter().map(|outcome| VisitCount { outcome: *outcome, visits: of(outcome) }).collect())
}

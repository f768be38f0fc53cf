//! 区域概览: everything that a dashboard shows, in the same number of statements whatever the area. What is told of the whole and
//! of the areas below it is read once, by the areas below, and added up.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use deliberation::meetings::{RAISED, RESOLVED, SESSIONS, actions_now};
use delivery::cases::apart::{self, Apart};
use delivery::cases::counts;
use delivery::cases::dto::Status;
use delivery::cases::now::{OpenCount, Running, open, running};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};
use platform::clock::midnight_in_shanghai;
use platform::db::{Conn, Range, Ts, on_days, one_of};
use platform::quantity::Ratio;
use platform::rollups::Period;
use platform::schema::rollups;
use platform::{Result, on_each};
use registry::territory::store::standing::{Child, child_length, family};

use super::cases::CaseCounts;
use super::counts::{Counted, is_at};
use super::roster::StandingCounts;
use super::{Scope, names};
use crate::ratings::{StarsApart, latest_stars, star_shares};
use crate::standings::{RankedRow, latest_top};
use crate::statistics::dto::{
    AmountOut, CasesNow, ChildLine, DayCount, FigureKey, FigureOut, LatestRanking, LatestStars, MeetingsNow,
    OverviewField, OverviewOut, RankedProject, RunningClock, StatusCount,
};
use crate::statistics::rules::catalogue::{ENTRIES, Entry};

/// Days of the daily series.
const SERIES_DAYS: u64 = 30;
/// Clocks that are listed.
const CLOCKS: i64 = 20;
/// Rows of a ranking.
const TOP: i64 = 10;
const COMPOUND_LENGTH: usize = 17;

/// The figures of a dashboard: what stands on a day, and what happened in the period.
const STANDING: [FigureKey; 7] = [
    FigureKey::ServiceCoverage,
    FigureKey::OldCompounds,
    FigureKey::CommitteeEstablishment,
    FigureKey::PartyOrganisationCoverage,
    FigureKey::PartyWorkCoverage,
    FigureKey::CommitteePartyShare,
    FigureKey::CommitteeVeteranShare,
];
const HAPPENED: [FigureKey; 10] = [
    FigureKey::OnTimeClosure,
    FigureKey::VisitSatisfaction,
    FigureKey::VisitRate,
    FigureKey::AcceptedPerDay,
    FigureKey::ComplaintRate,
    FigureKey::ComplaintRateChange,
    FigureKey::ClosedAtLevel,
    FigureKey::IntakeMinutes,
    FigureKey::CoordinationMinutes,
    FigureKey::ImplementationMinutes,
];
/// Of those, what a line of an area below shows.
const OF_CHILDREN: [FigureKey; 2] = [FigureKey::OnTimeClosure, FigureKey::VisitSatisfaction];

/// Everything that is read, whichever parts are told.
struct Read {
    day_ends: Ts,
    children: Vec<Child>,
    name: String,
    open: Vec<OpenCount>,
    running: Vec<Running>,
    happened: CaseCounts,
    standing: StandingCounts,
    days: Vec<DayRow>,
}

/// The overview, and until when nothing in it changes by the clock alone.
pub fn of_area(c: &mut Conn, scope: &Scope, fields: &[OverviewField]) -> Result<OverviewOut> {
    let wants = |any: &[OverviewField]| fields.iter().any(|field| any.contains(field));
    let read = read(c, scope, &wants)?;
    let fresh_until = fresh_until(c, scope, &read, &wants)?;
    let told = |field: OverviewField| fields.contains(&field);
    Ok(OverviewOut {
        area: scope.area.to_string(),
        name: read.name.clone(),
        as_of: scope.as_of,
        from: scope.period.from,
        to: scope.period.to,
        fresh_until,
        cases: told(OverviewField::Cases).then(|| cases_now(&read, scope)),
        clocks: if told(OverviewField::Clocks) { Some(clocks(c, &read, scope.now)?) } else { None },
        figures: told(OverviewField::Figures).then(|| figures(&read)),
        meetings: if told(OverviewField::Meetings) { Some(meetings(c, scope, &read)?) } else { None },
        stars: if told(OverviewField::Stars) { Some(stars(c, scope)?) } else { None },
        ranking: if told(OverviewField::Ranking) { Some(ranking(c, scope)?) } else { None },
        children: told(OverviewField::Children).then(|| read.children.iter().map(|child| line(&read, child)).collect()),
        daily: told(OverviewField::Daily).then(|| daily(&read.days, scope.today)),
    })
}

fn read(c: &mut Conn, scope: &Scope, wants: &dyn Fn(&[OverviewField]) -> bool) -> Result<Read> {
    use OverviewField::{Cases, Children, Clocks, Daily, Figures, Meetings};
    let (range, length) = (scope.range(), child_length(&scope.area).unwrap_or(0));
    let (name, children) = family(c, scope.area.as_str(), scope.today)?;
    let day_ends = midnight_in_shanghai(scope.today.checked_add_days(Days::new(1)).unwrap_or(scope.today));
    let (figures, below): (&[FigureKey], &[FigureKey]) = match (wants(&[Figures]), wants(&[Children])) {
        (true, _) => (&HAPPENED, &STANDING),
        (false, true) => (&OF_CHILDREN, &[FigureKey::ServiceCoverage]),
        (false, false) => (&[], &[]),
    };
    let mut extra: Vec<&'static str> = Vec::new();
    if wants(&[Children]) {
        extra.extend([counts::ACCEPTED, counts::CLOSED]);
    }
    if wants(&[Meetings]) {
        extra.extend([SESSIONS, RAISED, RESOLVED]);
    }
    Ok(Read {
        day_ends,
        children,
        name: name.unwrap_or_default(),
        open: if wants(&[Cases, Children]) { open(c, &range, length, (scope.now, day_ends))? } else { Vec::new() },
        running: if wants(&[Clocks]) { running(c, &range, CLOCKS)? } else { Vec::new() },
        happened: CaseCounts::read(c, scope, Apart::Place(length), figures, &extra)?,
        standing: StandingCounts::read(c, scope, StarsApart::Place(length), below)?,
        days: if wants(&[Cases, Daily]) { days(c, &range, scope.today)? } else { Vec::new() },
    })
}

/// The next moment at which something falls due, else midnight.
fn fresh_until(c: &mut Conn, scope: &Scope, read: &Read, wants: &dyn Fn(&[OverviewField]) -> bool) -> Result<Ts> {
    use OverviewField::{Cases, Children, Clocks, Figures};
    let mut until = read.day_ends;
    if wants(&[Cases, Children, Clocks, Figures]) {
        until = apart::next_due(c, &scope.range(), (scope.now, until))?.unwrap_or(until);
    }
    let listed = read.running.iter().map(|clock| clock.due_at).filter(|due| *due > scope.now);
    Ok(listed.fold(until, Ts::min))
}

fn cases_now(read: &Read, scope: &Scope) -> CasesNow {
    let of = |status: &Status| read.open.iter().filter(|row| row.status == *status).map(|row| row.cases).sum();
    let states = Status::ALL.iter().filter(|status| status.is_open());
    let today = |metric: &str| {
        read.days.iter().filter(|row| row.day == scope.today && row.metric == metric).map(|row| row.n).sum()
    };
    CasesNow {
        open: read.open.iter().map(|row| row.cases).sum(),
        by_status: states.map(|status| StatusCount { status: *status, cases: of(status) }).collect(),
        overdue: read.open.iter().map(OpenCount::overdue).sum(),
        due_today: read.open.iter().map(OpenCount::due_today).sum(),
        reported_today: today(counts::REPORTED),
        accepted_today: today(counts::ACCEPTED),
        closed_today: today(counts::CLOSED),
    }
}

fn clocks(c: &mut Conn, read: &Read, now: Ts) -> Result<Vec<RunningClock>> {
    let place = |code: &str| code.get(..COMPOUND_LENGTH).unwrap_or(code).to_owned();
    let communities: Vec<&str> =
        read.running.iter().filter(|row| row.compound.is_none()).map(|row| &*row.area_code).collect();
    let named: HashMap<String, String> = names::of_divisions(c, &communities)?;
    let told = |row: &Running| RunningClock {
        case_id: row.case_id,
        kind: row.kind,
        category: row.category.clone(),
        status: row.status,
        clock: row.clock,
        area_code: place(&row.area_code),
        place: row.compound.clone().or_else(|| named.get(&row.area_code).cloned()).unwrap_or_default(),
        started_at: row.started_at,
        due_at: row.due_at,
        overdue: row.due_at < now,
    };
    Ok(read.running.iter().map(told).collect())
}

fn figures(read: &Read) -> Vec<FigureOut> {
    let chosen = ENTRIES.iter().filter(|entry| STANDING.contains(&entry.key) || HAPPENED.contains(&entry.key));
    let parts = |entry: &Entry| {
        read.happened.parts(entry.key, None).or_else(|| read.standing.parts(entry.key, None)).unwrap_or_default()
    };
    let told = chosen.flat_map(|entry| {
        parts(entry).into_iter().map(|part| {
            let AmountOut { numerator, denominator, percent, value } = part.amount.into();
            let (figure, formula, unit) = (entry.key, entry.formula.to_owned(), entry.unit);
            FigureOut { figure, formula, part: part.name, unit, numerator, denominator, percent, value }
        })
    });
    told.collect()
}

fn meetings(c: &mut Conn, scope: &Scope, read: &Read) -> Result<MeetingsNow> {
    let actions = actions_now(c, &scope.area, scope.period, scope.today)?;
    let ((sessions, joint), (yield_rate, findings)) =
        (read.happened.sessions_held(), read.happened.meeting_yields(None));
    Ok(MeetingsNow {
        sessions,
        joint,
        yield_rate,
        findings,
        open_actions: actions.open,
        overdue_actions: actions.overdue,
        actions_on_time: Ratio::of(actions.in_time, actions.due),
    })
}

fn stars(c: &mut Conn, scope: &Scope) -> Result<LatestStars> {
    let latest = latest_stars(c, &scope.range(), scope.today, StarsApart::Place(0))?;
    let counts: Vec<(i16, i64)> = latest.counts.iter().map(|count| (count.star, count.projects)).collect();
    let (rated, stars, three_and_above) = star_shares(&counts);
    let (year, quarter) = latest.quarter.unzip();
    Ok(LatestStars { year, quarter, rated, stars, three_and_above })
}

fn ranking(c: &mut Conn, scope: &Scope) -> Result<LatestRanking> {
    let latest = latest_top(c, &scope.area, TOP)?;
    let told = |row: RankedRow| RankedProject {
        rank: row.place,
        movement: row.movement,
        compound_id: row.compound_id,
        compound_name: row.compound_name,
        company_name: row.company_name,
        area_code: row.area_code,
        score: row.score,
        star: row.stars,
    };
    Ok(LatestRanking {
        ranking_id: latest.ranking.map(|(id, ..)| id),
        year: latest.ranking.map(|(_, year, _)| year),
        quarter: latest.ranking.map(|(.., quarter)| quarter),
        top: latest.rows.into_iter().map(told).collect(),
    })
}

fn line(read: &Read, child: &Child) -> ChildLine {
    let key = Some(child.code.as_str());
    let open = || read.open.iter().filter(|row| is_at(key, &row.key));
    ChildLine {
        open: open().map(|row| row.cases).sum(),
        overdue: open().map(OpenCount::overdue).sum(),
        accepted: read.happened.all(key, counts::ACCEPTED),
        closed: read.happened.all(key, counts::CLOSED),
        on_time: read.happened.on_time(key),
        satisfaction: read.happened.satisfied(key),
        coverage: read.standing.coverage(key),
        code: child.code.clone(),
        name: child.name.clone(),
    }
}

/// What one metric came to on one day.
#[derive(Debug, Queryable)]
struct DayRow {
    day: NaiveDate,
    metric: String,
    n: i64,
}

fn first_day(today: NaiveDate) -> NaiveDate {
    today.checked_sub_days(Days::new(SERIES_DAYS - 1)).unwrap_or(today)
}

fn days(c: &mut Conn, range: &Range, today: NaiveDate) -> Result<Vec<DayRow>> {
    let rows = rollups::table
        .filter(one_of(rollups::metric, &[counts::REPORTED, counts::ACCEPTED, counts::CLOSED]))
        .filter(rollups::area_code.ge(&range.from).and(rollups::area_code.lt(&range.to)))
        .filter(on_days(rollups::day, Period { from: first_day(today), to: today }.days()))
        .group_by(sql::<Text>("1, 2"))
        .select((sql::<Date>("day"), sql::<Text>("metric"), sql::<BigInt>("CAST(SUM(n) AS BIGINT)")));
    Ok(on_each!(c => rows.load(c))?)
}

/// Every day, whether or not anything happened on it.
fn daily(rows: &[DayRow], today: NaiveDate) -> Vec<DayCount> {
    let of = |day: NaiveDate, metric: &str| {
        rows.iter().filter(|row| row.day == day && row.metric == metric).map(|row| row.n).sum()
    };
    let days = first_day(today).iter_days().take_while(|day| *day <= today);
    days.map(|day| DayCount { day, accepted: of(day, counts::ACCEPTED), closed: of(day, counts::CLOSED) }).collect()
}

/// The days that a dashboard's figures are of: so many, up to and with today.
pub fn period(days: u16, today: NaiveDate) -> Period {
    let from = today.checked_sub_days(Days::new(u64::from(days.max(1)) - 1)).unwrap_or(today);
    Period { from, to: today }
}

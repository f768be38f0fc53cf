//! 汇总: counts kept by area, day, metric and dimension, written in the transaction of what they count, so that a figure is
//! one range of one index and never a search through the rows it stands for. The context that counts owns its metrics.
//!
//! The key begins with the day: what is counted today lies together, whoever counts it, and a period of an area is as many
//! ranges as it has days and metrics, however many years there are and whatever else happened on those days.
//!
//! A count belongs to the area and the day on which it happened and stays there when places move. On PostgreSQL those who
//! count for one community on one day wait for each other's row, for as long as a step takes: a district counts some
//! hundred steps a day. Two that wait for one another are told apart by the server, and `Db::write` runs one again.

mod imported;
pub mod recount;

pub use imported::import;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::backend::Backend;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Date, Text};

use crate::db::{Conn, Either, OneOf, Range, on_days, one_of};
use crate::error::Result;
use crate::schema::{area_versions, rollups};
use crate::{in_runs, on_each};

/// One count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Insertable)]
#[diesel(table_name = rollups, treat_none_as_default_value = false)]
pub struct Count {
    pub metric: &'static str,
    pub area_code: String,
    pub day: NaiveDate,
    /// What the metric is told apart by; empty where by nothing.
    pub dimension: String,
    pub n: i64,
}

impl Count {
    fn key(&self) -> (&str, &str, NaiveDate, &str) {
        (self.metric, &self.area_code, self.day, &self.dimension)
    }
}

/// The statement for some counts, which is prepared once: diesel's own upsert would be at every step of every case.
struct Upsert<'a, const N: usize>([&'a Count; N]);

impl<const N: usize> QueryId for Upsert<'_, N> {
    type QueryId = Upsert<'static, N>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C, const N: usize> RunQueryDsl<C> for Upsert<'_, N> {}

impl<DB, const N: usize> QueryFragment<DB> for Upsert<'_, N>
where
    DB: Backend,
    str: ToSql<Text, DB>,
    NaiveDate: ToSql<Date, DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("INSERT INTO rollups (metric, area_code, day, dimension, n) VALUES ");
        for (at, Count { metric, area_code, day, dimension, n }) in self.0.iter().enumerate() {
            out.push_sql(if at == 0 { "(" } else { ", (" });
            out.push_bind_param::<Text, str>(metric)?;
            out.push_sql(", ");
            out.push_bind_param::<Text, str>(area_code)?;
            out.push_sql(", ");
            out.push_bind_param::<Date, _>(day)?;
            out.push_sql(", ");
            out.push_bind_param::<Text, str>(dimension)?;
            out.push_sql(", ");
            out.push_bind_param::<BigInt, _>(n)?;
            out.push_sql(")");
        }
        out.push_sql(" ON CONFLICT (metric, area_code, day, dimension) DO UPDATE SET n = rollups.n + excluded.n");
        Ok(())
    }
}

/// Adds to some counts, each of a key of its own, by less than nothing where something is taken back; in the order of their
/// keys, so that two who count at once wait for each other the same way round.
pub fn add_all(c: &mut Conn, counts: &[Count]) -> Result<()> {
    let mut sorted: Vec<&Count> = counts.iter().collect();
    sorted.sort_unstable();
    match c.either() {
        Either::Sqlite(c) => sorted.into_iter().try_for_each(|count| Upsert([count]).execute(c).map(drop))?,
        Either::Postgres(c) => in_runs!(sorted, |_key, run| Upsert(run).execute(c)?),
    }
    Ok(())
}

/// Counts of one key as one.
pub fn summed(counts: impl IntoIterator<Item = Count>) -> Vec<Count> {
    let mut all: Vec<Count> = counts.into_iter().collect();
    all.sort_unstable();
    all.dedup_by(|later, kept| {
        let same = later.key() == kept.key();
        if same {
            kept.n += later.n;
        }
        same
    });
    all
}

/// 时段: from the first day to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// The days of a period on which anything was counted, from one to the next: a step each, not a look at every count. For a
/// period that may be of any length.
fn counted_days(c: &mut Conn, Period { from, to }: Period) -> Result<Vec<NaiveDate>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Date)]
        day: NaiveDate,
    }
    let steps = || {
        let text = "WITH RECURSIVE steps(day) AS (SELECT MIN(day) FROM rollups WHERE day >= $1 UNION ALL \
             SELECT (SELECT MIN(r.day) FROM rollups r WHERE r.day > steps.day) FROM steps WHERE steps.day < $2) \
             SELECT day FROM steps WHERE day <= $2";
        sql_query(text).bind::<Date, _>(from)
    };
    let rows: Vec<Row> = on_each!(c => steps().bind::<Date, _>(to).load(c))?;
    Ok(rows.into_iter().map(|row| row.day).collect())
}

impl Period {
    /// Every day of it: of a period that is known to be short.
    pub fn days(self) -> Vec<NaiveDate> {
        self.from.iter_days().take_while(|day| *day <= self.to).collect()
    }

    /// The days of both, each once.
    pub fn days_with(self, other: Self) -> Vec<NaiveDate> {
        let days: BTreeSet<NaiveDate> = self.days().into_iter().chain(other.days()).collect();
        days.into_iter().collect()
    }
}

/// What a metric comes to in two periods.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Sum {
    pub metric: String,
    pub dimension: String,
    pub n: i64,
    /// In the earlier period.
    pub before: i64,
}

/// One metric in an area over a period, by dimension.
pub fn sum(c: &mut Conn, range: &Range, period: Period, metric: &str) -> Result<Vec<(String, i64)>> {
    let rows = rollups::table
        .filter(rollups::metric.eq(metric))
        .filter(rollups::area_code.ge(&range.from).and(rollups::area_code.lt(&range.to)))
        .filter(on_days(rollups::day, counted_days(c, period)?))
        .group_by(rollups::dimension)
        .order(rollups::dimension)
        .select((rollups::dimension, sql::<BigInt>("CAST(SUM(n) AS BIGINT)")));
    Ok(on_each!(c => rows.load(c))?)
}

/// Several metrics in an area over a period and over one before it, in one statement.
pub fn sums(c: &mut Conn, range: &Range, metrics: &[&str], (before, now): (Period, Period)) -> Result<Vec<Sum>> {
    let from = now.from;
    let part = |comparison: &str| format!("CAST(SUM(CASE WHEN day {comparison} ");
    let tail = " THEN n ELSE 0 END) AS BIGINT)";
    let rows = rollups::table
        .filter(one_of(rollups::metric, metrics))
        .filter(rollups::area_code.ge(&range.from).and(rollups::area_code.lt(&range.to)))
        .filter(on_days(rollups::day, now.days_with(before)))
        .group_by((rollups::metric, rollups::dimension))
        .order((rollups::metric, rollups::dimension))
        .select((
            rollups::metric,
            rollups::dimension,
            sql::<BigInt>(&part(">=")).bind::<Date, _>(from).sql(tail),
            sql::<BigInt>(&part("<")).bind::<Date, _>(from).sql(tail),
        ));
    Ok(on_each!(c => rows.load(c))?)
}

/// Where a case counts, and with it everything else that a compound's overview shows.
const COMPOUND_LENGTH: usize = 17;
const COMMUNITY_LENGTH: usize = 12;
/// How long the codes are above a community's.
const ABOVE: [usize; 6] = [0, 2, 4, 6, 9, 12];

/// The area whose version goes up with what happens at a place: the compound, or what lies above it.
fn versioned(area_code: &str) -> &str {
    area_code.get(..COMPOUND_LENGTH).unwrap_or(area_code)
}

/// Notes that something has changed in an area that its overview may show: its version goes up with the transaction, once
/// however often it was touched. [`history`](crate::history) does so for every event; call it for what leaves none.
pub fn touch(c: &mut Conn, area_code: &str) {
    c.touch(versioned(area_code));
}

/// 版本: a number that is another one whenever anything has changed in an area, given as [`Range::under`] its code, or above
/// it, where rules and calendars are set. What lies in no compound's range, as a building or a grid does, has its compound's
/// or its community's.
pub fn version(c: &mut Conn, range: &Range) -> Result<i64> {
    let area = match versioned(&range.from) {
        grid if !grid.contains('-') => grid.get(..COMMUNITY_LENGTH).unwrap_or(grid),
        compound => compound,
    };
    let Range { from, to } = Range::under(area);
    let above: Vec<&str> = ABOVE.iter().filter_map(|length| area.get(..*length)).filter(|code| *code != area).collect();
    let total = Total { from, to, above: one_of(area_versions::area_code, &above) };
    Ok(on_each!(c => total.get_result(c))?)
}

/// The statement for a version, which is prepared once.
struct Total {
    from: String,
    to: String,
    above: OneOf<area_versions::area_code>,
}

impl Query for Total {
    type SqlType = BigInt;
}

impl QueryId for Total {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> RunQueryDsl<C> for Total {}

impl<DB: Backend> QueryFragment<DB> for Total
where
    str: ToSql<Text, DB>,
    OneOf<area_versions::area_code>: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM area_versions WHERE (area_code >= ");
        out.push_bind_param::<Text, str>(&self.from)?;
        out.push_sql(" AND area_code < ");
        out.push_bind_param::<Text, str>(&self.to)?;
        out.push_sql(") OR ");
        self.above.walk_ast(out.reborrow())
    }
}

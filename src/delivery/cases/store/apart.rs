//! The counts behind the figures, told apart by place, by category or by who handled it. Whoever adds them up again gets what
//! the whole comes to.

use chrono::{Duration, NaiveDate};
use diesel::dsl::{case_when, count_star, exists, not, sql, sum};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Text};
use platform::Result;
use platform::clock::midnight_in_shanghai;
use platform::db::{Conn, Engine, Range, Ts};
use platform::rollups::Period;
use registry::schema::{compound_placements as placements, compounds};

use crate::cases::dto::{ClockEnd, VisitOutcome};
use crate::schema::case_visits as visits;
use crate::schema::{case_alarms as alarms, case_clocks as clocks, case_extensions as extensions, case_holds as holds};

/// The level that a clock sets off when its time is over.
const BREACH: i32 = 3;
/// Digits of a community's code.
const COMMUNITY: usize = 12;

/// What counts are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// As many characters of the area's code; by none it is the whole.
    Place(usize),
    /// `repair/pipe_leak`
    Category,
    /// The organisation that has the case in hand, or had it in the end.
    Handler,
}

impl Apart {
    pub const WHOLE: Self = Self::Place(0);

    /// The key of a row that belongs to a case; empty where it has none.
    fn key(self, table: &str, engine: Engine) -> SqlLiteral<Text> {
        let of_case =
            |value: &str| format!("COALESCE((SELECT {value} FROM cases WHERE cases.id = {table}.case_id), '')");
        sql(&match (self, engine) {
            (Self::Place(length), _) => format!("SUBSTR({table}.area_code, 1, {length})"),
            (Self::Category, _) => of_case("cases.kind || '/' || cases.category"),
            (Self::Handler, Engine::Sqlite) => of_case("LOWER(HEX(cases.handler_org_id))"),
            (Self::Handler, Engine::Postgres) => of_case("CAST(cases.handler_org_id AS TEXT)"),
        })
    }
}

/// From the first moment of a period up to but without the one after its last.
pub fn moments(period: Period) -> (Ts, Ts) {
    (midnight_in_shanghai(period.from), midnight_in_shanghai(period.to + Duration::days(1)))
}

/// What was due in a period, of one key and round.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct DueCount {
    pub key: String,
    pub round: i32,
    pub due: i64,
    pub on_time: Option<i64>,
    /// Not done yet.
    pub open: i64,
}

/// F6, from the clocks and from what they set off. A breach stays one whatever the date is made afterwards, but for an
/// extension that was asked for before it; a clock that stands still is not due.
pub fn due(c: &mut Conn, range: &Range, (from, to): (Ts, Ts), apart: Apart) -> Result<Vec<DueCount>> {
    let key = apart.key("case_clocks", c.engine());
    let breach = alarms::clock_id.eq(clocks::id).and(alarms::level.eq(BREACH));
    let extended = extensions::table
        .filter(extensions::case_id.eq(clocks::case_id).and(extensions::status.eq("approved")))
        .filter(extensions::old_due_at.eq(alarms::due_at));
    let standing = holds::table.filter(holds::case_id.eq(clocks::case_id).and(holds::status.eq("running")));
    let in_time = clocks::ended_at
        .is_not_null()
        .and(clocks::ended_at.assume_not_null().le(clocks::due_at))
        .and(alarms::clock_id.nullable().is_null().or(exists(extended)));
    Ok(clocks::table
        .left_join(alarms::table.on(breach))
        .filter(clocks::area_code.ge(&range.from).and(clocks::area_code.lt(&range.to)))
        .filter(clocks::due_at.ge(from).and(clocks::due_at.lt(to)))
        .filter(sql::<Bool>("case_clocks.clock = 'resolve'"))
        .filter(clocks::end_kind.is_null().or(clocks::end_kind.assume_not_null().eq(ClockEnd::Met)))
        .filter(clocks::ended_at.is_not_null().or(not(exists(standing))))
        .group_by(sql::<Text>("1, 2"))
        .order(sql::<Text>("1, 2"))
        .select((
            key,
            sql::<Integer>("case_clocks.round"),
            count_star(),
            sum(case_when(in_time, 1.into_sql::<Integer>()).otherwise(0.into_sql::<Integer>())),
            sql::<BigInt>("COUNT(*) - COUNT(case_clocks.ended_at)"),
        ))
        .load(c)?)
}

/// Visits of one key and outcome.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct OutcomeCount {
    pub key: String,
    pub outcome: VisitOutcome,
    pub visits: i64,
}

/// F7: visits of the period by what they brought.
pub fn visited(c: &mut Conn, range: &Range, (from, to): (Ts, Ts), apart: Apart) -> Result<Vec<OutcomeCount>> {
    let key = apart.key("case_visits", c.engine());
    Ok(visits::table
        .filter(visits::area_code.ge(&range.from).and(visits::area_code.lt(&range.to)))
        .filter(visits::at.ge(from).and(visits::at.lt(to)))
        .group_by(sql::<Text>("1, 2"))
        .order(sql::<Text>("1, 2"))
        .select((key, sql::<Text>("case_visits.outcome"), count_star()))
        .load(c)?)
}

/// 户数 of the compounds that lay in a place on either of two days.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Homes {
    pub key: String,
    pub before: Option<i64>,
    pub now: Option<i64>,
}

/// F9: the households by place, of as many characters of the code, in one statement.
pub fn households(
    c: &mut Conn,
    range: &Range,
    (before, now): (NaiveDate, NaiveDate),
    length: usize,
) -> Result<Vec<Homes>> {
    let on = |day: NaiveDate| {
        let placed = placements::valid_from
            .le(day)
            .and(placements::valid_to.is_null().or(placements::valid_to.assume_not_null().gt(day)))
            .and(compounds::closed_on.is_null().or(compounds::closed_on.assume_not_null().gt(day)));
        sum(case_when(placed.assume_not_null(), compounds::households))
    };
    Ok(placements::table
        .inner_join(compounds::table.on(compounds::id.eq(placements::compound_id)))
        .filter(placements::area_code.ge(&range.from).and(placements::area_code.lt(&range.to)))
        .group_by(sql::<Text>("1"))
        .order(sql::<Text>("1"))
        .select((sql::<Text>(&format!("SUBSTR(compound_placements.area_code, 1, {length})")), on(before), on(now)))
        .load(c)?)
}

/// The next moment, before `until`, at which something under the range falls due to be resolved: until then no figure
/// changes by the clock alone.
pub fn next_due(c: &mut Conn, range: &Range, (now, until): (Ts, Ts)) -> Result<Option<Ts>> {
    // A pattern keeps SQLite, which knows nothing of how many there are, from reading a district's clocks for one of them.
    let wide = c.engine() == Engine::Sqlite && range.from.len() < COMMUNITY;
    let soon = clocks::table
        .into_boxed::<platform::db::Backend>()
        .filter(sql::<Bool>("case_clocks.clock = 'resolve'"))
        .filter(clocks::due_at.gt(now).and(clocks::due_at.lt(until)))
        .filter(clocks::end_kind.is_null().or(clocks::end_kind.assume_not_null().eq(ClockEnd::Met)));
    let here = match wide {
        true => soon.filter(clocks::area_code.like(format!("{}%", range.from))),
        false => soon.filter(clocks::area_code.ge(range.from.clone()).and(clocks::area_code.lt(range.to.clone()))),
    };
    Ok(here.order(clocks::due_at).select(clocks::due_at).first(c).optional()?)
}

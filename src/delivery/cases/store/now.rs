//! 事件现状: what is open at this moment, for a dashboard: counts, and the clocks that run next. Of a case only what a public
//! screen may show of it.

use diesel::dsl::{case_when, count_star, sql, sum};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use platform::Result;
use platform::db::{Conn, Range, Ts};

use super::lists::NOT_TIMED;
use crate::cases::dto::{CaseId, CaseKind, ClockKind, Status, Visibility};
use crate::names::compound_names;
use crate::schema::{case_clocks as clocks, cases};

/// Digits of a community's code.
const COMMUNITY: usize = 12;

/// The cases under a range of codes: communities lie within such ranges as compounds do, and what is open is indexed by them.
macro_rules! here {
    ($range:expr) => {{
        let Range { from, to } = $range.clone();
        let (community, next) = match from.get(..COMMUNITY) {
            Some(community) => (community.to_owned(), Range::under(community).to),
            None => (from.clone(), to.clone()),
        };
        cases::community_code
            .ge(community)
            .and(cases::community_code.lt(next))
            .and(cases::area_code.ge(from).and(cases::area_code.lt(to)))
    }};
}

/// Open cases of one place and state: how many, and how many of them are late or due by the end of the day.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct OpenCount {
    pub key: String,
    pub status: Status,
    pub cases: i64,
    late: Option<i64>,
    today: Option<i64>,
}

impl OpenCount {
    fn is_timed(&self) -> bool {
        !NOT_TIMED.contains(&self.status)
    }

    pub fn overdue(&self) -> i64 {
        self.late.filter(|_| self.is_timed()).unwrap_or(0)
    }

    pub fn due_today(&self) -> i64 {
        self.today.filter(|_| self.is_timed()).unwrap_or(0)
    }
}

/// What is open under a range, by as many characters of the code, off the index of what is open.
pub fn open(c: &mut Conn, range: &Range, length: usize, (now, day_ends): (Ts, Ts)) -> Result<Vec<OpenCount>> {
    let late = cases::due_at.lt(now);
    let today = cases::due_at.ge(now).and(cases::due_at.lt(day_ends));
    macro_rules! number_of {
        ($condition:expr) => {
            sum(case_when($condition.assume_not_null(), 1.into_sql::<Integer>()).otherwise(0.into_sql::<Integer>()))
        };
    }
    let rows: Vec<OpenCount> = cases::table
        .filter(cases::closed_at.is_null())
        .filter(here!(range))
        .group_by(sql::<Text>("1, 2"))
        .order(sql::<Text>("1, 2"))
        .select((
            sql::<Text>(&format!("SUBSTR(cases.area_code, 1, {length})")),
            sql::<Text>("cases.status"),
            count_star(),
            number_of!(late),
            number_of!(today),
        ))
        .load(c)?;
    Ok(rows.into_iter().filter(|row| row.status.is_open()).collect())
}

/// A clock that runs, with what may be shown of its case.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Running {
    pub case_id: CaseId,
    pub kind: CaseKind,
    pub category: String,
    pub status: Status,
    pub clock: ClockKind,
    pub area_code: String,
    pub compound: Option<String>,
    pub started_at: Ts,
    pub due_at: Ts,
}

/// 最近到期的时限: of public cases in which somebody has to do something, the most urgent first.
pub fn running(c: &mut Conn, range: &Range, most: i64) -> Result<Vec<Running>> {
    Ok(cases::table
        .inner_join(clocks::table)
        .left_join(compound_names::table)
        .filter(cases::closed_at.is_null().and(cases::visibility.eq(Visibility::Public)))
        .filter(cases::status.ne(Status::Suspended))
        .filter(here!(range))
        .filter(clocks::ended_at.is_null())
        .order((clocks::due_at.asc(), clocks::id.asc()))
        .limit(most)
        .select((
            cases::id,
            cases::kind,
            cases::category,
            cases::status,
            clocks::clock,
            cases::area_code,
            compound_names::name.nullable(),
            clocks::started_at,
            clocks::due_at,
        ))
        .load(c)?)
}

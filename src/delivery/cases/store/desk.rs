//! 工作台: what waits for the caller, queue by queue, by when it is due. Each queue is a condition over the open cases, whose
//! partial index begins with the area; a community's desk is one short range of it.

use diesel::prelude::*;
use diesel::sql_types::Bool;
use platform::db::{Backend, Conn, Range, Ts};
use platform::text_enum;
use platform::{Error, Result};

use super::lists::Listed;
use super::rows::CaseRow;
use super::sight::Sight;
use crate::cases::dto::{CaseId, Status, Tier};
use crate::names::compound_names;
use crate::schema::{case_extensions, case_holds, cases};

text_enum! {
    /// 工作队列
    Queue {
        /// 待受理
        ToAccept = "to_accept",
        /// 待派单: accepted or returned
        ToDispatch = "to_dispatch",
        /// 待签收
        ToSign = "to_sign",
        /// 待办理: signed or in progress
        ToHandle = "to_handle",
        /// 待批准: pauses and extensions of the tier below
        ToApprove = "to_approve",
        /// 待核实与回访
        ToVisit = "to_visit",
        /// 已逾期
        Overdue = "overdue",
        /// 今日到期
        DueToday = "due_today",
    }
}

/// The moments that queues go by.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    pub at: Ts,
    /// The first moment of tomorrow in Asia/Shanghai.
    pub day_ends: Ts,
}

/// Any of some conditions that are made alike; none of them is no row.
macro_rules! any_of {
    ($items:expr, |$item:pat_param| $condition:expr) => {{
        let mut all: Box<dyn BoxableExpression<_, _, SqlType = Bool>> = Box::new(diesel::dsl::sql::<Bool>("1 = 0"));
        for $item in $items {
            all = Box::new(all.or($condition));
        }
        all
    }};
}

/// The open cases of a queue, as a condition over the cases alone or joined.
macro_rules! queued {
    ($sight:expr, $queue:expr, $now:expr) => {{
        let (sight, now): (&Sight, Now) = ($sight, $now);
        let desk = |tiers: fn(Tier) -> Vec<Tier>| {
            any_of!(sight.desk_ranges(tiers), |(Range { from, to }, tiers)| cases::area_code
                .ge(from)
                .and(cases::area_code.lt(to))
                .and(cases::tier.eq_any(tiers)))
        };
        let in_hand = || {
            let ours = cases::handler_org_id
                .is_not_null()
                .and(cases::handler_org_id.assume_not_null().eq_any(sight.organisations.clone()));
            let mine = cases::handler_id.is_not_null().and(cases::handler_id.assume_not_null().eq(sight.account));
            ours.or(mine)
        };
        let open = cases::closed_at.is_null();
        let due = cases::due_at.is_not_null();
        let condition: Box<dyn BoxableExpression<_, _, SqlType = Bool>> = match $queue {
            Queue::ToAccept => Box::new(desk(own_tiers).and(cases::status.eq(Status::Submitted))),
            Queue::ToDispatch => {
                Box::new(desk(own_tiers).and(cases::status.eq_any([Status::Accepted, Status::Returned])))
            }
            Queue::ToSign => Box::new(in_hand().and(cases::status.eq(Status::Dispatched))),
            Queue::ToHandle => Box::new(in_hand().and(cases::status.eq_any([Status::Signed, Status::InProgress]))),
            Queue::ToApprove => {
                let holds = case_holds::table
                    .filter(case_holds::case_id.eq(cases::id))
                    .filter(case_holds::status.eq("requested"));
                let extensions = case_extensions::table
                    .filter(case_extensions::case_id.eq(cases::id))
                    .filter(case_extensions::status.eq("requested"));
                Box::new(desk(tiers_below).and(diesel::dsl::exists(holds).or(diesel::dsl::exists(extensions))))
            }
            Queue::ToVisit => Box::new(
                desk(visited_tiers)
                    .and(cases::status.eq_any([Status::Done, Status::ReturnVisit]))
                    .and(diesel::dsl::not(in_hand())),
            ),
            Queue::Overdue => Box::new(
                desk(own_tiers)
                    .or(in_hand())
                    .and(cases::status.ne_all(NOT_TIMED))
                    .and(due.and(cases::due_at.assume_not_null().lt(now.at))),
            ),
            Queue::DueToday => Box::new(
                desk(own_tiers)
                    .or(in_hand())
                    .and(cases::status.ne_all(NOT_TIMED))
                    .and(due.and(cases::due_at.assume_not_null().ge(now.at)))
                    .and(cases::due_at.assume_not_null().lt(now.day_ends)),
            ),
        };
        open.and(condition)
    }};
}

/// Open states in which nobody works against the due date.
const NOT_TIMED: [Status; 3] = [Status::Done, Status::ReturnVisit, Status::Suspended];

/// The community's desk looks after the branch's as well: many compounds have no branch yet.
fn own_tiers(own: Tier) -> Vec<Tier> {
    match own {
        Tier::Community => vec![Tier::Branch, Tier::Community],
        tier => vec![tier],
    }
}

/// Those whose requests a desk decides: the tier below, and at the top its own.
fn tiers_below(own: Tier) -> Vec<Tier> {
    match own {
        Tier::Branch => Vec::new(),
        Tier::Community => vec![Tier::Branch],
        Tier::Street => vec![Tier::Community],
        Tier::District => vec![Tier::Street, Tier::District],
    }
}

/// Visits are the community's and the street's, whatever the tier.
fn visited_tiers(own: Tier) -> Vec<Tier> {
    match own {
        Tier::Community | Tier::Street => Tier::ALL.to_vec(),
        Tier::Branch | Tier::District => Vec::new(),
    }
}

/// How long each queue is: one statement each, over the open cases only.
pub fn counts(c: &mut Conn, sight: &Sight, now: Now) -> Result<Vec<(Queue, i64)>> {
    Queue::ALL.iter().map(|queue| Ok((*queue, count(c, sight, *queue, now)?))).collect()
}

pub fn count(c: &mut Conn, sight: &Sight, queue: Queue, now: Now) -> Result<i64> {
    let waiting = cases::table.into_boxed::<Backend>().filter(queued!(sight, queue, now));
    Ok(waiting.count().get_result(c)?)
}

/// One queue by due date, the compound's name joined: one statement.
pub fn list(
    c: &mut Conn,
    sight: &Sight,
    (after, fetch): (Option<(Ts, CaseId)>, i64),
    queue: Queue,
    now: Now,
) -> Result<Vec<Listed>> {
    let mut query =
        cases::table.left_join(compound_names::table).into_boxed::<Backend>().filter(queued!(sight, queue, now));
    if let Some((due, id)) = after {
        let at = cases::due_at.assume_not_null();
        query = query.filter(at.gt(due).or(at.eq(due).and(cases::id.gt(id))));
    }
    let page = query.order((cases::due_at.asc(), cases::id.asc())).limit(fetch);
    Ok(page.select((CaseRow::as_select(), compound_names::name.nullable())).load(c)?)
}

/// The sort key of a row, for the cursor: microseconds and id.
pub fn key(row: &CaseRow) -> String {
    format!("{}.{}", row.due_at.map_or(0, Ts::micros), row.id)
}

pub fn read_key(key: Option<&str>) -> Result<Option<(Ts, CaseId)>> {
    let Some(key) = key else { return Ok(None) };
    let (due, id) = key.split_once('.').ok_or_else(|| Error::internal("a key of a queue has two parts"))?;
    let due = due.parse().map_err(Error::internal)?;
    Ok(Some((Ts::from_micros(due), CaseId(id.parse().map_err(Error::internal)?))))
}

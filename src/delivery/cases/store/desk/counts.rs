//! How long each queue is: three statements for the desk of a community, over what is open only.

use diesel::dsl::{count, count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use platform::Result;
use platform::auth::AreaCode;
use platform::db::{Backend, Conn, Engine};
use platform::on_each;

use super::runs::{HIGH, approvals, waits_for_visit};
use super::{Now, Queue, are_high, own_tiers, visited_tiers};
use crate::cases::dto::{Status, Tier};
use crate::cases::store::lists::NOT_TIMED;
use crate::cases::store::sight::Sight;
use crate::cases::store::ways::{Condition, within};
use crate::schema::cases;

/// Open cases of one state, tier and place: how many, how many of them are late, and how many are due today.
#[derive(Debug, Queryable)]
struct Group {
    status: Status,
    tier: Tier,
    /// Of a desk, that of the desk; of what is in hand, that of the cases.
    area_code: String,
    n: i64,
    late: i64,
    today: i64,
}

impl Group {
    fn is_timed(&self) -> bool {
        !NOT_TIMED.contains(&self.status)
    }
}

/// A place and the tiers that are counted there.
type Desk<'a> = (&'a AreaCode, &'static [Tier]);

fn covers(desks: &[Desk<'_>], group: &Group) -> bool {
    desks.iter().any(|(area, tiers)| area.covers(&group.area_code) && tiers.contains(&group.tier))
}

pub fn counts(c: &mut Conn, sight: &Sight, now: Now) -> Result<Vec<(Queue, i64)>> {
    let (own, visited) = (sight.desks_for(own_tiers), sight.desks_for(visited_tiers));
    let mut at_desk = Vec::new();
    for desk in &own {
        at_desk.extend(of_desk(c, desk, now)?);
    }
    let in_hand = in_hand(c, sight, now)?;
    let mut to_visit = 0;
    for (area, _) in &visited {
        let counted = own.iter().any(|(other, tiers)| other == area && !are_high(tiers));
        let here = at_desk.iter().filter(|group| group.area_code == area.as_str() && waits_for_visit(group.status));
        to_visit += if counted { here.map(|group| group.n).sum() } else { visits(c, area)? };
    }
    let theirs = in_hand.iter().filter(|group| waits_for_visit(group.status) && covers(&visited, group));
    to_visit -= theirs.map(|group| group.n).sum::<i64>();
    let to_approve = i64::try_from(approvals(c, sight)?.len()).unwrap_or(i64::MAX);

    let ours = |group: &&Group| covers(&own, group);
    let desk = |states: &[Status]| -> i64 {
        at_desk.iter().filter(ours).filter(|group| states.contains(&group.status)).map(|group| group.n).sum()
    };
    let hand = |states: &[Status]| -> i64 {
        in_hand.iter().filter(|group| states.contains(&group.status)).map(|group| group.n).sum()
    };
    // What is in hand and at one's own desk is counted there.
    let timed = |of: fn(&Group) -> i64| -> i64 {
        let elsewhere = in_hand.iter().filter(|group| !covers(&own, group));
        at_desk.iter().filter(ours).chain(elsewhere).filter(|group| group.is_timed()).map(of).sum()
    };
    let count = |queue: Queue| match queue {
        Queue::ToAccept => desk(&[Status::Submitted]),
        Queue::ToDispatch => desk(&[Status::Accepted, Status::Returned]),
        Queue::ToSign => hand(&[Status::Dispatched]),
        Queue::ToHandle => hand(&[Status::Signed, Status::InProgress]),
        Queue::ToApprove => to_approve,
        Queue::ToVisit => to_visit,
        Queue::Overdue => timed(|group| group.late),
        Queue::DueToday => timed(|group| group.today),
    };
    Ok(Queue::ALL.iter().map(|queue| (*queue, count(*queue))).collect())
}

pub fn length(c: &mut Conn, sight: &Sight, queue: Queue, now: Now) -> Result<i64> {
    let counted = counts(c, sight, now)?.into_iter().find(|(other, _)| *other == queue);
    Ok(counted.map_or(0, |(_, count)| count))
}

macro_rules! late {
    ($now:expr) => {
        count(cases::id).aggregate_filter(cases::due_at.lt($now.at).assume_not_null())
    };
}

macro_rules! today {
    ($now:expr) => {
        count(cases::id)
            .aggregate_filter(cases::due_at.ge($now.at).and(cases::due_at.lt($now.day_ends)).assume_not_null())
    };
}

fn of_desk(c: &mut Conn, (area, tiers): &Desk<'_>, now: Now) -> Result<Vec<Group>> {
    let sqlite = c.engine() == Engine::Sqlite;
    let rows: Vec<(Status, Tier, i64, i64, i64)> = on_each!(c => {
        let grouped = cases::table.group_by((cases::status, cases::tier));
        let counted = grouped.select((cases::status, cases::tier, count_star(), late!(now), today!(now)));
        let here: Condition<_, _> = within!(area, sqlite);
        let mut query = counted.into_boxed().filter(cases::closed_at.is_null()).filter(here);
        if are_high(tiers) {
            query = query.filter(sql::<Bool>(HIGH));
        }
        query.load(c)
    })?;
    let group = |(status, tier, n, late, today)| Group { status, tier, area_code: area.to_string(), n, late, today };
    Ok(rows.into_iter().map(group).collect())
}

fn in_hand(c: &mut Conn, sight: &Sight, now: Now) -> Result<Vec<Group>> {
    Ok(on_each!(c => {
        let grouped = cases::table.group_by((cases::status, cases::tier, cases::area_code));
        let counted = grouped.select((
            cases::status, cases::tier, cases::area_code, count_star(), late!(now), today!(now),
        ));
        let query = counted.into_boxed().filter(cases::closed_at.is_null());
        let mine = cases::handler_id.eq(sight.account);
        match sight.organisations.as_slice() {
            [] => query.filter(mine).load(c),
            ours => query.filter(mine.or(cases::handler_org_id.eq_any(ours.to_vec()))).load(c),
        }
    })?)
}

/// How many wait for a visit somewhere.
fn visits(c: &mut Conn, area: &AreaCode) -> Result<i64> {
    let here: Condition<_, _> = within!(area, c.engine() == Engine::Sqlite);
    let waiting = cases::closed_at.is_null().and(cases::done_at.is_not_null());
    Ok(cases::table.into_boxed::<Backend>().filter(waiting).filter(here).count().get_result(c)?)
}

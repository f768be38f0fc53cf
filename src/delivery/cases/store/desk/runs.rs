//! The runs that a queue is made of.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use platform::Result;
use platform::auth::{AreaCode, AreaLevel};
use platform::db::{Backend, Conn, Engine, Range, Ts, fixed};
use platform::on_each;
use registry::identity::AccountId;
use roster::organisations::OrganisationId;

use super::{Now, Queue, TO_VISIT, are_high, own_tiers, tiers_below, visited_tiers};
use crate::cases::dto::{Status, Tier};
use crate::cases::store::lists::{Due, Listed, NOT_TIMED, as_seen, merged};
use crate::cases::store::rows::ListedRow;
use crate::cases::store::sight::Sight;
use crate::cases::store::ways::{Condition, within};
use crate::names::compound_names;
use crate::schema::{case_extensions, case_holds, cases};

/// Open cases that one index has in the order of their dates.
struct Run<'a> {
    whose: Whose<'a>,
    what: What,
}

enum Whose<'a> {
    Desk(&'a AreaCode, &'static [Tier]),
    /// The same, without what the caller has in hand.
    Visitor(&'a AreaCode),
    Organisation(OrganisationId),
    Account(AccountId),
}

enum What {
    Of(&'static [Status]),
    /// Worked against a date from the one moment to before the other.
    Timed(Ts, Ts),
}

const SUBMITTED: &[Status] = &[Status::Submitted];
const ACCEPTED: &[Status] = &[Status::Accepted];
const RETURNED: &[Status] = &[Status::Returned];
const DISPATCHED: &[Status] = &[Status::Dispatched];
const AT_WORK: &[Status] = &[Status::Signed, Status::InProgress];
const DONE: &[Status] = &[Status::Done];
const RETURN_VISIT: &[Status] = &[Status::ReturnVisit];

fn at_desks(sight: &Sight, what: impl Fn() -> What) -> Vec<Run<'_>> {
    let desks = sight.desks_for(own_tiers).into_iter();
    desks.map(|(area, tiers)| Run { whose: Whose::Desk(area, tiers), what: what() }).collect()
}

fn in_hand(sight: &Sight, what: impl Fn() -> What) -> Vec<Run<'_>> {
    let ours = sight.organisations.iter().map(|id| Whose::Organisation(*id));
    ours.chain([Whose::Account(sight.account)]).map(|whose| Run { whose, what: what() }).collect()
}

fn to_visit<'a>(sight: &'a Sight, states: &'static [Status]) -> Vec<Run<'a>> {
    let desks = sight.desks_for(visited_tiers).into_iter();
    desks.map(|(area, _)| Run { whose: Whose::Visitor(area), what: What::Of(states) }).collect()
}

fn runs(sight: &Sight, queue: Queue, now: Now) -> Vec<Run<'_>> {
    let both = |from: Ts, to: Ts| {
        let mut runs = at_desks(sight, || What::Timed(from, to));
        runs.extend(in_hand(sight, || What::Timed(from, to)));
        runs
    };
    match queue {
        Queue::ToAccept => at_desks(sight, || What::Of(SUBMITTED)),
        Queue::ToDispatch => {
            let mut runs = at_desks(sight, || What::Of(ACCEPTED));
            runs.extend(at_desks(sight, || What::Of(RETURNED)));
            runs
        }
        Queue::ToSign => in_hand(sight, || What::Of(DISPATCHED)),
        Queue::ToHandle => in_hand(sight, || What::Of(AT_WORK)),
        Queue::ToApprove => Vec::new(),
        Queue::ToVisit => {
            let mut runs = to_visit(sight, DONE);
            runs.extend(to_visit(sight, RETURN_VISIT));
            runs
        }
        Queue::Overdue => both(Ts::from_micros(0), now.at),
        Queue::DueToday => both(now.at, now.day_ends),
    }
}

/// One page of a queue by due date, the compound's name joined. One statement for a desk and a state.
pub fn list(c: &mut Conn, sight: &Sight, (after, fetch): (Due, i64), queue: Queue, now: Now) -> Result<Vec<Listed>> {
    let by_due = |row: &ListedRow| (row.due_at, row.id);
    if queue == Queue::ToApprove {
        let mut waiting = approvals(c, sight)?;
        waiting.retain(|(row, _)| by_due(row) > (Some(after.0), after.1));
        return Ok(as_seen(sight, merged(vec![waiting], by_due, fetch)));
    }
    let pages = runs(sight, queue, now).into_iter().map(|run| page(c, sight, &run, after, fetch));
    Ok(as_seen(sight, merged(pages.collect::<Result<_>>()?, by_due, fetch)))
}

fn page(c: &mut Conn, sight: &Sight, run: &Run<'_>, after: Due, fetch: i64) -> Result<Vec<Listed>> {
    match run {
        Run { whose: Whose::Desk(area, tiers), what: What::Of([status]) } if area.level() == AreaLevel::Community => {
            of_community(c, (area.as_str(), tiers, *status), after, fetch)
        }
        _ => of_any(c, sight, run, after, fetch),
    }
}

/// Behind the last case of a page. The moment stands there twice, so that an index can begin at it.
macro_rules! behind {
    ($query:expr, $after:expr) => {{
        let (due, id): Due = $after;
        $query.filter(cases::due_at.ge(due)).filter(cases::due_at.gt(due).or(cases::id.gt(id).nullable()))
    }};
}

/// What is asked for most: its statement is the same for everybody, so the engine finds it prepared without the SQL being
/// written out.
fn of_community(
    c: &mut Conn,
    (community, tiers, status): (&str, &[Tier], Status),
    after: Due,
    fetch: i64,
) -> Result<Vec<Listed>> {
    let (Some(lower), Some(upper)) = (tiers.first(), tiers.last()) else { return Ok(Vec::new()) };
    let waiting = cases::community_code.eq(community).and(cases::status.eq(status)).and(cases::closed_at.is_null());
    let rows = cases::table.left_join(compound_names::table).filter(waiting);
    let rows = behind!(rows.filter(cases::tier.eq(lower).or(cases::tier.eq(upper))), after);
    let page = rows.order((cases::due_at.asc(), cases::id.asc())).limit(fetch);
    Ok(on_each!(c => fixed(page.select((ListedRow::as_select(), compound_names::name.nullable()))).load(c))?)
}

fn of_any(c: &mut Conn, sight: &Sight, run: &Run<'_>, after: Due, fetch: i64) -> Result<Vec<Listed>> {
    let sqlite = c.engine() == Engine::Sqlite;
    let mut query = cases::table.left_join(compound_names::table).into_boxed::<Backend>();
    query = query.filter(cases::closed_at.is_null());
    match &run.whose {
        Whose::Desk(area, tiers) => {
            let here: Condition<_, _> = within!(area, sqlite);
            query = query.filter(here).filter(cases::tier.eq_any(*tiers));
            if are_high(tiers) {
                query = query.filter(sql::<Bool>(HIGH));
            }
        }
        Whose::Visitor(area) => {
            let here: Condition<_, _> = within!(area, sqlite);
            query = query.filter(here).filter(cases::done_at.is_not_null());
            query = query.filter(cases::handler_id.is_null().or(cases::handler_id.assume_not_null().ne(sight.account)));
            let theirs = cases::handler_org_id.assume_not_null().ne_all(sight.organisations.clone());
            query = query.filter(cases::handler_org_id.is_null().or(theirs));
        }
        Whose::Organisation(id) => query = query.filter(cases::handler_org_id.eq(*id)),
        Whose::Account(id) => query = query.filter(cases::handler_id.eq(*id)),
    }
    match run.what {
        What::Of([status]) => query = query.filter(cases::status.eq(*status)),
        What::Of(states) => query = query.filter(cases::status.eq_any(states)),
        What::Timed(from, to) => {
            query = query.filter(cases::status.ne_all(NOT_TIMED));
            query = query.filter(cases::due_at.ge(from).and(cases::due_at.lt(to)));
        }
    }
    let page = behind!(query, after).order((cases::due_at.asc(), cases::id.asc())).limit(fetch);
    Ok(page.select((ListedRow::as_select(), compound_names::name.nullable())).load(c)?)
}

/// The condition of the index of what is at a high tier, in its words: an index of some rows is used only where the
/// statement says what its own condition says.
pub(super) const HIGH: &str = "cases.tier IN ('street', 'district')";

/// Open cases with a request that the caller may decide. They are found by the requests, of which few wait: one statement
/// for a desk.
pub fn approvals(c: &mut Conn, sight: &Sight) -> Result<Vec<Listed>> {
    let mut waiting = Vec::new();
    for (area, tiers) in sight.desks_for(tiers_below) {
        let (Some(lower), Some(upper)) = (tiers.first(), tiers.last()) else { continue };
        let Range { from, to } = Range::under(area.as_str());
        let asked = case_holds::status.eq("requested");
        let holds = case_holds::table
            .filter(asked.and(case_holds::area_code.ge(from.clone())).and(case_holds::area_code.lt(to.clone())))
            .select(case_holds::case_id);
        let asked = case_extensions::status.eq("requested");
        let extensions = case_extensions::table
            .filter(asked.and(case_extensions::area_code.ge(from)).and(case_extensions::area_code.lt(to)))
            .select(case_extensions::case_id);
        let rows = cases::table
            .left_join(compound_names::table)
            .filter(cases::id.eq_any(holds.union(extensions)))
            .filter(cases::closed_at.is_null())
            .filter(cases::tier.eq(lower).or(cases::tier.eq(upper)));
        let rows: Vec<Listed> =
            on_each!(c => rows.select((ListedRow::as_select(), compound_names::name.nullable())).load(c))?;
        waiting.extend(rows);
    }
    Ok(waiting)
}

/// Of states in which a visit is to come, as the index of those has them.
pub(super) fn waits_for_visit(status: Status) -> bool {
    TO_VISIT.contains(&status)
}

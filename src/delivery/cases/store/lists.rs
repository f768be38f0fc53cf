//! Lists of cases: newest first, or by when they are due. One statement for each way in which the caller comes to see them,
//! which for who oversees one place is one; the name of the compound is joined.

use diesel::prelude::*;
use platform::auth::AreaLevel;
use platform::db::{Backend, Conn, Engine, Ts, fixed};
use platform::{Error, Result, on_each, text};
use uuid::Uuid;

use super::after_id;
use super::rows::ListedRow;
use super::sight::Sight;
use super::veil::told_apart;
use super::ways::{Condition, Way, reached, within};
use crate::cases::dto::{CaseFilter, CaseId, CaseSort, Status};
use crate::names::compound_names;
use crate::schema::{case_details, cases};

/// A case and the name of its compound.
pub type Listed = (ListedRow, Option<String>);

/// Open states in which nobody works against the due date.
pub const NOT_TIMED: [Status; 3] = [Status::Done, Status::ReturnVisit, Status::Suspended];

/// Where a page of a list by due date goes on: behind this moment and this case.
pub type Due = (Ts, CaseId);

/// Before everything by due date.
fn first() -> Due {
    (Ts::from_micros(0), CaseId(Uuid::nil()))
}

/// Which page, in which order, as of when.
#[derive(Debug, Clone)]
pub struct Asked {
    pub after: Option<String>,
    pub fetch: i64,
    pub now: Ts,
}

/// The conditions of a list, over the cases alone or joined: boxed queries of different types.
macro_rules! filtered {
    ($query:expr, $filter:expr, $now:expr) => {{
        let (filter, now): (&CaseFilter, Ts) = ($filter, $now);
        let mut query = $query;
        if let Some(status) = filter.status {
            query = query.filter(cases::status.eq(status));
        }
        match filter.open {
            Some(true) => query = query.filter(cases::closed_at.is_null()),
            Some(false) => query = query.filter(cases::closed_at.is_not_null()),
            None => {}
        }
        if let Some(late) = filter.overdue {
            let timed = cases::closed_at.is_null().and(cases::status.ne_all(NOT_TIMED));
            let overdue = timed.and(cases::due_at.is_not_null().and(cases::due_at.assume_not_null().lt(now)));
            query = if late { query.filter(overdue) } else { query.filter(diesel::dsl::not(overdue)) };
        }
        if let Some(kind) = filter.kind {
            query = query.filter(cases::kind.eq(kind));
        }
        if let Some(category) = &filter.category {
            query = query.filter(cases::category.eq(category.clone()));
        }
        if let Some(urgency) = filter.urgency {
            query = query.filter(cases::urgency.eq(urgency));
        }
        if let Some(tier) = filter.tier {
            query = query.filter(cases::tier.eq(tier));
        }
        if let Some(channel) = filter.channel {
            query = query.filter(cases::channel.eq(channel));
        }
        if let Some(organisation) = filter.handler_org_id {
            query = query.filter(cases::handler_org_id.eq(organisation));
        }
        if let Some(from) = filter.reported_from {
            query = query.filter(cases::reported_at.ge(from));
        }
        if let Some(to) = filter.reported_to {
            query = query.filter(cases::reported_at.lt(to));
        }
        match &filter.q {
            Some(q) => {
                let words = case_details::table
                    .filter(case_details::case_id.eq(cases::id))
                    .filter(case_details::search_text.like(text::pattern(q)).escape('\\'));
                query.filter(diesel::dsl::exists(words))
            }
            None => query,
        }
    }};
}

/// One page; what several ways lead to stands in it once.
pub fn list(c: &mut Conn, sight: &Sight, filter: &CaseFilter, asked: &Asked) -> Result<Vec<Listed>> {
    let ways = sight.ways(filter.area.as_ref());
    if filter.sort == CaseSort::Due {
        let after = read_key(asked.after.as_deref())?;
        let pages = ways.iter().map(|way| by_due(c, (sight, way), filter, after, asked));
        let rows = merged(pages.collect::<Result<_>>()?, |row| (row.due_at, row.id), asked.fetch);
        return Ok(as_seen(sight, rows));
    }
    let before = after_id(asked.after.as_deref())?.map_or(CaseId(Uuid::max()), CaseId);
    if let Some(community) = plain(&ways, filter) {
        return Ok(as_seen(sight, of_community(c, community, before, asked.fetch)?));
    }
    let pages = ways.iter().map(|way| newest(c, (sight, way), filter, before, asked));
    let rows = merged(pages.collect::<Result<_>>()?, |row| std::cmp::Reverse(row.id), asked.fetch);
    Ok(as_seen(sight, rows))
}

/// What the caller may be shown of them.
pub fn as_seen(sight: &Sight, rows: Vec<Listed>) -> Vec<Listed> {
    rows.into_iter().map(|(row, compound)| (sight.veiled_item(row), compound)).collect()
}

/// Whether a page is straight off an index.
pub fn is_short(sight: &Sight, filter: &CaseFilter) -> bool {
    plain(&sight.ways(filter.area.as_ref()), filter).is_some()
}

/// The community whose cases are asked for, all of them and the newest first.
fn plain<'a>(ways: &'a [Way], filter: &CaseFilter) -> Option<&'a str> {
    match ways {
        [Way::Place(place)] if place.level() == AreaLevel::Community && filter.is_plain() => Some(place.as_str()),
        _ => None,
    }
}

/// What is asked for most: its statement is the same for everybody, so the engine finds it prepared without the SQL being
/// written out.
fn of_community(c: &mut Conn, community: &str, before: CaseId, fetch: i64) -> Result<Vec<Listed>> {
    let here = cases::table.left_join(compound_names::table).filter(cases::community_code.eq(community));
    let page = here.filter(cases::id.lt(before)).order(cases::id.desc()).limit(fetch);
    Ok(on_each!(c => fixed(page.select((ListedRow::as_select(), compound_names::name.nullable()))).load(c))?)
}

fn newest(
    c: &mut Conn,
    (sight, way): (&Sight, &Way),
    filter: &CaseFilter,
    before: CaseId,
    asked: &Asked,
) -> Result<Vec<Listed>> {
    let here: Condition<_, _> = reached!(way, filter.area.as_ref(), c.engine() == Engine::Sqlite);
    let rows = cases::table.left_join(compound_names::table).into_boxed::<Backend>().filter(here);
    let rows = told_apart!(rows, sight, filter.area.as_ref());
    let rows = filtered!(rows, filter, asked.now).filter(cases::id.lt(before));
    let page = rows.order(cases::id.desc()).limit(asked.fetch);
    Ok(page.select((ListedRow::as_select(), compound_names::name.nullable())).load(c)?)
}

fn by_due(
    c: &mut Conn,
    (sight, way): (&Sight, &Way),
    filter: &CaseFilter,
    (due, id): Due,
    asked: &Asked,
) -> Result<Vec<Listed>> {
    let here: Condition<_, _> = reached!(way, filter.area.as_ref(), c.engine() == Engine::Sqlite);
    let rows = cases::table.left_join(compound_names::table).into_boxed::<Backend>().filter(here);
    let rows = told_apart!(rows, sight, filter.area.as_ref());
    let rows = filtered!(rows, filter, asked.now).filter(cases::closed_at.is_null());
    // Twice, so that an index can begin at the moment.
    let behind = rows.filter(cases::due_at.ge(due)).filter(cases::due_at.gt(due).or(cases::id.gt(id).nullable()));
    let page = behind.order((cases::due_at.asc(), cases::id.asc())).limit(asked.fetch);
    Ok(page.select((ListedRow::as_select(), compound_names::name.nullable())).load(c)?)
}

/// The first of what several pages of the same order hold, each case once.
pub fn merged<K: Ord>(pages: Vec<Vec<Listed>>, key: impl Fn(&ListedRow) -> K, fetch: i64) -> Vec<Listed> {
    let mut rows: Vec<Listed> = pages.into_iter().flatten().collect();
    rows.sort_by_key(|(row, _)| key(row));
    rows.dedup_by_key(|(row, _)| row.id);
    rows.truncate(usize::try_from(fetch).unwrap_or_default());
    rows
}

pub fn count(c: &mut Conn, sight: &Sight, filter: &CaseFilter, now: Ts) -> Result<i64> {
    let sqlite = c.engine() == Engine::Sqlite;
    let ways = sight.ways(filter.area.as_ref());
    let seen = ways.iter().map(|way| {
        let here: Condition<_, _> = reached!(way, filter.area.as_ref(), sqlite);
        here
    });
    let Some(seen) = seen.reduce(|seen, here| Box::new(seen.or(here))) else { return Ok(0) };
    let query = told_apart!(cases::table.into_boxed::<Backend>().filter(seen), sight, filter.area.as_ref());
    let mut query = filtered!(query, filter, now);
    if filter.sort == CaseSort::Due {
        query = query.filter(cases::closed_at.is_null());
    }
    Ok(query.count().get_result(c)?)
}

/// The sort key of a row, for the cursor.
pub fn key(sort: CaseSort, row: &ListedRow) -> String {
    match sort {
        CaseSort::Newest => row.id.to_string(),
        CaseSort::Due => due_key(row),
    }
}

/// By due date: microseconds and id.
pub fn due_key(row: &ListedRow) -> String {
    format!("{}.{}", row.due_at.map_or(0, Ts::micros), row.id)
}

pub fn read_key(key: Option<&str>) -> Result<Due> {
    let Some(key) = key else { return Ok(first()) };
    let (due, id) = key.split_once('.').ok_or_else(|| Error::internal("a key of a queue has two parts"))?;
    let due = due.parse().map_err(Error::internal)?;
    Ok((Ts::from_micros(due), CaseId(id.parse().map_err(Error::internal)?)))
}

//! Lists of compounds and how long they are.

use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Range, fixed};
use platform::{Result, any_range, in_ranges, on_each, text};

use super::behind;
use crate::schema::{buildings, compounds, contact_assignments as contacts, divisions};
use crate::territory::dto::{
    Age, AssignmentKind, CompoundOut, CompoundQuery, ContractFilter, Lifecycle, ManagementMode,
};
use crate::territory::rules;

/// The conditions of a list, over the compounds alone or joined to their communities: the two boxed queries are of
/// different types, and diesel offers no common one.
macro_rules! filtered {
    ($query:expr, $visible:expr, $after:expr, $filter:expr, $today:expr) => {{
        let (visible, filter, today): (&Visible, &CompoundQuery, NaiveDate) = ($visible, $filter, $today);
        let mut query = $query;
        let ranges = behind(visible.ranges(), $after);
        let grids = visible.grid_ranges();
        query = if grids.is_empty() {
            query.filter(in_ranges!(ranges, compounds::area_code))
        } else {
            let in_area = in_ranges!(ranges, compounds::area_code);
            let in_grid = any_range!(grids, |grid| {
                let built = buildings::table
                    .filter(buildings::compound_id.eq(compounds::id))
                    .filter(buildings::grid_code.assume_not_null().ge(grid.from.clone()))
                    .filter(buildings::grid_code.assume_not_null().lt(grid.to.clone()));
                let whole = compounds::grid_code.assume_not_null();
                exists(built).or(compounds::grid_code.is_not_null().and(whole.ge(grid.from)).and(whole.lt(grid.to)))
            });
            let seen = in_area.or(in_grid);
            query.filter(seen).filter(compounds::area_code.gt($after.unwrap_or_default().to_owned()))
        };
        if let Some(kind) = filter.kind {
            query = query.filter(compounds::kind.eq(kind));
        }
        if let Some(mode) = filter.mode {
            query = query.filter(compounds::management_mode.eq(mode));
        }
        query = match filter.age {
            None => query,
            Some(Age::Old) => query.filter(compounds::built_year.assume_not_null().lt(rules::OLD_BEFORE)),
            Some(Age::New) => query.filter(compounds::built_year.assume_not_null().ge(rules::OLD_BEFORE)),
        };
        query = match filter.contract {
            None => query,
            Some(ContractFilter::Active) => query.filter(compounds::serving_contract_id.is_not_null()),
            // The gap list: managed by a company, so they say, but no contract of one is in force.
            Some(ContractFilter::Missing) => query
                .filter(compounds::management_mode.eq(ManagementMode::Professional))
                .filter(compounds::serving_contract_id.is_null()),
        };
        if let Some(q) = &filter.q {
            query = query.filter(compounds::search_name.like(text::pattern(q)).escape('\\'));
        }
        if let Some(has_leader) = filter.has_leader {
            let leader = contacts::table
                .filter(contacts::compound_id.eq(compounds::id.nullable()))
                .filter(contacts::kind.eq(AssignmentKind::Leader).and(contacts::ended_on.is_null()))
                .filter(contacts::valid_from.le(today))
                .filter(contacts::valid_to.is_null().or(contacts::valid_to.ge(today)));
            query = if has_leader { query.filter(exists(leader)) } else { query.filter(not(exists(leader))) };
        }
        match filter.status.unwrap_or(Lifecycle::Open) {
            Lifecycle::Open => query.filter(compounds::closed_on.is_null()),
            Lifecycle::Closed => query.filter(compounds::closed_on.is_not_null()),
            Lifecycle::All => query,
        }
    }};
}

/// Compounds by area code, each with its community's name.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<&str>, i64),
    filter: &CompoundQuery,
    today: NaiveDate,
) -> Result<Vec<(CompoundOut, String)>> {
    // On each engine by itself, as in `compounds::find`: a boxed query's SQL is its key in the statement cache.
    if let Some(Range { from, to }) = plain(visible, after, filter) {
        let inside = compounds::area_code.ge(from).and(compounds::area_code.lt(to));
        let open = compounds::table.inner_join(divisions::table).filter(inside).filter(compounds::closed_on.is_null());
        let rows = open.order(compounds::area_code.asc()).limit(fetch);
        return Ok(on_each!(c => fixed(rows.select((CompoundOut::as_select(), divisions::name))).load(c))?);
    }
    Ok(on_each!(c => {
        let query = compounds::table.inner_join(divisions::table).into_boxed();
        let rows = filtered!(query, visible, after, filter, today).order(compounds::area_code.asc()).limit(fetch);
        rows.select((CompoundOut::as_select(), divisions::name)).load(c)
    })?)
}

/// The one range of a list without filters, which is what is asked for most: its statement is the same for everybody, so
/// the engine finds it prepared without the SQL being written out.
fn plain(visible: &Visible, after: Option<&str>, filter: &CompoundQuery) -> Option<Range> {
    let CompoundQuery { area: _, kind, mode, age, contract, has_leader, q, status, format: _ } = filter;
    let attributes = kind.is_none() && mode.is_none() && age.is_none() && contract.is_none();
    let unfiltered = attributes && has_leader.is_none() && q.is_none();
    let open = status.is_none_or(|status| status == Lifecycle::Open);
    let mut ranges = behind(visible.ranges(), after).into_iter();
    let range = ranges.next().filter(|_| unfiltered && open && visible.grid_ranges().is_empty());
    range.filter(|_| ranges.next().is_none())
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &CompoundQuery, today: NaiveDate) -> Result<i64> {
    let query = compounds::table.into_boxed::<Backend>();
    Ok(filtered!(query, visible, None::<&str>, filter, today).count().get_result(c)?)
}

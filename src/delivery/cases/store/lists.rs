//! Lists of cases. Each answers with one statement, the name of the compound joined.

use super::rows::CaseRow;
use super::sight::Sight;
use crate::cases::dto::{CaseId, CaseQuery};
use crate::names::compound_names;
use crate::schema::{case_details, cases};
use diesel::prelude::*;
use platform::db::{Backend, Conn, Range};
use platform::{Result, any_range, in_ranges, text};

/// A case and the name of its compound.
pub type Listed = (CaseRow, Option<String>);

/// What the caller sees: by place, by grid, or in hand.
macro_rules! seen {
    ($sight:expr) => {{
        let ranges = $sight.areas.ranges();
        let grids = $sight.areas.grid_ranges();
        let by_place = in_ranges!(ranges, cases::area_code);
        let by_grid = any_range!(grids, |range| cases::grid_code
            .is_not_null()
            .and(cases::grid_code.assume_not_null().ge(range.from))
            .and(cases::grid_code.assume_not_null().lt(range.to)));
        let organisations = $sight.organisations.clone();
        let in_hand = cases::handler_org_id
            .is_not_null()
            .and(cases::handler_org_id.assume_not_null().eq_any(organisations.clone()))
            .or(cases::responsible_org_id
                .is_not_null()
                .and(cases::responsible_org_id.assume_not_null().eq_any(organisations)));
        let mine = cases::handler_id.is_not_null().and(cases::handler_id.assume_not_null().eq($sight.account));
        by_place.or(by_grid).or(in_hand).or(mine)
    }};
}

/// The conditions of a list, over the table alone or joined: boxed queries of different types.
macro_rules! filtered {
    ($query:expr, $sight:expr, $filter:expr) => {{
        let filter: &CaseQuery = $filter;
        let mut query = $query.filter(seen!($sight));
        if let Some(area) = &filter.area {
            let Range { from, to } = Range::under(area.as_str());
            query = query.filter(cases::area_code.ge(from)).filter(cases::area_code.lt(to));
        }
        if let Some(status) = filter.status {
            query = query.filter(cases::status.eq(status));
        }
        match filter.open {
            Some(true) => query = query.filter(cases::closed_at.is_null()),
            Some(false) => query = query.filter(cases::closed_at.is_not_null()),
            None => {}
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

/// Cases by id, newest first.
pub fn list(
    c: &mut Conn,
    sight: &Sight,
    (before, fetch): (Option<CaseId>, i64),
    filter: &CaseQuery,
) -> Result<Vec<Listed>> {
    let joined = cases::table.left_join(compound_names::table).into_boxed::<Backend>();
    let mut query = filtered!(joined, sight, filter);
    if let Some(before) = before {
        query = query.filter(cases::id.lt(before));
    }
    let page = query.order(cases::id.desc()).limit(fetch);
    Ok(page.select((CaseRow::as_select(), compound_names::name.nullable())).load(c)?)
}

pub fn count(c: &mut Conn, sight: &Sight, filter: &CaseQuery) -> Result<i64> {
    Ok(filtered!(cases::table.into_boxed::<Backend>(), sight, filter).count().get_result(c)?)
}

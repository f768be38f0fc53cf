//! Rows and queries. Every function takes the connection first; every finder takes what the caller may see.

pub mod committees;
pub mod contracts;
pub mod coverage;
pub mod figures;
pub mod instructors;
pub mod organisations;
pub mod partnerships;
pub mod post_areas;
pub mod serving;
pub mod suppliers;
pub mod tree;

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::{AreaCode, AreaLevel, Visible};
use platform::db::Conn;
pub use platform::history::By;
use platform::history::Event;
use platform::rule_sets::dto::AppliedRule;
use platform::rule_sets::{self, Params, RuleKey};
use platform::{Error, Result, recode};
use registry::territory::store::{compounds, divisions, grids, lock_community, profile};

use super::rules;
use crate::schema::{
    committee_terms, instructor_links, organisations as orgs, partnerships as partnerships_table, party_coverages,
    post_areas as post_areas_table, service_contracts, supplier_links,
};

/// The digits of a community.
const COMMUNITY: usize = 12;
/// How long each level's code is, for the areas above one.
const LENGTHS: [usize; 10] = [0, 2, 4, 6, 9, 12, 15, 17, 21, 24];

/// What a rule says in an area on a day, and which version of it says so.
pub fn in_force<T: Params>(c: &mut Conn, rule: &RuleKey, area: &str, on: NaiveDate) -> Result<(T, AppliedRule)> {
    let area: AreaCode = area.parse().map_err(|e: String| Error::internal(e))?;
    let rules = rule_sets::in_force(c, &[rule], &area, on)?;
    Ok((rules.get(rule)?.1, rules.applied(rule)))
}

/// What a caller sees when reading: who lives in a compound sees the compound's bodies, who works in a grid its
/// community's. For reading only.
pub fn reading(visible: &Visible) -> Visible {
    let lifted = visible.to_compounds();
    Visible::of(lifted.areas().iter().map(|area| match area.level() {
        AreaLevel::Grid => area.as_str().get(..COMMUNITY).and_then(|code| code.parse().ok()).unwrap_or(area.clone()),
        _ => area.clone(),
    }))
}

/// The codes of all the areas above the caller's: their bodies are no secret to those inside.
pub(super) fn above(visible: &Visible) -> Vec<String> {
    let areas = visible.areas().iter().map(AreaCode::as_str);
    let mut codes: Vec<String> = areas
        .flat_map(|code| LENGTHS.iter().filter(|length| **length < code.len()).filter_map(|length| code.get(..*length)))
        .map(str::to_owned)
        .collect();
    codes.sort();
    codes.dedup();
    codes
}

/// In the caller's areas, or above them.
pub(super) fn check_seen(visible: &Visible, code: &str) -> Result<()> {
    if visible.lies_in(code) { Ok(()) } else { visible.check(code) }
}

/// The condition of [`check_seen`] for a list: `seen!(visible, table::area_code)`.
macro_rules! seen {
    ($visible:expr, $column:expr) => {{
        let visible: &platform::auth::Visible = $visible;
        let inside = platform::in_ranges!(visible.ranges(), $column);
        inside.or($column.eq_any($crate::organisations::store::above(visible)))
    }};
}
pub(super) use seen;

/// What the smaller registers have in common: rows that lie in an area, stand from a day on until they end, and are seen by
/// who sees the area. Each says in its `filtered` what else it is asked by, beginning with `standing`.
macro_rules! register {
    ($table:ident: $row:ident, $id:ident, $query:ident, since $since:ident, as $entity:literal) => {
        pub fn find(c: &mut Conn, visible: &Visible, id: $id) -> Result<$row> {
            let row: $row = $table::table.find(id).select($row::as_select()).first(c)?;
            $crate::organisations::store::check_seen(visible, &row.area_code)?;
            Ok(row)
        }

        /// Rows by id, oldest first.
        pub fn list(
            c: &mut Conn,
            visible: &Visible,
            (after, fetch): (Option<$id>, i64),
            filter: &$query,
        ) -> Result<Vec<$row>> {
            let mut query = filtered(visible, filter);
            if let Some(after) = after {
                query = query.filter($table::id.gt(after));
            }
            Ok(query.order($table::id.asc()).limit(fetch).select($row::as_select()).load(c)?)
        }

        pub fn count(c: &mut Conn, visible: &Visible, filter: &$query) -> Result<i64> {
            Ok(filtered(visible, filter).count().get_result(c)?)
        }

        /// What the caller sees in an area, open unless asked otherwise.
        fn standing(visible: &Visible, filter: &$query) -> $table::BoxedQuery<'static, platform::db::Backend> {
            use $crate::organisations::dto::OpenFilter;
            let seen = $crate::organisations::store::seen!(visible, $table::area_code);
            let mut query = $table::table.into_boxed().filter(seen);
            if let Some(area) = &filter.area {
                let range = platform::db::Range::under(area.as_str());
                query = query.filter($table::area_code.ge(range.from)).filter($table::area_code.lt(range.to));
            }
            match filter.status.unwrap_or(OpenFilter::Open) {
                OpenFilter::Open => query.filter($table::ended_on.is_null()),
                OpenFilter::Ended => query.filter($table::ended_on.is_not_null()),
                OpenFilter::All => query,
            }
        }

        pub fn end(c: &mut Conn, row: &$row, on: NaiveDate, reason: &str, by: &By) -> Result<$row> {
            rules::may_end(row.$since, row.ended_on, on, by.today)?;
            let after = $row {
                ended_on: Some(on),
                end_reason: Some(reason.to_owned()),
                version: row.version + 1,
                updated_at: by.at,
                ..row.clone()
            };
            let target = $table::table.filter($table::id.eq(row.id).and($table::version.eq(row.version)));
            let set = (
                $table::ended_on.eq(after.ended_on),
                $table::end_reason.eq(&after.end_reason),
                $table::version.eq(after.version),
                $table::updated_at.eq(after.updated_at),
            );
            $crate::organisations::store::no_longer(diesel::update(target).set(set).execute(c)?, after.version)?;
            let data = json!({ "on": on, "reason": reason });
            let event = concat!($entity, ".ended");
            platform::history::record(c, by.event($entity, row.id, after.version, event, &row.area_code, data))?;
            Ok(after)
        }
    };
}
pub(super) use register;

/// Makes sure that an area stands, and that it is not moved or closed before the transaction is over.
pub fn hold_place(c: &mut Conn, area: &AreaCode, pointer: &str) -> Result<()> {
    let unknown = || rules::AREA_UNKNOWN.at(pointer);
    let code = area.as_str();
    if let Some(community) = code.get(..COMMUNITY) {
        divisions::open_community(c, &Visible::everything(), community, pointer)?;
        lock_community(c, community)?;
    }
    let stands = match area.level() {
        AreaLevel::Country => false,
        level if level <= AreaLevel::Community => match divisions::find(c, &Visible::everything(), code) {
            Ok(row) => row.valid_to.is_none(),
            Err(Error::NotFound) => false,
            Err(other) => return Err(other),
        },
        AreaLevel::Grid => grids::known(c, code)?.is_some_and(|grid| grid.valid_to.is_none()),
        AreaLevel::Compound => compounds::known(c, Some(code), "", "")?.is_some_and(|row| row.closed_on.is_none()),
        _ => profile::is_known(c, area)?,
    };
    if stands { Ok(()) } else { Err(unknown()) }
}

/// The same for a code that a row of ours bears.
pub fn hold_code(c: &mut Conn, code: &str, pointer: &str) -> Result<()> {
    let area: AreaCode = code.parse().map_err(|e: String| Error::internal(e))?;
    hold_place(c, &area, pointer)
}

/// What this context does when another records an event: what lies in a place that got a new code follows it.
pub fn react(c: &mut Conn, event: &Event) -> Result<()> {
    let word = |name: &str| event.data.get(name).and_then(|value| value.as_str());
    let moved = match event.name {
        "compound.moved" | "grid.moved" => word("from").zip(word("to")),
        "division.closed" => word("successor_code").map(|to| (event.entity_id.as_str(), to)),
        _ => None,
    };
    let Some((from, to)) = moved else { return Ok(()) };
    recode!(
        c,
        from,
        to,
        orgs,
        committee_terms,
        service_contracts,
        party_coverages,
        instructor_links,
        partnerships_table,
        post_areas_table,
        supplier_links
    );
    Ok(())
}

/// A compare-and-set that found the row changed meanwhile.
pub(super) fn no_longer(rows: usize, current: i32) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::Stale { current }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bodies_above_a_compound_are_those_of_its_community_street_and_district() {
        let visible = Visible::of(["620902005003-0001".parse().expect("a code")]);
        let codes = above(&visible);
        for code in ["", "62", "6209", "620902", "620902005", "620902005003"] {
            assert!(codes.contains(&code.to_owned()) && visible.lies_in(code), "{code}");
        }
        assert!(!codes.contains(&"620902005003-0001".to_owned()) && check_seen(&visible, "130402").is_err());
    }

    #[test]
    fn a_grid_worker_reads_the_community() {
        let visible = reading(&Visible::of(["620902005003001".parse().expect("a code")]));
        assert!(visible.covers("620902005003-0001") && !visible.covers("620902005004"));
    }
}

//! 概况: counts over a subtree, as of a day. Each is one indexed aggregate.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::{count_star, exists, sum};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use platform::auth::{AreaCode, AreaLevel};
use platform::db::{Backend, Conn, Range};
use platform::quantity::Ratio;
use platform::{Error, Result};

use crate::schema::{
    buildings, compound_modes as modes, compound_placements as placements, compounds, contact_assignments as contacts,
    divisions, grids, rooms, units,
};
use crate::territory::dto::{
    AssignmentKind, DivisionLevel, ManagementMode, ModeCount, ProfileOut, ReportedAndDerived, RoomUse,
};
use crate::territory::rules::OLD_BEFORE;

/// Everything that the register can count under `area`. A compound counts where it lay on the day, under the mode that it
/// had on the day.
pub fn profile(c: &mut Conn, area: &str, reported: Option<i64>, day: NaiveDate) -> Result<ProfileOut> {
    let range = Range::under(area);
    let modes = by_mode(c, &range, day)?;
    let total: i64 = modes.iter().map(|count| count.compounds).sum();
    let unmanaged = modes.iter().find(|count| count.mode == ManagementMode::None).map_or(0, |count| count.compounds);
    let (old, dated) = (built(c, &range, day, Some(OLD_BEFORE))?, built(c, &range, day, None)?);
    let grids = grids_on(c, &range, day)?;
    let (rooms, exclusive_area) = rooms_in(c, &range)?;
    Ok(ProfileOut {
        area: area.to_owned(),
        as_of: day,
        communities: communities_on(c, &range, day)?,
        grids,
        compounds: total,
        buildings: inside!(c, buildings, range),
        units: inside!(c, units, range),
        rooms,
        exclusive_area,
        households: ReportedAndDerived { reported, derived: homes_in(c, &range)? },
        households_of_compounds: reported_households(c, &range)?,
        coverage: Ratio::of(total - unmanaged, total),
        old_share: Ratio::of(old, dated),
        leader_coverage: Ratio::of(led_on(c, &range, day)?, grids),
        modes,
    })
}

/// Whether a code below a community is a leaf's, or is or was a compound's.
pub fn is_known(c: &mut Conn, area: &AreaCode) -> Result<bool> {
    let code = area.as_str();
    let count: i64 = match area.level() {
        AreaLevel::Compound => placements::table.filter(placements::area_code.eq(code)).count().get_result(c)?,
        AreaLevel::Building => buildings::table.filter(buildings::area_code.eq(code)).count().get_result(c)?,
        AreaLevel::Unit => units::table.filter(units::area_code.eq(code)).count().get_result(c)?,
        AreaLevel::Room => rooms::table.filter(rooms::area_code.eq(code)).count().get_result(c)?,
        _ => 0,
    };
    Ok(count == 1)
}

/// Open rows of a leaf table under a range.
macro_rules! inside {
    ($c:expr, $table:ident, $range:expr) => {
        $table::table
            .filter($table::area_code.ge(&$range.from).and($table::area_code.lt(&$range.to)))
            .filter($table::closed_on.is_null())
            .count()
            .get_result::<i64>($c)?
    };
}
use inside;

/// The placements that were in force on a day: a move counts from its first day on.
macro_rules! placed {
    ($range:expr, $day:expr) => {
        placements::area_code
            .ge($range.from.clone())
            .and(placements::area_code.lt($range.to.clone()))
            .and(placements::valid_from.le($day))
            .and(placements::valid_to.is_null().or(placements::valid_to.gt($day)))
    };
}

/// Still there on the day.
macro_rules! standing {
    ($day:expr) => {
        compounds::closed_on.is_null().or(compounds::closed_on.gt($day))
    };
}

fn by_mode(c: &mut Conn, range: &Range, day: NaiveDate) -> Result<Vec<ModeCount>> {
    let rows: Vec<(ManagementMode, i64)> = placements::table
        .inner_join(compounds::table.on(compounds::id.eq(placements::compound_id)))
        .inner_join(modes::table.on(modes::compound_id.eq(placements::compound_id)))
        .filter(placed!(range, day))
        .filter(standing!(day))
        .filter(modes::valid_from.le(day).and(modes::valid_to.is_null().or(modes::valid_to.gt(day))))
        .group_by(modes::mode)
        .select((modes::mode, count_star()))
        .load(c)?;
    let of = |mode| rows.iter().find(|(m, _)| *m == mode).map_or(0, |(_, n)| *n);
    Ok(ManagementMode::ALL.iter().map(|mode| ModeCount { mode: *mode, compounds: of(*mode) }).collect())
}

/// Compounds whose year is known, or is before `before`.
fn built(c: &mut Conn, range: &Range, day: NaiveDate, before: Option<i32>) -> Result<i64> {
    Ok(placements::table
        .inner_join(compounds::table.on(compounds::id.eq(placements::compound_id)))
        .filter(placed!(range, day))
        .filter(standing!(day))
        .filter(compounds::built_year.is_not_null())
        .filter(compounds::built_year.assume_not_null().lt(before.unwrap_or(i32::MAX)))
        .select(count_star())
        .first(c)?)
}

/// Communities that moved after the day, and where their grids lay on it: a grid takes its community's new code, so on a
/// day before the move it counts under the code that came before. (All of them; those whose grids lay in the range.)
fn moved_since(c: &mut Conn, range: &Range, day: NaiveDate) -> Result<(Vec<String>, Vec<String>)> {
    let moves: HashMap<String, String> = divisions::table
        .filter(divisions::predecessor_code.is_not_null().and(divisions::valid_from.gt(day)))
        .select((divisions::code, divisions::predecessor_code.assume_not_null()))
        .load(c)?
        .into_iter()
        .collect();
    let lay_inside = |code: &String| {
        let mut on_day = code;
        while let Some(before) = moves.get(on_day) {
            on_day = before;
        }
        range.from <= *on_day && *on_day < range.to
    };
    let inside = moves.keys().filter(|code| lay_inside(code)).cloned().collect();
    Ok((moves.into_keys().collect(), inside))
}

/// The grids that lay under the range on the day.
fn on_the_map(c: &mut Conn, range: &Range, day: NaiveDate) -> Result<grids::BoxedQuery<'static, Backend>> {
    let (moved, inside) = moved_since(c, range, day)?;
    let under = grids::code.ge(range.from.clone()).and(grids::code.lt(range.to.clone()));
    let stayed = under.and(grids::community_code.ne_all(moved));
    Ok(grids::table
        .into_boxed::<Backend>()
        .filter(stayed.or(grids::community_code.eq_any(inside)))
        .filter(grids::valid_from.le(day).and(grids::valid_to.is_null().or(grids::valid_to.gt(day)))))
}

/// The grids that lay under the range on the day, one by one.
pub fn grids_on(c: &mut Conn, range: &Range, day: NaiveDate) -> Result<i64> {
    Ok(on_the_map(c, range, day)?.count().get_result(c)?)
}

fn led_on(c: &mut Conn, range: &Range, day: NaiveDate) -> Result<i64> {
    let leader = contacts::table
        .filter(contacts::grid_id.eq(grids::id.nullable()).and(contacts::kind.eq(AssignmentKind::Leader)))
        .filter(contacts::valid_from.le(day))
        .filter(contacts::valid_to.is_null().or(contacts::valid_to.ge(day)))
        .filter(contacts::ended_on.is_null().or(contacts::ended_on.gt(day)));
    Ok(on_the_map(c, range, day)?.filter(exists(leader)).count().get_result(c)?)
}

fn communities_on(c: &mut Conn, range: &Range, day: NaiveDate) -> Result<i64> {
    Ok(divisions::table
        .filter(divisions::code.ge(&range.from).and(divisions::code.lt(&range.to)))
        .filter(divisions::level.eq(DivisionLevel::Community).and(divisions::valid_from.le(day)))
        .filter(divisions::valid_to.is_null().or(divisions::valid_to.gt(day)))
        .count()
        .get_result(c)?)
}

/// Sums are `numeric` on PostgreSQL and `integer` on SQLite; both read as the text of a whole number.
fn whole(sum: Option<i64>) -> i64 {
    sum.unwrap_or(0)
}

fn rooms_in(c: &mut Conn, range: &Range) -> Result<(i64, i64)> {
    let (count, area): (i64, Option<i64>) = rooms::table
        .filter(rooms::area_code.ge(&range.from).and(rooms::area_code.lt(&range.to)))
        .filter(rooms::closed_on.is_null())
        .select((
            count_star(),
            diesel::dsl::sql::<diesel::sql_types::Nullable<BigInt>>("CAST(SUM(exclusive_area) AS BIGINT)"),
        ))
        .first(c)?;
    Ok((count, whole(area)))
}

fn homes_in(c: &mut Conn, range: &Range) -> Result<i64> {
    Ok(rooms::table
        .filter(rooms::area_code.ge(&range.from).and(rooms::area_code.lt(&range.to)))
        .filter(rooms::closed_on.is_null().and(rooms::use_kind.eq(RoomUse::Residential)))
        .count()
        .get_result(c)?)
}

fn reported_households(c: &mut Conn, range: &Range) -> Result<i64> {
    let total: Option<i64> = compounds::table
        .filter(compounds::area_code.ge(&range.from).and(compounds::area_code.lt(&range.to)))
        .filter(compounds::closed_on.is_null())
        .select(sum(compounds::households))
        .first(c)
        .map_err(Error::from)?;
    Ok(whole(total))
}

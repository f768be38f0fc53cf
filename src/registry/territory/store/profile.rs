//! 概况: counts over a subtree, as of a day. Each is one indexed aggregate.

use chrono::NaiveDate;
use diesel::dsl::{count_star, exists, sum};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use platform::db::{Conn, Range};
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

fn grids_on(c: &mut Conn, range: &Range, day: NaiveDate) -> Result<i64> {
    Ok(grids::table
        .filter(grids::code.ge(&range.from).and(grids::code.lt(&range.to)))
        .filter(grids::valid_from.le(day).and(grids::valid_to.is_null().or(grids::valid_to.gt(day))))
        .count()
        .get_result(c)?)
}

fn led_on(c: &mut Conn, range: &Range, day: NaiveDate) -> Result<i64> {
    let leader = contacts::table
        .filter(contacts::grid_id.eq(grids::id.nullable()).and(contacts::kind.eq(AssignmentKind::Leader)))
        .filter(contacts::valid_from.le(day))
        .filter(contacts::valid_to.is_null().or(contacts::valid_to.ge(day)))
        .filter(contacts::ended_on.is_null().or(contacts::ended_on.gt(day)));
    Ok(grids::table
        .filter(grids::code.ge(&range.from).and(grids::code.lt(&range.to)))
        .filter(grids::valid_from.le(day).and(grids::valid_to.is_null().or(grids::valid_to.gt(day))))
        .filter(exists(leader))
        .count()
        .get_result(c)?)
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

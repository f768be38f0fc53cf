//! 小区存量: which compounds lay where on a day, how they were managed and how old they are, told apart by place; and what has
//! moved since. A day that is past stays as it was, whatever moves or changes its mode afterwards.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::{case_when, count, count_star, sql, sum};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use platform::Result;
use platform::auth::AreaCode;
use platform::db::{Conn, Range};

use crate::schema::{compound_modes as modes, compound_placements as placements, compounds, divisions};
use crate::territory::dto::{DivisionLevel, ManagementMode};
use crate::territory::rules::OLD_BEFORE;

/// The compounds of one place and mode.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Standing {
    /// As many characters of the code as were asked for.
    pub place: String,
    pub mode: ManagementMode,
    pub compounds: i64,
    /// Those whose year is known.
    pub dated: i64,
    old: Option<i64>,
}

impl Standing {
    /// Of those, the ones that were built before 2000.
    pub fn old(&self) -> i64 {
        self.old.unwrap_or(0)
    }
}

/// F1 and F2 in one statement: the compounds that lay under the range on the day, by as many characters of their codes and by
/// the mode that they had on it.
pub fn standing(c: &mut Conn, range: &Range, length: usize, day: NaiveDate) -> Result<Vec<Standing>> {
    let is_old = compounds::built_year.is_not_null().and(compounds::built_year.assume_not_null().lt(OLD_BEFORE));
    Ok(placements::table
        .inner_join(compounds::table.on(compounds::id.eq(placements::compound_id)))
        .inner_join(modes::table.on(modes::compound_id.eq(placements::compound_id)))
        .filter(placements::area_code.ge(&range.from).and(placements::area_code.lt(&range.to)))
        .filter(placements::valid_from.le(day).and(placements::valid_to.is_null().or(placements::valid_to.gt(day))))
        .filter(compounds::closed_on.is_null().or(compounds::closed_on.gt(day)))
        .filter(modes::valid_from.le(day).and(modes::valid_to.is_null().or(modes::valid_to.gt(day))))
        .group_by(sql::<Text>("1, 2"))
        .order(sql::<Text>("1, 2"))
        .select((
            sql::<Text>(&format!("SUBSTR(compound_placements.area_code, 1, {length})")),
            sql::<Text>("compound_modes.mode"),
            count_star(),
            count(compounds::built_year),
            sum(case_when(is_old, 1.into_sql::<Integer>()).otherwise(0.into_sql::<Integer>())),
        ))
        .load(c)?)
}

/// 户数与人数 as the communities themselves report them.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Reported {
    pub place: String,
    pub residents: Option<i64>,
    pub households: Option<i64>,
}

/// F25: the residents and households of the communities that stood on the day and report both.
pub fn reported(c: &mut Conn, range: &Range, length: usize, day: NaiveDate) -> Result<Vec<Reported>> {
    Ok(divisions::table
        .filter(divisions::code.ge(&range.from).and(divisions::code.lt(&range.to)))
        .filter(divisions::level.eq(DivisionLevel::Community).and(divisions::valid_from.le(day)))
        .filter(divisions::valid_to.is_null().or(divisions::valid_to.gt(day)))
        .filter(divisions::residents.is_not_null().and(divisions::households.is_not_null()))
        .group_by(sql::<Text>("1"))
        .order(sql::<Text>("1"))
        .select((
            sql::<Text>(&format!("SUBSTR(divisions.code, 1, {length})")),
            sum(divisions::residents),
            sum(divisions::households),
        ))
        .load(c)?)
}

/// The map as it was on a day, as far as it is another one today: codes of compounds and communities that have moved since,
/// each with the code that it had. What carries a code of today is found where it lay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Then(HashMap<String, String>);

const COMPOUND_LENGTH: usize = 17;
const COMMUNITY_DIGITS: usize = 12;

impl Then {
    /// Two statements; nothing is found where nothing has moved.
    pub fn on(c: &mut Conn, day: NaiveDate) -> Result<Self> {
        let lay = placements::valid_from.le(day).and(placements::valid_to.gt(day));
        let compounds: Vec<(String, String)> = placements::table
            .inner_join(compounds::table.on(compounds::id.eq(placements::compound_id)))
            .filter(lay)
            .filter(placements::area_code.ne(compounds::area_code))
            .select((compounds::area_code, placements::area_code))
            .load(c)?;
        let moves: HashMap<String, String> = divisions::table
            .filter(divisions::predecessor_code.is_not_null().and(divisions::valid_from.gt(day)))
            .select((divisions::code, divisions::predecessor_code.assume_not_null()))
            .load(c)?
            .into_iter()
            .collect();
        let communities = moves.keys().map(|now| (now.clone(), first_of(&moves, now).to_owned()));
        Ok(Self(communities.chain(compounds).collect()))
    }

    /// Where to look for what lay under a range on the day: there, and wherever it has gone.
    pub fn ranges(&self, range: &Range) -> Vec<Range> {
        let inside = |code: &str| range.from.as_str() <= code && code < range.to.as_str();
        let gone = self.0.iter().filter(|(now, then)| inside(then) && !inside(now));
        std::iter::once(range.clone()).chain(gone.map(|(now, _)| Range::under(now))).collect()
    }

    /// Where something lay on the day, of its code of today: its compound, else its community, as they were then.
    pub fn code<'a>(&'a self, code: &'a str) -> &'a str {
        let known = |length: usize| self.0.get(code.get(..length)?);
        known(COMPOUND_LENGTH).or_else(|| known(COMMUNITY_DIGITS)).map_or(code, String::as_str)
    }
}

/// The first of a row of codes, each of which took the place of the one before.
fn first_of<'a>(moves: &'a HashMap<String, String>, code: &'a str) -> &'a str {
    let mut first = code;
    while let Some(before) = moves.get(first) {
        first = before;
    }
    first
}

/// An area straight below another, by its name of today.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Child {
    pub code: String,
    pub name: String,
}

/// How many characters the codes of the areas straight below one have; below a compound none are told apart.
pub fn child_length(area: &AreaCode) -> Option<usize> {
    match area.as_str().len() {
        0 => Some(2),
        2 | 4 => Some(area.as_str().len() + 2),
        6 | 9 => Some(area.as_str().len() + 3),
        12 => Some(COMPOUND_LENGTH),
        _ => None,
    }
}

/// The area itself, where it is a division or a compound, and those straight below it that stood on the day. Two statements,
/// of which one finds nothing.
pub fn family(c: &mut Conn, area: &str, day: NaiveDate) -> Result<(Option<String>, Vec<Child>)> {
    let stood = divisions::valid_from.le(day).and(divisions::valid_to.is_null().or(divisions::valid_to.gt(day)));
    let of_divisions: Vec<Child> = divisions::table
        .filter(divisions::code.eq(area).or(divisions::parent_code.eq(area).and(stood).assume_not_null()))
        .order(divisions::code)
        .select((divisions::code, divisions::name))
        .load(c)?;
    let below = Range::under(&format!("{}-", area));
    let of_compounds: Vec<Child> = placements::table
        .inner_join(compounds::table.on(compounds::id.eq(placements::compound_id)))
        .filter(
            placements::area_code
                .eq(area)
                .or(placements::area_code.ge(&below.from).and(placements::area_code.lt(&below.to))),
        )
        .filter(placements::valid_from.le(day).and(placements::valid_to.is_null().or(placements::valid_to.gt(day))))
        .filter(compounds::closed_on.is_null().or(compounds::closed_on.gt(day)))
        .order(placements::area_code)
        .select((placements::area_code, compounds::name))
        .load(c)?;
    let mut name = None;
    let mut children = Vec::new();
    for one in of_divisions.into_iter().chain(of_compounds) {
        if one.code == area { name = Some(one.name) } else { children.push(one) }
    }
    Ok((name, children))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn then(pairs: &[(&str, &str)]) -> Then {
        Then(pairs.iter().map(|(now, then)| ((*now).to_owned(), (*then).to_owned())).collect())
    }

    #[test]
    fn what_has_moved_is_looked_for_where_it_went_and_told_where_it_lay() {
        let map = then(&[("620902001002-0009", "620902005003-0001"), ("620902001009", "620902005004")]);
        let west = Range::under("620902005");
        let mut looked: Vec<String> = map.ranges(&west).into_iter().map(|range| range.from).collect();
        looked.sort();
        assert_eq!(looked, ["620902001002-0009", "620902001009", "620902005"]);
        assert_eq!(map.ranges(&Range::under("620902")), [Range::under("620902")], "both lie in the district");
        assert_eq!(map.code("620902001002-0009-001"), "620902005003-0001");
        assert_eq!(map.code("620902001009"), "620902005004");
        assert_eq!(map.code("620902001009-0003"), "620902005004", "a compound that was founded since lies in it");
        assert_eq!(map.code("620902001002-0008"), "620902001002-0008");
    }

    #[test]
    fn a_code_is_followed_through_several_moves() {
        let moves = HashMap::from([("c".to_owned(), "b".to_owned()), ("b".to_owned(), "a".to_owned())]);
        assert_eq!((first_of(&moves, "c"), first_of(&moves, "b"), first_of(&moves, "x")), ("a", "a", "x"));
    }

    #[test]
    fn children_are_one_level_deeper() {
        let length = |code: &str| child_length(&code.parse().expect("a code"));
        let lengths = ["", "62", "6209", "620902", "620902005", "620902005003", "620902005003001", "620902005003-0001"];
        assert_eq!(lengths.map(length), [Some(2), Some(4), Some(6), Some(9), Some(12), Some(17), None, None]);
    }
}

//! Which rows a caller sees. Every finder demands one, so an unscoped query does not type-check.

use super::{AreaCode, AreaLevel};
use crate::db::Range;
use crate::error::{Error, Result};

/// The areas that a caller may look into: whole subtrees of the area tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visible {
    areas: Vec<AreaCode>,
}

impl Visible {
    /// Areas inside one another are folded into the larger, so that no row is found twice.
    pub fn of(areas: impl IntoIterator<Item = AreaCode>) -> Self {
        let mut areas: Vec<AreaCode> = areas.into_iter().collect();
        areas.sort();
        let mut folded: Vec<AreaCode> = Vec::with_capacity(areas.len());
        for area in areas {
            if !folded.iter().any(|kept| kept.covers(area.as_str())) {
                folded.push(area);
            }
        }
        Self { areas: folded }
    }

    /// For work that no caller asked for: imports, the demo, sweepers.
    pub fn everything() -> Self {
        Self::of([AreaCode::country()])
    }

    pub fn covers(&self, code: &str) -> bool {
        self.areas.iter().any(|area| area.covers(code))
    }

    /// Whether `code` is an area above one of the caller's: its name is no secret to those inside it.
    pub fn lies_in(&self, code: &str) -> bool {
        self.areas.iter().any(|area| area.as_str().starts_with(code))
    }

    /// `Ok` where the row with this code may be seen, else the 404 that an unknown row gets.
    pub fn check(&self, code: &str) -> Result<()> {
        if self.covers(code) { Ok(()) } else { Err(Error::NotFound) }
    }

    /// What is left when the caller asks for one area only; an area that is wholly outside is a 404.
    pub fn narrow(&self, to: Option<&AreaCode>) -> Result<Self> {
        let Some(to) = to else { return Ok(self.clone()) };
        if self.covers(to.as_str()) {
            return Ok(Self::of([to.clone()]));
        }
        let inside: Vec<AreaCode> = self.areas.iter().filter(|area| to.covers(area.as_str())).cloned().collect();
        if inside.is_empty() { Err(Error::NotFound) } else { Ok(Self { areas: inside }) }
    }

    /// The same, with each building, unit and room lifted to the compound that it lies in: who lives in a compound may read
    /// what it is and how it is managed. For reading only.
    pub fn to_compounds(&self) -> Self {
        Self::of(self.areas.iter().map(AreaCode::compound))
    }

    /// The codes of the areas above the caller's: what binds those inside is no secret to them.
    pub fn above(&self) -> Vec<String> {
        let above =
            self.areas.iter().flat_map(|area| area.and_above().into_iter().filter(|code| *code != area.as_str()));
        above.map(str::to_owned).collect()
    }

    pub fn areas(&self) -> &[AreaCode] {
        &self.areas
    }

    /// The subtrees as ranges of codes, in order.
    pub fn ranges(&self) -> Vec<Range> {
        self.areas.iter().map(|area| Range::under(area.as_str())).collect()
    }

    /// The same for the grids among the areas only: rows are tied to a grid by its code, not by their own.
    pub fn grid_ranges(&self) -> Vec<Range> {
        let grids = self.areas.iter().filter(|area| area.level() == AreaLevel::Grid);
        grids.map(|grid| Range::under(grid.as_str())).collect()
    }
}

/// A condition that holds for any of the ranges, as a boxed condition for a boxed query:
/// `any_range!(ranges, |range| grids::code.ge(range.from).and(grids::code.lt(range.to)))`.
#[macro_export]
macro_rules! any_range {
    ($ranges:expr, |$range:ident| $condition:expr) => {{
        use diesel::prelude::*;
        type Condition<T, DB> =
            Box<dyn diesel::expression::BoxableExpression<T, DB, SqlType = diesel::sql_types::Bool>>;
        let mut ranges = $ranges.into_iter();
        let one = |$range: $crate::db::Range| $condition;
        // No range is no row: the column is never empty.
        let none = $crate::db::Range { from: $crate::db::LAST.to_owned(), to: String::new() };
        let first: Condition<_, _> = Box::new(one(ranges.next().unwrap_or(none)));
        ranges.fold(first, |all, range| Box::new(all.or(one(range))))
    }};
}

/// `column` inside one of the ranges: `in_ranges!(ranges, grids::code)`. The column is not null.
#[macro_export]
macro_rules! in_ranges {
    ($ranges:expr, $column:expr) => {
        $crate::any_range!($ranges, |range| $column.ge(range.from).and($column.lt(range.to)))
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visible(codes: &[&str]) -> Visible {
        Visible::of(codes.iter().map(|code| code.parse().expect("a code")))
    }

    #[test]
    fn nested_areas_fold_into_the_larger() {
        assert_eq!(visible(&["620902005", "620902", "130402"]), visible(&["130402", "620902"]));
    }

    #[test]
    fn narrowing_never_widens() {
        let worker = visible(&["620902005003"]);
        let district = "620902".parse().expect("a code");
        assert_eq!(worker.narrow(Some(&district)).expect("inside"), worker);
        let other = "620902001002".parse().expect("a code");
        assert!(matches!(worker.narrow(Some(&other)), Err(Error::NotFound)));
    }

    #[test]
    fn names_above_are_seen_but_not_covered() {
        let worker = visible(&["620902005003"]);
        assert!(worker.lies_in("620902") && !worker.covers("620902"));
    }
}

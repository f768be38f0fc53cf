//! The areas that a transaction changes something in: noted while it runs and counted by its last statement, so that a
//! version costs a change one statement, and two changes wait for one another's rows only while one of them commits. Rows are
//! taken in the order of their codes, so nobody waits in a circle.

use std::collections::{BTreeSet, HashSet};

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Text};
use diesel::sqlite::Sqlite;

use super::{Conn, Either};
use crate::error::Result;

/// What a transaction has touched so far, in the order in which it did.
#[derive(Default)]
pub(super) struct Touched {
    order: Vec<String>,
    known: HashSet<String>,
}

/// More areas than this are counted as those that they lie in, down to one: who asks for an area asks for those above too.
const MOST: usize = 1000;
/// How long the codes are of what has compounds in it.
const LEVELS: [usize; 6] = [12, 9, 6, 4, 2, 0];

impl Conn {
    /// Notes an area for the end of the transaction.
    pub(crate) fn touch(&mut self, area_code: &str) {
        if !self.1.known.contains(area_code) {
            self.1.known.insert(area_code.to_owned());
            self.1.order.push(area_code.to_owned());
        }
    }

    /// What [`Conn::untouch`] takes.
    pub(super) fn touched_so_far(&self) -> usize {
        self.1.order.len()
    }

    /// Forgets what was touched since, because it is undone.
    pub(super) fn untouch(&mut self, so_far: usize) {
        for area_code in self.1.order.drain(so_far.min(self.1.order.len())..) {
            self.1.known.remove(&area_code);
        }
    }

    /// Counts what was touched. Nothing more of this transaction waits for anybody.
    pub(super) fn write_touched(&mut self) -> Result<()> {
        let Touched { order, known: _ } = std::mem::take(&mut self.1);
        let areas = within_bounds(order.into_iter().collect());
        match self.either() {
            _ if areas.is_empty() => {}
            Either::Postgres(c) => drop(All(areas.into_iter().collect()).execute(c)?),
            Either::Sqlite(c) => areas.iter().try_for_each(|area| One(area).execute(c).map(drop))?,
        }
        Ok(())
    }
}

fn within_bounds(areas: BTreeSet<String>) -> BTreeSet<String> {
    let cut = |areas: BTreeSet<String>, length: usize| {
        if areas.len() <= MOST {
            return areas;
        }
        areas.iter().map(|area| area.get(..length).unwrap_or(area).to_owned()).collect()
    };
    LEVELS.into_iter().fold(areas, cut)
}

const TABLE: &str = "INSERT INTO area_versions (area_code, n) ";
const AGAIN: &str = " ON CONFLICT (area_code) DO UPDATE SET n = area_versions.n + 1";

/// PostgreSQL takes all areas as one array, in its order. Prepared once, as the other is.
struct All(Vec<String>);

/// SQLite takes one area at a time.
struct One<'a>(&'a str);

impl QueryId for All {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryId for One<'_> {
    type QueryId = One<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> RunQueryDsl<C> for All {}
impl<C> RunQueryDsl<C> for One<'_> {}

impl QueryFragment<Pg> for All {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(TABLE);
        out.push_sql("SELECT area_code, 1 FROM unnest(");
        out.push_bind_param::<Array<Text>, _>(&self.0)?;
        out.push_sql(") AS touched (area_code)");
        out.push_sql(AGAIN);
        Ok(())
    }
}

impl QueryFragment<Sqlite> for One<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql(TABLE);
        out.push_sql("VALUES (");
        out.push_bind_param::<Text, str>(self.0)?;
        out.push_sql(", 1)");
        out.push_sql(AGAIN);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(codes: impl IntoIterator<Item = String>) -> BTreeSet<String> {
        codes.into_iter().collect()
    }

    #[test]
    fn few_areas_are_counted_as_they_are_and_many_as_those_they_lie_in() {
        let few = codes((0..MOST).map(|n| format!("620902005003-{n:04}")));
        assert_eq!(within_bounds(few.clone()), few);
        let of_one_street = codes((0..=MOST).map(|n| format!("620902005{:03}-{n:04}", n % 4)));
        assert_eq!(within_bounds(of_one_street), codes((0..4).map(|n| format!("620902005{n:03}"))));
        let of_the_country = codes((0..=MOST).flat_map(|n| [format!("{n:06}005003"), format!("{n:06}")]));
        assert!(within_bounds(of_the_country).len() <= MOST);
    }

    #[test]
    fn what_is_undone_was_not_touched() {
        let mut c = Conn::establish("sqlite://:memory:").expect("opens");
        c.touch("620902005003");
        let so_far = c.touched_so_far();
        ["620902005003", "620902005004"].iter().for_each(|area| c.touch(area));
        assert_eq!(c.touched_so_far(), 2);
        c.untouch(so_far);
        assert_eq!(c.1.order, ["620902005003"]);
        c.touch("620902005004");
        assert_eq!(c.1.order, ["620902005003", "620902005004"]);
    }
}

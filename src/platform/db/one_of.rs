//! A column that is one of several texts, as a statement of one shape. With `eq_any` SQLite gets a parameter for each, so
//! that the text differs with their number and diesel has it prepared anew at every run.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Bool, Text};
use diesel::sqlite::Sqlite;

/// Made by [`one_of`].
#[derive(Debug, Clone)]
pub struct OneOf<C> {
    column: C,
    values: Vec<String>,
    /// The same for SQLite, which has no arrays.
    json: String,
}

/// Whether a column is one of these texts; for a query that is compiled for each engine.
pub fn one_of<C>(column: C, values: &[&str]) -> OneOf<C>
where
    C: Expression<SqlType = Text>,
{
    let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
    let json = serde_json::json!(values).to_string();
    OneOf { column, values, json }
}

impl<C: Expression> Expression for OneOf<C> {
    type SqlType = Bool;
}

impl<C, T> AppearsOnTable<T> for OneOf<C> where C: AppearsOnTable<T> {}
impl<C, T> SelectableExpression<T> for OneOf<C> where C: SelectableExpression<T> {}

impl<C, G> ValidGrouping<G> for OneOf<C>
where
    C: ValidGrouping<G>,
{
    type IsAggregate = C::IsAggregate;
}

impl<C: QueryId> QueryId for OneOf<C> {
    type QueryId = OneOf<C::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = C::HAS_STATIC_QUERY_ID;
}

impl<C: QueryFragment<Pg>> QueryFragment<Pg> for OneOf<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        wrapped(&self.column, &mut out, " = ANY(")?;
        out.push_bind_param::<Array<Text>, _>(&self.values)?;
        out.push_sql(")");
        Ok(())
    }
}

impl<C: QueryFragment<Sqlite>> QueryFragment<Sqlite> for OneOf<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        wrapped(&self.column, &mut out, " IN (SELECT value FROM json_each(")?;
        out.push_bind_param::<Text, _>(&self.json)?;
        out.push_sql("))");
        Ok(())
    }
}

fn wrapped<'b, DB: Backend>(
    column: &'b impl QueryFragment<DB>,
    out: &mut AstPass<'_, 'b, DB>,
    operator: &str,
) -> QueryResult<()> {
    column.walk_ast(out.reborrow())?;
    out.push_sql(operator);
    Ok(())
}

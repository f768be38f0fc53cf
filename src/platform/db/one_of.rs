//! A column that is one of several texts or days, as a statement of one shape. With `eq_any` SQLite gets a parameter for each, so
//! that the text differs with their number and diesel has it prepared anew at every run.

use chrono::NaiveDate;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Array, Bool, Date, HasSqlType, Text};
use diesel::sqlite::Sqlite;
use serde::Serialize;

/// Made by [`one_of`] and [`on_days`].
#[derive(Debug, Clone)]
pub struct OneOf<C, T = String> {
    column: C,
    values: Vec<T>,
    /// The same for SQLite, which has no arrays.
    json: String,
}

/// Whether a column is one of these texts; for a query that is compiled for each engine.
pub fn one_of<C>(column: C, values: &[&str]) -> OneOf<C>
where
    C: Expression<SqlType = Text>,
{
    OneOf::new(column, values.iter().map(|value| (*value).to_owned()).collect())
}

/// Whether a column is one of these days. Where an index begins with the day this is as many ranges of it, and a period
/// would be one range that leaves whatever the index has behind the day to be looked at row by row.
pub fn on_days<C>(column: C, days: Vec<NaiveDate>) -> OneOf<C, NaiveDate>
where
    C: Expression<SqlType = Date>,
{
    OneOf::new(column, days)
}

impl<C, T: Serialize> OneOf<C, T> {
    fn new(column: C, values: Vec<T>) -> Self {
        let json = serde_json::json!(values).to_string();
        Self { column, values, json }
    }
}

impl<C: Expression, T> Expression for OneOf<C, T> {
    type SqlType = Bool;
}

impl<C, T, QS> AppearsOnTable<QS> for OneOf<C, T> where C: AppearsOnTable<QS> {}
impl<C, T, QS> SelectableExpression<QS> for OneOf<C, T> where C: SelectableExpression<QS> {}

impl<C, T, G> ValidGrouping<G> for OneOf<C, T>
where
    C: ValidGrouping<G>,
{
    type IsAggregate = C::IsAggregate;
}

impl<C: QueryId, T: 'static> QueryId for OneOf<C, T> {
    type QueryId = OneOf<C::QueryId, T>;
    const HAS_STATIC_QUERY_ID: bool = C::HAS_STATIC_QUERY_ID;
}

impl<C, T> QueryFragment<Pg> for OneOf<C, T>
where
    C: Expression + QueryFragment<Pg>,
    Vec<T>: ToSql<Array<C::SqlType>, Pg>,
    C::SqlType: 'static,
    Pg: HasSqlType<Array<C::SqlType>>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        wrapped(&self.column, &mut out, " = ANY(")?;
        out.push_bind_param::<Array<C::SqlType>, _>(&self.values)?;
        out.push_sql(")");
        Ok(())
    }
}

impl<C: QueryFragment<Sqlite>, T> QueryFragment<Sqlite> for OneOf<C, T> {
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

//! Statements handed to diesel behind one type. Its combined connection compiles each statement three times, once for each
//! engine and once for both, and at each run writes its text anew at every look; behind [`Statement`] each is compiled once
//! and written once (ADR 13).

use std::cell::OnceCell;

use diesel::backend::Backend as AnyBackend;
use diesel::connection::{
    CacheSize, Connection, Instrumentation, LoadConnection, SimpleConnection, TransactionManager,
    TransactionManagerStatus,
};
use diesel::expression::QueryMetadata;
use diesel::internal::derives::multiconnection::ConnectionSealed;
use diesel::pg::PgQueryBuilder;
use diesel::query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId};
use diesel::sql_types::Untyped;
use diesel::sqlite::SqliteQueryBuilder;
use diesel::{ConnectionError, ConnectionResult, QueryResult};

use super::engines::{Backend, Either, MultiRow};
use super::{Conn, Manager};

type Builder = <Backend as AnyBackend>::QueryBuilder;
type Cursor<'conn, 'query> = <Either as LoadConnection>::Cursor<'conn, 'query>;

/// A statement whose type is forgotten. diesel finds it prepared by its text, which is kept from the first look on.
struct Statement<'q> {
    query: Held<'q>,
    text: OnceCell<String>,
}

enum Held<'q> {
    Owned(Box<dyn Walked + 'q>),
    Lent(&'q (dyn Walked + 'q)),
}

/// What is compiled of each statement. What else [`QueryFragment`] has is made of this, and is compiled here once.
trait Walked {
    fn walk<'b>(&'b self, out: AstPass<'_, 'b, Backend>) -> QueryResult<()>;
    fn is_always_the_same(&self, backend: &Backend) -> QueryResult<bool>;
}

impl<Q: QueryFragment<Backend>> Walked for Q {
    fn walk<'b>(&'b self, out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.walk_ast(out)
    }

    fn is_always_the_same(&self, backend: &Backend) -> QueryResult<bool> {
        self.is_safe_to_cache_prepared(backend)
    }
}

/// Writes its own text, where [`Statement`] repeats it.
struct Unwritten<'s, 'q>(&'s (dyn Walked + 'q));

impl QueryFragment<Backend> for Unwritten<'_, '_> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.0.walk(out)
    }
}

impl<'q> Statement<'q> {
    fn new(query: Held<'q>) -> Self {
        Self { query, text: OnceCell::new() }
    }

    fn query(&self) -> &(dyn Walked + 'q) {
        match &self.query {
            Held::Owned(query) => query.as_ref(),
            Held::Lent(query) => *query,
        }
    }

    fn text(&self, backend: &Backend) -> QueryResult<&str> {
        if let Some(text) = self.text.get() {
            return Ok(text);
        }
        let mut builder = builder(backend);
        Unwritten(self.query()).to_sql(&mut builder, backend)?;
        Ok(self.text.get_or_init(|| builder.finish()))
    }

    // Not within `Conn::load`: where a bound names the metadata of one type of rows, those of no type are not found.
    fn load<'c>(self, conn: &'c mut Either) -> QueryResult<Cursor<'c, 'q>> {
        conn.load(self)
    }
}

fn builder(backend: &Backend) -> Builder {
    match backend {
        Backend::Postgres(_) => Builder::Postgres(PgQueryBuilder::default()),
        Backend::Sqlite(_) => Builder::Sqlite(SqliteQueryBuilder::default()),
    }
}

impl Query for Statement<'_> {
    type SqlType = Untyped;
}

impl QueryId for Statement<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Backend> for Statement<'_> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.query().walk(out)
    }

    fn to_sql(&self, out: &mut Builder, backend: &Backend) -> QueryResult<()> {
        out.push_sql(self.text(backend)?);
        Ok(())
    }

    fn is_safe_to_cache_prepared(&self, backend: &Backend) -> QueryResult<bool> {
        self.query().is_always_the_same(backend)
    }
}

impl ConnectionSealed for Conn {}

impl SimpleConnection for Conn {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.0.batch_execute(query)
    }
}

impl Connection for Conn {
    type Backend = Backend;
    type TransactionManager = Self;

    fn establish(url: &str) -> ConnectionResult<Self> {
        Manager::new(url).map_err(ConnectionError::BadConnection)?.open()
    }

    fn execute_returning_count<T: QueryFragment<Backend> + QueryId>(&mut self, source: &T) -> QueryResult<usize> {
        self.0.execute_returning_count(&Statement::new(Held::Lent(source)))
    }

    fn transaction_state(&mut self) -> &mut Self {
        self
    }

    fn instrumentation(&mut self) -> &mut dyn Instrumentation {
        self.0.instrumentation()
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        self.0.set_instrumentation(instrumentation);
    }

    fn set_prepared_statement_cache_size(&mut self, size: CacheSize) {
        self.0.set_prepared_statement_cache_size(size);
    }
}

impl LoadConnection for Conn {
    type Cursor<'conn, 'query> = Cursor<'conn, 'query>;
    type Row<'conn, 'query> = MultiRow<'conn, 'query>;

    fn load<'conn, 'query, T>(&'conn mut self, source: T) -> QueryResult<Self::Cursor<'conn, 'query>>
    where
        T: Query + QueryFragment<Backend> + QueryId + 'query,
        Backend: QueryMetadata<T::SqlType>,
    {
        Statement::new(Held::Owned(Box::new(source))).load(&mut self.0)
    }
}

impl TransactionManager<Self> for Conn {
    type TransactionStateData = Self;

    fn begin_transaction(conn: &mut Self) -> QueryResult<()> {
        <Either as TransactionManager<Either>>::begin_transaction(&mut conn.0)
    }

    fn rollback_transaction(conn: &mut Self) -> QueryResult<()> {
        <Either as TransactionManager<Either>>::rollback_transaction(&mut conn.0)
    }

    fn commit_transaction(conn: &mut Self) -> QueryResult<()> {
        <Either as TransactionManager<Either>>::commit_transaction(&mut conn.0)
    }

    fn transaction_manager_status_mut(conn: &mut Self) -> &mut TransactionManagerStatus {
        <Either as TransactionManager<Either>>::transaction_manager_status_mut(&mut conn.0)
    }
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;

    use super::*;

    diesel::table! {
        counters (id) {
            id -> Integer,
            n -> Integer,
        }
    }

    fn text(query: &impl QueryFragment<Backend>, backend: &Backend) -> String {
        let mut builder = builder(backend);
        query.to_sql(&mut builder, backend).expect("a text");
        builder.finish()
    }

    #[test]
    fn it_says_at_each_look_what_its_query_says_to_the_engine() {
        let query = counters::table.filter(counters::n.gt(3)).select(counters::id).limit(2);
        for backend in [Backend::Postgres(Default::default()), Backend::Sqlite(Default::default())] {
            let statement = Statement::new(Held::Lent(&query));
            let told = text(&query, &backend);
            assert!(told.contains(if matches!(backend, Backend::Postgres(_)) { "$1" } else { "?" }), "{told}");
            assert_eq!(text(&statement, &backend), told);
            assert_eq!(text(&statement, &backend), told);
        }
    }

    #[test]
    fn what_varies_in_length_is_not_kept_prepared() {
        let backend = Backend::Sqlite(Default::default());
        let kept = |query: &dyn Walked| {
            let statement = Statement::new(Held::Lent(query));
            statement.is_safe_to_cache_prepared(&backend).expect("known")
        };
        assert!(kept(&counters::table.filter(counters::n.eq(3))));
        assert!(!kept(&counters::table.filter(counters::n.eq_any([1, 2, 3]))));
    }

    #[test]
    fn it_reads_counts_and_fails_as_its_query_does() {
        let mut conn = Conn::establish("sqlite://:memory:").expect("opens");
        conn.batch_execute("CREATE TABLE counters (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)").expect("a table");
        let add = |conn: &mut Conn, id: i32| {
            diesel::insert_into(counters::table).values((counters::id.eq(id), counters::n.eq(10 * id))).execute(conn)
        };
        for id in 1..=3 {
            assert_eq!(add(&mut conn, id), Ok(1));
        }
        assert!(matches!(add(&mut conn, 1), Err(diesel::result::Error::DatabaseError(..))));
        let above = |conn: &mut Conn, n: i32| {
            counters::table.filter(counters::n.gt(n)).order(counters::id).select(counters::id).load::<i32>(conn)
        };
        // The second time it is found prepared, and bound anew.
        assert_eq!(above(&mut conn, 10), Ok(vec![2, 3]));
        assert_eq!(above(&mut conn, 20), Ok(vec![3]));
        assert_eq!(diesel::update(counters::table).set(counters::n.eq(0)).execute(&mut conn), Ok(3));
        assert_eq!(above(&mut conn, 0), Ok(vec![]));
    }
}

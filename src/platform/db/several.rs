//! Several rows by one statement, which is prepared once: diesel prepares a list anew at every run, but knows an array by its
//! length, so rows go in runs of few lengths.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

/// The most rows that one statement takes.
const LONGEST: usize = 32;

/// Rows in runs whose lengths are powers of two, so that the statements that write them have few shapes.
pub fn runs<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let length = 1_usize.checked_shl(rest.len().checked_ilog2()?)?.min(LONGEST);
        let (run, behind) = rest.split_at_checked(length)?;
        rest = behind;
        Some(run)
    })
}

/// Made by [`shaped`].
#[derive(Debug, Clone, Copy)]
pub struct Shaped<K, Q>(K, Q);

/// Vouches for a statement over an array of rows that its text depends on nothing but the key's type, which
/// [`in_runs`](crate::in_runs) makes for one place in the code and one length.
pub fn shaped<K: 'static, Q>(key: K, query: Q) -> Shaped<K, Q> {
    Shaped(key, query)
}

impl<K: 'static, Q: Query> Query for Shaped<K, Q> {
    type SqlType = Q::SqlType;
}

impl<K: 'static, Q> QueryId for Shaped<K, Q> {
    type QueryId = Shaped<K, ()>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<K, Q, C> RunQueryDsl<C> for Shaped<K, Q> {}

impl<K, Q: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Shaped<K, Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.1.walk_ast(out)
    }
}

/// Does something with each run of a list of references, as an array and with the key for [`shaped`](crate::db::shaped).
#[macro_export]
macro_rules! in_runs {
    ($rows:expr, |$key:ident, $run:ident| $work:expr) => {{
        struct Here<const N: usize>;
        fn here<T, const N: usize>(_: &[T; N]) -> Here<N> {
            Here
        }
        for slice in $crate::db::runs(&$rows) {
            $crate::in_runs!(@of slice, here, |$key, $run| $work; 1 2 4 8 16 32);
        }
    }};
    (@of $slice:ident, $here:ident, |$key:ident, $run:ident| $work:expr; $($length:literal)+) => {
        $(if let Ok($run) = <[_; $length]>::try_from($slice) {
            let $key = $here(&$run);
            $work;
        })+
    };
}

/// Inserts rows, given as a list of references: on PostgreSQL by few statements, where each is a round trip; on SQLite one
/// by one, where several at once would only be longer to put together.
#[macro_export]
macro_rules! insert_rows {
    ($conn:expr, $table:path, $rows:expr) => {{
        let (conn, rows): (&mut $crate::db::Conn, Vec<_>) = ($conn, $rows);
        let mut insert = || -> diesel::QueryResult<()> {
            match conn.either() {
                $crate::db::Either::Postgres(c) => {
                    $crate::in_runs!(rows, |key, run| {
                        $crate::db::shaped(key, diesel::insert_into($table).values(run)).execute(c)?
                    });
                }
                $crate::db::Either::Sqlite(c) => {
                    for row in &rows {
                        $crate::db::fixed(diesel::insert_into($table).values(*row)).execute(c)?;
                    }
                }
            }
            Ok(())
        };
        insert()
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn runs_are_all_rows_in_order_and_their_lengths_few(count in 0usize..5000) {
            let rows: Vec<usize> = (0..count).collect();
            let runs: Vec<&[usize]> = runs(&rows).collect();
            proptest::prop_assert!(runs.iter().all(|run| run.len().is_power_of_two() && run.len() <= LONGEST));
            proptest::prop_assert!(runs.len() <= count / LONGEST + 10);
            proptest::prop_assert_eq!(runs.concat(), rows);
        }
    }
}

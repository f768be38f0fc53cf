//! A statement whose text is the same whatever it is asked with. diesel finds such a statement prepared, but walks through all
//! of it first, column by column, to see whether it may: for a row of forty columns a tenth of all the work.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

/// Made by [`fixed`].
#[derive(Debug, Clone, Copy)]
pub struct Fixed<Q>(Q);

/// Vouches for a statement that its text is always the same: nothing in it is boxed, and no list in it varies in length. One for
/// which diesel itself knows better does not compile.
pub fn fixed<Q: QueryId>(query: Q) -> Fixed<Q> {
    const { assert!(Q::HAS_STATIC_QUERY_ID, "diesel cannot tell this statement by its type") }
    Fixed(query)
}

impl<Q: Query> Query for Fixed<Q> {
    type SqlType = Q::SqlType;
}

impl<Q: QueryId> QueryId for Fixed<Q> {
    type QueryId = Q::QueryId;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q, C> RunQueryDsl<C> for Fixed<Q> {}

impl<Q: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Fixed<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

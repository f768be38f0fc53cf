//! Histories of many entities at once, for who works out anew what they came to.

use diesel::prelude::*;

use crate::db::{Conn, Json, Ts};
use crate::error::Result;
use crate::schema::history;

/// An event, without what proves it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = history)]
pub struct Retold {
    pub entity_id: String,
    pub event: String,
    pub area_code: String,
    pub at: Ts,
    pub data: Json,
}

/// The events of some entities of a kind, each one's from its first on.
pub fn retold(c: &mut Conn, entity: &str, ids: &[String]) -> Result<Vec<Retold>> {
    Ok(history::table
        .filter(history::entity.eq(entity).and(history::entity_id.eq_any(ids)))
        .order((history::entity_id, history::seq))
        .select(Retold::as_select())
        .load(c)?)
}

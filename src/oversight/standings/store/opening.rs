//! Of a run of events, those about rows that a caller may read. Each answers with one statement.

use std::collections::HashSet;

use diesel::prelude::*;
use platform::auth::{Principal, Scope};
use platform::db::{Backend, Conn};
use platform::{Error, Result};
use uuid::Uuid;

use super::sight::Sight;
use crate::schema::{credit_events, listings};
use crate::standings::dto::{CreditEventId, ListingId};
use crate::standings::{CreditRead, ListingsRead};

fn parsed<T>(ids: &[String], id: impl Fn(Uuid) -> T) -> Result<Vec<T>> {
    ids.iter().map(|text| text.parse().map(&id).map_err(Error::internal)).collect()
}

pub fn visible_listings(c: &mut Conn, who: &Principal, ids: &[String]) -> Result<HashSet<String>> {
    let sight = Sight::of_principal(who, ListingsRead::NAME);
    let asked = listings::id.eq_any(parsed(ids, ListingId)?);
    let rows = listings::table.into_boxed::<Backend>().filter(asked).filter(sight.listings());
    let seen: Vec<ListingId> = rows.select(listings::id).load(c)?;
    Ok(seen.into_iter().map(|id| id.to_string()).collect())
}

pub fn visible_credit(c: &mut Conn, who: &Principal, ids: &[String]) -> Result<HashSet<String>> {
    let sight = Sight::of_principal(who, CreditRead::NAME);
    let asked = credit_events::id.eq_any(parsed(ids, CreditEventId)?);
    let rows = credit_events::table.into_boxed::<Backend>().filter(asked).filter(sight.credit());
    let seen: Vec<CreditEventId> = rows.select(credit_events::id).load(c)?;
    Ok(seen.into_iter().map(|id| id.to_string()).collect())
}

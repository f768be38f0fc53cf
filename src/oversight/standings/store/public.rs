//! 公布的名单: what everybody reads, from the frozen documents alone, with how each entry stands on the day.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::db::{Backend, Conn, Range};
use platform::{Error, Result};

use super::frozen::{self, Proved};
use super::listings::{ENTITY, ListingRow, get};
use crate::schema::listings;
use crate::standings::dto::{
    ListingId, PublicListingOut, PublicListingsOut, PublicListingsQuery, PublicSnapshot, StandingProofOut,
};

/// The longest list that is read at once: more than a district has companies.
const MOST: i64 = 1000;

#[derive(serde::Deserialize)]
struct Document {
    content_hash: String,
    proof: String,
    snapshot: PublicSnapshot,
}

/// As it goes out. What was never published is not there for anybody.
pub fn told(row: &ListingRow, today: NaiveDate) -> Result<PublicListingOut> {
    let document: Document = frozen::read(row.document.as_deref().ok_or(Error::NotFound)?)?;
    let Document { content_hash, proof, snapshot } = document;
    Ok(PublicListingOut { status: row.days().status_on(today), ended_on: row.ended_on, content_hash, proof, snapshot })
}

/// All that is published below an area, the latest first.
pub fn list(c: &mut Conn, query: &PublicListingsQuery, today: NaiveDate) -> Result<PublicListingsOut> {
    let Range { from, to } = Range::under(query.area.as_str());
    let mut published = listings::table
        .into_boxed::<Backend>()
        .filter(listings::area_code.ge(from).and(listings::area_code.lt(to)))
        .filter(listings::published_on.is_not_null());
    if let Some(list) = query.list {
        published = published.filter(listings::list.eq(list));
    }
    let rows: Vec<ListingRow> =
        published.order(listings::id.desc()).limit(MOST).select(ListingRow::as_select()).load(c)?;
    let listings = rows.iter().map(|row| told(row, today)).collect::<Result<Vec<_>>>()?;
    Ok(PublicListingsOut { area_code: query.area.to_string(), as_of: today, listings })
}

pub fn find(c: &mut Conn, id: ListingId, today: NaiveDate) -> Result<PublicListingOut> {
    told(&get(c, id)?, today)
}

/// Whether what is published of an entry is still what was published.
pub fn prove(c: &mut Conn, id: ListingId) -> Result<StandingProofOut> {
    let row = get(c, id)?;
    let document = row.document.as_deref().ok_or(Error::NotFound)?;
    let content_hash = row.content_hash.as_deref().unwrap_or_default();
    let proved = Proved {
        entity: ENTITY,
        id: &row.id.to_string(),
        event: "listing.published",
        document,
        content_hash,
        rows_intact: says_the_same(&row),
    };
    frozen::prove(c, proved)
}

/// Whether the row still is about whom, which list and which days the document says.
fn says_the_same(row: &ListingRow) -> bool {
    let Some(document) = row.document.as_deref() else { return false };
    frozen::read::<Document>(document).is_ok_and(|Document { snapshot, .. }| {
        snapshot.organisation_id == row.organisation_id
            && snapshot.list == row.list
            && snapshot.ground.code == row.ground_code
            && Some(snapshot.published_on) == row.published_on
            && Some(snapshot.valid_to) == row.valid_to
    })
}

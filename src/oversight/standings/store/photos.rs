//! 证据照片: the rows; the bytes are in the storage under keys that the rows name.

use diesel::prelude::*;
use platform::Result;
use platform::attachments::{Named, Size, Stored};
use platform::db::{Backend, Conn, Either, Ts};
use platform::history::{ActorId, By};
use platform::media::MediaKind;
use platform::storage;

use super::listings::ListingRow;
use crate::schema::{listing_photos as photos, listings};
use crate::standings::dto::{ListingId, ListingPhotoId};
use crate::standings::rules::listing::may_show;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = photos, treat_none_as_default_value = false)]
pub struct PhotoRow {
    pub id: ListingPhotoId,
    pub listing_id: ListingId,
    pub media: MediaKind,
    pub storage_key: String,
    pub thumbnail_key: Option<String>,
    pub bytes: i32,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub sha256: String,
    pub added_by: Option<ActorId>,
    pub created_at: Ts,
}

impl PhotoRow {
    /// As far as its bytes are told apart.
    pub fn named(&self) -> Named {
        Named {
            media: self.media,
            storage_key: self.storage_key.clone(),
            thumbnail_key: self.thumbnail_key.clone(),
            sha256: self.sha256.clone(),
        }
    }
}

fn row_of(listing: ListingId, stored: &Stored, by: &By) -> Result<PhotoRow> {
    let Stored { media, key, thumbnail } = stored;
    let Size { bytes, width, height } = stored.size()?;
    Ok(PhotoRow {
        id: ListingPhotoId::fresh(),
        listing_id: listing,
        media: media.kind,
        storage_key: key.as_str().to_owned(),
        thumbnail_key: thumbnail.as_ref().map(|key| key.as_str().to_owned()),
        bytes,
        width,
        height,
        sha256: media.sha256.clone(),
        added_by: by.actor.map(ActorId),
        created_at: by.at,
    })
}

/// Writes a photo down. Sent again, because an answer was lost, it is the one that is there: the row names other keys then.
pub fn add(c: &mut Conn, listing: &ListingRow, stored: &Stored, by: &By) -> Result<PhotoRow> {
    let new = row_of(listing.id, stored, by)?;
    take_turn(c, listing.id)?;
    let all = photos::table.filter(photos::listing_id.eq(listing.id));
    let same = all.filter(photos::sha256.eq(&new.sha256));
    if let Some(there) = same.select(PhotoRow::as_select()).first(c).optional()? {
        return Ok(there);
    }
    may_show(listing.days().status_on(by.today), count(c, listing.id)?)?;
    storage::settle(c, &stored.keys())?;
    diesel::insert_into(photos::table).values(&new).execute(c)?;
    Ok(new)
}

/// Two photos at once may not both be the last that there is room for. SQLite's one writer has its turn already.
fn take_turn(c: &mut Conn, listing: ListingId) -> Result<()> {
    if let Either::Postgres(c) = c.either() {
        listings::table.find(listing).select(listings::version).for_update().first::<i32>(c)?;
    }
    Ok(())
}

/// The photos of an entry, oldest first.
pub fn list(c: &mut Conn, listing: ListingId, (after, fetch): (Option<ListingPhotoId>, i64)) -> Result<Vec<PhotoRow>> {
    let mut query = photos::table.into_boxed::<Backend>().filter(photos::listing_id.eq(listing));
    if let Some(after) = after {
        query = query.filter(photos::id.gt(after));
    }
    Ok(query.order(photos::id.asc()).limit(fetch).select(PhotoRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, listing: ListingId) -> Result<i64> {
    Ok(photos::table.filter(photos::listing_id.eq(listing)).count().get_result(c)?)
}

/// One photo of an entry.
pub fn find(c: &mut Conn, listing: ListingId, id: ListingPhotoId) -> Result<PhotoRow> {
    let one = photos::table.find(id).filter(photos::listing_id.eq(listing));
    Ok(one.select(PhotoRow::as_select()).first(c)?)
}

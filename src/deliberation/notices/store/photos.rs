//! 张贴照片: the rows; the bytes are in the storage under keys that the rows name.

use diesel::prelude::*;
use platform::attachments::{self, Named, Size, Stored};
use platform::db::{Conn, Either, Ts};
use platform::history::{ActorId, By};
use platform::media::MediaKind;
use platform::storage::{self, Key};
use platform::{Error, Result};

use super::notices::NoticeRow;
use crate::notices::dto::{NoticeId, NoticePhotoId, NoticeStanding};
use crate::notices::rules::NOT_PUBLISHED;
use crate::notices::rules::photos::check_room;
use crate::schema::{notice_photos as photos, notices};

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = photos, treat_none_as_default_value = false)]
pub struct PhotoRow {
    pub id: NoticePhotoId,
    pub notice_id: NoticeId,
    pub media: MediaKind,
    pub storage_key: String,
    pub thumbnail_key: Option<String>,
    pub bytes: i32,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub sha256: String,
    pub added_by: Option<ActorId>,
    pub removed_at: Option<Ts>,
    pub removed_by: Option<ActorId>,
    pub remove_reason: Option<String>,
    pub created_at: Ts,
}

impl PhotoRow {
    /// Under which its bytes are.
    pub fn keys(&self) -> Result<Vec<Key>> {
        attachments::keys(&self.storage_key, self.thumbnail_key.as_deref())
    }

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

/// What is over stays as it was shown.
pub fn check_standing(row: &NoticeRow) -> Result<()> {
    if row.status == NoticeStanding::Published { Ok(()) } else { Err((&NOT_PUBLISHED).into()) }
}

fn row_of(notice: NoticeId, stored: &Stored, by: &By) -> Result<PhotoRow> {
    let Stored { media, key, thumbnail } = stored;
    let Size { bytes, width, height } = stored.size()?;
    Ok(PhotoRow {
        id: NoticePhotoId::fresh(),
        notice_id: notice,
        media: media.kind,
        storage_key: key.as_str().to_owned(),
        thumbnail_key: thumbnail.as_ref().map(|key| key.as_str().to_owned()),
        bytes,
        width,
        height,
        sha256: media.sha256.clone(),
        added_by: by.actor.map(ActorId),
        removed_at: None,
        removed_by: None,
        remove_reason: None,
        created_at: by.at,
    })
}

/// Writes a photo down. Sent again, because an answer was lost, it is the one that is there: the row names other keys then.
pub fn add(c: &mut Conn, notice: &NoticeRow, stored: &Stored, by: &By) -> Result<PhotoRow> {
    let new = row_of(notice.id, stored, by)?;
    take_turn(c, notice.id)?;
    let standing = photos::table.filter(photos::notice_id.eq(notice.id).and(photos::removed_at.is_null()));
    let same = standing.filter(photos::sha256.eq(&new.sha256));
    if let Some(there) = same.select(PhotoRow::as_select()).first(c).optional()? {
        return Ok(there);
    }
    check_room(standing.count().get_result(c)?)?;
    storage::settle(c, &stored.keys())?;
    diesel::insert_into(photos::table).values(&new).execute(c)?;
    Ok(new)
}

/// Two photos at once may not both be the last that there is room for. SQLite's one writer has its turn already.
fn take_turn(c: &mut Conn, notice: NoticeId) -> Result<()> {
    if let Either::Postgres(c) = c.either() {
        notices::table.find(notice).select(notices::version).for_update().first::<i32>(c)?;
    }
    Ok(())
}

/// The photos of a notice, oldest first, those that were removed among them.
pub fn list(c: &mut Conn, notice: NoticeId, (after, fetch): (Option<NoticePhotoId>, i64)) -> Result<Vec<PhotoRow>> {
    let mut query = photos::table.into_boxed::<platform::db::Backend>().filter(photos::notice_id.eq(notice));
    if let Some(after) = after {
        query = query.filter(photos::id.gt(after));
    }
    Ok(query.order(photos::id.asc()).limit(fetch).select(PhotoRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, notice: NoticeId) -> Result<i64> {
    Ok(photos::table.filter(photos::notice_id.eq(notice)).count().get_result(c)?)
}

/// One photo of a notice.
pub fn find(c: &mut Conn, notice: NoticeId, id: NoticePhotoId) -> Result<PhotoRow> {
    let one = photos::table.find(id).filter(photos::notice_id.eq(notice));
    Ok(one.select(PhotoRow::as_select()).first(c)?)
}

/// One that has bytes still.
pub fn find_standing(c: &mut Conn, notice: NoticeId, id: NoticePhotoId) -> Result<PhotoRow> {
    let row = find(c, notice, id)?;
    if row.removed_at.is_some() { Err(Error::NotFound) } else { Ok(row) }
}

/// Says that a photo is no longer shown, and why; its hash stays. The bytes are for the caller to erase, whether this said so
/// now or an earlier call did.
pub fn remove(c: &mut Conn, row: &PhotoRow, reason: &str, by: &By) -> Result<PhotoRow> {
    let standing = photos::table.filter(photos::id.eq(row.id).and(photos::removed_at.is_null()));
    let gone = (
        photos::removed_at.eq(Some(by.at)),
        photos::removed_by.eq(by.actor.map(ActorId)),
        photos::remove_reason.eq(Some(reason)),
    );
    diesel::update(standing).set(gone).execute(c)?;
    find(c, row.notice_id, row.id)
}

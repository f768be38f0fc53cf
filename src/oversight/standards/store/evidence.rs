//! 佐证照片: the rows; the bytes are in the storage under keys that the rows name.

use diesel::prelude::*;
use platform::attachments::{self, Named, Size, Stored};
use platform::db::{Backend, Conn, Either, Ts};
use platform::history::{ActorId, By};
use platform::media::MediaKind;
use platform::storage::{self, Key};
use platform::{Error, Result};

use super::checklists::items_of;
use super::runs::RunRow;
use crate::schema::{check_evidence as evidence, check_runs as runs, checklist_items as items};
use crate::standards::dto::{CheckEvidenceId, CheckRunId, CheckRunStatus, ChecklistItemId};
use crate::standards::rules::checklists::check_room;
use crate::standards::rules::{ITEM_UNKNOWN, RUN_SUBMITTED};

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = evidence, treat_none_as_default_value = false)]
pub struct EvidenceRow {
    pub id: CheckEvidenceId,
    pub run_id: CheckRunId,
    pub item_id: ChecklistItemId,
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

impl EvidenceRow {
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

fn row_of((run, item): (CheckRunId, ChecklistItemId), stored: &Stored, by: &By) -> Result<EvidenceRow> {
    let Stored { media, key, thumbnail } = stored;
    let Size { bytes, width, height } = stored.size()?;
    Ok(EvidenceRow {
        id: CheckEvidenceId::fresh(),
        run_id: run,
        item_id: item,
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

/// A picture with the code of the item that it is for.
pub type Coded = (EvidenceRow, String);

/// Writes a picture down. Sent again, because an answer was lost, it is the one that is there: the row names other keys then.
pub fn add(c: &mut Conn, run: &RunRow, code: &str, stored: &Stored, by: &By) -> Result<Coded> {
    let items = items_of(c, run.checklist_id)?;
    let item = items.iter().find(|item| item.code == code).ok_or_else(|| ITEM_UNKNOWN.at("/item_code"))?;
    let new = row_of((run.id, item.id), stored, by)?;
    take_turn(c, run.id)?;
    let standing = evidence::table.filter(evidence::run_id.eq(run.id).and(evidence::removed_at.is_null()));
    let same = standing.filter(evidence::item_id.eq(item.id).and(evidence::sha256.eq(&new.sha256)));
    if let Some(there) = same.select(EvidenceRow::as_select()).first(c).optional()? {
        return Ok((there, code.to_owned()));
    }
    check_room(standing.count().get_result(c)?)?;
    storage::settle(c, &stored.keys())?;
    diesel::insert_into(evidence::table).values(&new).execute(c)?;
    Ok((new, code.to_owned()))
}

/// Two pictures at once may not both be the last that there is room for, nor come in while the check is submitted. SQLite's
/// one writer has its turn already.
fn take_turn(c: &mut Conn, run: CheckRunId) -> Result<()> {
    if let Either::Postgres(c) = c.either() {
        let status: CheckRunStatus = runs::table.find(run).select(runs::status).for_update().first(c)?;
        if status != CheckRunStatus::Draft {
            return Err((&RUN_SUBMITTED).into());
        }
    }
    Ok(())
}

/// The pictures of a check, oldest first, those that were removed among them.
pub fn list(c: &mut Conn, run: CheckRunId, (after, fetch): (Option<CheckEvidenceId>, i64)) -> Result<Vec<Coded>> {
    let mut query =
        evidence::table.inner_join(items::table.on(items::id.eq(evidence::item_id))).into_boxed::<Backend>();
    query = query.filter(evidence::run_id.eq(run));
    if let Some(after) = after {
        query = query.filter(evidence::id.gt(after));
    }
    Ok(query.order(evidence::id.asc()).limit(fetch).select((EvidenceRow::as_select(), items::code)).load(c)?)
}

pub fn count(c: &mut Conn, run: CheckRunId) -> Result<i64> {
    Ok(evidence::table.filter(evidence::run_id.eq(run)).count().get_result(c)?)
}

/// One picture of a check.
pub fn find(c: &mut Conn, run: CheckRunId, id: CheckEvidenceId) -> Result<Coded> {
    let one = evidence::table.find(id).filter(evidence::run_id.eq(run));
    let joined = one.inner_join(items::table.on(items::id.eq(evidence::item_id)));
    Ok(joined.select((EvidenceRow::as_select(), items::code)).first(c)?)
}

/// One that has bytes still.
pub fn find_standing(c: &mut Conn, run: CheckRunId, id: CheckEvidenceId) -> Result<EvidenceRow> {
    let (row, _) = find(c, run, id)?;
    if row.removed_at.is_some() { Err(Error::NotFound) } else { Ok(row) }
}

/// Says that a picture is no longer shown, and why; its hash stays. The bytes are for the caller to erase, whether this said so
/// now or an earlier call did.
pub fn remove(c: &mut Conn, row: &EvidenceRow, reason: &str, by: &By) -> Result<Coded> {
    let standing = evidence::table.filter(evidence::id.eq(row.id).and(evidence::removed_at.is_null()));
    let gone = (
        evidence::removed_at.eq(Some(by.at)),
        evidence::removed_by.eq(by.actor.map(ActorId)),
        evidence::remove_reason.eq(Some(reason)),
    );
    diesel::update(standing).set(gone).execute(c)?;
    find(c, row.run_id, row.id)
}

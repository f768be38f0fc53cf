//! 照片与文件: the rows; the bytes are in the storage under keys that the rows name.

use diesel::prelude::*;
use platform::attachments::{self, Named, Size, Stored};
use platform::db::{Conn, Either, Ts};
use platform::history::{ActorId, By};
use platform::media::MediaKind;
use platform::storage::{self, Key};
use platform::{Error, Result};
use registry::identity::AccountId;

use super::mine;
use super::rows::CaseRow;
use super::sight::Sight;
use crate::cases::dto::{CaseId, FileId, FilePurpose};
use crate::cases::rules::NOT_HANDLER;
use crate::cases::rules::files::{check_open, check_room};
use crate::cases::rules::machine::Party;
use crate::schema::{case_files as files, cases};

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = files, treat_none_as_default_value = false)]
pub struct FileRow {
    pub id: FileId,
    pub case_id: CaseId,
    pub purpose: FilePurpose,
    pub media: MediaKind,
    pub storage_key: String,
    pub thumbnail_key: Option<String>,
    pub bytes: i32,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub sha256: String,
    pub likeness: Option<String>,
    pub by_reporter: bool,
    /// `None` for the reporter, who is nobody by name here.
    pub added_by: Option<ActorId>,
    pub round: i32,
    pub removed_at: Option<Ts>,
    pub removed_by: Option<ActorId>,
    pub remove_reason: Option<String>,
    pub created_at: Ts,
}

impl FileRow {
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

/// A row as residents are told of it.
pub struct SeenByResident(pub FileRow);

/// Which side a file comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Reporter,
    Staff,
}

/// `Ok` where the caller is one of those who show this.
pub fn may_attach(sight: &Sight, row: &CaseRow, purpose: FilePurpose) -> Result<()> {
    check_open(row.status)?;
    if purpose == FilePurpose::Visit {
        return sight.stands(Party::Visitor, row);
    }
    let stands = [Party::Handler, Party::Desk].iter().any(|party| sight.stands(*party, row).is_ok());
    if stands { Ok(()) } else { Err((&NOT_HANDLER).into()) }
}

fn row_of(case: &CaseRow, (purpose, side): (FilePurpose, Side), stored: &Stored, by: &By) -> Result<FileRow> {
    let Stored { media, key, thumbnail } = stored;
    let Size { bytes, width, height } = stored.size()?;
    Ok(FileRow {
        id: FileId::fresh(),
        case_id: case.id,
        purpose,
        media: media.kind,
        storage_key: key.as_str().to_owned(),
        thumbnail_key: thumbnail.as_ref().map(|key| key.as_str().to_owned()),
        bytes,
        width,
        height,
        sha256: media.sha256.clone(),
        likeness: media.picture.as_ref().map(|picture| picture.likeness.clone()),
        by_reporter: side == Side::Reporter,
        added_by: by.actor.map(ActorId).filter(|_| side == Side::Staff),
        round: case.round,
        removed_at: None,
        removed_by: None,
        remove_reason: None,
        created_at: by.at,
    })
}

/// Writes a file down. Sent again, because an answer was lost, it is the one that is there: the row names other keys then.
pub fn add(c: &mut Conn, case: &CaseRow, what: (FilePurpose, Side), stored: &Stored, by: &By) -> Result<FileRow> {
    let new = row_of(case, what, stored, by)?;
    take_turn(c, case.id)?;
    let standing = files::table
        .filter(files::case_id.eq(case.id).and(files::round.eq(case.round)).and(files::removed_at.is_null()));
    let side = standing.filter(files::by_reporter.eq(new.by_reporter));
    let same = side.filter(files::purpose.eq(new.purpose).and(files::sha256.eq(&new.sha256)));
    if let Some(there) = same.select(FileRow::as_select()).first(c).optional()? {
        return Ok(there);
    }
    check_room(new.by_reporter, side.count().get_result(c)?)?;
    storage::settle(c, &stored.keys())?;
    diesel::insert_into(files::table).values(&new).execute(c)?;
    Ok(new)
}

/// Two files at once may not both be the last that there is room for. SQLite's one writer has its turn already.
fn take_turn(c: &mut Conn, case: CaseId) -> Result<()> {
    if let Either::Postgres(c) = c.either() {
        cases::table.find(case).select(cases::version).for_update().first::<i32>(c)?;
    }
    Ok(())
}

/// The files of a case, oldest first, those that were removed among them.
pub fn of_case(c: &mut Conn, case: CaseId, (after, fetch): (Option<FileId>, i64)) -> Result<Vec<FileRow>> {
    let mut query = files::table.into_boxed::<platform::db::Backend>().filter(files::case_id.eq(case));
    if let Some(after) = after {
        query = query.filter(files::id.gt(after));
    }
    Ok(query.order(files::id.asc()).limit(fetch).select(FileRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, case: CaseId) -> Result<i64> {
    Ok(files::table.filter(files::case_id.eq(case)).count().get_result(c)?)
}

/// What residents see of a case's files: its reporter all that stands, those who joined it what shows the work.
macro_rules! told {
    ($case:expr, $own:expr) => {{
        let shown = files::by_reporter.eq(false).and(files::purpose.eq_any([FilePurpose::Before, FilePurpose::After]));
        let mut query = files::table.into_boxed::<platform::db::Backend>();
        query = query.filter(files::case_id.eq($case).and(files::removed_at.is_null()));
        if !$own {
            query = query.filter(shown);
        }
        query
    }};
}

pub fn of_mine(
    c: &mut Conn,
    (case, own): (CaseId, bool),
    (after, fetch): (Option<FileId>, i64),
) -> Result<Vec<SeenByResident>> {
    let mut query = told!(case, own);
    if let Some(after) = after {
        query = query.filter(files::id.gt(after));
    }
    let rows = query.order(files::id.asc()).limit(fetch).select(FileRow::as_select()).load(c)?;
    Ok(rows.into_iter().map(SeenByResident).collect())
}

pub fn count_mine(c: &mut Conn, case: CaseId, own: bool) -> Result<i64> {
    Ok(told!(case, own).count().get_result(c)?)
}

/// One file of a case.
pub fn find(c: &mut Conn, case: CaseId, id: FileId) -> Result<FileRow> {
    let one = files::table.find(id).filter(files::case_id.eq(case));
    Ok(one.select(FileRow::as_select()).first(c)?)
}

/// One that has bytes still.
pub fn find_standing(c: &mut Conn, case: CaseId, id: FileId) -> Result<FileRow> {
    let row = find(c, case, id)?;
    if row.removed_at.is_some() { Err(Error::NotFound) } else { Ok(row) }
}

/// The same for a resident who reported or joined the case.
pub fn find_mine(c: &mut Conn, account: AccountId, case: CaseId, id: FileId) -> Result<FileRow> {
    let own = mine::reported(c, account, case)?;
    Ok(told!(case, own).filter(files::id.eq(id)).select(FileRow::as_select()).first(c)?)
}

/// Says that a file is no longer shown, and why; its hash stays. The bytes are for the caller to erase, whether this said
/// so now or an earlier call did.
pub fn remove(c: &mut Conn, row: &FileRow, reason: &str, by: &By) -> Result<FileRow> {
    let standing = files::table.filter(files::id.eq(row.id).and(files::removed_at.is_null()));
    let gone = (
        files::removed_at.eq(Some(by.at)),
        files::removed_by.eq(by.actor.map(ActorId)),
        files::remove_reason.eq(Some(reason)),
    );
    diesel::update(standing).set(gone).execute(c)?;
    find(c, row.case_id, row.id)
}

//! How far an import has come, kept with what it wrote.

use diesel::prelude::*;
use platform::db::{Conn, Ts};
use platform::{Result, id};

use crate::schema::import_runs as runs;
use crate::territory::import::Counts;

id!(
    /// 导入编号
    RunId
);

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = runs, treat_none_as_default_value = false)]
pub struct RunRow {
    pub id: RunId,
    pub kind: String,
    pub file_hash: String,
    pub rows_read: i64,
    pub inserted: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub closed: i64,
    pub rejected: i64,
    pub started_at: Ts,
    pub updated_at: Ts,
    pub finished_at: Option<Ts>,
}

impl RunRow {
    pub fn counts(&self) -> Counts {
        Counts {
            read: self.rows_read,
            inserted: self.inserted,
            changed: self.changed,
            unchanged: self.unchanged,
            closed: self.closed,
            rejected: self.rejected,
        }
    }
}

/// The unfinished run of this very file, or a new one.
pub fn resume_or_start(c: &mut Conn, kind: &str, file_hash: &str, now: Ts) -> Result<RunRow> {
    let open = runs::table
        .filter(runs::kind.eq(kind).and(runs::file_hash.eq(file_hash)).and(runs::finished_at.is_null()))
        .select(RunRow::as_select())
        .first(c)
        .optional()?;
    if let Some(run) = open {
        return Ok(run);
    }
    let run = RunRow {
        id: RunId::fresh(),
        kind: kind.to_owned(),
        file_hash: file_hash.to_owned(),
        rows_read: 0,
        inserted: 0,
        changed: 0,
        unchanged: 0,
        closed: 0,
        rejected: 0,
        started_at: now,
        updated_at: now,
        finished_at: None,
    };
    diesel::insert_into(runs::table).values(&run).execute(c)?;
    Ok(run)
}

/// Notes how far the run is, in the transaction of the rows themselves.
pub fn advance(c: &mut Conn, run: RunId, counts: &Counts, now: Ts, finished: bool) -> Result<()> {
    diesel::update(runs::table.find(run))
        .set((
            runs::rows_read.eq(counts.read),
            runs::inserted.eq(counts.inserted),
            runs::changed.eq(counts.changed),
            runs::unchanged.eq(counts.unchanged),
            runs::closed.eq(counts.closed),
            runs::rejected.eq(counts.rejected),
            runs::updated_at.eq(now),
            runs::finished_at.eq(finished.then_some(now)),
        ))
        .execute(c)?;
    Ok(())
}

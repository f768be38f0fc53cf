//! SQLite's write-ahead log, written back into the database beside the writer. Left to itself SQLite does that within the
//! commit that makes the log long: whoever commits then waits for the disk, and everybody behind them.

use std::sync::{Mutex, PoisonError};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::{Conn, Manager};
use crate::error::{Error, Result};

/// Pages, of 4 KiB, beyond which the log is begun anew, for which the writer has to pause.
const LONG: i32 = 4_000;

pub(super) struct Log {
    manager: Manager,
    /// A connection of its own: the writer's would wait for the disk.
    conn: Mutex<Option<Conn>>,
}

#[derive(QueryableByName)]
struct Checkpoint {
    /// Pages in the log.
    #[diesel(sql_type = Integer)]
    log: i32,
}

impl Log {
    pub fn of(manager: Manager) -> Self {
        Self { manager, conn: Mutex::new(None) }
    }

    /// Writes back what it can without anybody's waiting; whether the log has become so long that it should be begun anew.
    pub fn write_back(&self) -> Result<bool> {
        Ok(self.checkpoint("PRAGMA wal_checkpoint(PASSIVE)")? > LONG)
    }

    /// Writes back the rest and begins the log anew, while nobody writes. Where a reader is still at its end it goes on as
    /// it is, and the next call tries again.
    pub fn begin_anew(&self) -> Result<()> {
        self.checkpoint("PRAGMA wal_checkpoint(RESTART)").map(|_| ())
    }

    fn checkpoint(&self, statement: &str) -> Result<i32> {
        let mut held = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        let conn = match held.as_mut() {
            Some(conn) => conn,
            None => held.insert(self.open()?),
        };
        let state = diesel::sql_query(statement).get_result::<Checkpoint>(conn);
        if state.is_err() {
            *held = None;
        }
        Ok(state?.log)
    }

    fn open(&self) -> Result<Conn> {
        let mut conn = self.manager.open().map_err(Error::internal)?;
        // The writer waits while this does.
        conn.batch_execute("PRAGMA busy_timeout=20; PRAGMA cache_size=-64")?;
        Ok(conn)
    }
}

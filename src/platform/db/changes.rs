//! Whether anything was committed since: what lets an answer be known to be still true without reading it again.
//!
//! What this process commits counts at once. What others commit is seen by looking at a mark that the engine keeps anyway,
//! a few times a second: SQLite's `data_version`, PostgreSQL's snapshot (of the replica where reads go to one). So a
//! poller may be told "not modified" for as long as [`STALE`] after somebody else's commit, as if it had asked that much
//! earlier, and never after a commit of the process that it talks to.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use tokio::sync::Notify;

use super::{Conn, Either, Manager};
use crate::error::{Error, Result};

/// A look that is older than this says nothing any more.
const STALE: Duration = Duration::from_secs(1);

pub(super) struct Changes {
    number: AtomicU64,
    /// Wakes the one who waits for the next change; what comes while nobody waits is kept for the next.
    news: Notify,
    /// Milliseconds from `begun` to the last look, and one; 0 where there was none.
    looked: AtomicU64,
    begun: Instant,
    watcher: Mutex<Watcher>,
}

/// A connection of its own: `data_version` tells a connection what *others* have committed.
struct Watcher {
    manager: Manager,
    conn: Option<Conn>,
    mark: Option<String>,
}

#[derive(QueryableByName)]
struct DataVersion {
    #[diesel(sql_type = BigInt)]
    data_version: i64,
}

#[derive(QueryableByName)]
struct Snapshot {
    #[diesel(sql_type = Text)]
    snapshot: String,
}

impl Changes {
    pub fn of(manager: Manager) -> Self {
        let watcher = Mutex::new(Watcher { manager, conn: None, mark: None });
        Self {
            number: AtomicU64::new(0),
            news: Notify::new(),
            looked: AtomicU64::new(0),
            begun: Instant::now(),
            watcher,
        }
    }

    pub fn happened(&self) {
        self.number.fetch_add(1, Ordering::Release);
        self.news.notify_one();
    }

    pub async fn next(&self) {
        self.news.notified().await;
    }

    /// How often something was committed here, or seen to have been elsewhere.
    pub fn so_far(&self) -> u64 {
        self.number.load(Ordering::Acquire)
    }

    pub fn number(&self) -> Option<u64> {
        let looked = Duration::from_millis(self.looked.load(Ordering::Acquire).checked_sub(1)?);
        let fresh = self.begun.elapsed().saturating_sub(looked) < STALE;
        fresh.then(|| self.so_far())
    }

    pub fn look(&self) -> Result<()> {
        let at = self.begun.elapsed();
        let mut watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = watcher.look();
        if seen.as_ref().ok() != watcher.mark.as_ref() {
            self.happened();
        }
        watcher.mark = seen.as_ref().ok().cloned();
        if seen.is_err() {
            watcher.conn = None;
        }
        let looked = if seen.is_ok() { u64::try_from(at.as_millis()).unwrap_or(0) + 1 } else { 0 };
        self.looked.store(looked, Ordering::Release);
        seen.map(drop)
    }
}

impl Watcher {
    fn look(&mut self) -> Result<String> {
        let conn = match &mut self.conn {
            Some(conn) => conn,
            none => none.insert(self.manager.open().map_err(Error::internal)?),
        };
        let mark = match conn.either() {
            Either::Sqlite(c) => diesel::sql_query("PRAGMA data_version")
                .get_result::<DataVersion>(c)
                .map(|row| row.data_version.to_string())?,
            Either::Postgres(c) => diesel::sql_query("SELECT pg_current_snapshot()::text AS snapshot")
                .get_result::<Snapshot>(c)
                .map(|row| row.snapshot)?,
        };
        Ok(mark)
    }
}

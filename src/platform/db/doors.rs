//! `read` and `write`. Work queues for the blocking threads, of which there are as many as connections (`app::serve`), so a
//! thread that has one finds a connection free and goes from one request to the next without going to sleep. SQLite's writer
//! has a thread of its own.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::r2d2::Pool;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::changes::Changes;
use super::log::Log;
use super::writer::Writer;
use super::{Conn, Engine, Manager, transaction};
use crate::aside::Aside;
use crate::error::{Error, Result};

/// How long a request waits for its turn before it is answered 503.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// PostgreSQL may ask to run a transaction again; more often than this is a fault of ours.
const ATTEMPTS: usize = 4;

/// Waiting for the disk is nothing for the threads that requests need.
static LOG_KEEPER: LazyLock<Aside> = LazyLock::new(|| Aside::new("log", 1));

/// Connections per process.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    /// Readers on SQLite, all connections on PostgreSQL.
    pub pool: u32,
    /// Connections to the read replica, where there is one.
    pub read_pool: u32,
}

#[derive(Debug)]
pub struct OpenError(pub String);

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OpenError {}

fn open_pool(manager: Manager, size: u32) -> Result<Pool<Manager>, OpenError> {
    // One connection by hand first: r2d2 would retry a wrong password for half a minute and then say "timed out".
    manager.open().map_err(|e| OpenError(format!("cannot open the database: {e}")))?;
    Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .test_on_check_out(false)
        .connection_timeout(PATIENCE)
        .build(manager)
        .map_err(|e| OpenError(format!("cannot open the database: {e}")))
}

type ReadWork<T = ()> = Box<dyn FnOnce(&mut Conn) -> Result<T> + Send>;
/// What a transaction does; it may do it more than once.
pub type WriteWork<T = ()> = Box<dyn Fn(&mut Conn) -> Result<T> + Send>;

/// What SQLite has beside its pools.
struct Sqlite {
    /// Whoever writes queues here.
    writer: Writer,
    log: Log,
    /// [`Changes::so_far`] when the log was written back last.
    written_back: AtomicU64,
}

struct Doors {
    engine: Engine,
    changes: Arc<Changes>,
    readers: Pool<Manager>,
    /// SQLite: the one writer. PostgreSQL: `None` where reads go to the same pool.
    writers: Option<Pool<Manager>>,
    sqlite: Option<Sqlite>,
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Doors>);

impl Db {
    /// Opens the pools; `read_url` is a PostgreSQL replica for reads.
    pub fn open(url: &str, read_url: Option<&str>, sizes: Sizes) -> Result<Self, OpenError> {
        let manager = Manager::new(url).map_err(OpenError)?;
        let engine = manager.engine;
        let watched = match read_url {
            Some(replica) => Manager::new(replica).map_err(OpenError)?,
            None => manager.clone(),
        };
        let (log, changes) = (Log::of(manager.clone()), Arc::new(Changes::of(watched)));
        let (readers, writers) = match (engine, read_url) {
            (Engine::Sqlite, Some(_)) => {
                return Err(OpenError("DATABASE_READ_URL needs a PostgreSQL DATABASE_URL".into()));
            }
            (Engine::Sqlite, None) => {
                let writer = open_pool(manager.clone(), 1)?;
                (open_pool(manager, sizes.pool)?, Some(writer))
            }
            (Engine::Postgres, None) => (open_pool(manager, sizes.pool)?, None),
            (Engine::Postgres, Some(replica)) => {
                let replica = Manager::new(replica).map_err(OpenError)?;
                (open_pool(replica, sizes.read_pool)?, Some(open_pool(manager, sizes.pool)?))
            }
        };
        let sqlite = match (engine, &writers) {
            (Engine::Sqlite, Some(pool)) => {
                let writer = Writer::start(pool.clone(), changes.clone())?;
                Some(Sqlite { writer, log, written_back: AtomicU64::new(0) })
            }
            _ => None,
        };
        Ok(Self(Arc::new(Doors { engine, changes, readers, writers, sqlite })))
    }

    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// A number that has changed if any row has since it was last asked for; `None` where nobody watches. See [`Changes`].
    pub fn changes(&self) -> Option<u64> {
        self.0.changes.number()
    }

    /// Waits until something is committed here, or seen to have been elsewhere. One task of the process may wait: what
    /// comes while it does not is told at its next call.
    pub async fn changed(&self) {
        self.0.changes.next().await;
    }

    /// Looks whether another process has committed anything. To be called several times a second.
    pub async fn watch(&self) -> Result<()> {
        let db = self.clone();
        block(Box::new(move || db.0.changes.look())).await
    }

    /// Connections in use and open, for the metrics.
    pub fn pool_state(&self) -> (u32, u32) {
        let state = self.0.readers.state();
        (state.connections - state.idle_connections, state.connections)
    }

    fn writers(&self) -> &Pool<Manager> {
        self.0.writers.as_ref().unwrap_or(&self.0.readers)
    }

    /// Writes SQLite's log back beside the writer, which pauses only where the log has become long. To be called several
    /// times a second; nothing to do on PostgreSQL, and where nothing was committed since.
    pub async fn write_back(&self) -> Result<()> {
        let Some(sqlite) = &self.0.sqlite else { return Ok(()) };
        let so_far = self.0.changes.so_far();
        if sqlite.written_back.swap(so_far, Ordering::AcqRel) == so_far {
            return Ok(());
        }
        // Twice, because the first round takes as long as the disk, and the log grows meanwhile.
        if self.clone().check_log().await? && self.clone().check_log().await? {
            let db = self.clone();
            let rest = move || db.0.sqlite.as_ref().map_or(Ok(()), |sqlite| sqlite.log.begin_anew());
            sqlite.writer.pause(Box::new(rest)).await?;
        }
        Ok(())
    }

    async fn check_log(self) -> Result<bool> {
        LOG_KEEPER.run(move || self.0.sqlite.as_ref().map_or(Ok(false), |sqlite| sqlite.log.write_back())).await
    }

    /// Rows as they stand, from a replica where there is one. No transaction: a reader that needs one asks for `write`.
    pub fn read<T, F>(&self, work: F) -> impl Future<Output = Result<T>>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.read_boxed(Box::new(work))
    }

    async fn read_boxed<T: Send + 'static>(&self, work: ReadWork<T>) -> Result<T> {
        let (outcome, leave) = place();
        self.read_erased(Box::new(move |c| leave(work(c)?))).await?;
        outcome.taken()
    }

    /// One row by its key, or one page straight off an index. SQLite finds these in less time than handing the work to
    /// another thread takes, so there it is read on the caller's thread, where a connection is free; a search or a sum
    /// belongs into `read`.
    pub async fn glance<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let here = (self.0.engine == Engine::Sqlite).then(|| self.0.readers.try_get()).flatten();
        match here {
            Some(mut conn) => work(&mut conn),
            None => self.read(work).await,
        }
    }

    /// What a transaction has to know of rows that hardly ever change, read before it queues for SQLite's one writer, who is
    /// then sooner free for the next. `None` on PostgreSQL, where nobody queues and a replica may be behind, and where it
    /// did not work out: the transaction then looks for itself.
    pub fn beforehand<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Option<T> {
        let mut conn = (self.0.engine == Engine::Sqlite).then(|| self.0.readers.try_get()).flatten()?;
        work(&mut conn).ok()
    }

    /// One transaction; an error or a panic inside rolls it back. Runs again where PostgreSQL asks for it, so the
    /// closure may not consume what it captured. No network, no mail, no password hashing inside.
    pub fn write<T, F>(&self, work: F) -> impl Future<Output = Result<T>>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.write_boxed(Box::new(work))
    }

    async fn write_boxed<T: Send + 'static>(&self, work: WriteWork<T>) -> Result<T> {
        let (outcome, leave) = place();
        self.write_erased(Box::new(move |c| leave(work(c)?))).await?;
        outcome.taken()
    }

    async fn read_erased(&self, work: ReadWork) -> Result<()> {
        let pool = self.0.readers.clone();
        block(Box::new(move || work(&mut *pool.get().map_err(|_| Error::Busy)?))).await
    }

    async fn write_erased(&self, work: WriteWork) -> Result<()> {
        if let Some(sqlite) = &self.0.sqlite {
            return sqlite.writer.write(work).await;
        }
        let (db, pool) = (self.clone(), self.writers().clone());
        block(Box::new(move || {
            let mut conn = pool.get().map_err(|_| Error::Busy)?;
            let mut attempt = 1;
            loop {
                match transaction(&mut conn, &work) {
                    Err(Error::Internal(cause)) if attempt < ATTEMPTS && may_retry(cause.as_ref()) => attempt += 1,
                    outcome => {
                        db.0.changes.happened();
                        return outcome;
                    }
                }
            }
        }))
        .await
    }

    /// One transaction on the caller's thread, tried once: for the command line, which has no async runtime to stall.
    pub fn write_now<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let mut conn = self.writers().get().map_err(|_| Error::Busy)?;
        let outcome = transaction(&mut conn, work);
        self.0.changes.happened();
        outcome
    }

    /// A connection outside any transaction, on the caller's thread: migrations and checks at start.
    pub fn with_writer<T>(&self, work: impl FnOnce(&mut Conn) -> T) -> Result<T> {
        let outcome = work(&mut *self.writers().get().map_err(|_| Error::Busy)?);
        self.0.changes.happened();
        Ok(outcome)
    }
}

/// Where work that is handed to another thread leaves what it made. The work itself travels without its type: the
/// machinery behind [`block`] would otherwise be compiled anew for each of the several hundred pieces of work there are.
struct Outcome<T>(Arc<Mutex<Option<T>>>);

impl<T> Outcome<T> {
    fn taken(self) -> Result<T> {
        let value = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        value.ok_or_else(|| Error::internal("the work left no outcome"))
    }
}

/// A place for an outcome, and what leaves one there.
fn place<T>() -> (Outcome<T>, impl Fn(T) -> Result<()>) {
    let place = Arc::new(Mutex::new(None));
    let there = place.clone();
    let leave = move |value| {
        *there.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        Ok(())
    };
    (Outcome(place), leave)
}

#[expect(clippy::disallowed_methods, reason = "the one place that hands work to the blocking threads")]
async fn block(work: Box<dyn FnOnce() -> Result<()> + Send>) -> Result<()> {
    let since = Instant::now();
    // What has waited too long is not worth a query any more: its caller is about to give up.
    let in_time = move || if since.elapsed() > PATIENCE { Err(Error::Busy) } else { work() };
    actix_web::web::block(in_time).await.map_err(Error::internal)?
}

/// Hands work to the blocking threads, where it goes on whoever leaves.
#[expect(clippy::disallowed_methods, reason = "beside `block`, the one place that does")]
pub(super) fn begin(work: Box<dyn FnOnce() + Send>) {
    drop(actix_web::web::block(work));
}

fn may_retry(cause: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    match cause.downcast_ref::<DieselError>() {
        Some(DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
        Some(DieselError::DatabaseError(_, info)) => info.message().contains("deadlock detected"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;
    use diesel::prelude::*;

    use super::super::{rehearse, savepoint};
    use super::*;

    diesel::table! {
        counters (id) {
            id -> Integer,
            n -> Integer,
        }
    }

    fn database() -> (tempfile::TempDir, Db) {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}/doors.db", folder.path().display());
        let db = Db::open(&url, None, Sizes { pool: 2, read_pool: 1 }).expect("opens");
        let made = db.with_writer(|c| {
            c.batch_execute("CREATE TABLE counters (id INTEGER PRIMARY KEY, n INTEGER NOT NULL); INSERT INTO counters VALUES (1, 0)")
        });
        made.expect("a writer").expect("a table");
        (folder, db)
    }

    fn add_one(c: &mut Conn) -> Result<()> {
        let n: i32 = counters::table.find(1).select(counters::n).first(c)?;
        diesel::update(counters::table.find(1)).set(counters::n.eq(n + 1)).execute(c)?;
        Ok(())
    }

    async fn value(db: &Db) -> i32 {
        db.read(|c| Ok(counters::table.find(1).select(counters::n).first(c)?)).await.expect("a value")
    }

    #[actix_web::test]
    async fn forty_writers_at_once_lose_nothing() {
        let (_folder, db) = database();
        let writers = (0..40).map(|_| db.write(add_one));
        let outcomes = futures_util::future::join_all(writers).await;
        assert!(outcomes.iter().all(Result::is_ok));
        assert_eq!(value(&db).await, 40);
    }

    #[actix_web::test]
    async fn an_error_and_a_panic_leave_no_trace_and_a_usable_connection() {
        let (_folder, db) = database();
        let failed = db.write(|c| add_one(c).and(Err::<(), _>(Error::NotFound))).await;
        assert!(matches!(failed, Err(Error::NotFound)));
        let panicked = db
            .write(|c| -> Result<()> {
                add_one(c)?;
                panic!("the test's own")
            })
            .await;
        assert!(matches!(panicked, Err(Error::Internal(_))));
        assert_eq!(value(&db).await, 0);
        db.write(add_one).await.expect("the writer still writes");
        assert_eq!(value(&db).await, 1);
    }

    #[actix_web::test]
    async fn a_savepoint_fails_alone_and_a_rehearsal_keeps_nothing() {
        let (_folder, db) = database();
        let work = |c: &mut Conn| {
            add_one(c)?;
            let alone = savepoint(c, |c| add_one(c).and(Err::<(), _>(Error::NotFound)));
            assert!(alone.is_err());
            add_one(c)
        };
        db.with_writer(|c| rehearse(c, work)).expect("a writer").expect("rehearsed");
        assert_eq!(value(&db).await, 0);
        db.with_writer(|c| transaction(c, work)).expect("a writer").expect("done");
        assert_eq!(value(&db).await, 2);
    }
}

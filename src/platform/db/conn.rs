//! One connection type over both engines, and how each is opened.

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::sqlite::SqliteConnection;
use diesel::{Connection, ConnectionError};

use super::engines::Either;
use super::touched::Touched;

/// A connection to either engine. Every statement reaches diesel through it as one type ([`super::statement`]).
pub struct Conn(pub(super) Either, pub(super) Touched);

impl Conn {
    /// For what only one engine can be asked, or each in its own way.
    pub fn either(&mut self) -> &mut Either {
        &mut self.0
    }

    pub fn engine(&self) -> Engine {
        match self.0 {
            Either::Postgres(_) => Engine::Postgres,
            Either::Sqlite(_) => Engine::Sqlite,
        }
    }
}

/// The same query, compiled for each engine: for upserts, batch inserts and `as_returning`, which the combined backend
/// cannot express.
#[macro_export]
macro_rules! on_each {
    ($conn:ident => $query:expr) => {
        match $conn.either() {
            $crate::db::Either::Postgres($conn) => $query,
            $crate::db::Either::Sqlite($conn) => $query,
        }
    };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Postgres,
    Sqlite,
}

/// Opens connections for r2d2; the engine is chosen by the URL's scheme, never by trying.
#[derive(Debug, Clone)]
pub struct Manager {
    pub engine: Engine,
    target: String,
}

// busy_timeout first: the pragmas after it may themselves have to wait for another process. The log is written back by
// `Db::write_back`; the checkpoint at a commit is for who has no task that calls it, and for when that falls behind.
// All of the file is mapped: what is not goes through a connection's own 8 MB, page by page (docs/performance.md).
const SQLITE_PRAGMAS: &str = "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; \
    PRAGMA foreign_keys=ON; PRAGMA mmap_size=68719476736; PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY; \
    PRAGMA wal_autocheckpoint=16000";

// A request waits at most this long for a statement, a lock or an abandoned transaction; then it is answered 503. No statement
// of ours is long enough to be worth compiling: where the planner guesses too many rows that takes longer than the statement. And
// what lies scattered costs about as much as what lies in order, on any disk of today: with the default, which is for others, a
// month of a province's counts is looked for in all there are.
const POSTGRES_SETTINGS: &str = "SET statement_timeout='30s'; SET lock_timeout='5s'; \
    SET idle_in_transaction_session_timeout='60s'; SET timezone='UTC'; SET jit=off; \
    SET random_page_cost=1.1";

impl Manager {
    /// `sqlite://path/to/file.db` or `postgres://…`; anything else is refused with a line that says so.
    pub fn new(url: &str) -> Result<Self, String> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self { engine: Engine::Postgres, target: url.to_owned() });
        }
        match url.strip_prefix("sqlite://") {
            Some("") => Err("DATABASE_URL names no file after sqlite://".into()),
            Some(path) => Ok(Self { engine: Engine::Sqlite, target: path.to_owned() }),
            None => Err("DATABASE_URL must start with sqlite:// or postgres://".into()),
        }
    }

    /// The file behind a SQLite URL.
    pub fn sqlite_path(&self) -> Option<&str> {
        (self.engine == Engine::Sqlite).then_some(self.target.as_str())
    }

    pub fn open(&self) -> Result<Conn, ConnectionError> {
        let (mut conn, settings) = match self.engine {
            Engine::Postgres => (Either::Postgres(PgConnection::establish(&self.target)?), POSTGRES_SETTINGS),
            Engine::Sqlite => (Either::Sqlite(SqliteConnection::establish(&self.target)?), SQLITE_PRAGMAS),
        };
        conn.batch_execute(settings).map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(Conn(conn, Touched::default()))
    }
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Conn, Self::Error> {
        self.open().map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        conn.0.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        conn.0.is_broken()
    }
}

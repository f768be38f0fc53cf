//! A database per test: a copy of a migrated SQLite file, or a schema on the PostgreSQL server.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use platform::db::{Db, Manager, Sizes};
use tempfile::TempDir;

/// Connections of a pool.
pub const POOL: u32 = 4;
const SIZES: Sizes = Sizes { pool: POOL, read_pool: 1 };

pub struct TestDatabase {
    pub url: String,
    folder: TempDir,
    /// The server and the schema to drop, on PostgreSQL.
    schema: Option<(String, String)>,
}

impl TestDatabase {
    /// Without any tables.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        match std::env::var("TEST_DATABASE_URL") {
            Ok(server) => Self::schema_on(server, folder),
            Err(_) => {
                let url = format!("sqlite://{}/test.db", folder.path().display());
                Self { url, folder, schema: None }
            }
        }
    }

    fn schema_on(server: String, folder: TempDir) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let schema = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        run_on(&server, &format!("CREATE SCHEMA {schema}"));
        let joint = if server.contains('?') { '&' } else { '?' };
        Self { url: format!("{server}{joint}options=-csearch_path%3D{schema}"), folder, schema: Some((server, schema)) }
    }

    /// With every table, empty.
    pub fn migrated() -> Self {
        let database = Self::empty();
        if database.schema.is_some() {
            red_steward::migrate::run(&database.open()).expect("migrations run");
        } else {
            std::fs::copy(template(), database.folder.path().join("test.db")).expect("a copy of the template");
        }
        database
    }

    /// As `fill` leaves it: made once a process and copied, or, on PostgreSQL, made for each.
    pub fn filled(made: &OnceLock<PathBuf>, name: &str, fill: impl FnOnce(&Self)) -> Self {
        let database = Self::migrated();
        if database.schema.is_some() {
            fill(&database);
            return database;
        }
        let file = made.get_or_init(|| {
            fill(&database);
            let file = std::env::temp_dir().join(format!("red-steward-{name}-{}.db", std::process::id()));
            checkpoint(&database.open());
            std::fs::copy(database.folder.path().join("test.db"), &file).expect("a copy");
            file
        });
        let copy = Self::empty();
        std::fs::copy(file, copy.folder.path().join("test.db")).expect("a copy of the filled one");
        copy
    }

    pub fn open(&self) -> Db {
        Db::open(&self.url, None, SIZES).expect("the database opens")
    }

    /// Where the files of this database's rows are.
    pub fn files(&self) -> PathBuf {
        self.folder.path().join("files")
    }

    pub fn is_postgres(&self) -> bool {
        self.schema.is_some()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some((server, schema)) = &self.schema {
            run_on(server, &format!("DROP SCHEMA {schema} CASCADE"));
        }
    }
}

fn run_on(server: &str, sql: &str) {
    let manager = Manager::new(server).expect("TEST_DATABASE_URL is a PostgreSQL URL");
    manager.open().expect("the PostgreSQL server answers").batch_execute(sql).expect("the statement runs");
}

/// The migrated file that SQLite tests copy; made once a process.
fn template() -> &'static PathBuf {
    static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let path = std::env::temp_dir().join(format!("red-steward-template-{}.db", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let db = Db::open(&format!("sqlite://{}", path.display()), None, SIZES).expect("the template opens");
        red_steward::migrate::run(&db).expect("migrations run");
        checkpoint(&db);
        path
    })
}

/// Into the one file that is copied.
fn checkpoint(db: &Db) {
    db.with_writer(|c| c.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").expect("checkpoint")).expect("writer");
}

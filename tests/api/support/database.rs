//! A database per test, copied from one that has all its tables: a file on SQLite, a database on the PostgreSQL server.

use std::path::PathBuf;
use std::sync::OnceLock;

use diesel::connection::SimpleConnection;
use platform::db::{Db, Sizes};
use tempfile::TempDir;

use super::server::OnServer;

/// Connections of a pool.
pub const POOL: u32 = 4;
const SIZES: Sizes = Sizes { pool: POOL, read_pool: 1 };

pub struct TestDatabase {
    pub url: String,
    folder: TempDir,
    /// Where it is to be dropped, on PostgreSQL.
    on_server: Option<OnServer>,
}

/// A database that others are copied from. It is kept as long as the process runs.
pub struct Template(TestDatabase);

impl TestDatabase {
    /// Without any tables.
    pub fn empty() -> Self {
        Self::on(OnServer::empty())
    }

    /// With every table, empty.
    pub fn migrated() -> Self {
        static MIGRATED: OnceLock<Template> = OnceLock::new();
        let template = MIGRATED.get_or_init(|| {
            let database = Self::empty();
            red_steward::migrate::run(&database.open()).expect("migrations run");
            database.into_template()
        });
        template.copy()
    }

    /// As `fill` leaves it: made once a process and copied.
    pub fn filled(made: &OnceLock<Template>, fill: impl FnOnce(&Self)) -> Self {
        let template = made.get_or_init(|| {
            let database = Self::migrated();
            fill(&database);
            database.into_template()
        });
        template.copy()
    }

    fn on(on_server: Option<OnServer>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = match &on_server {
            Some(held) => held.url(),
            None => format!("sqlite://{}", file_in(&folder).display()),
        };
        Self { url, folder, on_server }
    }

    fn into_template(self) -> Template {
        match &self.on_server {
            Some(held) => held.close(),
            // Into the one file that is copied.
            None => {
                let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
                self.open().with_writer(|c| c.batch_execute(checkpoint).expect("checkpoint")).expect("writer");
            }
        }
        Template(self)
    }

    pub fn open(&self) -> Db {
        Db::open(&self.url, None, SIZES).expect("the database opens")
    }

    /// Where the files of this database's rows are.
    pub fn files(&self) -> PathBuf {
        self.folder.path().join("files")
    }

    pub fn is_postgres(&self) -> bool {
        self.on_server.is_some()
    }
}

impl Template {
    fn copy(&self) -> TestDatabase {
        let copy = TestDatabase::on(self.0.on_server.as_ref().map(OnServer::copy));
        if !copy.is_postgres() {
            std::fs::copy(file_in(&self.0.folder), file_in(&copy.folder)).expect("a copy of the template");
        }
        copy
    }
}

fn file_in(folder: &TempDir) -> PathBuf {
    folder.path().join("test.db")
}

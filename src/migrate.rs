//! The schema of either engine, carried in the binary.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use platform::db::{Db, Either};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Applies what is pending and tells what that was.
pub fn run(db: &Db) -> Result<Vec<String>, String> {
    let applied = db.with_writer(|c| match c.either() {
        Either::Postgres(c) => c.run_pending_migrations(POSTGRES).map(names),
        Either::Sqlite(c) => c.run_pending_migrations(SQLITE).map(names),
    });
    applied.map_err(|e| e.to_string())?.map_err(|e| format!("a migration failed: {}", one_line(&e.to_string())))
}

/// `Err` with a line for the operator where the schema is not the one that this binary was built with.
pub fn check(db: &Db) -> Result<(), String> {
    let pending = db.with_writer(|c| match c.either() {
        Either::Postgres(c) => c.has_pending_migration(POSTGRES),
        Either::Sqlite(c) => c.has_pending_migration(SQLITE),
    });
    match pending.map_err(|e| e.to_string())? {
        Ok(false) => Ok(()),
        Ok(true) => Err("the database has pending migrations; run `red-steward migrate` first".into()),
        Err(e) => Err(format!("cannot read the state of the schema: {}", one_line(&e.to_string()))),
    }
}

/// Takes every migration back, newest first. For the test that runs each `down`.
pub fn revert_all(db: &Db) -> Result<Vec<String>, String> {
    let reverted = db.with_writer(|c| match c.either() {
        Either::Postgres(c) => c.revert_all_migrations(POSTGRES).map(names),
        Either::Sqlite(c) => c.revert_all_migrations(SQLITE).map(names),
    });
    reverted.map_err(|e| e.to_string())?.map_err(|e| one_line(&e.to_string()))
}

fn names(versions: Vec<diesel::migration::MigrationVersion<'_>>) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

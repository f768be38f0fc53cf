//! The two engines as diesel combines them.

use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;

/// The connection to one engine or to the other, for what only one can be asked, or each in its own way.
#[derive(diesel::MultiConnection)]
pub enum Either {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// What boxed queries over [`super::Conn`] are boxed for. By its own name: as `<Conn as Connection>::Backend` it could, for
/// all that other crates' coherence checks know, be one of the two engines, and `id!` would not compile there.
pub type Backend = MultiBackend;

//! Two doors to the rows, [`Db::read`] and [`Db::write`], on either engine.

mod conn;
mod doors;
mod keyset;
mod types;

pub use conn::{Backend, Conn, Engine, Manager, MultiRawValue};
pub use doors::{Db, OpenError, Sizes, rehearse, savepoint, transaction};
pub use keyset::{LAST, Range, substr};
pub use types::{IdSql, Json, JsonSql, Ts, TsSql, new_id};

//! Two doors to the rows, [`Db::read`] and [`Db::write`], on either engine.

mod changes;
mod conn;
mod day;
mod doors;
mod keyset;
mod moment;
mod types;

pub use conn::{Backend, Conn, Engine, Manager, MultiRawValue};
pub use day::{Day, write_day};
pub use doors::{Db, OpenError, Sizes, rehearse, savepoint, transaction};
pub use keyset::{LAST, Range, substr};
pub use moment::Ts;
pub use types::{IdSql, Json, JsonSql, TsSql, new_id};

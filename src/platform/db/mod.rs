//! Two doors to the rows, [`Db::read`] and [`Db::write`], on either engine.

mod conn;
mod doors;
mod keyset;
mod types;

pub use conn::{Backend, Conn, Engine, Manager};
pub use doors::{Db, OpenError, Sizes};
pub use keyset::{LAST, Range};
pub use types::{IdSql, Json, JsonSql, Ts, TsSql, new_id};

#[doc(hidden)]
pub mod reexport {
    pub use {diesel, serde, utoipa, uuid};
}

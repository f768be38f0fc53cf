//! Two doors to the rows, [`Db::read`] and [`Db::write`], on either engine.

mod changes;
mod conn;
mod day;
mod doors;
mod fixed;
mod gather;
mod keyset;
mod log;
mod moment;
mod one_of;
mod several;
mod transactions;
mod turn;
mod types;
mod writer;

pub use conn::{Backend, Conn, Engine, Manager, MultiRawValue};
pub use day::{Day, write_day};
pub use doors::{Db, OpenError, Sizes};
pub use fixed::{Fixed, fixed};
pub use gather::{Gather, Together};
pub use keyset::{LAST, Range, substr};
pub use moment::Ts;
pub use one_of::{OneOf, one_of};
pub use several::{Shaped, runs, shaped};
pub use transactions::{rehearse, savepoint, transaction};
pub use types::{IdSql, Json, JsonSql, TsSql, new_id};

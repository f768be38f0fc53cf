//! Two doors to the rows, [`Db::read`] and [`Db::write`], on either engine.

mod changes;
mod conn;
mod day;
mod doors;
mod engines;
mod fixed;
mod gather;
mod keyset;
mod log;
mod moment;
mod one_of;
mod several;
mod statement;
mod touched;
mod transactions;
mod turn;
mod types;
mod writer;

pub use conn::{Conn, Engine, Manager};
pub use day::{Day, write_day};
pub use doors::{Db, OpenError, Sizes, WriteWork};
pub use engines::{Backend, Either, MultiRawValue};
pub use fixed::{Fixed, fixed};
pub use gather::{Gather, Together};
pub use keyset::{LAST, Range, substr};
pub use moment::Ts;
pub use one_of::{OneOf, on_days, one_of};
pub use several::{Shaped, runs, shaped};
pub use transactions::{rehearse, savepoint, snapshot, transaction};
pub use types::{IdSql, Json, JsonSql, TsSql, new_id};

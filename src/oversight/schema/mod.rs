//! The tables of this wing, a file per context. Kept by hand; `tests/api/migrations.rs` compares them with both live
//! engines.

mod ratings;

pub use ratings::*;

mod standings;

pub use standings::*;
mod surveys;

pub use surveys::*;
// By another name, as in the other wings: a module would hide a table that is called so.
#[path = "standards.rs"]
mod held_to;

pub use held_to::*;
mod published;

pub use published::*;

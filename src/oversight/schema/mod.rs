//! The tables of this wing, a file per context. Kept by hand; `tests/api/migrations.rs` compares them with both live
//! engines.

mod ratings;

pub use ratings::*;

mod standings;

pub use standings::*;
mod surveys;

pub use surveys::*;

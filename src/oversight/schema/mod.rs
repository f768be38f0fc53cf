//! The tables of this wing, a file per context. Kept by hand; `tests/api/migrations.rs` compares them with both live
//! engines.

mod surveys;

pub use surveys::*;

//! The tables of this wing, a file per context. Kept by hand; `tests/api/migrations.rs` compares them with both live
//! engines.

mod appointments;
// By another name: the module would hide the table that is called so.
#[path = "organisations.rs"]
mod bodies;
mod people;

#[allow(unused_imports)]
pub use appointments::*;
#[allow(unused_imports)]
pub use bodies::*;
#[allow(unused_imports)]
pub use people::*;

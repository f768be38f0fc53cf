//! The tables of this wing, a file per context. Kept by hand; `tests/api/migrations.rs` compares them with both live
//! engines.

// By other names: the modules would hide the tables that are called so.
#[path = "organisations.rs"]
mod bodies;
mod people;
#[path = "appointments.rs"]
mod tenures;

pub use bodies::*;
pub use people::*;
pub use tenures::*;

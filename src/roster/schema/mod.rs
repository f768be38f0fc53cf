//! The tables of this wing, a file per context. Kept by hand; `tests/api/migrations.rs` compares them with both live
//! engines.

mod appointments;
mod organisations;
mod people;

#[allow(unused_imports)]
pub use appointments::*;
#[allow(unused_imports)]
pub use organisations::*;
#[allow(unused_imports)]
pub use people::*;

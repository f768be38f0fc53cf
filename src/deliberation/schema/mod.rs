//! The tables of this wing, a file per context. Kept by hand; `tests/api/migrations.rs` compares them with both live
//! engines.

// By another name: the module would hide the table that is called so.
#[path = "meetings.rs"]
mod table;

pub use table::*;
#[path = "notices.rs"]
mod told;

pub use told::*;

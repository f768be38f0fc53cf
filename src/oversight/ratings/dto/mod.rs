//! What goes over the wire.

mod kinds;

pub use kinds::*;

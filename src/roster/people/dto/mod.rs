//! What goes over the wire.

mod accesses;
mod checkins;
mod consents;
mod me;
mod persons;
mod residencies;
mod stages;
mod views;

pub use accesses::*;
pub use checkins::*;
pub use consents::*;
pub use me::*;
pub use persons::*;
pub use residencies::*;
pub use stages::*;
pub use views::*;

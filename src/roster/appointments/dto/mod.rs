//! What goes over the wire.

mod appointments;
mod checks;
mod declarations;
mod elections;
mod figures;
mod kinds;
mod posts;
mod queries;

pub use appointments::*;
pub use checks::*;
pub use declarations::*;
pub use elections::*;
pub use figures::*;
pub use kinds::*;
pub use posts::*;
pub use queries::*;

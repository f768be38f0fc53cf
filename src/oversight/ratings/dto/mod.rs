//! What goes over the wire.

mod appeals;
mod campaigns;
mod claim_files;
mod claims;
mod explanation;
mod facts;
mod kinds;
mod results;
mod schemes;
mod sheets;

pub use crate::ratings::rules::score::RatingCap;
pub use crate::ratings::rules::terms::SchemeTerms;
pub use crate::standards::dto::RedLineGround;
pub use appeals::*;
pub use campaigns::*;
pub use claim_files::*;
pub use claims::*;
pub use explanation::*;
pub use facts::*;
pub use kinds::*;
pub use results::*;
pub use schemes::*;
pub use sheets::*;

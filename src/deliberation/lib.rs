//! 共商: deciding together. Contexts in the order in which they may name one another: each only those above it.

pub mod notices;

pub mod meetings;

mod names;
pub mod schema;

use platform::Problem;
use platform::auth::ScopeInfo;
use platform::history::Reaction;
use platform::http::Mount;

/// The scopes of this wing, a list per context.
pub const SCOPES: &[&[ScopeInfo]] = &[notices::SCOPES, meetings::SCOPES];

/// The problems of this wing, a list per context.
pub const PROBLEMS: &[&[&Problem]] = &[notices::PROBLEMS, meetings::PROBLEMS];

/// How what the contexts count is counted anew.
pub const RECOUNTED: &[platform::rollups::recount::Recounted] = &[meetings::RECOUNTED];

/// What the contexts do when others record an event, in the same transaction.
pub const REACTIONS: &[Reaction] = &[notices::react, meetings::react];

/// The routes below `/v1`.
pub fn routes(mount: &mut Mount) {
    notices::routes(mount);
    meetings::routes(mount);
}

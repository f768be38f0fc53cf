//! 共抓: getting it done. Contexts in the order in which they may name one another: each only those above it.

pub mod cases;

mod names;
pub mod schema;

use platform::Problem;
use platform::auth::ScopeInfo;
use platform::history::Reaction;
use platform::http::Mount;

/// The scopes of this wing, a list per context.
pub const SCOPES: &[&[ScopeInfo]] = &[cases::SCOPES];

/// The problems of this wing, a list per context.
pub const PROBLEMS: &[&[&Problem]] = &[cases::PROBLEMS];

/// Routes whose callers the log does not name, a list per context.
pub const UNNAMED: &[&[&str]] = &[cases::UNNAMED];

/// How what the contexts count is counted anew.
pub const RECOUNTED: &[platform::rollups::recount::Recounted] = &[cases::RECOUNTED];

/// What the contexts do when others record an event, in the same transaction.
pub const REACTIONS: &[Reaction] = &[cases::react];

/// The routes below `/v1`.
pub fn routes(mount: &mut Mount) {
    cases::routes(mount);
}

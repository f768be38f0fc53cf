//! 开放: the outside. Contexts in the order in which they may name one another: each only those above it.

pub mod feed;

use platform::Problem;
use platform::auth::ScopeInfo;
use platform::http::Mount;

/// The scopes of this wing, a list per context.
pub const SCOPES: &[&[ScopeInfo]] = &[feed::SCOPES];

/// The problems of this wing, a list per context.
pub const PROBLEMS: &[&[&Problem]] = &[feed::PROBLEMS];

/// The routes below `/v1`.
pub fn routes(mount: &mut Mount) {
    feed::routes(mount);
}

//! 底数: who and where. Contexts in the order in which they may name one another: each only those above it.

pub mod identity;
pub mod schema;
pub mod territory;

use platform::Problem;
use platform::auth::ScopeInfo;
use platform::http::Mount;

/// The scopes of this wing, a list per context.
pub const SCOPES: &[&[ScopeInfo]] = &[identity::SCOPES, territory::SCOPES];

/// The problems of this wing, a list per context.
pub const PROBLEMS: &[&[&Problem]] = &[identity::PROBLEMS, territory::PROBLEMS];

/// The routes below `/v1`. They are tried in this order, so what is polled comes before what is used once a day.
pub fn routes(mount: &mut Mount) {
    territory::routes(mount);
    identity::routes(mount);
}

/// The routes that have their place outside `/v1`.
pub fn well_known(mount: &mut Mount) {
    identity::well_known(mount);
}

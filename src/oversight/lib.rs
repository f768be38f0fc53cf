//! 监督: judging openly. Contexts in the order in which they may name one another: each only those above it.

pub mod standards;

pub mod surveys;

pub mod ratings;

pub mod standings;

pub mod statistics;

mod names;
pub mod schema;

use platform::Problem;
use platform::auth::ScopeInfo;
use platform::history::Reaction;
use platform::http::Mount;

/// The scopes of this wing, a list per context.
pub const SCOPES: &[&[ScopeInfo]] =
    &[standards::SCOPES, surveys::SCOPES, ratings::SCOPES, standings::SCOPES, statistics::SCOPES];

/// The problems of this wing, a list per context.
pub const PROBLEMS: &[&[&Problem]] =
    &[standards::PROBLEMS, surveys::PROBLEMS, ratings::PROBLEMS, standings::PROBLEMS, statistics::PROBLEMS];

/// What the contexts do when others record an event, in the same transaction.
pub const REACTIONS: &[Reaction] = &[standards::react, surveys::react, ratings::react, standings::react];

/// The routes below `/v1`.
pub fn routes(mount: &mut Mount) {
    standards::routes(mount);
    surveys::routes(mount);
    ratings::routes(mount);
    standings::routes(mount);
    statistics::routes(mount);
}

//! 名册: who sits where. The second half of the registry wing, in a crate of its own so that an edit rebuilds quickly
//! (docs/adr/0004). Contexts in the order in which they may name one another: each only those above it.

pub mod people;

pub mod organisations;

pub mod appointments;

pub mod schema;

use platform::Problem;
use platform::auth::ScopeInfo;
use platform::history::Reaction;
use platform::http::Mount;

/// The scopes of this wing, a list per context.
pub const SCOPES: &[&[ScopeInfo]] = &[people::SCOPES, organisations::SCOPES, appointments::SCOPES];

/// The problems of this wing, a list per context.
pub const PROBLEMS: &[&[&Problem]] = &[people::PROBLEMS, organisations::PROBLEMS, appointments::PROBLEMS];

/// What the contexts do when others record an event, in the same transaction.
pub const REACTIONS: &[Reaction] = &[people::react, organisations::react, appointments::react];

/// The routes below `/v1`.
pub fn routes(mount: &mut Mount) {
    people::routes(mount);
    organisations::routes(mount);
    appointments::routes(mount);
}

//! What every context stands on. This crate names no context; contexts name it.

pub mod aside;
pub mod attachments;
pub mod auth;
pub mod calendar;
pub mod clock;
pub mod db;
pub mod error;
pub mod history;
pub mod http;
pub mod media;
pub mod publicity;
pub mod quantity;
pub mod rollups;
pub mod rule_sets;
pub mod schema;
pub mod screen;
pub mod secrets;
pub mod storage;
pub mod table;
pub mod text;

mod app;

use crate::http::Mount;
use auth::ScopeInfo;

pub use app::{App, Limits};
pub use error::{Error, FieldError, Problem, Result};
#[doc(hidden)]
pub use pastey;

/// The scopes of what this crate serves itself.
pub const SCOPES: &[&[ScopeInfo]] = &[rule_sets::SCOPES, calendar::SCOPES, publicity::SCOPES];

/// The problems of the same; those of the wire are listed apart.
pub const PROBLEMS: &[&[&Problem]] =
    &[media::PROBLEMS, storage::PROBLEMS, rule_sets::PROBLEMS, calendar::PROBLEMS, publicity::PROBLEMS];

/// The routes below `/v1` that belong to no context: local rules, calendars, and what is posted.
pub fn routes(mount: &mut Mount) {
    rule_sets::routes(mount);
    calendar::routes(mount);
    publicity::routes(mount);
}

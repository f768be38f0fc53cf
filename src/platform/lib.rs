//! What every context stands on. This crate names no context; contexts name it.

pub mod auth;
pub mod clock;
pub mod db;
pub mod error;
pub mod history;
pub mod http;
pub mod quantity;
pub mod schema;
pub mod secrets;
pub mod text;

mod app;

pub use app::{App, Limits};
pub use error::{Error, FieldError, Problem, Result};

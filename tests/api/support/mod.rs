//! What every test stands on.

pub mod actors;
mod app;
mod client;
mod database;

pub use app::TestApp;
pub use client::{Client, Reply};
pub use database::TestDatabase;

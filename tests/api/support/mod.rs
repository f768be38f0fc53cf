//! What every test stands on.

pub mod actors;
mod app;
mod client;
mod database;
mod listener;
mod seeds;

pub use app::{TestApp, config};
pub use client::{Client, Reply};
pub use database::TestDatabase;
pub use listener::{Heard, Listener};
pub use seeds::{Seeds, plant_divisions};

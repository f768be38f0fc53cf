//! What every test stands on.

pub mod actors;
mod app;
pub mod bombs;
pub mod bucket;
mod client;
mod database;
mod listener;
mod meeting_seeds;
pub mod photos;
mod rating_seeds;
mod seeds;
mod server;
mod standard_seeds;
mod standing_seeds;
mod survey_seeds;

pub use app::{TestApp, config};
pub use client::{Client, MULTIPART, Reply, SentFile, multipart};
pub use database::{Template, TestDatabase};
pub use listener::{Heard, Listener};
pub use meeting_seeds::MeetingSeeds;
pub use rating_seeds::RatingSeeds;
pub use seeds::{Seeds, plant_divisions};
pub use standard_seeds::StandardSeeds;
pub use standing_seeds::StandingSeeds;
pub use survey_seeds::SurveySeeds;

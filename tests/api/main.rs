//! One binary for all the tests over HTTP: they run the real server on a port of its own, with a database of its own, on
//! SQLite or, where `TEST_DATABASE_URL` names a PostgreSQL server, on that.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on should stop where it stands; clippy knows #[test] functions, not their helpers"
)]

mod access_log;
mod appointments;
mod architecture;
mod calendar;
mod cases;
mod cli;
mod contract;
mod demo;
mod feed;
mod identity;
mod meetings;
mod migrations;
mod notices;
mod organisations;
mod people;
mod polling;
mod publicity;
mod ratings;
mod rollups;
mod rule_sets;
mod screen;
mod standards;
mod standings;
mod statistics;
mod storage;
mod support;
mod surveys;
mod territory;
mod wire;

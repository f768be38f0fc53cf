//! What `bench/run` measures the server against: bare actix handlers with the same SQL, prepared once per connection, the
//! same token check and the same JSON, and none of our layers. Also generates rows and prints tokens and paths.

mod bare;
mod generate;
mod graph;
mod pg;
mod row;
mod sqlite;

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use diesel::prelude::*;
use platform::auth::{AreaCode, Grant, Role, Subject};
use platform::clock::Clock;
use platform::db::Db;
use red_steward::config::Config;
use red_steward::start;
use registry::schema::compounds;
use registry::territory::dto::CompoundId;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fill the open communities with compounds
    Generate {
        #[arg(long)]
        compounds: usize,
        #[command(flatten)]
        config: Config,
    },
    /// Print a bearer token of an auditor of the whole country
    Token {
        #[command(flatten)]
        config: Config,
    },
    /// Print paths to ask for, one a line
    Urls {
        #[arg(long)]
        kind: Kind,
        #[command(flatten)]
        config: Config,
    },
    /// Serve the bare handlers
    Serve {
        #[arg(long)]
        bind: SocketAddr,
        #[command(flatten)]
        config: Config,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    ById,
    List,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "red-steward-bench: {message}");
            ExitCode::FAILURE
        }
    }
}

fn open(config: &Config) -> Result<Db, String> {
    Db::open(&config.database_url, None, config.sizes()).map_err(|e| e.to_string())
}

fn say(line: &str) -> Result<(), String> {
    writeln!(std::io::stdout(), "{line}").map_err(|e| e.to_string())
}

fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Generate { compounds, config } => generate::run(&open(&config)?, compounds).map_err(|e| e.to_string()),
        Command::Token { config } => {
            let (shared, _) = start::shared(&config, open(&config)?, Clock::System)?;
            let grants = vec![Grant::over(Role::Auditor, AreaCode::country())];
            let subject = Subject::Account { session: uuid::Uuid::now_v7(), grants };
            let issued = shared.app.tokens.issue(uuid::Uuid::now_v7(), subject).map_err(|e| e.to_string())?;
            say(&issued.token)
        }
        Command::Urls { kind, config } => urls(kind, &open(&config)?),
        Command::Serve { bind, config } => bare::serve(bind, &config),
    }
}

/// Spread over the whole table, so that no page of it stays hot.
const URLS: i64 = 2000;

fn urls(kind: Kind, db: &Db) -> Result<(), String> {
    let rows: Vec<(CompoundId, String)> = db
        .with_writer(|c| {
            let total: i64 = compounds::table.count().get_result(c)?;
            let step = (total / URLS).max(1);
            let all: Vec<(CompoundId, String)> = compounds::table
                .order(compounds::area_code)
                .select((compounds::id, compounds::community_code))
                .load(c)?;
            let step = usize::try_from(step).unwrap_or(1);
            Ok::<_, diesel::result::Error>(all.into_iter().step_by(step).collect())
        })
        .map_err(|e| e.to_string())?
        .map_err(|e| e.to_string())?;
    rows.iter().try_for_each(|(id, community)| match kind {
        Kind::ById => say(&format!("/v1/compounds/{id}")),
        // A district: its compounds are several pages.
        Kind::List => say(&format!("/v1/compounds?area={}", community.get(..6).unwrap_or_default())),
    })
}

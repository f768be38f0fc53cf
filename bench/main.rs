//! What `bench/run` measures the server against: bare actix handlers with the same SQL, prepared once per connection, the
//! same token check and the same JSON, and none of our layers. Also generates rows and prints tokens and paths.

mod answers;
mod bare;
mod case_row;
mod cases;
mod generate;
mod graph;
mod meetings;
mod minutes;
mod overview;
mod pg;
mod post;
mod row;
mod sqlite;
mod streams;
mod upkeep;

use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use deliberation::schema::meetings as meetings_table;
use delivery::cases::dto::{CaseId, Status};
use delivery::schema::cases as case_table;
use diesel::prelude::*;
use oversight::schema::rankings;
use oversight::standings::dto::RankingId;
use platform::auth::{AreaCode, Grant, Role, Subject};
use platform::clock::Clock;
use platform::db::Db;
use red_steward::config::Config;
use red_steward::start;
use registry::schema::compounds;
use registry::territory::dto::CompoundId;

use crate::post::Pace;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fill the open communities with compounds, and the first of them with cases
    Generate {
        #[arg(long)]
        compounds: usize,
        #[arg(long, default_value_t = 0)]
        cases: usize,
        /// Invitations to answer a survey
        #[arg(long, default_value_t = 0)]
        answers: usize,
        #[command(flatten)]
        config: Config,
    },
    /// Print a bearer token, of an auditor of the whole country unless another is named
    Token {
        #[arg(long, default_value = "auditor")]
        role: Role,
        #[arg(long, default_value = "")]
        area: AreaCode,
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
    /// Report cases from many connections at once, and print what came of it as oha does
    Post {
        #[arg(long)]
        address: SocketAddr,
        #[arg(long)]
        token: String,
        /// Area codes, one a line
        #[arg(long)]
        areas: PathBuf,
        #[arg(long, default_value_t = 32)]
        connections: usize,
        #[arg(long)]
        seconds: u64,
    },
    /// Read and report cases in turn, eight to two, as fast as is answered or at a rate, and print what came of it as oha does
    Mixed {
        #[arg(long)]
        address: SocketAddr,
        #[arg(long)]
        token: String,
        /// Area codes, one a line
        #[arg(long)]
        areas: PathBuf,
        /// What is read, one path a line
        #[arg(long)]
        paths: PathBuf,
        #[arg(long, default_value_t = 32)]
        connections: usize,
        #[arg(long)]
        seconds: u64,
        /// So many a second, however long an answer takes
        #[arg(long)]
        rate: Option<f64>,
    },
    /// Print what counts and versions cost a new case, as JSON
    Upkeep {
        /// Area codes, one a line
        #[arg(long)]
        areas: PathBuf,
        /// Whose children are PostgreSQL's processes
        #[arg(long)]
        postmaster: Option<u32>,
        #[command(flatten)]
        config: Config,
    },
    /// Give a demo's meetings minutes of 200 KB that may be published, and print the paths to publish at
    Minutes {
        #[command(flatten)]
        config: Config,
    },
    /// Publish them one after another, and print what came of it as oha does
    Publish {
        #[arg(long)]
        address: SocketAddr,
        #[arg(long)]
        token: String,
        /// Paths, one a line
        #[arg(long)]
        paths: PathBuf,
        /// Let the bare handler keep as many documents instead
        #[arg(long)]
        bare: bool,
    },
    /// Answer a survey by tokens, each once, and print what came of it as oha does
    Answer {
        #[arg(long)]
        address: SocketAddr,
        /// The number of the first token
        #[arg(long)]
        first: usize,
        #[arg(long)]
        count: usize,
        #[arg(long, default_value_t = 32)]
        connections: usize,
    },
    /// Open streams of a demo's feed, change compounds meanwhile, and print what the streams cost and how late events are
    Streams {
        #[arg(long)]
        address: SocketAddr,
        /// Of the server
        #[arg(long)]
        pid: u32,
        #[arg(long, default_value_t = 1000)]
        streams: usize,
        /// Changes a second
        #[arg(long, default_value_t = 100)]
        writes: u64,
        #[arg(long)]
        seconds: u64,
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
    CaseById,
    CaseList,
    /// The areas in which cases are reported
    CaseAreas,
    /// The community with the most to dispatch
    DeskArea,
    /// A year's meetings of each community of the demo
    MeetingList,
    /// The dashboard of the province with the most cases
    Overview,
    /// The latest ranking, which anybody reads
    Ranking,
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

fn lines(file: &PathBuf) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(file).map_err(|e| e.to_string())?;
    Ok(text.lines().map(str::to_owned).collect())
}

fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Generate { compounds, cases, answers, config } => {
            start::react();
            let db = open(&config)?;
            let made = generate::run(&db, compounds).and_then(|()| cases::run(&db, cases));
            made.and_then(|()| answers::run(&db, answers)).map_err(|e| e.to_string())
        }
        Command::Token { role, area, config } => {
            let (shared, _) = start::shared(&config, open(&config)?, Clock::System)?;
            let grants = vec![Grant::over(role, area)];
            let subject = Subject::Account { session: uuid::Uuid::now_v7(), grants };
            let issued = shared.app.tokens.issue(uuid::Uuid::now_v7(), subject).map_err(|e| e.to_string())?;
            say(&issued.token)
        }
        Command::Urls { kind, config } => match kind {
            Kind::ById | Kind::List => urls(kind, &open(&config)?),
            Kind::MeetingList => meeting_urls(&open(&config)?),
            Kind::Ranking => ranking_url(&open(&config)?),
            _ => case_urls(kind, &open(&config)?),
        },
        Command::Post { address, token, areas, connections, seconds } => {
            let areas = lines(&areas)?;
            let load = post::Load { address, connections, pace: Pace::Closed { seconds } };
            say(&post::run(&load, &|number, nth| post::case(address, &token, &areas, number, nth))?)
        }
        Command::Mixed { address, token, areas, paths, connections, seconds, rate } => {
            let (areas, paths) = (lines(&areas)?, lines(&paths)?);
            let pace = rate.map_or(Pace::Closed { seconds }, |a_second| Pace::Open { seconds, a_second });
            let load = post::Load { address, connections, pace };
            say(&post::run(&load, &|number, nth| post::mixed(address, &token, (&areas, &paths), number, nth))?)
        }
        Command::Answer { address, first, count, connections } => {
            let load = post::Load { address, connections, pace: Pace::All };
            let tokens = (first, count, connections);
            say(&post::run(&load, &|number, nth| answers::request(address, tokens, number, nth))?)
        }
        Command::Upkeep { areas, postmaster, config } => {
            say(&upkeep::run(&open(&config)?, &lines(&areas)?, postmaster).map_err(|e| e.to_string())?)
        }
        Command::Minutes { config } => {
            start::react();
            minutes::prepare(&open(&config)?).map_err(|e| e.to_string())?.iter().try_for_each(|path| say(path))
        }
        Command::Publish { address, token, paths, bare } => {
            say(&minutes::run(&minutes::Load { address, token, paths: lines(&paths)?, bare })?)
        }
        Command::Streams { address, pid, streams, writes, seconds } => {
            say(&streams::run(&streams::Load { address, pid, streams, writes, seconds })?)
        }
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
        _ => say(&format!("/v1/compounds?area={}", community.get(..6).unwrap_or_default())),
    })
}

fn meeting_urls(db: &Db) -> Result<(), String> {
    let areas: Vec<String> = db
        .with_writer(|c| {
            let areas = meetings_table::table.select(meetings_table::area_code).distinct();
            areas.filter(meetings_table::kind.eq("four_party_joint")).order(meetings_table::area_code).load(c)
        })
        .map_err(|e| e.to_string())?
        .map_err(|e| e.to_string())?;
    areas.iter().try_for_each(|area| {
        say(&format!("/v1/meetings?area={area}&from=2023-01-01T00:00:00Z&to=2024-01-01T00:00:00Z"))
    })
}

fn ranking_url(db: &Db) -> Result<(), String> {
    let latest: RankingId = db
        .with_writer(|c| rankings::table.order(rankings::id.desc()).select(rankings::id).first(c))
        .map_err(|e| e.to_string())?
        .map_err(|e: diesel::result::Error| e.to_string())?;
    say(&format!("/v1/public/rankings/{latest}"))
}

fn case_urls(kind: Kind, db: &Db) -> Result<(), String> {
    let rows: Vec<(CaseId, String, String, Status)> = db
        .with_writer(|c| {
            let all = case_table::table.order(case_table::id.asc());
            let columns = (case_table::id, case_table::area_code, case_table::community_code, case_table::status);
            all.select(columns).load(c)
        })
        .map_err(|e| e.to_string())?
        .map_err(|e| e.to_string())?;
    if matches!(kind, Kind::DeskArea) {
        let mut waiting = BTreeMap::<&str, usize>::new();
        for (_, _, community, _) in rows.iter().filter(|row| row.3 == Status::Accepted) {
            *waiting.entry(community).or_default() += 1;
        }
        return say(waiting.into_iter().max_by_key(|(_, n)| *n).map(|(community, _)| community).unwrap_or_default());
    }
    if matches!(kind, Kind::Overview) {
        let mut cases = BTreeMap::<&str, usize>::new();
        rows.iter().filter_map(|row| row.1.get(..2)).for_each(|area| *cases.entry(area).or_default() += 1);
        let most = cases.into_iter().max_by_key(|(_, n)| *n).map(|(area, _)| area);
        return say(&format!("/v1/areas/{}/overview", most.unwrap_or_default()));
    }
    let step = (rows.len() / usize::try_from(URLS).unwrap_or(1)).max(1);
    rows.iter().step_by(step).try_for_each(|(id, area, community, _)| match kind {
        Kind::CaseById => say(&format!("/v1/cases/{id}")),
        Kind::CaseAreas => say(area),
        _ => say(&format!("/v1/cases?area={community}")),
    })
}

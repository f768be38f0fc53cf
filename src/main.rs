//! The command line.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use platform::auth::{AreaCode, Role};
use platform::clock::Clock;
use platform::db::{Db, Manager};
use red_steward::config::Config;
use red_steward::import::{Register, Request};
use red_steward::logging::{self, LogFormat};
use red_steward::{app, demo, import, migrate, openapi, start, tasks, verify};

/// 红管家 · Red Steward: the backend for Party-led governance of residential compounds
#[derive(Parser)]
#[command(version, propagate_version = true)]
struct Cli {
    /// What is logged, as in env_logger; `info,access=info` logs every request
    #[arg(long, env = "RUST_LOG", default_value = "info,access=warn", global = true)]
    log: String,
    /// How it is logged
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, global = true)]
    log_format: LogFormat,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API on a migrated database
    Serve {
        #[command(flatten)]
        config: Config,
    },
    /// Create the demo district in a SQLite file, serve it, and tell how to look
    Demo {
        #[command(flatten)]
        config: Config,
        /// Begin anew, even where the demo district has been loaded before
        #[arg(long)]
        fresh: bool,
    },
    /// Bring the database's schema up to date
    Migrate {
        #[command(flatten)]
        config: Config,
    },
    /// Write the OpenAPI document, the table of roles and the list of problems
    Openapi {
        /// The folder to write to; the document goes to the terminal where none is given
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Import a register from files
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Look after the counts that statistics are read from
    Statistics {
        #[command(subcommand)]
        what: Statistics,
    },
    /// Manage accounts
    Account {
        #[command(subcommand)]
        what: Account,
    },
}

#[derive(clap::Args)]
struct ImportArgs {
    /// The files, .csv (or .json for divisions); parents before children
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Do everything, report, and keep nothing
    #[arg(long)]
    dry_run: bool,
    /// Write every rejected row to this CSV file
    #[arg(long)]
    errors: Option<PathBuf>,
    #[command(flatten)]
    config: Config,
}

#[derive(Subcommand)]
enum Import {
    /// 区划: the five-level division codes, flat CSV or JSON, or nested JSON
    ///
    /// Columns: code, name, and of streetCode, areaCode, cityCode, provinceCode the nearest that there is, which must be the
    /// parent's code. What each means, with examples, is in docs/imports.md.
    Divisions {
        #[command(flatten)]
        args: ImportArgs,
        /// The files are complete below this code ("" for the whole country): what they lack is closed
        #[arg(long)]
        complete: Option<AreaCode>,
    },
    /// 网格: a table as `GET /v1/grids?format=csv` writes it
    ///
    /// Columns: code, parent_code, level, kind, name, households, residents, duty_phone, valid_from, polygon. What each means,
    /// with examples, is in docs/imports.md.
    Grids {
        #[command(flatten)]
        args: ImportArgs,
    },
    /// 小区: a table as `GET /v1/compounds?format=csv` writes it
    ///
    /// Columns: area_code, community_code, grid_code, name, kind, address, built_year, floor_area, households, residents,
    /// management_mode, mode_since, evidence_kind, evidence_reference, pilots, plan, brand, opened_on. What each means, with
    /// examples, is in docs/imports.md.
    Compounds {
        #[command(flatten)]
        args: ImportArgs,
    },
    /// 节假日: the holidays and make-up days of a year, a JSON file as holiday-cn publishes it
    Holidays {
        file: PathBuf,
        /// 区域代码; the whole country unless given
        #[arg(long, default_value = "")]
        area: AreaCode,
        #[command(flatten)]
        config: Config,
    },
}

#[derive(Subcommand)]
enum Statistics {
    /// Count everything anew from its rows, compare, and list what differs
    ///
    /// A line for each count that differs: metric, area, day, dimension, stored, recounted. The exit code is 0 where none does.
    Verify {
        /// 区域代码 of a compound or of an area above; the whole country unless given
        #[arg(long, default_value = "")]
        area: AreaCode,
        /// Write what was counted where it differs, an area and a month in a transaction
        #[arg(long)]
        rebuild: bool,
        #[command(flatten)]
        config: Config,
    },
}

#[derive(Subcommand)]
enum Account {
    /// Create an account with a role, and print its random password once
    Create {
        /// 3–40 letters, digits, dots, hyphens or underscores
        username: String,
        /// 角色
        #[arg(long, default_value = "platform_admin")]
        role: Role,
        /// 区域代码; the whole country unless given
        #[arg(long, default_value = "")]
        area: AreaCode,
        #[arg(long, default_value = "管理员")]
        display_name: String,
        #[command(flatten)]
        config: Config,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    logging::init(&cli.log, cli.log_format);
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // One line, whatever the cause: operators grep it.
            let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = writeln!(std::io::stderr(), "red-steward: {line}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Serve { config } => serve(&config, open(&config)?, Clock::System, |_| Ok(())),
        Command::Demo { config, fresh } => run_demo(config, fresh),
        Command::Migrate { config } => {
            let applied = migrate::run(&open_unchecked(&config)?)?;
            applied.iter().try_for_each(|name| say(&format!("applied {name}")))?;
            say(&format!("{} migrations applied", applied.len()))
        }
        Command::Openapi { out } => write_documents(out.as_deref()),
        Command::Import { what } => run_import(what),
        Command::Statistics { what: Statistics::Verify { area, rebuild, config } } => {
            verify::run(&open(&config)?, &area, rebuild, &mut std::io::stdout())
        }
        Command::Account { what } => create_account(what),
    }
}

fn say(line: &str) -> Result<(), String> {
    writeln!(std::io::stdout(), "{line}").map_err(|e| e.to_string())
}

fn open_unchecked(config: &Config) -> Result<Db, String> {
    make_folder(&config.database_url)?;
    Db::open(&config.database_url, config.database_read_url.as_deref(), config.sizes()).map_err(|e| e.to_string())
}

fn make_folder(url: &str) -> Result<(), String> {
    let manager = Manager::new(url)?;
    let folder = manager.sqlite_path().and_then(|path| Path::new(path).parent());
    match folder {
        Some(folder) if !folder.as_os_str().is_empty() => {
            std::fs::create_dir_all(folder).map_err(|e| format!("cannot create {}: {e}", folder.display()))
        }
        _ => Ok(()),
    }
}

fn open(config: &Config) -> Result<Db, String> {
    let db = open_unchecked(config)?;
    migrate::check(&db)?;
    Ok(db)
}

fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).map_err(|e| format!("cannot listen on {address}: {e}"))
}

fn serve(
    config: &Config,
    db: Db,
    clock: Clock,
    ready: impl FnOnce(SocketAddr) -> Result<(), String>,
) -> Result<(), String> {
    let (listener, metrics) = (listen(config.bind_addr)?, listen(config.metrics_addr)?);
    let at = listener.local_addr().map_err(|e| e.to_string())?;
    let (shared, ring) = start::shared(config, db, clock)?;
    actix_web::rt::System::new().block_on(async move {
        let failed = |e: std::io::Error| format!("the server failed: {e}");
        tasks::start(&shared, config, ring);
        let metrics = app::serve_metrics(shared.clone(), metrics).map_err(failed)?;
        actix_web::rt::spawn(metrics);
        let server = app::serve(shared, config, listener).map_err(failed)?;
        log::info!("listening on {at}");
        ready(at)?;
        server.await.map_err(failed)
    })
}

const DEMO_DATABASE: &str = "sqlite://data/demo.db";

fn run_demo(mut config: Config, fresh: bool) -> Result<(), String> {
    if std::env::var_os("DATABASE_URL").is_none() && !std::env::args().any(|arg| arg.starts_with("--database-url")) {
        config.database_url = DEMO_DATABASE.to_owned();
    }
    if fresh {
        start::remove_sqlite_file(&config.database_url)?;
    }
    let db = open_unchecked(&config)?;
    migrate::run(&db)?;
    let loaded = demo::load(&db, &start::secrets(&config)?).map_err(|e| e.to_string())?;
    let behind = db.clone();
    // The 16 320 cases of one month take seconds and are not what anybody looks at first.
    std::thread::spawn(move || match demo::load_september(&behind, demo::SEPTEMBER) {
        Ok(loaded) => log::info!("September 2023 is there{}", if loaded { "" } else { " already" }),
        Err(error) => log::error!("September 2023 was not loaded: {error}"),
    });
    // The demo's day: what is due today there is due today.
    serve(&config, db, Clock::going_from(demo::now()), |at| say(&demo::guide(at, loaded)))
}

fn write_documents(out: Option<&Path>) -> Result<(), String> {
    let documents = openapi::generated();
    let Some(folder) = out else {
        let document = documents.into_iter().find(|(name, _)| *name == "openapi.json");
        return say(document.map(|(_, text)| text).unwrap_or_default().trim_end());
    };
    std::fs::create_dir_all(folder).map_err(|e| format!("cannot create {}: {e}", folder.display()))?;
    documents.iter().try_for_each(|(name, text)| {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|e| format!("cannot write {}: {e}", path.display()))
    })
}

fn run_import(what: Import) -> Result<(), String> {
    let (register, args, complete) = match what {
        Import::Divisions { args, complete } => (Register::Divisions, args, complete),
        Import::Grids { args } => (Register::Grids, args, None),
        Import::Compounds { args } => (Register::Compounds, args, None),
        Import::Holidays { file, area, config } => {
            return say(&import::holidays(&open(&config)?, &Clock::System, &file, &area)?);
        }
    };
    let db = open(&args.config)?;
    let request = Request { register, files: args.files, dry_run: args.dry_run, complete, errors: args.errors };
    let counts = import::run(&db, &Clock::System, &request, &mut std::io::stdout())?;
    match counts.rejected {
        0 => Ok(()),
        n => Err(format!("{n} rows were not taken; the others were")),
    }
}

fn create_account(what: Account) -> Result<(), String> {
    let Account::Create { username, role, area, display_name, config } = what;
    let db = open(&config)?;
    let password = start::create_account(&db, &Clock::System, (username.as_str(), &display_name), role, area)?;
    say(&format!("account {username} ({role}) created; its password, shown this once: {password}"))
}

//! The real server on a port of its own, its clock standing at the demo's "now".

use std::net::TcpListener;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use clap::Parser;
use diesel::connection::{Connection, InstrumentationEvent};
use platform::clock::Clock;
use red_steward::config::Config;
use red_steward::{app, start};

use super::database::POOL;
use super::{Client, TestDatabase};

/// Domain D: 2024-01-15T09:00+08:00.
pub const NOW: &str = "2024-01-15T09:00:00+08:00";

pub struct TestApp {
    pub clock: Clock,
    pub app: platform::App,
    pub base: String,
    pub metrics: String,
    /// Where the bytes of files are.
    pub files: std::path::PathBuf,
    /// Its task runs only where a test starts it: statements are counted elsewhere.
    pub feed: gateway::feed::Feed,
    handles: Vec<ServerHandle>,
    // Last, so that the servers let go of it before it is dropped.
    database: TestDatabase,
}

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    config: Config,
}

/// The configuration with its defaults, whatever the environment says, for tests that change some of it.
pub fn config(database: &TestDatabase) -> Config {
    let quiet = NonZeroU32::new(1_000_000).expect("not zero");
    let secret = "a secret of the tests, long enough to pass".to_owned();
    let arguments = Arguments::parse_from(["test", "--database-url", &database.url]);
    Config {
        database_read_url: None,
        database_pool: POOL,
        secret_key: Some(secret),
        storage_url: format!("file://{}", database.files().display()),
        public_base_url: Some("https://red-steward.example".into()),
        cors_origins: vec!["https://dashboard.example".into()],
        rate_limit_per_minute: quiet,
        credentials_limit_per_minute: quiet,
        workers: Some(2),
        shutdown_seconds: 1,
        ..arguments.config
    }
}

impl TestApp {
    pub async fn spawn() -> Self {
        Self::spawn_with(TestDatabase::migrated(), |_| {}).await
    }

    /// With a changed configuration, on a database that the test has prepared.
    pub async fn spawn_with(database: TestDatabase, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = config(&database);
        change(&mut config);
        let now = chrono::DateTime::parse_from_rfc3339(NOW).expect("a time").to_utc();
        let clock = Clock::fixed(now);
        let (shared, _) = start::shared(&config, database.open(), clock.clone()).expect("the application starts");
        let (listener, metrics_listener) = (any_port(), any_port());
        let (base, metrics) = (address(&listener), address(&metrics_listener));
        let (app, feed) = (platform::App::clone(&shared.app), shared.feed().clone());
        let metrics_server = (shared.clone(), metrics_listener);
        let handles = vec![
            in_thread(move || app::serve(shared, &config, listener).expect("the server runs")),
            in_thread(move || app::serve_metrics(metrics_server.0, metrics_server.1).expect("the server runs")),
        ];
        Self { clock, app, base, metrics, files: database.files(), feed, handles, database }
    }

    /// For the command line beside the server.
    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// Counts the statements of every connection of the pool from here on.
    pub async fn watch_statements(&self) -> Arc<AtomicUsize> {
        let statements = Arc::new(AtomicUsize::new(0));
        let count = statements.clone();
        self.instrument(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
        })
        .await;
        statements
    }

    /// The text of each statement from here on, without what is bound to it.
    pub async fn watch_sql(&self) -> Arc<Mutex<Vec<String>>> {
        let texts = Arc::new(Mutex::new(Vec::new()));
        let kept = texts.clone();
        self.instrument(move |query| {
            let text = query.split(" -- binds:").next().unwrap_or_default().to_owned();
            kept.lock().expect("the texts").push(text);
        })
        .await;
        texts
    }

    async fn instrument(&self, seen: impl Fn(&str) + Clone + Send + Sync + 'static) {
        // Each reader waits until all of them have a connection, so each gets one of its own.
        let meet = Arc::new(std::sync::Barrier::new(usize::try_from(POOL).expect("a small number")));
        let watched = (0..POOL).map(|_| {
            let (seen, meet) = (seen.clone(), meet.clone());
            self.app.db.read(move |c| {
                c.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                    if let InstrumentationEvent::StartQuery { query, .. } = event {
                        seen(&query.to_string());
                    }
                });
                meet.wait();
                Ok(())
            })
        });
        for done in futures_util::future::join_all(watched).await {
            done.expect("a connection is watched");
        }
    }

    /// Reads new events for the streams, as a process does that serves.
    pub fn run_feed(&self) {
        actix_web::rt::spawn(self.feed.clone().run(self.app.clone()));
    }

    pub fn anonymous(&self) -> Client {
        Client { base: self.base.clone(), token: None }
    }

    pub fn with_token(&self, token: &str) -> Client {
        Client { base: self.base.clone(), token: Some(token.to_owned()) }
    }
}

fn any_port() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").expect("a free port")
}

fn address(listener: &TcpListener) -> String {
    format!("http://{}", listener.local_addr().expect("an address"))
}

/// A server in a thread and a runtime of its own: it goes on until it is told to stop, whatever the test's runtime does.
fn in_thread(make: impl FnOnce() -> actix_web::dev::Server + Send + 'static) -> ServerHandle {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = make();
            tell.send(server.handle()).expect("the test waits for the handle");
            server.await.expect("the server ends well");
        });
    });
    told.recv().expect("a handle")
}

impl Drop for TestApp {
    fn drop(&mut self) {
        for handle in &self.handles {
            // The command is sent on the call; nobody is left to wait for its answer.
            drop(handle.stop(false));
        }
    }
}

//! What runs beside the requests: keys that other processes may have rotated, and rows whose time is up.

use std::sync::Mutex;
use std::time::Duration;

use actix_web::rt::{spawn, time};
use actix_web::web::Data;
use deliberation::meetings;
use delivery::cases;
use gateway::feed;
use oversight::{standings, surveys};
use platform::auth::Tokens;
use platform::history::By;
use platform::{App, Result};
use registry::identity;
use roster::appointments;

use crate::app::Shared;
use crate::config::Config;

/// Well below the ten minutes that a new key is published before it signs.
const KEYS_EVERY: Duration = Duration::from_secs(30);
/// How late a poller may learn what another process has committed.
const WATCH_EVERY: Duration = Duration::from_millis(200);
/// How long SQLite's log may grow before it is written back; see [`platform::db::Db::write_back`].
const WRITE_BACK_EVERY: Duration = Duration::from_millis(100);
const SWEEP_EVERY: Duration = Duration::from_secs(600);

/// Loads the signing keys, making the first ones on an empty database.
pub fn load_keys(
    db: &platform::db::Db,
    secrets: &platform::secrets::Secrets,
    now: platform::db::Ts,
) -> Result<identity::Ring> {
    db.write_now(|c| identity::load_or_create(c, secrets, now))
}

/// Starts the tasks; they end with the runtime.
pub fn start(shared: &Shared, config: &Config, ring: String) {
    spawn(shared.feed().clone().run(platform::App::clone(&shared.app)));
    spawn(close_feed_on_signal(shared.feed().clone()));
    let kept_days = config.feed_retention_days;
    let app = shared.app.clone();
    spawn(async move {
        let mut ticks = time::interval(WATCH_EVERY);
        loop {
            ticks.tick().await;
            if let Err(error) = app.db.watch().await {
                log::warn!("cannot see what other processes commit: {error}");
            }
        }
    });
    spawn(write_back(shared.app.clone()));
    let app = shared.app.clone();
    spawn(async move {
        let known = Mutex::new(ring);
        let mut ticks = time::interval(KEYS_EVERY);
        loop {
            ticks.tick().await;
            if let Err(error) = refresh_keys(&app, &app.tokens, &known).await {
                log::warn!("signing keys were not refreshed: {error}");
            }
        }
    });
    if config.clock_sweep_seconds > 0 {
        spawn(watch_clocks(shared.app.clone(), Duration::from_secs(config.clock_sweep_seconds.into())));
    }
    let shared = shared.clone();
    spawn(async move {
        let mut ticks = time::interval(SWEEP_EVERY);
        loop {
            ticks.tick().await;
            shared.limiter().forget_idle();
            let swept = sweep(&shared.app).await;
            if let Err(error) = swept.and(sweep_feed(&shared.app, kept_days).await) {
                log::warn!("sweep failed: {error}");
            }
        }
    });
}

async fn write_back(app: Data<App>) {
    let mut ticks = time::interval(WRITE_BACK_EVERY);
    loop {
        ticks.tick().await;
        if let Err(error) = app.db.write_back().await {
            log::warn!("the log was not written back: {error}");
        }
    }
}

async fn watch_clocks(app: Data<App>, every: Duration) {
    let mut ticks = time::interval(every);
    loop {
        ticks.tick().await;
        if let Err(error) = sweep_cases(&app).await {
            log::warn!("the clocks of cases were not swept: {error}");
        }
        if let Err(error) = sweep_meetings(&app).await {
            log::warn!("what is late of meetings was not swept: {error}");
        }
        if let Err(error) = sweep_standings(&app).await {
            log::warn!("what goes by the day of the lists was not swept: {error}");
        }
        if let Err(error) = sweep_surveys(&app).await {
            log::warn!("the windows of surveys were not swept: {error}");
        }
    }
}

/// Ends the pauses of cases that are over, sets off what their clocks are to and closes what nobody answers for; safe to run in every process. In runs,
/// each a transaction of its own, so that the writer is held only for a moment.
pub async fn sweep_cases(app: &App) -> Result<()> {
    let now = app.clock.now();
    while app.db.write(move |c| cases::sweep_holds(c, now)).await? > 0 {}
    while app.db.write(move |c| cases::sweep_clocks(c, now)).await? > 0 {}
    while app.db.write(move |c| cases::sweep_unanswered(c, now)).await? > 0 {}
    Ok(())
}

/// Raises the alarm for series whose next meeting is overdue and takes late action items a level up, once each; safe to run
/// in every process: who comes second finds another version, and nothing left to do in the next run.
pub async fn sweep_meetings(app: &App) -> Result<()> {
    let by = By { actor: None, at: app.clock.now(), today: app.clock.today() };
    while app.db.write(move |c| meetings::sweep(c, &by)).await? > 0 {}
    Ok(())
}

/// Writes down which entries of the lists have taken effect or expired, and which objections are overdue, once each; safe to
/// run in every process, as the meetings' is.
pub async fn sweep_standings(app: &App) -> Result<()> {
    let by = By { actor: None, at: app.clock.now(), today: app.clock.today() };
    while app.db.write(move |c| standings::sweep(c, &by)).await? > 0 {}
    Ok(())
}

/// Writes down which surveys the clock has opened and closed; safe to run in every process.
pub async fn sweep_surveys(app: &App) -> Result<()> {
    let by = By { actor: None, at: app.clock.now(), today: app.clock.today() };
    while app.db.write(move |c| surveys::sweep(c, &by)).await? > 0 {}
    Ok(())
}

async fn refresh_keys(app: &App, tokens: &Tokens, known: &Mutex<String>) -> Result<()> {
    let (secrets, now) = (app.secrets.clone(), app.clock.now());
    let current = known.lock().map(|known| known.clone()).unwrap_or_default();
    // From the writer: a replica may not have the key yet that a peer signs with.
    let ring = app.db.write(move |c| identity::reload(c, &secrets, now, &current)).await?;
    if let Some(ring) = ring {
        tokens.set_keys(ring.keys);
        if let Ok(mut known) = known.lock() {
            *known = ring.fingerprint;
        }
    }
    Ok(())
}

/// Forgets what has run out, and writes down which terms of office have; safe to run in every process.
pub async fn sweep(app: &App) -> Result<()> {
    let now = app.clock.now();
    app.db
        .write(move |c| {
            let keys = platform::http::purge_keys(c, now)?;
            let rows = identity::sweep(c, now)?;
            log::debug!("swept {keys} idempotency keys and {rows} rows of identity");
            Ok(())
        })
        .await?;
    let by = By { actor: None, at: now, today: app.clock.today() };
    // In runs, each a transaction of its own, so that the writer is held only for a moment.
    while app.db.write(move |c| appointments::settle_all(c, &by)).await? > 0 {}
    let objects = platform::storage::sweep(app).await?;
    if objects > 0 {
        log::info!("swept {objects} objects of the storage that no row names");
    }
    Ok(())
}

/// Forgets events that are older than they are kept, and lines of screens that have run out; safe to run in every process.
pub async fn sweep_feed(app: &App, kept_days: u16) -> Result<()> {
    let now = app.clock.now();
    let before = now.plus(-chrono::Duration::days(kept_days.into()));
    // In runs, each a transaction of its own, so that the writer is held only for a moment.
    while app.db.write(move |c| feed::sweep(c, before)).await? > 0 {}
    while app.db.write(move |c| platform::screen::purge(c, now)).await? > 0 {}
    Ok(())
}

/// Streams have no end of their own: a process that stops would wait for them as long as it may.
async fn close_feed_on_signal(feed: feed::Feed) {
    #[cfg(unix)]
    {
        use actix_web::rt::signal::unix::{SignalKind, signal};
        let Ok(mut term) = signal(SignalKind::terminate()) else { return };
        let (told, asked) = (std::pin::pin!(term.recv()), std::pin::pin!(actix_web::rt::signal::ctrl_c()));
        futures_util::future::select(told, asked).await;
        feed.close();
    }
}

//! The one task of a process that reads for all who wait, and ends the streams of those who may not go on.

use std::sync::Arc;
use std::time::Duration;

use platform::auth::Principal;
use platform::{App, Result};
use registry::identity;
use tokio::time::{Instant, sleep, timeout};

use super::hub::{Feed, LOOK_EVERY};
use super::store;

/// What is written within this time wakes the readers once.
const PAUSE: Duration = Duration::from_millis(50);
/// Where nobody counts commits, or nothing seems to happen, it is looked this often all the same.
const AT_LEAST_EVERY: Duration = Duration::from_secs(1);
/// How long a revoked session may go on to read.
const STANDING_EVERY: Duration = Duration::from_secs(1);
const STANDING_AT_LEAST_EVERY: Duration = Duration::from_secs(5);
/// Events that have waited so long for a running transaction are worth a line in the log.
const HELD_TOO_LONG: Duration = Duration::from_secs(10);

/// What the task remembers from one turn to the next.
#[derive(Default)]
struct Pace {
    changes: Option<u64>,
    looked: Option<Instant>,
    /// The transaction that the feed waits for, and since when it has been that one.
    held: Option<(i64, Instant)>,
    warned: Option<Instant>,
    standing_changes: Option<u64>,
    standing: Option<Instant>,
}

fn is_due(last: Option<Instant>, every: Duration) -> bool {
    last.is_none_or(|last| last.elapsed() >= every)
}

impl Feed {
    /// Reads for all who wait, until the process stops. One task of the process runs it.
    pub async fn run(self, app: App) {
        if let Err(error) = app.db.write(store::adopt).await {
            log::warn!("events of another cluster could not be taken over: {error}");
        }
        let mut pace = Pace::default();
        while !self.is_closing() {
            if let Err(error) = self.turn(&app, &mut pace).await {
                log::warn!("the feed could not be read: {error}");
            }
            // What matters is that it wakes, not why.
            let _ = timeout(LOOK_EVERY, app.db.changed()).await;
            sleep(PAUSE).await;
        }
    }

    async fn turn(&self, app: &App, pace: &mut Pace) -> Result<()> {
        let changes = app.db.changes();
        let news = changes.is_none() || changes != pace.changes || pace.held.is_some();
        if news || is_due(pace.looked, AT_LEAST_EVERY) {
            let held_by = self.look(app).await?;
            (pace.changes, pace.looked) = (changes, Some(Instant::now()));
            self.watch_held(held_by, pace);
        }
        let now = app.clock.now().seconds();
        self.open().values().filter(|open| open.expires_at <= now).for_each(|open| open.ended.end());
        let news = changes.is_none() || changes != pace.standing_changes;
        let every = if news { STANDING_EVERY } else { STANDING_AT_LEAST_EVERY };
        if is_due(pace.standing, every) {
            let doubts = self.end_the_revoked(app).await?;
            // A doubt is looked into again soon, whatever happens meanwhile.
            (pace.standing_changes, pace.standing) = (changes.filter(|_| !doubts), Some(Instant::now()));
        }
        Ok(())
    }

    /// A transaction that does not end holds the feed; whoever runs the database must learn of it.
    fn watch_held(&self, held_by: Option<i64>, pace: &mut Pace) {
        let Some(transaction) = held_by else {
            pace.held = None;
            return;
        };
        // On a busy database some transaction is always running; what matters is that it is not always the same.
        let (_, since) = pace.held.filter(|(known, _)| *known == transaction).unwrap_or((transaction, Instant::now()));
        pace.held = Some((transaction, since));
        if since.elapsed() >= HELD_TOO_LONG && is_due(pace.warned, HELD_TOO_LONG) {
            pace.warned = Some(Instant::now());
            let seconds = since.elapsed().as_secs();
            log::warn!(
                "the feed has stood for {seconds} s behind transaction {transaction}, which is still running: \
                 see pg_stat_activity.backend_xid and pg_prepared_xacts"
            );
        }
    }

    /// Ends the streams of those whose session or roles are no longer those of their token. Whether any is in doubt.
    async fn end_the_revoked(&self, app: &App) -> Result<bool> {
        let open: Vec<(u64, Arc<Principal>)> =
            self.open().iter().map(|(number, open)| (*number, open.principal.clone())).collect();
        if open.is_empty() {
            return Ok(false);
        }
        let (numbers, callers): (Vec<u64>, Vec<Arc<Principal>>) = open.into_iter().unzip();
        let now = app.clock.now();
        let standing = app.db.read(move |c| identity::still_stand(c, callers.iter().map(AsRef::as_ref), now)).await?;
        let mut all = self.open();
        let mut doubts = false;
        for (number, stands) in numbers.iter().zip(standing) {
            doubts |= all.get_mut(number).is_some_and(|open| open.judge(stands));
        }
        Ok(doubts)
    }
}

//! What all who wait share: the newest events, who waits, and what each may see.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use platform::auth::{Principal, ScopeInfo};
use platform::{App, Result};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep};

use super::opening::Opener;
use super::rules::{Lens, Position, Resume, Ring, Sight, Thin, resume};
use super::slots::{Slot, Slots};
use super::store;

/// Events that are kept in memory: as many as may pass while a reader is busy.
const RING: usize = 4_096;
/// Rows that one statement reads.
const PAGE: i64 = 500;
/// How long the task waits at most before it looks whether another process has written.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How long a reader that comes from a process with a newer replica is waited for.
const CATCH_UP: Duration = Duration::from_secs(2);

/// What an operator may set.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Between two signs of life of a stream.
    pub heartbeat: Duration,
    /// Streams and long polls of the process.
    pub streams: usize,
    pub streams_per_caller: usize,
}

/// One process's share of the feed. Cheap to clone.
#[derive(Clone)]
pub struct Feed(Arc<Inner>);

struct Inner {
    settings: Settings,
    scopes: Vec<ScopeInfo>,
    openers: &'static [Opener],
    ring: Mutex<Option<Ring>>,
    /// Wakes whoever waits; the place is asked of the ring.
    news: watch::Sender<()>,
    looking: tokio::sync::Mutex<()>,
    slots: Slots,
    open: Mutex<HashMap<u64, Open>>,
    next: AtomicU64,
    closing: AtomicBool,
}

/// A stream, as the task sees it.
pub(super) struct Open {
    pub principal: Arc<Principal>,
    /// Seconds since the epoch.
    pub expires_at: i64,
    pub ended: Arc<Ended>,
    /// Whether its caller was not found to stand when it was last looked.
    doubted: bool,
}

impl Open {
    /// Ends it the second time: a replica may not have the session yet that was opened a moment ago. Whether to look again soon.
    pub fn judge(&mut self, stands: bool) -> bool {
        if !stands && self.doubted {
            self.ended.end();
        }
        self.doubted = !stands;
        self.doubted
    }
}

/// Told to a stream that must end.
#[derive(Default)]
pub struct Ended {
    flag: AtomicBool,
    news: Notify,
}

impl Ended {
    pub fn end(&self) {
        self.flag.store(true, Ordering::Release);
        self.news.notify_one();
    }

    pub fn is(&self) -> bool {
        self.flag.load(Ordering::Acquire)
    }

    pub async fn comes(&self) {
        self.news.notified().await;
    }
}

/// A place among the open streams; left when it is dropped.
pub struct Seat {
    feed: Feed,
    number: u64,
    pub ended: Arc<Ended>,
    _slot: Slot,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.feed.open().remove(&self.number);
    }
}

/// Some events behind a position.
pub struct Run {
    pub events: Vec<Arc<Thin>>,
    /// Where the next run begins.
    pub next: Position,
    pub more: bool,
    /// Whether they were in memory: a reader that falls out of it is too slow for a stream.
    pub from_memory: bool,
}

impl Feed {
    pub fn new(settings: Settings, scopes: Vec<ScopeInfo>, openers: &'static [Opener]) -> Self {
        Self(Arc::new(Inner {
            settings,
            scopes,
            openers,
            ring: Mutex::new(None),
            news: watch::Sender::new(()),
            looking: tokio::sync::Mutex::new(()),
            slots: Slots::new(settings.streams, settings.streams_per_caller),
            open: Mutex::default(),
            next: AtomicU64::new(0),
            closing: AtomicBool::new(false),
        }))
    }

    pub fn heartbeat(&self) -> Duration {
        self.0.settings.heartbeat
    }

    pub fn news(&self) -> watch::Receiver<()> {
        self.0.news.subscribe()
    }

    pub fn slot(&self, principal: &Principal) -> Result<Slot> {
        self.0.slots.take(principal.id)
    }

    /// Opens a stream for a token that ends at `expires_at`.
    pub fn seat(&self, principal: &Arc<Principal>, expires_at: i64) -> Result<Seat> {
        let slot = self.slot(principal)?;
        let (number, ended) = (self.0.next.fetch_add(1, Ordering::Relaxed), Arc::new(Ended::default()));
        self.open()
            .insert(number, Open { principal: principal.clone(), expires_at, ended: ended.clone(), doubted: false });
        Ok(Seat { feed: self.clone(), number, ended, _slot: slot })
    }

    /// How many streams are open.
    pub fn streams(&self) -> usize {
        self.open().len()
    }

    /// Ends all streams and waits, for a process that stops.
    pub fn close(&self) {
        self.0.closing.store(true, Ordering::Release);
        self.open().values().for_each(|open| open.ended.end());
        self.0.news.send_replace(());
    }

    pub fn is_closing(&self) -> bool {
        self.0.closing.load(Ordering::Acquire)
    }

    pub(super) fn open(&self) -> MutexGuard<'_, HashMap<u64, Open>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self) -> MutexGuard<'_, Option<Ring>> {
        self.0.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn head(&self) -> Option<Position> {
        self.ring().as_ref().map(Ring::head)
    }

    /// What the caller sees.
    pub fn lens(&self, principal: &Principal) -> Lens {
        Lens::of(principal, &self.0.scopes, self.0.openers.iter().map(|opener| (opener.entity, opener.scope)))
    }

    /// Where a reader begins; `None` where it must begin anew.
    pub async fn begin(&self, app: &App, named: Option<Position>) -> Result<Option<Position>> {
        let head = match self.head() {
            Some(head) => head,
            None => {
                self.look(app).await?;
                self.head().unwrap_or_default()
            }
        };
        let Some(named) = named else { return Ok(Some(head)) };
        if named == Position::START || self.ring().as_ref().is_some_and(|ring| ring.covers(named)) {
            return Ok(Some(named));
        }
        let since = Instant::now();
        loop {
            match resume(named, app.db.read(move |c| store::place(c, named)).await?) {
                Resume::At(place) => return Ok(Some(place)),
                Resume::NotYet if since.elapsed() < CATCH_UP => sleep(LOOK_EVERY).await,
                Resume::Anew | Resume::NotYet => return Ok(None),
            }
        }
    }

    /// Where the feed ends now.
    pub fn end(&self) -> Position {
        self.head().unwrap_or_default()
    }

    /// Some events behind `from`, whoever may see them: from memory, or from the rows where they have left it.
    pub async fn run_behind(&self, app: &App, from: Position) -> Result<Run> {
        let kept = self.ring().as_ref().and_then(|ring| ring.after(from, usize::try_from(PAGE).unwrap_or(usize::MAX)));
        let (events, more, from_memory) = match kept {
            Some(events) => {
                let full = i64::try_from(events.len()).is_ok_and(|read| read >= PAGE);
                (events, full, true)
            }
            None => {
                let mut page = app.db.read(move |c| store::page(c, from, PAGE)).await?;
                // What memory has not heard of yet comes with its news: who reads on from there, or begins now, must not
                // find less than they were told before.
                let end = self.end();
                let read = page.events.len();
                page.events.retain(|thin| thin.position <= end);
                let here = page.events.len() == read;
                let more = here && (page.more || page.events.last().is_some_and(|last| last.position < end));
                (page.events.into_iter().map(Arc::new).collect(), more, false)
            }
        };
        let next = events.last().map_or(from, |last| last.position);
        Ok(Run { events, next, more, from_memory })
    }

    /// Those that the caller sees, in their order.
    pub async fn seen(
        &self,
        app: &App,
        principal: &Arc<Principal>,
        lens: &Lens,
        events: Vec<Arc<Thin>>,
    ) -> Result<Vec<Arc<Thin>>> {
        let sights: Vec<(Arc<Thin>, Sight)> = events.into_iter().map(|thin| (thin.clone(), lens.sees(&thin))).collect();
        let asked: Vec<Arc<Thin>> =
            sights.iter().filter(|(_, sight)| *sight == Sight::Ask).map(|(thin, _)| thin.clone()).collect();
        let opened = self.opened(app, principal, asked).await?;
        let seen = sights.into_iter().filter(|(thin, sight)| match sight {
            Sight::Yes => true,
            Sight::No => false,
            Sight::Ask => opened.contains(&thin.position),
        });
        Ok(seen.map(|(thin, _)| thin).collect())
    }

    /// Asks each opener once for all of its rows.
    async fn opened(&self, app: &App, who: &Arc<Principal>, asked: Vec<Arc<Thin>>) -> Result<HashSet<Position>> {
        if asked.is_empty() {
            return Ok(HashSet::new());
        }
        let (openers, who) = (self.0.openers, who.clone());
        app.db
            .read(move |c| {
                let mut opened = HashSet::new();
                for opener in openers {
                    let of_kind = || asked.iter().filter(|thin| thin.entity == opener.entity);
                    let ids: HashSet<&String> = of_kind().map(|thin| &thin.entity_id).collect();
                    let ids: Vec<String> = ids.into_iter().cloned().collect();
                    if !ids.is_empty() {
                        let visible = (opener.visible)(c, &who, &ids)?;
                        opened.extend(of_kind().filter(|thin| visible.contains(&thin.entity_id)).map(|t| t.position));
                    }
                }
                Ok(opened)
            })
            .await
    }

    /// Reads what is new. `Some` where events wait for the transaction of that number, or an older one.
    pub async fn look(&self, app: &App) -> Result<Option<i64>> {
        let _one = self.0.looking.lock().await;
        let Some(mut from) = self.head() else {
            let head = app.db.read(store::head).await?;
            *self.ring() = Some(Ring::starting_at(head, RING));
            return Ok(None);
        };
        loop {
            let page = app.db.read(move |c| store::page(c, from, PAGE)).await?;
            if let Some(last) = page.events.last() {
                from = last.position;
                self.ring().as_mut().into_iter().for_each(|ring| ring.extend(page.events.clone()));
                self.0.news.send_replace(());
            }
            if !page.more {
                return Ok(page.held_by);
            }
        }
    }
}

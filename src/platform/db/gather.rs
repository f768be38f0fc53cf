//! Work of one kind that several callers have at once, done for all of them in one transaction. On PostgreSQL each
//! statement is a round trip and each commit a wait for the disk; sixteen rows take hardly longer than one. Nobody waits
//! for others to come: what has come while the last transaction ran goes together into the next.
//!
//! It is the short way of what has an ordinary way as well. Whatever is not as nearly all is (a key that was used before, a
//! place that nobody knows, a fault in any of it) is left undone, and its caller goes the ordinary way alone.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::doors::begin;
use super::transactions::caught;
use super::turn::{Turn, turn};
use super::{Conn, Db, Engine};
use crate::error::{Error, Result};

/// How many go together at most: the first of them waits for the last.
const MOST: usize = 16;
/// Transactions that run at once. More would have fewer in each.
const AT_ONCE: usize = 2;

/// What is done for several at once.
pub trait Together: Send + Sync + 'static {
    type Item: Send + 'static;
    type Made: Send + 'static;

    /// In one transaction; for each item in its order what it made, or `None` where nothing was written for it. Items mostly
    /// come by powers of two, so that statements over all of them have few shapes.
    fn write(&self, c: &mut Conn, items: &[Self::Item]) -> Result<Vec<Option<Self::Made>>>;
}

struct Waiting<K: Together> {
    item: K::Item,
    turn: Turn<Option<K::Made>>,
}

struct Queue<K: Together> {
    waiting: VecDeque<Waiting<K>>,
    running: usize,
}

struct Inner<K: Together> {
    db: Db,
    kind: K,
    queue: Mutex<Queue<K>>,
}

/// The callers of one kind of work. Cheap to clone.
pub struct Gather<K: Together>(Arc<Inner<K>>);

impl<K: Together> Clone for Gather<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K: Together> Gather<K> {
    pub fn new(db: Db, kind: K) -> Self {
        let queue = Mutex::new(Queue { waiting: VecDeque::new(), running: 0 });
        Self(Arc::new(Inner { db, kind, queue }))
    }

    /// Whether there is anything to gain: SQLite's one writer commits together whatever waits.
    pub fn helps(&self) -> bool {
        self.0.db.engine() == Engine::Postgres
    }

    /// `None` where nothing was written: the ordinary way is still open.
    pub async fn write(&self, item: K::Item) -> Result<Option<K::Made>> {
        let (turn, waiter) = turn();
        let first = {
            let mut queue = self.0.queue();
            queue.waiting.push_back(Waiting { item, turn });
            let first = queue.running < AT_ONCE;
            queue.running += usize::from(first);
            first
        };
        if first {
            let inner = self.0.clone();
            begin(Box::new(move || inner.work_off()));
        }
        waiter.outcome().await
    }
}

impl<K: Together> Inner<K> {
    fn queue(&self) -> MutexGuard<'_, Queue<K>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work_off(&self) {
        while let Some(batch) = self.next() {
            self.settle(batch);
        }
    }

    /// Those whose turn it is; `None` ends the run, so that the next who comes begins one.
    fn next(&self) -> Option<Vec<Waiting<K>>> {
        let mut queue = self.queue();
        // Before they are counted: whoever has left must not make the number odd.
        queue.waiting.retain(|waiting| waiting.turn.is_wanted());
        let Some(log) = queue.waiting.len().min(MOST).checked_ilog2() else {
            queue.running -= 1;
            return None;
        };
        Some(queue.waiting.drain(..1 << log).collect())
    }

    fn settle(&self, batch: Vec<Waiting<K>>) {
        let wanted = batch.into_iter().filter(|waiting| waiting.turn.take());
        let (items, turns): (Vec<_>, Vec<_>) = wanted.map(|waiting| (waiting.item, waiting.turn)).unzip();
        if items.is_empty() {
            return;
        }
        let mut written = false;
        let outcome = caught(|| {
            let work = |c: &mut Conn| {
                let made = self.kind.write(c, &items)?;
                // Now, while the ordinary way is still open.
                c.write_touched()?;
                written = true;
                Ok(made)
            };
            self.db.write_now(work)
        });
        match outcome {
            Ok(made) => turns.into_iter().zip(made).for_each(|(turn, made)| turn.answer(Ok(made))),
            // Whether it stands cannot be known, so that nobody may do it once more.
            Err(lost) if written => {
                let text = lost.to_string();
                let lost = || Error::internal(format!("the commit was not confirmed: {text}"));
                turns.into_iter().for_each(|turn| turn.answer(Err(lost())));
            }
            Err(error) => {
                log::debug!("{} that were gathered go one by one: {error}", items.len());
                turns.into_iter().for_each(|turn| turn.answer(Ok(None)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::time::Duration;

    use actix_web::rt::spawn;
    use actix_web::rt::task::JoinHandle;
    use diesel::connection::SimpleConnection;
    use diesel::prelude::*;
    use diesel::sql_types::BigInt;
    use futures_util::future::{join, join_all};
    use tokio::time::{sleep, timeout};

    use super::super::{Either, Sizes};
    use super::*;

    /// Writes numbers down. One above a hundred is for the ordinary way, and some are for the tests.
    struct Numbers {
        lengths: Mutex<Vec<usize>>,
        gate: Mutex<Receiver<()>>,
    }

    const WAITS: i64 = -1;
    const FAILS: i64 = -2;
    const PANICS: i64 = -3;
    /// Breaks a constraint that is looked at when all is done.
    const NOT_COMMITTED: i64 = -4;

    #[derive(QueryableByName)]
    struct Sum {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }

    impl Together for Numbers {
        type Item = i64;
        type Made = i64;

        fn write(&self, c: &mut Conn, items: &[i64]) -> Result<Vec<Option<i64>>> {
            self.lengths.lock().expect("whole").push(items.len());
            let mut one = |n: i64| -> Result<Option<i64>> {
                match n {
                    WAITS => drop(self.gate.lock().expect("whole").recv()),
                    FAILS => return Err(Error::NotFound),
                    PANICS => panic!("the test's own"),
                    NOT_COMMITTED => c.batch_execute("INSERT INTO numbers VALUES (1000, 7)")?,
                    101.. => return Ok(None),
                    _ => c.batch_execute(&format!("INSERT INTO numbers VALUES ({n}, NULL)"))?,
                }
                Ok(Some(n))
            };
            items.iter().map(|n| one(*n)).collect()
        }
    }

    struct Desk {
        _folder: tempfile::TempDir,
        db: Db,
        numbers: Gather<Numbers>,
        open: Sender<()>,
    }

    impl Desk {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let url = format!("sqlite://{}/gather.db", folder.path().display());
            let db = Db::open(&url, None, Sizes { pool: 2, read_pool: 1 }).expect("opens");
            let tables = "CREATE TABLE others (id INTEGER PRIMARY KEY); CREATE TABLE numbers (n INTEGER NOT NULL, \
                other INTEGER REFERENCES others DEFERRABLE INITIALLY DEFERRED)";
            db.with_writer(|c| c.batch_execute(tables)).expect("a writer").expect("tables");
            let (open, gate) = channel();
            let kind = Numbers { lengths: Mutex::default(), gate: Mutex::new(gate) };
            Self { _folder: folder, numbers: Gather::new(db.clone(), kind), db, open }
        }

        /// Keeps everybody who comes from now on waiting, until [`Desk::release`].
        async fn hold(&self) -> Vec<JoinHandle<Result<Option<i64>>>> {
            let mut held = Vec::new();
            for _ in 0..AT_ONCE {
                let numbers = self.numbers.clone();
                held.push(spawn(async move { numbers.write(WAITS).await }));
                // Each in a transaction of its own.
                sleep(Duration::from_millis(1)).await;
                while !self.numbers.0.queue().waiting.is_empty() {
                    sleep(Duration::from_millis(1)).await;
                }
            }
            held
        }

        async fn release(&self, held: Vec<JoinHandle<Result<Option<i64>>>>) {
            (0..AT_ONCE).for_each(|_| self.open.send(()).expect("somebody waits"));
            for one in held {
                assert!(matches!(one.await.expect("ran"), Ok(Some(WAITS))));
            }
        }

        /// All of these at once: what each is told.
        async fn together(&self, items: &[i64]) -> Vec<Result<Option<i64>>> {
            let held = self.hold().await;
            let all = join_all(items.iter().map(|n| self.numbers.write(*n)));
            let (all, ()) = join(all, async {
                sleep(Duration::from_millis(20)).await;
                self.release(held).await;
            })
            .await;
            all
        }

        fn sum(&self) -> i64 {
            let all = diesel::sql_query("SELECT coalesce(sum(n), 0) AS n FROM numbers");
            let sum = self.db.with_writer(|c| match c.either() {
                Either::Sqlite(c) => all.get_result::<Sum>(c).expect("a sum").n,
                Either::Postgres(_) => unreachable!("opened by its URL"),
            });
            sum.expect("a writer")
        }
    }

    #[actix_web::test]
    async fn all_who_wait_are_written_once_and_each_is_told_of_its_own() {
        let desk = Desk::new();
        let items: Vec<i64> = (1..=45).chain([500]).collect();
        let told: Vec<Option<i64>> = desk.together(&items).await.into_iter().map(|told| told.expect("told")).collect();
        assert_eq!(told, (1..=45).map(Some).chain([None]).collect::<Vec<_>>());
        assert_eq!(desk.sum(), (1..=45).sum::<i64>());
        let lengths = desk.numbers.0.kind.lengths.lock().expect("whole").clone();
        assert!(lengths.iter().all(|length| length.is_power_of_two() && *length <= MOST), "{lengths:?}");
        assert!(lengths.contains(&MOST), "{lengths:?}");
        assert_eq!(lengths.iter().sum::<usize>(), items.len() + AT_ONCE);
    }

    #[actix_web::test]
    async fn a_fault_or_a_panic_leaves_all_of_them_the_ordinary_way() {
        let desk = Desk::new();
        for bad in [FAILS, PANICS] {
            let told = desk.together(&[1, bad, 2, 3]).await;
            assert!(told.iter().all(|told| matches!(told, Ok(None))), "{told:?}");
            assert_eq!(desk.sum(), 0);
        }
        assert!(matches!(desk.numbers.write(5).await, Ok(Some(5))));
        assert_eq!(desk.sum(), 5);
    }

    #[actix_web::test]
    async fn nobody_does_again_what_may_have_been_committed() {
        let desk = Desk::new();
        let told = desk.together(&[1, NOT_COMMITTED]).await;
        assert!(told.iter().all(|told| matches!(told, Err(Error::Internal(_)))), "{told:?}");
        assert_eq!(desk.sum(), 0);
    }

    #[actix_web::test]
    async fn who_leaves_before_their_turn_has_nothing_written() {
        let desk = Desk::new();
        let held = desk.hold().await;
        assert!(timeout(Duration::from_millis(20), desk.numbers.write(7)).await.is_err());
        desk.release(held).await;
        desk.numbers.write(1).await.expect("the next has its turn");
        assert_eq!(desk.sum(), 1);
    }
}

//! SQLite's one writer: a thread that goes from one transaction to the next. Between two of them nothing has to be scheduled
//! or woken, as it would if each caller waited for its turn and then handed its work to some thread. Those who wait already
//! when it begins are committed together: they touch the same pages for the most part, and a page is written once for all
//! of them. Where one of them fails, all are done over, each in a savepoint of its own.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use diesel::Connection;
use diesel::connection::TransactionManager;
use diesel::r2d2::Pool;

use super::changes::Changes;
use super::doors::WriteWork;
use super::transactions::caught;
use super::turn::{Turn, turn};
use super::{Conn, Manager, OpenError, transaction};
use crate::error::{Error, Result};

/// How many are committed together at most: the first of them waits for the last.
const TOGETHER: usize = 16;

/// Ends, when its queue is empty, with the last who could add to it.
pub(super) struct Writer {
    queue: Sender<Job>,
}

/// Something that is done while nobody writes.
pub(super) type Pause = Box<dyn FnOnce() -> Result<()> + Send>;

enum Work {
    Write(WriteWork),
    Pause(Pause),
}

struct Job {
    work: Work,
    turn: Turn<()>,
}

impl Writer {
    pub fn start(pool: Pool<Manager>, changes: Arc<Changes>) -> Result<Self, OpenError> {
        let (queue, jobs) = channel::<Job>();
        let thread = std::thread::Builder::new().name("writer".into());
        let started = thread.spawn(move || work_off(&jobs, &pool, &changes));
        started.map_err(|e| OpenError(format!("no thread for the writer: {e}")))?;
        Ok(Self { queue })
    }

    /// One transaction, after all that came before it. One that has not begun in time is never begun.
    pub async fn write(&self, work: WriteWork) -> Result<()> {
        self.run(Work::Write(work)).await
    }

    /// The same for what needs no connection but the writer's absence.
    pub async fn pause(&self, work: Pause) -> Result<()> {
        self.run(Work::Pause(work)).await
    }

    async fn run(&self, work: Work) -> Result<()> {
        let (turn, waiter) = turn();
        self.queue.send(Job { work, turn }).map_err(|_| Error::internal("the writer has ended"))?;
        waiter.outcome().await
    }
}

fn work_off(jobs: &Receiver<Job>, pool: &Pool<Manager>, changes: &Changes) {
    while let Ok(first) = jobs.recv() {
        let mut writes = Vec::new();
        for job in std::iter::once(first).chain(jobs.try_iter().take(TOGETHER - 1)).filter(|job| job.turn.take()) {
            match job.work {
                Work::Write(work) => writes.push((work, job.turn)),
                // What came before it is written first.
                Work::Pause(work) => {
                    write(std::mem::take(&mut writes), pool, changes);
                    job.turn.answer(caught(work));
                }
            }
        }
        write(writes, pool, changes);
    }
}

type Waiting = (WriteWork, Turn<()>);

fn write(waiting: Vec<Waiting>, pool: &Pool<Manager>, changes: &Changes) {
    if waiting.is_empty() {
        return;
    }
    let (work, turns): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
    let outcomes = match (pool.get(), work.as_slice()) {
        (Err(_), _) => work.iter().map(|_| Err(Error::Busy)).collect(),
        (Ok(mut conn), [alone]) => vec![caught(|| transaction(&mut conn, alone))],
        (Ok(mut conn), work) => together(&mut conn, work),
    };
    changes.happened();
    turns.into_iter().zip(outcomes).for_each(|(turn, outcome)| turn.answer(outcome));
}

/// Several pieces of work in one transaction, and nobody is told before all are committed. With savepoints between them
/// SQLite copies every page once more that two of them touch, so they are tried without: mostly nothing fails.
fn together(conn: &mut Conn, work: &[WriteWork]) -> Vec<Result<()>> {
    let all = caught(|| transaction(conn, |c| work.iter().try_for_each(|work| work(c))));
    match all {
        Ok(()) => work.iter().map(|_| Ok(())).collect(),
        Err(_) => one_by_one(conn, work),
    }
}

/// The same with a savepoint for each: what fails is undone alone.
fn one_by_one(conn: &mut Conn, work: &[WriteWork]) -> Vec<Result<()>> {
    let outcomes = transaction(conn, |c| work.iter().map(|work| apart(c, work)).collect::<Result<Vec<_>>>());
    outcomes.unwrap_or_else(|lost| {
        let text = lost.to_string();
        work.iter().map(|_| Err(Error::internal(format!("nothing was committed: {text}")))).collect()
    })
}

/// One of them. An error outside of its outcome means that the whole transaction is gone, as when the disk is full: what
/// came before is lost with it, and what comes next would be written outside of any.
fn apart(c: &mut Conn, work: &WriteWork) -> Result<Result<()>> {
    let so_far = c.touched_so_far();
    <Conn as Connection>::TransactionManager::begin_transaction(c)?;
    let outcome = caught(|| work(c));
    match outcome {
        Ok(()) => <Conn as Connection>::TransactionManager::commit_transaction(c)?,
        Err(_) => {
            c.untouch(so_far);
            <Conn as Connection>::TransactionManager::rollback_transaction(c)?;
        }
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use diesel::connection::SimpleConnection;
    use diesel::prelude::*;
    use diesel::sql_types::BigInt;
    use futures_util::future::{join, join_all, join3};

    use super::super::Either;
    use super::*;

    #[derive(QueryableByName)]
    struct Sum {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }

    fn writer() -> (tempfile::TempDir, Pool<Manager>, Writer) {
        let folder = tempfile::tempdir().expect("a folder");
        let manager = Manager::new(&format!("sqlite://{}/w.db", folder.path().display())).expect("a URL");
        let pool = Pool::builder().max_size(1).build(manager.clone()).expect("opens");
        let table = "CREATE TABLE numbers (n INTEGER NOT NULL UNIQUE)";
        pool.get().expect("a connection").batch_execute(table).expect("a table");
        let writer = Writer::start(pool.clone(), Arc::new(Changes::of(manager))).expect("a thread");
        (folder, pool, writer)
    }

    fn insert(n: i64) -> WriteWork {
        Box::new(move |c| {
            diesel::sql_query("INSERT INTO numbers VALUES (?)").bind::<BigInt, _>(n).execute(sqlite(c))?;
            Ok(())
        })
    }

    fn sqlite(c: &mut Conn) -> &mut SqliteConnection {
        match c.either() {
            Either::Sqlite(c) => c,
            Either::Postgres(_) => unreachable!("opened by its URL"),
        }
    }

    fn sum(pool: &Pool<Manager>) -> i64 {
        let mut conn = pool.get().expect("a connection");
        let all = diesel::sql_query("SELECT coalesce(sum(n), 0) AS n FROM numbers");
        all.get_result::<Sum>(sqlite(&mut conn)).expect("a sum").n
    }

    /// Keeps the thread until the other end is dropped, so that what comes meanwhile waits together.
    fn held() -> (Sender<()>, Pause) {
        let (release, wait) = channel::<()>();
        let work = Box::new(move || {
            let _ = wait.recv();
            Ok(())
        });
        (release, work)
    }

    #[actix_web::test]
    async fn of_those_who_are_committed_together_each_fails_alone() {
        let (_folder, pool, writer) = writer();
        let (release, hold) = held();
        let order = Arc::new(Mutex::new(Vec::new()));
        let noted = |n: usize, work: WriteWork| -> WriteWork {
            let order = order.clone();
            Box::new(move |c| {
                order.lock().expect("whole").push(n);
                work(c)
            })
        };
        let then_fails = Box::new(|c: &mut Conn| insert(100)(c).and(Err(Error::NotFound)));
        let then_panics = Box::new(|c: &mut Conn| {
            insert(1_000)(c)?;
            panic!("the test's own")
        });
        let work: Vec<WriteWork> = vec![insert(1), then_fails, insert(1), then_panics, insert(2)];
        let writes = work.into_iter().enumerate().map(|(n, work)| writer.write(noted(n, work)));
        let all = join_all(writes);
        let (first, outcomes, ()) = join3(writer.pause(hold), all, async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            drop(release);
        })
        .await;
        first.expect("held");
        assert_eq!(outcomes.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, false, false, true]);
        assert_eq!(*order.lock().expect("whole"), [0, 1, 0, 1, 2, 3, 4], "all of them again after the first fault");
        assert_eq!(sum(&pool), 3);
    }

    #[actix_web::test]
    async fn when_the_transaction_is_gone_nobody_is_told_that_it_was_written() {
        let (_folder, pool, writer) = writer();
        let (release, hold) = held();
        // What SQLite does by itself when the disk is full.
        let gone: WriteWork = Box::new(|c| {
            c.batch_execute("ROLLBACK")?;
            Err(Error::NotFound)
        });
        let writes = join_all([insert(1), gone, insert(2)].map(|work| writer.write(work)));
        let (_, outcomes, ()) = join3(writer.pause(hold), writes, async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            drop(release);
        })
        .await;
        assert!(outcomes.iter().all(Result::is_err));
        assert_eq!(sum(&pool), 0);
        writer.write(insert(5)).await.expect("the next is written");
        assert_eq!(sum(&pool), 5);
    }

    #[actix_web::test]
    async fn who_leaves_before_their_turn_has_nothing_written() {
        let (_folder, pool, writer) = writer();
        let (release, hold) = held();
        let left = async {
            assert!(tokio::time::timeout(Duration::from_millis(20), writer.write(insert(7))).await.is_err());
            drop(release);
        };
        let (first, ()) = join(writer.pause(hold), left).await;
        first.expect("done");
        writer.write(insert(1)).await.expect("the next has its turn");
        assert_eq!(sum(&pool), 1);
    }
}

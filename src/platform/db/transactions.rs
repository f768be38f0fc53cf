//! Transactions and parts of them on a connection that is held.

use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::Connection;
use diesel::connection::{AnsiTransactionManager, TransactionManager};

use super::{Conn, Either};
use crate::error::{Error, Result};

/// One transaction on a connection that is held already: what `write` does, for a command that keeps the writer.
pub fn transaction<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    begin(conn)?;
    // What was touched is written last, so that nobody waits for these rows for longer than a commit takes.
    finish(conn, |c| {
        let value = work(c)?;
        c.write_touched()?;
        Ok(value)
    })
}

/// Part of a transaction that may fail alone: what it wrote is undone, what came before stands.
pub fn savepoint<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    let so_far = conn.touched_so_far();
    <Conn as Connection>::TransactionManager::begin_transaction(conn)?;
    let outcome = finish(conn, work);
    if outcome.is_err() {
        conn.untouch(so_far);
    }
    outcome
}

/// Reads as if nothing changed meanwhile, and holds up nobody who writes.
pub fn snapshot<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    match conn.either() {
        Either::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN")?,
        Either::Postgres(c) => {
            AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        }
    }
    finish(conn, work)
}

/// Runs `work` for real and undoes all of it.
pub fn rehearse<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    begin(conn)?;
    let outcome = work(conn);
    roll_back(conn);
    outcome
}

fn begin(conn: &mut Conn) -> Result<()> {
    // Whatever a transaction before this one has left undone with it.
    conn.untouch(0);
    match conn.either() {
        // A plain BEGIN lets two writers read the same row and then fails one of them at its first write.
        Either::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?,
        Either::Postgres(c) => <diesel::pg::PgConnection as Connection>::TransactionManager::begin_transaction(c)?,
    }
    Ok(())
}

fn finish<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(|| work(conn))) {
        Ok(Ok(value)) => {
            <Conn as Connection>::TransactionManager::commit_transaction(conn)?;
            Ok(value)
        }
        Ok(Err(error)) => {
            roll_back(conn);
            Err(error)
        }
        Err(panic) => {
            roll_back(conn);
            std::panic::resume_unwind(panic)
        }
    }
}

/// A panic as an error, for who works for several callers and must not leave with one of them.
pub(super) fn caught<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Error::internal("the work panicked")))
}

fn roll_back(conn: &mut Conn) {
    if let Err(error) = <Conn as Connection>::TransactionManager::rollback_transaction(conn) {
        log::error!("rollback failed: {error}");
    }
}

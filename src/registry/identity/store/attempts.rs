//! 登录尝试 rows: counted before the password is looked at, so that guesses made at the same time all count.

use diesel::prelude::*;
use platform::db::{Conn, Ts};
use platform::{Error, Result, on_each};

use crate::identity::rules::{self, Attempts, LIMIT_PER_ACCOUNT, LIMIT_PER_ADDRESS};
use crate::schema::login_attempts as attempts;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = attempts, treat_none_as_default_value = false)]
struct AttemptRow {
    subject: String,
    failures: i32,
    last_failed_at: Ts,
    locked_until: Option<Ts>,
}

/// Counts one attempt on the name and one from the address; refused with 429 while either is locked.
pub fn charge(c: &mut Conn, username: &str, address: &str, now: Ts) -> Result<()> {
    // Always the name first: two logins that wait for one another's rows would be a deadlock.
    charge_one(c, rules::user_subject(username), LIMIT_PER_ACCOUNT, now)?;
    match rules::address_subject(address) {
        Some(subject) => charge_one(c, subject, LIMIT_PER_ADDRESS, now),
        None => Ok(()),
    }
}

/// The attempt was a success: the name starts afresh, the address gets its one charge back.
pub fn forgive(c: &mut Conn, username: &str, address: &str) -> Result<()> {
    unlock(c, username)?;
    let Some(subject) = rules::address_subject(address) else { return Ok(()) };
    if let Some(before) = lock(c, &subject)? {
        keep(c, &subject, rules::refunded(before, LIMIT_PER_ADDRESS))?;
    }
    Ok(())
}

/// The name starts afresh.
pub fn unlock(c: &mut Conn, username: &str) -> Result<()> {
    diesel::delete(attempts::table.find(rules::user_subject(username))).execute(c)?;
    Ok(())
}

/// Forgets subjects that have been quiet for long; called by the sweeper.
pub fn purge(c: &mut Conn, now: Ts) -> QueryResult<usize> {
    diesel::delete(attempts::table.filter(attempts::last_failed_at.lt(rules::forget_before(now)))).execute(c)
}

fn charge_one(c: &mut Conn, subject: String, limit: i32, now: Ts) -> Result<()> {
    let wait = |seconds| Error::Wait { problem: &rules::LOCKED_OUT, seconds };
    let first = rules::charged(None, limit, now).map_err(wait)?;
    let row = AttemptRow {
        subject: subject.clone(),
        failures: first.failures,
        last_failed_at: first.last_failed_at,
        locked_until: first.locked_until,
    };
    let is_new =
        on_each!(c => diesel::insert_into(attempts::table).values(&row).on_conflict_do_nothing().execute(c))? == 1;
    if is_new {
        return Ok(());
    }
    let before = lock(c, &subject)?;
    keep(c, &subject, rules::charged(before, limit, now).map_err(wait)?)
}

/// Reads the row so that nobody else can until this transaction ends: on PostgreSQL an update that changes nothing
/// takes the lock that `FOR UPDATE` would, and answers with the row as the one before us left it.
fn lock(c: &mut Conn, subject: &str) -> QueryResult<Option<Attempts>> {
    let row: Option<AttemptRow> = diesel::update(attempts::table.find(subject))
        .set(attempts::failures.eq(attempts::failures))
        .returning(attempts::all_columns)
        .get_result(c)
        .optional()?;
    Ok(row.map(|row| Attempts {
        failures: row.failures,
        last_failed_at: row.last_failed_at,
        locked_until: row.locked_until,
    }))
}

fn keep(c: &mut Conn, subject: &str, now: Attempts) -> Result<()> {
    diesel::update(attempts::table.find(subject))
        .set((
            attempts::failures.eq(now.failures),
            attempts::last_failed_at.eq(now.last_failed_at),
            attempts::locked_until.eq(now.locked_until),
        ))
        .execute(c)?;
    Ok(())
}

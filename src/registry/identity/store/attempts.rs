//! 登录尝试 rows: counted before the password is looked at, so that guesses made at the same time all count.

use diesel::prelude::*;
use platform::db::{Conn, Ts};
use platform::{Error, Result, on_each};

use crate::identity::rules::{self, Attempts, Charge, LIMIT_PER_ACCOUNT, LIMIT_PER_ADDRESS};
use crate::schema::login_attempts as attempts;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = attempts, treat_none_as_default_value = false)]
struct AttemptRow {
    subject: String,
    failures: i32,
    last_failed_at: Ts,
    locked_until: Option<Ts>,
}

/// An attempt that has been counted: it ends with [`forgive`] or [`fail`].
#[must_use]
pub struct Attempt {
    user: String,
    /// Where the address is known, what it was charged.
    address: Option<(String, Charge)>,
}

/// Counts one attempt on the name and one from the address; refused with 429 while either is locked.
pub fn charge(c: &mut Conn, username: &str, address: &str, now: Ts) -> Result<Attempt> {
    // Always the name first: two logins that wait for one another's rows would be a deadlock.
    let user = rules::user_subject(username);
    charge_one(c, &user, LIMIT_PER_ACCOUNT, now)?;
    let address = match rules::address_subject(address) {
        Some(subject) => Some(charge_one(c, &subject, LIMIT_PER_ADDRESS, now).map(|charge| (subject, charge))?),
        None => None,
    };
    Ok(Attempt { user, address })
}

/// The attempt was a success: the name starts afresh, the address gets its one charge back.
pub fn forgive(c: &mut Conn, attempt: &Attempt) -> Result<()> {
    clear(c, &attempt.user)?;
    let Some((subject, charge)) = &attempt.address else { return Ok(()) };
    let Some(standing) = lock(c, subject)? else { return Ok(()) };
    match rules::refunded(standing, *charge, LIMIT_PER_ADDRESS) {
        Some(left) => keep(c, subject, left),
        None => clear(c, subject),
    }
}

/// The attempt was wrong: what is counted on its name and its address is as old as now.
pub fn fail(c: &mut Conn, attempt: &Attempt, now: Ts) -> Result<()> {
    let address = attempt.address.iter().map(|(subject, _)| subject);
    for subject in std::iter::once(&attempt.user).chain(address) {
        if let Some(standing) = lock(c, subject)? {
            keep(c, subject, rules::failed(standing, now))?;
        }
    }
    Ok(())
}

/// The name starts afresh.
pub fn unlock(c: &mut Conn, username: &str) -> Result<()> {
    clear(c, &rules::user_subject(username))
}

/// Forgets subjects that have been quiet for long and are not locked; called by the sweeper.
pub fn purge(c: &mut Conn, now: Ts) -> QueryResult<usize> {
    let free = attempts::locked_until.is_null().or(attempts::locked_until.le(now));
    let quiet = attempts::last_failed_at.lt(rules::forget_before(now));
    diesel::delete(attempts::table.filter(quiet.and(free))).execute(c)
}

fn charge_one(c: &mut Conn, subject: &str, limit: i32, now: Ts) -> Result<Charge> {
    let wait = |seconds| Error::Wait { problem: &rules::LOCKED_OUT, seconds };
    let first = rules::charged(None, limit, now).map_err(wait)?;
    let Attempts { failures, last_failed_at, locked_until } = first.after;
    let row = AttemptRow { subject: subject.to_owned(), failures, last_failed_at, locked_until };
    let is_new =
        on_each!(c => diesel::insert_into(attempts::table).values(&row).on_conflict_do_nothing().execute(c))? == 1;
    if is_new {
        return Ok(first);
    }
    let before = lock(c, subject)?;
    let charge = rules::charged(before, limit, now).map_err(wait)?;
    keep(c, subject, charge.after)?;
    Ok(charge)
}

fn clear(c: &mut Conn, subject: &str) -> Result<()> {
    diesel::delete(attempts::table.find(subject)).execute(c)?;
    Ok(())
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
    let Attempts { failures, last_failed_at, locked_until } = now;
    diesel::update(attempts::table.find(subject))
        .set((
            attempts::failures.eq(failures),
            attempts::last_failed_at.eq(last_failed_at),
            attempts::locked_until.eq(locked_until),
        ))
        .execute(c)?;
    Ok(())
}

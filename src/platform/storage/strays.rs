//! Bytes that no row names: noted before they are put, and the note goes in the transaction of the row that names them. What
//! is still noted later, because a process or a connection ended in between, is swept away.

use diesel::prelude::*;

use super::Key;
use crate::app::App;
use crate::db::{Conn, Ts};
use crate::error::{Error, Result};
use crate::on_each;
use crate::schema::stray_objects as strays;

/// Many times what a call needs from the note to the row.
const KEPT_MINUTES: i64 = 60;
const PER_RUN: i64 = 100;

#[derive(Insertable)]
#[diesel(table_name = strays, treat_none_as_default_value = false)]
struct Note<'a> {
    key: &'a str,
    due: Ts,
    doomed: bool,
}

fn note(c: &mut Conn, keys: &[Key], (due, doomed): (Ts, bool)) -> Result<()> {
    let notes: Vec<Note<'_>> = keys.iter().map(|key| Note { key: key.as_str(), due, doomed }).collect();
    on_each!(c => diesel::insert_into(strays::table).values(&notes).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Says that bytes are about to be put under `keys`.
pub fn expect(c: &mut Conn, keys: &[Key], now: Ts) -> Result<()> {
    note(c, keys, (now.plus(chrono::Duration::minutes(KEPT_MINUTES)), false))
}

/// Says, in the transaction of the row that names them, that `keys` are named. Those that were given up may not be.
pub fn settle(c: &mut Conn, keys: &[Key]) -> Result<()> {
    let standing = strays::table.filter(strays::key.eq_any(texts(keys)).and(strays::doomed.eq(false)));
    if diesel::delete(standing).execute(c)? == keys.len() { Ok(()) } else { Err(Error::Busy) }
}

/// Says, in the transaction that takes their row away, that what lies under `keys` has to go.
pub fn condemn(c: &mut Conn, keys: &[Key], now: Ts) -> Result<()> {
    note(c, keys, (now, true))
}

/// Erases what was condemned. Where this fails, the sweep does it later.
pub async fn erase(app: &App, keys: Vec<Key>) -> Result<()> {
    for key in &keys {
        app.storage.delete(key).await?;
    }
    app.db.write(move |c| forget(c, &keys)).await
}

/// Takes away what was put and no row came to name. On PostgreSQL this waits for a transaction whose end nobody was told.
pub async fn discard(app: &App, keys: Vec<Key>) {
    let noted = keys.clone();
    let outcome = match app.db.write(move |c| doom(c, &noted)).await {
        Ok(doomed) => erase(app, doomed).await,
        Err(error) => Err(error),
    };
    if let Err(error) = outcome {
        log::warn!("{} objects stay in the storage until the sweep: {error}", keys.len());
    }
}

/// Gives up those of `keys` that no row names.
fn doom(c: &mut Conn, keys: &[Key]) -> Result<Vec<Key>> {
    let noted = strays::table.filter(strays::key.eq_any(texts(keys)));
    diesel::update(noted.clone()).set(strays::doomed.eq(true)).execute(c)?;
    let doomed: Vec<String> = noted.select(strays::key).load(c)?;
    doomed.iter().map(|key| Key::parse(key)).collect()
}

fn forget(c: &mut Conn, keys: &[Key]) -> Result<()> {
    diesel::delete(strays::table.filter(strays::key.eq_any(texts(keys)))).execute(c)?;
    Ok(())
}

fn texts(keys: &[Key]) -> Vec<&str> {
    keys.iter().map(Key::as_str).collect()
}

/// Erases what has been noted for too long; safe to run in every process. How many objects went.
pub async fn sweep(app: &App) -> Result<usize> {
    let (now, mut gone) = (app.clock.now(), 0);
    loop {
        let doomed = app.db.write(move |c| doom_due(c, now)).await?;
        if doomed.is_empty() {
            return Ok(gone);
        }
        gone += doomed.len();
        erase(app, doomed).await?;
    }
}

fn doom_due(c: &mut Conn, now: Ts) -> Result<Vec<Key>> {
    let due: Vec<String> =
        strays::table.filter(strays::due.le(now)).order(strays::due).limit(PER_RUN).select(strays::key).load(c)?;
    let keys = due.iter().map(|key| Key::parse(key)).collect::<Result<Vec<_>>>()?;
    doom(c, &keys)
}

//! What is forgotten with time.

use chrono::Duration;
use diesel::prelude::*;
use platform::Result;
use platform::clock::date_in_shanghai;
use platform::db::{Conn, Ts};

use super::{attempts, grants, keys};
use crate::schema::{refresh_tokens, sessions};

/// Sessions are kept for a while after their end, so that their holder still finds them in the list.
const KEPT_DAYS: i64 = 30;

/// Forgets expired refresh tokens, sessions and signing keys that ended a month ago and old login attempts, and ends
/// lapsed grants.
/// Run now and then in a write transaction; answers with the rows it touched.
pub fn sweep(c: &mut Conn, now: Ts) -> Result<usize> {
    let month_ago = now.plus(-Duration::days(KEPT_DAYS));
    let tokens = diesel::delete(refresh_tokens::table.filter(refresh_tokens::expires_at.lt(now))).execute(c)?;
    let over = sessions::expires_at.lt(month_ago).or(sessions::revoked_at.lt(month_ago));
    let sessions = diesel::delete(sessions::table.filter(over)).execute(c)?;
    let attempts = attempts::purge(c, now)?;
    let retired = keys::purge(c, month_ago)?;
    let lapsed = grants::end_lapsed(c, None, date_in_shanghai(now), now)?;
    Ok(tokens + sessions + attempts + retired + lapsed)
}

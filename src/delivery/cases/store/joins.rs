//! 我也遇到: a resident joins a case instead of reporting it again.

use diesel::prelude::*;
use platform::db::Conn;
use platform::error::OrConflict;
use platform::history::{ActorId, By};
use platform::{Error, Result};
use registry::identity::AccountId;

use super::sight::get;
use crate::cases::dto::{CaseId, Visibility};
use crate::cases::rules::{ALREADY_JOINED, NOT_JOINABLE};
use crate::schema::{case_joins as joins, case_reporters as reporters};

/// Only what is public and still open can be joined; anything else is not there for a stranger.
pub fn join(c: &mut Conn, account: AccountId, id: CaseId, by: &By) -> Result<()> {
    let row = get(c, id)?;
    if row.visibility != Visibility::Public {
        return Err(Error::NotFound);
    }
    if !row.status.is_open() {
        return Err((&NOT_JOINABLE).into());
    }
    if has_reported(c, account, id)? {
        return Err((&ALREADY_JOINED).into());
    }
    let new = (joins::case_id.eq(id), joins::account_id.eq(ActorId(account.0)), joins::joined_at.eq(by.at));
    diesel::insert_into(joins::table).values(new).execute(c).or_conflict(&ALREADY_JOINED)?;
    Ok(())
}

fn has_reported(c: &mut Conn, account: AccountId, id: CaseId) -> Result<bool> {
    let reported = reporters::case_id.eq(id).and(reporters::account_id.eq(ActorId(account.0)));
    let own: i64 = reporters::table.filter(reported).count().get_result(c)?;
    Ok(own > 0)
}

/// Whether the case is one of the account's own: they reported or joined it.
pub fn follows(c: &mut Conn, account: AccountId, id: CaseId) -> Result<bool> {
    let joined: i64 = joins::table
        .filter(joins::case_id.eq(id).and(joins::account_id.eq(ActorId(account.0))))
        .count()
        .get_result(c)?;
    Ok(joined > 0 || has_reported(c, account, id)?)
}

/// No longer. Nothing happens to who had not joined.
pub fn leave(c: &mut Conn, account: AccountId, id: CaseId) -> Result<()> {
    let gone = diesel::delete(joins::table.find((id, ActorId(account.0)))).execute(c)?;
    if gone == 1 { Ok(()) } else { Err(Error::NotFound) }
}

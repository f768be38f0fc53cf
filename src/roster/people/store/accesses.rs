//! 查看留痕: every opening of a number, written down in the transaction that answers with it.

use diesel::prelude::*;
use platform::auth::Grant;
use platform::db::{Backend, Conn, Ts};
use platform::history::ActorId;
use platform::secrets::Secrets;
use platform::{Error, Result};

use super::By;
use super::persons::PersonRow;
use super::phones::open_phone;
use crate::people::dto::{AccessId, PersonId, UnmaskIn, UnmaskPurpose};
use crate::people::rules;
use crate::schema::phone_accesses as accesses;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = accesses, treat_none_as_default_value = false)]
pub struct AccessRow {
    pub id: AccessId,
    pub person_id: PersonId,
    pub purpose: UnmaskPurpose,
    pub note: String,
    pub actor_id: ActorId,
    pub actor_role: String,
    pub actor_area: String,
    pub at: Ts,
}

/// Opens a phone for a caller who acts by `grant`, and writes down that it was opened and what for.
pub fn unmask(
    c: &mut Conn,
    row: &PersonRow,
    grant: &Grant,
    asked: &UnmaskIn,
    secrets: &Secrets,
    by: &By,
) -> Result<(String, AccessRow)> {
    row.refuse_closed()?;
    let sealed = row.phone_sealed.as_deref().ok_or(&rules::NO_PHONE)?;
    let actor = by.actor.ok_or_else(|| Error::internal("nobody opens a number"))?;
    one_at_a_time(c, actor)?;
    let hour = by.at.plus(-chrono::Duration::hours(1));
    let opened: Vec<Ts> = accesses::table
        .filter(accesses::actor_id.eq(ActorId(actor)).and(accesses::at.gt(hour)))
        .order(accesses::at.desc())
        .limit(rules::UNMASKS_PER_HOUR)
        .select(accesses::at)
        .load(c)?;
    let opened: Vec<i64> = opened.into_iter().map(Ts::seconds).collect();
    if let Some(wait) = rules::unmask_wait(&opened, by.at.seconds()) {
        return Err(wait);
    }
    let access = AccessRow {
        id: AccessId::fresh(),
        person_id: row.id,
        purpose: asked.purpose,
        note: asked.note.clone(),
        actor_id: ActorId(actor),
        actor_role: grant.role.as_str().to_owned(),
        actor_area: grant.area.to_string(),
        at: by.at,
    };
    diesel::insert_into(accesses::table).values(&access).execute(c)?;
    Ok((open_phone(secrets, row.id, sealed)?, access))
}

/// Two openings of one caller are counted one after the other. SQLite's writer is alone already.
fn one_at_a_time(c: &mut Conn, actor: uuid::Uuid) -> Result<()> {
    if let Conn::Postgres(pg) = c {
        let (high, low) = actor.as_u64_pair();
        diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
            .bind::<diesel::sql_types::BigInt, _>((high ^ low).cast_signed())
            .execute(pg)?;
    }
    Ok(())
}

/// Openings of one person's number, the newest first.
pub fn list(c: &mut Conn, of: PersonId, (after, fetch): (Option<AccessId>, i64)) -> Result<Vec<AccessRow>> {
    let mut query = accesses::table.into_boxed::<Backend>().filter(accesses::person_id.eq(of));
    if let Some(after) = after {
        query = query.filter(accesses::id.lt(after));
    }
    Ok(query.order(accesses::id.desc()).limit(fetch).select(AccessRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, of: PersonId) -> Result<i64> {
    Ok(accesses::table.filter(accesses::person_id.eq(of)).count().get_result(c)?)
}

//! 查看留痕: every opening of a number, written down in the transaction that answers with it. Those of numbers that another
//! context keeps are written down here as well: an hour has room for so many in all.

use diesel::prelude::*;
use platform::auth::Grant;
use platform::db::{Backend, Conn, Either, Ts};
use platform::history::ActorId;
use platform::secrets::Secrets;
use platform::{Error, Result, id};
use uuid::Uuid;

use super::By;
use super::persons::{self, PersonRow};
use super::phones::open_phone;
use crate::people::dto::{AccessId, AccessOut, PersonId, UnmaskIn, UnmaskPurpose};
use crate::people::rules;
use crate::schema::phone_accesses as accesses;

id!(
    /// What a number came with of somebody who is in no register: a case.
    SourceId
);

/// Whose number is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// Of somebody in the register, who reads it with their record.
    Of(PersonId),
    /// Of somebody who is not, who reads it with what they sent.
    With(SourceId),
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = accesses, treat_none_as_default_value = false)]
pub struct AccessRow {
    pub id: AccessId,
    pub person_id: Option<PersonId>,
    pub source_id: Option<SourceId>,
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
    let access = note(c, Opened::Of(row.id), grant, asked, by)?;
    Ok((open_phone(secrets, row.id, sealed)?, access))
}

/// The same for another context, which has settled that the caller may ask for this person.
pub fn unmask_person(
    c: &mut Conn,
    person: PersonId,
    grant: &Grant,
    asked: &UnmaskIn,
    secrets: &Secrets,
    by: &By,
) -> Result<(String, AccessRow)> {
    let row = persons::get(c, person)?;
    let sealed = row.phone_sealed.as_deref().ok_or(&rules::NO_PHONE)?;
    let access = note(c, Opened::Of(row.id), grant, asked, by)?;
    Ok((open_phone(secrets, row.id, sealed)?, access))
}

/// Writes down that a number is opened, where the hour has room for it.
pub fn note(c: &mut Conn, opened: Opened, grant: &Grant, asked: &UnmaskIn, by: &By) -> Result<AccessRow> {
    let actor = admit(c, by)?;
    let (person_id, source_id) = match opened {
        Opened::Of(person) => (Some(person), None),
        Opened::With(source) => (None, Some(source)),
    };
    let access = AccessRow {
        id: AccessId::fresh(),
        person_id,
        source_id,
        purpose: asked.purpose,
        note: asked.note.clone(),
        actor_id: ActorId(actor),
        actor_role: grant.role.as_str().to_owned(),
        actor_area: grant.area.to_string(),
        at: by.at,
    };
    diesel::insert_into(accesses::table).values(&access).execute(c)?;
    Ok(access)
}

/// Refuses one opening more than an hour has room for.
fn admit(c: &mut Conn, by: &By) -> Result<Uuid> {
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
    match rules::unmask_wait(&opened, by.at.seconds()) {
        Some(wait) => Err(wait),
        None => Ok(actor),
    }
}

/// Two openings of one caller are counted one after the other. SQLite's writer is alone already.
fn one_at_a_time(c: &mut Conn, actor: Uuid) -> Result<()> {
    if let Either::Postgres(pg) = c.either() {
        let (high, low) = actor.as_u64_pair();
        diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
            .bind::<diesel::sql_types::BigInt, _>((high ^ low).cast_signed())
            .execute(pg)?;
    }
    Ok(())
}

/// Openings of one person's number, the newest first.
pub fn list(c: &mut Conn, of: PersonId, (after, fetch): (Option<AccessId>, i64)) -> Result<Vec<AccessOut>> {
    let mut query = accesses::table.into_boxed::<Backend>().filter(accesses::person_id.eq(of));
    if let Some(after) = after {
        query = query.filter(accesses::id.lt(after));
    }
    let rows: Vec<AccessRow> = query.order(accesses::id.desc()).limit(fetch).select(AccessRow::as_select()).load(c)?;
    Ok(rows.into_iter().map(|row| AccessOut::of(of, row)).collect())
}

/// Openings of numbers that came with one thing, oldest first.
pub fn with_source(c: &mut Conn, source: SourceId) -> Result<Vec<AccessRow>> {
    let rows = accesses::table.filter(accesses::source_id.eq(source)).order(accesses::id.asc());
    Ok(rows.select(AccessRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, of: PersonId) -> Result<i64> {
    Ok(accesses::table.filter(accesses::person_id.eq(of)).count().get_result(c)?)
}

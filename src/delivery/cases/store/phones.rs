//! 查看报事人号码: every opening of a number that a case was reported with, written down in the transaction that answers with
//! it. The reporter reads it: with their record where they have one, else in the story of their case.

use diesel::prelude::*;
use platform::auth::Grant;
use platform::db::{Conn, Ts};
use platform::history::{ActorId, By};
use platform::secrets::Secrets;
use platform::{Error, Result};
use roster::people::dto::{AccessId, UnmaskIn, UnmaskPurpose};
use roster::people::{self, NO_PHONE};

use super::intake::PHONES;
use super::rows::{CaseRow, ReporterRow};
use super::single;
use crate::cases::dto::{CaseId, Identity, ReporterPhoneOut};
use crate::schema::case_phone_accesses as accesses;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = accesses, treat_none_as_default_value = false)]
pub struct AccessRow {
    pub id: AccessId,
    pub case_id: CaseId,
    pub purpose: UnmaskPurpose,
    pub note: String,
    pub actor_id: ActorId,
    pub actor_role: String,
    pub actor_area: String,
    pub at: Ts,
}

/// Openings of a case's number, oldest first.
pub fn of_case(c: &mut Conn, case: CaseId) -> Result<Vec<AccessRow>> {
    let rows = accesses::table.filter(accesses::case_id.eq(case)).order(accesses::id.asc());
    Ok(rows.select(AccessRow::as_select()).load(c)?)
}

/// Opens the number under which a reporter is reached, for a caller who acts by `grant`: that which came with the case, else
/// that of their record. Nobody is known who reported without a name.
pub fn unmask(
    c: &mut Conn,
    row: &CaseRow,
    grant: &Grant,
    asked: &UnmaskIn,
    secrets: &Secrets,
    by: &By,
) -> Result<ReporterPhoneOut> {
    if row.identity == Identity::Anonymous {
        return Err(Error::NotFound);
    }
    let reporter = single::reporter(c, row.id)?.ok_or(Error::NotFound)?;
    let elsewhere = recent(c, by)?;
    let person = match reporter.account_id {
        Some(account) => people::person_of_account(c, account.0)?,
        None => None,
    };
    let (phone, access_id) = match (&reporter.phone_sealed, person) {
        (Some(sealed), Some(person)) => {
            let access = people::note_opening(c, person, grant, asked, &elsewhere, by)?;
            (open(secrets, row.id, sealed)?, access.id)
        }
        (None, Some(person)) => {
            let (phone, access) = people::unmask_person(c, person, grant, asked, &elsewhere, secrets, by)?;
            (phone, access.id)
        }
        (Some(sealed), None) => {
            let access = write_down(c, &reporter, grant, asked, &elsewhere, by)?;
            (open(secrets, row.id, sealed)?, access.id)
        }
        (None, None) => return Err((&NO_PHONE).into()),
    };
    Ok(ReporterPhoneOut { phone, access_id, at: by.at })
}

fn open(secrets: &Secrets, of: CaseId, sealed: &[u8]) -> Result<String> {
    String::from_utf8(secrets.open(PHONES, of.0.as_bytes(), sealed)?).map_err(Error::internal)
}

fn write_down(
    c: &mut Conn,
    reporter: &ReporterRow,
    grant: &Grant,
    asked: &UnmaskIn,
    elsewhere: &[Ts],
    by: &By,
) -> Result<AccessRow> {
    let actor = people::admit_opening(c, elsewhere, by)?;
    let access = AccessRow {
        id: AccessId::fresh(),
        case_id: reporter.case_id,
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

/// When the caller opened numbers of cases within the hour: they count towards the one limit.
fn recent(c: &mut Conn, by: &By) -> Result<Vec<Ts>> {
    let actor = by.actor.ok_or_else(|| Error::internal("nobody opens a number"))?;
    people::one_at_a_time(c, actor)?;
    let hour = by.at.plus(-chrono::Duration::hours(1));
    let opened = accesses::table.filter(accesses::actor_id.eq(ActorId(actor)).and(accesses::at.gt(hour)));
    Ok(opened.select(accesses::at).load(c)?)
}

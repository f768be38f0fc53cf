//! What the rules of higher contexts ask about persons.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Range};
use registry::identity::AccountId;
use registry::territory::dto::CompoundId;
use uuid::Uuid;

use super::checkins;
use super::persons::{self, PersonRow};
use crate::people::dto::{PartyStatus, PersonId, ResidencyKind, ResidencyStatus};
use crate::schema::{persons as table, residencies as homes};

/// A person as the rules of other contexts see them; never what goes over the wire.
#[derive(Debug, Clone)]
pub struct PersonFacts {
    pub id: PersonId,
    pub name: String,
    pub area_code: String,
    pub party_status: PartyStatus,
    pub veteran: bool,
    pub account_id: Option<Uuid>,
    pub closed: bool,
}

impl From<PersonRow> for PersonFacts {
    fn from(row: PersonRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            area_code: row.area_code,
            party_status: row.party_status,
            veteran: row.veteran,
            account_id: row.account_id.map(|account| account.0),
            closed: row.closed_on.is_some(),
        }
    }
}

/// A person, whoever asks: for rules only.
pub fn facts(c: &mut Conn, person: PersonId) -> Result<Option<PersonFacts>> {
    let row: Option<PersonRow> = table::table.find(person).select(PersonRow::as_select()).first(c).optional()?;
    Ok(row.map(Into::into))
}

/// The same of many, in one statement.
pub fn facts_of(c: &mut Conn, ids: &[PersonId]) -> Result<HashMap<PersonId, PersonFacts>> {
    let rows: Vec<PersonRow> = table::table.filter(table::id.eq_any(ids)).select(PersonRow::as_select()).load(c)?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

/// A person whom the caller sees: registered in their areas, or living there; 404 otherwise.
pub fn find_visible(c: &mut Conn, visible: &Visible, person: PersonId) -> Result<PersonFacts> {
    persons::find_seen(c, visible, person).map(Into::into)
}

/// The names of persons whom the caller has been shown already in rows of another context.
pub fn names(c: &mut Conn, ids: &[PersonId]) -> Result<HashMap<PersonId, String>> {
    let rows: Vec<(PersonId, String)> =
        table::table.filter(table::id.eq_any(ids)).select((table::id, table::name)).load(c)?;
    Ok(rows.into_iter().collect())
}

/// The open record that belongs to an account.
pub fn person_of_account(c: &mut Conn, account: Uuid) -> Result<Option<PersonId>> {
    let open = table::table.filter(table::account_id.eq(AccountId(account))).filter(table::closed_on.is_null());
    Ok(open.select(table::id).first(c).optional()?)
}

/// Whom a visitor calls, the number masked.
#[derive(Debug, Clone)]
pub struct Contact {
    pub name: String,
    pub phone_masked: Option<String>,
}

/// The open records of accounts, in one statement.
pub fn contacts_of(c: &mut Conn, accounts: &[AccountId]) -> Result<HashMap<Uuid, Contact>> {
    let open = table::table.filter(table::account_id.eq_any(accounts)).filter(table::closed_on.is_null());
    let rows: Vec<(Option<AccountId>, String, Option<String>)> =
        open.select((table::account_id, table::name, table::phone_masked)).load(c)?;
    let contact =
        |(account, name, phone_masked): (Option<AccountId>, _, _)| Some((account?.0, Contact { name, phone_masked }));
    Ok(rows.into_iter().filter_map(contact).collect())
}

/// The verified residencies of a person that held on a day.
macro_rules! held {
    ($person:expr, $on:expr) => {
        homes::table
            .into_boxed::<Backend>()
            .filter(homes::person_id.eq($person))
            .filter(homes::status.eq_any([ResidencyStatus::Verified, ResidencyStatus::Ended]))
            .filter(homes::valid_from.le($on))
            .filter(homes::ended_on.is_null().or(homes::ended_on.gt($on)))
    };
}

/// Whether a person was a verified owner or co-owner of a room of a compound on a day.
pub fn owns_in_compound(c: &mut Conn, person: PersonId, compound: CompoundId, on: NaiveDate) -> Result<bool> {
    let owned = held!(person, on)
        .filter(homes::compound_id.eq(compound))
        .filter(homes::kind.eq_any([ResidencyKind::Owner, ResidencyKind::CoOwner]));
    Ok(owned.count().get_result::<i64>(c)? > 0)
}

/// Whether a person had a verified residency below a building's, unit's or compound's code on a day.
pub fn lives_in(c: &mut Conn, person: PersonId, area_code: &str, on: NaiveDate) -> Result<bool> {
    let range = Range::under(area_code);
    let there = held!(person, on).filter(homes::area_code.ge(range.from)).filter(homes::area_code.lt(range.to));
    Ok(there.count().get_result::<i64>(c)? > 0)
}

/// 在职党员报到人数 under an area on a day.
pub fn count_checkins(c: &mut Conn, area: &str, on: NaiveDate) -> Result<i64> {
    Ok(checkins::counted(c, area, on)?.headcount)
}

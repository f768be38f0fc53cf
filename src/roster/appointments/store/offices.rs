//! 在任职务, as higher contexts ask of it: by which appointment somebody acts for an organisation, and who among some people
//! is bound to which of some organisations. Names and contact details stay here.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::db::Conn;
use registry::identity::AccountId;

use super::queries::in_office;
use crate::appointments::dto::{AppointmentId, PostId, Status};
use crate::appointments::rules::states::DECIDED;
use crate::organisations::OrganisationId;
use crate::people::PersonId;
use crate::schema::{appointments, interest_declarations as declarations, persons, posts};

/// An appointment that is in office on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Office {
    pub appointment_id: AppointmentId,
    pub person_id: PersonId,
    pub post_id: PostId,
    pub organisation_id: OrganisationId,
}

/// What the person behind an account holds on a day.
pub fn offices_of(c: &mut Conn, account: AccountId, on: NaiveDate) -> Result<Vec<Office>> {
    let own = persons::account_id.eq(account).and(persons::closed_on.is_null());
    Ok(appointments::table
        .inner_join(posts::table)
        .inner_join(persons::table.on(persons::id.eq(appointments::person_id)))
        .filter(own.and(in_office!(on)))
        .order(appointments::id)
        .select((appointments::id, persons::id, posts::id, posts::organisation_id))
        .load(c)?)
}

/// One appointment, where it is in office on a day.
pub fn office(c: &mut Conn, id: AppointmentId, on: NaiveDate) -> Result<Option<Office>> {
    Ok(appointments::table
        .inner_join(posts::table)
        .filter(appointments::id.eq(id).and(in_office!(on)))
        .select((appointments::id, appointments::person_id, posts::id, posts::organisation_id))
        .first(c)
        .optional()?)
}

/// 回避: which of these people are bound to which of these organisations on a day, by a post there, a base post there or a
/// declared interest. Two statements, however many there are.
pub fn bound_to(
    c: &mut Conn,
    people: &[PersonId],
    organisations: &[OrganisationId],
    on: NaiveDate,
) -> Result<Vec<(PersonId, OrganisationId)>> {
    if people.is_empty() || organisations.is_empty() {
        return Ok(Vec::new());
    }
    let home = appointments::home_organisation_id.assume_not_null().eq_any(organisations);
    let base = appointments::home_organisation_id.is_not_null().and(home);
    let seats: Vec<(PersonId, OrganisationId, Option<OrganisationId>)> = appointments::table
        .inner_join(posts::table)
        .filter(appointments::person_id.eq_any(people).and(in_office!(on)))
        .filter(posts::organisation_id.eq_any(organisations).or(base))
        .select((appointments::person_id, posts::organisation_id, appointments::home_organisation_id))
        .load(c)?;
    let declared: Vec<(PersonId, OrganisationId)> = declarations::table
        .filter(declarations::person_id.eq_any(people).and(declarations::organisation_id.eq_any(organisations)))
        .filter(declarations::declared_on.le(on))
        .filter(declarations::ended_on.is_null().or(declarations::ended_on.assume_not_null().gt(on)))
        .select((declarations::person_id, declarations::organisation_id))
        .load(c)?;
    let ends = seats.into_iter().flat_map(|(person, at, home)| [Some((person, at)), home.map(|home| (person, home))]);
    let asked = |(_, organisation): &(PersonId, OrganisationId)| organisations.contains(organisation);
    let mut bound: Vec<_> = ends.flatten().filter(asked).chain(declared).collect();
    bound.sort_unstable();
    bound.dedup();
    Ok(bound)
}

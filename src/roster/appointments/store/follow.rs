//! What posts and appointments do when something befalls what they rest on, in the transaction that records it.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::clock::date_in_shanghai;
use platform::db::Conn;
use platform::history::Event;
use platform::schema::{publicities, publicity_objections, rule_sets};
use platform::{Error, Result, recode};
use registry::territory::dto::CompoundId;
use serde_json::Value;
use uuid::Uuid;

use super::appointments as rows;
use super::{By, grants, posts as seats, terms};
use crate::appointments::dto::AppointmentEndReason;
use crate::organisations::OrganisationId;
use crate::people::{self, PersonId};
use crate::schema::{appointments, election_records, interest_declarations, posts};

const ORGANISATION_ENDED: &str = "组织撤销或退出";
const CONTRACT_ENDED: &str = "物业服务合同终止";

pub fn react(c: &mut Conn, event: &Event) -> Result<()> {
    let by = By { actor: event.actor, at: event.at, today: date_in_shanghai(event.at) };
    match event.name {
        "compound.moved" | "grid.moved" => match word(event, "from").zip(word(event, "to")) {
            Some((from, to)) => follow(c, from, to),
            None => Ok(()),
        },
        "division.closed" => match word(event, "successor_code") {
            Some(to) => follow(c, &event.entity_id, to),
            None => Ok(()),
        },
        "organisation.dissolved" | "organisation.exited" => {
            organisation_ended(c, OrganisationId(id(&event.entity_id)?), day(event, by.today), &by)
        }
        "contract.ended" => match word(event, "company_id") {
            Some(company) => {
                let on = day(event, by.today);
                contract_ended(c, OrganisationId(id(company)?), &event.area_code, on, &by)
            }
            None => Ok(()),
        },
        "person.closed" => person_closed(c, PersonId(id(&event.entity_id)?), &by),
        "person.changed" if changes(event, "account_id") => {
            grants::follow_account(c, PersonId(id(&event.entity_id)?), &by)
        }
        "residency.ended" => match word(event, "person_id") {
            Some(person) => residency_ended(c, PersonId(id(person)?), word(event, "compound_id"), &by),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn word<'a>(event: &'a Event, name: &str) -> Option<&'a str> {
    event.data.get(name).and_then(Value::as_str)
}

/// Whether the event names a member among those that changed.
fn changes(event: &Event, member: &str) -> bool {
    let fields = event.data.get("fields").and_then(Value::as_array);
    fields.is_some_and(|fields| fields.iter().any(|field| field == member))
}

fn id(text: &str) -> Result<Uuid> {
    text.parse().map_err(Error::internal)
}

/// The day that the event says, today where it says none.
fn day(event: &Event, today: NaiveDate) -> NaiveDate {
    word(event, "on").and_then(|day| day.parse().ok()).unwrap_or(today)
}

/// What is posted and which rules hold lies in areas as well, and belongs to no context that could follow.
fn follow(c: &mut Conn, from: &str, to: &str) -> Result<()> {
    recode!(
        c,
        from,
        to,
        posts,
        appointments,
        election_records,
        interest_declarations,
        rule_sets,
        publicities,
        publicity_objections
    );
    Ok(())
}

/// Dissolving a body closes its posts (domain B3).
fn organisation_ended(c: &mut Conn, organisation: OrganisationId, on: NaiveDate, by: &By) -> Result<()> {
    for post in seats::open_of(c, organisation)? {
        let on = on.max(post.opened_on);
        seats::close(c, &post, on, ORGANISATION_ENDED, AppointmentEndReason::OrganisationEnded, by)?;
    }
    Ok(())
}

/// 合同终止: the company leaves the compound. Its posts there close the same day, and whoever sits there from another post
/// of the company leaves that seat; its posts elsewhere stay.
fn contract_ended(c: &mut Conn, company: OrganisationId, compound: &str, on: NaiveDate, by: &By) -> Result<()> {
    for post in seats::open_of(c, company)?.iter().filter(|post| post.area_code.starts_with(compound)) {
        let on = on.max(post.opened_on);
        seats::close(c, post, on, CONTRACT_ENDED, AppointmentEndReason::ContractEnded, by)?;
    }
    for row in rows::open_from_home(c, company, compound)? {
        terms::finish(c, &row, on, AppointmentEndReason::ContractEnded, by)?;
    }
    Ok(())
}

fn person_closed(c: &mut Conn, person: PersonId, by: &By) -> Result<()> {
    for row in rows::open_of_person(c, person)? {
        // One that rested on another of these has ended with it.
        let row = rows::get(c, row.id)?;
        terms::finish(c, &row, by.today, AppointmentEndReason::PersonClosed, by)?;
    }
    Ok(())
}

/// 失去业主身份: whoever no longer owns, or no longer lives, where the post asks for it loses the seat (物业管理条例 16).
fn residency_ended(c: &mut Conn, person: PersonId, compound: Option<&str>, by: &By) -> Result<()> {
    let compound = match compound {
        Some(compound) => CompoundId(id(compound)?),
        None => return Ok(()),
    };
    for row in rows::open_of_person(c, person)? {
        let row = rows::get(c, row.id)?;
        let post = seats::get(c, row.post_id)?;
        let owns = !post.needs_owner || !lies_in(c, &post.area_code, compound)? || {
            people::owns_in_compound(c, person, compound, by.today)?
        };
        let lives = !post.needs_residence || people::lives_in(c, person, &post.area_code, by.today)?;
        if !owns || !lives {
            terms::finish(c, &row, by.today, AppointmentEndReason::LostEligibility, by)?;
        }
    }
    Ok(())
}

fn lies_in(c: &mut Conn, area: &str, compound: CompoundId) -> Result<bool> {
    let row = registry::territory::store::compounds::find(c, &platform::auth::Visible::everything(), compound)?;
    Ok(area.starts_with(&row.area_code))
}

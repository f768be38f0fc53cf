//! 选举记录: what an elected seat stands on.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Ts};
use platform::history::{ActorId, record_first};
use platform::{Error, Result, in_ranges};
use serde_json::json;

use super::{By, check_person};
use crate::appointments::dto::{Electee, ElectionId, ElectionIn, ElectionOut, ElectionQuery, PostId};
use crate::appointments::rules;
use crate::organisations::{self, OrganisationId};
use crate::people::{self, PersonId};
use crate::schema::{election_electees as electees, election_records as elections, posts};

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = elections, treat_none_as_default_value = false)]
pub struct ElectionRow {
    pub id: ElectionId,
    pub organisation_id: OrganisationId,
    pub area_code: String,
    pub held_on: NaiveDate,
    pub document: String,
    pub recorded_by: Option<ActorId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = electees, treat_none_as_default_value = false)]
struct ElecteeRow {
    election_id: ElectionId,
    post_id: PostId,
    person_id: PersonId,
}

impl ElectionOut {
    fn of(row: ElectionRow, electees: Vec<Electee>) -> Self {
        let ElectionRow {
            id,
            organisation_id,
            area_code,
            held_on,
            document,
            recorded_by: _,
            version,
            created_at,
            updated_at: _,
        } = row;
        Self { id, organisation_id, area_code, held_on, document, electees, version, created_at }
    }
}

pub fn find(c: &mut Conn, visible: &Visible, id: ElectionId) -> Result<ElectionOut> {
    let row: ElectionRow = elections::table.find(id).select(ElectionRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    with_electees(c, vec![row])?.into_iter().next().ok_or(Error::NotFound)
}

/// Records by id, oldest first, with their electees: two statements, whatever the page.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<ElectionId>, i64),
    filter: &ElectionQuery,
) -> Result<Vec<ElectionOut>> {
    let mut query = filtered(visible, filter)?;
    if let Some(after) = after {
        query = query.filter(elections::id.gt(after));
    }
    let rows = query.order(elections::id.asc()).limit(fetch).select(ElectionRow::as_select()).load(c)?;
    with_electees(c, rows)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &ElectionQuery) -> Result<i64> {
    Ok(filtered(visible, filter)?.count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &ElectionQuery) -> Result<elections::BoxedQuery<'static, Backend>> {
    let visible = visible.narrow(filter.area.as_ref())?;
    let query = elections::table.into_boxed::<Backend>().filter(in_ranges!(visible.ranges(), elections::area_code));
    Ok(match filter.organisation_id {
        Some(id) => query.filter(elections::organisation_id.eq(id)),
        None => query,
    })
}

fn with_electees(c: &mut Conn, rows: Vec<ElectionRow>) -> Result<Vec<ElectionOut>> {
    let ids: Vec<ElectionId> = rows.iter().map(|row| row.id).collect();
    let found: Vec<ElecteeRow> = electees::table
        .filter(electees::election_id.eq_any(ids))
        .order((electees::election_id, electees::post_id))
        .select(ElecteeRow::as_select())
        .load(c)?;
    let mut of: HashMap<ElectionId, Vec<Electee>> = HashMap::new();
    for ElecteeRow { election_id, post_id, person_id } in found {
        of.entry(election_id).or_default().push(Electee { person_id, post_id });
    }
    Ok(rows
        .into_iter()
        .map(|row| (of.remove(&row.id).unwrap_or_default(), row))
        .map(|(e, row)| ElectionOut::of(row, e))
        .collect())
}

pub fn insert(c: &mut Conn, visible: &Visible, new: &ElectionIn, by: &By) -> Result<ElectionOut> {
    let organisation = organisations::find(c, visible, new.organisation_id)?;
    visible.check(&organisation.area_code)?;
    if new.held_on > by.today {
        return Err(rules::IN_THE_FUTURE.at("/held_on"));
    }
    check_electees(c, visible, new)?;
    let row = ElectionRow {
        id: ElectionId::fresh(),
        organisation_id: organisation.id,
        area_code: organisation.area_code,
        held_on: new.held_on,
        document: new.document.clone(),
        recorded_by: by.actor.map(ActorId),
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_row(c, &row, &new.electees, by)?;
    Ok(ElectionOut::of(row, new.electees.clone()))
}

fn check_electees(c: &mut Conn, visible: &Visible, new: &ElectionIn) -> Result<()> {
    let seats: Vec<PostId> = new.electees.iter().map(|electee| electee.post_id).collect();
    for (at, seat) in seats.iter().enumerate() {
        if seats.iter().take(at).any(|before| before == seat) {
            return Err(rules::ELECTION_TWICE.at(format!("/electees/{at}/post_id")));
        }
    }
    let of_body: Vec<PostId> = posts::table
        .filter(posts::id.eq_any(&seats).and(posts::organisation_id.eq(new.organisation_id)))
        .select(posts::id)
        .load(c)?;
    if let Some(at) = seats.iter().position(|seat| !of_body.contains(seat)) {
        return Err(rules::ELECTION_POST.at(format!("/electees/{at}/post_id")));
    }
    let ids: Vec<PersonId> = new.electees.iter().map(|electee| electee.person_id).collect();
    let found = people::facts_of(c, &ids)?;
    for id in ids {
        let person = found.get(&id).ok_or(Error::NotFound)?;
        check_person(visible, &person.area_code)?;
    }
    Ok(())
}

pub fn insert_row(c: &mut Conn, row: &ElectionRow, elected: &[Electee], by: &By) -> Result<()> {
    diesel::insert_into(elections::table).values(row).execute(c)?;
    for Electee { person_id, post_id } in elected {
        let electee = ElecteeRow { election_id: row.id, post_id: *post_id, person_id: *person_id };
        diesel::insert_into(electees::table).values(&electee).execute(c)?;
    }
    let data = json!({ "organisation_id": row.organisation_id, "held_on": row.held_on, "document": row.document,
        "electees": elected.len() });
    record_first(c, by.event("election_record", row.id, 1, "election.recorded", &row.area_code, data))
}

//! 发展党员 rows. Histories say that attributes changed, never which.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::db::{Conn, Ts};
use platform::error::OrConflict;
use platform::history::ActorId;

use super::By;
use super::persons::{self, PersonRow};
use crate::people::dto::{PartyStage, PartyStageIn, PersonId, StageId};
use crate::people::rules;
use crate::schema::party_stages as stages;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = stages, treat_none_as_default_value = false)]
pub struct StageRow {
    pub id: StageId,
    pub person_id: PersonId,
    pub stage: PartyStage,
    pub reached_on: NaiveDate,
    pub recorded_by: Option<ActorId>,
    pub created_at: Ts,
}

/// In order.
pub fn of_person(c: &mut Conn, person: PersonId) -> Result<Vec<StageRow>> {
    let own = stages::table.filter(stages::person_id.eq(person));
    let mut rows: Vec<StageRow> = own.select(StageRow::as_select()).load(c)?;
    rows.sort_by_key(|row| row.stage);
    Ok(rows)
}

pub(super) fn any(c: &mut Conn, person: PersonId) -> Result<bool> {
    Ok(stages::table.filter(stages::person_id.eq(person)).count().get_result::<i64>(c)? > 0)
}

/// Records the next stage, and the status that it brings.
pub fn record(c: &mut Conn, person: &PersonRow, new: &PartyStageIn, by: &By) -> Result<PersonRow> {
    person.refuse_closed()?;
    let recorded: Vec<_> = of_person(c, person.id)?.iter().map(|row| (row.stage, row.reached_on)).collect();
    rules::check_stage(&recorded, person.party_status, (new.stage, new.on), by.today)?;
    insert_row(c, person.id, new.stage, new.on, by)?;
    persons::set_status(c, person, rules::status_after(new.stage), by)
}

pub fn insert_row(c: &mut Conn, person: PersonId, stage: PartyStage, on: NaiveDate, by: &By) -> Result<()> {
    let row = StageRow {
        id: StageId::fresh(),
        person_id: person,
        stage,
        reached_on: on,
        recorded_by: by.actor.map(ActorId),
        created_at: by.at,
    };
    diesel::insert_into(stages::table).values(&row).execute(c).or_conflict(&rules::STAGE_ORDER)?;
    Ok(())
}

pub(super) fn forget(c: &mut Conn, person: PersonId) -> Result<()> {
    diesel::delete(stages::table.filter(stages::person_id.eq(person))).execute(c)?;
    Ok(())
}

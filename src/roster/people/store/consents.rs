//! 公开同意 rows.

use diesel::prelude::*;
use platform::Result;
use platform::auth::{AreaCode, AreaLevel, Visible};
use platform::db::{Backend, Conn, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, record, record_first};
use serde_json::json;

use super::persons::{self, PersonRow};
use super::residencies::in_force;
use super::{By, took_effect};
use crate::people::dto::{ConsentAudience, ConsentField, ConsentId, PersonId};
use crate::people::rules;
use crate::schema::publication_consents as consents;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = consents, treat_none_as_default_value = false)]
pub struct ConsentRow {
    pub id: ConsentId,
    pub person_id: PersonId,
    pub area_code: String,
    pub audience: ConsentAudience,
    pub field: ConsentField,
    pub purpose: String,
    pub paper_ref: Option<String>,
    pub recorded_by: Option<ActorId>,
    pub given_at: Ts,
    pub withdrawn_at: Option<Ts>,
    pub withdrawn_by: Option<ActorId>,
    pub version: i32,
}

/// What is consented to.
pub struct Given<'a> {
    pub area: &'a AreaCode,
    pub field: ConsentField,
    pub purpose: &'a str,
    /// Where staff recorded it from paper.
    pub paper_ref: Option<&'a str>,
}

/// A consent of a person whom the caller sees.
pub fn find(c: &mut Conn, visible: &Visible, id: ConsentId) -> Result<ConsentRow> {
    let row: ConsentRow = consents::table.find(id).select(ConsentRow::as_select()).first(c)?;
    persons::find_seen(c, visible, row.person_id)?;
    Ok(row)
}

/// One of the person's own.
pub fn find_own(c: &mut Conn, person: PersonId, id: ConsentId) -> Result<ConsentRow> {
    let own = consents::table.find(id).filter(consents::person_id.eq(person));
    Ok(own.select(ConsentRow::as_select()).first(c)?)
}

/// Consents of one person, oldest first, withdrawn ones too.
pub fn list(c: &mut Conn, of: PersonId, (after, fetch): (Option<ConsentId>, i64)) -> Result<Vec<ConsentRow>> {
    let mut query = consents::table.into_boxed::<Backend>().filter(consents::person_id.eq(of));
    if let Some(after) = after {
        query = query.filter(consents::id.gt(after));
    }
    Ok(query.order(consents::id.asc()).limit(fetch).select(ConsentRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, of: PersonId) -> Result<i64> {
    Ok(consents::table.filter(consents::person_id.eq(of)).count().get_result(c)?)
}

pub fn give(c: &mut Conn, person: &PersonRow, given: &Given, by: &By) -> Result<ConsentRow> {
    person.refuse_closed()?;
    rules::may_publish(person.birth_year, by.today)?;
    let audience = match given.area.level() {
        AreaLevel::Compound => ConsentAudience::Compound,
        AreaLevel::Community => ConsentAudience::Community,
        _ => return Err(rules::CONSENT_AREA.at("/area_code")),
    };
    if !is_at_home(c, person, given.area)? {
        return Err(rules::CONSENT_AREA.at("/area_code"));
    }
    let row = ConsentRow {
        id: ConsentId::fresh(),
        person_id: person.id,
        area_code: given.area.to_string(),
        audience,
        field: given.field,
        purpose: given.purpose.to_owned(),
        paper_ref: given.paper_ref.map(str::to_owned),
        recorded_by: by.actor.map(ActorId),
        given_at: by.at,
        withdrawn_at: None,
        withdrawn_by: None,
        version: 1,
    };
    insert_row(c, &row, by)?;
    Ok(row)
}

/// Whether the person is registered or lives in the area.
fn is_at_home(c: &mut Conn, person: &PersonRow, area: &AreaCode) -> Result<bool> {
    Ok(area.covers(&person.area_code) || in_force(c, person.id)?.iter().any(|row| area.covers(&row.area_code)))
}

pub fn insert_row(c: &mut Conn, row: &ConsentRow, by: &By) -> Result<()> {
    diesel::insert_into(consents::table).values(row).execute(c).or_conflict(&rules::CONSENT_GIVEN)?;
    let data = json!({ "person_id": row.person_id, "field": row.field, "audience": row.audience,
        "on_paper": row.paper_ref.is_some() });
    record_first(c, by.event("publication_consent", row.id, 1, "consent.given", &row.area_code, data))
}

/// Withdraws at once: the directory reads these rows and keeps no copy.
pub fn withdraw(c: &mut Conn, row: &ConsentRow, by: &By) -> Result<ConsentRow> {
    if row.withdrawn_at.is_some() {
        return Err((&rules::CONSENT_WITHDRAWN).into());
    }
    let target = diesel::update(consents::table).filter(consents::id.eq(row.id).and(consents::version.eq(row.version)));
    let set = (
        consents::withdrawn_at.eq(Some(by.at)),
        consents::withdrawn_by.eq(by.actor.map(ActorId)),
        consents::version.eq(row.version + 1),
    );
    took_effect(target.set(set).execute(c)?, row.version)?;
    let data = json!({ "person_id": row.person_id, "field": row.field });
    let version = row.version + 1;
    record(c, by.event("publication_consent", row.id, version, "consent.withdrawn", &row.area_code, data))?;
    Ok(consents::table.find(row.id).select(ConsentRow::as_select()).first(c)?)
}

pub(super) fn withdraw_all_of(c: &mut Conn, person: PersonId, by: &By) -> Result<()> {
    let standing = consents::table.filter(consents::person_id.eq(person)).filter(consents::withdrawn_at.is_null());
    let rows: Vec<ConsentRow> = standing.select(ConsentRow::as_select()).load(c)?;
    rows.iter().try_for_each(|row| withdraw(c, row, by).map(drop))
}

//! 公示名录: what persons have consented to publish, read from the consents themselves, so that a withdrawal removes it at
//! once.

use std::collections::HashMap;

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use platform::auth::{AreaCode, AreaLevel, Visible};
use platform::db::{Backend, Conn, Range};
use platform::secrets::Secrets;
use platform::{Error, Result, any_range};
use registry::schema::{buildings, rooms, units};
use registry::territory::dto::RoomId;

use super::persons::{PersonRow, skill_pattern};
use super::phones::open_phone;
use crate::people::dto::{
    ConsentAudience, ConsentField, DirectoryEntry, DirectoryQuery, PersonId, ResidencyStatus, skills_of,
};
use crate::schema::{persons, publication_consents as consents, residencies as homes};

/// The digits of a community's code.
const COMMUNITY: usize = 12;

/// What a reader may look up: one area, and in it the compounds of their own.
pub struct Shelf {
    area: Range,
    own: Vec<Range>,
}

impl Shelf {
    /// An area of the reader's, or one inside a community in which they live or serve: what is published to the community
    /// they read in all of it, what is published to a compound in their own compounds only.
    pub fn open(visible: &Visible, area: &AreaCode) -> Result<Self> {
        let own = visible.to_compounds();
        let community = area.as_str().get(..COMMUNITY);
        let near = community.is_some_and(|community| own.lies_in(community));
        let placed = !matches!(area.level(), AreaLevel::Country | AreaLevel::Grid);
        if placed && (near || own.covers(area.as_str())) {
            Ok(Self { area: Range::under(area.as_str()), own: own.ranges() })
        } else {
            Err(Error::NotFound)
        }
    }
}

/// Whether a consent stands and reaches the reader: given in one of their own areas, or to the whole community that the
/// shelf lies in.
macro_rules! reaches {
    ($shelf:expr, $own:ident) => {{
        let here = consents::area_code.ge($shelf.area.from.clone()).and(consents::area_code.lt($shelf.area.to.clone()));
        let own = consents::area_code.ge($own.from).and(consents::area_code.lt($own.to));
        consents::withdrawn_at.is_null().and(here).and(own.or(consents::audience.eq(ConsentAudience::Community)))
    }};
}

fn entries(shelf: &Shelf, filter: &DirectoryQuery) -> persons::BoxedQuery<'static, Backend> {
    let mut query = persons::table.into_boxed::<Backend>().filter(persons::closed_on.is_null());
    if let Some(skill) = &filter.skill {
        query = query.filter(persons::skill_index.like(skill_pattern(skill)).escape('\\'));
    }
    // Who is looked for by a skill must publish their skills: any field will not do.
    let any_field = filter.skill.is_none();
    query.filter(any_range!(shelf.own.clone(), |own| {
        let wanted = consents::field.eq(ConsentField::Skills).or(any_field.into_sql::<Bool>());
        exists(consents::table.filter(consents::person_id.eq(persons::id)).filter(reaches!(shelf, own)).filter(wanted))
    }))
}

/// One page by person: four statements whatever its length.
pub fn list(
    c: &mut Conn,
    shelf: &Shelf,
    (after, fetch): (Option<PersonId>, i64),
    filter: &DirectoryQuery,
    secrets: &Secrets,
) -> Result<Vec<(PersonId, DirectoryEntry)>> {
    let mut query = entries(shelf, filter);
    if let Some(after) = after {
        query = query.filter(persons::id.gt(after));
    }
    let rows: Vec<PersonRow> = query.order(persons::id.asc()).limit(fetch).select(PersonRow::as_select()).load(c)?;
    let ids: Vec<PersonId> = rows.iter().map(|row| row.id).collect();
    let given: Vec<(PersonId, ConsentField, String)> = consents::table
        .into_boxed::<Backend>()
        .filter(any_range!(shelf.own.clone(), |own| reaches!(shelf, own)))
        .filter(consents::person_id.eq_any(ids))
        .select((consents::person_id, consents::field, consents::area_code))
        .load(c)?;
    let doors = doors(c, &given)?;
    let entry = |row: PersonRow| {
        let consented =
            |field: ConsentField| given.iter().any(|(person, given, _)| *person == row.id && *given == field);
        let phone = row.phone_sealed.as_deref().filter(|_| consented(ConsentField::Phone));
        let entry = DirectoryEntry {
            phone: phone.map(|sealed| open_phone(secrets, row.id, sealed)).transpose()?,
            door_no: doors.get(&row.id).cloned(),
            skills: consented(ConsentField::Skills).then(|| skills_of(&row)),
            name: consented(ConsentField::Name).then_some(row.name),
        };
        Ok((row.id, entry))
    };
    rows.into_iter().map(entry).collect()
}

pub fn count(c: &mut Conn, shelf: &Shelf, filter: &DirectoryQuery) -> Result<i64> {
    Ok(entries(shelf, filter).count().get_result(c)?)
}

/// 楼栋-单元-房号 of those who publish it, of the first room that they live in inside the area of their consent.
fn doors(c: &mut Conn, given: &[(PersonId, ConsentField, String)]) -> Result<HashMap<PersonId, String>> {
    let open: Vec<&(PersonId, ConsentField, String)> =
        given.iter().filter(|(_, field, _)| *field == ConsentField::DoorNo).collect();
    if open.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<PersonId> = open.iter().map(|(person, _, _)| *person).collect();
    let lived: Vec<(PersonId, RoomId, String)> = homes::table
        .filter(homes::person_id.eq_any(ids).and(homes::status.eq(ResidencyStatus::Verified)))
        .order(homes::id.asc())
        .select((homes::person_id, homes::room_id, homes::area_code))
        .load(c)?;
    let inside = |(person, _, code): &&(PersonId, RoomId, String)| {
        open.iter().any(|(of, _, area)| of == person && code.starts_with(area.as_str()))
    };
    let lived: Vec<&(PersonId, RoomId, String)> = lived.iter().filter(inside).collect();
    let rooms_of: Vec<RoomId> = lived.iter().map(|(_, room, _)| *room).collect();
    let numbers: Vec<(RoomId, String, String, String)> = rooms::table
        .inner_join(units::table.inner_join(buildings::table))
        .filter(rooms::id.eq_any(rooms_of))
        .select((rooms::id, buildings::no, units::no, rooms::no))
        .load(c)?;
    let numbers: HashMap<RoomId, String> =
        numbers.into_iter().map(|(room, building, unit, no)| (room, format!("{building}-{unit}-{no}"))).collect();
    // The first stands: later ones are taken first and overwritten.
    Ok(lived.iter().rev().filter_map(|(person, room, _)| Some((*person, numbers.get(room)?.clone()))).collect())
}

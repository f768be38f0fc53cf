//! What a round is about, and who is asked: the rooms of a compound by building, or of a community by compound.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::Result;
use platform::auth::{AreaCode, AreaLevel, Visible};
use platform::db::{Conn, Range};
use registry::identity::AccountId;
use registry::territory::dto::{CompoundId, ContractRef, RoomId};
use registry::territory::store::{compounds, divisions};
use roster::organisations::{OrganisationId, serving};
use roster::people::PersonId;

use super::rows::{Frame, RoundRow, SubjectId};
use crate::names::{compound_sizes, dwellings, person_accounts, room_places};
use crate::surveys::dto::SurveyKind;
use crate::surveys::rules::{EMPTY_FRAME, NO_COMPANY, PLACE};

/// The length of a compound's code, and where the digits of a building begin in what lies in it.
const COMPOUND: usize = 17;
const COMMUNITY: usize = 12;
/// The digits of a building and of a compound.
const BUILDING_DIGITS: usize = 3;
const COMPOUND_DIGITS: usize = 4;
/// A residency that holds, and the kinds of it that own.
const VERIFIED: &str = "verified";
const OWNERS: [&str; 2] = ["owner", "co_owner"];

/// What a round is about.
#[derive(Debug, Clone, Copy, Default)]
pub struct Object {
    pub compound: Option<CompoundId>,
    pub contract: Option<ContractRef>,
    /// The company that is judged.
    pub company: Option<OrganisationId>,
}

/// The object of a round of this kind at this place today.
pub fn object(c: &mut Conn, area: &AreaCode, kind: SurveyKind, on: NaiveDate) -> Result<Object> {
    let place = || PLACE.at("/area_code");
    match area.level() {
        AreaLevel::Compound => {
            let open = compounds::known(c, Some(area.as_str()), "", "")?.filter(|row| row.closed_on.is_none());
            let compound = open.ok_or_else(place)?;
            if kind != SurveyKind::Satisfaction {
                return Ok(Object { compound: Some(compound.id), ..Object::default() });
            }
            let company = serving(c, compound.id, on)?.ok_or_else(|| NO_COMPANY.at("/area_code"))?;
            Ok(Object { compound: Some(compound.id), contract: compound.serving_contract_id, company: Some(company) })
        }
        AreaLevel::Community if kind != SurveyKind::Satisfaction => {
            divisions::open_community(c, &Visible::everything(), area.as_str(), "/area_code")?;
            Ok(Object::default())
        }
        _ => Err(place()),
    }
}

/// 层: the building of a place in a compound, the compound of a place in a community; by its own digits, which stay when the
/// compound moves.
pub fn stratum_of(round_area: &str, place: &str) -> String {
    let (begin, digits) =
        if round_area.len() >= COMPOUND { (COMPOUND + 1, BUILDING_DIGITS) } else { (COMMUNITY + 1, COMPOUND_DIGITS) };
    place.get(begin..begin + digits).unwrap_or_default().to_owned()
}

/// Those who are asked now. A place whose rooms are not registered is known by its households.
pub fn frame(c: &mut Conn, area: &str) -> Result<Frame> {
    let range = Range::under(area);
    let rooms: Vec<String> = room_places::table
        .filter(room_places::area_code.ge(&range.from).and(room_places::area_code.lt(&range.to)))
        .filter(room_places::closed_on.is_null())
        .select(room_places::area_code)
        .load(c)?;
    let mut strata: BTreeMap<String, i64> = BTreeMap::new();
    rooms.iter().for_each(|room| *strata.entry(stratum_of(area, room)).or_default() += 1);
    let of_rooms: i64 = strata.values().sum();
    let said: Vec<(String, Option<i32>)> = compound_sizes::table
        .filter(compound_sizes::area_code.ge(&range.from).and(compound_sizes::area_code.lt(&range.to)))
        .filter(compound_sizes::closed_on.is_null())
        .select((compound_sizes::area_code, compound_sizes::households))
        .load(c)?;
    let registered: BTreeSet<&str> = rooms.iter().filter_map(|room| room.get(..COMPOUND)).collect();
    let bare = said.iter().filter(|(compound, _)| !registered.contains(compound.as_str()));
    let bare: i64 = bare.map(|(_, households)| i64::from(households.unwrap_or_default())).sum();
    let households = of_rooms + bare;
    if households == 0 {
        return Err(EMPTY_FRAME.at("/area_code"));
    }
    Ok(Frame { households, strata: strata.into_iter().collect() })
}

/// Somebody who is asked, and where they count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub id: SubjectId,
    pub stratum: String,
}

/// A room of the place that is open.
pub fn room(c: &mut Conn, round: &RoundRow, id: RoomId) -> Result<Option<Subject>> {
    let place: Option<String> = room_places::table
        .filter(room_places::id.eq(id).and(room_places::closed_on.is_null()))
        .select(room_places::area_code)
        .first(c)
        .optional()?;
    let here = place.filter(|place| place.starts_with(&round.area_code));
    Ok(here.map(|place| Subject { id: SubjectId(id.0), stratum: stratum_of(&round.area_code, &place) }))
}

/// Whose verified residencies at a place hold today.
macro_rules! dwelling_in {
    ($area:expr, $on:expr) => {{
        let range = Range::under($area);
        dwellings::area_code
            .ge(range.from)
            .and(dwellings::area_code.lt(range.to))
            .and(dwellings::status.eq(VERIFIED))
            .and(dwellings::ended_on.is_null().or(dwellings::ended_on.assume_not_null().gt($on)))
    }};
}

/// Persons who live at the place, of those named.
pub fn persons(c: &mut Conn, round: &RoundRow, ids: &[PersonId], on: NaiveDate) -> Result<Vec<Subject>> {
    let homes: Vec<(PersonId, String)> = dwellings::table
        .filter(dwellings::person_id.eq_any(ids).and(dwelling_in!(&round.area_code, on)))
        .order((dwellings::person_id, dwellings::area_code))
        .select((dwellings::person_id, dwellings::area_code))
        .load(c)?;
    let mut found: Vec<Subject> = Vec::new();
    for (person, home) in homes {
        let id = SubjectId(person.0);
        if found.last().is_none_or(|last| last.id != id) {
            found.push(Subject { id, stratum: stratum_of(&round.area_code, &home) });
        }
    }
    Ok(found)
}

/// A home of the caller's at a place.
#[derive(Debug, Clone)]
pub struct Dwelling {
    pub person: PersonId,
    pub room: RoomId,
    pub area_code: String,
    pub owns: bool,
}

/// The homes of the person behind an account, at a place.
pub fn dwellings_of(c: &mut Conn, account: AccountId, area: &str, on: NaiveDate) -> Result<Vec<Dwelling>> {
    let own = person_accounts::account_id.is_not_null().and(person_accounts::account_id.assume_not_null().eq(account));
    let rows: Vec<(PersonId, RoomId, String, String)> = dwellings::table
        .inner_join(person_accounts::table)
        .filter(own.and(person_accounts::closed_on.is_null()).and(dwelling_in!(area, on)))
        .order(dwellings::area_code)
        .select((dwellings::person_id, dwellings::room_id, dwellings::area_code, dwellings::kind))
        .load(c)?;
    let told = |(person, room, area_code, kind): (PersonId, RoomId, String, String)| Dwelling {
        person,
        room,
        area_code,
        owns: OWNERS.contains(&kind.as_str()),
    };
    Ok(rows.into_iter().map(told).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_in_its_building_or_its_compound() {
        let room = "620902005003-0007-012-01-0304";
        assert_eq!(stratum_of("620902005003-0007", room), "012");
        assert_eq!(stratum_of("620902005003", room), "0007");
        assert_eq!(stratum_of("620902005003-0007", "620902005003-0007"), "");
    }
}

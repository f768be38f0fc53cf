//! 同德巷社区: somebody of every unit, the members of the 21 committees, the heads of the buildings and the units.

use chrono::NaiveDate;
use platform::Result;
use platform::auth::Role;
use platform::db::Conn;
use roster::appointments::PostRow;
use roster::appointments::dto::{AppointmentRoute, Electee, SeatKind};
use roster::organisations::OrganisationRow;
use roster::people::PersonId;
use roster::people::dto::ResidencyKind;

use super::bodies::{Bodies, Body};
use super::counts::{self, Committee, TO_COMMITTEES_HERE};
use super::offices::{Held, Offices, Tenure};
use super::people::{People, Room, Someone};
use crate::demo::compounds;
use crate::demo::dates::day;
use crate::demo::divisions::TONGDEXIANG;
use crate::demo::plan::{KANGSHENG, area_code};
use crate::demo::tongdexiang::{self, Entrance};

/// The seats of 康盛花园's committee that personas hold.
const CHAIR: usize = 0;
const MEMBER: usize = 4;

/// The seats that members of the residents' committee hold: serial, and place in the committee. Each of the five owners'
/// committees has one, 康盛花园's two.
const OF_RESIDENTS_COMMITTEE: [(usize, usize); TO_COMMITTEES_HERE] = [(1, 2), (1, 3), (2, 2), (3, 2), (4, 2), (5, 2)];

/// 康盛花园's owner and the yard's tenant have the first room of their unit; who stands for the unit has the second.
const ROOM_OF_RESIDENT: usize = 2;
const ROOMS_OF_PERSONAS: [usize; 2] = [3, 4];

/// A seat of a committee of Tongdexiang.
pub struct Seat {
    pub serial: usize,
    /// Its place in the committee, from 0: the chair, the deputy, the others.
    pub place: usize,
    pub post: PostRow,
    pub person: PersonId,
    pub party: bool,
}

impl Seat {
    fn is_of_persona(&self) -> bool {
        persona_at(self.serial, self.place).is_some()
    }

    /// Which of the residents' committee's members sits here, if one does.
    pub fn crossing(&self) -> Option<usize> {
        OF_RESIDENTS_COMMITTEE.iter().position(|at| *at == (self.serial, self.place))
    }
}

fn persona_at(serial: usize, place: usize) -> Option<(&'static str, Role)> {
    match (serial, place) {
        (KANGSHENG, CHAIR) => Some(("oc.chair", Role::OcChair)),
        (KANGSHENG, MEMBER) => Some(("oc.member", Role::OcMember)),
        _ => None,
    }
}

/// The people of the units, in their order, and the seats, whose posts are open.
pub struct Residents {
    pub entrances: Vec<Entrance>,
    pub of_units: Vec<PersonId>,
    pub seats: Vec<Seat>,
}

impl Residents {
    /// Who sits on owners' committees and on the residents' committee, in the order of [`OF_RESIDENTS_COMMITTEE`].
    pub fn of_residents_committee(&self) -> Vec<PersonId> {
        let at = |of: &(usize, usize)| self.seats.iter().find(|seat| (seat.serial, seat.place) == *of);
        OF_RESIDENTS_COMMITTEE.iter().filter_map(at).map(|seat| seat.person).collect()
    }

    /// A member of the Party in a committee who is neither a persona nor of the residents' committee.
    pub fn secretary_of(&self, serial: usize) -> Option<PersonId> {
        let fit =
            |seat: &&Seat| seat.serial == serial && seat.party && !seat.is_of_persona() && seat.crossing().is_none();
        self.seats.iter().find(fit).map(|seat| seat.person)
    }
}

fn room(entrance: &Entrance, no: usize) -> Room {
    let (room, code) = entrance.room(no);
    (room, compounds::id_of(TONGDEXIANG, entrance.serial), code)
}

/// Writes the residents and opens the committees' seats; nobody holds them yet.
pub fn load(
    c: &mut Conn,
    (people, offices): (&mut People, &mut Offices),
    (bodies, committees): (&Bodies, &[Committee]),
) -> Result<Residents> {
    let entrances = tongdexiang::entrances();
    let here: Vec<&Committee> = committees.iter().filter(|c| c.of.community_code() == TONGDEXIANG).collect();
    let (mut of_units, mut seats) = (Vec::with_capacity(entrances.len()), Vec::new());
    let mut seat_number = 0;
    for committee in here {
        let serial = committee.of.serial;
        let units: Vec<&Entrance> = entrances.iter().filter(|at| at.serial == serial).collect();
        let body = bodies.get(Body::Committee(TONGDEXIANG, serial))?;
        let area = area_code(TONGDEXIANG, serial);
        for (place, entrance) in units.iter().enumerate() {
            let seat = (place < committee.seats).then_some(seat_number + place);
            let persona = persona_at(serial, place);
            let (party, veteran) = seat.map_or((false, false), counts::attributes);
            let (party_here, veteran_here) = if persona.is_some() { (false, false) } else { (party, veteran) };
            let name = format!("测试·同德巷居民{:03}", of_units.len() + 1);
            let resident = Someone { party: party_here, veteran: veteran_here, ..Someone::new(&area, name) };
            let resident = people.add(c, resident)?;
            people.house(c, resident, room(entrance, ROOM_OF_RESIDENT), (ResidencyKind::Owner, None))?;
            of_units.push(resident);
            if seat.is_some() {
                let person = match persona {
                    Some((username, _)) => {
                        let who = Someone { party, veteran, ..Someone::persona(&area, username) };
                        let person = people.add(c, who)?;
                        let own = ROOMS_OF_PERSONAS.get(usize::from(place != CHAIR)).copied().unwrap_or(1);
                        people.house(c, person, room(entrance, own), (ResidencyKind::Owner, None))?;
                        person
                    }
                    None => resident,
                };
                let post = offices.post(c, body, &body.area_code, seat_of(place))?;
                seats.push(Seat { serial, place, post, person, party });
            }
        }
        seat_number += committee.seats;
    }
    Ok(Residents { entrances, of_units, seats })
}

/// What the `place`th seat of a committee is, from 0.
pub fn seat_of(place: usize) -> (SeatKind, usize, &'static str) {
    match place {
        0 => (SeatKind::Chair, 1, "主任"),
        1 => (SeatKind::DeputyChair, 1, "副主任"),
        _ => (SeatKind::Member, place - 1, "委员"),
    }
}

/// Elects the 21 committees: 111 members. `members` are those of the residents' committee who are elected as well.
pub fn seat_committees(
    c: &mut Conn,
    offices: &mut Offices,
    (bodies, committees): (&Bodies, &[Committee]),
    (residents, members): (&Residents, &[Held]),
) -> Result<()> {
    for committee in committees.iter().filter(|c| c.of.community_code() == TONGDEXIANG) {
        let seats = residents.seats.iter().filter(|seat| seat.serial == committee.of.serial);
        let electees: Vec<Electee> =
            seats.clone().map(|seat| Electee { person_id: seat.person, post_id: seat.post.id }).collect();
        let body = bodies.get(Body::Committee(TONGDEXIANG, committee.of.serial))?;
        offices.elect(c, body, (committee.elected_on, "业主大会选举结果公告"), &electees)?;
        for seat in seats {
            let tenure = Tenure::new(AppointmentRoute::Elected, "业主大会选举", committee.from, committee.to);
            let tenure = match (persona_at(seat.serial, seat.place), seat.crossing()) {
                (Some((username, role)), _) => tenure.bringing(username, role),
                (None, Some(member)) => match members.get(member) {
                    Some(home) => tenure.crossing(*home, "community_to_committee"),
                    None => tenure,
                },
                (None, None) => tenure,
            };
            offices.hold(c, &seat.post, seat.person, tenure)?;
        }
    }
    Ok(())
}

const HEADS_FROM: NaiveDate = day(2022, 3, 1);
const HEADS_TO: NaiveDate = day(2025, 2, 28);

/// 110 楼长, 411 单元长: the head of a unit lives in it, and the head of a building is that of its first unit.
pub fn seat_heads(c: &mut Conn, offices: &mut Offices, of: &OrganisationRow, residents: &Residents) -> Result<()> {
    let tenure = Tenure::new(AppointmentRoute::CoOpted, "居民推选", HEADS_FROM, HEADS_TO);
    for (entrance, person) in residents.entrances.iter().zip(&residents.of_units) {
        if entrance.unit == 1 {
            let post = offices.post(c, of, &entrance.building_code(), (SeatKind::BuildingHead, 1, "楼长"))?;
            offices.hold(c, &post, *person, tenure)?;
        }
        let post = offices.post(c, of, &entrance.code(), (SeatKind::UnitHead, 1, "单元长"))?;
        offices.hold(c, &post, *person, tenure)?;
    }
    Ok(())
}

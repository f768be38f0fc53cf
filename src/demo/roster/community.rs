//! 21 个居委会 and 社区党委: the secretary, the nine of the residents' committee, and who works there.

use chrono::NaiveDate;
use platform::Result;
use platform::auth::Role;
use platform::db::Conn;
use roster::appointments::dto::{AppointmentRoute, Electee, SeatKind};
use roster::people::PersonId;

use super::bodies::{Bodies, Body};
use super::offices::{Held, Offices, Tenure};
use super::people::{People, Someone};
use super::residents::Residents;
use crate::demo::dates::day;
use crate::demo::divisions::{COMMUNITIES, GUANBEIGOU, GUANGSHA, TONGDEXIANG};

/// 居委会由五至九人组成 (城市居民委员会组织法 7): a director, a deputy and seven members.
const MEMBERS: usize = 7;
const ELECTED_ON: NaiveDate = day(2020, 3, 8);
const FROM: NaiveDate = day(2020, 3, 15);
const TO: NaiveDate = day(2025, 3, 14);

/// Who holds a community's residents' committee, for what they hold elsewhere beside.
pub struct Committee {
    pub code: &'static str,
    pub director: Held,
    pub deputy: Held,
    pub members: Vec<Held>,
}

pub fn load(
    c: &mut Conn,
    (people, offices): (&mut People, &mut Offices),
    bodies: &Bodies,
    residents: &Residents,
) -> Result<Vec<Committee>> {
    let mut committees = Vec::with_capacity(COMMUNITIES.len());
    for (code, place) in COMMUNITIES {
        let known = if *code == TONGDEXIANG { residents.of_residents_committee() } else { Vec::new() };
        secretary(c, (people, offices), bodies, (code, place))?;
        committees.push(elected(c, (people, offices), bodies, (code, place), known)?);
        staff(c, (people, offices), bodies, code)?;
    }
    Ok(committees)
}

/// 社区书记
fn secretary(
    c: &mut Conn,
    (people, offices): (&mut People, &mut Offices),
    bodies: &Bodies,
    (code, place): (&'static str, &str),
) -> Result<()> {
    let persona = match code {
        TONGDEXIANG => Some("secretary.tongdexiang"),
        GUANBEIGOU => Some("secretary.guanbeigou"),
        GUANGSHA => Some("secretary.guangsha"),
        _ => None,
    };
    let who = match persona {
        Some(username) => Someone { party: true, ..Someone::persona(code, username) },
        None => Someone::member(code, format!("测试·{place}社区书记")),
    };
    let person = people.add(c, who)?;
    let tenure = Tenure::new(AppointmentRoute::Assigned, "街道党工委任命", FROM, TO);
    let tenure = persona.map_or(tenure, |username| tenure.bringing(username, Role::CommunitySecretary));
    let body = bodies.get(Body::CommunityCommittee(code))?;
    offices.fill(c, body, (SeatKind::Secretary, 1, "书记"), person, tenure)?;
    Ok(())
}

/// The nine, elected by the residents; `known` are those of them who have been written already.
fn elected(
    c: &mut Conn,
    (people, offices): (&mut People, &mut Offices),
    bodies: &Bodies,
    (code, place): (&'static str, &str),
    known: Vec<PersonId>,
) -> Result<Committee> {
    let body = bodies.get(Body::ResidentsCommittee(code))?;
    let director = people.add(c, Someone::member(code, format!("测试·{place}居委会主任")))?;
    let deputy = people.add(c, Someone::member(code, format!("测试·{place}居委会副主任")))?;
    let mut members = known;
    while members.len() < MEMBERS {
        let name = format!("测试·{place}居委会委员{}", members.len() + 1);
        members.push(people.add(c, Someone::new(code, name))?);
    }
    let mut seated = Vec::with_capacity(MEMBERS + 2);
    let seats = [(SeatKind::Director, 1, "主任", director), (SeatKind::DeputyDirector, 1, "副主任", deputy)];
    let seats = seats.into_iter().chain((1..).zip(members).map(|(no, member)| (SeatKind::Member, no, "委员", member)));
    for (kind, no, title, person) in seats {
        seated.push((offices.post(c, body, code, (kind, no, title))?, person));
    }
    let electees: Vec<Electee> =
        seated.iter().map(|(post, person)| Electee { person_id: *person, post_id: post.id }).collect();
    offices.elect(c, body, (ELECTED_ON, "居民委员会换届选举结果公告"), &electees)?;
    let tenure = Tenure::new(AppointmentRoute::Elected, "居民选举", FROM, TO);
    let mut held = Vec::with_capacity(seated.len());
    for (post, person) in &seated {
        held.push(offices.hold(c, post, *person, tenure)?);
    }
    let mut held = held.into_iter();
    let (director, deputy) = held.next().zip(held.next()).ok_or_else(|| platform::Error::internal("no chairs"))?;
    Ok(Committee { code, director, deputy, members: held.collect() })
}

/// The personas who work in a community.
fn staff(
    c: &mut Conn,
    (people, offices): (&mut People, &mut Offices),
    bodies: &Bodies,
    code: &'static str,
) -> Result<()> {
    let body = bodies.get(Body::ResidentsCommittee(code))?;
    let worker = match code {
        TONGDEXIANG => "worker.tongdexiang",
        GUANBEIGOU => "worker.guanbeigou",
        _ => return Ok(()),
    };
    let person = people.add(c, Someone::persona(code, worker))?;
    let tenure = Tenure::hired(day(2021, 9, 1)).bringing(worker, Role::CommunityWorker);
    offices.fill(c, body, (SeatKind::Staff, 1, "社区工作者"), person, tenure)?;
    if code == TONGDEXIANG {
        let mediator = "mediator.tongdexiang";
        let person = people.add(c, Someone::persona(code, mediator))?;
        let tenure = Tenure::new(AppointmentRoute::CoOpted, "居民推选", day(2022, 3, 1), day(2025, 2, 28));
        let tenure = tenure.bringing(mediator, Role::Mediator);
        offices.fill(c, body, (SeatKind::Mediator, 1, "调解员"), person, tenure)?;
    }
    Ok(())
}

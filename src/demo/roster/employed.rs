//! Who heads the companies, their branches and the stations, and the personas who work for them.

use platform::Result;
use platform::auth::Role;
use platform::db::Conn;
use roster::appointments::dto::{AppointmentRoute, Electee, SeatKind};
use roster::people::PersonId;

use super::bodies::{Bodies, Body};
use super::committees::with_station;
use super::companies::name;
use super::counts::{self, Company};
use super::offices::{Held, Offices, Tenure};
use super::people::{People, Someone, id_of};
use crate::demo::dates::day;
use crate::demo::divisions::{DISTRICT, FEIJICHANG};
use crate::demo::plan::{Planned, area_code};

/// The first company's people, whom the personas play.
const FIRST: usize = 1;
/// Those of its seats that are persons' own, by persona.
const PERSONAS: [(&str, Role, (SeatKind, usize, &str)); 4] = [
    ("company.admin", Role::CompanyAdmin, (SeatKind::Administrator, 1, "企业管理员")),
    ("company.manager", Role::ProjectManager, (SeatKind::ProjectManager, 1, "项目经理")),
    ("company.staff", Role::CompanyStaff, (SeatKind::Staff, 1, "员工")),
    ("grid.parttime", Role::CompanyStaff, (SeatKind::Staff, 2, "员工")),
];

/// The head of the first company: the first person that is written.
pub fn first_head() -> PersonId {
    id_of(FIRST)
}

/// Writes the heads of the companies, who come before everybody else.
pub fn load_heads(c: &mut Conn, people: &mut People) -> Result<Vec<PersonId>> {
    (1..=counts::COMPANIES)
        .map(|number| people.add(c, Someone::member(DISTRICT, format!("测试·{}负责人", short(number)))))
        .collect()
}

fn short(number: usize) -> String {
    name(number).trim_start_matches("测试·").to_owned()
}

/// A company's people as they stand in its own posts, from whom the community takes its part-time members.
pub struct Staff {
    pub heads: Vec<Held>,
    /// The project managers of the first two companies.
    pub managers: Vec<(usize, Held)>,
}

pub fn load_companies(
    c: &mut Conn,
    (people, offices): (&mut People, &mut Offices),
    bodies: &Bodies,
    heads: &[PersonId],
) -> Result<Staff> {
    let mut staff = Staff { heads: Vec::with_capacity(heads.len()), managers: Vec::new() };
    for (number, head) in (1..).zip(heads) {
        let body = bodies.get(Body::Company(number))?;
        staff.heads.push(offices.fill(
            c,
            body,
            (SeatKind::Head, 1, "负责人"),
            *head,
            Tenure::hired(body.founded_on),
        )?);
    }
    let first = bodies.get(Body::Company(FIRST))?;
    for (username, role, seat) in PERSONAS {
        let party = role == Role::ProjectManager;
        let person = people.add(c, Someone { party, ..Someone::persona(DISTRICT, username) })?;
        let tenure = Tenure::hired(day(2021, 1, 1)).bringing(username, role);
        let held = offices.fill(c, first, seat, person, tenure)?;
        if party {
            staff.managers.push((FIRST, held));
        }
    }
    let second = FIRST + 1;
    let manager = people.add(c, Someone::member(DISTRICT, format!("测试·{}项目经理", short(second))))?;
    let (body, tenure) = (bodies.get(Body::Company(second))?, Tenure::hired(day(2021, 1, 1)));
    let held = offices.fill(c, body, (SeatKind::ProjectManager, 1, "项目经理"), manager, tenure)?;
    staff.managers.push((second, held));
    Ok(staff)
}

/// The secretaries of the companies' branches, by the companies that host them.
pub fn load_branches(
    c: &mut Conn,
    (people, offices): (&mut People, &mut Offices),
    bodies: &Bodies,
    companies: &[Company],
) -> Result<Vec<(usize, Held)>> {
    let hosts = companies.iter().filter(|company| counts::hosts_branch(company));
    hosts
        .map(|company| {
            let name = format!("测试·{}支部书记", short(company.number));
            let person = people.add(c, Someone::member(DISTRICT, name))?;
            let tenure = Tenure::new(AppointmentRoute::Assigned, "物业行业党委任命", day(2022, 7, 1), day(2025, 6, 30));
            let body = bodies.get(Body::CompanyBranch(company.number))?;
            Ok((company.number, offices.fill(c, body, (SeatKind::Secretary, 1, "书记"), person, tenure)?))
        })
        .collect()
}

/// The stations' heads are people of the yard (S0-16 从本社区招聘).
pub fn load_stations(
    c: &mut Conn,
    (people, offices): (&mut People, &mut Offices),
    bodies: &Bodies,
    planned: &[Planned],
) -> Result<()> {
    for yard in with_station(planned) {
        let area = yard.area_code();
        let person = people.add(c, Someone::new(&area, format!("测试·{}服务站站长", yard.name)))?;
        let body = bodies.get(Body::Station(yard.community_code(), yard.serial))?;
        let tenure = Tenure::new(AppointmentRoute::Assigned, "社区委派", body.founded_on, day(2026, 12, 31));
        offices.fill(c, body, (SeatKind::Head, 1, "站长"), person, tenure)?;
    }
    Ok(())
}

/// 南巷院: a branch of seven, whose deputy secretary heads the station (S0-18, S0-20).
pub fn load_nanxiang(c: &mut Conn, (people, offices): (&mut People, &mut Offices), bodies: &Bodies) -> Result<()> {
    const OFFICER: &str = "station.nanxiang";
    let area = area_code(FEIJICHANG, 1);
    let branch = bodies.get(Body::CompoundBranch(FEIJICHANG, 1))?;
    let seats = [(SeatKind::Secretary, 1, "书记"), (SeatKind::DeputySecretary, 1, "副书记")];
    let seats = seats.into_iter().chain((1..=5).map(|no| (SeatKind::CommitteeMember, no, "委员")));
    let mut seated = Vec::with_capacity(7);
    for (place, seat) in seats.enumerate() {
        let who = match seat.0 {
            SeatKind::DeputySecretary => Someone { party: true, ..Someone::persona(&area, OFFICER) },
            _ => Someone::member(&area, format!("测试·南巷院支部委员{}", place + 1)),
        };
        let person = people.add(c, who)?;
        seated.push((offices.post(c, branch, &area, seat)?, person));
    }
    let electees: Vec<Electee> =
        seated.iter().map(|(post, person)| Electee { person_id: *person, post_id: post.id }).collect();
    offices.elect(c, branch, (day(2019, 9, 30), "党支部选举大会"), &electees)?;
    // Three years later the same seven (支部工作条例: a term of three years).
    offices.elect(c, branch, (day(2022, 9, 28), "党支部换届选举大会"), &electees)?;
    let tenure = Tenure::new(AppointmentRoute::Elected, "党员大会选举", day(2022, 9, 30), day(2025, 9, 29));
    for (post, person) in &seated {
        if post.seat_kind != SeatKind::DeputySecretary {
            offices.hold(c, post, *person, tenure)?;
            continue;
        }
        let deputy = offices.hold(c, post, *person, tenure.bringing(OFFICER, Role::BranchOfficer))?;
        let station = bodies.get(Body::Station(FEIJICHANG, 1))?;
        let tenure = Tenure::new(AppointmentRoute::CoOpted, "支部副书记兼任站长", day(2022, 10, 1), day(2025, 9, 29));
        let tenure = tenure.crossing(deputy, "branch_to_station").bringing(OFFICER, Role::StationHead);
        offices.fill(c, station, (SeatKind::Head, 1, "站长"), *person, tenure)?;
    }
    Ok(())
}

//! 380 人次交叉任职: 150 from the residents' committees to owners' committees, 90 from companies to residents' committees,
//! 80 from branches to 大党委, 60 from residents' committees to general branches. Six of the first are elected with their
//! committees in `residents`.

use chrono::NaiveDate;
use platform::db::Conn;
use platform::{Error, Result};
use registry::territory::dto::{RoomId, RoomUse, UnitId};
use registry::territory::store::By;
use registry::territory::store::buildings::{self, RoomRow, UnitRow};
use roster::appointments::dto::{AppointmentRoute, Electee, SeatKind};
use roster::people::dto::ResidencyKind;

use super::bodies::{Bodies, Body};
use super::community::Committee as ResidentsCommittee;
use super::companies::{committee_branch_sites, general_branch_sites};
use super::counts::{self, Committee, Company};
use super::employed::Staff;
use super::offices::{Held, Offices, Tenure};
use super::people::{People, Room, Someone};
use super::residents::Residents;
use crate::demo::dates::day;
use crate::demo::divisions::{COMMUNITIES, TONGDEXIANG};
use crate::demo::ids::{Kind, id};
use crate::demo::plan::Planned;
use crate::demo::{compounds, tongdexiang};

/// Buildings, units and rooms outside Tongdexiang and 南巷院 are numbered from here.
const BUILDINGS_BEFORE: usize = 2000;
const UNITS_BEFORE: usize = 1000;
const ROOMS_BEFORE: usize = 10_000;

/// One in so many of the companies' part-time members is in the last of three years.
const EXPIRING_EVERY: usize = 10;

pub struct Everyone<'a> {
    pub bodies: &'a Bodies,
    pub planned: &'a [Planned],
    pub companies: &'a [Company<'a>],
    pub committees: &'a [Committee<'a>],
    pub residents: &'a Residents,
    pub residents_committees: &'a [ResidentsCommittee],
    pub staff: &'a Staff,
    /// The secretaries of companies' branches, by their hosts.
    pub branches: &'a [(usize, Held)],
}

pub fn load(c: &mut Conn, (people, offices): (&mut People, &mut Offices), all: &Everyone, by: &By) -> Result<()> {
    to_committees(c, (people, offices), all, by)?;
    to_residents_committees(c, offices, all)?;
    to_general_branches(c, offices, all)?;
    to_big_committees(c, (people, offices), all)
}

/// 居委会 → 业委会: each owns a room in the compound and was elected there.
fn to_committees(c: &mut Conn, (people, offices): (&mut People, &mut Offices), all: &Everyone, by: &By) -> Result<()> {
    let mut number = 0;
    for (community, from) in all.residents_committees.iter().enumerate().filter(|(_, rc)| rc.code != TONGDEXIANG) {
        // Seven members; where eight cross, the deputy is the eighth.
        let crossing = from.members.iter().chain([&from.deputy]).take(counts::to_committees(community));
        for (home, serial) in crossing.zip(1..) {
            number += 1;
            let of = all.committees.iter().find(|of| of.of.community == community && of.of.serial == serial);
            let of = of.ok_or_else(|| Error::internal(format!("{} has no committee {serial}", from.code)))?;
            let home_room = build(c, of.of, number, by)?;
            people.house(c, home.person, home_room, (ResidencyKind::Owner, None))?;
            let body = all.bodies.get(Body::Committee(from.code, serial))?;
            let post = offices.post(c, body, &body.area_code, (SeatKind::Member, 1, "委员"))?;
            let elected = [Electee { person_id: home.person, post_id: post.id }];
            offices.elect(c, body, (of.elected_on, "业主大会选举结果公告"), &elected)?;
            let tenure = Tenure::new(AppointmentRoute::Elected, "业主大会选举", of.from, of.to);
            offices.hold(c, &post, home.person, tenure.crossing(*home, "community_to_committee"))?;
        }
    }
    Ok(())
}

/// The building, unit and room that somebody owns in a compound of which the demo tells no more.
fn build(c: &mut Conn, of: &Planned, number: usize, by: &By) -> Result<Room> {
    let compound = compounds::id_of(of.community_code(), of.serial);
    let building = tongdexiang::building(BUILDINGS_BEFORE + number, compound, &of.area_code(), 1, by);
    buildings::insert_building_row(c, &building, by)?;
    let unit = UnitRow {
        id: UnitId(id(Kind::Unit, UNITS_BEFORE + number)),
        area_code: format!("{}-01", building.area_code),
        compound_id: compound,
        building_id: building.id,
        no: "1".to_owned(),
        closed_on: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    buildings::insert_unit_row(c, &unit, by)?;
    let room = RoomRow {
        id: RoomId(id(Kind::Room, ROOMS_BEFORE + number)),
        area_code: format!("{}-0001", unit.area_code),
        compound_id: compound,
        unit_id: unit.id,
        no: "101".to_owned(),
        exclusive_area: 9_000,
        use_kind: RoomUse::Residential,
        closed_on: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    buildings::insert_room_row(c, &room, by)?;
    Ok((room.id, compound, room.area_code))
}

/// 企业 → 居委会: the heads of all companies and two project managers, where their company serves first.
fn to_residents_committees(c: &mut Conn, offices: &mut Offices, all: &Everyone) -> Result<()> {
    let heads = (1..).zip(all.staff.heads.iter().copied());
    let mut seats = vec![0; COMMUNITIES.len()];
    for (count, (number, home)) in heads.chain(all.staff.managers.iter().copied()).enumerate() {
        let company = all.companies.iter().find(|company| company.number == number);
        let community = company.map_or(0, Company::community);
        let (Some(seat), Some((code, _))) = (seats.get_mut(community), COMMUNITIES.get(community)) else { continue };
        *seat += 1;
        let (from, to) = if count % EXPIRING_EVERY == 0 {
            (day(2021, 3, 1), day(2024, 2, 29))
        } else {
            (day(2023, 3, 1), day(2026, 2, 28))
        };
        let tenure = Tenure::new(AppointmentRoute::CoOpted, "社区推选", from, to);
        let body = all.bodies.get(Body::ResidentsCommittee(code))?;
        let title = (SeatKind::PartTimeMember, *seat, "兼职委员");
        offices.fill(c, body, title, home.person, tenure.crossing(home, "company_to_community"))?;
    }
    Ok(())
}

/// 居委会主任、副主任 → 党总支书记 (S0-32), in turn.
fn to_general_branches(c: &mut Conn, offices: &mut Offices, all: &Everyone) -> Result<()> {
    let tenure = Tenure::new(AppointmentRoute::Assigned, "社区党委任命", day(2022, 6, 1), day(2025, 5, 31));
    for (community, from) in all.residents_committees.iter().enumerate() {
        for (turn, compound) in general_branch_sites(all.planned, community).enumerate() {
            let home = if turn % 2 == 0 { from.director } else { from.deputy };
            let body = all.bodies.get(Body::GeneralBranch(from.code, compound.serial))?;
            let seat = (SeatKind::GeneralBranchSecretary, 1, "党总支书记");
            offices.fill(c, body, seat, home.person, tenure.crossing(home, "community_to_company_branch"))?;
        }
    }
    Ok(())
}

const SECRETARIES_FROM: NaiveDate = day(2022, 7, 1);
const SECRETARIES_TO: NaiveDate = day(2025, 6, 30);

/// 企业党支部、业委会党支部书记 → 大党委兼职委员
fn to_big_committees(c: &mut Conn, (people, offices): (&mut People, &mut Offices), all: &Everyone) -> Result<()> {
    for (community, (code, _)) in COMMUNITIES.iter().enumerate() {
        let hosts = counts::company_branches(all.companies, community).map(|company| company.number);
        let mut homes: Vec<Held> = hosts
            .filter_map(|host| all.branches.iter().find(|(number, _)| *number == host))
            .map(|(_, held)| *held)
            .collect();
        for compound in committee_branch_sites(all.companies, all.planned, community) {
            homes.push(committee_branch(c, (people, offices), all, (code, compound))?);
        }
        let body = all.bodies.get(Body::BigCommittee(code))?;
        for (no, home) in (1..).zip(homes) {
            let tenure = Tenure::new(AppointmentRoute::CoOpted, "大党委吸纳", day(2022, 8, 1), day(2025, 7, 31));
            let tenure = tenure.crossing(home, "branch_to_big_committee");
            offices.fill(c, body, (SeatKind::PartTimeMember, no, "兼职委员"), home.person, tenure)?;
        }
    }
    Ok(())
}

/// The secretary of an owners' committee's branch: in Tongdexiang one of the committee.
fn committee_branch(
    c: &mut Conn,
    (people, offices): (&mut People, &mut Offices),
    all: &Everyone,
    (code, compound): (&'static str, &Planned),
) -> Result<Held> {
    let known = if code == TONGDEXIANG { all.residents.secretary_of(compound.serial) } else { None };
    let person = match known {
        Some(person) => person,
        None => {
            let area = compound.area_code();
            people.add(c, Someone::member(&area, format!("测试·{}业委会支部书记", compound.name)))?
        }
    };
    let body = all.bodies.get(Body::CommitteeBranch(code, compound.serial))?;
    let tenure = Tenure::new(AppointmentRoute::Assigned, "社区党委任命", SECRETARIES_FROM, SECRETARIES_TO);
    offices.fill(c, body, (SeatKind::Secretary, 1, "书记"), person, tenure)
}

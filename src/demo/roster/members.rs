//! 80 名党建指导员, 3800 名在职党员报到, 三岗 35/47/82, and the residents and volunteers among the personas.

use chrono::NaiveDate;
use platform::Result;
use platform::auth::Role;
use platform::db::Conn;
use platform::history::ActorId;
use registry::territory::store::By;
use roster::organisations::dto::{InstructorLinkId, PostAreaId, PostAreaKind};
use roster::organisations::store::instructors::{self, InstructorRow};
use roster::organisations::store::post_areas::{self, PostAreaRow};
use roster::people::dto::{CheckinId, ConsentAudience, ConsentField, ConsentId, ResidencyKind};
use roster::people::{CheckinRow, ConsentRow, PersonId, insert_checkin_row, insert_consent_row};

use super::bodies::Body;
use super::counts::{Company, Reach};
use super::people::{People, Someone};
use crate::demo::dates::day;
use crate::demo::divisions::{COMMUNITIES, DISTRICT, TONGDEXIANG};
use crate::demo::ids::{Kind, id};
use crate::demo::plan::{KANGSHENG, area_code, share};
use crate::demo::{compounds, grids, personas, tongdexiang};

/// 60 by name and 210 units that sum to the rest.
const CHECKINS: usize = 3800;
const BY_NAME: usize = 60;
const UNITS_EACH: usize = 10;
const SINCE: NaiveDate = day(2023, 3, 1);

/// Three counts that are never added up (domain T9).
const POST_AREAS: [(PostAreaKind, &str, usize); 3] = [
    (PostAreaKind::DemonstrationPost, "党员示范岗", 35),
    (PostAreaKind::PioneerPost, "党员先锋岗", 47),
    (PostAreaKind::ResponsibilityArea, "党员责任区", 82),
];

/// 同德巷小区, where the tenant rents.
const YARD: usize = 6;

pub fn load(c: &mut Conn, people: &mut People, companies: &[Company], by: &By) -> Result<()> {
    instruct(c, people, companies, by)?;
    check_in(c, people, by)?;
    open_post_areas(c, by)?;
    residents_and_volunteers(c, people, by)
}

/// One for each company that no Party organisation reaches; the persona looks after one that serves in Tongdexiang.
fn instruct(c: &mut Conn, people: &mut People, companies: &[Company], by: &By) -> Result<()> {
    let without = companies.iter().filter(|company| company.reach() == Reach::Instructor);
    for (number, company) in (1..).zip(without) {
        let who = match number {
            1 => Someone { party: true, ..Someone::persona(DISTRICT, "instructor.tongdexiang") },
            _ => Someone::member(DISTRICT, format!("测试·党建指导员{number:02}")),
        };
        let row = InstructorRow {
            id: InstructorLinkId(id(Kind::Instruction, number)),
            person_id: people.add(c, who)?,
            company_id: Body::Company(company.number).id(),
            area_code: DISTRICT.to_owned(),
            valid_from: day(2023, 1, 1),
            ended_on: None,
            end_reason: None,
            version: 1,
            created_at: by.at,
            updated_at: by.at,
        };
        instructors::insert_row(c, &row, by)?;
    }
    Ok(())
}

/// To the communities and their grids: the named ones to a grid each, the units to the community.
fn check_in(c: &mut Conn, people: &mut People, by: &By) -> Result<()> {
    let units = COMMUNITIES.len() * UNITS_EACH;
    for (number, (code, _)) in (1..=BY_NAME).zip(COMMUNITIES.iter().cycle()) {
        let person = people.add(c, Someone::member(code, format!("测试·报到党员{number:02}")))?;
        let grid = grids::code(code, 1 + number / COMMUNITIES.len());
        let unit = format!("测试·单位{:03}", number % units + 1);
        insert_checkin_row(c, &checkin(number, (grid, unit), (Some(person), 1), by), by)?;
    }
    for index in 0..units {
        let Some((code, _)) = COMMUNITIES.get(index / UNITS_EACH) else { continue };
        let headcount = share(CHECKINS - BY_NAME, units, index);
        let unit = format!("测试·单位{:03}", index + 1);
        let row = checkin(BY_NAME + index + 1, ((*code).to_owned(), unit), (None, headcount), by);
        insert_checkin_row(c, &row, by)?;
    }
    Ok(())
}

fn checkin(
    number: usize,
    (area_code, employer_unit): (String, String),
    (person_id, headcount): (Option<PersonId>, usize),
    by: &By,
) -> CheckinRow {
    CheckinRow {
        id: CheckinId(id(Kind::Checkin, number)),
        area_code,
        person_id,
        employer_unit,
        headcount: i32::try_from(headcount).unwrap_or_default(),
        since: SINCE,
        ended_on: None,
        recorded_by: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    }
}

fn open_post_areas(c: &mut Conn, by: &By) -> Result<()> {
    let all = POST_AREAS.iter().flat_map(|(kind, title, count)| (1..=*count).map(move |no| (*kind, *title, no)));
    for ((number, (kind, title, no)), (code, place)) in (1..).zip(all).zip(COMMUNITIES.iter().cycle()) {
        let row = PostAreaRow {
            id: PostAreaId(id(Kind::PostArea, number)),
            kind,
            name: format!("{place}{title}{no:02}"),
            area_code: (*code).to_owned(),
            organisation_id: Some(Body::CommunityCommittee(code).id()),
            opened_on: day(2023, 7, 1),
            ended_on: None,
            end_reason: None,
            version: 1,
            created_at: by.at,
            updated_at: by.at,
        };
        post_areas::insert_row(c, &row, by)?;
    }
    Ok(())
}

/// Both volunteers have a number on record; the first alone has agreed to have it read.
fn residents_and_volunteers(c: &mut Conn, people: &mut People, by: &By) -> Result<()> {
    let entrances = tongdexiang::entrances();
    let homes =
        [("owner.kangsheng", KANGSHENG, ResidencyKind::Owner), ("tenant.tongdexiang", YARD, ResidencyKind::Tenant)];
    for (username, serial, kind) in homes {
        let Some(entrance) = entrances.iter().find(|entrance| entrance.serial == serial) else { continue };
        let area = area_code(TONGDEXIANG, serial);
        let person = people.add(c, Someone::persona(&area, username))?;
        let (room, code) = entrance.room(1);
        let grant = if kind == ResidencyKind::Owner { personas::grant(username, Role::Owner) } else { None };
        people.house(c, person, (room, compounds::id_of(TONGDEXIANG, serial), code), (kind, grant))?;
    }
    let skills = ["水电维修"];
    let first = Someone { skills: &skills, ..Someone::persona(TONGDEXIANG, "volunteer.first") };
    let first = people.add(c, first)?;
    people.add(c, Someone { skills: &["开锁"], ..Someone::persona(TONGDEXIANG, "volunteer.second") })?;
    let account = personas::account("volunteer.first").map(|account| ActorId(account.0));
    for (number, field) in (1..).zip([ConsentField::Name, ConsentField::Phone, ConsentField::Skills]) {
        let row = ConsentRow {
            id: ConsentId(id(Kind::Consent, number)),
            person_id: first,
            area_code: TONGDEXIANG.to_owned(),
            audience: ConsentAudience::Community,
            field,
            purpose: "志愿服务联系".to_owned(),
            paper_ref: None,
            recorded_by: account,
            given_at: by.at,
            withdrawn_at: None,
            withdrawn_by: None,
            version: 1,
        };
        insert_consent_row(c, &row, by)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_thousand_eight_hundred() {
        let units = COMMUNITIES.len() * UNITS_EACH;
        let heads: usize = (0..units).map(|index| share(CHECKINS - BY_NAME, units, index)).sum();
        assert_eq!((units, BY_NAME + heads), (210, 3800));
        assert_eq!(POST_AREAS.map(|(.., count)| count), [35, 47, 82]);
    }
}

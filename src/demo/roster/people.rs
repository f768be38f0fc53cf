//! Writes persons down, each with a made-up number of their own, and where they live.

use platform::Result;
use platform::db::Conn;
use platform::secrets::Secrets;
use registry::identity::GrantId;
use registry::territory::dto::{CompoundId, RoomId};
use registry::territory::store::By;
use roster::people::dto::{Gender, GivenAs, PersonId, ProofKind, ResidencyId, ResidencyKind, ResidencyStatus, Skill};
use roster::people::{PartyStatus, PersonRow, ResidencyRow, insert_person_row, insert_residency_row, seal_phone};

use crate::demo::dates::day;
use crate::demo::ids::{Kind, id};
use crate::demo::personas;

/// What there is to tell of somebody.
#[derive(Default)]
pub struct Someone<'a> {
    pub area: &'a str,
    pub name: String,
    pub party: bool,
    pub veteran: bool,
    /// The persona whose account is theirs.
    pub persona: Option<&'static str>,
    pub skills: &'a [&'a str],
}

impl<'a> Someone<'a> {
    pub fn new(area: &'a str, name: impl Into<String>) -> Self {
        Self { area, name: name.into(), ..Self::default() }
    }

    pub fn member(area: &'a str, name: impl Into<String>) -> Self {
        Self { party: true, ..Self::new(area, name) }
    }

    /// Somebody to log in as, under the persona's name.
    pub fn persona(area: &'a str, username: &'static str) -> Self {
        let name = personas::name(username).unwrap_or(username);
        Self { persona: Some(username), ..Self::new(area, name) }
    }
}

/// A room with its compound and code.
pub type Room = (RoomId, CompoundId, String);

/// Counts the persons and the residencies that it writes.
pub struct People<'a> {
    secrets: &'a Secrets,
    by: &'a By,
    persons: usize,
    homes: usize,
}

impl<'a> People<'a> {
    pub fn new(secrets: &'a Secrets, by: &'a By) -> Self {
        Self { secrets, by, persons: 0, homes: 0 }
    }

    pub fn add(&mut self, c: &mut Conn, who: Someone) -> Result<PersonId> {
        self.persons += 1;
        let person = id_of(self.persons);
        let mut row = PersonRow::fresh(person, who.area, &who.name, self.by);
        // 199-0937-xxxx is dialled by nobody.
        row.set_phone(seal_phone(self.secrets, person, Some(&format!("1990937{:04}", self.persons)))?);
        row.set_skills(&who.skills.iter().map(|skill| Skill((*skill).to_owned())).collect::<Vec<_>>());
        row.gender = Some(if self.persons.is_multiple_of(2) { Gender::Female } else { Gender::Male });
        row.birth_year = i32::try_from(1950 + self.persons % 45).ok();
        row.party_status = if who.party { PartyStatus::Formal } else { PartyStatus::None };
        row.veteran = who.veteran;
        row.account_id = who.persona.and_then(personas::account);
        row.synthetic = true;
        insert_person_row(c, &row, self.by)?;
        Ok(person)
    }

    /// A verified residency: the community saw the document, and for an owner a second person confirmed it.
    pub fn house(
        &mut self,
        c: &mut Conn,
        person: PersonId,
        (room_id, compound_id, area_code): Room,
        (kind, grant_id): (ResidencyKind, Option<GrantId>),
    ) -> Result<()> {
        self.homes += 1;
        let owner = kind == ResidencyKind::Owner;
        let document = if owner { ProofKind::Deed } else { ProofKind::Lease };
        let row = ResidencyRow {
            id: ResidencyId(id(Kind::Residency, self.homes)),
            person_id: person,
            room_id,
            compound_id,
            area_code,
            kind,
            status: ResidencyStatus::Verified,
            self_claimed: false,
            filed_by: None,
            valid_from: day(2019, 6, 1),
            document_kind: Some(document),
            document_ref: Some(format!("演示{:05}", self.homes)),
            checked_by: None,
            checked_at: Some(self.by.at),
            checked_as: Some(GivenAs::Community),
            confirmed_by: None,
            confirmed_at: owner.then_some(self.by.at),
            confirmed_as: owner.then_some(GivenAs::Community),
            confirm_note: None,
            decided_by: None,
            reject_reason: None,
            ended_on: None,
            end_reason: None,
            grant_id,
            version: 1,
            created_at: self.by.at,
            updated_at: self.by.at,
        };
        insert_residency_row(c, &row, self.by)
    }
}

/// The `number`th person that is written, from 1.
pub fn id_of(number: usize) -> PersonId {
    PersonId(id(Kind::Person, number))
}

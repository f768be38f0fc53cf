//! Writes posts, who holds them, and the elections that elected seats stand on.

use chrono::NaiveDate;
use platform::Result;
use platform::auth::Role;
use platform::db::Conn;
use platform::history::ActorId;
use registry::territory::store::By;
use roster::appointments::dto::{AppointmentId, AppointmentRoute, Electee, ElectionId, PostId, SeatKind, Status};
use roster::appointments::{
    AppointmentRow, ElectionRow, PostRow, insert_appointment_row, insert_election_row, insert_post_row,
};
use roster::organisations::{OrganisationId, OrganisationRow};
use roster::people::PersonId;

use crate::demo::ids::{Kind, id};
use crate::demo::personas;

/// Somebody in an office.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    pub id: AppointmentId,
    pub organisation: OrganisationId,
    pub person: PersonId,
}

/// How and from when to when an office is held.
#[derive(Clone, Copy)]
pub struct Tenure<'a> {
    pub route: AppointmentRoute,
    pub basis: &'a str,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
    /// The base post of a cross-appointment, and its direction.
    pub home: Option<(Held, &'a str)>,
    /// The persona's role that comes with the office.
    pub brings: Option<(&'a str, Role)>,
}

impl<'a> Tenure<'a> {
    pub fn new(route: AppointmentRoute, basis: &'a str, from: NaiveDate, to: NaiveDate) -> Self {
        Self { route, basis, from, to: Some(to), home: None, brings: None }
    }

    /// An employment, which goes on.
    pub fn hired(from: NaiveDate) -> Self {
        let (route, basis) = (AppointmentRoute::Hired, "劳动合同");
        Self { route, basis, from, to: None, home: None, brings: None }
    }

    pub fn crossing(self, home: Held, direction: &'a str) -> Self {
        Self { home: Some((home, direction)), ..self }
    }

    pub fn bringing(self, persona: &'a str, role: Role) -> Self {
        Self { brings: Some((persona, role)), ..self }
    }
}

/// Counts what it writes.
pub struct Offices<'a> {
    by: &'a By,
    posts: usize,
    appointments: usize,
    elections: usize,
    /// Who has proposed and who has approved, as far as the demo knows.
    proposer: ActorId,
    approver: ActorId,
}

impl<'a> Offices<'a> {
    pub fn new(by: &'a By) -> Self {
        let account = |username| ActorId(personas::account(username).map(|account| account.0).unwrap_or_default());
        let (proposer, approver) = (account("industry.suzhou"), account("coord.suzhou"));
        Self { by, posts: 0, appointments: 0, elections: 0, proposer, approver }
    }

    pub fn post(
        &mut self,
        c: &mut Conn,
        of: &OrganisationRow,
        area: &str,
        (kind, no, title): (SeatKind, usize, &str),
    ) -> Result<PostRow> {
        self.posts += 1;
        let seat = (kind, i32::try_from(no).unwrap_or_default(), title);
        let row = PostRow::fresh(post_id(self.posts), of, area, seat, of.founded_on, self.by.at)?;
        insert_post_row(c, &row, self.by)?;
        Ok(row)
    }

    /// Puts somebody into an office. Who holds it stays until there is a successor: by a clock that goes on, terms that are
    /// published as running to 2025 would otherwise be over.
    pub fn hold(&mut self, c: &mut Conn, post: &PostRow, person: PersonId, tenure: Tenure) -> Result<Held> {
        self.appointments += 1;
        let Tenure { route, basis, from, to, home, brings } = tenure;
        let appointment = AppointmentId(id(Kind::Appointment, self.appointments));
        let row = AppointmentRow {
            id: appointment,
            person_id: person,
            post_id: post.id,
            area_code: post.area_code.clone(),
            single_holder: post.single_holder,
            route,
            direction: home.map(|(_, direction)| direction.to_owned()),
            home_appointment_id: home.map(|(home, _)| home.id),
            home_organisation_id: home.map(|(home, _)| home.organisation),
            renews_id: None,
            legal_basis: basis.to_owned(),
            term_from: from,
            term_to: to,
            last_day: to,
            carry_over: to.is_some(),
            status: Status::Active,
            publicity_id: None,
            rule_set_id: None,
            checks: None,
            proposed_by: self.proposer,
            consented_by: None,
            consented_at: None,
            decided_by: Some(self.approver),
            decided_at: Some(self.by.at),
            note: None,
            ended_on: None,
            end_reason: None,
            grant_id: brings.and_then(|(persona, role)| personas::grant(persona, role)),
            version: 1,
            created_at: self.by.at,
            updated_at: self.by.at,
        };
        insert_appointment_row(c, &row, "appointment.taken_over", self.by)?;
        Ok(Held { id: appointment, organisation: post.organisation_id, person })
    }

    /// A post of a body's own area with its holder.
    pub fn fill(
        &mut self,
        c: &mut Conn,
        of: &OrganisationRow,
        seat: (SeatKind, usize, &str),
        person: PersonId,
        tenure: Tenure,
    ) -> Result<Held> {
        let post = self.post(c, of, &of.area_code, seat)?;
        self.hold(c, &post, person, tenure)
    }

    pub fn elect(
        &mut self,
        c: &mut Conn,
        of: &OrganisationRow,
        (held_on, document): (NaiveDate, &str),
        electees: &[Electee],
    ) -> Result<()> {
        self.elections += 1;
        let row = ElectionRow {
            id: ElectionId(id(Kind::Election, self.elections)),
            organisation_id: of.id,
            area_code: of.area_code.clone(),
            held_on,
            document: document.to_owned(),
            recorded_by: None,
            version: 1,
            created_at: self.by.at,
            updated_at: self.by.at,
        };
        insert_election_row(c, &row, electees, self.by)
    }
}

/// The `number`th post that is written, from 1.
pub fn post_id(number: usize) -> PostId {
    PostId(id(Kind::Post, number))
}

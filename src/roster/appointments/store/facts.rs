//! The facts that the guards judge by, read in four statements however much there is: the post with its organisation and
//! the companies that serve it; the person with what is declared and what stands of their homes; what both are bound up
//! in already; the rules in force. Asking each context by its own function would take a dozen, so these are read-only
//! joins over the wing's tables, the one place in this context that reads tables which it does not own beside `queries`.

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use platform::Result;
use platform::auth::AreaCode;
use platform::db::{Conn, Range};
use platform::rule_sets::{self, RuleSetId};
use platform::{Error, auth::Visible};
use registry::identity::AccountId;
use uuid::Uuid;

use super::appointments::AppointmentRow;
use super::check_person;
use super::posts::PostRow;
use crate::appointments::dto::{AppointmentId, AppointmentRoute, InterestRelation, PostDuty, PostId, SeatKind, Status};
use crate::appointments::rules::directions::DIRECTIONS;
use crate::appointments::rules::guards::{Decider, Facts, Held, Person, Place, Post, Wish};
use crate::appointments::rules::params::ELIGIBILITY;
use crate::appointments::rules::states::{PENDING, STANDING};
use crate::organisations::{OrgKind, OrganisationId, PartyOrgKind};
use crate::people::dto::{ResidencyKind, ResidencyStatus};
use crate::people::{PartyStatus, PersonId};
use crate::schema::{
    appointments, election_electees as electees, election_records as elections, interest_declarations as declarations,
    organisations, persons, posts, residencies, service_contracts as contracts, supplier_links as suppliers,
};

/// What the facts are asked about.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub person: PersonId,
    pub post: PostId,
    pub own: Option<AppointmentId>,
    pub home: Option<AppointmentId>,
    pub renews: Option<AppointmentId>,
    pub route: AppointmentRoute,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
    pub decider: Option<Decider>,
    /// The day whose rules hold: that of the proposal, whatever has been set since.
    pub rules_of: NaiveDate,
    pub today: NaiveDate,
}

impl Asked {
    /// About an appointment that is on record.
    pub fn about(row: &AppointmentRow, decider: Option<Decider>, today: NaiveDate) -> Self {
        Self {
            person: row.person_id,
            post: row.post_id,
            own: Some(row.id),
            home: row.home_appointment_id,
            renews: row.renews_id,
            route: row.route,
            from: row.term_from,
            to: row.term_to,
            decider,
            rules_of: platform::clock::date_in_shanghai(row.created_at),
            today,
        }
    }
}

/// The facts, and what whoever goes on from here needs of the rows behind them.
pub struct Gathered {
    pub facts: Facts,
    pub post: PostRow,
    pub organisation_kind: OrgKind,
    pub organisation_area: String,
    pub organisation_name: String,
    pub person_name: String,
    pub account: Option<Uuid>,
    /// The version of the directions that holds.
    pub rule_set_id: Option<RuleSetId>,
    /// The organisation and the last day of the base post.
    pub home: Option<(OrganisationId, Option<NaiveDate>)>,
}

/// Everything that is asked, of a post and a person whom the caller sees; 404 otherwise.
pub fn gather(c: &mut Conn, visible: &Visible, asked: &Asked) -> Result<Gathered> {
    let seat = seat(c, asked)?;
    visible.check(&seat.row.area_code)?;
    let held = held(c, asked)?;
    let since = held.iter().find(|held| Some(held.id) == asked.renews).map(|held| held.from);
    let (person, known) = person(c, asked, &seat.row, since)?;
    check_person(visible, &known.area_code)?;
    let area: AreaCode = seat.row.area_code.parse().map_err(|e: String| Error::internal(e))?;
    let rules = rule_sets::in_force(c, &[&DIRECTIONS, &ELIGIBILITY], &area, asked.rules_of)?;
    let (rule_set_id, directions) = rules.get(&DIRECTIONS)?;
    let (_, eligibility) = rules.get(&ELIGIBILITY)?;
    let wish = Wish {
        own: asked.own,
        route: asked.route,
        home: asked.home,
        renews: asked.renews,
        from: asked.from,
        to: asked.to,
    };
    let facts = Facts { post: seat.post, person, held, wish, directions, eligibility, decider: asked.decider };
    let home = facts.home().map(|home| (home.place.organisation, home.last_day.filter(|_| !home.carry_over)));
    Ok(Gathered {
        home,
        facts,
        organisation_kind: seat.kind,
        organisation_area: seat.area,
        organisation_name: seat.name,
        post: seat.row,
        person_name: known.name,
        account: known.account_id.map(|id| id.0),
        rule_set_id,
    })
}

struct Seat {
    row: PostRow,
    post: Post,
    kind: OrgKind,
    area: String,
    name: String,
}

type OrgFacts = (OrganisationId, OrgKind, Option<PartyOrgKind>, Option<NaiveDate>, String, String);

/// Contracts of an organisation's compound that are filed and run in the term or later.
macro_rules! serves {
    ($from:expr) => {
        contracts::compound_id
            .nullable()
            .eq(organisations::compound_id)
            .and(contracts::filed_on.is_not_null())
            .and(contracts::ended_on.is_null().or(contracts::ended_on.assume_not_null().ge($from)))
    };
}

fn seat(c: &mut Conn, asked: &Asked) -> Result<Seat> {
    let rows: Vec<(PostRow, OrgFacts, Option<OrganisationId>, Option<OrganisationId>)> = posts::table
        .inner_join(organisations::table.on(organisations::id.eq(posts::organisation_id)))
        .left_join(contracts::table.on(serves!(asked.from.min(asked.today))))
        .left_join(suppliers::table.on(
            suppliers::company_id.nullable().eq(contracts::company_id.nullable()).and(suppliers::ended_on.is_null()),
        ))
        .filter(posts::id.eq(asked.post))
        .select((
            PostRow::as_select(),
            (
                organisations::id,
                organisations::kind,
                organisations::party_kind,
                organisations::ended_on,
                organisations::area_code,
                organisations::name,
            ),
            contracts::company_id.nullable(),
            suppliers::supplier_id.nullable(),
        ))
        .load(c)?;
    let mut serving: Vec<OrganisationId> = rows.iter().filter_map(|(_, _, company, _)| *company).collect();
    let mut bought_from: Vec<OrganisationId> = rows.iter().filter_map(|(_, _, _, supplier)| *supplier).collect();
    for ids in [&mut serving, &mut bought_from] {
        ids.sort();
        ids.dedup();
    }
    let (row, (organisation, kind, party, ended_on, area, name), ..) =
        rows.into_iter().next().ok_or(Error::NotFound)?;
    let post = Post {
        place: Place { organisation, kind, party, seat: row.seat_kind, area: row.area_code.clone() },
        closed: row.closed_on.is_some(),
        organisation_ended: ended_on.is_some(),
        exclusive: row.single_holder,
        needs_party: row.needs_party,
        needs_owner: row.needs_owner,
        needs_residence: row.needs_residence,
        routes: row.routes(),
        max_term_years: row.max_term_years,
        duty: row.duty,
        regarding: row.regarding_id,
        serving,
        suppliers: bought_from,
    };
    Ok(Seat { row, post, kind, area, name })
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = persons)]
struct Known {
    name: String,
    area_code: String,
    account_id: Option<AccountId>,
    party_status: PartyStatus,
    closed_on: Option<NaiveDate>,
}

/// The verified homes of the person that the outer query is about, below a code, on a day.
macro_rules! homes {
    ($range:expr, $on:expr) => {
        residencies::table
            .filter(residencies::person_id.eq(persons::id))
            .filter(residencies::status.eq(ResidencyStatus::Verified))
            .filter(residencies::area_code.ge($range.from.clone()).and(residencies::area_code.lt($range.to.clone())))
            .filter(residencies::valid_from.le($on))
            .filter(residencies::ended_on.is_null().or(residencies::ended_on.assume_not_null().gt($on)))
    };
}

type PersonFacts = (Known, bool, bool, bool, Option<OrganisationId>, Option<InterestRelation>);

fn person(c: &mut Conn, asked: &Asked, post: &PostRow, since: Option<NaiveDate>) -> Result<(Person, Known)> {
    let area: AreaCode = post.area_code.parse().map_err(|e: String| Error::internal(e))?;
    let (there, compound) = (Range::under(area.as_str()), Range::under(area.compound().as_str()));
    let on = asked.from.max(asked.today);
    let owns = homes!(compound, on).filter(residencies::kind.eq_any([ResidencyKind::Owner, ResidencyKind::CoOwner]));
    // A renewal rests on an election of its own, not on the one that the term before it rests on.
    let after = since.or(NaiveDate::from_ymd_opt(1900, 1, 1)).unwrap_or_default();
    let elected = electees::table
        .inner_join(elections::table)
        .filter(electees::person_id.eq(persons::id).and(electees::post_id.eq(post.id)))
        .filter(elections::held_on.le(asked.from).and(elections::held_on.gt(after)));
    let declared = declarations::person_id.eq(persons::id).and(declarations::ended_on.is_null());
    let rows: Vec<PersonFacts> = persons::table
        .left_join(declarations::table.on(declared))
        .filter(persons::id.eq(asked.person))
        .select((
            Known::as_select(),
            exists(owns),
            exists(homes!(there, on)),
            exists(elected),
            declarations::organisation_id.nullable(),
            declarations::relation.nullable(),
        ))
        .load(c)?;
    let interests = rows.iter().filter_map(|(.., organisation, relation)| organisation.zip(*relation)).collect();
    let (known, owns, lives, elected, ..) = rows.into_iter().next().ok_or(Error::NotFound)?;
    let person = Person {
        closed: known.closed_on.is_some(),
        account: known.account_id.map(|id| id.0),
        party_member: known.party_status != PartyStatus::None,
        owns,
        lives,
        elected,
        interests,
    };
    Ok((person, known))
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = appointments)]
struct HeldRow {
    id: AppointmentId,
    person_id: PersonId,
    post_id: PostId,
    status: Status,
    term_from: NaiveDate,
    last_day: Option<NaiveDate>,
    carry_over: bool,
}

type HeldFacts = (
    HeldRow,
    (SeatKind, PostDuty, Option<OrganisationId>, String),
    (OrganisationId, OrgKind, Option<PartyOrgKind>),
    Option<OrganisationId>,
);

/// What the person holds or is on the way to, and who holds the post.
fn held(c: &mut Conn, asked: &Asked) -> Result<Vec<Held>> {
    let open: Vec<Status> = [PENDING, STANDING].concat();
    let rows: Vec<HeldFacts> = appointments::table
        .inner_join(posts::table)
        .inner_join(organisations::table.on(organisations::id.eq(posts::organisation_id)))
        .left_join(contracts::table.on(serves!(asked.today)))
        .filter(appointments::status.eq_any(open))
        .filter(appointments::person_id.eq(asked.person).or(appointments::post_id.eq(asked.post)))
        .order(appointments::id)
        .select((
            HeldRow::as_select(),
            (posts::seat_kind, posts::duty, posts::regarding_id, posts::area_code),
            (organisations::id, organisations::kind, organisations::party_kind),
            contracts::company_id.nullable(),
        ))
        .load(c)?;
    Ok(rows.into_iter().map(|row| read_held(row, asked)).collect())
}

fn read_held((row, post, organisation, serving): HeldFacts, asked: &Asked) -> Held {
    let (seat, duty, regarding, area) = post;
    let (organisation, kind, party) = organisation;
    let HeldRow { id, person_id, post_id, status, term_from, last_day, carry_over } = row;
    Held {
        id,
        place: Place { organisation, kind, party, seat, area },
        same_post: post_id == asked.post,
        same_person: person_id == asked.person,
        state: crate::appointments::rules::states::state_on(status, term_from, last_day, carry_over, asked.today),
        from: term_from,
        last_day,
        carry_over,
        duty,
        regarding,
        serving,
    }
}

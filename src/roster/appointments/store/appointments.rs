//! 任职 rows: how one is read, made and changed. Which change may follow which is for `steps`.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Conn, Json, Range, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, record, record_first};
use platform::publicity::PublicityId;
use platform::rule_sets::RuleSetId;
use platform::{Error, Result};
use registry::identity::GrantId;
use serde_json::{Value, json};

use super::By;
use crate::appointments::dto::{
    AppointmentEndReason, AppointmentId, AppointmentRoute, AppointmentState, PostId, Status,
};
use crate::appointments::rules;
use crate::appointments::rules::states::state_on;
use crate::organisations::OrganisationId;
use crate::people::PersonId;
use crate::schema::appointments;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = appointments, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct AppointmentRow {
    pub id: AppointmentId,
    pub person_id: PersonId,
    pub post_id: PostId,
    pub area_code: String,
    /// As the post has it: the index that allows one holder looks here.
    pub single_holder: bool,
    pub route: AppointmentRoute,
    pub direction: Option<String>,
    pub home_appointment_id: Option<AppointmentId>,
    pub home_organisation_id: Option<OrganisationId>,
    pub renews_id: Option<AppointmentId>,
    pub legal_basis: String,
    pub term_from: NaiveDate,
    pub term_to: Option<NaiveDate>,
    /// The last day in office: of the term, or of the base post if that comes first.
    pub last_day: Option<NaiveDate>,
    pub carry_over: bool,
    pub status: Status,
    pub publicity_id: Option<PublicityId>,
    pub rule_set_id: Option<RuleSetId>,
    pub checks: Option<Json>,
    pub proposed_by: ActorId,
    pub consented_by: Option<ActorId>,
    pub consented_at: Option<Ts>,
    pub decided_by: Option<ActorId>,
    pub decided_at: Option<Ts>,
    pub note: Option<String>,
    pub ended_on: Option<NaiveDate>,
    pub end_reason: Option<AppointmentEndReason>,
    pub grant_id: Option<GrantId>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl AppointmentRow {
    pub fn state(&self, today: NaiveDate) -> AppointmentState {
        state_on(self.status, self.term_from, self.last_day, self.carry_over, today)
    }

    pub fn is_cross(&self) -> bool {
        self.home_appointment_id.is_some()
    }
}

/// An appointment, whoever asks: for rules only.
pub fn get(c: &mut Conn, id: AppointmentId) -> Result<AppointmentRow> {
    Ok(appointments::table.find(id).select(AppointmentRow::as_select()).first(c)?)
}

pub fn find(c: &mut Conn, visible: &Visible, id: AppointmentId) -> Result<AppointmentRow> {
    let row = get(c, id)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

pub fn insert_row(c: &mut Conn, row: &AppointmentRow, event: &'static str, by: &By) -> Result<()> {
    diesel::insert_into(appointments::table).values(row).execute(c).or_conflict(&rules::DUPLICATE)?;
    let data = json!({ "person_id": row.person_id, "post_id": row.post_id, "route": row.route, "status": row.status,
        "direction": row.direction, "home_appointment_id": row.home_appointment_id, "renews_id": row.renews_id,
        "term_from": row.term_from, "term_to": row.term_to });
    record_first(c, by.event("appointment", row.id, 1, event, &row.area_code, data))
}

/// Writes a changed row in the place of the one that was read: compare-and-set on its version, and the history row.
pub fn save(
    c: &mut Conn,
    before: &AppointmentRow,
    mut after: AppointmentRow,
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<AppointmentRow> {
    after.version = before.version + 1;
    after.updated_at = by.at;
    let target =
        appointments::table.filter(appointments::id.eq(before.id).and(appointments::version.eq(before.version)));
    // The indexes hold one holder and one successor of a single seat.
    let changed = diesel::update(target).set(&after).execute(c).or_conflict(&rules::SEAT_TAKEN)?;
    if changed != 1 {
        return Err(Error::Stale { current: before.version + 1 });
    }
    record(c, by.event("appointment", after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}

/// The appointments that stand or are on the way in one post.
pub fn open_in_post(c: &mut Conn, post: PostId) -> Result<Vec<AppointmentRow>> {
    open(c, |query| query.filter(appointments::post_id.eq(post)))
}

/// The same of one person.
pub fn open_of_person(c: &mut Conn, person: PersonId) -> Result<Vec<AppointmentRow>> {
    open(c, |query| query.filter(appointments::person_id.eq(person)))
}

/// Those that rest on a base post.
pub fn open_on_base(c: &mut Conn, home: AppointmentId) -> Result<Vec<AppointmentRow>> {
    open(c, |query| query.filter(appointments::home_appointment_id.eq(home)))
}

/// Those under an area whose base post is with an organisation.
pub fn open_from_home(c: &mut Conn, home: OrganisationId, area: &str) -> Result<Vec<AppointmentRow>> {
    let range = Range::under(area);
    open(c, |query| {
        query
            .filter(appointments::home_organisation_id.eq(home))
            .filter(appointments::area_code.ge(range.from).and(appointments::area_code.lt(range.to)))
    })
}

type Query = appointments::BoxedQuery<'static, platform::db::Backend>;

fn open(c: &mut Conn, narrow: impl FnOnce(Query) -> Query) -> Result<Vec<AppointmentRow>> {
    let open: Vec<Status> = [rules::states::PENDING, rules::states::STANDING].concat();
    let query = appointments::table.into_boxed::<platform::db::Backend>().filter(appointments::status.eq_any(open));
    Ok(narrow(query).order(appointments::id.asc()).select(AppointmentRow::as_select()).load(c)?)
}

//! 岗位.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::{AreaCode, Grant, Role, Visible};
use platform::db::{Backend, Conn, Json, Ts};
use platform::error::OrConflict;
use platform::history::{record, record_first};
use platform::{Error, Result, in_ranges};
use serde_json::json;

use super::{By, may_hand_on, stands, steps};
use crate::appointments::dto::{
    AppointmentEndReason, AppointmentRoute, PostDuty, PostId, PostIn, PostListing, PostQuery, SeatKind,
};
use crate::appointments::rules::{self, seats};
use crate::organisations::{self, OrgKind, OrganisationId, OrganisationRow};
use crate::schema::posts;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = posts, treat_none_as_default_value = false)]
pub struct PostRow {
    pub id: PostId,
    pub organisation_id: OrganisationId,
    pub area_code: String,
    pub seat_kind: SeatKind,
    pub seat_no: i32,
    pub title: String,
    pub voting: bool,
    pub single_holder: bool,
    pub needs_party: bool,
    pub needs_owner: bool,
    pub needs_residence: bool,
    pub routes: Json,
    pub max_term_years: i32,
    pub role: Option<Role>,
    pub duty: PostDuty,
    pub regarding_id: Option<OrganisationId>,
    pub opened_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub close_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl PostRow {
    pub fn routes(&self) -> Vec<AppointmentRoute> {
        serde_json::from_value(self.routes.0.clone()).unwrap_or_default()
    }

    /// A post as its kind of seat has it; the demo and the imports begin with this.
    pub fn fresh(
        id: PostId,
        organisation: &OrganisationRow,
        area_code: &str,
        (kind, seat_no, title): (SeatKind, i32, &str),
        opened_on: NaiveDate,
        at: Ts,
    ) -> Result<Self> {
        let seat = seats::seat(organisation.kind, organisation.party_kind, kind);
        let seat = seat.ok_or_else(|| rules::SEAT_UNFIT.at("/seat_kind"))?;
        Ok(Self {
            id,
            organisation_id: organisation.id,
            area_code: area_code.to_owned(),
            seat_kind: kind,
            seat_no,
            title: title.to_owned(),
            voting: seat.voting,
            single_holder: seat.exclusive,
            needs_party: seat.needs_party,
            needs_owner: seat.needs_owner,
            needs_residence: seat.needs_residence,
            routes: Json(json!(seat.routes)),
            max_term_years: seat.max_term_years,
            role: seat.role,
            duty: PostDuty::None,
            regarding_id: None,
            opened_on,
            closed_on: None,
            close_reason: None,
            version: 1,
            created_at: at,
            updated_at: at,
        })
    }
}

/// A post, whoever asks: for rules only.
pub fn get(c: &mut Conn, id: PostId) -> Result<PostRow> {
    Ok(posts::table.find(id).select(PostRow::as_select()).first(c)?)
}

/// A post of the caller's areas or of a body above them: which seats there are is no secret.
pub fn find(c: &mut Conn, visible: &Visible, id: PostId) -> Result<PostRow> {
    let row = get(c, id)?;
    if visible.covers(&row.area_code) || visible.lies_in(&row.area_code) { Ok(row) } else { Err(Error::NotFound) }
}

/// Posts by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<PostId>, i64),
    filter: &PostQuery,
) -> Result<Vec<PostRow>> {
    let mut query = filtered(visible, filter)?;
    if let Some(after) = after {
        query = query.filter(posts::id.gt(after));
    }
    Ok(query.order(posts::id.asc()).limit(fetch).select(PostRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &PostQuery) -> Result<i64> {
    Ok(filtered(visible, filter)?.count().get_result(c)?)
}

fn filtered(visible: &Visible, filter: &PostQuery) -> Result<posts::BoxedQuery<'static, Backend>> {
    let asked = |code: &String| filter.area.as_ref().is_none_or(|area| area.covers(code));
    let above: Vec<String> = visible.above().into_iter().filter(asked).collect();
    let visible = visible.narrow(filter.area.as_ref())?;
    let inside = in_ranges!(visible.ranges(), posts::area_code);
    let mut query = posts::table.into_boxed::<Backend>().filter(inside.or(posts::area_code.eq_any(above)));
    if let Some(organisation) = filter.organisation_id {
        query = query.filter(posts::organisation_id.eq(organisation));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(posts::seat_kind.eq(kind));
    }
    Ok(match filter.status.unwrap_or(PostListing::Open) {
        PostListing::Open => query.filter(posts::closed_on.is_null()),
        PostListing::Closed => query.filter(posts::closed_on.is_not_null()),
        PostListing::All => query,
    })
}

/// A seat as it would be opened: its organisation and its area are seen and stand, and the seat is one of theirs.
pub fn draft(c: &mut Conn, visible: &Visible, new: &PostIn, by: &By) -> Result<PostRow> {
    let organisation = organisations::find(c, visible, new.organisation_id)?;
    let area = match &new.area_code {
        Some(area) => area.clone(),
        None => organisation.area_code.parse().map_err(|e: String| Error::internal(e))?,
    };
    visible.check(area.as_str())?;
    if organisation.ended_on.is_some() {
        return Err((&rules::ORGANISATION_ENDED).into());
    }
    if new.opened_on > by.today {
        return Err(rules::IN_THE_FUTURE.at("/opened_on"));
    }
    let seat = (new.seat_kind, new.seat_no, new.title.as_str());
    let mut row = PostRow::fresh(PostId::fresh(), &organisation, area.as_str(), seat, new.opened_on, by.at)?;
    check_area(c, &organisation, new.seat_kind, &area)?;
    adjust(&mut row, new)?;
    check_size(c, &organisation, &row)?;
    if let Some(company) = row.regarding_id {
        let company = organisations::find(c, visible, company)?;
        if company.kind != OrgKind::PropertyCompany {
            return Err(rules::REGARDING.at("/regarding_id"));
        }
    }
    Ok(row)
}

/// Opens it: one of the caller's grants could have handed on the role that comes with it.
pub fn open(c: &mut Conn, row: PostRow, grants: &[Grant], by: &By) -> Result<PostRow> {
    may_hand_on(grants, row.role)?;
    insert_row(c, &row, by)?;
    Ok(row)
}

fn check_area(c: &mut Conn, organisation: &OrganisationRow, kind: SeatKind, area: &AreaCode) -> Result<()> {
    // A company has posts wherever it serves; every other body only within its own area.
    let inside = organisation.kind == OrgKind::PropertyCompany || area.as_str().starts_with(&organisation.area_code);
    if !inside || !seats::area_fits(kind, area) || !stands(c, area)? {
        return Err(rules::SEAT_AREA.at("/area_code"));
    }
    Ok(())
}

/// What the body asks for beside what the seat has by its nature: stricter, never looser.
fn adjust(row: &mut PostRow, new: &PostIn) -> Result<()> {
    if let Some(routes) = &new.routes {
        let taken = row.routes();
        if let Some(at) = routes.iter().position(|route| !taken.contains(route)) {
            return Err(rules::ROUTE_UNFIT.at(format!("/routes/{at}")));
        }
        let mut routes = routes.clone();
        routes.sort();
        routes.dedup();
        row.routes = Json(json!(routes));
    }
    if let Some(years) = new.max_term_years {
        if years > row.max_term_years {
            return Err(rules::TERM_LIMIT.at("/max_term_years"));
        }
        row.max_term_years = years;
    }
    row.voting = new.voting.unwrap_or(row.voting);
    row.single_holder |= new.single_holder.unwrap_or(false);
    row.needs_party |= new.needs_party.unwrap_or(false);
    row.needs_owner |= new.needs_owner.unwrap_or(false);
    row.needs_residence |= new.needs_residence.unwrap_or(false);
    row.duty = new.duty.unwrap_or(PostDuty::None);
    row.regarding_id = new.regarding_id;
    if (row.duty == PostDuty::None) != row.regarding_id.is_none() {
        return Err(rules::REGARDING.at("/regarding_id"));
    }
    Ok(())
}

/// 席位数: a committee has no more seats than its term says (建房〔2009〕274号 31).
fn check_size(c: &mut Conn, organisation: &OrganisationRow, row: &PostRow) -> Result<()> {
    if !matches!(organisation.kind, OrgKind::OwnersCommittee | OrgKind::SelfManagementCommittee) {
        return Ok(());
    }
    let Some(term) = organisations::current_term(c, organisation.id)? else { return Ok(()) };
    let open: i64 = posts::table
        .filter(posts::organisation_id.eq(row.organisation_id).and(posts::closed_on.is_null()))
        .count()
        .get_result(c)?;
    if open >= i64::from(term.seats) { Err(rules::SEATS_EXCEEDED.at("/seat_no")) } else { Ok(()) }
}

pub fn insert_row(c: &mut Conn, row: &PostRow, by: &By) -> Result<()> {
    diesel::insert_into(posts::table).values(row).execute(c).or_conflict(&rules::POST_TAKEN)?;
    let data = json!({ "organisation_id": row.organisation_id, "seat_kind": row.seat_kind, "seat_no": row.seat_no,
        "role": row.role, "routes": row.routes });
    record_first(c, by.event("post", row.id, 1, "post.opened", &row.area_code, data))
}

/// Closes a seat: whoever holds it or is on the way to it leaves it on that day.
pub fn close(
    c: &mut Conn,
    row: &PostRow,
    on: NaiveDate,
    reason: &str,
    why: AppointmentEndReason,
    by: &By,
) -> Result<PostRow> {
    if row.closed_on.is_some() {
        return Err((&rules::POST_CLOSED).into());
    }
    if on > by.today {
        return Err(rules::IN_THE_FUTURE.at("/on"));
    }
    if on < row.opened_on {
        return Err(rules::BEFORE_IT_BEGAN.at("/on"));
    }
    let target = posts::table.filter(posts::id.eq(row.id).and(posts::version.eq(row.version)));
    let set = (
        posts::closed_on.eq(Some(on)),
        posts::close_reason.eq(Some(reason)),
        posts::version.eq(row.version + 1),
        posts::updated_at.eq(by.at),
    );
    if diesel::update(target).set(set).execute(c)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    let data = json!({ "on": on, "reason": reason });
    record(c, by.event("post", row.id, row.version + 1, "post.closed", &row.area_code, data))?;
    steps::end_all_of_post(c, row.id, on, why, by)?;
    get(c, row.id)
}

/// The open posts of an organisation.
pub fn open_of(c: &mut Conn, organisation: OrganisationId) -> Result<Vec<PostRow>> {
    let open = posts::organisation_id.eq(organisation).and(posts::closed_on.is_null());
    Ok(posts::table.filter(open).order(posts::id).select(PostRow::as_select()).load(c)?)
}

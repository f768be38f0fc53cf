//! Who holds what, what is vacant, who must recuse, and who crosses to whom. One or two statements each, whatever the
//! page: the names and the organisations are joined in. Names leave here masked.

use chrono::NaiveDate;
use diesel::dsl::{exists, max, not};
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn};
use platform::{Result, in_ranges, text};

use super::appointments::AppointmentRow;
use super::posts::PostRow;
use crate::appointments::dto::{
    AppointmentId, AppointmentListing, AppointmentQuery, CrossingOut, NodeOut, PostId, RecusalCause, RecusalOut,
    SeatKind, Status, VacancyOut, VacancyQuery,
};
use crate::appointments::rules::states::{DECIDED, PENDING, STANDING};
use crate::organisations::{OrgKind, OrganisationId};
use crate::people::PersonId;
use crate::schema::{appointments, interest_declarations as declarations, organisations, persons, posts};

/// What a list tells of the post.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = posts)]
pub struct PostBrief {
    pub organisation_id: OrganisationId,
    pub seat_kind: SeatKind,
    pub seat_no: i32,
    pub title: String,
}

/// An appointment with its post and the masked name.
#[derive(Debug, Clone)]
pub struct Listed {
    pub row: AppointmentRow,
    pub post: PostBrief,
    pub name: String,
}

/// In office on a day: decided, begun, and neither ended nor over, unless who holds it stays on.
macro_rules! in_office {
    ($day:expr) => {
        appointments::status
            .eq_any(DECIDED)
            .and(appointments::term_from.le($day))
            .and(appointments::ended_on.is_null().or(appointments::ended_on.assume_not_null().gt($day)))
            .and(
                appointments::last_day
                    .is_null()
                    .or(appointments::last_day.assume_not_null().ge($day))
                    .or(appointments::carry_over.eq(true).and(appointments::status.ne(Status::Renewed))),
            )
    };
}
pub(super) use in_office;

/// The joined and filtered list; a macro, for the type of a boxed join has no short name.
macro_rules! filtered {
    ($visible:expr, $filter:expr, $today:expr) => {{
        let (filter, today): (&AppointmentQuery, NaiveDate) = ($filter, $today);
        let visible = $visible.narrow(filter.area.as_ref())?;
        let mut query = appointments::table
            .inner_join(posts::table)
            .inner_join(persons::table.on(persons::id.eq(appointments::person_id)))
            .into_boxed::<Backend>()
            .filter(in_ranges!(visible.ranges(), appointments::area_code));
        if let Some(organisation) = filter.organisation_id {
            query = query.filter(posts::organisation_id.eq(organisation));
        }
        if let Some(person) = filter.person_id {
            query = query.filter(appointments::person_id.eq(person));
        }
        if let Some(post) = filter.post_id {
            query = query.filter(appointments::post_id.eq(post));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(posts::seat_kind.eq(kind));
        }
        if let Some(route) = filter.route {
            query = query.filter(appointments::route.eq(route));
        }
        if let Some(direction) = &filter.direction {
            query = query.filter(appointments::direction.eq(direction.clone()));
        }
        query = match filter.cross {
            Some(true) => query.filter(appointments::home_appointment_id.is_not_null()),
            Some(false) => query.filter(appointments::home_appointment_id.is_null()),
            None => query,
        };
        if let Some(days) = filter.expiring_within {
            let last = appointments::last_day.assume_not_null();
            let soon = last.ge(today).and(last.le(today + chrono::Duration::days(days)));
            query = query.filter(appointments::last_day.is_not_null().and(soon)).filter(in_office!(today));
        }
        match filter.status.unwrap_or(AppointmentListing::InOffice) {
            AppointmentListing::InOffice => query.filter(in_office!(today)),
            AppointmentListing::Pending => {
                let to_come = appointments::status.eq_any(STANDING).and(appointments::term_from.gt(today));
                query.filter(appointments::status.eq_any(PENDING).or(to_come))
            }
            AppointmentListing::Over => {
                let undecided = appointments::status.eq_any(PENDING);
                let to_come = appointments::status.eq_any(STANDING).and(appointments::term_from.gt(today));
                query.filter(not(undecided.or(to_come))).filter(not(in_office!(today)))
            }
            AppointmentListing::All => query,
        }
    }};
}

/// Open posts that nobody holds.
macro_rules! vacant {
    ($visible:expr, $filter:expr, $today:expr) => {{
        let today: NaiveDate = $today;
        let holder = appointments::table.filter(appointments::post_id.eq(posts::id)).filter(in_office!(today));
        let mut query = posts::table
            .into_boxed::<Backend>()
            .filter(in_ranges!($visible.ranges(), posts::area_code))
            .filter(posts::closed_on.is_null().and(posts::opened_on.le(today)))
            .filter(not(exists(holder)));
        if let Some(organisation) = $filter.organisation_id {
            query = query.filter(posts::organisation_id.eq(organisation));
        }
        if let Some(kind) = $filter.kind {
            query = query.filter(posts::seat_kind.eq(kind));
        }
        query
    }};
}

type Joined = (AppointmentRow, PostBrief, String);

fn listed((row, post, name): Joined) -> Listed {
    Listed { row, post, name: text::mask_name(&name) }
}

/// Appointments by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<AppointmentId>, i64),
    filter: &AppointmentQuery,
    today: NaiveDate,
) -> Result<Vec<Listed>> {
    let mut query = filtered!(visible, filter, today);
    if let Some(after) = after {
        query = query.filter(appointments::id.gt(after));
    }
    let rows: Vec<Joined> = query
        .order(appointments::id.asc())
        .limit(fetch)
        .select((AppointmentRow::as_select(), PostBrief::as_select(), persons::name))
        .load(c)?;
    Ok(rows.into_iter().map(listed).collect())
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &AppointmentQuery, today: NaiveDate) -> Result<i64> {
    Ok(filtered!(visible, filter, today).count().get_result(c)?)
}

/// One appointment with its post and the masked name.
pub fn find(c: &mut Conn, visible: &Visible, id: AppointmentId) -> Result<Listed> {
    let row: Joined = appointments::table
        .inner_join(posts::table)
        .inner_join(persons::table.on(persons::id.eq(appointments::person_id)))
        .filter(appointments::id.eq(id))
        .select((AppointmentRow::as_select(), PostBrief::as_select(), persons::name))
        .first(c)?;
    visible.check(&row.0.area_code)?;
    Ok(listed(row))
}

/// 空缺: open posts that nobody holds, and since when.
pub fn vacancies(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<PostId>, i64),
    filter: &VacancyQuery,
    today: NaiveDate,
) -> Result<Vec<VacancyOut>> {
    let visible = visible.narrow(filter.area.as_ref())?;
    let mut query = vacant!(visible, filter, today);
    if let Some(after) = after {
        query = query.filter(posts::id.gt(after));
    }
    let last_ended = appointments::table
        .filter(appointments::post_id.eq(posts::id))
        .select(max(appointments::ended_on))
        .single_value();
    // What has lapsed and has not been settled yet ended on the day after its last.
    let last_lapsed = appointments::table
        .filter(appointments::post_id.eq(posts::id).and(appointments::status.eq_any(STANDING)))
        .filter(appointments::last_day.lt(today))
        .select(max(appointments::last_day))
        .single_value();
    let rows: Vec<(PostRow, Option<NaiveDate>, Option<NaiveDate>)> =
        query.order(posts::id.asc()).limit(fetch).select((PostRow::as_select(), last_ended, last_lapsed)).load(c)?;
    Ok(rows.into_iter().map(|row| vacancy(row, today)).collect())
}

pub fn count_vacancies(c: &mut Conn, visible: &Visible, filter: &VacancyQuery, today: NaiveDate) -> Result<i64> {
    let visible = visible.narrow(filter.area.as_ref())?;
    Ok(vacant!(visible, filter, today).count().get_result(c)?)
}

fn vacancy((post, ended, lapsed): (PostRow, Option<NaiveDate>, Option<NaiveDate>), today: NaiveDate) -> VacancyOut {
    let lapsed = lapsed.map(|last| last + chrono::Duration::days(1));
    let since = ended.into_iter().chain(lapsed).max().unwrap_or(post.opened_on).max(post.opened_on);
    VacancyOut {
        post_id: post.id,
        organisation_id: post.organisation_id,
        area_code: post.area_code,
        seat_kind: post.seat_kind,
        seat_no: post.seat_no,
        title: post.title,
        vacant_since: since,
        days_vacant: (today - since).num_days().max(0),
    }
}

/// 回避: who must not vote where this organisation is the object — whose base post is there, who sits there, and who has
/// declared an interest in it (governance b2). For the meetings and ratings of later wings.
pub fn recusals(
    c: &mut Conn,
    visible: &Visible,
    organisation: OrganisationId,
    on: NaiveDate,
) -> Result<Vec<RecusalOut>> {
    type Bound = (PersonId, String, AppointmentId, OrganisationId);
    let bound: Vec<Bound> = appointments::table
        .inner_join(posts::table)
        .inner_join(persons::table.on(persons::id.eq(appointments::person_id)))
        .into_boxed::<Backend>()
        .filter(in_ranges!(visible.ranges(), appointments::area_code))
        .filter(
            posts::organisation_id.nullable().eq(organisation).or(appointments::home_organisation_id.eq(organisation)),
        )
        .filter(in_office!(on))
        .order(appointments::id)
        .select((persons::id, persons::name, appointments::id, posts::organisation_id))
        .load(c)?;
    let declared: Vec<(PersonId, String)> = declarations::table
        .inner_join(persons::table.on(persons::id.eq(declarations::person_id)))
        .into_boxed::<Backend>()
        .filter(in_ranges!(visible.ranges(), declarations::area_code))
        .filter(declarations::organisation_id.eq(organisation).and(declarations::declared_on.le(on)))
        .filter(declarations::ended_on.is_null().or(declarations::ended_on.assume_not_null().gt(on)))
        .order(declarations::id)
        .select((persons::id, persons::name))
        .load(c)?;
    let bound = bound.into_iter().map(|(person_id, name, id, of)| RecusalOut {
        person_id,
        person_name: text::mask_name(&name),
        cause: if of == organisation { RecusalCause::Post } else { RecusalCause::HomePost },
        appointment_id: Some(id),
    });
    let declared = declared.into_iter().map(|(person_id, name)| RecusalOut {
        person_id,
        person_name: text::mask_name(&name),
        cause: RecusalCause::Declared,
        appointment_id: None,
    });
    Ok(bound.chain(declared).collect())
}

/// 双向图: the cross-appointments in office below an area, and the organisations at their ends. Two statements.
pub fn graph(c: &mut Conn, visible: &Visible, on: NaiveDate) -> Result<(Vec<NodeOut>, Vec<CrossingOut>)> {
    let crossings: Vec<Ends> = appointments::table
        .inner_join(posts::table)
        .into_boxed::<Backend>()
        .filter(in_ranges!(visible.ranges(), appointments::area_code))
        .filter(appointments::home_appointment_id.is_not_null())
        .filter(in_office!(on))
        .order(appointments::id)
        .select((
            appointments::id,
            appointments::home_organisation_id,
            posts::organisation_id,
            appointments::direction,
            posts::seat_kind,
            appointments::area_code,
        ))
        .load(c)?;
    let edges: Vec<CrossingOut> = crossings.into_iter().filter_map(edge).collect();
    let mut ids: Vec<OrganisationId> = edges.iter().flat_map(|edge| [edge.from, edge.to]).collect();
    ids.sort();
    ids.dedup();
    let nodes: Vec<(OrganisationId, OrgKind, String, String)> = organisations::table
        .filter(organisations::id.eq_any(ids))
        .order(organisations::id)
        .select((organisations::id, organisations::kind, organisations::name, organisations::area_code))
        .load(c)?;
    let nodes = nodes.into_iter().map(|(id, kind, name, area_code)| NodeOut { id, kind, name, area_code }).collect();
    Ok((nodes, edges))
}

type Ends = (AppointmentId, Option<OrganisationId>, OrganisationId, Option<String>, SeatKind, String);

fn edge((appointment_id, from, to, direction, seat_kind, area_code): Ends) -> Option<CrossingOut> {
    Some(CrossingOut { appointment_id, from: from?, to, direction: direction?, seat_kind, area_code })
}

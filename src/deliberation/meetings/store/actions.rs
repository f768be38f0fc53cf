//! 行动项: who does what by when. Their steps are in [`super::action_steps`].

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::{AreaCode, AreaLevel};
use platform::db::{Backend, Conn, Json, Range, Ts};
use platform::history::{ActorId, record_first};
use platform::{Error, Result, in_ranges};
use roster::organisations::{self, OrganisationId};
use roster::people::PersonId;
use serde_json::json;
use uuid::Uuid;

use super::By;
use super::attendance::is_person;
use super::resolutions::ResolutionRow;
use super::rows::ItemSourceId;
use super::sight::{Sight, find as find_meeting};
use crate::meetings::dto::{
    ActionIn, ActionItemId, ActionQuery, ActionStatus, Level, MeetingId, ResolutionId, ResolutionStatus, SourceKind,
};
use crate::meetings::rules::{ACTION_OWNER, DUE_PAST, OWNER_UNKNOWN, RESOLUTION_OVER};
use crate::names::organisation_names;
use crate::schema::{action_items as actions, agenda_items as items, resolutions as decided};

/// The entity of an action item's events.
pub const ENTITY: &str = "action_item";
/// Not handed in yet.
pub const WAITING: &[ActionStatus] =
    &[ActionStatus::Assigned, ActionStatus::Returned, ActionStatus::Accepted, ActionStatus::Doing];
/// Not over yet.
pub const OPEN: &[ActionStatus] = &[
    ActionStatus::Assigned,
    ActionStatus::Returned,
    ActionStatus::Accepted,
    ActionStatus::Doing,
    ActionStatus::Submitted,
    ActionStatus::Verified,
];

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = actions, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ActionRow {
    pub id: ActionItemId,
    pub resolution_id: ResolutionId,
    pub meeting_id: MeetingId,
    pub area_code: String,
    pub title: String,
    pub body: Option<String>,
    pub weight: i32,
    pub owner_org_id: OrganisationId,
    pub owner_person_id: Option<PersonId>,
    pub co_orgs: Json,
    pub due_on: NaiveDate,
    pub progress: i32,
    pub status: ActionStatus,
    pub status_reason: Option<String>,
    pub returns: i32,
    pub level: Level,
    pub escalated_at: Option<Ts>,
    pub evidence: Option<String>,
    pub submitted_by: Option<ActorId>,
    pub submitted_at: Option<Ts>,
    pub submitted_on: Option<NaiveDate>,
    pub verified_by: Option<ActorId>,
    pub verified_at: Option<Ts>,
    pub closed_at: Option<Ts>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// Where an action item comes from, and the name of whoever answers for it.
#[derive(Debug, Clone)]
pub struct Origin {
    pub resolution_number: String,
    pub source_kind: Option<SourceKind>,
    pub source_id: Option<Uuid>,
    pub owner_name: String,
}

type Joined = (ActionRow, (String, i32, i32), (Option<SourceKind>, Option<ItemSourceId>), String);

fn told((row, (area, year, serial), (source_kind, source_id), owner_name): Joined) -> (ActionRow, Origin) {
    let resolution_number = format!("{area}-{year}-{serial:03}");
    (row, Origin { resolution_number, source_kind, source_id: source_id.map(|id| id.0), owner_name })
}

/// The joined list; a macro, for the type of a boxed join has no short name.
macro_rules! joined {
    () => {
        actions::table
            .inner_join(decided::table)
            .inner_join(items::table.on(items::id.eq(decided::item_id)))
            .inner_join(organisation_names::table.on(organisation_names::id.eq(actions::owner_org_id)))
    };
}

/// What a row tells, in one statement.
macro_rules! columns {
    () => {
        (
            ActionRow::as_select(),
            (decided::area_code, decided::year, decided::serial),
            (items::source_kind, items::source_id),
            organisation_names::name,
        )
    };
}

/// 督办层级 at first: of the place that the meeting was about.
fn level_of(area: &str) -> Result<Level> {
    let area: AreaCode = area.parse().map_err(Error::internal)?;
    Ok(match area.level() {
        AreaLevel::Community => Level::Community,
        AreaLevel::Street => Level::Street,
        level if level < AreaLevel::Street => Level::District,
        _ => Level::Branch,
    })
}

/// 交办, under a resolution that was adopted or is in force.
pub fn assign(c: &mut Conn, of: &ResolutionRow, new: &ActionIn, by: &By) -> Result<ActionRow> {
    if !matches!(of.status, ResolutionStatus::Adopted | ResolutionStatus::Effective | ResolutionStatus::InExecution) {
        return Err((&RESOLUTION_OVER).into());
    }
    if new.due_on < by.today {
        return Err(DUE_PAST.at("/due_on"));
    }
    check_organisation(c, new.owner_org_id, "/owner_org_id")?;
    if let Some(person) = new.owner_person_id
        && !is_person(c, person)?
    {
        return Err(OWNER_UNKNOWN.at("/owner_person_id"));
    }
    for (at, id) in new.co_orgs.iter().enumerate() {
        check_organisation(c, *id, &format!("/co_orgs/{at}"))?;
    }
    let ActionIn { title, body, weight, owner_org_id, owner_person_id, co_orgs, due_on } = new.clone();
    let row = ActionRow {
        id: ActionItemId::fresh(),
        resolution_id: of.id,
        meeting_id: of.meeting_id,
        area_code: of.area_code.clone(),
        title,
        body,
        weight,
        owner_org_id,
        owner_person_id,
        co_orgs: Json(json!(co_orgs)),
        due_on,
        progress: 0,
        status: ActionStatus::Assigned,
        status_reason: None,
        returns: 0,
        level: level_of(&of.area_code)?,
        escalated_at: None,
        evidence: None,
        submitted_by: None,
        submitted_at: None,
        submitted_on: None,
        verified_by: None,
        verified_at: None,
        closed_at: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_row(c, &row, by)?;
    Ok(row)
}

pub fn insert_row(c: &mut Conn, row: &ActionRow, by: &By) -> Result<()> {
    diesel::insert_into(actions::table).values(row).execute(c)?;
    let data = json!({ "resolution_id": row.resolution_id, "owner_org_id": row.owner_org_id, "due_on": row.due_on });
    record_first(c, by.event(ENTITY, row.id, 1, "action_item.assigned", &row.area_code, data))
}

pub fn check_organisation(c: &mut Conn, id: OrganisationId, pointer: &str) -> Result<()> {
    let stands = organisations::get(c, id)?.is_some_and(|row| row.ended_on.is_none());
    if stands { Ok(()) } else { Err(OWNER_UNKNOWN.at(pointer)) }
}

/// An action item with where it comes from, that the caller sees: of a meeting that they see, or for an organisation of
/// theirs to do.
pub fn find(c: &mut Conn, sight: &Sight, id: ActionItemId) -> Result<(ActionRow, Origin)> {
    let row: Joined = joined!().filter(actions::id.eq(id)).select(columns!()).first(c)?;
    match find_meeting(c, sight, row.0.meeting_id) {
        Ok(_) => Ok(told(row)),
        Err(Error::NotFound) if sight.organisations(c)?.contains(&row.0.owner_org_id) => Ok(told(row)),
        Err(error) => Err(error),
    }
}

/// Whether the caller acts for the organisation that is responsible.
pub fn check_owner(c: &mut Conn, sight: &Sight, row: &ActionRow) -> Result<()> {
    if sight.organisations(c)?.contains(&row.owner_org_id) { Ok(()) } else { Err((&ACTION_OWNER).into()) }
}

/// Whether a resolution has something for an organisation of the caller's to do.
pub fn has_something_for(c: &mut Conn, sight: &Sight, of: ResolutionId) -> Result<bool> {
    let acted_for = sight.organisations(c)?;
    let own = actions::resolution_id.eq(of).and(actions::owner_org_id.eq_any(acted_for));
    let n: i64 = actions::table.filter(own).count().get_result(c)?;
    Ok(n > 0)
}

/// The action items of some resolutions, in one statement.
pub fn of_resolutions(c: &mut Conn, ids: &[ResolutionId]) -> Result<HashMap<ResolutionId, Vec<(ActionRow, Origin)>>> {
    let rows: Vec<Joined> =
        joined!().filter(actions::resolution_id.eq_any(ids)).order(actions::id).select(columns!()).load(c)?;
    let mut of: HashMap<ResolutionId, Vec<(ActionRow, Origin)>> = HashMap::new();
    rows.into_iter().map(told).for_each(|row| of.entry(row.0.resolution_id).or_default().push(row));
    Ok(of)
}

/// The joined list of what the caller sees; a macro, for the type of a boxed join has no short name.
macro_rules! filtered {
    ($c:expr, $sight:expr, $filter:expr, $today:expr) => {{
        let (filter, today): (&ActionQuery, NaiveDate) = ($filter, $today);
        let acted_for = $sight.organisations($c)?;
        let seen = in_ranges!($sight.areas.ranges(), actions::area_code).or(actions::owner_org_id.eq_any(acted_for));
        let mut query = joined!().into_boxed::<Backend>().filter(seen);
        if let Some(area) = &filter.area {
            query = query.filter(in_ranges!([Range::under(area.as_str())], actions::area_code));
        }
        if let Some(status) = filter.status {
            query = query.filter(actions::status.eq(status));
        }
        if let Some(resolution) = filter.resolution_id {
            query = query.filter(actions::resolution_id.eq(resolution));
        }
        if let Some(owner) = filter.owner_org_id {
            query = query.filter(actions::owner_org_id.eq(owner));
        }
        let late = actions::status.eq_any(WAITING).and(actions::due_on.lt(today));
        match filter.overdue {
            Some(true) => query.filter(late),
            Some(false) => query.filter(diesel::dsl::not(late)),
            None => query,
        }
    }};
}

/// Action items by id, oldest first.
pub fn list(
    c: &mut Conn,
    sight: &Sight,
    (after, fetch): (Option<ActionItemId>, i64),
    filter: &ActionQuery,
    today: NaiveDate,
) -> Result<Vec<(ActionRow, Origin)>> {
    let mut query = filtered!(c, sight, filter, today);
    if let Some(after) = after {
        query = query.filter(actions::id.gt(after));
    }
    let rows: Vec<Joined> = query.order(actions::id.asc()).limit(fetch).select(columns!()).load(c)?;
    Ok(rows.into_iter().map(told).collect())
}

pub fn count(c: &mut Conn, sight: &Sight, filter: &ActionQuery, today: NaiveDate) -> Result<i64> {
    Ok(filtered!(c, sight, filter, today).count().get_result(c)?)
}

/// Those that are not over.
pub fn open_of(c: &mut Conn, of: ResolutionId) -> Result<i64> {
    let open = actions::resolution_id.eq(of).and(actions::status.eq_any(OPEN));
    Ok(actions::table.filter(open).count().get_result(c)?)
}

/// Those that nobody has verified.
pub fn unverified_of(c: &mut Conn, of: ResolutionId) -> Result<i64> {
    let open = actions::resolution_id.eq(of).and(actions::status.eq_any(OPEN));
    let open = open.and(actions::status.ne(ActionStatus::Verified));
    Ok(actions::table.filter(open).count().get_result(c)?)
}

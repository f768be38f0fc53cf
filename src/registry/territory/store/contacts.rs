//! 包抓/包联: who answers for a grid or a compound.

use chrono::NaiveDate;
use diesel::prelude::*;
use platform::auth::Visible;
use platform::db::{Backend, Conn, Range, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, record, record_first};
use platform::{Error, Result, in_ranges};
use serde_json::{Value, json};

use super::{By, whole};
use crate::identity;
use crate::schema::contact_assignments as contacts;
use crate::territory::dto::{
    AssignmentId, AssignmentIn, AssignmentKind, AssignmentOut, AssignmentPatch, AssignmentQuery, CompoundId, GridId,
    Lifecycle,
};
use crate::territory::rules;
use crate::territory::store::{compounds, grids};

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = contacts, treat_none_as_default_value = false)]
pub struct AssignmentRow {
    pub id: AssignmentId,
    pub kind: AssignmentKind,
    pub grid_id: Option<GridId>,
    pub compound_id: Option<CompoundId>,
    pub area_code: String,
    pub assignee: String,
    pub title: Option<String>,
    pub account_id: Option<ActorId>,
    pub hard_spot: bool,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub ended_on: Option<NaiveDate>,
    pub end_reason: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

pub fn find(c: &mut Conn, visible: &Visible, id: AssignmentId) -> Result<AssignmentRow> {
    let row: AssignmentRow = contacts::table.find(id).select(AssignmentRow::as_select()).first(c)?;
    visible.check(&row.area_code)?;
    Ok(row)
}

/// Assignments by id, oldest first.
pub fn list(
    c: &mut Conn,
    visible: &Visible,
    (after, fetch): (Option<AssignmentId>, i64),
    filter: &AssignmentQuery,
    today: NaiveDate,
) -> Result<Vec<AssignmentRow>> {
    let mut query = filtered(visible.ranges(), filter, today);
    if let Some(after) = after {
        query = query.filter(contacts::id.gt(after));
    }
    Ok(query.order(contacts::id.asc()).limit(fetch).select(AssignmentRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, visible: &Visible, filter: &AssignmentQuery, today: NaiveDate) -> Result<i64> {
    Ok(filtered(visible.ranges(), filter, today).count().get_result(c)?)
}

fn filtered(ranges: Vec<Range>, filter: &AssignmentQuery, today: NaiveDate) -> contacts::BoxedQuery<'static, Backend> {
    let mut query = contacts::table.into_boxed::<Backend>().filter(in_ranges!(ranges, contacts::area_code));
    if let Some(kind) = filter.kind {
        query = query.filter(contacts::kind.eq(kind));
    }
    if let Some(hard_spot) = filter.hard_spot {
        query = query.filter(contacts::hard_spot.eq(hard_spot));
    }
    let run_out = contacts::valid_to.is_not_null().and(contacts::valid_to.assume_not_null().lt(today));
    match filter.status.unwrap_or(Lifecycle::Open) {
        Lifecycle::Open => query.filter(contacts::ended_on.is_null()).filter(diesel::dsl::not(run_out)),
        Lifecycle::Closed => query.filter(contacts::ended_on.is_not_null().or(run_out)),
        Lifecycle::All => query,
    }
}

pub fn insert(c: &mut Conn, visible: &Visible, new: &AssignmentIn, by: &By) -> Result<AssignmentRow> {
    let area_code = match (new.grid_id, new.compound_id) {
        (Some(grid), None) => {
            let row = grids::find(c, visible, grid)?;
            if row.valid_to.is_some() { Err(&rules::ALREADY_CLOSED) } else { Ok(row.code) }
        }
        (None, Some(compound)) => {
            let row = compounds::find(c, visible, compound)?;
            if row.closed_on.is_some() { Err(&rules::ALREADY_CLOSED) } else { Ok(row.area_code) }
        }
        _ => return Err(rules::ONE_TARGET.at("/grid_id")),
    }?;
    if new.valid_to.is_some_and(|end| end < new.valid_from) {
        return Err(rules::PERIOD.at("/valid_to"));
    }
    if let Some(account) = new.account_id
        && !identity::account_exists(c, account)?
    {
        return Err(rules::ACCOUNT_UNKNOWN.at("/account_id"));
    }
    let AssignmentIn { kind, grid_id, compound_id, assignee, title, account_id, hard_spot, valid_from, valid_to } =
        new.clone();
    let row = AssignmentRow {
        id: AssignmentId::fresh(),
        kind,
        grid_id,
        compound_id,
        area_code,
        assignee,
        title,
        account_id: account_id.map(ActorId),
        hard_spot,
        valid_from,
        valid_to,
        ended_on: None,
        end_reason: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    insert_row(c, &row, by)?;
    Ok(row)
}

pub fn insert_row(c: &mut Conn, row: &AssignmentRow, by: &By) -> Result<()> {
    diesel::insert_into(contacts::table).values(row).execute(c).or_conflict(&rules::ASSIGNMENT_TAKEN)?;
    let data = unnamed(row.kind, whole(AssignmentOut::from(row.clone()))?);
    record_first(c, by.event("contact_assignment", row.id, 1, "contact.assigned", &row.area_code, data))
}

/// Not a person's name: history outlives what somebody may ask to have removed. Who it was, their account's id tells.
fn unnamed(kind: AssignmentKind, mut data: Value) -> Value {
    if kind != AssignmentKind::Department
        && let Some(members) = data.as_object_mut()
    {
        members.remove("assignee");
    }
    data
}

/// Corrects an assignment that stands.
pub fn update(c: &mut Conn, row: &AssignmentRow, patch: &AssignmentPatch, by: &By) -> Result<AssignmentRow> {
    if row.ended_on.is_some() {
        return Err((&rules::ALREADY_CLOSED).into());
    }
    let AssignmentPatch { assignee, title, hard_spot, valid_to } = patch.clone();
    let valid_to = valid_to.unwrap_or(row.valid_to);
    if valid_to.is_some_and(|end| end < row.valid_from) {
        return Err(rules::PERIOD.at("/valid_to"));
    }
    let target = diesel::update(contacts::table).filter(contacts::id.eq(row.id).and(contacts::version.eq(row.version)));
    let set = (
        contacts::assignee.eq(assignee.unwrap_or_else(|| row.assignee.clone())),
        contacts::title.eq(title.unwrap_or_else(|| row.title.clone())),
        contacts::hard_spot.eq(hard_spot.unwrap_or(row.hard_spot)),
        contacts::valid_to.eq(valid_to),
        contacts::version.eq(row.version + 1),
        contacts::updated_at.eq(by.at),
    );
    if target.set(set).execute(c).or_conflict(&rules::ASSIGNMENT_TAKEN)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    let data = unnamed(row.kind, serde_json::to_value(patch).map_err(Error::internal)?);
    record(c, by.event("contact_assignment", row.id, row.version + 1, "contact.changed", &row.area_code, data))?;
    find(c, &Visible::everything(), row.id)
}

pub fn end(c: &mut Conn, row: &AssignmentRow, on: NaiveDate, reason: &str, by: &By) -> Result<AssignmentRow> {
    rules::may_close(row.valid_from, row.ended_on, on, by.today)?;
    set_ended(c, row, on, reason, by)?;
    find(c, &Visible::everything(), row.id)
}

fn set_ended(c: &mut Conn, row: &AssignmentRow, on: NaiveDate, reason: &str, by: &By) -> Result<()> {
    let target = diesel::update(contacts::table).filter(contacts::id.eq(row.id).and(contacts::version.eq(row.version)));
    let set = (
        contacts::ended_on.eq(Some(on)),
        contacts::end_reason.eq(Some(reason)),
        contacts::version.eq(row.version + 1),
        contacts::updated_at.eq(by.at),
    );
    if target.set(set).execute(c)? != 1 {
        return Err(Error::Stale { current: row.version + 1 });
    }
    let data = json!({ "on": on, "reason": reason });
    record(c, by.event("contact_assignment", row.id, row.version + 1, "contact.ended", &row.area_code, data))
}

/// Ends what stands for a grid or a compound that is closed; one that would begin later ends before it has begun.
pub fn end_all(c: &mut Conn, of: Place, on: NaiveDate, reason: &str, by: &By) -> Result<()> {
    let standing = contacts::table.filter(contacts::ended_on.is_null()).into_boxed::<Backend>();
    let standing = match of {
        Place::Grid(id) => standing.filter(contacts::grid_id.eq(id)),
        Place::Compound(id) => standing.filter(contacts::compound_id.eq(id)),
    };
    let rows: Vec<AssignmentRow> = standing.select(AssignmentRow::as_select()).load(c)?;
    rows.iter().try_for_each(|row| set_ended(c, row, on.max(row.valid_from), reason, by))
}

/// What an assignment is for.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    Grid(GridId),
    Compound(CompoundId),
}

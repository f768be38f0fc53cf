//! 延期: asked for before the due date, once, and decided by the next tier. Nothing else moves a due date.

use diesel::prelude::*;
use platform::db::{Conn, Ts};
use platform::error::OrConflict;
use platform::history::{ActorId, By};
use platform::{Error, Result, id, text_enum};
use serde_json::json;

use super::change::{hold, permit, write};
use super::clocks::{after, calendar_at, put, running};
use super::comments::{self, Audience, StandsFor};
use super::rows::CaseRow;
use super::sight::Sight;
use super::steps::handling;
use crate::cases::dto::{CaseId, ClockKind, ClockMode, ExtensionIn, Status};
use crate::cases::rules::machine::Party;
use crate::cases::rules::{
    EXTENDED_ALREADY, EXTENSION_LATE, EXTENSION_TOO_LONG, NOT_REQUESTED, OWN_REQUEST, Step, WRONG_STATE,
};
use crate::schema::case_extensions as extensions;

id!(
    /// 延期编号
    ExtensionId
);

text_enum! {
    /// 延期状态
    ExtensionStatus {
        /// 待批准
        Requested = "requested",
        /// 已批准
        Approved = "approved",
        /// 未批准
        Refused = "refused",
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = extensions, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ExtensionRow {
    pub id: ExtensionId,
    pub case_id: CaseId,
    pub area_code: String,
    pub status: ExtensionStatus,
    pub working_days: i32,
    pub reason: String,
    pub old_due_at: Ts,
    pub new_due_at: Option<Ts>,
    pub requested_by: ActorId,
    pub requested_at: Ts,
    pub decided_by: Option<ActorId>,
    pub decided_at: Option<Ts>,
    pub decision_note: Option<String>,
    pub version: i32,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// Where there is still a date to move: behind the end of the work there is none.
const MOVABLE: &[Status] =
    &[Status::Dispatched, Status::Returned, Status::Signed, Status::InProgress, Status::Suspended];

pub fn of_case(c: &mut Conn, case: CaseId) -> Result<Vec<ExtensionRow>> {
    let rows = extensions::table.filter(extensions::case_id.eq(case)).order(extensions::id.asc());
    Ok(rows.select(ExtensionRow::as_select()).load(c)?)
}

pub fn find(c: &mut Conn, case: CaseId, id: ExtensionId) -> Result<ExtensionRow> {
    let one = extensions::table.find(id).filter(extensions::case_id.eq(case));
    Ok(one.select(ExtensionRow::as_select()).first(c)?)
}

pub fn request(c: &mut Conn, sight: &Sight, row: &CaseRow, body: &ExtensionIn, by: &By) -> Result<ExtensionRow> {
    permit(sight, row, Step::Finish)?;
    let old_due_at = row.due_at.filter(|due| *due > by.at).ok_or_else(|| Error::from(&EXTENSION_LATE))?;
    if body.working_days > handling(c, row, by)?.max_extension_days {
        return Err(EXTENSION_TOO_LONG.at("/working_days"));
    }
    let extension = ExtensionRow {
        id: ExtensionId::fresh(),
        case_id: row.id,
        area_code: row.area_code.clone(),
        status: ExtensionStatus::Requested,
        working_days: body.working_days,
        reason: body.reason.clone(),
        old_due_at,
        new_due_at: None,
        requested_by: ActorId(sight.account.0),
        requested_at: by.at,
        decided_by: None,
        decided_at: None,
        decision_note: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(extensions::table).values(&extension).execute(c).or_conflict(&EXTENDED_ALREADY)?;
    write(c, row, row.clone(), "case.extension_requested", json!({ "working_days": body.working_days }), by)?;
    Ok(extension)
}

/// 批准或不批准. An approval moves the due date by whole working days, and the reporter is told.
pub fn decide(
    c: &mut Conn,
    sight: &Sight,
    row: &CaseRow,
    asked: &ExtensionRow,
    (approved, note): (bool, Option<&str>),
    by: &By,
) -> Result<()> {
    sight.stands(Party::Above, row)?;
    if !MOVABLE.contains(&row.status) {
        return Err((&WRONG_STATE).into());
    }
    if asked.status != ExtensionStatus::Requested {
        return Err((&NOT_REQUESTED).into());
    }
    if asked.requested_by.0 == sight.account.0 {
        return Err((&OWN_REQUEST).into());
    }
    hold(c, row)?;
    let new_due_at = if approved { Some(later(c, row, asked)?) } else { None };
    let decided = ExtensionRow {
        status: if approved { ExtensionStatus::Approved } else { ExtensionStatus::Refused },
        new_due_at,
        decided_by: Some(ActorId(sight.account.0)),
        decided_at: Some(by.at),
        decision_note: note.map(str::to_owned),
        version: asked.version + 1,
        updated_at: by.at,
        ..asked.clone()
    };
    let target = extensions::table.filter(extensions::id.eq(asked.id).and(extensions::version.eq(asked.version)));
    if diesel::update(target).set(&decided).execute(c)? != 1 {
        return Err(Error::Stale { current: asked.version + 1 });
    }
    let Some(due) = new_due_at else {
        write(c, row, row.clone(), "case.extension_refused", json!({}), by)?;
        return Ok(());
    };
    move_resolve(c, row, due, by)?;
    let told = format!("办理期限延长{}个工作日。", asked.working_days);
    comments::add(c, row, (StandsFor::System, Audience::Parties), &told, &By { actor: None, ..*by })?;
    let data = json!({ "working_days": asked.working_days });
    write(c, row, CaseRow { due_at: Some(due), ..row.clone() }, "case.extended", data, by)?;
    Ok(())
}

/// So many working days behind the date that stands now, which a pause may have moved since it was asked.
fn later(c: &mut Conn, row: &CaseRow, asked: &ExtensionRow) -> Result<Ts> {
    let due = row.due_at.unwrap_or(asked.old_due_at);
    let calendar = calendar_at(c, &row.area_code, due)?;
    after(&calendar, ClockMode::Working, due, i64::from(asked.working_days) * calendar.day_minutes())
}

fn move_resolve(c: &mut Conn, row: &CaseRow, due: Ts, by: &By) -> Result<()> {
    let Some(mut clock) = running(c, row.id)?.into_iter().find(|clock| clock.clock == ClockKind::Resolve) else {
        return Ok(());
    };
    let calendar = calendar_at(c, &row.area_code, due)?;
    let minutes = i64::from(clock.budget_minutes);
    // As far ahead of the new date as they were of the old one.
    let ahead = |minutes: i64, old: Ts| match clock.mode {
        ClockMode::Wall => due.plus(-chrono::Duration::minutes(minutes)),
        ClockMode::Working => calendar.before(due, minutes).unwrap_or(old),
    };
    let (half, warn) = (ahead(minutes - minutes / 2, clock.half_at), ahead(minutes - minutes * 4 / 5, clock.warn_at));
    (clock.half_at, clock.warn_at, clock.due_at) = (half, warn, due);
    put(c, clock, row, by)
}

//! The steps of an action item, and the level that late ones go up to.

use diesel::prelude::*;
use platform::db::Conn;
use platform::history::{ActorId, record};
use platform::{Error, Result};
use serde_json::{Value, json};

use super::actions::{ActionRow, ENTITY, OPEN, WAITING, check_organisation, open_of};
use super::resolutions::{self, ResolutionRow};
use super::{By, no_longer};
use crate::meetings::dto::{ActionStatus, Level, ReassignIn, ResolutionId, ResolutionStatus};
use crate::meetings::rules::resolutions::{above, may_act, may_return, may_verify, overseers};
use crate::meetings::rules::{DUE_PAST, RESOLUTION_OVER};
use crate::notices;
use crate::schema::action_items as actions;

/// Items looked at in one run of the sweeper.
const PER_RUN: i64 = 200;

/// Takes back what a resolution that no longer stands had asked for.
pub fn cancel_all(c: &mut Conn, of: ResolutionId, why: &str, by: &By) -> Result<()> {
    let open = actions::resolution_id.eq(of).and(actions::status.eq_any(OPEN));
    let open = open.and(actions::status.ne(ActionStatus::Verified));
    let rows: Vec<ActionRow> = actions::table.filter(open).select(ActionRow::as_select()).load(c)?;
    for row in rows {
        let after = ActionRow { status: ActionStatus::Cancelled, status_reason: Some(why.to_owned()), ..row.clone() };
        save(c, &row, after, "action_item.cancelled", json!({}), by)?;
    }
    Ok(())
}

/// The first step of an item is also one of its resolution, which has to be in force.
fn begin(c: &mut Conn, row: &ActionRow, by: &By) -> Result<()> {
    let of = resolutions::get(c, row.resolution_id)?;
    match of.status {
        ResolutionStatus::InExecution => Ok(()),
        ResolutionStatus::Effective => {
            let after = ResolutionRow { status: ResolutionStatus::InExecution, ..of.clone() };
            resolutions::save(c, &of, after, "resolution.in_execution", json!({}), by)?;
            Ok(())
        }
        _ => Err((&RESOLUTION_OVER).into()),
    }
}

/// 接受
pub fn accept(c: &mut Conn, row: &ActionRow, by: &By) -> Result<ActionRow> {
    may_act(row.status, ActionStatus::Accepted)?;
    begin(c, row, by)?;
    save(c, row, ActionRow { status: ActionStatus::Accepted, ..row.clone() }, "action_item.accepted", json!({}), by)
}

/// 退回, once, with the reason.
pub fn hand_back(c: &mut Conn, row: &ActionRow, why: &str, by: &By) -> Result<ActionRow> {
    may_act(row.status, ActionStatus::Returned)?;
    may_return(row.returns)?;
    let after = ActionRow {
        status: ActionStatus::Returned,
        status_reason: Some(why.to_owned()),
        returns: row.returns + 1,
        ..row.clone()
    };
    save(c, row, after, "action_item.returned", json!({}), by)
}

/// 重新交办 what was handed back, to the same organisation or another.
pub fn reassign(c: &mut Conn, row: &ActionRow, body: &ReassignIn, by: &By) -> Result<ActionRow> {
    may_act(row.status, ActionStatus::Assigned)?;
    if body.due_on < by.today {
        return Err(DUE_PAST.at("/due_on"));
    }
    check_organisation(c, body.owner_org_id, "/owner_org_id")?;
    let after = ActionRow {
        status: ActionStatus::Assigned,
        owner_org_id: body.owner_org_id,
        owner_person_id: None,
        due_on: body.due_on,
        ..row.clone()
    };
    let data = json!({ "owner_org_id": body.owner_org_id, "due_on": body.due_on });
    save(c, row, after, "action_item.reassigned", data, by)
}

/// 办理进度
pub fn go_on(c: &mut Conn, row: &ActionRow, progress: i32, by: &By) -> Result<ActionRow> {
    if row.status != ActionStatus::Doing {
        may_act(row.status, ActionStatus::Doing)?;
    }
    let after = ActionRow { status: ActionStatus::Doing, progress, ..row.clone() };
    save(c, row, after, "action_item.progressed", json!({ "progress": progress }), by)
}

/// 提交成果
pub fn submit(c: &mut Conn, row: &ActionRow, evidence: &str, by: &By) -> Result<ActionRow> {
    may_act(row.status, ActionStatus::Submitted)?;
    let after = ActionRow {
        status: ActionStatus::Submitted,
        progress: 100,
        evidence: Some(evidence.to_owned()),
        submitted_by: by.actor.map(ActorId),
        submitted_at: Some(by.at),
        submitted_on: Some(by.today),
        ..row.clone()
    };
    save(c, row, after, "action_item.submitted", json!({}), by)
}

/// 核验, by somebody else: as it was said, or it goes on.
pub fn verify(c: &mut Conn, row: &ActionRow, accepted: bool, note: &str, by: &By) -> Result<ActionRow> {
    let to = if accepted { ActionStatus::Verified } else { ActionStatus::Doing };
    // What is being done is not verified, whatever the edge back to it is for.
    may_act(row.status, ActionStatus::Verified)?;
    may_verify(row.submitted_by, by.actor.map(ActorId))?;
    let mut after = ActionRow { status: to, status_reason: Some(note.to_owned()), ..row.clone() };
    if accepted {
        (after.verified_by, after.verified_at) = (by.actor.map(ActorId), Some(by.at));
    } else {
        // Handed in is only what holds: its day counts again.
        (after.submitted_by, after.submitted_at, after.submitted_on) = (None, None, None);
    }
    let event = if accepted { "action_item.verified" } else { "action_item.sent_back" };
    save(c, row, after, event, json!({}), by)
}

/// 关闭; the last one completes its resolution.
pub fn close(c: &mut Conn, row: &ActionRow, by: &By) -> Result<ActionRow> {
    may_act(row.status, ActionStatus::Closed)?;
    let after = ActionRow { status: ActionStatus::Closed, closed_at: Some(by.at), ..row.clone() };
    let after = save(c, row, after, "action_item.closed", json!({}), by)?;
    if open_of(c, row.resolution_id)? == 0 {
        let of = resolutions::get(c, row.resolution_id)?;
        if of.status == ResolutionStatus::InExecution {
            resolutions::complete(c, &of, by)?;
        }
    }
    Ok(after)
}

fn save(
    c: &mut Conn,
    before: &ActionRow,
    mut after: ActionRow,
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<ActionRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let target = actions::table.filter(actions::id.eq(before.id).and(actions::version.eq(before.version)));
    no_longer(diesel::update(target).set(&after).execute(c)?, after.version)?;
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}

/// 逾期督办: what is late goes a level up, once for each day that it was due on and level that it lay with; how many.
pub fn sweep(c: &mut Conn, by: &By) -> Result<usize> {
    let late: Vec<ActionRow> = actions::table
        .filter(actions::status.eq_any(WAITING).and(actions::due_on.lt(by.today)))
        .filter(actions::escalated_at.is_null().and(actions::level.ne(Level::District)))
        .order((actions::due_on, actions::id))
        .limit(PER_RUN)
        .select(ActionRow::as_select())
        .load(c)?;
    for row in &late {
        let Some(level) = above(row.level) else { continue };
        let after = ActionRow { level, escalated_at: Some(by.at), ..row.clone() };
        let after = save(c, row, after, "action_item.escalated", json!({ "level": level }), by)?;
        tell_overseers(c, &after, by)?;
    }
    Ok(late.len())
}

/// 督办通知: those who oversee the level that a late item has gone to find it among their notices.
fn tell_overseers(c: &mut Conn, row: &ActionRow, by: &By) -> Result<()> {
    let Some((digits, roles)) = overseers(row.level) else { return Ok(()) };
    let area = row.area_code.get(..digits).unwrap_or(&row.area_code).parse().map_err(Error::internal)?;
    let body = format!("行动项「{}」应于 {} 前完成, 现已逾期, 转至本级督办。编号 {}。", row.title, row.due_on, row.id);
    notices::tell(c, &area, roles, ("行动项逾期督办", &body), &By { actor: None, ..*by })?;
    Ok(())
}

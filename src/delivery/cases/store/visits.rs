//! 回访: attempts, what they brought, and what follows: the archive, or another round.

use diesel::prelude::*;
use platform::db::{Conn, Ts};
use platform::history::{ActorId, By};
use platform::{Result, id};
use serde_json::json;

use super::change::{save, target_of};
use super::comments::{self, Audience, StandsFor};
use super::rows::CaseRow;
use super::steps::{handling, raise};
use super::visit_queue;
use crate::cases::dto::{CaseId, Status, VisitChannel, VisitIn, VisitOutcome, VisitReason};
use crate::cases::rules::Step;
use crate::cases::rules::visits::{Next, next};
use crate::schema::case_visits as visits;

id!(
    /// 回访编号
    VisitId
);

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = visits, treat_none_as_default_value = false)]
pub struct VisitRow {
    pub id: VisitId,
    pub case_id: CaseId,
    pub area_code: String,
    pub round: i32,
    /// 第几次, within the round
    pub attempt: i32,
    pub channel: VisitChannel,
    pub outcome: VisitOutcome,
    pub score: Option<i32>,
    pub reason: Option<VisitReason>,
    pub note: Option<String>,
    /// `None` where the reporter answered by themselves.
    pub visitor_id: Option<ActorId>,
    pub at: Ts,
}

/// The attempts of a case, oldest first.
pub fn of_case(c: &mut Conn, case: CaseId) -> Result<Vec<VisitRow>> {
    let rows = visits::table.filter(visits::case_id.eq(case)).order((visits::round.asc(), visits::attempt.asc()));
    Ok(rows.select(VisitRow::as_select()).load(c)?)
}

/// Records an attempt by the caller, or what the reporter says unasked, and takes the step that follows from it.
pub fn record(c: &mut Conn, row: &CaseRow, body: &VisitIn, by: &By) -> Result<CaseRow> {
    let before: Vec<VisitRow> = of_case(c, row.id)?;
    let this_round = before.iter().filter(|visit| visit.round == row.round).count();
    let attempt = i32::try_from(this_round + 1).map_err(platform::Error::internal)?;
    let visit = VisitRow {
        id: VisitId::fresh(),
        case_id: row.id,
        area_code: row.area_code.clone(),
        round: row.round,
        attempt,
        channel: body.channel,
        outcome: body.outcome,
        score: body.score,
        reason: body.reason,
        note: body.note.clone(),
        visitor_id: by.actor.map(ActorId),
        at: by.at,
    };
    diesel::insert_into(visits::table).values(&visit).execute(c)?;
    follow(c, row, &before, &visit, by)
}

fn follow(c: &mut Conn, row: &CaseRow, before: &[VisitRow], visit: &VisitRow, by: &By) -> Result<CaseRow> {
    let needed = handling(c, row, by)?.unanswered_visits;
    let dissatisfied = before.iter().filter(|visit| visit.outcome == VisitOutcome::Dissatisfied).count();
    let data = json!({ "outcome": visit.outcome, "attempt": visit.attempt });
    match next(visit.outcome, visit.attempt, needed, dissatisfied) {
        Next::TryAgain => super::change::write(c, row, row.clone(), "case.visit_failed", data, by),
        Next::Close => {
            let status = target_of(Step::Close, row)?;
            let closed = CaseRow { status, closed_at: Some(by.at), ..row.clone() };
            save(c, row, closed, Step::Close, data, by)
        }
        Next::Reopen => reopen(c, row, data, by),
        Next::ReopenAbove => {
            let reopened = reopen(c, row, data, by)?;
            match reopened.tier.above() {
                Some(tier) => raise(c, &reopened, tier, "dissatisfied_again", by),
                None => Ok(reopened),
            }
        }
    }
}

/// 未抽中回访的事件: what nobody calls about is closed when its visit has been overdue for as long as it had time. What the
/// sample holds waits for the visit, however late. Answers whether it closed.
pub fn lapse(c: &mut Conn, row: &CaseRow, by: &By) -> Result<bool> {
    let waits = matches!(row.status, Status::Done | Status::ReturnVisit);
    if !waits || visit_queue::is_called_about(c, row, by)? {
        return Ok(false);
    }
    let status = target_of(Step::Close, row)?;
    let closed = CaseRow { status, closed_at: Some(by.at), ..row.clone() };
    save(c, row, closed, Step::Close, json!({ "by": "timeout", "sampled": false }), by)?;
    Ok(true)
}

/// 重开: a new round with the same handler, and a new time to resolve it; the total age runs on.
pub fn reopen(c: &mut Conn, row: &CaseRow, data: serde_json::Value, by: &By) -> Result<CaseRow> {
    let status = target_of(Step::Reopen, row)?;
    let again = CaseRow { status, round: row.round + 1, outcome: None, done_at: None, closed_at: None, ..row.clone() };
    save(c, row, again, Step::Reopen, data, by)
}

/// 重开 by words: of the reporter, or of a desk.
pub fn reopen_for(c: &mut Conn, row: &CaseRow, stands_for: StandsFor, reason: &str, by: &By) -> Result<CaseRow> {
    comments::add(c, row, (stands_for, Audience::Parties), reason, by)?;
    reopen(c, row, json!({ "by": stands_for }), by)
}

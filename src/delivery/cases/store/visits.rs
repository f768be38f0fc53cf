//! 回访: attempts, what they brought, and what follows: the archive, or another round.

use diesel::prelude::*;
use platform::clock::date_in_shanghai;
use platform::db::{Conn, Either, Ts};
use platform::history::{ActorId, By};
use platform::{Result, id};
use serde_json::json;

use super::alarms::alone;
use super::change::{save, target_of};
use super::comments::{self, Audience, StandsFor};
use super::rows::CaseRow;
use super::sight::get;
use super::steps::{handling, raise};
use super::visit_queue;
use crate::cases::dto::{CaseId, Status, VisitChannel, VisitIn, VisitOutcome, VisitReason};
use crate::cases::rules::Step;
use crate::cases::rules::params::Handling;
use crate::cases::rules::visits::{Next, check_spacing, next};
use crate::schema::{case_visits as visits, cases};

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
    /// When the case is given up where nobody is reached: of the first attempt without an answer, while it waits.
    pub lapses_at: Option<Ts>,
}

/// The attempts of a case, oldest first.
pub fn of_case(c: &mut Conn, case: CaseId) -> Result<Vec<VisitRow>> {
    let rows = visits::table.filter(visits::case_id.eq(case)).order((visits::round.asc(), visits::attempt.asc()));
    Ok(rows.select(VisitRow::as_select()).load(c)?)
}

/// Records an attempt by the caller, or what the reporter says unasked, and takes the step that follows from it.
pub fn record(c: &mut Conn, row: &CaseRow, body: &VisitIn, by: &By) -> Result<CaseRow> {
    let before: Vec<VisitRow> = of_case(c, row.id)?;
    let rule = handling(c, row, by)?;
    let this_round: Vec<&VisitRow> = before.iter().filter(|visit| visit.round == row.round).collect();
    let unanswered = || this_round.iter().filter(|visit| visit.outcome == VisitOutcome::Unreachable);
    check_spacing(body.outcome, unanswered().map(|visit| visit.at).max(), by.at, rule.min_hours_between_attempts)?;
    let begins_to_wait = body.outcome == VisitOutcome::Unreachable && unanswered().next().is_none();
    let attempt = i32::try_from(this_round.len() + 1).map_err(platform::Error::internal)?;
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
        lapses_at: begins_to_wait.then(|| by.at.plus(chrono::Duration::days(rule.no_answer_days))),
    };
    diesel::insert_into(visits::table).values(&visit).execute(c)?;
    follow(c, row, (&before, &visit), &rule, by)
}

fn follow(
    c: &mut Conn,
    row: &CaseRow,
    (before, visit): (&[VisitRow], &VisitRow),
    rule: &Handling,
    by: &By,
) -> Result<CaseRow> {
    let needed = rule.unanswered_visits;
    let dissatisfied = before.iter().filter(|visit| visit.outcome == VisitOutcome::Dissatisfied).count();
    let data = json!({ "outcome": visit.outcome, "attempt": visit.attempt });
    match next(visit.outcome, visit.attempt, needed, dissatisfied) {
        Next::TryAgain => super::change::write(c, row, row.clone(), "case.visit_failed", data, by),
        Next::Close => close(c, row, by.at, data, by),
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
pub fn lapse(c: &mut Conn, row: &CaseRow, at: Ts, by: &By) -> Result<bool> {
    if !waits(row) || visit_queue::is_called_about(c, row, by)? {
        return Ok(false);
    }
    close(c, row, at, json!({ "by": "timeout", "sampled": false }), by)?;
    Ok(true)
}

/// Whether a visit is to come.
pub fn waits(row: &CaseRow) -> bool {
    matches!(row.status, Status::Done | Status::ReturnVisit)
}

/// As of `at`, which is when its time was over, whoever found that out when.
fn close(c: &mut Conn, row: &CaseRow, at: Ts, data: serde_json::Value, by: &By) -> Result<CaseRow> {
    wait_no_longer(c, row)?;
    let status = target_of(Step::Close, row)?;
    let closed = CaseRow { status, closed_at: Some(at), ..row.clone() };
    save(c, row, closed, Step::Close, data, by)
}

fn wait_no_longer(c: &mut Conn, row: &CaseRow) -> Result<()> {
    let waits = visits::case_id.eq(row.id).and(visits::lapses_at.is_not_null());
    diesel::update(visits::table.filter(waits)).set(visits::lapses_at.eq(None::<Ts>)).execute(c)?;
    Ok(())
}

/// When a case that waits for its reporter is given up.
pub fn lapses_at(c: &mut Conn, row: &CaseRow) -> Result<Option<Ts>> {
    if !waits(row) {
        return Ok(None);
    }
    let of_case = visits::table.filter(visits::case_id.eq(row.id));
    Ok(of_case.select(diesel::dsl::min(visits::lapses_at)).first(c)?)
}

/// Gives up what is not to wait any longer.
pub fn settle(c: &mut Conn, row: CaseRow, by: &By) -> Result<CaseRow> {
    match lapses_at(c, &row)? {
        Some(at) if at <= by.at => give_up(c, &row, at, by),
        _ => Ok(row),
    }
}

fn give_up(c: &mut Conn, row: &CaseRow, at: Ts, by: &By) -> Result<CaseRow> {
    close(c, row, at, json!({ "by": "timeout", "outcome": VisitOutcome::Unreachable }), by)
}

/// 无人应答: closes cases whose reporter was tried and has not been reached for as many days as the place has set, some at a
/// time; answers how many. Safe in many processes at once, as the alarms are. What was merged meanwhile waits until that is
/// undone.
pub fn sweep(c: &mut Conn, now: Ts) -> Result<usize> {
    const RUN: i64 = 50;
    let over = visits::table
        .inner_join(cases::table)
        .filter(visits::lapses_at.is_not_null().and(visits::lapses_at.le(now)))
        .filter(cases::status.eq_any([Status::Done, Status::ReturnVisit]))
        .order(visits::lapses_at.asc())
        .limit(RUN);
    let ids: Vec<CaseId> = match c.either() {
        Either::Sqlite(c) => over.select(visits::case_id).load(c)?,
        Either::Postgres(c) => over.select(visits::case_id).for_update().skip_locked().load(c)?,
    };
    let by = By { actor: None, at: now, today: date_in_shanghai(now) };
    let mut closed = 0;
    for id in ids {
        closed += alone(c, |c| {
            let row = get(c, id)?;
            settle(c, row, &by)
        })?;
    }
    Ok(closed)
}

/// 重开: a new round with the same handler, and a new time to resolve it; the total age runs on.
pub fn reopen(c: &mut Conn, row: &CaseRow, data: serde_json::Value, by: &By) -> Result<CaseRow> {
    wait_no_longer(c, row)?;
    let status = target_of(Step::Reopen, row)?;
    let again = CaseRow { status, round: row.round + 1, outcome: None, done_at: None, closed_at: None, ..row.clone() };
    save(c, row, again, Step::Reopen, data, by)
}

/// 重开 by words: of the reporter, or of a desk.
pub fn reopen_for(c: &mut Conn, row: &CaseRow, stands_for: StandsFor, reason: &str, by: &By) -> Result<CaseRow> {
    comments::add(c, row, (stands_for, Audience::Parties), reason, by)?;
    reopen(c, row, json!({ "by": stands_for }), by)
}

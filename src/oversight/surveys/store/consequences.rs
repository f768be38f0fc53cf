//! What follows a round that failed, step by step. Nothing here reaches a contract: the last step says that a motion may be made.

use chrono::Duration;
use deliberation::notices::{self, dto::NoticeId};
use diesel::prelude::*;
use platform::auth::{Role, Visible};
use platform::calendar;
use platform::db::{Backend, Conn, Range};
use platform::error::OrConflict;
use platform::history::{ActorId, record, record_first};
use platform::secrets::fingerprint;
use platform::{Error, Result, in_ranges};
use roster::organisations::serving;
use serde_json::{Value, json};

use super::rounds::{blank, insert_row as insert_round};
use super::rows::{ConsequenceRow, RoundRow};
use super::sight::{self, Sight};
use super::{By, no_longer};
use crate::schema::survey_consequences as consequences;
use crate::surveys::dto::{
    RecheckIn, RectificationNoticeIn, SurveyConsequenceId, SurveyConsequenceQuery, SurveyConsequenceStatus, SurveyKind,
    SurveyOutcome,
};
use crate::surveys::rules::consequences::{SurveyConsequenceStep, check_confirmer, concluded, may_recheck, may_take};
use crate::surveys::rules::states::{check_window, due_on};
use crate::surveys::rules::{COMPANY_GONE, RECHECK_EXISTS};

/// The entity of a consequence's events.
pub const ENTITY: &str = "survey_consequence";
/// Days behind a last day within which the next working day is.
const ROLLS_WITHIN: i64 = 31;

/// Whom a step concerns: the company, and those whom it serves.
const CONCERNED: &[Role] = &[
    Role::CompanyAdmin,
    Role::ProjectManager,
    Role::CompanyStaff,
    Role::OcChair,
    Role::OcMember,
    Role::Owner,
    Role::Resident,
    Role::CommunitySecretary,
    Role::CommunityWorker,
];
const PASSED: &str = "复测已达及格线, 整改完成。";
const ELIGIBLE: &str =
    "复测仍未达及格线, 业主可以依法提出解聘议题。是否解聘由业主共同决定(民法典第278条), 本结论不改变物业服务合同。";

/// What a final round leads to: a first one that failed to a proposal, a recheck back to what it rechecks.
pub fn follow(c: &mut Conn, round: &RoundRow, by: &By) -> Result<()> {
    if round.kind != SurveyKind::Satisfaction {
        return Ok(());
    }
    match rechecked(c, round)? {
        Some(row) => {
            let after = ConsequenceRow {
                status: SurveyConsequenceStatus::Rechecked,
                recheck_outcome: round.outcome,
                ..row.clone()
            };
            let data = json!({ "outcome": round.outcome, "score_bp": round.score_bp });
            save(c, &row, after, "survey_consequence.rechecked", data, by).map(drop)
        }
        None if round.outcome == Some(SurveyOutcome::Fail) => propose(c, round, by),
        None => Ok(()),
    }
}

/// A recheck that says nothing: it is rectified still, and may be asked again.
pub fn recheck_void(c: &mut Conn, round: &RoundRow, by: &By) -> Result<()> {
    let Some(row) = rechecked(c, round)? else { return Ok(()) };
    let after = ConsequenceRow { status: SurveyConsequenceStatus::Rectifying, recheck_round_id: None, ..row.clone() };
    save(c, &row, after, "survey_consequence.recheck_void", json!({ "round_id": round.id }), by)?;
    Ok(())
}

/// What a round is the recheck of.
fn rechecked(c: &mut Conn, round: &RoundRow) -> Result<Option<ConsequenceRow>> {
    let Some(first) = round.recheck_of else { return Ok(None) };
    let of = consequences::round_id.eq(first).and(consequences::recheck_round_id.eq(round.id));
    Ok(consequences::table.filter(of).select(ConsequenceRow::as_select()).first(c).optional()?)
}

fn propose(c: &mut Conn, round: &RoundRow, by: &By) -> Result<()> {
    let Some((compound_id, company_id)) = round.compound_id.zip(round.company_id) else { return Ok(()) };
    let row = ConsequenceRow {
        id: SurveyConsequenceId::fresh(),
        round_id: round.id,
        area_code: round.area_code.clone(),
        compound_id,
        company_id,
        status: SurveyConsequenceStatus::Proposed,
        proposed_by: by.actor.map(ActorId),
        notice: None,
        notice_hash: None,
        notice_id: None,
        notified_on: None,
        due_on: None,
        report: None,
        reported_at: None,
        recheck_round_id: None,
        recheck_outcome: None,
        confirmed_by: None,
        concluded_by: None,
        note: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    diesel::insert_into(consequences::table).values(&row).execute(c)?;
    let data = json!({ "round_id": row.round_id, "company_id": row.company_id, "score_bp": round.score_bp });
    record_first(c, by.event(ENTITY, row.id, 1, "survey_consequence.proposed", &row.area_code, data))
}

/// 街道确认: the notice goes out, and the days to rectify begin; the last of them is never a day off (Civil Code 203).
pub fn confirm(c: &mut Conn, row: &ConsequenceRow, asked: &RectificationNoticeIn, by: &By) -> Result<ConsequenceRow> {
    may_take(SurveyConsequenceStep::Confirm, row.status)?;
    check_confirmer(row.proposed_by.map(|actor| actor.0), by.actor)?;
    let days = sight::get(c, row.round_id)?.rules()?.rectify_days;
    let last = due_on(by.today, days);
    let due = calendar::of_area(c, &row.area_code, last, last + Duration::days(ROLLS_WITHIN))?.roll(last);
    let words = format!("{}\n整改期限: {due}。", asked.notice);
    let notice_id = tell(c, row, ("满意度测评整改通知", &words), by)?;
    let after = ConsequenceRow {
        status: SurveyConsequenceStatus::Rectifying,
        notice_hash: Some(fingerprint(asked.notice.as_bytes())),
        notice_id: Some(notice_id),
        notice: Some(asked.notice.clone()),
        notified_on: Some(by.today),
        due_on: Some(due),
        confirmed_by: by.actor.map(ActorId),
        ..row.clone()
    };
    let data = json!({ "due_on": due, "notice_hash": after.notice_hash, "notice_id": notice_id });
    save(c, row, after, "survey_consequence.notified", data, by)
}

/// 告知: among the notices of those whom it concerns, in the same transaction. Nobody wrote it as their own, so that only the
/// offices over the place may withdraw it.
fn tell(c: &mut Conn, row: &ConsequenceRow, words: (&str, &str), by: &By) -> Result<NoticeId> {
    let area = row.area_code.parse().map_err(Error::internal)?;
    Ok(notices::tell(c, &area, CONCERNED, words, &By { actor: None, ..*by })?.id)
}

/// 不予确认, with the street's reason.
pub fn reject(c: &mut Conn, row: &ConsequenceRow, note: &str, by: &By) -> Result<ConsequenceRow> {
    may_take(SurveyConsequenceStep::Drop, row.status)?;
    check_confirmer(row.proposed_by.map(|actor| actor.0), by.actor)?;
    let after = ConsequenceRow {
        status: SurveyConsequenceStatus::Dropped,
        note: Some(note.to_owned()),
        concluded_by: by.actor.map(ActorId),
        ..row.clone()
    };
    save(c, row, after, "survey_consequence.dropped", json!({}), by)
}

/// The company says what it has done.
pub fn report(c: &mut Conn, row: &ConsequenceRow, words: &str, by: &By) -> Result<ConsequenceRow> {
    may_take(SurveyConsequenceStep::Report, row.status)?;
    let after = ConsequenceRow { report: Some(words.to_owned()), reported_at: Some(by.at), ..row.clone() };
    save(c, row, after, "survey_consequence.reported", json!({}), by)
}

/// 复测: the same form, object and rules as the first time, as a draft that the community goes on with.
pub fn recheck(c: &mut Conn, row: &ConsequenceRow, asked: &RecheckIn, by: &By) -> Result<ConsequenceRow> {
    may_take(SurveyConsequenceStep::Recheck, row.status)?;
    may_recheck(row.due_on, row.report.is_some(), by.today)?;
    if serving(c, row.compound_id, by.today)? != Some(row.company_id) {
        return Err((&COMPANY_GONE).into());
    }
    let first = sight::get(c, row.round_id)?;
    check_window(asked.opens_at, asked.closes_at, first.rules()?.window_days, by.at)?;
    let draft = blank(by);
    let round = RoundRow {
        id: draft.id,
        title: asked.title.clone(),
        opens_at: asked.opens_at,
        closes_at: asked.closes_at,
        recheck_of: Some(first.id),
        form_id: first.form_id,
        kind: first.kind,
        area_code: first.area_code,
        compound_id: first.compound_id,
        contract_id: first.contract_id,
        company_id: first.company_id,
        respondents: first.respondents,
        terms: first.terms,
        rule_set_id: first.rule_set_id,
        ..draft
    };
    insert_round(c, &round, by)?;
    let after =
        ConsequenceRow { status: SurveyConsequenceStatus::Rechecking, recheck_round_id: Some(round.id), ..row.clone() };
    save(c, row, after, "survey_consequence.recheck_begun", json!({ "round_id": round.id }), by)
}

/// The street's last word on what the recheck found.
pub fn conclude(c: &mut Conn, row: &ConsequenceRow, note: &str, by: &By) -> Result<ConsequenceRow> {
    may_take(SurveyConsequenceStep::Conclude, row.status)?;
    let recheck = row.recheck_round_id.map(|id| sight::get(c, id)).transpose()?;
    check_confirmer(recheck.and_then(|round| round.finalised_by).map(|actor| actor.0), by.actor)?;
    let status = concluded(row.recheck_outcome.unwrap_or(SurveyOutcome::Fail));
    let after =
        ConsequenceRow { status, note: Some(note.to_owned()), concluded_by: by.actor.map(ActorId), ..row.clone() };
    let (event, words) = match status {
        SurveyConsequenceStatus::Passed => ("survey_consequence.passed", PASSED),
        _ => ("survey_consequence.motion_eligible", ELIGIBLE),
    };
    let notice_id = tell(c, row, ("满意度复测结论", words), by)?;
    save(c, row, after, event, json!({ "outcome": row.recheck_outcome, "notice_id": notice_id }), by)
}

fn save(
    c: &mut Conn,
    before: &ConsequenceRow,
    mut after: ConsequenceRow,
    event: &'static str,
    data: Value,
    by: &By,
) -> Result<ConsequenceRow> {
    (after.version, after.updated_at) = (before.version + 1, by.at);
    let same = consequences::id.eq(before.id).and(consequences::version.eq(before.version));
    let target = consequences::table.filter(same);
    no_longer(diesel::update(target).set(&after).execute(c).or_conflict(&RECHECK_EXISTS)?, after.version)?;
    record(c, by.event(ENTITY, after.id, after.version, event, &after.area_code, data))?;
    Ok(after)
}

/// Consequences by id, the newest first.
pub fn list(
    c: &mut Conn,
    sight: &Sight,
    (before, fetch): (Option<SurveyConsequenceId>, i64),
    filter: &SurveyConsequenceQuery,
) -> Result<Vec<ConsequenceRow>> {
    let mut query = filtered(sight, filter);
    if let Some(before) = before {
        query = query.filter(consequences::id.lt(before));
    }
    Ok(query.order(consequences::id.desc()).limit(fetch).select(ConsequenceRow::as_select()).load(c)?)
}

pub fn count(c: &mut Conn, sight: &Sight, filter: &SurveyConsequenceQuery) -> Result<i64> {
    Ok(filtered(sight, filter).count().get_result(c)?)
}

fn filtered(sight: &Sight, filter: &SurveyConsequenceQuery) -> consequences::BoxedQuery<'static, Backend> {
    let companies = sight.companies().to_vec();
    let untold = [SurveyConsequenceStatus::Proposed, SurveyConsequenceStatus::Dropped];
    let about = consequences::company_id.eq_any(companies.clone()).and(consequences::status.ne_all(untold));
    let overseen: Visible = sight.overseen(None);
    let others = in_ranges!(overseen.ranges(), consequences::area_code);
    let seen = about.or(others.and(consequences::company_id.ne_all(companies)));
    let mut query = consequences::table.into_boxed::<Backend>().filter(seen);
    if let Some(area) = &filter.area {
        query = query.filter(in_ranges!([Range::under(area.as_str())], consequences::area_code));
    }
    if let Some(status) = filter.status {
        query = query.filter(consequences::status.eq(status));
    }
    if let Some(company) = filter.company_id {
        query = query.filter(consequences::company_id.eq(company));
    }
    query
}

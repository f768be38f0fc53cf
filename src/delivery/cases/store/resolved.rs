//! What a meeting has resolved about a case: said on its timeline and, where it settles the case, finished by it. Who may do
//! so is the meeting's to say; the return visit comes afterwards as ever.

use diesel::prelude::*;
use platform::Result;
use platform::db::Conn;
use platform::history::By;
use serde_json::json;

use super::change::{save, target_of};
use super::comments::{self, Audience, StandsFor};
use super::rows::CaseRow;
use super::sight::get;
use crate::cases::dto::{CaseId, Channel, Outcome};
use crate::cases::rules::Step;
use crate::schema::{case_details, cases};

/// Whether a case is what a patrol found: until patrols have a register of their own, this is how a finding is known.
pub fn was_found_on_patrol(c: &mut Conn, id: CaseId) -> Result<bool> {
    let found = cases::id.eq(id).and(cases::channel.eq(Channel::GridPatrol));
    let count: i64 = cases::table.filter(found).count().get_result(c)?;
    Ok(count == 1)
}

/// Says on the timeline of a case, to all parties, what was resolved about it.
pub fn say_resolved(c: &mut Conn, id: CaseId, words: &str, by: &By) -> Result<()> {
    let row = get(c, id)?;
    comments::add(c, &row, (StandsFor::Desk, Audience::Parties), words, by)?;
    Ok(())
}

/// 依决议办结: the work that a resolution asked for has been done and verified, so the case is done; the reporter is visited
/// next. A 409 with what may be done instead where it is not in progress.
pub fn finish_by_resolution(
    c: &mut Conn,
    id: CaseId,
    (outcome, words, number): (Outcome, &str, &str),
    by: &By,
) -> Result<CaseRow> {
    let row = get(c, id)?;
    let row = super::holds::settle(c, row, by)?;
    let status = target_of(Step::Finish, &row)?;
    let told = (
        case_details::resolution.eq(Some(words)),
        case_details::evidence_waiver.eq(Some(format!("依决议 {number} 办结"))),
    );
    diesel::update(case_details::table.find(id)).set(told).execute(c)?;
    let done = CaseRow { status, outcome: Some(outcome), done_at: Some(by.at), ..row.clone() };
    save(c, &row, done, Step::Finish, json!({ "resolution": number }), by)
}

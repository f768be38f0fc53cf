//! The steps of the desk, the handler and the reporter. Each looks at who asks, at the state and at what it needs, and
//! writes the row down through [`save`].

use diesel::prelude::*;
use platform::db::Conn;
use platform::history::By;
use platform::{Error, Result, id};
use serde_json::json;

use super::change::{hold, permit, permit_reporter, save, target_of};
use super::comments::{self, Audience, StandsFor};
use super::counts::AGAINST_COMPANY;
use super::prescribed::{policy_for, routing_at, rules_at};
use super::rows::CaseRow;
use super::sight::{Sight, get};
use super::targets::{self, Handler};
use super::{clocks, places};
use crate::cases::dto::{
    CaseId, ClockKind, DispatchIn, EscalateIn, FinishIn, Outcome, ReclassifyIn, RedelegateIn, RejectIn, ReturnIn,
    StartIn, Status, Tier, TransferIn,
};
use crate::cases::rules::params::categories::{CATEGORIES, Categories};
use crate::cases::rules::params::deadlines::{DEADLINES, Deadlines};
use crate::cases::rules::params::routing::{ROUTING, Routing};
use crate::cases::rules::params::{HANDLING, Handling};
use crate::cases::rules::{
    BOTTOM_TIER, HAS_DUPLICATES, MERGE_LATE, MERGE_TARGET, NO_EVIDENCE, OUTCOME_NOT_YOURS, RETURNED_BEFORE,
    RETURNED_TWICE, SIGN_WINDOW, Step, TOP_TIER,
};
use crate::schema::{case_clocks, case_details, case_files, case_links, case_returns, cases};

id!(
    /// 退单编号
    ReturnId
);
id!(
    /// 并案编号
    LinkId
);

/// What the place lets itself be ruled by.
pub fn handling(c: &mut Conn, row: &CaseRow, by: &By) -> Result<Handling> {
    Ok(rules_at(c, &row.area_code, by)?.get(&HANDLING)?.1)
}

pub fn accept(c: &mut Conn, sight: &Sight, row: &CaseRow, by: &By) -> Result<CaseRow> {
    let status = permit(sight, row, Step::Accept)?;
    let rules = rules_at(c, &row.area_code, by)?;
    let dictionary = rules.get::<Categories>(&CATEGORIES)?.1;
    let against = dictionary.find(row.kind, &row.category).is_ok_and(|category| category.against_company);
    let accepted = CaseRow { status, accepted_at: Some(by.at), ..row.clone() };
    let accepted = save(c, row, accepted, Step::Accept, json!({ AGAINST_COMPANY: against }), by)?;
    let routing: Routing = rules.get(&ROUTING)?.1;
    if !routing.automatic {
        return Ok(accepted);
    }
    match targets::by_rules(c, &routing, &accepted.routing_facts(), &accepted, by)? {
        Some((rule, handler)) => give(c, &accepted, handler, json!({ "rule": rule }), by),
        None => Ok(accepted),
    }
}

pub fn reject(c: &mut Conn, sight: &Sight, row: &CaseRow, body: &RejectIn, by: &By) -> Result<CaseRow> {
    let status = permit(sight, row, Step::Reject)?;
    set_resolution(c, row.id, &body.explanation)?;
    let rejected = CaseRow { status, closed_at: Some(by.at), ..row.clone() };
    save(c, row, rejected, Step::Reject, json!({ "reason": body.reason }), by)
}

/// By the reporter, before it is dispatched. `by` names nobody.
pub fn cancel(c: &mut Conn, row: &CaseRow, by: &By) -> Result<CaseRow> {
    let status = permit_reporter(row, Step::Cancel)?;
    let cancelled = CaseRow { status, closed_at: Some(by.at), ..row.clone() };
    save(c, row, cancelled, Step::Cancel, json!({ "by": "reporter" }), by)
}

pub fn dispatch(c: &mut Conn, sight: &Sight, row: &CaseRow, body: &DispatchIn, by: &By) -> Result<CaseRow> {
    permit(sight, row, Step::Dispatch)?;
    let limit = handling(c, row, by)?.max_returns;
    if row.returns >= limit && sight.desk_over(row).is_none_or(|own| own <= row.tier) && row.tier != Tier::District {
        return Err((&RETURNED_TWICE).into());
    }
    let routing = routing_at(c, row, by)?;
    let handler = targets::chosen(c, (body.organisation_id, body.account_id), &routing, row, by)?;
    refuse_returned(c, row.id, handler)?;
    if let Some(note) = &body.note {
        say(c, row, StandsFor::Desk, note, by)?;
    }
    give(c, row, handler, json!({}), by)
}

/// What goes with a step in words: for those who work on the case, and in no history.
fn say(c: &mut Conn, row: &CaseRow, stands_for: StandsFor, words: &str, by: &By) -> Result<()> {
    comments::add(c, row, (stands_for, Audience::Staff), words, by).map(|_| ())
}

fn give(c: &mut Conn, row: &CaseRow, handler: Handler, extra: serde_json::Value, by: &By) -> Result<CaseRow> {
    let status = target_of(Step::Dispatch, row)?;
    let given = CaseRow { status, ..row.clone() }.given_to(handler);
    save(c, row, given, Step::Dispatch, extra, by)
}

/// Whoever has returned the case once does not get it again.
fn refuse_returned(c: &mut Conn, case: CaseId, handler: Handler) -> Result<()> {
    let of_case = case_returns::table.filter(case_returns::case_id.eq(case));
    let (before, pointer): (i64, _) = match handler {
        Handler::Organisation(id) => {
            (of_case.filter(case_returns::organisation_id.eq(id)).count().get_result(c)?, "/organisation_id")
        }
        Handler::Person(id) => (of_case.filter(case_returns::account_id.eq(id)).count().get_result(c)?, "/account_id"),
    };
    if before == 0 { Ok(()) } else { Err(RETURNED_BEFORE.at(pointer)) }
}

pub fn transfer(c: &mut Conn, sight: &Sight, row: &CaseRow, body: &TransferIn, by: &By) -> Result<CaseRow> {
    let status = permit(sight, row, Step::Transfer)?;
    let routing = routing_at(c, row, by)?;
    let handler = targets::chosen(c, (body.organisation_id, body.account_id), &routing, row, by)?;
    refuse_returned(c, row.id, handler)?;
    say(c, row, StandsFor::Desk, &body.reason, by)?;
    let given = CaseRow { status, ..row.clone() }.given_to(handler);
    save(c, row, given, Step::Transfer, json!({}), by)
}

/// 签收: from now on the handler answers for the case, and the one before no longer does.
pub fn sign(c: &mut Conn, sight: &Sight, row: &CaseRow, by: &By) -> Result<CaseRow> {
    let status = permit(sight, row, Step::Sign)?;
    let signed = CaseRow {
        status,
        responsible_org_id: row.handler_org_id,
        responsible_id: row.handler_id,
        signed_at: row.signed_at.or(Some(by.at)),
        ..row.clone()
    };
    save(c, row, signed, Step::Sign, json!({}), by)
}

/// 退单: with a reason, within the time for signing, once per handler.
pub fn hand_back(c: &mut Conn, sight: &Sight, row: &CaseRow, body: &ReturnIn, by: &By) -> Result<CaseRow> {
    let status = permit(sight, row, Step::Return)?;
    let running = case_clocks::case_id.eq(row.id).and(case_clocks::clock.eq(ClockKind::Sign));
    let due: Option<platform::db::Ts> = case_clocks::table
        .filter(running.and(case_clocks::ended_at.is_null()))
        .select(case_clocks::due_at)
        .first(c)
        .optional()?;
    if due.is_some_and(|due| due < by.at) {
        return Err((&SIGN_WINDOW).into());
    }
    let limit = handling(c, row, by)?.max_returns;
    if row.returns >= limit {
        return Err((&RETURNED_TWICE).into());
    }
    let objection = (
        case_returns::id.eq(ReturnId::fresh()),
        case_returns::case_id.eq(row.id),
        case_returns::organisation_id.eq(row.handler_org_id),
        case_returns::account_id.eq(row.handler_id),
        case_returns::reason.eq(body.reason),
        case_returns::note.eq(&body.note),
        case_returns::at.eq(by.at),
    );
    diesel::insert_into(case_returns::table).values(objection).execute(c)?;
    let returned = CaseRow { status, handler_org_id: None, handler_id: None, returns: row.returns + 1, ..row.clone() };
    let returned = save(c, row, returned, Step::Return, json!({ "reason": body.reason }), by)?;
    // Returned as often as it may be: the tier above decides.
    match (returned.returns >= limit).then(|| returned.tier.above()).flatten() {
        Some(tier) => raise(c, &returned, tier, "returned_twice", by),
        None => Ok(returned),
    }
}

/// 首次联系并开始: what was said goes to all parties.
pub fn start(c: &mut Conn, sight: &Sight, row: &CaseRow, body: &StartIn, by: &By) -> Result<CaseRow> {
    let status = permit(sight, row, Step::Start)?;
    comments::add(c, row, (StandsFor::Handler, Audience::Parties), &body.contact_note, by)?;
    save(c, row, CaseRow { status, ..row.clone() }, Step::Start, json!({ "contacted": true }), by)
}

/// 办结: says how it ended and shows it, by a photo of after in this round or the reason why there is none.
pub fn finish(c: &mut Conn, sight: &Sight, row: &CaseRow, body: &FinishIn, by: &By) -> Result<CaseRow> {
    let status = permit(sight, row, Step::Finish)?;
    if body.outcome == Outcome::Duplicate {
        return Err(OUTCOME_NOT_YOURS.at("/outcome"));
    }
    if body.evidence_waiver.is_none() && photos_of_after(c, row)? == 0 {
        return Err(NO_EVIDENCE.at("/evidence_waiver"));
    }
    let told = (
        case_details::resolution.eq(Some(&body.resolution)),
        case_details::evidence_waiver.eq(body.evidence_waiver.as_ref()),
    );
    diesel::update(case_details::table.find(row.id)).set(told).execute(c)?;
    let done = CaseRow { status, outcome: Some(body.outcome), done_at: Some(by.at), ..row.clone() };
    save(c, row, done, Step::Finish, json!({ "waived": body.evidence_waiver.is_some() }), by)
}

fn photos_of_after(c: &mut Conn, row: &CaseRow) -> Result<i64> {
    let of_round = case_files::case_id.eq(row.id).and(case_files::round.eq(row.round));
    let after = case_files::table.filter(of_round).filter(case_files::purpose.eq("after"));
    Ok(after.filter(case_files::removed_at.is_null()).count().get_result(c)?)
}

/// 核实: the community has seen that the work is done; the visit is next.
pub fn verify(c: &mut Conn, sight: &Sight, row: &CaseRow, by: &By) -> Result<CaseRow> {
    let status = permit(sight, row, Step::Verify)?;
    save(c, row, CaseRow { status, ..row.clone() }, Step::Verify, json!({}), by)
}

/// 升级: the next tier takes over. No due date moves.
pub fn escalate(c: &mut Conn, sight: &Sight, row: &CaseRow, body: &EscalateIn, by: &By) -> Result<CaseRow> {
    permit(sight, row, Step::Escalate)?;
    let tier = row.tier.above().ok_or_else(|| Error::from(&TOP_TIER))?;
    say(c, row, StandsFor::Desk, &body.reason, by)?;
    raise(c, row, tier, "manual", by)
}

/// Raises a case to a tier for a coded reason.
pub fn raise(c: &mut Conn, row: &CaseRow, tier: Tier, why: &str, by: &By) -> Result<CaseRow> {
    save(c, row, CaseRow { tier, ..row.clone() }, Step::Escalate, json!({ "why": why }), by)
}

/// 交回下级: by a desk above the tier that gets it.
pub fn redelegate(c: &mut Conn, sight: &Sight, row: &CaseRow, body: &RedelegateIn, by: &By) -> Result<CaseRow> {
    permit(sight, row, Step::Redelegate)?;
    if body.tier >= row.tier {
        return Err(BOTTOM_TIER.at("/tier"));
    }
    if body.tier == Tier::Branch && row.compound_id.is_none() {
        return Err(BOTTOM_TIER.at("/tier"));
    }
    say(c, row, StandsFor::Desk, &body.reason, by)?;
    save(c, row, CaseRow { tier: body.tier, ..row.clone() }, Step::Redelegate, json!({}), by)
}

/// 改分类: the policy that the new class asks for holds from the report on.
pub fn reclassify(c: &mut Conn, sight: &Sight, row: &CaseRow, body: &ReclassifyIn, by: &By) -> Result<CaseRow> {
    permit(sight, row, Step::Reclassify)?;
    let mut new = CaseRow {
        kind: body.kind.unwrap_or(row.kind),
        category: body.category.clone().unwrap_or_else(|| row.category.clone()),
        urgency: body.urgency.unwrap_or(row.urgency),
        visibility: body.visibility.unwrap_or(row.visibility),
        ..row.clone()
    };
    let rules = rules_at(c, &row.area_code, by)?;
    rules.get::<Categories>(&CATEGORIES)?.1.find(new.kind, &new.category)?;
    let timed = (new.kind, &new.category, new.urgency) != (row.kind, &row.category, row.urgency);
    if timed {
        let (policy_set, deadlines) = rules.get::<Deadlines>(&DEADLINES)?;
        let policy = policy_for(&deadlines, &new)?;
        hold(c, row)?;
        new.due_at = Some(clocks::repin(c, &new, policy, policy_set, by)?);
    }
    save(c, row, new, Step::Reclassify, json!({}), by)
}

/// 并案: the case ends here and goes on in another. The target stays whole; nothing is copied.
pub fn merge(c: &mut Conn, sight: &Sight, row: &CaseRow, target: CaseId, by: &By) -> Result<CaseRow> {
    let status = permit(sight, row, Step::Merge)?;
    let into = get(c, target).map_err(|_| MERGE_TARGET.at("/target_id"))?;
    let seen = sight.sees(&into).is_some();
    let near = places::district_of(&into.area_code) == places::district_of(&row.area_code);
    if !seen || !near || !into.status.is_open() || into.id == row.id {
        return Err(MERGE_TARGET.at("/target_id"));
    }
    let inside: i64 = cases::table.filter(cases::merged_into.eq(row.id)).count().get_result(c)?;
    if inside > 0 {
        return Err((&HAS_DUPLICATES).into());
    }
    let link = (
        case_links::id.eq(LinkId::fresh()),
        case_links::case_id.eq(row.id),
        case_links::target_id.eq(target),
        case_links::prior_status.eq(row.status),
        case_links::merged_by.eq(by.actor.map(platform::history::ActorId)),
        case_links::merged_at.eq(by.at),
    );
    diesel::insert_into(case_links::table).values(link).execute(c)?;
    let merged = CaseRow { status, merged_into: Some(target), closed_at: Some(by.at), ..row.clone() };
    save(c, row, merged, Step::Merge, json!({ "target_id": target }), by)
}

/// 撤销并案: the state that the merge set aside comes back, with its clocks.
pub fn unmerge(c: &mut Conn, sight: &Sight, row: &CaseRow, by: &By) -> Result<CaseRow> {
    permit(sight, row, Step::Unmerge)?;
    let standing = case_links::table.filter(case_links::case_id.eq(row.id).and(case_links::undone_at.is_null()));
    let (link, prior, merged_at): (LinkId, Status, platform::db::Ts) =
        standing.select((case_links::id, case_links::prior_status, case_links::merged_at)).first(c)?;
    let days = handling(c, row, by)?.unmerge_days;
    if by.at > merged_at.plus(chrono::Duration::days(days)) {
        return Err((&MERGE_LATE).into());
    }
    let undone =
        (case_links::undone_at.eq(Some(by.at)), case_links::undone_by.eq(by.actor.map(platform::history::ActorId)));
    diesel::update(case_links::table.find(link)).set(undone).execute(c)?;
    let back = CaseRow { status: prior, merged_into: None, closed_at: None, ..row.clone() };
    hold(c, row)?;
    clocks::revive(c, &back, merged_at, by)?;
    save(c, row, back, Step::Unmerge, json!({}), by)
}

fn set_resolution(c: &mut Conn, case: CaseId, words: &str) -> Result<()> {
    diesel::update(case_details::table.find(case)).set(case_details::resolution.eq(Some(words))).execute(c)?;
    Ok(())
}

/// Who acts for a reporter: nobody by name. What a reporter does to their own case leaves no actor behind.
pub fn unnamed(by: &By) -> By {
    By { actor: None, ..*by }
}

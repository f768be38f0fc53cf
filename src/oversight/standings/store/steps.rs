//! The steps of an entry, from the notice to its end. Each checks where it may be taken from and by whom.

use platform::Result;
use platform::calendar::{self, Calendar};
use platform::db::{Conn, Json};
use platform::history::{ActorId, By};
use serde_json::json;

use super::listings::{ListingRow, rules_of, save};
use super::{frozen, repairs};
use crate::standings::dto::{
    DecideListingIn, GroundTold, ListingOutcome, ListingReasonIn, ListingStatus, NotifyListingIn, PublicSnapshot,
    PublishListingIn, RepairListingIn,
};
use crate::standings::rules::listing::{
    active_from, check_heard, check_other, check_own, hear_until, may_repair, measures, object_until, valid_to,
};
use crate::standings::rules::params::ListRules;
use crate::standings::rules::states::{ListingStep, target_of};
use crate::standings::rules::{GROUND_UNKNOWN, VALIDITY_SHORT};

/// Days of the calendar that are looked at: more than any period of working days spans.
const AHEAD: i64 = 400;

/// What counts as a working day where the entry is kept.
pub fn calendar_of(c: &mut Conn, row: &ListingRow, by: &By) -> Result<Calendar> {
    calendar::of_area(c, &row.area_code, by.today, by.today + chrono::Duration::days(AHEAD))
}

/// Where a step leads from how the entry stands today.
pub fn step(row: &ListingRow, step: ListingStep, by: &By) -> Result<ListingStatus> {
    target_of(step, row.days().status_on(by.today))
}

/// 书面告知: from here on the organisation knows, and has its time to be heard.
pub fn notify(c: &mut Conn, row: &ListingRow, body: &NotifyListingIn, by: &By) -> Result<ListingRow> {
    let status = step(row, ListingStep::Notify, by)?;
    let (rules, calendar) = (rules_of(c, row)?, calendar_of(c, row, by)?);
    let until = hear_until(&calendar, by.today, body.hear_until, &rules)?;
    let after = ListingRow {
        status,
        notice_no: Some(body.notice_no.clone()),
        notified_on: Some(by.today),
        hear_until: Some(until),
        ..row.clone()
    };
    save(c, row, after, ("listing.notified", json!({ "hear_until": until })), by)
}

/// 决定, by another than who proposed it. To let it be is decided at any time; to list somebody once they were heard.
pub fn decide(c: &mut Conn, row: &ListingRow, body: &DecideListingIn, by: &By) -> Result<ListingRow> {
    let listed = body.outcome == ListingOutcome::Listed;
    let status = step(row, if listed { ListingStep::Decide } else { ListingStep::Reject }, by)?;
    check_other(row.proposed_by.0, by.actor)?;
    let decided = ListingRow {
        status,
        decided_by: Some(ActorId(by.actor.unwrap_or_default())),
        decided_on: Some(by.today),
        decision_note: Some(body.note.clone()),
        ..row.clone()
    };
    if !listed {
        return save(c, row, decided, ("listing.rejected", json!({})), by);
    }
    check_heard(row.list, row.hear_until, by.today)?;
    let rules = rules_of(c, row)?;
    let measures = measures(row.list, body.measures.as_deref(), &rules)?;
    let until = valid_to(by.today, body.valid_to, &rules)?;
    let after = ListingRow { measures: Json(json!(measures)), valid_to: Some(until), ..decided };
    save(c, row, after, ("listing.decided", json!({ "measures": measures, "valid_to": until })), by)
}

/// 公布: frozen with its hash, and open to the organisation's objection.
pub fn publish(c: &mut Conn, row: &ListingRow, body: &PublishListingIn, by: &By) -> Result<ListingRow> {
    let status = step(row, ListingStep::Publish, by)?;
    let (rules, calendar) = (rules_of(c, row)?, calendar_of(c, row, by)?);
    let object_until = object_until(row.list, &calendar, by.today, &rules);
    let from = active_from(by.today, object_until, row.valid_to)?;
    let after =
        ListingRow { status, published_on: Some(by.today), object_until, active_from: Some(from), ..row.clone() };
    let frozen = frozen::freeze(&proof_path(row), &snapshot(&after, body, &rules)?)?;
    let data = json!({ "content_hash": frozen.content_hash, "object_until": object_until, "active_from": from,
        "valid_to": row.valid_to });
    let after = ListingRow { document: Some(frozen.document), content_hash: Some(frozen.content_hash), ..after };
    save(c, row, after, ("listing.published", data), by)
}

fn proof_path(row: &ListingRow) -> String {
    format!("/v1/public/listings/{}/proof", row.id)
}

fn snapshot(row: &ListingRow, body: &PublishListingIn, rules: &ListRules) -> Result<PublicSnapshot> {
    let ground = rules.grounds.get(&row.ground_code).ok_or(&GROUND_UNKNOWN)?;
    let (Some(decided_on), Some(published_on), Some(valid_to)) = (row.decided_on, row.published_on, row.valid_to)
    else {
        return Err((&VALIDITY_SHORT).into());
    };
    Ok(PublicSnapshot {
        listing_id: row.id,
        area_code: row.area_code.clone(),
        organisation_id: row.organisation_id,
        organisation_name: row.organisation_name.clone(),
        organisation_kind: row.organisation_kind,
        list: row.list,
        ground: GroundTold { code: row.ground_code.clone(), zh: ground.zh.clone(), en: ground.en.clone() },
        reason: body.public_reason.clone(),
        decision_no: body.decision_no.clone(),
        measures: row.measures().into_iter().map(Into::into).collect(),
        decided_on,
        published_on,
        object_until: row.object_until,
        valid_to,
    })
}

/// 信用修复: corrected, and long enough ago.
pub fn repair(c: &mut Conn, row: &ListingRow, body: &RepairListingIn, by: &By) -> Result<ListingRow> {
    let status = step(row, ListingStep::Repair, by)?;
    let rules = rules_of(c, row)?;
    may_repair(row.list, row.published_on, body.corrected_on, by.today, &rules)?;
    repairs::granted(c, row.id, &body.correction, by)?;
    let after = ListingRow { status, ..ended(row, &body.correction, by) };
    save(c, row, after, ("listing.repaired", json!({ "corrected_on": body.corrected_on })), by)
}

/// 撤销: what should not have been published.
pub fn revoke(c: &mut Conn, row: &ListingRow, body: &ListingReasonIn, by: &By) -> Result<ListingRow> {
    let status = step(row, ListingStep::Revoke, by)?;
    let after = ListingRow { status, ..ended(row, &body.reason, by) };
    save(c, row, after, ("listing.revoked", json!({})), by)
}

/// 撤回, by who proposed it, before it is decided.
pub fn withdraw(c: &mut Conn, row: &ListingRow, body: &ListingReasonIn, by: &By) -> Result<ListingRow> {
    let status = step(row, ListingStep::Withdraw, by)?;
    check_own(row.proposed_by.0, by.actor)?;
    let after = ListingRow { status, end_reason: Some(body.reason.clone()), ..row.clone() };
    save(c, row, after, ("listing.withdrawn", json!({})), by)
}

pub fn ended(row: &ListingRow, reason: &str, by: &By) -> ListingRow {
    ListingRow { ended_on: Some(by.today), end_reason: Some(reason.to_owned()), ..row.clone() }
}

//! The steps of an appointment, each one transaction: the edge, what it asks for, the row, the history, the role.

use chrono::NaiveDate;
use platform::auth::{Grant, Role, Visible};
use platform::db::{Conn, Json};
use platform::history::ActorId;
use platform::publicity::{self, DAYS, Days, NewPublicity, PublicityRow};
use platform::rule_sets;
use platform::{Error, Result};
use serde_json::json;

use super::appointments::{self as rows, AppointmentRow};
use super::facts::{self, Asked, Gathered};
use super::grants::{self, Seat};
use super::{By, lock_person, may_hand_on, terms};
use crate::appointments::dto::{
    AppointmentEndReason, AppointmentId, AppointmentIn, AppointmentRoute, AppointmentState, CheckOut,
    CrossAppointmentIn, HomeConsentIn, PostId, PostingIn, RenewalIn, Status,
};
use crate::appointments::rules::guards::{self, Answer, Decider};
use crate::appointments::rules::states::{Need, Who};
use crate::appointments::rules::{self, states};
use crate::people::PersonId;

/// 公示种类, by which a rule set may give its own number of days.
pub const POSTING: &str = "cross_appointment";
const ENTITY: &str = "appointment";

/// Records an ordinary appointment, or proposes one across organisations; every guard passes already here.
pub fn record(c: &mut Conn, visible: &Visible, new: &AppointmentIn, by: &By) -> Result<AppointmentRow> {
    let AppointmentIn { person_id, post_id, route, legal_basis, term_from, term_to, carry_over } = new.clone();
    let asked = asked((person_id, post_id), (None, None), (route, term_from, term_to), by);
    begin(c, visible, asked, legal_basis, carry_over, by)
}

pub fn propose(c: &mut Conn, visible: &Visible, new: &CrossAppointmentIn, by: &By) -> Result<AppointmentRow> {
    let CrossAppointmentIn {
        person_id,
        post_id,
        home_appointment_id,
        route,
        legal_basis,
        term_from,
        term_to,
        carry_over,
    } = new.clone();
    let home = (Some(home_appointment_id), None);
    let asked = asked((person_id, post_id), home, (route, term_from, Some(term_to)), by);
    begin(c, visible, asked, legal_basis, carry_over, by)
}

/// 续任: a new appointment, which goes the same way, for the term that begins when this one ends.
pub fn renew(
    c: &mut Conn,
    row: &AppointmentRow,
    visible: &Visible,
    new: &RenewalIn,
    by: &By,
) -> Result<AppointmentRow> {
    let from = match (row.state(by.today), row.last_day) {
        (AppointmentState::Expiring, Some(last)) => last + chrono::Duration::days(1),
        // Who has stayed on begins anew today.
        (AppointmentState::CarryOver, _) => by.today,
        _ => return Err((&rules::NOT_RENEWABLE).into()),
    };
    let home = (row.home_appointment_id, Some(row.id));
    let asked = asked((row.person_id, row.post_id), home, (row.route, from, Some(new.term_to)), by);
    begin(c, visible, asked, new.legal_basis.clone(), new.carry_over, by)
}

fn asked(
    (person, post): (PersonId, PostId),
    (home, renews): (Option<AppointmentId>, Option<AppointmentId>),
    (route, from, to): (AppointmentRoute, NaiveDate, Option<NaiveDate>),
    by: &By,
) -> Asked {
    let (rules_of, today) = (by.today, by.today);
    Asked { person, post, own: None, home, renews, route, from, to, decider: None, rules_of, today }
}

fn begin(
    c: &mut Conn,
    visible: &Visible,
    asked: Asked,
    legal_basis: String,
    carry_over: bool,
    by: &By,
) -> Result<AppointmentRow> {
    lock_person(c, asked.person)?;
    let found = facts::gather(c, visible, &asked)?;
    guards::all_pass(&found.facts)?;
    let cross = asked.home.is_some();
    let row = AppointmentRow {
        id: AppointmentId::fresh(),
        person_id: asked.person,
        post_id: asked.post,
        area_code: found.post.area_code.clone(),
        single_holder: found.post.single_holder,
        route: asked.route,
        direction: found.facts.direction(),
        home_appointment_id: asked.home,
        home_organisation_id: found.home.map(|(organisation, _)| organisation),
        renews_id: asked.renews,
        legal_basis,
        term_from: asked.from,
        term_to: asked.to,
        last_day: last_day(asked.to, &found),
        carry_over,
        status: if cross { Status::Proposed } else { Status::Recorded },
        publicity_id: None,
        rule_set_id: found.rule_set_id,
        checks: None,
        proposed_by: ActorId(by.actor.unwrap_or_default()),
        consented_by: None,
        consented_at: None,
        decided_by: None,
        decided_at: None,
        note: None,
        ended_on: None,
        end_reason: None,
        grant_id: None,
        version: 1,
        created_at: by.at,
        updated_at: by.at,
    };
    let event = if cross { "appointment.proposed" } else { "appointment.recorded" };
    rows::insert_row(c, &row, event, by)?;
    Ok(row)
}

/// 同日终止: the last day is that of the base post where that comes first.
fn last_day(term_to: Option<NaiveDate>, found: &Gathered) -> Option<NaiveDate> {
    let of_base = found.home.and_then(|(_, last)| last);
    term_to.into_iter().chain(of_base).min()
}

/// 原单位意见. Without its consent the proposal is over. The appointee does not speak for the organisation.
pub fn consent(c: &mut Conn, row: &AppointmentRow, body: &HomeConsentIn, by: &By) -> Result<AppointmentRow> {
    let to = if body.consents { Status::HomeConsented } else { Status::Rejected };
    let edge = states::step(row.status, to, row.is_cross(), &[])?;
    if edge.who != Who::Home {
        return Err((&rules::WRONG_STATE).into());
    }
    not_the_appointee(c, row, by)?;
    let mut after = AppointmentRow { status: to, note: Some(body.note.clone()), ..row.clone() };
    let event = if body.consents {
        (after.consented_by, after.consented_at) = (by.actor.map(ActorId), Some(by.at));
        "appointment.consented"
    } else {
        (after.decided_by, after.decided_at) = (by.actor.map(ActorId), Some(by.at));
        "appointment.rejected"
    };
    rows::save(c, row, after, event, json!({ "by_home": true }), by)
}

fn not_the_appointee(c: &mut Conn, row: &AppointmentRow, by: &By) -> Result<()> {
    let person = crate::people::facts(c, row.person_id)?;
    let own = by.actor.is_some() && person.and_then(|person| person.account_id) == by.actor;
    if own { Err((&rules::OWN_APPOINTMENT).into()) } else { Ok(()) }
}

/// 审查: every guard's answer, kept with the appointment.
pub fn check(c: &mut Conn, row: &AppointmentRow, roles: &[Role], by: &By) -> Result<AppointmentRow> {
    states::step(row.status, Status::Checked, row.is_cross(), roles)?;
    let found = facts::gather(c, &Visible::everything(), &Asked::about(row, None, by.today))?;
    let answers = guards::all_pass(&found.facts)?;
    let checks = kept(&found, &answers)?;
    let after = AppointmentRow { status: Status::Checked, checks: Some(checks), ..row.clone() };
    rows::save(c, row, after, "appointment.checked", json!({ "guards": answers.len() }), by)
}

fn kept(found: &Gathered, answers: &[Answer]) -> Result<Json> {
    let out = CheckOut::of(found.facts.direction(), answers);
    serde_json::to_value(out).map(Json).map_err(Error::internal)
}

/// 公示, or 更正重发 where it is posted already: the snapshot says who is to hold what, and nothing else about the person.
pub fn post(c: &mut Conn, row: &AppointmentRow, roles: &[Role], body: &PostingIn, by: &By) -> Result<AppointmentRow> {
    states::step(row.status, Status::Publicity, row.is_cross(), roles)?;
    let found = facts::gather(c, &Visible::everything(), &Asked::about(row, None, by.today))?;
    let area = row.area_code.parse().map_err(|e: String| Error::internal(e))?;
    let (rule_set_id, days): (_, Days) = rule_sets::in_force(c, &[&DAYS], &area, by.today)?.get(&DAYS)?;
    let home = match row.home_organisation_id {
        Some(id) => crate::organisations::get(c, id)?.map(|organisation| organisation.name),
        None => None,
    };
    let new = NewPublicity {
        kind: POSTING,
        entity: ENTITY,
        entity_id: row.id.to_string(),
        area_code: row.area_code.clone(),
        title: format!("{} {} 拟任人选公示", found.organisation_name, found.post.title),
        snapshot: json!({
            "person": found.person_name, "organisation": found.organisation_name, "post": found.post.title,
            "home_organisation": home, "direction": row.direction, "route": row.route, "legal_basis": row.legal_basis,
            "term_from": row.term_from, "term_to": row.term_to,
        }),
        places: body.places.iter().map(|place| place.0.clone()).collect(),
        evidence: body.evidence.clone(),
        closes_on: body.closes_on,
        rule_set_id,
        min_days: days.of(POSTING),
    };
    let posted = match (open_posting(c, row)?, &body.correction) {
        (Some(before), Some(reason)) => publicity::supersede(c, &before, new, reason, by)?,
        (Some(_), None) => return Err(rules::REPOST_REASON.at("/correction")),
        (None, _) => publicity::open(c, new, by)?,
    };
    let after = AppointmentRow { status: Status::Publicity, publicity_id: Some(posted.id), ..row.clone() };
    let data = json!({ "publicity_id": posted.id, "closes_on": posted.closes_on });
    rows::save(c, row, after, "appointment.posted", data, by)
}

fn open_posting(c: &mut Conn, row: &AppointmentRow) -> Result<Option<PublicityRow>> {
    publicity::open_of(c, POSTING, ENTITY, &row.id.to_string())
}

/// 批准 of a cross-appointment, 生效 of an ordinary one. Every guard passes once more, and the decider is neither the
/// appointee nor the proposer, but that a hiring is the employer's own act. A posting is over first, without an upheld
/// objection.
pub fn decide(
    c: &mut Conn,
    row: &AppointmentRow,
    cross: bool,
    own: &[Grant],
    note: &str,
    by: &By,
) -> Result<AppointmentRow> {
    match (cross, row.is_cross()) {
        (true, false) => return Err((&rules::CROSS_ONLY).into()),
        (false, true) => return Err((&rules::ORDINARY_ONLY).into()),
        _ => {}
    }
    let roles: Vec<Role> = own.iter().map(|grant| grant.role).collect();
    let edge = states::step(row.status, Status::Active, cross, &roles)?;
    let posting = row.publicity_id.filter(|_| edge.need == Need::PostingOver);
    let may_be_proposer = !cross && row.route == AppointmentRoute::Hired;
    let after = put_in_office(c, row, own, note, may_be_proposer, by)?;
    if let Some(id) = posting {
        let posting = publicity::get(c, id)?;
        if publicity::close(c, &posting, by)?.upheld > 0 {
            return Err((&rules::OBJECTION_UPHELD).into());
        }
    }
    Ok(after)
}

fn put_in_office(
    c: &mut Conn,
    row: &AppointmentRow,
    own: &[Grant],
    note: &str,
    may_be_proposer: bool,
    by: &By,
) -> Result<AppointmentRow> {
    lock_person(c, row.person_id)?;
    terms::settle_post(c, row.post_id, by)?;
    let account = by.actor.unwrap_or_default();
    let decider = Decider { account, proposed_by: row.proposed_by.0, may_be_proposer };
    let found = facts::gather(c, &Visible::everything(), &Asked::about(row, Some(decider), by.today))?;
    let answers = guards::all_pass(&found.facts)?;
    may_hand_on(own, found.post.role)?;
    let starts = row.term_from <= by.today;
    if starts {
        terms::make_room(c, row, by)?;
    }
    terms::renewed(c, row, by)?;
    let mut after = AppointmentRow {
        status: if starts { Status::Active } else { Status::Approved },
        last_day: last_day(row.term_to, &found),
        checks: Some(kept(&found, &answers)?),
        decided_by: by.actor.map(ActorId),
        decided_at: Some(by.at),
        note: Some(note.to_owned()),
        ..row.clone()
    };
    let seat = Seat {
        post: &found.post,
        organisation_kind: found.organisation_kind,
        organisation_area: &found.organisation_area,
    };
    after.grant_id = grants::grant_for(c, &after, &seat, found.account, by)?;
    let event = if row.is_cross() { "appointment.approved" } else { "appointment.activated" };
    let data = json!({ "role": found.post.role, "grant_id": after.grant_id, "last_day": after.last_day });
    let after = rows::save(c, row, after, event, data, by)?;
    terms::carry_dependents(c, &after, by)?;
    Ok(after)
}

/// 驳回 or 撤回: what is posted is taken down.
pub fn give_up(
    c: &mut Conn,
    row: &AppointmentRow,
    to: Status,
    roles: &[Role],
    note: &str,
    by: &By,
) -> Result<AppointmentRow> {
    let edge = states::step(row.status, to, row.is_cross(), roles)?;
    if edge.who == Who::Home {
        // What the home organisation says, it says by its consent.
        return Err((&rules::WRONG_STATE).into());
    }
    if to == Status::Withdrawn && by.actor != Some(row.proposed_by.0) {
        return Err((&rules::NOT_THE_PROPOSER).into());
    }
    if to == Status::Rejected {
        not_the_appointee(c, row, by)?;
    }
    drop_pending(c, row, to, note, by)
}

/// The end of what never came into office, whoever or whatever ends it.
pub fn drop_pending(c: &mut Conn, row: &AppointmentRow, to: Status, note: &str, by: &By) -> Result<AppointmentRow> {
    if let Some(posting) = open_posting(c, row)? {
        publicity::withdraw(c, &posting, note, by)?;
    }
    let after = AppointmentRow {
        status: to,
        decided_by: by.actor.map(ActorId),
        decided_at: Some(by.at),
        note: Some(note.to_owned()),
        ..row.clone()
    };
    let event = if to == Status::Withdrawn { "appointment.withdrawn" } else { "appointment.rejected" };
    rows::save(c, row, after, event, json!({}), by)
}

/// 终止 by somebody who may: not in the future, not before it began.
pub fn end(
    c: &mut Conn,
    row: &AppointmentRow,
    roles: &[Role],
    (on, why, note): (NaiveDate, AppointmentEndReason, &str),
    by: &By,
) -> Result<AppointmentRow> {
    states::step(row.status, Status::Ended, row.is_cross(), roles)?;
    not_the_appointee_unless_resigning(c, row, why, by)?;
    if on > by.today {
        return Err(rules::IN_THE_FUTURE.at("/on"));
    }
    if on < row.term_from && row.term_from <= by.today {
        return Err(rules::BEFORE_IT_BEGAN.at("/on"));
    }
    terms::end(c, row, on, why, Some(note), by)
}

fn not_the_appointee_unless_resigning(
    c: &mut Conn,
    row: &AppointmentRow,
    why: AppointmentEndReason,
    by: &By,
) -> Result<()> {
    if why == AppointmentEndReason::Resigned { Ok(()) } else { not_the_appointee(c, row, by) }
}

/// Whoever holds a post that closes leaves it, and whoever was on the way to it goes no further.
pub fn end_all_of_post(c: &mut Conn, post: PostId, on: NaiveDate, why: AppointmentEndReason, by: &By) -> Result<()> {
    for row in rows::open_in_post(c, post)? {
        terms::finish(c, &row, on, why, by)?;
    }
    Ok(())
}

//! Who may hold what: each guard is a question to the facts, answered with what it used. The same answers stand behind the
//! check endpoint, behind the step to `checked` and, once more, behind the approval.

use chrono::{Datelike, NaiveDate};
use platform::{Error, Problem};
use serde_json::{Value, json};

pub use super::facts::*;
use super::*;
use crate::appointments::dto::{AppointmentRoute, AppointmentState, PostDuty, SeatKind};
use crate::organisations::{OrgKind, OrganisationId};

/// One guard's answer.
#[derive(Debug)]
pub struct Answer {
    pub problem: &'static Problem,
    /// Where the rule comes from.
    pub source: &'static str,
    pub passed: bool,
    /// A warning never stands in the way.
    pub blocking: bool,
    pub facts: Value,
    /// The member of the body that is at fault.
    pub at: &'static str,
}

const LOCAL: &str = "本地规则 · local rule";

fn answer(problem: &'static Problem, source: &'static str, at: &'static str, passed: bool, facts: Value) -> Answer {
    Answer { problem, source, passed, blocking: true, facts, at }
}

/// Every guard, in the order in which they are answered.
pub fn answers(facts: &Facts) -> Vec<Answer> {
    let mut answers = vec![
        post_open(facts),
        person_open(facts),
        elected_only(facts),
        route(facts),
        election(facts),
        term_order(facts),
        term_length(facts),
        seat_free(facts),
        duplicate(facts),
        party_member(facts),
        owner(facts),
        residence(facts),
        company_conflict(facts),
        both_duties(facts),
        branch_officer(facts),
    ];
    if facts.wish.home.is_some() {
        answers.extend([home_post(facts), direction(facts)]);
    }
    if let Some(decider) = facts.decider {
        answers.extend([own_appointment(facts, decider), own_proposal(decider)]);
    }
    answers
}

/// The first blocking guard that fails, as the error of whoever goes on regardless.
pub fn all_pass(facts: &Facts) -> Result<Vec<Answer>, Error> {
    let answers = answers(facts);
    match answers.iter().find(|answer| answer.blocking && !answer.passed) {
        None => Ok(answers),
        Some(failed) if failed.at.is_empty() => Err(failed.problem.into()),
        Some(failed) => Err(failed.problem.at(failed.at)),
    }
}

fn post_open(facts: &Facts) -> Answer {
    let post = &facts.post;
    let used = json!({ "post_closed": post.closed, "organisation_ended": post.organisation_ended });
    let problem = if post.organisation_ended { &ORGANISATION_ENDED } else { &POST_CLOSED };
    answer(problem, LOCAL, "", !post.closed && !post.organisation_ended, used)
}

fn person_open(facts: &Facts) -> Answer {
    answer(&PERSON_CLOSED, LOCAL, "/person_id", !facts.person.closed, json!({ "closed": facts.person.closed }))
}

/// An elected seat cannot be filled by appointment (domain B4 `x.conflict`).
fn elected_only(facts: &Facts) -> Answer {
    let only = facts.post.routes == [AppointmentRoute::Elected];
    let used = json!({ "routes": facts.post.routes, "route": facts.wish.route });
    answer(&ELECTED_ONLY, "物业管理条例 16", "/route", !only || facts.wish.route == AppointmentRoute::Elected, used)
}

fn route(facts: &Facts) -> Answer {
    // What an elected seat asks for is said above.
    let only = facts.post.routes == [AppointmentRoute::Elected];
    let used = json!({ "routes": facts.post.routes, "route": facts.wish.route });
    answer(&ROUTE_NOT_ALLOWED, LOCAL, "/route", only || facts.post.routes.contains(&facts.wish.route), used)
}

fn election(facts: &Facts) -> Answer {
    let asked = facts.wish.route == AppointmentRoute::Elected;
    let used = json!({ "elected_route": asked, "record": facts.person.elected });
    answer(&NO_ELECTION, "物业管理条例 15、16", "/route", !asked || facts.person.elected, used)
}

fn term_order(facts: &Facts) -> Answer {
    let Wish { from, to, route, .. } = &facts.wish;
    let used = json!({ "term_from": from, "term_to": to });
    match to {
        None => answer(&TERM_MISSING, LOCAL, "/term_to", *route == AppointmentRoute::Hired, used),
        Some(to) => answer(&TERM_ORDER, LOCAL, "/term_to", to > from, used),
    }
}

/// The last day of a term of so many years that begins on `from`.
pub fn last_of_years(from: NaiveDate, years: i32) -> NaiveDate {
    let end = from
        .with_year(from.year() + years)
        .or_else(|| (from - chrono::Duration::days(1)).with_year(from.year() + years));
    // 29 February has no day of its own in most years: the term then ends on the 28th.
    match end {
        Some(end) if end.day() == from.day() => end - chrono::Duration::days(1),
        Some(end) => end,
        None => from,
    }
}

fn term_length(facts: &Facts) -> Answer {
    let years = facts.post.max_term_years.min(facts.eligibility.max_term_years);
    let latest = last_of_years(facts.wish.from, years);
    let used = json!({ "max_years": years, "latest": latest, "term_to": facts.wish.to });
    let passed = facts.wish.to.is_none_or(|to| to <= latest);
    answer(&TERM_TOO_LONG, "建房〔2009〕274号 32", "/term_to", passed, used)
}

/// Whether a holder's time and the wished one have a day in common.
fn overlaps(held: &Held, wish: &Wish) -> bool {
    let begins_before_our_end = wish.to.is_none_or(|to| held.from <= to);
    let ends_after_our_start = held.last_day.is_none_or(|last| last >= wish.from);
    begins_before_our_end && ends_after_our_start
}

/// 单人席位: one holder at a time. Who stays on after the term makes room for the successor.
fn seat_free(facts: &Facts) -> Answer {
    let in_the_way = |held: &&Held| {
        let standing = held.state.is_in_office() || held.state == AppointmentState::Approved;
        let is_self = Some(held.id) == facts.wish.own || Some(held.id) == facts.wish.renews;
        held.same_post
            && standing
            && held.state != AppointmentState::CarryOver
            && !is_self
            && overlaps(held, &facts.wish)
    };
    let holder = facts.held.iter().find(in_the_way);
    let used = json!({ "single_holder": facts.post.exclusive, "held_by": holder.map(|held| held.id) });
    answer(&SEAT_TAKEN, LOCAL, "/post_id", !facts.post.exclusive || holder.is_none(), used)
}

fn duplicate(facts: &Facts) -> Answer {
    let again = |held: &&Held| {
        let open = matches!(
            held.state,
            AppointmentState::Proposed
                | AppointmentState::HomeConsented
                | AppointmentState::Checked
                | AppointmentState::Publicity
                | AppointmentState::Recorded
        );
        let renewed = Some(held.id) == facts.wish.renews;
        let standing = held.state.is_in_office() || held.state == AppointmentState::Approved;
        held.same_post && !renewed && (open || (standing && overlaps(held, &facts.wish)))
    };
    let other = facts.others().find(again);
    answer(&DUPLICATE, LOCAL, "/person_id", other.is_none(), json!({ "other": other.map(|held| held.id) }))
}

fn party_member(facts: &Facts) -> Answer {
    let by_direction = facts.found_direction().is_some_and(|direction| direction.party_member);
    let required = facts.post.needs_party || by_direction;
    let used = json!({ "by_post": facts.post.needs_party, "by_direction": by_direction });
    answer(&PARTY_MEMBER, "中国共产党支部工作条例", "/person_id", !required || facts.person.party_member, used)
}

fn owner(facts: &Facts) -> Answer {
    let waived = facts.post.place.kind == OrgKind::OwnersCommittee && !facts.eligibility.committee_needs_owner;
    let required = facts.post.needs_owner && !waived;
    let used = json!({ "required": required, "owns": facts.person.owns });
    answer(&NOT_AN_OWNER, "物业管理条例 16", "/person_id", !required || facts.person.owns, used)
}

fn residence(facts: &Facts) -> Answer {
    let required = facts.post.needs_residence;
    let used = json!({ "required": required, "lives": facts.person.lives, "area": facts.post.place.area });
    answer(&NOT_A_RESIDENT, LOCAL, "/person_id", !required || facts.person.lives, used)
}

/// 利益冲突: nobody sits on the committee of a compound who works for, owns, supplies or is close kin in the company that
/// serves it. Employment is known from the company's own posts, the rest from declarations.
fn company_conflict(facts: &Facts) -> Answer {
    let with_suppliers = facts.eligibility.conflict_with_suppliers;
    let concerned: Vec<OrganisationId> = facts
        .post
        .serving
        .iter()
        .copied()
        .chain(facts.post.suppliers.iter().copied().filter(|_| with_suppliers))
        .collect();
    let employed = facts.others().find(|held| {
        let counts = held.state.is_in_office() || held.state == AppointmentState::Approved;
        counts && concerned.contains(&held.place.organisation)
    });
    // The other way round: whoever sits on the committee of a compound does not enter the company that serves it.
    let sits = facts.others().find(|held| {
        let committee = matches!(held.place.kind, OrgKind::OwnersCommittee | OrgKind::SelfManagementCommittee);
        let counts = held.state.is_in_office() || held.state == AppointmentState::Approved;
        committee && counts && held.serving == Some(facts.post.place.organisation)
    });
    let declared = facts.person.interests.iter().find(|(organisation, _)| concerned.contains(organisation));
    let used = json!({
        "serving_companies": facts.post.serving, "suppliers": facts.post.suppliers.len(),
        "employed_at": employed.map(|held| held.place.organisation), "employment": employed.map(|held| held.id),
        "committee_seat": sits.map(|held| held.id), "declared_at": declared.map(|(organisation, _)| organisation), "relation": declared.map(|(_, relation)| relation),
    });
    let passed = sits.is_none() && (!facts.is_committee() || (employed.is_none() && declared.is_none()));
    answer(&COMPANY_CONFLICT, "北京市物业管理条例 39(4);杭州市物业管理条例 25(4)", "/person_id", passed, used)
}

/// Which company somebody supervises or assesses in a post. A committee supervises the company that serves its compound.
fn duties(
    duty: PostDuty,
    regarding: Option<OrganisationId>,
    kind: OrgKind,
    serving: &[OrganisationId],
) -> Vec<(PostDuty, OrganisationId)> {
    let by_post = regarding.filter(|_| duty != PostDuty::None).map(|company| (duty, company));
    let committee = matches!(kind, OrgKind::OwnersCommittee | OrgKind::SelfManagementCommittee);
    let by_seat = serving.iter().filter(|_| committee).map(|company| (PostDuty::Supervision, *company));
    by_post.into_iter().chain(by_seat).collect()
}

/// 监督与考评分离 (domain B0, B4).
fn both_duties(facts: &Facts) -> Answer {
    let post = &facts.post;
    let new = duties(post.duty, post.regarding, post.place.kind, &post.serving);
    let clash = facts.others().find(|held| {
        let standing = held.state.is_in_office() || held.state == AppointmentState::Approved;
        let theirs = duties(held.duty, held.regarding, held.place.kind, held.serving.as_slice());
        standing && theirs.iter().any(|(duty, of)| new.iter().any(|(other, company)| company == of && other != duty))
    });
    let used = json!({ "duties": new.iter().map(|(duty, of)| json!({ "duty": duty, "company": of })).collect::<Vec<_>>(),
        "against": clash.map(|held| held.id) });
    answer(&BOTH_DUTIES, "职责分离 · separation of duties", "/person_id", clash.is_none(), used)
}

/// 站长宜由支部委员兼任: a warning, not a bar (domain B2).
fn branch_officer(facts: &Facts) -> Answer {
    let place = &facts.post.place;
    let asked = place.kind == OrgKind::RedServiceStation && place.seat == SeatKind::Head;
    let officer = facts.others().find(|held| {
        let seat = matches!(
            held.place.seat,
            SeatKind::Secretary
                | SeatKind::DeputySecretary
                | SeatKind::CommitteeMember
                | SeatKind::GeneralBranchSecretary
        );
        held.state.is_in_office() && held.place.kind == OrgKind::PartyOrg && seat
    });
    let used = json!({ "station_head": asked, "branch_post": officer.map(|held| held.id) });
    Answer { blocking: false, ..answer(&NOT_A_BRANCH_OFFICER, LOCAL, "/person_id", !asked || officer.is_some(), used) }
}

fn home_post(facts: &Facts) -> Answer {
    let home = facts.home();
    let elsewhere = home.is_some_and(|home| home.place.organisation != facts.post.place.organisation);
    let holds = home.is_some_and(|home| home.state.is_in_office() || home.state == AppointmentState::Approved);
    let used =
        json!({ "home": home.map(|home| home.id), "state": home.map(|home| home.state), "elsewhere": elsewhere });
    answer(&HOME_POST, LOCAL, "/home_appointment_id", elsewhere && holds, used)
}

fn direction(facts: &Facts) -> Answer {
    let found = facts.direction();
    let from = facts.home().map(|home| json!({ "org": home.place.kind, "seat": home.place.seat }));
    let to = json!({ "org": facts.post.place.kind, "seat": facts.post.place.seat });
    let used = json!({ "direction": found, "from": from, "to": to });
    answer(&NO_DIRECTION, LOCAL, "/home_appointment_id", found.is_some(), used)
}

/// 回避: the appointee decides nothing about their own appointment.
fn own_appointment(facts: &Facts, decider: Decider) -> Answer {
    let own = facts.person.account == Some(decider.account);
    answer(&OWN_APPOINTMENT, "职责分离 · separation of duties", "", !own, json!({ "own": own }))
}

fn own_proposal(decider: Decider) -> Answer {
    let own = decider.proposed_by == decider.account;
    let used = json!({ "own": own });
    answer(&OWN_PROPOSAL, "职责分离 · separation of duties", "", !own || decider.may_be_proposer, used)
}

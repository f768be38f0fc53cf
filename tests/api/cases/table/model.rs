//! What a call must be answered with, by the table of edges that the server publishes and by who stands where.

use delivery::cases::dto::{CaseOut, EdgeOut, HoldOut, HoldsOut, Status, StepsOut, Tier};
use delivery::cases::{State, Step};

use super::Stage;
use super::calls::{Act, Who};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    Taken,
    /// The status, and the codes of which one is told.
    Refused(u16, Vec<&'static str>),
}

/// A case as it stood after the last call, and what else decides about the next.
pub struct Known {
    pub case: CaseOut,
    pub hold: Option<HoldOut>,
    /// The state that a merge set aside.
    pub prior: Option<Status>,
    /// Who has returned it.
    returned: Vec<Who>,
    handler: Option<Who>,
    responsible: Option<Who>,
    /// Attempts in this round.
    pub unreached: i32,
}

/// Those who get a refusal because of who they are to the case.
const NOT_THEIRS: &[&str] =
    &["cases.not_your_tier", "cases.not_handler", "cases.not_reporter", "cases.not_above", "cases.handler_visits"];

fn refused(status: u16, code: &'static str) -> Expected {
    Expected::Refused(status, vec![code])
}

fn desk_of(who: Who) -> Option<Tier> {
    match who {
        Who::Branch => Some(Tier::Branch),
        Who::Worker | Who::Secretary => Some(Tier::Community),
        Who::Street => Some(Tier::Street),
        Who::District => Some(Tier::District),
        _ => None,
    }
}

/// Whether somebody with this role may make this call at all.
fn may_knock(who: Who, act: Act) -> bool {
    use Who::{Branch, Company, District, GridWorker, Secretary, Stranger, Street, Worker};
    let community = matches!(who, Secretary | Worker | Stranger);
    match act {
        Act::Cancel | Act::Feedback(_) | Act::ReopenMine => true,
        Act::Sign | Act::Return | Act::Start | Act::Finish(_) | Act::AskHold | Act::WithdrawHold => {
            community || matches!(who, Branch | Company | GridWorker)
        }
        Act::DecideHold(_) => community || matches!(who, Street | District),
        Act::Resume => community || matches!(who, Branch | Company | GridWorker | Street | District),
        Act::Verify | Act::Visit(_) => community || who == Street,
        _ => community || matches!(who, Branch | Street | District),
    }
}

impl Known {
    pub fn of(case: CaseOut) -> Self {
        Self { case, hold: None, prior: None, returned: Vec::new(), handler: None, responsible: None, unreached: 0 }
    }

    pub fn id(&self) -> String {
        self.case.id.to_string()
    }

    /// What a call is answered with.
    pub fn expected(&self, table: &StepsOut, stage: &Stage, who: Who, act: Act, stale: bool) -> Expected {
        if who == Who::Nobody {
            return refused(401, "unauthenticated");
        }
        if !may_knock(who, act) {
            return refused(403, "forbidden");
        }
        if !self.sees(who, act) {
            return refused(404, "not_found");
        }
        if stale {
            return refused(412, "version_stale");
        }
        if matches!(act, Act::DecideHold(_) | Act::WithdrawHold) && self.hold.is_none() {
            return refused(404, "not_found");
        }
        if act == Act::WithdrawHold && !self.asks_for_a_hold() {
            return refused(409, "cases.not_requested");
        }
        let Some(edge) = self.edge(table, act) else { return refused(409, "cases.wrong_state") };
        if !act.is_mine() && !edge.by.iter().any(|party| self.stands(who, party.as_str())) {
            return Expected::Refused(403, NOT_THEIRS.to_vec());
        }
        self.lacks(stage, who, act).map_or(Expected::Taken, |(status, code)| refused(status, code))
    }

    fn edge<'a>(&self, table: &'a StepsOut, act: Act) -> Option<&'a EdgeOut> {
        let mut edges = table.edges.iter().filter(|edge| Some(edge.step) == act.step());
        let edge = edges.find(|edge| edge.from.contains(&self.case.status))?;
        let reporters = edge.by.iter().any(|party| party.as_str() == "reporter");
        (!act.is_mine() || reporters).then_some(edge)
    }

    fn sees(&self, who: Who, act: Act) -> bool {
        match who {
            _ if act.is_mine() => who == Who::Resident,
            Who::Branch | Who::Worker | Who::Secretary | Who::Street | Who::District | Who::GridWorker => true,
            Who::Company => self.has_had(who),
            Who::Nobody | Who::Resident | Who::Neighbour | Who::Stranger => false,
        }
    }

    fn has_had(&self, who: Who) -> bool {
        self.handler == Some(who) || self.responsible == Some(who)
    }

    fn stands(&self, who: Who, party: &str) -> bool {
        let (own, tier) = (desk_of(who), self.case.tier);
        match party {
            "desk" => own.is_some_and(|own| own >= tier),
            "handler" => self.handler == Some(who),
            "above" => own.is_some_and(|own| own >= tier.above().unwrap_or(tier)),
            "visitor" => own.is_some_and(|own| own >= Tier::Community) && !self.has_had(who),
            "reporter" | "system" => false,
            other => panic!("a party {other}"),
        }
    }

    fn asks_for_a_hold(&self) -> bool {
        self.hold.as_ref().is_some_and(|hold| hold.status.as_str() == "requested")
    }

    /// What a step lacks beside the state and the caller.
    fn lacks(&self, stage: &Stage, who: Who, act: Act) -> Option<(u16, &'static str)> {
        let twice = self.case.returns >= 2;
        let tier = self.case.tier;
        match act {
            Act::Dispatch(_) if twice && desk_of(who).is_none_or(|own| own <= tier) && tier != Tier::District => {
                Some((422, "cases.returned_twice"))
            }
            Act::Dispatch(to) | Act::Transfer(to) if self.returned.contains(&to.handler()) => {
                Some((422, "cases.returned_before"))
            }
            Act::Return if twice => Some((422, "cases.returned_twice")),
            Act::AskHold if self.asks_for_a_hold() => Some((409, "cases.hold_open")),
            Act::DecideHold(_) if !self.asks_for_a_hold() => Some((409, "cases.not_requested")),
            Act::DecideHold(_) if self.asked(stage, who) => Some((403, "cases.own_request")),
            Act::Finish(false) => Some((422, "cases.no_evidence")),
            Act::Escalate if tier == Tier::District => Some((422, "cases.top_tier")),
            Act::Redelegate(to) if to >= tier => Some((422, "cases.bottom_tier")),
            // No walk lasts for the hours that must pass between two.
            Act::Visit("unreachable") if self.unreached > 0 => Some((422, "cases.visit_too_soon")),
            Act::MergeIntoItself => Some((422, "cases.merge_target")),
            _ => None,
        }
    }

    fn asked(&self, stage: &Stage, who: Who) -> bool {
        let account = stage.accounts.iter().find(|(of, _)| *of == who).map(|(_, account)| account.clone());
        self.hold.as_ref().map(|hold| hold.requested_by.0.to_string()) == account
    }

    /// Takes over what stands behind an act that was taken.
    pub fn learn(&mut self, stage: &Stage, after: CaseOut, holds: HoldsOut, act: Act) {
        match act {
            Act::Return => self.returned.extend(self.handler),
            Act::MergeIntoOpen => self.prior = Some(self.case.status),
            Act::Visit("unreachable") => self.unreached += 1,
            _ => {}
        }
        if after.round != self.case.round {
            self.unreached = 0;
        }
        let company = stage.desk.town.company.id;
        let person = |id: String| stage.accounts.iter().find(|(_, account)| *account == id).map(|(who, _)| *who);
        let house = |org: Option<_>, account: Option<String>| match org {
            Some(org) => Some(org == company).filter(|ours| *ours).map(|_| Who::Company),
            None => account.and_then(person),
        };
        self.handler = house(after.handler_org_id, after.handler_id.map(|id| id.0.to_string()));
        self.responsible = house(after.responsible_org_id, after.responsible_id.map(|id| id.0.to_string()));
        self.hold = holds.items.into_iter().last();
        self.case = after;
    }
}

impl Stage {
    pub fn account(&self, who: Who) -> &str {
        let account = self.accounts.iter().find(|(of, _)| *of == who);
        account.map(|(_, account)| account.as_str()).expect("somebody with an account")
    }
}

/// The step that an event tells of; `None` where the state stays by nature.
pub fn step_of(event: &str) -> Option<Step> {
    Some(match event {
        "case.accepted" => Step::Accept,
        "case.rejected" => Step::Reject,
        "case.cancelled" => Step::Cancel,
        "case.dispatched" => Step::Dispatch,
        "case.signed" => Step::Sign,
        "case.returned" => Step::Return,
        "case.started" => Step::Start,
        "case.transferred" => Step::Transfer,
        "case.suspended" => Step::Suspend,
        "case.resumed" => Step::Resume,
        "case.done" => Step::Finish,
        "case.verified" => Step::Verify,
        "case.closed" => Step::Close,
        "case.reopened" => Step::Reopen,
        "case.escalated" => Step::Escalate,
        "case.redelegated" => Step::Redelegate,
        "case.reclassified" => Step::Reclassify,
        "case.merged" => Step::Merge,
        "case.unmerged" => Step::Unmerge,
        "case.hold_requested" | "case.hold_refused" | "case.hold_withdrawn" | "case.visit_failed" => return None,
        other => panic!("an event {other}"),
    })
}

/// Asserts that a step goes along an edge, and that what stands beside the state changes with the steps that change it.
pub fn is_edge(table: &StepsOut, before: &State, after: &State, step: Option<Step>, prior: Option<Status>) {
    let what = format!("{step:?}: {before:?} -> {after:?}");
    let Some(step) = step else { return assert_eq!(before, after, "{what}") };
    let edge = table.edges.iter().find(|edge| edge.step == step && edge.from.contains(&before.status));
    let edge = edge.unwrap_or_else(|| panic!("no edge: {what}"));
    let to = if step == Step::Unmerge { prior.expect("merged before") } else { edge.to.unwrap_or(before.status) };
    assert_eq!(after.status, to, "{what}");
    match step {
        Step::Escalate => assert_eq!(Some(after.tier), before.tier.above(), "{what}"),
        Step::Redelegate => assert!(after.tier < before.tier, "{what}"),
        _ => assert_eq!(after.tier, before.tier, "{what}"),
    }
    assert_eq!(after.round, before.round + i32::from(step == Step::Reopen), "{what}");
    match step {
        Step::Finish => assert!(after.outcome.is_some(), "{what}"),
        Step::Reopen => assert_eq!(after.outcome, None, "{what}"),
        _ => assert_eq!(after.outcome, before.outcome, "{what}"),
    }
    assert_eq!(after.closed_at.is_none(), after.status.is_open(), "{what}");
}

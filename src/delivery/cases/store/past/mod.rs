//! 补录: cases that ran before this desk was opened, or elsewhere, taken over whole. They take the same steps by the same
//! table, with the same clocks, counts and chained events as if they had been taken here; only nobody is asked whether they
//! may, and what is long past is no news for the feed.

mod clocks;
mod parts;
#[cfg(test)]
mod recount_tests;
mod write;

pub use write::{Feed, write};

use platform::calendar::Calendar;
use platform::clock::date_in_shanghai;
use platform::db::{Json, Ts};
use platform::history::{ActorId, Event};
use platform::rollups::Count;
use platform::{Result, text};
use registry::identity::AccountId;
use registry::territory::dto::CompoundId;
use serde_json::{Value, json};
use uuid::Uuid;

use super::change::{ENTITY, event_of, target_of};
use super::clocks::ClockRow;
use super::comments::CommentRow;
use super::counts;
use super::draft::{REPORTED, first_data};
use super::prescribed::policy_for;
use super::referred::Source;
use super::rows::{CaseRow, DetailsRow, ReporterRow, difference, number_of};
use super::visits::VisitRow;
use crate::cases::dto::{
    CaseId, CaseKind, Channel, Identity, Outcome, Status, Tier, Visibility, VisitChannel, VisitOutcome, VisitReason,
};
use crate::cases::rules::Step;
use crate::cases::rules::params::categories::{Categories, Category};
use crate::cases::rules::params::deadlines::{Deadlines, Policy};
use parts::{AlarmRow, ExtensionRow, HoldRow, LinkRow};

pub use super::comments::StandsFor;
pub use super::targets::Handler;
pub use parts::{Ask, Cause};

/// The rules that past cases were held to: the time limits, the dictionary, and the working time of their place.
pub struct Rules {
    pub calendar: Calendar,
    pub deadlines: Deadlines,
    pub categories: Categories,
}

impl Rules {
    /// Those that every place begins with.
    pub fn standard(calendar: Calendar) -> Self {
        Self { calendar, deadlines: Deadlines::default(), categories: Categories::default() }
    }
}

/// A case as it was reported.
#[derive(Debug, Clone)]
pub struct Report {
    pub id: CaseId,
    pub area_code: String,
    pub community_code: String,
    pub grid_code: Option<String>,
    pub compound_id: Option<CompoundId>,
    pub kind: CaseKind,
    pub category: &'static str,
    pub channel: Channel,
    pub title: String,
    pub body: String,
    /// As the dictionary has it unless somebody said otherwise.
    pub identity: Option<Identity>,
    pub reporter: Option<AccountId>,
    pub at: Ts,
}

/// A case with all that happened to it.
pub struct Past<'a> {
    rules: &'a Rules,
    policy: Policy,
    pub case: CaseRow,
    details: DetailsRow,
    reporter: Option<ReporterRow>,
    clocks: Vec<ClockRow>,
    alarms: Vec<AlarmRow>,
    holds: Vec<HoldRow>,
    extensions: Vec<ExtensionRow>,
    visits: Vec<VisitRow>,
    comments: Vec<CommentRow>,
    links: Vec<LinkRow>,
    events: Vec<Event>,
    counts: Vec<Count>,
}

impl<'a> Past<'a> {
    pub fn reported(rules: &'a Rules, report: Report) -> Result<Self> {
        let category = rules.categories.find(report.kind, report.category)?;
        let mut case = row_of(&report, category);
        let policy = policy_for(&rules.deadlines, &case)?.clone();
        let mut past = Self {
            rules,
            details: details_of(&report, &policy),
            policy,
            reporter: reporter_of(&report, case.identity),
            case: case.clone(),
            clocks: Vec::new(),
            alarms: Vec::new(),
            holds: Vec::new(),
            extensions: Vec::new(),
            visits: Vec::new(),
            comments: Vec::new(),
            links: Vec::new(),
            events: Vec::new(),
            counts: Vec::new(),
        };
        case.due_at = Some(past.open(report.at)?);
        past.case = case;
        past.count(counts::of_report(past.case.channel.as_str()), report.at);
        past.tell(REPORTED, None, report.at, first_data(&past.case)?);
        Ok(past)
    }

    /// 转来: the first event names the row that it came of, and the timeline says so.
    pub fn came_of(&mut self, source: &Source) {
        if let Some(reported) = self.events.first_mut() {
            source.name_in(&mut reported.data);
        }
        self.say(StandsFor::System, source.said, (None, self.case.reported_at));
    }

    /// Takes a step, by the one table of steps; `change` sets what the step itself does not say.
    pub fn take(
        &mut self,
        step: Step,
        (by, at): (Option<AccountId>, Ts),
        extra: Value,
        change: impl FnOnce(&mut CaseRow),
    ) -> Result<()> {
        let before = self.case.clone();
        let mut after = CaseRow { status: target_of(step, &before)?, ..before.clone() };
        match step {
            Step::Accept => after.accepted_at = Some(at),
            Step::Sign => {
                (after.responsible_org_id, after.responsible_id) = (before.handler_org_id, before.handler_id);
                after.signed_at = before.signed_at.or(Some(at));
            }
            Step::Finish => after.done_at = Some(at),
            Step::Close | Step::Reject | Step::Merge => after.closed_at = Some(at),
            Step::Reopen => {
                (after.round, after.outcome) = (before.round + 1, None);
                (after.done_at, after.closed_at) = (None, None);
            }
            _ => {}
        }
        change(&mut after);
        self.case = after;
        self.follow(step, at)?;
        let against = extra.get(counts::AGAINST_COMPANY).is_some_and(|against| against == &json!(true));
        self.count(counts::of_step(&(&before).into(), &(&self.case).into(), step, against, at), at);
        self.changed(&before, event_of(step), (by, at), extra)
    }

    fn is_against_company(&self) -> bool {
        let category = self.rules.categories.find(self.case.kind, &self.case.category);
        category.is_ok_and(|category| category.against_company)
    }

    pub fn accept(&mut self, by: (Option<AccountId>, Ts)) -> Result<()> {
        let data = json!({ counts::AGAINST_COMPANY: self.is_against_company() });
        self.take(Step::Accept, by, data, |_| {})
    }

    pub fn dispatch(&mut self, to: Handler, by: (Option<AccountId>, Ts)) -> Result<()> {
        self.take(Step::Dispatch, by, json!({}), |case| *case = case.clone().given_to(to))
    }

    pub fn sign(&mut self, by: (Option<AccountId>, Ts)) -> Result<()> {
        self.take(Step::Sign, by, json!({}), |_| {})
    }

    pub fn start(&mut self, by: (Option<AccountId>, Ts)) -> Result<()> {
        self.take(Step::Start, by, json!({ "contacted": true }), |_| {})
    }

    pub fn finish(&mut self, (outcome, words): (Outcome, &str), by: (Option<AccountId>, Ts)) -> Result<()> {
        self.details.resolution = Some(words.to_owned());
        self.details.evidence_waiver = Some("补录,无照片".to_owned());
        self.take(Step::Finish, by, json!({ "waived": true }), |case| case.outcome = Some(outcome))
    }

    /// 升级, level by level up to the one named, a few minutes apart.
    pub fn raise_to(&mut self, to: Tier, (by, mut at): (Option<AccountId>, Ts)) -> Result<()> {
        const APART: i64 = 5;
        while let Some(tier) = self.case.tier.above().filter(|tier| *tier <= to) {
            self.take(Step::Escalate, (by, at), json!({ "why": "manual" }), |case| case.tier = tier)?;
            at = at.plus(chrono::Duration::minutes(APART));
        }
        Ok(())
    }

    /// 归档 of a case that the sample of visits passed over.
    pub fn close_unvisited(&mut self, at: Ts) -> Result<()> {
        self.take(Step::Close, (None, at), json!({ "sampled": false }), |_| {})
    }

    /// 回访: an attempt, and the step that follows from it where one does.
    pub fn visit(
        &mut self,
        (outcome, reason): (VisitOutcome, Option<VisitReason>),
        then: Option<Step>,
        (by, at): (Option<AccountId>, Ts),
    ) -> Result<()> {
        let attempt = self.visits.iter().filter(|visit| visit.round == self.case.round).count() + 1;
        let attempt = i32::try_from(attempt).map_err(platform::Error::internal)?;
        let visit = VisitRow {
            id: super::visits::VisitId(self.part()),
            case_id: self.case.id,
            area_code: self.case.area_code.clone(),
            round: self.case.round,
            attempt,
            channel: VisitChannel::Phone,
            outcome,
            score: None,
            reason,
            note: None,
            visitor_id: by.map(|account| ActorId(account.0)),
            at,
            lapses_at: None,
        };
        self.visits.push(visit);
        let data = json!({ "outcome": outcome, "attempt": attempt });
        match then {
            Some(step) => self.take(step, (by, at), data, |_| {}),
            None => {
                let before = self.case.clone();
                self.changed(&before, "case.visit_failed", (by, at), data)
            }
        }
    }

    /// Writes down what a change made of the case: another version, and an event with what is new.
    fn changed(
        &mut self,
        before: &CaseRow,
        event: &'static str,
        (by, at): (Option<AccountId>, Ts),
        extra: Value,
    ) -> Result<()> {
        (self.case.version, self.case.updated_at) = (before.version + 1, at);
        let mut data = json!({ "set": difference(Some(before), &self.case)? });
        if let (Some(data), Value::Object(extra)) = (data.as_object_mut(), extra) {
            data.extend(extra);
        }
        self.tell(event, by.map(|account| account.0), at, data);
        Ok(())
    }

    fn tell(&mut self, name: &'static str, actor: Option<Uuid>, at: Ts, data: Value) {
        self.events.push(Event {
            entity: ENTITY,
            entity_id: self.case.id.to_string(),
            seq: self.case.version,
            name,
            area_code: self.case.told_at().to_owned(),
            actor,
            at,
            data,
        });
    }

    fn count(&mut self, changes: Vec<counts::Change>, at: Ts) {
        self.counts.extend(counts::rows(&self.case.area_code, changes, date_in_shanghai(at)));
    }

    /// An id for the next part of the case: the case's own, with the part's number where a version 7 has its random bits.
    fn part(&self) -> Uuid {
        const FIRST_PART: usize = 64;
        let parts = self.clocks.len()
            + self.holds.len()
            + self.extensions.len()
            + self.visits.len()
            + self.comments.len()
            + self.links.len();
        let mut bytes = *self.case.id.0.as_bytes();
        if let Some(byte) = bytes.get_mut(7) {
            *byte = u8::try_from(FIRST_PART + parts).unwrap_or(u8::MAX);
        }
        Uuid::from_bytes(bytes)
    }
}

fn row_of(report: &Report, category: &Category) -> CaseRow {
    let usual = if category.against_company { Identity::Hidden } else { Identity::Open };
    CaseRow {
        id: report.id,
        number: number_of(report.id, date_in_shanghai(report.at)),
        area_code: report.area_code.clone(),
        community_code: report.community_code.clone(),
        grid_code: report.grid_code.clone(),
        compound_id: report.compound_id,
        kind: report.kind,
        category: report.category.to_owned(),
        channel: report.channel,
        urgency: category.urgency,
        title: report.title.clone(),
        status: Status::Submitted,
        tier: if report.compound_id.is_some() { Tier::Branch } else { Tier::Community },
        round: 1,
        outcome: None,
        visibility: Visibility::Public,
        identity: report.identity.unwrap_or(usual),
        handler_org_id: None,
        handler_id: None,
        responsible_org_id: None,
        responsible_id: None,
        due_at: None,
        returns: 0,
        merged_into: None,
        reported_at: report.at,
        accepted_at: None,
        signed_at: None,
        done_at: None,
        closed_at: None,
        version: 1,
        created_at: report.at,
        updated_at: report.at,
    }
}

fn details_of(report: &Report, policy: &Policy) -> DetailsRow {
    DetailsRow {
        case_id: report.id,
        body: report.body.clone(),
        search_text: text::for_search(&format!("{}{}", report.title, report.body)),
        fields: Json(json!({})),
        place: None,
        lat_e6: None,
        lon_e6: None,
        asset: None,
        category_set_id: None,
        policy_set_id: None,
        policy: Json(json!(policy)),
        resolution: None,
        evidence_waiver: None,
    }
}

fn reporter_of(report: &Report, identity: Identity) -> Option<ReporterRow> {
    let account = report.reporter.filter(|_| identity != Identity::Anonymous)?;
    Some(ReporterRow {
        case_id: report.id,
        account_id: Some(ActorId(account.0)),
        name: None,
        phone_sealed: None,
        phone_masked: None,
        created_at: report.at,
    })
}
